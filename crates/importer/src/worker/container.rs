//! Where the files of a survey lie: a folder or a zip archive.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::archive::{self, Archive};
use super::failure::{Failure, failure};
use super::memory::Memory;

/// The most bytes of one file that are taken into memory.
const MAX_IN_MEMORY_BYTES: u64 = 1 << 30;

/// So many bytes of a file are read at a time.
const STREAM_BYTES: usize = 128 * 1024;

/// A file of a [`Container`].
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its path inside the container, steps divided by `/`.
    pub(super) name: String,
    /// Its size in bytes, unpacked.
    pub(super) size: u64,
    /// Whether GDAL calls it the same: not where the archive writes the name in another encoding
    /// or with other steps.
    pub(super) plain: bool,
    /// Its place in the zip archive.
    pub(super) zip_index: Option<usize>,
}

/// A folder or a zip archive and the files in it.
#[derive(Debug)]
pub(super) struct Container {
    path: String,
    archive: Option<Archive>,
    members: Vec<Member>,
    /// The folders directly in a folder.
    folders: Vec<String>,
    /// The files of it that GDAL reads from memory.
    pub(super) memory: Memory,
}

impl Container {
    /// The files directly in a folder.
    pub(super) fn folder(path: &Path) -> Result<Self, Failure> {
        let wrong = |error| failure!("the folder {} cannot be read: {error}", path.display());
        let (mut members, mut folders) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(path).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            // Follows links: a folder on the operator's machine may be made of them. A link to
            // nowhere is as good as absent.
            let Ok(metadata) = fs::metadata(entry.path()) else {
                continue;
            };
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if metadata.is_dir() {
                folders.push(name);
            } else if metadata.is_file() {
                members.push(Member {
                    name,
                    size: metadata.len(),
                    plain: true,
                    zip_index: None,
                });
            }
        }
        members.sort_by(|one, other| one.name.cmp(&other.name));
        folders.sort();
        Ok(Self {
            path: absolute(path)?,
            archive: None,
            members,
            folders,
            memory: Memory::default(),
        })
    }

    /// The files in a zip archive, checked.
    pub(super) fn zip(path: &Path) -> Result<Self, Failure> {
        let (archive, members) = archive::open(path)?;
        Ok(Self {
            path: absolute(path)?,
            archive: Some(archive),
            members,
            folders: Vec::new(),
            memory: Memory::default(),
        })
    }

    /// Whether this is a zip archive.
    pub(super) fn is_zip(&self) -> bool {
        self.archive.is_some()
    }

    /// The files in it.
    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    /// The folders directly in it, where it is a folder; their files are not in it.
    pub(super) fn folders(&self) -> &[String] {
        &self.folders
    }

    /// Whether GDAL finds the file under the name that it has here.
    pub(super) fn is_plain(&self, name: &str) -> bool {
        let mut members = self.members.iter();
        members.any(|member| member.name == name && member.plain)
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }

    /// The file named `name`.
    pub(super) fn member(&self, name: &str) -> Result<&Member, Failure> {
        let found = self.members.iter().find(|member| member.name == name);
        found.ok_or_else(|| failure!("the file {name:?} is not there any more; send it again"))
    }

    /// The whole file in memory.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Vec<u8>, Failure> {
        let size = self.member(name)?.size;
        if size > MAX_IN_MEMORY_BYTES {
            return Err(failure!(
                "{name:?} is larger than {} GiB; send the survey in parts",
                MAX_IN_MEMORY_BYTES >> 30
            ));
        }
        let bytes = self.head(name, size.saturating_add(1))?;
        if u64::try_from(bytes.len()).ok() != Some(size) {
            return Err(failure!(
                "{name:?} does not hold the {size} bytes that its archive announces; make the \
                 archive again"
            ));
        }
        Ok(bytes)
    }

    /// At most `most` bytes from the beginning of the file.
    pub(super) fn head(&mut self, name: &str, most: u64) -> Result<Vec<u8>, Failure> {
        let size = self.member(name)?.size;
        let mut bytes = Vec::with_capacity(usize::try_from(size.min(most)).unwrap_or(0));
        let read = self.stream(name)?.take(most).read_to_end(&mut bytes);
        read.map_err(|error| unreadable(name, &error))?;
        Ok(bytes)
    }

    /// The file from its beginning on.
    pub(super) fn stream(&mut self, name: &str) -> Result<Box<dyn BufRead + '_>, Failure> {
        let member = self.member(name)?.clone();
        if let (Some(archive), Some(index)) = (&mut self.archive, member.zip_index) {
            let entry = archive.by_index(index);
            let entry = entry.map_err(|error| archive::damaged(&error))?;
            return Ok(Box::new(BufReader::with_capacity(STREAM_BYTES, entry)));
        }
        let file = File::open(Path::new(&self.path).join(name));
        let file = file.map_err(|error| unreadable(name, &error))?;
        Ok(Box::new(BufReader::with_capacity(STREAM_BYTES, file)))
    }

    /// How GDAL calls the file.
    pub(super) fn gdal_path(&self, name: &str) -> String {
        if self.is_zip() {
            // Braces: the archive's own name need not end in .zip.
            format!("/vsizip/{{{}}}/{name}", self.path)
        } else {
            format!("{}/{name}", self.path)
        }
    }
}

/// A file of a container that breaks off.
pub(super) fn unreadable(name: &str, error: &io::Error) -> Failure {
    failure!("{name:?} cannot be read to its end ({error}); make the file again")
}

/// The path with all links followed, as text that GDAL takes.
fn absolute(path: &Path) -> Result<String, Failure> {
    let path: PathBuf = path
        .canonicalize()
        .map_err(|error| failure!("the file {} cannot be found: {error}", path.display()))?;
    path.into_os_string()
        .into_string()
        .map_err(|path| failure!("the path {} is not UTF-8; rename the file", path.display()))
}
