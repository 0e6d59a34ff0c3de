//! Where the cells of a file lie, and in what coordinate reference system.

use domain::lang::Message;
use domain::message;
use geodesy::{Bounds, Crs, GeodesyError, Reading, TransformPlan};
use raster::Grid;
use raster::inspection::Placement;

use super::{File, SurveyError, facility};
use crate::coordinates::{CrsDecision, Decision, Given, decide, read_declared};
use crate::protocol::DeclaredCrs;

/// Around so many metres of the facility, the numbers of a raster that reaches beyond Serbia decide.
const NEAR_FACILITY_M: f64 = 1_000.0;

/// The place of a file's cells, decided.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// Zone digits that the file leaves out are in it.
    pub(super) grid: Grid,
    pub(super) crs: Crs,
    /// The same for the report.
    pub(super) described: CrsDecision,
    /// What was changed.
    pub(super) notes: Vec<Message>,
}

impl Placed {
    pub(super) fn decide(file: &File<'_>) -> Result<Self, SurveyError> {
        let grid = grid(file)?;
        let decision = decision(file, &grid.bounds())?;
        let mut readings = decision.readings();
        let reading = readings.next().ok_or_else(|| file.stopped())?;
        if reading.is_turned() {
            return Err(SurveyError::Turned {
                file: file.received.name.clone(),
            });
        }
        Ok(Self {
            grid: Grid {
                west: grid.west + reading.add_to_easting_m,
                ..grid
            },
            crs: without_heights(&reading.crs)?,
            described: decision.described.clone(),
            notes: notes(file),
        })
    }

    /// The reference system as the register keeps it.
    pub(super) fn crs_text(&self) -> String {
        self.crs
            .epsg()
            .map_or_else(|| self.crs.to_string(), |code| format!("EPSG:{code}"))
    }
}

/// The horizontal part of a system that counts heights above the ellipsoid, too.
fn without_heights(crs: &Crs) -> Result<Crs, GeodesyError> {
    /// Longitude, latitude and height; longitude and latitude: WGS 84, ETRS89, `SRB_ETRS89`.
    const FLAT: [(u32, u32); 3] = [(4979, 4326), (4937, 4258), (8684, 8685)];
    let flat = FLAT.iter().find(|(solid, _)| Some(*solid) == crs.epsg());
    flat.map_or_else(|| Ok(crs.clone()), |(_, flat)| Crs::from_epsg(*flat))
}

fn grid(file: &File<'_>) -> Result<Grid, SurveyError> {
    let name = file.received.name.clone();
    match file.inspection.placement {
        Placement::Rotated { degrees, .. } => Err(SurveyError::Rotated {
            file: name,
            degrees,
        }),
        Placement::ControlPoints(count) => Err(SurveyError::ControlPoints { file: name, count }),
        Placement::RationalPolynomials => Err(SurveyError::CameraModel { file: name }),
        Placement::NorthUp(_) | Placement::BottomUp(_) | Placement::None => file
            .inspection
            .grid()
            .ok_or(SurveyError::Unplaced { file: name }),
    }
}

fn decision(file: &File<'_>, bounds: &Bounds) -> Result<Decision, SurveyError> {
    let declared = file.inspection.crs.as_ref().map(|crs| DeclaredCrs {
        authority: crs.authority.clone(),
        wkt: crs.wkt.clone(),
    });
    let given = Given {
        file: &file.received.name,
        named: file.request.crs.as_ref(),
        declared: declared.as_ref(),
        columns: None,
        is_table: false,
    };
    let error = match decide(&given, bounds) {
        Ok(decision) => return Ok(decision),
        Err(error) => error,
    };
    // A satellite image may reach beyond Serbia: then the part of it around the facility decides,
    // where the said system places the facility in it.
    let near = around_facility(file, &given, bounds).filter(|_| error.depends_on_numbers());
    let decided = near.and_then(|near| decide(&given, &near).ok());
    decided.ok_or_else(|| error.into())
}

fn around_facility(file: &File<'_>, given: &Given<'_>, bounds: &Bounds) -> Option<Bounds> {
    let declared = || read_declared(given.declared?).ok().map(Reading::plain);
    let said = given.named.cloned().or_else(declared)?;
    let (lon, lat) = file.facility.place();
    let plan = TransformPlan::of_reading(&said).ok()?;
    let place = plan.from_wgs84().ok()?.transform(lon, lat).ok()?;
    let reach = if said.crs.is_geographic() {
        NEAR_FACILITY_M / 111_000.0
    } else {
        NEAR_FACILITY_M
    };
    facility::around(place, reach, bounds)
}

fn notes(file: &File<'_>) -> Vec<Message> {
    let mut notes = Vec::new();
    if matches!(file.inspection.placement, Placement::BottomUp(_)) {
        notes.push(message!(
            "редови су у датотеци од југа ка северу; окренути су од севера ка југу",
            "the file has its rows from south to north; they were turned to run from the north"
        ));
    }
    if file.inspection.pixel_is_point {
        notes.push(message!(
            "датотека наводи средишта ћелија (pixel is point); ивице су пола ћелије даље",
            "the file places the centres of cells (pixel is point); their edges are half a cell beyond"
        ));
    }
    notes
}
