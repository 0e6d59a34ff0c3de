//! Which layer of a file goes into which layer of the register.

use domain::lang::Message;
use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES};
use domain::{GeometryKind, Layer, message};

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
        // Its other sheets are mostly lists and notes.
        ([first, ..], []) if is_one_workbook(inspection) => Ok(first),
        ([], _) => Err(none_fits(file, full.into_iter(), target)),
        _ => Err(ChooseError::SeveralFit {
            file: file.to_owned(),
            target: target.id,
            layers: names(fitting.into_iter()),
        }),
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
mod tests {
    use super::*;
    use crate::protocol::EncodingDecision;
    use domain::layers::DISTRICTS;

    fn file(layers: &[(&str, SourceGeometry, u64)]) -> Inspection {
        let layer = |&(name, geometry, record_count): &(&str, _, _)| SourceLayer {
            name: name.to_owned(),
            geometry,
            record_count,
            fields: Vec::new(),
            crs: None,
            extent: None,
            encoding: EncodingDecision {
                name: "UTF-8".to_owned(),
                evidence: "the format".into(),
                samples: Vec::new(),
            },
        };
        let layers = layers.iter().map(layer).collect();
        Inspection {
            format: "GeoPackage".to_owned(),
            layers,
            notes: Vec::new(),
        }
    }

    use SourceGeometry::{Line, None as Table, Point, Polygon};

    #[test]
    fn the_layer_whose_geometry_fits_is_taken() {
        type Case = (
            &'static [(&'static str, SourceGeometry, u64)],
            &'static Layer,
            &'static str,
            &'static str,
        );
        let cases: [Case; 7] = [
            (&[("a", Point, 3)], &FACILITIES, "a", "facilities"),
            (&[("a", Polygon, 3)], &FACILITIES, "a", "facility_outlines"),
            (&[("a", Table, 3)], &FACILITIES, "a", "facilities"),
            (&[("a", Polygon, 3), ("b", Line, 2)], &DAMS, "b", "dams"),
            (
                &[("a", Point, 3), ("b", Polygon, 2)],
                &DISTRICTS,
                "b",
                "districts",
            ),
            (
                &[("a", Point, 0), ("b", Polygon, 2)],
                &FACILITIES,
                "b",
                "facility_outlines",
            ),
            (
                &[("piezometri", Point, 9), ("Facilities", Polygon, 2)],
                &FACILITIES,
                "Facilities",
                "facility_outlines",
            ),
        ];
        for (layers, target, source, taken) in cases {
            let inspection = file(layers);
            let choice = choose("f.gpkg", &inspection, target, None).unwrap();
            assert_eq!(
                (choice.source.name.as_str(), choice.target.id),
                (source, taken),
                "{layers:?}"
            );
        }
    }

    #[test]
    fn layers_left_aside_are_named_with_their_command() {
        let inspection = file(&[("jaloviste", Polygon, 3), ("kruna brane", Line, 2)]);
        let choice = choose("f.gpkg", &inspection, &FACILITIES, None).unwrap();
        assert_eq!(
            choice
                .notes
                .iter()
                .map(|note| note.en.as_str())
                .collect::<Vec<_>>(),
            [
                "the areas of `jaloviste` become the outlines of the facilities",
                "layer `kruna brane` (2 records, lines) was not imported; to import it: \
                 --source-layer 'kruna brane' --layer dams",
            ]
        );
    }

    #[test]
    fn of_a_workbook_the_first_sheet_is_taken() {
        let mut inspection = file(&[
            ("Prazan", Table, 0),
            ("List1", Table, 3),
            ("List2", Table, 9),
        ]);
        assert!(matches!(
            choose("f.gpkg", &inspection, &FACILITIES, None),
            Err(ChooseError::SeveralFit { .. })
        ));
        inspection.format = WORKBOOK.to_owned();
        let choice = choose("f.xlsx", &inspection, &FACILITIES, None).unwrap();
        assert_eq!(choice.source.name, "List1");
        assert_eq!(
            choice.notes[1].sr,
            "слој `List2` (записа: 9, табела) није увезен; да се увезе: --source-layer List2 \
             --layer facilities"
        );
    }

    #[test]
    fn what_cannot_be_chosen_says_the_way_out() {
        type Case = (
            &'static [(&'static str, SourceGeometry, u64)],
            Option<&'static str>,
            &'static str,
        );
        let cases: [Case; 6] = [
            (
                &[("a", Point, 1), ("b", Polygon, 2)],
                None,
                "f.gpkg has 2 layers that fit facilities: `a`, `b`; name one with --source-layer",
            ),
            (
                &[("a", Line, 1)],
                None,
                "f.gpkg holds nothing for the layer facilities, which takes points, areas, or a \
                 table with coordinates: `a` holds lines, which --layer dams would take",
            ),
            (
                &[("a", Line, 1), ("b", Point, 1)],
                Some("a"),
                "f.gpkg holds nothing for the layer facilities, which takes points, areas, or a \
                 table with coordinates: `a` holds lines, which --layer dams would take",
            ),
            (
                &[("a", Point, 1)],
                Some("b"),
                "f.gpkg has no layer `b`; it has `a`; name one of them with --source-layer",
            ),
            (
                &[("a", Point, 0)],
                None,
                "f.gpkg holds no records (layers: `a`); check that the export wrote them",
            ),
            (
                &[],
                None,
                "f.gpkg holds no records; check that the export wrote them",
            ),
        ];
        for (layers, named, message) in cases {
            let inspection = file(layers);
            let error = choose("f.gpkg", &inspection, &FACILITIES, named).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }
}
