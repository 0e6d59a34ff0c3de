//! The statements about records of uploads that nobody decided on yet.

use domain::layer::{Field, Layer};

use super::staging::{changed, joined, new_value};
use super::{Builder, Statement, finish, join, plain, staged_fields};
use crate::geometry::Ewkb;
use crate::submission::{Place, Previewed};

/// Keeps each staged record as the register would say it, with what publishing would do.
pub(crate) fn keep_for_preview(layer: &Layer, submission: i64) -> Statement {
    let column = layer.geometry_column;
    let changed = changed(layer);
    let joined = joined(layer);
    let values = join(
        staged_fields(layer).map(|field| format!("{} as {}", new_value(field), field.name)),
        ", ",
    );
    let mut sql = Builder::new("insert into submission_record select ");
    sql.push_bind(submission).push(format_args!(
        ", row_number, case when registered.id is null then 'new' when {changed} then 'changed' \
         else 'unchanged' end, (select jsonb_strip_nulls(to_jsonb(shown)) from (select {values}) shown), \
         coalesce(staged.{column}, registered.{column}) {joined}"
    ));
    finish(sql)
}

/// Keeps which regions the staged records touch.
pub(crate) fn keep_touched(layer: &Layer, submission: i64) -> Statement {
    let mut sql = Builder::new("insert into submission_region select ");
    sql.push_bind(submission).push(format_args!(
        ", municipality, district from ({}) touched",
        touched_places(layer)
    ));
    finish(sql)
}

/// In which regions the staged records that change something lie, before and after: municipality and
/// district, as they say it.
pub(crate) fn touched(layer: &Layer) -> Statement {
    plain(touched_places(layer))
}

fn touched_places(layer: &Layer) -> String {
    let (changed, joined) = (changed(layer), joined(layer));
    let after = places(layer, new_value);
    let before = places(layer, |field| format!("registered.{}", field.name));
    format!(
        "select {after} {joined} where registered.id is null or {changed} \
         union select {before} {joined} where registered.id is not null and ({changed})"
    )
}

/// What a record says of its regions, else the code of its facility (`domain::region::completed`).
fn places(layer: &Layer, value: impl Fn(&Field) -> String) -> String {
    let said = |name| layer.field(name).map(&value);
    let of_facility =
        said("facility").map(|code| format!("substring({code} from '^RS-([0-9]{{5}})-')"));
    let known: Vec<String> = said("municipality")
        .into_iter()
        .chain(of_facility)
        .collect();
    let municipality = match known[..] {
        [] => "null::text".to_owned(),
        _ => format!("coalesce({})", known.join(", ")),
    };
    let district = said("district").unwrap_or_else(|| "null::text".to_owned());
    format!("{municipality} as municipality, {district} as district")
}

/// Keeps a region that an upload touches.
pub(crate) fn keep_place(submission: i64, (municipality, district): Place) -> Statement {
    let mut sql = Builder::new("insert into submission_region values (");
    sql.push_bind(submission)
        .push(", ")
        .push_bind(municipality.map(|code| code.to_string()))
        .push(", ")
        .push_bind(district.map(|code| code.to_string()))
        .push(")");
    finish(sql)
}

/// Keeps a record as the register would say it.
pub(crate) fn keep_previewed(submission: i64, one: &Previewed) -> Statement {
    let mut sql = Builder::new("insert into submission_record values (");
    let geometry = one.geometry.as_ref().map(Ewkb::of);
    sql.push_bind(submission)
        .push(", ")
        .push_bind(one.row)
        .push(", ")
        .push_bind(one.verdict)
        .push(", ")
        .push_bind(one.properties.clone())
        .push(", ")
        .push_bind(geometry)
        .push(")");
    finish(sql)
}

/// The kept records of an upload as features of `GeoJSON`, one text each, in file order, with the
/// values of `fields`, those after the row `after`, at most `most`.
pub(crate) fn preview(submission: i64, fields: &[&Field], after: i64, most: i64) -> Statement {
    let names: Vec<String> = fields.iter().map(|field| field.name.to_owned()).collect();
    let mut sql = Builder::new(
        "select row_number, jsonb_build_object('type', 'Feature', 'id', row_number, \
         'geometry', ST_AsGeoJSON(geometry, 8)::jsonb, \
         'properties', jsonb_build_object('verdict', verdict) || coalesce((select \
         jsonb_object_agg(key, value) from jsonb_each(properties) where key = any(",
    );
    sql.push_bind(names)
        .push(")), '{}'))::text from submission_record where submission = ")
        .push_bind(submission)
        .push(" and row_number > ")
        .push_bind(after)
        .push(" order by row_number limit ")
        .push_bind(most);
    finish(sql)
}
