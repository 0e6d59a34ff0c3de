//! What `cadastre db status` says.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::ClusterError;
use super::install::{Installation, SearchPlaces};
use super::layout::Layout;
use super::lifecycle::keep_marker;
use super::locks::{Holders, users_lock};
use super::postmaster;

/// The state of a home's private cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    NotCreated {
        home: PathBuf,
    },
    Stopped {
        data: PathBuf,
        version: String,
        size_bytes: u64,
    },
    Running {
        pid: i32,
        version: String,
        socket_dir: PathBuf,
        data: PathBuf,
        size_bytes: u64,
        /// Whether `cadastre db start` asked to keep it running.
        kept: bool,
        users: Holders,
    },
}

/// Looks at a home without changing anything.
///
/// # Errors
/// When the folders cannot be read.
pub fn status(home: &Path) -> Result<Status, ClusterError> {
    let not_created = || Status::NotCreated {
        home: home.to_path_buf(),
    };
    let Some(layout) = Layout::find(home)? else {
        return Ok(not_created());
    };
    let Some(major) = layout.data_major()? else {
        return Ok(not_created());
    };
    let data = layout.data();
    let size_bytes = folder_bytes(&data);
    let installed = Installation::find(&SearchPlaces::system(), Some((major, &data)));
    let version = installed.map_or(format!("{major} (not installed)"), |found| found.version);
    Ok(match postmaster::find(&data)? {
        None => Status::Stopped {
            data,
            version,
            size_bytes,
        },
        Some(found) => Status::Running {
            pid: found.pid,
            version,
            socket_dir: found.socket_dir,
            data,
            size_bytes,
            kept: keep_marker(&layout.home).exists(),
            users: Holders::of(&users_lock(&layout.home)),
        },
    })
}

/// Bytes of all files below; files that vanish meanwhile count nothing.
fn folder_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = |entry: fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => folder_bytes(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    entries.map(bytes).sum()
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCreated { home } => {
                write!(f, "not created: {} holds no database yet", home.display())
            }
            Self::Stopped {
                data,
                version,
                size_bytes,
            } => write!(
                f,
                "stopped\nversion: PostgreSQL {version}\ndata: {}\nsize: {}",
                data.display(),
                Size(*size_bytes)
            ),
            Self::Running {
                pid,
                version,
                socket_dir,
                data,
                size_bytes,
                kept,
                users,
            } => {
                writeln!(f, "running, process {pid}\nversion: PostgreSQL {version}")?;
                writeln!(f, "socket: {}", socket_dir.display())?;
                writeln!(f, "data: {}", data.display())?;
                writeln!(f, "size: {}", Size(*size_bytes))?;
                write_users(f, *kept, users)
            }
        }
    }
}

fn write_users(f: &mut fmt::Formatter<'_>, kept: bool, users: &Holders) -> fmt::Result {
    match (kept, users.is_empty()) {
        (true, true) => write!(f, "kept running until `cadastre db stop`"),
        (true, false) => write!(f, "kept running; used by {users}"),
        (false, true) => write!(f, "used by nobody; the next user that leaves stops it"),
        (false, false) => write!(f, "used by {users}"),
    }
}

/// A number of bytes for people.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB: u64 = 1 << 20;
        let tenths = self.0 * 10 / MIB;
        write!(f, "{}.{} MiB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_mebibytes() {
        for (bytes, text) in [(0, "0.0 MiB"), (1 << 20, "1.0 MiB"), (1_600_000, "1.5 MiB")] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }

    #[test]
    fn nothing_is_created_by_looking() {
        let root = tempfile::tempdir().unwrap();
        let home = root.path().join("home");
        let text = status(&home).unwrap().to_string();
        assert!(text.starts_with("not created"), "{text}");
        assert!(!home.exists());
    }
}
