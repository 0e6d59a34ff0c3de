//! What is left out of a comparison: polygons of a file, which is untrusted, or of a request.

use std::path::Path;

use domain::lang::Message;
use domain::layers::VOLUME_CHANGES;
use domain::message;
use domain::record::Severity;
use geo_types::{Geometry, LineString, MultiPolygon};
use geodesy::{GeodesyError, Reading};
use wkt::TryFromWkt as _;

use super::areas;
use crate::convert::{Converter, Place, RegionNames};
use crate::coordinates::{CoordinateError, Decision, Given, Sample, decide_by_sample};
use crate::mapping::Mapping;
use crate::process::{Worker, WorkerError};
use crate::protocol::{Inspection, Job, SourceGeometry, SourceLayer, SourceRecord};
use crate::receive::{ReceiveError, receive};

/// The most polygons of a mask.
const MOST_AREAS: usize = 10_000;
/// The longest polygon of a request, bytes.
const LONGEST_TEXT: usize = 20_000;

/// An area that is left out, longitude and latitude, WGS 84.
#[derive(Clone, Debug)]
pub struct Excluded {
    /// The area.
    pub area: MultiPolygon<f64>,
    /// Where it is from, such as the name of a file with its digest.
    pub source: String,
}

/// Why a file is no mask.
#[derive(Debug, thiserror::Error)]
pub enum MaskError {
    /// It cannot be received.
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    /// It cannot be read.
    #[error("the mask cannot be read")]
    Worker(#[from] WorkerError),
    /// Its coordinates are in doubt.
    #[error(transparent)]
    Coordinates(#[from] CoordinateError),
    /// Its coordinates cannot be transformed.
    #[error("the coordinates of the mask cannot be transformed; name their system with --crs")]
    Transform(#[from] GeodesyError),
    /// It has no polygons, or bad ones.
    #[error("{file}: {reason}")]
    Unfit {
        /// The file.
        file: String,
        /// Why.
        reason: Message,
    },
}

impl Excluded {
    /// The polygons of a file, read in the worker process as any survey file is. `crs` says how its
    /// coordinates are meant, where the file does not.
    ///
    /// # Errors
    /// When the file cannot be read, its coordinates are in doubt, or it has no sound polygons.
    pub async fn of_file(
        worker: &Worker,
        path: &Path,
        crs: Option<&Reading>,
    ) -> Result<Self, MaskError> {
        let received = receive(path)?;
        let name = received.name.as_str();
        let unfit = |reason| MaskError::Unfit {
            file: name.to_owned(),
            reason,
        };
        let job = Job::Inspect {
            path: path.to_owned(),
            encoding: None,
        };
        let inspection = worker.inspect(&job).await?;
        let layer = layer(&inspection).map_err(unfit)?;
        let records = records(worker, path, layer).await?.map_err(unfit)?;
        let decision = decision(name, layer, crs, &records)?;
        let area = converted(&decision, &records)?.map_err(unfit)?;
        received.check_unchanged()?;
        Ok(Self {
            area,
            source: format!("{name} (SHA-256 {})", received.sha256),
        })
    }

    /// A polygon or multipolygon as well-known text, longitude before latitude, WGS 84.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn of_wkt(text: &str) -> Result<Self, Message> {
        let wanted = || {
            message!(
                "потребан је POLYGON или MULTIPOLYGON у WKT облику, географска дужина пре ширине, \
                 највише {LONGEST_TEXT} знакова",
                "give a POLYGON or MULTIPOLYGON as WKT, longitude before latitude, at most \
                 {LONGEST_TEXT} characters"
            )
        };
        if text.len() > LONGEST_TEXT {
            return Err(wanted());
        }
        let geometry = Geometry::try_from_wkt_str(text).map_err(|_| wanted())?;
        let area = areas(Some(geometry)).ok_or_else(wanted)?;
        let on_earth = area.iter().all(|part| {
            let rings = std::iter::once(part.exterior()).chain(part.interiors());
            rings
                .flat_map(LineString::coords)
                .all(|corner| corner.x.abs() <= 180.0 && corner.y.abs() <= 90.0)
        });
        if !on_earth || area.0.is_empty() {
            return Err(wanted());
        }
        Ok(Self {
            area,
            source: "WKT".to_owned(),
        })
    }
}

/// The only layer that may have polygons.
fn layer(inspection: &Inspection) -> Result<&SourceLayer, Message> {
    let fits = |layer: &&SourceLayer| {
        matches!(
            layer.geometry,
            SourceGeometry::Polygon | SourceGeometry::Mixed
        )
    };
    let found: Vec<&SourceLayer> = inspection.layers.iter().filter(fits).collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(message!(
            "датотека нема слој са површинама; маска су полигони онога што се изузима",
            "the file has no layer of polygons; a mask is the polygons of what is left out"
        )),
        _ => Err(message!(
            "датотека има више слојева са површинама; сачувајте маску као посебну датотеку",
            "the file has several layers of polygons; save the mask as a file of its own"
        )),
    }
}

async fn records(
    worker: &Worker,
    path: &Path,
    layer: &SourceLayer,
) -> Result<Result<Vec<SourceRecord>, Message>, WorkerError> {
    let job = Job::Read {
        path: path.to_owned(),
        layer: layer.name.clone(),
        encoding: layer.encoding.name.clone(),
    };
    let mut reading = worker.read(&job).await?;
    let mut records = Vec::new();
    while let Some(batch) = reading.next().await? {
        records.extend(batch);
        if records.len() > MOST_AREAS {
            return Ok(Err(message!(
                "маска може имати највише {MOST_AREAS} површина; упростите је",
                "a mask may have at most {MOST_AREAS} polygons; simplify it"
            )));
        }
    }
    Ok(Ok(records))
}

fn decision(
    file: &str,
    layer: &SourceLayer,
    crs: Option<&Reading>,
    records: &[SourceRecord],
) -> Result<Decision, CoordinateError> {
    let place = Place::undecided(None);
    let mut sample = Sample::default();
    for record in records {
        sample.add(record.row, place.position(record));
    }
    let given = Given {
        file,
        named: crs,
        declared: layer.crs.as_ref(),
        columns: None,
        is_table: false,
    };
    decide_by_sample(&given, &sample)
}

/// The polygons, checked and repaired as those of a survey file.
fn converted(
    decision: &Decision,
    records: &[SourceRecord],
) -> Result<Result<MultiPolygon<f64>, Message>, GeodesyError> {
    let nothing = Mapping {
        matched: Vec::new(),
        ignored: Vec::new(),
        coordinates: None,
        made_from: None,
    };
    let names = RegionNames::default();
    let mut converter = Converter::new(&VOLUME_CHANGES, &nothing, Some(decision), names)?;
    let mut parts = Vec::new();
    for record in records {
        let converted = converter.convert(record);
        let error = converted
            .findings
            .into_iter()
            .find(|finding| finding.severity == Severity::Error);
        if let Some(error) = error {
            let (row, Message { sr, en }) = (record.row, error.message);
            return Ok(Err(message!("површина {row}: {sr}", "polygon {row}: {en}")));
        }
        parts.extend(areas(converted.record.geometry).into_iter().flatten());
    }
    if parts.is_empty() {
        return Ok(Err(message!("маска је празна", "the mask is empty")));
    }
    Ok(Ok(MultiPolygon(parts)))
}
