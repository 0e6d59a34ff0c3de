//! What the service knows of the reader.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::code_list::Coded as _;
use domain::lang::Message;
use domain::{Lang, Text};
use serde_json::{Value, json};
use store::account::token::Token;

use super::page::page;
use super::session::lead_to;
use super::{By, SignedIn};
use crate::App;
use crate::context::{Context, Format, HTML, JSON};
use crate::error::ApiError;
use crate::landing::json_response;
use crate::pages::{Frame, HOME};
use crate::stream::moment;

/// The reader's page.
pub const ACCOUNT: (&str, Text) = ("/account", Text::new("Налог", "Account"));

/// The parameter by which the page says that the password was changed.
pub const CHANGED: &str = "changed";

const OFFERED: &[Format] = &[JSON, HTML];

/// `GET /account`: name, role and rights of the reader, for clients that want to know what they may
/// do; as a page also the tokens.
pub async fn profile(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(&[CHANGED])?;
    let format = context.format(OFFERED)?;
    if format == HTML && context.reader.signed_in().is_none() {
        let sign_in = Frame::of(&context, &[]).page("/sign-in");
        return Ok(lead_to(&format!("{sign_in}&to={}", ACCOUNT.0), []));
    }
    let one = context.demand(|_| true)?;
    if format == HTML {
        return shown(&app, &context, StatusCode::OK, None).await;
    }
    Ok(json_response(
        &context,
        format,
        &document(one, context.lang),
    ))
}

/// The page of the reader; with the reason why the password was not changed.
pub async fn shown(
    app: &App,
    context: &Context,
    status: StatusCode,
    refused: Option<Message>,
) -> Result<Response, ApiError> {
    let one = context.demand(|_| true)?;
    let tokens = app.store.tokens(Some(one.account)).await;
    // The page is above the addresses of its forms.
    let own = Context {
        path: ACCOUNT.0.to_owned(),
        query: Vec::new(),
        ..context.clone()
    };
    let shown = AccountPage {
        frame: Frame::of(&own, &[HOME]),
        one,
        tokens: tokens.map_err(|error| context.store_error(&error))?,
        refused: refused.map(|why| why.get(context.lang).into_owned()),
        is_changed: context.parameter(CHANGED).is_some(),
        now: moment(),
    };
    Ok(page(context, status, &shown))
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

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    frame: Frame,
    one: &'a SignedIn,
    tokens: Vec<Token>,
    /// Why the password was not changed.
    refused: Option<String>,
    /// Whether it was just changed.
    is_changed: bool,
    now: DateTime<Utc>,
}

impl AccountPage<'_> {
    fn role(&self) -> String {
        self.frame.text(&self.one.rights.role.entry().label)
    }

    /// Whether the reader manages the accounts of others.
    fn may_manage(&self) -> bool {
        self.one.rights.role.may_administer() && self.one.rights.are_unlimited()
    }

    fn has_session(&self) -> bool {
        matches!(self.one.by, By::Session { .. })
    }

    fn state(&self, token: &Token) -> String {
        let (text, at) = match (token.revoked_at, token.expires_at) {
            (Some(at), _) => (self.frame.say("укинут", "revoked"), at),
            (None, Some(at)) if at <= self.now => (self.frame.say("истекао", "expired"), at),
            (None, Some(at)) => (self.frame.say("важи до", "until"), at),
            (None, None) => return self.frame.say("важи док се не укине", "until revoked"),
        };
        format!("{text} {}", at.format("%Y-%m-%d"))
    }

    fn used(token: &Token) -> String {
        token.last_used_at.map_or_else(
            || "–".to_owned(),
            |at| at.format("%Y-%m-%d %H:%M UTC").to_string(),
        )
    }
}
