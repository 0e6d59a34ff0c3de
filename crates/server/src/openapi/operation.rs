//! Operations of those who have an account, or want to show that they have one.

use domain::account::Role;
use domain::code_list::Coded as _;
use domain::{Lang, Text};
use serde_json::{Map, Value, json};

use super::content;
use super::{SUCCESS, account, reference};

/// Who may.
#[derive(Clone, Copy)]
pub enum Who {
    /// Everybody.
    Anybody,
    /// Whose role is this or a higher one.
    From(Role),
}

/// A parameter in the query or a header.
pub struct Parameter {
    pub name: &'static str,
    pub place: &'static str,
    pub text: Text,
    /// Its type in JSON Schema.
    pub kind: &'static str,
}

/// An operation.
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub id: &'static str,
    pub summary: Text,
    pub who: Who,
    pub parameters: &'static [Parameter],
    /// The media type of what is sent, and the fields of it with their types; of files there are none.
    pub takes: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    /// The status of success.
    pub status: &'static str,
    /// The media types of the answer.
    pub types: &'static [&'static str],
}

impl Operation {
    /// Adds it to the paths of the document.
    pub fn add(&self, lang: Lang, paths: &mut Map<String, Value>) {
        let item = paths
            .entry(self.path.to_owned())
            .or_insert_with(|| json!({}));
        item[self.method] = self.described(lang);
    }

    fn described(&self, lang: Lang) -> Value {
        let mut responses = json!({
            self.status: { "description": SUCCESS.get(lang), "content": content::of(self.types) },
        });
        let mut refused = vec!["400", "404", "406", "409", "413", "500", "503"];
        if !matches!(self.who, Who::Anybody) || self.method != "get" {
            refused.extend(["401", "403", "429"]);
        }
        for status in refused {
            responses[status] = json!({ "$ref": format!("#/components/responses/{status}") });
        }
        let mut operation = json!({
            "operationId": self.id, "summary": self.summary.get(lang),
            "parameters": self.all_parameters(lang), "responses": responses,
        });
        if let Some(body) = self.body() {
            operation["requestBody"] = body;
        }
        if let Who::From(role) = self.who {
            operation["security"] = account::needed();
            operation["description"] = json!(needed(role, lang));
        }
        operation
    }

    fn all_parameters(&self, lang: Lang) -> Vec<Value> {
        let in_path = self.path.split('/').filter_map(|part| {
            let name = part.strip_prefix('{')?.strip_suffix('}')?;
            let kind = if name == "id" { "integer" } else { "string" };
            Some(json!({
                "name": name, "in": "path", "required": true, "schema": { "type": kind },
            }))
        });
        let others = self.parameters.iter().map(|one| {
            json!({
                "name": one.name, "in": one.place, "required": false,
                "description": one.text.get(lang), "schema": { "type": one.kind },
            })
        });
        let format = content::format_parameter(lang, self.types);
        let all = in_path.chain(others).chain(format);
        all.chain([reference("lang")]).collect()
    }

    fn body(&self) -> Option<Value> {
        let content = self.takes.iter().map(|(media_type, fields)| {
            let schema = if fields.is_empty() {
                json!({ "type": "string", "format": "binary" })
            } else {
                json!({ "type": "object", "properties": members(fields) })
            };
            ((*media_type).to_owned(), json!({ "schema": schema }))
        });
        let content: Map<_, _> = content.collect();
        (!content.is_empty()).then(|| json!({ "required": true, "content": content }))
    }
}

fn members(fields: &[(&str, &str)]) -> Map<String, Value> {
    let members = fields.iter().map(|(name, kind)| {
        let mut schema = json!({ "type": kind });
        if *kind == "binary" {
            schema = json!({ "type": "string", "format": "binary" });
        }
        ((*name).to_owned(), schema)
    });
    members.collect()
}

fn needed(role: Role, lang: Lang) -> String {
    const ACCOUNT: Text = Text::new("За то је потребан налог.", "This needs an account.");
    const ROLE: Text = Text::new("Најнижа улога", "The lowest role");
    if role == Role::Public {
        return ACCOUNT.get(lang).into_owned();
    }
    let title = role.entry().label.get(lang);
    format!("{}: {title} (`{}`).", ROLE.get(lang), role.code())
}
