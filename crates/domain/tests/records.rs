//! Records: typed values in and out, what follows from other fields, and the rules of facilities.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use chrono::{DateTime, NaiveDate, Utc};
use domain::lang::Text;
use domain::layers::{DAMS, DISTRICTS, FACILITIES, Facility, MUNICIPALITIES};
use domain::lists::{Commodity, FacilityStatus, WasteCode};
use domain::quantity::{LevelMetres, Metres, Tonnes};
use domain::record::Severity;
use domain::region::{DistrictCode, FacilityCode, MunicipalityCode};
use domain::value::FieldValue;
use domain::{Layer, Record, Value, ValueError};
use proptest::prelude::*;

const YES_OR_NO: Text = Text::new("да или не", "true or false");

/// A record of a layer from texts as a file would hold them.
fn record(layer: &'static Layer, texts: &[(&str, &str)]) -> Record {
    let mut record = Record::new(layer);
    for (name, text) in texts {
        let value = layer.field(name).expect(name).parse(text).expect(text);
        record.set(name, value);
    }
    record
}

fn facility(texts: &[(&str, &str)]) -> Record {
    let mut all = vec![("code", "RS-70327-001"), ("name", "Велики Кривељ")];
    all.extend_from_slice(texts);
    record(&FACILITIES, &all)
}

/// The findings of a record as (severity, field).
fn findings(record: &Record) -> Vec<(Severity, String)> {
    let findings = record.findings().into_iter();
    findings
        .map(|finding| (finding.severity, finding.field.unwrap_or_default()))
        .collect()
}

fn assert_round_trip<T>(name: &str, typed: T, row: &Value)
where
    T: FieldValue + Clone + PartialEq + std::fmt::Debug,
{
    let mut record = Record::new(&FACILITIES);
    assert_eq!(record.typed::<T>(name), None);
    record.set_typed(name, Some(typed.clone()));
    assert_eq!(record.get(name), row, "{name}");
    assert_eq!(record.typed(name), Some(typed), "{name}");
    record.set_typed::<T>(name, None);
    assert!(record.get(name).is_unknown(), "{name}");
}

#[test]
fn each_type_of_field_goes_in_and_out() {
    let text = |text: &str| Value::Text(text.to_owned());
    let day = NaiveDate::from_ymd_opt(2014, 5, 15).expect("a day");
    let moment: DateTime<Utc> = "2014-05-15T06:30:00Z".parse().expect("a moment");
    let code: FacilityCode = "RS-70327-001".parse().expect("a code");
    let height = Metres::new(120.5).expect("a height");
    let commodities = vec![Commodity::Copper, Commodity::Gold];
    let codes = Value::Codes(vec!["copper".to_owned(), "gold".to_owned()]);

    assert_round_trip("name", "Бор".to_owned(), &text("Бор"));
    assert_round_trip("code", code, &text("RS-70327-001"));
    assert_round_trip("start_year", 1982_i64, &Value::Integer(1982));
    assert_round_trip("height_m", height, &Value::Number(120.5));
    assert_round_trip("in_scope", false, &Value::Boolean(false));
    assert_round_trip("surveyed_on", day, &Value::Date(day));
    assert_round_trip("updated_at", moment, &Value::DateTime(moment));
    assert_round_trip("status", FacilityStatus::Closed, &text("closed"));
    assert_round_trip("waste_code", WasteCode::W010304, &text("010304"));
    assert_round_trip("commodities", commodities, &codes);
}

#[test]
fn a_record_ignores_names_that_its_layer_lacks() {
    let mut record = Record::new(&DAMS);
    record.set("no_such_field", Value::Boolean(true));
    assert!(record.values.iter().all(Value::is_unknown));
    assert!(record.get("no_such_field").is_unknown());
}

#[test]
fn a_record_names_its_key() {
    assert_eq!(facility(&[]).key(), Some("RS-70327-001"));
    assert_eq!(Record::new(&FACILITIES).key(), None);
}

#[test]
fn texts_are_refused_with_what_was_wanted() {
    let range = ValueError::OutOfRange {
        value: -1.0,
        min: 0.0,
        max: 1_000_000.0,
    };
    for (name, text, error) in [
        ("height_m", "-1", range),
        (
            "municipality",
            "70328",
            ValueError::ControlDigit {
                value: "70328".into(),
                expected: 7,
            },
        ),
        (
            "status",
            "aktivno",
            ValueError::UnknownCode {
                list: "facility_status",
                value: "aktivno".into(),
            },
        ),
        ("in_scope", "možda", ValueError::not_a("možda", &YES_OR_NO)),
    ] {
        let field = FACILITIES.field(name).expect(name);
        assert_eq!(field.parse(text), Err(error), "{name}");
    }
}

#[test]
fn a_required_field_and_a_wrong_type_are_errors() {
    let mut record = Record::new(&FACILITIES);
    record.set("height_m", Value::Boolean(true));
    let error = |name: &str| (Severity::Error, name.to_owned());
    assert_eq!(
        findings(&record),
        [error("code"), error("name"), error("height_m")]
    );
}

