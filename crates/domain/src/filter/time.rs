//! Days and moments as filters write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::node::Term;
use crate::lang::Message;
use crate::message;

/// A day: `2014-05-15`. GDAL leaves a `T` hanging behind it.
pub(super) fn day(text: &str) -> Result<NaiveDate, Message> {
    let bare = text.trim().trim_end_matches(['T', 't']);
    bare.parse().map_err(|_| {
        message!(
            "`{text}` није датум; пише се као 2014-05-15",
            "`{text}` is not a date; write it like 2014-05-15"
        )
    })
}

/// A moment: RFC 3339; without a zone, UTC.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>, Message> {
    let with_zone = DateTime::parse_from_rfc3339(text.trim()).map(|moment| moment.to_utc());
    let read = with_zone.or_else(|_| {
        let without = text.trim().parse::<NaiveDateTime>();
        without.map(|moment| moment.and_utc())
    });
    read.map_err(|_| {
        message!(
            "`{text}` није тренутак; пише се као 2014-05-15T06:30:00Z",
            "`{text}` is not a moment; write it like 2014-05-15T06:30:00Z"
        )
    })
}

/// A day or a moment.
pub(super) fn instant(text: &str) -> Result<Term, Message> {
    if let Ok(day) = day(text) {
        return Ok(Term::Date(day));
    }
    moment(text).map(Term::Timestamp).map_err(|_| {
        message!(
            "`{text}` није ни датум ни тренутак; пише се као 2014-05-15 или 2014-05-15T06:30:00Z",
            "`{text}` is neither a date nor a moment; write it like 2014-05-15 or \
             2014-05-15T06:30:00Z"
        )
    })
}

/// An end of a period: a day, a moment or `..`.
pub(super) fn end_of_period(text: &str) -> Result<Term, Message> {
    if text.trim() == ".." {
        return Ok(Term::Open);
    }
    instant(text)
}
