//! What comes from outside is parsed by these functions in the importing program itself, outside
//! the limited process: whatever it is, they answer and do not panic, and their answer is not
//! larger than it need be.
//!
//! `PROPTEST_CASES=100000 cargo test -p importer any_input` looks longer than the usual 256 cases;
//! what it finds is kept in `tests/any_input.proptest-regressions` and tried first from then on.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::cell::RefCell;

use domain::Layer;
use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES};
use domain::message;
use geodesy::Crs;
use importer::convert::{Converter, RegionNames};
use importer::mapping::{MappingFile, map};
use importer::protocol::{
    EncodingDecision, SourceField, SourceGeometry, SourceLayer, SourceRecord, SourceValue,
};
use proptest::prelude::*;

/// Text as files have it: numbers, days, angles and geometries that are right or nearly so, and
/// anything else.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+0-9.,eE ' \u{a0}]{0,24}",
        "[0-9./:TZ+ -]{0,30}",
        "[0-9NSEWСЈИЗ°º′″'\"., -]{0,40}",
        "(POINT|LINESTRING|POLYGON|MULTIPOLYGON|GEOMETRYCOLLECTION) ?(Z|M|ZM|EMPTY)?[(), 0-9.e-]{0,60}",
        "(GEOMETRYCOLLECTION ?\\(){0,40}(POINT ?\\(1 2\\))?\\){0,40}",
        "[0-9]{1,2} ?[0-9]{0,2}\\*?",
        "(da|ne|да|не|nema|непознато|RS-|[0-9]{5}|-9999){0,3}",
    ]
}

fn value() -> impl Strategy<Value = SourceValue> {
    prop_oneof![
        Just(SourceValue::Null),
        text().prop_map(SourceValue::Text),
        any::<i64>().prop_map(SourceValue::Integer),
        any::<f64>().prop_map(SourceValue::Real),
        any::<bool>().prop_map(SourceValue::Boolean),
        text().prop_map(SourceValue::Date),
        text().prop_map(SourceValue::DateTime),
        prop::collection::vec(text(), 0..4).prop_map(SourceValue::TextList),
    ]
}

/// Well-known binary (ISO 13249-3): a right beginning with any type and any numbers after it, or
/// any bytes at all.
fn wkb() -> impl Strategy<Value = Vec<u8>> {
    let count = prop_oneof![0_u32..5, any::<u32>()];
    let kind = prop_oneof![0_u32..18, 1000_u32..1018, any::<u32>()];
    let began = (
        any::<bool>(),
        kind,
        count,
        prop::collection::vec(any::<f64>(), 0..12),
    )
        .prop_map(|(little, kind, count, numbers)| {
            let mut bytes = vec![u8::from(little)];
            let word = |number: u32| {
                if little {
                    number.to_le_bytes()
                } else {
                    number.to_be_bytes()
                }
            };
            bytes.extend(word(kind));
            bytes.extend(word(count));
            bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            bytes
        });
    prop_oneof![began, prop::collection::vec(any::<u8>(), 0..80)]
}

fn source(geometry: SourceGeometry, fields: Vec<String>) -> SourceLayer {
    let field = |name| SourceField {
        name,
        kind: "text".to_owned(),
    };
    SourceLayer {
        holes_by_direction: false,
        name: "sloj".to_owned(),
        geometry,
        record_count: 1,
        fields: fields.into_iter().map(field).collect(),
        crs: None,
        extent: None,
        encoding: EncodingDecision {
            name: "UTF-8".to_owned(),
            evidence: message!("пример", "an example"),
            samples: Vec::new(),
        },
    }
}

/// A converter of all the fields of a layer, and of the place columns after them; and how many
/// values its records have.
fn converter(layer: &'static Layer, place: &[&str]) -> (Converter, usize) {
    let geometry = if place.is_empty() {
        SourceGeometry::Mixed
    } else {
        SourceGeometry::None
    };
    let own = layer.fields.iter().map(|field| field.name);
    let fields = own.chain(place.iter().copied()).map(str::to_owned);
    let source = source(geometry, fields.collect());
    let mapping = map(&source, layer, None).unwrap();
    let converter = Converter::new(layer, &mapping, None, RegionNames::default()).unwrap();
    (converter, source.fields.len())
}

