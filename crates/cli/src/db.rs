//! `cadastre db …`: the private database.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::args::{DatabaseArgs, DbCommand};
use crate::cluster::{self, Database, Lease};
use crate::database::say;

/// Runs one command.
pub fn run(args: &DatabaseArgs, home: &Path, command: DbCommand) -> anyhow::Result<ExitCode> {
    match command {
        DbCommand::Start => {
            private(args)?;
            cluster::start(home, say)?;
            print_status(home)
        }
        DbCommand::Stop { force } => {
            private(args)?;
            let stopped = cluster::stop(home, force)?;
            println!(
                "{}",
                if stopped {
                    "stopped"
                } else {
                    "it was not running"
                }
            );
            Ok(ExitCode::SUCCESS)
        }
        DbCommand::Status => {
            private(args)?;
            print_status(home)
        }
        DbCommand::Migrate => migrate(args, home),
        DbCommand::Psql { arguments } => with(args, home, |database| {
            let status = cluster::psql(database, &arguments)?;
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            Ok(ExitCode::from(code.unwrap_or(1)))
        }),
        DbCommand::Backup { file } => with(args, home, |database| {
            println!("{}", cluster::backup(database, &file)?);
            Ok(ExitCode::SUCCESS)
        }),
        DbCommand::Restore { file } => with(args, home, |database| {
            println!("{}", cluster::restore(database, &file, say)?);
            Ok(ExitCode::SUCCESS)
        }),
    }
}

fn private(args: &DatabaseArgs) -> anyhow::Result<()> {
    anyhow::ensure!(
        args.database_url.is_none(),
        "DATABASE_URL names a database that this program does not manage; unset it to manage the \
         private one"
    );
    Ok(())
}

fn print_status(home: &Path) -> anyhow::Result<ExitCode> {
    println!("{}", cluster::status(home)?);
    Ok(ExitCode::SUCCESS)
}

fn migrate(args: &DatabaseArgs, home: &Path) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("the program's threads did not start")?;
    runtime.block_on(async {
        crate::database::Database::open(args, home, 2)
            .await?
            .close()
            .await;
        println!("the tables are up to date");
        Ok(ExitCode::SUCCESS)
    })
}

fn with(
    args: &DatabaseArgs,
    home: &Path,
    act: impl FnOnce(&Database<'_>) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    if let Some(url) = &args.database_url {
        return act(&Database::External(url));
    }
    let lease = Lease::acquire(home, say)?;
    let outcome = act(&Database::Private(&lease));
    lease.release()?;
    outcome
}
