//! What a file holds: its layers, their columns, their place, and how their text is read.

use std::path::Path;

use gdal::vector::{Layer, LayerAccess as _};

use super::charset::{Charset, line_at};
use super::container::Container;
use super::csv_table::CsvTable;
use super::encoding::{self, Declared};
use super::failure::{Failure, failure};
use super::gdal_log;
use super::open::{self, Field, FieldKind};
use super::read::FieldReader;
use super::shapefile::Shapefile;
use super::source::{Format, Source, Survey};
use crate::protocol::{
    EncodingDecision, Inspection, SourceField, SourceGeometry, SourceLayer, SourceRecord,
    SourceValue,
};

/// How many records are looked at for samples of text.
const SAMPLED_RECORDS: usize = 200;
/// How many samples are shown.
const MAX_SAMPLES: usize = 3;

/// Inspects the file, archive or folder at `path`; `encoding` is the one that the user names.
pub(super) fn file(path: &Path, encoding: Option<&str>) -> Result<Inspection, Failure> {
    let mut survey = Survey::find(path)?;
    let mut inspection = Inspection {
        format: survey.format(),
        layers: Vec::new(),
        notes: Vec::new(),
    };
    for source in &survey.sources {
        let container = &mut survey.container;
        match source.format {
            Format::Shapefile => shapefile(container, source, encoding, &mut inspection)?,
            Format::GeoPackage => geopackage(container, source, encoding, &mut inspection)?,
            Format::GeoJson => geojson(container, source, encoding, &mut inspection)?,
            Format::Csv => csv(container, source, encoding, &mut inspection)?,
        }
    }
    Ok(inspection)
}

fn shapefile(
    container: &mut Container,
    source: &Source,
    encoding: Option<&str>,
    inspection: &mut Inspection,
) -> Result<(), Failure> {
    let files = Shapefile::find(container, &source.member)?;
    let table = container.bytes(&files.dbf)?;
    let declared = Declared {
        cpg: files.cpg.as_deref(),
        language_byte: files.heading.language_byte,
    };
    let decision = encoding::decide(&files.heading.texts(&table), encoding, declared)?;
    drop(table);
    let charset: Charset = decision.name.parse().map_err(|error| failure!("{error}"))?;
    let dataset = open::shapefile(container, &files)?;
    let layer = dataset.layer(0).map_err(|_| no_layer(&source.member))?;
    let fields = open::fields(&layer, Some((&files.heading, charset)));
    if files.prj_wkt.is_none() {
        inspection.notes.push(
            format!(
                "the layer {:?} has no .prj file: its coordinate reference system is not declared",
                source.layer
            )
            .into(),
        );
    }
    let crs = open::crs(layer.spatial_ref().as_ref(), files.prj_wkt.as_deref());
    let mut described = described(&layer, source.layer.clone(), &fields, decision)?;
    described.crs = crs.filter(|_| files.prj_wkt.is_some());
    add(inspection, described);
    Ok(())
}

fn geopackage(
    container: &mut Container,
    source: &Source,
    encoding: Option<&str>,
    inspection: &mut Inspection,
) -> Result<(), Failure> {
    only_utf8(Format::GeoPackage, encoding)?;
    let dataset = open::geopackage(container, &source.member)?;
    if dataset.layer_count() == 0 {
        return Err(no_layer(&source.member));
    }
    for mut layer in dataset.layers() {
        let fields = open::fields(&layer, None);
        let decision = unicode(&mut layer, &fields, "a GeoPackage is UTF-8 by definition");
        let mut described = described(&layer, layer.name(), &fields, decision)?;
        described.crs = open::crs(layer.spatial_ref().as_ref(), None);
        add(inspection, described);
    }
    Ok(())
}

fn geojson(
    container: &mut Container,
    source: &Source,
    encoding: Option<&str>,
    inspection: &mut Inspection,
) -> Result<(), Failure> {
    only_utf8(Format::GeoJson, encoding)?;
    check_utf8(&source.member, &container.bytes(&source.member)?)?;
    let dataset = open::geojson(container, &source.member)?;
    let mut layer = dataset.layer(0).map_err(|_| no_layer(&source.member))?;
    let fields = open::fields(&layer, None);
    let decision = unicode(&mut layer, &fields, "GeoJSON is UTF-8 by definition");
    let mut described = described(&layer, source.layer.clone(), &fields, decision)?;
    described.crs = open::crs(layer.spatial_ref().as_ref(), None);
    add(inspection, described);
    Ok(())
}

