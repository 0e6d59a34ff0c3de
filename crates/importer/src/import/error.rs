//! Why a file was not imported.

use std::path::Path;

use geodesy::GeodesyError;
use store::StoreError;

use crate::choose::ChooseError;
use crate::coordinates::CoordinateError;
use crate::mapping::MappingError;
use crate::process::WorkerError;
use crate::receive::ReceiveError;

/// Why a file was not imported. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be received.
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    /// It cannot be read.
    #[error("{file} cannot be imported")]
    Worker {
        /// The file.
        file: String,
        /// Why.
        source: WorkerError,
    },
    /// It has no layer to import, or too many.
    #[error(transparent)]
    Choose(#[from] ChooseError),
    /// Its fields cannot be matched.
    #[error("{file}: {reason}")]
    Mapping {
        /// The file.
        file: String,
        /// Why.
        reason: MappingError,
    },
    /// Its coordinates are in doubt.
    #[error(transparent)]
    Coordinates(#[from] CoordinateError),
    /// Its coordinates cannot be transformed.
    #[error("the coordinates of {file} cannot be transformed; name their system with --crs")]
    Transform {
        /// The file.
        file: String,
        /// Why.
        source: GeodesyError,
    },
    /// The register does not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A step ended that should not have.
    #[error("the import of {file} stopped half-way and nothing was changed; try again")]
    Stopped {
        /// The file.
        file: String,
    },
}

impl ImportError {
    /// The worker could not read the file at this path.
    pub(super) fn unread(path: &Path, source: WorkerError) -> Self {
        Self::Worker {
            file: path.display().to_string(),
            source,
        }
    }
}
