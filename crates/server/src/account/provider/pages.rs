//! The addresses of a sign-in by the identity provider.

use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use chrono::TimeDelta;
use domain::account::{Rights, Secret, UserName};
use domain::lang::Message;
use domain::message;
use store::account::change::Act;
use store::account::{Account, NewAccount};

use super::Provider;
use super::flow::{FlowError, Kept, Person};
use crate::account::credentials::cookie_value;
use crate::account::gate::{Denied, Gate};
use crate::account::session::{inner_path, lead_to};
use crate::account::sign_in::{not_by_provider, onward};
use crate::context::Context;
use crate::error::Chain;
use crate::problem::Problem;
use crate::stream::moment;

/// How long somebody may take at the provider.
const LASTING: TimeDelta = TimeDelta::minutes(10);
/// Where the provider sends the browser back to.
const RETURN: &str = "/sign-in/return";

/// `GET /sign-in/provider`: leads to the identity provider.
pub async fn begin(context: Context, Extension(gate): Extension<Gate>) -> Response {
    let Some(provider) = gate.provider() else {
        return no_such_page(&context);
    };
    let to = inner_path(context.parameter("to").unwrap_or_default());
    match provider.begin(return_to(&context), to).await {
        Ok((address, kept)) => {
            let kept = Secret::new(kept.to_cookie());
            let cookie = gate.cookie(cookie_name(&gate), &kept, LASTING);
            lead_to(&address, [cookie])
        }
        Err(error) => failed(&context, &gate, &error),
    }
}

/// `GET /sign-in/return`: the browser comes back with a code, or with the provider's refusal.
pub async fn finish(context: Context, Extension(gate): Extension<Gate>) -> Response {
    let Some(provider) = gate.provider() else {
        return no_such_page(&context);
    };
    let kept = cookie_value(&context.headers, cookie_name(&gate)).and_then(Kept::from_cookie);
    let state = context.parameter("state").unwrap_or_default();
    let Some(kept) = kept.filter(|kept| kept.is_of(state)) else {
        return not_by_provider(&context, &gate, &out_of_date());
    };
    let Some(code) = context.parameter("code") else {
        return not_by_provider(&context, &gate, &refused());
    };
    let to = kept.to.clone();
    let person = match provider.finish(return_to(&context), code, kept).await {
        Ok(person) => person,
        Err(error) => return failed(&context, &gate, &error),
    };
    match admit(&gate, provider, person).await {
        Ok(Ok(account)) => match gate.open_session(&account, moment()).await {
            Ok(session) => {
                let over = gate.cookie(cookie_name(&gate), &Secret::default(), TimeDelta::zero());
                lead_to(&onward(&context, &to), [session, over])
            }
            Err(denied) => denied.told(&context).into_response(),
        },
        Ok(Err(why)) => not_by_provider(&context, &gate, &why),
        Err(denied) => denied.told(&context).into_response(),
    }
}

/// The account of a person: the one that is bound to the identity; else the one of that name, bound
/// from now on; else a new one, where new ones have a role.
async fn admit(
    gate: &Gate,
    provider: &Provider,
    person: Person,
) -> Result<Result<Account, Message>, Denied> {
    let store = gate.store();
    let Person { identity, name } = person;
    if let Some(account) = store.account_of_identity(&identity).await? {
        return Ok(usable(account));
    }
    let Some(name) = name.and_then(|name| name.parse::<UserName>().ok()) else {
        return Ok(Err(nameless(provider.claim.name())));
    };
    let act = Act::signed_in(name.as_str(), moment());
    if store.account(&name).await?.is_none() {
        let Some(role) = provider.default_role else {
            return Ok(Err(unknown(&name)));
        };
        let account = NewAccount {
            name: name.clone(),
            rights: Rights {
                role,
                regions: Vec::new(),
            },
            password_hash: None,
            identity: Some(identity.clone()),
        };
        store.create_account(&account, act).await?;
    } else {
        store.bind_identity(&name, &identity, act).await?;
    }
    let account = store.account_of_identity(&identity).await?;
    Ok(account.map_or_else(|| Err(unknown(&name)), usable))
}

fn usable(account: Account) -> Result<Account, Message> {
    if account.disabled_at.is_some() {
        Err(unknown(&account.name))
    } else {
        Ok(account)
    }
}

fn return_to(context: &Context) -> String {
    format!("{}{RETURN}", context.base_url)
}

fn cookie_name(gate: &Gate) -> &'static str {
    if gate.is_secure() {
        "__Host-cadastre-sign-in"
    } else {
        "cadastre-sign-in"
    }
}

fn no_such_page(context: &Context) -> Response {
    let path = context.path.clone();
    context.error(Problem::NoSuchPage { path }).into_response()
}

fn failed(context: &Context, gate: &Gate, error: &FlowError) -> Response {
    tracing::warn!(error = %Chain(error), "a sign-in by the identity provider failed");
    let why = message!(
        "Пријава преко добављача идентитета није успела. Покушајте поново, или се обратите администратору.",
        "Signing in with the identity provider failed. Try again, or ask the administrator."
    );
    not_by_provider(context, gate, &why)
}

fn out_of_date() -> Message {
    message!(
        "Пријава је застарела или је започета у другом прегледачу. Започните је поново.",
        "The sign-in is out of date, or was begun in another browser. Begin it again."
    )
}

fn refused() -> Message {
    message!(
        "Добављач идентитета није потврдио пријаву.",
        "The identity provider did not confirm the sign-in."
    )
}

fn nameless(claim: &str) -> Message {
    message!(
        "Добављач идентитета не каже под којим именом вас води (`{claim}`). Обратите се администратору.",
        "The identity provider does not say by which name it knows you (`{claim}`). Ask the \
         administrator."
    )
}

fn unknown(name: &UserName) -> Message {
    message!(
        "За `{name}` овде нема налога који важи. Обратите се администратору.",
        "There is no account here for `{name}` that counts. Ask the administrator."
    )
}
