//! Revisions: who changed the register, when, by what means and on which evidence.

mod listed;

use chrono::{DateTime, Utc};
use domain::Layer;
use sqlx::PgConnection;

use crate::Store;
use crate::error::StoreError;
pub use listed::{File, Revision, RevisionPage, RevisionSelection};

/// By what means a revision was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A command on the server's machine.
    Command,
    /// A reviewed upload.
    Upload,
    /// A signed-in person.
    SignIn,
}

impl Means {
    const ALL: [Self; 3] = [Self::Command, Self::Upload, Self::SignIn];

    /// The code in the database and in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Upload => "upload",
            Self::SignIn => "sign_in",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|means| means.code() == code)
    }
}

/// A revision about to be made.
#[derive(Clone, Debug)]
pub struct NewRevision {
    /// When.
    pub made_at: DateTime<Utc>,
    /// Who.
    pub author: String,
    /// By what means.
    pub means: Means,
    /// The evidence: a citation.
    pub source: Option<String>,
    /// Why, in the author's words.
    pub comment: Option<String>,
    /// The file that it came from.
    pub upload: Option<NewUpload>,
}

/// A file that was received.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Its name.
    pub file_name: String,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub size_bytes: i64,
    /// The upload under review that it was, which this revision publishes.
    pub submission: Option<i64>,
}

impl NewRevision {
    /// The upload under review that it publishes.
    pub(crate) fn submission(&self) -> Option<i64> {
        self.upload.as_ref()?.submission
    }
}

/// Records a revision of a layer and the file it came from; answers its number.
pub(crate) async fn record(
    connection: &mut PgConnection,
    layer: &Layer,
    revision: &NewRevision,
) -> Result<i64, StoreError> {
    record_as(connection, layer.id, revision, None).await
}

/// Records a revision, which may undo another one; answers its number. From here to the end of the
/// transaction no other revision is made.
pub(crate) async fn record_as(
    connection: &mut PgConnection,
    layer: &str,
    revision: &NewRevision,
    undoes: Option<i64>,
) -> Result<i64, StoreError> {
    let upload = match &revision.upload {
        Some(upload) => Some(record_upload(&mut *connection, upload, revision.made_at).await?),
        None => None,
    };
    let id = sqlx::query_scalar!(
        "insert into revision (made_at, author, means, layer, source, comment, upload, undoes) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        revision.made_at,
        revision.author,
        revision.means.code(),
        layer,
        revision.source,
        revision.comment,
        upload,
        undoes,
    )
    .fetch_one(&mut *connection)
    .await?;
    if let Some(submission) = revision.submission() {
        publish_submission(connection, submission, id).await?;
    }
    Ok(id)
}

/// In the transaction of the revision, so that an upload is published once or not at all.
async fn publish_submission(
    connection: &mut PgConnection,
    submission: i64,
    revision: i64,
) -> Result<(), StoreError> {
    let done = sqlx::query!(
        "update submission set state = 'published', revision = $2, stage = null, \
         changed_at = (select made_at from revision where id = $2) \
         where id = $1 and state = 'publishing'",
        submission,
        revision
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::NotApproved(submission))
    }
}

async fn record_upload(
    connection: &mut PgConnection,
    upload: &NewUpload,
    received_at: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let id = sqlx::query_scalar!(
        "insert into upload (file_name, sha256, size_bytes, received_at) \
         values ($1, $2, $3, $4) returning id",
        upload.file_name,
        upload.sha256,
        upload.size_bytes,
        received_at,
    )
    .fetch_one(connection)
    .await?;
    Ok(id)
}

impl Store {
    /// The last revision that a file with this SHA-256 made in a layer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revision_of_file(
        &self,
        layer: &Layer,
        sha256: &str,
    ) -> Result<Option<i64>, StoreError> {
        let id = sqlx::query_scalar!(
            r#"select max(revision.id) as "id" from revision
               join upload on upload.id = revision.upload
               where upload.sha256 = $1 and revision.layer = $2"#,
            sha256,
            layer.id,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(id)
    }
}
