//! The file formats that are read, recognised by how they begin and, where that says nothing, by
//! the ending of their names; and those that are refused by name.

use super::failure::{Failure, failure};

/// What vector import takes, for messages.
pub(super) const TAKEN: &str = "an ESRI Shapefile (plain or zipped), a GeoPackage, GeoJSON, \
    FlatGeobuf, KML or KMZ, GPX, DXF, MapInfo (TAB or MIF), a CSV file or an Excel workbook (XLSX)";
/// How many bytes of a file are enough to recognise it.
pub(super) const HEAD_BYTES: u64 = 4096;
/// Every `SQLite` database, and so every `GeoPackage`, begins so.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";
/// File code 9994 of `.shp` and `.shx`.
const SHAPE_MAGIC: &[u8] = &[0, 0, 0x27, 0x0A];
/// The beginnings of a file entry and of the end of an empty archive.
const ZIP_MAGICS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// TIFF and `BigTIFF`, in either byte order.
const TIFF_MAGICS: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
/// `FlatGeobuf`, major version 3; the eighth byte is the patch version.
const FLATGEOBUF_MAGIC: &[u8] = b"fgb\x03fgb";
/// An OLE2 compound file: Microsoft Office up to 2003, and what later versions lock.
const COMPOUND_MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// A file format that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// ESRI Shapefile: one layer.
    Shapefile,
    /// OGC `GeoPackage`: any number of layers.
    GeoPackage,
    /// `GeoJSON`, RFC 7946: one layer.
    GeoJson,
    /// `GeoJSON` texts one after the other, RFC 8142, or one on each line: one layer.
    GeoJsonSequence,
    /// Comma-separated values: one table.
    Csv,
    /// OGC KML 2.2: a layer for each folder.
    Kml,
    /// GPS exchange format 1.0 and 1.1: waypoints, routes, tracks.
    Gpx,
    /// `AutoCAD` drawing exchange format, as text.
    Dxf,
    /// `MapInfo` table: one layer.
    MapInfo,
    /// `MapInfo` interchange format: one layer.
    MapInfoInterchange,
    /// Office Open XML workbook, ISO/IEC 29500: a table for each sheet.
    Workbook,
    /// `FlatGeobuf` 3: one layer.
    FlatGeobuf,
}

impl Format {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Shapefile => "ESRI Shapefile",
            Self::GeoPackage => "GeoPackage",
            Self::GeoJson => "GeoJSON",
            Self::GeoJsonSequence => "GeoJSON sequence",
            Self::Csv => "CSV",
            Self::Kml => "KML",
            Self::Gpx => "GPX",
            Self::Dxf => "DXF",
            Self::MapInfo => "MapInfo TAB",
            Self::MapInfoInterchange => "MapInfo MIF",
            Self::Workbook => crate::choose::WORKBOOK,
            Self::FlatGeobuf => "FlatGeobuf",
        }
    }

    /// The one GDAL driver that may open it; none of them reads other files or addresses but the
    /// companions that are named here. A CSV file is not read by GDAL.
    pub(super) fn driver(self) -> &'static str {
        match self {
            Self::Shapefile => "ESRI Shapefile",
            Self::GeoPackage => "GPKG",
            Self::GeoJson => "GeoJSON",
            Self::GeoJsonSequence => "GeoJSONSeq",
            Self::Csv => "CSV",
            Self::Kml => "LIBKML",
            Self::Gpx => "GPX",
            Self::Dxf => "DXF",
            Self::MapInfo | Self::MapInfoInterchange => "MapInfo File",
            Self::Workbook => "XLSX",
            Self::FlatGeobuf => "FlatGeobuf",
        }
    }

    /// Whether a file of this format names its layers itself.
    pub(super) fn names_layers(self) -> bool {
        use Format::{Dxf, GeoPackage, Gpx, Kml, Workbook};
        matches!(self, GeoPackage | Kml | Gpx | Dxf | Workbook)
    }

    /// Whether every file has the same columns, used or not.
    pub(super) fn has_fixed_columns(self) -> bool {
        matches!(self, Self::Kml | Self::Gpx | Self::Dxf)
    }

    /// The format of files whose names end so.
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "shp" => Self::Shapefile,
            "gpkg" => Self::GeoPackage,
            "geojson" | "json" => Self::GeoJson,
            "geojsonl" | "geojsons" | "geojsonseq" | "ndjson" | "jsonl" | "ndgeojson" => {
                Self::GeoJsonSequence
            }
            "csv" | "tsv" => Self::Csv,
            "kml" => Self::Kml,
            "gpx" => Self::Gpx,
            "dxf" => Self::Dxf,
            "tab" => Self::MapInfo,
            "mif" => Self::MapInfoInterchange,
            "xlsx" | "xlsm" => Self::Workbook,
            "fgb" => Self::FlatGeobuf,
            _ => return None,
        })
    }

    /// The format of a file that begins so, where that is beyond doubt.
    pub(super) fn of_content(head: &[u8]) -> Option<Self> {
        if head.starts_with(SQLITE_MAGIC) {
            return Some(Self::GeoPackage);
        }
        if head.starts_with(SHAPE_MAGIC) {
            return Some(Self::Shapefile);
        }
        if head.starts_with(FLATGEOBUF_MAGIC) {
            return Some(Self::FlatGeobuf);
        }
        Self::of_text(&beginning(head))
    }

    fn of_text(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        if text.starts_with('\u{1e}') {
            return Some(Self::GeoJsonSequence);
        }
        if text.starts_with('{') {
            return Some(if has_feature_line(text) {
                Self::GeoJsonSequence
            } else {
                Self::GeoJson
            });
        }
        if lower.starts_with('<') {
            return root(&lower).and_then(|root| match root {
                "kml" => Some(Self::Kml),
                "gpx" => Some(Self::Gpx),
                _ => None,
            });
        }
        if lower.starts_with("!table") {
            return Some(Self::MapInfo);
        }
        let mut lines = lower.lines().map(str::trim);
        match (lines.next(), lines.next()) {
            (Some("0"), Some("section")) | (Some("999"), Some(_)) => Some(Self::Dxf),
            (Some(version), _) if is_mif_version(version) => Some(Self::MapInfoInterchange),
            _ => None,
        }
    }
}

