//! Facilities that are added without a code get the next one of their municipality.

use std::sync::Arc;

use domain::layers::{FACILITIES, MUNICIPALITIES};
use geo_types::{MultiPolygon, Rect, coord};

use super::proposals::Reviewing;
use super::*;

/// A facility without a code, in the municipality 70327 or where its place says.
fn nameless(municipality: Option<&str>, position: Option<[f64; 2]>) -> Json {
    let place = position.map(|position| json!({ "type": "Point", "coordinates": position }));
    json!({
        "type": "Feature", "geometry": place,
        "properties": { "code": null, "name": "Ново јаловиште", "municipality": municipality },
    })
}

/// A municipality of another district, east of 22.5° E.
async fn with_municipality(editing: &Editing) {
    let corners = (coord! { x: 22.5, y: 44.0 }, coord! { x: 22.6, y: 44.2 });
    let area = MultiPolygon::from(Rect::new(corners.0, corners.1).to_polygon());
    let texts = [("code", "70017"), ("name", "Александровац")];
    let one = record(&MUNICIPALITIES, &texts, Some(area.into()));
    editing.service.publish(vec![one]).await;
}

fn code(answer: &Answer) -> String {
    let feature = answer.json();
    let code = feature["properties"]["code"].as_str();
    code.unwrap_or_else(|| panic!("{feature}")).to_owned()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_next_code_of_the_municipality_is_given(pool: PgPool) {
    let editing = Editing::over(pool).await;
    with_municipality(&editing).await;
    let mut given = Vec::new();
    for (municipality, position) in [
        (Some("70327"), None),
        (Some("70327"), Some([22.55, 44.1])),
        (None, Some([22.55, 44.1])),
    ] {
        let sent = nameless(municipality, position);
        let answer = editing.edit("POST", ALL, &sent).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.json());
        let path = answer.header("location").to_owned();
        let path = path.trim_start_matches("https://example.org/cadastre");
        let read = editing.ask(("eva", "GET", path), &[], "").await;
        assert_eq!(code(&read), code(&answer));
        let said = answer.json()["findings"].clone();
        let said: Vec<_> = said
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{}: {}", one["field"], one["message"]))
            .collect();
        given.push(format!(
            "{} {} ({})",
            code(&read),
            read.json()["properties"]["municipality"],
            said.join("; ")
        ));
    }
    assert_snapshot!(given.join("\n"), @r#"
    RS-70327-013 "70327" ("code": "has no code: it gets the next free one that begins with RS-70327-")
    RS-70327-014 "70327" ("code": "has no code: it gets the next free one that begins with RS-70327-")
    RS-70017-001 "70017" ("municipality": "it was not said; by its place it is 70017"; "code": "has no code: it gets the next free one that begins with RS-70017-")
    "#);
    // What was given once is not given again.
    let last = editing
        .edit("POST", ALL, &nameless(Some("70327"), None))
        .await;
    let path = format!("{ALL}/{}", last.json()["id"]);
    editing.ask(("eva", "DELETE", &path), &[], "").await;
    let next = editing
        .edit("POST", ALL, &nameless(Some("70327"), None))
        .await;
    assert_eq!([code(&last), code(&next)], ["RS-70327-015", "RS-70327-016"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn without_a_municipality_no_code_is_given(pool: PgPool) {
    let editing = Editing::over(pool).await;
    with_municipality(&editing).await;
    let mut answers = Vec::new();
    for position in [None, Some([22.1, 44.1])] {
        answers.push(told(
            &editing.edit("POST", ALL, &nameless(None, position)).await,
        ));
    }
    // What is no code is said once.
    let mut wrong = nameless(Some("70327"), None);
    wrong["properties"]["code"] = json!("17");
    answers.push(told(&editing.edit("POST", ALL, &wrong).await));
    // Of a layer that is not numbered the code is demanded.
    let dam = json!({
        "type": "Feature", "geometry": null, "properties": { "facility": "RS-70327-001" },
    });
    answers.push(told(
        &editing.edit("POST", "/collections/dams/items", &dam).await,
    ));
    assert_snapshot!(answers.join("\n\n"), @"
    422 edit-refused
    /properties/code: has no code, and without a municipality it can get none: its place does not tell which; give the municipality or the code

    422 edit-refused
    /properties/code: has no code, and without a municipality it can get none: its place does not tell which; give the municipality or the code

    422 edit-refused
    /properties/code: `17` is not a cadastral code, such as RS-70327-001 or RS-KM-001

    422 edit-refused
    /properties/code: a value is required
    ");
}

/// The place decides the municipality, and that whether an editor of another region may add it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_municipality_of_the_place_counts_for_limits(pool: PgPool) {
    let editing = Editing::over(pool).await;
    with_municipality(&editing).await;
    let sent = nameless(None, Some([22.55, 44.1])).to_string();
    let kind = [("content-type", "application/geo+json")];
    let answer = editing.ask(("bor", "POST", ALL), &kind, sent).await;
    assert_eq!(told(&answer), "403 outside-regions");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_outline_without_a_code_is_a_new_facility(pool: PgPool) {
    let editing = Editing::over(pool).await;
    with_municipality(&editing).await;
    let ring = [[22.52, 44.1], [22.53, 44.1], [22.53, 44.11], [22.52, 44.1]];
    let outline = json!({
        "type": "Feature", "properties": { "name": "Ново" },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    });
    let answer = editing
        .edit("POST", "/collections/facility_outlines/items", &outline)
        .await;
    assert_eq!(code(&answer), "RS-70017-001");
    let facility = format!("{ALL}/{}", answer.json()["id"]);
    let facility = editing.service.get(&facility).await.json();
    assert_eq!(facility["properties"]["district"], "RS-19");
    assert_eq!(facility["geometry"]["type"], "Point");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn edits_that_are_made_together_get_codes_that_follow(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let add = |feature: Json| json!({ "action": "insert", "feature": feature });
    let edits = json!({ "edits": [
        add(nameless(Some("70327"), None)),
        add(feature("RS-70327-020", [22.05, 44.1])),
        add(nameless(Some("70017"), None)),
        add(nameless(Some("70327"), None)),
        { "action": "delete", "id": 12 },
    ] });
    let kind = ("content-type", "application/json");
    let path = "/collections/facilities/transactions";
    let answer = editing
        .ask(("eva", "POST", path), &[kind], edits.to_string())
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    let mut codes = Vec::new();
    for made in &answer.json()["edits"].as_array().unwrap()[..4] {
        codes.push(code(
            &editing.service.get(&format!("{ALL}/{}", made["id"])).await,
        ));
    }
    assert_eq!(
        codes,
        [
            "RS-70327-021",
            "RS-70327-020",
            "RS-70017-001",
            "RS-70327-022"
        ]
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_two_get_the_same_code(pool: PgPool) {
    const EDITORS: i64 = 16;
    const EACH: i64 = 5;
    let editing = Arc::new(Editing::over(pool.clone()).await);
    let mut editors = tokio::task::JoinSet::new();
    for _ in 0..EDITORS {
        let editing = Arc::clone(&editing);
        editors.spawn(async move {
            for _ in 0..EACH {
                let answer = editing
                    .edit("POST", ALL, &nameless(Some("70327"), None))
                    .await;
                assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.json());
            }
        });
    }
    editors.join_all().await;
    let question = "select array_agg(right(code, 3)::bigint order by code) from facility";
    let serials: Vec<i64> = sqlx::query_scalar(question).fetch_one(&pool).await.unwrap();
    assert_eq!(serials, (1..=12 + EDITORS * EACH).collect::<Vec<_>>());
    let audit = editing.service.store.audit(None).await.unwrap();
    assert!(audit.findings.is_empty(), "{audit:?}");
}

/// A proposal is numbered when it is published.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_proposal_gets_its_code_when_it_is_published(pool: PgPool) {
    let reviewing = Reviewing::over(pool).await;
    let sent = nameless(Some("70327"), None);
    let first = reviewing.propose("POST", ALL, &sent).await;
    let second = reviewing.propose("POST", ALL, &sent).await;
    for place in [&first, &second] {
        assert_eq!(reviewing.settled(place).await["outcome"], "dry_run");
    }
    let report = format!("{first}/report");
    let report = reviewing.editing.ask(("rada", "GET", &report), &[], "");
    assert_snapshot!(
        report.await.json()["records"][0]["findings"][0]["message"]["en"],
        @r#""has no code: it gets the next free one that begins with RS-70327-""#
    );
    for (place, code) in [(&second, "RS-70327-013"), (&first, "RS-70327-014")] {
        reviewing.publish(place).await;
        assert_eq!(reviewing.settled(place).await["state"], "published");
        let store = &reviewing.editing.service.store;
        assert!(
            store
                .record_of_code(&FACILITIES, code)
                .await
                .unwrap()
                .is_some(),
            "{code}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_schema_demands_no_code_that_is_given(pool: PgPool) {
    let editing = Editing::over(pool).await;
    for (layer, required) in [
        ("facilities", json!(["name"])),
        ("facility_outlines", json!(["name"])),
        ("dams", json!(["code", "facility"])),
    ] {
        let schema = editing
            .service
            .get(&format!("/collections/{layer}/schema"))
            .await;
        assert_eq!(schema.json()["required"], required, "{layer}");
    }
}
