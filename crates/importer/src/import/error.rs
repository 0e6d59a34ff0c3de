//! Why a file was not imported.

use std::path::Path;

use domain::Text;
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
    /// What happened, in a sentence without its details.
    pub const fn gist(&self) -> Text {
        match self {
            Self::Receive(_) => Text::new(
                "Датотека не може да се прими: пошаљите је поново, целу и у једном од познатих облика.",
                "The file cannot be received: send it again, whole and in one of the known formats.",
            ),
            Self::Worker { .. } => Text::new(
                "Датотека не може да се прочита: проверите да ли се отвара у QGIS-у, па је сачувајте поново.",
                "The file cannot be read: check whether QGIS opens it, and save it anew.",
            ),
            Self::Choose(_) => Text::new(
                "Није јасно који слој датотеке у који слој катастра иде: наведите их.",
                "It is not clear which layer of the file goes into which layer of the register: name them.",
            ),
            Self::Mapping { .. } => Text::new(
                "Поља датотеке не могу да се препознају: наведите датотеку пресликавања.",
                "The fields of the file are not recognised: give a mapping file.",
            ),
            Self::Coordinates(_) => Text::new(
                "Координате се не могу протумачити: исправите их, или наведите њихов систем.",
                "The coordinates cannot be made out: correct them, or name their system.",
            ),
            Self::Transform { .. } => Text::new(
                "Координате не могу да се преведу: наведите њихов систем.",
                "The coordinates cannot be transformed: name their system.",
            ),
            Self::Store(_) => Text::new(
                "База података није примила записе: покушајте поново.",
                "The database did not take the records: try again.",
            ),
            Self::Stopped { .. } => Text::new(
                "Увоз је стао на пола пута и ништа није промењено: покушајте поново.",
                "The import stopped half-way and nothing was changed: try again.",
            ),
        }
    }

    /// The worker could not read the file at this path.
    pub(super) fn unread(path: &Path, source: WorkerError) -> Self {
        Self::Worker {
            file: path.display().to_string(),
            source,
        }
    }
}
