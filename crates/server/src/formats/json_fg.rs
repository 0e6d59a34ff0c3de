//! JSON-FG (OGC 21-045r1): `GeoJSON` with time, feature type and reference system.

use domain::layer::{Field, GeometryKind, Layer};
use serde_json::{Value, json};
use store::feature::{Feature, ValueRef};

use super::values::plain;
use crate::crs::ServedCrs;
use crate::geojson::{
    WriteError, write_begin, write_collection_end, write_place, write_properties,
};
use crate::stream::{Encoder, End, Job};

const CORE: &str = "http://www.opengis.net/spec/json-fg-1/1.0/conf/core";
const TYPES: &str = "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas";

/// The writer.
pub struct JsonFg {
    layer: &'static Layer,
    instant: Option<&'static Field>,
    schema: String,
    crs: ServedCrs,
}

impl JsonFg {
    /// A writer for a request.
    pub fn new(job: &Job) -> Self {
        let base = &job.context.base_url;
        Self {
            layer: job.layer,
            instant: job
                .layer
                .primary_instant()
                .filter(|field| field.is_public()),
            schema: format!("{base}/collections/{}/schema", job.layer.id),
            crs: job.request.crs,
        }
    }

    /// The members of the root object that say what it is.
    fn root_members(&self) -> String {
        let members = json!({
            "conformsTo": [CORE, TYPES],
            "featureType": self.layer.id,
            "featureSchema": self.schema,
            "coordRefSys": self.crs.uri(),
        });
        let text = members.to_string();
        text[1..text.len() - 1].to_owned()
    }

    /// Writes a feature without its last brace. Longitude and latitude stand in `geometry`, everything
    /// else in `place`; the other one is null (requirements `/req/core/place` and `fallback`).
    pub fn write_open(&self, out: &mut Vec<u8>, feature: &Feature) -> Result<(), WriteError> {
        let (full, empty) = if self.crs.is_crs84() {
            ("geometry", "place")
        } else {
            ("place", "geometry")
        };
        write_begin(out, feature)?;
        out.extend_from_slice(format!(",\"{empty}\":null,\"{full}\":").as_bytes());
        write_place(out, feature, self.crs)?;
        write_properties(out, feature)?;
        out.extend_from_slice(b",\"time\":");
        out.extend_from_slice(self.time(feature)?.to_string().as_bytes());
        Ok(())
    }

    /// Writes one feature as the root object, without its last brace.
    pub fn write_root(&self, out: &mut Vec<u8>, feature: &Feature) -> Result<(), WriteError> {
        self.write_open(out, feature)?;
        out.push(b',');
        out.extend_from_slice(self.root_members().as_bytes());
        Ok(())
    }

    fn time(&self, feature: &Feature) -> Result<Value, WriteError> {
        let Some(field) = self.instant else {
            return Ok(Value::Null);
        };
        let value = feature.value(field.name)?;
        Ok(match value {
            ValueRef::Date(_) => json!({ "date": plain(&value) }),
            ValueRef::DateTime(_) => json!({ "timestamp": plain(&value) }),
            _ => Value::Null,
        })
    }
}

impl Encoder for JsonFg {
    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"type":"FeatureCollection","#);
        out.extend_from_slice(self.root_members().as_bytes());
        let dimension = match self.layer.geometry {
            GeometryKind::Point => 0,
            GeometryKind::LineString | GeometryKind::MultiLineString => 1,
            GeometryKind::MultiPolygon => 2,
        };
        let rest = format!(",\"geometryDimension\":{dimension},\"features\":[");
        out.extend_from_slice(rest.as_bytes());
    }

    fn feature(&mut self, out: &mut Vec<u8>, feature: &Feature, at: u32) -> Result<(), WriteError> {
        if at > 0 {
            out.push(b',');
        }
        self.write_open(out, feature)?;
        out.push(b'}');
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>, end: &End<'_>) {
        out.push(b']');
        write_collection_end(out, end);
    }
}
