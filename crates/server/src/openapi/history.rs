//! The resources that tell what changed.

use domain::{Lang, Layer, Text};
use serde_json::{Map, Value, json};

use super::{get, reference};
use crate::changes::{self, EVENTS, LONGEST_WAIT_S};
use crate::context::{HTML, JSON};
use crate::history;
use crate::revisions;

fn query(name: &str, description: Text, lang: Lang, schema: &Value) -> Value {
    json!({
        "name": name, "in": "query", "required": false,
        "description": description.get(lang), "schema": schema,
    })
}

fn limit(lang: Lang, default: u32, maximum: u32) -> Value {
    const LIMIT: Text = Text::new("Највише толико у одговору", "At most so many in an answer");
    let schema = json!({
        "type": "integer", "minimum": 1, "maximum": maximum, "default": default,
    });
    query("limit", LIMIT, lang, &schema)
}

fn before(lang: Lang) -> Value {
    const BEFORE: Text = Text::new(
        "Само раније од ове ревизије",
        "Only what is earlier than this revision",
    );
    query(
        "before",
        BEFORE,
        lang,
        &json!({ "type": "integer", "format": "int64" }),
    )
}

fn layer(lang: Lang) -> Value {
    const LAYER: Text = Text::new("Само овог слоја", "Only of this layer");
    let ids: Vec<_> = domain::layers::LAYERS
        .iter()
        .map(|layer| layer.id)
        .collect();
    query(
        "layer",
        LAYER,
        lang,
        &json!({ "type": "string", "enum": ids }),
    )
}

/// The history of a feature and the provenance of its values.
pub fn layer_paths(lang: Lang, layer: &Layer, paths: &mut Map<String, Value>) {
    const HISTORY: Text = Text::new(
        "Шта се догађало са објектом, најновије прво",
        "What happened to a feature, the latest first",
    );
    const PROVENANCE: Text = Text::new(
        "Која је ревизија уписала коју вредност",
        "Which revision wrote which value",
    );
    let path = format!("/collections/{}/items/{{featureId}}", layer.id);
    let types = &[JSON.media_type, HTML.media_type];
    let id = reference("featureId");
    let paged = limit(lang, history::DEFAULT_LIMIT, history::MAXIMUM_LIMIT);
    let parameters = [id.clone(), before(lang), paged];
    let operation = format!("history_{}", layer.id);
    let of_history = get(lang, &operation, &HISTORY.get(lang), types, &parameters);
    paths.insert(format!("{path}/history"), of_history);
    let operation = format!("provenance_{}", layer.id);
    let of_values = get(lang, &operation, &PROVENANCE.get(lang), types, &[id]);
    paths.insert(format!("{path}/provenance"), of_values);
}

/// Revisions and the feed of changes.
pub fn paths(lang: Lang) -> Map<String, Value> {
    const REVISIONS: Text = Text::new("Ревизије, најновије прво", "Revisions, the latest first");
    const REVISION: Text = Text::new("Шта је ревизија изменила", "What a revision changed");
    const AUTHOR: Text = Text::new("Само овог аутора", "Only of this author");
    const AFTER: Text = Text::new(
        "Само објекти после ове ознаке",
        "Only features after this id",
    );
    let types = &[JSON.media_type, HTML.media_type];
    let paged = || limit(lang, revisions::DEFAULT_LIMIT, history::MAXIMUM_LIMIT);
    let author = query("author", AUTHOR, lang, &json!({ "type": "string" }));
    let list = [
        layer(lang),
        author,
        reference("datetime"),
        before(lang),
        paged(),
    ];
    let number = json!({
        "name": "revision", "in": "path", "required": true,
        "schema": { "type": "integer", "format": "int64" },
    });
    let after = query(
        "after",
        AFTER,
        lang,
        &json!({ "type": "integer", "format": "int64" }),
    );
    let one = [number, after, paged()];
    let mut paths = Map::new();
    let list = get(lang, "revisions", &REVISIONS.get(lang), types, &list);
    paths.insert("/revisions".to_owned(), list);
    let one = get(lang, "revision", &REVISION.get(lang), types, &one);
    paths.insert("/revisions/{revision}".to_owned(), one);
    paths.insert("/changes".to_owned(), feed(lang));
    paths
}

fn feed(lang: Lang) -> Value {
    const CHANGES: Text = Text::new(
        "Све промене регистра по реду, за копије",
        "All changes of the register in their order, for mirrors",
    );
    const SINCE: Text = Text::new(
        "После ове ревизије, или место из везе next; без њега од почетка",
        "After this revision, or the place of the link next; without it from the beginning",
    );
    const WAIT: Text = Text::new(
        "Ако промена нема, чека их највише толико секунди",
        "Where there are no changes, wait for some at most so many seconds",
    );
    let wait = json!({ "type": "integer", "minimum": 0, "maximum": LONGEST_WAIT_S, "default": 0 });
    let place = json!({ "type": "string", "pattern": "^[0-9]+(:[a-z0-9_]+:-?[0-9]+)?$" });
    let parameters = [
        query("since", SINCE, lang, &place),
        layer(lang),
        query("wait", WAIT, lang, &wait),
        limit(lang, changes::DEFAULT_LIMIT, changes::MAXIMUM_LIMIT),
    ];
    let types = &[JSON.media_type, EVENTS.media_type];
    get(lang, "changes", &CHANGES.get(lang), types, &parameters)
}
