//! Geometries of records and coordinates of tables.

use domain::GeometryKind;
use domain::layers::{DAMS, FACILITY_OUTLINES};
use geo::Winding;
use geo_types::{MultiPolygon, line_string, polygon};

use super::*;
use crate::coordinates::Notation;

fn of_geometry(layer: &'static Layer, geometry: Option<Vec<u8>>) -> Converted {
    let kind = match layer.geometry {
        GeometryKind::Point => SourceGeometry::Point,
        GeometryKind::LineString | GeometryKind::MultiLineString => SourceGeometry::Line,
        GeometryKind::MultiPolygon => SourceGeometry::Polygon,
    };
    let mut converter = converter(layer, kind, &["code"], "EPSG:4326");
    let source = SourceRecord {
        row: 1,
        fid: None,
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
        fid: None,
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
    for (fields, values, expected) in [
        (["lon", "lat"], ["22,05", "44.1"], Ok(Some((22.05, 44.1)))),
        (["X", "Y"], ["44.1", "22.05"], Ok(Some((44.1, 22.05)))),
        (["X", "Y"], ["", "-"], Ok(None)),
        (
            ["X", "Y"],
            ["22.05", ""],
            Err("one of the two coordinates is missing"),
        ),
        (
            ["X", "Y"],
            ["22.05", "oko 44"],
            Err("`oko 44` is no coordinate"),
        ),
        (
            ["wkt", "z"],
            ["POINT Z (22.05 44.1 300)", ""],
            Ok(Some((22.05, 44.1))),
        ),
        (
            ["wkt", "z"],
            ["POINT (22.05)", ""],
            Err(
                "the geometry is not well-known text such as POINT (22.1 44.1), but \"POINT (22.05)\"",
            ),
        ),
    ] {
        let (columns, record) = table_record(fields, values);
        let read = Place::noted(columns, Notation::default()).read(&record);
        match (read, expected) {
            (Ok(read), Ok(expected)) => {
                let geometry = expected.map(|(x, y)| Geometry::from(point!(x: x, y: y)));
                assert_eq!(read.map(|read| read.geometry), geometry);
            }
            (Err(error), Err(start)) => assert!(error.en.starts_with(start), "{error}"),
            (read, _) => panic!(
                "{fields:?}: {:?}",
                read.map(|read| read.map(|read| read.geometry))
            ),
        }
    }
}

#[test]
fn an_s_means_what_the_letters_beside_it_mean() {
    for (values, in_table, latitude) in [
        (["44°30'S", "22°15'I"], false, 44.5),
        (["44°30'S", "22°15'I"], true, 44.5),
        (["44°30'S", "22°15'E"], true, -44.5),
        (["44°30'S", "22°15'E"], false, -44.5),
        (["44°30'S", "22°15'"], true, -44.5),
        (["44°30'S", "22°15'"], false, 44.5),
    ] {
        let (columns, record) = table_record(["X", "Y"], values);
        let notation = Notation {
            english_letters: in_table,
            ..Notation::default()
        };
        let read = Place::noted(columns, notation).read(&record).unwrap();
        let placed = point!(x: latitude, y: 22.25).into();
        assert_eq!(read.unwrap().geometry, placed, "{values:?}, {in_table}");
    }
}

fn table_record(
    fields: [&str; 2],
    values: [&str; 2],
) -> (Option<crate::mapping::CoordinateColumns>, SourceRecord) {
    let source = source_layer(SourceGeometry::None, &["code", fields[0], fields[1]]);
    let columns = map(&source, &FACILITIES, None).unwrap().coordinates;
    let record = SourceRecord {
        row: 2,
        fid: None,
        values: vec![text("RS-70327-001"), text(values[0]), text(values[1])],
        wkb: None,
    };
    (columns, record)
}

/// 44.5 = 44° 30' 00", 22.25 = 22° 15' 00"; 60 minutes are none.
#[test]
fn packed_degrees_of_a_column_are_unpacked() {
    let packed = Notation {
        packed: true,
        ..Default::default()
    };
    let (columns, record) = table_record(["X", "Y"], ["443000", "221500"]);
    let read = Place::noted(columns, packed)
        .read(&record)
        .unwrap()
        .unwrap();
    assert_eq!(read.geometry, point!(x: 44.5, y: 22.25).into());
    let (_, wrong) = table_record(["X", "Y"], ["446000", "221500"]);
    let error = Place::noted(columns, packed)
        .read(&wrong)
        .map(|_| ())
        .unwrap_err();
    assert!(
        error.en.starts_with("446000 is no degrees, minutes"),
        "{error}"
    );
}

/// A square of a kilometre by a hundred metres, north first in the file: exchanging its axes
/// mirrors it, and its shell must be counter-clockwise again.
#[test]
fn areas_with_exchanged_axes_keep_the_order_of_their_rings() {
    let (x, y) = (4_881_734.0, 7_588_213.0);
    let area = polygon![(x: x, y: y), (x: x + 1000.0, y: y), (x: x + 1000.0, y: y + 100.0), (x: x, y: y + 100.0)];
    let fields = source_layer(SourceGeometry::Polygon, &["code"]);
    let mapping = map(&fields, &FACILITY_OUTLINES, None).unwrap();
    let declared = DeclaredCrs {
        authority: Some("EPSG:6316".to_owned()),
        wkt: String::new(),
    };
    let given = Given {
        file: "f",
        named: None,
        declared: Some(&declared),
        columns: None,
        is_table: false,
    };
    let decision = decide(&given, &Bounds::new(x, y, x + 1000.0, y + 100.0)).unwrap();
    let names = RegionNames::default();
    let mut converter =
        Converter::new(&FACILITY_OUTLINES, &mapping, Some(&decision), names).unwrap();
    let converted = converter.convert(&SourceRecord {
        row: 1,
        fid: None,
        values: vec![text("RS-70327-001")],
        wkb: Some(wkb(&area.into())),
    });
    let Some(Geometry::MultiPolygon(areas)) = converted.record.geometry else {
        panic!("{converted:?}");
    };
    assert!(areas.0[0].exterior().is_ccw());
    let around = geo::BoundingRect::bounding_rect(&areas).unwrap();
    // A kilometre of latitude is 0.0090°, a hundred metres of longitude 0.0012°; the grid is turned
    // by 0.8°, which adds 13 m.
    assert!((around.height() - 0.0090).abs() < 2e-4, "{around:?}");
    assert!((around.width() - 0.0014).abs() < 2e-4, "{around:?}");
}
