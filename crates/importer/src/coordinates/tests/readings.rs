//! Numbers that leave more than one reading, or none.

use super::*;

#[test]
fn contradictions_are_refused_with_the_way_out() {
    let (wgs, mercator) = (code("EPSG:4326"), code("EPSG:3857"));
    let elsewhere = Bounds::new(2.0, 48.0, 3.0, 49.0);
    for (given, bounds, parts) in [
        (
            given(None, Some(&wgs), None),
            ZONE_7,
            &[
                "the file says EPSG:4326 (WGS 84), but x = 7575750.1, y = 4881734.64 is no place in Serbia in it; the numbers look like EPSG:6316 (MGI 1901 / Balkans zone 7), at ",
                "name it with --crs EPSG:6316",
            ][..],
        ),
        (
            given(None, Some(&mercator), None),
            ZONE_7,
            &["the file says EPSG:3857", "the numbers look like EPSG:6316"],
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
        (
            given(None, None, Some(Meaning::XY)),
            Bounds::new(1200.0, 3400.0, 1250.0, 3500.0),
            &[
                "a local grid of a mine",
                "--crs as a WKT or PROJ text",
                "tie points",
            ],
        ),
    ] {
        let error = decide(&given, &bounds).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}

/// The zone says where a number is: zone 6 declared over zone 7 numbers, and the other way round.
#[test]
fn numbers_of_another_zone_are_seen() {
    let zone_6 = Bounds::new(6_597_763.15, 4_932_789.59, 6_597_863.15, 4_932_889.59);
    for (declared, bounds, offered) in [
        ("EPSG:8678", ZONE_7, "EPSG:6316"),
        ("EPSG:31276", ZONE_7, "EPSG:6316"),
        ("EPSG:31278", ZONE_7, "EPSG:6316"),
        ("EPSG:6316", zone_6, "EPSG:8678"),
    ] {
        let declared = code(declared);
        let error = decide(&given(None, Some(&declared), None), &bounds).unwrap_err();
        let readings: Vec<_> = error.readings().iter().map(|one| &*one.reading).collect();
        assert_eq!(readings, [offered], "{error}");
    }
}

/// 588213.57, 4881734.64: cs2cs (PROJ 9.1.1) puts it at 22.101818720, 44.083476975 in UTM 34N, and
/// 7588213.57 in zone 7 is Bor; geod says 1066.06 m between them.
#[test]
fn a_dropped_zone_digit_is_asked_back_with_both_places() {
    let zone_7 = code("EPSG:6316");
    for declared in [None, Some(&zone_7)] {
        let given = given(None, declared, Some(Meaning::EastNorth));
        let error = decide_by_sample(&given, &sample(&[(588_213.57, 4_881_734.64)])).unwrap_err();
        let [digit, utm] = error.readings() else {
            panic!("{error}");
        };
        assert_eq!(
            (&*digit.crs, &*digit.reading),
            ("EPSG:6316", "EPSG:6316 +7000000")
        );
        assert_eq!((&*utm.crs, &*utm.reading), ("EPSG:32634", "EPSG:32634"));
        assert!(!digit.swapped && (digit.add_to_easting_m - 7e6).abs() < 0.5);
        for (seen, wanted) in [
            (digit.longitude, 22.095_91),
            (digit.latitude, 44.074_88),
            (utm.longitude, 22.101_818_72),
            (utm.latitude, 44.083_476_975),
        ] {
            assert!((seen - wanted).abs() < 1e-7, "{seen} {wanted}");
        }
        assert!((utm.metres_from_first - 1066.06).abs() < 0.05);
        let text = error.to_string();
        for part in [
            "row 2 (x = 588213.57, y = 4881734.64) shows the difference",
            "as EPSG:6316 (MGI 1901 / Balkans zone 7) without the leading 7 of the eastings, at 22.09591° E, 44.07488° N",
            "as EPSG:32634 (WGS 84 / UTM zone 34N), at 22.10182° E, 44.08348° N, 1066 m away",
            "choose with --crs EPSG:6316 or --crs EPSG:32634",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    // A file that says UTM and has such numbers is UTM.
    let utm = code("EPSG:32634");
    let decision = decide(&given(None, Some(&utm), None), &UTM_34).unwrap();
    assert_eq!(only(&decision), "EPSG:32634");
}

/// 4 881 734.64 m of northing by 1/0.9999: 488.2 m.
#[test]
fn a_scale_of_one_is_asked_back_unless_the_user_names_it() {
    let declared = code("EPSG:31267");
    let given_file = given(None, Some(&declared), None);
    let error = decide(&given_file, &ZONE_7).unwrap_err();
    assert!(matches!(error, CoordinateError::DoubtfulGrid(_)));
    let [as_declared, survey] = error.readings() else {
        panic!("{error}");
    };
    assert_eq!(
        (&*as_declared.crs, &*survey.crs),
        ("EPSG:31267", "EPSG:6316")
    );
    assert!((survey.metres_from_first - 488.2).abs() < 2.0, "{survey:?}");
    for named in ["EPSG:31267", "EPSG:6316"] {
        let said = reading(named);
        let decision = decide(&given(Some(&said), Some(&declared), None), &ZONE_7).unwrap();
        assert_eq!(only(&decision), named);
    }
}

const LOCAL: &str = "+proj=tmerc +lat_0=44 +lon_0=22 +k=1 +x_0=1000 +y_0=2000 +ellps=bessel";

#[test]
fn a_local_grid_is_placed_by_its_definition() {
    // Bor by cct (PROJ 9.1.1) in this grid on Bessel 1841, after EPSG:9486.
    let (east, north) = (9126.447, 10_308.415);
    let local = reading(LOCAL);
    let turned = local.turned();
    for (said, columns, point) in [
        (&local, Some(Meaning::EastNorth), (east, north)),
        (&local, None, (east, north)),
        (&turned, Some(Meaning::XY), (north, east)),
    ] {
        let decision = decide_by_sample(&given(Some(said), None, columns), &sample(&[point]));
        let mover = decision.unwrap().mover().unwrap().unwrap();
        let at = mover
            .to_wgs84(geo_types::Point::from(point).into())
            .unwrap();
        let at = geo_types::Point::try_from(at).unwrap();
        assert!((at.x() - 22.09591).abs() < 1e-7 && (at.y() - 44.07488).abs() < 1e-7);
    }
}

/// x is north in Serbian surveying and east in GIS, and in a small grid both lie in Serbia.
#[test]
fn columns_x_and_y_of_a_local_grid_are_asked_back() {
    let local = reading(LOCAL);
    let given = given(Some(&local), None, Some(Meaning::XY));
    let error = decide_by_sample(&given, &sample(&[(10_308.415, 9126.447)])).unwrap_err();
    assert!(matches!(error, CoordinateError::UnknownAxes(_)), "{error}");
    let swapped: Vec<_> = error.readings().iter().map(|one| one.swapped).collect();
    assert_eq!(swapped, [false, true]);
    assert!(
        error.to_string().contains("which column is easting"),
        "{error}"
    );
}

/// A shift of the file's own is compared at the data: 9.064 m by cct and geod (PROJ 9.1.1).
#[test]
fn a_shift_of_the_file_is_replaced_and_measured() {
    let declared = DeclaredCrs {
        authority: Some("EPSG:31277".to_owned()),
        wkt: r#"PROJCS["MGI / Balkans zone 7",GEOGCS["MGI",DATUM["Militar-Geographische_Institut",
            SPHEROID["Bessel 1841",6377397.155,299.1528128],TOWGS84[682,-203,480,0,0,0,0]],
            PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],
            PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],
            PARAMETER["central_meridian",21],PARAMETER["scale_factor",0.9999],
            PARAMETER["false_easting",7500000],PARAMETER["false_northing",0],UNIT["metre",1],
            AUTHORITY["EPSG","31277"]]"#
            .to_owned(),
    };
    let given = Given {
        is_table: false,
        ..given(None, Some(&declared), None)
    };
    let decision = decide_by_sample(&given, &sample(&[(7_588_213.572, 4_881_734.641)])).unwrap();
    assert_eq!(decision.described.operation.epsg, Some(9486));
    let notes: Vec<_> = decision
        .described
        .notes
        .iter()
        .map(|note| &*note.en)
        .collect();
    let measured =
        "would put the point x 7588213.572, y 4881734.641 9.1 m away; EPSG:9486 was used";
    assert!(
        notes.iter().any(|note| note.ends_with(measured)),
        "{notes:?}"
    );
}
