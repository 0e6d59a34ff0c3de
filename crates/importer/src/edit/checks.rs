//! What is found in a record as it would stand after an edit: the same as in a record of a file. An edit
//! answers for what it brings about, not for what the register said before.

use std::collections::HashMap;

use domain::Layer;
use domain::edit::EditAction;
use domain::layers::FACILITIES;
use domain::message;
use domain::record::{Finding, Record, Severity};
use store::staging::{StagedRows, Staging};
use store::{Store, StoreError};

use super::{Asked, Planned, numbering};
use crate::convert::measure;
use crate::neighbours;
use crate::position::Positions;

/// What is found in one record.
pub(super) async fn of_record(
    store: &Store,
    positions: &Positions,
    asked: &Asked,
    planned: &Planned,
) -> Result<Vec<Finding>, StoreError> {
    let Some(after) = &planned.after else {
        return Ok(Vec::new());
    };
    let mut found = rules(positions, after);
    if let Some(before) = &planned.before {
        let known = rules(positions, before);
        found.retain(|finding| !known.contains(finding));
    }
    numbering::settle(asked, planned, &mut found);
    // What could not be read is said once.
    let is_said = |finding: &Finding| {
        let mut earlier = asked.findings.iter();
        earlier.any(|one| one.severity == Severity::Error && one.field == finding.field)
    };
    found.retain(|finding| finding.field.is_none() || !is_said(finding));
    found.extend(lost_place(asked, after));
    found.extend(missing_references(store, planned, after).await?);
    Ok(found)
}

fn rules(positions: &Positions, record: &Record) -> Vec<Finding> {
    let mut found = record.findings();
    found.extend(positions.check(record));
    found.extend(measure::findings(record));
    found
}

/// A layer of outlines has no feature without one.
fn lost_place(asked: &Asked, after: &Record) -> Option<Finding> {
    let layer = after.layer;
    let is_removed = asked.action == EditAction::Delete;
    let has_none = layer.only_with_geometry && after.geometry.is_none();
    let is_said = asked
        .findings
        .iter()
        .any(|one| one.field.as_deref() == Some(layer.geometry_column));
    (has_none && !is_removed && !is_said).then(|| {
        let message = message!(
            "овај слој показује само записе са геометријом; пошаљите је, или уклоните објекат (DELETE)",
            "this layer shows only records with a geometry; send one, or remove the feature (DELETE)"
        );
        Finding::of(Severity::Error, layer.geometry_column, message)
    })
}

/// Codes of records that the register does not have. Regions are a closed list, which their types check.
async fn missing_references(
    store: &Store,
    planned: &Planned,
    after: &Record,
) -> Result<Vec<Finding>, StoreError> {
    let mut missing = Vec::new();
    for name in &planned.changed {
        let field = after.layer.field(name);
        let named = field.and_then(domain::Field::named_layer);
        let Some(named) = named.filter(|named| named.editable) else {
            continue;
        };
        let Some(code) = after.get(name).as_text() else {
            continue;
        };
        if store.record_of_code(named, code).await?.is_none() {
            let layer = named.id;
            let message = message!(
                "слој {layer} нема запис са шифром {code}; унесите прво њега, или исправите шифру",
                "the layer {layer} has no record of the code {code}; enter that one first, or correct the code"
            );
            missing.push(Finding::of(Severity::Error, name, message));
        }
    }
    Ok(missing)
}

/// What lies around the records that are moved or added, by the place of the edit: overlaps, points
/// outside their outlines, dams far from their facility.
pub(super) async fn around(
    store: &Store,
    layer: &'static Layer,
    planned: &[Planned],
) -> Result<HashMap<u64, Vec<Finding>>, StoreError> {
    let moved = (0..).zip(planned).filter_map(|(at, one)| {
        let has_moved = |name: &&str| [layer.geometry_column, "facility"].contains(name);
        let after = one.after.as_ref()?;
        let looks = after.geometry.is_some() && one.changed.iter().any(has_moved);
        looks.then(|| (at, after.clone()))
    });
    let moved: Vec<(i64, Record)> = moved.collect();
    if moved.is_empty() {
        return Ok(HashMap::new());
    }
    let mut staging = Staging::beside(store, layer).await?;
    staging.append(vec![StagedRows::of(layer, moved)]).await?;
    let found = staging.neighbours().await?.found;
    staging.discard().await?;
    let mut found = neighbours::findings(found, layer);
    if layer.id == FACILITIES.id {
        // Of a file the registered point is kept instead; an edit that asks for just this is refused.
        for finding in found.values_mut().flatten() {
            finding.severity = Severity::Error;
        }
    }
    Ok(found)
}
