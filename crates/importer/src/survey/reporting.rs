//! What is told of a raster survey.

use domain::lang::Message;
use domain::layers::SURVEYS;
use domain::lists::SurveyKind;
use domain::message;
use raster::cog::Seen;

use super::{File, Found};
use crate::coordinates::CoordinateError;
use crate::report::{Counts, Outcome, RecordReport, Report};

impl File<'_> {
    pub(super) fn report(
        &self,
        found: Found,
        one: RecordReport,
        counts: Counts,
        outcome: Outcome,
    ) -> Report {
        Report {
            crs: Some(found.placed.described),
            notes: found.notes,
            counts,
            outcome,
            summary: outcome.in_words(&counts),
            records: vec![one],
            ..self.before_cells()
        }
    }

    /// The report of a file whose coordinates can be read in several ways, with the ways.
    pub(super) fn undecided(&self, error: &CoordinateError) -> Report {
        Report {
            outcome: Outcome::Undecided,
            summary: error.message(),
            readings: error.readings().to_vec(),
            notes: self.inspection.notes.clone(),
            ..self.before_cells()
        }
    }

    fn before_cells(&self) -> Report {
        let it = self.inspection;
        let packing = match it.compression.as_str() {
            "none" => "not compressed",
            other => other,
        };
        let big = if it.big_tiff { "BigTIFF, " } else { "" };
        Report {
            file: self.received.name.clone(),
            sha256: self.received.sha256.clone(),
            size_bytes: self.received.size_bytes,
            format: format!(
                "GeoTIFF ({big}{} × {}, {}, {})",
                it.columns, it.rows, it.sample, packing
            ),
            source_layer: self.request.code(),
            layer: SURVEYS.id,
            encoding: None,
            crs: None,
            fields: Vec::new(),
            ignored: Vec::new(),
            notes: Vec::new(),
            readings: Vec::new(),
            counts: Counts::default(),
            outcome: Outcome::Refused,
            summary: Message::default(),
            records_left_out: 0,
            records: Vec::new(),
            districts: Vec::new(),
        }
    }
}

/// The file was imported before.
pub(super) fn known_image() -> Message {
    message!(
        "ова датотека је већ увезена на исти начин; њен снимак у регистру се користи и даље",
        "this very file was imported before in the same way; its image in the register is kept"
    )
}

/// What the values are.
pub(super) fn values(kind: SurveyKind, seen: &Seen) -> Message {
    let valid = seen.coverage.valid_percent();
    let it = &seen.statistics;
    let (lowest, highest, mean, deviation) = (it.lowest, it.highest, it.mean, it.deviation());
    match kind {
        SurveyKind::Orthophoto => message!(
            "ћелија са подацима: {valid:.1} %",
            "cells with data: {valid:.1} %"
        ),
        SurveyKind::Index => message!(
            "ћелија са подацима: {valid:.1} %; вредности {lowest:.3} до {highest:.3}, средња {mean:.3}",
            "cells with data: {valid:.1} %; values {lowest:.3} to {highest:.3}, mean {mean:.3}"
        ),
        _ => message!(
            "ћелија са подацима: {valid:.1} %; висине {lowest:.2} до {highest:.2} m, средња {mean:.2} m, \
             стандардно одступање {deviation:.2} m",
            "cells with data: {valid:.1} %; heights {lowest:.2} to {highest:.2} m, mean {mean:.2} m, \
             standard deviation {deviation:.2} m"
        ),
    }
}
