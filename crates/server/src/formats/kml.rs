//! KML 2.3 (OGC 12-007r2), with the values typed in `ExtendedData`.

use domain::Lang;
use domain::layer::Layer;
use domain::value::FieldType;
use geo_types::{Geometry, LineString, Polygon};
use store::columns::Fields;
use store::feature::{Feature, ValueRef};

use super::shape::{rings, shape, write_degrees};
use super::values::plain;
use super::xml::{escaped, write_element};
use crate::crs::ServedCrs;
use crate::geojson::WriteError;
use crate::stream::{Encoder, End, Job};

/// The writer.
pub struct Kml {
    layer: &'static Layer,
    fields: Fields,
    lang: Lang,
}

impl Kml {
    /// A writer for a request.
    pub fn new(job: &Job) -> Self {
        Self {
            layer: job.layer,
            fields: job.fields.clone(),
            lang: job.context.lang,
        }
    }
}

impl Encoder for Kml {
    fn begin(&mut self, out: &mut Vec<u8>) {
        let id = self.layer.id;
        out.extend_from_slice(HEAD.as_bytes());
        write_element(out, "name", &self.layer.title.get(self.lang));
        write_element(out, "description", &self.layer.description.get(self.lang));
        out.extend_from_slice(format!("\n<Schema name=\"{id}\" id=\"{id}\">\n").as_bytes());
        for field in self.fields.iter() {
            let (name, kind) = (field.name, kind_of(field.field_type));
            let head = format!("<SimpleField type=\"{kind}\" name=\"{name}\">");
            out.extend_from_slice(head.as_bytes());
            write_element(out, "displayName", &field.title.get(self.lang));
            out.extend_from_slice(b"</SimpleField>\n");
        }
        out.extend_from_slice(b"</Schema>\n");
    }

    fn feature(
        &mut self,
        out: &mut Vec<u8>,
        feature: &Feature,
        _at: u32,
    ) -> Result<(), WriteError> {
        let id = self.layer.id;
        let number = feature.id()?;
        out.extend_from_slice(format!("<Placemark id=\"{id}.{number}\">").as_bytes());
        self.write_head(out, feature)?;
        let head = format!("<ExtendedData><SchemaData schemaUrl=\"#{id}\">\n");
        out.extend_from_slice(head.as_bytes());
        for pair in feature.values() {
            let (field, value) = pair?;
            if value != ValueRef::Unknown {
                let name = field.name;
                let text = escaped(&plain(&value));
                let data = format!("<SimpleData name=\"{name}\">{text}</SimpleData>\n");
                out.extend_from_slice(data.as_bytes());
            }
        }
        out.extend_from_slice(b"</SchemaData></ExtendedData>\n");
        if let Some(geometry) = shape(feature, ServedCrs::CRS84)? {
            write_geometry(out, &geometry);
        }
        out.extend_from_slice(b"</Placemark>\n");
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>, _end: &End<'_>) {
        out.extend_from_slice(b"</Document>\n</kml>\n");
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                    <kml xmlns=\"http://www.opengis.net/kml/2.2\">\n<Document>\n";

impl Kml {
    /// Name and time, by which viewers list and filter places.
    fn write_head(&self, out: &mut Vec<u8>, feature: &Feature) -> Result<(), WriteError> {
        let latin = (self.lang == Lang::SrLatn).then_some("name_latin");
        let names = latin.into_iter().chain(["name", self.layer.key().name]);
        for name in names {
            let value = feature.value(name)?;
            if value != ValueRef::Unknown {
                write_element(out, "name", &plain(&value));
                break;
            }
        }
        let Some(field) = self
            .layer
            .primary_instant()
            .filter(|field| field.is_public())
        else {
            return Ok(());
        };
        let when = feature.value(field.name)?;
        if when != ValueRef::Unknown {
            out.extend_from_slice(b"<TimeStamp>");
            write_element(out, "when", &plain(&when));
            out.extend_from_slice(b"</TimeStamp>");
        }
        Ok(())
    }
}

/// The types of `SimpleField`. A whole number of the register fits into 32 bits everywhere but in a
/// revision's, for which a double is exact.
const fn kind_of(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Integer => "int",
        FieldType::Number => "double",
        FieldType::Boolean => "bool",
        _ => "string",
    }
}

fn write_geometry(out: &mut Vec<u8>, geometry: &Geometry<f64>) {
    match geometry {
        Geometry::Point(point) => {
            out.extend_from_slice(b"<Point>");
            write_positions(out, &LineString(vec![point.0]));
            out.extend_from_slice(b"</Point>");
        }
        Geometry::LineString(line) => {
            out.extend_from_slice(b"<LineString>");
            write_positions(out, line);
            out.extend_from_slice(b"</LineString>");
        }
        Geometry::Polygon(area) => write_area(out, area),
        Geometry::MultiLineString(lines) => write_many(out, &lines.0, |out, line| {
            write_geometry(out, &Geometry::LineString(line.clone()));
        }),
        Geometry::MultiPolygon(areas) => write_many(out, &areas.0, write_area),
        _ => {}
    }
}

fn write_many<T>(out: &mut Vec<u8>, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    out.extend_from_slice(b"<MultiGeometry>");
    for item in items {
        write(out, item);
    }
    out.extend_from_slice(b"</MultiGeometry>");
}

fn write_area(out: &mut Vec<u8>, area: &Polygon<f64>) {
    out.extend_from_slice(b"<Polygon>");
    for (at, ring) in rings(area).enumerate() {
        let name = if at == 0 {
            "outerBoundaryIs"
        } else {
            "innerBoundaryIs"
        };
        out.extend_from_slice(format!("<{name}><LinearRing>").as_bytes());
        write_positions(out, ring);
        out.extend_from_slice(format!("</LinearRing></{name}>").as_bytes());
    }
    out.extend_from_slice(b"</Polygon>");
}

/// Longitude, latitude: KML has no other reference system.
fn write_positions(out: &mut Vec<u8>, line: &LineString<f64>) {
    out.extend_from_slice(b"<coordinates>");
    for (at, position) in line.0.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        write_degrees(out, position.x);
        out.push(b',');
        write_degrees(out, position.y);
    }
    out.extend_from_slice(b"</coordinates>");
}
