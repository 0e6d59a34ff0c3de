//! What revisions changed: feature by feature, and as a complete feed for mirrors.

use std::fmt;
use std::str::FromStr;

use domain::layer::{Access, Field, Layer};
use domain::layers::{LAYERS, readable_fields};
use sqlx::postgres::PgRow;

use crate::Store;
use crate::error::StoreError;
use crate::feature::Feature;
use crate::revision::Revision;
use crate::text::{self, Side};

/// What a revision did to a feature of a layer.
pub struct Change {
    /// The feature id.
    pub id: i64,
    /// What it said before; `None` when the revision brought it into the layer.
    pub before: Option<Feature>,
    /// What it said then; `None` when the revision took it out of the layer.
    pub after: Option<Feature>,
}

/// How a feature came to another state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is new in its layer.
    Inserted,
    /// It says something else.
    Updated,
    /// It is not in its layer any more.
    Deleted,
}

impl Act {
    /// The code in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inserted => "inserted",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

impl Change {
    /// How the feature came to its state after the revision.
    pub const fn act(&self) -> Act {
        match (&self.before, &self.after) {
            (None, _) => Act::Inserted,
            (_, Some(_)) => Act::Updated,
            (Some(_), None) => Act::Deleted,
        }
    }
}

/// How far a reader of the feed has come.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// The last revision of which something was read.
    pub revision: i64,
    /// The last feature of it that was read; `None` when it was read to its end.
    pub within: Option<(&'static Layer, i64)>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.revision)?;
        match self.within {
            Some((layer, id)) => write!(f, ":{}:{id}", layer.id),
            None => Ok(()),
        }
    }
}

/// A text that is no position.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is no place in the feed of changes; give the number of a revision, or follow `next`"
)]
pub struct NoPosition(String);

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let mut parts = text.split(':');
            let revision = parts.next()?.parse().ok().filter(|number| *number >= 0)?;
            let within = match (parts.next(), parts.next(), parts.next()) {
                (None, ..) => None,
                (Some(layer), Some(id), None) => {
                    Some((domain::layers::find(layer)?, id.parse().ok()?))
                }
                _ => return None,
            };
            Some(Self { revision, within })
        };
        read().ok_or_else(|| NoPosition(text.to_owned()))
    }
}

/// A part of the feed.
pub struct Feed {
    /// Revisions in their order, each with its changes by layer and feature id.
    pub revisions: Vec<(Revision, Vec<(&'static Layer, Change)>)>,
    /// How far it goes.
    pub reached: Position,
    /// Whether more follows already.
    pub more: bool,
}

/// The layers that show the table of a layer, in the order in which they are listed.
pub fn layers_beside(layer: &'static Layer) -> impl Iterator<Item = &'static Layer> {
    let beside = move |other: &&Layer| other.table == layer.table;
    LAYERS.iter().copied().filter(beside)
}

impl Store {
    /// What a revision changed in a layer, in the order of feature ids: at most `limit` features after
    /// the feature `after`. `fields` are wanted of what is then, `before` of what was before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn changes(
        &self,
        layer: &'static Layer,
        [before, fields]: [&'static [&'static Field]; 2],
        revision: i64,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Change>, StoreError> {
        let side = |side, fields: &'static [&'static Field]| {
            text::side_of_revision(layer, &fields.into(), side, revision, after, limit)
        };
        // Each side in a statement of its own: what a revision wrote and ended never changes.
        let written = side(Side::Written, fields).fetch_all(&self.pool).await?;
        let ended = side(Side::Ended, before).fetch_all(&self.pool).await?;
        let features = |rows: Vec<PgRow>, fields: &'static [&'static Field]| {
            let features = rows
                .into_iter()
                .map(move |row| Feature::new(layer, fields.into(), row));
            features.map(|feature| Ok((feature.id()?, feature)))
        };
        let written: Result<Vec<_>, StoreError> = features(written, fields).collect();
        let ended: Result<Vec<_>, StoreError> = features(ended, before).collect();
        let mut changes = merged(ended?, written?);
        changes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(changes)
    }

