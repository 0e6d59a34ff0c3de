//! Many records into an empty table.

use crate::common::{point, publish, record, revision};
use domain::Record;
use domain::layers::{FACILITIES, FACILITY_OUTLINES};
use geo_types::{Geometry, LineString, MultiPolygon, Polygon};
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

/// Which file of the database holds the table: another one when it was emptied of its indexes.
async fn file(pool: &PgPool) -> i64 {
    let node = sqlx::query_scalar("select pg_relation_filenode('facility')::bigint");
    node.fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_service_fills_an_empty_table_without_its_indexes_too(pool: PgPool) {
    let before = (guards(&pool).await, file(&pool).await);
    let service = Store::over(pool.clone()).as_service(1).await;
    let service = service.unwrap().unwrap();
    publish(&service, records(), "2026-01-01T00:00:00Z").await;
    service.close().await;
    let after = (guards(&pool).await, file(&pool).await);
    assert_eq!((&after.0, count(&pool).await), (&before.0, MANY));
    assert_ne!(after.1, before.1);
    let kept: i64 = sqlx::query_scalar("select count(*) from taken_off")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept, 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn indexes_that_are_taken_off_are_put_back_or_stay(pool: PgPool) {
    let before = guards(&pool).await;
    let off = "select take_off_indexes($1::text::regclass)";
    let mut transaction = pool.begin().await.unwrap();
    sqlx::raw_sql("set local role cadastre_service")
        .execute(&mut *transaction)
        .await
        .unwrap();
    let of_a_layer: bool = sqlx::query_scalar(off)
        .bind("facility")
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    assert!(of_a_layer);
    let refused = transaction.commit().await.unwrap_err().to_string();
    assert!(
        refused.contains("the indexes of facility were not put back"),
        "{refused}"
    );
    assert_eq!(guards(&pool).await, before);
    let other: Result<bool, _> = sqlx::query_scalar(off)
        .bind("submission")
        .fetch_one(&pool)
        .await;
    let refused = other.unwrap_err().to_string();
    assert!(refused.contains("not that of a layer"), "{refused}");
    let store = Store::over(pool.clone());
    publish(&store, records()[..1].to_vec(), "2026-01-01T00:00:00Z").await;
    let of_records: bool = sqlx::query_scalar(off)
        .bind("facility")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(!of_records);
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

/// Rhombi with a notch, none like another.
fn outlines() -> Vec<Record> {
    let outline = |serial: i64| {
        let (x, y) = (
            20.5 + f64::from(i32::try_from(serial).unwrap()) * 1e-4,
            44.0,
        );
        let corners = [
            (0.0, 0.0),
            (0.011, 0.004),
            (0.02, 0.0),
            (0.013, 0.01),
            (0.009, 0.017),
        ];
        let ring: LineString<f64> = corners
            .map(|(east, north)| (x + east, y + north))
            .to_vec()
            .into();
        Geometry::MultiPolygon(MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]))
    };
    let code = |serial| format!("RS-70327-{serial:05}");
    (0..MANY)
        .map(|serial| {
            let texts = [("code", &*code(serial)), ("name", "x")];
            record(&FACILITY_OUTLINES, &texts, Some(outline(serial)))
        })
        .collect()
}

async fn staged(store: &Store, records: Vec<Record>) -> Staging {
    let layer = records[0].layer;
    let mut staging = Staging::begin(store, layer).await.unwrap();
    let rows = StagedRows::of(layer, (1..).zip(records));
    staging.append(vec![rows]).await.unwrap();
    staging.complete().await.unwrap();
    staging
}

/// The database's own point on a surface is the measure of ours.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn outlines_in_an_empty_register_get_their_points_and_states(pool: PgPool) {
    let store = Store::over(pool.clone());
    let mut staging = staged(&store, outlines()).await;
    let compared = staging.compare(&[]).await.unwrap();
    assert_eq!(
        (compared.new, compared.changed, compared.unchanged),
        (2_100, 0, 0)
    );
    let published = staging.publish(&revision("2026-01-01T00:00:00Z")).await;
    let id = published.unwrap().unwrap();
    let farthest: f64 = sqlx::query_scalar(
        "select max(ST_Distance(location, ST_PointOnSurface(outline))) from facility \
         where first_revision = $1 and revision = $1 and ST_Covers(outline, location)",
    )
    .bind(id)
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!(farthest < 1e-12, "{farthest}");
    let states: Vec<(String, i64, i64, i64, f64)> = sqlx::query_as(
        "select layer, feature_count, without_geometry, revision, south from layer_state order by 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let told: Vec<_> = states
        .iter()
        .map(|state| (&*state.0, state.1, state.2, state.3 == id))
        .collect();
    let expected = ["facilities", "facility_outlines"].map(|layer| (layer, MANY, 0, true));
    assert_eq!(told, expected);
    assert!(
        (states[1].4 - 44.0).abs() < 1e-12 && states[0].4 > 44.0,
        "{states:?}"
    );
}

/// The code that stands twice is found when the indexes are put back, after all rows are written.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_failure_at_the_end_leaves_the_register_as_it_was(pool: PgPool) {
    let before = guards(&pool).await;
    let store = Store::over(pool.clone());
    let mut twice = records();
    twice[2_000] = twice[7].clone();
    let mut staging = staged(&store, twice).await;
    staging.compare(&[]).await.unwrap();
    let published = staging.publish(&revision("2026-01-01T00:00:00Z")).await;
    assert!(published.is_err());
    assert_eq!((guards(&pool).await, count(&pool).await), (before, 0));
    let revisions: i64 = sqlx::query_scalar("select count(*) from revision")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(revisions, 0);
}

/// Who looks while it is filled waits for the end, and then sees all of it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_later_reader_sees_nothing_or_all(pool: PgPool) {
    let store = Store::over(pool.clone());
    let mut staging = staged(&store, records()).await;
    staging.compare(&[]).await.unwrap();
    assert_eq!(count(&pool).await, 0);
    let made = revision("2026-01-01T00:00:00Z");
    let (published, seen) = tokio::join!(staging.publish(&made), async {
        loop {
            let seen = count(&pool).await;
            if seen > 0 {
                return seen;
            }
        }
    });
    assert!(published.unwrap().is_some());
    assert_eq!(seen, MANY);
}
