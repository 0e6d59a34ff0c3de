//! Proving that the history is as it was written: the chain of seals is computed anew from the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sqlx::{PgConnection, Row};

use crate::Store;
use crate::error::StoreError;
use crate::text;

/// A feature id and the SHA-256 of a row, as seals list them.
const ENTRY: usize = 8 + 32;

/// The end of the chain: whoever keeps it elsewhere can later prove that nothing before it was
/// exchanged, not even with all seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last revision.
    pub revision: i64,
    /// Its hash, 64 hexadecimal digits.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.revision, self.hash)
    }
}

impl std::str::FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (revision, hash) = text.split_once(':')?;
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            Some(Self {
                revision: revision.parse().ok()?,
                hash: is_hash.then(|| hash.to_ascii_lowercase())?,
            })
        };
        read().ok_or_else(|| {
            "give a revision and its hash as `cadastre audit verify` prints them, such as 12:3f…".to_owned()
        })
    }
}

/// What was verified, and what does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// How many revisions.
    pub revisions: u64,
    /// How many versions of rows, those that stand and those of the history.
    pub versions: u64,
    /// The end of the chain; `None` where there is no revision.
    pub head: Option<Head>,
    /// What does not hold, in the order of revisions.
    pub findings: Vec<Tampering>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// What a revision says of itself, or its seal.
    Revision(i64),
    /// A revision without a seal.
    Unsealed(i64),
    /// A seal whose revision is gone.
    RevisionGone(i64),
    /// A row that a revision wrote or ended.
    Row {
        /// The revision.
        revision: i64,
        /// The table.
        table: String,
        /// The feature id.
        id: i64,
        /// What happened to it.
        fate: Fate,
    },
    /// A row that names a revision which did not write it.
    Stranger {
        /// The revision that it names.
        revision: i64,
        /// The table.
        table: &'static str,
        /// The feature id.
        id: i64,
    },
    /// The chain has not the hash that was noted down earlier.
    Head(Head),
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A version that the revision wrote says something else.
    Changed,
    /// A version that the revision wrote is gone.
    Gone,
    /// A version says it is of the revision, which did not write it.
    Added,
    /// The end of a version is not as the revision made it.
    EndChanged,
}

impl fmt::Display for Tampering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revision(id) => write!(f, "revision {id} or its seal was changed"),
            Self::Unsealed(id) => write!(f, "revision {id} has no seal"),
            Self::RevisionGone(id) => write!(f, "revision {id} is gone, its seal is there"),
            Self::Row {
                revision,
                table,
                id,
                fate,
            } => match fate {
                Fate::Changed => write!(
                    f,
                    "{table} {id}: the version of revision {revision} was changed"
                ),
                Fate::Gone => write!(
                    f,
                    "{table} {id}: the version of revision {revision} is gone"
                ),
                Fate::Added => write!(f, "{table} {id}: revision {revision} wrote no such version"),
                Fate::EndChanged => write!(
                    f,
                    "{table}_history {id}: the version that revision {revision} ended was changed, \
                     added or removed"
                ),
            },
            Self::Stranger {
                revision,
                table,
                id,
            } => write!(
                f,
                "{table} {id}: a version names revision {revision}, which is none of this table"
            ),
            Self::Head(head) => write!(
                f,
                "revision {} has not the hash {} that was noted down",
                head.revision, head.hash
            ),
        }
    }
}

/// What the seal of a revision says beside what the rows say now.
struct Beside {
    exists: bool,
    held: Option<String>,
    hash: Option<Vec<u8>>,
    chained: Option<Vec<u8>>,
    digits: Option<String>,
    sealed_written: Vec<u8>,
    written: Vec<u8>,
    sealed_ended: Vec<u8>,
    ended: Vec<u8>,
}

