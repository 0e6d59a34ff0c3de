//! What was done to accounts and their tokens: who, when, by what means. It only grows, and says no
//! secret.

use chrono::{DateTime, Utc};
use domain::account::{AccountChangeKind, Rights, UserName};

use super::read_rights;
use crate::Store;
use crate::error::StoreError;
use crate::revision::Means;

/// Who changes an account, by what means and when.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The name of an account, or of whom the command line was told.
    pub by: &'a str,
    /// By what means.
    pub means: Means,
    /// When.
    pub at: DateTime<Utc>,
}

impl<'a> Act<'a> {
    /// Of somebody who is signed in, or signs in.
    pub const fn signed_in(by: &'a str, at: DateTime<Utc>) -> Self {
        let means = Means::SignIn;
        Self { by, means, at }
    }

    /// Of somebody on the server's machine.
    pub const fn command(by: &'a str, at: DateTime<Utc>) -> Self {
        let means = Means::Command;
        Self { by, means, at }
    }
}

/// Something that was done to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// Its number, in the order in which they were made.
    pub id: i64,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Who.
    pub made_by: String,
    /// By what means.
    pub means: Means,
    /// The name of the account.
    pub account: String,
    /// What.
    pub kind: AccountChangeKind,
    /// The rights that it has since then, where it was made or got other ones.
    pub rights: Option<Rights>,
    /// The number of the token, and what it is for.
    pub token: Option<(i64, String)>,
}

impl Store {
    /// What was done to an account, or to all, the latest first, at most `most`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_changes(
        &self,
        account: Option<&UserName>,
        most: i64,
    ) -> Result<Vec<AccountChange>, StoreError> {
        let rows = sqlx::query!(
            "select id, made_at, made_by, means, account, kind, role, regions, token, label \
             from account_change where $1::text is null or account = $1 order by id desc limit $2",
            account.map(UserName::as_str),
            most,
        )
        .fetch_all(&self.pool)
        .await?;
        let changes = rows.into_iter().map(|row| {
            let unreadable = |field: &str| StoreError::BadAccount {
                id: row.id,
                field: field.to_owned(),
            };
            let regions = row.regions.unwrap_or_default();
            let rights = row.role.map(|role| read_rights(row.id, &role, &regions));
            Ok(AccountChange {
                id: row.id,
                made_at: row.made_at,
                made_by: row.made_by,
                means: Means::from_code(&row.means).ok_or_else(|| unreadable("means"))?,
                account: row.account,
                kind: row.kind.parse().map_err(|_| unreadable("kind"))?,
                rights: rights.transpose()?,
                token: row.token.zip(row.label),
            })
        });
        changes.collect()
    }
}
