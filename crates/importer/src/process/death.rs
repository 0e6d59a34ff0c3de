//! How a worker died, in plain words.

use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

/// How far the reader was when it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderStage {
    /// It looked what the file holds.
    Inspecting,
    /// It read records.
    Reading {
        /// How many had arrived.
        records: u64,
    },
    /// It read the cells of a raster.
    ReadingCells {
        /// How much of them had arrived.
        percent: u8,
    },
}

impl fmt::Display for ReaderStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inspecting => write!(f, "while inspecting it"),
            Self::Reading { records: 0 } => write!(f, "while reading it, before the first record"),
            Self::Reading { records: 1 } => write!(f, "while reading it, after 1 record"),
            Self::Reading { records } => write!(f, "while reading it, after {records} records"),
            Self::ReadingCells { percent } => {
                write!(f, "while reading it, after {percent} % of its cells")
            }
        }
    }
}

/// How a worker ended that gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// It needed more memory than it may have, or than there is.
    OutOfMemory {
        /// The signal.
        signal: i32,
    },
    /// Something outside ended it, which never says why: the system when memory runs short, an
    /// operator, a limit of processor time that the operator set.
    Killed {
        /// The signal.
        signal: i32,
    },
    /// It needed more processor time than it may have.
    OutOfTime {
        /// The signal.
        signal: i32,
    },
    /// It wrote a larger file than it may.
    FileSize {
        /// The signal.
        signal: i32,
    },
    /// The reading libraries met a state in which they cannot go on.
    Crash {
        /// The signal.
        signal: i32,
    },
    /// A defect of the reader itself.
    Defect {
        /// The exit code.
        code: i32,
    },
    /// It went without a word.
    Silent {
        /// The exit code.
        code: i32,
    },
    /// It did not answer in the time that it has, and was ended.
    GivenUp {
        /// That time.
        seconds: u64,
    },
    /// How it ended was not seen.
    Unseen,
}

/// Signal numbers are those of Linux on every platform that the register runs on.
mod signal {
    pub(super) const ABORT: i32 = 6;
    pub(super) const KILL: i32 = 9;
    pub(super) const CPU_TIME: i32 = 24;
    pub(super) const FILE_SIZE: i32 = 25;
}

/// With this code a Rust program ends that panics.
const PANICKED: i32 = 101;

/// What Rust and C++ programs say when memory is refused to them, before they abort.
const OUT_OF_MEMORY: [&str; 3] = ["memory allocation of", "bad_alloc", "Out of memory"];

impl Death {
    /// From how the process ended and what it said on its error output.
    pub(super) fn of(status: ExitStatus, log: &str) -> Self {
        match (status.signal(), status.code()) {
            (Some(signal @ signal::ABORT), _)
                if OUT_OF_MEMORY.iter().any(|it| log.contains(it)) =>
            {
                Self::OutOfMemory { signal }
            }
            (Some(signal @ signal::KILL), _) => Self::Killed { signal },
            (Some(signal @ signal::CPU_TIME), _) => Self::OutOfTime { signal },
            (Some(signal @ signal::FILE_SIZE), _) => Self::FileSize { signal },
            (Some(signal), _) => Self::Crash { signal },
            (None, Some(code @ PANICKED)) => Self::Defect { code },
            (None, Some(code)) => Self::Silent { code },
            (None, None) => Self::Unseen,
        }
    }

    /// What the sender of the file can do.
    pub(super) fn way_out(self) -> &'static str {
        match self {
            Self::Killed { .. } => {
                "try again; if it happens again, split the survey into smaller files and import one \
                 after the other"
            }
            Self::OutOfMemory { .. } | Self::OutOfTime { .. } | Self::GivenUp { .. } => {
                "split the survey into smaller files and import one after the other"
            }
            _ => "open the file in QGIS, export it again and try with the new file",
        }
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfMemory { signal } => write!(f, "out of memory, signal {signal}"),
            Self::Killed { signal } => write!(
                f,
                "ended from outside, signal {signal}: most often the system does that when memory runs \
                 short"
            ),
            Self::OutOfTime { signal } => write!(f, "time limit, signal {signal}"),
            Self::FileSize { signal } => write!(f, "file size limit, signal {signal}"),
            Self::Crash { signal } => write!(f, "crash, signal {signal}"),
            Self::Defect { code } => write!(f, "a defect of the reader, exit code {code}"),
            Self::Silent { code } => write!(f, "no answer, exit code {code}"),
            Self::GivenUp { seconds } => write!(f, "time limit of {seconds} s"),
            Self::Unseen => write!(f, "no answer"),
        }
    }
}
