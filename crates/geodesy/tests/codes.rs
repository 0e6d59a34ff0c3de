//! Which reference system a code, a URI or a URN names.

use geodesy::{AxisOrder, Crs, GeodesyError, Transformer};

#[test]
fn every_way_to_write_a_code_is_read() {
    for text in [
        "EPSG:6316",
        "epsg:6316",
        " 6316 ",
        "http://www.opengis.net/def/crs/EPSG/0/6316",
        "https://www.opengis.net/def/crs/EPSG/9.9.1/6316",
        "urn:ogc:def:crs:EPSG::6316",
        "urn:ogc:def:crs:EPSG:9.9:6316",
        "[EPSG:6316]",
        "urn:ogc:def:crs:EPSG:6316",
        "urn:x-ogc:def:crs:EPSG:9.9:6316",
        "http://www.opengis.net/gml/srs/epsg.xml#6316",
    ] {
        let crs: Crs = text.parse().unwrap();
        assert_eq!(crs.epsg(), Some(6316), "{text}");
        assert_eq!(
            crs.uri(),
            Some("http://www.opengis.net/def/crs/EPSG/0/6316"),
            "{text}"
        );
        assert_eq!(crs.name(), "MGI 1901 / Balkans zone 7", "{text}");
        assert!(crs.notes().is_empty(), "{text} {:?}", crs.notes());
    }
}

/// Esri's and Google's codes of Web Mercator are those that the EPSG registry never took (900913, 102100,
/// 102113) or took back (3785).
#[test]
fn what_programs_call_wgs_84_and_web_mercator_is_read() {
    for (text, epsg) in [
        ("WGS84", 4326),
        ("WGS 84", 4326),
        ("EPSG:102100", 3857),
        ("ESRI:102100", 3857),
        ("ESRI:102113", 3857),
        ("EPSG:900913", 3857),
        ("EPSG:3785", 3857),
    ] {
        let crs: Crs = text.parse().unwrap();
        assert_eq!(crs.epsg(), Some(epsg), "{text}");
    }
    assert!("ESRI:104992".parse::<Crs>().is_err());
}

#[test]
fn crs84_is_longitude_first_and_has_no_epsg_code() {
    for text in [
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "OGC:CRS84",
    ] {
        let crs: Crs = text.parse().unwrap();
        assert_eq!(crs.epsg(), None, "{text}");
        assert_eq!(
            crs.uri(),
            Some("http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
            "{text}"
        );
        assert_eq!(crs.axis_order(), AxisOrder::EastNorth, "{text}");
        assert!(crs.is_geographic(), "{text}");
        let transformer = Transformer::to_wgs84(&crs).unwrap();
        assert_eq!(
            transformer.transform(22.0, 44.0).unwrap(),
            (22.0, 44.0),
            "{text}"
        );
    }
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "",
        "EPSG:",
        "EPSG:63 16",
        "EPSG:-1",
        "EPSG:99999999999",
        "6316.0",
        "ESRI:102014",
        "http://www.opengis.net/def/crs/EPSG/6316",
        "http://www.opengis.net/def/crs/EPSG/0/6316/1",
        "http://example.org/6316",
        "WGS 85",
    ] {
        let error = Crs::parse(text).unwrap_err();
        assert!(
            matches!(error, GeodesyError::UnknownText { .. }),
            "{text}: {error:?}"
        );
    }
}

#[test]
fn codes_that_place_nothing_on_the_map_are_refused() {
    for unknown in [0, 999, 999_999] {
        let error = Crs::from_epsg(unknown).unwrap_err();
        let not_asked = matches!(error, GeodesyError::NotInRegistry { source: None, .. });
        assert!(not_asked, "{error:?}");
    }
    // Trieste height, SRB_ETRS89 geocentric, a local engineering grid.
    for epsg in [5195, 8691, 8683, 5817] {
        let error = Crs::from_epsg(epsg).unwrap_err();
        assert!(
            matches!(error, GeodesyError::NotHorizontal { .. }),
            "{epsg}: {error:?}"
        );
    }
    // S-JTSK / Krovak: axes south and west.
    let error = Crs::from_epsg(5513).unwrap_err();
    assert!(
        matches!(error, GeodesyError::UnsupportedAxes { .. }),
        "{error:?}"
    );
}

// EPSG registry v12.013: coordinate systems 4500, 4530, 4532 and 6422 (north
// first) against 4400, 4498 and 4499 (east first).
#[test]
fn axis_order_is_that_of_the_declared_code() {
    for (epsg, order) in [
        (4326, AxisOrder::NorthEast),
        (3906, AxisOrder::NorthEast),
        (3908, AxisOrder::NorthEast),
        (3909, AxisOrder::NorthEast),
        (31277, AxisOrder::NorthEast),
        (3035, AxisOrder::NorthEast),
        (3046, AxisOrder::NorthEast),
        (6316, AxisOrder::EastNorth),
        (8678, AxisOrder::EastNorth),
        (8682, AxisOrder::EastNorth),
        (31267, AxisOrder::EastNorth),
        (25834, AxisOrder::EastNorth),
        (3857, AxisOrder::EastNorth),
    ] {
        assert_eq!(
            Crs::from_epsg(epsg).unwrap().axis_order(),
            order,
            "EPSG:{epsg}"
        );
    }
}
