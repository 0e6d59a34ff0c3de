//! Many editors at once.

use std::sync::Arc;

use super::*;

const EDITORS: usize = 16;
const RECORDS: usize = 12;

/// How many edits are made in all; `EDITS` says more.
fn wanted() -> usize {
    let said = std::env::var("EDITS").ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(640)
}

/// Each editor adds 1 to the counter of one record after the other, from the state that it read; when
/// that is not the state any more, it reads again.
async fn add_up(editing: Arc<Editing>, from: usize, edits: usize) -> usize {
    let mut refused = 0;
    for edit in 0..edits {
        let path = format!("{ALL}/{}", (from + edit) % RECORDS + 1);
        loop {
            let read = editing.service.get(&path).await;
            let counted = read.json()["properties"]["mass_t"].as_f64().unwrap();
            let body = json!({ "properties": { "mass_t": counted + 1.0 } }).to_string();
            let kind = ("content-type", "application/merge-patch+json");
            let headers = [kind, ("if-match", read.header("etag"))];
            let answer = editing.ask(("eva", "PATCH", &path), &headers, body).await;
            match answer.status {
                StatusCode::OK => break,
                StatusCode::PRECONDITION_FAILED => refused += 1,
                other => panic!("{other}: {}", answer.json()),
            }
        }
    }
    refused
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_update_is_lost(pool: PgPool) {
    let editing = Arc::new(Editing::over(pool.clone()).await);
    for at in 1..=RECORDS {
        let answer = editing
            .patch(&format!("{ALL}/{at}"), json!({ "mass_t": 1 }))
            .await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let each = wanted().div_ceil(EDITORS);
    let all = EDITORS * each;
    let mut editors = tokio::task::JoinSet::new();
    for from in 0..EDITORS {
        editors.spawn(add_up(Arc::clone(&editing), from, each));
    }
    let refused: usize = editors.join_all().await.into_iter().sum();
    let counted = async |question: &'static str| -> i64 {
        sqlx::query_scalar(question).fetch_one(&pool).await.unwrap()
    };
    let all = i64::try_from(all).unwrap();
    let sum = counted("select sum(mass_t)::bigint - count(*) from facility").await;
    assert_eq!(sum, all, "{refused} edits were refused and repeated");
    let kept = counted("select count(*) - 12 from facility_history").await;
    assert_eq!(kept, all, "each edit kept the state before");
    let audit = editing.service.store.audit(None).await.unwrap();
    assert!(audit.findings.is_empty(), "{audit:?}");
}
