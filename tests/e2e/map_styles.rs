//! The map styles, held against the specification by the validator of its authors.

use serde_json::Value;

use crate::clients::client;
use crate::database::Database;
use crate::process::{project, succeed};
use crate::service::Service;

#[test]
fn every_style_is_one_of_the_specification() {
    let service = Service::on(Database::loaded());
    let script = project().join("tests/styles/run.sh");
    let output = succeed(client("bash", "bash").arg(script).arg(&service.url));
    let seen: Value = serde_json::from_str(output.lines().last().unwrap()).unwrap();
    let themes = service.json("styles?f=json")["styles"]
        .as_array()
        .unwrap()
        .len();
    // Light and dark, in three languages.
    assert_eq!(seen["held"], themes * 2 * 3, "{seen}");
    assert_eq!(seen["faults"].as_array().unwrap().len(), 0, "{seen}");
}
