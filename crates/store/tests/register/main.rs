//! The register on a real database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod account;
mod bulk;
mod common;
mod filters;
mod listening;
mod matching;
mod neighbours;
mod paging;
mod provenance;
mod selection;
mod staging;
mod tiles;
