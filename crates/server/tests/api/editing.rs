//! Edits of records: who may, what is answered, what the register says afterwards.

mod batches;
mod codes;
mod concurrent;
mod deciding;
mod limits;
mod matrix;
mod places;
mod proposals;
mod qgis;
mod surveys;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::account::{Rights, Role, Secret};
use domain::layers::DAMS;
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value as Json, json};
use server::account::secrets::digest;
use server::uploads::Uploads;
use sqlx::postgres::PgPool;
use store::account::NewAccount;
use store::account::change::Act;
use store::account::token::NewToken;

use crate::common::{Answer, Service, moment, no_rasters, record};

pub const FIRST: &str = "/collections/facilities/items/1";
pub const ALL: &str = "/collections/facilities/items";

/// The service of [`Service::with_data`], which keeps what waits for review, and somebody of each role,
/// whose token is the name.
pub struct Editing {
    pub service: Service,
    folder: tempfile::TempDir,
}

impl Editing {
    pub async fn over(pool: PgPool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut service = Service::with_data(pool).await;
        let app = server::App {
            store: service.store.clone(),
            rasters: no_rasters(),
            uploads: Uploads::new(folder.path().to_owned()),
            config: server::Config {
                public_url: Some("https://example.org/cadastre".to_owned()),
                ..server::Config::default()
            },
        };
        service.router = server::router(app);
        for (name, role, regions) in [
            ("vera", Role::Analyst, &[][..]),
            ("ana", Role::Surveyor, &[]),
            ("eva", Role::Editor, &[]),
            ("nis", Role::Editor, &["RS-20"]),
            ("bor", Role::Editor, &["RS-14"]),
            ("rada", Role::Reviewer, &[]),
        ] {
            sign_up(&service, name, role, regions).await;
        }
        Self { service, folder }
    }

