//! Start and stop of the cluster, shared between processes.
//!
//! Using the cluster is a shared lock. Who leaves tries to make its lock exclusive: if
//! that works nobody else is left, and it stops the server. Who arrives meanwhile waits
//! for the lock and starts the server again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::account::check;
use super::config;
use super::create::{self, DATABASE};
use super::error::ClusterError;
use super::install::{Installation, SearchPlaces};
use super::layout::{self, Layout};
use super::locks::{self, Holders, Mode, Watch};
use super::postmaster::{self, Postmaster};

const POLL: Duration = Duration::from_millis(50);
/// How long children of a dead server may take to notice its death.
const ORPHAN_PATIENCE: Duration = Duration::from_mins(2);
/// A stop that waits for open sessions to roll back, in seconds; then sessions are cut.
const FAST_STOP_S: u32 = 60;
const IMMEDIATE_STOP_S: u32 = 30;
/// The log is set aside when larger.
const LARGEST_LOG_BYTES: u64 = 20 << 20;
const LOG_TAIL_LINES: usize = 8;
/// The server's words when a dead server's children still use its shared memory.
const ORPHANS_ALIVE: &str = "pre-existing shared memory block";

/// The use of the private cluster by this process.
///
/// Dropping it leaves the cluster, and stops the server when nobody else uses it; that
/// blocks until the server is down, so keep it out of asynchronous tasks.
#[derive(Debug)]
pub struct Lease {
    cluster: Cluster,
    socket_dir: PathBuf,
    lock: Option<File>,
}

/// What became of the server when its user left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Released {
    /// Others use it.
    StillUsed,
    /// `cadastre db start` asked to keep it.
    KeptRunning,
    Stopped,
}

impl Lease {
    /// Creates the cluster if needed, starts it if needed, and joins its users.
    ///
    /// `progress` gets a sentence for each long step, and one a second while waiting.
    ///
    /// # Errors
    /// When no suitable PostgreSQL is installed, the folders cannot be used, or the
    /// server does not start; see [`ClusterError`].
    pub fn acquire(home: &Path, mut progress: impl FnMut(&str)) -> Result<Self, ClusterError> {
        Self::acquire_with(home, &SearchPlaces::system(), &mut progress)
    }

