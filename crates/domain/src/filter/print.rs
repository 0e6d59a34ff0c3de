//! From the tree back to both encodings.

use std::fmt::{Display, Formatter, Result, Write};

use geo_types::{Coord, Geometry, LineString, Polygon};
use serde_json::{Value as Json, json};

use super::node::{Node, Term};
use super::operation::Operation;

/// CQL2 text, in which every operation stands in brackets.
impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.term {
            Term::Property(name) => write!(f, "\"{name}\""),
            Term::Text(text) => quoted(f, text),
            Term::Number(number) => number.fmt(f),
            Term::Boolean(yes) => f.write_str(if *yes { "TRUE" } else { "FALSE" }),
            Term::Null => f.write_str("NULL"),
            Term::Date(day) => write!(f, "DATE('{day}')"),
            Term::Timestamp(moment) => write!(f, "TIMESTAMP('{}')", rfc3339(moment)),
            Term::Open => f.write_str("'..'"),
            Term::Interval(ends) => {
                f.write_str("INTERVAL(")?;
                separated(f, ends, ",", end_of_period)?;
                f.write_char(')')
            }
            Term::Geometry(shape) => write_shape(f, shape),
            Term::Bbox([west, south, east, north]) => {
                write!(f, "BBOX({west},{south},{east},{north})")
            }
            Term::List(parts) => list(f, parts),
            Term::Operation(operation, parts) => write_operation(f, *operation, parts),
            Term::Call(name, parts) => {
                f.write_str(name)?;
                list(f, parts)
            }
        }
    }
}

fn rfc3339(moment: &chrono::DateTime<chrono::Utc>) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    write!(f, "'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// The ends of a period stand without `DATE` and `TIMESTAMP`.
fn end_of_period(f: &mut Formatter<'_>, end: &Node) -> Result {
    match &end.term {
        Term::Date(day) => write!(f, "'{day}'"),
        Term::Timestamp(moment) => write!(f, "'{}'", rfc3339(moment)),
        _ => end.fmt(f),
    }
}

fn list(f: &mut Formatter<'_>, parts: &[Node]) -> Result {
    f.write_char('(')?;
    separated(f, parts, ",", |f, part| part.fmt(f))?;
    f.write_char(')')
}

fn write_operation(f: &mut Formatter<'_>, operation: Operation, parts: &[Node]) -> Result {
    let name = operation.name().to_uppercase();
    match (operation, parts) {
        (_, _) if operation.is_function() => {
            f.write_str(&name)?;
            list(f, parts)
        }
        (Operation::Not, [inner]) => write!(f, "(NOT ({inner}))"),
        (Operation::IsNull, [inner]) => write!(f, "({inner} IS NULL)"),
        (Operation::Between, [value, low, high]) => {
            write!(f, "({value} BETWEEN {low} AND {high})")
        }
        _ => {
            f.write_char('(')?;
            separated(f, parts, &format!(" {name} "), |f, part| part.fmt(f))?;
            f.write_char(')')
        }
    }
}

fn separated<T>(
    f: &mut Formatter<'_>,
    parts: &[T],
    separator: &str,
    write: impl Fn(&mut Formatter<'_>, &T) -> Result,
) -> Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(separator)?;
        }
        write(f, part)?;
    }
    Ok(())
}

fn write_shape(f: &mut Formatter<'_>, shape: &Geometry<f64>) -> Result {
    let point = |f: &mut Formatter<'_>, at: &geo_types::Point<f64>| {
        f.write_char('(')?;
        position(f, &at.0)?;
        f.write_char(')')
    };
    match shape {
        Geometry::Point(at) => {
            f.write_str("POINT")?;
            point(f, at)
        }
        Geometry::LineString(line) => {
            f.write_str("LINESTRING")?;
            positions(f, line)
        }
        Geometry::Polygon(polygon) => {
            f.write_str("POLYGON")?;
            area(f, polygon)
        }
        Geometry::MultiPoint(points) => bracketed(f, "MULTIPOINT", &points.0, point),
        Geometry::MultiLineString(lines) => bracketed(f, "MULTILINESTRING", &lines.0, positions),
        Geometry::MultiPolygon(areas) => bracketed(f, "MULTIPOLYGON", &areas.0, area),
        Geometry::GeometryCollection(parts) => {
            bracketed(f, "GEOMETRYCOLLECTION", &parts.0, write_shape)
        }
        // The readers make none of these.
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => Ok(()),
    }
}

