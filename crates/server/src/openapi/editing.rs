//! The operations that change features.

use domain::code_list::Coded as _;
use domain::edit::EditAction;
use domain::{Lang, Layer, Text};
use importer::edit::MOST_EDITS;
use serde_json::{Map, Value, json};

use super::reference;
use crate::crs::ServedCrs;
use crate::editing::is_edited;

const SOURCE: Text = Text::new(
    "Доказ: навод извештаја, премера или другог извора",
    "The evidence: a citation of the report, survey or other source",
);
const COMMENT: Text = Text::new("Зашто, својим речима", "Why, in your words");
const CONTENT_CRS: Text = Text::new(
    "Координатни систем послатих координата, као <URI>; без њега CRS84",
    "The reference system of the coordinates sent, as <URI>; without it CRS84",
);
const IF_MATCH: Text = Text::new(
    "ETag прочитаног објекта: измена важи само ако је он још такав",
    "The ETag of the feature as it was read: the edit counts only if that is still its state",
);
const FEATURE: Text = Text::new("Објекат какав је сада", "The feature as it is now");
const GONE: Text = Text::new("Објекат је уклоњен", "The feature is removed");
const WAITS: Text = Text::new(
    "Измена чека преглед; Location је њено место међу слањима",
    "The edit waits for review; Location is its place among the uploads",
);
const MADE: Text = Text::new(
    "Ревизија, и за сваку измену ознака објекта",
    "The revision, and of each edit the id of its feature",
);

/// One operation on a feature or all of them.
struct Operation {
    action: EditAction,
    method: &'static str,
    /// The path after the layer's.
    path: &'static str,
    name: &'static str,
    summary: Text,
    /// The media types of what is sent.
    takes: &'static [&'static str],
    status: &'static str,
    answer: Text,
}

const OPERATIONS: [Operation; 4] = [
    Operation {
        action: EditAction::Insert,
        method: "post",
        path: "items",
        name: "create",
        summary: Text::new("Додаје објекат", "Adds a feature"),
        takes: &["application/geo+json"],
        status: "201",
        answer: FEATURE,
    },
    Operation {
        action: EditAction::Replace,
        method: "put",
        path: "items/{featureId}",
        name: "replace",
        summary: Text::new(
            "Замењује све што објекат јавно каже",
            "Replaces all that a feature says publicly",
        ),
        takes: &["application/geo+json"],
        status: "200",
        answer: FEATURE,
    },
    Operation {
        action: EditAction::Update,
        method: "patch",
        path: "items/{featureId}",
        name: "update",
        summary: Text::new(
            "Мења само оно што је наведено; null значи непознато",
            "Changes only what is said; null means unknown",
        ),
        takes: &["application/merge-patch+json", "application/geo+json"],
        status: "200",
        answer: FEATURE,
    },
    Operation {
        action: EditAction::Delete,
        method: "delete",
        path: "items/{featureId}",
        name: "remove",
        summary: Text::new("Уклања објекат", "Removes a feature"),
        takes: &[],
        status: "204",
        answer: GONE,
    },
];

/// Adds the operations of a layer to its paths.
pub fn add(lang: Lang, layers: &[&Layer], paths: &mut Map<String, Value>) {
    for layer in layers.iter().filter(|layer| is_edited(layer)) {
        let base = format!("/collections/{}", layer.id);
        let taken = OPERATIONS.iter().filter(|one| layer.takes(one.action));
        for operation in taken {
            let path = paths
                .entry(format!("{base}/{}", operation.path))
                .or_insert_with(|| json!({}));
            path[operation.method] = operation.described(lang, layer);
        }
        paths.insert(format!("{base}/transactions"), batch(lang, layer));
    }
}

