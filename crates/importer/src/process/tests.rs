mod cells;

use std::time::Duration;

use super::bounds::{MAX_RECORDS, check_inspection, check_records};
use super::{Death, ReaderStage, Worker, WorkerError};
use crate::protocol::{
    EncodingDecision, Event, Inspection, Job, MAX_FIELDS, SourceField, SourceGeometry, SourceLayer,
    SourceRecord, SourceValue,
};

fn shell(script: &str) -> Worker {
    Worker::new("/bin/sh".into(), vec!["-c".into(), script.into()])
}

/// A worker that says this on its standard output, and then does what the script says.
fn saying(bytes: &[u8], script: &str) -> Worker {
    shell(&format!("printf '{}'; {script}", octal(bytes)))
}

fn octal(bytes: &[u8]) -> String {
    let numbers: Vec<String> = bytes.iter().map(|byte| format!("\\{byte:03o}")).collect();
    numbers.concat()
}

fn framed(event: &Event) -> Vec<u8> {
    let body = postcard::to_stdvec(event).unwrap();
    let length = u32::try_from(body.len()).unwrap();
    [length.to_le_bytes().as_slice(), &body].concat()
}

async fn failure(worker: Worker) -> WorkerError {
    let job = Job::Inspect {
        path: "/nowhere".into(),
        encoding: None,
    };
    worker.inspect(&job).await.unwrap_err()
}

async fn failure_in_reading(worker: Worker) -> WorkerError {
    let job = Job::Read {
        path: "/nowhere".into(),
        layer: String::new(),
        encoding: "UTF-8".to_owned(),
    };
    let mut records = worker.read(&job).await.unwrap();
    loop {
        match records.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("read to the end"),
            Err(error) => return error,
        }
    }
}

fn record(row: u64, values: usize) -> SourceRecord {
    SourceRecord {
        row,
        fid: None,
        values: vec![SourceValue::Null; values],
        wkb: None,
    }
}

