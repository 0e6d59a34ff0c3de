//! Signing in and out by a page.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::lang::Message;

use super::forgery::Sender;
use super::form::Form;
use super::gate::{Denied, Gate};
use super::page::page;
use super::session::{inner_path, lead_to};
use super::{Peer, Refusal, SignedIn};
use crate::context::{Context, Format, HTML};
use crate::error::ApiError;
use crate::pages::{Frame, HOME};
use crate::stream::moment;

const OFFERED: &[Format] = &[HTML];

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    /// The path of the page to go on to.
    to: String,
    /// The name as it was given before.
    name: String,
    /// Why the last attempt failed.
    refused: Option<String>,
    /// The secret of a session that there is already.
    csrf: String,
    /// Whether there is an identity provider.
    has_provider: bool,
}

impl SignInPage {
    fn of(context: &Context, gate: &Gate, to: &str) -> Self {
        let csrf = context.reader.signed_in().map(SignedIn::csrf_secret);
        Self {
            frame: Frame::of(context, &[HOME]),
            to: inner_path(to).to_owned(),
            name: String::new(),
            refused: None,
            csrf: csrf.unwrap_or_default().to_owned(),
            has_provider: gate.provider().is_some(),
        }
    }
}

/// `GET /sign-in`: the form. `to` is the path of the page to go on to.
pub async fn form(
    context: Context,
    Extension(gate): Extension<Gate>,
) -> Result<Response, ApiError> {
    context.only(&["to"])?;
    context.format(OFFERED)?;
    let to = context.parameter("to").unwrap_or_default();
    let form = SignInPage::of(&context, &gate, to);
    Ok(page(&context, StatusCode::OK, &form))
}

/// `POST /sign-in`: the form, filled in with `name`, `password` and `to`.
pub async fn by_password(
    context: Context,
    Extension(gate): Extension<Gate>,
    peer: Option<Extension<Peer>>,
    form: Form,
) -> Response {
    if gate.sender(&context.headers) == Sender::Foreign {
        return Denied::from(Refusal::Forged).told(&context).into_response();
    }
    let from = gate.client(peer.map(|Extension(peer)| peer), &context.headers);
    let (name, password) = (form.text("name"), form.secret("password"));
    let now = moment();
    let account = gate.by_password(name.trim(), &password, from, now).await;
    let cookie = match account {
        Ok(account) => gate.open_session(&account, now).await,
        Err(denied) => Err(denied),
    };
    match cookie {
        Ok(cookie) => lead_to(&onward(&context, form.text("to")), [cookie]),
        Err(Denied::Refused(refusal)) => {
            let again = SignInPage {
                name: name.to_owned(),
                ..SignInPage::of(&context, &gate, form.text("to"))
            };
            refused(&context, again, &refusal)
        }
        Err(denied) => denied.told(&context).into_response(),
    }
}

/// The form again, with the reason. No 401: browsers would ask for the password in a window of theirs.
fn refused(context: &Context, mut form: SignInPage, refusal: &Refusal) -> Response {
    form.refused = Some(match refusal {
        Refusal::WrongCredentials => WRONG.get(context.lang).into_owned(),
        other => other.detail(context.lang),
    });
    let status = match refusal.kind().status {
        StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
        status => status,
    };
    let mut response = page(context, status, &form);
    refusal.put_retry(response.headers_mut());
    response
}

const WRONG: domain::Text = domain::Text::new(
    "Име или лозинка нису исправни, или налог више не важи.",
    "The name or password is not right, or the account counts no longer.",
);

/// The form, with what the identity provider's answer came to.
pub fn not_by_provider(context: &Context, gate: &Gate, why: &Message) -> Response {
    let context = Context {
        path: "/sign-in".to_owned(),
        query: Vec::new(),
        ..context.clone()
    };
    let mut form = SignInPage::of(&context, gate, "");
    form.refused = Some(why.get(context.lang).into_owned());
    page(&context, StatusCode::FORBIDDEN, &form)
}

/// The address of a page of the service, in the language of the request.
pub fn onward(context: &Context, to: &str) -> String {
    let path = inner_path(to);
    let mark = if path.contains('?') { '&' } else { '?' };
    if path == "/account" {
        format!(
            "{}{path}{mark}f=html&lang={}",
            context.base_url, context.lang
        )
    } else {
        format!("{}{path}", context.base_url)
    }
}

/// `POST /sign-out`.
pub async fn sign_out(
    context: Context,
    Extension(gate): Extension<Gate>,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    Ok(match gate.close_session(&context.headers).await {
        Ok(cookie) => {
            let home = format!("{}/?f=html&lang={}", context.base_url, context.lang);
            lead_to(&home, [cookie])
        }
        Err(denied) => denied.told(&context).into_response(),
    })
}
