//! The tests' stand-in for the program's hidden subcommand `worker`.
//!
//! With a folder as argument it limits itself as the worker does and then says what it can still
//! do, with the file `present` of that folder among others: one line for every deed, `denied` or `done`.

use std::fs::{self, File};
use std::io::{self, Write as _, stdin, stdout};
use std::net::{TcpListener, UdpSocket};
use std::process::{Command, ExitCode};
use std::{env, thread};

use importer::worker;

/// More than the worker's address space.
const TOO_MUCH_MEMORY_BYTES: usize = 5 << 30;

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
