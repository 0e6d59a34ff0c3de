//! Durations (ISO 8601): `P1Y2M3W4DT5H6M7S`, whole numbers only.

use chrono::{DateTime, Days, Months, TimeDelta, Utc};

/// A duration. Months and days have no fixed length: it is known from where it begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    months: Months,
    days: Days,
    time: TimeDelta,
}

/// Units in the order in which they stand, years to days, then hours to seconds.
const OF_DATE: [char; 4] = ['Y', 'M', 'W', 'D'];
const OF_TIME: [char; 3] = ['H', 'M', 'S'];

impl Duration {
    /// Reads what stands after the `P`.
    pub fn read(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once('T') {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (text, ""),
        };
        if text.is_empty() {
            return None;
        }
        let [years, months, weeks, days] = counts(date, OF_DATE)?;
        let [hours, minutes, seconds] = counts(time, OF_TIME)?;
        let seconds = hours * 3600 + minutes * 60 + seconds;
        Some(Self {
            months: Months::new(years * 12 + months),
            days: Days::new(u64::from(weeks * 7 + days)),
            time: TimeDelta::seconds(seconds.into()),
        })
    }

    /// The end of a duration that begins here.
    pub fn after(self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let day = moment.checked_add_months(self.months)?;
        day.checked_add_days(self.days)?
            .checked_add_signed(self.time)
    }

    /// The beginning of a duration that ends here.
    pub fn before(self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let day = moment.checked_sub_months(self.months)?;
        day.checked_sub_days(self.days)?
            .checked_sub_signed(self.time)
    }
}

/// How many of each unit, each unit at most once and in their order.
fn counts<const N: usize>(mut text: &str, units: [char; N]) -> Option<[u32; N]> {
    /// Longer ones reach no record of the register.
    const MOST: u32 = 100_000;
    let mut counts = [0; N];
    let mut next = 0;
    while let Some(at) = text.find(|letter: char| !letter.is_ascii_digit()) {
        let (count, rest) = text.split_at(at);
        let unit = rest.chars().next()?;
        let place = next + units[next..].iter().position(|one| *one == unit)?;
        counts[place] = count.parse().ok().filter(|count| *count <= MOST)?;
        (next, text) = (place + 1, &rest[unit.len_utf8()..]);
    }
    text.is_empty().then_some(counts)
}
