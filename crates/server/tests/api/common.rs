//! A service with a little data, and requests to it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, Utc};
use domain::layers::{DISTRICTS, FACILITIES};
use domain::{Layer, Record, Value};
use geo_types::{Geometry, MultiPolygon, Point, Polygon, Rect, coord};
use http_body_util::BodyExt;
use raster::Library;
use serde_json::Value as Json;
use server::{App, Config};
use sqlx::postgres::PgPool;
use store::Store;
use store::revision::{Means, NewRevision};
use store::staging::{StagedRows, Staging};
use tower::ServiceExt;

pub struct Service {
    pub router: Router,
    pub store: Store,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The address of the link with this relation.
    pub fn link(&self, rel: &str) -> Option<String> {
        let json = self.json();
        let links = json["links"].as_array()?.clone();
        let link = links.iter().find(|link| link["rel"] == rel)?;
        Some(link["href"].as_str()?.to_owned())
    }

    pub fn ids(&self) -> Vec<i64> {
        let features = self.json()["features"].as_array().unwrap().clone();
        features
            .iter()
            .map(|feature| feature["id"].as_i64().unwrap())
            .collect()
    }
}

/// A raster folder without rasters.
pub fn no_rasters() -> Arc<Library> {
    Arc::new(Library::new("/nonexistent".into()))
}

/// A folder of uploads that takes none.
pub fn no_uploads() -> server::uploads::Uploads {
    server::uploads::Uploads::new("/nonexistent".into())
}

impl Service {
    /// A service over an empty register.
    pub fn empty(pool: PgPool) -> Self {
        Self::over(pool, no_rasters())
    }

    /// A service over an empty register and a raster folder.
    pub fn over(pool: PgPool, rasters: Arc<Library>) -> Self {
        let store = Store::over(pool);
        let config = Config {
            public_url: Some("https://example.org/cadastre".to_owned()),
            ..Config::default()
        };
        Self {
            router: server::router(App {
                store: store.clone(),
                rasters,
                uploads: no_uploads(),
                config,
            }),
            store,
        }
    }

    /// A service over a district and twelve facilities.
    pub async fn with_data(pool: PgPool) -> Self {
        let service = Self::empty(pool);
        let district = record(
            &DISTRICTS,
            &[("code", "RS-14"), ("name", "Борски")],
            Some(area()),
        );
        service.publish(vec![district]).await;
        let facilities = (1..=12).map(facility).collect();
        service.publish(facilities).await;
        service
    }

    pub async fn publish(&self, records: Vec<Record>) {
        self.publish_at(records, "2026-01-01T00:00:00Z").await;
    }

    pub async fn publish_at(&self, records: Vec<Record>, made_at: &str) {
        let layer = records[0].layer;
        let mut staging = Staging::begin(&self.store, layer).await.unwrap();
        let batch: Vec<_> = (1..).zip(records).collect();
        staging
            .append(vec![StagedRows::of(layer, batch)])
            .await
            .unwrap();
        staging.compare(&[]).await.unwrap();
        let revision = NewRevision {
            made_at: moment(made_at),
            author: "test".to_owned(),
            means: Means::Command,
            source: None,
            comment: None,
            upload: None,
        };
        staging.publish(&revision).await.unwrap();
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn get_with(&self, path: &str, header: &str, value: &str) -> Answer {
        self.send(
            Request::get(path)
                .header(header, value)
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Follows a link of an answer.
    pub async fn follow(&self, href: &str) -> Answer {
        let path = href
            .strip_prefix("https://example.org/cadastre")
            .expect("an absolute link of ours");
        self.get(path).await
    }
}

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn record(
    layer: &'static Layer,
    texts: &[(&str, &str)],
    geometry: Option<Geometry<f64>>,
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
    record.geometry = geometry;
    (layer.derive)(&mut record);
    record
}

fn area() -> Geometry<f64> {
    let corners = (coord! { x: 21.5, y: 43.8 }, coord! { x: 22.7, y: 44.8 });
    let area: Polygon<f64> = Rect::new(corners.0, corners.1).to_polygon();
    MultiPolygon::new(vec![area]).into()
}

/// Facility `at`: a tenth of a degree east of the one before; the twelfth has no place.
fn facility(at: u32) -> Record {
    let code = format!("RS-70327-{at:03}");
    let name = format!("Јаловиште \"{at}\"");
    let texts = [
        ("code", code.as_str()),
        ("name", name.as_str()),
        ("name_en", if at == 1 { r#"Pond "A" \ 1"# } else { "" }),
        (
            "facility_type",
            if at.is_multiple_of(2) {
                "waste_rock_dump"
            } else {
                "tailings_pond"
            },
        ),
        ("status", "operating"),
        ("municipality", "70327"),
        ("height_m", if at == 1 { "45" } else { "" }),
        ("surveyed_on", if at < 7 { "2020-05-01" } else { "" }),
        ("commodities", "copper;gold"),
        ("contact", "Petar Petrović, +381 60 0000000"),
    ];
    let place = (at < 12).then(|| Point::new(21.5 + f64::from(at) / 10.0, 44.074_88).into());
    record(&FACILITIES, &texts, place)
}
