//! Edits of single records: read as clients write them ([`document`], [`said`]), compared with the
//! register, checked as records of files are ([`plan`]), and told to whoever reviews them ([`review`]).

mod checks;
pub mod document;
mod numbering;
mod place;
pub mod plan;
pub mod review;
mod said;

use domain::Layer;
use domain::edit::{EditAction, Said};
use domain::lang::Message;
use domain::record::{Finding, Record, Severity};
use store::StoreError;
use store::edit::Change;

pub use place::ToWgs84;
pub use plan::plan;
pub use said::{BadEdit, read};

/// Edits that are asked for together, at most.
pub const MOST_EDITS: usize = 1_000;

/// An edit, as somebody asks for it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is to be done.
    pub action: EditAction,
    /// To which feature; `None` for one that is to be added.
    pub id: Option<i64>,
    /// The revisions that wrote the states from which it may be made; `None`: any.
    pub if_match: Option<Vec<i64>>,
    /// What it says.
    pub said: Said,
    /// What was found while it was read.
    pub findings: Vec<Finding>,
}

/// An edit that was compared with the register and checked.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The feature; `None` for a new one.
    pub id: Option<i64>,
    /// The revision that wrote the state from which it is made.
    pub from: Option<i64>,
    /// What the register says.
    pub before: Option<Record>,
    /// What it would say; `None` when the record is removed.
    pub after: Option<Record>,
    /// What of it changes: names of fields, and the geometry's column.
    pub changed: Vec<&'static str>,
    /// What was found; an error refuses the edit.
    pub findings: Vec<Finding>,
}

impl Planned {
    /// What has to be done; `None` when the register says the same already.
    pub fn change(&self) -> Option<Change> {
        match (self.id.zip(self.from), self.after.clone()) {
            (None, after) => after.map(Change::Insert),
            (Some((id, from)), None) => Some(Change::Delete { id, from }),
            (Some(_), Some(_)) if self.changed.is_empty() => None,
            (Some((id, from)), Some(record)) => Some(Change::Update {
                id,
                from,
                record,
                changed: self.changed.clone(),
            }),
        }
    }

    /// Where its record lies, before and after, as far as it changes anything.
    pub fn places(&self) -> Vec<store::submission::Place> {
        let changes = self.after.is_none() || !self.changed.is_empty();
        let records = self.before.iter().chain(&self.after).filter(|_| changes);
        records.map(Record::regions).collect()
    }

    /// What refuses it.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        let is_error = |finding: &&Finding| finding.severity == Severity::Error;
        self.findings.iter().filter(is_error)
    }
}

/// Why edits cannot be compared with the register.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// One of them does not fit what the register says.
    #[error("the edit {at} does not fit the register: {}", .obstacle.message().en)]
    Obstacle {
        /// Its place, from 0.
        at: usize,
        /// Why.
        obstacle: Obstacle,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A reference system cannot be used.
    #[error("the coordinates of an edit cannot be read")]
    Coordinates(#[from] geodesy::GeodesyError),
}

/// What stands between an edit and the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// There is no such feature.
    NoSuchFeature {
        /// The id.
        id: i64,
    },
    /// The record was changed after the state from which the edit is made.
    Stale {
        /// The id.
        id: i64,
        /// The revision that wrote its state now.
        revision: i64,
    },
    /// Another record has the code.
    CodeTaken {
        /// The code.
        code: String,
    },
    /// Another record names it by its code, so that it cannot go or get another one.
    Named {
        /// The code.
        code: String,
        /// The layer of the other.
        layer: String,
        /// Its code.
        by: String,
    },
    /// Two of the edits are of the same record.
    Repeated {
        /// The id or code.
        record: String,
    },
}

impl Obstacle {
    /// In a sentence.
    pub fn message(&self) -> Message {
        use domain::message;
        match self {
            Self::NoSuchFeature { id } => message!(
                "Слој нема објекат {id}; можда је у међувремену уклоњен.",
                "The layer has no feature {id}; it may have been removed meanwhile."
            ),
            Self::Stale { id, revision } => message!(
                "Објекат {id} је у међувремену измењен (ревизија {revision}). Прочитајте га поново, па \
                 поновите измену.",
                "The feature {id} was changed meanwhile (revision {revision}). Read it again, and repeat \
                 the edit."
            ),
            Self::CodeTaken { code } => message!(
                "Шифру {code} већ има други запис. Дајте другу, или измените тај запис.",
                "Another record has the code {code} already. Give another one, or edit that record."
            ),
            Self::Named { code, layer, by } => message!(
                "Запис {code} именује запис {by} слоја {layer}. Прво измените или уклоните тај запис.",
                "The record {code} is named by {by} of the layer {layer}. Edit or remove that one first."
            ),
            Self::Repeated { record } => message!(
                "Две измене су истог записа, {record}. Спојите их у једну.",
                "Two of the edits are of the same record, {record}. Make them one."
            ),
        }
    }
}

/// The layer that shows every row of a table.
fn whole_layer(layer: &'static Layer) -> &'static Layer {
    let mut layers = domain::layers::LAYERS.iter().copied();
    let whole = layers.find(|other| other.table == layer.table && !other.only_with_geometry);
    whole.unwrap_or(layer)
}
