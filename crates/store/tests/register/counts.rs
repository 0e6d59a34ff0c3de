//! Counting what is cheap to count.

use crate::common::{point, publish, record};
use domain::layers::FACILITIES;
use sqlx::postgres::{PgPool, PgPoolOptions};
use store::Store;
use store::items::{Bbox, Selection};

/// Connections for which reading anything is dear.
async fn with_dear_pages(pool: &PgPool) -> PgPool {
    let database: String = sqlx::query_scalar("select current_database()")
        .fetch_one(pool)
        .await
        .unwrap();
    for setting in ["seq_page_cost", "random_page_cost"] {
        let statement = format!("alter database \"{database}\" set {setting} = 100000");
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(pool)
            .await
            .unwrap();
    }
    let options = pool.connect_options().as_ref().clone();
    PgPoolOptions::new().connect_with(options).await.unwrap()
}

/// One plan is right for a small box, so it is counted without asking what that costs.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_dear_to_count_is_not_counted(pool: PgPool) {
    let store = Store::over(pool.clone());
    let texts = [
        ("code", "RS-70327-001"),
        ("name", "А"),
        ("status", "closed"),
    ];
    let facility = record(&FACILITIES, &texts, Some(point(22.0, 44.0)));
    publish(&store, vec![facility], "2026-01-01T00:00:00Z").await;
    let dear = Store::over(with_dear_pages(&pool).await);
    let field = FACILITIES.field("status").unwrap();
    let closed = Selection {
        equal: vec![(field, field.parse("closed").unwrap())],
        ..Selection::default()
    };
    let bbox = |side: f64| Selection {
        bbox: Some(Bbox {
            west: 22.0 - side,
            south: 44.0,
            east: 22.0,
            north: 44.0 + side,
        }),
        ..Selection::default()
    };
    for (selection, when_dear) in [
        (closed, None),
        (bbox(1.0), None),
        (bbox(0.1), Some(1)),
        (Selection::default(), Some(1)),
    ] {
        let cheap = store.count_if_cheap(&FACILITIES, &selection, 10).await;
        assert_eq!(cheap.unwrap(), Some(1), "{selection:?}");
        let found = dear.count_if_cheap(&FACILITIES, &selection, 10).await;
        assert_eq!(found.unwrap(), when_dear, "{selection:?}");
    }
}
