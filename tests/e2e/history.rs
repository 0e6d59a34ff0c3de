//! `cadastre revision` and `cadastre audit`, as an operator uses them.

use crate::database::Database;
use crate::process::{run, succeed};
use crate::survey::{accept, example};

fn verify(database: &Database, arguments: &[&str]) -> (Option<i32>, String) {
    let finished = run(database
        .cadastre()
        .args(["audit", "verify"])
        .args(arguments));
    (finished.status.code(), finished.output)
}

fn codes(database: &Database) -> String {
    database.query("select code, name, status, location::text from facility order by code")
}

#[test]
fn an_import_is_taken_back_and_the_history_proves_it() {
    let database = Database::loaded();
    let before = codes(&database);
    accept(&database, &example("example-old-coordinates.csv"), &[]);
    assert_ne!(codes(&database), before);
    let listed = succeed(
        database
            .cadastre()
            .args(["revision", "list", "--limit", "1"]),
    );
    assert!(
        listed.contains("\tfacilities\texample-old-coordinates.csv"),
        "{listed}"
    );
    let number = listed.split('\t').next().unwrap();

    let undo = [
        "revision",
        "undo",
        number,
        "--comment",
        "на погрешном месту",
    ];
    let undone = succeed(database.cadastre().args(undo));
    assert!(
        undone.contains("6 removed, 0 changed back, 0 brought back"),
        "{undone}"
    );
    assert_eq!(codes(&database), before);
    let again = run(database.cadastre().args(undo));
    assert_eq!(again.status.code(), Some(1));
    assert!(again.output.contains("nothing to undo"), "{}", again.output);

    let (status, told) = verify(&database, &[]);
    assert!(
        status == Some(0) && told.contains("all is as it was written"),
        "{told}"
    );
    let head = told
        .lines()
        .find_map(|line| line.strip_prefix("head "))
        .unwrap();
    assert_eq!(verify(&database, &["--noted", head]).0, Some(0));
    let forged = format!("{number}:{}", "0".repeat(64));
    assert_eq!(verify(&database, &["--noted", &forged]).0, Some(3));

    database.query(
        "set session_replication_role = replica; \
         update facility_history set name = 'x' where code = 'RS-70327-911'",
    );
    let (status, told) = verify(&database, &[]);
    let named = format!("the version of revision {number} was changed");
    assert!(status == Some(3) && told.contains(&named), "{told}");
}
