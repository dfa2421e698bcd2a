//! Media as files: `<media>/<workspace>/<first two of the hash>/<hash>`.
//!
//! A file has its name only when all of it is on the disk, and it never
//! changes after that. Only the owner of the process may read it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{fs, io};

use bellwether_base::uuid::Uuid;
use bellwether_base::{Instant, WorkspaceId};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use super::rules::Hash;

/// Where files are before they have arrived, beside the folders of the hashes:
/// on the same file system, so that giving a file its name is one step.
const INCOMING: &str = "incoming";

/// One workspace's files.
#[derive(Debug, Clone)]
pub struct Files(PathBuf);

impl Files {
    pub fn of(media_dir: &Path, workspace: WorkspaceId) -> Self {
        Self(media_dir.join(workspace.to_string()))
    }

    pub fn path(&self, hash: &Hash) -> PathBuf {
        self.0.join(&hash.as_str()[..2]).join(hash.as_str())
    }

    /// An empty file that is about to be filled. `id` tells when.
    pub async fn begin(&self, id: Uuid) -> io::Result<Incoming> {
        let folder = self.0.join(INCOMING);
        let path = folder.join(id.to_string());
        let (file, path) = aside(move || {
            private_folder(&folder)?;
            let file = private_file(&path)?;
            Ok((file, Unnamed(path)))
        })
        .await?;
        let file = tokio::fs::File::from_std(file);
        Ok(Incoming { file, path, digest: Sha256::new(), length: 0 })
    }

    /// Gives what has arrived its name, for good: once this returns it
    /// survives a power cut.
    pub async fn place(&self, arrived: Arrived) -> io::Result<()> {
        let to = self.path(&arrived.hash);
        aside(move || {
            let Some(folder) = to.parent() else { return Err(ErrorKind::InvalidInput.into()) };
            private_folder(folder)?;
            fs::rename(&arrived.path.0, &to)?;
            sync_folder(folder)
        })
        .await
    }

    /// The bytes behind `hash`, whole and unchanged.
    pub async fn read(&self, hash: &Hash) -> io::Result<Bytes> {
        let (path, hash) = (self.path(hash), hash.clone());
        aside(move || {
            let bytes = fs::read(path)?;
            if Hash::of(&Sha256::digest(&bytes)) == hash {
                return Ok(bytes.into());
            }
            Err(io::Error::new(ErrorKind::InvalidData, "the file is not what was stored"))
        })
        .await
    }

    /// Takes the file away, if it is there.
    pub async fn remove(&self, hash: &Hash) -> io::Result<()> {
        let path = self.path(hash);
        aside(move || match fs::remove_file(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other,
        })
        .await
    }
}

/// A file without a name yet; it goes when this goes.
struct Unnamed(PathBuf);

impl Drop for Unnamed {
    fn drop(&mut self) {
        // It is not there any more if it got its name, and what a dead process
        // leaves behind is taken by `sweep`.
        let _ = fs::remove_file(&self.0);
    }
}

/// A file that is being filled.
pub struct Incoming {
    file: tokio::fs::File,
    path: Unnamed,
    digest: Sha256,
    length: u64,
}

impl Incoming {
    pub async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.length += bytes.len() as u64;
        self.file.write_all(bytes).await
    }

    /// Bytes so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// That was all of it. It is on the disk when this returns.
    pub async fn end(mut self) -> io::Result<Arrived> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        Ok(Arrived { path: self.path, hash: Hash::of(&self.digest.finalize()) })
    }
}

/// A file that is whole, but has no name yet.
pub struct Arrived {
    path: Unnamed,
    pub hash: Hash,
}

impl Arrived {
    /// Where it is for now.
    pub fn path(&self) -> &Path {
        &self.path.0
    }
}

/// Removes what dead processes left half-filled before `before`.
pub async fn sweep(media_dir: &Path, before: Instant) -> io::Result<()> {
    let media_dir = media_dir.to_owned();
    aside(move || {
        for workspace in entries(&media_dir)? {
            for path in entries(&workspace.join(INCOMING))? {
                let id = path.file_name().and_then(|name| Uuid::parse_str(name.to_str()?).ok());
                let began = id.and_then(|id| id.get_timestamp()).map(|at| at.to_unix());
                let is_old = |(seconds, _): (u64, u32)| {
                    i64::try_from(seconds).is_ok_and(|seconds| seconds * 1000 < before.millis())
                };
                if began.is_some_and(is_old) {
                    fs::remove_file(path)?;
                }
            }
        }
        Ok(())
    })
    .await
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(Vec::new())
        }
        found => found?.map(|entry| Ok(entry?.path())).collect(),
    }
}

/// Makes a folder and those above it, for the owner only, and sees to it that
/// a power cut does not take them back.
fn private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(folder);
    private_folder(parent)?;
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        // Another upload was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(parent),
    }
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A name is on the disk when its folder is. Elsewhere the file system sees to
/// that by itself, and folders cannot be opened.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Runs `work` where it holds up nobody else.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