fn csv(
    container: &mut Container,
    source: &Source,
    encoding: Option<&str>,
    inspection: &mut Inspection,
) -> Result<(), Failure> {
    let table = CsvTable::load(container, &source.member, encoding)?;
    let mut record_count = 0;
    table.for_each(|_| {
        record_count += 1;
        Ok::<_, Failure>(())
    })?;
    let words = table.separator_words();
    inspection
        .notes
        .push(format!("the values of {:?} are divided by {words}", source.layer).into());
    let field = |name: &String| SourceField {
        name: name.clone(),
        kind: "text".to_owned(),
    };
    inspection.layers.push(SourceLayer {
        name: source.layer.clone(),
        geometry: SourceGeometry::None,
        record_count,
        fields: table.headings.iter().map(field).collect(),
        crs: None,
        extent: None,
        encoding: table.encoding,
    });
    Ok(())
}

/// What GDAL says about a layer, but for the coordinate reference system.
fn described(
    layer: &Layer<'_>,
    name: String,
    fields: &[Field],
    encoding: EncodingDecision,
) -> Result<SourceLayer, Failure> {
    let record_count = layer.feature_count();
    let geometry = open::geometry(layer);
    let placed = record_count > 0 && geometry != SourceGeometry::None;
    let extent = placed.then(|| layer.get_extent().ok()).flatten();
    let extent = extent.map(|box_| [box_.MinX, box_.MinY, box_.MaxX, box_.MaxY]);
    if let Some(complaint) = gdal_log::take_failure() {
        return Err(failure!(
            "the layer {name:?} cannot be read ({complaint}); export the file again"
        ));
    }
    Ok(SourceLayer {
        name,
        geometry,
        record_count,
        fields: fields.iter().map(SourceField::from).collect(),
        crs: None,
        extent: extent.filter(|sides| sides.iter().all(|side| side.is_finite())),
        encoding,
    })
}

fn add(inspection: &mut Inspection, layer: SourceLayer) {
    let binary = layer.fields.iter().filter(|field| field.kind == "binary");
    let notes = binary.map(|field| {
        format!(
            "the field {:?} of {:?} holds bytes, which are left out",
            field.name, layer.name
        )
        .into()
    });
    inspection.notes.extend(notes);
    inspection.layers.push(layer);
}

/// The decision for a format that knows one encoding only, with samples.
fn unicode(layer: &mut Layer<'_>, fields: &[Field], evidence: &str) -> EncodingDecision {
    let reader = FieldReader::unicode(fields.to_vec());
    let mut samples: Vec<String> = Vec::new();
    if fields.iter().any(|field| field.kind == FieldKind::Text) {
        for (feature, row) in layer.features().take(SAMPLED_RECORDS).zip(1..) {
            // What is wrong with a record is said when the records are read.
            if let Ok(record) = reader.record(&feature, row) {
                samples.extend(telling_texts(record));
            }
        }
    }
    layer.reset_feature_reading();
    gdal_log::take_failure();
    let mut kept: Vec<String> = Vec::new();
    for sample in samples {
        if kept.len() < MAX_SAMPLES && !kept.contains(&sample) {
            kept.push(sample);
        }
    }
    EncodingDecision {
        name: Charset::Utf8.to_string(),
        evidence: evidence.into(),
        samples: kept,
    }
}

fn telling_texts(record: SourceRecord) -> impl Iterator<Item = String> {
    record.values.into_iter().filter_map(|value| match value {
        SourceValue::Text(text) if text.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) => {
            Some(text)
        }
        _ => None,
    })
}

fn only_utf8(format: Format, encoding: Option<&str>) -> Result<(), Failure> {
    match encoding.map(str::parse) {
        None | Some(Ok(Charset::Utf8)) => Ok(()),
        Some(Err(error)) => Err(failure!("{error}")),
        Some(Ok(charset)) => Err(failure!(
            "a {} is UTF-8 by definition and cannot be read as {charset}; leave the encoding out",
            format.name()
        )),
    }
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

fn no_layer(name: &str) -> Failure {
    failure!("{name:?} holds no layer of records; export the survey again")
}

#[cfg(test)]
mod tests {
    use super::{check_utf8, only_utf8};
    use crate::worker::source::Format;

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
        assert_eq!(only_utf8(Format::GeoJson, None), Ok(()));
        assert_eq!(only_utf8(Format::GeoJson, Some("utf8")), Ok(()));
        let error = only_utf8(Format::GeoPackage, Some("CP1250")).unwrap_err();
        assert!(error.0.contains("a GeoPackage is UTF-8"), "{error:?}");
    }
}
