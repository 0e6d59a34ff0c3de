//! `cadastre import` on the example survey: revisions, history, reports.

use crate::database::Database;
use crate::survey::{
    accept, assert_place, everything, example, facility, fixture, import, revisions,
};

/// Known answers of data/README.md and of the places that `data/scripts/make_example_survey.py`
/// starts from, which are rounded to the centimetre in the file.
const OLD_COORDINATES: [(&str, &str, (f64, f64)); 4] = [
    (
        "RS-70327-911",
        "Odlagalište Žuti breg",
        (22.09591, 44.07488),
    ),
    (
        "RS-70327-912",
        "Flotacijsko jalovište Đurđeva česma",
        (22.1402, 44.0307),
    ),
    (
        "RS-70785-911",
        "Odlagalište Čestobrodica",
        (21.94596, 44.42771),
    ),
    // West of 19.5° E, and still in zone 7.
    ("RS-70661-911", "Jalovište Ćosića potok", (19.362, 44.366)),
];

#[test]
fn the_example_survey_arrives_and_a_second_time_changes_nothing() {
    let database = Database::loaded();
    let (archive, table) = (
        example("example-survey.zip"),
        example("example-old-coordinates.csv"),
    );
    let imports: [(_, &[&str], _); 3] = [
        (&archive, &[], 1),
        (&archive, &["--layer", "dams"], 3),
        (&table, &[], 6),
    ];
    for (file, arguments, count) in imports {
        let before = everything(&database);
        let tried = accept(&database, file, &[arguments, &["--dry-run"]].concat());
        assert!(
            tried.contains(&format!("Dry run, nothing was changed: {count} new")),
            "{tried}"
        );
        assert_eq!(
            everything(&database),
            before,
            "a dry run changed the register"
        );

        accept(&database, file, arguments);
        let after = everything(&database);
        assert_ne!(after, before);
        let again = accept(&database, file, arguments);
        assert!(
            again.contains(&format!("the register says the same ({count} unchanged)")),
            "{again}"
        );
        assert_eq!(everything(&database), after);
    }
    // Five files of the demonstration data, and these three.
    assert_eq!(revisions(&database), "8");
    for (code, name, place) in OLD_COORDINATES {
        let seen = facility(&database, code).unwrap_or_else(|| panic!("no {code}"));
        assert_eq!(seen.2, name);
        assert_place((seen.0, seen.1), place, code);
    }
    outline_and_dams(&database);
}

/// An outline of 30 ha around 22.06 E, 44.04 N, and its three dams.
fn outline_and_dams(database: &Database) {
    let outline = database.query(
        "select round(st_area(outline::geography) / 1000) / 10, st_within(st_setsrid(st_point(22.06, 44.04), 4326), outline), \
         name, height_m, surveyed_on, municipality, district from facility where code = 'RS-70327-901'",
    );
    assert_eq!(
        outline,
        "30|t|Flotacijsko jalovište Žuti potok|42.5|2025-06-12|70327|RS-14"
    );
    let dams = database
        .query("select code, facility, name, raising_method, height_m from dam order by code");
    let wanted = "RS-70327-901-B1|RS-70327-901|Glavna (čelna) brana|upstream|42.5\n\
                  RS-70327-901-B2|RS-70327-901|Bočni nasip kod Đurđeve česme|centreline|18\n\
                  RS-70327-901-B3|RS-70327-901|Uzvodna brana – Žuti potok|single_raise|11.5";
    assert_eq!(dams, wanted);
}

#[test]
fn a_changed_file_is_one_revision_that_keeps_what_was_before() {
    let database = Database::loaded();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("survey.csv");
    std::fs::write(
        &file,
        "code,height_m,longitude,latitude\nRS-70327-001,71.5,22.125,44.115\n",
    )
    .unwrap();
    let report = accept(
        &database,
        &file,
        &[
            "--author",
            "Ана",
            "--source",
            "Снимање 2026",
            "--comment",
            "провера",
        ],
    );
    assert!(report.contains("0 new, 1 changed, 0 unchanged"), "{report}");
    assert!(report.contains("height_m: unknown -> 71.5"), "{report}");
    let revision = "select author, means, source, comment from revision order by id desc limit 1";
    assert_eq!(database.query(revision), "Ана|command|Снимање 2026|провера");
    let history = "select coalesce(height_m::text, 'unknown'), name <> '' from facility_history where code = 'RS-70327-001'";
    assert_eq!(database.query(history), "unknown|t");
    let now = "select height_m, name_en from facility where code = 'RS-70327-001'";
    assert_eq!(
        database.query(now),
        "71.5|Veliki Krivelj flotation tailings, Field 1"
    );
}

#[test]
fn the_report_is_written_in_the_form_of_its_name() {
    let database = Database::loaded();
    let folder = tempfile::tempdir().unwrap();
    let report = |name: &str| {
        let path = folder.path().join(name);
        import(
            &database,
            &fixture("unknown-code.csv"),
            &["--report", path.to_str().unwrap()],
        );
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let json: serde_json::Value = serde_json::from_str(&report("report.json")).unwrap();
    assert_eq!(json["outcome"], "refused");
    assert_eq!(json["counts"]["refused"], 1);
    assert_eq!(json["records"][0]["row"], 2);
    assert_eq!(json["records"][0]["findings"][0]["field"], "facility_type");
    let table = report("report.csv");
    assert!(
        table
            .lines()
            .nth(1)
            .is_some_and(|line| line.contains("fishpond")),
        "{table}"
    );
    assert!(report("report.txt").contains("Row 2, RS-70327-901: refused"));
    let unknown = folder.path().join("report.pdf");
    let refused = import(
        &database,
        &fixture("complete.zip"),
        &["--report", unknown.to_str().unwrap()],
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        refused.output.contains("a report is not written as .pdf"),
        "{}",
        refused.output
    );
    assert!(!unknown.exists());
    assert_eq!(database.query("select count(*) from facility"), "85");
}

#[test]
fn a_report_replaces_no_survey_and_no_report_before_there_is_one() {
    let database = Database::loaded();
    let folder = tempfile::tempdir().unwrap();
    let survey = folder.path().join("survey.csv");
    std::fs::copy(fixture("unknown-code.csv"), &survey).unwrap();
    let before = std::fs::read(&survey).unwrap();
    let told = import(&database, &survey, &["--report", survey.to_str().unwrap()]);
    assert_eq!(told.status.code(), Some(1));
    let words = told.output;
    assert!(
        words.contains("which is the survey or a part of it"),
        "{words}"
    );
    assert_eq!(std::fs::read(&survey).unwrap(), before);

    let [kept, new] = ["kept.json", "new.json"].map(|name| folder.path().join(name));
    std::fs::write(&kept, "precious").unwrap();
    for report in [&kept, &new] {
        let told = import(
            &database,
            &folder.path().join("missing.csv"),
            &["--report", report.to_str().unwrap()],
        );
        assert_eq!(told.status.code(), Some(1));
    }
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "precious");
    assert!(!new.exists());
}
