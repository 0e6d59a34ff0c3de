//! Homes with a private database.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use nix::unistd::Pid;
use tempfile::TempDir;

use crate::process::{cadastre, processes_of, project, run, succeed, until};
use crate::service::Service;

/// A home in a temporary folder that every user may reach; nothing of it is left at the end.
pub struct Home {
    root: TempDir,
}

impl Home {
    pub fn new() -> Self {
        // TMPDIR may be a folder of ours alone, where the user of the database server sees nothing.
        let root = tempfile::Builder::new()
            .prefix("cadastre-e2e-")
            .tempdir_in("/tmp")
            .unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();
        Self { root }
    }

    pub fn path(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// The program on this home.
    pub fn cadastre(&self) -> Command {
        let mut command = cadastre();
        command.env("CADASTRE_HOME", self.path());
        command
    }

    /// The command that serves the demonstration data from this home.
    pub fn serve(&self) -> Command {
        let mut command = self.cadastre();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--load"])
            .arg(project().join("data"));
        command
    }

    pub fn start(&self) -> Service {
        Service::start(&mut self.serve())
    }

    /// The bare values that a query gives, asked as an operator asks.
    pub fn query(&self, sql: &str) -> String {
        let output = succeed(
            self.cadastre()
                .args(["db", "psql", "--", "-X", "-tAc", sql]),
        );
        output.lines().last().unwrap_or_default().to_owned()
    }

    /// The process of the database server, as its own file says.
    pub fn postmaster(&self) -> Pid {
        let file = self.path().join("postgresql/data/postmaster.pid");
        let text =
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Pid::from_raw(text.lines().next().unwrap().parse().unwrap())
    }

    /// What runs in this home, by the command lines.
    pub fn processes(&self) -> Vec<String> {
        processes_of(self.root.path())
    }

    /// Waits until nothing runs in this home any more.
    pub fn assert_quiet(&self) {
        until("the end of all processes of the home", || {
            self.processes().is_empty().then_some(())
        });
    }

    /// A lock file of the home.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.path().join("postgresql").exists() {
            run(self.cadastre().args(["db", "stop", "--force"]));
        }
    }
}
