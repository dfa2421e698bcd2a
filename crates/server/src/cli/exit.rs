//! How a command ends.

use std::process::ExitCode;

use serde_json::Value;

use super::starting;
use crate::ConfigError;

/// What `--help` says about it, and `docs/` repeats.
pub(super) const HELP: &str = "\
Exit codes:
  0  it worked
  1  a rule refused it, or there is a problem to look at
  2  the command line or the configuration does not fit
  3  there is no such thing
  4  not allowed
  5  things have moved on since, or somebody else has it
  6  a network refused or was not to be had
  7  the server could not be reached, or something of ours broke
`doctor` has its own: 0 all is well, 1 worth a look, 2 something does not work.";

/// The type of a problem at a network.
const NETWORK: &str = "urn:bellwether:problem:network";

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The API refused: a problem document.
    Problem(Value),
    /// It went as asked, and what came of it needs a person.
    Outcome(String),
    /// Looking over an installation found something; the findings are told
    /// already.
    Findings {
        /// Whether something does not work, and not only deserves a look.
        is_broken: bool,
    },
    /// The command line does not fit.
    Usage(String),
    /// There is no such thing.
    NotFound(String),
    /// Somebody says no: the database server, the operating system.
    Denied(String),
    /// Somebody else has it.
    Taken(String),
    /// No server answers.
    Unreachable(String),
    /// Something of ours broke.
    Internal(anyhow::Error),
}

impl Failure {
    pub fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub fn code(&self) -> u8 {
        match self {
            Self::Problem(problem) if problem["type"] == NETWORK => 6,
            Self::Problem(problem) => match problem["status"].as_u64().unwrap_or(500) {
                401 | 403 => 4,
                404 => 3,
                409 | 412 => 5,
                400..=499 => 1,
                _ => 7,
            },
            Self::Outcome(_) | Self::Findings { is_broken: false } => 1,
            Self::Usage(_) | Self::Findings { is_broken: true } => 2,
            Self::NotFound(_) => 3,
            Self::Denied(_) => 4,
            Self::Taken(_) => 5,
            Self::Unreachable(_) | Self::Internal(_) => 7,
        }
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code())
    }

    /// What happened, line by line.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Problem(problem) => {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let mut lines = vec![text(&problem["detail"])];
                if problem["status"] == 503 {
                    // The detail says only when to try again.
                    lines.insert(0, text(&problem["title"]));
                }
                // One by one, where the sentence above does not say which part is meant.
                let problems = problem["problems"].as_array().filter(|all| all.len() > 1);
                for each in problems.into_iter().flatten() {
                    let part = each["part"].as_u64();
                    let part = part.map(|part| format!("part {}: ", part + 1)).unwrap_or_default();
                    let channel = each["args"]["channel"].as_str();
                    let channel = channel.map(|handle| format!("{handle}: ")).unwrap_or_default();
                    lines.push(format!("  {channel}{part}{}", text(&each["text"])));
                }
                lines
            }
            Self::Findings { .. } => Vec::new(),
            Self::Outcome(text)
            | Self::Usage(text)
            | Self::NotFound(text)
            | Self::Denied(text)
            | Self::Taken(text)
            | Self::Unreachable(text) => vec![text.clone()],
            Self::Internal(error) => vec![format!("{error:#}")],
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(format!("{error}\n`bellwether config reference` lists every setting."))
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<ConfigError>() {
            Ok(error) => error.into(),
            Err(error) => starting::failure(&error).unwrap_or(Self::Internal(error)),
        }
    }
}
