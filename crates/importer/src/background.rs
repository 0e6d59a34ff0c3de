//! Long work that leaves the processors to whoever answers readers.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread::Builder;

use rustix::process::{Pid, getpriority_process, nice, setpriority_process};
use store::staging::Backend;
use tokio::sync::oneshot::{Receiver, channel};

/// How much later than others its threads come by a processor (`nice`): a ninth of the share of others.
const NICE: i32 = 10;
/// The same of the database's process: a third. It holds locks that others may wait for.
pub const NICE_IN_DATABASE: i32 = 5;

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
    setpriority_process(Some(pid), now.max(NICE_IN_DATABASE))?;
    // Each process of PostgreSQL is a session, and where the kernel shares the processors out among
    // sessions, priorities only count within one: the session has its own (sched(7), "The autogroup feature").
    match OpenOptions::new()
        .write(true)
        .open(folder.join("autogroup"))
    {
        Ok(mut group) => group.write_all(NICE_IN_DATABASE.to_string().as_bytes()),
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
    use rustix::process::getpriority_process;

    use super::{NICE, run};

    #[test]
    fn only_the_thread_of_the_work_steps_back() {
        let priority = || getpriority_process(None).unwrap();
        let before = priority();
        let meanwhile = run(priority).blocking_recv().unwrap();
        assert_eq!(meanwhile, (before + NICE).min(19));
        assert_eq!(priority(), before);
        assert!(run(|| panic!("on purpose")).blocking_recv().is_err());
    }
}
