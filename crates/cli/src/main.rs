//! `cadastre`: the register's one program. It serves, imports, and keeps its private database.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to its terminal"
)]

mod account;
mod args;
mod audit;
mod cluster;
mod database;
mod db;
mod import;
mod load;
mod logging;
mod progress;
mod revision;
mod serve;
mod signals;
mod volume;

use std::process::ExitCode;

use anyhow::Context as _;
use args::{Args, Command};
use clap::Parser;

fn main() -> ExitCode {
    let args = Args::parse();
    // The worker limits itself before it touches a file, and a limit binds every thread that there
    // is: no runtime before it.
    if matches!(args.command, Command::Worker) {
        return importer::worker::run(std::io::stdin().lock(), std::io::stdout().lock());
    }
    logging::start(&args);
    run(args).unwrap_or_else(|error| {
        report(&error);
        ExitCode::FAILURE
    })
}

fn run(args: Args) -> anyhow::Result<ExitCode> {
    let home = &args.home;
    let rasters = args.rasters();
    match args.command {
        // The private cluster is managed by plain blocking code, and `psql` wants the terminal.
        Command::Db(command) => db::run(&args.database, home, command),
        Command::Serve(serve) => {
            runtime()?.block_on(serve::run(&args.database, home, rasters, *serve))
        }
        Command::Import(import) => {
            import::run_to_its_end(runtime()?, &args.database, home, rasters, *import)
        }
        Command::Load { folder } => runtime()?.block_on(load::run(&args.database, home, &folder)),
        Command::Volume(volume) => {
            runtime()?.block_on(volume::run(&args.database, home, rasters, *volume))
        }
        Command::User(command) => {
            runtime()?.block_on(account::run_user(&args.database, home, command))
        }
        Command::Token(command) => {
            runtime()?.block_on(account::run_token(&args.database, home, command))
        }
        Command::Revision(command) => {
            runtime()?.block_on(revision::run(&args.database, home, command))
        }
        Command::Audit(command) => runtime()?.block_on(audit::run(&args.database, home, command)),
        Command::ReportSchema => import::print_schema(),
        Command::Worker => Ok(ExitCode::FAILURE),
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the threads of the program could not be started")
}

/// Tells what went wrong, then each cause on a line of its own.
fn report(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}
