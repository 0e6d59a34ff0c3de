//! Uploads under review, and the work on them.

use chrono::{DateTime, Utc};
use domain::layers::FACILITIES;
use domain::upload::UploadState;
use serde_json::{Value, json};
use sqlx::postgres::PgPool;
use store::revision::{NewRevision, NewUpload};
use store::staging::{StagedRows, Staging};
use store::submission::{Attempt, Decision, Inspected, NewSubmission, Quota, Submitted};
use store::{Store, StoreError};

use crate::common::{moment, point, publish, record, revision};

const SHA256: &str = "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721";
const QUOTA: Quota = Quota {
    uploads: 3,
    bytes: 1_000,
};

fn now() -> DateTime<Utc> {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

fn new(key: Option<&str>, size_bytes: i64) -> NewSubmission {
    NewSubmission {
        file_name: "survey.zip".to_owned(),
        size_bytes,
        reading: json!({}),
        source: None,
        comment: None,
        submitted_by: "ana".to_owned(),
        submitted_at: now(),
        idempotency_key: key.map(str::to_owned),
    }
}

async fn sent(store: &Store) -> i64 {
    let Submitted::New(id) = store.submit(&new(None, 10), QUOTA).await.unwrap() else {
        panic!("the upload is not new");
    };
    assert!(store.received(id, SHA256, 6, now()).await.unwrap());
    id
}

fn found() -> Inspected {
    Inspected {
        outcome: "dry_run".to_owned(),
        counts: json!({"new": 1}),
        reports: vec![("application/json", "", b"{}".to_vec())],
    }
}

fn decision(id: i64) -> Decision<'static> {
    Decision {
        id,
        by: "rada",
        at: now(),
        comment: None,
        within: &[],
    }
}

/// The next attempt, once the lock of a dropped one is gone.
async fn attempt(store: &Store) -> Attempt {
    loop {
        if let Some(attempt) = store.next_work(now()).await.unwrap() {
            return attempt;
        }
        tokio::task::yield_now().await;
    }
}

