//! The register on a real database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod account;
mod audit;
mod bulk;
mod changes;
mod common;
mod filters;
mod history;
mod matching;
mod neighbours;
mod paging;
mod selection;
mod service;
mod staging;
mod submissions;
mod undo;
mod writings;
