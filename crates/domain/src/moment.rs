//! Moments as people in Serbia write them: by the clock on the wall.

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday,
};

use crate::lang::Text;
use crate::value::{FieldType, FieldValue, Value, ValueError};

/// A moment that people record. Without an offset a text means the time in Serbia.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(DateTime<Utc>);

impl Moment {
    /// The moment as UTC.
    pub const fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The day on which it falls in Serbia.
    pub fn day_in_serbia(self) -> NaiveDate {
        (self.0 + offset_at(self.0)).date_naive()
    }

    /// The moment at which clocks in Serbia show this; `None` in the hour that is left out when
    /// summer time begins. In the hour that comes twice when it ends, the first.
    pub fn of_clock(shown: NaiveDateTime) -> Option<Self> {
        [SUMMER, WINTER].into_iter().find_map(|offset| {
            let moment = shown.and_utc() - offset;
            (offset_at(moment) == offset).then_some(Self(moment))
        })
    }
}

const WINTER: TimeDelta = TimeDelta::hours(1);
const SUMMER: TimeDelta = TimeDelta::hours(2);

/// What clocks in Serbia are ahead of UTC: from 01:00 UTC on the last Sunday of March to 01:00 UTC
/// on that of October two hours, else one (the rule of the European Union, kept in Serbia too).
fn offset_at(moment: DateTime<Utc>) -> TimeDelta {
    let change = |month| {
        let sunday = last_sunday(moment.year(), month)?;
        Some(sunday.and_hms_opt(1, 0, 0)?.and_utc())
    };
    match (change(3), change(10)) {
        (Some(begins), Some(ends)) if begins <= moment && moment < ends => SUMMER,
        _ => WINTER,
    }
}

/// The last Sunday of March or October, which have 31 days.
fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    let since = last.weekday().days_since(Weekday::Sun);
    last.checked_sub_days(Days::new(u64::from(since)))
}

/// Reads `2014-05-15T06:30:00Z`, and by the clock in Serbia `2014-05-15 08:30` and
/// `15.5.2014. 08:30`, with or without seconds, `u` (at) before the hour, `h` or `č` after it.
fn read(text: &str) -> Option<Moment> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(Moment(moment.to_utc()));
    }
    let without_unit = text.trim_end_matches(['h', 'č', 'ч', '.']).trim_end();
    let (day, hour) = without_unit.rsplit_once(['T', ' '])?;
    let day = day.trim_end().trim_end_matches(['u', 'у']);
    Moment::of_clock(read_day(day)?.and_time(read_hour(hour)?))
}

fn read_day(text: &str) -> Option<NaiveDate> {
    let compact: String = text.split_whitespace().collect();
    let days = ["%Y-%m-%d", "%d.%m.%Y.", "%d.%m.%Y"]
        .iter()
        .filter_map(|form| NaiveDate::parse_from_str(&compact, form).ok());
    // A year of two digits would be one of the first century.
    days.into_iter().find(|day| day.year() >= 1000)
}

fn read_hour(text: &str) -> Option<NaiveTime> {
    let mut forms = ["%H:%M:%S%.f", "%H:%M"].iter();
    forms.find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

const WANTED: Text = Text::new(
    "тренутак, као 2014-05-15T06:30:00Z, или по часовнику у Србији 15.5.2014. 08:30; сам дан не каже час",
    "a moment, such as 2014-05-15T06:30:00Z, or by the clock in Serbia 15.5.2014. 08:30; a day \
     alone does not say the hour",
);

impl FieldValue for Moment {
    const TYPE: FieldType = FieldType::DateTime;

    fn parse(text: &str) -> Result<Self, ValueError> {
        read(text.trim()).ok_or_else(|| ValueError::not_a(text, &WANTED))
    }

    fn into_value(self) -> Value {
        Value::DateTime(self.0)
    }

    fn from_value(value: &Value) -> Result<Self, ValueError> {
        match value {
            Value::DateTime(moment) => Ok(Self(*moment)),
            other => Err(ValueError::not_a(&other.to_string(), &WANTED)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Offsets of Europe/Belgrade in the tz database: summer time began on 30 March 2014 and
    /// 29 March 2026, and ended on 26 October 2014 and 25 October 2026, each at 01:00 UTC.
    #[test]
    fn moments_are_read_by_the_clock_in_serbia() {
        for (text, utc) in [
            ("2014-05-15T06:30:00Z", "2014-05-15T06:30:00Z"),
            ("2014-05-15T08:30:00+02:00", "2014-05-15T06:30:00Z"),
            ("2014-05-15T08:30:00", "2014-05-15T06:30:00Z"),
            ("2014-05-15 08:30", "2014-05-15T06:30:00Z"),
            ("15.5.2014. 08:30", "2014-05-15T06:30:00Z"),
            ("15. 05. 2014. u 8:30 h", "2014-05-15T06:30:00Z"),
            ("15.05.2014 8:30h", "2014-05-15T06:30:00Z"),
            ("15.1.2014. 08:30:15", "2014-01-15T07:30:15Z"),
            ("30.3.2014. 01:59", "2014-03-30T00:59:00Z"),
            ("30.3.2014. 03:00", "2014-03-30T01:00:00Z"),
            ("26.10.2014. 02:30", "2014-10-26T00:30:00Z"),
            ("26.10.2014. 03:00", "2014-10-26T02:00:00Z"),
            ("25.10.2026. 04:00", "2026-10-25T03:00:00Z"),
        ] {
            let read = Moment::parse(text).map(Moment::utc);
            assert_eq!(read, Ok(utc.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "2014-05-15",
            "15.5.2014.",
            "08:30",
            "15.5.14. 08:30",
            "15.5.2014. 25:00",
            "29.3.2026. 02:30",
            "15.5.2014. posle podne",
            "",
        ] {
            assert!(Moment::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_in_serbia_begins_before_that_of_utc() {
        for (utc, day) in [
            ("2014-05-14T21:59:00Z", "2014-05-14"),
            ("2014-05-14T22:00:00Z", "2014-05-15"),
            ("2014-01-14T22:30:00Z", "2014-01-14"),
        ] {
            let moment = Moment::parse(utc).unwrap();
            assert_eq!(moment.day_in_serbia().to_string(), day, "{utc}");
        }
    }
}
