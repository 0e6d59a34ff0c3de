//! What a file holds: its layers, their columns, their place, and how their text is read.

use std::path::Path;

use domain::lang::Message;
use domain::message;
use gdal::vector::{Layer, LayerAccess as _};

use super::charset::{Charset, UnknownCharset};
use super::container::{Container, unreadable};
use super::csv_table::CsvTable;
use super::dbf::OddNumber;
use super::encoding::{self, Declared, Reading, TextSample, is_telling, is_telling_name};
use super::failure::{Failure, failure};
use super::format::Format;
use super::gdal_log;
use super::open::{self, Field, FieldKind};
use super::opened;
use super::read::FieldReader;
use super::shapefile::Shapefile;
use super::source::{Source, Survey};
use super::views;
use super::whole_text::Wanted;
use crate::protocol::{EncodingDecision, Inspection, SourceField, SourceGeometry, SourceLayer};

/// How many records are looked at to see how text is read.
const SAMPLED_RECORDS: usize = 50_000;
/// How many texts outside ASCII are enough to see it.
const ENOUGH_TEXTS: usize = 5_000;

/// Inspects the file, archive or folder at `path`; `encoding` is the one that the user names.
pub(super) fn file(path: &Path, encoding: Option<&str>) -> Result<Inspection, Failure> {
    let mut survey = Survey::find(path)?;
    let mut inspection = Inspection {
        format: survey.format(),
        layers: Vec::new(),
        notes: std::mem::take(&mut survey.notes),
    };
    for source in &survey.sources {
        let container = &mut survey.container;
        container.memory.clear();
        match source.format {
            Format::Shapefile => shapefile(container, source, encoding, &mut inspection)?,
            Format::Csv => csv(container, source, encoding, &mut inspection)?,
            _ => views(container, source, encoding, &mut inspection)?,
        }
    }
    match survey.sources.first() {
        Some(source) if inspection.layers.is_empty() => Err(no_layer(&source.member)),
        _ => Ok(inspection),
    }
}

fn shapefile(
    container: &mut Container,
    source: &Source,
    encoding: Option<&str>,
    inspection: &mut Inspection,
) -> Result<(), Failure> {
    let files = Shapefile::find(container, &source.member)?;
    let declared = Declared {
        cpg: files.cpg.as_deref(),
        language_byte: files.heading.language_byte,
        heading: None,
    };
    let sample = sampled(container, &files, declared.asked(encoding))?;
    let decided = encoding::decide_table(&source.layer, &sample.texts(), encoding, declared)?;
    drop(sample);
    let charset = decided.reading.charset_of_file();
    inspection.notes.extend(decided.notes);
    let dataset = open::shapefile(container, &files)?;
    let layer = dataset.layer(0).map_err(|_| no_layer(&source.member))?;
    let mut fields = open::fields(&layer, Some(charset), Some(&files.heading));
    rename(&mut fields, &decided.reading);
    inspection.notes.extend(note_of_prj(&files, &source.layer));
    let reference = layer.spatial_ref().filter(|_| !files.prj_has_commas);
    let crs = open::crs(reference.as_ref(), files.prj_wkt.as_deref());
    let mut described = described(&layer, source.layer.clone(), &fields, decided.decision)?;
    described.crs = crs.filter(|_| files.prj_wkt.is_some());
    add(inspection, described);
    Ok(())
}

/// What is odd about the file with the coordinate reference system of a layer.
fn note_of_prj(files: &Shapefile, layer: &str) -> Option<Message> {
    match (&files.prj, &files.prj_wkt) {
        (Some(prj), Some(_)) => files.prj_has_commas.then(|| {
            message!(
                "бројеви у датотеци {prj:?} имају децималне зарезе; прочитани су као децималне тачке",
                "the numbers of {prj:?} have decimal commas; they were read as decimal points"
            )
        }),
        (Some(prj), None) => Some(message!(
            "датотека {prj:?} је празна: координатни систем слоја {layer:?} није наведен",
            "the file {prj:?} is empty: the coordinate reference system of the layer {layer:?} is not \
             declared"
        )),
        (None, _) => Some(message!(
            "слој {layer:?} нема датотеку .prj: његов координатни систем није наведен",
            "the layer {layer:?} has no .prj file: its coordinate reference system is not declared"
        )),
    }
}

/// The texts of a table from which its encoding is decided.
fn sampled(
    container: &mut Container,
    files: &Shapefile,
    asked: impl Iterator<Item = Charset>,
) -> Result<TextSample, Failure> {
    let mut sample = TextSample::new(asked);
    files
        .heading
        .telling_names()
        .for_each(|name| sample.add(name));
    let table = container.stream(&files.dbf)?;
    let read = files.heading.each_text(table, |text| sample.add(text));
    let odd = read.map_err(|error| unreadable(&files.dbf, &error))?;
    odd.map_or(Ok(sample), |OddNumber { row, column, value }| {
        Err(failure!(
            "the field {column:?} of record {row} holds {value:?}, which is no number as a DBF table with this \
             column has it; write it as 38.5 in a column with decimals, or make the column a text column"
        ))
    })
}

