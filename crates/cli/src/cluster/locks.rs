//! Locks between processes, all of them `flock`s: the system frees them when their
//! holder dies, however it dies.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error::ClusterError;
use super::layout;

const POLL: Duration = Duration::from_millis(50);
/// Longer than any stop, creation or recovery that a lock may cover.
const PATIENCE: Duration = Duration::from_mins(15);
/// A holder writes its name right after it gets the lock.
const NAMING: Duration = Duration::from_millis(500);

/// How a lock is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Shared,
    Exclusive,
}

/// Held by every process that uses the cluster, shared; exclusive by who stops it.
pub(super) fn users_lock(home: &Path) -> PathBuf {
    home.join("users.lock")
}

/// Held, exclusive, while the cluster is created or started.
pub(super) fn start_lock(home: &Path) -> PathBuf {
    home.join("start.lock")
}

/// Opens (creates) a lock file without locking it.
pub(super) fn open(path: &Path) -> Result<File, ClusterError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(ClusterError::io("open", path))
}

/// Locks at once, or gives false when others stand in the way.
pub(super) fn try_lock(file: &File, mode: Mode, path: &Path) -> Result<bool, ClusterError> {
    let tried = match mode {
        Mode::Shared => file.try_lock_shared(),
        Mode::Exclusive => file.try_lock(),
    };
    match tried {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(ClusterError::io("lock", path)(error)),
    }
}

/// Opens and locks a file; waits while others stand in the way and says so.
pub(super) fn lock(
    path: &Path,
    mode: Mode,
    progress: &mut dyn FnMut(&str),
) -> Result<File, ClusterError> {
    let file = open(path)?;
    let mut watch = Watch::start();
    while !try_lock(&file, mode, path)? {
        if watch.elapsed() > PATIENCE {
            return Err(ClusterError::Locked {
                path: path.to_path_buf(),
                holders: Holders::of(path),
            });
        }
        watch.report(progress, |seconds| {
            format!("Waiting for {} ({seconds} s)", Holders::of(path))
        });
        sleep(POLL);
    }
    Ok(file)
}

/// Reports once a second for as long as something is waited for.
pub(super) struct Watch {
    began: Instant,
    reported: u64,
}

impl Watch {
    pub fn start() -> Self {
        Self {
            began: Instant::now(),
            reported: 0,
        }
    }

    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Calls `progress` when a further second is full.
    pub fn report(&mut self, progress: &mut dyn FnMut(&str), text: impl FnOnce(u64) -> String) {
        let seconds = self.elapsed().as_secs();
        if seconds > self.reported {
            self.reported = seconds;
            progress(&text(seconds));
        }
    }
}

/// The processes that hold a lock, for messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holders(Vec<Holder>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Holder {
    pid: u32,
    command: String,
}

impl Holders {
    /// Looks the holders of the lock file `path` up; empty when the system hides them.
    pub(super) fn of(path: &Path) -> Self {
        let inode = fs::metadata(path)
            .map(|meta| meta.ino())
            .unwrap_or_default();
        let table = fs::read_to_string("/proc/locks").unwrap_or_default();
        let mut pids: Vec<u32> = table
            .lines()
            .filter_map(|line| flock_holder(line, inode))
            .collect();
        pids.sort_unstable();
        pids.dedup();
        let holder = |pid| Holder {
            pid,
            command: command_line(pid),
        };
        Self(pids.into_iter().map(holder).collect())
    }

    /// True when no process was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Holders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("another process");
        }
        for (place, holder) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}process {} ({})", holder.pid, holder.command)?;
        }
        Ok(())
    }
}

/// Reads a line `1: FLOCK  ADVISORY  READ 2391 fe:00:1234 0 EOF` of /proc/locks;
/// waiting processes have `->` in the second column.
fn flock_holder(line: &str, inode: u64) -> Option<u32> {
    let mut words = line.split_whitespace().skip(1);
    if words.next()? != "FLOCK" {
        return None;
    }
    let pid = words.nth(2)?.parse().ok()?;
    let place = words.next()?;
    let found: u64 = place.rsplit(':').next()?.parse().ok()?;
    (found == inode && pid != 0).then_some(pid)
}

/// The command line of a process as one would type it; empty when hidden.
fn command_line(pid: u32) -> String {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).replace('\0', " ");
    text.trim().to_owned()
}

