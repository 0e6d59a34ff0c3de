//! Records for tests, built as an importer builds them.

use chrono::{DateTime, Utc};
use domain::{Field, Layer, Record, Value};
use futures_util::StreamExt;
use geo_types::{Geometry, MultiPolygon, Point, Polygon, Rect, coord};
use store::Store;
use store::items::Selection;
use store::paging::{Page, Start};
use store::revision::{Means, NewRevision};
use store::staging::{Compared, StagedRows, Staging};

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn revision(made_at: &str) -> NewRevision {
    NewRevision {
        made_at: moment(made_at),
        author: "test".to_owned(),
        means: Means::Command,
        source: None,
        comment: None,
        upload: None,
    }
}

pub fn point(x: f64, y: f64) -> Geometry<f64> {
    Point::new(x, y).into()
}

/// A box of 0.02 degrees around a place.
pub fn around(x: f64, y: f64) -> Geometry<f64> {
    let (low, high) = (
        coord! { x: x - 0.01, y: y - 0.01 },
        coord! { x: x + 0.01, y: y + 0.01 },
    );
    let area: Polygon<f64> = Rect::new(low, high).to_polygon();
    MultiPolygon::new(vec![area]).into()
}

/// A record from the texts that a file would have.
pub fn record(
    layer: &'static Layer,
    texts: &[(&str, &str)],
    geometry: impl Into<Option<Geometry<f64>>>,
) -> Record {
    let mut record = Record::new(layer);
    for (name, text) in texts {
        let field = layer
            .field(name)
            .unwrap_or_else(|| panic!("no field {name}"));
        record.set(
            name,
            if text.is_empty() {
                Value::Unknown
            } else {
                field.parse(text).unwrap()
            },
        );
    }
    record.geometry = geometry.into();
    (layer.derive)(&mut record);
    record
}

/// Publishes records whose file has the fields of the first; answers what was found and made.
pub async fn publish(
    store: &Store,
    records: Vec<Record>,
    made_at: &str,
) -> (Vec<Compared>, Option<i64>) {
    let layer = records[0].layer;
    let mut staging = Staging::begin(store, layer).await.unwrap();
    let batch: Vec<_> = (1..).zip(records).collect();
    staging
        .append(vec![StagedRows::of(layer, batch)])
        .await
        .unwrap();
    let compared = staging.compare(&[]).await.unwrap().records;
    (compared, staging.publish(&revision(made_at)).await.unwrap())
}

/// One page for all of it.
pub const ALL: Page = Page {
    order: Vec::new(),
    start: Start::First,
    offset: 0,
    limit: 100,
};

/// All fields of a layer.
pub fn fields(layer: &'static Layer) -> &'static [&'static Field] {
    Vec::leak(layer.fields.iter().collect())
}

pub async fn ids(
    store: &Store,
    layer: &'static Layer,
    selection: &Selection,
    page: Page,
) -> Vec<i64> {
    let items = store.items(layer, fields(layer), selection, &page);
    items
        .map(|feature| feature.unwrap().id().unwrap())
        .collect()
        .await
}
