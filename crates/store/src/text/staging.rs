//! The statements that bring a file's records into the register.

use chrono::{DateTime, Utc};
use domain::layer::{Field, Layer};
use domain::layers::LAYERS;

use super::restated::shape_change;
use super::{Builder, Statement, bound, finish, join, plain};

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
    let inside = if has_point_inside(layer) {
        ", location as inside"
    } else {
        ""
    };
    plain(format!(
        "create temporary table staged on commit drop as \
         select 0::bigint as row_number, 0::bigint as made_from, 0::bigint as holds_until, \
         {names}, {geometry_column}{inside} \
         from {table} with no data"
    ))
}

/// Whether a point inside each area is staged beside it: that of a facility lies in its outline.
pub(crate) fn has_point_inside(layer: &Layer) -> bool {
    layer.geometry_column == "outline"
}

/// That point, else the database's own.
const POINT_INSIDE: &str = "coalesce(staged.inside, ST_PointOnSurface(staged.outline))";

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
pub(crate) fn count_compared(layer: &Layer) -> Statement {
    let changed = changed(layer);
    let joined = joined(layer);
    plain(format!(
        "select count(*) filter (where registered.id is null), \
         count(*) filter (where registered.id is not null and ({changed})), \
         count(*) filter (where registered.id is not null and not ({changed})) {joined}"
    ))
}

