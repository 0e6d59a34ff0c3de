//! The tokens of the reader: made and ended on a page.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use domain::Text;
use domain::account::Secret;
use store::account::change::Act;
use store::account::token::NewToken;

use super::form::Form;
use super::page::page;
use super::profile::ACCOUNT;
use super::secrets::{digest, new_token};
use super::session::lead_to;
use super::{SignedIn, label};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::pages::{Frame, HOME};
use crate::problem::kinds::TOO_MANY_TOKENS;
use crate::problem::{Problem, Wanted};
use crate::stream::moment;

/// The most tokens that an account has, so that nobody fills the table.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "token.html")]
struct TokenPage {
    frame: Frame,
    token: Secret,
}

/// `POST /account/tokens`, with `label` and `days`: makes a token and shows it this once.
pub async fn create(
    State(app): State<App>,
    context: Context,
    form: Form,
) -> Result<Response, ApiError> {
    let one = context.demand(|_| true)?;
    let now = moment();
    let token = new_token().map_err(|error| context.internal(&error, "a token"))?;
    let record = NewToken {
        account: one.account,
        digest: digest(&token),
        label: label(form.text("label"))
            .ok_or_else(|| context.bad_parameter("label", "…", Wanted::Said(LABEL)))?,
        expires_at: expiry(&context, form.text("days"), now)?,
    };
    let tokens = app.store.tokens(Some(one.account)).await;
    let tokens = tokens.map_err(|error| context.store_error(&error))?;
    let counting = tokens.iter().filter(|token| token.counts(now)).count();
    if counting >= MOST {
        return Err(context.error(Problem::NoAnswer {
            kind: &TOO_MANY_TOKENS,
            detail: TOO_MANY_TOKENS.about.into(),
        }));
    }
    let made = app
        .store
        .create_token(&record, Act::signed_in(one.name.as_str(), now))
        .await;
    made.map_err(|error| context.store_error(&error))?;
    let below = Context {
        path: ACCOUNT.0.to_owned(),
        ..context.clone()
    };
    let shown = TokenPage {
        frame: Frame::of(&below, &[HOME, ACCOUNT]),
        token,
    };
    Ok(page(&context, StatusCode::OK, &shown))
}

fn expiry(
    context: &Context,
    days: &str,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, ApiError> {
    if days.trim().is_empty() {
        return Ok(None);
    }
    let days = days.trim().parse::<u16>().ok();
    match days.filter(|days| (1..=3_650).contains(days)) {
        Some(days) => Ok(Some(now + TimeDelta::days(days.into()))),
        None => Err(context.bad_parameter("days", "…", Wanted::Said(DAYS))),
    }
}

/// `POST /account/tokens/{id}/revoke`: ends a token of the reader.
pub async fn revoke(
    State(app): State<App>,
    context: Context,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let SignedIn { account, name, .. } = context.demand(|_| true)?;
    let no_such = || {
        context.error(Problem::NoSuchPage {
            path: context.path.clone(),
        })
    };
    let id = id.parse().map_err(|_| no_such())?;
    let revoked = app
        .store
        .revoke_token(id, Some(*account), Act::signed_in(name.as_str(), moment()))
        .await;
    if !revoked.map_err(|error| context.store_error(&error))? {
        return Err(no_such());
    }
    let back = Frame::of(&context, &[]).page(ACCOUNT.0);
    Ok(lead_to(&back, []))
}

const LABEL: Text = Text::new("до 100 знакова", "at most 100 characters");
const DAYS: Text = Text::new(
    "број дана од 1 до 3650, или ништа",
    "a number of days from 1 to 3650, or nothing",
);
