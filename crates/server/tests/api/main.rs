//! The service as its clients see it: requests to the router, on a real database.

mod collections;
mod common;
mod documents;
mod errors;
mod features;
mod listening;
