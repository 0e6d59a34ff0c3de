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
    let acts = seen["changes"].as_array().unwrap().iter();
    let acts: Vec<_> = acts
        .map(|one| format!("{} {}", one["id"], one["act"]))
        .collect();
    assert_snapshot!(acts.join(", "), @r#"1 "updated", 3 "deleted", 13 "inserted""#);
    // The tag is of the state before.
    let again = send(&editing, edits).await;
    assert_eq!(told(&again), "409 code-taken");
    let last = editing.service.get("/revisions?limit=1").await.json();
    assert_eq!(last["revisions"][0]["revision"], revision);
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
    assert_snapshot!(answers.join("\n"), @r#"
    422 edit-refused
    /edits/1/feature/properties/status: `x` is not a code of the list `facility_status`; its codes are in the layer's schema
    /edits/1/feature/properties/name: a value is required ("Edit 1 (from 0): The edit is not accepted. status: `x` is not a code of the list `facility_status`; its codes are in the layer's schema. There are 1 more of the kind; all are in `errors`.")
    404 no-such-feature ("Edit 1 (from 0): The layer has no feature 99; it may have been removed meanwhile.")
    400 bad-edit ("Edit 1 (from 0): Two of the edits are of the same record, 1. Make them one.")
    400 bad-edit ("Edit 0 (from 0): An edit of a feature that is there needs its `id`, and an insertion has none; correct that.")
    400 bad-edit ("Edit 0 (from 0): An edit of a feature that is there needs its `id`, and an insertion has none; correct that.")
    400 bad-edit ("Edit 0 (from 0): There is no `feature`: a GeoJSON feature, or the parts of one that change.")
    400 bad-edit ("`upsert` is not a code of the list `edit_action`; its codes are in the layer's schema")
    400 bad-edit ("The document has 0 edits, and there can be 1 to 1000. Divide them.")
    400 bad-edit ("The document has 1001 edits, and there can be 1 to 1000. Divide them.")
    "#);
}
