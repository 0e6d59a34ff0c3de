//! Which layer of a file goes into which layer of the register.

use domain::lang::Message;
use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES};
use domain::{GeometryKind, Layer, message};

use crate::mapping::{MappingError, map};
use crate::protocol::{Inspection, SourceGeometry, SourceLayer};

/// What an Excel workbook is called, of which the first sheet is taken where none is named.
pub(crate) const WORKBOOK: &str = "Excel workbook (XLSX)";

/// The layer that was chosen.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// The layer of the file.
    pub source: &'a SourceLayer,
    /// The layer of the register: the one asked for, or [`FACILITY_OUTLINES`] where areas come
    /// for [`FACILITIES`].
    pub target: &'static Layer,
    /// What was left aside, with the command that would import it.
    pub notes: Vec<Message>,
}

/// Why no layer was chosen.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChooseError {
    /// The name is none of the file's.
    #[error(
        "{file} has no layer `{wanted}`; it has {}; name one of them with --source-layer",
        list(layers)
    )]
    NoSuchLayer {
        /// The file.
        file: String,
        /// The name given.
        wanted: String,
        /// The names that it has.
        layers: Vec<String>,
    },
    /// A file without layers, or all of them without records.
    #[error(
        "{file} holds no records{}; check that the export wrote them",
        of_layers(layers)
    )]
    Empty {
        /// The file.
        file: String,
        /// Its layers.
        layers: Vec<String>,
    },
    /// No geometry that the layer takes.
    #[error(
        "{file} holds nothing for the layer {target}, which takes {wanted}: {}",
        sentences(found)
    )]
    NoneFits {
        /// The file.
        file: String,
        /// The layer of the register.
        target: &'static str,
        /// What it takes, in words.
        wanted: &'static str,
        /// What each layer is, with the way out where there is one.
        found: Vec<String>,
    },
    /// More than one could be meant.
    #[error(
        "{file} has {} layers that fit {target}: {}; name one with --source-layer",
        layers.len(),
        list(layers)
    )]
    SeveralFit {
        /// The file.
        file: String,
        /// The layer of the register.
        target: &'static str,
        /// The names of those that fit.
        layers: Vec<String>,
    },
}

fn list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn sentences(found: &[String]) -> String {
    found.join("; ")
}

fn of_layers(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!(" (layers: {})", list(names))
    }
}

/// Chooses the layer of `file` for `target`: the one `named`, else the only one whose geometry
/// fits, else the only fitting one that has the target's name.
pub fn choose<'a>(
    file: &str,
    inspection: &'a Inspection,
    target: &'static Layer,
    named: Option<&str>,
) -> Result<Choice<'a>, ChooseError> {
    let chosen = match named {
        Some(name) => by_name(file, inspection, name)?,
        None => only_fitting(file, inspection, target)?,
    };
    if chosen.record_count == 0 {
        return Err(empty(file, std::iter::once(chosen)));
    }
    let taken = accepted(chosen.geometry, target)
        .ok_or_else(|| none_fits(file, std::iter::once(chosen), target))?;
    Ok(Choice {
        source: chosen,
        target: taken,
        notes: notes(inspection, chosen, taken, target),
    })
}

fn by_name<'a>(
    file: &str,
    inspection: &'a Inspection,
    name: &str,
) -> Result<&'a SourceLayer, ChooseError> {
    inspection
        .layers
        .iter()
        .find(|layer| layer.name == name)
        .ok_or_else(|| ChooseError::NoSuchLayer {
            file: file.to_owned(),
            wanted: name.to_owned(),
            layers: names(inspection.layers.iter()),
        })
}

fn only_fitting<'a>(
    file: &str,
    inspection: &'a Inspection,
    target: &'static Layer,
) -> Result<&'a SourceLayer, ChooseError> {
    let full: Vec<_> = inspection
        .layers
        .iter()
        .filter(|layer| layer.record_count > 0)
        .collect();
    if full.is_empty() {
        return Err(empty(file, inspection.layers.iter()));
    }
    let fitting: Vec<_> = full
        .iter()
        .copied()
        .filter(|layer| accepted(layer.geometry, target).is_some())
        .collect();
    let called: Vec<_> = fitting
        .iter()
        .copied()
        .filter(|layer| layer.name.eq_ignore_ascii_case(target.id))
        .collect();
    match (fitting.as_slice(), called.as_slice()) {
        ([one], _) | (_, [one]) => Ok(one),
        ([first, ..], []) if is_one_workbook(inspection) => of_sheets(first, &fitting, target)
            .ok_or_else(|| {
                let importable = fitting.into_iter();
                several_fit(
                    file,
                    target,
                    importable.filter(|sheet| is_importable(sheet, target)),
                )
            }),
        ([], _) => Err(none_fits(file, full.into_iter(), target)),
        _ => Err(several_fit(file, target, fitting.into_iter())),
    }
}

/// The sheet of a workbook that is meant: the first, as the others are mostly lists and notes, but
/// not where it is the one with notes and a single other can be imported. `None` where several
/// others can.
fn of_sheets<'a>(
    first: &'a SourceLayer,
    sheets: &[&'a SourceLayer],
    target: &'static Layer,
) -> Option<&'a SourceLayer> {
    let sheets = sheets.iter().copied();
    let importable: Vec<_> = sheets
        .filter(|sheet| is_importable(sheet, target))
        .collect();
    match importable.as_slice() {
        [] => Some(first),
        [one] => Some(one),
        [one, ..] => (one.name == first.name).then_some(first),
    }
}

