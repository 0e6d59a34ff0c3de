//! Ways to read the two numbers of a point, how they are written, and where they lead.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use geodesy::{AxisOrder, Crs, GeodesyError, Reading, TransformPlan, distance_m};
use proptest::prelude::*;

const BOR: (f64, f64) = (22.09591, 44.07488);

fn place(reading: &str, (x, y): (f64, f64)) -> (f64, f64) {
    let reading: Reading = reading.parse().unwrap();
    let plan = TransformPlan::of_reading(&reading).unwrap();
    plan.to_wgs84().unwrap().transform(x, y).unwrap()
}

// Bor by cct and cs2cs of PROJ 9.1.1, operation EPSG:9486 written out as in tests/vectors.rs; the
// local grid is tmerc on Bessel 1841 with the parameters of the text.
#[test]
fn every_reading_of_the_numbers_of_bor_leads_to_bor() {
    for (reading, numbers) in [
        ("EPSG:6316", (7_588_213.572, 4_881_734.641)),
        ("EPSG:6316 north-east", (4_881_734.641, 7_588_213.572)),
        ("EPSG:6316 +7000000", (588_213.572, 4_881_734.641)),
        ("31277 NORTH-EAST +7000000", (4_881_734.641, 588_213.572)),
        ("EPSG:8679", (8_347_949.186, 4_882_897.446)),
        ("EPSG:31278", (8_347_949.186, 4_882_897.446)),
        ("EPSG:3910 +8000000", (347_949.186, 4_882_897.446)),
        ("EPSG:8678 +6000000", (828_485.991, 4_889_330.185)),
        ("EPSG:3906", (22.101_459_139, 44.074_737_689)),
        ("EPSG:3857", (2_459_705.450, 5_477_037.358)),
        ("EPSG:3857 north-east", (5_477_037.358, 2_459_705.450)),
        ("EPSG:4326 north-east", (BOR.1, BOR.0)),
        ("EPSG:3046", (587_753.21, 4_880_773.46)),
        (
            "+proj=tmerc +lat_0=44 +lon_0=22 +k=1 +x_0=1000 +y_0=2000 +ellps=bessel",
            (9126.447, 10_308.415),
        ),
        (
            "+proj=tmerc +lat_0=44 +lon_0=22 +k=1 +x_0=1000 +y_0=2000 +ellps=bessel north-east",
            (10_308.415, 9126.447),
        ),
    ] {
        let off = distance_m(place(reading, numbers), BOR);
        assert!(off < 0.01, "{reading} {numbers:?} is {off} m off");
    }
}

// cs2cs (PROJ 9.1.1) puts 588213.57, 4881734.64 of UTM 34N at 22.101818720, 44.083476975; geod
// says 1066.061 m.
#[test]
fn the_same_numbers_are_a_kilometre_apart_in_two_readings() {
    let numbers = (588_213.57, 4_881_734.64);
    let utm = place("EPSG:32634", numbers);
    assert!(distance_m(utm, (22.101_818_72, 44.083_476_975)) < 0.01);
    let apart = distance_m(utm, place("EPSG:6316 +7000000", numbers));
    assert!((apart - 1066.06).abs() < 0.01, "{apart}");
}

#[test]
fn readings_are_written_as_they_are_read() {
    for text in [
        "EPSG:6316",
        "EPSG:31277 north-east",
        "EPSG:6316 +7000000",
        "EPSG:6316 north-east +7000000",
        "OGC:CRS84",
        "+proj=utm +zone=34 +datum=WGS84 north-east",
    ] {
        let reading: Reading = text.parse().unwrap();
        assert_eq!(reading.to_string(), text);
    }
    let other_order: Reading = " epsg:6316  +7000000 North-East ".parse().unwrap();
    assert_eq!(other_order.to_string(), "EPSG:6316 north-east +7000000");
    assert!(!other_order.is_plain());
}

#[test]
fn readings_that_are_none_are_refused() {
    for text in [
        "",
        "north-east",
        "+7000000",
        "EPSG:6316 south-west",
        "EPSG:6316 7000000",
        "WGS 85",
    ] {
        let error = text.parse::<Reading>().unwrap_err();
        let unknown = matches!(error, GeodesyError::UnknownText { .. });
        assert!(unknown, "{text}: {error:?}");
    }
    let error = "EPSG:6316 +7500000".parse::<Reading>().unwrap_err();
    assert!(
        matches!(error, GeodesyError::NoZoneDigit { .. }),
        "{error:?}"
    );
}

#[test]
fn proj_texts_describe_grids_and_nothing_else() {
    for (text, epsg) in [
        (
            "+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0 +ellps=bessel",
            Some(6316),
        ),
        (
            "proj=tmerc lat_0=0 lon_0=21 k=0.9999 x_0=7500000 ellps=bessel units=m no_defs",
            Some(6316),
        ),
        ("+proj=utm +zone=34 +datum=WGS84 +units=m", Some(32634)),
        ("+proj=longlat +datum=WGS84 +type=crs", Some(4326)),
        (
            "+proj=tmerc +lat_0=44 +lon_0=22 +k=1 +x_0=1000 +y_0=2000 +ellps=bessel",
            None,
        ),
    ] {
        let crs = Crs::parse(text).unwrap();
        assert_eq!(crs.epsg(), epsg, "{text}");
    }
    for text in [
        "+proj=longlat +nadgrids=/etc/passwd",
        "+proj=pipeline +step +proj=utm +zone=34",
        "+init=epsg:6316 +proj=longlat",
        "+proj=nothing",
        "+proj=utm +zone=34 +geoidgrids=g.gtx",
    ] {
        let error = Crs::parse(text).unwrap_err();
        let refused = matches!(error, GeodesyError::UnusableProjText { .. });
        assert!(refused, "{text}: {error:?}");
    }
}