    /// What changed after a position, in all layers or in one: at most `limit` features, with what is
    /// read with this access.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn feed(
        &self,
        since: Position,
        only: Option<&'static Layer>,
        access: Access,
        limit: u32,
    ) -> Result<Feed, StoreError> {
        /// Revisions of one change each fill a page; those without a visible one do not.
        const AT_ONCE: u32 = 1_000;
        let names = only.map(|only| layers_beside(only).map(|layer| layer.id.to_owned()));
        let names: Option<Vec<String>> = names.map(Iterator::collect);
        let first = since.revision + i64::from(since.within.is_none());
        let revisions = self
            .revisions_from(first, names.as_deref(), AT_ONCE)
            .await?;
        let mut feed = Feed {
            more: revisions.len() >= usize::try_from(AT_ONCE).unwrap_or(usize::MAX),
            revisions: Vec::new(),
            reached: since,
        };
        let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
        for revision in revisions {
            let within = since.within.filter(|_| revision.id == since.revision);
            if left == 0 {
                feed.more = true;
                break;
            }
            let part = self.part(&revision, within, (only, access), left).await?;
            left -= part.changes.len();
            feed.reached = Position {
                revision: revision.id,
                within: part.last,
            };
            feed.more |= part.last.is_some();
            feed.revisions.push((revision, part.changes));
            if part.last.is_some() {
                break;
            }
        }
        Ok(feed)
    }

    /// At most `limit` changes of a revision after `within`.
    async fn part(
        &self,
        revision: &Revision,
        within: Option<(&'static Layer, i64)>,
        (only, access): (Option<&'static Layer>, Access),
        limit: usize,
    ) -> Result<Part, StoreError> {
        let mut changes = Vec::new();
        let layers = layers_beside(revision.layer)
            .skip_while(|layer| within.is_some_and(|(last, _)| last.id != layer.id))
            .filter(|layer| only.is_none_or(|only| only.id == layer.id));
        for layer in layers {
            let after = within.and_then(|(last, id)| (last.id == layer.id).then_some(id));
            let left = limit - changes.len();
            let asked = u32::try_from(left).unwrap_or(u32::MAX).saturating_add(1);
            let fields = [&[], readable_fields(layer, access)];
            let found = self
                .changes(layer, fields, revision.id, after, asked)
                .await?;
            let more = found.len() > left;
            changes.extend(found.into_iter().take(left).map(|change| (layer, change)));
            if more {
                let last = changes.last().map(|(layer, change)| (*layer, change.id));
                return Ok(Part { changes, last });
            }
        }
        Ok(Part {
            changes,
            last: None,
        })
    }
}

/// Changes of one revision.
struct Part {
    changes: Vec<(&'static Layer, Change)>,
    /// The last of them, when more follow.
    last: Option<(&'static Layer, i64)>,
}

/// Both sides of a revision, each in the order of ids.
fn merged(ended: Vec<(i64, Feature)>, written: Vec<(i64, Feature)>) -> Vec<Change> {
    let (mut ended, mut written) = (ended.into_iter().peekable(), written.into_iter().peekable());
    let mut changes = Vec::new();
    while let Some(id) = ended
        .peek()
        .map(|(id, _)| *id)
        .into_iter()
        .chain(written.peek().map(|(id, _)| *id))
        .min()
    {
        let before = ended.next_if(|(one, _)| *one == id);
        let after = written.next_if(|(one, _)| *one == id);
        changes.push(Change {
            id,
            before: before.map(|(_, feature)| feature),
            after: after.map(|(_, feature)| feature),
        });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_written_as_they_are_read() {
        for text in ["0", "17", "17:facilities:3", "17:facility_outlines:-1"] {
            let position: Position = text.parse().unwrap();
            assert_eq!(position.to_string(), text);
        }
        for bad in [
            "",
            "-1",
            "x",
            "1:",
            "1:facilities",
            "1:nothing:2",
            "1:dams:2:3",
        ] {
            assert!(bad.parse::<Position>().is_err(), "{bad}");
        }
    }
}
