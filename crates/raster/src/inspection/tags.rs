//! The heading and the first list of contents of a TIFF, read without any library: so a file that
//! is none, is cut off or asks for too much is refused with a plain word before GDAL sees it.
//!
//! TIFF 6.0 (Adobe, 1992); `BigTIFF` as in libtiff's description.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::InspectionError;
use super::foreign::of_head;

/// A file's beginning, long enough to see what it is.
const HEAD_BYTES: u64 = 64;
/// The most entries of a list of contents.
const MAX_ENTRIES: u64 = 4096;
/// The most bytes of the values of one entry: places of blocks of the largest raster.
const MAX_VALUE_BYTES: u64 = 512 << 20;

/// What the first list of contents of a TIFF says.
#[derive(Clone, Debug)]
pub(super) struct Tags {
    pub(super) file_bytes: u64,
    pub(super) big_tiff: bool,
    entries: Vec<(u16, Vec<u64>)>,
}

/// The tags that are looked at (TIFF 6.0, appendix A), with what they mean when they are not there.
pub(super) mod tag {
    pub(in super::super) const COLUMNS: u16 = 256;
    pub(in super::super) const ROWS: u16 = 257;
    pub(in super::super) const BITS: u16 = 258;
    pub(in super::super) const COMPRESSION: u16 = 259;
    pub(in super::super) const STRIP_PLACES: u16 = 273;
    pub(in super::super) const BANDS: u16 = 277;
    pub(in super::super) const STRIP_ROWS: u16 = 278;
    pub(in super::super) const STRIP_BYTES: u16 = 279;
    pub(in super::super) const PLANES: u16 = 284;
    pub(in super::super) const TILE_COLUMNS: u16 = 322;
    pub(in super::super) const TILE_ROWS: u16 = 323;
    pub(in super::super) const TILE_PLACES: u16 = 324;
    pub(in super::super) const TILE_BYTES: u16 = 325;
    pub(in super::super) const SAMPLE_FORMAT: u16 = 339;
    pub(super) const GEO_KEYS: u16 = 34735;
    pub(super) const WANTED: [u16; 15] = [
        COLUMNS,
        ROWS,
        BITS,
        COMPRESSION,
        STRIP_PLACES,
        BANDS,
        STRIP_ROWS,
        STRIP_BYTES,
        PLANES,
        TILE_COLUMNS,
        TILE_ROWS,
        TILE_PLACES,
        TILE_BYTES,
        SAMPLE_FORMAT,
        GEO_KEYS,
    ];
}

impl Tags {
    /// Reads the file at `path`.
    pub(super) fn read(path: &Path) -> Result<Self, InspectionError> {
        let mut file = File::open(path).map_err(InspectionError::Io)?;
        let file_bytes = file.metadata().map_err(InspectionError::Io)?.len();
        let mut head = Vec::new();
        let read = (&mut file).take(HEAD_BYTES).read_to_end(&mut head);
        read.map_err(InspectionError::Io)?;
        let Some((form, place)) = heading(&head)? else {
            return Err(of_head(&head));
        };
        let mut reader = Reader {
            file,
            file_bytes,
            form,
        };
        Ok(Self {
            file_bytes,
            big_tiff: form.big,
            entries: reader.directory(place)?,
        })
    }

    /// All values of a tag; none when it is not there.
    pub(super) fn all(&self, tag: u16) -> &[u64] {
        let found = self.entries.iter().find(|(known, _)| *known == tag);
        found.map_or(&[], |(_, values)| values)
    }

    /// The first value of a tag.
    pub(super) fn first(&self, tag: u16) -> Option<u64> {
        self.all(tag).first().copied()
    }

    /// A key of the `GeoTIFF` whose value is a code (OGC 19-008r4, 7.1.3).
    pub(super) fn geo_key(&self, key: u64) -> Option<u64> {
        let (entries, _) = self.all(tag::GEO_KEYS).as_chunks::<4>();
        // The first four numbers are the versions and the count.
        let mut keys = entries.iter().skip(1);
        keys.find_map(|&[known, place, _, value]| (known == key && place == 0).then_some(value))
    }
}

