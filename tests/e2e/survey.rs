//! Survey files of users: importing them, and looking at what the register says afterwards.

use std::path::{Path, PathBuf};

use crate::database::Database;
use crate::process::{Finished, project, run};

/// A file of tests/fixtures.
pub fn fixture(name: &str) -> PathBuf {
    project().join("tests/fixtures").join(name)
}

/// A file of data/example-survey.
pub fn example(name: &str) -> PathBuf {
    project().join("data/example-survey").join(name)
}

/// Runs `cadastre import`, and sees that no process of it is left.
pub fn import(database: &Database, file: &Path, arguments: &[&str]) -> Finished {
    run(database.cadastre().arg("import").arg(file).args(arguments))
}

/// The same, of a file that has to be accepted.
pub fn accept(database: &Database, file: &Path, arguments: &[&str]) -> String {
    let finished = import(database, file, arguments);
    assert!(
        finished.status.success(),
        "{}: {}\n{}",
        file.display(),
        finished.status,
        finished.output
    );
    finished.output
}

/// Every row of the register, its revisions and its history, as one text.
pub fn everything(database: &Database) -> String {
    let tables = database.query(
        "select tablename from pg_tables where schemaname = 'public' \
         and tablename not in ('spatial_ref_sys', '_sqlx_migrations') order by 1",
    );
    let digests = tables.lines().map(|table| {
        format!(
            "select '{table}', count(*), md5(string_agg(t::text, '|' order by t::text)) \
             from {table} t"
        )
    });
    let digests: Vec<_> = digests.collect();
    database.query(&digests.join(" union all "))
}

/// Longitude, latitude and name of a facility: the place of its outline where it has one.
pub fn facility(database: &Database, code: &str) -> Option<(f64, f64, String)> {
    let row = database.query(&format!(
        "select st_x(location), st_y(location), name from facility where code = '{code}'"
    ));
    let mut columns = row.split('|');
    let mut number = || columns.next()?.parse().ok();
    Some((number()?, number()?, columns.next()?.to_owned()))
}

/// Compares longitude and latitude to a centimetre.
pub fn assert_place(seen: (f64, f64), wanted: (f64, f64), what: &str) {
    let off = (seen.0 - wanted.0).abs().max((seen.1 - wanted.1).abs());
    assert!(off < 1e-7, "{what}: {seen:?} is not {wanted:?}");
}

/// How many revisions there are.
pub fn revisions(database: &Database) -> String {
    database.query("select count(*) from revision")
}
