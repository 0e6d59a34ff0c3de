//! The raster folder, and the images of it that are open.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use geodesy::Crs;

use crate::error::RasterError;
use crate::image::Image;

/// So many images stay open for the next reader.
const MOST_OPEN: usize = 64;

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
        let file = self.folder.join("images").join(format!("{sha256}.tif"));
        file.to_string_lossy().into_owned()
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

    fn opened(&self, sha256: &str) -> Option<Arc<Image>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|(digest, _)| digest == sha256)?;
        let entry = open.remove(at);
        let image = Arc::clone(&entry.1);
        open.push(entry);
        Some(image)
    }
}
