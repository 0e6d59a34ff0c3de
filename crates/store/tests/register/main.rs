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
mod counts;
mod edits;
mod filters;
mod history;
mod listening;
mod matching;
mod merging;
mod neighbours;
mod paging;
mod restated;
mod selection;
mod service;
mod staging;
mod submissions;
mod tiles;
mod undo;
mod writings;
