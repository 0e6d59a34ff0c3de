//! Structured logs to standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::args::{Args, LogFormat};

/// Starts logging. A filter that cannot be read is said once and replaced by `info`.
pub fn start(args: &Args) {
    let filter = EnvFilter::try_new(&args.log).unwrap_or_else(|error| {
        eprintln!(
            "the log filter `{}` cannot be read ({error}); using `info`",
            args.log
        );
        EnvFilter::new("info")
    });
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Text => builder.with_target(false).init(),
        LogFormat::Json => builder.json().init(),
    }
}
