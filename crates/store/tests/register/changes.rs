//! The feed of changes: complete and in order, however it is cut.

use std::collections::BTreeMap;

use crate::common::{ALL, around, fields, point, publish, record};
use crate::history::{facility, remove, with_past};
use domain::layer::Access;
use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES, LAYERS};
use domain::{Layer, Record};
use futures_util::StreamExt;
use sqlx::postgres::PgPool;
use store::Store;
use store::changes::{Act, Position};
use store::feature::Feature;
use store::items::Selection;

const START: Position = Position {
    revision: 0,
    within: None,
};

fn shown(feature: &Feature) -> String {
    let public = feature.values().map(|pair| pair.unwrap());
    let public = public.filter(|(field, _)| field.is_public());
    let values: Vec<_> = public.map(|(field, value)| (field.name, value)).collect();
    format!("{:?} {values:?}", feature.ewkb().unwrap())
}

type Copy = BTreeMap<(&'static str, i64), String>;

/// What a mirror has that follows the feed in parts of `limit` features.
async fn mirrored(store: &Store, only: Option<&'static Layer>, limit: u32) -> Copy {
    let (mut copy, mut position, mut last) = (Copy::new(), START, 0);
    loop {
        let feed = store
            .feed(position, only, Access::Public, limit)
            .await
            .unwrap();
        let in_part: usize = feed
            .revisions
            .iter()
            .map(|(_, changes)| changes.len())
            .sum();
        assert!(in_part <= usize::try_from(limit).unwrap());
        for (revision, changes) in &feed.revisions {
            assert!(revision.id >= last);
            last = revision.id;
            for (layer, change) in changes {
                let key = (layer.id, change.id);
                let known = match change.act() {
                    Act::Deleted => copy.remove(&key),
                    Act::Inserted | Act::Updated => {
                        copy.insert(key, shown(change.after.as_ref().unwrap()))
                    }
                };
                assert_eq!(known.is_some(), change.act() != Act::Inserted, "{key:?}");
            }
        }
        position = feed.reached.to_string().parse().unwrap();
        if !feed.more {
            return copy;
        }
    }
}

async fn register(store: &Store) -> Copy {
    let mut copy = Copy::new();
    for layer in LAYERS.iter().copied() {
        let items = store.items(layer, fields(layer), &Selection::default(), &ALL);
        let mut items = std::pin::pin!(items);
        while let Some(feature) = items.next().await {
            let feature = feature.unwrap();
            copy.insert((layer.id, feature.id().unwrap()), shown(&feature));
        }
    }
    copy
}

fn several(layer: &'static Layer, serials: std::ops::Range<u32>, remarks: &str) -> Vec<Record> {
    let one = |serial: u32| {
        let code = format!("RS-70327-{serial:03}");
        let texts = [("code", &*code), ("name", "x"), ("remarks", remarks)];
        let east = 22.0 + f64::from(serial) / 100.0;
        let place = if layer.geometry_column == "outline" {
            around(east, 44.0)
        } else {
            point(east, 44.0)
        };
        record(layer, &texts, place)
    };
    serials.map(one).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_mirror_that_follows_the_feed_has_the_same_rows(pool: PgPool) {
    let store = with_past(&pool).await;
    publish(
        &store,
        several(&FACILITIES, 2..9, "a"),
        "2026-02-01T00:00:00Z",
    )
    .await;
    publish(
        &store,
        several(&FACILITY_OUTLINES, 4..12, "b"),
        "2026-02-02T00:00:00Z",
    )
    .await;
    let dam = [("code", "RS-70327-002-D1"), ("facility", "RS-70327-002")];
    publish(
        &store,
        vec![record(&DAMS, &dam, None)],
        "2026-02-03T00:00:00Z",
    )
    .await;
    remove(&pool, "facility", "facilities", 5, "2026-02-04T00:00:00Z").await;
    publish(
        &store,
        several(&FACILITIES, 3..6, "c"),
        "2026-02-05T00:00:00Z",
    )
    .await;
    let register = register(&store).await;
    assert!(register.len() > 15);
    for limit in [1, 2, 3, 7, 1_000] {
        assert_eq!(mirrored(&store, None, limit).await, register, "{limit}");
    }
    let of_outlines = mirrored(&store, Some(&FACILITY_OUTLINES), 3).await;
    let mut expected = register;
    expected.retain(|(layer, _), _| *layer == FACILITY_OUTLINES.id);
    assert_eq!(of_outlines, expected);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_a_revision_changed_is_told_with_what_was_before(pool: PgPool) {
    let store = with_past(&pool).await;
    let fields = domain::layers::public_fields(&FACILITIES);
    let acts = |layer: &'static Layer, revision| {
        let store = store.clone();
        async move {
            let changes = store
                .changes(layer, [fields, fields], revision, None, 10)
                .await
                .unwrap();
            let acts: Vec<_> = changes.iter().map(store::changes::Change::act).collect();
            acts
        }
    };
    assert_eq!(acts(&FACILITIES, 1).await, [Act::Inserted]);
    assert_eq!(acts(&FACILITIES, 3).await, [Act::Updated]);
    assert_eq!(acts(&FACILITY_OUTLINES, 2).await, []);
    assert_eq!(acts(&FACILITY_OUTLINES, 3).await, [Act::Inserted]);
    assert_eq!(acts(&FACILITY_OUTLINES, 4).await, [Act::Deleted]);
}

/// Numbers are drawn in the order in which revisions take effect, so that nobody who has read one of
/// them misses an earlier one that ends later.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn revisions_take_effect_in_the_order_of_their_numbers(pool: PgPool) {
    let store = Store::over(pool.clone());
    let mut slow = pool.begin().await.unwrap();
    let made = "insert into revision (made_at, author, means, layer) \
                values (now(), 'slow', 'command', 'facilities') returning id";
    let first: i64 = sqlx::query_scalar(made)
        .fetch_one(&mut *slow)
        .await
        .unwrap();
    let (published, ended) = tokio::join!(
        publish(
            &store,
            vec![facility(&[("name", "x")])],
            "2026-01-01T00:00:00Z"
        ),
        async {
            let seen = store.feed(START, None, Access::Public, 10).await.unwrap();
            assert!(seen.revisions.is_empty());
            slow.commit().await
        }
    );
    ended.unwrap();
    assert_eq!((first, published.1), (1, Some(2)));
    assert_eq!(
        store
            .feed(START, None, Access::Public, 10)
            .await
            .unwrap()
            .reached
            .revision,
        2
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn whoever_waits_hears_of_a_revision(pool: PgPool) {
    let store = Store::over(pool.clone());
    let mut heard = store.heard();
    // The first sign is that it is listened.
    heard.changed().await.unwrap();
    let (told, _) = tokio::join!(
        heard.changed(),
        publish(
            &store,
            vec![facility(&[("name", "x")])],
            "2026-01-01T00:00:00Z"
        )
    );
    told.unwrap();
    // Cut off, it listens again and says that something may have been missed.
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity \
               where datname = current_database() and query like 'LISTEN%'";
    let cut = sqlx::query(cut).execute(&pool).await.unwrap();
    assert_eq!(cut.rows_affected(), 1);
    heard.changed().await.unwrap();
}
