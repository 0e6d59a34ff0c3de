//! What is read out of raster surveys, all under `/collections/surveys/items/{id}/`.
//!
//! A handler finds the survey and its image with [`opened`], and does the reading and computing in
//! [`blocking`]: no more of it at once than there are cores, so that pictures cannot starve the rest of
//! the service.

pub mod cutout;
pub mod files;
pub mod heights;
pub mod links;
pub mod matrix_sets;
mod measured;
mod places;
pub mod profile;
mod ranges;
pub mod statistics;
pub mod styles;
pub mod tiles;
pub mod tilesets;

use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;

use domain::layers::{SURVEYS, Survey};
use geodesy::Crs;
use raster::{Image, RasterError};
use store::record::Registered;
use tokio::sync::Semaphore;

use crate::App;
use crate::context::Context;
use crate::error::{ApiError, Chain};
use crate::problem::Problem;

/// A survey of the register with its image.
#[derive(Debug)]
pub struct Opened {
    /// The feature id.
    pub id: i64,
    /// What the register says of it.
    pub survey: Survey,
    /// Its image.
    pub image: Arc<Image>,
    /// The SHA-256 digest of the image, in hexadecimal digits: the same digest is the same cells.
    pub digest: String,
    /// The revision that wrote the record.
    pub revision: i64,
}

/// The survey of a feature id (as it stands in the path) and its image.
///
/// # Errors
/// 404 when there is no such survey, or it has no image.
pub async fn opened(app: &App, context: &Context, id: &str) -> Result<Opened, ApiError> {
    let (number, survey) = survey(app, context, id).await?;
    let (Some(digest), Some(crs)) = (survey.image_sha256.clone(), survey.horizontal_crs.clone())
    else {
        return Err(missing(context, id));
    };
    Ok(Opened {
        id: number,
        image: image(app, context, digest.clone(), crs).await?,
        digest,
        revision: survey.revision.unwrap_or_default(),
        survey,
    })
}

/// The survey of a feature id (as it stands in the path), and that id.
///
/// # Errors
/// 404 when there is no such survey.
pub async fn survey(app: &App, context: &Context, id: &str) -> Result<(i64, Survey), ApiError> {
    let number = id.parse().map_err(|_| missing(context, id))?;
    let found = app.store.record(&SURVEYS, number).await;
    let Registered { id, record } = found
        .map_err(|error| context.store_error(&error))?
        .ok_or_else(|| missing(context, id))?;
    Ok((id, Survey::from_record(&record)))
}

fn missing(context: &Context, id: &str) -> ApiError {
    context.error(Problem::NoSuchFeature {
        layer: SURVEYS.id,
        id: id.to_owned(),
    })
}

/// An image by its digest; opening one for the first time takes milliseconds.
async fn image(
    app: &App,
    context: &Context,
    digest: String,
    crs: String,
) -> Result<Arc<Image>, ApiError> {
    if let Some(image) = app.rasters.opened(&digest) {
        return Ok(image);
    }
    let library = Arc::clone(&app.rasters);
    blocking(context, move || library.image(&digest, &Crs::parse(&crs)?)).await
}

/// Reads and computes on a thread that may block, when a core is free for it.
///
/// # Errors
/// What goes wrong is logged in full and told in general terms: it is never the client's fault.
pub async fn blocking<T: Send + 'static>(
    context: &Context,
    work: impl FnOnce() -> Result<T, RasterError> + Send + 'static,
) -> Result<T, ApiError> {
    let Ok(core) = CORES.acquire().await else {
        return Err(context.error(Problem::Internal));
    };
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(core);
        done
    });
    match done.await {
        Ok(done) => done.map_err(|error| failed(context, &error)),
        Err(panic) => Err(failed(context, &panic)),
    }
}

/// One permit for each core of the machine, whatever number of services run in this process.
static CORES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, Into::into)));

fn failed(context: &Context, error: &(dyn std::error::Error + 'static)) -> ApiError {
    tracing::error!(error = %Chain(error), "a raster could not be read");
    context.error(Problem::Internal)
}
