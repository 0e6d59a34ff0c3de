//! Why the worker stops.

use std::error::Error;
use std::fmt::Write as _;
use std::io;

/// A file that cannot be read: plain words that name what is wrong and the way out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure(pub(super) String);

/// Why a job ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file cannot be read.
    Failed(Failure),
    /// Nobody hears the answers any more.
    Unheard(io::Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A [`Failure`] from format arguments.
macro_rules! failure {
    ($($words:tt)*) => {
        $crate::worker::failure::Failure(format!($($words)*))
    };
}
pub(super) use failure;

/// An error and its causes in one line.
pub(super) fn with_causes(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a String does not fail.
        let _ = write!(words, ": {error}");
        cause = error.source();
    }
    words
}
