//! A change of volume between two surveys of a facility: found in the register, checked, computed,
//! and kept as a finding.
//!
//! The computing is `raster::volume`, which knows no register. This module stands between: it is here
//! because this crate alone links the store and the rasters for others to use, and because the
//! finding goes into the register as a file's records do, by staging, comparison and one revision.
//! The command and the service's report both use it.

mod checks;
mod finding;
mod mask;
mod publish;
mod words;

use std::path::Path;
use std::sync::Arc;

use domain::lang::Message;
use domain::layers::{FACILITY_OUTLINES, SURVEYS, Survey};
use domain::lists::VerticalDatum;
use domain::message;
use domain::region::FacilityCode;
use geo_types::{Geometry, MultiPolygon};
use geodesy::{Bounds, Crs};
use raster::volume::{Inputs, Options, VolumeError, compare};
use raster::{Image, Library, RasterError};
use store::items::{Bbox, Selection};
use store::{Store, StoreError};

pub use finding::Finding;
pub use mask::{Excluded, MaskError};
pub use publish::{Kept, publish};

/// Most outlines of facilities that are looked at around a survey.
const MOST_OUTLINES: u32 = 10_000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct VolumeRequest {
    /// The code of the earlier survey.
    pub from: String,
    /// The code of the later survey.
    pub to: String,
    /// The facility whose outline is compared.
    pub facility: FacilityCode,
    /// The code of the finding; none for `{facility}-volume-{from}-{to}`.
    pub code: Option<String>,
    /// What is left out, such as water.
    pub excluded: Option<Excluded>,
    /// How it is computed; [`Options::accuracies_m`] is taken from the surveys where it is none.
    pub options: Options,
}

/// Why there is no change of volume.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The register has no survey of this code.
    #[error("there is no survey {0}; the codes are in the layer surveys")]
    NoSurvey(String),
    /// The register has no outline of this facility.
    #[error(
        "there is no outline of the facility {0}; the outlines are in the layer facility_outlines"
    )]
    NoOutline(FacilityCode),
    /// These surveys cannot be compared; plain words with the way out.
    #[error("{0}")]
    Refused(Message),
    /// An image cannot be read, or the difference cannot be kept.
    #[error("the surveys could not be compared")]
    Raster(#[from] RasterError),
    /// The register does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The work was stopped.
    #[error("the comparison stopped half-way and nothing was changed; try again")]
    Stopped,
}

impl From<VolumeError> for ChangeError {
    fn from(error: VolumeError) -> Self {
        match error {
            VolumeError::Refused(reason) => Self::Refused(reason),
            VolumeError::Raster(error) => Self::Raster(error),
        }
    }
}

/// One of the two surveys.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    survey: Survey,
    code: String,
    /// The digest of its image.
    digest: String,
    crs: Crs,
    footprint: Option<MultiPolygon<f64>>,
}

/// A comparison that can be made: everything that the register knows about it.
#[derive(Clone, Debug)]
pub struct Plan {
    request: VolumeRequest,
    from: Party,
    to: Party,
    /// The datum that both surveys are said to have.
    vertical_datum: Option<VerticalDatum>,
    outline: MultiPolygon<f64>,
    /// The outlines of all facilities near the surveys.
    unstable: Vec<MultiPolygon<f64>>,
    /// What the records of the surveys already give cause to say.
    warnings: Vec<Message>,
}

/// Finds the surveys and the outline in the register, and checks that they can be compared.
///
/// # Errors
/// [`ChangeError::NoSurvey`], [`ChangeError::NoOutline`], and [`ChangeError::Refused`] for surveys of
/// no terrain, of one day, in the wrong order, or of different vertical datums.
pub async fn plan(store: &Store, mut request: VolumeRequest) -> Result<Plan, ChangeError> {
    let from = party(store, &request.from).await?;
    let to = party(store, &request.to).await?;
    let mut warnings = Vec::new();
    checks::dates(&from, &to)?;
    warnings.extend(checks::kinds(&from, &to)?);
    let (vertical_datum, doubt) = checks::datums(&from, &to)?;
    warnings.extend(doubt);
    let outline = outline(store, &request.facility).await?;
    let unstable = outlines_around(store, &from, &to).await?;
    request.options.accuracies_m = request
        .options
        .accuracies_m
        .or_else(|| Some([from.accuracy_m()?, to.accuracy_m()?]));
    Ok(Plan {
        request,
        from,
        to,
        vertical_datum,
        outline,
        unstable,
        warnings,
    })
}

