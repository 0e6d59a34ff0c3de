//! Where in a filter something stands.

use crate::lang::Message;
use crate::message;

/// A place in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The character of a text, counted from 1.
    Character(usize),
    /// The member of a JSON value (RFC 6901, JSON Pointer; empty for the whole).
    Member(String),
}

impl Place {
    /// Adds the place to what is wrong there.
    pub(super) fn say(&self, wrong: &Message) -> Message {
        let Message { sr, en } = wrong;
        match self {
            Self::Character(at) => message!("{sr} (знак {at})", "{en} (at character {at})"),
            Self::Member(path) if path.is_empty() => wrong.clone(),
            Self::Member(path) => message!("{sr} (члан `{path}`)", "{en} (at member `{path}`)"),
        }
    }
}
