//! Geometries of the types for curves that have straight sides only, as the types of lines and areas:
//! programs write the one type for a whole layer, arcs or not. No vertex changes.

use gdal::vector::OGRwkbGeometryType;

/// Deeper than any geometry with a meaning.
const MAX_LEVELS: usize = 16;
/// The dimensions of ISO 13249-3 stand in the thousands of a type.
const DIMENSIONS: u32 = 1000;

const POINT: u32 = OGRwkbGeometryType::wkbPoint;
const LINE: u32 = OGRwkbGeometryType::wkbLineString;
const AREA: u32 = OGRwkbGeometryType::wkbPolygon;
const POINTS: u32 = OGRwkbGeometryType::wkbMultiPoint;
const LINES: u32 = OGRwkbGeometryType::wkbMultiLineString;
const AREAS: u32 = OGRwkbGeometryType::wkbMultiPolygon;
const COLLECTION: u32 = OGRwkbGeometryType::wkbGeometryCollection;
const COMPOUND_CURVE: u32 = OGRwkbGeometryType::wkbCompoundCurve;
const CURVE_AREA: u32 = OGRwkbGeometryType::wkbCurvePolygon;
const CURVES: u32 = OGRwkbGeometryType::wkbMultiCurve;
const SURFACES: u32 = OGRwkbGeometryType::wkbMultiSurface;

/// Little-endian ISO WKB without the types for curves; `None` where a side is an arc.
pub(super) fn straight(wkb: &[u8]) -> Option<Vec<u8>> {
    let mut rest = wkb;
    let mut made = Vec::with_capacity(wkb.len());
    geometry(&mut rest, &mut made, MAX_LEVELS)?;
    rest.is_empty().then_some(made)
}

fn geometry(rest: &mut &[u8], made: &mut Vec<u8>, levels: usize) -> Option<()> {
    let head = Head::take(rest)?;
    let kind = match head.kind {
        COMPOUND_CURVE => LINE,
        CURVE_AREA => AREA,
        CURVES => LINES,
        SURFACES => AREAS,
        kind => kind,
    };
    head.of(kind).write(made);
    match head.kind {
        POINT => made.extend(take(rest, head.place_bytes())?),
        LINE => made.extend(counted_places(rest, head)?),
        COMPOUND_CURVE => write_places(&compound(rest, head)?, head, made)?,
        AREA => each(rest, made, |rest, made| {
            made.extend(counted_places(rest, head)?);
            Some(())
        })?,
        CURVE_AREA => each(rest, made, |rest, made| {
            write_places(&curve(rest)?, head, made)
        })?,
        POINTS | LINES | AREAS | COLLECTION | CURVES | SURFACES => {
            let levels = levels.checked_sub(1)?;
            each(rest, made, |rest, made| geometry(rest, made, levels))?;
        }
        _ => return None,
    }
    Some(())
}

/// Takes a count, and so many times what `part` takes.
fn each(
    rest: &mut &[u8],
    made: &mut Vec<u8>,
    part: impl Fn(&mut &[u8], &mut Vec<u8>) -> Option<()>,
) -> Option<()> {
    let count = number(rest)?;
    made.extend(count.to_le_bytes());
    (0..count).try_for_each(|_| part(rest, made))
}

/// The places of a line, or of several that go on from each other.
fn curve(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let head = Head::take(rest)?;
    match head.kind {
        LINE => Some(counted_places(rest, head)?.get(4..)?.to_vec()),
        COMPOUND_CURVE => compound(rest, head),
        _ => None,
    }
}

fn compound(rest: &mut &[u8], whole: Head) -> Option<Vec<u8>> {
    let mut places: Vec<u8> = Vec::new();
    for _ in 0..number(rest)? {
        let head = Head::take(rest).filter(|head| head.kind == LINE)?;
        let line = counted_places(rest, head)?.get(4..)?;
        let goes_on = !places.is_empty() && places.ends_with(line.get(..whole.place_bytes())?);
        let from = if goes_on { whole.place_bytes() } else { 0 };
        places.extend(line.get(from..)?);
    }
    Some(places)
}

fn write_places(places: &[u8], head: Head, made: &mut Vec<u8>) -> Option<()> {
    let count = u32::try_from(places.len() / head.place_bytes()).ok()?;
    made.extend(count.to_le_bytes());
    made.extend(places);
    Some(())
}

