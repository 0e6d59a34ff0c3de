//! What can go wrong with the private cluster, in words that name the way out.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use super::locks::Holders;

/// The PostgreSQL major version that is named when none is installed.
const SUGGESTED_MAJOR: u32 = 15;

/// A failure of the private PostgreSQL cluster or of a PostgreSQL tool.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error(
        "no PostgreSQL server was found in {searched}; install the packages postgresql-{SUGGESTED_MAJOR} and postgresql-{SUGGESTED_MAJOR}-postgis-3, or set DATABASE_URL"
    )]
    ServerMissing { searched: String },
    #[error(
        "PostgreSQL {major} in {} has no PostGIS; install the package postgresql-{major}-postgis-3", bin.display()
    )]
    PostgisMissing { major: u32, bin: PathBuf },
    #[error(
        "the program {tool} was not found; install the package postgresql-client-{SUGGESTED_MAJOR}"
    )]
    ClientToolMissing { tool: &'static str },
    #[error(
        "the data folder {} is of PostgreSQL {found}, installed is PostgreSQL {installed}; install the package postgresql-{found} to use it or to write a backup of it, then restore that backup in a new home", data.display()
    )]
    WrongMajor {
        data: PathBuf,
        found: u32,
        installed: Majors,
    },
    #[error(
        "PostgreSQL refuses to run as root, and this machine has no system user `postgres` to run it as; install the package postgresql-{SUGGESTED_MAJOR}, or run as another user"
    )]
    NoPostgresUser,
    #[error(
        "user id {uid} has no name in the user database, PostgreSQL needs one; add the user to /etc/passwd"
    )]
    NamelessUser { uid: u32 },
    #[error(
        "{} belongs to user id {owner}, not to you (user id {uid}); run as that user or as root, or set CADASTRE_HOME to a folder of your own", path.display()
    )]
    ForeignFolder { path: PathBuf, owner: u32, uid: u32 },
    #[error("{} is not a folder; move it away and try again", path.display())]
    NotAFolder { path: PathBuf },
    #[error("{} is not empty and holds no PostgreSQL data; move it away and try again", path.display())]
    NotACluster { path: PathBuf },
    #[error(
        "the user `{user}` that runs PostgreSQL cannot reach {}; move the home to a folder that every user may pass through", path.display()
    )]
    Unreachable { path: PathBuf, user: String },
    #[error(
        "the path {} holds a character that PostgreSQL's start program cannot take (one of \" $ ` \\, a line break, or bytes that are not UTF-8); set CADASTRE_HOME to another folder", path.display()
    )]
    UnsuitablePath { path: PathBuf },
    #[error(
        "the data folder {} is in use by the home {}; delete the link {} to get a data folder of its own", base.display(), owner.display(), link.display()
    )]
    ClaimedByOther {
        base: PathBuf,
        owner: PathBuf,
        link: PathBuf,
    },
    #[error("no folder for PostgreSQL's socket was found with a path of at most {max} bytes; set CADASTRE_HOME to a shorter path", max = super::layout::MAX_SOCKET_DIR_BYTES)]
    NoSocketFolder,
    #[error("cannot {action} {}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot run {}", program.display())]
    Spawn {
        program: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{program} failed ({status}): {message}")]
    Tool {
        program: String,
        status: ExitStatus,
        message: String,
    },
    #[error("PostgreSQL did not start; the end of its log {}:\n{tail}", log.display())]
    StartFailed { log: PathBuf, tail: String },
    #[error(
        "a PostgreSQL server that cannot be seen from here (of another container?) is serving {}; stop it there first", data.display()
    )]
    ServedElsewhere { data: PathBuf },
    #[error("PostgreSQL (process {pid}) did not stop; see {}", log.display())]
    StopFailed { pid: i32, log: PathBuf },
    #[error("the private PostgreSQL is in use by {holders}; stop that first, or force the stop")]
    InUse { holders: Holders },
    #[error("waited too long for {}, held by {holders}; stop that first", path.display())]
    Locked { path: PathBuf, holders: Holders },
    #[error(
        "the home {} is taken by process {pid}, {activity}; stop that process, or set CADASTRE_HOME to another folder", home.display()
    )]
    HomeTaken {
        home: PathBuf,
        pid: String,
        activity: String,
    },
    #[error(
        "the database `{database}` has {sessions} other open session(s); stop the programs that use it, then restore again"
    )]
    DatabaseBusy {
        database: &'static str,
        sessions: u32,
    },
    #[error(
        "a backup is restored into the private cluster only; for the database of DATABASE_URL run pg_restore with the rights of its administrator"
    )]
    RestoreExternal,
    #[error("the reply of {program} was not understood: {reply:?}")]
    Reply { program: String, reply: String },
}

impl ClusterError {
    /// For `map_err`: keeps what was tried on which path beside the system's error.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// Major versions of the installed servers, printed as a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Majors(pub Vec<u32>);

impl fmt::Display for Majors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&names.join(", "))
    }
}
