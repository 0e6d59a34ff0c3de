use super::*;

/// Bor and Majdanpek, from the EPSG registry's operation 9486: longitude, latitude; zone 7; UTM.
const LON_LAT: Bounds = Bounds::new(21.945_96, 44.074_88, 22.095_91, 44.427_71);
const ZONE_7: Bounds = Bounds::new(7_575_750.10, 4_881_734.64, 7_588_213.57, 4_920_787.08);
const UTM_34: Bounds = Bounds::new(575_294.63, 4_880_773.46, 587_753.21, 4_919_814.55);

fn given<'a>(
    named: Option<&'a Crs>,
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

#[test]
fn what_is_said_is_taken_when_the_numbers_agree() {
    let (old, utm) = (code("EPSG:31277"), code("EPSG:32634"));
    let zone_7 = Crs::from_epsg(6316).unwrap();
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
        assert_eq!(decision.described.operation.epsg, operation, "{crs}");
        assert!(!decision.swap);
    }
}

#[test]
fn numbers_decide_when_one_reading_is_possible() {
    use Meaning::{EastNorth, XY};
    for (columns, bounds, crs, swap) in [
        (None, ZONE_7, "EPSG:6316", false),
        (Some(EastNorth), ZONE_7, "EPSG:6316", false),
        (Some(XY), ZONE_7, "EPSG:6316", false),
        (Some(XY), ZONE_7.swapped(), "EPSG:6316", true),
        (Some(XY), LON_LAT, "EPSG:4326", false),
        (Some(XY), LON_LAT.swapped(), "EPSG:4326", true),
    ] {
        let decision = decide(&given(None, None, columns), &bounds).unwrap();
        assert_eq!(
            (decision.described.crs.as_str(), decision.swap),
            (crs, swap),
            "{columns:?}"
        );
        assert_eq!(decision.described.notes.len(), usize::from(swap));
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
        "name it with --crs",
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

#[test]
fn x_and_y_are_turned_for_a_named_system() {
    let zone_7 = Crs::from_epsg(6316).unwrap();
    let given = given(Some(&zone_7), None, Some(Meaning::XY));
    assert!(decide(&given, &ZONE_7.swapped()).unwrap().swap);
    assert!(!decide(&given, &ZONE_7).unwrap().swap);
}

#[test]
fn contradictions_are_refused_with_the_way_out() {
    let (wgs, zone_7) = (code("EPSG:4326"), code("EPSG:6316"));
    let elsewhere = Bounds::new(2.0, 48.0, 3.0, 49.0);
    for (given, bounds, parts) in [
        (
            given(None, None, None),
            UTM_34,
            &[
                "f.csv does not say its coordinate reference system, and the numbers may be EPSG:8678 (",
                "after adding 7000000 to the eastings",
                "or EPSG:32634 (UTM zone 34N",
                "name it with --crs",
            ][..],
        ),
        (
            given(None, Some(&wgs), None),
            LON_LAT.swapped(),
            &[
                "the axes of f.csv are swapped: read as EPSG:4326 (WGS 84), x = 44.07488 is the latitude and y = 21.94596 the longitude",
            ],
        ),
        (
            given(None, Some(&zone_7), None),
            ZONE_7.swapped(),
            &["x = 4881734.64 is the northing and y = 7575750.1 the easting"],
        ),
        (
            given(None, None, Some(Meaning::EastNorth)),
            ZONE_7.swapped(),
            &["the axes of f.csv are swapped"],
        ),
        (
            given(None, Some(&wgs), None),
            ZONE_7,
            &[
                "the file says EPSG:4326 (WGS 84), but x = 7575750.1, y = 4881734.64 is no place in Serbia in it; the numbers look like EPSG:6316 (MGI 1901 / Balkans zone 7)",
            ],
        ),
        (
            given(None, None, Some(Meaning::LongitudeLatitude)),
            ZONE_7,
            &[
                "columns called longitude and latitude mean EPSG:4326",
                "look like EPSG:6316",
            ],
        ),
        (
            given(None, Some(&wgs), None),
            elsewhere,
            &[
                "f.csv has coordinates that are no place in Serbia in any known reading: x 2 to 3, y 48 to 49",
            ],
        ),
    ] {
        let error = decide(&given, &bounds).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}

#[test]
fn an_unreadable_declaration_is_refused_unless_the_user_names_one() {
    let unreadable = DeclaredCrs {
        authority: None,
        wkt: "LOCAL_CS[\"rudnik\"]".to_owned(),
    };
    let error = decide(&given(None, Some(&unreadable), None), &ZONE_7).unwrap_err();
    assert!(matches!(error, CoordinateError::Unusable { .. }), "{error}");
    let zone_7 = Crs::from_epsg(6316).unwrap();
    assert!(decide(&given(Some(&zone_7), Some(&unreadable), None), &ZONE_7).is_ok());
}

fn sample(points: &[(f64, f64)]) -> Sample {
    let mut sample = Sample::default();
    for (row, &(x, y)) in (2..).zip(points) {
        sample.add(row, Ok(Some((x, y))));
    }
    sample
}

#[test]
fn a_few_misplaced_records_do_not_decide() {
    let wgs = code("EPSG:4326");
    let given = given(None, Some(&wgs), None);
    let some = sample(&[(22.0, 44.0), (2.3, 48.8), (22.1, 44.1)]);
    assert_eq!(
        decide_by_sample(&given, &some).unwrap().described.crs,
        "EPSG:4326"
    );
    let swapped = sample(&[(44.0, 22.0), (44.1, 22.1), (22.1, 44.1)]);
    let error = decide_by_sample(&given, &swapped).unwrap_err();
    assert!(matches!(error, CoordinateError::Swapped { .. }), "{error}");
}

#[test]
fn records_all_elsewhere_are_named_by_their_rows() {
    let wgs = code("EPSG:4326");
    let given = given(None, Some(&wgs), None);
    let error = decide_by_sample(&given, &sample(&[(2.3, 48.8), (2.4, 48.9)])).unwrap_err();
    assert!(error.to_string().contains("(rows 2, 3)"), "{error}");
    let mut unreadable = sample(&[(f64::NAN, 48.8)]);
    unreadable.add(3, Err("`44°` is not a number".to_owned()));
    let error = decide_by_sample(&given, &unreadable)
        .unwrap_err()
        .to_string();
    let start = "f.csv has no usable coordinates in any record (row 3: `44°` is not a number); ";
    assert!(error.starts_with(start), "{error}");
}
