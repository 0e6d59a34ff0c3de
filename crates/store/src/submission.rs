//! Uploads under review: sent, inspected, decided.

use chrono::{DateTime, Utc};
use domain::Lang;
use domain::lang::Message;
use domain::layer::Field;
use domain::region::Region;
use domain::upload::UploadState;
use serde_json::Value as Json;
use sqlx::Row;

use crate::Store;
use crate::error::StoreError;
use crate::text;

/// A file that somebody sends.
#[derive(Clone, Debug)]
pub struct NewSubmission {
    /// Its name, without folders.
    pub file_name: String,
    /// The bytes it will have.
    pub size_bytes: i64,
    /// How it is to be read.
    pub reading: Json,
    /// A citation of the evidence.
    pub source: Option<String>,
    /// Why, in the sender's words.
    pub comment: Option<String>,
    /// Who.
    pub submitted_by: String,
    /// When.
    pub submitted_at: DateTime<Utc>,
    /// What the sender calls this upload, so that sending it again is not another.
    pub idempotency_key: Option<String>,
}

/// How much one user may leave open.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// Uploads.
    pub uploads: i64,
    /// All their bytes.
    pub bytes: i64,
}

/// What came of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// A new upload of this number.
    New(i64),
    /// The same was sent before, as this number.
    Known(i64),
    /// The same was begun before, as this number, and its file has not arrived.
    Unfinished(i64),
    /// The user has too much open.
    OverQuota,
}

/// An upload.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its number.
    pub id: i64,
    /// How far it is.
    pub state: UploadState,
    /// The file's name.
    pub file_name: String,
    /// Its size, bytes.
    pub size_bytes: i64,
    /// Its SHA-256, once it is here.
    pub sha256: Option<String>,
    /// How it is read.
    pub reading: Json,
    /// A citation of the evidence.
    pub source: Option<String>,
    /// Why, in the sender's words.
    pub comment: Option<String>,
    /// Who sent it.
    pub submitted_by: String,
    /// When.
    pub submitted_at: DateTime<Utc>,
    /// The step that the work on it is at.
    pub stage: Option<String>,
    /// Records done of that step.
    pub records_done: Option<i64>,
    /// Records to do.
    pub records_total: Option<i64>,
    /// How often the present work was begun.
    pub attempts: i32,
    /// The outcome of the last inspection.
    pub outcome: Option<String>,
    /// How many records had which verdict.
    pub counts: Option<Json>,
    /// Why it failed.
    pub failure: Option<Message>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why, in the reviewer's words.
    pub decision_comment: Option<String>,
    /// The districts and municipalities to which the role of who decided is limited; none: no limit.
    pub decided_within: Vec<Region>,
    /// The revision that it became.
    pub revision: Option<i64>,
    /// When anything of this last changed.
    pub changed_at: DateTime<Utc>,
}

impl Submission {
    /// Whether it waits for somebody to publish it, and its last inspection found nothing against that.
    pub fn is_publishable(&self) -> bool {
        let sound = ["dry_run", "nothing_to_change"];
        let outcome = self.outcome.as_deref();
        self.state == UploadState::Ready && outcome.is_some_and(|outcome| sound.contains(&outcome))
    }
}

/// Who decides what about an upload, and when.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// The upload.
    pub id: i64,
    /// Who.
    pub by: &'a str,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub comment: Option<&'a str>,
    /// The districts and municipalities to which the role of who decides is limited; none: no limit.
    pub within: &'a [Region],
}

/// A row of `submission` as the checked query gives it.
macro_rules! submission {
    ($row:expr) => {{
        let row = $row;
        Submission {
            id: row.id,
            state: state(&row.state)?,
            file_name: row.file_name,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            reading: row.reading,
            source: row.source,
            comment: row.comment,
            submitted_by: row.submitted_by,
            submitted_at: row.submitted_at,
            stage: row.stage,
            records_done: row.records_done,
            records_total: row.records_total,
            attempts: row.attempts,
            outcome: row.outcome,
            counts: row.counts,
            failure: row
                .failure
                .and_then(|failure| serde_json::from_value(failure).ok()),
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            decision_comment: row.decision_comment,
            decided_within: limits::read(row.id, &row.decided_within)?,
            revision: row.revision,
            changed_at: row.changed_at,
        }
    }};
}

mod limits;
mod preview;
mod work;

pub use limits::{Place, cover};
pub use preview::Previewed;
pub(crate) use preview::forget;
pub use work::{Attempt, Inspected};

fn state(text: &str) -> Result<UploadState, StoreError> {
    let bad = |error| StoreError::Query(sqlx::Error::Decode(Box::new(error)));
    text.parse().map_err(bad)
}

