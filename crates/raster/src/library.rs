//! The raster folder, and the images of it that are open.

mod bucket;
mod incoming;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, TryFutureExt as _};
use geodesy::Crs;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::error::RasterError;
use crate::image::Image;
use bucket::Bucket;
pub use incoming::Incoming;

/// So many images stay open for the next reader.
const MOST_OPEN: usize = 64;
/// So many bytes of a file are read at a time.
const READ_BYTES: usize = 256 * 1024;

/// What a file of the library is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A survey as it was sent.
    Original,
    /// A cloud-optimised `GeoTIFF` that the register made.
    Image,
    /// The difference of two surveys that a change of volume was summed from.
    Difference,
}

impl Kind {
    const fn folder(self) -> &'static str {
        match self {
            Self::Original => "originals",
            Self::Image => "images",
            Self::Difference => "differences",
        }
    }
}

/// The folder or bucket that keeps the originals and the images, each named by its SHA-256 digest,
/// and the images that are open.
#[derive(Debug)]
pub struct Library {
    place: Place,
    /// The least recently used first.
    open: Mutex<Vec<(String, Arc<Image>)>>,
}

/// Where the files are.
#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Bucket(Bucket),
}

impl Library {
    /// The library of a folder, which need not be there yet, or of `s3://bucket/prefix`: then by
    /// the usual variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION` and, for
    /// other services than Amazon's, `AWS_ENDPOINT_URL`.
    pub fn new(place: PathBuf) -> Self {
        let bucket = place.to_str().and_then(Bucket::of);
        Self {
            place: bucket.map_or(Place::Folder(place), Place::Bucket),
            open: Mutex::new(Vec::new()),
        }
    }

    /// What GDAL calls the image of this digest.
    pub fn image_path(&self, sha256: &str) -> String {
        match &self.place {
            Place::Folder(folder) => file(folder, Kind::Image, sha256)
                .to_string_lossy()
                .into_owned(),
            Place::Bucket(bucket) => bucket.gdal_path(Kind::Image, sha256),
        }
    }

    /// The size of a file, bytes.
    ///
    /// # Errors
    /// `NotFound` when the library does not have it.
    pub async fn size(&self, kind: Kind, sha256: &str) -> io::Result<u64> {
        match &self.place {
            Place::Folder(folder) => {
                let found = tokio::fs::metadata(file(folder, kind, sha256)).await?;
                Ok(found.len())
            }
            Place::Bucket(bucket) => bucket.size(kind, sha256).await,
        }
    }

    /// The bytes of a part of a file, as they are read: memory does not grow with the range, which
    /// ends at the file's end at the latest.
    pub fn read_range(
        &self,
        kind: Kind,
        sha256: &str,
        range: Range<u64>,
    ) -> BoxStream<'static, io::Result<Bytes>> {
        match &self.place {
            Place::Folder(folder) => part(file(folder, kind, sha256), range)
                .try_flatten_stream()
                .boxed(),
            Place::Bucket(bucket) => bucket.read_range(kind, sha256, range),
        }
    }

    /// A folder of its own for the files of one import, empty, on the library's file system, or for
    /// a bucket among the system's temporary files. What killed imports left behind is removed.
    ///
    /// # Errors
    /// When the library's folder cannot be written.
    pub fn incoming(&self) -> Result<Incoming, RasterError> {
        let folder = match &self.place {
            Place::Folder(folder) => folder.join("incoming"),
            Place::Bucket(_) => std::env::temp_dir().join("cadastre-incoming"),
        };
        Incoming::make(&folder).map_err(|source| RasterError::NotKept {
            path: folder,
            source,
        })
    }

    /// Takes a file of [`Library::incoming`] into the library under its digest, whole or not at
    /// all; one that is there already stays.
    ///
    /// # Errors
    /// [`RasterError::NotKept`] when the library's folder cannot be written.
    pub async fn place(&self, local: &Path, kind: Kind, sha256: &str) -> Result<(), RasterError> {
        let to = match &self.place {
            Place::Folder(folder) => file(folder, kind, sha256),
            Place::Bucket(bucket) => return bucket.place(local, kind, sha256).await,
        };
        let not_kept = |source| RasterError::NotKept {
            path: to.clone(),
            source,
        };
        let (from, target) = (local.to_owned(), to.clone());
        tokio::task::spawn_blocking(move || incoming::settle(&from, &target))
            .await
            .map_err(|stopped| not_kept(io::Error::other(stopped)))?
            .map_err(not_kept)
    }

    /// The image of this digest, whose cells lie in `crs`.
    ///
    /// # Errors
    /// As [`Image::open`].
    pub fn image(&self, sha256: &str, crs: &Crs) -> Result<Arc<Image>, RasterError> {
        if let Some(image) = self.opened(sha256) {
            return Ok(image);
        }
        let image = Arc::new(Image::open(&self.image_path(sha256), crs.clone())?);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST_OPEN {
            open.remove(0);
        }
        open.push((sha256.to_owned(), Arc::clone(&image)));
        Ok(image)
    }

    /// The image of this digest, when it is open already.
    pub fn opened(&self, sha256: &str) -> Option<Arc<Image>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|(digest, _)| digest == sha256)?;
        let entry = open.remove(at);
        let image = Arc::clone(&entry.1);
        open.push(entry);
        Some(image)
    }
}

fn file(folder: &Path, kind: Kind, sha256: &str) -> PathBuf {
    folder.join(kind.folder()).join(format!("{sha256}.tif"))
}

async fn part(
    path: PathBuf,
    range: Range<u64>,
) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send> {
    let mut file = tokio::fs::File::open(path).await?;
    file.seek(io::SeekFrom::Start(range.start)).await?;
    let wanted = file.take(range.end.saturating_sub(range.start));
    Ok(ReaderStream::with_capacity(wanted, READ_BYTES))
}

#[cfg(test)]
mod tests;