/// Whether the columns say a place and, where the layer needs one, a code. A mapping file may say
/// more of them than their names.
fn is_importable(sheet: &SourceLayer, target: &'static Layer) -> bool {
    !matches!(
        map(sheet, target, None),
        Err(MappingError::NoKey { .. } | MappingError::NoPlace { .. })
    )
}

fn several_fit<'a>(
    file: &str,
    target: &Layer,
    layers: impl Iterator<Item = &'a SourceLayer>,
) -> ChooseError {
    ChooseError::SeveralFit {
        file: file.to_owned(),
        target: target.id,
        layers: names(layers),
    }
}

/// Whether the layers are the sheets of one workbook. Those of several are led by the name of their
/// workbook and `/`, which no sheet's own name has.
fn is_one_workbook(inspection: &Inspection) -> bool {
    let mut layers = inspection.layers.iter();
    inspection.format.starts_with(WORKBOOK) && layers.all(|layer| !layer.name.contains('/'))
}

fn names<'a>(layers: impl Iterator<Item = &'a SourceLayer>) -> Vec<String> {
    layers.map(|layer| layer.name.clone()).collect()
}

fn empty<'a>(file: &str, layers: impl Iterator<Item = &'a SourceLayer>) -> ChooseError {
    ChooseError::Empty {
        file: file.to_owned(),
        layers: names(layers),
    }
}

fn none_fits<'a>(
    file: &str,
    layers: impl Iterator<Item = &'a SourceLayer>,
    target: &'static Layer,
) -> ChooseError {
    ChooseError::NoneFits {
        file: file.to_owned(),
        target: target.id,
        wanted: wanted(target),
        found: layers.map(described).collect(),
    }
}

/// The layer into which geometries of this type go, if any.
fn accepted(geometry: SourceGeometry, target: &'static Layer) -> Option<&'static Layer> {
    let into_outlines = target.id == FACILITIES.id && geometry == SourceGeometry::Polygon;
    match (geometry, target.geometry) {
        _ if into_outlines => Some(&FACILITY_OUTLINES),
        (SourceGeometry::None | SourceGeometry::Mixed, _)
        | (SourceGeometry::Point, GeometryKind::Point)
        | (SourceGeometry::Line, GeometryKind::LineString | GeometryKind::MultiLineString)
        | (SourceGeometry::Polygon, GeometryKind::MultiPolygon) => Some(target),
        _ => None,
    }
}

fn wanted(target: &Layer) -> &'static str {
    match target.geometry {
        GeometryKind::Point => "points, areas, or a table with coordinates",
        GeometryKind::LineString | GeometryKind::MultiLineString => "lines",
        GeometryKind::MultiPolygon => "areas (polygons) or a table",
    }
}

const fn in_words(geometry: SourceGeometry) -> &'static str {
    match geometry {
        SourceGeometry::None => "a table",
        SourceGeometry::Point => "points",
        SourceGeometry::Line => "lines",
        SourceGeometry::Polygon => "areas",
        SourceGeometry::Mixed => "several kinds of geometry",
    }
}

/// The layer of the register that takes such geometries first.
const fn home(geometry: SourceGeometry) -> &'static str {
    match geometry {
        SourceGeometry::Line => DAMS.id,
        _ => FACILITIES.id,
    }
}

fn described(layer: &SourceLayer) -> String {
    let (words, home) = (in_words(layer.geometry), home(layer.geometry));
    format!(
        "`{}` holds {words}, which --layer {home} would take",
        layer.name
    )
}

fn notes(
    inspection: &Inspection,
    chosen: &SourceLayer,
    taken: &'static Layer,
    target: &'static Layer,
) -> Vec<Message> {
    let name = &chosen.name;
    let outlines = (taken.id != target.id).then(|| {
        message!(
            "површине слоја `{name}` постају контуре објеката",
            "the areas of `{name}` become the outlines of the facilities"
        )
    });
    let others = inspection
        .layers
        .iter()
        .filter(|layer| layer.name != chosen.name);
    outlines
        .into_iter()
        .chain(others.map(|layer| left_aside(layer, target)))
        .collect()
}

fn left_aside(layer: &SourceLayer, target: &'static Layer) -> Message {
    let (name, count) = (&layer.name, layer.record_count);
    if count == 0 {
        return message!(
            "слој `{name}` није увезен: нема записа",
            "layer `{name}` was not imported: it holds no records"
        );
    }
    let into = if accepted(layer.geometry, target).is_some() {
        target.id
    } else {
        home(layer.geometry)
    };
    let (kind_sr, kind) = (in_serbian(layer.geometry), in_words(layer.geometry));
    let records = if count == 1 { "record" } else { "records" };
    let quoted = quoted(name);
    message!(
        "слој `{name}` (записа: {count}, {kind_sr}) није увезен; да се увезе: --source-layer {quoted} \
         --layer {into}",
        "layer `{name}` ({count} {records}, {kind}) was not imported; to import it: --source-layer \
         {quoted} --layer {into}"
    )
}

const fn in_serbian(geometry: SourceGeometry) -> &'static str {
    match geometry {
        SourceGeometry::None => "табела",
        SourceGeometry::Point => "тачке",
        SourceGeometry::Line => "линије",
        SourceGeometry::Polygon => "површине",
        SourceGeometry::Mixed => "разне геометрије",
    }
}

/// The name as it is typed in a shell.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests;
