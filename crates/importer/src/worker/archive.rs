//! A zip archive that comes from outside, checked before anything in it is opened.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use zip::read::ZipArchive;
use zip::result::ZipError;
use zip::{CompressionMethod, read::ZipFile};

use super::container::Member;
use super::failure::{Failure, failure};
use super::member_name;

/// An open archive.
pub(super) type Archive = ZipArchive<BufReader<File>>;

/// The most entries of an archive.
const MAX_ENTRIES: usize = 1000;
/// The most bytes that an archive may hold when unpacked.
const MAX_UNPACKED_BYTES: u64 = 2 << 30;
/// Entries above this size must not be packed more than [`MAX_RATIO`] times.
const RATIO_MATTERS_ABOVE_BYTES: u64 = 1 << 20;
/// The most times that an entry may be smaller packed than unpacked.
const MAX_RATIO: u64 = 200;

/// Opens an archive and lists its files once all checks have passed.
pub(super) fn open(path: &Path) -> Result<(Archive, Vec<Member>), Failure> {
    let mut file = File::open(path)
        .map_err(|error| failure!("the file {} cannot be opened: {error}", path.display()))?;
    let announced = announced_entries(&mut file).map_err(|error| damaged(&error.into()))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(&error))?;
    if archive.len() > MAX_ENTRIES {
        return Err(failure!(
            "the zip archive has {} entries, more than the {MAX_ENTRIES} allowed; put only the \
             files of the survey into it",
            archive.len()
        ));
    }
    if announced.is_some_and(|announced| announced != archive.len()) {
        return Err(failure!(
            "the zip archive holds a file twice, of which only one can be read; make it again with \
             one of each"
        ));
    }
    let members = checked_members(&mut archive)?;
    match archive.has_overlapping_files() {
        Ok(false) => Ok((archive, members)),
        Ok(true) => Err(failure!(
            "entries of the zip archive share their bytes, as archives made to do harm do; make a \
             new archive"
        )),
        Err(error) => Err(damaged(&error)),
    }
}

/// How many entries the end of the archive announces (APPNOTE 4.3.16); nothing when it cannot be
/// found, or says that the number stands elsewhere. The library keeps one entry of each name, and
/// GDAL may keep another.
fn announced_entries(file: &mut File) -> io::Result<Option<usize>> {
    const END_BYTES: usize = 22;
    const MAX_COMMENT_BYTES: u64 = 65_535;
    const ELSEWHERE: u16 = 0xFFFF;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(
        length.saturating_sub(MAX_COMMENT_BYTES + END_BYTES as u64),
    ))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    file.rewind()?;
    let ends = tail.windows(END_BYTES).enumerate().rev();
    let mut announced = ends.filter_map(|(at, end)| {
        let [b'P', b'K', 5, 6, _, _, _, _, _, _, n0, n1, .., c0, c1] = *end else {
            return None;
        };
        let comment_bytes = usize::from(u16::from_le_bytes([c0, c1]));
        (at + END_BYTES + comment_bytes == tail.len()).then(|| u16::from_le_bytes([n0, n1]))
    });
    Ok(announced
        .next()
        .filter(|&entries| entries != ELSEWHERE)
        .map(usize::from))
}

/// The words for an archive that cannot be read, as a whole or in part.
pub(super) fn damaged(error: &ZipError) -> Failure {
    match error {
        ZipError::Io(error) if error.kind() != ErrorKind::UnexpectedEof => {
            failure!("the zip archive cannot be read: {error}; make or send it again")
        }
        error => failure!(
            "the zip archive is cut short or damaged ({error}); make it again, or send it again if \
             the sending was broken off"
        ),
    }
}

fn checked_members(archive: &mut Archive) -> Result<Vec<Member>, Failure> {
    let mut members = Vec::new();
    let mut names = HashSet::new();
    let mut unpacked_bytes = 0_u64;
    for index in 0..archive.len() {
        let entry = archive
            .by_index_raw(index)
            .map_err(|error| damaged(&error))?;
        let name = checked_name(&entry)?;
        check_entry(&entry, &name)?;
        unpacked_bytes = unpacked_bytes.saturating_add(entry.size());
        if unpacked_bytes > MAX_UNPACKED_BYTES {
            return Err(failure!(
                "the zip archive holds more than {} GiB when unpacked; send the survey in parts, or \
                 as a GeoPackage without zip",
                MAX_UNPACKED_BYTES >> 30
            ));
        }
        if entry.is_file() && !names.insert(name.clone()) {
            return Err(failure!(
                "the zip archive holds {name:?} twice; make it again with one of each"
            ));
        }
        if entry.is_file() && !is_clutter(&name) {
            members.push(Member {
                plain: name.is_ascii() && name.as_bytes() == entry.name_raw(),
                name,
                size: entry.size(),
                zip_index: Some(index),
            });
        }
    }
    Ok(members)
}

/// The name of an entry, refused when it leads out of the archive.
fn checked_name(entry: &ZipFile<'_, BufReader<File>>) -> Result<String, Failure> {
    // Windows programs divide steps by backslashes, against the specification (APPNOTE 4.4.17.1).
    let name = member_name::decoded(entry).replace('\\', "/");
    let mut steps = name.split(['/', '\\']);
    let leads_out = name.starts_with(['/', '\\'])
        || name.contains(['\0', ':'])
        || steps.any(|step| step == "..");
    if leads_out {
        return Err(failure!(
            "the zip archive holds {name:?}, a path that leads out of the archive; make a new \
             archive of the survey's own files"
        ));
    }
    Ok(plain_steps(&name))
}

/// The path without the steps `.` and those without a name, which lead nowhere.
fn plain_steps(name: &str) -> String {
    let steps = name.split('/').filter(|step| !matches!(*step, "" | "."));
    steps.collect::<Vec<_>>().join("/")
}

fn check_entry(entry: &ZipFile<'_, BufReader<File>>, name: &str) -> Result<(), Failure> {
    if entry.is_symlink() {
        return Err(failure!(
            "{name:?} in the zip archive is a link to another place; put the file itself into the \
             archive"
        ));
    }
    let kind = entry.unix_mode().unwrap_or(0) & libc::S_IFMT;
    if ![0, libc::S_IFREG, libc::S_IFDIR].contains(&kind) {
        return Err(failure!(
            "{name:?} in the zip archive is a pipe or a device and no file; make a new archive of \
             the survey's own files"
        ));
    }
    if entry.encrypted() {
        return Err(failure!(
            "{name:?} in the zip archive is locked with a password; make the archive without one"
        ));
    }
    let known = [CompressionMethod::Stored, CompressionMethod::Deflated];
    if !known.contains(&entry.compression()) {
        return Err(failure!(
            "{name:?} in the zip archive is packed by {}; make the archive with the usual Deflate",
            entry.compression()
        ));
    }
    let packed_bytes = entry.compressed_size().max(1);
    if entry.size() > RATIO_MATTERS_ABOVE_BYTES && entry.size() / packed_bytes > MAX_RATIO {
        return Err(failure!(
            "{name:?} in the zip archive would grow from {packed_bytes} to {} bytes, more than \
             {MAX_RATIO} times, as archives made to do harm do; send the file without zip",
            entry.size()
        ));
    }
    Ok(())
}

/// What macOS and Windows add to archives by themselves.
fn is_clutter(name: &str) -> bool {
    let file_name = name.rsplit('/').next().unwrap_or(name);
    name.is_empty()
        || name.split('/').any(|step| step == "__MACOSX")
        || file_name.starts_with("._")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&file_name)
}

#[cfg(test)]
mod tests;
