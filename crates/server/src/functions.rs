//! The functions that filters can call beside those of CQL2.

use axum::response::Response;
use domain::filter::function::{FUNCTIONS, Signature};
use serde_json::{Value, json};

use crate::context::{Context, JSON};
use crate::error::ApiError;
use crate::landing::json_response;
use crate::links::own;

/// `GET /functions` (OGC API Features 3, `/req/filter/get-functions-response-json`).
pub async fn list(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&[JSON])?;
    let functions: Vec<_> = FUNCTIONS
        .iter()
        .map(|one| described(&context, one))
        .collect();
    let body = json!({ "links": own(&context, format, &[JSON]), "functions": functions });
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
