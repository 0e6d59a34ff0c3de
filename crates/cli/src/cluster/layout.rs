//! Which folder holds what.
//!
//! `$CADASTRE_HOME` holds the locks; `postgresql` inside it holds what belongs to the
//! user that runs the server: the data folder, its log. That entry is a link into
//! [`SYSTEM_FOLDER`] when the server's user cannot reach the home.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::ClusterError;

/// Holds the data of homes that the user `postgres` cannot reach.
const SYSTEM_FOLDER: &str = "/var/lib/cadastre";

/// Of a socket's name behind its folder.
pub(super) const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// Linux keeps 108 bytes for a socket's path, its closing zero included (unix(7)).
const MAX_SOCKET_PATH_BYTES: usize = 107;

/// The longest folder path that leaves room for `/` and the socket's name.
pub(super) const MAX_SOCKET_DIR_BYTES: usize = MAX_SOCKET_PATH_BYTES - SOCKET_NAME.len() - 1;

/// The folders of one home and the user that runs its server.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Absolute, free of links.
    pub home: PathBuf,
    /// Where `postgresql` leads: absolute, free of links, owned by `account`.
    pub base: PathBuf,
    pub account: Account,
}

impl Layout {
    /// The layout of a home that exists already, otherwise none; changes nothing.
    pub fn find(home: &Path) -> Result<Option<Self>, ClusterError> {
        let Some(home) = real_path(home)? else {
            return Ok(None);
        };
        let Some(base) = real_path(&link_path(&home))? else {
            return Ok(None);
        };
        let account = Account::for_existing(&base)?;
        Ok(Some(Self {
            home,
            base,
            account,
        }))
    }

    /// Creates the folders that are missing. `home` comes from [`open_home`].
    pub fn prepare(home: &Path, progress: &mut dyn FnMut(&str)) -> Result<Self, ClusterError> {
        if Self::find(home)?.is_none() {
            create_base(home, &Account::for_new()?, progress)?;
        }
        let found = Self::find(home)?;
        let layout = found.ok_or_else(|| ClusterError::NotAFolder {
            path: link_path(home),
        })?;
        layout.account.private_folder(&layout.base)?;
        layout.claim()?;
        Ok(layout)
    }

    pub fn data(&self) -> PathBuf {
        self.base.join("data")
    }

    pub fn log(&self) -> PathBuf {
        self.base.join("postgresql.log")
    }

    /// Exists when the database and its extension are complete.
    pub fn created_marker(&self) -> PathBuf {
        self.data().join("cadastre.created")
    }

    /// Major version of the data folder; none before it is created.
    pub fn data_major(&self) -> Result<Option<u32>, ClusterError> {
        let file = self.data().join("PG_VERSION");
        match fs::read_to_string(&file) {
            Ok(text) => text
                .trim()
                .parse()
                .map(Some)
                .map_err(|_| ClusterError::NotACluster { path: self.data() }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ClusterError::io("read", &file)(error)),
        }
    }

    /// Creates and gives the folder for the socket: inside the home, unless its path
    /// is too long for a socket or the server's user cannot reach it.
    pub fn socket_folder(&self) -> Result<PathBuf, ClusterError> {
        let short = format!("cadastre-{}", short_hash(&self.home));
        let candidates = [
            self.home.join("run"),
            self.base.join("run"),
            std::env::temp_dir().join(&short),
            Path::new("/tmp").join(&short),
        ];
        let fits = |folder: &&PathBuf| {
            folder.as_os_str().len() <= MAX_SOCKET_DIR_BYTES
                && folder.to_str().is_some()
                && folder.parent().is_some_and(|up| self.account.reaches(up))
        };
        let folder = candidates.iter().find(fits);
        let folder = folder.ok_or(ClusterError::NoSocketFolder)?;
        self.account.private_folder(folder)?;
        Ok(folder.clone())
    }

    /// Two homes on one data folder (a copied link) would not see each other's locks.
    fn claim(&self) -> Result<(), ClusterError> {
        if self.base.starts_with(&self.home) {
            return self.check_reach();
        }
        let file = self.base.join("home");
        let owner = fs::read_to_string(&file).map(PathBuf::from);
        let owner = owner.unwrap_or_default();
        if owner == self.home {
            return Ok(());
        }
        if real_path(&link_path(&owner))?.as_ref() == Some(&self.base) {
            return Err(ClusterError::ClaimedByOther {
                base: self.base.clone(),
                owner,
                link: link_path(&self.home),
            });
        }
        self.account.write(&file, &self.home.to_string_lossy())
    }

