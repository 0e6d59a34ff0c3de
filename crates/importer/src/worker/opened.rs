//! Files of the formats that GDAL reads, but for shapefiles: each opened with its one driver, and
//! its text in an encoding that is known.

use domain::lang::Message;
use domain::message;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::charset::{Charset, line_at};
use super::container::Container;
use super::dxf;
use super::failure::{Failure, failure};
use super::format::{self, Format};
use super::gdal_log;
use super::geojson_crs::CrsMember;
use super::kml;
use super::mapinfo;
use super::open;
use super::source::{Source, stem};
use super::virtual_tables;
use super::whole_text::{self, Wanted};
use super::workbook;
use super::xml;
use crate::protocol::EncodingDecision;

/// A file that GDAL has opened.
pub(super) struct Opened {
    pub(super) dataset: Dataset,
    /// What the bytes of text are, where GDAL hands them over byte by byte.
    pub(super) charset: Option<Charset>,
    /// How text is read, samples aside.
    pub(super) encoding: EncodingDecision,
    /// What is to be known of the file.
    pub(super) notes: Vec<Message>,
    /// For each sheet of a workbook, how many rows above its headings GDAL has not seen.
    pub(super) rows_above: Vec<u64>,
    /// What GeoJSON says of its reference system.
    pub(super) crs: CrsMember,
}

/// Opens a file.
pub(super) fn open(
    container: &mut Container,
    source: &Source,
    wanted: Wanted<'_>,
) -> Result<Opened, Failure> {
    let (name, format) = (source.member.as_str(), source.format);
    match format {
        Format::GeoPackage => unicode(format, wanted, geopackage(container, name)?),
        Format::GeoJson | Format::GeoJsonSequence => {
            only_utf8(format, wanted)?;
            let bytes = container.bytes(name)?;
            check_utf8(name, &bytes)?;
            Ok(Opened {
                crs: CrsMember::of_file(&bytes),
                ..unicode(format, wanted, geojson(container, name, format, &bytes)?)?
            })
        }
        Format::FlatGeobuf => {
            let path = open::in_place_or_memory(container, name, "features.fgb")?;
            let options = ["VERIFY_BUFFERS=YES"];
            let dataset = open::dataset(&path, name, format, &options)?;
            unicode(format, wanted, dataset)
        }
        Format::Workbook => {
            let book = workbook::open(container, name)?;
            Ok(Opened {
                rows_above: book.rows_above,
                notes: book.notes,
                ..unicode(format, wanted, book.dataset)?
            })
        }
        Format::Kml => kml(container, source, wanted),
        Format::Gpx => gpx(container, name, wanted),
        Format::Dxf => dxf(container, name, wanted),
        Format::MapInfo | Format::MapInfoInterchange => {
            let (dataset, encoding) = mapinfo::open(container, name, format, wanted)?;
            Ok(Opened {
                notes: mapinfo::note_of_zeros(&dataset, format)
                    .into_iter()
                    .collect(),
                dataset,
                charset: encoding.name.parse().ok(),
                encoding,
                rows_above: Vec::new(),
                crs: CrsMember::default(),
            })
        }
        Format::Shapefile | Format::Csv => Err(failure!("{name:?} is read in another way")),
    }
}

fn unicode(format: Format, wanted: Wanted<'_>, dataset: Dataset) -> Result<Opened, Failure> {
    only_utf8(format, wanted)?;
    let name = format.name();
    Ok(Opened {
        dataset,
        charset: None,
        encoding: EncodingDecision {
            name: Charset::Utf8.to_string(),
            evidence: message!(
                "{name} је по дефиницији UTF-8",
                "{name} is UTF-8 by definition"
            ),
            samples: Vec::new(),
        },
        notes: Vec::new(),
        rows_above: Vec::new(),
        crs: CrsMember::default(),
    })
}

fn only_utf8(format: Format, wanted: Wanted<'_>) -> Result<(), Failure> {
    let named = match wanted {
        Wanted::Find(Some(name)) => name.parse().map_err(|error| failure!("{error}"))?,
        Wanted::Find(None) => return Ok(()),
        Wanted::Known(charset) => charset,
    };
    if named == Charset::Utf8 {
        return Ok(());
    }
    Err(failure!(
        "{} is UTF-8 by definition and cannot be read as {named}; leave the encoding out",
        format.name()
    ))
}

fn geopackage(container: &mut Container, name: &str) -> Result<Dataset, Failure> {
    if has_unwritten_changes(container, name) {
        return Err(failure!(
            "{name:?} is open in another program, such as QGIS, and its last changes are not in the file \
             yet; close it there and import again"
        ));
    }
    // A database is read here and there, which a packed file makes slow.
    let path = if container.is_zip() {
        let bytes = container.bytes(name)?;
        container.memory.add("database.gpkg", bytes)?
    } else {
        container.gdal_path(name)
    };
    let opened = open::dataset(&path, name, Format::GeoPackage, &["IMMUTABLE=YES"]);
    if let Ok(dataset) = &opened {
        virtual_tables::refuse(dataset, name)?;
    }
    let has_layers = opened
        .as_ref()
        .is_ok_and(|dataset| dataset.layer_count() > 0);
    if !has_layers && holds_tiles(&path) {
        return Err(failure!(
            "{name:?} is a GeoPackage with raster tiles only, a picture without records; in QGIS \
             draw the outlines over it, or ask for the layers that the picture was made of"
        ));
    }
    opened
}

