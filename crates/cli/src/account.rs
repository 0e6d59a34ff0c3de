//! `cadastre user …` and `cadastre token …`: who may sign in.

pub mod args;
mod password;

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use domain::account::{Rights, UserName};
use domain::code_list::Coded as _;
use server::account::secrets::{digest, hash_password, new_token};
use store::Store;
use store::account::change::{AccountChange, Act};
use store::account::token::{NewToken, Token};
use store::account::{Account, NewAccount};

use self::args::{PasswordArgs, TokenArgs, TokenCommand, UserArgs, UserCommand};
use crate::args::DatabaseArgs;
use crate::database::Database;

/// Runs one command about accounts.
pub async fn run_user(
    args: &DatabaseArgs,
    home: &Path,
    UserArgs { command, author }: UserArgs,
) -> anyhow::Result<ExitCode> {
    // Asked for before a database is started for it.
    let command = Prepared::of(command)?;
    let database = Database::open(args, home, 2).await?;
    let said = command
        .carry_out(&database.store, Act::command(&author.author, now()))
        .await;
    database.close().await;
    print!("{}", said?);
    Ok(ExitCode::SUCCESS)
}

/// Runs one command about tokens.
pub async fn run_token(
    args: &DatabaseArgs,
    home: &Path,
    TokenArgs { command, author }: TokenArgs,
) -> anyhow::Result<ExitCode> {
    let database = Database::open(args, home, 2).await?;
    let said = token(
        &database.store,
        command,
        Act::command(&author.author, now()),
    )
    .await;
    database.close().await;
    print!("{}", said?);
    Ok(ExitCode::SUCCESS)
}

/// A command with the hash of its password.
enum Prepared {
    Add(NewAccount),
    Change(UserName, Rights),
    Password(UserName, domain::account::Secret),
    Disable(UserName),
    Enable(UserName),
    List,
    History(Option<UserName>),
}

impl Prepared {
    fn of(command: UserCommand) -> anyhow::Result<Self> {
        let hashed = |from: &PasswordArgs| anyhow::Ok(hash_password(&password::read(from)?)?);
        Ok(match command {
            UserCommand::Add {
                name,
                rights,
                password,
            } => Self::Add(NewAccount {
                name,
                rights: Rights::limited(rights.role, rights.regions)?,
                password_hash: Some(hashed(&password)?),
                identity: None,
            }),
            UserCommand::Change { name, rights } => {
                Self::Change(name, Rights::limited(rights.role, rights.regions)?)
            }
            UserCommand::Password { name, password } => Self::Password(name, hashed(&password)?),
            UserCommand::Disable { name } => Self::Disable(name),
            UserCommand::Enable { name } => Self::Enable(name),
            UserCommand::List => Self::List,
            UserCommand::History { name } => Self::History(name),
        })
    }

    async fn carry_out(self, store: &Store, act: Act<'_>) -> anyhow::Result<String> {
        let (name, found, done) = match self {
            Self::List => return Ok(list_accounts(&store.accounts().await?)),
            Self::History(name) => return history(store, name).await,
            Self::Add(account) => {
                let made = store.create_account(&account, act).await?;
                let name = account.name;
                made.with_context(|| {
                    format!("there is an account {name} already; choose another name")
                })?;
                return Ok(format!("{name} may sign in\n"));
            }
            Self::Change(name, rights) => {
                let found = store.change_rights(&name, &rights, act).await?;
                (name, found, "has its new role")
            }
            Self::Password(name, hash) => {
                let found = store.change_password(&name, &hash, act).await?;
                (name, found, "has its new password; its sessions have ended")
            }
            Self::Disable(name) => {
                let found = store.disable_account(&name, act).await?;
                (name, found, "can no longer sign in")
            }
            Self::Enable(name) => {
                let found = store.enable_account(&name, act).await?;
                (name, found, "may sign in")
            }
        };
        anyhow::ensure!(found, "{}", no_such_account(&name));
        Ok(format!("{name} {done}\n"))
    }
}

