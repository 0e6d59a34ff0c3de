//! Receiving a file: its size and its SHA-256 digest, before anything reads what it says.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The largest upload, in bytes: 2 GiB, which is also what a DBF or SHP file can hold.
pub const SIZE_LIMIT_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// A file, or a folder or shapefile with the files beside it, as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name, without the folders.
    pub name: String,
    /// SHA-256 as 64 hexadecimal digits. Of one file: what `sha256sum` says. Of several: of each
    /// file's name, a zero byte, its length as eight bytes (little endian) and its content, in
    /// the order of the names.
    pub sha256: String,
    /// Size of all its files together, bytes.
    pub size_bytes: u64,
}

/// Why a file cannot be received.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Not there.
    #[error("there is no file {}; check the path", .0.display())]
    Missing(PathBuf),
    /// A file of no bytes, or a folder without files.
    #[error("{} is empty; send the file again", .0.display())]
    Empty(PathBuf),
    /// Larger than [`SIZE_LIMIT_BYTES`].
    #[error(
        "{} has {size_bytes} bytes, more than the {SIZE_LIMIT_BYTES} that one import may have; \
         split it into smaller files",
        path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size, bytes.
        size_bytes: u64,
    },
    /// The system refuses to read it.
    #[error("{} cannot be read; check that it is a file and that you may read it", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Measures and digests a file. Blocks while it reads.
pub fn receive(path: &Path) -> Result<Received, ReceiveError> {
    let files = files_of(path)?;
    let size_bytes = total_size(path, &files)?;
    Ok(Received {
        path: path.to_owned(),
        name: file_name(path),
        sha256: digest(&files)?,
        size_bytes,
    })
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> ReceiveError + '_ {
    move |source| match source.kind() {
        io::ErrorKind::NotFound => ReceiveError::Missing(path.to_owned()),
        _ => ReceiveError::Unreadable {
            path: path.to_owned(),
            source,
        },
    }
}

/// The files that together are the upload, by name.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, ReceiveError> {
    let kind = fs::metadata(path).map_err(unreadable(path))?;
    if kind.is_dir() {
        return files_in(path, |_| true);
    }
    match (path.parent(), path.file_stem()) {
        (Some(folder), Some(stem)) if has_companions(path) => {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            let prefix = format!("{}.", stem.to_string_lossy());
            files_in(folder, |name| name.starts_with(&prefix))
        }
        _ => Ok(vec![path.to_owned()]),
    }
}

/// Whether the survey is all files of that name: shapefiles and `MapInfo` tables.
fn has_companions(path: &Path) -> bool {
    let extension = path.extension().map(|it| it.to_ascii_lowercase());
    extension.is_some_and(|it| ["shp", "tab", "mif"].iter().any(|wanted| it == *wanted))
}

fn files_in(folder: &Path, keep: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, ReceiveError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.is_file() && keep(&file_name(&path)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn total_size(path: &Path, files: &[PathBuf]) -> Result<u64, ReceiveError> {
    let mut size_bytes = 0;
    for file in files {
        size_bytes += fs::metadata(file).map_err(unreadable(file))?.len();
    }
    match size_bytes {
        0 => Err(ReceiveError::Empty(path.to_owned())),
        _ if size_bytes > SIZE_LIMIT_BYTES => Err(ReceiveError::TooLarge {
            path: path.to_owned(),
            size_bytes,
        }),
        _ => Ok(size_bytes),
    }
}

fn digest(files: &[PathBuf]) -> Result<String, ReceiveError> {
    let mut hasher = Sha256::new();
    for file in files {
        let mut content = File::open(file).map_err(unreadable(file))?;
        if files.len() > 1 {
            let length = content.metadata().map_err(unreadable(file))?.len();
            hasher.update(file_name(file));
            hasher.update([0]);
            hasher.update(length.to_le_bytes());
        }
        add(&mut hasher, &mut content).map_err(unreadable(file))?;
    }
    Ok(hexadecimal(&hasher.finalize()))
}

fn add(hasher: &mut Sha256, content: &mut File) -> io::Result<()> {
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let length = content.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        hasher.update(&buffer[..length]);
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_the_digest_that_sha256sum_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc.csv");
        fs::write(&path, "abc").unwrap();
        let received = receive(&path).unwrap();
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            received.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            (received.name.as_str(), received.size_bytes),
            ("abc.csv", 3)
        );
    }

    #[test]
    fn a_shapefile_is_received_with_its_sidecars_only() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.shp", "a.dbf", "a.prj", "b.dbf"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let shapefile = folder.path().join("a.shp");
        let before = receive(&shapefile).unwrap();
        assert_eq!(before.size_bytes, 15);
        fs::write(folder.path().join("b.dbf"), "other").unwrap();
        assert_eq!(receive(&shapefile).unwrap(), before);
        fs::write(folder.path().join("a.prj"), "a.prk").unwrap();
        assert_ne!(receive(&shapefile).unwrap().sha256, before.sha256);
    }

    #[test]
    fn a_missing_and_an_empty_file_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = receive(&folder.path().join("no.gpkg"))
            .unwrap_err()
            .to_string();
        assert!(missing.contains("no.gpkg; check the path"), "{missing}");
        fs::write(folder.path().join("empty.csv"), "").unwrap();
        let empty = receive(&folder.path().join("empty.csv"))
            .unwrap_err()
            .to_string();
        assert!(empty.contains("empty.csv is empty"), "{empty}");
        assert!(matches!(
            receive(folder.path()),
            Err(ReceiveError::Empty(_))
        ));
    }
}
