//! The functions that filters can call beside those of CQL2.

use askama::Template;
use axum::response::Response;
use domain::Text;
use domain::filter::function::{FUNCTIONS, Signature};
use serde_json::{Value, json};

use crate::context::{Context, Format, HTML, JSON};
use crate::error::ApiError;
use crate::landing::{html_response, json_response};
use crate::links::own;
use crate::pages::{Frame, HOME};

const OFFERED: &[Format] = &[JSON, HTML];
/// What they are.
pub const TITLE: Text = Text::new("Функције филтера", "Functions of filters");

/// `GET /functions` (OGC API Features 3, `/req/filter/get-functions-response-json`).
pub async fn list(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(OFFERED)?;
    if format == HTML {
        let frame = Frame::of(&context, &[HOME]);
        return Ok(html_response(&context, &FunctionsPage { frame }));
    }
    let functions: Vec<_> = FUNCTIONS
        .iter()
        .map(|one| described(&context, one))
        .collect();
    let body = json!({ "links": own(&context, format, OFFERED), "functions": functions });
    Ok(json_response(&context, format, &body))
}

fn described(context: &Context, function: &Signature) -> Value {
    let arguments = function
        .arguments
        .iter()
        .map(|(title, types)| json!({ "title": title.get(context.lang), "type": types }));
    json!({
        "name": function.name,
        "description": function.description.get(context.lang),
        "arguments": arguments.collect::<Vec<_>>(),
        "returns": [function.returns],
    })
}

#[derive(Template)]
#[template(path = "functions.html")]
struct FunctionsPage {
    frame: Frame,
}

impl FunctionsPage {
    fn title(&self) -> String {
        self.frame.text(&TITLE)
    }

    /// The functions, each with its call written out.
    fn calls() -> impl Iterator<Item = (String, &'static Signature)> {
        FUNCTIONS.iter().map(|one| {
            let types = one.arguments.iter().map(|(_, types)| types.join(" | "));
            let types = types.collect::<Vec<_>>().join(", ");
            (format!("{}({types}) → {}", one.name, one.returns), one)
        })
    }
}
