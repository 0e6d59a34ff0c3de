//! The geometry of a feature as well-known binary, or why it has none that can be kept.

use gdal::vector::{Feature, Geometry, OGRwkbGeometryType, geometry_type_flatten};

use super::failure::{Failure, failure};
use super::straight::straight;

/// ISO 13249-3 type of a line, and of a polygon, without Z and M.
const LINE: u32 = 2;
const AREA: u32 = 3;
/// Drawings are in metres; who closes a line by hand misses its beginning by less than this. The
/// side that closes it is told with the record.
const MOST_GAP: f64 = 0.01;

/// The geometry as little-endian ISO WKB in file coordinates.
///
/// # Errors
/// Arcs, and surfaces of a solid body.
pub(super) fn wkb(
    feature: &Feature<'_>,
    row: u64,
    closed_lines_are_areas: bool,
) -> Result<Option<Vec<u8>>, Failure> {
    // An error here means that there is no geometry.
    let Ok(geometry) = feature.geometry_by_index(0) else {
        return Ok(None);
    };
    let has_curves = has_curves(geometry, row)?;
    let wkb = geometry.iso_wkb();
    let wkb =
        wkb.map_err(|error| failure!("the geometry of record {row} cannot be read: {error}"))?;
    if has_curves {
        return straight(&wkb).map(Some).ok_or_else(|| arcs(row));
    }
    if closed_lines_are_areas && is_closed_line(geometry) {
        return Ok(Some(area_of(wkb)));
    }
    Ok(Some(wkb))
}

fn arcs(row: u64) -> Failure {
    failure!(
        "the geometry of record {row} has arcs; turn them into straight segments (in QGIS: \
         \"Convert curved geometries to straight\") and export the file again"
    )
}

/// Whether a geometry or a part of it is of a type for curves.
fn has_curves(geometry: &Geometry, row: u64) -> Result<bool, Failure> {
    match geometry_type_flatten(geometry.geometry_type()) {
        8..=14 => Ok(true),
        15..=17 => Err(failure!(
            "the geometry of record {row} is a surface of a solid body (TIN or polyhedral \
             surface), which has no outline; draw the outline as a polygon and export the file \
             again"
        )),
        OGRwkbGeometryType::wkbGeometryCollection => {
            let parts = 0..geometry.geometry_count();
            parts
                .map(|part| has_curves(&geometry.get_geometry(part), row))
                .try_fold(false, |any, one| Ok(any | one?))
        }
        _ => Ok(false),
    }
}

/// Whether a geometry is a line that ends where it begins, or next to it, and has room for an area.
pub(super) fn is_closed_line(geometry: &Geometry) -> bool {
    let is_line =
        geometry_type_flatten(geometry.geometry_type()) == OGRwkbGeometryType::wkbLineString;
    let count = geometry.point_count();
    let Some(last) = count
        .checked_sub(1)
        .and_then(|last| i32::try_from(last).ok())
    else {
        return false;
    };
    let ((x, y, _), (last_x, last_y, _)) = (geometry.get_point(0), geometry.get_point(last));
    is_line && count >= 4 && (x - last_x).hypot(y - last_y) <= MOST_GAP
}

/// The polygon whose only ring is the line.
fn area_of(line: Vec<u8>) -> Vec<u8> {
    let (Some(&[a, b, c, d]), Some(points)) = (line.get(1..5), line.get(5..)) else {
        return line;
    };
    let kind = u32::from_le_bytes([a, b, c, d]) - LINE + AREA;
    [
        &[1],
        kind.to_le_bytes().as_slice(),
        &1_u32.to_le_bytes(),
        points,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use gdal::vector::Geometry;

    use super::{area_of, has_curves, is_closed_line};

    fn from(wkt: &str) -> Geometry {
        Geometry::from_wkt(wkt).unwrap()
    }

    #[test]
    fn closed_lines_become_the_areas_that_they_bound() {
        for (line, area) in [
            (
                "LINESTRING (0 0,1 0,1 1,0 0)",
                "POLYGON ((0 0,1 0,1 1,0 0))",
            ),
            (
                "LINESTRING Z (0 0 5,1 0 6,1 1 7,0 0 8)",
                "POLYGON Z ((0 0 5,1 0 6,1 1 7,0 0 8))",
            ),
        ] {
            let line = from(line);
            assert!(is_closed_line(&line));
            assert_eq!(
                area_of(line.iso_wkb().unwrap()),
                from(area).iso_wkb().unwrap()
            );
        }
        for open in [
            "LINESTRING (0 0,1 0,1 1)",
            "LINESTRING (0 0,1 0,0 0)",
            "LINESTRING EMPTY",
            "POLYGON ((0 0,1 0,1 1,0 0))",
        ] {
            assert!(!is_closed_line(&from(open)), "{open}");
        }
        assert!(is_closed_line(&from(
            "LINESTRING (0 0,9 0,9 9,0.003 0.004)"
        )));
        assert!(!is_closed_line(&from("LINESTRING (0 0,9 0,9 9,0.3 0.4)")));
    }

    #[test]
    fn curves_are_seen_and_bodies_refused_wherever_they_are() {
        for (wkt, curves) in [
            ("CIRCULARSTRING (0 0,1 1,2 0)", true),
            ("CURVEPOLYGON Z ((0 0 1,1 1 1,2 0 1,0 0 1))", true),
            (
                "GEOMETRYCOLLECTION (POINT (0 0),COMPOUNDCURVE ((0 0,1 1)))",
                true,
            ),
            ("MULTIPOLYGON (((0 0,1 0,1 1,0 0)))", false),
        ] {
            assert_eq!(has_curves(&from(wkt), 1), Ok(curves), "{wkt}");
        }
        for wkt in [
            "TIN Z (((0 0 0,0 0 1,0 1 0,0 0 0)))",
            "GEOMETRYCOLLECTION (POLYHEDRALSURFACE Z (((0 0 0,0 0 1,0 1 0,0 0 0))))",
        ] {
            let refused = has_curves(&from(wkt), 7).unwrap_err();
            assert!(refused.0.contains("record 7"), "{refused:?}");
            assert!(refused.0.contains("a solid body"), "{refused:?}");
        }
    }
}
