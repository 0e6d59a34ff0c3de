//! Several edits at once.

use super::*;

const BATCH: &str = "/collections/facilities/transactions";

async fn send(editing: &Editing, edits: Json) -> Answer {
    let body = json!({ "edits": edits }).to_string();
    let kind = ("content-type", "application/json");
    editing.ask(("eva", "POST", BATCH), &[kind], body).await
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn edits_are_made_together_or_not_at_all(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let tag = editing.service.get(FIRST).await.header("etag").to_owned();
    let edits = json!([
        { "action": "insert", "feature": feature("RS-70327-100", [22.05, 44.1]) },
        { "action": "update", "id": 1, "ifMatch": tag, "feature": { "properties": { "height_m": 46 } } },
        { "action": "update", "id": 2, "feature": { "properties": {} } },
        { "action": "delete", "id": 3 },
    ]);
    let answer = send(&editing, edits.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    let revision = answer.json()["revision"].clone();
    let ids: Vec<_> = answer.json()["edits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    assert_eq!(ids[1..], [1, 2, 3]);
    let seen = editing
        .service
        .get(&format!("/revisions/{revision}"))
        .await
        .json();
    assert_json_snapshot!(
        seen["counts"],
        @""
    );
    // The tag is of the state before.
    let again = send(&editing, edits).await;
    assert_eq!(told(&again), "409 code-taken");
    let last = editing.service.get("/revisions?limit=1").await.json();
    assert_eq!(last["revisions"][0]["id"], revision);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_edit_that_hinders_the_others_is_named(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let update = |id: i64, properties: Json| json!({ "action": "update", "id": id, "feature": { "properties": properties } });
    let many: Vec<Json> = (0..1_001).map(|_| update(1, json!({}))).collect();
    let mut answers = Vec::new();
    for edits in [
        json!([
            update(1, json!({ "height_m": 5 })),
            update(2, json!({ "status": "x", "name": null }))
        ]),
        json!([update(1, json!({ "height_m": 5 })), update(99, json!({}))]),
        json!([
            update(1, json!({ "height_m": 5 })),
            update(1, json!({ "height_m": 6 }))
        ]),
        json!([{ "action": "delete" }]),
        json!([{ "action": "insert", "id": 5, "feature": {} }]),
        json!([{ "action": "update", "id": 5 }]),
        json!([{ "action": "upsert", "id": 5 }]),
        json!([]),
        json!(many),
    ] {
        let answer = send(&editing, edits).await;
        let detail = answer.json()["detail"].clone();
        answers.push(format!("{} ({detail})", told(&answer)));
    }
    assert_snapshot!(answers.join("\n"), @"");
}
