//! Days and moments as JSON texts, without going through a text of their own: each feature has some.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Timelike, Utc};

use super::write_text;

/// Writes a day: `"2026-01-31"`.
pub(super) fn write_date(out: &mut Vec<u8>, day: NaiveDate) {
    let Some(year) = usual_year(day) else {
        return write_text(out, &day.to_string());
    };
    out.push(b'"');
    write_day(out, year, day);
    out.push(b'"');
}

/// Writes a moment in UTC: `"2026-01-31T12:00:00Z"`, with fractions of a second where it has some.
pub(super) fn write_moment(out: &mut Vec<u8>, moment: DateTime<Utc>) {
    let (day, time) = (moment.date_naive(), moment.time());
    let (Some(year), 0) = (usual_year(day), time.nanosecond()) else {
        return write_text(out, &moment.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    };
    out.push(b'"');
    write_day(out, year, day);
    for (mark, number) in [
        (b'T', time.hour()),
        (b':', time.minute()),
        (b':', time.second()),
    ] {
        out.push(mark);
        write_two_digits(out, number);
    }
    out.extend_from_slice(b"Z\"");
}

/// The year, where four digits without a sign are its form.
fn usual_year(day: NaiveDate) -> Option<u32> {
    u32::try_from(day.year()).ok().filter(|year| *year < 10_000)
}

fn write_day(out: &mut Vec<u8>, year: u32, day: NaiveDate) {
    write_two_digits(out, year / 100);
    write_two_digits(out, year % 100);
    for number in [day.month(), day.day()] {
        out.push(b'-');
        write_two_digits(out, number);
    }
}

fn write_two_digits(out: &mut Vec<u8>, number: u32) {
    const DIGITS: &[u8; 10] = b"0123456789";
    let digit = |digit: u32| DIGITS[digit as usize % 10];
    out.extend_from_slice(&[digit(number / 10), digit(number)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `chrono` writes them, which follows RFC 3339.
    #[test]
    fn days_and_moments_are_those_of_rfc_3339() {
        for text in [
            "2026-01-31T12:00:00Z",
            "1900-12-01T23:59:59Z",
            "0007-02-28T00:00:00Z",
            "2014-05-15T06:30:00.123456Z",
            "2014-05-15T06:30:00.500Z",
            "+12026-03-01T01:02:03Z",
        ] {
            let moment: DateTime<Utc> = text.parse().unwrap();
            let mut written = Vec::new();
            write_moment(&mut written, moment);
            assert_eq!(written, format!("\"{text}\"").as_bytes(), "{text}");
            written.clear();
            write_date(&mut written, moment.date_naive());
            let day = text.split('T').next().unwrap();
            assert_eq!(written, format!("\"{day}\"").as_bytes(), "{text}");
        }
    }
}
