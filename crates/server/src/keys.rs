//! The data folder and the key in it: readable by their owner alone.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::Context as _;
use bellwether_app::channels;
use bellwether_base::{Keyring, Rng, SealKey};
use bellwether_db::Db;

use crate::{Config, Obstacle};

/// Makes the folder with mode 700, and closes it to others if it is there.
pub fn private_dir(path: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make the folder {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
        .with_context(|| format!("cannot close {} to others", path.display()))
}

/// The keys of the installation. Where there is none yet, the first one is made,
/// unless something is sealed already: then it was lost, and a new one would open
/// nothing and hide that.
pub async fn keyring(config: &Config, rng: &dyn Rng, db: &Db) -> anyhow::Result<Keyring> {
    let mut older = Vec::new();
    for path in &config.seal.older_key_files {
        older.push(read(path)?);
    }
    let current = match (&config.seal.key, &config.seal.key_file) {
        (Some(key), _) => SealKey::parse(key.expose()).context("seal.key")?,
        (None, Some(path)) => read(path)?,
        (None, None) => {
            let path = config.data.join("seal.key");
            if path.exists() {
                read(&path)?
            } else if channels::is_any_sealed(db).await? {
                return Err(Obstacle::NoKey { path }.into());
            } else {
                make(&path, rng)?
            }
        }
    };
    Ok(Keyring::new(current, older))
}

fn read(path: &Path) -> anyhow::Result<SealKey> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read the key in {}", path.display()))?;
    SealKey::parse(&text).with_context(|| format!("the key in {}", path.display()))
}

/// Writes a new key so that a crash leaves either none or a whole one.
fn make(path: &Path, rng: &dyn Rng) -> anyhow::Result<SealKey> {
    let key = SealKey::generate(rng);
    let draft = path.with_extension("key.new");
    let _ = fs::remove_file(&draft);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .with_context(|| format!("cannot write the key to {}", draft.display()))?;
    writeln!(file, "{}", key.to_secret().expose())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(key)
}
