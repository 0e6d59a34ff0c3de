//! Hearing of revisions, also of those that other processes make.

use std::time::Duration;

use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES};
use sqlx::PgPool;
use store::Store;
use store::listen::Heard;
use tokio::sync::watch::Receiver;
use tokio::time::timeout;

use crate::common::{point, publish, record};

/// Far more than it takes: a test that has to wait so long has failed.
const LONG: Duration = Duration::from_secs(30);

async fn wait(heard: &mut Receiver<Heard>, until: impl FnMut(&Heard) -> bool) -> Heard {
    let waited = timeout(LONG, heard.wait_for(until)).await;
    waited.unwrap().unwrap().clone()
}

async fn add_facility(store: &Store, code: &str, made_at: &str) {
    let texts = [("code", code), ("name", "Јаловиште")];
    let facility = record(&FACILITIES, &texts, point(22.1, 44.1));
    publish(store, vec![facility], made_at).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_revision_by_another_process_is_heard_for_the_layers_that_it_changed(pool: PgPool) {
    let (here, there) = (Store::over(pool.clone()), Store::over(pool));
    let mut heard = here.heard();
    let before = wait(&mut heard, Heard::is_listening).await;
    add_facility(&there, "RS-70327-001", "2026-01-01T00:00:00Z").await;
    for layer in [&FACILITIES, &FACILITY_OUTLINES] {
        wait(&mut heard, |now| {
            now.change_of(layer) > before.change_of(layer)
        })
        .await;
    }
    let after = heard.borrow().change_of(&DAMS);
    assert_eq!(after, before.change_of(&DAMS), "another table");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_lost_connection_is_known_and_made_again(pool: PgPool) {
    let store = Store::over(pool.clone());
    let mut heard = store.heard();
    let before = wait(&mut heard, Heard::is_listening).await;
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity \
         where datname = current_database() and query ilike 'listen%'",
    )
    .execute(&pool)
    .await
    .unwrap();
    wait(&mut heard, |now| now.change_of(&FACILITIES).is_none()).await;
    // What happened in between may have been missed, so every layer counts as changed.
    wait(&mut heard, |now| {
        now.change_of(&DAMS) > before.change_of(&DAMS)
    })
    .await;
    let again = heard.borrow().change_of(&FACILITIES);
    add_facility(&store, "RS-70327-001", "2026-01-01T00:00:00Z").await;
    wait(&mut heard, |now| now.change_of(&FACILITIES) > again).await;
}
