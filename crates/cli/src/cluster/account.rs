//! The system user that PostgreSQL runs as, and programs started as that user.

use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use nix::unistd::{Uid, User, geteuid};

use super::error::ClusterError;

/// The system user of the Debian packages.
const PACKAGE_USER: &str = "postgres";

/// The system user that owns the data folder and runs the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    /// True when we are root and programs must be started as this user.
    switch: bool,
}

impl Account {
    /// The user for a new cluster: ourselves, or `postgres` when we are root.
    pub fn for_new() -> Result<Self, ClusterError> {
        if geteuid().is_root() {
            let found = User::from_name(PACKAGE_USER).ok().flatten();
            return found
                .map(|user| Self::of(user, true))
                .ok_or(ClusterError::NoPostgresUser);
        }
        Self::by_uid(geteuid().as_raw(), false)
    }

    /// The user for an existing folder: its owner, as the server insists on that.
    ///
    /// A folder still owned by root is one whose creation was cut short.
    pub fn for_existing(base: &Path) -> Result<Self, ClusterError> {
        let owner = fs::metadata(base)
            .map_err(ClusterError::io("look at", base))?
            .uid();
        let uid = geteuid().as_raw();
        match (uid, owner) {
            (0, 0) => Self::for_new(),
            (0, _) => Self::by_uid(owner, true),
            _ if uid == owner => Self::by_uid(uid, false),
            _ => Err(ClusterError::ForeignFolder {
                path: base.to_path_buf(),
                owner,
                uid,
            }),
        }
    }

    fn by_uid(uid: u32, switch: bool) -> Result<Self, ClusterError> {
        let found = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        found
            .map(|user| Self::of(user, switch))
            .ok_or(ClusterError::NamelessUser { uid })
    }

    fn of(user: User, switch: bool) -> Self {
        Self {
            name: user.name,
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
            switch,
        }
    }

    /// A command that runs as this user, in a neutral folder and environment.
    ///
    /// Switching the user also drops root's supplementary groups (std does so).
    pub fn command(&self, program: &Path) -> Command {
        let mut command = plain_command(program);
        command.current_dir("/");
        if self.switch {
            command
                .uid(self.uid)
                .gid(self.gid)
                .env("USER", &self.name)
                .env("LOGNAME", &self.name)
                .env("HOME", "/");
        }
        command
    }

    /// Whether this user may pass through `folder` and all folders above it.
    pub fn reaches(&self, folder: &Path) -> bool {
        !self.switch
            || folder
                .ancestors()
                .all(|step| fs::metadata(step).is_ok_and(|meta| self.may_enter(&meta)))
    }

    fn may_enter(&self, meta: &Metadata) -> bool {
        let bit = if meta.uid() == self.uid {
            0o100
        } else if meta.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        meta.is_dir() && meta.mode() & bit != 0
    }

    /// Makes `folder` a folder that only this user can enter, or refuses a foreign one.
    pub fn private_folder(&self, folder: &Path) -> Result<(), ClusterError> {
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(ClusterError::io("create the folder", folder)(error));
            }
            _ => {}
        }
        self.check_owner(folder)?;
        self.own(folder)?;
        fs::set_permissions(folder, Permissions::from_mode(0o700))
            .map_err(ClusterError::io("set the permissions of", folder))
    }

    /// A link in place of the folder could lead a root process anywhere.
    fn check_owner(&self, folder: &Path) -> Result<(), ClusterError> {
        let meta = fs::symlink_metadata(folder).map_err(ClusterError::io("look at", folder))?;
        if !meta.is_dir() {
            return Err(ClusterError::NotAFolder {
                path: folder.to_path_buf(),
            });
        }
        let cut_short = self.switch && meta.uid() == 0;
        if meta.uid() == self.uid || cut_short {
            return Ok(());
        }
        Err(ClusterError::ForeignFolder {
            path: folder.to_path_buf(),
            owner: meta.uid(),
            uid: self.uid,
        })
    }

    fn own(&self, path: &Path) -> Result<(), ClusterError> {
        if !self.switch {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).map_err(ClusterError::io("give away", path))
    }

    /// Writes a file of this user in one step: a new file is renamed over the old,
    /// so that a link planted at `path` is replaced and never followed.
    pub fn write(&self, path: &Path, text: &str) -> Result<(), ClusterError> {
        let fail = |error| ClusterError::io("write", path)(error);
        let folder = path.parent().unwrap_or(Path::new("/"));
        let mut file = tempfile::Builder::new()
            .prefix(".cadastre-")
            .tempfile_in(folder)
            .map_err(fail)?;
        file.write_all(text.as_bytes()).map_err(fail)?;
        self.own(file.path())?;
        file.as_file().sync_all().map_err(fail)?;
        file.persist(path).map_err(|error| fail(error.error))?;
        Ok(())
    }
}

