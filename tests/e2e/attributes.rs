//! Attributes as surveyors write them: names, units, numbers, dates, codes, places.

use crate::database::Database;
use crate::survey::{accept, everything, fixture, import};

#[test]
fn serbian_attributes_arrive_in_the_register_s_units_and_codes() {
    let database = Database::loaded();
    let report = accept(&database, &fixture("serbian-attributes.csv"), &[]);
    for words in [
        "POVR_HA -> area_m2 (synonym; from ha to m²)",
        "Masa (kt) -> mass_t (synonym; from kt to t)",
        "FAC_TYPE -> facility_type",
        "note, mass_t: `8,7 Mt` is 8700000 t",
        "warning, height_m: `oko 40 m` is read as 40 m; `oko` is dropped",
        "note, start_year: of `maj 1991` only the year is entered, 1991",
        "note, start_year: `0` cannot be a value here and is read as unknown",
    ] {
        assert!(report.contains(words), "{words} is not in\n{report}");
    }
    let rows = database.query(
        "select facility_type, status, municipality, district, area_m2, volume_m3, mass_t, height_m, \
         start_year, surveyed_on, waste_code, array_to_string(commodities, ' ') from facility \
         where code like 'RS-70327-90%' order by code",
    );
    assert_eq!(
        rows.lines().collect::<Vec<_>>(),
        [
            "tailings_pond|operating|70327|RS-14|125000|1200000|3400000|12.5|1985|2014-05-15|010304|copper gold",
            "tailings_pond|abandoned|70327|RS-14|12505000|3400000|8700000|40|1970|2014-05-15|010306|copper gold silver",
            "overburden_dump|reclaimed|70327|RS-14||250000||12.5|1991|2014-05-15|010306|coal",
            "waste_rock_dump|unknown|70327|RS-14|3000000|1250000|1234000|||2014-05-15|010305|",
        ]
    );
}

#[test]
fn doubtful_attributes_are_refused_each_with_its_reason() {
    let database = Database::loaded();
    let before = everything(&database);
    let refused = import(&database, &fixture("refused-attributes.csv"), &[]);
    assert!(!refused.status.success(), "{}", refused.output);
    for words in [
        "the nearest are: tailings_pond (Tailings pond)",
        "`10-12` is a range",
        "`>20` is a bound, not a value",
        "`3 mt` may be in tonnes or in million tonnes",
        "`12 ha`: `ha` is not a unit expected here",
        "`15-05-14` has a year of two digits",
        "`maj 2014` has no day",
        "its hazardous twins: 01 03 04*, 01 03 05*",
        "8 of 9 records are refused",
    ] {
        assert!(
            refused.output.contains(words),
            "{words} is not in\n{}",
            refused.output
        );
    }
    assert_eq!(everything(&database), before);
}

#[test]
fn points_are_read_as_the_column_means_them() {
    let loaded = Database::loaded();
    let heights = "select height_m from facility where code like 'RS-70327-90%' order by code";

    let database = loaded.copy();
    let report = accept(
        &database,
        &fixture("points-of-thousands-or-decimals.csv"),
        &[],
    );
    let doubt = "warning, height_m: `1.234` may be 1.234 or 1234; it is read as 1.234";
    assert!(report.contains(doubt), "{report}");
    assert_eq!(database.query(heights), "1.234\n120\n0");

    let database = loaded.copy();
    let report = accept(
        &database,
        &fixture("points-of-thousands-after-a-comma.csv"),
        &[],
    );
    assert!(!report.contains("may be"), "{report}");
    assert_eq!(database.query(heights), "12.5\n1234");
}

/// Whether or not the column is known before it is read, a thousand is not entered as one.
#[test]
fn a_thousand_is_never_entered_as_one() {
    let database = Database::loaded();
    let finished = import(
        &database,
        &fixture("points-of-thousands-before-a-comma.csv"),
        &[],
    );
    let heights = database.query("select height_m from facility where code = 'RS-70327-901'");
    if finished.status.success() {
        assert_eq!(heights, "1234");
    } else {
        let reason = "`1.234` was read as 1.234, but row 3 of the same column has a decimal comma";
        assert!(finished.output.contains(reason), "{}", finished.output);
        assert_eq!(heights, "");
    }
}

