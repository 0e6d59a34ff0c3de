mod drafts;
mod files;
mod units;

use domain::layers::{DAMS, FACILITIES, MUNICIPALITIES};

use super::*;
use crate::protocol::{EncodingDecision, SourceField, SourceGeometry};

fn layer(geometry: SourceGeometry, fields: &[&str]) -> SourceLayer {
    let field = |name: &&str| SourceField {
        name: (*name).to_owned(),
        kind: "text".to_owned(),
    };
    SourceLayer {
        holes_by_direction: false,
        name: "sloj".to_owned(),
        geometry,
        record_count: 1,
        fields: fields.iter().map(field).collect(),
        crs: None,
        extent: None,
        encoding: EncodingDecision {
            name: "UTF-8".to_owned(),
            evidence: Message::default(),
            samples: Vec::new(),
        },
    }
}

/// A matched field as the report tells it.
fn told(matched: &Matched) -> String {
    let how = matched.how_in_words();
    format!("{} -> {} ({how})", matched.source, matched.target.name)
}

fn matched(mapping: &Mapping) -> Vec<(&str, &str, How)> {
    mapping
        .matched
        .iter()
        .map(|one| (one.source.as_str(), one.target.name, one.how))
        .collect()
}

#[test]
fn names_are_matched_as_files_write_them() {
    for (name, target, how) in [
        ("facility_type", "facility_type", How::Name),
        ("Facility Type", "facility_type", How::Name),
        ("NAZIV", "name", How::Synonym),
        ("Назив", "name", How::Synonym),
        ("OPŠTINA", "municipality", How::Synonym),
        ("POVRSINA_M", "area_m2", How::Synonym),
        ("Površina (m²)", "area_m2", How::Synonym),
        ("Догађаји", "event_note", How::Title),
        ("Year deposition began", "start_year", How::Title),
        ("MB_OPSTINE", "municipality", How::Synonym),
        ("MAT_BR_OPS", "municipality", How::Synonym),
        ("Šifra opštine", "municipality", How::Synonym),
        ("POV_HA", "area_m2", How::Synonym),
        ("V_m3", "volume_m3", How::Synonym),
        ("Zapremina u milionima m3", "volume_m3", How::Synonym),
        ("NAPOMENE", "remarks", How::Synonym),
        // Cut within a word of a name that is not the field's own.
        ("KATALOG_OT", "waste_code", How::Cut),
        // Cut after the sign between two words.
        ("ODGOVORNO_", "contact", How::Cut),
        // What ogr2ogr makes of the register's own names in a shapefile.
        ("location_a", "location_accuracy_m", How::Cut),
        ("surveyed_o", "surveyed_on", How::Cut),
        ("commoditie", "commodities", How::Cut),
        ("UPRAVNI_OK", "district", How::Cut),
        // Ten bytes of UTF-8 are five Cyrillic letters.
        ("ЗАПРЕ", "volume_m3", How::Cut),
    ] {
        let source = layer(SourceGeometry::Point, &["sifra", name]);
        let mapping = map(&source, &FACILITIES, None).unwrap();
        assert_eq!(matched(&mapping)[1..], [(name, target, how)], "{name}");
    }
}

#[test]
fn what_is_not_imported_says_why() {
    for (name, reason) in [
        ("SHAPE_LEN", "no field of the layer has this name"),
        // A word of its own, not `kategorija otpada` cut to ten.
        (
            "KATEGORIJA",
            "no field of the layer has this name; perhaps waste_code",
        ),
        // Not ten characters: nothing cut it.
        (
            "zapre",
            "no field of the layer has this name; perhaps volume_m3",
        ),
        (
            "name_latin",
            "name_latin, which follows from other fields and is not imported",
        ),
        (
            "revision",
            "the revision from which the record was made: what others changed since then stays",
        ),
        (
            "kod",
            "`SIFRA` gives code; a mapping file can say otherwise",
        ),
    ] {
        let source = layer(SourceGeometry::Point, &["SIFRA", name]);
        let mapping = map(&source, &FACILITIES, None).unwrap();
        let ignored: Vec<_> = mapping
            .ignored
            .iter()
            .map(|one| (one.source.as_str(), one.reason.en.as_str()))
            .collect();
        assert_eq!(ignored, [(name, reason)]);
    }
}

/// The register's own shapefile, whose names are cut, has the feature's number as `id`.
#[test]
fn the_own_name_cut_says_it_better_than_another_word() {
    let source = layer(SourceGeometry::Point, &["code", "id", "external_i"]);
    let mapping = map(&source, &FACILITIES, None).unwrap();
    assert_eq!(
        matched(&mapping),
        [
            ("code", "code", How::Name),
            ("external_i", "external_id", How::Cut)
        ]
    );
}

#[test]
fn a_cut_name_that_may_mean_two_fields_is_left_to_the_user() {
    // `sifra objekta` is the facility of a dam, `sifra brane` its own code.
    let source = layer(SourceGeometry::Line, &["code", "crest_l_xx", "crest_leng"]);
    let mapping = map(&source, &DAMS, None).unwrap();
    assert_eq!(
        matched(&mapping)[1..],
        [("crest_leng", "crest_length_m", How::Cut)]
    );
    let source = layer(SourceGeometry::Line, &["code", "_CREST_LE_"]);
    let mapping = map(&source, &DAMS, None).unwrap();
    let reason = "it may mean crest_level_m or crest_length_m; say which in a mapping file";
    assert_eq!(mapping.ignored[0].reason.en, reason);
}

