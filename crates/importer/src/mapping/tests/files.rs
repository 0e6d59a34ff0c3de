//! What mapping files say beyond names.

use domain::Value;

use super::*;

fn with(text: &str) -> Result<Mapping, MappingError> {
    let file: MappingFile = text.parse().unwrap();
    let source = layer(SourceGeometry::Point, &["SIFRA", "POVR", "ST", "MASA_MT"]);
    map(&source, &FACILITIES, Some(&file))
}

#[test]
fn units_and_fixed_values_are_obeyed() {
    let mapping = with(
        "[fields]\nMASA_MT = \"mass_t\"\n[units]\nPOVR = \"ha\"\nMASA_MT = \"Mt\"\n\
         [constants]\nstatus = \"aktivno\"",
    )
    .unwrap();
    let told: Vec<_> = mapping.matched.iter().map(told).collect();
    assert_eq!(
        told,
        [
            "SIFRA -> code (synonym)",
            "POVR -> area_m2 (synonym; from ha to m²)",
            "MASA_MT -> mass_t (mapping file; from Mt to t)",
            "\"aktivno\" -> status (fixed value of the mapping file)",
        ]
    );
    let fixed = mapping.matched[3].reading.constant.as_ref();
    assert_eq!(
        fixed,
        Some(&Fixed::Value(Value::Text("operating".to_owned())))
    );
    assert!(
        mapping
            .supplied()
            .iter()
            .any(|field| field.name == "status")
    );
}

#[test]
fn a_fixed_value_wins_over_a_column() {
    let mapping = with("[constants]\narea_m2 = \"12,5 ha\"").unwrap();
    let reason = mapping.ignored[0].reason.en.as_str();
    assert_eq!(reason, "the mapping file gives area_m2 a fixed value");
    let fixed = mapping.matched[1].reading.constant.as_ref();
    assert_eq!(fixed, Some(&Fixed::Value(Value::Number(125_000.0))));
}

#[test]
fn what_does_not_fit_is_refused_with_line_and_key() {
    for (text, message) in [
        (
            "[units]\n\nPOVR = \"t\"",
            "line 3 of the mapping file, `POVR`: `t` is no unit of area_m2; use one of m², a, ha, km²",
        ),
        (
            "[units]\nMASA_MT = \"Mt\"",
            "line 2 of the mapping file, `MASA_MT`: it has a unit but is not imported; say under \
             [fields] what it means",
        ),
        (
            "[units]\nSIFRA = \"m\"",
            "line 2 of the mapping file, `SIFRA`: code has no unit; leave the line out",
        ),
        (
            "[constants]\nheight_m = \"10-12\"",
            "line 2 of the mapping file, `height_m`: `10-12` is a range; write one number, and the \
             range in the remarks",
        ),
        (
            "[constants]\nheight_m = \"-5\"",
            "line 2 of the mapping file, `height_m`: -5 is outside the range 0 to 1000000",
        ),
        (
            "[constants]\ncode = \"RS-70327-001\"",
            "line 2 of the mapping file, `code`: every record has a key of its own, so it cannot \
             be fixed",
        ),
        (
            "[fields]\nST = \"status\"\n[constants]\nstatus = \"aktivno\"",
            "line 4 of the mapping file, `status`: `ST` means it too, by [fields]; leave one of \
             the two out",
        ),
        (
            "[values.status]\nA = \"aktivnoo\"",
            "line 2 of the mapping file, `A`: `aktivnoo` is neither a code nor a label of the list \
             facility_status; the nearest are: operating (Operating)",
        ),
        (
            "[values.stanje]\nA = \"closed\"",
            "line 2 of the mapping file gives `A` to `stanje`, which the layer does not have",
        ),
        (
            "[units]\nX = \"m\"",
            "line 2 of the mapping file names the field `X`, which the file does not have",
        ),
    ] {
        let error = with(text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{text}: {error}");
    }
}

#[test]
fn what_is_not_of_the_form_is_named_with_its_line() {
    for (text, words) in [
        ("[fields]\nA = 3", ["line 2", "A = 3"]),
        ("[felder]\nA = \"name\"", ["line 1", "felder"]),
        (
            "[fields]\nA = \"name\"\nA = \"code\"",
            ["line 3", "duplicate key"],
        ),
    ] {
        let error = text.parse::<MappingFile>().unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        for word in words {
            assert!(source.contains(word), "{text}: {source}");
        }
    }
}
