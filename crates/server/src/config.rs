//! Configuration: defaults, then a file, then the environment, then flags.
//!
//! An unknown key is an error, wherever it stands: a setting that is silently
//! ignored is worse than one that is missing.

mod check;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bellwether_base::Secret;
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

pub use check::{Misfit, whence};

/// What an installation can set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The folder for the database, files, keys and the socket.
    pub data: PathBuf,
    /// Where the web server listens.
    pub listen: SocketAddr,
    /// How people reach it.
    pub public_url: Url,
    pub database: Database,
    pub seal: Seal,
    pub http: Http,
    pub publishing: Publishing,
    pub media: Media,
    pub log: Log,
    /// Addresses of networks' central services that are elsewhere here:
    /// `networks.bluesky.app = "https://..."`.
    pub networks: BTreeMap<String, BTreeMap<String, Url>>,
}

/// Where data is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://...`; SQLite in the data folder when absent.
    pub url: Option<Secret>,
    /// A file that holds the url.
    pub url_file: Option<PathBuf>,
    /// Connections that read (SQLite) or in all (PostgreSQL).
    pub connections: u32,
}

/// The keys for secrets at rest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// 64 hexadecimal digits; usually left to the file.
    pub key: Option<Secret>,
    /// The file with the key; made at the first start when absent.
    pub key_file: Option<PathBuf>,
    /// Files with older keys, which still open what they sealed.
    pub older_key_files: Vec<PathBuf>,
}

/// Calls to the outside.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Private ranges that may be called: `["10.0.0.0/8"]`.
    pub allow: Vec<IpNet>,
}

/// The engine.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publishing {
    /// How late a planned post may still go out: `2h`.
    #[serde(deserialize_with = "duration")]
    pub grace: Duration,
    /// How long after it is written down a request may still be begun: `5s`.
    #[serde(deserialize_with = "duration")]
    pub send_window: Duration,
    /// Requests in flight at once in one process.
    pub in_flight: usize,
}

/// Files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// Bytes that one upload may have.
    pub max_upload: u64,
}

/// The log on standard error.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `info`, or a filter such as `bellwether=debug,warn`.
    pub level: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// A setting as the reference shows it.
pub struct Setting {
    /// Its path in the file.
    pub name: &'static str,
    /// Its default, as written in the file; empty when there is none.
    pub default: &'static str,
    /// What it is.
    pub help: &'static str,
}

/// Every setting: the one place from which defaults and the reference come.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "data",
        default: "\"data\"",
        help: "The folder for the database, files, keys and the socket. Only its owner can read it.",
    },
    Setting {
        name: "listen",
        default: "\"127.0.0.1:8080\"",
        help: "Where the web server listens.",
    },
    Setting {
        name: "public_url",
        default: "\"http://127.0.0.1:8080\"",
        help: "How people reach it: links in mails and cookies follow from it.",
    },
    Setting {
        name: "database.url",
        default: "",
        help: "`postgres://user:password@host/name`. SQLite in the data folder when absent.",
    },
    Setting {
        name: "database.url_file",
        default: "",
        help: "A file that holds the url, so that the password is not in the environment.",
    },
    Setting {
        name: "database.connections",
        default: "8",
        help: "Connections that read (SQLite), or in all (PostgreSQL).",
    },
    Setting {
        name: "seal.key",
        default: "",
        help: "The key for secrets at rest: 64 hexadecimal digits. Usually left to the file.",
    },
    Setting {
        name: "seal.key_file",
        default: "",
        help: "The file with that key; `seal.key` in the data folder when absent, made at the first start.",
    },
    Setting {
        name: "seal.older_key_files",
        default: "[]",
        help: "Files with older keys, which still open what they sealed.",
    },
    Setting {
        name: "http.allow",
        default: "[]",
        help: "Private address ranges that connectors may call, such as `[\"10.0.0.0/8\"]`.",
    },
    Setting {
        name: "publishing.grace",
        default: "\"2h\"",
        help: "How late a planned post may still go out by itself.",
    },
    Setting {
        name: "publishing.send_window",
        default: "\"5s\"",
        help: "How long after it is written down a request may still be begun. A pause is certain after this time.",
    },
    Setting {
        name: "publishing.in_flight",
        default: "200",
        help: "Requests in flight at once in one process.",
    },
    Setting {
        name: "media.max_upload",
        default: "52428800",
        help: "Bytes that one uploaded file may have.",
    },
    Setting {
        name: "log.level",
        default: "\"info\"",
        help: "`error`, `warn`, `info`, `debug`, or a filter such as `bellwether=debug,warn`.",
    },
    Setting { name: "log.format", default: "\"text\"", help: "`text` or `json`." },
    Setting {
        name: "networks",
        default: "{}",
        help: "Addresses of networks' central services that are elsewhere here: `networks.bluesky.app = \"https://bsky.example\"`.",
    },
];

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Something in it does not fit.
    #[error("the configuration does not fit:{}", lines(.0))]
    Unfit(Vec<Misfit>),
    /// A file named in it cannot be read.
    #[error("cannot read {path}: {why}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