impl Plan {
    /// Computes the change; it blocks. With a path, the difference of heights is written there as a
    /// `GeoTIFF`.
    ///
    /// # Errors
    /// [`ChangeError::Refused`] when the images cannot be compared, [`ChangeError::Raster`] when one
    /// cannot be read.
    pub fn compute(
        self,
        library: &Library,
        difference: Option<&Path>,
    ) -> Result<Finding, ChangeError> {
        let [from, to] = [self.from.image(library)?, self.to.image(library)?];
        let none = MultiPolygon(Vec::new());
        let excluded = self.request.excluded.as_ref();
        let inputs = Inputs {
            from: &from,
            to: &to,
            outline: &self.outline,
            unstable: &self.unstable,
            excluded: excluded.map_or(&none, |excluded| &excluded.area),
        };
        let mut compared = compare(&inputs, &self.request.options, difference)?;
        compared.change.warnings.splice(0..0, self.warnings.clone());
        Ok(Finding::new(self, compared))
    }
}

impl Party {
    fn accuracy_m(&self) -> Option<f64> {
        self.survey
            .vertical_accuracy_m
            .map(domain::quantity::Metres::get)
    }

    fn image(&self, library: &Library) -> Result<Arc<Image>, RasterError> {
        library.image(&self.digest, &self.crs)
    }
}

async fn party(store: &Store, code: &str) -> Result<Party, ChangeError> {
    let found = store.record_of_code(&SURVEYS, code).await?;
    let record = found
        .ok_or_else(|| ChangeError::NoSurvey(code.to_owned()))?
        .record;
    let survey = Survey::from_record(&record);
    let no_image = || {
        ChangeError::Refused(message!(
            "снимак {code} нема растер; унесите га поново",
            "the survey {code} has no image; import it again"
        ))
    };
    let digest = survey.image_sha256.clone().ok_or_else(no_image)?;
    let crs = survey.horizontal_crs.as_deref().ok_or_else(no_image)?;
    Ok(Party {
        code: code.to_owned(),
        digest,
        crs: Crs::parse(crs).map_err(RasterError::from)?,
        footprint: areas(record.geometry),
        survey,
    })
}

async fn outline(store: &Store, facility: &FacilityCode) -> Result<MultiPolygon<f64>, ChangeError> {
    let found = store
        .record_of_code(&FACILITY_OUTLINES, facility.as_str())
        .await?;
    let outline = found.and_then(|found| areas(found.record.geometry));
    outline.ok_or_else(|| ChangeError::NoOutline(facility.clone()))
}

/// The outlines of the facilities in the rectangle around both surveys.
async fn outlines_around(
    store: &Store,
    from: &Party,
    to: &Party,
) -> Result<Vec<MultiPolygon<f64>>, ChangeError> {
    let corners = [from, to]
        .into_iter()
        .filter_map(|one| one.footprint.as_ref());
    let corners = corners
        .flatten()
        .flat_map(|part| part.exterior().coords())
        .map(|corner| (corner.x, corner.y));
    let bbox = Bounds::of_points(corners).map(|bounds| Bbox {
        west: bounds.min_x,
        south: bounds.min_y,
        east: bounds.max_x,
        north: bounds.max_y,
    });
    let selection = Selection {
        bbox,
        ..Selection::default()
    };
    let found = store
        .records(&FACILITY_OUTLINES, &selection, MOST_OUTLINES)
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|one| areas(one.record.geometry))
        .collect())
}

fn areas(geometry: Option<Geometry<f64>>) -> Option<MultiPolygon<f64>> {
    match geometry? {
        Geometry::MultiPolygon(areas) => Some(areas),
        Geometry::Polygon(area) => Some(MultiPolygon(vec![area])),
        _ => None,
    }
}
