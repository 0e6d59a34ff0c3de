//! The accounts, for administrators: the rules are those of `cadastre user`.

mod page;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::account::{Password, Rights, Role, UserName};
use domain::code_list::Coded as _;
use domain::lang::Message;
use domain::message;
use domain::region::Region;
use serde_json::{Value, json};
use store::account::change::Act;
use store::account::{Account, NewAccount};

use super::form::Form;
use super::password::{hashed, no_password};
use super::session::lead_to;
use super::{Refusal, SignedIn};
use crate::App;
use crate::context::{Context, Format, HTML, JSON};
use crate::error::ApiError;
use crate::landing::json_response;
use crate::links::own;
use crate::pages::Frame;
use crate::problem::Problem;
use crate::stream::moment;
use page::{ACCOUNTS, shown};

const OFFERED: [Format; 2] = [JSON, HTML];

/// Why a change was not made, for the page.
struct Refused {
    status: StatusCode,
    why: Message,
}

impl Refused {
    const fn bad(why: Message) -> Self {
        let status = StatusCode::BAD_REQUEST;
        Self { status, why }
    }
}

/// Somebody who manages accounts: a limit to regions would not hold for them.
fn administrator(context: &Context) -> Result<&SignedIn, ApiError> {
    let one = context.demand(Role::may_administer)?;
    if one.rights.are_unlimited() {
        return Ok(one);
    }
    let regions = one.rights.regions.iter().map(ToString::to_string);
    let regions = regions.collect::<Vec<_>>().join(", ");
    Err(context.error(Problem::Account(Refusal::OutsideRegions { regions })))
}

/// `GET /accounts`: all of them, by name.
pub async fn list(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&OFFERED)?;
    administrator(&context)?;
    if format == HTML {
        return shown(&app, &context, None).await;
    }
    let accounts = app.store.accounts().await;
    let accounts = accounts.map_err(|error| context.store_error(&error))?;
    let listed: Vec<_> = accounts.iter().map(document).collect();
    let links = own(&context, format, &OFFERED);
    let body = json!({ "accounts": listed, "links": links });
    Ok(json_response(&context, format, &body))
}

fn document(one: &Account) -> Value {
    let regions: Vec<_> = one.rights.regions.iter().map(ToString::to_string).collect();
    json!({
        "name": one.name.as_str(),
        "role": one.rights.role.code(),
        "regions": regions,
        "hasPassword": one.password_hash.is_some(),
        "createdAt": one.created_at,
        "disabledAt": one.disabled_at,
    })
}

/// `POST /accounts`, with `name`, `role`, `regions` and `password`: makes one.
pub async fn add(
    State(app): State<App>,
    context: Context,
    form: Form,
) -> Result<Response, ApiError> {
    let by = administrator(&context)?;
    let new = read_name(form.text("name"))
        .and_then(|name| Ok((name, read_rights(&form)?, read_password(&form)?)));
    let (name, rights, password) = match new {
        Ok(new) => new,
        Err(refused) => return shown(&app, &context, Some((refused, Some(&form)))).await,
    };
    let hash = hashed(password).await;
    let account = NewAccount {
        name,
        rights,
        password_hash: Some(hash.map_err(|denied| denied.told(&context))?),
        identity: None,
    };
    let made = app.store.create_account(&account, act(by)).await;
    if made.map_err(|error| context.store_error(&error))?.is_some() {
        return Ok(done(&context, by, &account.name, "an account was made"));
    }
    let name = account.name;
    let refused = Refused {
        status: StatusCode::CONFLICT,
        why: message!(
            "Налог {name} већ постоји. Изаберите друго име.",
            "There is an account {name} already. Choose another name."
        ),
    };
    shown(&app, &context, Some((refused, Some(&form)))).await
}

/// `POST /accounts/{name}/rights`, with `role` and `regions`.
pub async fn change_rights(
    State(app): State<App>,
    Path(name): Path<String>,
    context: Context,
    form: Form,
) -> Result<Response, ApiError> {
    let by = administrator(&context)?;
    let name = named(&context, &name)?;
    let rights = match not_own(by, &name).and_then(|()| read_rights(&form)) {
        Ok(rights) => rights,
        Err(refused) => return shown(&app, &context, Some((refused, None))).await,
    };
    let found = app.store.change_rights(&name, &rights, act(by)).await;
    known(&context, found)?;
    Ok(done(&context, by, &name, "an account has other rights"))
}

