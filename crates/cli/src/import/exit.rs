//! How an import ends, as the exit status of the command says it.

use std::process::ExitCode;

use importer::report::Outcome;

/// The ends of an import. The help is made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The register says what the file says, or could.
    Done = 0,
    /// Something failed.
    Failed = 1,
    /// clap ends the program itself.
    WrongCommandLine = 2,
    /// The file was read, but its records need somebody's hand.
    Refused = 3,
}

impl Exit {
    const ALL: [Self; 4] = [
        Self::Done,
        Self::Failed,
        Self::WrongCommandLine,
        Self::Refused,
    ];

    /// What a report means for who waits for the command.
    pub const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Published { .. } | Outcome::NothingToChange | Outcome::DryRun => Self::Done,
            Outcome::Refused | Outcome::Undecided => Self::Refused,
        }
    }

    /// All of them, for the help.
    pub fn help() -> String {
        let lines = Self::ALL.map(|exit| format!("  {}  {}\n", exit as u8, exit.meaning()));
        format!(
            "Exit status:\n{}Unless it is 0, nothing was changed; only where a report could not be written after \
             the import, which is said, is it 1 as well.",
            lines.concat()
        )
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Done => {
                "the records are in the register, or were there already, or could be (--dry-run)"
            }
            Self::Failed => "the file cannot be read, or something else failed, or it was stopped",
            Self::WrongCommandLine => "the command line is wrong",
            Self::Refused => {
                "records are refused, ambiguous or in conflict, or the coordinates can be read in several ways"
            }
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
