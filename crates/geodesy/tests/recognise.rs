//! What deprecated codes and the text of `.prj` files are read as.

use geodesy::{AxisOrder, Crs, GeodesyError, TransformPlan, Transformer};

const BESSEL: &str = r#"SPHEROID["Bessel_1841",6377397.155,299.1528128]"#;

/// ESRI text of a transverse Mercator grid on the ellipsoid Bessel 1841.
fn esri_grid(
    name: &str,
    datum: &str,
    projection: &str,
    [lon0, scale, easting]: [f64; 3],
) -> String {
    format!(
        r#"PROJCS["{name}",GEOGCS["GCS",DATUM["{datum}",{BESSEL}],PRIMEM["Greenwich",0.0],
        UNIT["Degree",0.0174532925199433]],PROJECTION["{projection}"],
        PARAMETER["False_Easting",{easting:.1}],PARAMETER["False_Northing",0.0],
        PARAMETER["Central_Meridian",{lon0:.1}],PARAMETER["Scale_Factor",{scale}],
        PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
    )
}

const ZONE_7: [f64; 3] = [21.0, 0.9999, 7_500_000.0];

/// The names that hand-written and exported texts give the old datum; scale and zone say which it is.
#[test]
fn a_state_grid_is_known_under_any_name_of_its_datum() {
    for datum in [
        "D_Militar_Geographische_Institute",
        "D_MGI_Hermannskogel",
        "D_Yugoslavia",
        "D_User_Defined",
        "unnamed",
    ] {
        let grid = |parameters| esri_grid("GK", datum, "Transverse_Mercator", parameters);
        let crs: Crs = grid(ZONE_7).parse().unwrap();
        assert_eq!(crs.epsg(), Some(6316), "{datum}");
        let notes: Vec<_> = crs.notes().iter().map(|note| &*note.en).collect();
        let told = notes
            .iter()
            .any(|note| note.starts_with("The text calls its datum"));
        assert!(told, "{datum}: {notes:?}");
        // Germany's survey has such zones with the scale 1.
        for foreign in [[21.0, 1.0, 7_500_000.0], [21.0, 0.9999, 500_000.0]] {
            let crs: Crs = grid(foreign).parse().unwrap();
            assert_eq!(crs.epsg(), None, "{datum} {foreign:?}");
            assert!(TransformPlan::new(&crs).is_err(), "{datum} {foreign:?}");
        }
    }
}

#[test]
fn deprecated_codes_are_read_as_their_successors_and_say_so() {
    for (old, new) in [
        (31275, 8677),
        (31276, 8678),
        (31277, 6316),
        (31278, 8679),
        (31279, 8679),
        (3907, 8677),
        (3908, 8678),
        (3909, 6316),
        (3910, 8679),
    ] {
        let crs = Crs::from_epsg(old).unwrap();
        assert_eq!(crs.declared().epsg, Some(old));
        assert_eq!(crs.epsg(), Some(new), "EPSG:{old}");
        assert_eq!(
            crs.resolved().axis_order,
            AxisOrder::EastNorth,
            "EPSG:{old}"
        );
        let [note] = crs.notes() else {
            panic!("EPSG:{old} has notes {:?}", crs.notes());
        };
        assert!(note.en.contains(&format!("EPSG:{new}")), "{note}");
    }
    assert!(
        Crs::from_epsg(31277).unwrap().notes()[0]
            .en
            .contains("Austrian")
    );
    assert!(
        Crs::from_epsg(31278).unwrap().notes()[0]
            .en
            .contains("wrongly")
    );
    assert!(Crs::from_epsg(3909).unwrap().notes()[0].en.contains("axes"));
}

