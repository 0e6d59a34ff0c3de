//! Pages in any order, forwards and backwards.

use std::cmp::Ordering;
use std::time::Duration;

use crate::common::{fields, publish, record};
use domain::layers::FACILITIES;
use domain::text::Folding;
use domain::value::Value;
use domain::{Field, Layer};
use futures_util::TryStreamExt;
use sqlx::postgres::PgPool;
use store::Store;
use store::feature::Feature;
use store::items::Selection;
use store::paging::{Direction, Key, Page, Position, SortKey, Start};

/// Forty facilities: every third without a volume, several of the same volume, names in both scripts, some
/// without a status.
async fn forty(store: &Store) {
    const NAMES: [&str; 5] = ["Жагубица", "žagubica", "Бор", "Ćuprija", "Ђердап"];
    const STATUSES: [&str; 4] = ["operating", "", "closed", "abandoned"];
    let records = (0..40_usize).map(|at| {
        let code = format!("RS-70327-{:03}", 40 - at);
        let volume = if at % 3 == 0 {
            String::new()
        } else {
            ((at * 7) % 5 * 1000).to_string()
        };
        let name = NAMES[at % 5];
        let mine = if at % 4 == 1 { "" } else { name };
        let day = if at % 6 == 0 { "" } else { "2020-05-01" };
        let texts = [
            ("code", code.as_str()),
            ("name", name),
            ("mine", mine),
            ("status", STATUSES[at % 4]),
            ("volume_m3", volume.as_str()),
            ("surveyed_on", day),
        ];
        record(&FACILITIES, &texts, None)
    });
    publish(store, records.collect(), "2026-01-01T00:00:00Z").await;
}

fn order(sortby: &str) -> Vec<SortKey> {
    let keys = sortby.split(',').filter(|key| !key.is_empty());
    let key = |text: &str| {
        let name = text.trim_start_matches('-');
        let direction = if text == name {
            Direction::Ascending
        } else {
            Direction::Descending
        };
        SortKey {
            key: Key::Field(FACILITIES.field(name).unwrap()),
            direction,
        }
    };
    keys.map(key).collect()
}

async fn page(store: &Store, layer: &'static Layer, page: &Page) -> Vec<Feature> {
    let everything = Selection::default();
    let features = store
        .items_in_order(layer, fields(layer), &everything, page)
        .await;
    features.try_collect().await.unwrap()
}

fn ids(features: &[Feature]) -> Vec<i64> {
    features
        .iter()
        .map(|feature| feature.id().unwrap())
        .collect()
}

/// The order worked out in memory, by the rules alone.
fn compare(order: &[SortKey], one: &Feature, other: &Feature) -> Ordering {
    let fields = order.iter().map(|key| match key.key {
        Key::Field(field) => (field, key.direction),
        Key::Rank => panic!("no field"),
    });
    let descending = |direction| direction == Direction::Descending;
    let by_values = fields
        .map(|(field, direction)| {
            let pair = (value(one, field), value(other, field));
            match pair {
                (None, None) => Ordering::Equal,
                (None, _) => Ordering::Greater,
                (_, None) => Ordering::Less,
                (Some(one), Some(other)) if descending(direction) => {
                    other.partial_cmp(&one).unwrap()
                }
                (Some(one), Some(other)) => one.partial_cmp(&other).unwrap(),
            }
        })
        .find(|ordering| *ordering != Ordering::Equal);
    let by_id = one.id().unwrap().cmp(&other.id().unwrap());
    let backwards = order.first().is_some_and(|key| descending(key.direction));
    by_values.unwrap_or(if backwards { by_id.reverse() } else { by_id })
}

/// What comes first comes smaller: a number, else a text without case, script and accents.
fn value(feature: &Feature, field: &Field) -> Option<(f64, String)> {
    match feature.value(field.name).unwrap().to_value() {
        Value::Unknown => None,
        Value::Number(number) => Some((number, String::new())),
        Value::Text(text) => Some((0.0, Folding::Accents.fold(&text))),
        other => Some((0.0, other.to_string())),
    }
}

const ORDERS: [&str; 11] = [
    "",
    "volume_m3",
    "-volume_m3",
    "name",
    "-name",
    "mine",
    "-mine",
    "-code",
    "-volume_m3,name",
    "status,-surveyed_on,-mine",
    "-name,volume_m3",
];

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_of_any_order_are_that_order_cut_in_parts(pool: PgPool) {
    let store = Store::over(pool);
    forty(&store).await;
    for sortby in ORDERS {
        let order = order(sortby);
        let mut all = page(&store, &FACILITIES, &Page::first(100)).await;
        all.sort_by(|one, other| compare(&order, one, other));
        let expected = ids(&all);
        for limit in [1, 7, 40] {
            let first = Page {
                order: order.clone(),
                ..Page::first(limit)
            };
            let forwards = walk(&store, &first, Start::After).await;
            assert_eq!(forwards, expected, "{sortby} by {limit}");
            let backwards = walk(&store, &last(&store, &first).await, Start::Before).await;
            assert_eq!(backwards[..], expected[..39], "{sortby} back by {limit}");
        }
        let skipped = Page {
            order,
            offset: 11,
            ..Page::first(20)
        };
        assert_eq!(
            ids(&page(&store, &FACILITIES, &skipped).await),
            expected[11..31],
            "{sortby}"
        );
    }
}

/// The page that ends before the last feature of all.
async fn last(store: &Store, first: &Page) -> Page {
    let all = Page {
        limit: 100,
        ..first.clone()
    };
    let features = page(store, &FACILITIES, &all).await;
    let place = features[39].position(&first.order).unwrap();
    Page {
        start: Start::Before(place),
        ..first.clone()
    }
}

/// The ids of page after page, in order, whichever way they are met.
async fn walk(store: &Store, from: &Page, follow: fn(Position) -> Start) -> Vec<i64> {
    let (mut asked, mut seen) = (from.clone(), Vec::new());
    loop {
        let features = page(store, &FACILITIES, &asked).await;
        let backward = asked.start.is_backward();
        let edge = if backward {
            features.first()
        } else {
            features.last()
        };
        let Some(edge) = edge else { return seen };
        let at = if backward { 0 } else { seen.len() };
        seen.splice(at..at, ids(&features));
        asked.start = follow(edge.position(&asked.order).unwrap());
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn counting_ends_with_its_time(pool: PgPool) {
    let store = Store::over(pool.clone());
    forty(&store).await;
    let everything = Selection::default();
    let counted = store
        .count_within(&FACILITIES, &everything, Duration::from_secs(30))
        .await;
    assert_eq!(counted.unwrap(), Some(40));
    // Somebody holds the table: no count ends before they let it go.
    let mut holding = pool.begin().await.unwrap();
    sqlx::query("lock table facility in access exclusive mode")
        .execute(&mut *holding)
        .await
        .unwrap();
    let counted = store
        .count_within(&FACILITIES, &everything, Duration::from_millis(20))
        .await;
    assert_eq!(counted.unwrap(), None);
    holding.rollback().await.unwrap();
    // The limit was that count's alone.
    let timeout: String = sqlx::query_scalar("show statement_timeout")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(timeout, "0");
}
