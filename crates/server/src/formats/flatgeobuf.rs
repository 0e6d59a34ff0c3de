//! `FlatGeobuf` 3 (flatgeobuf.org/specification) without an index, so that features can be written as
//! they come. The tables of its schema are few enough to be written slot by slot.

use domain::Lang;
use domain::layer::{GeometryKind, Layer};
use domain::value::FieldType;
use flatbuffers::{FlatBufferBuilder, TableFinishedWIPOffset, WIPOffset};
use geo_types::{Coord, Geometry, LineString, Polygon};
use serde_json::json;
use store::columns::Fields;
use store::feature::{Feature, ValueRef};

use super::shape::{epsg_code, rings, shape};
use super::values::plain;
use crate::crs::ServedCrs;
use crate::geojson::WriteError;
use crate::stream::{Encoder, Job};

/// "fgb", version 3, "fgb", patch 0.
const MAGIC: [u8; 8] = *b"fgb\x03fgb\x00";

type Builder = FlatBufferBuilder<'static>;
type Table = WIPOffset<TableFinishedWIPOffset>;

/// Where the members of the tables lie (header.fbs, feature.fbs): twice their number, and 4.
mod slot {
    pub const HEADER_NAME: u16 = 4;
    pub const HEADER_GEOMETRY_TYPE: u16 = 8;
    pub const HEADER_COLUMNS: u16 = 18;
    pub const HEADER_INDEX_NODE_SIZE: u16 = 22;
    pub const HEADER_CRS: u16 = 24;
    pub const HEADER_TITLE: u16 = 26;
    pub const HEADER_DESCRIPTION: u16 = 28;
    pub const COLUMN_NAME: u16 = 4;
    pub const COLUMN_TYPE: u16 = 6;
    pub const COLUMN_TITLE: u16 = 8;
    pub const COLUMN_NULLABLE: u16 = 18;
    pub const COLUMN_METADATA: u16 = 24;
    pub const CRS_ORG: u16 = 4;
    pub const CRS_CODE: u16 = 6;
    pub const FEATURE_GEOMETRY: u16 = 4;
    pub const FEATURE_PROPERTIES: u16 = 6;
    pub const GEOMETRY_ENDS: u16 = 4;
    pub const GEOMETRY_XY: u16 = 6;
    pub const GEOMETRY_TYPE: u16 = 16;
    pub const GEOMETRY_PARTS: u16 = 18;
}

/// The members of `ColumnType` that are used.
mod column_type {
    pub const BOOL: u8 = 2;
    pub const LONG: u8 = 7;
    pub const DOUBLE: u8 = 10;
    pub const STRING: u8 = 11;
    pub const JSON: u8 = 12;
    pub const DATE_TIME: u8 = 13;
}

/// The members of `GeometryType` that are used.
mod geometry_type {
    pub const POINT: u8 = 1;
    pub const LINE_STRING: u8 = 2;
    pub const POLYGON: u8 = 3;
    pub const MULTI_LINE_STRING: u8 = 5;
    pub const MULTI_POLYGON: u8 = 6;
}

/// The writer.
pub struct FlatGeobuf {
    layer: &'static Layer,
    fields: Fields,
    lang: Lang,
    crs: ServedCrs,
    builder: Builder,
    properties: Vec<u8>,
}

impl FlatGeobuf {
    /// A writer for a request.
    pub fn new(job: &Job) -> Self {
        Self {
            layer: job.layer,
            fields: job.fields.clone(),
            lang: job.context.lang,
            crs: job.request.crs,
            builder: Builder::new(),
            properties: Vec::new(),
        }
    }
}

