//! What identifies a file and its content without reading it.

use std::fs::{File, FileType};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

use super::{ReceiveError, unreadable};

/// A file at one moment. A file that was written or replaced since has another stamp: the system
/// sets the time of change itself, and lets nobody else set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// How long it is, bytes.
    pub(super) size_bytes: u64,
    device: u64,
    number: u64,
    /// Seconds and nanoseconds since 1970.
    changed: (i64, i64),
}

impl Stamp {
    /// The stamp of the file at a path as it is now.
    pub(super) fn of(path: PathBuf) -> Result<Self, ReceiveError> {
        let seen = std::fs::metadata(&path).map_err(unreadable(&path))?;
        Ok(Self {
            size_bytes: seen.len(),
            device: seen.dev(),
            number: seen.ino(),
            changed: (seen.ctime(), seen.ctime_nsec()),
            path,
        })
    }

    /// Opens the file, which must not have become a pipe since; that would never be read to its
    /// end.
    pub(super) fn open(&self) -> Result<File, ReceiveError> {
        let file = File::options()
            .read(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(&self.path)
            .map_err(unreadable(&self.path))?;
        let kind = file.metadata().map_err(unreadable(&self.path))?.file_type();
        match no_file(kind) {
            Some(what) => Err(ReceiveError::NotAFile {
                path: self.path.clone(),
                what,
            }),
            None => Ok(file),
        }
    }
}

/// What something is that is neither a file nor a folder.
pub(super) fn no_file(kind: FileType) -> Option<&'static str> {
    if kind.is_file() || kind.is_dir() {
        None
    } else if kind.is_fifo() {
        Some("a pipe")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        Some("a device")
    }
}
