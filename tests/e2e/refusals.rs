//! The service when its database is not there, or goes away.

use std::io::Read;

use crate::database::Database;
use crate::http;
use crate::process::{cadastre, run};
use crate::service::Service;

#[test]
fn a_database_that_does_not_answer_is_named_without_its_password() {
    let mut command = cadastre();
    command.env(
        "DATABASE_URL",
        "postgres://somebody:geheim@127.0.0.1:1/nowhere",
    );
    let refused = run(command.args(["serve", "--listen", "127.0.0.1:0"]));
    assert_eq!(refused.status.code(), Some(1), "{}", refused.output);
    assert!(refused.output.contains("127.0.0.1"), "{}", refused.output);
    assert!(
        refused.output.contains("DATABASE_URL"),
        "{}",
        refused.output
    );
    assert!(!refused.output.contains("geheim"), "{}", refused.output);
}

/// Ten thousand facilities of 3 kB: more than the buffers between the database and a client hold.
const MANY: &str = "
    with made as (insert into revision (made_at, author, means, layer) values (now(), 'test', 'command', 'facilities') returning id)
    insert into facility (code, name, remarks, location, revision, updated_at, first_revision)
    select 'RS-70327-' || n, 'Јаловиште ' || n, repeat('јаловина ', 200), st_setsrid(st_point(22, 44), 4326), made.id, now(), made.id
    from generate_series(1, 10000) n, made";
const CUT: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
                   where datname = current_database() and pid <> pg_backend_pid()";

#[test]
fn an_answer_whose_database_ends_in_the_middle_is_seen_to_be_broken() {
    let database = Database::migrated();
    database.query(MANY);
    let service = Service::on(database);
    let all = format!("{}collections/facilities/items?limit=10000", service.url);
    let whole = http::get(&all).unwrap();
    assert!(whole.is_whole);
    assert_eq!(whole.json()["numberReturned"], 10_000);

    let mut stream = http::ask(&all).unwrap();
    let mut bytes = vec![0; 64 * 1024];
    stream.read_exact(&mut bytes).unwrap();
    assert_ne!(service.database().query(CUT), "0");
    // A reset connection is a broken answer too.
    stream.read_to_end(&mut bytes).ok();
    let broken = http::parse(&bytes);
    assert_eq!(broken.status, 200, "it had begun well");
    assert!(
        !broken.is_whole,
        "a part of the features was sent as if it were all"
    );
    assert!(broken.body.len() < whole.body.len());

    assert_eq!(
        http::get(&all).unwrap().body.len(),
        whole.body.len(),
        "the service goes on"
    );
    service.stop();
}
