mod readings;
mod table;

use super::*;

/// Bor and Majdanpek, from the EPSG registry's operation 9486: longitude, latitude; zone 7; UTM.
const LON_LAT: Bounds = Bounds::new(21.945_96, 44.074_88, 22.095_91, 44.427_71);
const ZONE_7: Bounds = Bounds::new(7_575_750.10, 4_881_734.64, 7_588_213.57, 4_920_787.08);
const UTM_34: Bounds = Bounds::new(575_294.63, 4_880_773.46, 587_753.21, 4_919_814.55);

fn given<'a>(
    named: Option<&'a Reading>,
    declared: Option<&'a DeclaredCrs>,
    columns: Option<Meaning>,
) -> Given<'a> {
    Given {
        file: "f.csv",
        named,
        declared,
        columns,
        is_table: true,
    }
}

fn code(text: &str) -> DeclaredCrs {
    DeclaredCrs {
        authority: Some(text.to_owned()),
        wkt: String::new(),
    }
}

fn reading(text: &str) -> Reading {
    text.parse().unwrap()
}

fn only(decision: &Decision) -> String {
    let readings: Vec<_> = decision.readings().map(ToString::to_string).collect();
    readings.join(", ")
}

#[test]
fn what_is_said_is_taken_when_the_numbers_agree() {
    let (old, utm) = (code("EPSG:31277"), code("EPSG:32634"));
    let zone_7 = reading("EPSG:6316");
    for (given, bounds, crs, evidence, operation) in [
        (
            given(None, Some(&utm), None),
            UTM_34,
            "EPSG:32634",
            "the file says EPSG:32634 (WGS 84 / UTM zone 34N)",
            None,
        ),
        (
            given(Some(&zone_7), Some(&utm), None),
            ZONE_7,
            "EPSG:6316",
            "--crs (the file says EPSG:32634 (WGS 84 / UTM zone 34N)) says EPSG:6316 (MGI 1901 / Balkans zone 7)",
            Some(9486),
        ),
        (
            given(None, Some(&old), None),
            ZONE_7,
            "EPSG:6316",
            "the file says EPSG:31277 (MGI / Balkans zone 7), read as EPSG:6316",
            Some(9486),
        ),
        (
            given(None, None, Some(Meaning::LongitudeLatitude)),
            LON_LAT,
            "EPSG:4326",
            "columns called longitude and latitude mean EPSG:4326 (WGS 84)",
            None,
        ),
    ] {
        let decision = decide(&given, &bounds).unwrap();
        assert_eq!(decision.described.crs, crs);
        assert_eq!(decision.described.evidence.en, evidence);
        assert_ne!(decision.described.evidence.sr, evidence);
        assert_eq!(decision.described.operation.epsg, operation, "{crs}");
        assert!(decision.readings().all(Reading::is_plain));
    }
}

#[test]
fn numbers_decide_when_one_reading_is_possible() {
    use Meaning::{EastNorth, XY};
    for (columns, bounds, read) in [
        (None, ZONE_7, "EPSG:6316"),
        (Some(EastNorth), ZONE_7, "EPSG:6316"),
        (Some(XY), ZONE_7, "EPSG:6316"),
        (Some(XY), ZONE_7.swapped(), "EPSG:6316 north-east"),
        (Some(EastNorth), ZONE_7.swapped(), "EPSG:6316 north-east"),
        (Some(XY), LON_LAT, "EPSG:4326"),
        (Some(XY), LON_LAT.swapped(), "EPSG:4326 north-east"),
    ] {
        let decision = decide(&given(None, None, columns), &bounds).unwrap();
        assert_eq!(only(&decision), read, "{columns:?}");
        let turned = usize::from(read.ends_with("north-east"));
        assert_eq!(decision.described.notes.len(), turned);
    }
}

