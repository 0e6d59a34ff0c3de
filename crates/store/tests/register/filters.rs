//! Filters on rows with known answers, as text and as JSON.

mod folding;
mod known;
mod mutated;
mod oracle;
mod periods;
mod random;
mod shapes;

use domain::Layer;
use domain::filter::{Filter, Node, read_json, read_text};
use domain::layer::Access;
use store::Store;
use store::items::Selection;

use crate::common::{ALL, ids};

fn select(layer: &'static Layer, tree: &Node) -> Selection {
    let filter =
        Filter::bind(layer, Access::Public, tree).unwrap_or_else(|wrong| panic!("{tree}: {wrong}"));
    Selection {
        filter: Some(filter),
        ..Selection::default()
    }
}

/// The ids that a filter selects, which are the same in JSON, and as many as are counted.
async fn selected(store: &Store, layer: &'static Layer, text: &str) -> Vec<i64> {
    let tree = read_text(text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
    let of_text = ids(store, layer, &select(layer, &tree), ALL).await;
    let again = read_json(&tree.to_json().to_string()).unwrap();
    let of_json = ids(store, layer, &select(layer, &again), ALL).await;
    assert_eq!(of_text, of_json, "{text}");
    let counted = store.count(layer, &select(layer, &tree), 1_000).await;
    assert_eq!(counted.unwrap(), Some(of_text.len() as u64), "{text}");
    of_text
}

async fn assert_selects(store: &Store, layer: &'static Layer, text: &str, expected: &[i64]) {
    assert_eq!(selected(store, layer, text).await, expected, "{text}");
}