/// A command free of the caller's `PG…` variables and with plain English messages.
pub(super) fn plain_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    without_pg_variables(&mut command);
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// `PGHOST`, `PGDATA` and their kin redirect every PostgreSQL program.
pub(super) fn without_pg_variables(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
}

/// Runs to the end; gives the standard output, or an error with the last words.
pub(super) fn run(command: &mut Command) -> Result<String, ClusterError> {
    let output = command.output().map_err(|source| ClusterError::Spawn {
        program: command.get_program().into(),
        source,
    })?;
    check(command, &output)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Turns a failed end of a program into an error with its message.
pub(super) fn check(command: &Command, output: &Output) -> Result<(), ClusterError> {
    if output.status.success() {
        return Ok(());
    }
    let program = Path::new(command.get_program()).file_name();
    Err(ClusterError::Tool {
        program: program.unwrap_or_default().to_string_lossy().into_owned(),
        status: output.status,
        message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(uid: u32, gid: u32) -> Account {
        Account {
            name: "someone".into(),
            uid,
            gid,
            switch: true,
        }
    }

    #[test]
    fn entering_follows_the_class_of_the_user() {
        let folder = tempfile::tempdir().unwrap();
        let meta = fs::metadata(folder.path()).unwrap();
        let (uid, gid) = (meta.uid(), meta.gid());
        // POSIX file access: the first matching class alone decides.
        let table = [
            (0o077, account(uid, gid), false),
            (0o700, account(uid + 1, gid), false),
            (0o710, account(uid + 1, gid), true),
            (0o701, account(uid + 1, gid), false),
            (0o701, account(uid + 1, gid + 1), true),
            (0o700, account(uid, gid), true),
        ];
        for (mode, account, expected) in table {
            fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
            let meta = fs::metadata(folder.path()).unwrap();
            assert_eq!(account.may_enter(&meta), expected, "{mode:o} {account:?}");
        }
    }

    #[test]
    fn a_foreign_folder_and_a_link_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut owner = Account::for_new().unwrap();
        owner.private_folder(&folder.path().join("mine")).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        let error = owner.private_folder(&link).unwrap_err();
        assert!(matches!(error, ClusterError::NotAFolder { .. }), "{error}");
        owner.uid += 1;
        let error = owner
            .private_folder(&folder.path().join("mine"))
            .unwrap_err();
        assert!(
            matches!(error, ClusterError::ForeignFolder { .. }),
            "{error}"
        );
    }

    #[test]
    fn writing_replaces_a_planted_link() {
        let folder = tempfile::tempdir().unwrap();
        let (victim, link) = (folder.path().join("victim"), folder.path().join("link"));
        fs::write(&victim, "untouched").unwrap();
        std::os::unix::fs::symlink(&victim, &link).unwrap();
        Account::for_new().unwrap().write(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
        assert_eq!(fs::read_to_string(&link).unwrap(), "new");
    }
}