#[test]
fn esri_texts_are_recognised_by_datum_and_parameters() {
    let cases = [
        (
            "MGI_1901_Balkans_7",
            "D_MGI_1901",
            "Transverse_Mercator",
            ZONE_7,
            6316,
        ),
        (
            "MGI_Balkans_7",
            "D_MGI",
            "Transverse_Mercator",
            ZONE_7,
            6316,
        ),
        ("MGI_Balkans_7", "D_MGI", "Gauss_Kruger", ZONE_7, 6316),
        (
            "kop",
            "D_Hermannskogel",
            "Transverse_Mercator",
            ZONE_7,
            6316,
        ),
        (
            "unknown",
            "D_Unknown_based_on_Bessel_1841_ellipsoid",
            "Transverse_Mercator",
            ZONE_7,
            6316,
        ),
        (
            "MGI_1901_Balkans_7",
            "D_MGI_1901",
            "Gauss_Kruger",
            [18.0, 0.9999, 6_500_000.0],
            8678,
        ),
        (
            "a",
            "D_MGI",
            "Gauss_Kruger",
            [15.0, 0.9999, 5_500_000.0],
            8677,
        ),
        (
            "a",
            "D_MGI",
            "Gauss_Kruger",
            [24.0, 0.9999, 8_500_000.0],
            8679,
        ),
        (
            "MGI_1901_Balkans_7",
            "D_MGI",
            "Gauss_Kruger",
            [21.0, 1.0, 7_500_000.0],
            31267,
        ),
        (
            "a",
            "D_MGI_1901",
            "Gauss_Kruger",
            [18.0, 1.0, 6_500_000.0],
            31266,
        ),
    ];
    for (name, datum, projection, parameters, epsg) in cases {
        let crs = Crs::from_wkt(&esri_grid(name, datum, projection, parameters)).unwrap();
        assert_eq!(crs.epsg(), Some(epsg), "{name} {datum} {parameters:?}");
        assert_eq!(crs.axis_order(), AxisOrder::EastNorth);
        let plan = TransformPlan::new(&crs).unwrap();
        assert_eq!(
            plan.operation().epsg,
            Some(9486),
            "{name} {datum} {parameters:?}"
        );
    }
}

#[test]
fn modern_datums_are_told_apart() {
    let utm = |datum: &str, spheroid: &str| {
        format!(
            r#"PROJCS["a",GEOGCS["g",DATUM["{datum}",SPHEROID[{spheroid}]],PRIMEM["Greenwich",0.0],
            UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],
            PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],
            PARAMETER["Central_Meridian",21.0],PARAMETER["Scale_Factor",0.9996],
            PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        )
    };
    let wgs84 = r#""WGS_1984",6378137.0,298.257223563"#;
    let grs80 = r#""GRS_1980",6378137.0,298.257222101"#;
    for (text, epsg) in [
        (utm("D_WGS_1984", wgs84), 32634),
        (utm("D_ETRS_1989", grs80), 25834),
        (utm("D_Serbian_Spatial_Reference_System_2000", grs80), 8682),
    ] {
        assert_eq!(Crs::from_wkt(&text).unwrap().epsg(), Some(epsg), "{text}");
    }
}

#[test]
fn geographic_texts_are_recognised() {
    let geographic = |datum: &str, spheroid: &str, unit: &str| {
        format!(r#"GEOGCS["g",DATUM["{datum}",{spheroid}],PRIMEM["Greenwich",0.0],UNIT[{unit}]]"#)
    };
    let wgs84 = r#"SPHEROID["WGS_1984",6378137.0,298.257223563]"#;
    let degree = r#""Degree",0.0174532925199433"#;
    let crs = Crs::from_wkt(&geographic("D_WGS_1984", wgs84, degree)).unwrap();
    assert_eq!(
        (crs.epsg(), crs.axis_order()),
        (Some(4326), AxisOrder::EastNorth)
    );
    assert!(crs.is_geographic());
    let crs = Crs::from_wkt(&geographic("D_MGI_1901", BESSEL, degree)).unwrap();
    assert_eq!(crs.epsg(), Some(3906));
    // Longitude and latitude on the datum MGI can be Austrian: it stays so.
    let crs = Crs::from_wkt(&geographic("D_MGI", BESSEL, degree)).unwrap();
    assert_eq!(crs.epsg(), None);
    assert!(TransformPlan::new(&crs).is_err());
    let grad = Crs::from_wkt(&geographic(
        "D_MGI_1901",
        BESSEL,
        r#""Grad",0.015707963267948967"#,
    ));
    let error = TransformPlan::new(&grad.unwrap()).unwrap_err();
    assert!(
        matches!(error, GeodesyError::UnsupportedUnit { .. }),
        "{error:?}"
    );
}

#[test]
fn a_shift_inside_the_file_is_replaced_and_reported() {
    let with_shift = |shift: &str| {
        format!(
            r#"PROJCS["MGI Balkans 7",GEOGCS["Hermannskogel",DATUM["Hermannskogel",{BESSEL},
            TOWGS84[{shift}]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],
            PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],
            PARAMETER["central_meridian",21],PARAMETER["scale_factor",0.9999],
            PARAMETER["false_easting",7500000],PARAMETER["false_northing",0],UNIT["metre",1]]"#
        )
    };
    let text = with_shift("574.027,170.175,401.545,4.88786,-0.66524,-13.24673,6.88933");
    let crs = Crs::from_wkt(&text).unwrap();
    assert_eq!(crs.epsg(), Some(6316));
    let note = crs
        .notes()
        .iter()
        .find(|note| note.en.contains("574.027"))
        .unwrap();
    assert!(
        note.en
            .contains("replaced by the pinned operation EPSG:9486"),
        "{note}"
    );
    let plan = TransformPlan::new(&crs).unwrap();
    assert_eq!(plan.operation().epsg, Some(9486));
    let state_grid = Transformer::to_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
    let point = (7_588_213.57, 4_881_734.64);
    assert_eq!(
        plan.to_wgs84()
            .unwrap()
            .transform(point.0, point.1)
            .unwrap(),
        state_grid.transform(point.0, point.1).unwrap()
    );
    let unshifted = Crs::from_wkt(&with_shift("0,0,0,0,0,0,0")).unwrap();
    assert!(
        !unshifted
            .notes()
            .iter()
            .any(|note| note.en.contains("own shift"))
    );
}