#[tokio::test]
async fn a_dying_worker_is_reported_in_plain_words() {
    for (script, words) in [
        (
            "kill -9 $$",
            "ended from outside, signal 9: most often the system does that when memory runs short",
        ),
        (
            "echo 'memory allocation of 8 bytes failed' >&2; kill -6 $$",
            "out of memory, signal 6",
        ),
        ("kill -6 $$", "crash, signal 6"),
        ("kill -24 $$", "time limit, signal 24"),
        ("kill -25 $$", "file size limit, signal 25"),
        ("kill -11 $$", "crash, signal 11"),
        ("exit 101", "a defect of the reader, exit code 101"),
        ("exit 3", "no answer, exit code 3"),
        (
            "printf '\\010\\000\\000\\000half'; exit 0",
            "no answer, exit code 0",
        ),
    ] {
        let error = failure(shell(script)).await.to_string();
        let expected = format!(
            "the file made its reader stop while inspecting it ({words}); nothing was changed; "
        );
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[tokio::test]
async fn the_stage_of_a_death_counts_the_records_that_were_read() {
    let two = framed(&Event::Records(vec![record(1, 0), record(2, 0)]));
    for (said, words) in [
        (Vec::new(), "while reading it, before the first record ("),
        (two.clone(), "while reading it, after 2 records ("),
        (
            [two.clone(), two].concat(),
            "while reading it, after 4 records (",
        ),
    ] {
        let error = failure_in_reading(saying(&said, "kill -11 $$")).await;
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_worker_that_hangs_is_given_up() {
    let worker = shell("exec sleep 60").with_answer_time(Duration::from_millis(200));
    let error = failure(worker).await;
    assert!(error.to_string().contains("time limit"), "{error}");
}

#[tokio::test]
async fn a_worker_that_answers_drop_by_drop_is_given_up() {
    let one = framed(&Event::Records(vec![record(1, 0)]));
    let octal = octal(&one);
    // Each answer comes in time, all together do not.
    let worker = shell(&format!("while :; do printf '{octal}'; sleep 0.1; done"))
        .with_answer_time(Duration::from_secs(5));
    let error = failure_in_reading(worker).await;
    let WorkerError::Crashed { stage, death } = &error else {
        panic!("{error}");
    };
    assert!(
        matches!(stage, ReaderStage::Reading { records: 1.. }),
        "{error}"
    );
    assert!(matches!(death, Death::GivenUp { .. }), "{error}");
}

#[tokio::test]
async fn a_worker_that_closes_its_output_and_goes_on_is_ended() {
    let error = failure(shell("exec >&- 2>&-; exec sleep 60")).await;
    assert!(
        matches!(
            &error,
            WorkerError::Crashed {
                death: Death::Unseen,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_worker_that_goes_on_after_its_last_answer_is_ended() {
    let last = framed(&Event::Failed("no .shx".to_owned()));
    let error = failure(saying(&last, "exec sleep 60")).await;
    assert!(
        matches!(&error, WorkerError::Refused(words) if words == "no .shx"),
        "{error}"
    );
}

#[tokio::test]
async fn an_absurd_message_length_is_not_believed() {
    let error = failure(shell("printf '\\377\\377\\377\\377'; sleep 1")).await;
    assert!(matches!(error, WorkerError::Garbled { .. }), "{error}");
}

#[tokio::test]
async fn a_false_count_of_records_is_not_believed() {
    let said = [
        framed(&Event::Records(vec![record(1, 2)])),
        framed(&Event::Finished { records: 2 }),
    ];
    let error = failure_in_reading(saying(&said.concat(), "exit 0")).await;
    assert!(matches!(error, WorkerError::Garbled { .. }), "{error}");
}

#[test]
fn what_a_worker_sends_is_bounded() {
    let mut width = None;
    assert_eq!(
        check_records(&[record(1, 3), record(2, 3)], 5, &mut width).unwrap(),
        7
    );
    let other_width = check_records(&[record(3, 4)], 7, &mut width);
    assert!(matches!(other_width, Err(WorkerError::Garbled { .. })));
    let too_wide = check_records(&[record(1, MAX_FIELDS + 1)], 0, &mut None).unwrap_err();
    assert!(too_wide.to_string().contains("2049 fields"), "{too_wide}");
    let too_many = check_records(&[record(1, 0)], MAX_RECORDS, &mut None).unwrap_err();
    assert!(
        too_many
            .to_string()
            .contains("2000001 records, more than the 2000000"),
        "{too_many}"
    );
}

#[test]
fn a_layer_of_too_many_fields_is_refused_at_inspection() {
    let field = SourceField {
        name: "a".to_owned(),
        kind: "text".to_owned(),
    };
    let mut inspection = Inspection {
        format: "CSV".to_owned(),
        layers: vec![SourceLayer {
            holes_by_direction: false,
            name: "a".to_owned(),
            geometry: SourceGeometry::None,
            record_count: 1,
            fields: vec![field.clone(); MAX_FIELDS],
            crs: None,
            extent: None,
            encoding: EncodingDecision {
                name: "UTF-8".to_owned(),
                evidence: domain::message!("пример", "an example"),
                samples: Vec::new(),
            },
        }],
        notes: Vec::new(),
    };
    assert!(check_inspection(&inspection).is_ok());
    inspection.layers[0].fields.push(field);
    let error = check_inspection(&inspection).unwrap_err().to_string();
    assert!(error.contains("2049 fields, more than the 2048"), "{error}");
}

#[tokio::test]
async fn secrets_in_the_environment_do_not_reach_the_worker() {
    let script = "test -z \"$CARGO_MANIFEST_DIR\" && test -z \"$HOME\" && exit 7; exit 8";
    let error = failure(shell(script)).await;
    assert!(error.to_string().contains("exit code 7"), "{error}");
}

#[tokio::test]
async fn a_missing_program_is_named() {
    let error = failure(Worker::new("/no/such/program".into(), Vec::new())).await;
    assert!(error.to_string().contains("/no/such/program"), "{error}");
}