#[test]
fn what_follows_from_other_fields_is_filled() {
    let mut record = facility(&[("municipality", "70661"), ("height_m", "12")]);
    (FACILITIES.derive)(&mut record);
    for (name, text) in [
        ("name_latin", "Veliki Krivelj"),
        ("district", "RS-08"),
        ("statistical_region", "RS21"),
    ] {
        assert_eq!(record.get(name).as_text(), Some(text), "{name}");
    }
    assert_eq!(
        record.typed::<Metres>("height_m").map(Metres::get),
        Some(12.0)
    );
}

#[test]
fn a_recorded_district_is_kept_where_the_municipality_is_unknown() {
    let mut record = facility(&[("district", "RS-28")]);
    (FACILITIES.derive)(&mut record);
    assert_eq!(record.get("district").as_text(), Some("RS-28"));
    assert_eq!(record.get("statistical_region").as_text(), Some("RS23"));
}

#[test]
fn regions_and_dams_get_their_latin_names() {
    for (layer, name, latin) in [
        (&DISTRICTS, "Борски управни округ", "Borski upravni okrug"),
        (&MUNICIPALITIES, "Љубовија", "Ljubovija"),
        (&DAMS, "Брана 1А", "Brana 1A"),
        (
            &domain::layers::STATISTICAL_REGIONS,
            "Регион Војводине",
            "Region Vojvodine",
        ),
    ] {
        let mut record = record(layer, &[("name", name)]);
        (layer.derive)(&mut record);
        assert_eq!(
            record.get("name_latin").as_text(),
            Some(latin),
            "{}",
            layer.id
        );
    }
    let mut bor = record(&MUNICIPALITIES, &[("code", "70327")]);
    (MUNICIPALITIES.derive)(&mut bor);
    assert_eq!(bor.get("district").as_text(), Some("RS-14"));
    let mut district = record(&DISTRICTS, &[("code", "RS-14")]);
    (DISTRICTS.derive)(&mut district);
    assert_eq!(district.get("statistical_region").as_text(), Some("RS22"));
}

#[test]
fn rules_of_a_facility() {
    let error = |name: &'static str| Some((Severity::Error, name));
    for (texts, finding) in [
        (&[][..], None),
        (&[("start_year", "1982"), ("end_year", "1982")], None),
        (
            &[("start_year", "1983"), ("end_year", "1982")],
            error("end_year"),
        ),
        (&[("end_year", "1982")], None),
        (&[("start_year", "85")], error("start_year")),
        (&[("end_year", "20145")], error("end_year")),
        (&[("municipality", "70327"), ("district", "RS-14")], None),
        (
            &[("municipality", "70327"), ("district", "RS-15")],
            error("district"),
        ),
        (
            &[
                ("municipality", "90018"),
                ("code", "RS-KM-001"),
                ("district", "RS-29"),
            ],
            None,
        ),
        (&[("district", "RS-15")], None),
        (
            &[("municipality", "70785")],
            Some((Severity::Warning, "municipality")),
        ),
    ] {
        let expected: Vec<_> = finding
            .into_iter()
            .map(|(how, name)| (how, name.to_owned()))
            .collect();
        assert_eq!(findings(&facility(texts)), expected, "{texts:?}");
    }
}

#[test]
fn findings_say_what_is_wrong() {
    let record = facility(&[
        ("municipality", "70327"),
        ("district", "RS-15"),
        ("start_year", "1990"),
        ("end_year", "1980"),
    ]);
    let messages: Vec<String> = record
        .findings()
        .into_iter()
        .map(|one| one.message.en)
        .collect();
    assert_eq!(
        messages,
        [
            "deposition ended in 1980, before it began in 1990",
            "municipality 70327 lies in RS-14, not in RS-15",
        ]
    );
}

proptest! {
    #[test]
    fn a_facility_round_trips(
        name in proptest::option::of("[А-Ша-ш ]{1,20}"),
        level in proptest::option::of(-500.0..3_000.0),
        mass in proptest::option::of(0.0..1e12),
        year in proptest::option::of(any::<i64>()),
        unofficial in proptest::option::of(any::<bool>()),
        days in proptest::option::of(0_u64..100_000),
        commodities in proptest::option::of(
            proptest::sample::subsequence(vec![Commodity::Lead, Commodity::Zinc], 1..=2)
        ),
    ) {
        let district: Option<DistrictCode> = "RS-14".parse().ok();
        let municipality: Option<MunicipalityCode> = "70327".parse().ok();
        let facility = Facility {
            name,
            district,
            municipality,
            crest_level_m: level.and_then(|level| LevelMetres::new(level).ok()),
            mass_t: mass.and_then(|mass| Tonnes::new(mass).ok()),
            start_year: year,
            unofficial,
            surveyed_on: days.and_then(|days| NaiveDate::default().checked_add_days(chrono::Days::new(days))),
            commodities,
            ..Facility::default()
        };
        let mut record = Record::new(&FACILITIES);
        facility.clone().into_record(&mut record);
        prop_assert_eq!(Facility::from_record(&record), facility);
    }
}
