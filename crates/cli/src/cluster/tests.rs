//! The cluster on real servers: crashes, stale traces, several users at once.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use tempfile::TempDir;

use super::account::{Account, plain_command};
use super::error::ClusterError;
use super::install::{Installation, SearchPlaces};
use super::layout::{Layout, system_base};
use super::lifecycle::Released;
use super::postmaster;
use super::*;

mod backups;

/// A home in a temporary folder; the server is stopped and its traces removed at the end.
struct Home {
    root: TempDir,
    path: PathBuf,
}

impl Home {
    /// A home that the server's user can reach.
    fn open() -> Self {
        Self::named("home")
    }

    fn named(name: &str) -> Self {
        let home = Self::hidden(name);
        fs::set_permissions(home.root.path(), Permissions::from_mode(0o755)).unwrap();
        home
    }

    /// A home under a folder of mode 0700.
    fn hidden(name: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o700)).unwrap();
        let path = root.path().canonicalize().unwrap().join(name);
        Self { root, path }
    }

    fn lease(&self) -> Lease {
        Lease::acquire(&self.path, |_| ()).unwrap()
    }

    fn layout(&self) -> Layout {
        Layout::find(&self.path).unwrap().unwrap()
    }

    fn pid(&self) -> Option<i32> {
        let found = postmaster::find(&self.layout().data()).unwrap();
        found.map(|postmaster| postmaster.pid)
    }

    /// Kills the server without a chance to clean up, and waits for its death.
    fn kill_server(&self) -> i32 {
        let pid = self.pid().unwrap();
        kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
        for _ in 0..500 {
            if self.pid().is_none() {
                return pid;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("process {pid} is killed and still believed to be the server");
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        stop(&self.path, true).ok();
        if let Ok(Some(layout)) = Layout::find(&self.path) {
            if let Ok(folder) = layout.socket_folder() {
                fs::remove_dir_all(folder).ok();
            }
            fs::remove_dir_all(&layout.base).ok();
        }
        // Left empty by the last home that went there.
        fs::remove_dir("/var/lib/cadastre").ok();
    }
}

fn text(lease: &Lease, sql: &str) -> String {
    lease.sql("cadastre", sql).unwrap()
}

/// A process of the server's user that has nothing to do with PostgreSQL.
fn bystander(account: &Account) -> Child {
    let mut command = account.command(Path::new("/bin/sleep"));
    command.arg("120").spawn().unwrap()
}

#[test]
fn a_new_home_gets_a_database_with_postgis_and_the_promised_settings() {
    let home = Home::open();
    let mut said = Vec::new();
    let lease = Lease::acquire(&home.path, |line| said.push(line.to_owned())).unwrap();
    assert!(
        said.iter()
            .any(|line| line.starts_with("Creating the private")),
        "{said:?}"
    );
    assert!(text(&lease, "SELECT postgis_version()").starts_with("3."));
    let settings = [
        ("listen_addresses", ""),
        ("work_mem", "32MB"),
        ("jit", "off"),
        ("max_connections", "60"),
        ("timezone", "UTC"),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
        ("lc_ctype", "C.UTF-8"),
    ];
    for (name, value) in settings {
        assert_eq!(text(&lease, &format!("SHOW {name}")), value, "{name}");
    }
    let in_template = lease.sql(
        "template1",
        "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'",
    );
    assert_eq!(in_template.unwrap(), "1");
    let shown = status(&home.path).unwrap().to_string();
    assert!(
        shown.starts_with(&format!("running, process {}", home.pid().unwrap())),
        "{shown}"
    );
    assert_eq!(lease.release().unwrap(), Released::Stopped);
    let shown = status(&home.path).unwrap().to_string();
    assert!(shown.starts_with("stopped\nversion: PostgreSQL"), "{shown}");
}

#[test]
fn the_last_of_two_users_stops_the_server() {
    let home = Home::open();
    let (first, second) = (home.lease(), home.lease());
    assert_eq!(first.url(), second.url());
    let error = stop(&home.path, false).unwrap_err().to_string();
    assert!(
        error.contains(&format!("process {}", std::process::id())),
        "{error}"
    );
    assert_eq!(first.release().unwrap(), Released::StillUsed);
    assert_eq!(text(&second, "SELECT 1"), "1");
    drop(second);
    assert_eq!(home.pid(), None);
}

#[test]
fn two_users_who_arrive_at_once_share_one_server() {
    let home = Home::open();
    let leases = thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(|| home.lease()));
        threads.map(|thread| thread.join().unwrap())
    });
    for lease in &leases {
        assert_eq!(
            text(
                lease,
                "SELECT count(*) FROM pg_database WHERE datname = 'cadastre'"
            ),
            "1"
        );
    }
}

