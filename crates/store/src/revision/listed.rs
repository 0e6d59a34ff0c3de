//! Reading the revisions that were made.

use chrono::{DateTime, Utc};
use domain::Layer;

use super::Means;
use crate::Store;
use crate::error::StoreError;
use crate::items::Period;

/// A revision that was made.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its number. Revisions take effect in the order of their numbers; some numbers are never used.
    pub id: i64,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Who.
    pub author: String,
    /// By what means.
    pub means: Means,
    /// The layer that it was made in.
    pub layer: &'static Layer,
    /// The evidence: a citation.
    pub source: Option<String>,
    /// Why, in the author's words.
    pub comment: Option<String>,
    /// The revision that it undoes.
    pub undoes: Option<i64>,
    /// The last revision that undoes it.
    pub undone_by: Option<i64>,
    /// The file that it came from.
    pub file: Option<File>,
}

/// The file of a revision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Its size, bytes.
    pub bytes: i64,
}

/// Which revisions. All conditions apply together.
#[derive(Clone, Debug, Default)]
pub struct RevisionSelection {
    /// Those made in this layer.
    pub layer: Option<&'static Layer>,
    /// Those of this author.
    pub author: Option<String>,
    /// Those made in this period.
    pub made: Option<Period>,
}

/// Which part of a selection, the latest revisions first.
#[derive(Clone, Copy, Debug)]
pub struct RevisionPage {
    /// Only revisions before this one.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

struct Row {
    id: i64,
    made_at: DateTime<Utc>,
    author: String,
    means: String,
    layer: String,
    source: Option<String>,
    comment: Option<String>,
    undoes: Option<i64>,
    undone_by: Option<i64>,
    file_name: Option<String>,
    sha256: Option<String>,
    size_bytes: Option<i64>,
}

impl Row {
    fn read(self) -> Result<Revision, StoreError> {
        let strange = |what: &str| StoreError::StrangeRevision {
            id: self.id,
            what: what.to_owned(),
        };
        let file = self.file_name.zip(self.sha256).zip(self.size_bytes);
        Ok(Revision {
            means: Means::from_code(&self.means).ok_or_else(|| strange(&self.means))?,
            layer: domain::layers::find(&self.layer).ok_or_else(|| strange(&self.layer))?,
            id: self.id,
            made_at: self.made_at,
            author: self.author,
            source: self.source,
            comment: self.comment,
            undoes: self.undoes,
            undone_by: self.undone_by,
            file: file.map(|((name, sha256), bytes)| File {
                name,
                sha256,
                bytes,
            }),
        })
    }
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Revision>, StoreError> {
    rows.into_iter().map(Row::read).collect()
}

impl Store {
    /// Revisions, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revisions(
        &self,
        selection: &RevisionSelection,
        page: RevisionPage,
    ) -> Result<Vec<Revision>, StoreError> {
        let period = selection.made;
        let rows = sqlx::query_as!(
            Row,
            r#"select revision.id, made_at, author, means, layer, source, comment, undoes,
               (select max(id) from revision later where later.undoes = revision.id) as undone_by,
               file_name as "file_name?", sha256 as "sha256?", size_bytes as "size_bytes?"
               from revision left join upload on upload.id = revision.upload
               where ($1::text is null or layer = $1) and ($2::text is null or author = $2)
               and ($3::timestamptz is null or made_at >= $3)
               and ($4::timestamptz is null or made_at <= $4)
               and ($5::bigint is null or revision.id < $5)
               order by revision.id desc limit $6"#,
            selection.layer.map(|layer| layer.id),
            selection.author.as_deref(),
            period.and_then(|period| period.from),
            period.and_then(|period| period.until),
            page.before,
            i64::from(page.limit),
        )
        .fetch_all(&self.pool)
        .await?;
        read_all(rows)
    }

    /// The revisions of these numbers, in their order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revisions_of(&self, numbers: &[i64]) -> Result<Vec<Revision>, StoreError> {
        self.in_order(Some(numbers), 0, None, i64::MAX).await
    }

    /// The first revisions from a number on, of all layers or of some, in their order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revisions_from(
        &self,
        first: i64,
        layers: Option<&[String]>,
        limit: u32,
    ) -> Result<Vec<Revision>, StoreError> {
        self.in_order(None, first, layers, i64::from(limit)).await
    }

    async fn in_order(
        &self,
        numbers: Option<&[i64]>,
        first: i64,
        layers: Option<&[String]>,
        limit: i64,
    ) -> Result<Vec<Revision>, StoreError> {
        let rows = sqlx::query_as!(
            Row,
            r#"select revision.id, made_at, author, means, layer, source, comment, undoes,
               (select max(id) from revision later where later.undoes = revision.id) as undone_by,
               file_name as "file_name?", sha256 as "sha256?", size_bytes as "size_bytes?"
               from revision left join upload on upload.id = revision.upload
               where ($1::bigint[] is null or revision.id = any($1)) and revision.id >= $2
               and ($3::text[] is null or layer = any($3))
               order by revision.id limit $4"#,
            numbers,
            first,
            layers,
            limit,
        )
        .fetch_all(&self.pool)
        .await?;
        read_all(rows)
    }
}