/// `POST /accounts/{name}/password`, with `password`: gives another, which ends the sessions.
pub async fn change_password(
    State(app): State<App>,
    Path(name): Path<String>,
    context: Context,
    form: Form,
) -> Result<Response, ApiError> {
    let by = administrator(&context)?;
    let name = named(&context, &name)?;
    let password = match not_own(by, &name).and_then(|()| read_password(&form)) {
        Ok(password) => password,
        Err(refused) => return shown(&app, &context, Some((refused, None))).await,
    };
    let hash = hashed(password).await;
    let hash = hash.map_err(|denied| denied.told(&context))?;
    let found = app.store.change_password(&name, &hash, act(by)).await;
    known(&context, found)?;
    Ok(done(&context, by, &name, "an account has another password"))
}

/// `POST /accounts/{name}/disable`: from now on it cannot sign in.
pub async fn disable(
    State(app): State<App>,
    Path(name): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let by = administrator(&context)?;
    let name = named(&context, &name)?;
    if let Err(refused) = not_own(by, &name) {
        return shown(&app, &context, Some((refused, None))).await;
    }
    let found = app.store.disable_account(&name, act(by)).await;
    known(&context, found)?;
    Ok(done(&context, by, &name, "an account was disabled"))
}

/// `POST /accounts/{name}/enable`: it can sign in again.
pub async fn enable(
    State(app): State<App>,
    Path(name): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let by = administrator(&context)?;
    let name = named(&context, &name)?;
    let found = app.store.enable_account(&name, act(by)).await;
    known(&context, found)?;
    Ok(done(&context, by, &name, "an account was enabled"))
}

fn act(by: &SignedIn) -> Act<'_> {
    Act::signed_in(by.name.as_str(), moment())
}

/// Who would lock themselves out, or change their password without the present one, is stopped.
fn not_own(by: &SignedIn, name: &UserName) -> Result<(), Refused> {
    if by.name != *name {
        return Ok(());
    }
    Err(Refused::bad(message!(
        "То је ваш налог. Права вам мења други администратор, а лозинку мењате на својој страни.",
        "This is your own account. Another administrator changes your rights, and you change your \
         password on your own page."
    )))
}

fn read_name(text: &str) -> Result<UserName, Refused> {
    text.parse().map_err(|_| {
        Refused::bad(message!(
            "Корисничко име има до 64 латинична слова, цифре и знакове . _ - @, са словом или цифром на \
             почетку.",
            "A user name has up to 64 Latin letters, digits and . _ - @, beginning with a letter or digit."
        ))
    })
}

fn read_password(form: &Form) -> Result<Password, Refused> {
    let password = Password::try_from(form.secret("password"));
    password.map_err(|_| Refused::bad(no_password()))
}

/// The role, and the regions between commas or blanks.
fn read_rights(form: &Form) -> Result<Rights, Refused> {
    let no_role = || Refused::bad(message!("Изаберите улогу.", "Choose a role."));
    let role: Role = form.text("role").parse().map_err(|_| no_role())?;
    let codes = form.text("regions").split([',', ';', ' ', '\r', '\n']);
    let codes = codes.filter(|code| !code.is_empty());
    let regions: Result<Vec<Region>, _> =
        codes.map(|code| code.parse().map_err(|_| code)).collect();
    let no_limit = |code: &str| {
        Refused::bad(message!(
            "{code} није ни округ, као RS-14, ни општина, као 70327.",
            "{code} is neither a district such as RS-14 nor a municipality such as 70327."
        ))
    };
    let regions = regions.map_err(no_limit)?;
    Rights::limited(role, regions).map_err(|bad| no_limit(&bad.0.to_string()))
}

fn named(context: &Context, name: &str) -> Result<UserName, ApiError> {
    name.parse().map_err(|_| no_such_page(context))
}

fn known(context: &Context, found: Result<bool, store::StoreError>) -> Result<(), ApiError> {
    let found = found.map_err(|error| context.store_error(&error))?;
    found.then_some(()).ok_or_else(|| no_such_page(context))
}

fn no_such_page(context: &Context) -> ApiError {
    let path = context.path.clone();
    context.error(Problem::NoSuchPage { path })
}

/// Back to the list, at the account.
fn done(context: &Context, by: &SignedIn, name: &UserName, what: &'static str) -> Response {
    tracing::info!(%name, by = %by.name, "{what}");
    let list = Frame::of(context, &[]).page(ACCOUNTS.0);
    lead_to(&format!("{list}#{name}"), [])
}
