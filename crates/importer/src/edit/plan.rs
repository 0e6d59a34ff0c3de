//! Edits beside the register: what each would change.

use std::collections::HashSet;

use domain::edit::{EditAction, Said};
use domain::layer::Origin;
use domain::record::Record;
use domain::value::Value;
use domain::{Field, Layer};
use geo::CoordsIter;
use geo_types::Geometry;
use store::record::Registered;
use store::{Store, StoreError};

use super::{Asked, Obstacle, PlanError, Planned, checks, numbering, whole_layer};
use crate::position::Positions;

/// Clients that send whole features back write their coordinates with six or seven decimals of a degree:
/// what is not farther away than their rounding has not moved.
const ROUNDED_DEGREES: f64 = 5.1e-7;

/// Compares edits with the register and checks them. Nothing is changed.
///
/// # Errors
/// When one of them does not fit what the register says; when the database does not answer.
pub async fn plan(
    store: &Store,
    positions: &Positions,
    layer: &'static Layer,
    asked: &[Asked],
) -> Result<Vec<Planned>, PlanError> {
    let mut planned = Vec::with_capacity(asked.len());
    let mut seen = HashSet::new();
    for (at, one) in asked.iter().enumerate() {
        let beside = beside_register((store, positions), layer, one).await?;
        let fits = beside.and_then(|beside| unrepeated(&mut seen, &beside).map(|()| beside));
        let mut beside = fits.map_err(|obstacle| PlanError::Obstacle { at, obstacle })?;
        beside.findings.clone_from(&one.findings);
        let found = checks::of_record(store, positions, one, &beside).await?;
        beside.findings.extend(found);
        planned.push(beside);
    }
    let mut around = checks::around(store, layer, &planned).await?;
    for (at, one) in (0..).zip(&mut planned) {
        one.findings
            .extend(around.remove(&at).into_iter().flatten());
    }
    Ok(planned)
}

/// Two edits of one record would each be made from a state that the other changes.
fn unrepeated(seen: &mut HashSet<String>, planned: &Planned) -> Result<(), Obstacle> {
    let key = |record: &Record| record.key().map(str::to_owned);
    let after = planned.after.as_ref().and_then(key);
    let names = planned.id.map(|id| id.to_string()).into_iter().chain(after);
    for record in names {
        if !seen.insert(record.clone()) {
            return Err(Obstacle::Repeated { record });
        }
    }
    Ok(())
}

type Beside = Result<Planned, Obstacle>;

async fn beside_register(
    (store, positions): (&Store, &Positions),
    layer: &'static Layer,
    asked: &Asked,
) -> Result<Beside, StoreError> {
    let Some(id) = asked.id else {
        return added((store, positions), layer, &asked.said).await;
    };
    let Some(registered) = store.record(layer, id).await? else {
        return Ok(Err(Obstacle::NoSuchFeature { id }));
    };
    let revision = revision_of(&registered.record);
    let is_stale = asked
        .if_match
        .as_ref()
        .is_some_and(|tags| !tags.contains(&revision));
    if is_stale {
        return Ok(Err(Obstacle::Stale { id, revision }));
    }
    if asked.action == EditAction::Delete {
        return removed(store, layer, registered).await;
    }
    let after = after(&registered.record, asked.action, &asked.said);
    changed(store, registered, after).await
}

/// The revision that wrote the row of a record.
pub fn revision_of(record: &Record) -> i64 {
    record.typed::<i64>("revision").unwrap_or_default()
}

/// A new record; in a layer of outlines also the outline of a record that has none.
async fn added(
    (store, positions): (&Store, &Positions),
    layer: &'static Layer,
    said: &Said,
) -> Result<Beside, StoreError> {
    let nothing = Record::new(layer);
    let mut new = after(&nothing, EditAction::Insert, said);
    numbering::locate(store, positions, &mut new).await?;
    let code = new.key().map(str::to_owned);
    let whole = whole_layer(layer);
    let known = match &code {
        Some(code) => store.record_of_code(whole, code).await?,
        None => None,
    };
    let Some(known) = known else {
        let changed = differing(&nothing, &new);
        return Ok(Ok(Planned {
            id: None,
            from: None,
            before: None,
            after: Some(new),
            changed,
            findings: Vec::new(),
        }));
    };
    let code = code.unwrap_or_default();
    let is_shown = store.record(layer, known.id).await?.is_some();
    if whole.id == layer.id || is_shown {
        return Ok(Err(Obstacle::CodeTaken { code }));
    }
    let registered = Registered {
        id: known.id,
        record: Record {
            layer,
            geometry: None,
            ..known.record
        },
    };
    let after = after(&registered.record, EditAction::Update, said);
    changed(store, registered, after).await
}

async fn changed(
    store: &Store,
    registered: Registered,
    after: Record,
) -> Result<Beside, StoreError> {
    let before = registered.record;
    let changed = differing(&before, &after);
    if changed.contains(&before.layer.key().name)
        && let Some(obstacle) = hindered_code(store, &before, &after).await?
    {
        return Ok(Err(obstacle));
    }
    Ok(Ok(Planned {
        id: Some(registered.id),
        from: Some(revision_of(&before)),
        before: Some(before),
        after: Some(after),
        changed,
        findings: Vec::new(),
    }))
}

