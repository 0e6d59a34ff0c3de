//! More than a thousand damaged survey files: whatever is done to a file, the importing program lives on,
//! answers in time, changes nothing and leaves no process behind.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use importer::process::{Death, Worker, WorkerError};
use importer::protocol::Job;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::database::Database;
use crate::process::{processes_of, until};
use crate::survey::{everything, fixture, import};

/// At least so many files are made.
const MUTANTS: usize = 1400;
/// So many of them are also imported, as users do it.
const IMPORTED: usize = 80;
/// So many are tried at once.
const AT_ONCE: usize = 4;
/// No damaged fixture keeps its reader busy for so long.
const LIMIT: Duration = Duration::from_mins(10);

/// Steele, Lea and Flood's `SplitMix64`: the same numbers everywhere and always.
struct Numbers(u64);

impl Numbers {
    /// Numbers that depend on a name and a count only, so that a new fixture changes no old case.
    fn of(name: &str, count: usize) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash ^ count as u64)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than `end`; 0 when there is nothing less.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    fn range(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let from = self.below(length);
        let end = from + 1 + self.below(longest);
        from..end.min(length)
    }
}

/// Lengths and counts that programs believe at their cost.
const LENGTHS: [u32; 8] = [
    0,
    1,
    7,
    0xffff,
    0x00ff_ffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
];

/// What means something in a text.
const TOKENS: [&str; 12] = [
    "\"", "{", "[[[[", "}", ";", ",,,,", "\n", "\0", "-1e999", "null", "\u{feff}", "\\ud800",
];

/// Damages a content in one to three ways.
fn damage(numbers: &mut Numbers, content: &mut Vec<u8>) {
    for _ in 0..=numbers.below(3) {
        damage_once(numbers, content);
    }
}

fn damage_once(numbers: &mut Numbers, content: &mut Vec<u8>) {
    let length = content.len();
    match numbers.below(6) {
        0 => flip(numbers, content),
        1 => content.truncate(numbers.below(length)),
        2 => false_length(numbers, content),
        3 => {
            let copy = content[numbers.range(length, 400)].to_vec();
            let at = numbers.below(length);
            content.splice(at..at, copy);
        }
        4 => {
            let (one, other) = (numbers.range(length, 64), numbers.range(length, 64));
            for (a, b) in one.zip(other) {
                content.swap(a, b);
            }
        }
        _ => {
            let token = TOKENS[numbers.below(TOKENS.len())];
            let at = numbers.below(length);
            content.splice(at..at, token.bytes());
        }
    }
}

fn flip(numbers: &mut Numbers, content: &mut [u8]) {
    let length = content.len();
    for _ in 0..=numbers.below(8) {
        if let Some(byte) = content.get_mut(numbers.below(length)) {
            *byte ^= 1 << (numbers.next() % 8);
        }
    }
}

/// Mostly in the heading, where lengths stand.
fn false_length(numbers: &mut Numbers, content: &mut [u8]) {
    let within = if numbers.below(3) == 0 {
        content.len()
    } else {
        content.len().min(160)
    };
    let at = numbers.below(within);
    let length = LENGTHS[numbers.below(LENGTHS.len())];
    let bytes = if numbers.below(2) == 0 {
        length.to_le_bytes()
    } else {
        length.to_be_bytes()
    };
    let width = [2, 4][numbers.below(2)];
    for (to, from) in content.iter_mut().skip(at).zip(&bytes[..width]) {
        *to = *from;
    }
}

/// A damaged copy of a fixture in a folder: the path to import.
fn mutant(name: &str, count: usize, folder: &Path) -> PathBuf {
    let mut numbers = Numbers::of(name, count);
    let mut content = fs::read(fixture(name)).unwrap();
    let path = folder.join(name);
    match (members(&content), count % 3) {
        // Inside an archive, damage is found by its checksum; so the parts are damaged before
        // they are packed, or never packed.
        (Some(mut members), 1 | 2) if !members.is_empty() => {
            let damaged = numbers.below(members.len());
            damage(&mut numbers, &mut members[damaged].1);
            if count % 3 == 1 {
                fs::write(&path, packed(&members)).unwrap();
                return path;
            }
            unpacked(&members, folder)
        }
        _ => {
            damage(&mut numbers, &mut content);
            fs::write(&path, content).unwrap();
            path
        }
    }
}

/// The files of a sound archive.
fn members(content: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(content)).ok()?;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).ok()?;
        let name = entry.enclosed_name()?.to_str()?.to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).ok()?;
        if entry.is_file() && bytes.len() < 1 << 20 {
            members.push((name, bytes));
        }
    }
    Some(members)
}

