//! Where the files of an import lie before they are whole.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// The lock of a folder, held as long as its import lives.
const LOCK: &str = "lock";

/// The folder of one import. Dropping it removes it with all that is in it; of a killed process it
/// is removed by the next import.
#[derive(Debug)]
pub struct Incoming {
    folder: PathBuf,
    _lock: File,
}

impl Incoming {
    pub(super) fn make(all: &Path) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(all)?;
        // While one import tidies up, none may be between making its folder and locking it.
        let tidying = File::create(all.join(LOCK))?;
        tidying.lock()?;
        remove_abandoned(all)?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = all.join(format!("{}-{number}", process::id()));
        fs::create_dir(&folder)?;
        let lock = File::create(folder.join(LOCK))?;
        lock.lock()?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next import.
        let _: io::Result<()> = fs::remove_dir_all(&self.folder);
    }
}

/// Removes the folders whose imports live no longer.
fn remove_abandoned(all: &Path) -> io::Result<()> {
    for entry in fs::read_dir(all)? {
        let folder = entry?.path();
        if folder.is_dir() && is_abandoned(&folder)? {
            fs::remove_dir_all(&folder)?;
        }
    }
    Ok(())
}

fn is_abandoned(folder: &Path) -> io::Result<bool> {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => match lock.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Moves a file to its place on the same file system, so that after a power failure it is there
/// whole or not at all.
pub(super) fn settle(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        return fs::remove_file(from);
    }
    let folder = to.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    File::open(from)?.sync_all()?;
    fs::rename(from, to)?;
    File::open(folder)?.sync_all()
}
