//! Drafts of mapping files.

use super::*;

fn drafted(source: &SourceLayer, given: Option<&MappingFile>) -> String {
    draft_of("jalovista.csv", source, &FACILITIES, given).unwrap()
}

/// What a mapping does, without how it was found.
fn done(mapping: &Mapping) -> (Vec<String>, Vec<String>, Option<CoordinateColumns>) {
    let matched = mapping.matched.iter().map(|one| {
        let reading = &one.reading;
        format!("{} {} {reading:?}", one.source, one.target.name)
    });
    let ignored = mapping.ignored.iter().map(|one| one.source.clone());
    (matched.collect(), ignored.collect(), mapping.coordinates)
}

#[test]
fn an_unchanged_draft_changes_nothing() {
    let given: MappingFile = "ignore = [\"Naziv \\\"stari\\\"\"]\n[fields]\nTEKST = \"remarks\"\n\
                              E1 = \"easting\"\nN1 = \"northing\"\n[units]\nVISINA = \"cm\"\n\
                              [constants]\nsource = \"Elaborat \\\\ 2023\"\n\
                              [values.status]\nA = \"aktivno\"\n\"-\" = \"\""
        .parse()
        .unwrap();
    let names = [
        "SIFRA",
        "Назив",
        "POVR_HA",
        "STATUS",
        "OPIS",
        "revision",
        "Naziv \"stari\"",
        "TEKST",
        "VISINA",
    ];
    let table = |places: [&str; 2]| {
        let names: Vec<_> = names.iter().copied().chain(places).collect();
        layer(SourceGeometry::None, &names)
    };
    for (source, given) in [
        (layer(SourceGeometry::Point, &names), None),
        (table(["X", "Y"]), None),
        (table(["lat", "lon"]), None),
        (table(["E1", "N1"]), Some(&given)),
    ] {
        let without = map(&source, &FACILITIES, given).unwrap();
        let text = drafted(&source, given);
        let file: MappingFile = text.parse().unwrap();
        let with = map(&source, &FACILITIES, Some(&file)).unwrap();
        assert_eq!(done(&with), done(&without), "{text}");
        assert_eq!(
            drafted(&source, Some(&file)).lines().count(),
            text.lines().count()
        );
    }
}

#[test]
fn a_draft_names_every_field_and_what_it_may_mean() {
    let source = layer(
        SourceGeometry::Point,
        &["SIFRA", "Visina nasipa", "POVR_HA", "ŠTA"],
    );
    let text = drafted(&source, None);
    for line in [
        "# jalovista.csv, layer sloj, into the layer facilities (Mining waste facilities).",
        "ignore = []",
        "\"SIFRA\" = \"code\"  # Katastarska šifra / Cadastral code; synonym",
        "# \"ŠTA\" = \"\"  # text: no field of the layer has this name",
        "\"POVR_HA\" = \"ha\"  # one of m², a, ha, km²",
        "# start_year = \"\"  # Početak odlaganja (godina) / Year deposition began",
    ] {
        assert!(
            text.lines().any(|one| one == line),
            "{line} is not in\n{text}"
        );
    }
    let table = layer(SourceGeometry::None, &["Naziv", "lat", "lon"]);
    let places = drafted(&table, None);
    for (name, part) in [("lat", "latitude"), ("lon", "longitude")] {
        let line = format!("# \"{name}\" = \"{part}\"  # gives the place as it is; ");
        assert!(places.contains(&line), "{line} is not in\n{places}");
    }
    let open = "# \"Visina nasipa\" = \"height_m\"  # text: no field of the layer has this name; perhaps height_m";
    assert!(text.contains(open), "{text}");
}

#[test]
fn a_draft_says_what_is_still_to_do() {
    let source = layer(SourceGeometry::None, &["NAZIV", "Назив", "A\nB"]);
    let text = drafted(&source, None);
    assert!(text.contains("# Still to do: the fields `NAZIV` and `Назив` both mean `name`"));
    assert!(
        text.contains("# \"NAZIV\" = \"name\"  # text: the fields `NAZIV` and `Назив`"),
        "{text}"
    );
    assert!(text.contains("# \"A\\u000AB\" = \"\""), "{text}");
    // Facilities are found without a code, dams are not.
    let source = layer(SourceGeometry::Line, &["NAZIV"]);
    let text = draft_of("brane.csv", &source, &DAMS, None).unwrap();
    assert!(
        text.contains("# Still to do: no field of `sloj` means `code`"),
        "{text}"
    );
    assert!(text.parse::<MappingFile>().is_ok(), "{text}");
}
