//! Filters: CQL2 (OGC 21-065r2), as text and as JSON, bound to the fields of a layer.
//!
//! A filter is read in two steps. [`read_text`] and [`read_json`] make the same tree of [`Node`]s
//! of either encoding, without knowing a layer. [`Filter::bind`] gives names and literals their
//! meaning: fields that everybody may select by, codes of their lists, days, moments, shapes. What
//! comes out has a type everywhere, so that the store only has to write it down.
//!
//! Logic is of three values: what compares with something unknown is unknown, and selects nothing.

mod bind;
pub mod function;
mod json;
mod lexer;
mod near;
mod node;
mod operation;
mod parser;
mod place;
mod print;
mod time;
mod typed;
mod wkt;

#[cfg(test)]
mod tests;

pub use bind::outline;
pub use json::read as read_json;
pub use node::{Node, Term, Written};
pub use operation::{
    Arithmetic, ArrayRelation, Comparison, Operation, SpatialRelation, TemporalRelation,
};
pub use parser::read as read_text;
pub use place::Place;
pub use typed::{Bound, Codes, Filter, Interval, Kind, Operand, Predicate, Scalar, Shape};

/// The longest filter, in bytes of its encoding.
pub const MAX_BYTES: usize = 16 * 1024;
/// The most levels that operations stand inside one another. QGIS puts each `AND` of a row of them
/// one level deeper.
pub const MAX_DEPTH: u16 = 64;
/// The most values in a list.
pub const MAX_LIST: usize = 1_000;
/// The most positions in the shapes of a filter.
pub const MAX_POSITIONS: usize = 2_000;
