//! Days and years that have not come yet: a slip of the pen, or a plan.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use domain::layer::Field;
use domain::record::{Finding, Record, Severity};
use domain::{Value, message};

/// The day in Serbia, whose clocks are ahead of UTC.
pub(crate) fn today_in_serbia(now: DateTime<Utc>) -> NaiveDate {
    (now + Duration::hours(2)).date_naive()
}

/// What a record says of days after today.
pub(super) fn findings(record: &Record, today: NaiveDate) -> Vec<Finding> {
    record
        .pairs()
        .filter(|(field, value)| field.is_recorded() && is_after(field, value, today))
        .map(|(field, value)| is_yet_to_come(field, value))
        .collect()
}

fn is_after(field: &Field, value: &Value, today: NaiveDate) -> bool {
    match value {
        Value::Date(day) => *day > today,
        Value::DateTime(moment) => today_in_serbia(*moment) > today,
        Value::Integer(year) => field.name.ends_with("_year") && *year > i64::from(today.year()),
        _ => false,
    }
}

fn is_yet_to_come(field: &Field, value: &Value) -> Finding {
    let message = message!(
        "{value} тек долази; проверите да ли је погрешно уписано, или је тек планирано",
        "{value} is yet to come; check whether it is a slip, or only planned"
    );
    Finding::of(Severity::Warning, field.name, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::layers::FACILITIES;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn what_is_yet_to_come_is_told() {
        for (field, value, told) in [
            ("end_year", Value::Integer(2104), true),
            ("start_year", Value::Integer(2027), true),
            ("start_year", Value::Integer(2026), false),
            ("surveyed_on", Value::Date(day(2026, 11, 25)), true),
            ("surveyed_on", Value::Date(day(2026, 11, 24)), false),
            ("height_m", Value::Number(3_000.0), false),
            ("end_year", Value::Unknown, false),
        ] {
            let mut record = Record::new(&FACILITIES);
            record.set(field, value.clone());
            let found = findings(&record, day(2026, 11, 24));
            assert_eq!(found.len(), usize::from(told), "{field} {value}");
            let of_field = |one: &Finding| one.field.as_deref() == Some(field);
            assert!(found.iter().all(of_field), "{found:?}");
        }
    }

    /// At 23:30 UTC the next day has begun in Serbia, in summer and in winter.
    #[test]
    fn the_day_is_that_of_serbia() {
        for (now, expected) in [
            ("2026-11-24T23:30:00Z", day(2026, 11, 25)),
            ("2026-07-01T12:00:00Z", day(2026, 7, 1)),
        ] {
            assert_eq!(today_in_serbia(now.parse().unwrap()), expected, "{now}");
        }
    }
}
