//! Edits of single records (OGC API Features 4) and of several at once.
//!
//! [`features`] and [`transactions`] take them, [`carry`] has them checked and made, or kept for review
//! ([`propose`], [`review`]); [`answer`] says what came of it.

pub(crate) mod answer;
mod carry;
pub(crate) mod features;
mod places;
mod problem;
mod propose;
mod request;
pub(crate) mod review;
pub(crate) mod transactions;

pub use places::Places;
pub use problem::EditProblem;
pub use request::MOST_BYTES;

use domain::edit::EditAction;
use domain::layer::Layer;

/// The method of each edit of one feature, in the order in which they are listed.
pub const METHODS: [(&str, EditAction); 4] = [
    ("POST", EditAction::Insert),
    ("PUT", EditAction::Replace),
    ("PATCH", EditAction::Update),
    ("DELETE", EditAction::Delete),
];

/// Whether a layer takes edits at all.
pub fn is_edited(layer: &Layer) -> bool {
    layer.takes(EditAction::Update)
}
