//! The tests' stand-in for the program's hidden subcommand `worker`.
//!
//! With a folder as argument it limits itself as the worker does and then says what it can still
//! do, with the file `present` of that folder among others: one line for every deed, `denied` or `done`.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _, stdin, stdout};
use std::net::{TcpListener, UdpSocket};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode};
use std::{env, thread};

use importer::worker;
use rlimit::Resource;

/// More than the worker's address space.
const TOO_MUCH_MEMORY_BYTES: usize = 5 << 30;
/// More files than the worker may open.
const TOO_MANY_FILES: usize = 100;

fn main() -> ExitCode {
    match env::args_os().nth(1) {
        None => worker::run(stdin(), stdout()),
        Some(folder) => probe(&folder.to_string_lossy()),
    }
}

fn probe(folder: &str) -> ExitCode {
    if worker::confine().is_err() {
        return ExitCode::FAILURE;
    }
    let present = format!("{folder}/present");
    report("TCP socket", &TcpListener::bind("127.0.0.1:0").map(drop));
    report("UDP socket", &UdpSocket::bind("127.0.0.1:0").map(drop));
    report(
        "other program",
        &Command::new("/bin/true").status().map(drop),
    );
    report("thread", &thread::Builder::new().spawn(|| ()).map(drop));
    report("new file", &File::create(format!("{folder}/new")).map(drop));
    report(
        "writing",
        &File::options().write(true).open(&present).map(drop),
    );
    report(
        "appending",
        &File::options().append(true).open(&present).map(drop),
    );
    report("removing", &fs::remove_file(&present));
    report(
        "renaming",
        &fs::rename(&present, format!("{folder}/renamed")),
    );
    report("folder", &fs::create_dir(format!("{folder}/folder")));
    report(
        "hard link",
        &fs::hard_link(&present, format!("{folder}/link")),
    );
    report("soft link", &symlink(&present, format!("{folder}/link")));
    report(
        "permissions",
        &fs::set_permissions(&present, Permissions::from_mode(0o777)),
    );
    report("socket pair", &UnixStream::pair().map(drop));
    let files: io::Result<Vec<File>> = (0..TOO_MANY_FILES).map(|_| File::open(&present)).collect();
    report("many open files", &files.map(drop));
    report(
        "raising a limit",
        &Resource::CORE
            .get()
            .and_then(|(soft, hard)| Resource::CORE.set(soft, hard)),
    );
    let memory = Vec::<u8>::new().try_reserve_exact(TOO_MUCH_MEMORY_BYTES);
    report(
        "memory",
        &memory.map_err(|_| io::ErrorKind::OutOfMemory.into()),
    );
    report("reading", &fs::read(&present).map(drop));
    ExitCode::SUCCESS
}

fn report(deed: &str, result: &io::Result<()>) {
    let outcome = if result.is_ok() { "done" } else { "denied" };
    // The test misses a line that cannot be written.
    let _ = writeln!(stdout(), "{deed}: {outcome}");
}
