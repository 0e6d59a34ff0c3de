//! The work on uploads: one attempt at a time, whatever dies meanwhile.

use chrono::{DateTime, Utc};
use domain::lang::Message;
use serde_json::Value as Json;
use sqlx::{Postgres, Transaction};

use super::{Submission, limits, preview, state};
use crate::Store;
use crate::error::StoreError;

/// The service begins the work on an upload so often before it gives up.
const MOST_ATTEMPTS: i32 = 5;

/// An attempt at the work on one upload. It holds the lock on that work: nobody else attempts it
/// before this is over, and everybody may once this process or the database is dead.
#[derive(Debug)]
pub struct Attempt {
    /// What is worked on.
    pub submission: Submission,
    lock: Transaction<'static, Postgres>,
    store: Store,
}

/// What an inspection found.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The outcome.
    pub outcome: String,
    /// How many records had which verdict.
    pub counts: Json,
    /// The reports: media type, language tag (empty where the content has none), content.
    pub reports: Vec<(&'static str, &'static str, Vec<u8>)>,
}

impl Store {
    /// The next upload that waits for work, if any that nobody works on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next_work(&self, now: DateTime<Utc>) -> Result<Option<Attempt>, StoreError> {
        let mut lock = self.pool.begin().await?;
        let id = sqlx::query_scalar!(
            "select submission from submission_work order by queued_at, submission \
             for update skip locked limit 1"
        )
        .fetch_optional(&mut *lock)
        .await?;
        let Some(id) = id else {
            return Ok(None);
        };
        // Outside the lock's transaction: an attempt counts also when it dies.
        let row = sqlx::query!(
            "update submission set attempts = attempts + 1, changed_at = $2, stage = null, \
             records_done = null, records_total = null, \
             state = case state when 'received' then 'inspecting' else state end \
             where id = $1 returning *",
            id,
            now
        )
        .fetch_one(&self.pool)
        .await?;
        let submission = submission!(row);
        let store = self.clone();
        Ok(Some(Attempt {
            submission,
            lock,
            store,
        }))
    }
}

impl Attempt {
    /// Whether this was attempted too often: the file is what makes the service die.
    pub const fn is_one_too_many(&self) -> bool {
        self.submission.attempts > MOST_ATTEMPTS
    }

    /// Says how far the work is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn progress(
        store: &Store,
        id: i64,
        stage: &str,
        done: i64,
        total: Option<i64>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "update submission set stage = $2, records_done = $3, records_total = $4 where id = $1",
            id,
            stage,
            done,
            total
        )
        .execute(&store.pool)
        .await?;
        Ok(())
    }

    /// The inspection is over: the upload waits for a decision.
    ///
    /// # Errors
    /// When the database does not answer; then the work is attempted again.
    pub async fn ready(mut self, found: Inspected, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = self.submission.id;
        sqlx::query!("delete from submission_report where submission = $1", id)
            .execute(&mut *self.lock)
            .await?;
        for (media_type, lang, content) in found.reports {
            sqlx::query!(
                "insert into submission_report values ($1, $2, $3, $4)",
                id,
                media_type,
                lang,
                content
            )
            .execute(&mut *self.lock)
            .await?;
        }
        sqlx::query!(
            "update submission set state = 'ready', outcome = $2, counts = $3, failure = null, \
             stage = null, changed_at = $4 where id = $1 and state in ('inspecting', 'publishing')",
            id,
            found.outcome,
            found.counts,
            now
        )
        .execute(&mut *self.lock)
        .await?;
        self.done().await
    }

    /// It cannot be read, or not be published; somebody may have it read in another way.
    ///
    /// # Errors
    /// When the database does not answer; then the work is attempted again.
    pub async fn fail(mut self, why: &Message, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "update submission set state = 'failed', failure = $2, stage = null, changed_at = $3 \
             where id = $1 and state in ('inspecting', 'publishing')",
            self.submission.id,
            serde_json::to_value(why).unwrap_or_default(),
            now
        )
        .execute(&mut *self.lock)
        .await?;
        self.done().await
    }

    /// Whoever approved it may not publish it as the register is now: it is inspected anew, and then
    /// waits for somebody else's decision.
    ///
    /// # Errors
    /// When the database does not answer; then the work is attempted again.
    pub async fn inspect_again(mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "update submission set state = 'received', attempts = 0, stage = null, changed_at = $2 \
             where id = $1 and state = 'publishing'",
            self.submission.id,
            now
        )
        .execute(&mut *self.lock)
        .await?;
        self.lock.commit().await?;
        Ok(())
    }

    /// There was nothing to change: it is published without a revision.
    ///
    /// # Errors
    /// When the database does not answer; then the work is attempted again.
    pub async fn published_without_change(mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "update submission set state = 'published', stage = null, changed_at = $2 \
             where id = $1 and state = 'publishing'",
            self.submission.id,
            now
        )
        .execute(&mut *self.lock)
        .await?;
        self.done().await
    }

    /// Nothing is left to do: it was done, or decided otherwise meanwhile.
    ///
    /// # Errors
    /// When the database does not answer; then the work is looked at again.
    pub async fn done(mut self) -> Result<(), StoreError> {
        let id = self.submission.id;
        sqlx::query!("delete from submission_work where submission = $1", id)
            .execute(&mut *self.lock)
            .await?;
        let decided = sqlx::query_scalar!(
            r#"select state in ('published', 'rejected') as "decided!" from submission where id = $1"#,
            id
        )
        .fetch_one(&mut *self.lock)
        .await?;
        if decided {
            preview::forget(&mut self.lock, id).await?;
        }
        self.lock.commit().await?;
        Ok(())
    }

    /// The store that the attempt works with.
    pub const fn store(&self) -> &Store {
        &self.store
    }
}
