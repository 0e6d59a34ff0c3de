//! The geometry of a record, brought to the one type of its layer.

use domain::GeometryKind;
use domain::lang::{Message, Text};
use domain::message;
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon};

use super::judge::Remark;

/// Brings a geometry to the type of a layer where that does not change what it means; says when parts
/// were joined for that.
pub(super) fn fit(
    geometry: Geometry<f64>,
    kind: GeometryKind,
) -> Result<(Geometry<f64>, Option<Remark>), Message> {
    if let (Geometry::MultiLineString(lines), GeometryKind::LineString) = (&geometry, kind)
        && let Some(line) = joined(&lines.0)
    {
        let remark = Remark::Joined(lines.0.len(), lines.0[0].0[0]);
        return Ok((line.into(), (lines.0.len() > 1).then_some(remark)));
    }
    of_kind(geometry, kind).map(|geometry| (geometry, None))
}

fn of_kind(geometry: Geometry<f64>, kind: GeometryKind) -> Result<Geometry<f64>, Message> {
    match (geometry, kind) {
        (Geometry::GeometryCollection(parts), _) if parts.len() == 1 => {
            let mut parts = parts.into_iter();
            parts
                .next()
                .map_or_else(|| Err(of_parts(0)), |part| of_kind(part, kind))
        }
        (point @ Geometry::Point(_), GeometryKind::Point) => Ok(point),
        (Geometry::MultiPoint(points), GeometryKind::Point) => single(points.0),
        (line @ Geometry::LineString(_), GeometryKind::LineString) => Ok(line),
        (Geometry::MultiLineString(lines), GeometryKind::LineString) => single(lines.0),
        (Geometry::LineString(line), GeometryKind::MultiLineString) => {
            Ok(MultiLineString::from(line).into())
        }
        (lines @ Geometry::MultiLineString(_), GeometryKind::MultiLineString) => Ok(lines),
        (Geometry::Polygon(area), GeometryKind::MultiPolygon) => {
            Ok(MultiPolygon::from(area).into())
        }
        (areas @ Geometry::MultiPolygon(_), GeometryKind::MultiPolygon) => Ok(areas),
        (other, _) => Err(unfit(&other, kind)),
    }
}

fn single<T: Into<Geometry<f64>>>(parts: Vec<T>) -> Result<Geometry<f64>, Message> {
    let count = parts.len();
    let mut parts = parts.into_iter();
    match (parts.next(), count) {
        (Some(only), 1) => Ok(only.into()),
        _ => Err(of_parts(count)),
    }
}

/// Lines that go on from each other, each from the end of the one before, are one line in parts.
fn joined(lines: &[LineString<f64>]) -> Option<LineString<f64>> {
    let mut whole: Vec<Coord<f64>> = Vec::new();
    for line in lines {
        let (start, rest) = line.0.split_first()?;
        match whole.last() {
            None => whole.push(*start),
            Some(end) if end == start => {}
            Some(_) => return None,
        }
        whole.extend(rest);
    }
    (!whole.is_empty()).then(|| LineString::new(whole))
}

fn of_parts(count: usize) -> Message {
    message!(
        "има {count} делова, а слој узима један; спојите их, или нека сваки буде посебан запис (у \
         QGIS-у: Merge Lines, Multipart to Singleparts)",
        "it has {count} parts where the layer takes one; make them one, or one record each (in QGIS: \
         Merge Lines, Multipart to Singleparts)"
    )
}

fn unfit(geometry: &Geometry<f64>, kind: GeometryKind) -> Message {
    let (is, takes) = (named(geometry), wanted(kind));
    let (is_sr, is_en, takes_sr, takes_en) = (is.sr, is.en, takes.sr, takes.en);
    message!(
        "то је {is_sr}, а слој узима {takes_sr}",
        "it is {is_en}, but the layer takes {takes_en}"
    )
}

const fn named(geometry: &Geometry<f64>) -> Text {
    match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => Text::new("тачка", "a point"),
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => {
            Text::new("линија", "a line")
        }
        Geometry::GeometryCollection(_) => Text::new("скуп разних облика", "a collection"),
        _ => Text::new("површина", "an area"),
    }
}

const fn wanted(kind: GeometryKind) -> Text {
    match kind {
        GeometryKind::Point => Text::new(
            "тачке; површине објеката увозе се са --layer facility_outlines",
            "points; areas of facilities are imported with --layer facility_outlines",
        ),
        GeometryKind::LineString | GeometryKind::MultiLineString => Text::new("линије", "lines"),
        GeometryKind::MultiPolygon => Text::new(
            "површине; тачке објеката увозе се са --layer facilities",
            "areas; points of facilities are imported with --layer facilities",
        ),
    }
}
