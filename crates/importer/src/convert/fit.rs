//! The geometry of a record, brought to the one type of its layer.

use domain::GeometryKind;
use domain::lang::{Message, Text};
use domain::message;
use geo_types::{Geometry, MultiPolygon};

/// Brings a geometry to the type of a layer where that does not change what it means.
pub(super) fn fit(geometry: Geometry<f64>, kind: GeometryKind) -> Result<Geometry<f64>, Message> {
    match (geometry, kind) {
        (Geometry::GeometryCollection(parts), _) if parts.len() == 1 => {
            let mut parts = parts.into_iter();
            parts
                .next()
                .map_or_else(|| Err(of_parts(0)), |part| fit(part, kind))
        }
        (point @ Geometry::Point(_), GeometryKind::Point) => Ok(point),
        (Geometry::MultiPoint(points), GeometryKind::Point) => single(points.0),
        (line @ Geometry::LineString(_), GeometryKind::LineString) => Ok(line),
        (Geometry::MultiLineString(lines), GeometryKind::LineString) => single(lines.0),
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
        GeometryKind::LineString => Text::new("линије", "lines"),
        GeometryKind::MultiPolygon => Text::new(
            "површине; тачке објеката увозе се са --layer facilities",
            "areas; points of facilities are imported with --layer facilities",
        ),
    }
}
