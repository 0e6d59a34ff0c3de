//! Many records into an empty table.

use crate::common::{point, publish, record, revision};
use domain::Record;
use domain::layers::FACILITIES;
use sqlx::postgres::PgPool;
use store::Store;
use store::staging::{StagedRows, Staging};

const MANY: i64 = 2_100;

fn records() -> Vec<Record> {
    let code = |serial| format!("RS-70327-{serial:05}");
    (0..MANY)
        .map(|serial| {
            let texts = [("code", &*code(serial)), ("name", "x")];
            record(&FACILITIES, &texts, point(22.1, 44.07))
        })
        .collect()
}

async fn guards(pool: &PgPool) -> Vec<String> {
    let sql = "select indexdef from pg_indexes where tablename = 'facility' union all \
               select conname || pg_get_constraintdef(oid) from pg_constraint \
               where conrelid = 'facility'::regclass order by 1";
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

async fn count(pool: &PgPool) -> i64 {
    let counted = sqlx::query_scalar("select count(*) from facility");
    counted.fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_empty_table_has_its_indexes_and_references_again_once_filled(pool: PgPool) {
    let before = guards(&pool).await;
    assert!(before.len() > 8, "{before:?}");
    let store = Store::over(pool.clone());
    publish(&store, records(), "2026-01-01T00:00:00Z").await;
    assert_eq!((guards(&pool).await, count(&pool).await), (before, MANY));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_large_file_is_listed_by_what_is_notable(pool: PgPool) {
    let store = Store::over(pool);
    let mut staging = Staging::begin(&store, &FACILITIES).await.unwrap();
    let batch: Vec<_> = (1..).zip(records()).collect();
    for part in 0..5 {
        let moved = batch.iter().cloned().map(|(row, mut one)| {
            let code = format!("RS-70327-{:05}", row + part * MANY);
            one.set("code", domain::Value::Text(code));
            (row + part * MANY, one)
        });
        staging
            .append(vec![StagedRows::of(&FACILITIES, moved)])
            .await
            .unwrap();
    }
    let compared = staging.compare(&[7, 9_000]).await.unwrap();
    let rows: Vec<i64> = compared.records.iter().map(|one| one.row).collect();
    assert_eq!(
        (compared.new, rows),
        (5 * MANY.unsigned_abs(), vec![7, 9_000])
    );
    assert!(
        staging
            .publish(&revision("2026-01-01T00:00:00Z"))
            .await
            .unwrap()
            .is_some()
    );
}

/// Whoever reads the empty table is not made to wait: the indexes stay where they are.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_table_that_is_being_read_is_filled_all_the_same(pool: PgPool) {
    let mut reader = pool.begin().await.unwrap();
    sqlx::query("select count(*) from facility")
        .fetch_one(&mut *reader)
        .await
        .unwrap();
    let store = Store::over(pool.clone());
    publish(&store, records(), "2026-01-01T00:00:00Z").await;
    assert_eq!(count(&pool).await, MANY);
    reader.rollback().await.unwrap();
}
