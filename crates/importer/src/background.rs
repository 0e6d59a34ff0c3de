//! Long work that leaves the processors to whoever answers readers.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread::Builder;

use rustix::process::{Pid, getpriority_process, nice, setpriority_process};
use store::staging::Backend;
use tokio::sync::oneshot::{Receiver, channel};

/// How much later than others it comes by a processor (`nice`): a third of the share of others. Far behind
/// busy readers, an import would keep its locks for long.
const NICE: i32 = 5;

/// Runs something long on a thread of its own, behind others. The receiver fails where it panicked or no
/// thread could be had.
pub fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (answer, answered) = channel();
    let begun = Builder::new().name("import".to_owned()).spawn(move || {
        step_back();
        // Nobody waits any more: the import was given up.
        answer.send(work()).ok();
    });
    if let Err(error) = begun {
        tracing::error!(%error, "no thread for an import");
    }
    answered
}

/// Lets others go first from now on. Linux does so for the calling thread alone, and for those that it
/// begins (setpriority(2), "C library/kernel differences").
pub fn step_back() {
    if let Err(error) = nice(NICE) {
        tracing::debug!(%error, "an import does not step back");
    }
}

/// Lets others go before the database's part of the work too, which is the larger one. Nothing happens
/// where the database is on another machine, or works for somebody whom we may not slow down.
///
/// A user may not take this back: the connection must be closed afterwards.
pub fn step_back_in_database(backend: &Backend) {
    if let Err(error) = slow_down(backend) {
        tracing::debug!(%error, pid = backend.pid, "the database does not step back for an import");
    }
}

fn slow_down(backend: &Backend) -> io::Result<()> {
    let (pid, folder) = process_of(backend)?;
    let now = getpriority_process(Some(pid))?;
    setpriority_process(Some(pid), now.max(NICE))?;
    // Each process of PostgreSQL is a session, and where the kernel shares the processors out among
    // sessions, priorities only count within one: the session has its own (sched(7), "The autogroup feature").
    match OpenOptions::new()
        .write(true)
        .open(folder.join("autogroup"))
    {
        Ok(mut group) => group.write_all(NICE.to_string().as_bytes()),
        Err(_) => Ok(()),
    }
}

/// Our backend's process, if it is one of this machine: one there that calls itself like it.
fn process_of(backend: &Backend) -> io::Result<(Pid, PathBuf)> {
    let folder = Path::new("/proc").join(backend.pid.to_string());
    let title = fs::read(folder.join("cmdline"))?;
    let title = String::from_utf8_lossy(&title);
    let is_ours =
        title.starts_with("postgres: ") && title.contains(&format!(" {} ", backend.title));
    let pid = Pid::from_raw(backend.pid).filter(|_| is_ours);
    pid.map(|pid| (pid, folder))
        .ok_or_else(|| io::Error::other(format!("the process is another one: {title}")))
}

#[cfg(test)]
mod tests {
    use std::fs::read_to_string;

    use domain::layers::FACILITIES;
    use rustix::process::getpriority_process;
    use sqlx::postgres::PgPool;
    use store::Store;
    use store::staging::{Backend, Staging};

    use super::{NICE, run, slow_down, step_back_in_database};

    #[test]
    fn only_the_thread_of_the_work_steps_back() {
        let priority = || getpriority_process(None).unwrap();
        let before = priority();
        let meanwhile = run(priority).blocking_recv().unwrap();
        assert_eq!(meanwhile, (before + NICE).min(19));
        assert_eq!(priority(), before);
        assert!(run(|| panic!("on purpose")).blocking_recv().is_err());
    }

    /// proc(5): the nineteenth value of `/proc/<pid>/stat`, of which the second may hold blanks.
    fn niceness(backend: &Backend) -> i32 {
        let stat = read_to_string(format!("/proc/{}/stat", backend.pid)).unwrap();
        let (_, from_third) = stat.rsplit_once(')').unwrap();
        let value = from_third.split_whitespace().nth(19 - 3).unwrap();
        value.parse().unwrap()
    }

    async fn begun(store: &Store) -> (Staging, Backend) {
        let mut staging = Staging::begin(store, &FACILITIES).await.unwrap();
        let backend = staging.backend().await.unwrap();
        (staging, backend)
    }

    #[sqlx::test(migrator = "store::MIGRATIONS")]
    async fn the_database_steps_back_on_a_connection_that_nobody_uses_again(pool: PgPool) {
        let store = Store::over(pool);
        let (staging, backend) = begun(&store).await;
        let before = niceness(&backend);
        step_back_in_database(&backend);
        assert_eq!(niceness(&backend), before.max(NICE));
        if let Ok(group) = read_to_string(format!("/proc/{}/autogroup", backend.pid)) {
            assert!(group.ends_with(&format!(" nice {NICE}\n")), "{group}");
        }
        staging.discard().await.unwrap();
        let (staging, another) = begun(&store).await;
        assert_ne!(another.pid, backend.pid);
        assert_eq!(niceness(&another), before);
        staging.discard().await.unwrap();
        store.close().await;
    }

    #[sqlx::test(migrator = "store::MIGRATIONS")]
    async fn no_other_process_is_slowed_down(pool: PgPool) {
        let store = Store::over(pool);
        let (staging, backend) = begun(&store).await;
        let (pid, title) = (backend.pid, backend.title.clone());
        let own = getpriority_process(None).unwrap();
        let ourselves = i32::try_from(std::process::id()).unwrap();
        let elsewhere = title.replace("[local]", "192.0.2.1(5000)");
        for other in [
            Backend {
                pid: ourselves,
                title: title.clone(),
            },
            Backend {
                pid,
                title: elsewhere,
            },
            Backend {
                pid,
                title: format!("another_{title}"),
            },
            Backend { pid: 0, title },
        ] {
            let before = niceness(&backend);
            slow_down(&other).expect_err(&other.title);
            assert_eq!(niceness(&backend), before);
            assert_eq!(getpriority_process(None).unwrap(), own);
        }
        staging.discard().await.unwrap();
        store.close().await;
    }
}
