//! Moments and periods as the standard and the clients write them.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use store::items::Period;

use duration::Duration;

mod duration;

/// A moment; of a day, its first.
pub fn moment(text: &str) -> Option<DateTime<Utc>> {
    Some(bounds(text)?.0)
}

/// OGC API Features 1, 7.15.4, with ISO 8601 durations in place of either end, and what clients send beside it: no zone (UTC), the year 0 or 9999
/// for an open end (QGIS), a date with a dangling `T` (GDAL).
pub fn period(text: &str) -> Option<Period> {
    let Some((from, until)) = text.split_once('/') else {
        let (first, last) = bounds(text)?;
        return Some(Period {
            from: Some(first),
            until: Some(last),
        });
    };
    let (from, until) = match (from.strip_prefix('P'), until.strip_prefix('P')) {
        (None, None) => {
            let from = if is_open(from) {
                None
            } else {
                Some(bounds(from)?.0)
            };
            let until = if is_open(until) {
                None
            } else {
                Some(bounds(until)?.1)
            };
            (from, until)
        }
        // A duration begins where its day or moment does.
        (None, Some(duration)) => {
            let from = bounds(from)?.0;
            let end = Duration::read(duration)?.after(from)?;
            (Some(from), Some(end - TimeDelta::microseconds(1)))
        }
        // The end of a day is the beginning of the next.
        (Some(duration), None) => {
            let (first, last) = bounds(until)?;
            let moment = TimeDelta::microseconds((first != last).into());
            let from = Duration::read(duration)?.before(last + moment)?;
            (Some(from), Some(last))
        }
        (Some(_), Some(_)) => return None,
    };
    let in_order = from.zip(until).is_none_or(|(from, until)| from <= until);
    in_order.then_some(Period { from, until })
}

fn is_open(text: &str) -> bool {
    matches!(text, "" | "..") || text.starts_with("0000-") || text.starts_with("9999-")
}

/// The first and last moment of a day, or the moment itself twice.
fn bounds(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let text = text.strip_suffix(['T', 't']).unwrap_or(text);
    if let Ok(day) = text.parse::<NaiveDate>() {
        let first = day.and_time(NaiveTime::MIN).and_utc();
        let last = first.checked_add_days(Days::new(1))? - TimeDelta::microseconds(1);
        return Some((first, last));
    }
    let moment = DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.to_utc())
        .or_else(|_| text.parse::<NaiveDateTime>().map(|moment| moment.and_utc()))
        .ok()?;
    Some((moment, moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_as_the_standard_and_the_clients_write_them() {
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        for (text, from, until) in [
            (
                "2014-05-15T06:30:00Z",
                at("2014-05-15T06:30:00Z"),
                at("2014-05-15T06:30:00Z"),
            ),
            (
                "2014-05-15T08:30:00+02:00",
                at("2014-05-15T06:30:00Z"),
                at("2014-05-15T06:30:00Z"),
            ),
            (
                "2014-05-15T06:30:00",
                at("2014-05-15T06:30:00Z"),
                at("2014-05-15T06:30:00Z"),
            ),
            (
                "2014-05-15",
                at("2014-05-15T00:00:00Z"),
                at("2014-05-15T23:59:59.999999Z"),
            ),
            ("2020-01-01T/..", at("2020-01-01T00:00:00Z"), None),
            ("../2014-05-15", None, at("2014-05-15T23:59:59.999999Z")),
            ("/2014-05-15T00:00:00Z", None, at("2014-05-15T00:00:00Z")),
            ("0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", None, None),
            ("../..", None, None),
            (
                "2014-01-01/P2D",
                at("2014-01-01T00:00:00Z"),
                at("2014-01-02T23:59:59.999999Z"),
            ),
            (
                "2014-05-15T06:30:00Z/PT36H",
                at("2014-05-15T06:30:00Z"),
                at("2014-05-16T18:29:59.999999Z"),
            ),
            (
                "P1M/2014-02-28",
                at("2014-02-01T00:00:00Z"),
                at("2014-02-28T23:59:59.999999Z"),
            ),
            (
                "P1Y2M3DT4H5M6S/2014-05-15T06:30:00Z",
                at("2013-03-12T02:24:54Z"),
                at("2014-05-15T06:30:00Z"),
            ),
            (
                "2014-01-01/P2W",
                at("2014-01-01T00:00:00Z"),
                at("2014-01-14T23:59:59.999999Z"),
            ),
        ] {
            assert_eq!(period(text), Some(Period { from, until }), "{text}");
        }
        for bad in [
            "",
            "yesterday",
            "2014-13-01",
            "2015-01-01/2014-01-01",
            "2014-01-01/x",
            "1/2/3",
            "P1D",
            "P1D/P1D",
            "../P1D",
            "P1D/..",
            "2014-01-01/P",
            "2014-01-01/P1",
            "2014-01-01/PT",
            "2014-01-01/P1DT",
            "2014-01-01/P1H",
            "2014-01-01/P1D1Y",
            "2014-01-01/P-1D",
            "2014-01-01/P99999999999Y",
            "2014-01-01/P9999999Y",
        ] {
            assert_eq!(period(bad), None, "{bad}");
        }
    }
}
