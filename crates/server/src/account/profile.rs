//! What the service knows of the reader.

use axum::response::Response;
use domain::Lang;
use domain::code_list::Coded as _;
use serde_json::{Value, json};

use super::{By, SignedIn};
use crate::context::{Context, Format, JSON};
use crate::error::ApiError;
use crate::landing::json_response;

const OFFERED: &[Format] = &[JSON];

/// `GET /account`: name, role and rights of the reader, for clients that want to know what they may
/// do.
pub async fn profile(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(OFFERED)?;
    let one = context.demand(|_| true)?;
    Ok(json_response(
        &context,
        format,
        &document(one, context.lang),
    ))
}

fn document(one: &SignedIn, lang: Lang) -> Value {
    let role = one.rights.role;
    let regions: Vec<_> = one.rights.regions.iter().map(ToString::to_string).collect();
    let by = match one.by {
        By::Basic => "password",
        By::Token => "token",
        By::Session { .. } => "session",
    };
    json!({
        "name": one.name.as_str(),
        "role": role.code(),
        "roleTitle": role.entry().label.get(lang),
        "regions": regions,
        "signedInBy": by,
        "rights": {
            "readRestricted": role.may_read_restricted(),
            "propose": role.may_propose(),
            "edit": role.may_edit(),
            "publish": role.may_publish(),
            "administer": role.may_administer(),
        },
    })
}