/// A shapefile without its `.prj`, a layer without a system: the numbers propose, they do not decide.
#[test]
fn a_layer_that_could_declare_its_system_and_does_not_is_asked_about() {
    let given = Given {
        is_table: false,
        ..given(None, None, None)
    };
    let error = decide(&given, &ZONE_7).unwrap_err().to_string();
    for part in [
        "does not say",
        "the numbers look like EPSG:6316",
        "name it with --crs EPSG:6316",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

/// UTM numbers may also be those of zone 7 without the leading 7; the publisher's columns decide.
#[test]
fn the_register_of_spatial_units_is_known_by_its_columns() {
    let columns = |meaning| given(None, None, meaning);
    let decision = decide(&columns(Some(Meaning::SpatialUnits)), &UTM_34).unwrap();
    assert_eq!(decision.described.crs, "EPSG:32634");
    let in_degrees = decide(&columns(Some(Meaning::SpatialUnits)), &LON_LAT).unwrap();
    assert_eq!(in_degrees.described.crs, "EPSG:4326");
    assert!(decide(&columns(None), &UTM_34).is_err());
}

/// Named, the rest is found by the numbers; named to the letter, nothing is.
#[test]
fn axes_and_zone_digits_of_a_named_system_are_found_by_the_numbers() {
    let cut = Bounds::new(575_750.10, 4_881_734.64, 588_213.57, 4_920_787.08);
    for (named, bounds, read) in [
        ("EPSG:6316", ZONE_7, Some("EPSG:6316")),
        ("EPSG:6316", ZONE_7.swapped(), Some("EPSG:6316 north-east")),
        ("EPSG:6316", cut, Some("EPSG:6316 +7000000")),
        (
            "EPSG:31277",
            cut.swapped(),
            Some("EPSG:31277 north-east +7000000"),
        ),
        ("EPSG:6316 +7000000", cut, Some("EPSG:6316 +7000000")),
        ("EPSG:32634", cut, Some("EPSG:32634")),
        ("EPSG:6316 +7000000", ZONE_7, None),
        ("EPSG:6316 north-east", ZONE_7, None),
    ] {
        let said = reading(named);
        for declared in [None, Some(code("EPSG:4326"))] {
            let given = Given {
                is_table: false,
                ..given(Some(&said), declared.as_ref(), None)
            };
            let decided = decide(&given, &bounds).ok();
            assert_eq!(decided.as_ref().map(only).as_deref(), read, "{named}");
        }
    }
}

#[test]
fn exchanged_axes_of_a_declared_file_are_turned_and_said() {
    for (epsg, bounds) in [
        ("EPSG:4326", LON_LAT),
        ("EPSG:6316", ZONE_7),
        ("EPSG:32634", UTM_34),
    ] {
        let declared = code(epsg);
        let given = Given {
            is_table: false,
            ..given(None, Some(&declared), None)
        };
        let decision = decide(&given, &bounds.swapped()).unwrap();
        assert_eq!(only(&decision), format!("{epsg} north-east"));
        let [note] = &decision.described.notes[..] else {
            panic!("{:?}", decision.described.notes);
        };
        assert!(note.en.contains("in the whole file"), "{note}");
        assert!(
            note.sr.contains("осе су у целој датотеци замењене"),
            "{note}"
        );
    }
}

fn sample(points: &[(f64, f64)]) -> Sample {
    let mut sample = Sample::default();
    for (row, point) in (2..).zip(points) {
        sample.add(row, Ok(Some(Position::from(*point))));
    }
    sample
}

#[test]
fn a_few_misplaced_records_do_not_decide() {
    let wgs = code("EPSG:4326");
    let given = given(None, Some(&wgs), None);
    let some = sample(&[(22.0, 44.0), (2.3, 48.8), (22.1, 44.1)]);
    assert_eq!(only(&decide_by_sample(&given, &some).unwrap()), "EPSG:4326");
    let swapped = sample(&[(44.0, 22.0), (44.1, 22.1), (22.1, 44.1)]);
    let decision = decide_by_sample(&given, &swapped).unwrap();
    assert_eq!(only(&decision), "EPSG:4326 north-east");
}

/// A number before geometries as text declares the system of all; what is said with the file holds over it.
#[test]
fn numbers_before_geometries_declare_the_system() {
    let of = |srid| Seen {
        srid: Some(srid),
        ..Seen::default()
    };
    let given = given(None, None, None);
    // EPSG:32634 and 25834 are the same grid; numbers alone say the first.
    for srid in [32634, 25834] {
        let mut sample = degrees(of(srid), 587_000.0, 4_880_000.0);
        sample.add(3, Ok(Some((587_100.0, 4_880_000.0).into())));
        let decision = decide_by_sample(&given, &sample).unwrap();
        assert_eq!(only(&decision), format!("EPSG:{srid}"));
        assert_eq!(decision.notation.srid, Some(srid));
        let said = &decision.described.evidence.en;
        assert!(said.starts_with("the file says"), "{said}");
    }
    let wrong = decide_by_sample(&given, &degrees(of(4326), 587_000.0, 4_880_000.0)).unwrap_err();
    assert!(wrong.to_string().contains("EPSG:4326"), "{wrong}");
    let unknown = decide_by_sample(&given, &degrees(of(900_914), 587_000.0, 4_880_000.0));
    let unknown = unknown.unwrap_err();
    let why = std::error::Error::source(&unknown).map(ToString::to_string);
    assert!(
        why.is_some_and(|why| why.contains("EPSG:900914")),
        "{unknown:?}"
    );
}

#[test]
fn records_all_elsewhere_are_named_by_their_rows() {
    let wgs = code("EPSG:4326");
    let given = given(None, Some(&wgs), None);
    let error = decide_by_sample(&given, &sample(&[(2.3, 48.8), (2.4, 48.9)])).unwrap_err();
    assert!(error.to_string().contains("(rows 2, 3)"), "{error}");
    let mut unreadable = sample(&[(f64::NAN, 48.8)]);
    unreadable.add(3, Err(message!("„x“ није број", "`x` is no number")));
    let error = decide_by_sample(&given, &unreadable)
        .unwrap_err()
        .to_string();
    let start = "f.csv has no usable coordinates in any record (row 3: `x` is no number); ";
    assert!(error.starts_with(start), "{error}");
}

fn degrees(seen: Seen, x: f64, y: f64) -> Sample {
    let mut sample = Sample::default();
    sample.add(2, Ok(Some(Position { x, y, seen })));
    sample
}

#[test]
fn the_letters_of_all_rows_say_what_an_s_means() {
    let given = given(None, None, Some(Meaning::XY));
    let s_at_x = Seen {
        latin_s: (true, false),
        has_minutes: true,
        ..Seen::default()
    };
    let decision = decide_by_sample(&given, &degrees(s_at_x, 44.1, 22.1)).unwrap();
    assert_eq!(only(&decision), "EPSG:4326 north-east");
    assert!(!decision.notation.english_letters);
    let notes: Vec<_> = decision
        .described
        .notes
        .iter()
        .map(|note| &*note.en)
        .collect();
    assert!(
        notes[1].starts_with("the letter S beside coordinates means north"),
        "{notes:?}"
    );
    assert!(notes[2].contains("EPSG:3906"), "{notes:?}");

    // One N further down, and S is south: nothing in Serbia is.
    let mut mixed = degrees(s_at_x, 44.1, 22.1);
    let english = Seen {
        english: true,
        ..Seen::default()
    };
    mixed.add(
        3,
        Ok(Some(Position {
            x: 44.2,
            y: 22.2,
            seen: english,
        })),
    );
    let decision = decide_by_sample(&given, &mixed).unwrap_err();
    let outside =
        matches!(decision, CoordinateError::OutsideSerbia { bounds, .. } if bounds.min_x < 0.0);
    assert!(outside, "{decision}");
}

/// Bor beside *sever* and *istok*, Belgrade beside N and E.
#[test]
fn a_row_says_by_its_other_letters_what_its_s_means() {
    let given = given(None, None, Some(Meaning::XY));
    let serbian = Seen {
        latin_s: (true, false),
        serbian: true,
        ..Seen::default()
    };
    let mut mixed = degrees(serbian, 44.074_88, 22.095_91);
    let english = Seen {
        english: true,
        ..Seen::default()
    };
    let belgrade = Position {
        x: 44.7872,
        y: 20.4573,
        seen: english,
    };
    mixed.add(3, Ok(Some(belgrade)));
    let decision = decide_by_sample(&given, &mixed).unwrap();
    assert_eq!(only(&decision), "EPSG:4326 north-east");
    let note = &decision.described.notes[1].en;
    assert!(note.contains("only in rows with N, E or W"), "{note}");
    assert!(!serbian.south_is_s(decision.notation));
    assert!(english.south_is_s(decision.notation));
}

/// What is declared and is no system, or one without a way to WGS 84, is asked back with what the numbers
/// may be; numbers of nowhere are not.
#[test]
fn a_declaration_that_is_not_understood_is_asked_back() {
    let datum = r#"PROJCS["x",GEOGCS["x",DATUM["Paris",SPHEROID["Bessel 1841",6377397.155,299.1528128]],
        PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],
        PARAMETER["central_meridian",21],PARAMETER["scale_factor",1],PARAMETER["false_easting",500000],
        UNIT["metre",1]]"#;
    for (text, reason) in [
        ("MGI 1901", "cannot read \"MGI 1901\""),
        (
            "EPSG:999999",
            "EPSG:999999 is not a coordinate reference system",
        ),
        (
            "Gauss-Kruger, zona 7",
            "cannot read \"Gauss-Kruger, zona 7\"",
        ),
        (datum, "the only operation from \"x\" to WGS 84"),
    ] {
        let declared = DeclaredCrs {
            authority: None,
            wkt: text.to_owned(),
        };
        let layer = Given {
            is_table: false,
            ..given(None, Some(&declared), None)
        };
        let error = decide(&layer, &ZONE_7).unwrap_err();
        let CoordinateError::NotUnderstood { source, .. } = &error else {
            panic!("{text}: {error}");
        };
        assert!(source.to_string().starts_with(reason), "{text}: {source}");
        assert_eq!(error.readings()[0].crs, "EPSG:6316", "{text}");
        assert!(error.to_string().contains("--crs EPSG:6316"), "{error}");
        let nowhere = decide(&layer, &Bounds::new(-3e6, -3e6, -2e6, -2e6)).unwrap_err();
        assert!(
            matches!(nowhere, CoordinateError::Unusable { .. }),
            "{nowhere}"
        );
        let named = reading("EPSG:6316");
        let by_user = Given {
            named: Some(&named),
            ..layer
        };
        assert_eq!(only(&decide(&by_user, &ZONE_7).unwrap()), "EPSG:6316");
    }
}

