//! Reading the configuration, and naming all of what does not fit in it.
//!
//! A value is never shown: it may be a password in the wrong place.

use std::fmt;
use std::path::Path;

use bellwether_base::SealKey;
use bellwether_networks::Registry;
use figment::error::Kind;
use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Profile, Provider as _, Source};
use serde::Serialize;
use tracing_subscriber::EnvFilter;

use super::{Config, ConfigError, Flags, defaults};

/// More than this many mistakes are not told at once.
const MOST: usize = 50;

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// Which setting; empty where it is the whole.
    pub setting: String,
    /// Where it stands: a file with its line, a variable or a flag.
    pub place: String,
    /// What is wrong, and what would fit.
    pub text: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { setting, place, text } = self;
        match (setting.is_empty(), place.is_empty()) {
            (true, true) => f.write_str(text),
            (true, false) => write!(f, "{place}: {text}"),
            (false, true) => write!(f, "{setting}: {text}"),
            (false, false) => write!(f, "{setting} ({place}): {text}"),
        }
    }
}

/// Reads everything, or names everything that does not fit.
pub(super) fn read(file: Option<&Path>, flags: &Flags) -> Result<Config, ConfigError> {
    let figment = sources(file, flags)?;
    let whole = |error: figment::Error| ConfigError::Unfit(vec![malformed(&figment, &error)]);
    let mut data = figment.data().map_err(whole)?;
    let mut settings = data.remove(&Profile::Default).unwrap_or_default();
    let mut misfits = Vec::new();
    while misfits.len() < MOST {
        match Value::from(settings.clone()).deserialize::<Config>() {
            Ok(config) => {
                misfits.extend(config.contradictions(&figment));
                return if misfits.is_empty() {
                    Ok(config)
                } else {
                    Err(ConfigError::Unfit(misfits))
                };
            }
            Err(error) => {
                let path = path(&error);
                // Of an item of a list, the list.
                let whole = Value::from(settings.clone());
                let mut depths = (1..=path.len()).rev().map(|depth| &path[..depth]);
                let place = depths
                    .find_map(|path| Some(place(&figment, whole.find_ref(&path.join("."))?, path)))
                    .unwrap_or_default();
                misfits.push(Misfit { setting: path.join("."), place, text: why(&error.kind) });
                // Looked at without it: there may be more.
                if !put_right(&mut settings, &path) {
                    break;
                }
            }
        }
    }
    Err(ConfigError::Unfit(misfits))
}

fn sources(file: Option<&Path>, flags: &Flags) -> Result<Figment, ConfigError> {
    let mut figment = Figment::from(Toml::string(&defaults()));
    let usual = Path::new("bellwether.toml");
    match file {
        Some(path) if !path.is_file() => {
            let why = "there is no such file".to_owned();
            return Err(ConfigError::Unreadable { path: path.to_owned(), why });
        }
        Some(path) => figment = figment.merge(Toml::file_exact(path)),
        None if usual.is_file() => figment = figment.merge(Toml::file_exact(usual)),
        None => {}
    }
    Ok(figment
        .merge(
            Env::prefixed("BELLWETHER_")
                // Of the command line, and of the project's own tests.
                .ignore(&["token", "server"])
                .filter(|key| !key.as_str().to_lowercase().starts_with("test_"))
                .split("__"),
        )
        .merge(Serialized::defaults(flags)))
}

/// Where a setting was set, as a clause for people.
pub fn whence(file: Option<&Path>, flags: &Flags, setting: &str) -> String {
    let path: Vec<String> = setting.split('.').map(str::to_owned).collect();
    let found = sources(file, flags).ok().and_then(|figment| {
        let value = figment.find_value(setting).ok()?;
        let is_default = usual(setting).is_some_and(|usual| {
            figment.get_metadata(value.tag()).is_none_or(|from| from.source.is_none())
                && usual == value
        });
        (!is_default).then(|| place(&figment, &value, &path))
    });
    match found {
        Some(place) if !place.is_empty() => format!("set by {place}"),
        _ => "as it comes".to_owned(),
    }
}

/// The file does not read at all.
fn malformed(figment: &Figment, error: &figment::Error) -> Misfit {
    let source = error.metadata.as_ref().and_then(|found| found.source.as_ref());
    let place = match source.or_else(|| figment.metadata().find_map(|found| found.source.as_ref()))
    {
        Some(Source::File(path)) => path.display().to_string(),
        _ => String::new(),
    };
    Misfit { setting: String::new(), place, text: error.kind.to_string() }
}

/// The setting that an error is about, piece by piece.
fn path(error: &figment::Error) -> Vec<String> {
    let mut path = error.path.clone();
    if let Kind::UnknownField(name, _) = &error.kind
        && path.last() != Some(name)
    {
        path.push(name.clone());
    }
    path
}