async fn state(store: &Store, id: i64) -> UploadState {
    store.submission(id).await.unwrap().unwrap().state
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_sent_again_under_its_key_is_the_same_upload(pool: PgPool) {
    let store = Store::over(pool);
    let first = store.submit(&new(Some("k"), 10), QUOTA).await.unwrap();
    let again = store.submit(&new(Some("k"), 10), QUOTA).await.unwrap();
    let Submitted::New(id) = first else {
        panic!("{first:?}")
    };
    assert_eq!(again, Submitted::Unfinished(id));
    let digest = "0".repeat(64);
    let arrived = store.received(id, &digest, 10, moment("2026-01-01T00:01:00Z"));
    assert!(arrived.await.unwrap());
    let again = store.submit(&new(Some("k"), 10), QUOTA).await.unwrap();
    assert_eq!(again, Submitted::Known(id));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nobody_leaves_more_open_than_the_quota(pool: PgPool) {
    let store = Store::over(pool);
    let too_large = store.submit(&new(None, 1_001), QUOTA).await.unwrap();
    assert_eq!(too_large, Submitted::OverQuota);
    let mut last = 0;
    for _ in 0..3 {
        last = sent(&store).await;
    }
    let one_more = store.submit(&new(None, 10), QUOTA).await.unwrap();
    assert_eq!(one_more, Submitted::OverQuota);
    // What is decided counts no more.
    let attempt = store.next_work(now()).await.unwrap().unwrap();
    let inspected = attempt.submission.id;
    attempt.ready(found(), now()).await.unwrap();
    assert!(store.reject(decision(inspected)).await.unwrap());
    assert!(inspected <= last);
    sent(&store).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_attempt_at_a_time_and_another_when_it_dies(pool: PgPool) {
    let store = Store::over(pool);
    let id = sent(&store).await;
    let first = attempt(&store).await;
    assert_eq!(first.submission.id, id);
    assert_eq!(state(&store, id).await, UploadState::Inspecting);
    assert!(store.next_work(now()).await.unwrap().is_none());
    drop(first);
    let again = attempt(&store).await;
    assert_eq!(again.submission.attempts, 2);
    again.ready(found(), now()).await.unwrap();
    assert_eq!(state(&store, id).await, UploadState::Ready);
    assert!(store.next_work(now()).await.unwrap().is_none());
    let report = store.submission_report(id, "application/json", domain::Lang::En);
    assert_eq!(report.await.unwrap(), Some(b"{}".to_vec()));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_upload_that_kills_the_service_is_given_up(pool: PgPool) {
    let store = Store::over(pool);
    sent(&store).await;
    let mut attempts = 1;
    let mut last = attempt(&store).await;
    while !last.is_one_too_many() {
        drop(last);
        last = attempt(&store).await;
        attempts += 1;
    }
    let id = last.submission.id;
    let why = domain::lang::Message::verbatim("too often");
    last.fail(&why, now()).await.unwrap();
    assert_eq!(state(&store, id).await, UploadState::Failed);
    assert_eq!(attempts, 6);
}

/// The revision that an upload becomes.
fn of_upload(id: i64) -> NewRevision {
    let upload = NewUpload {
        file_name: "survey.zip".to_owned(),
        sha256: SHA256.to_owned(),
        size_bytes: 10,
        submission: Some(id),
    };
    NewRevision {
        upload: Some(upload),
        ..revision("2026-03-02T00:00:00Z")
    }
}

async fn stage(store: &Store, code: &str, name: &str) -> Staging {
    let mut staging = Staging::begin(store, &FACILITIES).await.unwrap();
    let one = record(
        &FACILITIES,
        &[("code", code), ("name", name)],
        point(22.1, 44.07),
    );
    let rows = StagedRows::of(&FACILITIES, [(1, one)]);
    staging.append(vec![rows]).await.unwrap();
    staging.compare(&[]).await.unwrap();
    staging
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_upload_is_published_once(pool: PgPool) {
    let store = Store::over(pool);
    let id = sent(&store).await;
    let revision = of_upload(id);
    let attempt = store.next_work(now()).await.unwrap().unwrap();
    let too_early = stage(&store, "RS-70327-001", "a").await;
    let refused = too_early.publish(&revision).await;
    assert!(
        matches!(refused, Err(StoreError::NotApproved(_))),
        "{refused:?}"
    );
    attempt.ready(found(), now()).await.unwrap();
    assert!(store.approve(decision(id)).await.unwrap());
    assert!(!store.approve(decision(id)).await.unwrap());
    assert!(!store.reject(decision(id)).await.unwrap());
    let attempt = store.next_work(now()).await.unwrap().unwrap();
    let approved = stage(&store, "RS-70327-001", "a").await;
    let made = approved.publish(&revision).await.unwrap();
    attempt.done().await.unwrap();
    let submission = store.submission(id).await.unwrap().unwrap();
    assert_eq!(
        (submission.state, submission.revision),
        (UploadState::Published, made)
    );
    let again = stage(&store, "RS-70327-002", "b").await;
    assert!(again.publish(&revision).await.is_err());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_preview_says_what_the_register_would_say(pool: PgPool) {
    let store = Store::over(pool);
    let id = sent(&store).await;
    let texts = [
        ("code", "RS-70327-001"),
        ("name", "before"),
        ("status", "abandoned"),
        ("municipality", "70327"),
        ("district", "RS-14"),
        ("contact", "secret"),
    ];
    let known = record(&FACILITIES, &texts, point(22.1, 44.07));
    publish(&store, vec![known], "2026-01-01T00:00:00Z").await;
    let staging = stage(&store, "RS-70327-001", "after").await;
    staging.keep_for_preview(id).await.unwrap();
    let fields = domain::layers::public_fields(&FACILITIES);
    let features = store.preview(id, fields, 0, 10).await.unwrap();
    let feature: Value = serde_json::from_str(&features[0].1).unwrap();
    assert_eq!(
        feature["properties"],
        json!({"verdict": "changed", "code": "RS-70327-001", "name": "after", "name_latin": "after",
            "status": "abandoned", "municipality": "70327", "district": "RS-14",
            "statistical_region": "RS22"})
    );
    assert_eq!(feature["geometry"]["coordinates"], json!([22.1, 44.07]));
    for (region, keeps) in [("RS-14", true), ("70327", true), ("RS-00", false)] {
        let regions = [region.parse().unwrap()];
        let kept = store.keeps_within(id, &regions).await.unwrap();
        assert_eq!(kept, keeps, "{region}");
    }
}

/// Meanwhile somebody else may have moved a record: what counts is the register as it is when the upload
/// is published.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_upload_is_published_only_where_its_reviewer_may(pool: PgPool) {
    let store = Store::over(pool);
    let placed = |code: &str, municipality: &str| {
        let texts = [
            ("code", code),
            ("name", "a"),
            ("municipality", municipality),
        ];
        record(&FACILITIES, &texts, None)
    };
    for (at, (before, after, is_published)) in [
        (None, "70327", true),
        (None, "70017", false),
        (Some("70327"), "70327", true),
        (Some("70017"), "70327", false),
        (Some("70327"), "70017", false),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("RS-70327-{:03}", at + 1);
        if let Some(municipality) = before {
            let known = placed(&code, municipality);
            publish(&store, vec![known], "2026-01-01T00:00:00Z").await;
        }
        let id = sent(&store).await;
        attempt(&store).await.ready(found(), now()).await.unwrap();
        let within = ["RS-14".parse().unwrap()];
        let approved = Decision {
            within: &within,
            ..decision(id)
        };
        assert!(store.approve(approved).await.unwrap());
        let attempt = attempt(&store).await;
        let mut record = placed(&code, after);
        record.set("name", domain::Value::Text("b".to_owned()));
        let mut staging = Staging::begin(&store, &FACILITIES).await.unwrap();
        let rows = StagedRows::of(&FACILITIES, [(1, record)]);
        staging.append(vec![rows]).await.unwrap();
        staging.compare(&[]).await.unwrap();
        let revision = of_upload(id);
        let made = staging.publish(&revision).await;
        let is_outside = matches!(made, Err(StoreError::OutsideLimits(_)));
        assert_eq!(is_outside, !is_published, "{before:?} to {after}: {made:?}");
        if is_published {
            attempt.done().await.unwrap();
        } else {
            attempt.inspect_again(now()).await.unwrap();
            assert_eq!(state(&store, id).await, UploadState::Received);
            let again = self::attempt(&store).await;
            again.ready(found(), now()).await.unwrap();
            assert!(store.reject(decision(id)).await.unwrap());
        }
    }
}
