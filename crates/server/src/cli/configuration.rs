//! The settings: what there is, and whether what is set fits.

use bellwether_networks::Registry;
use clap::Subcommand;
use serde_json::json;

use super::Global;
use super::exit::Failure;
use super::output::Output;
use crate::config::{self, Flags};
use crate::{Config, ConfigError};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print every setting, with its default and what it is
    Reference,
    /// Say what does not fit, and where it stands
    ///
    /// Looks at the file, the environment and the flags, at files named in them and at nothing
    /// else: no server needs to run. Exit code 0: all of it fits; 2: it does not.
    Check,
}

pub(super) fn run(
    global: &Global,
    registry: &Registry,
    command: &Command,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        Command::Reference => output.raw(&config::reference()),
        Command::Check => check(global, registry, output)?,
    }
    Ok(())
}

fn check(global: &Global, registry: &Registry, output: &Output) -> Result<(), Failure> {
    let flags = Flags { data: global.data.clone(), ..Flags::default() };
    let misfits = match Config::load(global.config.as_deref(), &flags) {
        Ok(config) => {
            let mut misfits = config.unknown_services(registry);
            misfits.extend(config.unfit_files());
            misfits
        }
        Err(ConfigError::Unfit(misfits)) => misfits,
        Err(error) => return Err(error.into()),
    };
    output.show(&json!({ "items": misfits }), |_| {
        if misfits.is_empty() {
            return "The configuration fits.\n".to_owned();
        }
        misfits.iter().map(|misfit| format!("{misfit}\n")).collect()
    });
    if misfits.is_empty() { Ok(()) } else { Err(Failure::Findings { is_broken: true }) }
}
