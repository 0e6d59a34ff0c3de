//! The statements of single edits. Each layer has few texts, whatever an edit changes, so that the
//! database keeps their plans.

use chrono::{DateTime, Utc};
use domain::layer::{Field, Layer};
use domain::layers::LAYERS;
use domain::record::Record;
use domain::value::{FieldType, Value};

use super::staging::{has_point_inside, staged_fields};
use super::{Builder, Statement, bound, finish, join};
use crate::geometry::Ewkb;
use crate::geometry::inside::point_inside;
use crate::revision::NewRevision;
use geo_types::Geometry;

/// Adds a record; answers its id.
pub(crate) fn insert_one(
    layer: &Layer,
    record: &Record,
    revision: i64,
    made_at: DateTime<Utc>,
) -> Statement {
    let names = join(
        staged_fields(layer).map(|field| format!("{}, ", field.name)),
        "",
    );
    let (table, column) = (layer.table, layer.geometry_column);
    let inside = if has_point_inside(layer) {
        "location, "
    } else {
        ""
    };
    let mut sql = Builder::new(format!(
        "insert into {table} ({names}{column}, {inside}first_revision, revision, updated_at) values ("
    ));
    for field in staged_fields(layer) {
        push_value(&mut sql, field, record.get(field.name));
        sql.push(", ");
    }
    push_place(&mut sql, record.geometry.as_ref());
    sql.push(", ");
    if has_point_inside(layer) {
        push_place(&mut sql, inside_of(record).as_ref());
        sql.push(", ");
    }
    sql.push_bind(revision).push("::bigint, ");
    sql.push_bind(revision).push("::bigint, ");
    sql.push_bind(made_at).push(") returning id");
    finish(sql)
}

/// What an update does to a record.
pub(crate) struct Changes<'c> {
    /// The record as it will stand.
    pub(crate) record: &'c Record,
    /// What of it changes: names of fields, and the geometry's column.
    pub(crate) changed: &'c [&'static str],
    /// The revision that wrote the row from which this was made.
    pub(crate) from: i64,
}

/// Writes a record over the row `id`, if that is still the one from which the edit was made.
pub(crate) fn update_one(
    layer: &Layer,
    id: i64,
    changes: &Changes<'_>,
    revision: i64,
    made_at: DateTime<Utc>,
) -> Statement {
    let mut sql = Builder::new("with edit as (select ");
    sql.push_bind(revision).push("::bigint as number) ");
    push_update(&mut sql, layer, id, changes, made_at);
    finish(sql)
}

/// The same of values alone, which move nothing and name nothing: with the recording of its revision and
/// with what is known of the layers, as one statement. Answers the revision; no row, and nothing done, where
/// what is known of a layer was never counted. Fails as stale where the record is another one by now.
pub(crate) fn update_values(
    layer: &Layer,
    id: i64,
    changes: &Changes<'_>,
    new: &NewRevision,
) -> Statement {
    let layers = layers_of(layer.table);
    let count = layers.len();
    let mut sql = Builder::new(
        "with edit as (insert into revision (made_at, author, means, layer, source, comment) select ",
    );
    sql.push_bind(new.made_at).push(", ");
    sql.push_bind(new.author.clone()).push(", ");
    sql.push_bind(new.means.code()).push(", ");
    sql.push_bind(layer.id).push(", ");
    sql.push_bind(new.source.clone()).push("::text, ");
    sql.push_bind(new.comment.clone())
        .push("::text where (select count(*) from layer_state where layer = any(");
    sql.push_bind(layers.clone()).push(format_args!(
        "::text[])) = {count} returning id as number), edited as ("
    ));
    push_update(&mut sql, layer, id, changes, new.made_at);
    sql.push("), known as (update layer_state set revision = edit.number, changed_at = ");
    sql.push_bind(new.made_at)
        .push(" from edit where layer = any(");
    sql.push_bind(layers)
        .push("::text[])) select number, or_stale((select id from edited)) from edit");
    finish(sql)
}

