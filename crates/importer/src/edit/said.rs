//! What an edit says, read from a `GeoJSON` feature or a part of one (RFC 7396).

use domain::Layer;
use domain::edit::{EditAction, Said, not_set_by_edits};
use domain::lang::Message;
use domain::layer::Field;
use domain::message;
use domain::record::{Finding, Severity};
use serde_json::{Map, Value as Json};

use super::place::{self, ToWgs84};
use crate::convert::Shapes;
use crate::protocol::SourceRecord;

/// A document that is no edit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.en)]
pub struct BadEdit(pub Message);

/// Reads what an edit of a layer says: a feature for [`EditAction::Insert`] and
/// [`EditAction::Replace`], parts of one for [`EditAction::Update`]. What cannot be a value is among
/// the findings, by field.
///
/// # Errors
/// When it is no such document at all.
pub fn read(
    layer: &'static Layer,
    action: EditAction,
    document: &Json,
    to_wgs84: ToWgs84<'_>,
) -> Result<(Said, Vec<Finding>), BadEdit> {
    let document = document.as_object().ok_or_else(no_object)?;
    let kind = document.get("type").and_then(Json::as_str);
    let is_whole = action != EditAction::Update;
    if kind.is_some_and(|kind| kind != "Feature") || is_whole && kind.is_none() {
        return Err(no_feature());
    }
    let mut reader = Reader {
        layer,
        action,
        said: Said::default(),
        findings: Vec::new(),
    };
    match document.get("properties") {
        Some(Json::Object(properties)) => reader.properties(properties),
        Some(Json::Null) if is_whole => {}
        None if !is_whole => {}
        _ => return Err(no_properties()),
    }
    match document.get("geometry") {
        Some(geometry) => reader.geometry(geometry, to_wgs84),
        None if is_whole => reader.said.geometry = Some(None),
        None => {}
    }
    Ok((reader.said, reader.findings))
}

struct Reader {
    layer: &'static Layer,
    action: EditAction,
    said: Said,
    findings: Vec<Finding>,
}

impl Reader {
    fn properties(&mut self, properties: &Map<String, Json>) {
        for (name, value) in properties {
            let Some(field) = self.layer.field(name) else {
                self.refuse(name, no_such_field(self.layer, name));
                continue;
            };
            if field.is_recorded() {
                self.value(field, value);
            } else if self.action == EditAction::Update {
                self.refuse(name, not_set_by_edits(field));
            }
        }
    }

    fn value(&mut self, field: &'static Field, value: &Json) {
        match field.read_json(value) {
            Ok(value) => self.said.values.push((field, value)),
            Err(message) => self.refuse(field.name, message),
        }
    }

    fn geometry(&mut self, geometry: &Json, to_wgs84: ToWgs84<'_>) {
        let column = self.layer.geometry_column;
        if !self.layer.takes_places() {
            if self.action == EditAction::Update {
                self.refuse(column, fixed_place());
            }
            return;
        }
        if geometry.is_null() {
            self.said.geometry = Some(None);
            return;
        }
        match place::write(geometry, to_wgs84) {
            Err(message) => self.refuse(column, message),
            Ok(written) => {
                if written.had_heights {
                    let note = Finding::of(Severity::Note, column, heights_dropped());
                    self.findings.push(note);
                }
                let source = SourceRecord {
                    row: 1,
                    fid: None,
                    values: Vec::new(),
                    wkb: Some(written.wkb),
                };
                let shape = Shapes::in_wgs84(self.layer).read(&source);
                self.findings.extend(shape.findings);
                self.said.geometry = Some(shape.geometry);
            }
        }
    }

    fn refuse(&mut self, name: &str, message: Message) {
        let finding = Finding::of(Severity::Error, name, message);
        self.findings.push(finding);
    }
}

fn no_object() -> BadEdit {
    BadEdit(message!(
        "Садржај није објекат JSON. Пошаљите објекат GeoJSON (Feature) или његов део.",
        "The body is no JSON object. Send a GeoJSON feature, or a part of one."
    ))
}

fn no_feature() -> BadEdit {
    BadEdit(message!(
        "Садржај није GeoJSON са `\"type\": \"Feature\"`. Пошаљите један објекат, не колекцију.",
        "The body is not GeoJSON with `\"type\": \"Feature\"`. Send one feature, not a collection."
    ))
}

fn no_properties() -> BadEdit {
    BadEdit(message!(
        "`properties` није објекат JSON са пољима слоја.",
        "`properties` is no JSON object with the fields of the layer."
    ))
}

fn no_such_field(layer: &Layer, name: &str) -> Message {
    let id = layer.id;
    message!(
        "слој {id} нема поље {name}; његова поља су на /collections/{id}/schema",
        "the layer {id} has no field {name}; its fields are at /collections/{id}/schema"
    )
}

fn fixed_place() -> Message {
    message!(
        "место следи из датотеке снимка и не уписује се; изоставите га",
        "the place follows from the survey's file and is not written; leave it out"
    )
}

fn heights_dropped() -> Message {
    message!(
        "висине у геометрији су изостављене: регистар чува висине као вредности",
        "heights in the geometry were left out: the register keeps heights as values"
    )
}