/// Whether a write-ahead log lies beside a database, which is opened as it is, without the log.
fn has_unwritten_changes(container: &Container, name: &str) -> bool {
    let log = format!("{name}-wal");
    if container.is_zip() {
        return container.member(&log).is_ok_and(|member| member.size > 0);
    }
    std::fs::metadata(container.gdal_path(&log)).is_ok_and(|log| log.len() > 0)
}

fn holds_tiles(path: &str) -> bool {
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_READONLY,
        allowed_drivers: Some(&["GPKG"]),
        ..DatasetOptions::default()
    };
    let opened = Dataset::open_ex(path, options);
    gdal_log::take_failure();
    opened.is_ok()
}

fn geojson(
    container: &mut Container,
    name: &str,
    format: Format,
    bytes: &[u8],
) -> Result<Dataset, Failure> {
    // GDAL takes a sequence with a byte order mark for no sequence.
    let unmarked = format::without_utf8_mark(bytes);
    let path = if format == Format::GeoJsonSequence && unmarked.len() < bytes.len() {
        container
            .memory
            .add("features.geojsonl", unmarked.to_vec())?
    } else {
        open::in_place_or_memory(container, name, "features.geojson")?
    };
    let options: &[&str] = if format == Format::GeoJson {
        &["DATE_AS_STRING=YES"]
    } else {
        &[]
    };
    open::dataset(&path, name, format, options)
}

fn kml(container: &mut Container, source: &Source, wanted: Wanted<'_>) -> Result<Opened, Failure> {
    let name = source.member.as_str();
    let (text, encoding) = xml::load(container, name, wanted)?;
    let kml::Plain { text, links } = kml::plain(name, &text)?;
    // A file without a document is one layer, named like the file.
    let path = format!("{}.kml", stem(name));
    let path = container.memory.add(&path, text.into_bytes())?;
    // All files of an archive are read, linked or not.
    let is_read =
        |link: &String| source.is_one_of_several && kml::leads_to_member(container, name, link);
    let links = links.iter().filter(|link| !is_read(link)).count();
    let note = (links > 0).then(|| {
        message!(
            "{name:?} упућује на друге датотеке ({links}), које нису читане; ако су потребне, увезите \
             их посебно",
            "{name:?} links to other files ({links}), which were not read; if they are needed, \
             import them by themselves"
        )
    });
    Ok(Opened {
        dataset: open::dataset(&path, name, Format::Kml, &[])?,
        charset: None,
        encoding,
        notes: note.into_iter().collect(),
        rows_above: Vec::new(),
        crs: CrsMember::default(),
    })
}

fn gpx(container: &mut Container, name: &str, wanted: Wanted<'_>) -> Result<Opened, Failure> {
    let (text, encoding) = xml::load(container, name, wanted)?;
    let path = container.memory.add("track.gpx", text.into_bytes())?;
    Ok(Opened {
        dataset: open::dataset(&path, name, Format::Gpx, &[])?,
        charset: None,
        encoding,
        notes: Vec::new(),
        rows_above: Vec::new(),
        crs: CrsMember::default(),
    })
}

fn dxf(container: &mut Container, name: &str, wanted: Wanted<'_>) -> Result<Opened, Failure> {
    let bytes = container.bytes(name)?;
    let statement = dxf::statement(&bytes);
    let (text, encoding) = whole_text::decoded(name, &bytes, wanted, statement.as_ref())?;
    drop(bytes);
    let text = dxf::plain(text);
    let notes = dxf::note_of_curves(&text).into_iter().collect();
    let path = container.memory.add("drawing.dxf", text.into_bytes())?;
    Ok(Opened {
        dataset: open::dataset(&path, name, Format::Dxf, &[])?,
        charset: None,
        encoding,
        notes,
        rows_above: Vec::new(),
        crs: CrsMember::default(),
    })
}

fn check_utf8(name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let Err(error) = std::str::from_utf8(bytes) else {
        return Ok(());
    };
    let line = line_at(bytes, error.valid_up_to());
    Err(failure!(
        "{name:?} is not UTF-8 on line {line} (byte {}), as GeoJSON must be; export it again as \
         UTF-8",
        error.valid_up_to() + 1
    ))
}

#[cfg(test)]
mod tests {
    use super::{Charset, Format, Wanted, check_utf8, only_utf8};

    #[test]
    fn broken_utf_8_is_placed() {
        let error = check_utf8("a.geojson", b"{\n\"name\":\n\"Kru\x9Aevac\"}").unwrap_err();
        assert!(error.0.contains("line 3 (byte 15)"), "{error:?}");
        assert_eq!(
            check_utf8("a.geojson", "{\"name\": \"Kruševac\"}".as_bytes()),
            Ok(())
        );
    }

    #[test]
    fn a_format_that_is_utf_8_takes_no_other_encoding() {
        let json = Format::GeoJson;
        assert_eq!(only_utf8(json, Wanted::Find(None)), Ok(()));
        assert_eq!(only_utf8(json, Wanted::Find(Some("utf8"))), Ok(()));
        assert_eq!(only_utf8(json, Wanted::Known(Charset::Utf8)), Ok(()));
        let error = only_utf8(Format::GeoPackage, Wanted::Find(Some("CP1250"))).unwrap_err();
        assert!(error.0.contains("GeoPackage is UTF-8"), "{error:?}");
    }
}
