//! What GDAL says about a raster file.

use std::path::Path;

use domain::lang::Message;
use domain::message;
use gdal::errors::GdalError;
use gdal::raster::{ColorInterpretation, GdalDataType, RasterBand};
use gdal::{Dataset, Metadata as _};

use super::compression::Compression;
use super::error::check_size;
use super::layout::{CellLayout, MAX_BLOCK_BYTES};
use super::tags::Tags;
use super::{
    BandColour, InspectionError, MAX_PALETTE, Placement, RasterInspection, SampleType, SourceBand,
    Transform, notes, reference, settings,
};

/// GDAL's domain of metadata about how cells are packed.
const STRUCTURE: &str = "IMAGE_STRUCTURE";
/// A raster whose rows are turned by less than this part of a cell over its whole size is not turned.
const UNTURNED_CELLS: f64 = 0.01;

/// Says what the raster file at `path` is, reading its header and lists only, and refuses what
/// cannot be read.
///
/// # Errors
/// For each way in which a file is no readable `GeoTIFF`, an [`InspectionError`] that names it.
pub fn inspect(path: &Path) -> Result<RasterInspection, InspectionError> {
    let tags = Tags::read(path)?;
    let layout = CellLayout::of(&tags)?;
    let blocks = layout.check_blocks(&tags)?;
    let dataset = settings::open(path).map_err(InspectionError::Unreadable)?;
    let (columns, rows) = dataset.raster_size();
    check_size(columns, rows, dataset.raster_count())?;
    let mut inspection = described(&dataset, &tags)?;
    inspection.compression = layout.compression.to_string();
    inspection.lossy = layout.compression.may_be_lossy() && !says_lossless(&dataset, &layout);
    inspection.tiled = layout.tiled;
    let notes = notes::of(path, pictures(&dataset), blocks, inspection.nodata);
    inspection.notes.extend(notes);
    check_blocks(&inspection)?;
    inspection.check()?;
    Ok(inspection)
}

/// LERC rounds values only when it is told how far.
fn says_lossless(dataset: &Dataset, layout: &CellLayout) -> bool {
    let rounds = || dataset.metadata_item("MAX_Z_ERROR", STRUCTURE);
    layout.compression == Compression::Lerc && rounds().is_none_or(|most| most == "0")
}

/// How many pictures the file holds, overviews and masks not counted.
fn pictures(dataset: &Dataset) -> usize {
    let listed = dataset.metadata_domain("SUBDATASETS");
    // A name and a description of each.
    listed.map_or(1, |entries| entries.len() / 2)
}

/// Refuses blocks that GDAL unpacks as a whole and that are too large for it.
fn check_blocks(inspection: &RasterInspection) -> Result<(), InspectionError> {
    let (columns, rows) = (inspection.block_columns, inspection.block_rows);
    let cells = columns as u64 * rows as u64;
    let bytes = cells.saturating_mul(inspection.bytes_per_cell() as u64);
    if bytes <= MAX_BLOCK_BYTES {
        return Ok(());
    }
    Err(InspectionError::LargeBlocks {
        columns: columns as u64,
        rows: rows as u64,
        bytes,
    })
}

fn described(dataset: &Dataset, tags: &Tags) -> Result<RasterInspection, InspectionError> {
    let (columns, rows) = dataset.raster_size();
    let first = dataset.rasterband(1).map_err(InspectionError::Unreadable)?;
    let sample = sample(&first)?;
    let (block_columns, block_rows) = first.block_size();
    let item = |key| {
        dataset
            .metadata_item(key, "")
            .filter(|text| !text.trim().is_empty())
    };
    let (nodata, note) = nodata(&first, sample);
    let flags = first.mask_flags().map_err(InspectionError::Unreadable)?;
    Ok(RasterInspection {
        columns,
        rows,
        sample,
        bits: bits(&first, sample),
        bands: bands(dataset).map_err(InspectionError::Unreadable)?,
        nodata,
        mask: flags.is_per_dataset() && !flags.is_alpha(),
        placement: placement(dataset),
        pixel_is_point: item("AREA_OR_POINT").is_some_and(|it| it == "Point"),
        crs: reference::declared(dataset, tags),
        compression: String::new(),
        lossy: false,
        big_tiff: tags.big_tiff,
        tiled: false,
        block_columns: block_columns.min(columns),
        block_rows: block_rows.min(rows),
        date_time: item("TIFFTAG_DATETIME"),
        software: item("TIFFTAG_SOFTWARE"),
        notes: note.into_iter().collect(),
    })
}