    fn check_reach(&self) -> Result<(), ClusterError> {
        if self.account.reaches(&self.home) {
            return Ok(());
        }
        Err(ClusterError::Unreachable {
            path: self.home.clone(),
            user: self.account.name.clone(),
        })
    }
}

/// Creates the home when missing; gives its absolute path, free of links.
///
/// # Errors
/// When it cannot be created, or its path cannot be given to PostgreSQL's programs.
pub(super) fn open_home(home: &Path) -> Result<PathBuf, ClusterError> {
    fs::create_dir_all(home).map_err(ClusterError::io("create the folder", home))?;
    let home = fs::canonicalize(home).map_err(ClusterError::io("resolve", home))?;
    // pg_ctl hands the path to a shell between double quotes.
    let awkward = ['"', '$', '`', '\\', '\n', '\r'];
    if home.to_str().is_none_or(|text| text.contains(awkward)) {
        return Err(ClusterError::UnsuitablePath { path: home });
    }
    Ok(home)
}

/// Where a home that its server cannot reach keeps its data.
pub(super) fn system_base(home: &Path) -> PathBuf {
    Path::new(SYSTEM_FOLDER).join(short_hash(home))
}

fn create_base(
    home: &Path,
    account: &Account,
    progress: &mut dyn FnMut(&str),
) -> Result<(), ClusterError> {
    let link = link_path(home);
    if account.reaches(home) {
        return account.private_folder(&link);
    }
    let base = system_base(home);
    let state = if base.exists() {
        "found there from before"
    } else {
        "created"
    };
    fs::create_dir_all(SYSTEM_FOLDER).map_err(ClusterError::io(
        "create the folder",
        Path::new(SYSTEM_FOLDER),
    ))?;
    account.private_folder(&base)?;
    // A link whose target was deleted is one that asks for a fresh start.
    if link.is_symlink() {
        fs::remove_file(&link).map_err(ClusterError::io("remove", &link))?;
    }
    symlink(&base, &link).map_err(ClusterError::io("create the link", &link))?;
    progress(&format!(
        "The user {} cannot reach {}: the database lies in {} ({state}), {} is a link to it",
        account.name,
        home.display(),
        base.display(),
        link.display(),
    ));
    Ok(())
}

pub(super) fn link_path(home: &Path) -> PathBuf {
    home.join("postgresql")
}

fn real_path(path: &Path) -> Result<Option<PathBuf>, ClusterError> {
    match fs::canonicalize(path) {
        Ok(real) => Ok(Some(real)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::io("resolve", path)(error)),
    }
}

/// FNV-1a, 64 bits, 16 hexadecimal digits: the same in every build, as std's is not.
fn short_hash(path: &Path) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let bytes = path.as_os_str().as_bytes();
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, step);
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // Published test vectors of FNV-1a, 64 bits (Noll's reference code).
        let table = [
            ("", "cbf29ce484222325"),
            ("a", "af63dc4c8601ec8c"),
            ("foobar", "85944171f73967e8"),
        ];
        for (text, hash) in table {
            assert_eq!(short_hash(Path::new(text)), hash);
        }
    }

    #[test]
    fn a_socket_path_may_have_107_bytes() {
        let folder = format!("/{}", "x".repeat(MAX_SOCKET_DIR_BYTES - 1));
        assert_eq!(format!("{folder}/{SOCKET_NAME}").len(), 107);
    }

    #[test]
    fn homes_that_a_shell_would_misread_are_refused() {
        let root = tempfile::tempdir().unwrap();
        for name in ["a\"b", "a$b", "a`b", "a\\b", "a\nb"] {
            let error = open_home(&root.path().join(name)).unwrap_err();
            assert!(
                matches!(error, ClusterError::UnsuitablePath { .. }),
                "{error}"
            );
        }
        for name in ["plain", "with space", "рудник", "o'clock"] {
            open_home(&root.path().join(name)).unwrap();
        }
    }
}
