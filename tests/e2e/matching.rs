//! Survey files without codes beside a register that knows some of the facilities.

use crate::database::Database;
use crate::survey::{accept, everything, fixture, import};

/// A register with the facilities of complete.zip.
fn register() -> Database {
    let database = Database::loaded();
    accept(&database, &fixture("complete.zip"), &[]);
    database
}

#[test]
fn facilities_without_codes_are_found_or_named_anew() {
    let database = register();
    let report = accept(&database, &fixture("without-codes.csv"), &[]);
    for words in [
        "it is RS-70327-901: the same name, 56 m away",
        "it is RS-70327-902: the same name",
        "Row 4, RS-70327-904: new",
        "it gets the code RS-70327-904",
        "1 new, 2 changed",
    ] {
        assert!(report.contains(words), "{words}\n{report}");
    }
    let named = database.query("select name from facility where code = 'RS-70327-904'");
    assert_eq!(named, "Nova deponija");
    let again = accept(&database, &fixture("without-codes.csv"), &[]);
    assert!(again.contains("says the same (3 unchanged)"), "{again}");
}

#[test]
fn what_could_be_several_facilities_or_none_is_not_guessed() {
    let database = register();
    let before = everything(&database);
    for (name, words) in [
        (
            "without-codes-ambiguous.csv",
            &[
                "Row 2: ambiguous",
                "could be: RS-70327-901 \"RTH\", 56 m away",
                "Row 3: refused",
                "without a municipality it can get no new one",
                "of 2 records, 1 refused and 1 ambiguous",
            ][..],
        ),
        (
            "without-codes-one-twice.csv",
            &["row 4 is RS-70327-901 too: one facility is one record"],
        ),
    ] {
        let refused = import(&database, &fixture(name), &[]);
        assert!(!refused.status.success(), "{name}");
        for words in words {
            assert!(
                refused.output.contains(words),
                "{words}\n{}",
                refused.output
            );
        }
    }
    assert_eq!(everything(&database), before);
}

/// The file spells names worse, has one place rounded, and an id that is registered elsewhere.
#[test]
fn the_register_keeps_the_better_spelling_and_asks_about_an_id_elsewhere() {
    let database = Database::loaded();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, rows: &str| {
        let path = folder.path().join(name);
        let heading = "kod;naziv;opstina;lon;lat;id";
        std::fs::write(&path, format!("{heading}\n{rows}\n")).unwrap();
        path
    };
    let first = "RS-70327-951;Тест Житковац;70327;22.123456789;44.07;TEST-17";
    accept(&database, &file("first.csv", first), &[]);
    let poorer = file(
        "poorer.csv",
        ";Test Zitkovac;70327;22.1234568;44.07;\n;Test Novo;70327;22.1;44.3;TEST-17",
    );
    let asked = import(&database, &poorer, &["--dry-run"]);
    assert_eq!(asked.status.code(), Some(3));
    for words in [
        "stays \"Тест Житковац\" as registered; the file writes the same as \"Test Zitkovac\"",
        "Row 3, id TEST-17: ambiguous",
        "could be: RS-70327-951 \"Тест Житковац\", the same external id, 25.6 km away",
        "choose with `--choice 3=RS-70327-951` or `--choice 3=leave_out`",
    ] {
        assert!(asked.output.contains(words), "{words}\n{}", asked.output);
    }
    let table = folder.path().join("report.csv");
    let page = folder.path().join("report.html");
    for report in [&table, &page] {
        let to = [
            "--dry-run",
            "--lang",
            "sr-Latn",
            "--report",
            report.to_str().unwrap(),
        ];
        import(&database, &poorer, &to);
    }
    let table = std::fs::read_to_string(table).unwrap();
    assert!(table.contains("dvosmislen,greška"), "{table}");
    assert!(
        table.contains("RS-70327-951 „Тест Житковац“, isti spoljni broj"),
        "{table}"
    );
    let page = std::fs::read_to_string(page).unwrap();
    for words in [
        ">RS-70327-951</text>",
        "<g class=\"candidate\">",
        "upisani objekat koji bi to mogao da bude",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let told = accept(&database, &poorer, &["--choice", "3=leave_out"]);
    assert!(told.contains("says the same (1 unchanged)"), "{told}");
    let name = "select name from facility where code = 'RS-70327-951'";
    assert_eq!(database.query(name), "Тест Житковац");
}
