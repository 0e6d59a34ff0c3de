//! The geometries of records: read, judged, brought to longitude, latitude WGS 84. What one geometry
//! is does not depend on others, so they may be a step ahead of the values.

use domain::lang::Message;
use domain::record::{Finding, Severity};
use domain::{Layer, message};
use geo_types::{Geometry, Point};
use geodesy::GeodesyError;

use super::judge::Remark;
use super::repair::HolesSaid;
use super::{Place, fit, judge};
use crate::coordinates::{Decision, Mover};
use crate::mapping::Mapping;
use crate::protocol::SourceRecord;

/// Reads the geometries of one layer of a file as those of one layer of the register. It belongs to
/// one thread.
#[derive(Debug)]
pub(crate) struct Shapes {
    layer: &'static Layer,
    place: Place,
    mover: Option<Mover>,
    holes: HolesSaid,
    heights_dropped: u64,
    turned: u64,
}

/// The geometry of a record, and what was found about it.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) geometry: Option<Geometry<f64>>,
    pub(crate) findings: Vec<Finding>,
}

impl Shapes {
    /// Without a decision the file has no coordinates.
    pub(crate) fn new(
        layer: &'static Layer,
        mapping: &Mapping,
        decision: Option<&Decision>,
    ) -> Result<Self, GeodesyError> {
        let notation = decision.map(|decision| decision.notation);
        Ok(Self {
            layer,
            place: Place::noted(mapping.coordinates, notation.unwrap_or_default()),
            mover: decision.map(Decision::mover).transpose()?.flatten(),
            holes: HolesSaid::default(),
            heights_dropped: 0,
            turned: 0,
        })
    }

    /// For geometries that are in longitude, latitude, WGS 84 already.
    pub(crate) fn in_wgs84(layer: &'static Layer) -> Self {
        Self {
            layer,
            place: Place::undecided(None),
            mover: None,
            holes: HolesSaid::default(),
            heights_dropped: 0,
            turned: 0,
        }
    }

    /// The same, for a file that says in another way which rings are holes.
    pub(crate) fn with_holes_said(self, holes: HolesSaid) -> Self {
        Self { holes, ..self }
    }

    /// How many geometries had heights or measures, which the register does not keep.
    pub(crate) const fn heights_dropped(&self) -> u64 {
        self.heights_dropped
    }

    /// What to say of the file when rings were turned round; their direction means nothing here.
    pub(crate) fn turned_in_words(&self) -> Option<Message> {
        let count = self.turned;
        (count > 0).then(|| {
            message!(
                "прстенови површина обрнути су тако да спољна граница иде супротно од казаљке на \
                 сату, а рупе у смеру казаљке (RFC 7946); записа: {count}",
                "rings of areas were turned so that outer boundaries run counter-clockwise and holes \
                 clockwise (RFC 7946); records: {count}"
            )
        })
    }

    /// The geometry of one record; none where it has none, or one that cannot be kept.
    pub(crate) fn read(&mut self, source: &SourceRecord) -> Shape {
        let mut shape = Shape::default();
        match self.geometry(source, &mut shape.findings) {
            Ok(geometry) => shape.geometry = geometry,
            Err(reason) => {
                let refusal = about_geometry(self.layer, Severity::Error, reason);
                shape.findings.push(refusal);
            }
        }
        shape
    }

    fn geometry(
        &mut self,
        source: &SourceRecord,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Geometry<f64>>, Message> {
        let Some(read) = self.place.read(source)? else {
            return Ok(None);
        };
        self.heights_dropped += u64::from(read.had_heights);
        let (fitted, joined) = fit::fit(read.geometry, self.layer.geometry)?;
        let judged = judge::judged(fitted, &read.open, self.holes);
        let judged = judged.map_err(|reason| self.words(reason).1)?;
        self.turned += u64::from(judged.is_turned);
        for remark in joined.into_iter().chain(judged.remarks) {
            let (severity, message) = self.words(remark);
            findings.push(about_geometry(self.layer, severity, message));
        }
        match &self.mover {
            Some(mover) => mover.to_wgs84(judged.geometry).map(Some),
            None => Ok(Some(judged.geometry)),
        }
    }

    fn words(&self, remark: Remark) -> (Severity, Message) {
        remark.words(|at| {
            let moved = self.mover.as_ref()?.to_wgs84(Point::from(at).into());
            let Ok(Geometry::Point(place)) = moved else {
                return None;
            };
            Some(place.x_y())
        })
    }
}

pub(super) fn about_geometry(
    layer: &Layer,
    severity: Severity,
    message: impl Into<Message>,
) -> Finding {
    Finding::of(severity, layer.geometry_column, message)
}