    pub async fn ask(
        &self,
        (who, method, path): (&str, &str, &str),
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !who.is_empty() {
            request = request.header("authorization", format!("Bearer cadastre_{who}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.service.send(request.body(body.into()).unwrap()).await
    }

    /// Eva's edit in JSON.
    pub async fn edit(&self, method: &str, path: &str, body: &Json) -> Answer {
        let kind = match method {
            "PATCH" => "application/merge-patch+json",
            _ => "application/geo+json",
        };
        let asked = ("eva", method, path);
        self.ask(asked, &[("content-type", kind)], body.to_string())
            .await
    }

    pub async fn patch(&self, path: &str, properties: Json) -> Answer {
        let body = json!({ "properties": properties });
        self.edit("PATCH", path, &body).await
    }
}

async fn sign_up(service: &Service, name: &str, role: Role, regions: &[&str]) {
    let made = moment("2026-01-01T00:00:00Z");
    let account = NewAccount {
        name: name.parse().unwrap(),
        rights: Rights {
            role,
            regions: regions.iter().map(|code| code.parse().unwrap()).collect(),
        },
        password_hash: None,
        identity: None,
    };
    let account = service
        .store
        .create_account(&account, Act::command("test", made))
        .await;
    let token = NewToken {
        account: account.unwrap().unwrap(),
        digest: digest(&Secret::new(format!("cadastre_{name}"))),
        label: String::new(),
        expires_at: None,
    };
    service
        .store
        .create_token(&token, Act::command("test", made))
        .await
        .unwrap();
}

pub fn kind(answer: &Answer) -> String {
    let json = answer.json();
    let kind = json["type"].as_str().unwrap_or_default();
    kind.rsplit('/').next().unwrap().to_owned()
}

/// Status, kind, and each member with what is wrong there.
pub fn told(answer: &Answer) -> String {
    let mut told = format!("{} {}", answer.status.as_u16(), kind(answer));
    for error in answer.json()["errors"].as_array().into_iter().flatten() {
        let pointer = error["pointer"].as_str().unwrap_or("-");
        told += "\n";
        told += pointer;
        told += ": ";
        told += error["detail"].as_str().unwrap();
    }
    told
}

/// A new facility.
pub fn feature(code: &str, position: [f64; 2]) -> Json {
    json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": position },
        "properties": { "code": code, "name": "Ново јаловиште", "municipality": "70327" },
    })
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_feature_is_added(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let path = format!("{ALL}?comment=by%20hand&source=Report%207");
    let answer = editing
        .edit("POST", &path, &feature("RS-70327-100", [22.05, 44.1]))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.json());
    let location = answer.header("location").to_owned();
    assert!(location.starts_with("https://example.org/cadastre/collections/facilities/items/"));
    let path = location.trim_start_matches("https://example.org/cadastre");
    let read = editing.ask(("eva", "GET", path), &[], "").await;
    assert_eq!(read.header("etag"), answer.header("etag"));
    for name in ["geometry", "properties", "id", "links"] {
        assert_eq!(read.json()[name], answer.json()[name], "{name}");
    }
    let revision = read.json()["properties"]["revision"].clone();
    let revision = editing
        .service
        .get(&format!("/revisions/{revision}"))
        .await
        .json();
    assert_json_snapshot!(
        [&revision["author"], &revision["means"], &revision["comment"], &revision["source"]],
        @r#"
    [
      "eva",
      "sign_in",
      "by hand",
      "Report 7"
    ]
    "#
    );
    let properties = read.json()["properties"].clone();
    let of = |name: &str| properties[name].clone();
    // The Latin name, the district and the region follow.
    assert_json_snapshot!(
        [of("code"), of("name_latin"), of("district"), of("statistical_region"), of("status")],
        @r#"
    [
      "RS-70327-100",
      "Novo jalovište",
      "RS-14",
      "RS22",
      null
    ]
    "#
    );
    let count = editing.service.get("/collections/facilities").await;
    assert_eq!(count.json()["itemCount"], 13);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn only_what_is_said_changes(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let before = editing.service.get(FIRST).await.json();
    let said = json!({ "height_m": 47.5, "name_en": null, "commodities": ["copper"] });
    let answer = editing.patch(FIRST, said).await;
    assert_eq!(answer.status, StatusCode::OK);
    let after = editing.service.get(FIRST).await;
    assert_eq!(
        answer.header("etag").split('-').next(),
        after.header("etag").split('-').next()
    );
    let mut changed: Vec<String> = Vec::new();
    let after = after.json();
    for (name, value) in after["properties"].as_object().unwrap() {
        if before["properties"][name] != *value {
            changed.push(format!("{name}: {} -> {value}", before["properties"][name]));
        }
    }
    changed.retain(|one| !one.starts_with("revision") && !one.starts_with("updated_at"));
    assert_snapshot!(changed.join("\n"), @r#"
    name_en: "Pond \"A\" \\ 1" -> null
    commodities: ["copper","gold"] -> ["copper"]
    height_m: 45.0 -> 47.5
    "#);
    // What nobody was shown stays.
    let facility = &domain::layers::FACILITIES;
    let record = editing
        .service
        .store
        .record(facility, 1)
        .await
        .unwrap()
        .unwrap();
    assert!(record.record.get("contact").as_text().is_some());
    let provenance = editing.service.get(&format!("{FIRST}/provenance")).await;
    assert!(provenance.status.is_success());
    // Nothing changes: no revision.
    let again = editing.patch(FIRST, json!({ "height_m": "47.5" })).await;
    assert_eq!(
        again.json()["properties"]["revision"],
        after["properties"]["revision"]
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_feature_is_replaced_as_it_was_read(pool: PgPool) {
    let editing = Editing::over(pool).await;
    // As somebody read it who is not shown the restricted values.
    let read = editing.service.get(FIRST).await.json();
    let same = editing.edit("PUT", FIRST, &read).await.json();
    let revision = |feature: &Json| feature["properties"]["revision"].clone();
    assert_eq!(revision(&same), revision(&read), "{same}");
    let mut other = read.clone();
    other["properties"]["status"] = json!("closed");
    other["properties"]
        .as_object_mut()
        .unwrap()
        .remove("name_en");
    let answer = editing.edit("PUT", FIRST, &other).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    let properties = &answer.json()["properties"];
    assert_eq!(
        [&properties["status"], &properties["name_en"]],
        [&json!("closed"), &Json::Null]
    );
    let record = editing
        .service
        .store
        .record(&domain::layers::FACILITIES, 1)
        .await;
    let record = record.unwrap().unwrap().record;
    assert!(
        record.get("contact").as_text().is_some(),
        "what was not shown stays"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_feature_is_removed_unless_others_name_it(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let dam = record(&DAMS, &[("code", "B1"), ("facility", "RS-70327-002")], None);
    editing.service.publish(vec![dam]).await;
    let gone = editing.ask(("eva", "DELETE", FIRST), &[], "").await;
    assert_eq!((gone.status, gone.body.len()), (StatusCode::NO_CONTENT, 0));
    assert_eq!(
        editing.service.get(FIRST).await.status,
        StatusCode::NOT_FOUND
    );
    let count = editing.service.get("/collections/facilities").await;
    assert_eq!(count.json()["itemCount"], 11);
    let again = editing.ask(("eva", "DELETE", FIRST), &[], "").await;
    assert_eq!(told(&again), "404 no-such-feature");
    let second = "/collections/facilities/items/2";
    let named = editing.ask(("eva", "DELETE", second), &[], "").await;
    assert_eq!(told(&named), "409 still-named");
    let renamed = editing
        .patch(second, json!({ "code": "RS-70327-200" }))
        .await;
    assert_eq!(told(&renamed), "409 still-named");
    let taken = editing.patch(
        "/collections/facilities/items/3",
        json!({ "code": "RS-70327-004" }),
    );
    assert_eq!(told(&taken.await), "409 code-taken");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_wrong_is_named_by_member(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let mut answers = Vec::new();
    for properties in [
        json!({ "status": "open", "height_m": "high", "no/such": 1, "revision": 5 }),
        json!({ "end_year": 1960, "start_year": 1970 }),
        json!({ "name": null }),
        json!({ "municipality": "70328" }),
        json!({ "height_m": -3 }),
    ] {
        answers.push(told(&editing.patch(FIRST, properties).await));
    }
    let far = json!({ "geometry": { "type": "Point", "coordinates": [2.35, 48.85] } });
    answers.push(told(&editing.edit("PATCH", FIRST, &far).await));
    let line =
        json!({ "geometry": { "type": "LineString", "coordinates": [[22, 44], [22, 44.1]] } });
    answers.push(told(&editing.edit("PATCH", FIRST, &line).await));
    let empty = json!({ "type": "Feature", "geometry": null, "properties": {} });
    answers.push(told(&editing.edit("POST", ALL, &empty).await));
    let dam = json!({
        "type": "Feature", "geometry": null,
        "properties": { "code": "B1", "facility": "RS-70327-099" },
    });
    answers.push(told(
        &editing.edit("POST", "/collections/dams/items", &dam).await,
    ));
    let taken = feature("RS-70327-001", [22.0, 44.0]);
    answers.push(told(&editing.edit("POST", ALL, &taken).await));
    assert_snapshot!(answers.join("\n\n"), @"
    422 edit-refused
    /properties/status: `open` is not a code of the list `facility_status`; its codes are in the layer's schema
    /properties/height_m: `high` is not a number with a decimal point, such as 12.5
    /properties/no~1such: the layer facilities has no field no/such; its fields are at /collections/facilities/schema
    /properties/revision: the field revision is not written: the register keeps it, or it follows from others; leave it out

    422 edit-refused
    /properties/end_year: deposition ended in 1960, before it began in 1970

    422 edit-refused
    /properties/name: a value is required

    422 edit-refused
    /properties/municipality: `70328` has a wrong control digit: by its other digits it would end in 7

    422 edit-refused
    /properties/height_m: -3 is outside the range 0 to 1000000

    422 edit-refused
    /geometry: longitude 2.35000, latitude 48.85000 lies outside Serbia; correct the coordinates

    422 edit-refused
    /geometry: it is a line, but the layer takes points; areas of facilities are imported with --layer facility_outlines

    422 edit-refused
    /properties/name: a value is required
    /properties/code: has no code, and without a municipality it can get none: its place does not tell which; give the municipality or the code

    422 edit-refused
    /properties/facility: the layer facilities has no record of the code RS-70327-099; enter that one first, or correct the code

    409 code-taken
    ");
    let rules = editing.service.get("/revisions?limit=1").await.json();
    assert_eq!(
        rules["revisions"][0]["author"], "test",
        "nothing was changed"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_no_edit_is_refused(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let json = ("content-type", "application/geo+json");
    let deep = "[".repeat(1_000);
    let mut answers = Vec::new();
    for (method, path, headers, body) in [
        ("POST", ALL, &[json][..], "{"),
        ("POST", ALL, &[json], &deep),
        ("POST", ALL, &[json], "[]"),
        (
            "POST",
            ALL,
            &[json],
            r#"{"type":"FeatureCollection","features":[]}"#,
        ),
        ("POST", ALL, &[json], r#"{"type":"Feature","properties":5}"#),
        ("POST", ALL, &[], "{}"),
        ("PUT", FIRST, &[("content-type", "text/plain")], "{}"),
        ("PATCH", FIRST, &[json, ("content-crs", "EPSG:1")], "{}"),
        ("PATCH", &format!("{FIRST}?color=red"), &[json], "{}"),
        ("PATCH", "/collections/facilities/items/x", &[json], "{}"),
        ("PATCH", "/collections/facilities/items/99", &[json], "{}"),
        ("POST", "/collections/districts/items", &[json], "{}"),
        ("POST", "/collections/none/items", &[json], "{}"),
    ] {
        let answer = editing
            .ask(("eva", method, path), headers, body.to_owned())
            .await;
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        answers.push(format!(
            "{method} {path}: {} {detail:.90}",
            answer.status.as_u16()
        ));
    }
    assert_snapshot!(answers.join("\n"), @r#"
    POST /collections/facilities/items: 400 The body is not JSON (EOF while parsing an object at line 1 column 1). Correct it and send
    POST /collections/facilities/items: 400 The body is not JSON (recursion limit exceeded at line 1 column 128). Correct it and send 
    POST /collections/facilities/items: 400 The body is no JSON object. Send a GeoJSON feature, or a part of one.
    POST /collections/facilities/items: 400 The body is not GeoJSON with `"type": "Feature"`. Send one feature, not a collection.
    POST /collections/facilities/items: 400 `properties` is no JSON object with the fields of the layer.
    POST /collections/facilities/items: 415 The body is of another media type than is taken here. The header Content-Type can be: appl
    PUT /collections/facilities/items/1: 415 The body is of another media type than is taken here. The header Content-Type can be: appl
    PATCH /collections/facilities/items/1: 400 There is no reference system `EPSG:1` here (header Content-Crs). There are: http://www.ope
    PATCH /collections/facilities/items/1?color=red: 400 There is no parameter `color` here. There are: `f`, `lang`, `source`, `comment`.
    PATCH /collections/facilities/items/x: 404 The layer `facilities` has no feature `x`. Its features are at `/collections/facilities/it
    PATCH /collections/facilities/items/99: 404 The layer has no feature 99; it may have been removed meanwhile.
    POST /collections/districts/items: 405 The layer is not edited so. There are: GET, HEAD, OPTIONS.
    POST /collections/none/items: 404 There is no layer `none`. The layers are listed at `/collections`.
    "#);
    let large = vec![b' '; (16 << 20) + 1];
    let large = editing.ask(("eva", "POST", ALL), &[json], large).await;
    assert_eq!(told(&large), "413 edit-too-large");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_edit_takes_effect_only_on_the_state_that_was_read(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let read = editing.service.get(FIRST).await;
    let tag = read.header("etag").to_owned();
    let kind = ("content-type", "application/merge-patch+json");
    let edit = async |tag: &str, value: u32| {
        let body = json!({ "properties": { "height_m": value } }).to_string();
        let asked = ("eva", "PATCH", FIRST);
        editing.ask(asked, &[kind, ("if-match", tag)], body).await
    };
    assert_eq!(edit(&tag, 46).await.status, StatusCode::OK);
    let stale = edit(&tag, 47).await;
    assert_eq!(told(&stale), "412 changed-meanwhile");
    assert_eq!(edit("*", 48).await.status, StatusCode::OK);
    let now = editing.service.get(FIRST).await;
    assert_eq!(now.json()["properties"]["height_m"], 48.0);
    // Packed answers have weak tags of the same state.
    let weak = format!("\"x\", W/{}", now.header("etag"));
    assert_eq!(edit(&weak, 49).await.status, StatusCode::OK);
    let gone = editing
        .ask(("eva", "DELETE", FIRST), &[("if-match", &tag)], "")
        .await;
    assert_eq!(told(&gone), "412 changed-meanwhile");
}
