//! Start, stop and mishaps of the service on its private database.

use std::fs::File;
use std::os::unix::process::CommandExt;

use nix::sys::signal::{Signal, kill};

use crate::home::Home;
use crate::http;
use crate::process::until;
use crate::service::Service;

const REVISIONS: &str = "select count(*) from revision";
const FACILITIES: &str = "select count(*) from facility";
/// Lines of data/facilities.csv.
const FACILITY_COUNT: i64 = 85;

fn facility_count(service: &Service) -> i64 {
    service.json("collections/facilities")["itemCount"]
        .as_i64()
        .unwrap()
}

/// The status of the answer, none while there is no connection.
fn status(url: &str) -> Option<u16> {
    http::get(url).ok().map(|answer| answer.status)
}

#[test]
fn the_first_start_makes_a_database_and_the_second_finds_it() {
    let home = Home::new();
    let first = Service::start(home.serve().process_group(0));
    let said = first.running().output();
    assert!(
        said.contains("In QGIS: Layer > Add Layer > Add WFS / OGC API - Features Layer"),
        "{said}"
    );
    assert!(
        said.contains(&format!("ogrinfo -oo PAGE_SIZE=10000 OAPIF:{}", first.url)),
        "{said}"
    );
    assert_eq!(facility_count(&first), FACILITY_COUNT);
    let revisions = home.query(REVISIONS);
    assert_ne!(revisions, "0");
    first.running().ctrl_c();
    first.finish();
    home.assert_quiet();

    let second = home.start();
    assert_eq!(facility_count(&second), FACILITY_COUNT);
    assert_eq!(
        home.query(REVISIONS),
        revisions,
        "the same data are no new revision"
    );
    second.stop();
    home.assert_quiet();
}

#[test]
fn a_home_or_a_port_in_use_is_refused_and_nothing_is_left_running() {
    let home = Home::new();
    let service = home.start();
    let address = service
        .url
        .trim_end_matches('/')
        .trim_start_matches("http://")
        .to_owned();

    let second = crate::process::run(&mut home.serve());
    assert_eq!(second.status.code(), Some(1), "{}", second.output);
    let pid = service.running().pid().to_string();
    for word in [
        "is taken by process",
        pid.as_str(),
        service.url.as_str(),
        "CADASTRE_HOME",
    ] {
        assert!(
            second.output.contains(word),
            "{word} is not in\n{}",
            second.output
        );
    }

    let other = Home::new();
    let refused = crate::process::run(other.cadastre().args(["serve", "--listen", &address]));
    assert_eq!(refused.status.code(), Some(1), "{}", refused.output);
    let port = address.rsplit(':').next().unwrap();
    for word in [
        format!("port {port} of 127.0.0.1 is in use"),
        "--listen".to_owned(),
    ] {
        assert!(
            refused.output.contains(&word),
            "{word} is not in\n{}",
            refused.output
        );
    }
    assert_eq!(other.processes(), [""; 0]);

    assert_eq!(
        facility_count(&service),
        FACILITY_COUNT,
        "the first goes on"
    );
    service.stop();
    home.assert_quiet();
}

#[test]
fn after_a_kill_the_service_starts_again() {
    let home = Home::new();
    let first = home.start();
    let revisions = home.query(REVISIONS);
    first.kill();
    let second = home.start();
    assert_eq!(facility_count(&second), FACILITY_COUNT);
    assert_eq!(home.query(REVISIONS), revisions);
    second.stop();
    home.assert_quiet();
}

#[test]
fn a_killed_database_is_started_again_under_the_service() {
    let home = Home::new();
    let service = home.start();
    let (ready, live) = (
        format!("{}health/ready", service.url),
        format!("{}health/live", service.url),
    );
    assert_eq!(status(&ready), Some(200));

    // Whoever starts the database holds this lock; holding it keeps the outage as long as we look.
    let starting = File::open(home.file("start.lock")).unwrap();
    starting.lock().unwrap();
    kill(home.postmaster(), Signal::SIGKILL).unwrap();
    until("the service to say that it is not ready", || {
        (status(&ready) == Some(503)).then_some(())
    });
    assert_eq!(status(&live), Some(200));
    let answer = service.get("collections/facilities/items");
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["status"], 503);

    starting.unlock().unwrap();
    until("the service to be ready again", || {
        (status(&ready) == Some(200)).then_some(())
    });
    assert_eq!(facility_count(&service), FACILITY_COUNT);
    assert_eq!(home.query(FACILITIES), FACILITY_COUNT.to_string());
    service.stop();
    home.assert_quiet();
}
