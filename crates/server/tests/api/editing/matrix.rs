//! Every edit of every layer, with values that follow from the descriptions of the layers: what a layer
//! takes succeeds and reads back as it was sent, and nothing else is taken.

use domain::edit::EditAction;
use domain::layer::{GeometryKind, Role as FieldRole};
use domain::layers::LAYERS;
use domain::record::Severity;
use domain::{Field, Layer, Record, Value};
use geo::CoordsIter;

use super::*;
use crate::every_layer::{self, place, samples};

const METHODS: [(&str, EditAction); 4] = [
    ("POST", EditAction::Insert),
    ("PUT", EditAction::Replace),
    ("PATCH", EditAction::Update),
    ("DELETE", EditAction::Delete),
];

/// The editing service with records in every layer.
async fn editing(pool: PgPool) -> Editing {
    let editing = Editing::over(pool).await;
    for layer in LAYERS {
        every_layer::publish(&editing.service, layer).await;
    }
    editing
}

/// A record in which each field has a value that the layer's rules take beside the others.
fn whole_record(layer: &'static Layer, at: usize, code: &str) -> Record {
    let mut record = Record::new(layer);
    for field in recorded(layer) {
        set_sample(&mut record, field, at);
    }
    record.set(layer.key().name, Value::Text(code.to_owned()));
    record.geometry = Some(place(layer.geometry, at));
    (layer.derive)(&mut record);
    record
}

/// Sets a field to the first value by which the record breaks no rule.
fn set_sample(record: &mut Record, field: &'static Field, at: usize) {
    let breaks_none = |value: &Value| {
        let mut tried = record.clone();
        tried.set(field.name, value.clone());
        (tried.layer.derive)(&mut tried);
        let found = (tried.layer.check)(&tried);
        found.iter().all(|one| one.severity != Severity::Error)
    };
    let value = samples(field, at).into_iter().find(breaks_none);
    let value = value.unwrap_or_else(|| panic!("no value for {}", field.name));
    record.set(field.name, value);
}

/// Forgets what only follows from other values: it follows them when they change.
fn forget_what_follows(record: &mut Record, unless: &Field) {
    let known = record.clone();
    for field in recorded(record.layer).filter(|field| field.name != unless.name) {
        let mut without = known.clone();
        without.set(field.name, Value::Unknown);
        (record.layer.derive)(&mut without);
        if without.get(field.name) == known.get(field.name) {
            record.set(field.name, Value::Unknown);
        }
    }
}

