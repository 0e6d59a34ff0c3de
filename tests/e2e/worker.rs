//! The limits of the reading process, each met by a file or a machine that asks for more.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use importer::process::{Death, ReaderStage, Worker, WorkerError};
use importer::protocol::Job;
use nix::sys::signal::Signal;

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
    let path = bomb(folder.path(), 800_000);
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

/// An archive of a file of spaces, 258 times `matches` bytes, that are packed a little less than
/// the 200 times that are allowed: 258 bytes into 13 bits.
fn bomb(folder: &Path, matches: usize) -> PathBuf {
    let path = folder.join("bomb.zip");
    let packed = deflated_spaces(matches);
    let bytes = 1 + 258 * matches;
    let ratio = bytes / packed.len();
    assert!((150..200).contains(&ratio), "{ratio}");
    fs::write(&path, zip_of("a.csv", &packed, bytes)).unwrap();
    path
}

/// A Deflate stream (RFC 1951, 3.2.6) of one space, and so often a repetition of 258 more.
fn deflated_spaces(matches: usize) -> Vec<u8> {
    // The last block, of fixed codes; a space; then length 258 at distance 1; the end.
    let head = "1".chars().chain("10".chars()).chain("01010000".chars());
    let repeated = "11000101".chars().chain("00000".chars());
    let bits = head
        .chain(std::iter::repeat_n(repeated, matches).flatten())
        .chain("0000000".chars());
    let mut bytes = Vec::new();
    for (at, bit) in bits.enumerate() {
        if at % 8 == 0 {
            bytes.push(0);
        }
        let last = bytes.last_mut().unwrap();
        *last |= u8::from(bit == '1') << (at % 8);
    }
    bytes
}

/// A zip archive (APPNOTE 4.3) of one deflated file, its checksum left at 0.
fn zip_of(name: &str, packed: &[u8], bytes: usize) -> Vec<u8> {
    let word = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let half = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
    // Needed version 2.0, no flags, Deflate, no time, no checksum, the sizes.
    let described = [
        &half(20)[..],
        &half(0),
        &half(8),
        &[0; 8],
        &word(packed.len()),
        &word(bytes),
        &half(name.len()),
    ]
    .concat();
    let entry = [
        b"PK\x03\x04",
        described.as_slice(),
        &half(0),
        name.as_bytes(),
        packed,
    ]
    .concat();
    let listed = [
        b"PK\x01\x02\x14\0",
        described.as_slice(),
        &[0; 16],
        name.as_bytes(),
    ]
    .concat();
    let end = [
        &b"PK\x05\x06"[..],
        &half(0),
        &half(0),
        &half(1),
        &half(1),
        &word(listed.len()),
        &word(entry.len()),
        &half(0),
    ]
    .concat();
    [entry, listed, end].concat()
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
    let path = bomb(folder.path(), 3_500_000);
    // The reader inherits the limit, and wants 900 MB at once.
    let script = format!(
        "ulimit -S -v 1000000 && exec '{PROGRAM}' import '{}'",
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
    let path = table(folder.path(), "long.csv", 300_000);
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