/// Whether a file that begins so is a zip archive.
pub(super) fn is_zip(head: &[u8]) -> bool {
    ZIP_MAGICS.iter().any(|magic| head.starts_with(magic))
}

/// Whether a file that begins so is a TIFF.
pub(super) fn is_tiff(head: &[u8]) -> bool {
    TIFF_MAGICS.iter().any(|magic| head.starts_with(magic))
}

/// The bytes after the byte order mark of UTF-8, which some programs write before a text.
pub(super) fn without_utf8_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Whether a JSON text that begins so says that it is `GeoJSON` with features.
pub(super) fn says_geojson(head: &[u8]) -> bool {
    let text = beginning(head);
    ["\"FeatureCollection\"", "\"Feature\""]
        .iter()
        .any(|word| text.contains(word))
}

/// The beginning as text, for comparing: bytes beyond ASCII are not looked at.
fn beginning(head: &[u8]) -> String {
    let wide: Option<fn([u8; 2]) -> u16> = match head {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    let text = match wide {
        Some(wide) => {
            let units = head.chunks_exact(2).skip(1);
            let units: Vec<u16> = units
                .filter_map(|pair| pair.try_into().ok().map(wide))
                .collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(head).into_owned(),
    };
    text.trim_start_matches('\u{feff}').trim_start().to_owned()
}

/// Whether the first line is a whole `GeoJSON` feature and another text follows.
fn has_feature_line(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Typed {
        r#type: String,
    }
    let Some((first, rest)) = text.split_once('\n') else {
        return false;
    };
    let feature = serde_json::from_str::<Typed>(first);
    feature.is_ok_and(|it| it.r#type == "Feature") && rest.trim_start().starts_with('{')
}

/// The name of the first element of an XML text in small letters, without its prefix.
fn root(lower: &str) -> Option<&str> {
    let mut rest = lower;
    loop {
        let tag = rest.split_once('<')?.1;
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        if !tag.starts_with(['?', '!']) {
            let name = tag.split([' ', '>', '/', '\t', '\r', '\n']).next()?;
            return Some(name.rsplit(':').next().unwrap_or(name));
        }
        rest = tag.split_once(end)?.1;
    }
}

/// `Version 300`, the first line of every `.mif`.
fn is_mif_version(line: &str) -> bool {
    let number = line.strip_prefix("version").map(str::trim);
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}

/// What a file is that is known and not read, with the way out.
pub(super) fn refused_by_name(name: &str, extension: &str, head: &[u8]) -> Option<Failure> {
    const GEOPACKAGE_IN_QGIS: &str =
        "open it in QGIS, export the layer as a GeoPackage, and import that";
    let text = beginning(head);
    let lower = text.to_ascii_lowercase();
    if let Some((what, way_out)) = told_by_beginning(extension, head) {
        return Some(failure!("{name:?} is {what}; {way_out}"));
    }
    let (what, way_out) = if head.starts_with(COMPOUND_MAGIC) {
        return Some(compound_file(name, extension));
    } else if head.starts_with(b"AutoCAD Binary DXF") {
        (
            "a DXF drawing in binary form",
            "save the drawing as DXF in text form (ASCII)",
        )
    } else if head.get(4..).is_some_and(|rest| {
        rest.starts_with(b"Standard Jet DB") || rest.starts_with(b"Standard ACE DB")
    }) {
        (
            "an Access database or ESRI personal geodatabase",
            GEOPACKAGE_IN_QGIS,
        )
    } else if lower.starts_with("<!doctype html") || lower.starts_with('<') && is_html(&lower) {
        (
            "a web page, whatever its name says",
            "open it in Excel, save it as an Excel workbook (XLSX), and import that",
        )
    } else if text.starts_with('{') && text.contains("\"Topology\"") {
        ("TopoJSON", GEOPACKAGE_IN_QGIS)
    } else if text.starts_with('{') && text.contains("\"esriGeometry") {
        ("ESRI JSON", GEOPACKAGE_IN_QGIS)
    } else if lower.starts_with('<') && lower.contains("http://www.opengis.net/gml") {
        ("GML", GEOPACKAGE_IN_QGIS)
    } else {
        return None;
    };
    Some(failure!("{name:?} is {what}; {way_out}"))
}

/// Files that are known by their first bytes or, where those say little, by their ending.
fn told_by_beginning(extension: &str, head: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "unpack it, and import the survey in it, or make a zip archive of it";
    const OUTLINE: &str =
        "draw the outlines over it in QGIS, export them as a GeoPackage, and import that";
    const MAGICS: [(&[u8], &str, &str); 6] = [
        (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
        (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
        (b"\x1F\x8B", "a gzip archive", UNPACK),
        (b"LASF", "a point cloud (LAS or LAZ)", OUTLINE),
        (
            b"%PDF",
            "a PDF document",
            "ask for the survey as a file with coordinates",
        ),
        (b"\0\0\0\x0CjP  ", "a picture (JPEG 2000)", OUTLINE),
    ];
    let by_magic = MAGICS.iter().find(|(magic, ..)| head.starts_with(magic));
    if let Some((_, what, way_out)) = by_magic {
        return Some((what, way_out));
    }
    match extension {
        "dwg" => Some(("an AutoCAD drawing (DWG)", "save it as DXF and import that")),
        "ecw" => Some(("a picture (ECW)", OUTLINE)),
        "sid" => Some(("a picture (MrSID)", OUTLINE)),
        "dgn" if !head.starts_with(COMPOUND_MAGIC) => Some((
            "a MicroStation drawing (DGN)",
            "save it as DXF and import that",
        )),
        _ => None,
    }
}

fn is_html(lower: &str) -> bool {
    root(lower).is_some_and(|root| ["html", "table", "body", "head", "meta"].contains(&root))
}

/// Microsoft Office up to 2003 wrote compound files; later versions write them to lock a workbook
/// with a password, still named `.xlsx`.
fn compound_file(name: &str, extension: &str) -> Failure {
    match extension {
        "xlsx" | "xlsm" => failure!(
            "{name:?} is an Excel workbook locked with a password, or one of Excel before 2007 \
             under a new name; open it in Excel, save it without a password as an Excel workbook \
             (XLSX), and import that"
        ),
        "xls" | "" | "csv" | "txt" => failure!(
            "{name:?} is an Excel workbook of the old kind (XLS); open it in Excel, save it as an \
             Excel workbook (XLSX), and import that"
        ),
        "dgn" => {
            failure!("{name:?} is a MicroStation drawing (DGN); save it as DXF and import that")
        }
        _ => failure!(
            "{name:?} is an old Microsoft Office file or one locked with a password; save it \
             without a password as an Excel workbook (XLSX), and import that"
        ),
    }
}

#[cfg(test)]
mod tests;
