//! The kinds of problems.

use domain::{Lang, Text};
use serde_json::{Map, Value, json};

use super::get;
use crate::context::{HTML, JSON};
use crate::problem::kinds::KINDS;

const TITLE: Text = Text::new("Врсте проблема", "Kinds of problems");
const ONE: Text = Text::new("Врста проблема", "A kind of problem");

/// The list and each of them.
pub fn paths(lang: Lang) -> Map<String, Value> {
    let types = &[JSON.media_type, HTML.media_type];
    let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
    let kind = json!({
        "name": "kind", "in": "path", "required": true, "description": ONE.get(lang),
        "schema": { "type": "string", "enum": names },
    });
    let list = get(lang, "problems", &TITLE.get(lang), types, &[]);
    let one = get(lang, "problem", &ONE.get(lang), types, &[kind]);
    [("/problems", list), ("/problems/{kind}", one)]
        .map(|(path, item)| (path.to_owned(), item))
        .into_iter()
        .collect()
}
