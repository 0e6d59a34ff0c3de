//! Years, and whole numbers.

use domain::Value;
use domain::lang::Message;
use domain::message;
use domain::record::Severity;

use super::Column;
use super::numeric::{a_bound, number_of, whole};
use crate::convert::text_value::day::{self, Time};

impl Column {
    /// A whole number; of a day, a month or the words around it, the year.
    pub(super) fn year_or_whole(&mut self, text: &str) -> Result<Value, Message> {
        if !self.field.name.ends_with("_year") {
            let bare = self.without_about(text)?;
            return number_of(bare).and_then(whole);
        }
        if is_open_range(text) {
            return Err(a_bound(text));
        }
        if let Some(year) = self.year(text) {
            return Ok(year);
        }
        if is_two_years(text) {
            return Err(two_years(text));
        }
        let bare = self.without_about(text)?;
        match self.year(bare) {
            Some(year) => Ok(year),
            None => number_of(bare)
                .map_err(|_| not_a_year(text))
                .and_then(whole),
        }
    }

    fn year(&mut self, text: &str) -> Option<Value> {
        let (year, dropped) = match day::read(text)? {
            Time::Day(day) if self.is_day_of_nothing(day) => return Some(Value::Unknown),
            Time::Day(day) | Time::Either(day, _) => (chrono::Datelike::year(&day), true),
            Time::Month(year) => (year, true),
            Time::Year(year) => (year, false),
            Time::ShortYear => return None,
        };
        if dropped {
            self.remark(
                Severity::Note,
                message!(
                    "од `{text}` уписује се само година, {year}",
                    "of `{text}` only the year is entered, {year}"
                ),
            );
        }
        Some(Value::Integer(year.into()))
    }
}

/// `1978-`, `– 1978.`
fn is_open_range(text: &str) -> bool {
    const DASHES: [char; 3] = ['-', '–', '—'];
    text.starts_with(DASHES) || text.ends_with(DASHES)
}

/// `1978/79`, `1978/1979`.
fn is_two_years(text: &str) -> bool {
    let is_year = |part: &str| {
        let digits = part.trim().trim_end_matches('.');
        matches!(digits.len(), 2 | 4) && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    text.split_once('/')
        .is_some_and(|(first, second)| is_year(first) && is_year(second))
}

fn two_years(text: &str) -> Message {
    message!(
        "`{text}` су две године; упишите једну, а другу у напомену",
        "`{text}` are two years; write one, and the other in the remarks"
    )
}

fn not_a_year(text: &str) -> Message {
    message!(
        "`{text}` није година; напишите је са четири цифре, као 1978, или оставите празно и упишите у \
         напомену шта се зна",
        "`{text}` is not a year; write four digits, as in 1978, or leave it empty and write in the \
         remarks what is known"
    )
}
