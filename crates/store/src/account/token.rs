//! Tokens, by which programs sign in.

use chrono::{DateTime, Utc};

use super::change::Act;
use super::{Account, AccountRow, Digest};
use crate::Store;
use crate::error::StoreError;

/// A token, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// The name of its account.
    pub account: String,
    /// What it is for, in its owner's words.
    pub label: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when it counts no longer.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Since when it counts no longer.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Token {
    /// Whether it counts at a moment.
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

/// A token about to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The number of its account.
    pub account: i64,
    /// The SHA-256 of the token.
    pub digest: Digest,
    /// What it is for.
    pub label: String,
    /// From when it counts no longer.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Keeps a token; answers its number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn create_token(&self, token: &NewToken, act: Act<'_>) -> Result<i64, StoreError> {
        let id = sqlx::query_scalar!(
            "with made as (\
                insert into access_token (account, label, token_hash, created_at, expires_at) \
                values ($1, $2, $3, $4, $5) returning id, label\
             ), told as (\
                insert into account_change (made_at, made_by, means, account, kind, token, label) \
                select $4, $6, $7, name, 'token_made', made.id, label from made, account \
                where account.id = $1\
             ) select id from made",
            token.account,
            token.label,
            &token.digest[..],
            act.at,
            token.expires_at,
            act.by,
            act.means.code(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(id)
    }

    /// The tokens of an account, or of all; the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tokens(&self, account: Option<i64>) -> Result<Vec<Token>, StoreError> {
        let tokens = sqlx::query_as!(
            Token,
            "select access_token.id, account.name as account, label, access_token.created_at, \
                expires_at, last_used_at, revoked_at \
             from access_token join account on account.id = access_token.account \
             where $1::bigint is null or account.id = $1 order by access_token.id desc",
            account,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(tokens)
    }

    /// Ends a token, of this account or of any; answers whether there is such a one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_token(
        &self,
        id: i64,
        account: Option<i64>,
        act: Act<'_>,
    ) -> Result<bool, StoreError> {
        let found = sqlx::query_scalar!(
            r#"with revoked as (
                update access_token set revoked_at = $3
                where id = $1 and ($2::bigint is null or account = $2) and revoked_at is null
                returning id, account, label
             ), told as (
                insert into account_change (made_at, made_by, means, account, kind, token, label)
                select $3, $4, $5, name, 'token_revoked', revoked.id, label
                from revoked join account on account.id = revoked.account
             ) select exists (select from access_token
                where id = $1 and ($2::bigint is null or account = $2)) as "found!""#,
            id,
            account,
            act.at,
            act.by,
            act.means.code(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(found)
    }

    /// The account whose token has this digest, when both count now. Its use is noted, at most once a
    /// minute.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_of_token(
        &self,
        digest: &Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query_as!(
            AccountRow,
            "with noted as ( \
                update access_token set last_used_at = $2 where token_hash = $1 \
                    and revoked_at is null and (expires_at is null or expires_at > $2) \
                    and (last_used_at is null or last_used_at <= $2 - interval '1 minute') \
             ) \
             select account.id, name, role, regions, password_hash, account.created_at, disabled_at \
             from access_token join account on account.id = access_token.account \
             where token_hash = $1 and revoked_at is null and disabled_at is null \
                and (expires_at is null or expires_at > $2)",
            &digest[..],
            now,
        )
        .fetch_optional(&self.quick)
        .await?;
        row.map(AccountRow::read).transpose()
    }
}
