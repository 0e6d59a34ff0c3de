//! How the cells of a TIFF are packed, as its own list of contents says: what is too large, cut off
//! or packed in a way that is not read is refused here, before GDAL opens the file.

use super::compression::Compression;
use super::tags::{Tags, damaged, tag};
use super::{InspectionError, SampleType, error};

/// The most bytes of an unpacked block: all bands of its cells.
pub(super) const MAX_BLOCK_BYTES: u64 = 256 << 20;
/// A file whose cells take less is no danger, however small it is itself.
const HARMLESS_BYTES: u64 = 1 << 30;
/// More than any method packs: Deflate reaches 1032.
const MAX_RATIO: u64 = 1000;

/// How the cells of a TIFF are packed.
#[derive(Clone, Debug)]
pub(super) struct CellLayout {
    columns: u64,
    rows: u64,
    bands: u64,
    bits: u64,
    pub(super) compression: Compression,
    pub(super) tiled: bool,
    /// Bands are packed one after the other, not the values of a cell beside each other.
    apart: bool,
    block_columns: u64,
    block_rows: u64,
}

/// Blocks that are not in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Blocks {
    /// How many there are.
    pub(super) all: usize,
    /// Left out on purpose: all their cells are without data.
    pub(super) left_out: usize,
}

impl CellLayout {
    /// Reads and checks what the tags say.
    pub(super) fn of(tags: &Tags) -> Result<Self, InspectionError> {
        let needed = |tag, name| {
            let missing = || damaged(&format!("it does not say its {name}"));
            tags.first(tag).ok_or_else(missing)
        };
        let columns = needed(tag::COLUMNS, "number of columns")?;
        let rows = needed(tag::ROWS, "number of rows")?;
        let bands = tags.first(tag::BANDS).unwrap_or(1);
        let small = |number| usize::try_from(number).unwrap_or(usize::MAX);
        error::check_size(small(columns), small(rows), small(bands))?;
        let tiled = tags.first(tag::TILE_COLUMNS).is_some();
        let (block_columns, block_rows) = if tiled {
            (
                needed(tag::TILE_COLUMNS, "columns of a tile")?,
                needed(tag::TILE_ROWS, "rows of a tile")?,
            )
        } else {
            let rows_of_strip = tags.first(tag::STRIP_ROWS).unwrap_or(rows);
            (columns, rows_of_strip.min(rows))
        };
        if block_columns == 0 || block_rows == 0 {
            return Err(damaged("its blocks of cells have no cells"));
        }
        let layout = Self {
            columns,
            rows,
            bands,
            bits: check_sample(tags)?,
            compression: Compression::of(tags.first(tag::COMPRESSION).unwrap_or(1))?,
            tiled,
            apart: tags.first(tag::PLANES) == Some(2),
            block_columns,
            block_rows,
        };
        layout.check_amount(tags.file_bytes)?;
        Ok(layout)
    }

    /// Refuses blocks that are too large to unpack, and cells that the file cannot hold.
    fn check_amount(&self, file_bytes: u64) -> Result<(), InspectionError> {
        let bytes = self.block_bytes();
        // Strips that are not packed are read row by row.
        let whole = self.tiled || self.compression != Compression::None;
        if whole && bytes > MAX_BLOCK_BYTES {
            return Err(InspectionError::LargeBlocks {
                columns: self.block_columns,
                rows: self.block_rows,
                bytes,
            });
        }
        let raw_bytes = self.columns * self.rows * self.bands * self.bits / 8;
        if raw_bytes > HARMLESS_BYTES && raw_bytes / MAX_RATIO > file_bytes {
            return Err(InspectionError::Bomb {
                file_bytes,
                raw_bytes,
            });
        }
        Ok(())
    }

    /// Bytes of an unpacked block.
    fn block_bytes(&self) -> u64 {
        let bands = if self.apart { 1 } else { self.bands };
        let row = self
            .block_columns
            .saturating_mul(bands * self.bits)
            .div_ceil(8);
        row.saturating_mul(self.block_rows)
    }

