//! Databases that a test has to itself.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::process::{cadastre, project, succeed};

/// A database of its own on the cluster of `DATABASE_URL`; dropped at the end.
pub struct Database {
    pub url: String,
    name: String,
}

impl Database {
    /// Without any table.
    pub fn empty() -> Self {
        Self::create("template1")
    }

    /// With the tables of the register, all empty.
    pub fn migrated() -> Self {
        let database = Self::empty();
        succeed(database.cadastre().args(["db", "migrate"]));
        database
    }

    /// With the demonstration data.
    pub fn loaded() -> Self {
        let database = Self::empty();
        succeed(database.cadastre().arg("load").arg(project().join("data")));
        database
    }

    /// With all that this one has. Nobody may be connected to this one meanwhile.
    pub fn copy(&self) -> Self {
        Self::create(&self.name)
    }

    fn create(template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("cadastre_e2e_{}_{number}", std::process::id());
        let cluster = cluster_url();
        let make = format!("create database {name} template {template}");
        succeed(psql(&cluster).args(["-c", &make]));
        Self {
            url: named(&cluster, &name),
            name,
        }
    }

    /// The program on this database.
    pub fn cadastre(&self) -> Command {
        let mut command = cadastre();
        command.env("DATABASE_URL", &self.url);
        command
    }

    /// The rows that a query gives: columns separated by `|`, rows by line ends.
    pub fn query(&self, sql: &str) -> String {
        succeed(psql(&self.url).args(["-tA", "-c", sql]))
            .trim()
            .to_owned()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("drop database if exists {} with (force)", self.name);
        let dropped = psql(&cluster_url()).args(["-c", &drop]).output();
        if !std::thread::panicking() {
            assert!(
                dropped.is_ok_and(|output| output.status.success()),
                "{drop}"
            );
        }
    }
}

fn cluster_url() -> String {
    std::env::var("DATABASE_URL").expect(
        "set DATABASE_URL to a PostGIS database on whose cluster databases may be created, such \
         as postgres://user@localhost/postgres",
    )
}

/// The same cluster, another database: `scheme://authority/database?parameters`.
fn named(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = address
        .split_once("://")
        .expect("DATABASE_URL is an address");
    let authority = rest.split('/').next().unwrap_or_default();
    let question = if parameters.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}/{name}{question}{parameters}")
}

fn psql(url: &str) -> Command {
    let mut command = Command::new("psql");
    command
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url])
        .env("PGOPTIONS", "-c client_min_messages=warning");
    command
}
