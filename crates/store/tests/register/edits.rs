//! Single edits: what they are held against when nobody else can change the register any more.

use crate::common::{publish, record, revision};
use crate::history::{CODE, facility};
use domain::layers::{FACILITIES, INCIDENTS};
use domain::{Layer, Record};
use sqlx::postgres::PgPool;
use store::Store;
use store::edit::{Change, EditError, Edited};

async fn with_a_facility(pool: &PgPool) -> Store {
    let store = Store::over(pool.clone());
    let one = facility(&[("name", "А")]);
    publish(&store, vec![one], "2026-01-01T00:00:00Z").await;
    store
}

async fn edit(store: &Store, layer: &'static Layer, change: Change) -> Result<Edited, EditError> {
    let new = revision("2026-01-02T00:00:00Z");
    store.edit(layer, &[change], &new).await
}

async fn revisions(pool: &PgPool) -> i64 {
    let counting = sqlx::query_scalar("select count(*) from revision");
    counting.fetch_one(pool).await.unwrap()
}

fn incident(facility: &str) -> Record {
    let texts = [("code", "ACC-1"), ("name", "А"), ("facility", facility)];
    record(&INCIDENTS, &texts, None)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_edit_leaves_a_code_that_no_record_has(pool: PgPool) {
    let store = with_a_facility(&pool).await;
    let unknown = edit(&store, &INCIDENTS, Change::Insert(incident("RS-70327-999"))).await;
    assert!(
        matches!(unknown, Err(EditError::Dangling { at: 0 })),
        "{unknown:?}"
    );
    let known = edit(&store, &INCIDENTS, Change::Insert(incident(CODE))).await;
    known.unwrap();
    let named = edit(&store, &FACILITIES, Change::Delete { id: 1, from: 1 }).await;
    assert!(
        matches!(named, Err(EditError::Dangling { at: 0 })),
        "{named:?}"
    );
    assert_eq!(revisions(&pool).await, 2);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_edit_of_values_is_of_the_state_that_was_seen(pool: PgPool) {
    let store = with_a_facility(&pool).await;
    let renamed = |from, name| Change::Update {
        id: 1,
        from,
        record: facility(&[("name", name)]),
        changed: vec!["name"],
    };
    let made = edit(&store, &FACILITIES, renamed(1, "Б")).await.unwrap();
    assert_eq!(made.ids, [1]);
    let stale = edit(&store, &FACILITIES, renamed(1, "В")).await;
    assert!(
        matches!(stale, Err(EditError::Stale { at: 0 })),
        "{stale:?}"
    );
    assert_eq!(revisions(&pool).await, 2);
    edit(&store, &FACILITIES, renamed(made.revision, "В"))
        .await
        .unwrap();
    let state = "select revision = (select max(id) from revision) from layer_state \
                 where layer = 'facilities'";
    let follows: bool = sqlx::query_scalar(state).fetch_one(&pool).await.unwrap();
    assert!(follows);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_edit_counts_what_was_never_counted(pool: PgPool) {
    let store = with_a_facility(&pool).await;
    let states =
        "select count(*) from layer_state where layer in ('facilities', 'facility_outlines')";
    let forgotten = "delete from layer_state where layer = 'facility_outlines'";
    sqlx::query(forgotten).execute(&pool).await.unwrap();
    let changed = Change::Update {
        id: 1,
        from: 1,
        record: facility(&[("name", "Б")]),
        changed: vec!["name"],
    };
    edit(&store, &FACILITIES, changed).await.unwrap();
    let counted: i64 = sqlx::query_scalar(states).fetch_one(&pool).await.unwrap();
    assert_eq!((counted, revisions(&pool).await), (2, 2));
}
