use super::*;
use crate::protocol::{EncodingDecision, SourceField};
use domain::layers::DISTRICTS;

fn file(layers: &[(&str, SourceGeometry, u64)]) -> Inspection {
    let layer = |&(name, geometry, record_count): &(&str, _, _)| SourceLayer {
        holes_by_direction: false,
        name: name.to_owned(),
        geometry,
        record_count,
        fields: Vec::new(),
        crs: None,
        extent: None,
        encoding: EncodingDecision {
            name: "UTF-8".to_owned(),
            evidence: message!("формат", "the format"),
            samples: Vec::new(),
        },
    };
    let layers = layers.iter().map(layer).collect();
    Inspection {
        format: "GeoPackage".to_owned(),
        layers,
        notes: Vec::new(),
    }
}

use SourceGeometry::{Line, None as Table, Point, Polygon};

#[test]
fn the_layer_whose_geometry_fits_is_taken() {
    type Case = (
        &'static [(&'static str, SourceGeometry, u64)],
        &'static Layer,
        &'static str,
        &'static str,
    );
    let cases: [Case; 7] = [
        (&[("a", Point, 3)], &FACILITIES, "a", "facilities"),
        (&[("a", Polygon, 3)], &FACILITIES, "a", "facility_outlines"),
        (&[("a", Table, 3)], &FACILITIES, "a", "facilities"),
        (&[("a", Polygon, 3), ("b", Line, 2)], &DAMS, "b", "dams"),
        (
            &[("a", Point, 3), ("b", Polygon, 2)],
            &DISTRICTS,
            "b",
            "districts",
        ),
        (
            &[("a", Point, 0), ("b", Polygon, 2)],
            &FACILITIES,
            "b",
            "facility_outlines",
        ),
        (
            &[("piezometri", Point, 9), ("Facilities", Polygon, 2)],
            &FACILITIES,
            "Facilities",
            "facility_outlines",
        ),
    ];
    for (layers, target, source, taken) in cases {
        let inspection = file(layers);
        let choice = choose("f.gpkg", &inspection, target, None).unwrap();
        assert_eq!(
            (choice.source.name.as_str(), choice.target.id),
            (source, taken),
            "{layers:?}"
        );
    }
}

#[test]
fn layers_left_aside_are_named_with_their_command() {
    let inspection = file(&[("jaloviste", Polygon, 3), ("kruna brane", Line, 2)]);
    let choice = choose("f.gpkg", &inspection, &FACILITIES, None).unwrap();
    assert_eq!(
        choice
            .notes
            .iter()
            .map(|note| note.en.as_str())
            .collect::<Vec<_>>(),
        [
            "the areas of `jaloviste` become the outlines of the facilities",
            "layer `kruna brane` (2 records, lines) was not imported; to import it: \
             --source-layer 'kruna brane' --layer dams",
        ]
    );
}

#[test]
fn of_a_workbook_the_first_sheet_is_taken() {
    let mut inspection = file(&[
        ("Prazan", Table, 0),
        ("List1", Table, 3),
        ("List2", Table, 9),
    ]);
    assert!(matches!(
        choose("f.gpkg", &inspection, &FACILITIES, None),
        Err(ChooseError::SeveralFit { .. })
    ));
    inspection.format = WORKBOOK.to_owned();
    let choice = choose("f.xlsx", &inspection, &FACILITIES, None).unwrap();
    assert_eq!(choice.source.name, "List1");
    assert_eq!(
        choice.notes[1].sr,
        "слој `List2` (записа: 9, табела) није увезен; да се увезе: --source-layer List2 \
         --layer facilities"
    );
}

#[test]
fn what_cannot_be_chosen_says_the_way_out() {
    type Case = (
        &'static [(&'static str, SourceGeometry, u64)],
        Option<&'static str>,
        &'static str,
    );
    let cases: [Case; 6] = [
        (
            &[("a", Point, 1), ("b", Polygon, 2)],
            None,
            "f.gpkg has 2 layers that fit facilities: `a`, `b`; name one with --source-layer",
        ),
        (
            &[("a", Line, 1)],
            None,
            "f.gpkg holds nothing for the layer facilities, which takes points, areas, or a \
             table with coordinates: `a` holds lines, which --layer dams would take",
        ),
        (
            &[("a", Line, 1), ("b", Point, 1)],
            Some("a"),
            "f.gpkg holds nothing for the layer facilities, which takes points, areas, or a \
             table with coordinates: `a` holds lines, which --layer dams would take",
        ),
        (
            &[("a", Point, 1)],
            Some("b"),
            "f.gpkg has no layer `b`; it has `a`; name one of them with --source-layer",
        ),
        (
            &[("a", Point, 0)],
            None,
            "f.gpkg holds no records (layers: `a`); check that the export wrote them",
        ),
        (
            &[],
            None,
            "f.gpkg holds no records; check that the export wrote them",
        ),
    ];
    for (layers, named, message) in cases {
        let inspection = file(layers);
        let error = choose("f.gpkg", &inspection, &FACILITIES, named).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn of_a_workbook_that_begins_with_notes_the_sheet_with_a_place_is_taken() {
    let with_columns = |columns: [&[&str]; 3]| {
        let mut inspection = file(&[
            ("Uputstvo", Table, 4),
            ("Objekti", Table, 3),
            ("Stari", Table, 9),
        ]);
        WORKBOOK.clone_into(&mut inspection.format);
        for (layer, columns) in inspection.layers.iter_mut().zip(columns) {
            let fields = columns.iter().map(|name| SourceField {
                name: (*name).to_owned(),
                kind: "text".to_owned(),
            });
            layer.fields = fields.collect();
        }
        inspection
    };
    let (notes, placed): (&[&str], &[&str]) = (
        &["Uputstvo", "Field2"],
        &["code", "name", "easting", "northing"],
    );
    for (columns, taken) in [
        ([notes, placed, notes], Some("Objekti")),
        ([notes, notes, placed], Some("Stari")),
        ([placed, placed, notes], Some("Uputstvo")),
        ([notes, notes, notes], Some("Uputstvo")),
        ([notes, placed, placed], None),
    ] {
        let inspection = with_columns(columns);
        let choice = choose("f.xlsx", &inspection, &FACILITIES, None);
        match (choice, taken) {
            (Ok(choice), Some(taken)) => assert_eq!(choice.source.name, taken, "{columns:?}"),
            (Err(error), None) => assert_eq!(
                error.to_string(),
                "f.xlsx has 2 layers that fit facilities: `Objekti`, `Stari`; name one with \
                 --source-layer"
            ),
            (choice, _) => panic!("{columns:?}: {choice:?}"),
        }
    }
    let inspection = with_columns([notes, placed, placed]);
    let named = choose("f.xlsx", &inspection, &FACILITIES, Some("Stari")).unwrap();
    assert_eq!(named.source.name, "Stari");
}
