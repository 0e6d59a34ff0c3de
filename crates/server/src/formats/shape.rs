//! Geometries on their way out: decoded, and moved, in one place for all formats beside `GeoJSON`.

use std::convert::Infallible;

use geo_traits::to_geo::ToGeoGeometry;
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Polygon};
use geodesy::GeodesyError;
use store::feature::Feature;

use crate::crs::ServedCrs;
use crate::geojson::{WriteError, write_decimal};

/// The geometry of a feature in a reference system, x = east, y = north; `None` where unknown.
pub fn shape(feature: &Feature, crs: ServedCrs) -> Result<Option<Geometry<f64>>, WriteError> {
    let Some(bytes) = feature.ewkb()? else {
        return Ok(None);
    };
    let id = feature.id()?;
    let wkb = wkb::reader::read_wkb(bytes).map_err(|error| WriteError::Geometry(id, error))?;
    let geometry = wkb.try_to_geometry();
    let Some(geometry) = geometry.filter(|_| !crs.is_crs84()) else {
        return Ok(wkb.try_to_geometry());
    };
    let moved = moved(geometry, crs).map_err(|error| WriteError::Position(id, error))?;
    Ok(Some(moved))
}

/// The same with the axes in the order of the authority, for formats that are texts.
pub fn turned(feature: &Feature, crs: ServedCrs) -> Result<Option<Geometry<f64>>, WriteError> {
    let Some(shape) = shape(feature, crs)? else {
        return Ok(None);
    };
    let turn = |at: Coord<f64>| Ok::<_, Infallible>(crs.turn([at.x, at.y]).into());
    let Ok(turned) = mapped(shape, &turn);
    Ok(Some(turned))
}

fn moved(geometry: Geometry<f64>, crs: ServedCrs) -> Result<Geometry<f64>, GeodesyError> {
    mapped(geometry, &|at: Coord<f64>| {
        crs.of_crs84(at.x, at.y).map(Coord::from)
    })
}

/// A geometry with each position replaced.
fn mapped<E>(
    geometry: Geometry<f64>,
    map: &impl Fn(Coord<f64>) -> Result<Coord<f64>, E>,
) -> Result<Geometry<f64>, E> {
    let line = |line: LineString<f64>| {
        let positions = line.0.into_iter().map(map);
        positions.collect::<Result<Vec<_>, E>>().map(LineString)
    };
    let area = |area: Polygon<f64>| {
        let (outer, holes) = area.into_inner();
        let holes = holes.into_iter().map(line).collect::<Result<_, E>>()?;
        Ok(Polygon::new(line(outer)?, holes))
    };
    Ok(match geometry {
        Geometry::Point(point) => Geometry::Point(map(point.0)?.into()),
        Geometry::LineString(one) => Geometry::LineString(line(one)?),
        Geometry::MultiLineString(lines) => {
            let lines = lines.0.into_iter().map(line);
            Geometry::MultiLineString(MultiLineString(lines.collect::<Result<_, E>>()?))
        }
        Geometry::Polygon(one) => Geometry::Polygon(area(one)?),
        Geometry::MultiPolygon(areas) => {
            let areas = areas.0.into_iter().map(area);
            Geometry::MultiPolygon(MultiPolygon(areas.collect::<Result<_, E>>()?))
        }
        other => other,
    })
}

/// How a coordinate becomes text: degrees with seven decimals are a centimetre, metres with three a
/// millimetre.
pub type WriteCoordinate = fn(&mut Vec<u8>, f64);

/// That of a reference system.
pub fn writer_of(crs: ServedCrs) -> WriteCoordinate {
    if crs.is_geographic() {
        write_decimal::<7>
    } else {
        write_decimal::<3>
    }
}

/// Writes degrees as text.
pub fn write_degrees(out: &mut Vec<u8>, degrees: f64) {
    write_decimal::<7>(out, degrees);
}

/// Writes well-known text (OGC 06-103r4, 7).
pub fn write_wkt(out: &mut Vec<u8>, geometry: &Geometry<f64>, write: WriteCoordinate) {
    match geometry {
        Geometry::Point(point) => {
            out.extend_from_slice(b"POINT (");
            write_pair(out, point.0, write);
            out.push(b')');
        }
        Geometry::LineString(line) => {
            out.extend_from_slice(b"LINESTRING ");
            write_pairs(out, line, write);
        }
        Geometry::MultiLineString(lines) => {
            out.extend_from_slice(b"MULTILINESTRING ");
            write_group(out, &lines.0, |out, line| write_pairs(out, line, write));
        }
        Geometry::Polygon(polygon) => {
            out.extend_from_slice(b"POLYGON ");
            write_rings(out, polygon, write);
        }
        Geometry::MultiPolygon(polygons) => {
            out.extend_from_slice(b"MULTIPOLYGON ");
            write_group(out, &polygons.0, |out, one| write_rings(out, one, write));
        }
        _ => {}
    }
}

/// The rings of an area, the outer one first.
pub fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

fn write_rings(out: &mut Vec<u8>, polygon: &Polygon<f64>, write: WriteCoordinate) {
    let rings: Vec<_> = rings(polygon).collect();
    write_group(out, &rings, |out, ring| write_pairs(out, ring, write));
}

fn write_pairs(out: &mut Vec<u8>, line: &LineString<f64>, write: WriteCoordinate) {
    write_group(out, &line.0, |out, position| {
        write_pair(out, *position, write);
    });
}

fn write_pair(out: &mut Vec<u8>, position: Coord<f64>, write: WriteCoordinate) {
    write(out, position.x);
    out.push(b' ');
    write(out, position.y);
}

fn write_group<T>(out: &mut Vec<u8>, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    out.push(b'(');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b", ");
        }
        write(out, item);
    }
    out.push(b')');
}

/// The EPSG code of the coordinates of [`shape`]; that of longitude and latitude is 4326 in formats
/// whose coordinates are east before north whatever the authority says.
pub fn epsg_code(crs: ServedCrs) -> i32 {
    let (_, code) = crs.uri().rsplit_once('/').unwrap_or_default();
    code.parse().unwrap_or(4326)
}
