//! The statements that undo a revision by another one.

use chrono::{DateTime, Utc};
use domain::layer::{Layer, Origin};
use domain::layers::{LAYERS, all_fields};

use super::{Statement, join};

/// A column of a table and how its values are compared.
struct Column {
    name: &'static str,
    is_geometry: bool,
}

impl Column {
    /// Whether two rows differ in it; geometries by every bit.
    fn differs(&self, one: &str, other: &str) -> String {
        let cast = if self.is_geometry { "::bytea" } else { "" };
        let name = self.name;
        format!("{one}.{name}{cast} is distinct from {other}.{name}{cast}")
    }
}

/// What revisions change in the table of a layer: the fields, and the geometries of every layer that
/// shows it.
fn columns(layer: &Layer) -> Vec<Column> {
    let fields = layer
        .fields
        .iter()
        .filter(|field| field.origin != Origin::Register)
        .map(|field| Column {
            name: field.name,
            is_geometry: false,
        });
    let beside = LAYERS.iter().filter(|other| other.table == layer.table);
    let geometries = beside.map(|layer| Column {
        name: layer.geometry_column,
        is_geometry: true,
    });
    fields.chain(geometries).collect()
}

/// The rows that the revision `$1` wrote and those that it ended, in the form `with …`.
fn sides(layer: &Layer) -> String {
    let table = layer.table;
    let names = join(
        columns(layer).iter().map(|column| column.name.to_owned()),
        ", ",
    );
    let all = format!("id, {names}, first_revision, field_revisions");
    format!(
        "with written as (select {all} from {table} where revision = $1 \
         union all select {all} from {table}_history where revision = $1), \
         ended as (select {all} from {table}_history where ended_by = $1)"
    )
}

/// What stands in the way of undoing a revision: feature id, code, field (null: the whole feature), the
/// later revision that changed it.
pub(crate) fn conflicts(layer: &Layer, revision: i64, limit: i64) -> Statement {
    let (table, key) = (layer.table, layer.key().name);
    let changed_since = join(
        columns(layer).iter().map(|column| {
            format!(
                "case when {} and {} then '{}' end",
                column.differs("written", "ended"),
                column.differs("registered", "written"),
                column.name
            )
        }),
        ", ",
    );
    let sides = sides(layer);
    let sql = format!(
        "{sides} select coalesce(written.id, ended.id), coalesce(written.{key}, ended.{key}), \
         field, later from written full join ended using (id) \
         left join {table} registered on registered.id = coalesce(written.id, ended.id) \
         cross join lateral (\
         select null::text as field, registered.revision as later \
         where ended.id is null and registered.revision <> $1 \
         union all select null, (select max(ended_by) from {table}_history gone where gone.id = written.id) \
         where written.id is not null and ended.id is not null and registered.id is null \
         union all select field, coalesce((registered.field_revisions ->> field)::bigint, registered.revision) \
         from unnest(array[{changed_since}]) field where field is not null and registered.revision <> $1 \
         and written.id is not null and ended.id is not null \
         union all select null, other.revision from {table} other \
         where written.id is null and (other.id = ended.id or other.{key} = ended.{key})\
         ) conflict order by 1, 3 limit $2"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(revision)
        .bind(limit)
}

/// A statement whose `$1` is the revision to undo, `$2` the new one and `$3` its moment.
fn undoing(text: String, undone: i64, revision: i64, made_at: DateTime<Utc>) -> Statement {
    sqlx::query(sqlx::AssertSqlSafe(text))
        .bind(undone)
        .bind(revision)
        .bind(made_at)
}

/// Removes the features that the revision `undone` added.
pub(crate) fn remove_added(layer: &Layer, undone: i64) -> Statement {
    let table = layer.table;
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "delete from {table} where revision = $1 and not exists (\
         select from {table}_history ended where ended.id = {table}.id and ended_by = $1)"
    )))
    .bind(undone)
}

/// Brings back the features that the revision `undone` removed.
pub(crate) fn bring_back_removed(
    layer: &Layer,
    undone: i64,
    revision: i64,
    made_at: DateTime<Utc>,
) -> Statement {
    let table = layer.table;
    let names = join(
        columns(layer).iter().map(|column| column.name.to_owned()),
        ", ",
    );
    let sides = sides(layer);
    undoing(
        format!(
            "{sides} insert into {table} \
             (id, {names}, first_revision, field_revisions, revision, updated_at) \
             overriding system value \
             select id, {names}, first_revision, field_revisions, $2, $3 from ended \
             where not exists (select from written where written.id = ended.id)"
        ),
        undone,
        revision,
        made_at,
    )
}

/// Gives the fields that the revision `undone` changed what they said before.
pub(crate) fn change_back(
    layer: &Layer,
    undone: i64,
    revision: i64,
    made_at: DateTime<Utc>,
) -> Statement {
    let table = layer.table;
    let columns = columns(layer);
    let tests: Vec<String> = columns
        .iter()
        .map(|column| column.differs("written", "ended"))
        .collect();
    let pairs = || columns.iter().zip(&tests);
    let sets = join(
        pairs().map(|(column, test)| {
            let name = column.name;
            format!("{name} = case when {test} then ended.{name} else registered.{name} end")
        }),
        ", ",
    );
    let provenance = join(
        pairs().map(|(column, test)| {
            format!(
                "case when {test} then jsonb_build_object('{}', $2::bigint) else '{{}}' end",
                column.name
            )
        }),
        " || ",
    );
    let sides = sides(layer);
    let changed = tests.join(" or ");
    undoing(
        format!(
            "{sides} update {table} registered set {sets}, \
             field_revisions = registered.field_revisions || {provenance}, \
             revision = $2, updated_at = $3 \
             from written join ended using (id) \
             where registered.id = written.id and ({changed})"
        ),
        undone,
        revision,
        made_at,
    )
}

/// The rows that a revision wrote and that stand, with all fields of the layer.
pub(crate) fn standing(layer: &'static Layer, revision: i64) -> Statement {
    let mut sql = super::select(layer, &all_fields(layer).into());
    sql.push(format_args!(" from {} where revision = ", layer.table));
    sql.push_bind(revision).push(" order by id");
    super::finish(sql)
}

/// Says in which revision rows are removed, until the end of the transaction.
pub(crate) fn removing_in() -> &'static str {
    "select set_config('cadastre.revision', $1::text, true)"
}
