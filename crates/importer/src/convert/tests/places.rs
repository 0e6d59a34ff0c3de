//! Geometries of records and coordinates of tables.

use domain::GeometryKind;
use domain::layers::{DAMS, FACILITY_OUTLINES};
use geo_types::{MultiPolygon, line_string, polygon};

use super::*;

fn of_geometry(layer: &'static Layer, geometry: Option<Vec<u8>>) -> Converted {
    let kind = match layer.geometry {
        GeometryKind::Point => SourceGeometry::Point,
        GeometryKind::LineString => SourceGeometry::Line,
        GeometryKind::MultiPolygon => SourceGeometry::Polygon,
    };
    let mut converter = converter(layer, kind, &["code"], "EPSG:4326");
    let source = SourceRecord {
        row: 1,
        values: vec![text("RS-70327-001")],
        wkb: geometry,
    };
    converter.convert(&source)
}

#[test]
fn geometries_are_brought_to_the_type_of_the_layer() {
    let square =
        polygon![(x: 22.0, y: 44.0), (x: 22.0, y: 44.1), (x: 22.1, y: 44.1), (x: 22.1, y: 44.0)];
    let turned =
        polygon![(x: 22.0, y: 44.0), (x: 22.1, y: 44.0), (x: 22.1, y: 44.1), (x: 22.0, y: 44.1)];
    let line = line_string![(x: 22.0, y: 44.0), (x: 22.0, y: 44.0), (x: 22.1, y: 44.1)];
    let plain = line_string![(x: 22.0, y: 44.0), (x: 22.1, y: 44.1)];
    let at = point!(x: 22.0, y: 44.0);
    let cases: [(&Layer, Geometry<f64>, Geometry<f64>); 4] = [
        (
            &FACILITY_OUTLINES,
            square.into(),
            MultiPolygon::from(turned).into(),
        ),
        (&DAMS, line.clone().into(), plain.clone().into()),
        (
            &DAMS,
            geo_types::MultiLineString::new(vec![line]).into(),
            plain.into(),
        ),
        (
            &FACILITIES,
            geo_types::MultiPoint::new(vec![at]).into(),
            at.into(),
        ),
    ];
    for (layer, given, expected) in cases {
        let converted = of_geometry(layer, Some(wkb(&given)));
        let Some(geometry) = &converted.record.geometry else {
            panic!("{:?}", converted.findings)
        };
        assert_eq!(geometry, &expected, "{}", layer.id);
    }
}

#[test]
fn bad_geometries_are_refused_by_their_vertex() {
    let bow_tie =
        polygon![(x: 22.0, y: 44.0), (x: 22.2, y: 44.2), (x: 22.2, y: 44.0), (x: 22.0, y: 44.2)];
    let thin = polygon![(x: 22.0, y: 44.0), (x: 22.2, y: 44.2), (x: 22.0, y: 44.0)];
    let stray_hole = geo_types::Polygon::new(
        line_string![(x: 22.0, y: 44.0), (x: 22.1, y: 44.0), (x: 22.1, y: 44.1), (x: 22.0, y: 44.0)],
        vec![
            line_string![(x: 22.5, y: 44.0), (x: 22.6, y: 44.0), (x: 22.6, y: 44.1), (x: 22.5, y: 44.0)],
        ],
    );
    let two = geo_types::MultiPoint::new(vec![point!(x: 22.0, y: 44.0), point!(x: 22.1, y: 44.0)]);
    let one_place = line_string![(x: 22.0, y: 44.0), (x: 22.0, y: 44.0)];
    let cases: [(&Layer, Geometry<f64>, &str); 7] = [
        (
            &FACILITY_OUTLINES,
            bow_tie.clone().into(),
            "the boundary crosses itself at x 22.1, y 44.1; redraw it there (in QGIS: ",
        ),
        (
            &FACILITY_OUTLINES,
            thin.into(),
            "a ring at x 22, y 44 has fewer than three corners; delete it or draw it again (in QGIS: ",
        ),
        (
            &FACILITY_OUTLINES,
            stray_hole.into(),
            "a hole lies outside its area at x 22.5, y 44; move it inside, delete it, ",
        ),
        (
            &FACILITIES,
            point!(x: f64::INFINITY, y: 44.0).into(),
            "vertex 1 is x inf, y 44, which is no place; correct it",
        ),
        (
            &FACILITIES,
            two.into(),
            "it has 2 parts where the layer takes one; make them one, or one record each (in QGIS: ",
        ),
        (
            &FACILITIES,
            bow_tie.into(),
            "it is an area, but the layer takes points; areas of facilities are imported with --layer facility_outlines",
        ),
        (
            &DAMS,
            one_place.into(),
            "the line is a single place at x 22, y 44; draw it again",
        ),
    ];
    for (layer, geometry, message) in cases {
        let converted = of_geometry(layer, Some(wkb(&geometry)));
        let found = &converted.findings[0].message;
        assert!(found.en.starts_with(message), "{}", found.en);
        assert_ne!(found.sr, found.en);
        assert!(converted.is_refused() && converted.record.geometry.is_none());
    }
    let unreadable = of_geometry(&FACILITIES, Some(vec![1, 2, 3]));
    assert!(
        unreadable.findings[0]
            .message
            .en
            .starts_with("the geometry cannot be read")
    );
}

