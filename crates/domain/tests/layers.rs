//! What every layer description keeps, so that URLs, columns, files and pages can derive from it.

use std::collections::BTreeSet;

use domain::layer::{Access, Origin, Role};
use domain::layers::{self, DAMS, FACILITIES, LAYERS, MUNICIPALITIES};
use domain::text::{fold, is_cyrillic};
use domain::value::FieldType;
use domain::{Field, Lang, Layer, Record, Text};

/// Parameters that the server reads itself: a field of that name could not be asked for.
const SERVER_PARAMETERS: [&str; 20] = [
    "f",
    "lang",
    "limit",
    "offset",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "properties",
    "q",
    "cursor",
    "as-of",
    "resulttype",
    "skipgeometry",
    "region",
    "token",
];

fn fields() -> impl Iterator<Item = (&'static Layer, &'static Field)> {
    LAYERS
        .iter()
        .flat_map(|layer| layer.fields.iter().map(|field| (*layer, field)))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'_')
}

fn assert_in_both_scripts(text: Text, place: &str) {
    assert!(is_cyrillic(text.sr), "{place}: {}", text.sr);
    assert!(
        !is_cyrillic(&text.get(Lang::SrLatn)),
        "{place}: {}",
        text.sr
    );
    assert!(
        !text.en.is_empty() && !is_cyrillic(text.en),
        "{place}: {}",
        text.en
    );
}

#[test]
fn layers_are_found_by_unique_ids() {
    let ids: BTreeSet<_> = LAYERS.iter().map(|layer| layer.id).collect();
    assert_eq!(ids.len(), LAYERS.len());
    for layer in LAYERS {
        assert!(is_name(layer.id), "{}", layer.id);
        assert_eq!(layers::find(layer.id).map(|one| one.id), Some(layer.id));
        assert_in_both_scripts(layer.title, layer.id);
        assert_in_both_scripts(layer.description, layer.id);
    }
    assert!(layers::find("no_such_layer").is_none());
}

#[test]
fn layers_show_different_columns() {
    let columns: BTreeSet<_> = LAYERS
        .iter()
        .map(|layer| (layer.table, layer.geometry_column))
        .collect();
    assert_eq!(columns.len(), LAYERS.len());
    assert!(
        columns
            .iter()
            .all(|(table, column)| is_name(table) && is_name(column))
    );
}

#[test]
fn field_names_are_unique_words_that_no_parameter_hides() {
    for layer in LAYERS {
        let names: BTreeSet<_> = layer.fields.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), layer.fields.len(), "{}", layer.id);
        for name in names {
            assert!(is_name(name), "{}.{name}", layer.id);
            assert!(!SERVER_PARAMETERS.contains(&name), "{}.{name}", layer.id);
            assert_ne!(name, layer.geometry_column, "{}.{name}", layer.id);
        }
    }
}

#[test]
fn titles_stand_in_both_scripts_and_differ_within_a_layer() {
    for (layer, field) in fields() {
        assert_in_both_scripts(field.title, &format!("{}.{}", layer.id, field.name));
    }
    for layer in LAYERS {
        for lang in Lang::ALL {
            let titles: BTreeSet<_> = layer.fields.iter().map(|one| one.title.get(lang)).collect();
            assert_eq!(titles.len(), layer.fields.len(), "{} {lang}", layer.id);
        }
    }
}

#[test]
fn synonyms_are_folded_and_lead_to_one_field() {
    for layer in LAYERS {
        let mut seen: BTreeSet<String> =
            layer.fields.iter().map(|field| fold(field.name)).collect();
        for field in layer.fields {
            for synonym in field.synonyms {
                let place = format!("{}.{}: {synonym}", layer.id, field.name);
                assert_eq!(fold(synonym), *synonym, "{place}");
                assert!(
                    seen.insert((*synonym).to_owned()),
                    "{place} names two fields"
                );
            }
        }
    }
}

#[test]
fn a_layer_has_one_required_public_key_of_text() {
    for layer in LAYERS {
        let keys: Vec<&Field> = layer
            .fields
            .iter()
            .filter(|one| one.role == Role::Key)
            .collect();
        let [key] = keys[..] else {
            panic!("{} has {} keys", layer.id, keys.len())
        };
        assert!(
            key.required && key.is_public() && key.is_recorded(),
            "{}",
            layer.id
        );
        assert!(matches!(key.field_type, FieldType::Text), "{}", layer.id);
        assert_eq!(layer.key().name, key.name);
    }
}

