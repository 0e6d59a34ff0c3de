//! Sessions, by which browsers stay signed in.

use chrono::{DateTime, Utc};
use domain::account::Secret;

use super::{Account, AccountRow, Digest};
use crate::Store;
use crate::error::StoreError;

/// A session about to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The SHA-256 of what the browser's cookie has.
    pub digest: Digest,
    /// The number of its account.
    pub account: i64,
    /// What the forms of the session carry.
    pub csrf_secret: Secret,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// Begins a session, and clears those that have ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_session(
        &self,
        session: &NewSession,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "with ended as (delete from session where expires_at <= $4) \
             insert into session (id_hash, account, csrf_secret, created_at, expires_at) \
             values ($1, $2, $3, $4, $5)",
            &session.digest[..],
            session.account,
            session.csrf_secret.reveal(),
            now,
            session.expires_at,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The account that is signed in by a session, and what the session's forms carry.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_of_session(
        &self,
        digest: &Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<(Account, Secret)>, StoreError> {
        let found = sqlx::query!(
            "select account.id, name, role, regions, password_hash, account.created_at, disabled_at, \
                csrf_secret \
             from session join account on account.id = session.account \
             where id_hash = $1 and expires_at > $2 and disabled_at is null",
            &digest[..],
            now,
        )
        .fetch_optional(&self.quick)
        .await?;
        let Some(row) = found else { return Ok(None) };
        let account = AccountRow {
            id: row.id,
            name: row.name,
            role: row.role,
            regions: row.regions,
            password_hash: row.password_hash,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        };
        Ok(Some((account.read()?, Secret::new(row.csrf_secret))))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close_session(&self, digest: &Digest) -> Result<(), StoreError> {
        sqlx::query!("delete from session where id_hash = $1", &digest[..])
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
