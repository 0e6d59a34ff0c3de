//! Where the files of uploads lie: those that are still being sent by the number of the upload, whole
//! ones by their SHA-256.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt};
use importer::receive::{ReceiveError, Received, receive_raster as receive};
use tokio::io::AsyncWriteExt;

/// The folder of uploads.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// Why a part of a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It begins where the file does not end.
    #[error("the part begins at byte {given}, and {here} bytes are here; send the rest from there")]
    Elsewhere {
        /// Where it begins.
        given: u64,
        /// How many bytes are here.
        here: u64,
    },
    /// The file has more bytes than were announced.
    #[error("the file has more than the {announced} bytes that were announced; send it again")]
    TooLong {
        /// How many were announced.
        announced: u64,
    },
    /// Somebody is sending it just now.
    #[error(
        "another request sends this file just now; ask for its state, or try again when it ended"
    )]
    Busy,
    /// The transfer broke off.
    #[error("the transfer broke off; ask how much is here, and send the rest")]
    BrokenOff(#[source] axum::Error),
    /// The disk does not take it.
    #[error("the file could not be written")]
    Unwritten(#[from] io::Error),
}

impl Folder {
    /// The uploads below `root`, which is made when it is needed.
    pub const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn part(&self, id: i64) -> PathBuf {
        self.root.join("incoming").join(id.to_string())
    }

    /// Where the whole file of this digest lies.
    pub fn original(&self, sha256: &str) -> PathBuf {
        self.root.join("originals").join(sha256)
    }

    /// How many bytes of an upload are here.
    ///
    /// # Errors
    /// When the disk does not answer.
    pub async fn size_of_part(&self, id: i64) -> io::Result<u64> {
        match tokio::fs::metadata(self.part(id)).await {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Adds bytes to an upload, which has `from` bytes now and shall have at most
    /// `announced`; answers how many are here. What arrived before the transfer broke off stays.
    ///
    /// # Errors
    /// [`PartError`] when it does not fit there, or does not arrive whole.
    pub async fn append(
        &self,
        id: i64,
        from: u64,
        announced: u64,
        bytes: impl Stream<Item = Result<Bytes, axum::Error>>,
    ) -> Result<u64, PartError> {
        let file = self.open_part(id).await?;
        let here = file.metadata().await?.len();
        if here != from {
            return Err(PartError::Elsewhere { given: from, here });
        }
        write(file, here, announced, bytes).await
    }

    /// Takes the whole file of an upload, in place of what an earlier request left of it; answers how
    /// many bytes are here.
    ///
    /// # Errors
    /// [`PartError`] when it does not arrive whole.
    pub async fn replace(
        &self,
        id: i64,
        announced: u64,
        bytes: impl Stream<Item = Result<Bytes, axum::Error>>,
    ) -> Result<u64, PartError> {
        let file = self.open_part(id).await?;
        file.set_len(0).await?;
        write(file, 0, announced, bytes).await
    }

    /// The file of an upload that is being sent, for one request at a time; the lock goes with it.
    async fn open_part(&self, id: i64) -> Result<tokio::fs::File, PartError> {
        tokio::fs::create_dir_all(self.root.join("incoming")).await?;
        let mut options = tokio::fs::OpenOptions::new();
        let file = options
            .create(true)
            .append(true)
            .open(self.part(id))
            .await?;
        let file = file.into_std().await;
        match file.try_lock() {
            Ok(()) => Ok(tokio::fs::File::from_std(file)),
            Err(TryLockError::WouldBlock) => Err(PartError::Busy),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Takes the whole file of an upload among the originals; answers its SHA-256 and its size in bytes.
    /// Blocks while it is digested.
    ///
    /// # Errors
    /// When it cannot be read or moved.
    pub fn keep(&self, id: i64) -> Result<(String, u64), ReceiveError> {
        let path = self.part(id);
        let Received {
            sha256, size_bytes, ..
        } = receive(&path)?;
        let moved = || {
            let originals = self.root.join("originals");
            fs::create_dir_all(&originals)?;
            // Somebody may be reading the same file, sent before: it must not be replaced meanwhile.
            if originals.join(&sha256).exists() {
                return fs::remove_file(&path);
            }
            fs::rename(&path, originals.join(&sha256))?;
            File::open(&originals)?.sync_all()
        };
        moved().map_err(|source| ReceiveError::Unreadable {
            path: path.clone(),
            source,
        })?;
        Ok((sha256, size_bytes))
    }

    /// The original of an upload under the name that it was sent with, by which its format is known.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn lay_out(&self, id: i64, sha256: &str, file_name: &str) -> io::Result<LaidOut> {
        let folder = self.root.join("work").join(id.to_string());
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&folder)?,
        }
        let path = folder.join(file_name);
        symlink(fs::canonicalize(self.original(sha256))?, &path)?;
        Ok(LaidOut { folder, path })
    }

    /// Removes what no upload names and nobody wrote to since `before`: what a killed service left.
    ///
    /// # Errors
    /// When the disk does not answer.
    pub fn sweep(&self, unfinished: &[i64], here: &[String], before: SystemTime) -> io::Result<()> {
        let is_unfinished = |name: &str| unfinished.iter().any(|id| id.to_string() == name);
        let is_here = |name: &str| here.iter().any(|sha256| sha256 == name);
        clear(&self.root.join("incoming"), before, is_unfinished)?;
        clear(&self.root.join("originals"), before, is_here)?;
        clear(&self.root.join("work"), before, |_| false)
    }
}

/// Removes what is in a folder and older, but that whose names are `wanted`.
fn clear(folder: &Path, before: SystemTime, wanted: impl Fn(&str) -> bool) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.modified()? >= before || wanted(&entry.file_name().to_string_lossy()) {
            continue;
        }
        if metadata.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A file with its own name, as long as it is needed.
#[derive(Debug)]
pub struct LaidOut {
    folder: PathBuf,
    /// Where it is.
    pub path: PathBuf,
}

impl Drop for LaidOut {
    fn drop(&mut self) {
        // What stays is swept away at the next start.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The name of a sent file, without folders, control characters or a leading dot; `None` when nothing
/// is left of it or it is too long for a disk.
pub fn file_name(sent: &str) -> Option<String> {
    const LONGEST: usize = 200;
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|letter| !letter.is_control()).collect();
    let name = name.trim().trim_start_matches('.');
    (!name.is_empty() && name.len() <= LONGEST).then(|| name.to_owned())
}

/// Adds bytes to a file that has `here` of them; answers how many it has then.
async fn write(
    mut file: tokio::fs::File,
    mut here: u64,
    announced: u64,
    bytes: impl Stream<Item = Result<Bytes, axum::Error>>,
) -> Result<u64, PartError> {
    let mut chunks = std::pin::pin!(bytes);
    let taken = loop {
        let Some(chunk) = chunks.next().await else {
            break Ok(());
        };
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => break Err(PartError::BrokenOff(error)),
        };
        here += chunk.len() as u64;
        if here > announced {
            break Err(PartError::TooLong { announced });
        }
        file.write_all(&chunk).await?;
    };
    file.sync_all().await?;
    taken.map(|()| here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sent_name_leads_nowhere() {
        for (sent, name) in [
            ("jalovište.zip", Some("jalovište.zip")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\survey\\a.gpkg", Some("a.gpkg")),
            (".htaccess", Some("htaccess")),
            ("a\u{0}b\n.csv", Some("ab.csv")),
            ("folder/", None),
            ("..", None),
        ] {
            assert_eq!(file_name(sent).as_deref(), name, "{sent:?}");
        }
    }

    fn bytes(text: &'static str) -> impl Stream<Item = Result<Bytes, axum::Error>> {
        futures_util::stream::iter([Ok(Bytes::from(text))])
    }

    #[tokio::test]
    async fn parts_are_joined_and_nothing_unnamed_stays() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path().to_owned());
        let sent = |from, text: &'static str| folder.append(7, from, 6, bytes(text));
        assert_eq!(sent(0, "abc").await.unwrap(), 3);
        let elsewhere = sent(2, "x").await;
        assert!(matches!(
            elsewhere,
            Err(PartError::Elsewhere { here: 3, .. })
        ));
        assert_eq!(sent(3, "def").await.unwrap(), 6);
        let (sha256, size_bytes) = folder.keep(7).unwrap();
        assert_eq!(size_bytes, 6);
        // What sha256sum says of the six letters.
        let known = "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721";
        assert_eq!(sha256, known);
        let laid_out = folder.lay_out(7, &sha256, "letters.txt").unwrap();
        assert_eq!(fs::read(&laid_out.path).unwrap(), b"abcdef");
        drop(laid_out);
        let later = fs::metadata(folder.original(&sha256)).unwrap().modified();
        let later = later.unwrap() + std::time::Duration::from_secs(1);
        folder
            .sweep(&[], std::slice::from_ref(&sha256), later)
            .unwrap();
        folder.sweep(&[], &[], SystemTime::UNIX_EPOCH).unwrap();
        assert!(folder.original(&sha256).exists());
        folder.sweep(&[], &[], later).unwrap();
        assert!(!folder.original(&sha256).exists());
    }

    #[tokio::test]
    async fn a_file_longer_than_announced_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path().to_owned());
        let refused = folder.append(1, 0, 2, bytes("abc")).await;
        assert!(matches!(refused, Err(PartError::TooLong { announced: 2 })));
    }
}
