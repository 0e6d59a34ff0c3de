//! Templates that teams take into the field, filled by GDAL as `QField` would, and what comes back.

use std::path::Path;

use serde_json::{Value, json};

use crate::clients::client;
use crate::database::Database;
use crate::process::{project, succeed};
use crate::reviewed::{Reviewed, Who};
use crate::service::Service;
use crate::survey::{accept, import};

fn template(service: &Service, parameters: &str, file: &Path) {
    let answer = service.get(&format!("collections/facilities/template.gpkg{parameters}"));
    assert_eq!(answer.status, 200);
    std::fs::write(file, answer.body).unwrap();
}

/// Changes records as a team does that fills a form.
fn fill(file: &Path, sql: &str) {
    succeed(
        client("ogrinfo", "gdal-bin")
            .args(["-q", "-sql", sql])
            .arg(file),
    );
}

/// The same in QGIS; answers what the form is.
fn filled(file: &Path, values: &[&str]) -> Value {
    let script = project().join("tests/e2e/qgis_form.py");
    let mut command = client("/usr/bin/python3", "python3-qgis");
    let output = succeed(command.arg(script).arg(file).arg("facilities").args(values));
    let json = output.lines().rev().find(|line| line.starts_with('{'));
    serde_json::from_str(json.unwrap_or(&output))
        .unwrap_or_else(|error| panic!("{error}: {output}"))
}

#[test]
fn a_template_has_the_fields_that_people_record_and_no_record() {
    let service = Service::on(Database::loaded());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("facilities.gpkg");
    template(&service, "", &file);
    let told = succeed(
        client("ogrinfo", "gdal-bin")
            .args(["-ro", "-so"])
            .arg(&file)
            .arg("facilities"),
    );
    for part in [
        "Feature Count: 0",
        "Geometry: Point",
        "revision: Integer64",
        "domain name=facility_status",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    for not_recorded in ["name_latin", "updated_at", "contact"] {
        assert!(
            !told.contains(&format!("\n{not_recorded}: ")),
            "{not_recorded} in {told}"
        );
    }
    assert_eq!(
        service.get("collections/districts/template.gpkg").status,
        404
    );
    assert_eq!(service.get("collections/surveys/template.gpkg").status, 404);
}

#[test]
fn what_comes_back_untouched_changes_nothing() {
    let service = Service::on(Database::loaded());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bor.gpkg");
    template(&service, "?district=RS-14", &file);
    let said = accept(service.database(), &file, &[]);
    assert!(said.contains("Nothing to change"), "{said}");
    assert!(
        said.contains("what others changed since then stays"),
        "{said}"
    );
}

/// QGIS fills in the form with the editors that the template names.
#[test]
fn a_team_adds_a_facility_by_the_form_and_gets_a_code_for_it() {
    let service = Service::on(Database::loaded());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.gpkg");
    template(&service, "?f=gpkg", &file);
    let form = filled(
        &file,
        &[
            "name=Ново одлагалиште",
            "facility_type=Waste rock dump",
            "status=unknown",
            "in_scope=no",
            "municipality=70327",
        ],
    );
    let of = |field: &str, what: &str| form[field][what].clone();
    assert_eq!(of("status", "editor"), "ValueMap");
    assert_eq!(of("status", "choices")[0], "unknown");
    assert_eq!(of("in_scope", "choices"), json!(["unknown", "yes", "no"]));
    assert_eq!(of("surveyed_on", "editor"), "DateTime");
    assert_eq!(of("height_m", "title"), "Height (m)");
    assert_eq!(
        [of("code", "needed"), of("revision", "fixed")],
        [json!("wished"), json!(true)]
    );
    let said = accept(service.database(), &file, &[]);
    assert!(said.contains("1 new"), "{said}");
    let stands = "select code ~ '^RS-70327-[0-9]{3}$', facility_type, status, in_scope from facility \
                  where name = 'Ново одлагалиште'";
    assert_eq!(service.database().query(stands), "t|waste_rock_dump||f");
}

/// Two teams take the same template along and change the same facility.
#[test]
fn two_teams_that_change_one_value_are_a_conflict_for_the_reviewer() {
    let reviewed = Reviewed::over(Database::loaded());
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|team| {
        let file = folder.path().join(format!("{team}.gpkg"));
        template(reviewed.service(), "?district=RS-14", &file);
        file
    });
    let code = reviewed.query(
        "select code from facility where district = 'RS-14' and status <> 'closed' \
         and height_m is null order by code limit 1",
    );
    let set = |what: &str| format!("update facilities set {what} where code = '{code}'");
    fill(&first, &set("status = 'closed', remarks = 'ограђено'"));
    fill(&second, &set("status = 'reclaimed', height_m = 31.5"));

    let database = reviewed.service().database();
    let said = accept(database, &first, &[]);
    assert!(said.contains("1 changed"), "{said}");
    let refused = import(database, &second, &[]);
    assert_eq!(refused.status.code(), Some(3), "{}", refused.output);
    assert!(
        refused
            .output
            .contains("in conflict with changes by others"),
        "{}",
        refused.output
    );

    let id = reviewed.send(&second, "");
    let found = reviewed.settled(id);
    assert_eq!(found["counts"]["conflicting"], 1, "{found}");
    let report = reviewed.json(Who::Reviewer, &format!("uploads/{id}/report"), &[]);
    let records = report["records"].as_array().unwrap();
    let record = records
        .iter()
        .find(|one| one["verdict"] == "conflicting")
        .unwrap();
    assert_eq!(record["key"], code.as_str());
    assert_eq!(record["findings"][0]["field"], "status");
    let page = reviewed.curl(Who::Reviewer, &format!("uploads/{id}?f=html"), &[]);
    let take = record["take"].as_str().unwrap();
    assert!(page.contains(&format!("value=\"{take}\"")), "{page}");

    let choices = serde_json::json!({"choices": {record["row"].to_string(): take}}).to_string();
    let path = format!("uploads/{id}");
    reviewed.json(
        Who::Reviewer,
        &path,
        &["--request", "PATCH", "--json", &choices],
    );
    let settled = reviewed.settled(id);
    assert_eq!(settled["counts"]["changed"], 1, "{settled}");
    assert_eq!(reviewed.publish(id)["state"], "published");
    // The first team's remark, which the second one never saw, stays.
    let stands = format!("select status, height_m, remarks from facility where code = '{code}'");
    assert_eq!(reviewed.query(&stands), "reclaimed|31.5|ограђено");
}
