//! The versions of a feature, the provenance of its values, and the list of revisions.

use crate::common::{fields, moment, point, publish, record};
use domain::Record;
use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES};
use sqlx::postgres::PgPool;
use store::Store;
use store::history::Version;
use store::items::Period;
use store::revision::{RevisionPage, RevisionSelection};

use crate::common::around;

pub const CODE: &str = "RS-70327-001";

/// A facility with a few values; an empty text is an unknown one.
pub fn facility(texts: &[(&str, &str)]) -> Record {
    let mut all = vec![("code", CODE)];
    all.extend(texts);
    record(&FACILITIES, &all, point(22.1, 44.08))
}

/// Removes a feature as an editor does; answers the revision.
pub async fn remove(pool: &PgPool, table: &str, layer: &str, id: i64, made_at: &str) -> i64 {
    let mut transaction = pool.begin().await.unwrap();
    let revision: i64 = sqlx::query_scalar(
        "insert into revision (made_at, author, means, layer) \
         values ($1, 'editor', 'sign_in', $2) returning id",
    )
    .bind(moment(made_at))
    .bind(layer)
    .fetch_one(&mut *transaction)
    .await
    .unwrap();
    let sql = format!(
        "select set_config('cadastre.revision', '{revision}', true); \
         delete from {table} where id = {id}"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    revision
}

/// A facility that is named, closed, surveyed and removed.
pub async fn with_past(pool: &PgPool) -> Store {
    let store = Store::over(pool.clone());
    let steps = [
        facility(&[("name", "Јаловиште"), ("status", "operating")]),
        facility(&[("name", "Јаловиште"), ("status", "closed")]),
        record(
            &FACILITY_OUTLINES,
            &[("code", CODE), ("name", "Поље")],
            around(22.1, 44.08),
        ),
    ];
    for (day, step) in (1..).zip(steps) {
        publish(&store, vec![step], &format!("2026-01-{day:02}T00:00:00Z")).await;
    }
    remove(pool, "facility", "facilities", 1, "2026-01-04T00:00:00Z").await;
    store
}

fn told(versions: &[Version]) -> Vec<(i64, Option<i64>, Option<i64>, String)> {
    let told = versions.iter().map(|version| {
        let name = format!("{:?}", version.feature.value("name").unwrap());
        (
            version.revision,
            version.ended_by,
            version.removed_by(),
            name,
        )
    });
    told.collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn versions_are_told_the_latest_first_also_of_a_removed_feature(pool: PgPool) {
    let store = with_past(&pool).await;
    let all = fields(&FACILITIES);
    let versions = store.versions(&FACILITIES, all, 1, None, 10).await.unwrap();
    let named = |name: &str| format!("Text({name:?})");
    let expected = [
        (3, Some(4), Some(4), named("Поље")),
        (2, Some(3), None, named("Јаловиште")),
        (1, Some(2), None, named("Јаловиште")),
    ];
    assert_eq!(told(&versions), expected);
    let older = store
        .versions(&FACILITIES, all, 1, Some(3), 1)
        .await
        .unwrap();
    assert_eq!(told(&older), expected[1..2]);
    // Of the layer of outlines it is from the revision that brought the outline.
    let outlines = store
        .versions(&FACILITY_OUTLINES, all, 1, None, 10)
        .await
        .unwrap();
    assert_eq!(told(&outlines), expected[..1]);
    let other = store
        .versions(&DAMS, fields(&DAMS), 1, None, 10)
        .await
        .unwrap();
    assert!(other.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn each_value_names_the_revision_it_comes_from(pool: PgPool) {
    let store = Store::over(pool.clone());
    publish(
        &store,
        vec![facility(&[("name", "А"), ("status", "operating")])],
        "2026-01-01T00:00:00Z",
    )
    .await;
    publish(
        &store,
        vec![facility(&[("name", "А"), ("status", "closed")])],
        "2026-01-02T00:00:00Z",
    )
    .await;
    let all = fields(&FACILITIES);
    let found = store
        .provenance(&FACILITIES, all, 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        ["name", "status", "location"].map(|field| found.revision_of(field)),
        [1, 2, 1]
    );
    remove(&pool, "facility", "facilities", 1, "2026-01-04T00:00:00Z").await;
    assert!(
        store
            .provenance(&FACILITIES, all, 1)
            .await
            .unwrap()
            .is_none()
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn revisions_are_selected_by_layer_author_and_time(pool: PgPool) {
    let store = with_past(&pool).await;
    let by = |selection: RevisionSelection, before, limit| {
        let store = store.clone();
        async move {
            let page = RevisionPage { before, limit };
            let found = store.revisions(&selection, page).await.unwrap();
            found.iter().map(|one| one.id).collect::<Vec<_>>()
        }
    };
    let all = RevisionSelection::default;
    assert_eq!(by(all(), None, 10).await, [4, 3, 2, 1]);
    assert_eq!(by(all(), Some(4), 2).await, [3, 2]);
    let layer = Some(&FACILITY_OUTLINES);
    assert_eq!(
        by(RevisionSelection { layer, ..all() }, None, 10).await,
        [3]
    );
    let author = Some("editor".to_owned());
    assert_eq!(
        by(RevisionSelection { author, ..all() }, None, 10).await,
        [4]
    );
    let made = Some(Period {
        from: Some(moment("2026-01-02T00:00:00Z")),
        until: Some(moment("2026-01-03T00:00:00Z")),
    });
    assert_eq!(
        by(RevisionSelection { made, ..all() }, None, 10).await,
        [3, 2]
    );
    let file = &store.revisions_of(&[4]).await.unwrap()[0];
    assert_eq!(
        (file.means.code(), file.layer.id),
        ("sign_in", "facilities")
    );
}
