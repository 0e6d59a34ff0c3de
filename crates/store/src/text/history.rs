//! The statements that read what the register said before.

use domain::layer::Layer;
use domain::layers::LAYERS;

use crate::columns::Columns;

use super::{Builder, Statement, finish, plain, select};

/// The rows of a layer, those that stand and those that were replaced or removed.
fn all_versions(sql: &mut Builder, layer: &Layer, columns: &str) {
    let table = layer.table;
    sql.push(format_args!(
        " from (select {columns}, null::bigint as ended_by from {table} \
         union all select {columns}, ended_by from {table}_history) version where true"
    ));
    if layer.only_with_geometry {
        sql.push(format_args!(" and {} is not null", layer.geometry_column));
    }
}

/// The columns that a layer's own description names, and what the register knows of a row beside.
fn kept(layer: &Layer) -> String {
    let mut columns = vec!["id", layer.geometry_column];
    columns.extend(layer.fields.iter().map(|field| field.name));
    columns.extend(["first_revision", "field_revisions"]);
    columns.join(", ")
}

/// The versions of one feature, the latest first: id, geometry, the fields; the revision that wrote
/// it, the one that ended it, whether that one wrote another version.
pub(crate) fn versions(
    layer: &Layer,
    columns: &Columns,
    id: i64,
    before: Option<i64>,
    limit: u32,
) -> Statement {
    let mut sql = select(layer, columns);
    let table = layer.table;
    let of_layer = if layer.only_with_geometry {
        format!(" and next.{} is not null", layer.geometry_column)
    } else {
        String::new()
    };
    let replaced = ["", "_history"].map(|part| {
        format!(
            "exists (select from {table}{part} next where next.id = version.id \
             and next.revision = version.ended_by{of_layer})"
        )
    });
    sql.push(format_args!(
        ", revision, ended_by, {} as replaced",
        replaced.join(" or ")
    ));
    all_versions(&mut sql, layer, &kept(layer));
    sql.push(" and id = ").push_bind(id);
    if let Some(before) = before {
        sql.push(" and revision < ").push_bind(before);
    }
    sql.push(" order by revision desc limit ")
        .push_bind(i64::from(limit));
    finish(sql)
}

/// Which side of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The rows that it ended.
    Ended,
    /// The rows that it wrote.
    Written,
}

/// The rows of one side of a revision in the order of their ids: id, geometry, the fields.
pub(crate) fn side_of_revision(
    layer: &Layer,
    columns: &Columns,
    side: Side,
    revision: i64,
    after: Option<i64>,
    limit: u32,
) -> Statement {
    let mut sql = select(layer, columns);
    match side {
        Side::Ended => {
            sql.push(format_args!(
                " from {}_history where ended_by = ",
                layer.table
            ));
            sql.push_bind(revision);
            if layer.only_with_geometry {
                sql.push(format_args!(" and {} is not null", layer.geometry_column));
            }
        }
        Side::Written => {
            all_versions(&mut sql, layer, &kept(layer));
            sql.push(" and revision = ").push_bind(revision);
        }
    }
    if let Some(after) = after {
        sql.push(" and id > ").push_bind(after);
    }
    sql.push(" order by id limit ").push_bind(i64::from(limit));
    finish(sql)
}

/// One feature with the revisions of its values: id, geometry, the fields; the revision of each field
/// changed since it was created, the one that created it.
pub(crate) fn provenance(layer: &Layer, columns: &Columns, id: i64) -> Statement {
    let mut sql = select(layer, columns);
    sql.push(format_args!(
        ", field_revisions, first_revision from {} where id = ",
        layer.table
    ));
    sql.push_bind(id);
    if layer.only_with_geometry {
        sql.push(format_args!(" and {} is not null", layer.geometry_column));
    }
    finish(sql)
}

/// The revisions that rows of a table name although they are not of it: revision and one of the rows.
pub(crate) fn strangers(table: &str) -> Statement {
    plain(format!(
        "select number, min(id) from (select revision as number, id from {table} \
         union all select revision, id from {table}_history \
         union all select ended_by, id from {table}_history) named \
         where not exists (select from revision join layer_table using (layer) \
         where revision.id = number and name = '{table}') group by number order by number"
    ))
}

/// One reading of the whole register, as it is at one moment.
pub(crate) fn read_at_one_moment() -> &'static str {
    "begin isolation level repeatable read read only"
}

/// The migrations that were made, in their order: version and checksum.
pub(crate) fn migrations_made() -> &'static str {
    "select version, checksum from _sqlx_migrations where success order by version"
}

/// The tables that hold rows of layers, each once.
pub(crate) fn tables() -> Vec<&'static str> {
    let mut tables: Vec<_> = LAYERS.iter().map(|layer| layer.table).collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}