impl Store {
    /// Records that somebody begins to send a file, unless it is known or too much is open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submit(&self, new: &NewSubmission, quota: Quota) -> Result<Submitted, StoreError> {
        let mut transaction = self.pool.begin().await?;
        // One user's uploads begin one after the other, so that a quota counts them all.
        sqlx::query!(
            "select pg_advisory_xact_lock(hashtext('submission'), hashtext($1)) is null as locked",
            new.submitted_by
        )
        .fetch_one(&mut *transaction)
        .await?;
        let known = sqlx::query!(
            r#"select id, state = 'receiving' as "is_unfinished!" from submission where submitted_by = $1 and idempotency_key = $2"#,
            new.submitted_by,
            new.idempotency_key
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(known) = known {
            return Ok(if known.is_unfinished {
                Submitted::Unfinished(known.id)
            } else {
                Submitted::Known(known.id)
            });
        }
        let open = sqlx::query!(
            r#"select count(*) as "uploads!", coalesce(sum(size_bytes), 0)::bigint as "bytes!"
               from submission where submitted_by = $1 and state not in ('published', 'rejected')"#,
            new.submitted_by
        )
        .fetch_one(&mut *transaction)
        .await?;
        if open.uploads >= quota.uploads || open.bytes + new.size_bytes > quota.bytes {
            return Ok(Submitted::OverQuota);
        }
        let id = sqlx::query_scalar!(
            "insert into submission (state, file_name, size_bytes, reading, source, comment, \
             submitted_by, submitted_at, idempotency_key, changed_at) \
             values ('receiving', $1, $2, $3, $4, $5, $6, $7, $8, $7) returning id",
            new.file_name,
            new.size_bytes,
            new.reading,
            new.source,
            new.comment,
            new.submitted_by,
            new.submitted_at,
            new.idempotency_key
        )
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Submitted::New(id))
    }

    /// An upload by its number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submission(&self, id: i64) -> Result<Option<Submission>, StoreError> {
        let row = sqlx::query!("select * from submission where id = $1", id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(submission!(row))).transpose()
    }

    /// Uploads, the newest first: those of one sender or all, those before a number or all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submissions(
        &self,
        of: Option<&str>,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Submission>, StoreError> {
        let rows = sqlx::query!(
            "select * from submission where ($1::text is null or submitted_by = $1) \
             and ($2::bigint is null or id < $2) order by id desc limit $3",
            of,
            before,
            limit
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(|row| Ok(submission!(row))).collect()
    }

    /// The file of an upload is here: it waits to be inspected. `false` when it was not expected any
    /// more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn received(
        &self,
        id: i64,
        sha256: &str,
        size_bytes: u64,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query_scalar!(
            r#"with moved as (
                update submission set state = 'received', sha256 = $2, size_bytes = $4, attempts = 0,
                    changed_at = $3
                where id = $1 and state = 'receiving' returning id
            ), queued as (
                insert into submission_work select id, $3 from moved returning submission
            ) select count(*) > 0 as "moved!" from queued"#,
            id,
            sha256,
            at,
            i64::try_from(size_bytes).unwrap_or(i64::MAX)
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(row)
    }

    /// An upload is to be read in another way: it is inspected again. `false` when that is decided or
    /// under way.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read_again(
        &self,
        id: i64,
        reading: &Json,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query_scalar!(
            r#"with moved as (
                update submission set state = 'received', reading = $2, attempts = 0, failure = null,
                    outcome = null, counts = null, changed_at = $3
                where id = $1 and state in ('ready', 'failed') and sha256 is not null returning id
            ), queued as (
                insert into submission_work select id, $3 from moved returning submission
            ) select count(*) > 0 as "moved!" from queued"#,
            id,
            reading,
            at
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(row)
    }

    /// Somebody decides to publish an upload, whose last inspection found nothing against it; the
    /// service does it next. `false` when it does not wait for that.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn approve(&self, decision: Decision<'_>) -> Result<bool, StoreError> {
        let row = sqlx::query_scalar!(
            r#"with moved as (
                update submission set state = 'publishing', attempts = 0, decided_by = $2,
                    decided_at = $3, decision_comment = $4, changed_at = $3, decided_within = $5
                where id = $1 and state = 'ready' and outcome in ('dry_run', 'nothing_to_change')
                returning id
            ), queued as (
                insert into submission_work select id, $3 from moved returning submission
            ) select count(*) > 0 as "moved!" from queued"#,
            decision.id,
            decision.by,
            decision.at,
            decision.comment,
            &limits::codes(decision.within)
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(row)
    }

    /// Somebody decides against an upload. `false` when that is too late.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reject(&self, decision: Decision<'_>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "update submission set state = 'rejected', decided_by = $2, decided_at = $3, \
             decision_comment = $4, changed_at = $3 \
             where id = $1 and state in ('receiving', 'received', 'ready', 'failed')",
            decision.id,
            decision.by,
            decision.at,
            decision.comment
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// A report of the last inspection, as it is served.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submission_report(
        &self,
        id: i64,
        media_type: &str,
        lang: Lang,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let content = sqlx::query_scalar!(
            "select content from submission_report \
             where submission = $1 and media_type = $2 and lang in ($3, '') limit 1",
            id,
            media_type,
            lang.tag()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(content)
    }

    /// Unfinished uploads that nobody has sent a part of since `before` are given up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn give_up_unfinished(
        &self,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "update submission set state = 'failed', changed_at = $2, failure = $3 \
             where state = 'receiving' and changed_at < $1",
            before,
            now,
            serde_json::to_value(domain::message!(
                "датотека није послата до краја; пошаљите је поново",
                "the file was not sent to its end; send it again"
            ))
            .unwrap_or_default()
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// A part of a file came: it is not given up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn touch_submission(&self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "update submission set changed_at = $2 where id = $1 and state = 'receiving'",
            id,
            now
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The numbers of uploads whose files are still being sent, and the digests of those that are here.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submitted_files(&self) -> Result<(Vec<i64>, Vec<String>), StoreError> {
        let rows = sqlx::query!("select id, state, sha256 from submission")
            .fetch_all(&self.pool)
            .await?;
        let unfinished = rows.iter().filter(|row| row.state == "receiving");
        let unfinished = unfinished.map(|row| row.id).collect();
        let here = rows.into_iter().filter_map(|row| row.sha256).collect();
        Ok((unfinished, here))
    }

    /// The records of an upload as the register would say them, as features of `GeoJSON` (longitude,
    /// latitude, WGS 84), in file order from after the row `after`, at most `most`: the row and the text
    /// of each, with the values of `fields` and the member `verdict`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn preview(
        &self,
        id: i64,
        fields: &[&'static Field],
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let rows = text::preview(id, fields, after, most)
            .fetch_all(&self.pool)
            .await?;
        let pairs = rows
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
        pairs.collect()
    }
}