#[test]
fn municipalities_of_one_name_are_told_apart() {
    let database = Database::loaded();
    let report = accept(
        &database,
        &fixture("two-municipalities-of-one-name.csv"),
        &[],
    );
    for words in [
        "70203 is taken, because the record lies in RS-00 Beograd",
        "71323 is taken, because the record lies in RS-20 Nišavski",
        "71323 is taken, because the record says the district RS-20",
    ] {
        assert!(report.contains(words), "{words} is not in\n{report}");
    }
    let rows = database.query(
        "select code, municipality, district from facility where name like 'Deponija%' order by code",
    );
    assert_eq!(
        rows.lines().collect::<Vec<_>>(),
        [
            "RS-70203-901|70203|RS-00",
            "RS-71323-901|71323|RS-20",
            "RS-71323-902|71323|RS-20",
        ]
    );
}

#[test]
fn names_cut_by_a_shapefile_keep_their_units() {
    let database = Database::loaded();
    let report = accept(&database, &fixture("units-in-cut-names.zip"), &[]);
    for words in [
        "POVRSINA_H -> area_m2 (synonym; from ha to m²)",
        "41774 is read as the day number of a spreadsheet (Excel): 2014-05-15",
        "TONAZA_MT: mass_t in tonnes or in million tonnes",
    ] {
        assert!(report.contains(words), "{words} is not in\n{report}");
    }
    let row = database
        .query("select area_m2, mass_t, surveyed_on from facility where code = 'RS-70327-901'");
    assert_eq!(row, "300000|3340000|2014-05-15");
}

#[test]
fn a_drafted_mapping_file_changes_nothing_and_a_corrected_one_decides() {
    let database = Database::loaded();
    let folder = tempfile::tempdir().unwrap();
    let mapping = folder.path().join("mapping.toml");
    let name = mapping.to_str().unwrap();
    let survey = fixture("serbian-attributes.csv");
    accept(&database, &survey, &["--write-mapping", name]);
    let drafted = std::fs::read_to_string(&mapping).unwrap();
    assert!(
        drafted.contains("\"POVR_HA\" = \"ha\"  # one of m², a, ha, km²"),
        "{drafted}"
    );

    let again = import(&database, &survey, &["--write-mapping", name]);
    assert!(
        !again.status.success() && again.output.contains("--force"),
        "{}",
        again.output
    );
    accept(&database, &survey, &["--write-mapping", name, "--force"]);
    assert_eq!(std::fs::read_to_string(&mapping).unwrap(), drafted);

    accept(&database, &survey, &[]);
    let unchanged = accept(&database, &survey, &["--mapping", name]);
    assert!(
        unchanged.contains("the register says the same (4 unchanged)"),
        "{unchanged}"
    );

    std::fs::write(&mapping, DECIDED).unwrap();
    let report = accept(
        &database,
        &fixture("unnamed-columns.csv"),
        &["--mapping", name],
    );
    assert!(
        report.contains("P -> area_m2 (mapping file; from ha to m²)"),
        "{report}"
    );
    let rows = database.query(
        "select name, status, area_m2, source from facility where code <= 'RS-70327-902' and code > 'RS-70327-9' \
         order by code",
    );
    assert_eq!(
        rows, "Поље 1|operating|120000|Elaborat 2023\nПоље 2|abandoned|30000|Elaborat 2023",
        "the names stay as registered: the file says the same in the other script"
    );
}

const DECIDED: &str = r#"[fields]
OZNAKA_A = "code"
TEKST = "name"
ST = "status"
P = "area_m2"
K1 = "easting"
K2 = "northing"
[units]
P = "ha"
[constants]
source = "Elaborat 2023"
[values.status]
A = "operating"
N = "napušteno"
"#;
