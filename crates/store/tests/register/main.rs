//! The register on a real database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod account;
mod bulk;
mod common;
mod counts;
mod filters;
mod matching;
mod neighbours;
mod paging;
mod provenance;
mod selection;
mod staging;