/// The layers of a file that GDAL opens as a whole.
fn views(
    container: &mut Container,
    source: &Source,
    encoding: Option<&str>,
    inspection: &mut Inspection,
) -> Result<(), Failure> {
    let named: Option<Reading> = encoding.map(str::parse).transpose().map_err(unknown)?;
    let of_file = named
        .as_ref()
        .map(|named| named.charset_of_file().to_string());
    let opened = opened::open(container, source, Wanted::Find(of_file.as_deref()))?;
    if opened.dataset.layer_count() == 0 {
        // One file of an archive may hold nothing but links to the others.
        if source.format == Format::Kml && source.is_one_of_several {
            inspection.notes.extend(opened.notes);
            return Ok(());
        }
        return Err(no_layer(&source.member));
    }
    for mut view in views::of(&opened, source, None)? {
        let layer = opened.dataset.layer(view.layer);
        let mut layer = layer.map_err(|_| no_layer(&source.member))?;
        unbroken(&view.name)?;
        let plain = Reading::plain(Charset::Utf8);
        let reader = FieldReader::of_view(&opened, source.format, view.fields.clone(), plain);
        let texts = telling_texts(&mut layer, &reader, &view.fields);
        let decided = encoding::decide_unicode(&view.name, &texts, named.clone(), &opened.encoding);
        rename(&mut view.fields, &decided.reading);
        inspection.notes.extend(decided.notes);
        let crs = opened.crs.or(open::crs(layer.spatial_ref().as_ref(), None));
        let described = SourceLayer {
            crs: crs.filter(|_| view.geometry != SourceGeometry::None),
            geometry: view.geometry,
            record_count: view.record_count,
            fields: view.fields.iter().map(SourceField::from).collect(),
            extent: view
                .extent
                .filter(|sides| sides.iter().all(|side| side.is_finite())),
            encoding: decided.decision,
            holes_by_direction: false,
            name: view.name,
        };
        add(inspection, described);
    }
    inspection.notes.extend(opened.notes);
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
    inspection
        .notes
        .extend(table.notes_of_layout(&source.layer));
    let field = |name: &String| SourceField {
        name: name.clone(),
        kind: "text".to_owned(),
    };
    inspection
        .notes
        .extend(table.encoding_notes.iter().cloned());
    inspection.layers.push(SourceLayer {
        name: source.layer.clone(),
        geometry: SourceGeometry::None,
        record_count,
        fields: table.headings.iter().map(field).collect(),
        crs: None,
        extent: None,
        encoding: table.encoding,
        holes_by_direction: false,
    });
    Ok(())
}

/// What GDAL says about the layer of a shapefile, but for the coordinate reference system.
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
    unbroken(&name)?;
    Ok(SourceLayer {
        name,
        geometry,
        record_count,
        fields: fields.iter().map(SourceField::from).collect(),
        crs: None,
        extent: extent.filter(|sides| sides.iter().all(|side| side.is_finite())),
        encoding,
        holes_by_direction: true,
    })
}

fn unbroken(layer: &str) -> Result<(), Failure> {
    match gdal_log::take_failure() {
        None => Ok(()),
        Some(complaint) => Err(failure!(
            "the layer {layer:?} cannot be read ({complaint}); export the file again"
        )),
    }
}

fn add(inspection: &mut Inspection, layer: SourceLayer) {
    let binary = layer.fields.iter().filter(|field| field.kind == "binary");
    let notes = binary.map(|field| {
        let (field, layer) = (&field.name, &layer.name);
        message!(
            "поље {field:?} слоја {layer:?} садржи бајтове, који се изостављају",
            "the field {field:?} of {layer:?} holds bytes, which are left out"
        )
    });
    inspection.notes.extend(notes);
    inspection.layers.push(layer);
}

/// Names of columns that were misread are set right.
fn rename(fields: &mut [Field], reading: &Reading) {
    for field in fields {
        field.name = reading.unicode_name(&field.name);
    }
}

/// The texts and names of columns that tell something about their encoding, or enough of them.
fn telling_texts(layer: &mut Layer<'_>, reader: &FieldReader, fields: &[Field]) -> Vec<String> {
    let names = fields.iter().map(|field| field.name.clone());
    let mut telling: Vec<String> = names
        .filter(|name| is_telling_name(name.as_bytes()))
        .collect();
    let is_text = |field: &Field| matches!(field.kind, FieldKind::Text | FieldKind::TextList);
    if fields.iter().any(is_text) {
        let features = layer.features().take(SAMPLED_RECORDS);
        let texts = features.flat_map(|feature| reader.texts(&feature));
        let texts = texts.filter(|text| is_telling(text));
        // Neither kind is to take the place of the other.
        let (mut ascii, mut foreign) = (0, 0);
        telling.extend(texts.filter(|text| {
            let of_kind = if text.is_ascii() {
                &mut ascii
            } else {
                &mut foreign
            };
            *of_kind += 1;
            *of_kind <= ENOUGH_TEXTS
        }));
        layer.reset_feature_reading();
        // What is wrong with a record is said when the records are read.
        gdal_log::take_failure();
    }
    telling
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
fn unknown(error: UnknownCharset) -> Failure {
    failure!("{error}")
}

fn no_layer(name: &str) -> Failure {
    failure!("{name:?} holds no layer of records; export the survey again")
}
