//! The limits of the reading process, each met by a file or a machine that asks for more.

use std::fs;
use std::io::{Cursor, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use importer::process::{Death, ReaderStage, Worker, WorkerError};
use importer::protocol::Job;
use nix::sys::signal::Signal;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::database::Database;
use crate::process::{Running, run, until};
use crate::survey::everything;

const PROGRAM: &str = env!("CARGO_BIN_EXE_cadastre");

/// The program's reader.
fn reader() -> Worker {
    Worker::new(PROGRAM.into(), vec!["worker".into()])
}

/// The program's reader on a machine that gives it less than it may have itself: `limit` is an
/// argument of the shell's `ulimit`. The reader raises no limit.
fn reader_within(limit: &str) -> Worker {
    let script = format!("ulimit -S {limit} && exec '{PROGRAM}' worker");
    Worker::new("/bin/sh".into(), vec!["-c".into(), script.into()])
}

fn inspect(path: &Path) -> Job {
    Job::Inspect {
        path: path.to_owned(),
        encoding: None,
    }
}

async fn failure(worker: &Worker, path: &Path) -> WorkerError {
    match worker.inspect(&inspect(path)).await {
        Err(error) => error,
        Ok(inspection) => panic!("{}: {:?}", path.display(), inspection.format),
    }
}

fn refusal(error: WorkerError) -> String {
    match error {
        WorkerError::Refused(words) => words,
        other => panic!("{other:?}"),
    }
}

/// A table with so many rows, in a file of this name.
fn table(folder: &Path, name: &str, rows: usize) -> PathBuf {
    let path = folder.join(name);
    let row = "RS-70327-901;Одлагалиште;22.1;44.1\n";
    fs::write(
        &path,
        format!("code;name;longitude;latitude\n{}", row.repeat(rows)),
    )
    .unwrap();
    path
}

#[tokio::test]
async fn a_reader_out_of_time_says_how_far_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), "long.csv", 1_500_000);
    let worker = reader_within("-t 1");
    let error = failure(&worker, &path).await;
    assert!(
        error.to_string().contains(
            "stop while inspecting it (time limit, signal 24); nothing was changed; split"
        ),
        "{error}"
    );

    let job = Job::Read {
        path,
        layer: "long".to_owned(),
        encoding: "UTF-8".to_owned(),
    };
    let mut records = worker.read(&job).await.unwrap();
    let mut heard = 0;
    let error = loop {
        match records.next().await {
            Ok(batch) => heard += batch.unwrap().len() as u64,
            Err(error) => break error,
        }
    };
    let WorkerError::Crashed { stage, death } = error else {
        panic!("{error}");
    };
    assert_eq!(death, Death::OutOfTime { signal: 24 });
    assert_eq!(stage, ReaderStage::Reading { records: heard });
}

