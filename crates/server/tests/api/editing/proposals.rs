//! Edits that wait for review.

use std::time::Duration;

use super::*;
use importer::process::Worker;

/// A service whose queue works, until it is dropped.
pub struct Reviewing {
    pub editing: Editing,
    queue: tokio::task::JoinHandle<()>,
}

impl Drop for Reviewing {
    fn drop(&mut self) {
        self.queue.abort();
    }
}

impl Reviewing {
    pub async fn over(pool: PgPool) -> Self {
        let mut editing = Editing::over(pool).await;
        let app = server::App {
            store: editing.service.store.clone(),
            rasters: no_rasters(),
            uploads: Uploads::new(editing.folder.path().to_owned()),
            config: server::Config::default(),
        };
        editing.service.router = server::router(app.clone());
        // Edits need no worker.
        let queue = server::uploads::Queue::of(
            &app,
            Worker::new("/nonexistent".into(), Vec::new()),
            || moment("2026-02-01T00:00:00Z"),
        );
        let queue = tokio::spawn(queue.run());
        Self { editing, queue }
    }

    /// Ana's edit; where it waits.
    pub async fn propose(&self, method: &str, path: &str, body: &Json) -> String {
        let kind = ("content-type", "application/geo+json");
        let answer = self
            .editing
            .ask(("ana", method, path), &[kind], body.to_string())
            .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.json());
        let location = answer.header("location").to_owned();
        location[location.find("/uploads").unwrap()..].to_owned()
    }

    /// The upload once nobody works on it.
    pub async fn settled(&self, path: &str) -> Json {
        loop {
            let upload = self
                .editing
                .ask(("rada", "GET", path), &[], "")
                .await
                .json();
            let state = upload["state"].as_str().unwrap();
            if !["received", "inspecting", "publishing"].contains(&state) {
                return upload;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn publish(&self, path: &str) -> Answer {
        let path = format!("{path}/publish");
        self.editing.ask(("rada", "POST", &path), &[], "{}").await
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_surveyors_edit_waits_and_is_published(pool: PgPool) {
    let reviewing = Reviewing::over(pool).await;
    let body = json!({ "properties": { "height_m": 50, "name_en": null } });
    let place = reviewing
        .propose("PATCH", &format!("{FIRST}?comment=measured"), &body)
        .await;
    let unchanged = reviewing.editing.service.get(FIRST).await.json();
    assert_eq!(unchanged["properties"]["height_m"], 45.0);
    let upload = reviewing.settled(&place).await;
    assert_json_snapshot!(
        [&upload["state"], &upload["outcome"], &upload["counts"], &upload["file_name"], &upload["comment"]],
        @r#"
    [
      "ready",
      "dry_run",
      {
        "new": 0,
        "changed": 1,
        "refused": 0,
        "left_out": 0,
        "ambiguous": 0,
        "unchanged": 0,
        "conflicting": 0
      },
      "facilities-1.json",
      "measured"
    ]
    "#
    );
    let report = reviewing
        .editing
        .ask(("rada", "GET", &format!("{place}/report")), &[], "")
        .await;
    assert_json_snapshot!(report.json()["records"], @r#"
    [
      {
        "row": 1,
        "key": "RS-70327-001",
        "verdict": "changed",
        "differences": [
          {
            "field": "name_en",
            "before": "Pond \"A\" \\ 1",
            "after": null
          },
          {
            "field": "height_m",
            "before": "45",
            "after": "50"
          }
        ]
      }
    ]
    "#);
    let preview = reviewing
        .editing
        .ask(("rada", "GET", &format!("{place}/preview")), &[], "")
        .await;
    let seen = preview.json()["features"][0]["properties"].clone();
    assert_eq!(
        [&seen["verdict"], &seen["height_m"]],
        ["changed".into(), json!(50.0)].each_ref()
    );
    assert_eq!(reviewing.publish(&place).await.status, StatusCode::ACCEPTED);
    let upload = reviewing.settled(&place).await;
    assert_eq!(upload["state"], "published");
    let revision = reviewing
        .editing
        .service
        .get(&format!("/revisions/{}", upload["revision"]))
        .await;
    assert_json_snapshot!(
        [&revision.json()["author"], &revision.json()["means"], &revision.json()["comment"]],
        @r#"
    [
      "ana",
      "upload",
      "measured"
    ]
    "#
    );
    let now = reviewing.editing.service.get(FIRST).await.json();
    assert_eq!(
        [
            &now["properties"]["height_m"],
            &now["properties"]["name_en"]
        ],
        [&json!(50.0), &Json::Null]
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_proposal_from_an_older_state_is_a_conflict(pool: PgPool) {
    let reviewing = Reviewing::over(pool).await;
    let body = json!({ "properties": { "height_m": 50 } });
    let place = reviewing.propose("PATCH", FIRST, &body).await;
    assert_eq!(reviewing.settled(&place).await["outcome"], "dry_run");
    reviewing
        .editing
        .patch(FIRST, json!({ "height_m": 60 }))
        .await;
    assert_eq!(reviewing.publish(&place).await.status, StatusCode::ACCEPTED);
    let upload = reviewing.settled(&place).await;
    assert_eq!([&upload["state"], &upload["outcome"]], ["ready", "refused"]);
    let report = reviewing
        .editing
        .ask(("rada", "GET", &format!("{place}/report")), &[], "")
        .await;
    assert_snapshot!(report.json()["records"][0]["findings"][0]["message"]["en"], @r#""The feature 1 was changed meanwhile (revision 3). Read it again, and repeat the edit.""#);
    let again = reviewing.publish(&place).await;
    assert_eq!(told(&again), "409 upload-hindered");
    let now = reviewing.editing.service.get(FIRST).await.json();
    assert_eq!(now["properties"]["height_m"], 60.0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn additions_and_removals_wait_too(pool: PgPool) {
    let reviewing = Reviewing::over(pool).await;
    let new = reviewing
        .propose("POST", ALL, &feature("RS-70327-100", [22.05, 44.1]))
        .await;
    let gone = reviewing.propose("DELETE", FIRST, &json!({})).await;
    for (place, verdict) in [(&new, "new"), (&gone, "removed")] {
        assert_eq!(reviewing.settled(place).await["state"], "ready");
        let path = format!("{place}/preview");
        let preview = reviewing.editing.ask(("rada", "GET", &path), &[], "").await;
        assert_eq!(
            preview.json()["features"][0]["properties"]["verdict"],
            verdict
        );
        reviewing.publish(place).await;
        assert_eq!(reviewing.settled(place).await["state"], "published");
    }
    assert_eq!(
        reviewing.editing.service.get(FIRST).await.status,
        StatusCode::NOT_FOUND
    );
    let count = reviewing
        .editing
        .service
        .get("/collections/facilities")
        .await;
    assert_eq!(count.json()["itemCount"], 12);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_cannot_be_made_is_refused_at_once(pool: PgPool) {
    let reviewing = Reviewing::over(pool).await;
    let kind = ("content-type", "application/merge-patch+json");
    let body = r#"{"properties":{"status":"open"}}"#;
    let answer = reviewing
        .editing
        .ask(("ana", "PATCH", FIRST), &[kind], body)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = reviewing
        .editing
        .ask(("rada", "GET", "/uploads"), &[], "")
        .await;
    assert_eq!(list.json()["uploads"], json!([]));
    let place = reviewing
        .propose("PATCH", FIRST, &json!({ "properties": { "height_m": 7 } }))
        .await;
    reviewing.settled(&place).await;
    // An edit is not read as a file, nor sent like one.
    let other = reviewing
        .editing
        .ask(("ana", "PATCH", &place), &[], r#"{"edits":null}"#)
        .await;
    assert_eq!(told(&other), "400 bad-upload");
}