#[test]
fn a_started_cluster_stays_until_it_is_stopped() {
    let home = Home::open();
    start(&home.path, |_| ()).unwrap();
    let pid = home.pid();
    assert!(pid.is_some());
    assert_eq!(home.lease().release().unwrap(), Released::KeptRunning);
    assert_eq!(home.pid(), pid);
    assert!(stop(&home.path, false).unwrap());
    assert_eq!(home.pid(), None);
    assert!(!stop(&home.path, false).unwrap());
    assert_eq!(home.lease().release().unwrap(), Released::Stopped);
}

#[test]
fn a_killed_server_is_started_again_with_all_that_was_committed() {
    let home = Home::open();
    let mut lease = home.lease();
    text(
        &lease,
        "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)",
    );
    let old = home.kill_server();
    lease.revive(|_| ()).unwrap();
    assert_ne!(home.pid(), Some(old));
    assert_eq!(text(&lease, "SELECT n FROM kept"), "7");
    home.kill_server();
    drop(lease);
    assert_eq!(text(&home.lease(), "SELECT n FROM kept"), "7");
}

#[test]
fn a_session_that_outlives_its_server_is_waited_for() {
    let home = Home::open();
    let mut lease = home.lease();
    let mut client = Command::new(lease.program("psql"))
        .args(["-X", "-d", &lease.url(), "-c", "SELECT pg_sleep(60)"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let sleeping = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'";
    let session = (0..200)
        .find_map(|_| text(&lease, sleeping).parse().ok())
        .map(Pid::from_raw)
        .unwrap();
    kill(session, Signal::SIGSTOP).unwrap();
    home.kill_server();
    let waker = thread::spawn(move || {
        thread::sleep(Duration::from_millis(1500));
        kill(session, Signal::SIGCONT).unwrap();
    });
    let mut said = Vec::new();
    lease.revive(|line| said.push(line.to_owned())).unwrap();
    waker.join().unwrap();
    assert!(
        said.iter()
            .any(|line| line.starts_with("Waiting for the sessions")),
        "{said:?}"
    );
    assert_eq!(text(&lease, "SELECT 1"), "1");
    client.wait().unwrap();
}

#[test]
fn the_server_of_a_killed_service_is_reused() {
    let home = Home::open();
    let lease = home.lease();
    let pid = home.pid();
    // A killed process loses its lock and runs no destructor.
    std::mem::forget(lease);
    let next = home.lease();
    assert_eq!(home.pid(), pid);
    assert_eq!(text(&next, "SELECT 1"), "1");
}

#[test]
fn a_stale_pid_file_that_names_a_living_process_is_not_believed() {
    let home = Home::open();
    let lease = home.lease();
    let socket_dir = home.layout().socket_folder().unwrap();
    home.kill_server();
    let mut other = bystander(&home.layout().account);
    for file in [
        home.layout().data().join("postmaster.pid"),
        socket_dir.join(".s.PGSQL.5432.lock"),
    ] {
        let old = fs::read_to_string(&file).unwrap();
        let (_, rest) = old.split_once('\n').unwrap();
        fs::write(&file, format!("{}\n{rest}", other.id())).unwrap();
    }
    assert_eq!(home.pid(), None);
    drop(lease);
    assert!(
        other.try_wait().unwrap().is_none(),
        "the bystander must live"
    );
    assert_eq!(text(&home.lease(), "SELECT 1"), "1");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn an_interrupted_creation_is_done_again() {
    let home = Home::open();
    let mut initdb = interrupted_creation(&home.path);
    let lease = home.lease();
    assert_eq!(text(&lease, "SELECT 1"), "1");
    initdb.wait().unwrap();
    let entries = fs::read_dir(home.layout().base).unwrap();
    let names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        !names.iter().any(|name| name.starts_with("data.new")),
        "{names:?}"
    );
    // Killed after the folder, before the database.
    text(&lease, "SELECT 1");
    lease
        .sql("postgres", "DROP DATABASE cadastre WITH (FORCE)")
        .unwrap();
    fs::remove_file(home.layout().created_marker()).unwrap();
    drop(lease);
    assert!(text(&home.lease(), "SELECT postgis_version()").starts_with("3."));
}

/// An `initdb` that is still at work for a creator that was killed.
fn interrupted_creation(home: &Path) -> Child {
    fs::create_dir_all(home).unwrap();
    let layout = Layout::prepare(home, &mut |_| ()).unwrap();
    let unfinished = layout.base.join("data.new.killed");
    layout.account.private_folder(&unfinished).unwrap();
    let found = Installation::find(&SearchPlaces::system(), None).unwrap();
    let mut command = layout.account.command(&found.program("initdb"));
    let child = command
        .arg("--pgdata")
        .arg(&unfinished)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !unfinished.join("base").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn a_long_home_path_gets_its_socket_elsewhere() {
    let home = Home::named(&"rudarski-otpad".repeat(8));
    let lease = home.lease();
    let socket_dir = home.layout().socket_folder().unwrap();
    assert!(
        !socket_dir.starts_with(&home.path),
        "{}",
        socket_dir.display()
    );
    let mode = fs::metadata(&socket_dir).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert_eq!(text(&lease, "SELECT 1"), "1");
}

#[test]
fn a_socket_folder_of_another_user_is_refused() {
    if !geteuid().is_root() {
        return;
    }
    let home = Home::named(&"rudarski-otpad".repeat(8));
    drop(home.lease());
    let socket_dir = home.layout().socket_folder().unwrap();
    std::os::unix::fs::chown(&socket_dir, Some(12345), None).unwrap();
    let error = Lease::acquire(&home.path, |_| ()).unwrap_err();
    assert!(
        matches!(error, ClusterError::ForeignFolder { owner: 12345, .. }),
        "{error}"
    );
    fs::remove_dir_all(&socket_dir).unwrap();
}

#[test]
fn a_home_that_the_server_cannot_reach_keeps_its_data_in_the_system_folder() {
    if !geteuid().is_root() {
        return;
    }
    let home = Home::hidden("home");
    let mut said = Vec::new();
    let lease = Lease::acquire(&home.path, |line| said.push(line.to_owned())).unwrap();
    let base = system_base(&home.path);
    assert_eq!(fs::read_link(home.path.join("postgresql")).unwrap(), base);
    assert!(
        said.iter()
            .any(|line| line.contains(base.to_str().unwrap())),
        "{said:?}"
    );
    assert_eq!(text(&lease, "SELECT 1"), "1");
    let copy = home.path.with_file_name("copy");
    fs::create_dir(&copy).unwrap();
    symlink(&base, copy.join("postgresql")).unwrap();
    let error = Lease::acquire(&copy, |_| ()).unwrap_err();
    assert!(
        matches!(error, ClusterError::ClaimedByOther { .. }),
        "{error}"
    );
}

#[test]
fn data_of_another_version_is_left_alone() {
    let home = Home::open();
    fs::create_dir_all(&home.path).unwrap();
    let layout = Layout::prepare(&home.path, &mut |_| ()).unwrap();
    fs::create_dir(layout.data()).unwrap();
    fs::write(layout.data().join("PG_VERSION"), "9\n").unwrap();
    let error = Lease::acquire(&home.path, |_| ()).unwrap_err().to_string();
    assert!(
        error.contains("is of PostgreSQL 9, installed is PostgreSQL"),
        "{error}"
    );
    assert!(
        error.contains("install the package postgresql-9"),
        "{error}"
    );
}

#[test]
fn without_postgis_nothing_is_created() {
    let home = Home::open();
    let fake = tempfile::tempdir().unwrap();
    let real = Installation::find(&SearchPlaces::system(), None).unwrap();
    let bin = fake.path().join(real.major.to_string()).join("bin");
    fs::create_dir_all(&bin).unwrap();
    for program in ["initdb", "pg_ctl", "postgres"] {
        symlink(real.program(program), bin.join(program)).unwrap();
    }
    let places = SearchPlaces {
        versions: fake.path().into(),
        shared: fake.path().join("share"),
        path: fake.path().into(),
    };
    let error = Lease::acquire_with(&home.path, &places, &mut |_| ()).unwrap_err();
    let package = format!("postgresql-{}-postgis-3", real.major);
    assert!(error.to_string().contains(&package), "{error}");
    assert!(!home.path.join("postgresql").exists());
}

#[test]
fn only_the_runner_of_the_program_gets_in() {
    if !geteuid().is_root() {
        return;
    }
    let home = Home::open();
    let lease = home.lease();
    let socket_dir = home.layout().socket_folder().unwrap();
    // Past the folder's permissions, the server itself must still refuse.
    for folder in [&socket_dir, &socket_dir.join(".s.PGSQL.5432")] {
        fs::set_permissions(folder, Permissions::from_mode(0o777)).unwrap();
    }
    let attempt = |user: &str| {
        let found = nix::unistd::User::from_name(user).unwrap().unwrap();
        let mut command = plain_command(&lease.program("psql"));
        std::os::unix::process::CommandExt::uid(&mut command, found.uid.as_raw());
        command
            .args(["-X", "-d", &lease.url(), "-c", "SELECT 1"])
            .output()
            .unwrap()
    };
    assert!(attempt("postgres").status.success());
    let refused = attempt("nobody");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("Peer authentication failed"), "{said}");
}