impl Encoder for FlatGeobuf {
    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(&MAGIC);
        let header = self.header();
        self.builder.finish_size_prefixed(header, None);
        self.flush(out);
    }

    fn feature(
        &mut self,
        out: &mut Vec<u8>,
        feature: &Feature,
        _at: u32,
    ) -> Result<(), WriteError> {
        self.collect_properties(feature)?;
        let builder = &mut self.builder;
        let geometry =
            shape(feature, self.crs)?.and_then(|geometry| write_geometry(builder, &geometry));
        let properties = builder.create_vector(&self.properties);
        let table = builder.start_table();
        builder.push_slot_always(slot::FEATURE_PROPERTIES, properties);
        if let Some(geometry) = geometry {
            builder.push_slot_always(slot::FEATURE_GEOMETRY, geometry);
        }
        let table = builder.end_table(table);
        builder.finish_size_prefixed(table, None);
        self.flush(out);
        Ok(())
    }
}

impl FlatGeobuf {
    fn flush(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.builder.finished_data());
        self.builder.reset();
    }

    /// How many features follow is not said: they are written as they come.
    fn header(&mut self) -> Table {
        let (layer, lang) = (self.layer, self.lang);
        let mut columns = vec![column(
            &mut self.builder,
            "id",
            "id",
            column_type::LONG,
            None,
        )];
        for field in self.fields.iter() {
            let metadata = field.unit.map(|unit| json!({ "unit": unit }).to_string());
            let title = field.title.get(lang);
            let kind = kind_of(field.field_type);
            let one = column(
                &mut self.builder,
                field.name,
                &title,
                kind,
                metadata.as_deref(),
            );
            columns.push(one);
        }
        let builder = &mut self.builder;
        let columns = builder.create_vector(&columns);
        let crs = crs(builder, epsg_code(self.crs));
        let name = builder.create_string(layer.id);
        let title = builder.create_string(&layer.title.get(lang));
        let description = builder.create_string(&layer.description.get(lang));
        let table = builder.start_table();
        builder.push_slot_always(slot::HEADER_NAME, name);
        builder.push_slot_always(slot::HEADER_GEOMETRY_TYPE, geometry_type(layer.geometry));
        builder.push_slot_always(slot::HEADER_COLUMNS, columns);
        builder.push_slot_always(slot::HEADER_INDEX_NODE_SIZE, 0_u16);
        builder.push_slot_always(slot::HEADER_CRS, crs);
        builder.push_slot_always(slot::HEADER_TITLE, title);
        builder.push_slot_always(slot::HEADER_DESCRIPTION, description);
        builder.end_table(table)
    }

    /// Number and value of each column that is known.
    fn collect_properties(&mut self, feature: &Feature) -> Result<(), WriteError> {
        let out = &mut self.properties;
        out.clear();
        out.extend_from_slice(&0_u16.to_le_bytes());
        out.extend_from_slice(&feature.id()?.to_le_bytes());
        for (at, pair) in (1_u16..).zip(feature.values()) {
            let (_, value) = pair?;
            if value != ValueRef::Unknown {
                out.extend_from_slice(&at.to_le_bytes());
                write_value(out, &value);
            }
        }
        Ok(())
    }
}

fn write_value(out: &mut Vec<u8>, value: &ValueRef<'_>) {
    match value {
        ValueRef::Unknown => {}
        ValueRef::Integer(number) => out.extend_from_slice(&number.to_le_bytes()),
        ValueRef::Number(number) => out.extend_from_slice(&number.to_le_bytes()),
        ValueRef::Boolean(yes) => out.push(u8::from(*yes)),
        ValueRef::Codes(codes) => with_length(out, json!(codes).to_string().as_bytes()),
        ValueRef::Text(text) => with_length(out, text.as_bytes()),
        ValueRef::Date(_) | ValueRef::DateTime(_) => with_length(out, plain(value).as_bytes()),
    }
}

fn with_length(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes);
}

const fn kind_of(field_type: FieldType) -> u8 {
    match field_type {
        FieldType::Text | FieldType::Code(_) => column_type::STRING,
        FieldType::Integer => column_type::LONG,
        FieldType::Number => column_type::DOUBLE,
        FieldType::Boolean => column_type::BOOL,
        FieldType::Date | FieldType::DateTime => column_type::DATE_TIME,
        FieldType::Codes(_) => column_type::JSON,
    }
}

