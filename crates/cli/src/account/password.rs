//! A password from the terminal, which does not show it, or from standard input.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Write as _};

use anyhow::Context as _;
use domain::account::{Password, Secret};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};

use super::args::PasswordArgs;

/// The password that is given, checked.
pub fn read(args: &PasswordArgs) -> anyhow::Result<Password> {
    let text = if args.password_stdin {
        line(std::io::stdin().lock())?
    } else {
        asked_twice()?
    };
    Ok(Password::try_from(text)?)
}

fn asked_twice() -> anyhow::Result<Secret> {
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .context("there is no terminal to ask for the password; use --password-stdin")?;
    let one = ask(&terminal, "Password: ")?;
    let other = ask(&terminal, "Once more: ")?;
    anyhow::ensure!(
        one == other,
        "the two passwords differ; nothing was changed"
    );
    Ok(one)
}

fn ask(mut terminal: &File, question: &str) -> anyhow::Result<Secret> {
    terminal.write_all(question.as_bytes())?;
    let quiet = Quiet::begin(terminal)?;
    let answer = line(BufReader::new(terminal));
    drop(quiet);
    terminal.write_all(b"\n")?;
    answer
}

fn line(mut from: impl std::io::BufRead) -> anyhow::Result<Secret> {
    let mut text = String::new();
    from.read_line(&mut text)
        .context("the password could not be read")?;
    let length = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(length);
    Ok(Secret::new(text))
}

/// A terminal that does not show what is typed, until this is dropped.
struct Quiet<'t> {
    terminal: &'t File,
    before: Termios,
}

impl<'t> Quiet<'t> {
    fn begin(terminal: &'t File) -> anyhow::Result<Self> {
        let before = tcgetattr(terminal).context("the terminal does not answer")?;
        let mut quiet = before.clone();
        quiet.local_flags.remove(LocalFlags::ECHO);
        tcsetattr(terminal, SetArg::TCSAFLUSH, &quiet)
            .context("the terminal cannot hide what is typed")?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        if let Err(error) = tcsetattr(self.terminal, SetArg::TCSAFLUSH, &self.before) {
            tracing::warn!(%error, "the terminal may not show what is typed; type `reset`");
        }
    }
}
