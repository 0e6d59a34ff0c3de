//! The rules of incidents, and what follows from facility and day.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use chrono::NaiveDate;
use domain::layers::INCIDENTS;
use domain::record::Severity;
use domain::{Record, Value};

/// An incident from texts as a file would hold them.
fn incident(texts: &[(&str, &str)]) -> Record {
    let mut record = Record::new(&INCIDENTS);
    for (name, text) in texts {
        let field = INCIDENTS.field(name).expect(name);
        record.set(name, field.parse(text).expect(text));
    }
    record
}

/// The findings of a record as (severity, field).
fn findings(record: &Record) -> Vec<(Severity, String)> {
    let findings = record.findings().into_iter();
    findings
        .map(|finding| (finding.severity, finding.field.unwrap_or_default()))
        .collect()
}

#[test]
fn rules_of_an_incident() {
    let error = |name: &str| vec![(Severity::Error, name.to_owned())];
    let valid = [
        ("code", "D-1"),
        ("name", "Пробој"),
        ("occurred_on", "2014-05-15"),
    ];
    for (texts, found) in [
        (&[][..], vec![]),
        (&[("occurred_year", "2014"), ("deaths", "0")], vec![]),
        (&[("occurred_year", "2013")], error("occurred_year")),
        (&[("deaths", "-1")], error("deaths")),
        (&[("notified_on", "2014-05-15")], vec![]),
        (&[("notified_on", "2014-05-14")], error("notified_on")),
        (
            &[
                ("notified_on", "2014-05-15"),
                ("notified_at", "2014-05-14T22:30:00Z"),
            ],
            vec![],
        ),
        (
            &[
                ("notified_on", "2014-05-16"),
                ("notified_at", "15.5.2014. 12:00"),
            ],
            error("notified_on"),
        ),
    ] {
        let record = incident(&[&valid[..], texts].concat());
        assert_eq!(findings(&record), found, "{texts:?}");
    }
}

#[test]
fn an_incident_knows_what_follows_from_facility_and_day() {
    let mut incident = incident(&[
        ("facility", "RS-70661-001"),
        ("occurred_on", "2014-05-15"),
        ("notified_at", "2014-05-16T08:00:00+02:00"),
    ]);
    (INCIDENTS.derive)(&mut incident);
    assert_eq!(incident.get("district").as_text(), Some("RS-08"));
    assert_eq!(incident.get("occurred_year"), &Value::Integer(2014));
    assert_eq!(incident.get("notified_in_time"), &Value::Boolean(true));
    assert_eq!(
        incident.typed("notified_on"),
        NaiveDate::from_ymd_opt(2014, 5, 16)
    );
}