fn why(kind: &Kind) -> String {
    match kind {
        Kind::UnknownField(_, []) => "there is no such setting".to_owned(),
        Kind::UnknownField(_, known) => {
            format!("there is no such setting; here are {}", known.join(", "))
        }
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => {
            format!("that does not fit: {wanted} is wanted")
        }
        Kind::UnknownVariant(_, known) => format!("it is one of {}", known.join(", ")),
        Kind::MissingField(_) => "it is missing".to_owned(),
        other => other.to_string(),
    }
}

/// Where a value was set.
fn place(figment: &Figment, value: &Value, path: &[String]) -> String {
    let Some(from) = figment.get_metadata(value.tag()) else { return String::new() };
    match &from.source {
        Some(Source::File(file)) => {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            let file = file.strip_prefix(".").unwrap_or(file).display();
            line_of(&text, path).map_or(file.to_string(), |line| format!("{file}, line {line}"))
        }
        _ if from.name.contains("environment") => variable(path),
        _ => format!("--{}", path.join("-")),
    }
}

/// The variable that sets it.
fn variable(path: &[String]) -> String {
    format!("BELLWETHER_{}", path.join("__").to_uppercase())
}

/// The line that sets `path` in a file, from 1: by its key, in its table.
fn line_of(text: &str, path: &[String]) -> Option<usize> {
    let wanted = path.join(".");
    let bare = |key: &str| key.trim().replace(['"', '\'', ' '], "");
    let mut table = String::new();
    let mut opened = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            table = bare(name.trim_start_matches('['));
            if wanted == table || wanted.starts_with(&format!("{table}.")) {
                opened = Some(index + 1);
            }
        } else if let Some((key, _)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            let key = bare(key);
            let full = if table.is_empty() { key } else { format!("{table}.{key}") };
            if full == wanted || wanted.starts_with(&format!("{full}.")) {
                return Some(index + 1);
            }
        }
    }
    opened
}

/// Puts the default in the place of what does not fit, or takes it out.
/// Whether that changed anything.
fn put_right(settings: &mut Dict, path: &[String]) -> bool {
    let mut dict = settings;
    for (depth, name) in path.iter().enumerate() {
        if depth + 1 < path.len() && matches!(dict.get(name), Some(Value::Dict(..))) {
            let Some(Value::Dict(_, inner)) = dict.get_mut(name) else { return false };
            dict = inner;
            continue;
        }
        // The end of the path; or a list, or something that should be a table: it
        // goes as a whole.
        let before = dict.remove(name);
        if let Some(usual) = usual(&path[..=depth].join(".")) {
            let is_new = before.as_ref() != Some(&usual);
            dict.insert(name.clone(), usual);
            return is_new;
        }
        return before.is_some();
    }
    false
}

/// The default of a setting, or of a table of settings.
fn usual(name: &str) -> Option<Value> {
    Figment::from(Toml::string(&defaults())).find_value(name).ok()
}

