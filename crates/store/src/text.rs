//! SQL made at run time from layer descriptions. Names come from descriptions in `domain` only;
//! every value is bound.

use chrono::{DateTime, Utc};
use domain::layer::{Field, GeometryKind, Layer};
use domain::value::{FieldType, Value};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Execute, Postgres, QueryBuilder, SqlSafeStr};

use crate::items::{Bbox, Page, Period, Selection};

type Builder = QueryBuilder<Postgres>;

/// A statement whose text and values are complete.
pub(crate) type Statement = Query<'static, Postgres, PgArguments>;

/// A page of features: id, geometry, the fields, then the layer's last revision and number of
/// features, read by the same statement so that they are of the same moment.
pub(crate) fn items(
    layer: &Layer,
    fields: &[&Field],
    selection: &Selection,
    page: Page,
) -> Statement {
    let mut sql = select(layer, fields);
    for known in ["revision", "feature_count"] {
        sql.push(format_args!(
            ", (select {known} from layer_state where layer = '{}')",
            layer.id
        ));
    }
    rows_of(&mut sql, layer, selection.as_of);
    conditions(&mut sql, layer, selection);
    if let Some(after) = page.after {
        sql.push(" and id > ").push_bind(after);
    }
    sql.push(" order by id limit ")
        .push_bind(i64::from(page.limit));
    if page.offset > 0 {
        sql.push(" offset ")
            .push_bind(i64::try_from(page.offset).unwrap_or(i64::MAX));
    }
    finish(sql)
}

/// One feature: id, geometry, then the fields.
pub(crate) fn item(
    layer: &Layer,
    fields: &[&Field],
    id: i64,
    as_of: Option<DateTime<Utc>>,
) -> Statement {
    let mut sql = select(layer, fields);
    rows_of(&mut sql, layer, as_of);
    conditions(&mut sql, layer, &Selection::default());
    sql.push(" and id = ").push_bind(id);
    finish(sql)
}

/// How many features a selection has, counting no further than one more than `most`.
pub(crate) fn count(layer: &Layer, selection: &Selection, most: u32) -> Statement {
    let mut sql = Builder::new("select count(*) from (select 1 as one");
    from(&mut sql, layer, &["id"], selection.as_of);
    conditions(&mut sql, layer, selection);
    sql.push(" limit ")
        .push_bind(i64::from(most) + 1)
        .push(") counted");
    finish(sql)
}

fn select(layer: &Layer, fields: &[&Field]) -> Builder {
    let mut sql = Builder::new("select id, ");
    sql.push(layer.geometry_column);
    for field in fields {
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
    if let (Some(period), Some(field)) = (selection.datetime, layer.primary_instant()) {
        within(sql, field, period);
    }
    for (field, value) in &selection.equal {
        equals(sql, field, value);
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
        sql.push(" and ")
            .push_bind(bbox.north)
            .push(" else false end");
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

// Staging ----------------------------------------------------------------------------------------

/// The columns of a layer's records that people or rules fill, in the order in which they are staged.
pub(crate) fn staged_fields(layer: &Layer) -> impl Iterator<Item = &'static Field> + use<> {
    layer
        .fields
        .iter()
        .filter(|field| field.origin != domain::layer::Origin::Register)
}

/// Makes the temporary table that takes the records of a file.
pub(crate) fn create_staged(layer: &Layer) -> Statement {
    let names = join(
        staged_fields(layer).map(|field| field.name.to_owned()),
        ", ",
    );
    let Layer {
        table,
        geometry_column,
        ..
    } = layer;
    plain(format!(
        "create temporary table staged on commit drop as \
         select 0::bigint as row_number, {names}, {geometry_column} from {table} with no data"
    ))
}

/// The COPY that fills it.
pub(crate) fn copy_staged() -> &'static str {
    "copy staged from stdin (format binary)"
}

/// Keeps a registered point that lies in its outline, where a file gives one outside it.
pub(crate) fn keep_points_in_outlines() -> &'static str {
    "update staged set location = facility.location from facility \
     where facility.code = staged.code and facility.outline is not null \
     and staged.location is not null and not ST_Covers(facility.outline, staged.location) \
     returning staged.row_number"
}