/// The type of a band's values.
fn sample(band: &RasterBand<'_>) -> Result<SampleType, InspectionError> {
    let signed_bytes = || {
        band.metadata_item("PIXELTYPE", STRUCTURE)
            .is_some_and(|it| it == "SIGNEDBYTE")
    };
    let refused = |what: &str| InspectionError::SampleType {
        what: what.to_owned(),
        instead: "Float64",
    };
    Ok(match band.band_type() {
        GdalDataType::UInt8 if signed_bytes() => SampleType::Int8,
        GdalDataType::UInt8 => SampleType::UInt8,
        GdalDataType::UInt16 => SampleType::UInt16,
        GdalDataType::Int16 => SampleType::Int16,
        GdalDataType::UInt32 => SampleType::UInt32,
        GdalDataType::Int32 => SampleType::Int32,
        GdalDataType::Float32 => SampleType::Float32,
        GdalDataType::Float64 => SampleType::Float64,
        other if other.name() == SampleType::Int8.name() => SampleType::Int8,
        GdalDataType::Unknown => return Err(refused("complex numbers")),
        other => return Err(refused(&format!("of type {}", other.name()))),
    })
}

fn bits(band: &RasterBand<'_>, sample: SampleType) -> u8 {
    let whole = u8::try_from(sample.bytes() * 8).unwrap_or(u8::MAX);
    let said = band.metadata_item("NBITS", STRUCTURE);
    said.and_then(|bits| bits.parse().ok()).unwrap_or(whole)
}

/// The mark for no data, and what is to be said of one that no cell can have.
fn nodata(band: &RasterBand<'_>, sample: SampleType) -> (Option<f64>, Option<Message>) {
    match band.no_data_value() {
        Some(mark) if !sample.can_hold(mark) => {
            let note = message!(
                "вредност {mark} треба да означи ћелије без података, али је ниједна ћелија типа {sample} не \
                 може имати; занемарена је",
                "the value {mark} is to stand for no data, but no cell of type {sample} can have it; it \
                 was ignored"
            );
            (None, Some(note))
        }
        mark => (mark, None),
    }
}

fn bands(dataset: &Dataset) -> Result<Vec<SourceBand>, GdalError> {
    dataset
        .rasterbands()
        .map(|band| Ok(described_band(&band?)))
        .collect()
}

fn described_band(band: &RasterBand<'_>) -> SourceBand {
    let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let factor = |number: Option<f64>, plain| number.filter(|it| it.is_finite()).unwrap_or(plain);
    SourceBand {
        colour: colour(&band.color_interpretation()),
        description: band.description().ok().and_then(given),
        unit: given(band.unit()),
        scale: factor(band.scale(), 1.0),
        offset: factor(band.offset(), 0.0),
        palette: palette(band),
    }
}

const fn colour(interpretation: &ColorInterpretation) -> BandColour {
    match interpretation {
        ColorInterpretation::Undefined => BandColour::Undefined,
        ColorInterpretation::GrayIndex => BandColour::Grey,
        ColorInterpretation::PaletteIndex => BandColour::Palette,
        ColorInterpretation::RedBand => BandColour::Red,
        ColorInterpretation::GreenBand => BandColour::Green,
        ColorInterpretation::BlueBand => BandColour::Blue,
        ColorInterpretation::AlphaBand => BandColour::Alpha,
        _ => BandColour::Other,
    }
}

fn palette(band: &RasterBand<'_>) -> Vec<[u8; 4]> {
    let Some(table) = band.color_table() else {
        return Vec::new();
    };
    let byte = |part: i16| u8::try_from(part.clamp(0, 255)).unwrap_or(u8::MAX);
    let entries = (0..table.entry_count().min(MAX_PALETTE)).map_while(|at| table.entry_as_rgb(at));
    entries
        .map(|entry| [entry.r, entry.g, entry.b, entry.a].map(byte))
        .collect()
}

fn placement(dataset: &Dataset) -> Placement {
    // Without a stored placement GDAL answers with an error.
    match dataset.geo_transform() {
        Ok(transform) if transform.iter().all(|number| number.is_finite()) => {
            placed(transform, dataset.raster_size())
        }
        _ if !dataset.gcps().is_empty() => Placement::ControlPoints(dataset.gcps().len()),
        _ if dataset
            .metadata_domain("RPC")
            .is_some_and(|it| !it.is_empty()) =>
        {
            Placement::RationalPolynomials
        }
        _ => Placement::None,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a raster has far fewer than 2^52 columns or rows"
)]
fn placed(transform: Transform, (columns, rows): (usize, usize)) -> Placement {
    let [_, x_by_column, x_by_row, _, y_by_column, y_by_row] = transform;
    let turned = [
        x_by_row * rows as f64 / x_by_column,
        y_by_column * columns as f64 / y_by_row,
    ];
    let plain = turned.iter().all(|cells| cells.abs() < UNTURNED_CELLS);
    if plain && x_by_column > 0.0 && y_by_row < 0.0 {
        Placement::NorthUp(transform)
    } else if plain && x_by_column > 0.0 && y_by_row > 0.0 {
        Placement::BottomUp(transform)
    } else {
        Placement::Rotated {
            degrees: y_by_column.atan2(x_by_column).to_degrees(),
            transform,
        }
    }
}