/// How numbers are written.
#[derive(Clone, Copy, Debug)]
struct Form {
    big: bool,
    little_endian: bool,
}

impl Form {
    fn number(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
        if self.little_endian {
            bytes.iter().rev().fold(0, join)
        } else {
            bytes.iter().fold(0, join)
        }
    }
}

/// How a TIFF writes its numbers, and where its first list is; none for what is no TIFF.
fn heading(head: &[u8]) -> Result<Option<(Form, u64)>, InspectionError> {
    let little_endian = match head.get(..2) {
        Some(b"II") => true,
        Some(b"MM") => false,
        _ => return Ok(None),
    };
    let form = |big| Form { big, little_endian };
    let number = |from, to| head.get(from..to).map(|bytes| form(false).number(bytes));
    match number(2, 4) {
        Some(42) => number(4, 8).map(|place| (form(false), place)),
        Some(43) => number(8, 16).map(|place| (form(true), place)),
        _ => return Ok(None),
    }
    .map(Some)
    .ok_or_else(|| damaged("it ends within its heading"))
}

struct Reader {
    file: File,
    file_bytes: u64,
    form: Form,
}

impl Reader {
    fn bytes(&mut self, place: u64, count: u64) -> Result<Vec<u8>, InspectionError> {
        let count = usize::try_from(count).map_err(|_| damaged("a length beyond all measure"))?;
        let mut bytes = vec![0; count];
        let mut read = || -> io::Result<()> {
            self.file.seek(SeekFrom::Start(place))?;
            self.file.read_exact(&mut bytes)
        };
        match read() {
            Ok(()) => Ok(bytes),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(damaged("its list of contents goes on beyond its end"))
            }
            Err(error) => Err(InspectionError::Io(error)),
        }
    }

    /// The wanted entries of the list at a place.
    fn directory(&mut self, place: u64) -> Result<Vec<(u16, Vec<u64>)>, InspectionError> {
        if place >= self.file_bytes {
            return Err(damaged("its list of contents lies beyond its end"));
        }
        let (count_bytes, entry_bytes) = if self.form.big { (8, 20) } else { (2, 12) };
        let count = self.bytes(place, count_bytes)?;
        let count = self.form.number(&count);
        if count == 0 || count > MAX_ENTRIES {
            return Err(damaged(&format!(
                "its list of contents has {count} entries"
            )));
        }
        let list = self.bytes(place + count_bytes, count * entry_bytes)?;
        let entry_bytes = usize::try_from(entry_bytes).unwrap_or(12);
        let mut entries = Vec::new();
        for entry in list.chunks_exact(entry_bytes) {
            let tag = u16::try_from(self.form.number(&entry[..2])).unwrap_or_default();
            if tag::WANTED.contains(&tag) {
                entries.push((tag, self.values(tag, entry)?));
            }
        }
        Ok(entries)
    }

    /// The whole numbers of an entry.
    fn values(&mut self, tag: u16, entry: &[u8]) -> Result<Vec<u64>, InspectionError> {
        let wrong = || {
            damaged(&format!(
                "what it says of itself under {tag} cannot be understood"
            ))
        };
        // TIFF 6.0, page 15: byte, short, long; BigTIFF: long8, and the place of a list.
        let width = match self.form.number(&entry[2..4]) {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return Err(wrong()),
        };
        let (counted, room) = entry[4..].split_at(if self.form.big { 8 } else { 4 });
        let bytes = self.form.number(counted).saturating_mul(width);
        let values = if bytes <= room.len() as u64 {
            room[..usize::try_from(bytes).unwrap_or(0)].to_vec()
        } else if bytes <= self.file_bytes.min(MAX_VALUE_BYTES) {
            self.bytes(self.form.number(room), bytes)?
        } else {
            return Err(wrong());
        };
        let width = usize::try_from(width).unwrap_or(1);
        let numbers = values.chunks_exact(width);
        Ok(numbers.map(|number| self.form.number(number)).collect())
    }
}

pub(super) fn damaged(what: &str) -> InspectionError {
    InspectionError::DamagedHeader {
        what: what.to_owned(),
    }
}