/// How many of the staged records are new, change a registered one, and change nothing.
pub(crate) fn count_compared(layer: &Layer, supplied: &[&Field]) -> Statement {
    let changed = changed(layer, supplied);
    let joined = joined(layer);
    plain(format!(
        "select count(*) filter (where registered.id is null), \
         count(*) filter (where registered.id is not null and ({changed})), \
         count(*) filter (where registered.id is not null and not ({changed})) {joined}"
    ))
}

/// How staged records compare with the register, in file order: all, or those that change something
/// and those of `rows`.
pub(crate) fn compare(
    layer: &Layer,
    supplied: &[&Field],
    which: Option<&[i64]>,
    most: i64,
) -> Statement {
    let key = layer.key().name;
    let column = layer.geometry_column;
    let changed = changed(layer, supplied);
    let joined = joined(layer);
    let [before, after] = ["registered", "staged"].map(|side| {
        let columns = join(
            staged_fields(layer).map(|field| format!("{side}.{}", field.name)),
            ", ",
        );
        format!(
            "(select to_jsonb(shown) from (select {columns}, \
             ST_AsText({side}.{column}, 7) as {column}) shown)"
        )
    });
    let mut sql = Builder::new(format!(
        "select row_number, staged.{key}, registered.id is not null as known, \
         case when registered.id is not null and ({changed}) then {before} end as before, \
         case when registered.id is not null and ({changed}) then {after} end as after {joined}"
    ));
    if let Some(rows) = which {
        sql.push(format_args!(
            " where (registered.id is not null and ({changed})) or row_number = any("
        ));
        sql.push_bind(rows.to_vec()).push(")");
    }
    sql.push(" order by row_number limit ").push_bind(most);
    finish(sql)
}

/// The staged records beside the registered ones of the same key.
fn joined(layer: &Layer) -> String {
    let (table, key) = (layer.table, layer.key().name);
    format!("from staged left join {table} registered on registered.{key} = staged.{key}")
}

fn changed(layer: &Layer, supplied: &[&Field]) -> String {
    join(changes(layer, supplied).map(|(_, test)| test), " or ")
}

/// Lets the planner know how many records are staged and that their keys differ.
pub(crate) fn analyze_staged(layer: &Layer) -> Statement {
    plain(format!("analyze staged ({})", layer.key().name))
}

/// Takes off the indexes of an empty table; answers the statements that [`put_back`] runs.
pub(crate) fn take_off_indexes(layer: &Layer) -> Statement {
    plain(format!("select take_off_indexes('{}')", layer.table))
}

/// A statement that `take_off_indexes` answered.
pub(crate) fn put_back(statement: String) -> Statement {
    plain(statement)
}

/// Writes the changed records over the registered ones, remembering which fields this revision set.
pub(crate) fn update_changed(
    layer: &Layer,
    supplied: &[&Field],
    revision: i64,
    made_at: DateTime<Utc>,
) -> Statement {
    let Layer {
        table,
        geometry_column,
        ..
    } = layer;
    let key = layer.key().name;
    let sets = join(
        staged_fields(layer)
            .map(|field| format!("{} = {}", field.name, new_value(field, supplied))),
        ", ",
    );
    let (tests, fields): (Vec<_>, Vec<_>) = changes(layer, supplied)
        .map(|(name, test)| (test, name))
        .unzip();
    let provenance = join(
        fields.iter().zip(&tests).map(|(name, test)| {
            format!(
                "case when {test} then jsonb_build_object('{name}', $1::bigint) else '{{}}' end"
            )
        }),
        " || ",
    );
    let point = outline_point(layer);
    let changed = tests.join(" or ");
    bound(
        format!(
            "update {table} registered set {sets}, \
             {geometry_column} = coalesce(staged.{geometry_column}, registered.{geometry_column}){point}, \
             field_revisions = field_revisions || {provenance}, revision = $1, updated_at = $2 \
             from staged where registered.{key} = staged.{key} and ({changed})"
        ),
        revision,
        made_at,
    )
}

