//! SQL made at run time from layer descriptions. Names come from descriptions in `domain` only;
//! every value is bound.

use chrono::{DateTime, Utc};
use domain::layer::{Field, GeometryKind, Layer};
use domain::value::{FieldType, Value};
use geo_types::{Geometry, Polygon};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Execute, Postgres, QueryBuilder, SqlSafeStr};

use crate::columns::{Columns, Detail};
use crate::geometry::Ewkb;
use crate::items::{Bbox, Period, Selection};
use crate::paging::Page;

mod class_counts;
mod edit;
mod filter;
mod history;
mod known;
mod merging;
mod page;
mod preview;
mod region;
mod restated;
mod search;
mod serials;
mod staging;
mod tiles;
mod undo;
mod writings;

pub(crate) use class_counts::class_counts;
pub(crate) use edit::*;
pub(crate) use history::*;
pub(crate) use known::known_counts;
pub(crate) use merging::*;
pub(crate) use preview::*;
pub(crate) use region::{belongs_to, municipalities_at};
pub(crate) use restated::*;
pub(crate) use search::found;
pub(crate) use serials::*;
pub(crate) use staging::*;
pub(crate) use tiles::tile;
pub(crate) use undo::*;
pub(crate) use writings::writings;

type Builder = QueryBuilder<Postgres>;

/// A statement whose text and values are complete.
pub(crate) type Statement = Query<'static, Postgres, PgArguments>;

/// The statements of a page of features, in the order in which they are met: id, geometry, the fields,
/// then the layer's last revision and number of features, read by the same statement so that they are
/// of the same moment, then the values that decide the order.
pub(crate) fn items(
    layer: &Layer,
    columns: &Columns,
    selection: &Selection,
    page: &Page,
) -> Vec<Statement> {
    let parts = page::parts(page).into_iter();
    let statement = |part| items_part(layer, columns, selection, page, &part);
    parts.map(statement).collect()
}

fn items_part(
    layer: &Layer,
    columns: &Columns,
    selection: &Selection,
    page: &Page,
    part: &page::Part<'_>,
) -> Statement {
    let mut sql = select(layer, columns);
    // Two numbers in one value: each value of a page is planned, sent and looked at.
    sql.push(format_args!(
        ", (select array[revision, feature_count] from layer_state where layer = '{}') as layer_known",
        layer.id
    ));
    let values = page::KeyValues {
        layer,
        search: selection.search.as_ref(),
    };
    values.columns(&mut sql, page);
    rows_of(&mut sql, layer, selection.as_of);
    conditions(&mut sql, layer, selection);
    part.push(&mut sql, &values);
    sql.push(" limit ").push_bind(i64::from(page.limit));
    if page.offset > 0 {
        sql.push(" offset ")
            .push_bind(i64::try_from(page.offset).unwrap_or(i64::MAX));
    }
    finish(sql)
}

/// One feature: id, geometry, the fields, then the revision that wrote it.
pub(crate) fn item(
    layer: &Layer,
    columns: &Columns,
    id: i64,
    as_of: Option<DateTime<Utc>>,
) -> Statement {
    let mut sql = select(layer, columns);
    sql.push(", revision");
    rows_of(&mut sql, layer, as_of);
    conditions(&mut sql, layer, &Selection::default());
    sql.push(" and id = ").push_bind(id);
    finish(sql)
}

/// How many features a selection has, counting no further than one more than `most`.
pub(crate) fn count(layer: &Layer, selection: &Selection, most: Option<u32>) -> Statement {
    counting("", layer, selection, most)
}

/// How the database would count that, and what it expects it to cost, as JSON.
pub(crate) fn count_plan(layer: &Layer, selection: &Selection, most: u32) -> Statement {
    counting("explain (format json) ", layer, selection, Some(most))
}

fn counting(
    before: &'static str,
    layer: &Layer,
    selection: &Selection,
    most: Option<u32>,
) -> Statement {
    let mut sql = Builder::new(before);
    sql.push("select count(*) from (select 1 as one");
    rows_of(&mut sql, layer, selection.as_of);
    conditions(&mut sql, layer, selection);
    if let Some(most) = most {
        sql.push(" limit ").push_bind(i64::from(most) + 1);
    }
    sql.push(") counted");
    finish(sql)
}

