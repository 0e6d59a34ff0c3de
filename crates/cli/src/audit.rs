//! `cadastre audit`: whether the history is as it was written.

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use store::audit::{Audit, Head};

use crate::args::DatabaseArgs;
use crate::database::Database;

/// The status when something does not hold.
const DOES_NOT_HOLD: u8 = 3;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read every row, the history and the revisions, and compare them with the chain of seals
    #[command(
        after_help = "The last line is the head of the chain: the last revision and its hash. Keep \
        it elsewhere; --noted then proves that not even all seals together were exchanged since.\n\n\
        Exit status: 0 everything is as it was written; 1 it could not be verified; 3 something is \
        not, and is named."
    )]
    Verify {
        /// A head that was printed earlier, REVISION:HASH
        #[arg(long, value_name = "HEAD")]
        noted: Option<Head>,
    },
}

/// Runs one command.
pub async fn run(
    args: &DatabaseArgs,
    home: &Path,
    command: AuditCommand,
) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify { noted } = command;
    let database = Database::open(args, home, 2).await?;
    let audit = database.store.audit(noted.as_ref()).await;
    database.close().await;
    let audit = audit?;
    print!("{}", told(&audit));
    Ok(if audit.findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(DOES_NOT_HOLD)
    })
}

fn told(audit: &Audit) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for finding in &audit.findings {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "NOT AS WRITTEN: {finding}");
    }
    let Audit {
        revisions,
        versions,
        ..
    } = audit;
    let _ = writeln!(
        text,
        "{revisions} revisions and {versions} versions of rows were read: {}",
        match audit.findings.len() {
            0 => "all is as it was written".to_owned(),
            findings => format!("{findings} findings"),
        }
    );
    if let Some(head) = &audit.head {
        let _ = writeln!(text, "head {head}");
    }
    text
}
