//! Surveys: of what a raster gave nothing is edited, and an edit says from which state it is made.

use super::*;
use domain::layers::SURVEYS;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_survey_is_corrected_from_the_state_that_was_read(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let texts = [
        ("code", "RS-70327-001-dtm-20240501"),
        ("facility", "RS-70327-001"),
        ("kind", "dtm"),
        ("surveyed_on", "2024-05-01"),
    ];
    editing
        .service
        .publish(vec![record(&SURVEYS, &texts, None)])
        .await;
    let path = "/collections/surveys/items/1";
    let allowed = editing.ask(("eva", "OPTIONS", path), &[], "").await;
    assert_eq!(allowed.header("allow"), "GET, HEAD, OPTIONS, PATCH");
    assert_eq!(
        allowed.header("accept-patch"),
        "application/merge-patch+json, application/geo+json"
    );
    let unsaid = editing.patch(path, json!({ "method": "lidar" })).await;
    assert_eq!(told(&unsaid), "428 condition-needed");
    let tag = editing.service.get(path).await.header("etag").to_owned();
    let headers = [
        ("content-type", "application/merge-patch+json"),
        ("if-match", &*tag),
    ];
    let ask = async |body: &str| {
        let asked = ("eva", "PATCH", path);
        editing.ask(asked, &headers, body.to_owned()).await
    };
    let place = r#"{"geometry":{"type":"Point","coordinates":[22,44]}}"#;
    assert_snapshot!(told(&ask(place).await), @"");
    let computed = r#"{"properties":{"area_m2":5}}"#;
    assert_snapshot!(told(&ask(computed).await), @"");
    let corrected = ask(r#"{"properties":{"remarks":"Лет у поподневним часовима"}}"#).await;
    assert_eq!(corrected.status, StatusCode::OK, "{}", corrected.json());
    let gone = editing
        .ask(("eva", "DELETE", path), &headers[1..], "")
        .await;
    assert_eq!(
        (told(&gone).as_str(), gone.header("allow")),
        ("405 method-not-allowed", "GET, HEAD, OPTIONS, PATCH")
    );
}