/// How staged records compare with the register, in file order: all, or those that change something
/// and those of `rows`. An empty register (`is_first`) is not searched.
pub(crate) fn compare(
    layer: &Layer,
    which: Option<&[i64]>,
    most: i64,
    is_first: bool,
) -> Statement {
    let key = layer.key().name;
    let column = layer.geometry_column;
    let changed = changed(layer);
    let shape = shape_change(layer, &new_shape(layer));
    let external_id = external_id(layer);
    let joined = if is_first {
        format!("from staged left join {} registered on false", layer.table)
    } else {
        joined(layer)
    };
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
        "select row_number, staged.{key}, {external_id} as external_id, registered.id is not null as known, \
         case when registered.id is not null and ({changed}) then {before} end as before, \
         case when registered.id is not null and ({changed}) then {after} end as after, \
         coalesce(staged.{column}, registered.{column}) as place, {shape} as shape {joined}"
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

/// The identifier of a record in its source, where its layer keeps one.
fn external_id(layer: &Layer) -> String {
    let field = layer.field("external_id");
    field.map_or_else(
        || "null::text".to_owned(),
        |field| format!("staged.{}", field.name),
    )
}

/// The staged records beside the registered ones of the same key.
pub(super) fn joined(layer: &Layer) -> String {
    let (table, key) = (layer.table, layer.key().name);
    format!("from staged left join {table} registered on registered.{key} = staged.{key}")
}

pub(super) fn changed(layer: &Layer) -> String {
    join(changes(layer).map(|(_, test)| test), " or ")
}

/// Lets the planner know how many records are staged and that their keys differ.
pub(crate) fn analyze_staged(layer: &Layer) -> Statement {
    plain(format!("analyze staged (row_number, {})", layer.key().name))
}

/// Whether the register has no record yet of the table of a layer.
pub(crate) fn is_empty(layer: &Layer) -> Statement {
    plain(format!("select not exists (select from {})", layer.table))
}

/// Writes the changed records over the registered ones, remembering which fields this revision set.
pub(crate) fn update_changed(layer: &Layer, revision: i64, made_at: DateTime<Utc>) -> Statement {
    let Layer {
        table,
        geometry_column,
        ..
    } = layer;
    let key = layer.key().name;
    let sets = join(
        staged_fields(layer).map(|field| format!("{} = {}", field.name, new_value(field))),
        ", ",
    );
    let (tests, fields): (Vec<_>, Vec<_>) = changes(layer).map(|(name, test)| (test, name)).unzip();
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
/// asking for that order would sort every geometry. In a register that `is_empty` none is looked for.
pub(crate) fn insert_new(
    layer: &Layer,
    revision: i64,
    made_at: DateTime<Utc>,
    is_empty: bool,
) -> Statement {
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
    let (extra_name, extra_value) = if has_point_inside(layer) {
        (", location", format!(", {POINT_INSIDE}"))
    } else {
        ("", String::new())
    };
    let which = if is_empty {
        String::new()
    } else {
        format!(
            "where not exists (select from {table} registered where registered.{key} = staged.{key})"
        )
    };
    bound(
        format!(
            "insert into {table} ({names}, {geometry_column}{extra_name}, first_revision, revision, updated_at) \
             select {names}, {geometry_column}{extra_value}, $1, $1, $2 from staged {which}"
        ),
        revision,
        made_at,
    )
}

/// What is known of the layers of a table without reading them, counted anew: layer, features, those
/// without a geometry, west, south, east, north. One reading for all, which several processes of the
/// database may share.
pub(crate) fn count_states(table: &str) -> Statement {
    let layers = LAYERS.iter().filter(|layer| layer.table == table);
    let (seen, states): (Vec<_>, Vec<_>) = layers.map(|layer| (seen(layer), state(layer))).unzip();
    let (seen, states) = (seen.join(", "), states.join(", "));
    plain(format!(
        "select layer, counted, counted - placed, \
         ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent) \
         from (select {seen} from {table}) seen cross join lateral (values {states}) \
         state (layer, counted, placed, extent)"
    ))
}

/// What is known of a layer, as columns of one row.
fn seen(layer: &Layer) -> String {
    let Layer {
        id,
        geometry_column,
        ..
    } = layer;
    let counted = if layer.only_with_geometry {
        geometry_column
    } else {
        "*"
    };
    format!(
        "count({counted}) as {id}_counted, count({geometry_column}) as {id}_placed, \
         ST_Extent({geometry_column}) as {id}_extent"
    )
}

/// The same as a row.
fn state(layer: &Layer) -> String {
    let id = layer.id;
    format!("('{id}', {id}_counted, {id}_placed, {id}_extent)")
}

/// Each column that a file may change, with the test whether it does.
fn changes(layer: &Layer) -> impl Iterator<Item = (&'static str, String)> {
    let fields = staged_fields(layer).map(|field| {
        let test = format!(
            "registered.{} is distinct from {}",
            field.name,
            new_value(field)
        );
        (field.name, test)
    });
    fields
        .chain([(layer.geometry_column, new_shape(layer))])
        .collect::<Vec<_>>()
        .into_iter()
}

/// Whether a file changes the geometry.
fn new_shape(layer: &Layer) -> String {
    let column = layer.geometry_column;
    format!(
        "(staged.{column} is not null and not coalesce(ST_OrderingEquals(staged.{column}, registered.{column}), false))"
    )
}

/// What a field becomes: what the file says; where it says nothing, what the register says stays.
pub(super) fn new_value(field: &Field) -> String {
    let name = field.name;
    format!("coalesce(staged.{name}, registered.{name})")
}

/// A facility's point lies in its outline: it moves only when the new outline leaves it outside.
fn outline_point(layer: &Layer) -> String {
    if !has_point_inside(layer) {
        return String::new();
    }
    format!(
        ", location = case when ST_Covers(staged.outline, registered.location) \
         or staged.outline is null then registered.location else {POINT_INSIDE} end"
    )
}

/// The staged records that lie far from where the register has them: row, code, metres between the two. Far
/// is more than `$1` metres beside what both say of their accuracy; boxes within a kilometre are not measured.
pub(crate) fn moved(layer: &Layer, least_m: f64) -> Statement {
    let (key, column) = (layer.key().name, layer.geometry_column);
    let accuracy = if column == "location" && layer.field("location_accuracy_m").is_some() {
        "+ coalesce(registered.location_accuracy_m, 0) + coalesce(staged.location_accuracy_m, 0)"
    } else {
        ""
    };
    let joined = joined(layer);
    let mut sql = Builder::new(format!(
        "select row_number, {key}, m from (select row_number, staged.{key}, \
         ST_Distance(staged.{column}::geography, registered.{column}::geography) as m, 0 {accuracy} as accuracy_m \
         {joined} where not ST_Expand(staged.{column}, 0.008) && registered.{column} offset 0) apart \
         where m - accuracy_m >= "
    ));
    sql.push_bind(least_m);
    finish(sql)
}

/// The staged areas that touch the box of the registered ones, but have their middle elsewhere: row, code, metres
/// between the middles. Boxes whose middles are within 0.006 degrees, two thirds of a kilometre, are not measured.
pub(crate) fn shifted(layer: &Layer, least_m: f64) -> Statement {
    let (key, column) = (layer.key().name, layer.geometry_column);
    let [x, y] = ["X", "Y"].map(|axis| {
        let middle = |side: &str| {
            format!("(ST_{axis}Min({side}.{column}) + ST_{axis}Max({side}.{column})) / 2")
        };
        format!(
            "abs({} - {}) > 0.006",
            middle("staged"),
            middle("registered")
        )
    });
    let joined = joined(layer);
    let mut sql = Builder::new(format!(
        "select row_number, {key}, m from (select row_number, staged.{key}, \
         ST_DistanceSphere(ST_Centroid(staged.{column}), ST_Centroid(registered.{column})) as m {joined} \
         where ST_Expand(staged.{column}, 0.008) && registered.{column} and ({x} or {y}) offset 0) apart where m >= "
    ));
    sql.push_bind(least_m);
    finish(sql)
}

/// The staged areas that another record has too: row, its code, its row in the file where it is there.
pub(crate) fn same_areas(layer: &Layer, most: i64) -> Statement {
    let (table, key, column) = (layer.table, layer.key().name, layer.geometry_column);
    let mut sql = Builder::new(format!(
        "select staged.row_number, other.{key}, other.row_number from staged \
         join staged other on other.{column} = staged.{column} and other.{key} <> staged.{key} \
         union all select staged.row_number, other.{key}, null from staged \
         join {table} other on other.{column} = staged.{column} and other.{key} <> staged.{key} \
         and not exists (select from staged newer where newer.{key} = other.{key} and newer.{column} is not null) \
         order by 1, 2 limit "
    ));
    sql.push_bind(most);
    finish(sql)
}

/// The registered facilities that a staged record without a code, or with a new one, may be. One row
/// per pair: row of the file, its code, its name; the facility's code and name; whether the external
/// ids are the same, the share of the larger outline that both cover, the distance in metres, whether it is at
/// its place; whether only a number is the same; the facility's longitude and latitude.
///
/// An outline counts from a tenth of the larger of the two. A place counts within 100 m, or within
/// what both say of their accuracy; that of a record without a code within 5 km (0.065° of longitude
/// in Serbia), where the caller compares the names. The same external id counts wherever it is, unless it is
/// but a number, which counts within 5 km: every list has a number 17. A point within the outline
/// of a facility is at its place. Where a record has no place, the same name counts wherever it is.
pub(crate) fn likely_facilities(layer: &Layer) -> Statement {
    let is_within = "ST_Covers(registered.outline, staged.location)";
    let (overlapping, share, place, within) = if layer.geometry_column == "outline" {
        (
            "staged.outline && registered.outline",
            SHARE_OF_OUTLINES,
            "ST_PointOnSurface(staged.outline)",
            "false",
        )
    } else {
        (
            is_within,
            "null::double precision",
            "staged.location",
            is_within,
        )
    };
    plain(format!(
        "with unsettled as materialized (select *, {place} as place from staged where code is null \
         or not exists (select from facility where facility.code = staged.code)), \
         pairs as ( \
         select row_number, registered.id from unsettled staged join facility registered \
         on registered.external_id = staged.external_id \
         union select row_number, registered.id from unsettled staged join facility registered \
         on {overlapping} \
         union select row_number, registered.id from unsettled staged join facility registered \
         on fold_accents(registered.name) = fold_accents(staged.name) \
         where staged.code is null and staged.place is null \
         union select row_number, registered.id from unsettled staged join facility registered \
         on registered.location && ST_Expand(staged.place, case when staged.code is null \
         then 0.065 + least(coalesce(staged.location_accuracy_m, 0), 20000) / 70000 else 0.002 end)) \
         select row_number, staged.code, staged.name, registered.code, registered.name, \
         same_id, share, distance_m, is_within or coalesce(distance_m <= within_m, false) as at_place, \
         same_number, ST_X(registered.location), ST_Y(registered.location) \
         from pairs join unsettled staged using (row_number) join facility registered using (id) \
         cross join lateral (select {share} as share, coalesce({within}, false) as is_within, \
         ST_DistanceSphere(registered.location, staged.place) as distance_m) measured \
         cross join lateral (select coalesce(registered.external_id = staged.external_id, false) as same_text, \
         coalesce(distance_m <= 5000, false) or staged.external_id ~ '[^0-9]' as is_telling) said \
         cross join lateral (select same_text and is_telling as same_id, \
         same_text and not is_telling as same_number) identified \
         cross join lateral (select greatest(100, coalesce(staged.location_accuracy_m, 0) \
         + coalesce(registered.location_accuracy_m, 0)) as within_m) accuracy \
         where same_id or share >= 0.1 or is_within or distance_m <= within_m \
         or (staged.code is null and (same_number or distance_m <= 5000 or staged.place is null)) \
         order by row_number, same_id desc, share desc nulls last, distance_m, registered.code"
    ))
}

const SHARE_OF_OUTLINES: &str = "case when staged.outline && registered.outline then \
     ST_Area(ST_Intersection(case when ST_IsValid(staged.outline) then staged.outline \
     else ST_MakeValid(staged.outline) end, registered.outline)) \
     / nullif(greatest(ST_Area(staged.outline), ST_Area(registered.outline)), 0) end";

/// Gives staged records codes: `$1` their rows, `$2` the codes beside them.
pub(crate) fn give_codes() -> &'static str {
    "update staged set code = given.code from unnest($1::bigint[], $2::text[]) given (row_number, code) \
     where staged.row_number = given.row_number"
}

/// What tells where staged records come from and are: row, identifier in the source, geometry.
pub(crate) fn whereabouts(layer: &Layer, rows: &[i64]) -> Statement {
    let column = layer.geometry_column;
    let external_id = external_id(layer);
    let mut sql = Builder::new(format!(
        "select row_number, {external_id}, {column} from staged where row_number = any("
    ));
    sql.push_bind(rows.to_vec()).push(")");
    finish(sql)
}

/// Takes out the staged records of the rows `$1`.
pub(crate) fn take_out() -> &'static str {
    "delete from staged where row_number = any($1)"
}

/// Which staged records have a code of `$1`: row, code.
pub(crate) fn with_codes() -> &'static str {
    "select row_number, code from staged where code = any($1) order by row_number"
}

/// Staged records that have no code yet: row, municipality, district, external id, name, longitude and latitude
/// of a point in or on them.
pub(crate) fn without_code(layer: &Layer) -> Statement {
    let place = if has_point_inside(layer) {
        POINT_INSIDE
    } else {
        "staged.location"
    };
    plain(format!(
        "select row_number, municipality, district, external_id, name, ST_X(place), ST_Y(place) \
         from (select *, {place} as place from staged where code is null) staged order by row_number"
    ))
}