#[test]
fn a_mapping_file_decides() {
    let file: MappingFile = "ignore = [\"NAZIV\"]\n[fields]\nOZN = \"code\"\nGRAD = \"name\""
        .parse()
        .unwrap();
    let source = layer(SourceGeometry::Point, &["OZN", "NAZIV", "GRAD", "SIFRA"]);
    let mapping = map(&source, &FACILITIES, Some(&file)).unwrap();
    assert_eq!(
        matched(&mapping),
        [
            ("OZN", "code", How::MappingFile),
            ("GRAD", "name", How::MappingFile)
        ]
    );
    let reasons: Vec<_> = mapping
        .ignored
        .iter()
        .map(|one| one.reason.en.as_str())
        .collect();
    assert_eq!(
        reasons,
        [
            "the mapping file says so",
            "`OZN` gives code; a mapping file can say otherwise"
        ]
    );
}

#[test]
fn a_mapping_file_that_does_not_fit_is_refused() {
    let source = layer(SourceGeometry::Point, &["SIFRA", "A", "B"]);
    for (text, start) in [
        (
            "[fields]\nC = \"name\"",
            "line 2 of the mapping file names the field `C`, which the file does not have; it has `SIFRA`, `A`, `B`",
        ),
        (
            "ignore = [\"C\"]",
            "line 1 of the mapping file names the field `C`",
        ),
        (
            "[fields]\nA = \"height\"",
            "line 2 of the mapping file gives `A` to `height`, which the layer does not have; use one of `code`, `name`, ",
        ),
        (
            "[fields]\nA = \"name_latin\"",
            "line 2 of the mapping file gives `A` to `name_latin`, which follows from other fields and is not imported",
        ),
        (
            "[fields]\nA = \"name\"\nB = \"name\"",
            "the fields `A` and `B` both mean `name`",
        ),
    ] {
        let file: MappingFile = text.parse().unwrap();
        let error = map(&source, &FACILITIES, Some(&file))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(start), "{text}: {error}");
    }
    for malformed in ["fields = 3", "[felder]\nA = \"name\"", "A -> name"] {
        assert!(malformed.parse::<MappingFile>().is_err(), "{malformed}");
    }
}

#[test]
fn fields_with_equal_right_and_a_missing_key_are_refused() {
    let source = layer(SourceGeometry::Point, &["sifra", "NAZIV", "Назив"]);
    assert_eq!(
        map(&source, &FACILITIES, None).unwrap_err().to_string(),
        "the fields `NAZIV` and `Назив` both mean `name`; say in a mapping file (--mapping) which \
         one is meant: [fields] \"NAZIV\" = \"name\""
    );
    // Facilities are also found without it.
    let source = layer(SourceGeometry::Line, &["NAZIV"]);
    assert!(map(&source, &FACILITIES, None).is_ok());
    assert_eq!(
        map(&source, &DAMS, None).unwrap_err().to_string(),
        "no field of `sloj` means `code`, by which records are known: it has `NAZIV`; name the \
         field in a mapping file (--mapping): [fields] NAME_IN_FILE = \"code\""
    );
}

#[test]
fn tables_give_the_place_in_columns() {
    use Meaning::{EastNorth, LongitudeLatitude, XY};
    let pair = |x, y, meaning| Some(CoordinateColumns::Pair { x, y, meaning });
    let wkt = |at, in_spatial_units| {
        Some(CoordinateColumns::Wkt {
            at,
            in_spatial_units,
        })
    };
    for (names, columns) in [
        (
            &["Longitude", "Latitude"][..],
            pair(1, 2, LongitudeLatitude),
        ),
        (&["lat", "lon"], pair(2, 1, LongitudeLatitude)),
        (
            &["Геогр. ширина", "Геогр. дужина"],
            pair(2, 1, LongitudeLatitude),
        ),
        (&["E", "N"], pair(1, 2, EastNorth)),
        (&["sever", "istok"], pair(2, 1, EastNorth)),
        (&["X", "Y"], pair(1, 2, XY)),
        (&["Y", "X", "lon", "lat"], pair(3, 4, LongitudeLatitude)),
        (&["geometrija"], wkt(1, false)),
        (&["wkt", "naselje_imel"], wkt(1, false)),
        (&["wkt", "okrug_sifra", "okrug_imel"], wkt(1, true)),
    ] {
        let fields: Vec<_> = std::iter::once("sifra")
            .chain(names.iter().copied())
            .collect();
        let mapping = map(&layer(SourceGeometry::None, &fields), &FACILITIES, None).unwrap();
        assert_eq!(mapping.coordinates, columns, "{names:?}");
    }
}

#[test]
fn a_mapping_file_names_the_coordinate_columns() {
    let file: MappingFile = "[fields]\nX = \"northing\"\nY = \"easting\""
        .parse()
        .unwrap();
    let source = layer(SourceGeometry::None, &["sifra", "X", "Y"]);
    let mapping = map(&source, &FACILITIES, Some(&file)).unwrap();
    let expected = CoordinateColumns::Pair {
        x: 2,
        y: 1,
        meaning: Meaning::EastNorth,
    };
    assert_eq!(mapping.coordinates, Some(expected));
}

#[test]
fn a_table_without_a_place_is_refused_except_for_regions() {
    let source = layer(SourceGeometry::None, &["sifra", "naziv", "X"]);
    let error = map(&source, &FACILITIES, None).unwrap_err().to_string();
    assert!(
        error.starts_with("`sloj` is a table without a place: it has `sifra`"),
        "{error}"
    );
    assert_eq!(
        map(&source, &MUNICIPALITIES, None).unwrap().coordinates,
        None
    );
}