impl Config {
    /// What contradicts itself, or cannot be, though each value reads.
    fn contradictions(&self, figment: &Figment) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        let mut unfit = |setting: &str, text: &str| {
            let path: Vec<String> = setting.split('.').map(str::to_owned).collect();
            let value = figment.find_value(setting).ok();
            let place = value.map(|value| place(figment, &value, &path)).unwrap_or_default();
            misfits.push(Misfit { setting: setting.to_owned(), place, text: text.to_owned() });
        };
        let url = &self.public_url;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            unfit("public_url", "it starts with https:// (or http://) and names a host");
        } else if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            unfit("public_url", "it ends after the host: a folder below it cannot be served from");
        }
        if self.database.url.is_some() && self.database.url_file.is_some() {
            unfit("database.url", "database.url_file is set as well: keep one of them");
        }
        let is_postgres =
            |url: &str| ["postgres://", "postgresql://"].iter().any(|way| url.starts_with(way));
        if self.database.url.as_ref().is_some_and(|url| !is_postgres(url.expose())) {
            unfit(
                "database.url",
                "it starts with postgres://; for SQLite, leave it out and set data",
            );
        }
        if self.seal.key.is_some() && self.seal.key_file.is_some() {
            unfit("seal.key", "seal.key_file is set as well: keep one of them");
        }
        if self.seal.key.as_ref().is_some_and(|key| SealKey::parse(key.expose()).is_err()) {
            unfit("seal.key", "it is 64 hexadecimal digits: openssl rand -hex 32");
        }
        for (setting, is_nothing) in [
            ("database.connections", self.database.connections == 0),
            ("publishing.in_flight", self.publishing.in_flight == 0),
            ("publishing.send_window", self.publishing.send_window.is_zero()),
            ("media.max_upload", self.media.max_upload == 0),
        ] {
            if is_nothing {
                unfit(setting, "nothing would work with 0");
            }
        }
        if EnvFilter::try_new(&self.log.level).is_err() {
            unfit("log.level", "it is error, warn, info, debug, trace, or bellwether=debug,warn");
        }
        misfits
    }

    /// Addresses of networks' services that this build knows nothing of.
    pub fn unknown_services(&self, registry: &Registry) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        for (network, addresses) in &self.networks {
            let spec =
                registry.find(network).and_then(|found| found.network.as_ref()).map(|n| n.spec());
            let known: Vec<&str> =
                spec.iter().flat_map(|spec| spec.endpoints.iter().map(|(name, _)| *name)).collect();
            for name in addresses.keys().filter(|name| !known.contains(&name.as_str())) {
                let text = if spec.is_none() {
                    "this build has no such network".to_owned()
                } else {
                    format!("it has no such service; here are {}", known.join(", "))
                };
                let setting = format!("networks.{network}.{name}");
                misfits.push(Misfit { setting, place: String::new(), text });
            }
        }
        misfits
    }

    /// Files that are named and do not hold what they should. What is made at
    /// the first start may be missing.
    pub fn unfit_files(&self) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        let mut unfit = |setting: &str, file: &Path, text: String| {
            let place = file.display().to_string();
            misfits.push(Misfit { setting: setting.to_owned(), place, text });
        };
        if let Some(file) = &self.database.url_file {
            match std::fs::read_to_string(file) {
                Err(error) => unfit("database.url_file", file, error.to_string()),
                Ok(text) if !text.trim().starts_with("postgres") => {
                    unfit("database.url_file", file, "it holds no postgres:// address".to_owned());
                }
                Ok(_) => {}
            }
        }
        let current = self.seal.key_file.iter().map(|file| ("seal.key_file", file));
        let older = self.seal.older_key_files.iter().map(|file| ("seal.older_key_files", file));
        for (setting, file) in current.chain(older) {
            match std::fs::read_to_string(file) {
                Err(error) => unfit(setting, file, error.to_string()),
                Ok(text) if SealKey::parse(&text).is_err() => {
                    unfit(setting, file, "it holds no key: 64 hexadecimal digits".to_owned());
                }
                Ok(_) => {}
            }
        }
        misfits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misfits(text: &str) -> Vec<(String, String, String)> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.toml");
        std::fs::write(&file, text).unwrap();
        match read(Some(&file), &Flags::default()) {
            Err(ConfigError::Unfit(misfits)) => misfits
                .into_iter()
                .map(|misfit| {
                    let line = misfit.place.rsplit("line ").next().unwrap_or_default().to_owned();
                    (misfit.setting, line, misfit.text)
                })
                .collect(),
            Err(other) => panic!("{other}"),
            Ok(_) => Vec::new(),
        }
    }

    /// All of it at once, each with its line.
    #[test]
    fn everything_that_does_not_fit_is_named_with_its_line() {
        let found = misfits(
            "colour = 1\nlisten = \"here\"\n\n[publishing]\ngrace = \"soon\"\nspeed = 3\n\n\
             [http]\nallow = [\"10.0.0.0/99\"]\n[database]\nconnections = \"many\"\n",
        );
        let mut shown: Vec<_> =
            found.iter().map(|(setting, line, _)| format!("{setting} {line}")).collect();
        shown.sort_unstable();
        assert_eq!(
            shown,
            [
                "colour 1",
                "database.connections 11",
                "http.allow.0 9",
                "listen 2",
                "publishing.grace 5",
                "publishing.speed 6",
            ],
            "{found:#?}"
        );
    }

    #[test]
    fn what_reads_but_cannot_be_is_named_too() {
        let key = "0".repeat(64);
        for (text, setting) in [
            ("public_url = \"ftp://x.example\"", "public_url"),
            ("public_url = \"https://x.example/bellwether\"", "public_url"),
            ("database.url = \"sqlite:/x\"", "database.url"),
            ("database.url = \"postgres://a/b\"\ndatabase.url_file = \"/x\"", "database.url"),
            (&format!("seal.key = \"{key}\"\nseal.key_file = \"/x\""), "seal.key"),
            ("seal.key = \"short\"", "seal.key"),
            ("publishing.in_flight = 0", "publishing.in_flight"),
            ("log.level = \"bellwether=loud\"", "log.level"),
        ] {
            let found = misfits(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].0.as_str(), found[0].1.as_str()), (setting, "1"), "{found:?}");
        }
    }

    #[test]
    fn no_value_is_ever_shown() {
        let found =
            misfits("listen = \"hunter2\"\nseal.key = \"hunter2\"\ndatabase.url = \"hunter2\"");
        assert!(found.len() >= 2 && !format!("{found:?}").contains("hunter2"), "{found:?}");
    }

    #[test]
    fn a_file_that_is_no_toml_says_where() {
        let found = misfits("data = \"x\"\nlisten = = 3\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].2.contains("line 2"), "{found:?}");
    }

    #[test]
    fn a_service_that_nobody_knows_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.toml");
        let text = "networks.bluesky.ap = \"https://x.example\"\nnetworks.blue.app = \"https://x.example\"";
        std::fs::write(&file, text).unwrap();
        let config = read(Some(&file), &Flags::default()).unwrap();
        let found = config.unknown_services(&Registry::shipped());
        let names: Vec<_> = found.iter().map(|misfit| misfit.setting.as_str()).collect();
        assert_eq!(names, ["networks.blue.app", "networks.bluesky.ap"]);
    }
}