const fn geometry_type(kind: GeometryKind) -> u8 {
    match kind {
        GeometryKind::Point => geometry_type::POINT,
        GeometryKind::LineString => geometry_type::LINE_STRING,
        GeometryKind::MultiLineString => geometry_type::MULTI_LINE_STRING,
        GeometryKind::MultiPolygon => geometry_type::MULTI_POLYGON,
    }
}

fn column(
    builder: &mut Builder,
    name: &str,
    title: &str,
    kind: u8,
    metadata: Option<&str>,
) -> Table {
    let is_id = name == "id";
    let name = builder.create_string(name);
    let title = builder.create_string(title);
    let metadata = metadata.map(|text| builder.create_string(text));
    let table = builder.start_table();
    builder.push_slot_always(slot::COLUMN_NAME, name);
    builder.push_slot_always(slot::COLUMN_TYPE, kind);
    builder.push_slot_always(slot::COLUMN_TITLE, title);
    builder.push_slot_always(slot::COLUMN_NULLABLE, !is_id);
    if let Some(metadata) = metadata {
        builder.push_slot_always(slot::COLUMN_METADATA, metadata);
    }
    builder.end_table(table)
}

fn crs(builder: &mut Builder, code: i32) -> Table {
    let org = builder.create_string("EPSG");
    let table = builder.start_table();
    builder.push_slot_always(slot::CRS_ORG, org);
    builder.push_slot_always(slot::CRS_CODE, code);
    builder.end_table(table)
}

fn write_geometry(builder: &mut Builder, geometry: &Geometry<f64>) -> Option<Table> {
    Some(match geometry {
        Geometry::Point(point) => simple(builder, geometry_type::POINT, &[&[point.0]]),
        Geometry::LineString(line) => simple(builder, geometry_type::LINE_STRING, &[&line.0]),
        Geometry::MultiLineString(lines) => {
            let parts: Vec<_> = lines.iter().map(|line| line.0.as_slice()).collect();
            simple(builder, geometry_type::MULTI_LINE_STRING, &parts)
        }
        Geometry::Polygon(area) => polygon(builder, area),
        Geometry::MultiPolygon(areas) => {
            let parts: Vec<_> = areas.iter().map(|area| polygon(builder, area)).collect();
            let parts = builder.create_vector(&parts);
            let table = builder.start_table();
            builder.push_slot_always(slot::GEOMETRY_PARTS, parts);
            builder.push_slot_always(slot::GEOMETRY_TYPE, geometry_type::MULTI_POLYGON);
            builder.end_table(table)
        }
        _ => return None,
    })
}

fn polygon(builder: &mut Builder, area: &Polygon<f64>) -> Table {
    let parts: Vec<_> = rings(area)
        .map(|ring: &LineString<f64>| ring.0.as_slice())
        .collect();
    simple(builder, geometry_type::POLYGON, &parts)
}

/// A geometry of positions; `ends` says where its parts end, if there are several.
fn simple(builder: &mut Builder, kind: u8, parts: &[&[Coord<f64>]]) -> Table {
    let positions = parts.iter().flat_map(|part| part.iter());
    let xy: Vec<f64> = positions
        .flat_map(|position| [position.x, position.y])
        .collect();
    let ends: Vec<u32> = parts
        .iter()
        .scan(0, |end, part| {
            *end += u32::try_from(part.len()).unwrap_or(u32::MAX);
            Some(*end)
        })
        .collect();
    let ends = (parts.len() > 1).then(|| builder.create_vector(&ends));
    let xy = builder.create_vector(&xy);
    let table = builder.start_table();
    if let Some(ends) = ends {
        builder.push_slot_always(slot::GEOMETRY_ENDS, ends);
    }
    builder.push_slot_always(slot::GEOMETRY_XY, xy);
    builder.push_slot_always(slot::GEOMETRY_TYPE, kind);
    builder.end_table(table)
}
