//! Whoever is limited to regions changes only what lies in them, before and after.

use super::*;

const ELSEWHERE: &str = "RS-70017-001";

/// The twelve facilities of the district RS-14, and one of RS-08; answers the path of that one.
pub async fn with_one_elsewhere(editing: &Editing) -> String {
    let texts = [
        ("code", ELSEWHERE),
        ("name", "Јаловиште"),
        ("municipality", "70017"),
        ("district", "RS-08"),
    ];
    let elsewhere = record(&domain::layers::FACILITIES, &texts, None);
    editing.service.publish(vec![elsewhere]).await;
    let found = editing
        .service
        .store
        .record_of_code(&domain::layers::FACILITIES, ELSEWHERE);
    format!("{ALL}/{}", found.await.unwrap().unwrap().id)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_editor_takes_nothing_out_of_another_region(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let elsewhere = with_one_elsewhere(&editing).await;
    let id: i64 = elsewhere.rsplit('/').next().unwrap().parse().unwrap();
    let here = json!({ "municipality": "70327", "district": "RS-14" });
    let whole = json!({
        "type": "Feature", "geometry": null,
        "properties": { "code": ELSEWHERE, "name": "Јаловиште", "municipality": "70327" },
    });
    let batch = |edit: Json| {
        let own =
            json!({ "action": "update", "id": 1, "feature": { "properties": { "height_m": 7 } } });
        json!({ "edits": [own, edit] })
    };
    let moved = json!({ "action": "update", "id": id, "feature": { "properties": &here } });
    let all = "/collections/facilities/transactions";
    for (method, path, body) in [
        ("PATCH", &*elsewhere, json!({ "properties": &here })),
        ("PUT", &elsewhere, whole),
        ("DELETE", &elsewhere, json!({})),
        ("POST", all, batch(moved)),
        ("POST", all, batch(json!({ "action": "delete", "id": id }))),
    ] {
        let kind = [("content-type", "application/json")];
        let answer = editing
            .ask(("bor", method, path), &kind, body.to_string())
            .await;
        assert_eq!(told(&answer), "403 outside-regions", "{method} {body}");
    }
    let own = editing.service.get(FIRST).await.json();
    assert_eq!(own["properties"]["height_m"], 45.0);
    let kept = editing.service.get(&elsewhere).await.json();
    assert_eq!(kept["properties"]["municipality"], "70017");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_reviewer_publishes_nothing_of_another_region(pool: PgPool) {
    let reviewing = proposals::Reviewing::over(pool).await;
    let editing = &reviewing.editing;
    sign_up(&editing.service, "mira", Role::Reviewer, &["RS-14"]).await;
    let elsewhere = with_one_elsewhere(editing).await;
    let second = format!("{ALL}/2");
    for (method, path, body, status) in [
        (
            "PATCH",
            FIRST,
            json!({ "properties": { "height_m": 50 } }),
            StatusCode::ACCEPTED,
        ),
        ("DELETE", &*second, json!({}), StatusCode::ACCEPTED),
        ("DELETE", &elsewhere, json!({}), StatusCode::FORBIDDEN),
    ] {
        let place = reviewing.propose(method, path, &body).await;
        assert_eq!(reviewing.settled(&place).await["state"], "ready");
        let publish = format!("{place}/publish");
        let answer = editing.ask(("mira", "POST", &publish), &[], "{}").await;
        assert_eq!(answer.status, status, "{method} {path} {body}");
        let expected = if status.is_success() {
            "published"
        } else {
            "ready"
        };
        assert_eq!(
            reviewing.settled(&place).await["state"],
            expected,
            "{method} {path}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_may_edit_is_told_and_held_to(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let mut told_of = Vec::new();
    for who in ["", "vera", "ana", "eva", "nis", "bor"] {
        let mut line = format!("{who}:");
        for path in [ALL, FIRST, "/collections/districts/items/1"] {
            let answer = editing.ask((who, "OPTIONS", path), &[], "").await;
            assert_eq!(answer.status, StatusCode::OK);
            line.extend([" [", answer.header("allow"), "]"]);
        }
        let kind = ("content-type", "application/merge-patch+json");
        let body = r#"{"properties":{"height_m":50}}"#;
        let answer = editing.ask((who, "PATCH", FIRST), &[kind], body).await;
        line.extend([" ", answer.status.as_str()]);
        told_of.push(line);
    }
    assert_snapshot!(told_of.join("\n"), @"
    : [GET, HEAD, OPTIONS] [GET, HEAD, OPTIONS] [GET, HEAD, OPTIONS] 401
    vera: [GET, HEAD, OPTIONS] [GET, HEAD, OPTIONS] [GET, HEAD, OPTIONS] 403
    ana: [GET, HEAD, OPTIONS, POST] [GET, HEAD, OPTIONS, PUT, PATCH, DELETE] [GET, HEAD, OPTIONS] 202
    eva: [GET, HEAD, OPTIONS, POST] [GET, HEAD, OPTIONS, PUT, PATCH, DELETE] [GET, HEAD, OPTIONS] 200
    nis: [GET, HEAD, OPTIONS, POST] [GET, HEAD, OPTIONS] [GET, HEAD, OPTIONS] 403
    bor: [GET, HEAD, OPTIONS, POST] [GET, HEAD, OPTIONS, PUT, PATCH, DELETE] [GET, HEAD, OPTIONS] 200
    ");
    // Nobody moves a record out of their own region, or into it.
    let kind = ("content-type", "application/merge-patch+json");
    let moved = r#"{"properties":{"municipality":"71323"}}"#;
    for who in ["bor", "nis"] {
        let answer = editing.ask((who, "PATCH", FIRST), &[kind], moved).await;
        assert_eq!(told(&answer), "403 outside-regions", "{who}");
    }
    let answer = editing.ask(("eva", "PATCH", FIRST), &[kind], moved).await;
    // The district follows the municipality.
    assert_eq!(
        answer.json()["properties"]["district"],
        "RS-20",
        "{}",
        answer.json()
    );
}
