//! `psql` and backups, for the private cluster and for the database of `DATABASE_URL`.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use nix::sys::signal::{SigSet, Signal};

use super::account::{run, without_pg_variables};
use super::address::Address;
use super::error::ClusterError;
use super::install::{SearchPlaces, client_tool};
use super::lifecycle::Lease;

/// The database that a tool works on.
#[derive(Debug, Clone, Copy)]
pub enum Database<'a> {
    /// The database of the private cluster, for as long as the lease is held.
    Private(&'a Lease),
    /// The database of a `postgres://…` address as sqlx takes it.
    External(&'a str),
}

impl Database<'_> {
    /// A command that connects to this database; its arguments may follow.
    fn command(&self, tool: &'static str) -> Result<Command, ClusterError> {
        match self {
            Self::Private(lease) => {
                let mut command = Command::new(lease.program(tool));
                without_pg_variables(&mut command);
                command.arg("-d").arg(lease.url());
                Ok(command)
            }
            Self::External(url) => {
                let mut command = Command::new(client_tool(&SearchPlaces::system(), tool)?);
                let address = Address::for_libpq(url);
                command.arg("-d").arg(address.url);
                // Every user of the machine can read a program's arguments.
                if let Some(password) = address.password {
                    command.env("PGPASSWORD", password);
                }
                Ok(command)
            }
        }
    }
}

/// Runs `psql` on this terminal until it ends.
///
/// From then on this thread ignores the interrupt key, which is `psql`'s to handle:
/// call it as the last thing of a program that has one thread.
///
/// # Errors
/// When `psql` is missing or cannot be run. Its own failure is in the exit status.
pub fn psql(database: &Database<'_>, args: &[OsString]) -> Result<ExitStatus, ClusterError> {
    let mut command = database.command("psql")?;
    command.args(args);
    let program = PathBuf::from(command.get_program());
    let run = command.spawn().and_then(|mut child| {
        let mut interrupt = SigSet::empty();
        interrupt.add(Signal::SIGINT);
        interrupt.thread_block()?;
        child.wait()
    });
    run.map_err(|source| ClusterError::Spawn { program, source })
}

/// A finished backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    pub file: PathBuf,
    pub size_bytes: u64,
}

impl fmt::Display for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, size_bytes } = self;
        write!(
            f,
            "backup written to {} ({size_bytes} bytes)",
            file.display()
        )
    }
}

/// Writes a backup in `pg_dump`'s custom format, readable by its owner alone.
///
/// `file` appears (or is replaced) only when the backup is complete.
///
/// # Errors
/// When `pg_dump` fails or the folder of `file` cannot be written.
pub fn backup(database: &Database<'_>, file: &Path) -> Result<Backup, ClusterError> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let unfinished = tempfile::Builder::new()
        .prefix(".cadastre-backup-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(ClusterError::io("create a file beside", file))?;
    let mut command = database.command("pg_dump")?;
    command
        .arg("--format=custom")
        .arg("--file")
        .arg(unfinished.path());
    run(&mut command)?;
    let fail = |error| ClusterError::io("write", file)(error);
    unfinished.as_file().sync_all().map_err(fail)?;
    unfinished
        .persist(file)
        .map_err(|error| fail(error.error))?;
    let size_bytes = fs::metadata(file).map_err(fail)?.len();
    Ok(Backup {
        file: file.to_path_buf(),
        size_bytes,
    })
}
