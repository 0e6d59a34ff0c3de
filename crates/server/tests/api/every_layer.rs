//! A service with records in every layer, made from the descriptions of the layers.

use domain::layer::{GeometryKind, Role};
use domain::layers::LAYERS;
use domain::value::FieldType;
use domain::{Field, Layer, Record, Value};
use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point, Rect, coord, line_string,
};
use sqlx::postgres::PgPool;

use crate::common::Service;
use crate::surveyed::Surveyed;

/// So many records of a layer are made: the last without a place and without times.
pub const RECORDS: usize = 3;

/// The surveys of [`Surveyed`], and [`RECORDS`] more in every layer.
pub async fn service(pool: PgPool) -> Surveyed {
    let surveyed = Surveyed::start(pool).await;
    for layer in LAYERS {
        publish(&surveyed.service, layer).await;
    }
    surveyed
}

/// Publishes [`RECORDS`] records in a layer.
pub async fn publish(service: &Service, layer: &'static Layer) {
    let records = (0..RECORDS).map(|at| record(layer, at)).collect();
    service.publish(records).await;
}

fn record(layer: &'static Layer, at: usize) -> Record {
    let is_bare = at + 1 == RECORDS;
    let mut record = Record::new(layer);
    // Without digests: there are no files.
    let fields = layer.fields.iter().filter(|field| field.is_recorded());
    for field in fields.filter(|field| !field.name.ends_with("sha256")) {
        let is_time = matches!(field.field_type, FieldType::Date | FieldType::DateTime);
        if field.required || !(is_bare && is_time) {
            record.set(field.name, sample(field, at));
        }
    }
    let has_place = !is_bare || layer.only_with_geometry;
    record.geometry = has_place.then(|| place(layer.geometry, at));
    (layer.derive)(&mut record);
    record
}

/// A value that the field takes.
fn sample(field: &Field, at: usize) -> Value {
    let found = samples(field, at).into_iter().next();
    found.unwrap_or_else(|| panic!("no value for {}", field.name))
}

/// Values that the field takes, found by trying; the rules of its layer may refuse some.
pub fn samples(field: &Field, at: usize) -> Vec<Value> {
    let code = format!("RS-70327-{:03}", 101 + at);
    let of_list = field.code_list().map(|list| list.entries[0].code);
    let candidates = [
        of_list.unwrap_or(r#"Бор "1" \ а"#),
        "true",
        ["2020-05-01", "2021-05-01", "2022-05-01"][at],
        "2020-05-01T06:30:00Z",
        ["RS-14", "RS-08", "RS-09"][at],
        ["RS22", "RS21", "RS12"][at],
        ["70327", "70017", "70661"][at],
        ["706230", "727695", "700029"][at],
        "12.5",
        "2000",
        &code,
        // What belongs to the day and to the municipality above.
        ["2020", "2021", "2022"][at],
        ["RS-14", "RS-19", "RS-08"][at],
        [
            "2020-05-01T06:30:00Z",
            "2021-05-01T06:30:00Z",
            "2022-05-01T06:30:00Z",
        ][at],
        "2020-05-01",
        "2021-05-01",
    ];
    let is_key = field.role == Role::Key;
    if is_key && matches!(field.field_type, FieldType::Text) && field.pattern.is_none() {
        return vec![Value::Text(code)];
    }
    let values = candidates.iter().filter_map(|text| field.parse(text).ok());
    values.collect()
}

/// A place of this kind.
pub fn place(kind: GeometryKind, at: usize) -> Geometry<f64> {
    let west = 21.6 + [0.0, 0.1, 0.2][at];
    let corner: Coord<f64> = coord! { x: west, y: 44.07488 };
    let line: LineString<f64> = line_string![corner, corner + coord! { x: 0.01, y: 0.02 }];
    let area = Rect::new(corner, corner + coord! { x: 0.01, y: 0.02 }).to_polygon();
    match kind {
        GeometryKind::Point => Point(corner).into(),
        GeometryKind::LineString => line.into(),
        GeometryKind::MultiLineString => MultiLineString(vec![line]).into(),
        GeometryKind::MultiPolygon => MultiPolygon(vec![area]).into(),
    }
}