#[test]
fn parameters_win_over_the_code_a_text_gives_itself() {
    let coded = |parameters, code: u32| {
        let text = esri_grid("grid", "MGI", "Transverse_Mercator", parameters);
        format!(
            r#"{},AUTHORITY["EPSG","{code}"]]"#,
            text.strip_suffix(']').unwrap()
        )
    };
    let zone_8 = [24.0, 0.9999, 8_500_000.0];
    for (text, declared, epsg) in [
        (coded(ZONE_7, 31277), 31277, Some(6316)),
        (coded(ZONE_7, 31278), 31278, Some(6316)),
        (coded(zone_8, 31278), 31278, Some(8679)),
        (coded([21.0, 0.9998, 7_500_000.0], 6316), 6316, None),
    ] {
        let crs = Crs::from_wkt(&text).unwrap();
        assert_eq!(crs.declared().epsg, Some(declared), "{text}");
        assert_eq!(crs.epsg(), epsg, "{text}");
        assert!(!crs.notes().is_empty(), "{text}");
    }
}

// 7 000 000 m less of false easting, the same place.
#[test]
fn a_grid_without_its_zone_digit_keeps_its_own_parameters() {
    let text = esri_grid(
        "kop",
        "D_MGI_1901",
        "Transverse_Mercator",
        [21.0, 0.9999, 500_000.0],
    );
    let crs = Crs::from_wkt(&text).unwrap();
    assert_eq!(crs.epsg(), None);
    let transformer = Transformer::to_wgs84(&crs).unwrap();
    assert_eq!(transformer.operation().epsg, Some(9486));
    let (lon, lat) = transformer.transform(588_213.572, 4_881_734.641).unwrap();
    assert!(
        (lon - 22.09591).abs() < 5e-8 && (lat - 44.07488).abs() < 5e-8,
        "{lon} {lat}"
    );
}

#[test]
fn heights_beside_a_grid_are_left_out_and_reported() {
    let grid = esri_grid(
        "MGI_1901_Balkans_7",
        "D_MGI_1901",
        "Transverse_Mercator",
        ZONE_7,
    );
    let text = format!(
        r#"COMPD_CS["grid and height",{grid},VERT_CS["Trieste height",
        VERT_DATUM["Trieste",2005],UNIT["metre",1],AXIS["Up",UP]]]"#
    );
    let crs = Crs::from_wkt(&text).unwrap();
    assert_eq!(crs.declared().name, "grid and height");
    assert_eq!(crs.epsg(), Some(6316));
    assert!(
        crs.notes()
            .iter()
            .any(|note| note.en.contains("Trieste height")),
        "{:?}",
        crs.notes()
    );
    // ETRS89 / UTM zone 34N + EVRF2000 height is made of EPSG:25834 and 5730.
    let crs = Crs::from_epsg(7409).unwrap();
    assert_eq!((crs.declared().epsg, crs.epsg()), (Some(7409), Some(4258)));
}

#[test]
fn texts_that_are_no_wkt_are_refused() {
    for text in [
        "",
        "EPSG:6316",
        "+proj=longlat +datum=WGS84",
        "/etc/passwd",
        "PROJCS",
        "PROJCS[",
        "PROJCS[\"a\"]",
        "GEOGCS[\"a\",DATUM[\"b\"]]",
        "žaba[1]",
    ] {
        let error = Crs::from_wkt(text).unwrap_err();
        assert!(
            matches!(error, GeodesyError::UnreadableWkt { .. }),
            "{text}: {error:?}"
        );
    }
    let local = r#"LOCAL_CS["Rudnik",UNIT["metre",1]]"#;
    let error = Crs::from_wkt(local).unwrap_err();
    assert!(
        matches!(error, GeodesyError::NotHorizontal { .. }),
        "{error:?}"
    );
}
