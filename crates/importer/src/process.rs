//! The parent's side of the worker process: starts it, gives it one job, hears its answers, and
//! turns its death into a plain report.

mod bounds;
mod conversation;
mod death;
mod raster;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use self::conversation::Conversation;
pub use self::death::{Death, ReaderStage};
pub use self::raster::CellBlocks;
use crate::protocol::{Event, Inspection, Job, SourceRecord};

/// How long the parent waits for the answers to a job, taken together: a little longer than the
/// processor time that the worker has, so that only a worker that hangs without working meets
/// this limit. What the parent does between two answers does not count.
const ANSWER_TIME: Duration = Duration::from_mins(11);

/// The environment that the worker inherits: where programs and coordinate tables lie.
const INHERITED: [&str; 7] = [
    "PATH",
    "LANG",
    "LD_LIBRARY_PATH",
    "GDAL_DATA",
    "PROJ_DATA",
    "PROJ_LIB",
    "RUST_BACKTRACE",
];

/// How the worker process is started.
#[derive(Clone, Debug)]
pub struct Worker {
    program: PathBuf,
    arguments: Vec<OsString>,
    answer_time: Duration,
}

/// Why a file was not inspected or read.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The worker process does not start.
    #[error("the reading program {program} does not start; the installation is damaged")]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The worker says why the file cannot be read, in plain words.
    #[error("{0}")]
    Refused(String),
    /// The worker stopped without an answer.
    #[error(
        "the file made its reader stop {stage} ({death}); nothing was changed; {}",
        death.way_out()
    )]
    Crashed {
        /// How far it was.
        stage: ReaderStage,
        /// How it stopped.
        death: Death,
    },
    /// The file holds more than the parent takes.
    #[error(
        "the file has {count} {what}, more than the {most} that one import may have; split it into \
         smaller files"
    )]
    TooMuch {
        /// What is counted.
        what: &'static str,
        /// How many there are, at least.
        count: u64,
        /// How many there may be.
        most: u64,
    },
    /// The worker answered what was not asked, or cannot be heard.
    #[error("the reader's answer cannot be understood; nothing was changed; try again")]
    Garbled {
        /// Why.
        source: io::Error,
    },
}

impl Worker {
    /// A worker that is `program` started with `arguments`.
    pub fn new(program: PathBuf, arguments: Vec<OsString>) -> Self {
        Self {
            program,
            arguments,
            answer_time: ANSWER_TIME,
        }
    }

    /// The worker inside this very program: its hidden subcommand `worker`. The program is named by
    /// what runs, not by its path: an upgrade may have put another version there.
    pub fn of_this_program() -> Self {
        Self::new("/proc/self/exe".into(), vec!["worker".into()])
    }

    /// The same worker, given up when its answers to a job take longer than `answer_time` together.
    #[must_use]
    pub fn with_answer_time(self, answer_time: Duration) -> Self {
        Self {
            answer_time,
            ..self
        }
    }

    /// What a file holds: the answer to a [`Job::Inspect`].
    ///
    /// # Errors
    /// [`WorkerError::Refused`] with the worker's words when the file cannot be read,
    /// [`WorkerError::TooMuch`] for more layers or fields than are taken, the other errors when
    /// the worker fails.
    pub async fn inspect(&self, job: &Job) -> Result<Inspection, WorkerError> {
        let mut conversation = self.start(job).await?;
        match conversation.next_event(ReaderStage::Inspecting).await? {
            Event::Inspected(inspection) => {
                conversation.end().await;
                bounds::check_inspection(&inspection)?;
                Ok(inspection)
            }
            _ => Err(unexpected_answer()),
        }
    }

    /// The records of a layer: the answers to a [`Job::Read`], batch after batch.
    ///
    /// # Errors
    /// [`WorkerError::Start`] and [`WorkerError::Garbled`] when the worker cannot be given the
    /// job; what is wrong with the file comes from [`Records::next`].
    pub async fn read(&self, job: &Job) -> Result<Records, WorkerError> {
        let conversation = self.start(job).await?;
        Ok(Records {
            conversation: Some(conversation),
            heard: 0,
            width: None,
        })
    }

    async fn start(&self, job: &Job) -> Result<Conversation, WorkerError> {
        let child = self
            .command()
            .spawn()
            .map_err(|source| WorkerError::Start {
                program: self.program.clone(),
                source,
            })?;
        let mut conversation =
            Conversation::with(child, self.answer_time).ok_or_else(unexpected_answer)?;
        conversation.give(job).await?;
        Ok(conversation)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(
                INHERITED
                    .iter()
                    .filter_map(|name| Some((name, std::env::var_os(name)?))),
            )
            .env("PROJ_NETWORK", "OFF")
            .env("GDAL_DRIVER_PATH", "disable")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// The records of a layer, in file order. Dropping it ends the worker.
#[derive(Debug)]
pub struct Records {
    conversation: Option<Conversation>,
    heard: u64,
    /// How many values each record has.
    width: Option<usize>,
}

impl Records {
    /// The next records, none after the last.
    ///
    /// # Errors
    /// [`WorkerError::Refused`] with the worker's words when a record cannot be read,
    /// [`WorkerError::TooMuch`] for more records than are taken, the other errors when the worker
    /// fails. After an error there are no further records.
    pub async fn next(&mut self) -> Result<Option<Vec<SourceRecord>>, WorkerError> {
        let Some(mut conversation) = self.conversation.take() else {
            return Ok(None);
        };
        let stage = ReaderStage::Reading {
            records: self.heard,
        };
        match conversation.next_event(stage).await? {
            Event::Records(records) => {
                self.heard = bounds::check_records(&records, self.heard, &mut self.width)?;
                self.conversation = Some(conversation);
                Ok(Some(records))
            }
            Event::Finished { records } if records == self.heard => {
                conversation.end().await;
                Ok(None)
            }
            _ => Err(unexpected_answer()),
        }
    }
}

fn unexpected_answer() -> WorkerError {
    WorkerError::Garbled {
        source: io::Error::other("an answer to another question"),
    }
}

#[cfg(test)]
mod tests;