fn recorded(layer: &'static Layer) -> impl Iterator<Item = &'static Field> {
    layer.fields.iter().filter(|field| field.is_recorded())
}

/// What is sent of a record: what people record.
fn sent(record: &Record) -> Json {
    let pairs = record.pairs().filter(|(field, _)| field.is_recorded());
    let properties: serde_json::Map<_, _> = pairs
        .map(|(field, value)| (field.name.to_owned(), value.to_json()))
        .collect();
    let geometry = record.geometry.as_ref();
    let geometry = geometry.map(|geometry| geojson(record.layer.geometry, geometry));
    json!({ "type": "Feature", "geometry": geometry, "properties": properties })
}

fn geojson(kind: GeometryKind, geometry: &geo_types::Geometry<f64>) -> Json {
    use geo_types::Geometry;
    let ring = |line: &geo_types::LineString<f64>| {
        let positions = line.coords().map(|at| json!([at.x, at.y]));
        positions.collect::<Json>()
    };
    let coordinates = match geometry {
        Geometry::Point(point) => json!([point.x(), point.y()]),
        Geometry::LineString(line) => ring(line),
        Geometry::MultiPolygon(areas) => areas
            .iter()
            .map(|area| json!([ring(area.exterior())]))
            .collect(),
        Geometry::MultiLineString(lines) => lines.iter().map(ring).collect(),
        other => panic!("{other:?} is of no layer"),
    };
    json!({ "type": kind.name(), "coordinates": coordinates })
}

/// What differs between a record and a feature as it is read: fields and `geometry`.
fn differences(expected: &Record, feature: &Json) -> Vec<String> {
    let differs = |(field, value): &(&'static Field, &Value)| {
        let read = field.read_json(&feature["properties"][field.name]);
        (field.is_recorded() && read.as_ref() != Ok(*value))
            .then(|| format!("{}: {value:?}, read {read:?}", field.name))
    };
    let mut found: Vec<_> = expected.pairs().filter_map(|pair| differs(&pair)).collect();
    let place = expected
        .geometry
        .as_ref()
        .map(positions)
        .unwrap_or_default();
    if place != positions_of(&feature["geometry"]) {
        found.push(format!("geometry: {}", feature["geometry"]));
    }
    found
}

/// Positions in any order, as rings are turned: in units of the seventh decimal, about 1 cm.
fn positions(geometry: &geo_types::Geometry<f64>) -> Vec<[i64; 2]> {
    let mut all: Vec<_> = geometry
        .coords_iter()
        .map(|at| rounded(at.x, at.y))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn positions_of(geometry: &Json) -> Vec<[i64; 2]> {
    fn gather(json: &Json, into: &mut Vec<[i64; 2]>) {
        let parts = json.as_array().map(Vec::as_slice).unwrap_or_default();
        match parts {
            [Json::Number(x), Json::Number(y), ..] => {
                into.push(rounded(x.as_f64().unwrap(), y.as_f64().unwrap()));
            }
            parts => parts.iter().for_each(|part| gather(part, into)),
        }
    }
    let mut all = Vec::new();
    gather(&geometry["coordinates"], &mut all);
    all.sort_unstable();
    all.dedup();
    all
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are small")]
fn rounded(x: f64, y: f64) -> [i64; 2] {
    [x, y].map(|degrees| (degrees * 1e7).round() as i64)
}

/// A feature of a layer, and what it says.
struct Edited<'e> {
    editing: &'e Editing,
    layer: &'static Layer,
    path: String,
    record: Record,
}

impl<'e> Edited<'e> {
    /// The first feature of a layer.
    async fn first(editing: &'e Editing, layer: &'static Layer) -> Self {
        let all = format!("/collections/{}/items", layer.id);
        let listed = editing.service.get(&format!("{all}?limit=1")).await.json();
        let id = listed["features"][0]["id"].as_i64().unwrap();
        let registered = editing.service.store.record(layer, id).await;
        Self {
            editing,
            layer,
            path: format!("{all}/{id}"),
            record: registered.unwrap().unwrap().record,
        }
    }

    async fn read(&self) -> Answer {
        self.editing.ask(("eva", "GET", &self.path), &[], "").await
    }

    /// The answer to an edit, which says the state where the layer demands that.
    async fn ask(&self, method: &str, path: &str, body: &Json) -> Answer {
        let kind = if method == "PATCH" {
            "application/merge-patch+json"
        } else {
            "application/geo+json"
        };
        let tag = self.read().await;
        let mut headers = vec![("content-type", kind)];
        if self.layer.demands_if_match {
            headers.push(("if-match", tag.header("etag")));
        }
        let asked = ("eva", method, path);
        self.editing.ask(asked, &headers, body.to_string()).await
    }

    /// Edits the feature; the answer says the record, and so does the feature when it is read.
    async fn becomes(&self, method: &str, body: &Json) {
        let answer = self.ask(method, &self.path, body).await;
        self.says_so(&answer, StatusCode::OK).await;
    }

    async fn says_so(&self, answer: &Answer, status: StatusCode) {
        let path = &self.path;
        assert_eq!(answer.status, status, "{path}: {}", told(answer));
        for feature in [answer.json(), self.read().await.json()] {
            assert_eq!(differences(&self.record, &feature), [""; 0], "{path}");
        }
    }

    async fn insert(&mut self, code: &str) {
        self.record = whole_record(self.layer, 0, code);
        let all = format!("/collections/{}/items", self.layer.id);
        let answer = self.ask("POST", &all, &sent(&self.record)).await;
        self.path = format!("{all}/{}", answer.json()["id"]);
        self.says_so(&answer, StatusCode::CREATED).await;
    }

    async fn replace(&mut self) {
        let code = self.record.key().unwrap().to_owned();
        self.record = whole_record(self.layer, 1, &code);
        self.becomes("PUT", &sent(&self.record)).await;
    }

    /// Each field by itself: another value, then unknown, where it may be. What follows from it follows.
    async fn update(&mut self) {
        for field in recorded(self.layer).filter(|field| field.role != FieldRole::Key) {
            forget_what_follows(&mut self.record, field);
            set_sample(&mut self.record, field, 2);
            self.update_one(field).await;
            if !field.required {
                forget_what_follows(&mut self.record, field);
                self.record.set(field.name, Value::Unknown);
                self.update_one(field).await;
            }
        }
    }

    async fn update_one(&mut self, field: &Field) {
        let value = self.record.get(field.name).to_json();
        (self.layer.derive)(&mut self.record);
        let body = json!({ "properties": { field.name: value } });
        self.becomes("PATCH", &body).await;
    }

    async fn delete(&self) {
        let gone = self.ask("DELETE", &self.path, &json!({})).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", self.path);
        assert_eq!(self.read().await.status, StatusCode::NOT_FOUND);
    }

    /// An edit that the layer does not take.
    async fn refused(&self, method: &str, action: EditAction) {
        let all = format!("/collections/{}/items", self.layer.id);
        let path = if action == EditAction::Insert {
            &all
        } else {
            &self.path
        };
        let answer = self.ask(method, path, &sent(&self.record)).await;
        let status = answer.status;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_edit_that_a_layer_takes_succeeds(pool: PgPool) {
    let editing = editing(pool).await;
    let mut taken = 0;
    for (layer, number) in LAYERS.iter().zip(201..) {
        let mut edited = Edited::first(&editing, layer).await;
        for (method, action) in METHODS {
            match action {
                _ if !layer.takes(action) => {
                    edited.refused(method, action).await;
                    continue;
                }
                EditAction::Insert => edited.insert(&format!("RS-70327-{number}")).await,
                EditAction::Replace => edited.replace().await,
                EditAction::Update => edited.update().await,
                EditAction::Delete => edited.delete().await,
            }
            taken += 1;
        }
    }
    assert!(taken > 0, "some layer is edited");
}