#[tokio::test]
async fn a_reader_out_of_memory_is_reported_as_such() {
    let folder = tempfile::tempdir().unwrap();
    // As large as an upload may be, and on disk nothing.
    let path = folder.path().join("large.csv");
    fs::File::create(&path).unwrap().set_len(800 << 20).unwrap();
    let error = failure(&reader_within("-v 600000"), &path).await;
    assert!(
        matches!(
            error,
            WorkerError::Crashed {
                stage: ReaderStage::Inspecting,
                death: Death::OutOfMemory { signal: 6 }
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn an_archive_packed_just_below_the_limit_is_bounded_by_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.zip");
    // Packs a little less than 200 times, which is allowed.
    let mut content = vec![b' '; 200 << 20];
    let mut noise = 0_u32;
    for byte in content.iter_mut().step_by(460) {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = noise.to_be_bytes()[0];
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("a.csv", SimpleFileOptions::default())
        .unwrap();
    archive.write_all(&content).unwrap();
    let packed = archive.finish().unwrap().into_inner();
    let ratio = content.len() / packed.len();
    assert!((60..200).contains(&ratio), "{ratio}");
    fs::write(&path, packed).unwrap();
    let error = failure(&reader_within("-v 400000"), &path).await;
    assert!(
        matches!(
            error,
            WorkerError::Crashed {
                death: Death::OutOfMemory { .. },
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn nothing_is_fetched_that_a_file_refers_to() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("link.geojson");
    let point = r#"{"type": "Feature", "properties": {"code": "a"},
        "geometry": {"type": "Point", "coordinates": [22.1, 44.1]}}"#;
    let link = format!(
        r#"{{"type": "FeatureCollection", "crs": {{"type": "link", "properties":
        {{"href": "http://{address}/crs", "type": "ogcwkt"}}}}, "features": [{point}]}}"#
    );
    fs::write(&path, link).unwrap();
    // Whether the file is read or refused without its reference system is not the point.
    let read = reader().inspect(&inspect(&path)).await;
    assert!(
        matches!(read, Ok(_) | Err(WorkerError::Refused(_))),
        "{read:?}"
    );
    for name in ["/vsicurl/http", "/vsicurl_streaming/http", "/vsis3/http"] {
        let path = format!("{name}://{address}/a.geojson");
        let words = refusal(failure(&reader(), Path::new(&path)).await);
        assert!(words.contains("cannot be found"), "{words}");
    }
    assert_eq!(
        listener.accept().unwrap_err().kind(),
        std::io::ErrorKind::WouldBlock,
        "the reader asked for what the file refers to"
    );
}

#[tokio::test]
async fn a_hundred_thousand_brackets_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.geojson");
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    for deep in [
        format!(r#"{{"type": "Polygon", "coordinates": {open}{close}}}"#),
        format!(
            r#"{{"type": "Feature", "properties": {{"code": {open}{close}}}, "geometry": null}}"#
        ),
        "{\"a\":".repeat(100_000),
    ] {
        fs::write(&path, deep).unwrap();
        let words = refusal(failure(&reader(), &path).await);
        assert!(words.contains("deep.geojson"), "{words}");
    }
}

#[tokio::test]
async fn a_table_of_too_many_columns_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.csv");
    fs::write(&path, format!("a{}\n1\n", ";".repeat(1_000_000))).unwrap();
    let error = failure(&reader_within("-t 20"), &path).await.to_string();
    assert!(error.contains("more than the 2048"), "{error}");
}

#[test]
fn an_import_whose_reader_dies_changes_nothing_and_says_so() {
    let database = Database::migrated();
    let before = everything(&database);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.csv");
    fs::File::create(&path).unwrap().set_len(800 << 20).unwrap();
    // The reader gets what is left of the importing program's own limit.
    let script = format!(
        "ulimit -S -v 1200000 && exec '{PROGRAM}' import '{}'",
        path.display()
    );
    let mut command = std::process::Command::new("/bin/sh");
    command
        .args(["-c", &script])
        .env("DATABASE_URL", &database.url);
    let finished = run(&mut command);
    assert!(!finished.status.success());
    assert!(
        finished.output.contains(
            "made its reader stop while inspecting it (out of memory, signal 6); nothing"
        ),
        "{}",
        finished.output
    );
    assert_eq!(everything(&database), before);
}

#[test]
fn a_reader_ends_with_the_program_that_started_it() {
    let database = Database::migrated();
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), "long.csv", 1_500_000);
    let importing = Running::start_leading(database.cadastre().arg("import").arg(&path));
    let reader = until("a reader", || children_of(importing.pid().as_raw()).pop());
    importing.signal(Signal::SIGKILL);
    importing.finish();
    until("the end of the reader", || {
        (!Path::new(&format!("/proc/{reader}")).exists()).then_some(())
    });
}

/// The processes that a process has started.
fn children_of(parent: i32) -> Vec<u32> {
    let folders = fs::read_dir("/proc").unwrap().flatten();
    let pids = folders.filter_map(|folder| folder.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // After the name, which ends with the last bracket: the state, the parent.
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        after_name.split_whitespace().nth(1) == Some(&parent.to_string())
    })
    .collect()
}

#[tokio::test]
async fn a_reader_that_is_stopped_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), "short.csv", 1);
    let script = format!("kill -STOP $$; exec '{PROGRAM}' worker");
    let worker = Worker::new("/bin/sh".into(), vec!["-c".into(), script.into()])
        .with_answer_time(Duration::from_secs(1));
    let error = failure(&worker, &path).await;
    assert!(
        matches!(
            error,
            WorkerError::Crashed {
                death: Death::GivenUp { seconds: 1 },
                ..
            }
        ),
        "{error}"
    );
}
