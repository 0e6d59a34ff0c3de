//! Uploads, sent to the running service, inspected by its queue, reviewed and published.

use serde_json::{Value, json};

use crate::clients::client;
use crate::database::Database;
use crate::process::{project, succeed};
use crate::reviewed::{Reviewed, Who};
use crate::survey::{example, fixture};

#[test]
fn a_survey_is_sent_reviewed_and_published_once() {
    let reviewed = Reviewed::over(Database::loaded());
    let id = reviewed.send(&example("example-survey.zip"), "&source=Elaborat%2017");
    let ready = reviewed.settled(id);
    assert_eq!(
        [&ready["state"], &ready["counts"]["new"]],
        [&Value::from("ready"), &Value::from(1)]
    );
    let before = reviewed.query("select count(*) from facility where code = 'RS-70327-901'");
    assert_eq!(before, "0");
    let preview = reviewed.json(Who::Surveyor, &format!("uploads/{id}/preview"), &[]);
    assert_eq!(preview["features"][0]["properties"]["verdict"], "new");
    let report = format!("uploads/{id}/report?f=html&lang=sr-Cyrl");
    assert!(reviewed.curl(Who::Surveyor, &report, &[]).contains("<svg"));
    let published = reviewed.publish(id);
    assert_eq!(published["state"], "published");
    let said = reviewed.query(
        "select author, means, source, file_name from revision join upload on upload.id = upload \
         order by revision.id desc limit 1",
    );
    assert_eq!(said, "surveyor|upload|Elaborat 17|example-survey.zip");
    let again = reviewed.send(&example("example-survey.zip"), "");
    assert_eq!(reviewed.settled(again)["counts"]["unchanged"], 1);
    assert_eq!(reviewed.publish(again)["state"], "published");
    assert_eq!(
        reviewed.query("select count(*) from submission_record"),
        "0"
    );
}

/// A raster lies where its facility does.
#[test]
fn a_raster_is_decided_by_who_covers_the_region_of_its_facility() {
    let reviewed = Reviewed::over(Database::loaded());
    let said = "&facility=RS-70327-011&kind=dem&surveyed=2024-05-31";
    let id = reviewed.send(&fixture("raster-terrain.tif"), said);
    let ready = reviewed.settled(id);
    assert_eq!([&ready["state"], &ready["outcome"]], ["ready", "dry_run"]);
    let region = json!([{
        "municipality": "70327", "district": "RS-14", "outside_senders_regions": false,
    }]);
    assert_eq!(ready["regions"], region);
    reviewed.limit_reviewer(Some("RS-20"));
    for what in ["publish", "reject"] {
        let path = format!("uploads/{id}/{what}");
        let refused = reviewed.json(Who::Reviewer, &path, &["--request", "POST"]);
        assert_eq!(refused["status"], 403, "{refused}");
    }
    assert_eq!(reviewed.settled(id)["state"], "ready");
    reviewed.limit_reviewer(Some("RS-14"));
    assert_eq!(reviewed.publish(id)["state"], "published");
    assert_eq!(reviewed.query("select district from survey"), "RS-14");
}

/// Before it is published, with the credentials of the sender.
#[test]
fn qgis_reads_the_preview() {
    let reviewed = Reviewed::over(Database::loaded());
    let id = reviewed.send(&example("example-survey.zip"), "");
    reviewed.settled(id);
    let url = format!("{}uploads/{id}/preview", reviewed.service().url);
    let signed_in = url.replacen("://", "://surveyor:one%20long%20password@", 1);
    let mut qgis = client("/usr/bin/python3", "python3-qgis");
    let script = project().join("tests/e2e/qgis_preview.py");
    let told = succeed(qgis.arg(script).arg(signed_in));
    let told = told.lines().rev().find(|line| line.starts_with('{'));
    let told: Value = serde_json::from_str(told.unwrap()).unwrap();
    let record = json!(["new", "RS-70327-901", false]);
    assert_eq!(
        told,
        json!({"valid": true, "crs": "EPSG:4326", "records": [record]})
    );
}

#[test]
fn refused_and_ambiguous_records_wait_for_the_reviewers_word() {
    let reviewed = Reviewed::over(Database::loaded());
    let id = reviewed.send(&fixture("unknown-code.csv"), "");
    let found = reviewed.settled(id);
    assert_eq!([&found["state"], &found["outcome"]], ["ready", "refused"]);
    let refused = ["--request", "POST"];
    let refused = reviewed.json(Who::Reviewer, &format!("uploads/{id}/publish"), &refused);
    assert_eq!(refused["status"], 409);
    let report = reviewed.json(Who::Reviewer, &format!("uploads/{id}/report"), &[]);
    let records = report["records"].as_array().unwrap();
    let choices: serde_json::Map<String, Value> = records
        .iter()
        .filter(|record| record["verdict"] == "refused")
        .map(|record| (record["row"].to_string(), "leave_out".into()))
        .collect();
    let count = choices.len() as u64;
    let patch = json!({ "choices": choices }).to_string();
    let path = format!("uploads/{id}");
    reviewed.json(
        Who::Reviewer,
        &path,
        &["--request", "PATCH", "--json", &patch],
    );
    let found = reviewed.settled(id);
    assert_eq!(found["counts"]["left_out"], count);
    assert_ne!(found["outcome"], "refused");
}