#[test]
fn a_record_without_a_place_is_accepted_with_a_warning() {
    let converted = of_geometry(&FACILITIES, None);
    assert!(!converted.is_refused());
    assert_eq!(converted.findings[0].severity, Severity::Warning);
}

#[test]
fn heights_are_dropped_and_counted() {
    // ISO WKB of POINT Z (22 44 350), little endian, type 1001.
    let mut point_z = vec![1, 0xE9, 0x03, 0, 0];
    for number in [22.0_f64, 44.0, 350.0] {
        point_z.extend_from_slice(&number.to_le_bytes());
    }
    let mut converter = converter(&FACILITIES, SourceGeometry::Point, &["code"], "EPSG:4326");
    let source = SourceRecord {
        row: 1,
        values: vec![text("RS-70327-001")],
        wkb: Some(point_z),
    };
    let converted = converter.convert(&source);
    assert_eq!(
        converted.record.geometry,
        Some(point!(x: 22.0, y: 44.0).into())
    );
    assert_eq!(converter.heights_dropped(), 1);
}

#[test]
fn tables_give_coordinates_in_columns() {
    for (fields, values, swap, expected) in [
        (
            ["lon", "lat"],
            ["22,05", "44.1"],
            false,
            Ok(Some((22.05, 44.1))),
        ),
        (["X", "Y"], ["44.1", "22.05"], true, Ok(Some((22.05, 44.1)))),
        (["X", "Y"], ["", "-"], false, Ok(None)),
        (
            ["X", "Y"],
            ["22.05", ""],
            false,
            Err("one of the two coordinates is missing"),
        ),
        (
            ["X", "Y"],
            ["22.05", "S 44"],
            false,
            Err("`S 44` is not a number"),
        ),
        (
            ["wkt", "z"],
            ["POINT Z (22.05 44.1 300)", ""],
            false,
            Ok(Some((22.05, 44.1))),
        ),
        (
            ["wkt", "z"],
            ["POINT (22.05)", ""],
            false,
            Err("the geometry is not well-known text such as POINT (22.1 44.1): "),
        ),
    ] {
        let source = source_layer(SourceGeometry::None, &["code", fields[0], fields[1]]);
        let columns = map(&source, &FACILITIES, None).unwrap().coordinates;
        let values = vec![text("RS-70327-001"), text(values[0]), text(values[1])];
        let record = SourceRecord {
            row: 2,
            values,
            wkb: None,
        };
        let read = Place::new(columns, swap).read(&record);
        match (read, expected) {
            (Ok(read), Ok(expected)) => {
                let geometry = expected.map(|(x, y)| Geometry::from(point!(x: x, y: y)));
                assert_eq!(read.map(|read| read.geometry), geometry);
            }
            (Err(error), Err(start)) => assert!(error.starts_with(start), "{error}"),
            (read, _) => panic!(
                "{fields:?}: {:?}",
                read.map(|read| read.map(|read| read.geometry))
            ),
        }
    }
}
