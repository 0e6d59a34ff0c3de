//! Formats that are a file as a whole: written to a temporary one, sent, and gone, also when the client
//! leaves in the middle.

mod geopackage;
mod qml;
mod shapefile;
mod workbook;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use futures_util::StreamExt;
use store::feature::Feature;
use store::geopackage::GeoPackageError;
use store::{Store, StoreError};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::Encoding;
use crate::error::{ApiError, Chain};
use crate::geojson::WriteError;
use crate::problem::Problem;
use crate::stream::Job;
use crate::stream::file_body;
pub use shapefile::WARNING;

/// Packages that are written at a time; more wait for their turn.
static TURNS: Semaphore = Semaphore::const_new(4);
/// The largest package that is made, bytes.
const MOST_BYTES: u64 = 4 << 30;
/// Features that are handed over at a time.
const BATCH: usize = 32;

/// Why a package could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A feature could not be written.
    #[error("a feature could not be written")]
    Feature(#[from] WriteError),
    /// A `GeoPackage` could not be written.
    #[error("the GeoPackage was not made")]
    GeoPackage(#[from] GeoPackageError),
    /// A workbook could not be written.
    #[error("the workbook was not made")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// An archive could not be written.
    #[error("the archive was not made")]
    Archive(#[from] zip::result::ZipError),
    /// A temporary file could not be written.
    #[error("a temporary file could not be written")]
    File(#[from] std::io::Error),
    /// The format or the service cannot hold so much.
    #[error("the features are more than the format holds")]
    TooMuch,
    /// The rows ended before they were complete.
    #[error("the features did not arrive to the end")]
    Abandoned,
}

impl From<StoreError> for PackageError {
    fn from(error: StoreError) -> Self {
        Self::Feature(error.into())
    }
}

/// A package that takes features.
trait Package {
    fn add(&mut self, feature: &Feature) -> Result<(), PackageError>;

    /// Completes the file.
    fn finish(self: Box<Self>) -> Result<File, PackageError>;
}

/// What the writer is told.
enum Said {
    Features(Vec<Feature>),
    /// That was all. Without it, the answer was given up.
    End,
}

/// A package that is ready to be sent.
pub struct Made {
    /// The file.
    pub body: Body,
    /// How long it is, bytes.
    pub length: u64,
    /// The last revision of the layer.
    pub revision: i64,
}

/// Makes a package.
pub async fn make(store: &Store, job: Job) -> Result<Made, ApiError> {
    let job = Arc::new(job);
    let failed = |error: &PackageError| failed(&job, error);
    let state = store.layer_state(job.layer).await;
    let state = state.map_err(|error| job.context.store_error(&error))?;
    let turn = TURNS.acquire().await;
    let (sender, receiver) = channel(2);
    let writing = tokio::task::spawn_blocking({
        let job = Arc::clone(&job);
        move || {
            let made = write(&job, receiver);
            drop(turn);
            made
        }
    });
    let sent = send(store, &job, sender).await;
    let made = writing.await.map_err(|error| {
        tracing::error!(%error, "a package was not written");
        job.context.error(Problem::Internal)
    })?;
    // A failed query is the cause of an abandoned package, not the other way round.
    sent.map_err(|error| failed(&error.into()))?;
    let file = made.map_err(|error| failed(&error))?;
    let length = file
        .metadata()
        .map_err(|error| failed(&error.into()))?
        .len();
    Ok(Made {
        body: file_body(file),
        length,
        revision: state.revision.unwrap_or_default(),
    })
}

fn failed(job: &Job, error: &PackageError) -> ApiError {
    let too_much = matches!(
        error,
        PackageError::TooMuch | PackageError::GeoPackage(GeoPackageError::Full)
    );
    if too_much {
        let format = job.format.format.name;
        return job.context.error(Problem::TooMuch { format });
    }
    if let PackageError::Feature(WriteError::Row(error)) = error {
        return job.context.store_error(error);
    }
    tracing::error!(error = %Chain(error), "a package was not made");
    job.context.error(Problem::Internal)
}

/// Hands the rows over as they come. A writer that no longer listens has failed, and says why itself.
async fn send(store: &Store, job: &Job, sender: Sender<Said>) -> Result<(), StoreError> {
    let (columns, page) = (job.request.columns.clone(), &job.request.page);
    let rows = store.items_in_order(job.layer, columns, &job.request.selection, page);
    let mut batches = rows.await.ready_chunks(BATCH);
    while let Some(batch) = batches.next().await {
        let features = batch.into_iter().collect::<Result<Vec<_>, _>>()?;
        if sender.send(Said::Features(features)).await.is_err() {
            return Ok(());
        }
    }
    drop(sender.send(Said::End).await);
    Ok(())
}

/// Writes the file. The folder goes when this returns; a file that is still open stays readable.
fn write(job: &Job, mut said: Receiver<Said>) -> Result<File, PackageError> {
    let folder = TempDir::with_prefix("cadastre-")?;
    let mut package = open(job, folder.path())?;
    loop {
        match said.blocking_recv() {
            Some(Said::Features(features)) => {
                for feature in &features {
                    package.add(feature)?;
                }
            }
            Some(Said::End) => return package.finish(),
            None => return Err(PackageError::Abandoned),
        }
    }
}

fn open(job: &Job, folder: &Path) -> Result<Box<dyn Package>, PackageError> {
    Ok(match job.format.encoding {
        Encoding::Xlsx => Box::new(workbook::Workbook::new(job, folder)?),
        Encoding::Shapefile => Box::new(shapefile::Shapefile::new(job, folder)?),
        _ => Box::new(geopackage::File::new(job, folder)?),
    })
}
