//! One job given to one worker process, and its answers.

use std::io;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, fcntl};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::WorkerError;
use super::death::{Death, ReaderStage};
use crate::protocol::{Event, Job, MAX_MESSAGE_BYTES};

/// How much of the worker's error output is kept for the log.
const MAX_LOG_BYTES: u64 = 64 * 1024;
/// How much a worker may say before it waits for a listener: as much as an unprivileged process may
/// have in a pipe.
const PIPE_BYTES: i32 = 1024 * 1024;
/// How long a worker may take to end after its last word.
const ENDING_TIME: Duration = Duration::from_secs(5);

/// A running worker. Dropping it kills the process.
#[derive(Debug)]
pub(super) struct Conversation {
    child: Child,
    /// Closed once the job is given.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    log: JoinHandle<String>,
    answer_time: Duration,
    waited: Duration,
    body: Vec<u8>,
}

impl Conversation {
    /// With a process whose three streams are pipes.
    pub(super) fn with(mut child: Child, answer_time: Duration) -> Option<Self> {
        let (orders, stdout, stderr) = (
            child.stdin.take()?,
            child.stdout.take()?,
            child.stderr.take()?,
        );
        if let Err(error) = fcntl(&stdout, FcntlArg::F_SETPIPE_SZ(PIPE_BYTES)) {
            tracing::debug!(%error, "the worker's pipe keeps its size");
        }
        Some(Self {
            child,
            orders: Some(orders),
            answers: BufReader::with_capacity(256 * 1024, stdout),
            log: tokio::spawn(collect_log(stderr)),
            answer_time,
            waited: Duration::ZERO,
            body: Vec::new(),
        })
    }

    /// Gives the worker its only job.
    pub(super) async fn give(&mut self, job: &Job) -> Result<(), WorkerError> {
        let message = framed(job).map_err(|source| WorkerError::Garbled { source })?;
        let Some(mut orders) = self.orders.take() else {
            return Ok(());
        };
        let given = timeout(self.answer_time, orders.write_all(&message)).await;
        // A worker that is dead already cannot take its job; why it died is heard next.
        if !matches!(given, Ok(Ok(()))) {
            tracing::warn!(?given, "the worker does not take its job");
        }
        Ok(())
    }

    /// The next answer; a worker's refusal and its death, at the given stage, are errors.
    pub(super) async fn next_event(&mut self, stage: ReaderStage) -> Result<Event, WorkerError> {
        let patience = self.answer_time.saturating_sub(self.waited);
        let began = Instant::now();
        let answer = timeout(patience, self.receive()).await;
        self.waited += began.elapsed();
        match answer {
            Ok(Ok(Event::Failed(words))) => {
                self.end().await;
                Err(WorkerError::Refused(words))
            }
            Ok(Ok(event)) => Ok(event),
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(self.death(stage).await)
            }
            Ok(Err(source)) => Err(WorkerError::Garbled { source }),
            Err(_elapsed) => Err(self.give_up(stage).await),
        }
    }

    async fn receive(&mut self) -> io::Result<Event> {
        let length =
            usize::try_from(self.answers.read_u32_le().await?).map_err(io::Error::other)?;
        if length > MAX_MESSAGE_BYTES {
            return Err(io::Error::other(format!("a message of {length} bytes")));
        }
        self.body.resize(length, 0);
        self.answers.read_exact(&mut self.body).await?;
        postcard::from_bytes(&self.body).map_err(io::Error::other)
    }

    /// Why the worker ended without an answer.
    async fn death(&mut self, stage: ReaderStage) -> WorkerError {
        let ended = timeout(ENDING_TIME, self.child.wait()).await;
        // One that has closed its output and runs on has nothing more to say.
        let kept_on = ended.is_err();
        if kept_on {
            self.kill().await;
        }
        let log = self.log().await;
        let death = match ended {
            Ok(Ok(status)) => Death::of(status, &log),
            Ok(Err(_)) | Err(_) => Death::Unseen,
        };
        report(&death.to_string(), &log);
        WorkerError::Crashed { stage, death }
    }

    async fn give_up(&mut self, stage: ReaderStage) -> WorkerError {
        self.kill().await;
        let death = Death::GivenUp {
            seconds: self.answer_time.as_secs(),
        };
        report(&death.to_string(), &self.log().await);
        WorkerError::Crashed { stage, death }
    }

    async fn kill(&mut self) {
        if let Err(error) = self.child.kill().await {
            tracing::warn!(%error, "the worker cannot be ended");
        }
    }

    /// Waits for a worker that has given its last answer.
    pub(super) async fn end(&mut self) {
        match timeout(ENDING_TIME, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => {}
            other => {
                tracing::warn!(?other, "the worker did not end well after its answer");
                self.kill().await;
            }
        }
        report("ended", &self.log().await);
    }

    /// The worker's error output, once it has ended.
    async fn log(&mut self) -> String {
        timeout(ENDING_TIME, &mut self.log)
            .await
            .ok()
            .and_then(Result::ok)
            .unwrap_or_default()
    }
}

fn report(outcome: &str, log: &str) {
    if !log.trim().is_empty() {
        tracing::info!(outcome, log, "messages of the worker");
    }
}

/// All of the worker's error output is drained, so that it never waits; its beginning is kept.
async fn collect_log(mut stderr: ChildStderr) -> String {
    let mut kept = Vec::new();
    let reading = (&mut stderr)
        .take(MAX_LOG_BYTES)
        .read_to_end(&mut kept)
        .await;
    let draining = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
    if let Err(error) = reading.map(|_| ()).and(draining.map(|_| ())) {
        tracing::debug!(%error, "the worker's error output was not read to its end");
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn framed(job: &Job) -> io::Result<Vec<u8>> {
    let body = postcard::to_stdvec(job).map_err(io::Error::other)?;
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    Ok([&length.to_le_bytes(), body.as_slice()].concat())
}