fn no_such_account(name: &UserName) -> String {
    format!("there is no account {name}; `cadastre user list` lists them")
}

async fn history(store: &Store, name: Option<UserName>) -> anyhow::Result<String> {
    if let Some(name) = &name {
        account(store, name).await?;
    }
    let changes = store.account_changes(name.as_ref(), i64::MAX).await?;
    Ok(changes.iter().map(told).collect())
}

/// One change in a line.
fn told(change: &AccountChange) -> String {
    let rights = change.rights.as_ref().map(|rights| {
        let regions: Vec<_> = rights.regions.iter().map(ToString::to_string).collect();
        format!(": {} {}", rights.role, regions.join(", "))
    });
    let token = change.token.as_ref();
    let token = token.map(|(number, label)| format!(": {number} {label}"));
    let detail = rights.or(token).unwrap_or_default();
    let line = format!(
        "{}  {:<24} {}{}",
        minute(change.made_at),
        change.account,
        change.kind.entry().label.en,
        detail.trim_end()
    );
    format!("{line}, by {} ({})\n", change.made_by, change.means.code())
}

fn list_accounts(accounts: &[Account]) -> String {
    let mut text = String::new();
    for account in accounts {
        let regions: Vec<_> = account
            .rights
            .regions
            .iter()
            .map(ToString::to_string)
            .collect();
        let regions = if regions.is_empty() {
            "everywhere".to_owned()
        } else {
            regions.join(", ")
        };
        let state = account
            .disabled_at
            .map(|at| format!("  disabled {}", minute(at)));
        let _ = writeln!(
            text,
            "{:<24} {:<9} {regions}  made {}{}",
            account.name.as_str(),
            account.rights.role.to_string(),
            minute(account.created_at),
            state.unwrap_or_default(),
        );
    }
    text
}

async fn token(store: &Store, command: TokenCommand, act: Act<'_>) -> anyhow::Result<String> {
    match command {
        TokenCommand::Create { name, label, days } => {
            let secret = new_token()?;
            let token = NewToken {
                account: account(store, &name).await?.id,
                digest: digest(&secret),
                label,
                expires_at: days.map(|days| act.at + TimeDelta::days(days.into())),
            };
            let id = store.create_token(&token, act).await?;
            eprintln!("Token {id}. It is shown this once and kept nowhere: put it away safely.");
            Ok(format!("{}\n", secret.reveal()))
        }
        TokenCommand::Revoke { id } => {
            let found = store.revoke_token(id, None, act).await?;
            anyhow::ensure!(
                found,
                "there is no token {id}; `cadastre token list` lists them"
            );
            Ok(format!("token {id} counts no longer\n"))
        }
        TokenCommand::List { name } => {
            let of = match name {
                Some(name) => Some(account(store, &name).await?.id),
                None => None,
            };
            Ok(list_tokens(&store.tokens(of).await?, act.at))
        }
    }
}

async fn account(store: &Store, name: &UserName) -> anyhow::Result<Account> {
    let found = store.account(name).await?;
    found.with_context(|| no_such_account(name))
}

fn list_tokens(tokens: &[Token], now: DateTime<Utc>) -> String {
    let mut text = String::new();
    for token in tokens {
        let used = token.last_used_at.map_or_else(
            || "never used".to_owned(),
            |at| format!("last used {}", minute(at)),
        );
        let state = match (token.revoked_at, token.expires_at) {
            (Some(at), _) => format!("revoked {}", minute(at)),
            (None, Some(at)) if at <= now => format!("expired {}", minute(at)),
            (None, Some(at)) => format!("until {}", minute(at)),
            (None, None) => "until revoked".to_owned(),
        };
        let _ = writeln!(
            text,
            "{:>5}  {:<24} {state}, {used}, made {}  {}",
            token.id,
            token.account,
            minute(token.created_at),
            token.label,
        );
    }
    text
}

fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the clock is read"
)]
fn now() -> DateTime<Utc> {
    Utc::now()
}
