//! Excel workbooks: a zip archive of XML files, checked before GDAL opens it. GDAL takes the first
//! row of a sheet for its headings; where titles stand above them, they are taken out.

use std::io::{Cursor, Read as _, Write as _};

use domain::lang::Message;
use domain::message;
use gdal::Dataset;
use gdal::vector::{Layer, LayerAccess as _};
use zip::CompressionMethod;
use zip::read::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::archive;
use super::container::Container;
use super::failure::{Failure, failure};
use super::format::Format;
use super::open;
use super::xml_tags::{Tag, next, past_end};

/// The most bytes that a workbook may hold when unpacked.
const MAX_UNPACKED_BYTES: u64 = 1 << 30;
/// Headings are looked for in so many rows.
const ROWS_LOOKED_AT: usize = 30;

/// A workbook that GDAL has opened.
pub(super) struct Workbook {
    pub(super) dataset: Dataset,
    /// For each sheet, how many rows above its headings were taken out.
    pub(super) rows_above: Vec<u64>,
    /// Where the headings are, if not in the first row.
    pub(super) notes: Vec<Message>,
}

/// Opens a workbook.
pub(super) fn open(container: &mut Container, name: &str) -> Result<Workbook, Failure> {
    let bytes = container.bytes(name)?;
    check(name, &bytes)?;
    let path = container.memory.add("workbook.xlsx", bytes.clone())?;
    let dataset = open::dataset(&path, name, Format::Workbook, &[])?;
    let rows_above: Vec<u64> = dataset
        .layers()
        .map(|mut sheet| rows_above_headings(&mut sheet))
        .collect();
    if rows_above.iter().all(|&rows| rows == 0) {
        return Ok(Workbook {
            dataset,
            rows_above,
            notes: Vec::new(),
        });
    }
    let names = dataset.layers().map(|sheet| sheet.name());
    let notes = names.zip(&rows_above).filter_map(|(sheet, &rows)| {
        let row = rows + 1;
        (rows > 0).then(|| {
            message!(
                "наслови колона листа {sheet:?} су у реду {row}; редови изнад су изостављени",
                "the headings of the sheet {sheet:?} are in row {row}; the rows above were left out"
            )
        })
    });
    let notes = notes.collect();
    let shortened = without_rows_above(&bytes, &rows_above).map_err(|error| {
        failure!(
            "the titles above the headings of {name:?} cannot be taken out ({error}); delete \
                  the rows above the headings and save the workbook again"
        )
    })?;
    let path = container.memory.add("shortened.xlsx", shortened)?;
    Ok(Workbook {
        dataset: open::dataset(&path, name, Format::Workbook, &[])?,
        rows_above,
        notes,
    })
}

/// A workbook inside an archive was not looked into when that was checked.
fn check(name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let damaged = |error| archive::damaged(&error);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut unpacked_bytes = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        unpacked_bytes = unpacked_bytes.saturating_add(entry.size());
    }
    if unpacked_bytes > MAX_UNPACKED_BYTES {
        return Err(failure!(
            "the workbook {name:?} holds more than {} GiB when unpacked; save the sheet as CSV",
            MAX_UNPACKED_BYTES >> 30
        ));
    }
    Ok(())
}

/// The headings are the first row that fills more than half of the columns of the widest row.
fn rows_above_headings(sheet: &mut Layer<'_>) -> u64 {
    // What GDAL calls a column without a heading.
    let unnamed = |(name, place): &(String, usize)| *name == format!("Field{place}");
    let names = sheet.defn().fields().map(|field| field.name()).zip(1..);
    let columns: Vec<(String, usize)> = names.collect();
    let first = columns.len() - columns.iter().filter(|column| unnamed(column)).count();
    let mut widths = vec![(1, first)];
    for feature in sheet.features().take(ROWS_LOOKED_AT) {
        let values = (0..columns.len()).filter_map(|at| feature.field_as_string(at).ok().flatten());
        let filled = values.filter(|value| !value.is_empty()).count();
        widths.push((feature.fid().unwrap_or(1), filled));
    }
    sheet.reset_feature_reading();
    let widest = widths.iter().map(|(_, width)| *width).max().unwrap_or(0);
    let headings = widths.iter().find(|(_, width)| width * 2 > widest);
    headings.map_or(0, |(row, _)| row.saturating_sub(1))
}

