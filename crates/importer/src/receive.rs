//! Receiving a file: its size and its SHA-256 digest, before anything reads what it says; and
//! afterwards, whether what was read is what was digested.

mod stamp;

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::stamp::Stamp;

/// The largest upload, in bytes: 2 GiB, which is also what a DBF or SHP file can hold.
pub const SIZE_LIMIT_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// The largest raster, in bytes: 64 GiB.
pub const RASTER_LIMIT_BYTES: u64 = 64 * 1024 * 1024 * 1024;

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
    /// The files themselves, by name, as they were when they were digested.
    stamps: Vec<Stamp>,
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
    /// Larger than [`SIZE_LIMIT_BYTES`], or a raster larger than [`RASTER_LIMIT_BYTES`].
    #[error(
        "{} has {size_bytes} bytes, more than the {limit_bytes} that one import may have; \
         split it into smaller files",
        path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size, bytes.
        size_bytes: u64,
        /// The most it may have, bytes.
        limit_bytes: u64,
    },
    /// A pipe, a device, a socket.
    #[error(
        "{} is {what} and no file; save the survey to a file and import that",
        path.display()
    )]
    NotAFile {
        /// What was named.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// A link in a folder that leads out of the folder.
    #[error(
        "{} is a link to a file outside its folder; put the file itself there",
        .0.display()
    )]
    LeadsOut(PathBuf),
    /// Not the same any more as when it was digested.
    #[error(
        "{} changed while it was being imported; nothing was changed in the register; wait until \
         it is written to its end, and import it again",
        .0.display()
    )]
    Changed(PathBuf),
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
    receive_up_to(path, SIZE_LIMIT_BYTES)
}

/// Measures and digests a raster file. Blocks while it reads.
pub fn receive_raster(path: &Path) -> Result<Received, ReceiveError> {
    receive_up_to(path, RASTER_LIMIT_BYTES)
}

fn receive_up_to(path: &Path, limit_bytes: u64) -> Result<Received, ReceiveError> {
    let stamps = stamps_of(path)?;
    let size_bytes = total_size(path, &stamps, limit_bytes)?;
    Ok(Received {
        path: path.to_owned(),
        name: file_name(path),
        sha256: digest(&stamps)?,
        size_bytes,
        stamps,
    })
}

impl Received {
    /// Sees that the files are still those that were digested: the same ones, of the same size,
    /// not written since. To be asked after they have been read, before anything is published.
    ///
    /// # Errors
    /// [`ReceiveError::Changed`] names what changed, came or went; the others when it cannot be
    /// seen.
    pub fn check_unchanged(&self) -> Result<(), ReceiveError> {
        let now = stamps_of(&self.path)?;
        let changed = self.stamps.iter().find(|stamp| !now.contains(stamp));
        let came = now.iter().find(|stamp| !self.stamps.contains(stamp));
        match changed.or(came) {
            Some(stamp) => Err(ReceiveError::Changed(stamp.path.clone())),
            None => Ok(()),
        }
    }
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

/// The files that together are the upload, by name, as they are now.
fn stamps_of(path: &Path) -> Result<Vec<Stamp>, ReceiveError> {
    files_of(path)?.into_iter().map(Stamp::of).collect()
}

/// The files that together are the upload, by name.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, ReceiveError> {
    let kind = fs::metadata(path).map_err(unreadable(path))?;
    if kind.is_dir() {
        let files = files_in(path, |_| true)?;
        return stay_inside(path, &files).map(|()| files);
    }
    if let Some(what) = stamp::no_file(kind.file_type()) {
        let path = path.to_owned();
        return Err(ReceiveError::NotAFile { path, what });
    }
    match (path.parent(), path.file_stem()) {
        (Some(folder), Some(stem)) if has_companions(path) => {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            // The reader takes companions without regard to capitals, too.
            let prefix = format!("{}.", stem.to_string_lossy()).to_lowercase();
            let files = files_in(folder, |name| name.to_lowercase().starts_with(&prefix))?;
            stay_inside(folder, &files).map(|()| files)
        }
        _ => Ok(vec![path.to_owned()]),
    }
}

/// Whether the survey is all files of that name: shapefiles and `MapInfo` tables.
fn has_companions(path: &Path) -> bool {
    let extension = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
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

/// Refuses links that lead out of the folder: what lies there may be nobody's survey.
fn stay_inside(folder: &Path, files: &[PathBuf]) -> Result<(), ReceiveError> {
    let inside = folder.canonicalize().map_err(unreadable(folder))?;
    for file in files.iter().filter(|file| file.is_symlink()) {
        let target = file.canonicalize().map_err(unreadable(file))?;
        if !target.starts_with(&inside) {
            return Err(ReceiveError::LeadsOut(file.clone()));
        }
    }
    Ok(())
}

fn total_size(path: &Path, stamps: &[Stamp], limit_bytes: u64) -> Result<u64, ReceiveError> {
    let size_bytes = stamps.iter().map(|stamp| stamp.size_bytes).sum();
    match size_bytes {
        0 => Err(ReceiveError::Empty(path.to_owned())),
        _ if size_bytes > limit_bytes => Err(ReceiveError::TooLarge {
            path: path.to_owned(),
            size_bytes,
            limit_bytes,
        }),
        _ => Ok(size_bytes),
    }
}

fn digest(stamps: &[Stamp]) -> Result<String, ReceiveError> {
    let mut hasher = Sha256::new();
    for stamp in stamps {
        let file = &stamp.path;
        let content = stamp.open()?;
        if stamps.len() > 1 {
            hasher.update(file_name(file));
            hasher.update([0]);
            hasher.update(stamp.size_bytes.to_le_bytes());
        }
        let most = stamp.size_bytes.saturating_add(1);
        let added = add(&mut hasher, content.take(most)).map_err(unreadable(file))?;
        if added != stamp.size_bytes {
            return Err(ReceiveError::Changed(file.clone()));
        }
    }
    Ok(hexadecimal(&hasher.finalize()))
}

/// Digests all of a content; says how many bytes that was.
fn add(hasher: &mut Sha256, mut content: impl Read) -> io::Result<u64> {
    let mut buffer = vec![0; 256 * 1024];
    let mut added = 0;
    loop {
        let length = content.read(&mut buffer)?;
        if length == 0 {
            return Ok(added);
        }
        hasher.update(&buffer[..length]);
        added += length as u64;
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
mod tests;
