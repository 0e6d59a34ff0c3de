//! The built program, as a process.

use std::ffi::OsStr;
use std::io::{BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

/// Nothing here takes this long; a busy machine may be slow.
pub const PATIENCE: Duration = Duration::from_mins(4);
const POLL: Duration = Duration::from_millis(25);

/// The folder with the manifest of the whole project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The program, with none of its settings inherited from whoever runs the tests.
pub fn cadastre() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cadastre"));
    for (name, _) in std::env::vars_os() {
        let bytes = name.as_encoded_bytes();
        if bytes.starts_with(b"CADASTRE_") || bytes == b"DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Asks again and again until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "waited {PATIENCE:?} in vain for {what}"
        );
        sleep(POLL);
    }
}

/// What a finished program said, and how it ended.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub output: String,
}

/// A started program. Dropping it stops it.
pub struct Running {
    child: Child,
    output: Arc<Mutex<Vec<u8>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts it in the process group of the tests, so that Ctrl-C reaches both.
    pub fn start(command: &mut Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let output = Arc::new(Mutex::new(Vec::new()));
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let readers = vec![collect(out, output.clone()), collect(err, output.clone())];
        Self {
            child,
            output,
            readers,
        }
    }

    /// Starts it as the leader of a process group of its own, as a shell does.
    pub fn start_leading(command: &mut Command) -> Self {
        Self::start(command.process_group(0))
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).unwrap())
    }

    /// Both output streams up to now.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&self.output.lock().unwrap()).into_owned()
    }

    /// Waits for something in the output.
    pub fn wait_for<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        until(what, || {
            let over = self.child.try_wait().unwrap();
            let found = find(&self.output());
            assert!(
                found.is_some() || over.is_none(),
                "ended ({over:?}) before it said {what}:\n{}",
                self.finish_output()
            );
            found
        })
    }

    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    /// What Ctrl-C does in a terminal: the whole process group is interrupted.
    pub fn ctrl_c(&self) {
        killpg(self.pid(), Signal::SIGINT).unwrap();
    }

    /// Waits for the end.
    pub fn finish(mut self) -> Finished {
        let status = until("the end of the program", || self.child.try_wait().unwrap());
        Finished {
            status,
            output: self.finish_output(),
        }
    }

    /// A process that outlives the program may hold its output open; that is not waited for long.
    fn finish_output(&mut self) -> String {
        let began = Instant::now();
        while self.readers.iter().any(|reader| !reader.is_finished())
            && began.elapsed() < Duration::from_secs(5)
        {
            sleep(POLL);
        }
        self.output()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        kill(self.pid(), Signal::SIGINT).ok();
        let began = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && began.elapsed() < PATIENCE {
            sleep(POLL);
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn collect(stream: impl Read + Send + 'static, into: Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut buffer = [0; 8192];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            into.lock().unwrap().extend_from_slice(&buffer[..length]);
        }
    })
}

/// Runs a program to its end, and sees that it leaves no process behind.
pub fn run(command: &mut Command) -> Finished {
    let running = Running::start_leading(command);
    let group = running.pid();
    let finished = running.finish();
    until("the end of every process that the program started", || {
        (killpg(group, None) == Err(Errno::ESRCH)).then_some(())
    });
    finished
}

/// Runs a program that has to succeed; gives its output.
pub fn succeed(command: &mut Command) -> String {
    let finished = run(command);
    assert!(
        finished.status.success(),
        "{command:?}: {}\n{}",
        finished.status,
        finished.output
    );
    finished.output
}

/// The command lines of all processes that mention a text.
pub fn processes_of(text: &Path) -> Vec<String> {
    let wanted = text.as_os_str().as_encoded_bytes();
    let folders = std::fs::read_dir("/proc").unwrap().flatten();
    folders
        .filter(|folder| {
            folder
                .file_name()
                .as_encoded_bytes()
                .iter()
                .all(u8::is_ascii_digit)
        })
        .filter_map(|folder| std::fs::read(folder.path().join("cmdline")).ok())
        .filter(|line| line.windows(wanted.len()).any(|window| window == wanted))
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .collect()
}

/// Whether a program is on the path.
pub fn is_installed(program: impl AsRef<OsStr>) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program.as_ref()).is_file())
}
