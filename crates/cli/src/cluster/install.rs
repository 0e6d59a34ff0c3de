//! Finds the PostgreSQL programs of this machine.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::account::run;
use super::error::{ClusterError, Majors};

/// The programs without which a folder is not a server installation.
const SERVER_PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Where to look for installations.
#[derive(Debug, Clone)]
pub(super) struct SearchPlaces {
    /// Debian's folder of versions: `<versions>/<major>/bin`.
    pub versions: PathBuf,
    /// Debian's folder of shared files: `<shared>/<major>/extension`.
    pub shared: PathBuf,
    /// The `PATH` to search after it.
    pub path: OsString,
}

impl SearchPlaces {
    /// The places of a Debian machine and the `PATH` of this process.
    pub fn system() -> Self {
        Self {
            versions: "/usr/lib/postgresql".into(),
            shared: "/usr/share/postgresql".into(),
            path: std::env::var_os("PATH").unwrap_or_default(),
        }
    }

    /// Program folders, best first: newest packaged version, `pg_config`, `PATH`.
    fn program_folders(&self) -> Vec<PathBuf> {
        let mut folders = self.packaged();
        folders.extend(self.configured());
        folders.extend(std::env::split_paths(&self.path));
        let mut seen = BTreeSet::new();
        folders.retain(|folder| fs::canonicalize(folder).is_ok_and(|real| seen.insert(real)));
        folders
    }

    fn packaged(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.versions).into_iter().flatten().flatten();
        let mut majors: Vec<u32> = entries
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect();
        majors.sort_unstable_by(|a, b| b.cmp(a));
        let bin = |major: u32| self.versions.join(major.to_string()).join("bin");
        majors.into_iter().map(bin).collect()
    }

    fn configured(&self) -> Option<PathBuf> {
        let program = self.in_path("pg_config")?;
        let folder = run(Command::new(program).arg("--bindir")).ok()?;
        Some(folder.into())
    }

    fn in_path(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.path)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
    }
}

/// A server installation: its programs, its version, and whether it has PostGIS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Installation {
    pub bin: PathBuf,
    /// Full version, such as `15.18`.
    pub version: String,
    pub major: u32,
    has_postgis: bool,
}

impl Installation {
    /// Finds the best installation, of the major version `wanted` when one is given.
    ///
    /// `wanted` carries the data folder that asks for it, for the error's text.
    pub fn find(places: &SearchPlaces, wanted: Option<(u32, &Path)>) -> Result<Self, ClusterError> {
        let folders = places.program_folders();
        let found: Vec<Self> = folders
            .iter()
            .filter_map(|bin| Self::probe(bin, places))
            .collect();
        Self::choose(found, wanted).map_err(|error| match error {
            ClusterError::ServerMissing { .. } => ClusterError::ServerMissing {
                searched: format!("{} and PATH", places.versions.display()),
            },
            other => other,
        })
    }

    fn choose(found: Vec<Self>, wanted: Option<(u32, &Path)>) -> Result<Self, ClusterError> {
        let majors = Majors(found.iter().map(|one| one.major).collect());
        let mut fitting: Vec<Self> = found
            .into_iter()
            .filter(|one| wanted.is_none_or(|(major, _)| one.major == major))
            .collect();
        if let Some(best) = fitting.iter().position(|one| one.has_postgis) {
            return Ok(fitting.swap_remove(best));
        }
        match (fitting.pop(), wanted) {
            (Some(bare), _) => Err(ClusterError::PostgisMissing {
                major: bare.major,
                bin: bare.bin,
            }),
            (None, Some((found, data))) if !majors.0.is_empty() => Err(ClusterError::WrongMajor {
                data: data.to_path_buf(),
                found,
                installed: majors,
            }),
            _ => Err(ClusterError::ServerMissing {
                searched: String::new(),
            }),
        }
    }

    fn probe(bin: &Path, places: &SearchPlaces) -> Option<Self> {
        if !SERVER_PROGRAMS.iter().all(|name| bin.join(name).is_file()) {
            return None;
        }
        let reply = run(Command::new(bin.join("postgres")).arg("--version")).ok()?;
        let (version, major) = parse_version(&reply)?;
        Some(Self {
            bin: bin.to_path_buf(),
            version,
            major,
            has_postgis: has_postgis(bin, major, places),
        })
    }