impl Operation {
    fn described(&self, lang: Lang, layer: &Layer) -> Value {
        let mut parameters = about();
        if self.action != EditAction::Insert {
            parameters.push(reference("featureId"));
            let header = header("If-Match", IF_MATCH, lang, &json!({ "type": "string" }));
            parameters.push(required(header, layer.demands_if_match));
        }
        let mut operation = json!({
            "operationId": format!("{}_{}", self.name, layer.id),
            "summary": self.summary.get(lang),
            "parameters": parameters,
            "security": signed_in(),
            "responses": responses(lang, self.status, self.answer),
        });
        if self.action == EditAction::Insert && layer.is_matched_without_code() {
            operation["description"] = json!(CODE_IS_GIVEN.get(lang));
        }
        if !self.takes.is_empty() {
            let schema = json!({ "schema": { "type": "object" } });
            let content: Map<_, _> = self
                .takes
                .iter()
                .map(|media_type| ((*media_type).to_owned(), schema.clone()))
                .collect();
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        if self.status != "204" {
            let content = json!({ "schema": { "$ref": "#/components/schemas/feature" } });
            operation["responses"][self.status]["content"] =
                json!({ "application/geo+json": content });
        }
        operation
    }
}

fn batch(lang: Lang, layer: &Layer) -> Value {
    const SUMMARY: Text = Text::new(
        "Више измена слоја, све у једној ревизији или ниједна",
        "Several edits of the layer, all in one revision or none",
    );
    let actions: Vec<_> = EditAction::LIST
        .entries
        .iter()
        .map(|one| one.code)
        .collect();
    let edit = json!({
        "type": "object",
        "required": ["action"],
        "properties": {
            "action": { "type": "string", "enum": actions },
            "id": { "type": "integer" },
            "ifMatch": { "type": "string" },
            "feature": { "type": "object" },
        },
        "additionalProperties": false,
    });
    let document = json!({
        "type": "object",
        "required": ["edits"],
        "properties": {
            "crs": { "type": "string" },
            "edits": { "type": "array", "minItems": 1, "maxItems": MOST_EDITS, "items": edit },
        },
        "additionalProperties": false,
    });
    let mut responses = responses(lang, "200", MADE);
    responses["200"]["content"] = json!({ "application/json": { "schema": { "type": "object" } } });
    json!({ "post": {
        "operationId": format!("transact_{}", layer.id),
        "summary": SUMMARY.get(lang),
        "parameters": about(),
        "security": signed_in(),
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": document } },
        },
        "responses": responses,
    }})
}

const CODE_IS_GIVEN: Text = Text::new(
    "Објекат без шифре добија следећу слободну своје општине: оне која је наведена, или оне у којој лежи.",
    "A feature without a code gets the next free one of its municipality: the one that it says, or the one \
     in which it lies.",
);

/// What every edit may say.
fn about() -> Vec<Value> {
    ["source", "comment", "Content-Crs", "lang"]
        .map(reference)
        .into()
}

/// The parameters that the operations share, by name.
pub fn parameters(lang: Lang) -> Map<String, Value> {
    let text = json!({ "type": "string", "maxLength": 2_000 });
    let query = |name: &str, description: Text| {
        json!({
            "name": name, "in": "query", "required": false,
            "description": description.get(lang), "schema": text,
        })
    };
    let served: Vec<_> = ServedCrs::all()
        .map(|crs| format!("<{}>", crs.uri()))
        .collect();
    let crs = json!({ "type": "string", "enum": served });
    let shared = [
        ("source", query("source", SOURCE)),
        ("comment", query("comment", COMMENT)),
        (
            "Content-Crs",
            required(header("Content-Crs", CONTENT_CRS, lang, &crs), false),
        ),
    ];
    shared
        .map(|(name, one)| (name.to_owned(), one))
        .into_iter()
        .collect()
}

fn header(name: &str, description: Text, lang: Lang, schema: &Value) -> Value {
    json!({
        "name": name, "in": "header", "description": description.get(lang), "schema": schema,
    })
}

fn required(mut parameter: Value, is_required: bool) -> Value {
    parameter["required"] = json!(is_required);
    parameter
}

fn signed_in() -> Value {
    json!([{ "basic": [] }, { "bearer": [] }])
}

fn responses(lang: Lang, status: &str, answer: Text) -> Value {
    const PROBLEMS: [&str; 13] = [
        "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429", "500", "503",
    ];
    let mut responses = json!({
        status: { "description": answer.get(lang) },
        "202": {
            "description": WAITS.get(lang),
            "content": { "application/json": { "schema": { "type": "object" } } },
        },
    });
    for status in PROBLEMS {
        responses[status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
    responses
}
