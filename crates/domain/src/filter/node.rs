//! The tree of a filter as it was written, the same for both encodings.

use chrono::{DateTime, NaiveDate, Utc};
use geo_types::Geometry;

use super::MAX_DEPTH;
use super::operation::Operation;
use super::place::Place;
use crate::lang::Message;
use crate::message;

/// One term of a filter and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What stands there.
    pub term: Term,
    depth: u16,
}

/// What can stand in a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// The name of a property.
    Property(String),
    /// A text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// The unknown.
    Null,
    /// A calendar day.
    Date(NaiveDate),
    /// A moment.
    Timestamp(DateTime<Utc>),
    /// An end of a period that is open (`..`).
    Open,
    /// A period: its first and last instant.
    Interval(Vec<Node>),
    /// A shape, in the axis order in which it was written.
    Geometry(Geometry<f64>),
    /// A box: two corners, as they were written.
    Bbox([f64; 4]),
    /// A list of terms.
    List(Vec<Node>),
    /// An operation and its operands.
    Operation(Operation, Vec<Node>),
    /// A function of the service and its arguments.
    Call(String, Vec<Node>),
}

/// A shape as it was written.
#[derive(Clone, Copy, Debug)]
pub enum Written<'n> {
    /// Positions in the axis order of its reference system.
    Shape(&'n Geometry<f64>),
    /// The lower and the upper corner of a box, likewise.
    Box([f64; 4]),
}

/// Two terms are the same wherever they stand.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.term == other.term
    }
}

impl Node {
    /// A term at a place.
    ///
    /// # Errors
    /// When its operands stand more than [`MAX_DEPTH`] levels inside one another, and when a text
    /// has the character NUL, which no text of the register can have.
    pub fn new(place: Place, term: Term) -> Result<Self, Message> {
        let deepest = term.parts().iter().map(|part| part.depth).max();
        let depth = deepest.unwrap_or(0) + 1;
        if depth > MAX_DEPTH {
            return Err(too_deep(&place));
        }
        if matches!(&term, Term::Text(text) if text.contains('\0')) {
            return Err(place.say(&message!(
                "текст не може имати знак NUL; изоставите га",
                "a text cannot have the character NUL; leave it out"
            )));
        }
        Ok(Self { place, term, depth })
    }

    /// Replaces every shape and box by what `change` makes of it: that is how shapes of another
    /// reference system come to longitude, latitude, WGS 84.
    ///
    /// # Errors
    /// Those of `change`, with the place of the shape.
    pub fn change_shapes(
        &mut self,
        change: &dyn Fn(Written<'_>) -> Result<Geometry<f64>, Message>,
    ) -> Result<(), Message> {
        let written = match &self.term {
            Term::Bbox(corners) => Written::Box(*corners),
            Term::Geometry(shape) => Written::Shape(shape),
            _ => {
                let mut parts = self.term.parts_mut().iter_mut();
                return parts.try_for_each(|part| part.change_shapes(change));
            }
        };
        let changed = change(written).map_err(|wrong| self.place.say(&wrong))?;
        self.term = Term::Geometry(changed);
        Ok(())
    }

    /// Says where something is wrong.
    pub(super) fn wrong(&self, message: &Message) -> Message {
        self.place.say(message)
    }
}

impl Term {
    fn parts(&self) -> &[Node] {
        match self {
            Self::Interval(parts)
            | Self::List(parts)
            | Self::Operation(_, parts)
            | Self::Call(_, parts) => parts,
            _ => &[],
        }
    }

    fn parts_mut(&mut self) -> &mut [Node] {
        match self {
            Self::Interval(parts)
            | Self::List(parts)
            | Self::Operation(_, parts)
            | Self::Call(_, parts) => parts,
            _ => &mut [],
        }
    }
}

/// The filter is nested too deeply.
pub(super) fn too_deep(place: &Place) -> Message {
    place.say(&message!(
        "филтер је угнежђен дубље од {MAX_DEPTH} нивоа; поделите га на више захтева",
        "the filter is nested more than {MAX_DEPTH} levels deep; split it into several requests"
    ))
}
