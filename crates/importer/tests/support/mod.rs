//! A real worker process and the files to give it.

use std::path::{Path, PathBuf};

use importer::process::{Worker, WorkerError};
use importer::protocol::{Inspection, Job, SourceLayer, SourceRecord, SourceValue};

/// A file of `tests/fixtures`, or an absolute path.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures")
        .join(name)
}

/// A real worker process.
pub fn worker() -> Worker {
    Worker::new(env!("CARGO_BIN_EXE_worker-for-tests").into(), Vec::new())
}

/// What a file holds when the user names an encoding.
pub async fn inspect_as(name: &str, encoding: Option<&str>) -> Result<Inspection, WorkerError> {
    let job = Job::Inspect {
        path: fixture(name),
        encoding: encoding.map(str::to_owned),
    };
    worker().inspect(&job).await
}

/// What a file holds.
pub async fn inspect(name: &str) -> Inspection {
    inspect_as(name, None)
        .await
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The only layer of a file.
pub async fn layer(name: &str) -> SourceLayer {
    let mut layers = inspect(name).await.layers;
    assert_eq!(layers.len(), 1, "{name}");
    layers.remove(0)
}

/// The records of a layer.
pub async fn read(name: &str, layer: &SourceLayer) -> Result<Vec<SourceRecord>, WorkerError> {
    let job = Job::Read {
        path: fixture(name),
        layer: layer.name.clone(),
        encoding: layer.encoding.name.clone(),
    };
    let mut records = worker().read(&job).await?;
    let mut all = Vec::new();
    while let Some(batch) = records.next().await? {
        all.extend(batch);
    }
    Ok(all)
}

/// The records of the only layer of a file.
pub async fn records(name: &str) -> Vec<SourceRecord> {
    let layer = layer(name).await;
    read(name, &layer)
        .await
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The words with which a file is refused.
pub async fn refusal(name: &str) -> String {
    match inspect_as(name, None)
        .await
        .map(|inspection| inspection.layers)
    {
        Err(WorkerError::Refused(words)) => words,
        other => panic!("{name}: {other:?}"),
    }
}

/// The texts of a column.
pub fn texts(records: &[SourceRecord], column: usize) -> Vec<&str> {
    let values = records.iter().map(|record| match &record.values[column] {
        SourceValue::Text(text) => text.as_str(),
        other => panic!("no text in record {}: {other:?}", record.row),
    });
    values.collect()
}

/// ISO 13249-3 WKB of a point, little-endian.
pub fn point(x: f64, y: f64) -> Vec<u8> {
    [
        &[1, 1, 0, 0, 0],
        x.to_le_bytes().as_slice(),
        &y.to_le_bytes(),
    ]
    .concat()
}

/// A text value.
pub fn text(text: &str) -> SourceValue {
    SourceValue::Text(text.to_owned())
}
