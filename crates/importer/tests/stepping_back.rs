//! Whoever answers readers comes before an import, in the database too.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::read_to_string;

use domain::layers::FACILITIES;
use importer::background::{NICE_IN_DATABASE, step_back_in_database};
use rustix::process::getpriority_process;
use sqlx::postgres::PgPool;
use store::Store;
use store::staging::{Backend, Staging};

/// proc(5): the nineteenth value of `/proc/<pid>/stat`, of which the second may hold blanks.
fn niceness(backend: &Backend) -> i32 {
    let stat = read_to_string(format!("/proc/{}/stat", backend.pid)).unwrap();
    let (_, from_third) = stat.rsplit_once(')').unwrap();
    let value = from_third.split_whitespace().nth(19 - 3).unwrap();
    value.parse().unwrap()
}

async fn begun(store: &Store) -> (Staging, Backend) {
    let mut staging = Staging::begin(store, &FACILITIES).await.unwrap();
    let backend = staging.backend().await.unwrap();
    (staging, backend)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_database_steps_back_on_a_connection_that_nobody_uses_again(pool: PgPool) {
    let store = Store::over(pool);
    let (staging, backend) = begun(&store).await;
    let before = niceness(&backend);
    step_back_in_database(&backend);
    assert_eq!(niceness(&backend), before.max(NICE_IN_DATABASE));
    if let Ok(group) = read_to_string(format!("/proc/{}/autogroup", backend.pid)) {
        assert!(
            group.ends_with(&format!(" nice {NICE_IN_DATABASE}\n")),
            "{group}"
        );
    }
    staging.discard().await.unwrap();
    let (staging, another) = begun(&store).await;
    assert_ne!(another.pid, backend.pid);
    assert_eq!(niceness(&another), before);
    staging.discard().await.unwrap();
    store.close().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_other_process_is_slowed_down(pool: PgPool) {
    let store = Store::over(pool);
    let (staging, backend) = begun(&store).await;
    let (pid, title) = (backend.pid, backend.title.clone());
    let own = getpriority_process(None).unwrap();
    let before = niceness(&backend);
    let ourselves = i32::try_from(std::process::id()).unwrap();
    let elsewhere = title.replace("[local]", "192.0.2.1(5000)");
    let others = [
        (ourselves, title.clone()),
        (pid, elsewhere),
        (pid, format!("another_{title}")),
        (0, title),
    ];
    for (pid, title) in others {
        let other = Backend { pid, title };
        step_back_in_database(&other);
        assert_eq!(niceness(&backend), before, "{other:?}");
        assert_eq!(getpriority_process(None).unwrap(), own, "{other:?}");
    }
    staging.discard().await.unwrap();
    store.close().await;
}