#[test]
fn the_time_of_a_layer_is_a_day_or_moment() {
    for (layer, field) in fields().filter(|(_, field)| field.role == Role::PrimaryInstant) {
        assert!(
            matches!(field.field_type, FieldType::Date | FieldType::DateTime),
            "{}",
            layer.id
        );
        assert_eq!(
            layer.primary_instant().map(|one| one.name),
            Some(field.name)
        );
    }
    assert_eq!(
        FACILITIES.primary_instant().map(|field| field.name),
        Some("surveyed_on")
    );
    assert_eq!(
        layers::DISTRICTS.primary_instant().map(|field| field.name),
        None
    );
}

#[test]
fn units_belong_to_numbers_and_show_in_names() {
    for (layer, field) in fields() {
        let place = format!("{}.{}", layer.id, field.name);
        assert_eq!(
            field.unit.is_some(),
            matches!(field.field_type, FieldType::Number),
            "{place}"
        );
        if let Some(unit) = field.unit.filter(|unit| *unit != "1") {
            assert!(
                field
                    .name
                    .ends_with(&format!("_{}", unit.replace('%', "percent"))),
                "{place} in {unit}"
            );
        }
    }
}

#[test]
fn only_recorded_fields_are_required_and_what_the_register_keeps_has_no_synonyms() {
    for (layer, field) in fields().filter(|(_, field)| field.origin != Origin::Recorded) {
        let may_be_named = field.origin == Origin::Derived || field.synonyms.is_empty();
        assert!(
            may_be_named && !field.required,
            "{}.{}",
            layer.id,
            field.name
        );
    }
}

#[test]
fn a_municipality_stays_in_its_district() {
    for (district, found) in [("14", 0), ("RS-14", 0), ("15", 1)] {
        let mut record = Record::new(&MUNICIPALITIES);
        for (name, text) in [("code", "70327"), ("name", "Бор"), ("district", district)] {
            let field = MUNICIPALITIES.field(name).expect(name);
            record.set(name, field.parse(text).expect(text));
        }
        let findings = record.findings();
        assert_eq!(findings.len(), found, "{district}: {findings:?}");
    }
}

#[test]
fn codes_of_territory_tell_their_pattern() {
    for (name, pattern) in [
        ("code", Some("^RS-([0-9]{5}|KM)-[0-9]{3,7}$")),
        ("municipality", Some("^[0-9]{5}$")),
        ("district", Some("^RS-[0-2][0-9]$")),
        ("statistical_region", Some("^RS(11|12|21|22|23)$")),
        ("name", None),
        ("status", None),
    ] {
        let field = FACILITIES.field(name).expect(name);
        assert_eq!(field.pattern, pattern, "{name}");
    }
}

#[test]
fn restricted_fields_are_not_public() {
    for (layer, name) in [(&FACILITIES, "contact"), (&DAMS, "factor_of_safety")] {
        assert_eq!(
            layer.field(name).map(|field| field.access),
            Some(Access::Restricted)
        );
        assert!(
            layer.public_fields().all(|field| field.name != name),
            "{name}"
        );
        assert_eq!(
            layer.public_fields().count(),
            layer.fields.len() - 1,
            "{}",
            layer.id
        );
    }
}

/// Links between records derive from it: a code that reads as one of another layer's key, or a layer
/// that does not exist, would lead nowhere.
#[test]
fn fields_that_name_records_name_a_layer_whose_key_they_are() {
    let naming: Vec<_> = fields()
        .filter_map(|(layer, field)| Some((layer.id, field.name, field.named_layer()?)))
        .collect();
    for (layer, name, named) in &naming {
        assert!(
            LAYERS.iter().any(|one| one.id == named.id),
            "{layer}.{name}"
        );
        let of_key = named.key().code_of;
        assert!(
            of_key.is_none_or(|of_key| of_key == named.id),
            "{layer}.{name}"
        );
    }
    for (layer, field) in fields().filter(|(_, field)| field.code_of.is_some()) {
        let names_itself = field.role == Role::Key && field.code_of == Some(layer.id);
        let is_twin = field.role == Role::Key && layer.table == FACILITIES.table;
        assert!(
            names_itself || is_twin || field.named_layer().is_some(),
            "{}.{}",
            layer.id,
            field.name
        );
    }
    for expected in [
        ("dams", "facility", "facilities"),
        ("facilities", "district", "districts"),
        ("settlements", "municipality", "municipalities"),
        ("volume_changes", "from_survey", "surveys"),
    ] {
        let found = naming
            .iter()
            .any(|(layer, name, named)| (*layer, *name, named.id) == expected);
        assert!(found, "{expected:?}");
    }
}
