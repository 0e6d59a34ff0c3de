//! Restores a backup into the private cluster, beside the database in use, and puts it
//! in that one's place only when it is complete.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::thread::{available_parallelism, sleep};
use std::time::Duration;

use super::account::{plain_command, run};
use super::create::DATABASE;
use super::error::ClusterError;
use super::lifecycle::Lease;
use super::locks::{ServeLock, Watch};
use super::tools::Database;

/// Any database to stand in while others are created and renamed.
const MAINTENANCE: &str = "postgres";
/// A closed session takes a moment to vanish from the server's list.
const SESSION_PATIENCE: Duration = Duration::from_secs(2);
const MAX_JOBS: usize = 4;

/// A finished restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The name under which the former database is kept.
    pub kept_as: String,
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kept_as } = self;
        write!(
            f,
            "restored; the former database is kept as {kept_as}, delete it with: cadastre db psql -c 'DROP DATABASE {kept_as}'"
        )
    }
}

/// Replaces the database by a backup of [`super::backup`].
///
/// On any failure the database in use stays as it was.
///
/// # Errors
/// [`ClusterError::RestoreExternal`] for a database outside the private cluster,
/// [`ClusterError::HomeTaken`] while a service runs, [`ClusterError::DatabaseBusy`]
/// while other sessions are open, and whatever `pg_restore` objects to.
pub fn restore(
    database: &Database<'_>,
    file: &Path,
    mut progress: impl FnMut(&str),
) -> Result<Restored, ClusterError> {
    let Database::Private(lease) = database else {
        return Err(ClusterError::RestoreExternal);
    };
    let _alone = ServeLock::take(lease.home(), "restoring a backup")?;
    run(plain_command(&lease.program("pg_restore"))
        .arg("--list")
        .arg(file))?;
    wait_for_quiet(lease)?;
    let fresh = create_database(lease)?;
    let outcome = fill(lease, &fresh, file, &mut progress).and_then(|()| swap(lease, &fresh));
    if outcome.is_err() {
        remove(lease, &fresh);
    }
    outcome
}

fn wait_for_quiet(lease: &Lease) -> Result<(), ClusterError> {
    let watch = Watch::start();
    loop {
        let sessions = number(
            lease,
            &format!(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = '{DATABASE}' AND backend_type = 'client backend'"
            ),
        )?;
        if sessions == 0 {
            return Ok(());
        }
        if watch.elapsed() > SESSION_PATIENCE {
            return Err(ClusterError::DatabaseBusy {
                database: DATABASE,
                sessions,
            });
        }
        sleep(Duration::from_millis(100));
    }
}

/// Creates `cadastre_restore_<n>` with the next free number. `template0` because the
/// backup brings its extensions along.
fn create_database(lease: &Lease) -> Result<String, ClusterError> {
    let prefix = format!("{DATABASE}_restore_");
    let last = number(
        lease,
        &format!(
            "SELECT coalesce(max(substr(datname, {})::int), 0) FROM pg_database WHERE datname ~ '^{prefix}[0-9]{{1,6}}$'",
            prefix.len() + 1
        ),
    )?;
    let name = format!("{prefix}{}", last + 1);
    lease.sql(
        MAINTENANCE,
        &format!("CREATE DATABASE {name} TEMPLATE template0"),
    )?;
    Ok(name)
}

fn fill(
    lease: &Lease,
    fresh: &str,
    file: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<(), ClusterError> {
    progress(&format!("Restoring {} into {fresh}", file.display()));
    run(&mut pg_restore(lease, fresh, file))?;
    progress("Counting for the query planner");
    lease.sql(fresh, "ANALYZE")?;
    Ok(())
}

fn pg_restore(lease: &Lease, database: &str, file: &Path) -> Command {
    let jobs = available_parallelism().map_or(1, usize::from).min(MAX_JOBS);
    let mut command = plain_command(&lease.program("pg_restore"));
    command
        .args(["--exit-on-error", "--no-owner", "--no-privileges"])
        .arg(format!("--jobs={jobs}"))
        .arg("-d")
        .arg(lease.url_of(database))
        .arg(file);
    command
}

/// Renames both databases in one transaction.
fn swap(lease: &Lease, fresh: &str) -> Result<Restored, ClusterError> {
    let time = lease.sql(
        MAINTENANCE,
        "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MISS_MS')",
    )?;
    let kept_as = format!("{DATABASE}_before_restore_{time}");
    lease.sql(
        MAINTENANCE,
        &format!(
            "BEGIN; ALTER DATABASE {DATABASE} RENAME TO {kept_as}; ALTER DATABASE {fresh} RENAME TO {DATABASE}; COMMIT"
        ),
    )?;
    Ok(Restored { kept_as })
}

fn remove(lease: &Lease, database: &str) {
    let sql = format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    if let Err(error) = lease.sql(MAINTENANCE, &sql) {
        tracing::warn!(%error, database, "the unfinished copy was not deleted");
    }
}

fn number(lease: &Lease, sql: &str) -> Result<u32, ClusterError> {
    let reply = lease.sql(MAINTENANCE, sql)?;
    reply.parse().map_err(|_| ClusterError::Reply {
        program: "psql".to_owned(),
        reply,
    })
}