/// Writes over a row with the number that `edit` holds.
fn push_update(
    sql: &mut Builder,
    layer: &Layer,
    id: i64,
    changes: &Changes<'_>,
    made_at: DateTime<Utc>,
) {
    sql.push(format_args!("update {} set ", layer.table));
    for field in staged_fields(layer) {
        sql.push(field.name).push(" = ");
        push_value(sql, field, changes.record.get(field.name));
        sql.push(", ");
    }
    if changes.changed.contains(&layer.geometry_column) {
        push_moved(sql, layer, changes.record);
    }
    let names: Vec<String> = changes.changed.iter().map(ToString::to_string).collect();
    sql.push(
        "field_revisions = field_revisions || (select jsonb_object_agg(name, edit.number) from unnest(",
    );
    sql.push_bind(names)
        .push("::text[]) name), revision = edit.number, updated_at = ");
    sql.push_bind(made_at).push(" from edit where id = ");
    sql.push_bind(id).push("::bigint and revision = ");
    sql.push_bind(changes.from).push("::bigint returning id");
}

/// The new place; the point of a facility moves only when the new outline leaves it outside.
fn push_moved(sql: &mut Builder, layer: &Layer, record: &Record) {
    sql.push(layer.geometry_column).push(" = ");
    push_place(sql, record.geometry.as_ref());
    sql.push(", ");
    if has_point_inside(layer) && record.geometry.is_some() {
        sql.push("location = case when ST_Covers(");
        push_place(sql, record.geometry.as_ref());
        sql.push(", location) then location else ");
        push_place(sql, inside_of(record).as_ref());
        sql.push(" end, ");
    }
}

/// Removes the row `id`, if it is still the one that was seen.
pub(crate) fn delete_one(layer: &Layer, id: i64, from: i64) -> Statement {
    let mut sql = Builder::new(format!("delete from {} where id = ", layer.table));
    sql.push_bind(id).push("::bigint and revision = ");
    sql.push_bind(from).push("::bigint returning id");
    finish(sql)
}

fn inside_of(record: &Record) -> Option<Geometry<f64>> {
    match &record.geometry {
        Some(Geometry::MultiPolygon(areas)) => point_inside(areas).map(Geometry::from),
        _ => None,
    }
}

fn push_place(sql: &mut Builder, place: Option<&Geometry<f64>>) {
    sql.push_bind(place.map(Ewkb::of)).push("::geometry");
}

/// A value, or an unknown one of the same type.
fn push_value(sql: &mut Builder, field: &Field, value: &Value) {
    let kind = match field.field_type {
        FieldType::Text | FieldType::Code(_) => "text",
        FieldType::Integer => "bigint",
        FieldType::Number => "double precision",
        FieldType::Boolean => "boolean",
        FieldType::Date => "date",
        FieldType::DateTime => "timestamptz",
        FieldType::Codes(_) => "text[]",
    };
    match (field.field_type, value.clone()) {
        (_, Value::Text(text)) => sql.push_bind(text),
        (_, Value::Integer(number)) => sql.push_bind(number),
        (_, Value::Number(number)) => sql.push_bind(number),
        (_, Value::Boolean(yes)) => sql.push_bind(yes),
        (_, Value::Date(day)) => sql.push_bind(day),
        (_, Value::DateTime(moment)) => sql.push_bind(moment),
        (_, Value::Codes(codes)) => sql.push_bind(codes),
        (FieldType::Text | FieldType::Code(_), Value::Unknown) => sql.push_bind(None::<String>),
        (FieldType::Integer, Value::Unknown) => sql.push_bind(None::<i64>),
        (FieldType::Number, Value::Unknown) => sql.push_bind(None::<f64>),
        (FieldType::Boolean, Value::Unknown) => sql.push_bind(None::<bool>),
        (FieldType::Date, Value::Unknown) => sql.push_bind(None::<chrono::NaiveDate>),
        (FieldType::DateTime, Value::Unknown) => sql.push_bind(None::<DateTime<Utc>>),
        (FieldType::Codes(_), Value::Unknown) => sql.push_bind(None::<Vec<String>>),
    };
    sql.push("::").push(kind);
}

