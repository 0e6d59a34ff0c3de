//! Which records belong to a region.

use domain::layer::Layer;
use domain::region::{Membership, Region};

use geo_types::Geometry;

use super::{Builder, Statement, finish};
use crate::geometry::Ewkb;

/// The field in which a layer's records say the region, with the codes that mean it.
struct Recorded {
    field: &'static str,
    codes: Vec<String>,
}

/// Whether a record that stands belongs to a region, as it records it or, where it records none, by its
/// place.
pub(crate) fn belongs_to(layer: &Layer, id: i64, region: Region) -> Statement {
    let table = layer.table;
    let mut sql = Builder::new(format!("select id from {table} where id = "));
    sql.push_bind(id);
    belongs(&mut sql, layer, region, Membership::Recorded);
    finish(sql)
}

/// The codes of the municipalities whose areas have a point on a geometry.
pub(crate) fn municipalities_at(geometry: &Geometry<f64>) -> Statement {
    let mut sql =
        Builder::new("select code from municipality where ST_Covers(area, ST_PointOnSurface(");
    sql.push_bind(Ewkb::of(geometry)).push("::geometry))");
    finish(sql)
}

/// Adds the condition that records of a layer belong to a region.
pub(super) fn belongs(sql: &mut Builder, layer: &Layer, region: Region, membership: Membership) {
    sql.push(" and ");
    let recorded = recorded(layer, region);
    match (membership, recorded) {
        (Membership::Located, _) | (Membership::Recorded, None) => by_place(sql, layer, region),
        (Membership::Recorded, Some(recorded)) => by_record_or_place(sql, layer, region, &recorded),
        (Membership::Disputed, Some(recorded)) => disputed(sql, layer, region, &recorded),
        // Who records nothing disputes nothing.
        (Membership::Disputed, None) => {
            sql.push("false");
        }
    }
}

fn recorded(layer: &Layer, region: Region) -> Option<Recorded> {
    let own = if layer.id == region.layer_id() {
        Some(layer.key())
    } else {
        layer.field(region.field_name())
    };
    if let Some(field) = own {
        let codes = vec![region.to_string()];
        let field = field.name;
        return Some(Recorded { field, codes });
    }
    let districts = region.districts().into_iter();
    let codes: Vec<_> = districts.map(|district| district.to_string()).collect();
    let field = layer.field("district").filter(|_| !codes.is_empty())?.name;
    Some(Recorded { field, codes })
}

fn by_record_or_place(sql: &mut Builder, layer: &Layer, region: Region, recorded: &Recorded) {
    sql.push("(");
    by_record(sql, recorded);
    if recorded.field != layer.key().name {
        sql.push(format_args!(" or ({} is null and ", recorded.field));
        by_place(sql, layer, region);
        sql.push(")");
    }
    sql.push(")");
}

/// An index finds the few rows of either side that the comparison is then made for.
fn disputed(sql: &mut Builder, layer: &Layer, region: Region, recorded: &Recorded) {
    let (field, column) = (recorded.field, layer.geometry_column);
    sql.push(format_args!(
        "{field} is not null and {column} is not null and ("
    ));
    by_record(sql, recorded);
    sql.push(" or ");
    by_place(sql, layer, region);
    sql.push(") and (");
    by_record(sql, recorded);
    sql.push(") <> (");
    by_place(sql, layer, region);
    sql.push(")");
}

fn by_record(sql: &mut Builder, recorded: &Recorded) {
    sql.push(format_args!("{} = any(", recorded.field))
        .push_bind(recorded.codes.clone())
        .push(")");
}

/// A record without a place, and a region without an area, are nowhere.
fn by_place(sql: &mut Builder, layer: &Layer, region: Region) {
    let table = match region {
        Region::District(_) => "district",
        Region::Municipality(_) => "municipality",
        Region::Statistical(_) => "statistical_region",
    };
    let column = layer.geometry_column;
    sql.push(format_args!(
        "coalesce(ST_Intersects({column}, (select area from {table} where code = "
    ))
    .push_bind(region.to_string())
    .push(")), false)");
}
