//! A running service on a database of its own.

use std::process::Command;

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::database::Database;
use crate::http;
use crate::process::{Finished, Running};

/// The words before the address in what the service prints.
const SERVED_AT: &str = "is served at  ";

/// The address that a service has printed, with its closing slash.
pub fn address(output: &str) -> Option<String> {
    let (_, rest) = output.split_once(SERVED_AT)?;
    let (line, _) = rest.split_once('\n')?;
    Some(line.trim().to_owned())
}

/// A running `cadastre serve`. Dropping it stops it, and sees that it ends well.
pub struct Service {
    /// `http://127.0.0.1:PORT/`
    pub url: String,
    running: Option<Running>,
    database: Option<Database>,
}

impl Service {
    /// Serves what a database holds.
    pub fn on(database: Database) -> Self {
        let mut command = database.cadastre();
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        Self::start_on(&mut command, Some(database))
    }

    /// Starts a command that serves, and waits for the address.
    pub fn start(command: &mut Command) -> Self {
        Self::start_on(command, None)
    }

    /// Starts a command that serves a database, which is dropped after it.
    pub fn start_over(command: &mut Command, database: Database) -> Self {
        Self::start_on(command, Some(database))
    }

    fn start_on(command: &mut Command, database: Option<Database>) -> Self {
        let mut running = Running::start(command);
        let url = running.wait_for("the address", address);
        Self {
            url,
            running: Some(running),
            database,
        }
    }

    pub fn database(&self) -> &Database {
        self.database
            .as_ref()
            .expect("a service on a database of DATABASE_URL")
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().expect("not stopped yet")
    }

    /// The answer to a request for a path, without its first slash.
    pub fn get(&self, path: &str) -> http::Answer {
        let url = format!("{}{path}", self.url);
        http::get(&url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    /// The same, of a request that has to succeed.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(
            answer.status,
            200,
            "{path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        assert!(answer.is_whole, "{path}");
        answer.json()
    }

    /// The ids of the layers, as the service lists them.
    pub fn layers(&self) -> Vec<String> {
        let document = self.json("collections");
        let collections = document["collections"]
            .as_array()
            .expect("collections")
            .clone();
        collections
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The features of an answer, each by its id.
    pub fn features(&self, path: &str) -> Vec<(i64, Value)> {
        let document = self.json(path);
        assert!(
            document["links"]
                .as_array()
                .unwrap()
                .iter()
                .all(|link| link["rel"] != "next")
        );
        let features = document["features"].as_array().unwrap().clone();
        features
            .into_iter()
            .map(|one| (one["id"].as_i64().unwrap(), one))
            .collect()
    }

    /// Interrupts it, and sees that it ends well.
    pub fn stop(mut self) -> Finished {
        self.running().signal(Signal::SIGINT);
        self.end()
    }

    /// Waits for its end, which has to be a good one.
    pub fn finish(mut self) -> Finished {
        self.end()
    }

    fn end(&mut self) -> Finished {
        let running = self.running.take().expect("stopped once");
        let finished = running.finish();
        assert!(
            finished.status.success(),
            "{}\n{}",
            finished.status,
            finished.output
        );
        finished
    }

    /// Kills it, without a chance to clean up; its database stays.
    pub fn kill_keeping_database(mut self) -> Database {
        let running = self.running.take().expect("not stopped yet");
        running.signal(Signal::SIGKILL);
        running.finish();
        self.database.take().expect("a database of DATABASE_URL")
    }

    /// Kills it, without a chance to clean up.
    pub fn kill(mut self) {
        let running = self.running.take().expect("not stopped yet");
        running.signal(Signal::SIGKILL);
        running.finish();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A test that failed already stops it without a second complaint.
        if self.running.is_some() && !std::thread::panicking() {
            self.running().signal(Signal::SIGINT);
            self.end();
        }
    }
}
