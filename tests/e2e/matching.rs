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