/// The first and the last time of each table that has one, as moments in UTC: table, first, last.
pub(crate) fn instants(layers: &[&Layer]) -> Statement {
    let one = |layer: &&Layer| {
        let (table, name) = (layer.table, layer.primary_instant()?.name);
        Some(format!(
            "select '{table}', min({name})::timestamp at time zone 'UTC', \
             max({name})::timestamp at time zone 'UTC' from {table}"
        ))
    };
    let mut tables: Vec<String> = layers.iter().filter_map(one).collect();
    tables.dedup();
    plain(tables.join(" union all "))
}

fn select(layer: &Layer, columns: &Columns) -> Builder {
    let mut sql = Builder::new("select id, ");
    let column = layer.geometry_column;
    match columns.detail {
        Detail::Skipped => sql.push("null"),
        Detail::Generalised(level) if layer.geometry != GeometryKind::Point => sql
            .push(format_args!("generalised({column}, "))
            .push_bind(level.tolerance_degrees())
            .push(")"),
        Detail::Full | Detail::Generalised(_) => sql.push(column),
    };
    for field in columns.fields.iter() {
        sql.push(", ").push(field.name);
    }
    sql
}

fn rows_of(sql: &mut Builder, layer: &Layer, as_of: Option<DateTime<Utc>>) {
    let names: Vec<&str> = layer.fields.iter().map(|field| field.name).collect();
    from(sql, layer, &names, as_of);
}

/// The table itself, or the rows that were valid at a moment: those still standing and those that a
/// later revision replaced.
fn from(sql: &mut Builder, layer: &Layer, names: &[&str], as_of: Option<DateTime<Utc>>) {
    let Some(moment) = as_of else {
        sql.push(" from ").push(layer.table).push(" where true");
        return;
    };
    let mut columns = vec!["id", layer.geometry_column];
    columns.extend(names.iter().filter(|name| **name != "id"));
    let columns = columns.join(", ");
    let table = layer.table;
    sql.push(format_args!(
        " from (select {columns} from {table} where updated_at <= "
    ));
    sql.push_bind(moment);
    sql.push(format_args!(
        " union all select {columns} from {table}_history where updated_at <= "
    ));
    sql.push_bind(moment)
        .push(" and valid_to > ")
        .push_bind(moment);
    sql.push(") then_valid where true");
}

fn conditions(sql: &mut Builder, layer: &Layer, selection: &Selection) {
    if layer.only_with_geometry {
        sql.push(" and ")
            .push(layer.geometry_column)
            .push(" is not null");
    }
    if let Some(bbox) = selection.bbox {
        intersects(sql, layer, bbox);
    }
    if let Some(area) = &selection.area {
        intersects_area(sql, layer, area);
    }
    if let (Some(period), Some(field)) = (selection.datetime, layer.primary_instant()) {
        within(sql, field, period);
    }
    if let Some((region, membership)) = selection.region {
        region::belongs(sql, layer, region, membership);
    }
    search::finds(sql, layer, selection);
    for (field, value) in &selection.equal {
        equals(sql, field, value);
    }
    if let Some(filter) = &selection.filter {
        sql.push(" and ");
        filter::push(sql, filter);
    }
}

/// OGC API Features 1, requirement `fc-bbox-response`: features without geometry match every box.
fn intersects(sql: &mut Builder, layer: &Layer, bbox: Bbox) {
    let parts = if bbox.west <= bbox.east {
        vec![bbox]
    } else {
        vec![
            Bbox {
                east: 180.0,
                ..bbox
            },
            Bbox {
                west: -180.0,
                ..bbox
            },
        ]
    };
    let column = layer.geometry_column;
    if layer.only_with_geometry {
        sql.push(" and (false");
    } else {
        sql.push(format_args!(" and ({column} is null"));
    }
    for part in parts {
        sql.push(" or ");
        overlaps(sql, column, layer.geometry, part);
    }
    sql.push(")");
}

