use proptest::prelude::*;

use super::*;

fn value(text: &str) -> f64 {
    coordinate(text).unwrap().value
}

// 44 + 4 / 60 + 29.6 / 3600 = 44.074888…, 44 + 4.493 / 60 = 44.0748833…
#[test]
fn degrees_are_read_as_tables_write_them() {
    let dms = 44.074_888_888_888_89;
    let dm = 44.074_883_333_333_33;
    for (text, wanted) in [
        ("44°04'29.6\"", dms),
        ("44° 04' 29,6\"", dms),
        ("44°04′29.6″", dms),
        ("44º04´29,6´´", dms),
        ("44°4'29.6''", dms),
        ("44 04 29.6", dms),
        ("44-04-29.6", dms),
        ("44:04:29,6", dms),
        ("44°04'29.6\"N", dms),
        ("N 44°04'29.6\"", dms),
        ("N44 04 29.6", dms),
        ("44°04’29,6” С", dms),
        ("с.44°04'29,6\"", dms),
        ("44°04'29.6\"S", dms),
        ("44°04'29.6\"J", -dms),
        ("44°04'29.6\"Ј", -dms),
        ("-44°04'29.6\"", -dms),
        ("44°04'29.6\" I", dms),
        ("44°04'29.6\" И", dms),
        ("44°04'29.6\" З", -dms),
        ("44°04'29.6\" Z", -dms),
        ("44°04'29.6\" W", -dms),
        ("44°4.493'", dm),
        ("44° 4,493' N", dm),
        ("44 4.493", dm),
        ("44.04.29,6", dms),
        ("44.04.29.6", dms),
        ("44d04m29.6s", dms),
        ("44d 4'29.6\"N", dms),
        ("44deg 04min 29.6sec", dms),
        ("44d04m29.6sN", dms),
        ("44°04'29.6\" с.г.ш.", dms),
        ("44°04'29.6\" СГШ", dms),
        ("44°04'29.6\" s.g.š.", dms),
        ("44°04'29.6\" i.g.d.", dms),
        ("44°04'29.6\" ИГД", dms),
        ("44°04'29.6\" в.д.", dms),
        ("44°04'29.6\" C", dms),
        ("sever 44°04'29.6\"", dms),
        ("44°04'29.6\" istok", dms),
        ("44°04'29.6\" jug", -dms),
        ("44.07488°", 44.07488),
        ("44,07488° E", 44.07488),
        ("E 44,07488", 44.07488),
    ] {
        let read = value(text);
        assert!((read - wanted).abs() < 1e-12, "{text}: {read}");
    }
}

#[test]
fn plane_coordinates_are_read_as_tables_write_them() {
    for text in [
        "7588213.57",
        "7588213,57",
        "+7588213.57",
        "7 588 213,57",
        "7 588 213.57",
        "7.588.213,57",
        "7,588,213.57",
        "7.58821357e6",
        "7588213.57 E",
        "Y=7588213.57",
        "y: 7 588 213,57 m",
        "7588213.57m",
        "E=7588213.57",
    ] {
        let read = value(text);
        assert!((read - 7_588_213.57).abs() < 1e-6, "{text}: {read}");
    }
    for (text, wanted) in [
        ("44,074", 44.074),
        ("4.881.734", 4_881_734.0),
        ("475", 475.0),
    ] {
        let read = value(text);
        assert!((read - wanted).abs() < 1e-9, "{text}: {read}");
    }
}

#[test]
fn what_is_no_coordinate_is_refused_in_both_languages() {
    for text in [
        "",
        "°",
        "N",
        "oko 44",
        "44°64'29\"",
        "44°04'61\"",
        "N44°04'N",
        "44°04'29.6\"'",
        "44 04'29°",
        "1 2 3 4",
        "75882 13,57",
        "44.04.2024",
        "44.04.290",
        "7588213.57 m N",
        "44°04'29.6 severno od Bora",
        "4,88,1734",
        "inf",
        "NaN",
        "1e999",
        "44°04.5'29\"",
        "сутра",
        "sever 44 istok",
    ] {
        assert!(coordinate(text).is_err(), "{text} was read");
    }
    let error = coordinate("oko 44").unwrap_err();
    assert_eq!(
        error.en,
        "`oko 44` is no coordinate; write it as 7588213.57, 44.07488 or 44°04'29.6\""
    );
    assert!(error.sr.starts_with("„oko 44“ није координата"));
}

#[test]
fn letters_and_minutes_are_told() {
    for (text, letter, has_minutes) in [
        ("44°04'29.6\"S", Some(Letter::LatinS), true),
        ("N44.07488", Some(Letter::English), false),
        ("22.1 W", Some(Letter::English), false),
        ("44°04' С", Some(Letter::Serbian), true),
        ("22 05 I", Some(Letter::Serbian), true),
        ("44.07488°", None, false),
        ("7588213.57", None, false),
    ] {
        let read = coordinate(text).unwrap();
        assert_eq!(
            (read.letter, read.has_minutes),
            (letter, has_minutes),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn degrees_minutes_and_seconds_are_read_back(
        tenths_of_milliseconds in 0..648_000_000_i64 * 10,
        form in 0..6_usize,
        suffix in proptest::sample::select(&["", " N", "E", " С", " И", "I"][..]),
    ) {
        let (whole, part) = (tenths_of_milliseconds / 10_000, tenths_of_milliseconds % 10_000);
        let (d, m, s) = (whole / 3600, whole / 60 % 60, whole % 60);
        let text = match form {
            0 => format!("{d}°{m:02}'{s:02}.{part:04}\""),
            1 => format!("{d}° {m}' {s},{part:04}''"),
            2 => format!("{d} {m:02} {s:02}.{part:04}"),
            3 => format!("{d}:{m}:{s}.{part:04}"),
            4 => format!("{d}-{m:02}-{s:02},{part:04}"),
            _ => format!("{d}º{m}′{s}.{part:04}″"),
        };
        let read = coordinate(&(text.clone() + suffix)).unwrap();
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let wanted = tenths_of_milliseconds as f64 / 36_000_000.0;
        prop_assert!((read.value - wanted).abs() < 1e-10, "{text}: {}", read.value);
        prop_assert!(read.has_minutes);
    }
}