    /// The path of one of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian …)`.
fn parse_version(reply: &str) -> Option<(String, u32)> {
    let version = reply.split("(PostgreSQL) ").nth(1)?.split(' ').next()?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((version.to_owned(), digits.parse().ok()?))
}

/// The installation's own `pg_config` knows its shared folder; some packages lack it.
fn has_postgis(bin: &Path, major: u32, places: &SearchPlaces) -> bool {
    let own = bin.join("pg_config");
    let shared = if own.is_file() {
        let reply = run(Command::new(own).arg("--sharedir"));
        reply.map(PathBuf::from).into_iter().collect()
    } else {
        vec![
            places.shared.join(major.to_string()),
            bin.join("../share/postgresql"),
            bin.join("../share"),
        ]
    };
    shared
        .iter()
        .any(|folder| folder.join("extension/postgis.control").is_file())
}

/// The newest `psql`, `pg_dump`, … of the machine, server installed or not.
pub(super) fn client_tool(
    places: &SearchPlaces,
    tool: &'static str,
) -> Result<PathBuf, ClusterError> {
    places
        .program_folders()
        .into_iter()
        .map(|folder| folder.join(tool))
        .find(|file| file.is_file())
        .ok_or(ClusterError::ClientToolMissing { tool })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation(major: u32, has_postgis: bool) -> Installation {
        Installation {
            bin: format!("/opt/{major}/bin").into(),
            version: format!("{major}.1"),
            major,
            has_postgis,
        }
    }

    #[test]
    fn versions_are_read() {
        let table = [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
                "15.18",
                15,
            ),
            ("postgres (PostgreSQL) 17.2", "17.2", 17),
            ("postgres (PostgreSQL) 18beta1", "18beta1", 18),
        ];
        for (reply, version, major) in table {
            assert_eq!(parse_version(reply), Some((version.to_owned(), major)));
        }
        assert_eq!(parse_version("mysqld 8.0"), None);
    }

    #[test]
    fn the_newest_with_postgis_wins_unless_the_data_asks_for_another() {
        let all = || {
            vec![
                installation(17, false),
                installation(16, true),
                installation(15, true),
            ]
        };
        let data = Path::new("/data");
        assert_eq!(Installation::choose(all(), None).unwrap().major, 16);
        let fifteen = Installation::choose(all(), Some((15, data))).unwrap();
        assert_eq!(fifteen.major, 15);
        let error = Installation::choose(all(), Some((17, data))).unwrap_err();
        assert!(
            error.to_string().contains("postgresql-17-postgis-3"),
            "{error}"
        );
        let error = Installation::choose(all(), Some((13, data))).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("is of PostgreSQL 13") && text.contains("17, 16, 15"),
            "{text}"
        );
        assert!(text.contains("postgresql-13"), "{text}");
    }

    #[test]
    fn a_bare_machine_is_told_which_package_to_install() {
        let empty = tempfile::tempdir().unwrap();
        let places = SearchPlaces {
            versions: empty.path().into(),
            shared: empty.path().into(),
            path: empty.path().into(),
        };
        let error = Installation::find(&places, None).unwrap_err();
        assert!(error.to_string().contains("postgresql-15"), "{error}");
        let error = client_tool(&places, "pg_dump").unwrap_err();
        assert!(error.to_string().contains("pg_dump"), "{error}");
    }

    #[test]
    fn this_machine_has_a_server_with_postgis() {
        let found = Installation::find(&SearchPlaces::system(), None).unwrap();
        assert!(found.has_postgis && found.major >= 13, "{found:?}");
    }

    #[test]
    fn path_is_searched_last() {
        let real = Installation::find(&SearchPlaces::system(), None).unwrap();
        let empty = tempfile::tempdir().unwrap();
        let places = SearchPlaces {
            versions: empty.path().into(),
            shared: empty.path().into(),
            path: real.bin.clone().into(),
        };
        assert_eq!(Installation::find(&places, None).unwrap(), real);
    }
}