    pub(super) fn acquire_with(
        home: &Path,
        places: &SearchPlaces,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, ClusterError> {
        let home = layout::open_home(home)?;
        let lock = locks::lock(&locks::users_lock(&home), Mode::Shared, progress)?;
        let _starting = locks::lock(&locks::start_lock(&home), Mode::Exclusive, progress)?;
        let cluster = Cluster::prepare(&home, places, progress)?;
        let socket_dir = cluster.ensure_running(progress)?;
        let lease = Self {
            cluster,
            socket_dir,
            lock: Some(lock),
        };
        create::ensure_database(
            &lease.cluster.layout,
            &lease.cluster.installation,
            &lease.socket_dir,
            progress,
        )?;
        Ok(lease)
    }

    /// The address of the database `cadastre`, for sqlx and for PostgreSQL's programs.
    pub fn url(&self) -> String {
        create::connection_url(&self.socket_dir, DATABASE)
    }

    /// Starts the server again if it died under us (killed, out of memory).
    ///
    /// # Errors
    /// As [`Lease::acquire`].
    pub fn revive(&mut self, mut progress: impl FnMut(&str)) -> Result<(), ClusterError> {
        let guard = locks::start_lock(&self.cluster.layout.home);
        let _starting = locks::lock(&guard, Mode::Exclusive, &mut progress)?;
        self.socket_dir = self.cluster.ensure_running(&mut progress)?;
        Ok(())
    }

    /// Leaves the cluster; the last one to leave stops the server.
    ///
    /// # Errors
    /// When the server cannot be stopped.
    pub fn release(mut self) -> Result<Released, ClusterError> {
        self.leave()
    }

    fn leave(&mut self) -> Result<Released, ClusterError> {
        let Some(lock) = self.lock.take() else {
            return Ok(Released::StillUsed);
        };
        let home = &self.cluster.layout.home;
        if !locks::try_lock(&lock, Mode::Exclusive, &locks::users_lock(home))? {
            return Ok(Released::StillUsed);
        }
        if keep_marker(home).exists() {
            return Ok(Released::KeptRunning);
        }
        self.cluster.stop()?;
        Ok(Released::Stopped)
    }

    pub(super) fn home(&self) -> &Path {
        &self.cluster.layout.home
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.cluster.installation.program(name)
    }

    pub(super) fn url_of(&self, database: &str) -> String {
        create::connection_url(&self.socket_dir, database)
    }

    /// Runs SQL in one of the cluster's databases; gives the reply's bare values.
    pub(super) fn sql(&self, database: &str, sql: &str) -> Result<String, ClusterError> {
        create::sql_in(&self.cluster.installation, &self.socket_dir, database, sql)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Err(error) = self.leave() {
            tracing::warn!(%error, "the private PostgreSQL was not stopped");
        }
    }
}

/// Starts the cluster and keeps it running until [`stop`].
///
/// # Errors
/// As [`Lease::acquire`].
pub fn start(home: &Path, progress: impl FnMut(&str)) -> Result<(), ClusterError> {
    let lease = Lease::acquire(home, progress)?;
    let marker = keep_marker(lease.home());
    fs::write(&marker, "").map_err(ClusterError::io("write", &marker))?;
    lease.release()?;
    Ok(())
}

/// Stops the cluster; gives false when it was not running.
///
/// # Errors
/// [`ClusterError::InUse`] while other processes use it, unless `force`.
pub fn stop(home: &Path, force: bool) -> Result<bool, ClusterError> {
    let Some(layout) = Layout::find(home)? else {
        return Ok(false);
    };
    let users = locks::users_lock(&layout.home);
    let lock = locks::open(&users)?;
    if !locks::try_lock(&lock, Mode::Exclusive, &users)? && !force {
        return Err(ClusterError::InUse {
            holders: Holders::of(&users),
        });
    }
    let guard = locks::start_lock(&layout.home);
    let _starting = locks::lock(&guard, Mode::Exclusive, &mut |_| ())?;
    let marker = keep_marker(&layout.home);
    if marker.exists() {
        fs::remove_file(&marker).map_err(ClusterError::io("remove", &marker))?;
    }
    let Some(cluster) = Cluster::existing(layout)? else {
        return Ok(false);
    };
    cluster.stop()
}

pub(super) fn keep_marker(home: &Path) -> PathBuf {
    home.join("keep-running")
}

/// A home's folders with the programs that fit its data.
#[derive(Debug)]
pub(super) struct Cluster {
    pub layout: Layout,
    pub installation: Installation,
}

impl Cluster {
    /// Finds the programs before it creates anything; looks again when the folders turn
    /// out to hold data from before.
    fn prepare(
        home: &Path,
        places: &SearchPlaces,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, ClusterError> {
        let known = Layout::find(home)?;
        let mut installation = fitting(places, known.as_ref())?;
        let layout = Layout::prepare(home, progress)?;
        if known.is_none() {
            installation = fitting(places, Some(&layout))?;
        }
        create::ensure_data(&layout, &installation, progress)?;
        Ok(Self {
            layout,
            installation,
        })
    }

    /// The cluster of a layout whose data folder exists.
    pub fn existing(layout: Layout) -> Result<Option<Self>, ClusterError> {
        if layout.data_major()?.is_none() {
            return Ok(None);
        }
        let installation = fitting(&SearchPlaces::system(), Some(&layout))?;
        Ok(Some(Self {
            layout,
            installation,
        }))
    }

    /// Gives the folder of the socket of the running server, which it starts if needed.
    fn ensure_running(&self, progress: &mut dyn FnMut(&str)) -> Result<PathBuf, ClusterError> {
        let mut watch = Watch::start();
        while let Some(found) = postmaster::find(&self.layout.data())? {
            if found.ready {
                return Ok(found.socket_dir);
            }
            watch.report(progress, still_starting);
            sleep(POLL);
        }
        let socket_dir = self.layout.socket_folder()?;
        if goes_on_answering(&socket_dir) {
            return Err(ClusterError::ServedElsewhere {
                data: self.layout.data(),
            });
        }
        postmaster::clear_traces(&self.layout.data(), &socket_dir, &self.layout.account)?;
        config::write(&self.layout, &self.layout.data(), &socket_dir)?;
        self.start(progress)?;
        Ok(socket_dir)
    }

    /// Starts the server; again while children of a dead one are still leaving.
    fn start(&self, progress: &mut dyn FnMut(&str)) -> Result<(), ClusterError> {
        self.set_large_log_aside()?;
        let mut watch = Watch::start();
        let mut saying: Saying = still_starting;
        loop {
            let log_bytes = log_length(&self.layout.log());
            if self.start_once(|| watch.report(progress, saying))? {
                return Ok(());
            }
            let tail = log_tail(&self.layout.log(), log_bytes);
            if !tail.contains(ORPHANS_ALIVE) || watch.elapsed() > ORPHAN_PATIENCE {
                return Err(ClusterError::StartFailed {
                    log: self.layout.log(),
                    tail,
                });
            }
            saying = still_leaving;
        }
    }

    /// Gives false when the server gave up; calls `meanwhile` until then.
    fn start_once(&self, mut meanwhile: impl FnMut()) -> Result<bool, ClusterError> {
        let mut child = self.spawn_start()?;
        loop {
            let state = child.try_wait().map_err(|source| ClusterError::Spawn {
                program: self.installation.program("pg_ctl"),
                source,
            })?;
            if let Some(status) = state {
                return Ok(status.success());
            }
            meanwhile();
            sleep(POLL);
        }
    }

    /// `pg_ctl` detaches the server from our terminal and tells its death from a long
    /// recovery, for which it waits without end.
    fn spawn_start(&self) -> Result<Child, ClusterError> {
        let program = self.installation.program("pg_ctl");
        let mut command = self.layout.account.command(&program);
        command
            .args([
                "start",
                "--wait",
                "--timeout=1000000",
                "--silent",
                "--pgdata",
            ])
            .arg(self.layout.data())
            .arg("--log")
            .arg(self.layout.log())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
            .spawn()
            .map_err(|source| ClusterError::Spawn { program, source })
    }

    fn set_large_log_aside(&self) -> Result<(), ClusterError> {
        let log = self.layout.log();
        if log_length(&log) <= LARGEST_LOG_BYTES {
            return Ok(());
        }
        fs::rename(&log, log.with_extension("log.1")).map_err(ClusterError::io("rename", &log))
    }

    /// Stops the server: first politely, then by cutting its sessions. Gives false when
    /// it was not running.
    pub fn stop(&self) -> Result<bool, ClusterError> {
        let Some(running) = postmaster::find(&self.layout.data())? else {
            return Ok(false);
        };
        for (mode, seconds) in [("fast", FAST_STOP_S), ("immediate", IMMEDIATE_STOP_S)] {
            if self.stop_once(mode, seconds).is_ok() || self.is_gone(&running)? {
                return Ok(true);
            }
        }
        Err(ClusterError::StopFailed {
            pid: running.pid,
            log: self.layout.log(),
        })
    }

    fn stop_once(&self, mode: &str, seconds: u32) -> Result<(), ClusterError> {
        let program = self.installation.program("pg_ctl");
        let mut command = self.layout.account.command(&program);
        command
            .args(["stop", "--wait", "--silent", "--mode", mode])
            .arg(format!("--timeout={seconds}"))
            .arg("--pgdata")
            .arg(self.layout.data());
        let output = command
            .output()
            .map_err(|source| ClusterError::Spawn { program, source })?;
        check(&command, &output)
    }

    fn is_gone(&self, running: &Postmaster) -> Result<bool, ClusterError> {
        let now = postmaster::find(&self.layout.data())?;
        Ok(now.is_none_or(|found| found.pid != running.pid))
    }
}

/// The programs for a layout's data; the best ones when there is no data yet.
fn fitting(places: &SearchPlaces, layout: Option<&Layout>) -> Result<Installation, ClusterError> {
    let Some(layout) = layout else {
        return Installation::find(places, None);
    };
    let data = layout.data();
    let wanted = layout.data_major()?.map(|major| (major, data.as_path()));
    Installation::find(places, wanted)
}

/// Words for a wait of so many seconds.
type Saying = fn(u64) -> String;

fn still_leaving(seconds: u64) -> String {
    format!("Waiting for the sessions of the killed PostgreSQL to end ({seconds} s)")
}

fn still_starting(seconds: u64) -> String {
    format!("PostgreSQL is starting; after a crash it first replays its log ({seconds} s)")
}

fn log_length(log: &Path) -> u64 {
    fs::metadata(log).map(|meta| meta.len()).unwrap_or_default()
}

/// The last lines that were written after the first `from_bytes` bytes.
fn log_tail(log: &Path, from_bytes: u64) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let from = usize::try_from(from_bytes).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes.get(from..).unwrap_or_default());
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
}

/// Whether a server answers for longer than what a killed one leaves behind: a process that it had
/// just started may hold its socket for a moment.
fn goes_on_answering(socket_dir: &Path) -> bool {
    const MOMENT: u32 = 20;
    (0..MOMENT).all(|_| {
        let answers = postmaster::answers(socket_dir);
        if answers {
            sleep(POLL);
        }
        answers
    })
}