/// The workbook without so many rows at the beginning of each sheet.
fn without_rows_above(
    bytes: &[u8],
    rows_above: &[u64],
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let sheets = sheet_members(&mut archive)?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        let sheet = sheets.iter().position(|sheet| *sheet == name);
        let rows = sheet.and_then(|at| rows_above.get(at)).copied();
        writer.start_file(&*name, stored)?;
        if let Some(rows) = rows.filter(|rows| *rows > 0) {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            writer.write_all(shifted(&text, rows).as_bytes())?;
        } else {
            std::io::copy(&mut entry, &mut writer)?;
        }
    }
    Ok(writer.finish()?.into_inner())
}

/// The members with the sheets, in the order of the workbook (ISO/IEC 29500-1, 18.2.19 and
/// 29500-2, 9.3).
fn sheet_members(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut text = |name: &str| -> Result<String, Box<dyn std::error::Error>> {
        let mut text = String::new();
        archive.by_name(name)?.read_to_string(&mut text)?;
        Ok(text)
    };
    let relations = text("xl/_rels/workbook.xml.rels")?;
    let workbook = text("xl/workbook.xml")?;
    let target_of = |id: &str| {
        let mut tags = tags(&relations).filter(|tag| tag.local == "Relationship");
        let target = tags
            .find(|tag| tag.attribute("Id") == Some(id))?
            .attribute("Target")?;
        Some(
            target
                .strip_prefix('/')
                .map_or_else(|| format!("xl/{target}"), str::to_owned),
        )
    };
    let sheets = tags(&workbook).filter(|tag| tag.local == "sheet");
    let ids = sheets.filter_map(|tag| tag.attribute("r:id"));
    Ok(ids.map(|id| target_of(id).unwrap_or_default()).collect())
}

fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = text;
    let pieces = std::iter::from_fn(move || {
        let (piece, after) = next(rest)?;
        rest = after;
        Some(piece)
    });
    pieces.filter_map(Tag::of)
}

/// The sheet without its first rows; the others keep their distances.
fn shifted(sheet: &str, rows: u64) -> String {
    let mut text = String::with_capacity(sheet.len());
    let mut rest = sheet;
    let mut row = 0_u64;
    while let Some((piece, after)) = next(rest) {
        rest = after;
        let tag = Tag::of(piece).filter(|tag| tag.local == "row" && !tag.closes);
        let Some(tag) = tag else {
            text.push_str(piece);
            continue;
        };
        let said = tag.attribute("r").and_then(|row| row.parse().ok());
        row = said.unwrap_or(row + 1);
        match row.checked_sub(rows).filter(|&row| row > 0) {
            Some(left) => {
                let end = if tag.opens { ">" } else { "/>" };
                let left = left.to_string();
                text.extend(["<", tag.prefix, "row r=\"", &left, "\"", end]);
            }
            None if tag.opens => rest = past_end(rest, &tag),
            None => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::shifted;

    #[test]
    fn rows_above_the_headings_are_taken_out() {
        let sheet = "<sheetData><row r=\"1\"><c r=\"A1\"/></row><row r='3' spans='1:2'><c r=\"A3\"/>\
                     </row><row/><row r=\"6\"/></sheetData>";
        for (rows, left) in [
            (
                2,
                "<sheetData><row r=\"1\"><c r=\"A3\"/></row><row r=\"2\"/><row r=\"4\"/></sheetData>",
            ),
            (5, "<sheetData><row r=\"1\"/></sheetData>"),
        ] {
            assert_eq!(shifted(sheet, rows), left);
        }
    }
}
