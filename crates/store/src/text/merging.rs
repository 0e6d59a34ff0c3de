//! The statements that tell what a file changed from what others changed since it was made.
//!
//! `base` is what the register said when the file was made, `registered` what it says now, `staged`
//! what the file says. A record that the register did not have then has an empty `base`.

use domain::layer::Layer;

use super::{Builder, Statement, finish, join, plain, staged_fields};

/// What the register said when the file was made.
pub(super) fn base(layer: &Layer) -> String {
    format!(
        "lateral (select * from {}_history past where past.id = registered.id \
         and past.revision <= staged.made_from order by past.revision desc limit 1) base",
        layer.table
    )
}

/// Whether two sides differ in a column.
fn differ(layer: &Layer, column: &str, one: &str, other: &str) -> String {
    if column == layer.geometry_column {
        format!(
            "not coalesce(ST_OrderingEquals({one}.{column}, {other}.{column}), \
             {one}.{column} is null and {other}.{column} is null)"
        )
    } else {
        format!("{one}.{column} is distinct from {other}.{column}")
    }
}

/// What people record of a record: the columns about which a file and the register can disagree.
fn recorded(layer: &Layer) -> impl Iterator<Item = &'static str> {
    let key = layer.key().name;
    let fields = layer.fields.iter().filter(|field| field.is_recorded());
    let names = fields.map(|field| field.name);
    names
        .filter(move |name| *name != key)
        .chain([layer.geometry_column])
}

/// A column with its value then, now and in the file, and whether both sides changed it apart.
fn sides(layer: &Layer, column: &str) -> String {
    let [was, is, says] = ["base", "registered", "staged"].map(|side| {
        if column == layer.geometry_column {
            format!("to_jsonb(ST_AsText({side}.{column}, 7))")
        } else {
            format!("to_jsonb({side}.{column})")
        }
    });
    let [here, there, apart] = [
        ("staged", "base"),
        ("registered", "base"),
        ("staged", "registered"),
    ]
    .map(|(one, other)| differ(layer, column, one, other));
    format!(
        "('{column}', {was}, {is}, {says}, \
         staged.{column} is not null and {here} and {there} and {apart})"
    )
}

/// What both the file and somebody else changed since, to different values: row, code, revision from
/// which the file was made, field, the revision that changed it, its value then, now and in the file.
pub(crate) fn merge_conflicts(layer: &Layer, most: i64) -> Statement {
    let (table, key) = (layer.table, layer.key().name);
    let base = base(layer);
    let sides = join(recorded(layer).map(|column| sides(layer, column)), ", ");
    let mut sql = Builder::new(format!(
        "select staged.row_number, staged.{key}, staged.made_from, field, changed_by, \
         was, is_now, file_says \
         from staged join {table} registered on registered.{key} = staged.{key} \
         left join {base} on true \
         cross join lateral (values {sides}) side (field, was, is_now, file_says, disagree) \
         cross join lateral (select coalesce((registered.field_revisions ->> field)::bigint, \
         registered.first_revision) as changed_by) since \
         where staged.made_from < registered.revision and disagree \
         and changed_by > coalesce(staged.holds_until, 0) \
         order by staged.row_number limit "
    ));
    sql.push_bind(most);
    finish(sql)
}

/// Takes from the file what it says only because it was made before others changed it.
pub(crate) fn keep_what_others_changed(layer: &Layer) -> Statement {
    let (table, key, column) = (layer.table, layer.key().name, layer.geometry_column);
    let base = base(layer);
    let fields = staged_fields(layer).map(|field| field.name);
    let kept = fields
        .filter(|name| *name != key)
        .chain([column])
        .map(|name| {
            let changed = differ(layer, name, "staged", "base");
            format!("{name} = case when {changed} then staged.{name} end")
        });
    let kept = join(kept, ", ");
    plain(format!(
        "update staged set {kept} from (select staged.row_number as row, base.* \
         from staged join {table} registered on registered.{key} = staged.{key} cross join {base} \
         where staged.made_from < registered.revision) base where staged.row_number = base.row"
    ))
}

/// Records of the file that the register had when it was made, and has no more: row, code, the
/// revision that removed them.
pub(crate) fn removed_since(layer: &Layer) -> Statement {
    let (table, key) = (layer.table, layer.key().name);
    plain(format!(
        "select staged.row_number, staged.{key}, max(past.ended_by) from staged \
         join {table}_history past on past.{key} = staged.{key} \
         and staged.made_from between past.revision and past.ended_by - 1 \
         and past.ended_by > coalesce(staged.holds_until, 0) where not exists (select from {table} registered where registered.{key} = staged.{key}) \
         group by staged.row_number, staged.{key} order by staged.row_number"
    ))
}

/// Records that say they were made from a revision that the register does not have: row, code, it.
pub(crate) fn made_from_nothing(layer: &Layer) -> Statement {
    let key = layer.key().name;
    plain(format!(
        "select row_number, {key}, made_from from staged \
         where made_from > (select coalesce(max(id), 0) from revision) order by row_number"
    ))
}