/// Adds the new records. They stand in the temporary table in file order, and so come by their ids;
/// asking for that order would sort every geometry.
pub(crate) fn insert_new(layer: &Layer, revision: i64, made_at: DateTime<Utc>) -> Statement {
    let Layer {
        table,
        geometry_column,
        ..
    } = layer;
    let key = layer.key().name;
    let names = join(
        staged_fields(layer).map(|field| field.name.to_owned()),
        ", ",
    );
    let (extra_name, extra_value) = if layer.geometry_column == "outline" {
        (", location", ", ST_PointOnSurface(outline)")
    } else {
        ("", "")
    };
    bound(
        format!(
            "insert into {table} ({names}, {geometry_column}{extra_name}, first_revision, revision, updated_at) \
             select {names}, {geometry_column}{extra_value}, $1, $1, $2 from staged \
             where not exists (select from {table} registered where registered.{key} = staged.{key})"
        ),
        revision,
        made_at,
    )
}

/// Counts anew what is known of a layer without reading it.
pub(crate) fn refresh_state(layer: &Layer, revision: i64, made_at: DateTime<Utc>) -> Statement {
    let Layer {
        id,
        table,
        geometry_column,
        ..
    } = layer;
    let condition = if layer.only_with_geometry {
        format!("{geometry_column} is not null")
    } else {
        "true".into()
    };
    bound(
        format!(
            "insert into layer_state \
             (layer, feature_count, without_geometry, west, south, east, north, revision, changed_at) \
             select '{id}', counted, counted - placed, \
             ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent), $1, $2 \
             from (select count(*) as counted, count({geometry_column}) as placed, \
             ST_Extent({geometry_column}) as extent from {table} where {condition}) seen \
             on conflict (layer) do update set feature_count = excluded.feature_count, \
             without_geometry = excluded.without_geometry, west = excluded.west, \
             south = excluded.south, east = excluded.east, north = excluded.north, \
             revision = excluded.revision, changed_at = excluded.changed_at"
        ),
        revision,
        made_at,
    )
}

/// Each column that a file may change, with the test whether it does.
fn changes(layer: &Layer, supplied: &[&Field]) -> impl Iterator<Item = (&'static str, String)> {
    let fields = staged_fields(layer).map(|field| {
        let test = format!(
            "registered.{} is distinct from {}",
            field.name,
            new_value(field, supplied)
        );
        (field.name, test)
    });
    let column = layer.geometry_column;
    let geometry = format!(
        "(staged.{column} is not null and not coalesce(ST_OrderingEquals(staged.{column}, registered.{column}), false))"
    );
    fields
        .chain([(column, geometry)])
        .collect::<Vec<_>>()
        .into_iter()
}

/// What a field becomes: what the file says, or, where the file does not have the field, what
/// follows from the others, else what the register says already.
fn new_value(field: &Field, supplied: &[&Field]) -> String {
    let name = field.name;
    if supplied.iter().any(|one| one.name == name) {
        format!("staged.{name}")
    } else {
        format!("coalesce(staged.{name}, registered.{name})")
    }
}

/// A facility's point lies in its outline: it moves only when the new outline leaves it outside.
fn outline_point(layer: &Layer) -> &'static str {
    if layer.geometry_column == "outline" {
        ", location = case when ST_Covers(staged.outline, registered.location) \
         or staged.outline is null then registered.location \
         else ST_PointOnSurface(staged.outline) end"
    } else {
        ""
    }
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