/// A count and so many places, as they stand.
fn counted_places<'a>(rest: &mut &'a [u8], head: Head) -> Option<&'a [u8]> {
    let count = usize::try_from(number(&mut &**rest)?).ok()?;
    take(rest, count.checked_mul(head.place_bytes())?.checked_add(4)?)
}

#[derive(Clone, Copy)]
struct Head {
    kind: u32,
    dimensions: u32,
}

impl Head {
    fn take(rest: &mut &[u8]) -> Option<Self> {
        let [1] = *take(rest, 1)? else {
            return None;
        };
        let code = number(rest)?;
        (code / DIMENSIONS <= 3).then_some(Self {
            kind: code % DIMENSIONS,
            dimensions: code / DIMENSIONS,
        })
    }

    const fn of(self, kind: u32) -> Self {
        Self { kind, ..self }
    }

    fn write(self, made: &mut Vec<u8>) {
        made.push(1);
        made.extend((self.kind + self.dimensions * DIMENSIONS).to_le_bytes());
    }

    const fn place_bytes(self) -> usize {
        let numbers = match self.dimensions {
            0 => 2,
            1 | 2 => 3,
            _ => 4,
        };
        numbers * size_of::<f64>()
    }
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?))
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use gdal::vector::Geometry;

    use super::straight;

    fn wkb(wkt: &str) -> Vec<u8> {
        Geometry::from_wkt(wkt).unwrap().iso_wkb().unwrap()
    }

    /// What `ogr2ogr -nlt CONVERT_TO_LINEAR` makes of them.
    #[test]
    fn types_for_curves_without_arcs_become_lines_and_areas() {
        for (curved, plain) in [
            (
                "MULTISURFACE (CURVEPOLYGON ((0 0,9 0,9 9,0 0),(2 1,3 1,3 2,2 1)),((20 0,30 0,30 9,20 0)))",
                "MULTIPOLYGON (((0 0,9 0,9 9,0 0),(2 1,3 1,3 2,2 1)),((20 0,30 0,30 9,20 0)))",
            ),
            (
                "CURVEPOLYGON Z (COMPOUNDCURVE Z ((0 0 1,9 0 2),(9 0 2,9 9 3,0 0 1)))",
                "POLYGON Z ((0 0 1,9 0 2,9 9 3,0 0 1))",
            ),
            (
                "COMPOUNDCURVE ((0 0,1 1),(1 1,2 0))",
                "LINESTRING (0 0,1 1,2 0)",
            ),
            (
                "COMPOUNDCURVE M ((0 0 5,1 1 6))",
                "LINESTRING M (0 0 5,1 1 6)",
            ),
            (
                "MULTICURVE ((0 0,1 1),COMPOUNDCURVE ((5 5,6 6)))",
                "MULTILINESTRING ((0 0,1 1),(5 5,6 6))",
            ),
            (
                "GEOMETRYCOLLECTION (POINT (1 2),CURVEPOLYGON ((0 0,9 0,9 9,0 0)))",
                "GEOMETRYCOLLECTION (POINT (1 2),POLYGON ((0 0,9 0,9 9,0 0)))",
            ),
            ("MULTISURFACE EMPTY", "MULTIPOLYGON EMPTY"),
        ] {
            assert_eq!(straight(&wkb(curved)), Some(wkb(plain)), "{curved}");
        }
    }

    #[test]
    fn arcs_and_damage_are_none() {
        for arc in [
            "CIRCULARSTRING (0 0,1 1,2 0)",
            "CURVEPOLYGON (CIRCULARSTRING (0 0,2 2,4 0,2 -2,0 0))",
            "COMPOUNDCURVE ((0 0,1 1),CIRCULARSTRING (1 1,2 2,3 1))",
            "MULTISURFACE (CURVEPOLYGON (COMPOUNDCURVE (CIRCULARSTRING (0 0,2 2,4 0),(4 0,0 0))))",
        ] {
            assert_eq!(straight(&wkb(arc)), None, "{arc}");
        }
        let whole = wkb("MULTISURFACE (((0 0,9 0,9 9,0 0)))");
        for length in 0..whole.len() {
            assert_eq!(straight(&whole[..length]), None, "{length} bytes");
        }
    }
}