/// Keeps a second `cadastre serve` from the same home. Freed when dropped.
#[derive(Debug)]
pub struct ServeLock {
    file: File,
    path: PathBuf,
}

impl ServeLock {
    /// Takes the home for a service that listens on `address`.
    ///
    /// # Errors
    /// [`ClusterError::HomeTaken`] names the process and the address of the holder.
    pub fn acquire(home: &Path, address: &str) -> Result<Self, ClusterError> {
        let home = layout::open_home(home)?;
        Self::take(&home, &format!("serving at {address}"))
    }

    /// Takes the home for another activity that stands no service beside it.
    pub(super) fn take(home: &Path, activity: &str) -> Result<Self, ClusterError> {
        let path = home.join("serve.lock");
        let mut file = open(&path)?;
        if !try_lock(&file, Mode::Exclusive, &path)? {
            return Err(taken(home, &mut file));
        }
        let text = format!("{}\n{activity}\n", std::process::id());
        rewrite(&mut file, &text).map_err(ClusterError::io("write", &path))?;
        Ok(Self { file, path })
    }
}

impl Drop for ServeLock {
    fn drop(&mut self) {
        // The file stays: deleting a lock file lets two processes hold "it" at once.
        if let Err(error) = rewrite(&mut self.file, "") {
            tracing::warn!(%error, path = %self.path.display(), "cannot clear the lock file");
        }
    }
}

fn rewrite(file: &mut File, text: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text.as_bytes())
}

fn taken(home: &Path, file: &mut File) -> ClusterError {
    let began = Instant::now();
    let mut text = String::new();
    while text.lines().count() < 2 && began.elapsed() < NAMING {
        text.clear();
        let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
        if read.is_err() {
            break;
        }
        sleep(POLL / 5);
    }
    let mut lines = text.lines();
    ClusterError::HomeTaken {
        home: home.to_path_buf(),
        pid: lines.next().unwrap_or("?").to_owned(),
        activity: lines.next().unwrap_or("of unknown purpose").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_table_is_read() {
        // Lines as in proc(5), /proc/locks.
        let table = [
            ("1: FLOCK  ADVISORY  READ  708 08:01:1972 0 EOF", Some(708)),
            ("2: FLOCK  ADVISORY  WRITE 709 08:01:1972 0 EOF", Some(709)),
            ("2: -> FLOCK  ADVISORY  WRITE 710 08:01:1972 0 EOF", None),
            ("3: POSIX  ADVISORY  WRITE 711 08:01:1972 0 EOF", None),
            ("4: FLOCK  ADVISORY  WRITE 712 08:01:1973 0 EOF", None),
            ("5: FLOCK  ADVISORY  WRITE 0 08:01:1972 0 EOF", None),
        ];
        for (line, pid) in table {
            assert_eq!(flock_holder(line, 1972), pid, "{line}");
        }
    }

    #[test]
    fn holders_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let _held = lock(&path, Mode::Shared, &mut |_| ()).unwrap();
        let text = Holders::of(&path).to_string();
        assert!(
            text.contains(&format!("process {} (", std::process::id())),
            "{text}"
        );
    }

    #[test]
    fn a_second_service_is_told_who_holds_the_home() {
        let home = tempfile::tempdir().unwrap();
        let first = ServeLock::acquire(home.path(), "127.0.0.1:8080").unwrap();
        let text = ServeLock::acquire(home.path(), "127.0.0.1:9090")
            .unwrap_err()
            .to_string();
        assert!(
            text.contains(&format!("process {}", std::process::id())),
            "{text}"
        );
        assert!(text.contains("serving at 127.0.0.1:8080"), "{text}");
        assert!(text.contains("CADASTRE_HOME"), "{text}");
        drop(first);
        ServeLock::acquire(home.path(), "127.0.0.1:9090").unwrap();
    }

    #[test]
    fn a_wait_is_reported_each_second() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.lock");
        let held = lock(&path, Mode::Exclusive, &mut |_| ()).unwrap();
        let release = std::thread::spawn(move || {
            sleep(Duration::from_millis(1300));
            drop(held);
        });
        let mut said = Vec::new();
        lock(&path, Mode::Shared, &mut |text| said.push(text.to_owned())).unwrap();
        release.join().unwrap();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].ends_with("(1 s)"), "{said:?}");
    }
}