impl Store {
    /// Reads every row, the history and the revisions, computes the seals anew and compares them.
    /// `noted` is the head that an earlier verification printed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit(&self, noted: Option<&Head>) -> Result<Audit, StoreError> {
        let mut reading = self.pool.begin_with(text::read_at_one_moment()).await?;
        let mut audit = Audit::default();
        let mut is_noted = noted.is_none();
        let mut previous: Option<Vec<u8>> = None;
        for id in numbers(&mut reading).await? {
            let sealed = read(&mut reading, id, previous.as_deref()).await?;
            audit.compare(id, &sealed);
            if let Some(hash) = sealed.hash {
                let head = Head {
                    revision: id,
                    hash: sealed.digits.unwrap_or_default(),
                };
                is_noted |= noted == Some(&head);
                audit.head = Some(head);
                previous = Some(hash);
            }
        }
        for table in text::tables() {
            for row in text::strangers(table).fetch_all(&mut *reading).await? {
                audit.findings.push(Tampering::Stranger {
                    revision: row.try_get(0)?,
                    table,
                    id: row.try_get(1)?,
                });
            }
        }
        if let Some(noted) = noted.filter(|_| !is_noted) {
            audit.findings.push(Tampering::Head(noted.clone()));
        }
        reading.rollback().await?;
        Ok(audit)
    }
}

async fn numbers(connection: &mut PgConnection) -> Result<Vec<i64>, StoreError> {
    let numbers = sqlx::query_scalar!(
        r#"select id as "id!" from (select id from revision union select revision from seal) known
           order by id"#
    );
    Ok(numbers.fetch_all(connection).await?)
}

/// What the seal of a revision says beside what the rows say now.
async fn read(
    connection: &mut PgConnection,
    id: i64,
    previous: Option<&[u8]>,
) -> Result<Beside, StoreError> {
    let sealed = sqlx::query_as!(
        Beside,
        r#"select revision.id is not null as "exists!", name as "held?", hash as "hash?",
           encode(hash, 'hex') as "digits?",
           chained(known, $2, columns, seal.written, seal.ended) as "chained?",
           coalesce(seal.written, '') as "sealed_written!",
           coalesce(written_by(name, known, columns), '') as "written!",
           coalesce(seal.ended, '') as "sealed_ended!",
           coalesce(ended_by(name, known), '') as "ended!"
           from (values ($1::bigint)) number (known)
           left join revision on revision.id = known left join seal on seal.revision = known
           left join layer_table on layer_table.layer = revision.layer"#,
        id,
        previous,
    )
    .fetch_one(connection)
    .await?;
    Ok(sealed)
}

impl Audit {
    fn compare(&mut self, id: i64, sealed: &Beside) {
        self.revisions += u64::from(sealed.exists);
        self.versions += (sealed.written.len() / ENTRY) as u64;
        if !sealed.exists {
            return self.findings.push(Tampering::RevisionGone(id));
        }
        if sealed.hash.is_none() {
            return self.findings.push(Tampering::Unsealed(id));
        }
        if sealed.chained != sealed.hash {
            self.findings.push(Tampering::Revision(id));
        }
        let table = sealed.held.clone().unwrap_or_default();
        let written = fates(&sealed.sealed_written, &sealed.written);
        let ended = fates(&sealed.sealed_ended, &sealed.ended)
            .into_iter()
            .map(|(id, _)| (id, Fate::EndChanged));
        let rows = written
            .into_iter()
            .chain(ended)
            .map(|(entry, fate)| Tampering::Row {
                revision: id,
                table: table.clone(),
                id: entry,
                fate,
            });
        self.findings.extend(rows);
    }
}

/// The features of which two lists of a seal do not say the same, and what that means.
fn fates(then: &[u8], now: &[u8]) -> Vec<(i64, Fate)> {
    let is_same = then == now;
    let [then, now] = [then, now].map(|list| {
        if is_same {
            BTreeMap::new()
        } else {
            entries(list)
        }
    });
    let ids: BTreeSet<i64> = then.keys().chain(now.keys()).copied().collect();
    ids.into_iter()
        .filter_map(|id| match (then.get(&id), now.get(&id)) {
            (Some(_), None) => Some((id, Fate::Gone)),
            (None, _) => Some((id, Fate::Added)),
            (then, now) => (then != now).then_some((id, Fate::Changed)),
        })
        .collect()
}

/// The digests of a seal's list by feature id.
fn entries(list: &[u8]) -> BTreeMap<i64, Vec<&[u8]>> {
    let mut entries: BTreeMap<i64, Vec<&[u8]>> = BTreeMap::new();
    for entry in list.chunks(ENTRY) {
        if let Some((id, digest)) = entry.split_first_chunk::<8>() {
            entries
                .entry(i64::from_be_bytes(*id))
                .or_default()
                .push(digest);
        }
    }
    entries
}
