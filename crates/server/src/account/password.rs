//! The password of the reader: changed on the reader's page.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::account::{Password, Secret};
use domain::lang::Message;
use domain::message;

use store::account::change::Act;

use super::form::Form;
use super::gate::{Denied, Gate};
use super::profile::{ACCOUNT, CHANGED, shown};
use super::secrets::{SecretError, hash_password};
use super::session::lead_to;
use super::{By, Peer, Refusal};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::pages::Frame;
use crate::stream::moment;

/// `POST /account/password`, with `current` and `password`: changes the reader's password, which ends all
/// sessions, and begins a new one for a browser that had one.
pub async fn change(
    State(app): State<App>,
    context: Context,
    Extension(gate): Extension<Gate>,
    peer: Option<Extension<Peer>>,
    form: Form,
) -> Result<Response, ApiError> {
    let one = context.demand(|_| true)?;
    let refused = |status, why| shown(&app, &context, status, Some(why));
    let Ok(password) = Password::try_from(form.secret("password")) else {
        return refused(StatusCode::BAD_REQUEST, no_password()).await;
    };
    let from = gate.client(peer.map(|Extension(peer)| peer), &context.headers);
    let (current, now) = (form.secret("current"), moment());
    let account = match gate
        .by_password(one.name.as_str(), &current, from, now)
        .await
    {
        Ok(account) => account,
        Err(Denied::Refused(Refusal::WrongCredentials)) => {
            return refused(StatusCode::FORBIDDEN, wrong_password()).await;
        }
        Err(denied) => return Ok(denied.told(&context).into_response()),
    };
    let act = Act::signed_in(one.name.as_str(), now);
    let hash = hashed(password).await;
    let hash = hash.map_err(|denied| denied.told(&context))?;
    let changed = app.store.change_password(&one.name, &hash, act).await;
    changed.map_err(|error| context.store_error(&error))?;
    tracing::info!(name = %one.name, "a password was changed by its owner");
    let cookie = match one.by {
        By::Session { .. } => Some(gate.open_session(&account, now).await),
        By::Basic | By::Token => None,
    };
    let cookie = cookie.transpose().map_err(|denied| denied.told(&context))?;
    let page = Frame::of(&context, &[]).page(&format!("{}?{CHANGED}=password", ACCOUNT.0));
    Ok(lead_to(&page, cookie))
}

/// The hash of a password; takes a thread of its own for tens of milliseconds.
pub(super) async fn hashed(password: Password) -> Result<Secret, Denied> {
    let hash = tokio::task::spawn_blocking(move || hash_password(&password)).await;
    let hash: Result<Secret, SecretError> = hash.map_err(|_| Denied::Hashing)?;
    Ok(hash?)
}

/// What a password is.
pub(super) fn no_password() -> Message {
    let (least, most) = (Password::MINIMUM_LENGTH, Password::MAXIMUM_LENGTH);
    message!(
        "Лозинка има од {least} до {most} знакова. Узмите неколико речи.",
        "A password has {least} to {most} characters. Take several words."
    )
}

fn wrong_password() -> Message {
    message!(
        "Садашња лозинка није исправна.",
        "The present password is not right."
    )
}