/// How a layer's records say their place, each with a converter for it.
const PLACES: [(&Layer, &[&str]); 5] = [
    (&FACILITIES, &[]),
    (&FACILITY_OUTLINES, &[]),
    (&DAMS, &[]),
    (&FACILITIES, &["wkt"]),
    (&FACILITIES, &["longitude", "latitude"]),
];

thread_local! {
    static CONVERTERS: RefCell<Vec<(Converter, usize)>> =
        RefCell::new(PLACES.map(|(layer, place)| converter(layer, place)).into());
}

/// Converts a record whose every field has the same value, to all layers.
fn convert(value: &SourceValue, wkb: Option<&Vec<u8>>) {
    CONVERTERS.with_borrow_mut(|converters| {
        for (converter, width) in converters {
            let converted = converter.convert(&SourceRecord {
                fid: None,
                row: 1,
                values: vec![value.clone(); *width],
                wkb: wkb.cloned(),
            });
            // One for each field, one for the geometry.
            assert!(converted.findings.len() <= *width + 1);
        }
    });
}

proptest! {
    #[test]
    fn any_value_is_read_or_refused(value in value()) {
        convert(&value, None);
    }

    #[test]
    fn any_geometry_is_read_or_refused(wkb in wkb()) {
        convert(&SourceValue::Null, Some(&wkb));
    }

    #[test]
    fn any_field_names_are_matched_or_refused(
        names in prop::collection::vec(prop_oneof![any::<String>(), "[A-Za-zčćžšđЀ-џ_ ]{0,14}"], 0..12),
    ) {
        for geometry in [SourceGeometry::None, SourceGeometry::Mixed] {
            let source = source(geometry, names.clone());
            if let Ok(mapping) = map(&source, &FACILITIES, None) {
                prop_assert!(mapping.matched.len() + mapping.ignored.len() <= names.len());
            }
        }
    }

    #[test]
    fn any_mapping_file_is_read_or_refused(
        text in prop_oneof![
            any::<String>(),
            r#"(ignore = \["?[A-Z]{0,3}"?\]?\n)?(\[fields\]?\n)?([A-Z"]{1,5} ?= ?"[a-z_.]{0,12}"?\n){0,4}"#,
        ],
        names in prop::collection::vec("[A-Z]{1,5}", 0..6),
    ) {
        if let Ok(file) = text.parse::<MappingFile>() {
            let source = source(SourceGeometry::Mixed, names);
            let named = file.fields.len() + file.ignore.len();
            if let Ok(mapping) = map(&source, &FACILITIES, Some(&file)) {
                prop_assert!(named <= mapping.matched.len() + mapping.ignored.len() + 2);
            }
        }
    }

    #[test]
    fn any_reference_system_is_known_or_refused(
        text in prop_oneof![
            any::<String>(),
            "(EPSG|epsg|urn:ogc:def:crs:EPSG:)[: ]{0,2}[0-9]{0,7}",
            "(PROJCS|GEOGCS|COMPD_CS|PROJCRS|GEOGCRS|LOCAL_CS)(\\[\"[A-Za-z0-9_ ]{0,12}\",?){0,20}[\\]\", A-Z0-9.]{0,30}",
            "\\+proj=[a-z]{2,6}( \\+[a-z_0-9]{1,6}=[0-9.a-z-]{0,6}){0,5}",
        ],
    ) {
        let known = [Crs::parse(&text), Crs::from_wkt(&text)];
        for crs in known.into_iter().flatten() {
            prop_assert!(!crs.name().is_empty());
        }
    }
}

#[test]
fn a_geometry_in_a_hundred_thousand_geometries_is_refused() {
    let deep = format!(
        "{}POINT (1 2){}",
        "GEOMETRYCOLLECTION (".repeat(100_000),
        ")".repeat(100_000)
    );
    let (mut converter, width) = converter(&FACILITIES, &["wkt"]);
    let mut values = vec![SourceValue::Null; width];
    values[width - 1] = SourceValue::Text(deep);
    let converted = converter.convert(&SourceRecord {
        fid: None,
        row: 1,
        values,
        wkb: None,
    });
    let said: Vec<&str> = converted
        .findings
        .iter()
        .map(|finding| finding.message.en.as_str())
        .collect();
    assert!(
        said.iter()
            .any(|words| words.contains("too deep") && words.len() < 500),
        "{} findings",
        said.len()
    );
}
