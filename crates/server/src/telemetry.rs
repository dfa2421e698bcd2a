//! The log, on standard error.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::config::{Log, LogFormat};

struct Utc;

impl FormatTime for Utc {
    fn format_time(&self, w: &mut Writer<'_>) -> std::fmt::Result {
        write!(w, "{:.3}", jiff::Timestamp::now())
    }
}

/// Starts the log. To be called once.
pub fn start_telemetry(log: &Log) -> anyhow::Result<()> {
    // What its pool has to say of a database that goes away, we say ourselves, and once.
    let filter = EnvFilter::try_new(format!("sqlx_core::pool=error,{}", log.level))
        .map_err(|error| anyhow::anyhow!("log.level is not a filter: {error}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_timer(Utc)
        .with_target(false);
    let started = match log.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("the log cannot start: {error}"))
}