/// The text of zone 7 with a shift of its own.
fn zone_7_with_shift(shift: &str) -> String {
    format!(
        r#"PROJCS["MGI Balkans 7",GEOGCS["Hermannskogel",DATUM["Hermannskogel",
        SPHEROID["Bessel_1841",6377397.155,299.1528128],TOWGS84[{shift}]],PRIMEM["Greenwich",0],
        UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],
        PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",21],
        PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",7500000],
        PARAMETER["false_northing",0],UNIT["metre",1]]"#
    )
}

// cct (PROJ 9.1.1) with the shift as position vector, geod from there to Bor. The last are the
// parameters of EPSG:3962.
#[test]
fn a_replaced_shift_tells_how_far_off_it_was() {
    for (shift, wanted) in [
        (
            "574.027,170.175,401.545,4.88786,-0.66524,-13.24673,6.88933",
            Some(0.274),
        ),
        ("682,-203,480,0,0,0,0", Some(9.064)),
        ("0,0,0,0,0,0,0", None),
    ] {
        let crs = Crs::from_wkt(&zone_7_with_shift(shift)).unwrap();
        let differs = Reading::plain(crs)
            .replaced_shift_differs_by_m(7_588_213.572, 4_881_734.641)
            .unwrap();
        assert_eq!(differs.is_some(), wanted.is_some(), "{shift}");
        if let (Some(differs), Some(wanted)) = (differs, wanted) {
            assert!((differs - wanted).abs() < 0.005, "{shift}: {differs} m");
        }
    }
}

#[test]
fn a_scale_of_one_has_a_sibling_in_the_state_survey() {
    for (epsg, sibling) in [
        (31266, Some(8678)),
        (31267, Some(6316)),
        (31268, Some(8679)),
        (6316, None),
        (31277, None),
        (32634, None),
    ] {
        let crs = Crs::from_epsg(epsg).unwrap();
        let found = crs.almost_of_state_survey().unwrap();
        assert_eq!(found.and_then(|crs| crs.epsg()), sibling, "EPSG:{epsg}");
    }
}

#[test]
fn a_zone_of_the_state_survey_with_another_scale_or_datum_is_told_apart() {
    for (text, sibling) in [
        ("+lon_0=21 +k=0.9999 +x_0=7500000 +datum=WGS84", Some(6316)),
        ("+lon_0=18 +k=1 +x_0=6500000 +ellps=krass", Some(8678)),
        ("+lon_0=21 +k=0.9996 +x_0=7500000 +ellps=bessel", Some(6316)),
        ("+lon_0=21 +k=0.9999 +x_0=7500000 +ellps=bessel", None),
        ("+lon_0=21 +k=0.9996 +x_0=500000 +datum=WGS84", None),
        ("+lon_0=22 +k=1 +x_0=7500000 +datum=WGS84", None),
    ] {
        let crs = Crs::parse(&format!("+proj=tmerc +lat_0=0 {text} +y_0=0 +units=m")).unwrap();
        let found = crs.almost_of_state_survey().unwrap();
        assert_eq!(found.and_then(|crs| crs.epsg()), sibling, "{text}");
    }
}

#[test]
fn readings_say_themselves_in_both_languages() {
    let reading: Reading = "EPSG:31277 north-east +7000000".parse().unwrap();
    let words = reading.in_words();
    assert_eq!(
        words.en,
        "EPSG:6316 (MGI 1901 / Balkans zone 7) without the leading 7 of the eastings, the first \
         number being north and the second east"
    );
    assert_eq!(
        words.sr,
        "EPSG:6316 (MGI 1901 / Balkans zone 7) без водеће цифре 7 у координати исток, при чему је \
         први број север, а други исток"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn numbers_written_in_any_reading_are_read_back(
        lon in 18.8..23.0_f64,
        lat in 41.85..46.2_f64,
        epsg in proptest::sample::select(&[6316_u32, 8678, 31278, 31267, 3046, 4075][..]),
        north_first in any::<bool>(),
        cut in any::<bool>(),
    ) {
        let plain = Reading::plain(Crs::from_epsg(epsg).unwrap());
        let cut = if cut { plain.without_zone_digit() } else { None };
        let reading = Reading {
            axes: if north_first { AxisOrder::NorthEast } else { AxisOrder::EastNorth },
            ..cut.unwrap_or_else(|| plain.clone())
        };
        // The numbers as a file would write them, by the plain plan and by hand.
        let to_grid = TransformPlan::new(&plain.crs).unwrap().from_wgs84().unwrap();
        let (east, north) = to_grid.transform(lon, lat).unwrap();
        let east = east - reading.add_to_easting_m;
        let (x, y) = if north_first { (north, east) } else { (east, north) };
        let back = TransformPlan::of_reading(&reading).unwrap().to_wgs84().unwrap();
        let off = distance_m(back.transform(x, y).unwrap(), (lon, lat));
        prop_assert!(off < 0.01, "{reading} {x} {y}: {off} m");
        let again = TransformPlan::of_reading(&reading).unwrap().from_wgs84().unwrap();
        let (x_again, y_again) = again.transform(lon, lat).unwrap();
        prop_assert!((x_again - x).abs() < 0.01 && (y_again - y).abs() < 0.01);
    }
}