#[test]
fn a_file_in_doubt_is_read_as_somebody_says() {
    let reviewed = Reviewed::over(Database::loaded());
    let id = reviewed.send(&fixture("crs-in-words.geojson"), "");
    let first = reviewed.settled(id);
    assert_eq!(
        [&first["state"], &first["outcome"]],
        ["ready", "undecided"],
        "{first}"
    );
    let path = format!("uploads/{id}");
    let page = format!("{path}?f=html&lang=sr-Latn");
    let page = reviewed.curl(Who::Reviewer, &page, &[]);
    for words in [
        "u datoteci piše `MGI 1901, zona 7`, što nije koordinatni sistem koji može da se koristi",
        "Ne može da se objavi dok se ne kaže u kom su sistemu koordinate.",
        r#"<option value="EPSG:6316">EPSG:6316 (MGI 1901 / Balkans zone 7)</option>"#,
    ] {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    let bad = reviewed.json(
        Who::Surveyor,
        &path,
        &["--request", "PATCH", "--json", r#"{"crs": "x"}"#],
    );
    assert_eq!(bad["status"], 400);
    let good = ["--request", "PATCH", "--json", r#"{"crs": "EPSG:6316"}"#];
    reviewed.json(Who::Surveyor, &path, &good);
    let second = reviewed.settled(id);
    assert_eq!(second["reading"]["crs"], "EPSG:6316");
    assert_eq!(
        [&second["outcome"], &second["counts"]["new"]],
        [&Value::from("dry_run"), &Value::from(1)]
    );
}

#[test]
fn hostile_files_are_refused_and_the_service_goes_on() {
    let reviewed = Reviewed::over(Database::loaded());
    let revisions = reviewed.query("select count(*) from revision");
    let kept = reviewed.folder().display().to_string();
    for name in [
        "zip-bomb.zip",
        "zip-slip.zip",
        "zip-with-link.zip",
        "zip-in-a-zip.zip",
        "entity.kml",
        "linked-table.zip",
        "virtual-table.gpkg",
        "random-bytes.gpkg",
        "truncated.zip",
    ] {
        let id = reviewed.send(&fixture(name), "");
        let found = reviewed.settled(id);
        let text = found.to_string();
        assert!(!text.contains("root:"), "{name}: {text}");
        assert!(!text.contains(&*kept), "{name}: {text}");
        if found["state"] == "failed" {
            let path = format!("uploads/{id}?lang=sr-Latn");
            let told = reviewed.json(Who::Surveyor, &path, &[]);
            let told = told["failure"].as_str().unwrap();
            assert!(told.contains("Pojedinosti, na engleskom: "), "{told}");
            assert!(
                found["failure"].as_str().unwrap().len() > 20,
                "{name}: {text}"
            );
        } else {
            // The layer that is harmless is read, the other is not.
            let preview = reviewed.curl(Who::Surveyor, &format!("uploads/{id}/preview"), &[]);
            assert!(!preview.contains("root:"), "{name}: {preview}");
        }
    }
    assert_eq!(reviewed.query("select count(*) from revision"), revisions);
    assert_eq!(reviewed.service().get("health/ready").status, 200);
}

#[test]
fn a_killed_service_loses_nothing_it_accepted() {
    let mut reviewed = Reviewed::over(Database::loaded());
    let mut ids = Vec::new();
    for round in 0..4 {
        let sent = (0..5).map(|_| reviewed.send(&example("example-survey.zip"), ""));
        let sent: Vec<i64> = sent.collect();
        if round % 2 == 1 {
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
        reviewed.kill_and_start();
        ids.extend(sent);
    }
    for id in &ids {
        assert_eq!(reviewed.settled(*id)["state"], "ready", "{id}");
    }
    let publish = |id: i64| {
        let path = format!("uploads/{id}/publish");
        reviewed.json(Who::Reviewer, &path, &["--request", "POST"]);
    };
    for id in &ids[..3] {
        publish(*id);
    }
    reviewed.kill_and_start();
    let made: i64 = ids[..3]
        .iter()
        .map(|id| {
            let settled = reviewed.settled(*id);
            assert_eq!(settled["state"], "published", "{settled}");
            i64::from(settled["revision"].is_i64())
        })
        .sum();
    // The first brings the records, the others find nothing to change.
    assert_eq!(made, 1);
    let brought = "select count(*) from revision where means = 'upload'";
    assert_eq!(reviewed.query(brought), "1");
    assert_eq!(reviewed.originals().len(), 1);
}