fn packed(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive
            .start_file(name.as_str(), SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Writes the files into a folder; the path of its shapefile, or of the folder.
fn unpacked(members: &[(String, Vec<u8>)], folder: &Path) -> PathBuf {
    for (name, bytes) in members {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let shapefile = members.iter().find(|(name, _)| has_ending(name, "shp"));
    shapefile.map_or_else(|| folder.to_owned(), |(name, _)| folder.join(name))
}

fn has_ending(name: &str, wanted: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case(wanted))
}

/// How a damaged file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Read,
    Refused,
    Died,
}

async fn end(worker: &Worker, path: &Path) -> Result<End, WorkerError> {
    match read_all(worker, path).await {
        Ok(()) => Ok(End::Read),
        Err(WorkerError::Refused(_) | WorkerError::TooMuch { .. }) => Ok(End::Refused),
        Err(WorkerError::Crashed {
            death: Death::Crash { .. } | Death::OutOfMemory { .. },
            ..
        }) => Ok(End::Died),
        Err(error) => Err(error),
    }
}

async fn read_all(worker: &Worker, path: &Path) -> Result<(), WorkerError> {
    if path.extension().is_some_and(|ending| ending == "tif") {
        return read_raster(worker, path).await;
    }
    let path = path.to_owned();
    let inspection = worker
        .inspect(&Job::Inspect {
            path: path.clone(),
            encoding: None,
        })
        .await?;
    for layer in inspection.layers.into_iter().take(2) {
        let job = Job::Read {
            path: path.clone(),
            layer: layer.name,
            encoding: layer.encoding.name,
        };
        let mut records = worker.read(&job).await?;
        while records.next().await?.is_some() {}
    }
    Ok(())
}

async fn read_raster(worker: &Worker, path: &Path) -> Result<(), WorkerError> {
    let inspection = worker.inspect_raster(path).await?;
    let mut blocks = worker.read_raster(path, &inspection).await?;
    while blocks.next().await?.is_some() {}
    Ok(())
}

/// Every fixture with as many counts as make [`MUTANTS`]; those that are read undamaged count
/// thrice, for behind the first fault nothing more is tried.
fn cases(worker: &Worker) -> Vec<(String, usize)> {
    let runtime = runtime();
    let folder = fs::read_dir(fixture("")).unwrap().flatten();
    let mut names: Vec<(String, usize)> = folder
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !has_ending(name, "py"))
        .map(|name| {
            let read = runtime.block_on(read_all(worker, &fixture(&name)));
            (name, if read.is_ok() { 3 } else { 1 })
        })
        .collect();
    names.sort();
    let each = MUTANTS.div_ceil(names.iter().map(|(_, weight)| weight).sum());
    let counted = |(name, weight): (String, usize)| {
        (0..each * weight).map(move |count| (name.clone(), count))
    };
    names.into_iter().flat_map(counted).collect()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Works through the cases that nobody else has taken.
fn work(worker: &Worker, cases: &Mutex<Vec<(String, usize)>>, ends: &Mutex<Vec<End>>) {
    let runtime = runtime();
    loop {
        let Some((name, count)) = cases.lock().unwrap().pop() else {
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = mutant(&name, count, folder.path());
        match runtime.block_on(end(worker, &path)) {
            Ok(end) => ends.lock().unwrap().push(end),
            Err(error) => panic!("{name} damaged in way {count}: {error:?}"),
        }
    }
}

#[test]
fn more_than_a_thousand_damaged_files_are_read_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    // A name of its own, by which its processes are found.
    let reader = folder.path().join("reader");
    symlink(env!("CARGO_BIN_EXE_cadastre"), &reader).unwrap();
    let worker = Worker::new(reader.clone(), vec!["worker".into()]).with_answer_time(LIMIT);
    let (cases, ends) = (Mutex::new(cases(&worker)), Mutex::new(Vec::new()));
    let made = cases.lock().unwrap().len();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| work(&worker, &cases, &ends));
        }
    });
    let ends = ends.into_inner().unwrap();
    let count = |wanted: End| ends.iter().filter(|&&end| end == wanted).count();
    let told = [End::Read, End::Refused, End::Died].map(|end| (end, count(end)));
    println!("{told:?}");
    assert!(made >= MUTANTS && ends.len() == made, "{told:?}");
    // Were none read, or none refused, this would try nothing.
    assert!(
        count(End::Read) > 100 && count(End::Refused) > 100,
        "{told:?}"
    );
    assert!(count(End::Died) * 100 <= made, "{told:?}");
    until("the end of every reader", || {
        processes_of(&reader).is_empty().then_some(())
    });
}

#[test]
fn damaged_files_change_nothing_and_leave_nothing_behind() {
    let database = Database::migrated();
    let before = everything(&database);
    let program = env!("CARGO_BIN_EXE_cadastre");
    let cases = cases(&Worker::new(program.into(), vec!["worker".into()]));
    let apart = cases.len() / IMPORTED;
    for (name, count) in cases.iter().step_by(apart) {
        let folder = tempfile::tempdir().unwrap();
        let path = mutant(name, *count, folder.path());
        let finished = import(&database, &path, &["--dry-run"]);
        let code = finished.status.code();
        assert!(
            matches!(code, Some(0..=3)) && !finished.output.contains("panicked"),
            "{name} damaged in way {count}: {}\n{}",
            finished.status,
            finished.output
        );
    }
    assert_eq!(everything(&database), before);
}
