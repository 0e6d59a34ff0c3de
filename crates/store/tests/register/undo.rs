//! Undoing revisions.

use crate::common::{around, publish, record, revision};
use crate::history::{CODE, facility, remove};
use domain::layers::{FACILITIES, FACILITY_OUTLINES};
use sqlx::postgres::PgPool;
use store::Store;
use store::undo::{UndoError, Undone};

/// What the table says but for the register's own columns.
async fn contents(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select (to_jsonb(f) - array['revision', 'updated_at', 'field_revisions'] || jsonb_build_object( \
         'location', location::bytea, 'outline', outline::bytea))::text from facility f order by id",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn undo(store: &Store, number: i64) -> Result<Undone, UndoError> {
    store.undo(number, &revision("2026-03-01T00:00:00Z")).await
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn each_kind_of_change_is_undone(pool: PgPool) {
    let store = Store::over(pool.clone());
    let two = vec![
        facility(&[("name", "А"), ("status", "operating")]),
        facility(&[("code", "RS-70327-002"), ("name", "Б")]),
    ];
    publish(&store, two, "2026-01-01T00:00:00Z").await;
    let outline = record(
        &FACILITY_OUTLINES,
        &[("code", CODE), ("name", "В"), ("height_m", "12")],
        around(22.5, 44.2),
    );
    let added = record(
        &FACILITY_OUTLINES,
        &[("code", "RS-70327-003"), ("name", "Г")],
        around(22.7, 44.2),
    );
    let before = contents(&pool).await;
    publish(&store, vec![outline, added], "2026-01-02T00:00:00Z").await;
    let removed = remove(&pool, "facility", "facilities", 2, "2026-01-03T00:00:00Z").await;
    let gone = contents(&pool).await;
    assert_eq!((removed, gone.len()), (3, 2));
    let back = undo(&store, 3).await.unwrap();
    assert_eq!(
        (back.revision, back.brought_back, back.changed, back.removed),
        (4, 1, 0, 0)
    );
    let done = undo(&store, 2).await.unwrap();
    assert_eq!(
        (done.revision, done.brought_back, done.changed, done.removed),
        (5, 0, 1, 1)
    );
    assert_eq!(contents(&pool).await, before);
    let listed = &store.revisions_of(&[2, 5]).await.unwrap();
    assert_eq!((listed[0].undone_by, listed[1].undoes), (Some(5), Some(2)));
    // The undoing is undone.
    undo(&store, 5).await.unwrap();
    undo(&store, 4).await.unwrap();
    assert_eq!(contents(&pool).await, gone);
    let state = store.layer_state(&FACILITY_OUTLINES).await.unwrap();
    assert_eq!((state.feature_count, state.revision), (2, Some(7)));
    assert_eq!(store.audit(None).await.unwrap().findings, []);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn only_the_same_fields_stand_in_the_way(pool: PgPool) {
    let store = Store::over(pool.clone());
    let publish_one = |texts: &'static [(&str, &str)]| {
        let store = store.clone();
        async move { publish(&store, vec![facility(texts)], "2026-01-01T00:00:00Z").await }
    };
    publish_one(&[("name", "А"), ("status", "operating"), ("height_m", "10")]).await;
    publish_one(&[("name", "А"), ("status", "closed"), ("height_m", "11")]).await;
    publish_one(&[("name", "Б"), ("status", "closed"), ("height_m", "11")]).await;
    publish_one(&[("name", "Б"), ("status", "closed"), ("height_m", "12")]).await;
    let told = |outcome: Result<Undone, UndoError>| outcome.unwrap_err().to_string();
    let before = contents(&pool).await;
    assert!(told(undo(&store, 2).await).contains("`height_m` of RS-70327-001 by revision 4;"));
    assert!(told(undo(&store, 1).await).contains("the same: RS-70327-001 by revision 4;"));
    assert!(told(undo(&store, 99).await).contains("no revision 99"));
    assert_eq!(contents(&pool).await, before);
    undo(&store, 3).await.unwrap();
    undo(&store, 4).await.unwrap();
    undo(&store, 2).await.unwrap();
    let again = undo(&store, 2).await.unwrap_err();
    assert!(matches!(again, UndoError::Conflicts { .. }), "{again}");
    let now = store
        .record_of_code(&FACILITIES, CODE)
        .await
        .unwrap()
        .unwrap()
        .record;
    let text = |name: &str| now.get(name).to_string();
    assert_eq!(
        [text("name"), text("status"), text("height_m")],
        ["А", "operating", "10"]
    );
    remove(&pool, "facility", "facilities", 1, "2026-01-03T00:00:00Z").await;
    assert!(matches!(
        undo(&store, 3).await,
        Err(UndoError::Conflicts { .. })
    ));
    assert_eq!(store.audit(None).await.unwrap().findings, []);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_code_that_is_taken_and_a_broken_rule_stand_in_the_way(pool: PgPool) {
    let store = Store::over(pool.clone());
    let publish_one = |texts: &'static [(&str, &str)]| {
        let store = store.clone();
        async move { publish(&store, vec![facility(texts)], "2026-01-01T00:00:00Z").await }
    };
    publish_one(&[("name", "А"), ("start_year", "1990")]).await;
    publish_one(&[("name", "А"), ("start_year", "1950")]).await;
    publish_one(&[("name", "А"), ("end_year", "1970")]).await;
    let broken = undo(&store, 2).await.unwrap_err();
    assert!(
        matches!(&broken, UndoError::Breaks { code, .. } if code == CODE),
        "{broken}"
    );
    let removed = remove(&pool, "facility", "facilities", 1, "2026-01-03T00:00:00Z").await;
    publish_one(&[("name", "Нови")]).await;
    let taken = undo(&store, removed).await.unwrap_err().to_string();
    assert!(taken.contains("RS-70327-001 by revision"), "{taken}");
}
