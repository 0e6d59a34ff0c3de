//! Long work that leaves the processors to whoever answers readers.

use std::thread::Builder;

use tokio::sync::oneshot::{Receiver, channel};

/// How much later than others it comes by a processor (`nice`): a ninth of the share of others.
const NICE: i32 = 10;

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
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "an import does not step back");
    }
}

#[cfg(test)]
mod tests {
    use super::{NICE, run};

    #[test]
    fn only_the_thread_of_the_work_steps_back() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let before = priority();
        let meanwhile = run(priority).blocking_recv().unwrap();
        assert_eq!(meanwhile, (before + NICE).min(19));
        assert_eq!(priority(), before);
        assert!(run(|| panic!("on purpose")).blocking_recv().is_err());
    }
}