/// Where a datum is named, but not understood, degrees may be on the old one.
#[test]
fn degrees_under_an_unknown_name_are_shown_on_both_datums() {
    let declared = DeclaredCrs {
        authority: None,
        wkt: "GCS_MGI_1901".to_owned(),
    };
    let error = decide(&given(None, Some(&declared), None), &LON_LAT).unwrap_err();
    let readings: Vec<_> = error.readings().iter().map(|one| &*one.crs).collect();
    assert_eq!(readings, ["EPSG:4326", "EPSG:3906"]);
    let metres = error.readings()[1].metres_from_first;
    assert!((350.0..500.0).contains(&metres), "{metres}");
    let start = "f.csv: the file says `GCS_MGI_1901`, which is no coordinate reference system";
    assert!(error.to_string().starts_with(start), "{error}");
}

#[test]
fn packed_degrees_are_found_by_the_numbers() {
    // 44° 04' 29.6", 22° 05' 45" and 44° 25' 40", 21° 56' 45"
    let packed = sample(&[(440_429.6, 220_545.0), (442_540.0, 215_645.0)]);
    for columns in [Some(Meaning::XY), Some(Meaning::LongitudeLatitude)] {
        let decision = decide_by_sample(&given(None, None, columns), &packed).unwrap();
        assert_eq!(only(&decision), "EPSG:4326 north-east");
        assert!(decision.notation.packed);
        let notes: Vec<_> = decision
            .described
            .notes
            .iter()
            .map(|note| &*note.en)
            .collect();
        assert!(notes[1].contains("DDMMSS.s"), "{notes:?}");
    }
    // 61 minutes: no degrees, and no other reading.
    let wrong = sample(&[(446_129.6, 220_545.0)]);
    assert!(decide_by_sample(&given(None, None, Some(Meaning::XY)), &wrong).is_err());
}

