use super::*;

#[test]
fn units_are_read_as_files_write_them() {
    for (text, metres) in [
        ("m", 1.0),
        ("Metre", 1.0),
        ("cm", 0.01),
        ("foot", 0.3048),
        ("US survey foot", 0.304_800_609_601),
        ("us-ft", 0.304_800_609_601),
    ] {
        let unit: HeightUnit = text.parse().unwrap();
        assert!((unit.metres() - metres).abs() < 1e-9, "{text}");
    }
    assert!("fathom".parse::<HeightUnit>().is_err());
}

fn request(surveyed_on: &str) -> SurveyRequest {
    SurveyRequest {
        path: "a.tif".into(),
        facility: "RS-70327-001".parse().unwrap(),
        kind: SurveyKind::Dem,
        surveyed_on: surveyed_on.parse().unwrap(),
        method: None,
        vertical_datum: None,
        vertical_accuracy: None,
        unit: None,
        code: None,
        crs: None,
        dry_run: false,
        author: "test".to_owned(),
        means: Means::Command,
        source: None,
        comment: None,
        submission: None,
    }
}

#[test]
fn only_days_on_which_somebody_can_have_surveyed_are_taken() {
    let now: DateTime<Utc> = "2025-06-30T23:30:00Z".parse().unwrap();
    for (day, taken) in [
        ("2025-06-30", true),
        ("2025-07-01", true),
        ("2025-07-02", false),
        ("1900-01-01", true),
        ("1899-12-31", false),
    ] {
        assert_eq!(request(day).check(now).is_ok(), taken, "{day}");
    }
    assert_eq!(request("2025-06-30").code(), "RS-70327-001-dem-20250630");
}
