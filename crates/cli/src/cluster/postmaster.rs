//! Is the server process of a data folder alive? `postmaster.pid` alone does not tell:
//! after a crash its number may belong to any other process.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::ClusterError;
use super::layout::SOCKET_NAME;

/// No process can have this number: Linux stops at 2^22 (proc(5), `pid_max`).
const NO_SUCH_PID: i32 = i32::MAX;

/// What `postmaster.pid` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Postmaster {
    pub pid: i32,
    /// The folder of its socket; empty very early in its start.
    pub socket_dir: PathBuf,
    /// Whether it takes connections.
    pub ready: bool,
}

/// The living server of the data folder `data`, if any.
pub(super) fn find(data: &Path) -> Result<Option<Postmaster>, ClusterError> {
    let noted = read(data)?;
    Ok(noted.filter(|postmaster| serves(postmaster.pid, data)))
}

fn read(data: &Path) -> Result<Option<Postmaster>, ClusterError> {
    let file = pid_file(data);
    match fs::read_to_string(&file) {
        Ok(text) => Ok(parse(&text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::io("read", &file)(error)),
    }
}

fn pid_file(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}

/// Lines: pid, data folder, start time, port, socket folder, host, memory key, status
/// (PostgreSQL's `miscadmin.h`, `LOCK_FILE_LINE_…`). A negative pid is a
/// single-user server.
fn parse(text: &str) -> Option<Postmaster> {
    let mut lines = text.lines();
    let pid: i32 = lines.next()?.trim().parse().ok()?;
    let socket_dir = lines.nth(3).unwrap_or_default().into();
    let ready = lines.nth(2).is_some_and(|status| status.trim() == "ready");
    Some(Postmaster {
        pid: pid.checked_abs()?,
        socket_dir,
        ready,
    })
}

/// Whether the process was started on `data`, or works in it.
fn serves(pid: i32, data: &Path) -> bool {
    let folder = PathBuf::from(format!("/proc/{pid}"));
    let command = fs::read(folder.join("cmdline")).unwrap_or_default();
    let mut words = command.split(|byte| *byte == 0);
    let program = Path::new(std::ffi::OsStr::from_bytes(
        words.next().unwrap_or_default(),
    ));
    let is_server = program
        .file_name()
        .is_some_and(|name| name == "postgres" || name == "postmaster");
    let works_there = || fs::read_link(folder.join("cwd")).is_ok_and(|cwd| cwd == data);
    is_server && (words.any(|word| word == data.as_os_str().as_bytes()) || works_there())
}

/// Whether anything answers on the socket: then a server runs even if its process
/// cannot be seen (another container on the same folder).
pub(super) fn answers(socket_dir: &Path) -> bool {
    UnixStream::connect(socket_dir.join(SOCKET_NAME)).is_ok()
}

/// Makes the traces of a dead server harmless, so that the next one can start.
///
/// A new server believes `postmaster.pid` whenever *some* process of its user has that
/// number. The number is overwritten rather than the file deleted: the memory key in
/// the file is what protects the data from the dead server's surviving children.
pub(super) fn clear_traces(
    data: &Path,
    socket_dir: &Path,
    account: &Account,
) -> Result<(), ClusterError> {
    forget_pid(&pid_file(data), account)?;
    forget_pid(&socket_dir.join(format!("{SOCKET_NAME}.lock")), account)
}

fn forget_pid(file: &Path, account: &Account) -> Result<(), ClusterError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ClusterError::io("read", file)(error)),
    };
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    account.write(file, &format!("{NO_SUCH_PID}\n{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "4711\n/srv/data\n1700000000\n5432\n/srv/run\n\n  1234567     98304\nready   \n";

    #[test]
    fn the_pid_file_is_read() {
        let whole = parse(FILE).unwrap();
        assert_eq!((whole.pid, whole.ready), (4711, true));
        assert_eq!(whole.socket_dir, Path::new("/srv/run"));
        assert!(!parse(&FILE.replace("ready   ", "starting")).unwrap().ready);
        let early = parse("4711\n/srv/data\n1700000000\n").unwrap();
        assert_eq!((early.pid, early.ready), (4711, false));
        assert_eq!(parse("-12\n").unwrap().pid, 12);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn another_program_with_that_number_is_not_believed() {
        let data = tempfile::tempdir().unwrap();
        let own = i32::try_from(std::process::id()).unwrap();
        fs::write(
            pid_file(data.path()),
            FILE.replace("4711", &own.to_string()),
        )
        .unwrap();
        assert_eq!(read(data.path()).unwrap().unwrap().pid, own);
        assert_eq!(find(data.path()).unwrap(), None);
    }

    #[test]
    fn forgetting_the_pid_keeps_the_memory_key() {
        let data = tempfile::tempdir().unwrap();
        fs::write(pid_file(data.path()), FILE).unwrap();
        let account = Account::for_new().unwrap();
        clear_traces(data.path(), data.path(), &account).unwrap();
        let text = fs::read_to_string(pid_file(data.path())).unwrap();
        assert_eq!(text, FILE.replace("4711", "2147483647"));
    }
}
