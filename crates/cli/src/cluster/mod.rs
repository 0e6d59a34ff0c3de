//! The private PostgreSQL cluster: the database that `cadastre` brings up by itself when
//! no `DATABASE_URL` is given.
//!
//! It uses the machine's PostgreSQL and PostGIS packages, keeps its data under
//! `$CADASTRE_HOME`, listens on a Unix socket alone and lets in the user that runs it
//! (and root), as the role `postgres`. [`Lease`] starts it and, with the last user of
//! the machine's processes gone, stops it.

mod account;
mod address;
mod config;
mod create;
mod error;
mod install;
mod layout;
mod lifecycle;
mod locks;
mod postmaster;
mod restore;
mod status;
#[cfg(test)]
mod tests;
mod tools;

pub use lifecycle::{Lease, start, stop};
pub use locks::ServeLock;
pub use restore::restore;
pub use status::status;
pub use tools::{Database, backup, psql};
