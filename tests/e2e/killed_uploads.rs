//! Uploads of which the service, its workers and the database are killed at any moment.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::home::Home;
use crate::process::{succeed, until};
use crate::reviewed::token;
use crate::service::Service;

/// So many files are sent.
const UPLOADS: usize = 200;
/// So many of them before each kill.
const TOGETHER: usize = 10;

/// What is killed.
#[derive(Clone, Copy, Debug)]
enum Victim {
    Service,
    Worker,
    Database,
}

/// Moments and victims that look random and are the same in each run (Knuth's MMIX generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn victim(&mut self) -> Victim {
        [Victim::Service, Victim::Worker, Victim::Database][usize::try_from(self.below(3)).unwrap()]
    }
}

/// A service with a database of its own, and a reviewer.
struct Mortal {
    home: Home,
    service: Option<Service>,
    token: String,
    workers_killed: usize,
}

impl Mortal {
    fn new() -> Self {
        let home = Home::new();
        let service = Some(home.start());
        let token = token(|| home.cadastre(), "reviewer");
        Self {
            home,
            service,
            token,
            workers_killed: 0,
        }
    }

    /// What the service answers; none while it, or its database, is dead.
    fn ask(&self, path: &str, arguments: &[&str]) -> Option<Value> {
        let url = format!("{}{path}", self.service.as_ref()?.url);
        let token = format!("Authorization: Bearer {}", self.token);
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--max-time", "60", "--header", &token, &url]);
        let answer = curl.args(arguments).output().unwrap();
        let document: Value = serde_json::from_slice(&answer.stdout).ok()?;
        document.get("id").is_some().then_some(document)
    }

    /// Sends a file until somebody says that it was accepted; the same key makes it one upload.
    fn send(&self, file: &Path, number: usize) -> Option<i64> {
        let key = format!("Idempotency-Key: file-{number}");
        let body = format!("@{}", file.display());
        let path = format!("uploads?file=file-{number}.csv");
        let sent = self.ask(&path, &["--header", &key, "--data-binary", &body])?;
        sent["id"].as_i64()
    }

    /// Publishes an upload that waits for it; none where it does not.
    fn publish(&self, id: i64) -> Option<Value> {
        self.ask(&format!("uploads/{id}/publish"), &["--request", "POST"])
    }

    fn kill(&mut self, victim: Victim) {
        match victim {
            Victim::Service => {
                self.service.take().unwrap().kill();
                self.service = Some(self.home.start());
            }
            Victim::Worker => {
                // One that has ended meanwhile needs no killing.
                let killed = workers(&self.home).into_iter();
                let killed = killed.filter(|worker| kill(*worker, Signal::SIGKILL).is_ok());
                self.workers_killed += killed.count();
            }
            Victim::Database => {
                kill(self.home.postmaster(), Signal::SIGKILL).unwrap();
                until("the database to be there again", || {
                    let ready = self.service.as_ref()?.get("health/ready");
                    (ready.status == 200).then_some(())
                });
            }
        }
    }

    /// Its state, once the service has nothing to do for it.
    fn settled(&self, id: i64) -> Value {
        until("an upload that is settled", || {
            let seen = self.ask(&format!("uploads/{id}"), &[])?;
            let state = seen["state"].as_str()?;
            let in_work = ["received", "inspecting", "publishing"].contains(&state);
            (!in_work).then_some(seen)
        })
    }
}

/// The worker processes of the service of a home, which have its process as their parent.
fn workers(home: &Home) -> Vec<Pid> {
    let found = Command::new("pgrep")
        .args(["-f", "cadastre worker"])
        .output()
        .unwrap();
    let all = String::from_utf8_lossy(&found.stdout).into_owned();
    let of_home = |pid: &Pid| {
        parent(*pid).is_some_and(|parent| {
            let environment = std::fs::read(format!("/proc/{parent}/environ")).unwrap_or_default();
            let path = home.path().display().to_string();
            environment
                .windows(path.len())
                .any(|part| part == path.as_bytes())
        })
    };
    let pids = all
        .lines()
        .filter_map(|line| line.parse().ok().map(Pid::from_raw));
    pids.filter(of_home).collect()
}

fn parent(pid: Pid) -> Option<Pid> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok().map(Pid::from_raw)
}

/// A file with one new facility.
fn survey(number: usize) -> String {
    let mut text = String::from("code;name;longitude;latitude;municipality\n");
    let (row, column) = (number / 20, number % 20);
    writeln!(
        text,
        "RS-70327-{:03};Јаловиште {number};{:.3};{:.3};70327",
        number + 300,
        22.0 + column_degrees(column),
        44.0 + column_degrees(row)
    )
    .unwrap();
    text
}

fn column_degrees(place: usize) -> f64 {
    f64::from(u32::try_from(place).unwrap()) * 0.01
}

#[test]
fn nothing_that_was_accepted_is_lost_or_published_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut mortal = Mortal::new();
    let mut chance = Chance(2014);
    let (mut ids, mut open) = (Vec::new(), Vec::new());
    for together in 0..UPLOADS / TOGETHER {
        for number in together * TOGETHER..(together + 1) * TOGETHER {
            let file = folder.path().join(format!("file-{number}.csv"));
            std::fs::write(&file, survey(number)).unwrap();
            ids.push(until("an accepted upload", || mortal.send(&file, number)));
        }
        open.extend(&ids[together * TOGETHER..]);
        // Those that are inspected are published while the others are.
        open.retain(|id| mortal.publish(*id).is_none());
        std::thread::sleep(Duration::from_millis(chance.below(400)));
        let victim = chance.victim();
        mortal.kill(victim);
    }
    let distinct: HashSet<i64> = ids.iter().copied().collect();
    assert_eq!(distinct.len(), UPLOADS);
    for id in &ids {
        let seen = mortal.settled(*id);
        if seen["state"] == "ready" {
            mortal.publish(*id);
        }
    }
    for id in &ids {
        let seen = mortal.settled(*id);
        assert_eq!(seen["state"], "published", "{seen}");
        assert!(seen["revision"].is_i64(), "{seen}");
    }
    sound(&mortal);
    mortal.service.take().unwrap().stop();
    mortal.home.assert_quiet();
}

/// One revision for each upload, one facility for each revision, and no file that nothing names.
fn sound(mortal: &Mortal) {
    let uploads = UPLOADS.to_string();
    for (what, sql) in [
        (
            "revisions",
            "select count(*) from revision where means = 'upload'",
        ),
        (
            "facilities",
            "select count(*) from facility where name like 'Јаловиште %' and code ~ '-(3|4)[0-9]{2}$'",
        ),
        (
            "versions",
            "select count(distinct facility.revision) from facility join revision on \
          revision.id = facility.revision where means = 'upload'",
        ),
    ] {
        assert_eq!(mortal.home.query(sql), uploads, "{what}");
    }
    assert_eq!(mortal.home.query("select count(*) from unsealed"), "0");
    succeed(mortal.home.cadastre().args(["audit", "verify"]));
    let uploads = mortal.home.path().join("uploads");
    let files = |part: &str| std::fs::read_dir(uploads.join(part)).map_or(0, Iterator::count);
    assert_eq!(files("originals"), UPLOADS);
    assert_eq!(files("incoming"), 0);
}