fn bracketed<T>(
    f: &mut Formatter<'_>,
    name: &str,
    parts: &[T],
    write: impl Fn(&mut Formatter<'_>, &T) -> Result,
) -> Result {
    write!(f, "{name}(")?;
    separated(f, parts, ",", write)?;
    f.write_char(')')
}

fn area(f: &mut Formatter<'_>, polygon: &Polygon<f64>) -> Result {
    let rings: Vec<_> = std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .collect();
    bracketed(f, "", &rings, |f, ring| positions(f, ring))
}

fn positions(f: &mut Formatter<'_>, line: &LineString<f64>) -> Result {
    bracketed(f, "", &line.0, position)
}

fn position(f: &mut Formatter<'_>, at: &Coord<f64>) -> Result {
    write!(f, "{} {}", at.x, at.y)
}

impl Node {
    /// The same filter in CQL2 JSON.
    pub fn to_json(&self) -> Json {
        match &self.term {
            Term::Property(name) => json!({ "property": name }),
            Term::Text(text) => json!(text),
            Term::Number(number) => json!(number),
            Term::Boolean(yes) => json!(yes),
            Term::Null => Json::Null,
            Term::Date(day) => json!({ "date": day.to_string() }),
            Term::Timestamp(moment) => json!({ "timestamp": rfc3339(moment) }),
            Term::Open => json!(".."),
            Term::Interval(ends) => {
                let ends: Vec<_> = ends.iter().map(end_in_json).collect();
                json!({ "interval": ends })
            }
            Term::Geometry(shape) => shape_in_json(shape),
            Term::Bbox(corners) => json!({ "bbox": corners }),
            Term::List(parts) => all_in_json(parts),
            Term::Operation(operation, parts) => {
                json!({ "op": operation.name(), "args": all_in_json(parts) })
            }
            Term::Call(name, parts) => json!({ "op": name, "args": all_in_json(parts) }),
        }
    }
}

fn all_in_json(parts: &[Node]) -> Json {
    parts.iter().map(Node::to_json).collect()
}

fn end_in_json(end: &Node) -> Json {
    match &end.term {
        Term::Date(day) => json!(day.to_string()),
        Term::Timestamp(moment) => json!(rfc3339(moment)),
        _ => end.to_json(),
    }
}

fn shape_in_json(shape: &Geometry<f64>) -> Json {
    let at = |position: &Coord<f64>| json!([position.x, position.y]);
    let line = |line: &LineString<f64>| line.0.iter().map(at).collect::<Json>();
    let area = |polygon: &Polygon<f64>| {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings.map(line).collect::<Json>()
    };
    let (kind, coordinates) = match shape {
        Geometry::Point(point) => ("Point", at(&point.0)),
        Geometry::LineString(one) => ("LineString", line(one)),
        Geometry::Polygon(polygon) => ("Polygon", area(polygon)),
        Geometry::MultiPoint(points) => (
            "MultiPoint",
            points.iter().map(|point| at(&point.0)).collect(),
        ),
        Geometry::MultiLineString(lines) => ("MultiLineString", lines.iter().map(line).collect()),
        Geometry::MultiPolygon(areas) => ("MultiPolygon", areas.iter().map(area).collect()),
        Geometry::GeometryCollection(parts) => {
            let parts: Json = parts.iter().map(shape_in_json).collect();
            return json!({ "type": "GeometryCollection", "geometries": parts });
        }
        // The readers make none of these.
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => return Json::Null,
    };
    json!({ "type": kind, "coordinates": coordinates })
}