fn lines(misfits: &[Misfit]) -> String {
    misfits.iter().map(|misfit| format!("\n  {misfit}")).collect()
}

impl Config {
    /// How people reach a server that listens at `bound`. As it is set; but where it was left as it comes, at the port
    /// that the server has.
    pub(crate) fn reached_at(&self, bound: SocketAddr) -> Url {
        let is_as_it_comes = self.public_url.as_str() == "http://127.0.0.1:8080/";
        let host =
            if bound.ip().is_unspecified() { "127.0.0.1".into() } else { bound.ip().to_string() };
        let host = if bound.is_ipv6() && !bound.ip().is_unspecified() {
            format!("[{host}]")
        } else {
            host
        };
        match format!("http://{host}:{}/", bound.port()).parse() {
            Ok(own) if is_as_it_comes => own,
            _ => self.public_url.clone(),
        }
    }

    /// Reads `file` (or `bellwether.toml` where it exists), the environment
    /// (`BELLWETHER_DATABASE__URL`) and `flags`, each over the one before. An
    /// error names everything that does not fit, and where it stands.
    pub fn load(file: Option<&Path>, flags: &Flags) -> Result<Self, ConfigError> {
        check::read(file, flags)
    }

    /// The database's url.
    pub fn database_url(&self) -> Result<Secret, ConfigError> {
        if let Some(path) = &self.database.url_file {
            let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
                path: path.clone(),
                why: error.to_string(),
            })?;
            return Ok(Secret::new(text.trim()));
        }
        Ok(self.database.url.clone().unwrap_or_else(|| {
            Secret::new(format!("sqlite:{}", self.data.join("bellwether.db").display()))
        }))
    }

    /// Whether the data is in SQLite.
    pub fn is_sqlite(&self) -> bool {
        self.database.url.is_none() && self.database.url_file.is_none()
    }
}

/// What flags can set over everything else.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Flags {
    /// `--data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// `--listen`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
}

/// The defaults as a file.
fn defaults() -> String {
    SETTINGS
        .iter()
        .filter(|setting| !setting.default.is_empty())
        .map(|setting| format!("{} = {}\n", setting.name, setting.default))
        .collect()
}

/// The reference, as `docs/CONFIGURATION.md` holds it.
pub fn reference() -> String {
    let mut page = String::from(
        "# Configuration\n\n\
         Generated by `bellwether config reference`. Settings come from `bellwether.toml` in the \
         working folder (or `--config FILE`), then from the environment, then from flags; each \
         goes over the one before. In the environment a setting is `BELLWETHER_` and its name in \
         capitals, with `__` for the point: `BELLWETHER_DATABASE__URL`. An unknown setting is an \
         error, wherever it stands. `bellwether config check` names everything that does not fit, \
         and where it stands; `bellwether doctor` looks at the rest.\n\n\
         A secret need not be in the environment or in this file: `database.url_file` and \
         `seal.key_file` name files that hold one, readable by the owner alone.\n\n\
         Flags: `--data` sets `data`, `--listen` sets `listen`, `--config` names the file. \
         `BELLWETHER_SERVER` and `BELLWETHER_TOKEN` are no settings: they say whom the command \
         line asks, like `--server` and `--token-file`.\n\n\
         Durations are numbers with a unit: `90s`, `5m`, `2h`, `1h 30m`. In a variable, lists and \
         tables are written as in the file: `BELLWETHER_HTTP__ALLOW='[\"10.0.0.0/8\"]'`.\n\n\
         | setting | default | what it is |\n| --- | --- | --- |\n",
    );
    for setting in SETTINGS {
        let default = match setting.default {
            "" => "none".to_owned(),
            default => format!("`{default}`"),
        };
        page.push_str(&format!("| `{}` | {default} | {} |\n", setting.name, setting.help));
    }
    page
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse::<jiff::SignedDuration>()
        .ok()
        .and_then(|signed| Duration::try_from(signed).ok())
        .ok_or_else(|| serde::de::Error::custom("it is a duration, such as 90s, 5m or 2h"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(Some(&path), &Flags::default())
    }

    #[test]
    fn the_defaults_fit() {
        let config = load("").unwrap();
        assert!(config.is_sqlite());
        assert_eq!(config.publishing.grace, Duration::from_hours(2));
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        for text in ["colour = 1", "database.urk = \"x\"", "[http]\nallwo = []"] {
            let error = load(text).unwrap_err().to_string();
            assert!(error.contains("no such setting"), "{error}");
        }
    }

    #[test]
    fn flags_go_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, "data = \"/from/file\"").unwrap();
        let flags = Flags { data: Some("/from/flag".into()), ..Flags::default() };
        assert_eq!(Config::load(Some(&path), &flags).unwrap().data, Path::new("/from/flag"));
        assert!(Config::load(Some(&dir.path().join("none.toml")), &flags).is_err());
    }

    #[test]
    fn a_password_does_not_print() {
        let config = load("database.url = \"postgres://u:hunter2@h/d\"").unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
