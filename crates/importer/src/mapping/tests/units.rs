//! Units in the names of fields, and shortened names.

use super::*;

fn recognised(name: &str) -> Option<(&'static str, Option<&'static str>)> {
    let source = layer(SourceGeometry::Point, &["sifra", name]);
    let mapping = map(&source, &FACILITIES, None).unwrap();
    let matched = mapping.matched.get(1)?;
    Some((
        matched.target.name,
        matched.reading.unit.map(|unit| unit.symbol),
    ))
}

#[test]
fn units_in_names_are_recognised() {
    for (name, target, unit) in [
        ("POVRSINA", "area_m2", None),
        ("Povrsina_m", "area_m2", None),
        ("POVRSINA_M2", "area_m2", None),
        ("POVR_HA", "area_m2", Some("ha")),
        ("povrsinaHa", "area_m2", Some("ha")),
        ("Површина у ха", "area_m2", Some("ha")),
        ("Površina [ari]", "area_m2", Some("a")),
        ("Area (km²)", "area_m2", Some("km²")),
        ("POVRSINA_H", "area_m2", Some("ha")),
        ("ZAPREM_m3", "volume_m3", None),
        ("ZAPREM_Mm3", "volume_m3", Some("Mm³")),
        ("Запремина (10³ m³)", "volume_m3", Some("10³ m³")),
        ("zapremina hilj m3", "volume_m3", Some("10³ m³")),
        ("Zapremina, 10^3 m3", "volume_m3", Some("10³ m³")),
        ("Zapremina (Mm3)", "volume_m3", Some("Mm³")),
        ("ZAPREMINA_MM3", "volume_m3", Some("Mm³")),
        ("Zapremina (m3)", "volume_m3", None),
        ("MASA_KT", "mass_t", Some("kt")),
        ("Masa (Mt)", "mass_t", Some("Mt")),
        ("masaMt", "mass_t", Some("Mt")),
        ("VISINA_CM", "height_m", Some("cm")),
        ("VISINA_BR", "height_m", None),
        ("Kota krune (m n.v.)", "crest_level_m", None),
    ] {
        assert_eq!(recognised(name), Some((target, unit)), "{name}");
    }
}

#[test]
fn a_unit_of_another_quantity_is_no_unit() {
    // A height above sea level is not the height of a dam.
    for name in ["VISINA_HA", "MASA_M3", "VISINA_MNV", "POVRSINA_KT"] {
        assert_eq!(recognised(name), None, "{name}");
    }
}

#[test]
fn million_tonnes_are_not_guessed() {
    let source = layer(SourceGeometry::Point, &["sifra", "MASA_MT"]);
    let mapping = map(&source, &FACILITIES, None).unwrap();
    assert_eq!(
        mapping.ignored[0].reason.en,
        "mass_t in tonnes or in million tonnes; say the unit in a mapping file: [fields] \
         \"MASA_MT\" = \"mass_t\", [units] \"MASA_MT\" = \"t\" or \"Mt\""
    );
}

#[test]
fn the_register_s_own_unit_has_the_better_right() {
    let source = layer(
        SourceGeometry::Point,
        &["sifra", "POVRSINA_HA", "POVRSINA_M2"],
    );
    let mapping = map(&source, &FACILITIES, None).unwrap();
    assert_eq!(mapping.matched[1].source, "POVRSINA_M2");
    assert_eq!(mapping.ignored[0].source, "POVRSINA_HA");
}

#[test]
fn shortened_names_are_recognised() {
    for (name, target) in [
        ("FAC_TYPE", "facility_type"),
        ("MUNICIP", "municipality"),
        ("Opština", "municipality"),
        ("Назив објекта", "name"),
        ("NAZ_OBJ", "name"),
        ("GOD_POC", "start_year"),
        ("DAT_SNIM", "surveyed_on"),
        ("VRS_OBJ", "facility_type"),
        ("KOTA_KRU", "crest_level_m"),
    ] {
        assert_eq!(
            recognised(name).map(|found| found.0),
            Some(target),
            "{name}"
        );
    }
    for name in ["NA_OB", "KOTA", "OPIS", "NAZ"] {
        assert_eq!(recognised(name), None, "{name}");
    }
}

#[test]
fn the_report_says_the_conversion() {
    let source = layer(SourceGeometry::Point, &["sifra", "POVR_HA"]);
    let mapping = map(&source, &FACILITIES, None).unwrap();
    assert_eq!(
        told(&mapping.matched[1]),
        "POVR_HA -> area_m2 (synonym; from ha to m²)"
    );
    let json = serde_json::to_value(&mapping.matched[1]).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"source": "POVR_HA", "field": "area_m2", "how": "synonym",
            "unit": {"symbol": "ha", "register_unit": "m2", "exponent": 4}})
    );
}