/// Why a record cannot get another code.
async fn hindered_code(
    store: &Store,
    before: &Record,
    after: &Record,
) -> Result<Option<Obstacle>, StoreError> {
    let whole = whole_layer(before.layer);
    if let Some(code) = after.key()
        && store.record_of_code(whole, code).await?.is_some()
    {
        let code = code.to_owned();
        return Ok(Some(Obstacle::CodeTaken { code }));
    }
    named(store, before).await
}

async fn named(store: &Store, record: &Record) -> Result<Option<Obstacle>, StoreError> {
    let code = record.key().unwrap_or_default().to_owned();
    let by = store.who_names(record.layer, &code).await?;
    Ok(by.map(|(layer, by)| Obstacle::Named { code, layer, by }))
}

/// From a layer of outlines the outline goes, the record stays.
async fn removed(
    store: &Store,
    layer: &'static Layer,
    registered: Registered,
) -> Result<Beside, StoreError> {
    let before = registered.record;
    let after = layer.only_with_geometry.then(|| Record {
        geometry: None,
        ..before.clone()
    });
    if after.is_none()
        && let Some(obstacle) = named(store, &before).await?
    {
        return Ok(Err(obstacle));
    }
    let changed = after
        .as_ref()
        .map_or_else(Vec::new, |after| differing(&before, after));
    Ok(Ok(Planned {
        id: Some(registered.id),
        from: Some(revision_of(&before)),
        before: Some(before),
        after,
        changed,
        findings: Vec::new(),
    }))
}

/// The record as an edit leaves it.
fn after(before: &Record, action: EditAction, said: &Said) -> Record {
    let mut after = before.clone();
    if action == EditAction::Replace {
        forget_unsaid(&mut after, said);
    }
    let following = following(before);
    for (field, value) in &said.values {
        after.set(field.name, value.clone());
    }
    for field in following {
        if said.value(field.name).is_none() {
            after.set(field.name, Value::Unknown);
        }
    }
    if let Some(geometry) = &said.geometry
        && !same_place(before.geometry.as_ref(), geometry.as_ref())
    {
        after.geometry.clone_from(geometry);
    }
    (after.layer.derive)(&mut after);
    after
}

/// A replacement says all that its sender was shown: what is restricted stays unless it is said.
fn forget_unsaid(record: &mut Record, said: &Said) {
    let shown = |field: &&Field| field.is_recorded() && field.is_public();
    for field in record.layer.fields.iter().filter(shown) {
        if said.value(field.name).is_none() {
            record.set(field.name, Value::Unknown);
        }
    }
}

/// The recorded fields whose values follow from others of the record: they follow them when they
/// change, as the district follows the municipality.
fn following(before: &Record) -> Vec<&'static Field> {
    let layer = before.layer;
    let known = before
        .pairs()
        .filter(|(field, value)| field.is_recorded() && !value.is_unknown());
    let follows = |(field, value): &(&'static Field, &Value)| {
        let mut without = Record {
            geometry: None,
            ..before.clone()
        };
        without.set(field.name, Value::Unknown);
        (layer.derive)(&mut without);
        without.get(field.name) == *value
    };
    known.filter(follows).map(|(field, _)| field).collect()
}

/// What differs: names of fields, and the geometry's column.
fn differing(before: &Record, after: &Record) -> Vec<&'static str> {
    let layer = before.layer;
    let pairs = before.pairs().zip(&after.values);
    let fields = pairs.filter_map(|((field, before), after)| {
        let differs = field.origin != Origin::Register && before != after;
        differs.then_some(field.name)
    });
    let moved = before.geometry != after.geometry;
    fields
        .chain(moved.then_some(layer.geometry_column))
        .collect()
}

fn same_place(before: Option<&Geometry<f64>>, after: Option<&Geometry<f64>>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return before.is_none() && after.is_none();
    };
    let same_kind = std::mem::discriminant(before) == std::mem::discriminant(after);
    let near = |a: f64, b: f64| (a - b).abs() <= ROUNDED_DEGREES;
    same_kind
        && shape_of(before) == shape_of(after)
        && before
            .coords_iter()
            .zip(after.coords_iter())
            .all(|(a, b)| near(a.x, b.x) && near(a.y, b.y))
}

/// How many positions each part has.
fn shape_of(geometry: &Geometry<f64>) -> Vec<usize> {
    match geometry {
        Geometry::MultiPolygon(areas) => areas
            .iter()
            .flat_map(|area| {
                let rings = std::iter::once(area.exterior()).chain(area.interiors());
                rings.map(|ring| ring.0.len()).chain([0])
            })
            .collect(),
        Geometry::MultiLineString(lines) => lines.iter().map(|line| line.0.len()).collect(),
        other => vec![other.coords_count()],
    }
}