/// Zone 7 at Bor and zone 6 in the west, from the table of known points of crates/geodesy.
#[test]
fn tables_may_mix_zones_by_their_first_digit() {
    let points = [(7_588_213.57, 4_881_734.64), (6_597_763.15, 4_932_789.59)];
    let table = given(None, None, Some(Meaning::EastNorth));
    let decision = decide_by_sample(&table, &sample(&points)).unwrap();
    assert_eq!(only(&decision), "EPSG:8678, EPSG:6316");
    assert_eq!(
        decision.described.evidence.en,
        "the file does not say; the first digit of each easting says the zone of the record: \
         zone 6 (records: 1), zone 7 (records: 1)"
    );
    let mover = decision.mover().unwrap().unwrap();
    for (point, (lon, lat)) in points
        .into_iter()
        .zip([(22.09591, 44.07488), (19.225, 44.533)])
    {
        let moved = mover
            .to_wgs84(geo_types::Point::from(point).into())
            .unwrap();
        let at = geo_types::Point::try_from(moved).unwrap();
        assert!(
            (at.x() - lon).abs() < 1e-7 && (at.y() - lat).abs() < 1e-7,
            "{at:?}"
        );
    }
    let stray = mover.to_wgs84(geo_types::Point::new(588_213.57, 4_881_734.64).into());
    assert!(
        stray
            .unwrap_err()
            .en
            .contains("does not begin with a zone digit")
    );
    // A geometry file declares one system for all its records.
    let layer = Given {
        is_table: false,
        ..given(None, None, None)
    };
    assert!(decide_by_sample(&layer, &sample(&points)).is_err());
}