    /// Counts the blocks, and refuses a file that ends before them.
    pub(super) fn check_blocks(&self, tags: &Tags) -> Result<Blocks, InspectionError> {
        let (places, lengths) = if self.tiled {
            (tags.all(tag::TILE_PLACES), tags.all(tag::TILE_BYTES))
        } else {
            (tags.all(tag::STRIP_PLACES), tags.all(tag::STRIP_BYTES))
        };
        let all = self.block_count();
        if places.len() < all || lengths.len() < all {
            return Err(damaged(&format!(
                "it lists the places of {} of its {all} blocks of cells",
                places.len().min(lengths.len())
            )));
        }
        let blocks = || places.iter().zip(lengths).take(all);
        let left_out = blocks().filter(|&(&place, &bytes)| place == 0 || bytes == 0);
        let mut cut_off = (0..).zip(blocks()).filter(|&(at, (&place, &bytes))| {
            place.saturating_add(self.needed(at, bytes)) > tags.file_bytes
        });
        let left_out = left_out.count();
        let Some((first, _)) = cut_off.next() else {
            return Ok(Blocks { all, left_out });
        };
        Err(InspectionError::CutOff {
            missing: 1 + cut_off.count(),
            blocks: all,
            file_bytes: tags.file_bytes,
            place: self.place(first),
        })
    }

    /// How many blocks there are.
    fn block_count(&self) -> usize {
        let planes = if self.apart { self.bands } else { 1 };
        let (across, down) = self.across_and_down();
        usize::try_from(across * down * planes).unwrap_or(usize::MAX)
    }

    fn across_and_down(&self) -> (u64, u64) {
        (
            self.columns.div_ceil(self.block_columns),
            self.rows.div_ceil(self.block_rows),
        )
    }

    /// How many bytes of a block are read. Some programs say of the last strip that it is as long
    /// as the others.
    fn needed(&self, block: u64, said_bytes: u64) -> u64 {
        if self.compression != Compression::None || self.tiled {
            return said_bytes;
        }
        let (_, down) = self.across_and_down();
        let top = block % down * self.block_rows;
        let rows = self.block_rows.min(self.rows - top);
        said_bytes.min(self.block_bytes() / self.block_rows * rows)
    }

    /// The cells of a block, in words.
    fn place(&self, block: u64) -> String {
        let (across, down) = self.across_and_down();
        let in_plane = block % (across * down);
        let from = |at: u64, size: u64, end: u64| (at * size + 1, ((at + 1) * size).min(end));
        let (left, right) = from(in_plane % across, self.block_columns, self.columns);
        let (top, bottom) = from(in_plane / across, self.block_rows, self.rows);
        format!("columns {left} to {right}, rows {top} to {bottom}")
    }
}

/// The bits of a value, when its type is read.
fn check_sample(tags: &Tags) -> Result<u64, InspectionError> {
    let bits = tags.first(tag::BITS).unwrap_or(1);
    let refused = |what: String, instead: SampleType| InspectionError::SampleType {
        what,
        instead: instead.name(),
    };
    // TIFF 6.0, section 19, and libtiff for complex numbers (5, 6).
    match (tags.first(tag::SAMPLE_FORMAT).unwrap_or(1), bits) {
        (1 | 2 | 4, 1..=32) | (3, 16 | 24 | 32 | 64) => Ok(bits),
        (1 | 2, 64) => Err(refused(
            "whole numbers of 64 bits".to_owned(),
            SampleType::Float64,
        )),
        (5 | 6, _) => Err(refused("complex numbers".to_owned(), SampleType::Float32)),
        (format, bits) => Err(refused(
            format!("of a kind that is not read (format {format}, {bits} bits)"),
            SampleType::Float32,
        )),
    }
}