/// Brings what is known of the layers of a table up to date with the rows `ids` that a revision wrote and
/// ended, without reading others: by their ids, since a kept plan cannot know how few they are. Answers a row for each layer: whether its extent may have become
/// smaller, which only reading all of it tells.
pub(crate) fn shift_states(
    table: &str,
    ids: &[i64],
    (revision, made_at): (i64, DateTime<Utc>),
) -> Statement {
    let layers = LAYERS.iter().filter(|layer| layer.table == table);
    let shifts = join(layers.map(|layer| shift(layer)), " union all ");
    let statement = bound(
        format!(
            "with written as (select * from {table} where id = any($3) and revision = $1), \
             ended as (select * from {table}_history where id = any($3) and ended_by = $1), \
             shift as ({shifts}) \
             update layer_state state set feature_count = feature_count + counted, \
             without_geometry = without_geometry + counted - placed, \
             west = least(west, ST_XMin(reached)), south = least(south, ST_YMin(reached)), \
             east = greatest(east, ST_XMax(reached)), north = greatest(north, ST_YMax(reached)), \
             revision = $1, changed_at = $2 from shift where state.layer = shift.layer \
             returning departed is not null and (ST_XMin(departed) <= west \
             or ST_YMin(departed) <= south or ST_XMax(departed) >= east or ST_YMax(departed) >= north)"
        ),
        revision,
        made_at,
    );
    statement.bind(ids.to_vec())
}

/// By how much the rows shift what is known of a layer; `departed` is where something was that is
/// elsewhere now.
fn shift(layer: &Layer) -> String {
    let Layer {
        id,
        geometry_column: column,
        ..
    } = layer;
    let counted = if layer.only_with_geometry {
        column
    } else {
        "*"
    };
    let difference =
        |of: &str| format!("(select count({of}) from written) - (select count({of}) from ended)");
    let (counted, placed) = (difference(counted), difference(column));
    format!(
        "select '{id}' as layer, {counted} as counted, {placed} as placed, \
         (select ST_Extent({column}) from written) as reached, \
         (select ST_Extent(ended.{column}) from ended left join written using (id) \
         where not coalesce(ST_OrderingEquals(ended.{column}, written.{column}), false)) as departed"
    )
}

/// The layers that show a table.
pub(crate) fn layers_of(table: &str) -> Vec<&'static str> {
    let layers = LAYERS.iter().filter(|layer| layer.table == table);
    layers.map(|layer| layer.id).collect()
}

/// The code of the row `id`.
pub(crate) fn code_of(layer: &Layer, id: i64) -> Statement {
    let mut sql = Builder::new(format!(
        "select {} from {} where id = ",
        layer.key().name,
        layer.table
    ));
    sql.push_bind(id);
    finish(sql)
}

/// Whether a layer has a record of this code.
pub(crate) fn has_code(layer: &Layer, code: &str) -> Statement {
    let (table, key) = (layer.table, layer.key().name);
    let mut sql = Builder::new(format!("select exists (select from {table} where {key} = "));
    sql.push_bind(code.to_owned()).push(")");
    finish(sql)
}

/// Whether records of other layers name the code `$1` of a layer: the first such layer, or none.
pub(crate) fn naming(layer: &Layer, code: &str) -> Option<Statement> {
    let mut fields: Vec<(&Layer, &Field)> = Vec::new();
    for other in LAYERS.iter().filter(|other| !other.only_with_geometry) {
        let names = |field: &&Field| {
            let named = field.named_layer();
            named.is_some_and(|named| named.table == layer.table)
        };
        fields.extend(
            other
                .fields
                .iter()
                .filter(names)
                .map(|field| (*other, field)),
        );
    }
    if fields.is_empty() {
        return None;
    }
    let parts = fields.iter().map(|(other, field)| {
        let (id, table, name) = (other.id, other.table, field.name);
        format!("(select '{id}' as layer, code from {table} where {name} = $1 limit 1)")
    });
    let sql = format!("{} limit 1", join(parts, " union all "));
    Some(sqlx::query(sqlx::AssertSqlSafe(sql)).bind(code.to_owned()))
}
