//! The page of the accounts.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Text;
use domain::account::{Rights, Role};
use domain::code_list::Coded as _;
use store::account::Account;
use store::account::change::AccountChange;
use store::revision::Means;

use super::super::form::Form;
use super::super::page::page;
use super::super::profile::ACCOUNT;
use super::{Refused, administrator};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::pages::{Frame, HOME};

/// So many changes of accounts are shown; `cadastre user history` shows all.
const MOST_CHANGES: i64 = 200;

/// The list, below the reader's page.
pub const ACCOUNTS: (&str, Text) = ("/accounts", Text::new("Налози", "Accounts"));

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage<'a> {
    frame: Frame,
    accounts: Vec<Account>,
    /// What was done to them, the latest first.
    changes: Vec<AccountChange>,
    /// The reader.
    own: &'a str,
    csrf: &'a str,
    refused: Option<String>,
    /// What was filled in for a new account.
    given: Given<'a>,
}

/// What was filled in for a new account, without its password.
struct Given<'a> {
    name: &'a str,
    role: &'a str,
    regions: &'a str,
}

/// The page; with the reason why a change was not made, and what was filled in for a new account.
pub async fn shown(
    app: &App,
    context: &Context,
    refused: Option<(Refused, Option<&Form>)>,
) -> Result<Response, ApiError> {
    let one = administrator(context)?;
    let accounts = app.store.accounts().await;
    let changes = app.store.account_changes(None, MOST_CHANGES).await;
    let (refused, form) = refused.unzip();
    let form = form.flatten();
    let text = |name| form.map_or("", |form| form.text(name));
    // The page is above the addresses of its forms.
    let own = Context {
        path: ACCOUNTS.0.to_owned(),
        ..context.clone()
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |one| one.status);
    let shown = AccountsPage {
        frame: Frame::of(&own, &[HOME, ACCOUNT]),
        accounts: accounts.map_err(|error| context.store_error(&error))?,
        changes: changes.map_err(|error| context.store_error(&error))?,
        own: one.name.as_str(),
        csrf: one.csrf_secret(),
        refused: refused.map(|one| one.why.get(context.lang).into_owned()),
        given: Given {
            name: text("name"),
            role: text("role"),
            regions: text("regions"),
        },
    };
    Ok(page(context, status, &shown))
}

impl AccountsPage<'_> {
    /// Codes and titles of the roles, and which one is chosen.
    fn roles(&self, chosen: &str) -> Vec<(&'static str, String, bool)> {
        let roles = Role::ALL.iter();
        let shown = roles.map(|role| {
            let title = self.frame.text(&role.entry().label);
            (role.code(), title, role.code() == chosen)
        });
        shown.collect()
    }

    fn is_own(&self, account: &Account) -> bool {
        account.name.as_str() == self.own
    }

    fn role(&self, account: &Account) -> String {
        self.frame.text(&account.rights.role.entry().label)
    }

    fn regions(rights: &Rights) -> String {
        let regions = rights.regions.iter().map(ToString::to_string);
        regions.collect::<Vec<_>>().join(", ")
    }

    /// What was done: with the rights since then, or the token.
    fn told(&self, change: &AccountChange) -> String {
        let mut told = self.frame.text(&change.kind.entry().label);
        if let Some(rights) = &change.rights {
            let role = self.frame.text(&rights.role.entry().label);
            let regions = Self::regions(rights);
            let within = if regions.is_empty() { "" } else { ", " };
            told = format!("{told}: {role}{within}{regions}");
        }
        if let Some((number, label)) = &change.token {
            told = format!("{told}: {number} {label}");
        }
        told
    }

    /// Who did it: on the server's machine, where that is not said.
    fn by(&self, change: &AccountChange) -> String {
        const COMMAND: Text = Text::new("из командне линије", "on the command line");
        match change.means {
            Means::SignIn => change.made_by.clone(),
            Means::Command | Means::Upload => {
                format!("{}, {}", change.made_by, self.frame.text(&COMMAND))
            }
        }
    }

    /// The address of a change of an account.
    fn to(&self, account: &Account, change: &str) -> String {
        let name = &account.name;
        self.frame.page(&format!("{}/{name}/{change}", ACCOUNTS.0))
    }
}
