//! The raster folder, and the images of it that are open.

mod incoming;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{Stream, TryFutureExt as _};
use geodesy::Crs;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::error::RasterError;
use crate::image::Image;
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

/// The folder that keeps the originals and the images, each named by its SHA-256 digest, and the
/// images that are open.
#[derive(Debug)]
pub struct Library {
    folder: PathBuf,
    /// The least recently used first.
    open: Mutex<Vec<(String, Arc<Image>)>>,
}

impl Library {
    /// The library of a folder, which need not be there yet.
    pub const fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            open: Mutex::new(Vec::new()),
        }
    }

    /// What GDAL calls the image of this digest.
    pub fn image_path(&self, sha256: &str) -> String {
        let file = self.path(Kind::Image, sha256);
        file.to_string_lossy().into_owned()
    }

    fn path(&self, kind: Kind, sha256: &str) -> PathBuf {
        self.folder
            .join(kind.folder())
            .join(format!("{sha256}.tif"))
    }

    /// The size of a file, bytes.
    ///
    /// # Errors
    /// `NotFound` when the library does not have it.
    pub async fn size(&self, kind: Kind, sha256: &str) -> io::Result<u64> {
        let file = tokio::fs::metadata(self.path(kind, sha256)).await?;
        Ok(file.len())
    }

    /// The bytes of a part of a file, as they are read: memory does not grow with the range, which
    /// ends at the file's end at the latest.
    pub fn read_range(
        &self,
        kind: Kind,
        sha256: &str,
        range: Range<u64>,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        part(self.path(kind, sha256), range).try_flatten_stream()
    }

    /// A folder of its own for the files of one import, empty, on the library's file system. What
    /// killed imports left behind is removed.
    ///
    /// # Errors
    /// When the library's folder cannot be written.
    pub fn incoming(&self) -> Result<Incoming, RasterError> {
        let folder = self.folder.join("incoming");
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
        let to = self.path(kind, sha256);
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
