//! The parent's side of the worker process: starts it, gives it one job, hears its answers, and
//! turns its death into a plain report.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::protocol::{Event, Inspection, Job, MAX_MESSAGE_BYTES, SourceRecord};

/// How long the parent waits for the next answer: a little longer than the processor time that
/// the worker has, so that only a worker that hangs without working meets this limit.
const ANSWER_TIME: Duration = Duration::from_mins(11);

/// How much of the worker's error output is kept for the log.
const MAX_LOG_BYTES: u64 = 64 * 1024;

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
        "the file made its reader stop ({reason}); nothing was changed; open the file in QGIS, \
         export it again and try with the new file"
    )]
    Crashed {
        /// How it stopped, in plain words.
        reason: String,
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

    /// The same worker, given up when the next answer takes longer than `answer_time`.
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
    /// [`WorkerError::Refused`] with the worker's words when the file cannot be read, the other
    /// errors when the worker fails.
    pub async fn inspect(&self, job: &Job) -> Result<Inspection, WorkerError> {
        let mut conversation = self.start(job).await?;
        match conversation.next_event().await? {
            Event::Inspected(inspection) => {
                conversation.end().await;
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
        })
    }

    async fn start(&self, job: &Job) -> Result<Conversation, WorkerError> {
        let mut child = self
            .command()
            .spawn()
            .map_err(|source| WorkerError::Start {
                program: self.program.clone(),
                source,
            })?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) else {
            return Err(unexpected_answer());
        };
        let conversation = Conversation {
            child,
            answers: BufReader::with_capacity(256 * 1024, stdout),
            log: tokio::spawn(collect_log(stderr)),
            answer_time: self.answer_time,
            body: Vec::new(),
        };
        let message = framed(job).map_err(|source| WorkerError::Garbled { source })?;
        // A worker that is dead already cannot take its job; why it died is heard next.
        if let Err(error) = stdin.write_all(&message).await {
            tracing::warn!(%error, "the worker does not take its job");
        }
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
}

impl Records {
    /// The next records, none after the last.
    ///
    /// # Errors
    /// [`WorkerError::Refused`] with the worker's words when a record cannot be read, the other
    /// errors when the worker fails. After an error there are no further records.
    pub async fn next(&mut self) -> Result<Option<Vec<SourceRecord>>, WorkerError> {
        let Some(mut conversation) = self.conversation.take() else {
            return Ok(None);
        };
        match conversation.next_event().await? {
            Event::Records(records) => {
                self.heard += u64::try_from(records.len()).unwrap_or(u64::MAX);
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

/// A running worker that has its job.
#[derive(Debug)]
struct Conversation {
    child: Child,
    answers: BufReader<ChildStdout>,
    log: JoinHandle<String>,
    answer_time: Duration,
    body: Vec<u8>,
}

impl Conversation {
    /// The next answer; a worker's refusal and its death are errors.
    async fn next_event(&mut self) -> Result<Event, WorkerError> {
        let answer_time = self.answer_time;
        match tokio::time::timeout(answer_time, self.receive()).await {
            Ok(Ok(Event::Failed(words))) => {
                self.end().await;
                Err(WorkerError::Refused(words))
            }
            Ok(Ok(event)) => Ok(event),
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(self.death().await)
            }
            Ok(Err(source)) => Err(WorkerError::Garbled { source }),
            Err(_elapsed) => Err(self.give_up().await),
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
    async fn death(&mut self) -> WorkerError {
        let reason = match self.child.wait().await {
            Ok(status) => cause_of_death(status),
            Err(error) => format!("its end was not seen: {error}"),
        };
        self.report_log(&reason).await;
        WorkerError::Crashed { reason }
    }

    async fn give_up(&mut self) -> WorkerError {
        if let Err(error) = self.child.kill().await {
            tracing::warn!(%error, "the worker cannot be ended");
        }
        let reason = format!("time limit of {} s", self.answer_time.as_secs());
        self.report_log(&reason).await;
        WorkerError::Crashed { reason }
    }

    /// Waits for a worker that has given its last answer.
    async fn end(&mut self) {
        match tokio::time::timeout(Duration::from_secs(5), self.child.wait()).await {
            Ok(Ok(status)) if status.success() => {}
            other => tracing::warn!(?other, "the worker did not end well after its answer"),
        }
        self.report_log("ended").await;
    }

    async fn report_log(&mut self, outcome: &str) {
        if let Ok(log) = (&mut self.log).await
            && !log.trim().is_empty()
        {
            tracing::info!(outcome, log, "messages of the worker");
        }
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

fn unexpected_answer() -> WorkerError {
    WorkerError::Garbled {
        source: io::Error::other("an answer to another question"),
    }
}

/// Signal numbers are those of Linux on every platform that the register runs on.
fn cause_of_death(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(6), _) => "out of memory or an internal error, signal 6".to_owned(),
        (Some(9), _) => "out of memory, signal 9".to_owned(),
        (Some(24), _) => "time limit, signal 24".to_owned(),
        (Some(25), _) => "file size limit, signal 25".to_owned(),
        (Some(signal), _) => format!("crash, signal {signal}"),
        (None, Some(code)) => format!("no answer, exit code {code}"),
        (None, None) => "no answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Worker, WorkerError};
    use crate::protocol::Job;

    fn shell(script: &str) -> Worker {
        Worker::new("/bin/sh".into(), vec!["-c".into(), script.into()])
    }

    async fn failure(worker: Worker) -> WorkerError {
        let job = Job::Inspect {
            path: "/nowhere".into(),
            encoding: None,
        };
        worker.inspect(&job).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_dying_worker_is_reported_in_plain_words() {
        for (script, words) in [
            ("kill -9 $$", "out of memory, signal 9"),
            ("kill -24 $$", "time limit, signal 24"),
            ("kill -11 $$", "crash, signal 11"),
            ("exit 3", "no answer, exit code 3"),
            (
                "printf '\\010\\000\\000\\000half'; exit 0",
                "no answer, exit code 0",
            ),
        ] {
            let error = failure(shell(script)).await;
            assert!(
                matches!(&error, WorkerError::Crashed { reason } if reason == words),
                "{error}"
            );
            assert!(error.to_string().contains("nothing was changed"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_worker_that_hangs_is_given_up() {
        let worker = shell("exec sleep 60").with_answer_time(Duration::from_millis(200));
        let error = failure(worker).await;
        assert!(error.to_string().contains("time limit"), "{error}");
    }

    #[tokio::test]
    async fn an_absurd_message_length_is_not_believed() {
        let error = failure(shell("printf '\\377\\377\\377\\377'; sleep 1")).await;
        assert!(matches!(error, WorkerError::Garbled { .. }), "{error}");
    }

    #[tokio::test]
    async fn secrets_in_the_environment_do_not_reach_the_worker() {
        let script = "test -z \"$CARGO_MANIFEST_DIR\" && test -z \"$HOME\" && exit 7; exit 8";
        let error = failure(shell(script)).await;
        assert!(error.to_string().contains("exit code 7"), "{error}");
    }

    #[tokio::test]
    async fn a_missing_program_is_named() {
        let error = failure(Worker::new("/no/such/program".into(), Vec::new())).await;
        assert!(error.to_string().contains("/no/such/program"), "{error}");
    }
}
