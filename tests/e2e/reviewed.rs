//! A service to which a surveyor sends files, and in which a reviewer decides about them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::database::Database;
use crate::process::{succeed, until};
use crate::service::Service;

/// A service with a surveyor and a reviewer.
pub struct Reviewed {
    service: Option<Service>,
    folder: tempfile::TempDir,
    tokens: [String; 2],
}

/// Who asks.
#[derive(Clone, Copy)]
pub enum Who {
    Surveyor,
    Reviewer,
}

impl Reviewed {
    pub fn over(database: Database) -> Self {
        let tokens = ["surveyor", "reviewer"].map(|role| token(|| database.cadastre(), role));
        let folder = tempfile::tempdir().unwrap();
        let service = Some(serve(database, folder.path()));
        Self {
            service,
            folder,
            tokens,
        }
    }

    pub fn service(&self) -> &Service {
        self.service.as_ref().expect("running")
    }

    /// Kills the service at once, and starts it again on the same database and folder.
    pub fn kill_and_start(&mut self) {
        let service = self.service.take().expect("running");
        let database = service.kill_keeping_database();
        self.service = Some(serve(database, self.folder.path()));
    }

    pub fn curl(&self, who: Who, path: &str, arguments: &[&str]) -> String {
        let token = format!("Authorization: Bearer {}", self.tokens[who as usize]);
        let url = format!("{}{path}", self.service().url);
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--header", &token, &url]);
        succeed(command.args(arguments))
    }

    pub fn json(&self, who: Who, path: &str, arguments: &[&str]) -> Value {
        let text = self.curl(who, path, arguments);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error} in {text}"))
    }

    /// Sends a file; the number of its upload.
    pub fn send(&self, file: &Path, said: &str) -> i64 {
        let name = file.file_name().unwrap().to_str().unwrap();
        let body = format!("@{}", file.display());
        let path = format!("uploads?file={name}{said}");
        let sent = self.json(Who::Surveyor, &path, &["--data-binary", &body]);
        sent["id"]
            .as_i64()
            .unwrap_or_else(|| panic!("{name}: {sent}"))
    }

    /// Waits until the service has done what it had to.
    pub fn settled(&self, id: i64) -> Value {
        until("an upload that is settled", || {
            let seen = self.json(Who::Reviewer, &format!("uploads/{id}"), &[]);
            let state = seen["state"].as_str().unwrap().to_owned();
            let in_work = ["received", "inspecting", "publishing"].contains(&&*state);
            (!in_work).then_some(seen)
        })
    }

    /// Has the reviewer's role count in a region alone, or everywhere.
    pub fn limit_reviewer(&self, region: Option<&str>) {
        let mut change = self.service().database().cadastre();
        change.args(["user", "change", "reviewer", "--role", "reviewer"]);
        change.args(region.iter().flat_map(|region| ["--region", *region]));
        succeed(&mut change);
    }

    pub fn publish(&self, id: i64) -> Value {
        let said = ["--request", "POST", "--json", r#"{"comment": "seen"}"#];
        self.json(Who::Reviewer, &format!("uploads/{id}/publish"), &said);
        self.settled(id)
    }

    pub fn query(&self, sql: &str) -> String {
        self.service().database().query(sql)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn originals(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.folder.path().join("originals"));
        files.unwrap().map(|file| file.unwrap().path()).collect()
    }
}

/// The token of a new account of this role, which has the role's name; `cadastre` is the program on its
/// register.
pub fn token(cadastre: impl Fn() -> Command, role: &str) -> String {
    let mut add = cadastre();
    add.args(["user", "add", role, "--role", role, "--password-stdin"]);
    let mut child = add.stdin(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "one long password").unwrap();
    assert!(child.wait().unwrap().success());
    let made = succeed(cadastre().args(["token", "create", role]));
    let mut words = made.split_whitespace();
    let token = words.find(|word| word.starts_with("cadastre_"));
    token
        .unwrap_or_else(|| panic!("no token in {made}"))
        .to_owned()
}

fn serve(database: Database, folder: &Path) -> Service {
    let mut command = database.cadastre();
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    command.env("CADASTRE_UPLOADS", folder);
    command.env("CADASTRE_RASTERS", folder.join("rasters"));
    Service::start_over(&mut command, database)
}
