//! The requests with which QGIS 3.34 to 3.44 edits, word for word.

use super::*;

/// An editable layer is opened: is it editable, and how?
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_ways_of_editing_are_asked_for(pool: PgPool) {
    let editing = Editing::over(pool).await;
    for (path, allowed) in [
        (ALL, "GET, HEAD, OPTIONS, POST"),
        (FIRST, "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"),
        (
            "/collections/facilities/items/unknown_id",
            "GET, HEAD, OPTIONS, PUT, PATCH, DELETE",
        ),
    ] {
        let answer = editing.ask(("eva", "OPTIONS", path), &[], "").await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (StatusCode::OK, allowed),
            "{path}"
        );
    }
}

/// `POST` as it is sent, then `GET` of what `Location` names.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_feature_is_drawn(pool: PgPool) {
    let editing = Editing::over(pool).await;
    // Attributes that were not filled in are null; those that the layer only shows are sent too.
    let body = r#"{"geometry":{"coordinates":[7588213.57,4881734.64],"type":"Point"},"properties":{"code":"RS-70327-100","commodities":null,"height_m":null,"in_scope":null,"name":"Novo jalovište","name_latin":null,"revision":null,"start_year":1970,"status":"operating","updated_at":null},"type":"Feature"}"#;
    let headers = [
        ("Content-Type", "application/geo+json"),
        ("Content-Crs", "http://www.opengis.net/def/crs/EPSG/0/6316"),
        ("Accept", "*/*"),
    ];
    let answer = editing.ask(("eva", "POST", ALL), &headers, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.json());
    let location = answer.header("location");
    let id = location
        .rsplit_once("/items/")
        .expect("what QGIS looks for")
        .1;
    let path = format!("{ALL}/{id}?crs=http://www.opengis.net/def/crs/EPSG/0/6316");
    let read = editing
        .service
        .get_with(&path, "accept", "application/geo+json, application/json")
        .await;
    assert_eq!(
        read.json()["geometry"]["coordinates"],
        json!([7_588_213.57, 4_881_734.64])
    );
}

/// One request for the geometry, one for the attributes; without `If-Match`.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_feature_is_moved_and_filled_in(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let kind = ("Content-Type", "application/merge-patch+json");
    let crs = ("Content-Crs", "http://www.opengis.net/def/crs/EPSG/0/6316");
    let moved = r#"{"geometry":{"coordinates":[7588213.57,4881734.64],"type":"Point"}}"#;
    let answer = editing
        .ask(("eva", "PATCH", FIRST), &[kind, crs], moved)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    let filled = r#"{"properties":{"end_year":"1999","height_m":12.5,"remarks":""}}"#;
    let answer = editing.ask(("eva", "PATCH", FIRST), &[kind], filled).await;
    let properties = &answer.json()["properties"];
    assert_eq!(
        [&properties["end_year"], &properties["remarks"]],
        [&json!(1999), &Json::Null]
    );
    let gone = editing.ask(("eva", "DELETE", FIRST), &[], "").await;
    assert!(gone.status.is_success() && gone.body.is_empty());
}

/// What `PUT` sends rounds degrees to six decimals; the place does not move by that.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_rounded_place_stays_where_it_was(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let exact =
        json!({ "geometry": { "type": "Point", "coordinates": [22.095_912_3, 44.074_881_4] } });
    let before = editing.edit("PATCH", FIRST, &exact).await.json();
    let mut whole = before.clone();
    whole["geometry"]["coordinates"] = json!([22.095_912, 44.074_881]);
    whole["properties"]["status"] = json!("closed");
    let after = editing.edit("PUT", FIRST, &whole).await.json();
    assert_eq!(after["geometry"], before["geometry"]);
    assert_eq!(after["properties"]["status"], "closed");
}
