//! Searching for words in names: the function of the database that has an index for each large layer.

use domain::layer::Layer;
use domain::search::Search;

use super::{Builder, join};

/// Adds the condition that the names have the words of a term in their order (OGC API Features 9,
/// `q-response`), or words that begin like them.
pub(super) fn finds(sql: &mut Builder, layer: &Layer, search: &Search) {
    sql.push(format_args!(
        " and {} @@ to_tsquery('simple', ",
        words(layer)
    ))
    .push_bind(query(search))
    .push(")");
}

/// Adds how well the names fit: the words near one another, and not much else, fit best.
pub(super) fn rank(sql: &mut Builder, layer: &Layer, search: &Search) {
    sql.push(format_args!(
        "ts_rank_cd({}, to_tsquery('simple', ",
        words(layer)
    ))
    .push_bind(query(search))
    .push("), 1)::double precision");
}

/// The words of all names, as the index has them.
fn words(layer: &Layer) -> String {
    let fields = layer.searched_fields();
    let texts = fields.map(|field| format!("coalesce({}, '')", field.name));
    format!("search_words({})", join(texts, " || ' ' || "))
}

/// Letters and digits only, so nothing of it means anything else to the database.
fn query(search: &Search) -> String {
    let term = |words: &Vec<String>| {
        let words = words.iter().map(|word| format!("{word}:*"));
        format!("({})", join(words, " <-> "))
    };
    join(search.terms().iter().map(term), " | ")
}