/// A box of another reference system; features without geometry match it like every box.
fn intersects_area(sql: &mut Builder, layer: &Layer, area: &Polygon<f64>) {
    let column = layer.geometry_column;
    let area = Ewkb::of(&Geometry::Polygon(area.clone()));
    sql.push(format_args!(" and (ST_Intersects({column}, "))
        .push_bind(area);
    sql.push("::geometry)");
    if !layer.only_with_geometry {
        sql.push(format_args!(" or {column} is null"));
    }
    sql.push(")");
}

/// The index compares boxes of single precision, so its answer is narrowed: points by their own
/// coordinates, which is much cheaper than the general test.
fn overlaps(sql: &mut Builder, column: &str, geometry: GeometryKind, bbox: Bbox) {
    sql.push(format_args!("({column} && "));
    envelope(sql, bbox);
    if geometry == GeometryKind::Point {
        // `case`, since the planner would take the four comparisons for four more rare conditions
        // and plan for one row where there are a thousand.
        sql.push(format_args!(" and case when ST_X({column}) between "))
            .push_bind(bbox.west);
        sql.push(" and ").push_bind(bbox.east);
        sql.push(format_args!(" then ST_Y({column}) between "))
            .push_bind(bbox.south);
        // Unknown where the place is: a filter may ask for the contrary.
        sql.push(" and ")
            .push_bind(bbox.north)
            .push(format_args!(" else {column} is null and null end"));
    } else {
        sql.push(format_args!(" and ST_Intersects({column}, "));
        envelope(sql, bbox);
        sql.push(")");
    }
    sql.push(")");
}

fn envelope(sql: &mut Builder, bbox: Bbox) {
    sql.push("ST_MakeEnvelope(");
    for corner in [bbox.west, bbox.south, bbox.east, bbox.north] {
        sql.push_bind(corner).push(", ");
    }
    sql.push("4326)");
}

/// OGC API Features 1, requirement `fc-time-response`: features without a time match every period.
fn within(sql: &mut Builder, field: &Field, period: Period) {
    let name = field.name;
    sql.push(format_args!(" and ({name} is null or (true"));
    for (relation, bound) in [(">=", period.from), ("<=", period.until)] {
        let Some(moment) = bound else { continue };
        sql.push(format_args!(" and {name} {relation} "));
        if matches!(field.field_type, FieldType::Date) {
            sql.push_bind(moment.date_naive());
        } else {
            sql.push_bind(moment);
        }
    }
    sql.push("))");
}

fn equals(sql: &mut Builder, field: &Field, value: &Value) {
    let name = field.name;
    if let Value::Codes(codes) = value {
        sql.push(format_args!(" and {name} @> "))
            .push_bind(codes.clone());
        return;
    }
    sql.push(format_args!(" and {name} = "));
    self::value(sql, value);
}

/// A given value.
fn value(sql: &mut Builder, value: &Value) {
    match value.clone() {
        Value::Text(text) => sql.push_bind(text),
        Value::Integer(number) => sql.push_bind(number),
        Value::Number(number) => sql.push_bind(number),
        Value::Boolean(yes) => sql.push_bind(yes),
        Value::Date(day) => sql.push_bind(day),
        Value::DateTime(moment) => sql.push_bind(moment),
        Value::Unknown | Value::Codes(_) => sql.push("null"),
    };
}

fn join(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}

fn plain(text: String) -> Statement {
    finish(Builder::new(text))
}

/// A statement whose `$1` is a revision and whose `$2` is its moment.
fn bound(text: String, revision: i64, made_at: DateTime<Utc>) -> Statement {
    sqlx::query(sqlx::AssertSqlSafe(text))
        .bind(revision)
        .bind(made_at)
}

fn finish(mut sql: Builder) -> Statement {
    let mut query = sql.build();
    let arguments = query.take_arguments().ok().flatten().unwrap_or_default();
    sqlx::query_with(query.sql().into_sql_str(), arguments)
}
