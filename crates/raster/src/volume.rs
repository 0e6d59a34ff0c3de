//! How much material came and went between two terrain models: cut, fill and net inside an outline,
//! with the uncertainty that the ground around it shows.
//!
//! The heights of both are taken on the cells of the coarser one, in the reference system of the later
//! one; surveys in different systems go through `geodesy`, by way of WGS 84. A cell's area is that on
//! the ellipsoid, computed from the projection itself: the cells of a grid with a scale factor (0.02 %
//! of area in Gauss-Krüger zones), of Web Mercator (a factor of two in Serbia) or of degrees all
//! give the same volume. Nothing is corrected for the height above the ellipsoid (0.01 % at 300 m).
//!
//! Stable ground is what lies in both surveys outside all facilities (and a margin around them), is
//! not steeper than 40°, and is no outlier. It shows how the surveys are displaced (Nuth & Kääb 2011),
//! their bias and spread (Höhle & Höhle 2009), and how far errors are correlated (Rolstad et al. 2009).
//! Shift and bias are taken out only on request.
//!
//! Cells whose difference is below the level of detection (Lane et al. 2003; Wheaton et al. 2010)
//! count in [`Change::net_of_all_cells_m3`] only.
//!
//! Memory is bounded: both images are read block by block, at most 64 MB of each at a time.

mod flat;
mod frame;
mod mask;
mod messages;
mod output;
mod picture;
mod registration;
mod sampling;
mod spread;
mod stable;
mod sums;
pub mod uncertainty;
mod variogram;

use std::path::Path;

use domain::lang::Message;
use geo_types::MultiPolygon;
use geodesy::Bounds;
use serde::Serialize;

use crate::error::RasterError;
use crate::image::Image;
use crate::polygon;
use frame::{CellAreas, Lattice, Scale};
use mask::Area;
use output::DifferenceFile;
use picture::Overview;
pub use picture::Picture;
use registration::{Shift, horizontal_shift};
use sampling::Source;
use spread::Spread;
pub use stable::LEAST_CELLS;
use stable::{StableGround, Where};
use sums::{Comparison, Sums};
use uncertainty::{Common, Errors, LevelSource, T_95, Uncertainty};

/// What is compared. Polygons are in longitude and latitude, WGS 84.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The image of the earlier survey; its first band holds heights in metres.
    pub from: &'a Image,
    /// The image of the later survey.
    pub to: &'a Image,
    /// Where volumes are summed.
    pub outline: &'a MultiPolygon<f64>,
    /// Ground that is not stable: the outlines of all facilities, this one too.
    pub unstable: &'a [MultiPolygon<f64>],
    /// What is left out, such as water; empty for nothing.
    pub excluded: &'a MultiPolygon<f64>,
}

/// How it is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Whether shift and bias found on stable ground are taken out.
    pub coregister: bool,
    /// Smaller differences do not count, metres; none: by the surveys' accuracies, else by the spread
    /// on stable ground.
    pub level_of_detection_m: Option<f64>,
    /// Standard deviations of the heights of the earlier and the later survey, metres.
    pub accuracies_m: Option<[f64; 2]>,
    /// Whether perfectly flat surfaces of the later survey are left out.
    pub exclude_flat: bool,
    /// How far around facilities the ground is not taken as stable, metres.
    pub stable_buffer_m: f64,
    /// The most cells of the common grid.
    pub most_cells: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            coregister: false,
            level_of_detection_m: None,
            accuracies_m: None,
            exclude_flat: false,
            stable_buffer_m: 20.0,
            most_cells: 400_000_000,
        }
    }
}

/// A change of volume. Volumes and areas are on the ellipsoid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Material that came, above the level of detection, cubic metres.
    pub fill_m3: f64,
    /// Material that went, above the level of detection, cubic metres.
    pub cut_m3: f64,
    /// Fill minus cut.
    pub net_m3: f64,
    /// Fill minus cut of all cells, without the level of detection.
    pub net_of_all_cells_m3: f64,
    /// Uncertainty of the net change at 95 %; none where nothing is known of the errors.
    pub uncertainty: Option<Uncertainty>,
    /// Smaller differences do not count, metres; none when no level is known.
    pub level_of_detection_m: Option<f64>,
    /// Where that is from.
    pub level_of_detection_source: Option<LevelSource>,
    /// Area inside the outline, square metres.
    pub outline_area_m2: f64,
    /// Area inside the outline where both surveys have heights and nothing is excluded.
    pub compared_area_m2: f64,
    /// That as a share of the outline without what is excluded, per cent.
    pub compared_percent: f64,
    /// Area of change above the level of detection.
    pub changed_area_m2: f64,
    /// Area inside the outline that was excluded.
    pub excluded_area_m2: f64,
    /// Area inside the outline that is perfectly flat in the later survey and was not excluded.
    pub flat_area_m2: f64,
    /// Width of a cell of the comparison on the ground, metres.
    pub cell_size_m: f64,
    /// What stable ground shows; none where there is too little of it.
    pub stable_ground: Option<Stable>,
    /// Whether shift and bias were taken out.
    pub coregistered: bool,
    /// What somebody should know before using the numbers.
    #[serde(skip)]
    pub warnings: Vec<Message>,
}

/// What stable ground shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stable {
    /// How much of it was used, square metres; of a large overlap blocks drawn by lot.
    pub area_m2: f64,
    /// The same in cells of the comparison.
    pub cells: usize,
    /// Median of later minus earlier height, metres; after the shift was taken out, if it was.
    pub bias_m: f64,
    /// Its standard error, metres.
    pub bias_error_m: f64,
    /// How far the later survey lies to the east of the earlier one, metres along the grid; none where
    /// the ground is too even to show it.
    pub shift_east_m: Option<f64>,
    /// How far it lies to the north.
    pub shift_north_m: Option<f64>,
    /// Spread of the differences around the bias (NMAD), metres.
    pub deviation_m: f64,
    /// How far errors are correlated, metres; none when there is too little ground to say.
    pub correlation_length_m: Option<f64>,
}

/// Why there is no volume.
#[derive(Debug, thiserror::Error)]
pub enum VolumeError {
    /// The surveys cannot be compared so; plain words with the way out.
    #[error("{0}")]
    Refused(Message),
    /// An image cannot be read, or the difference cannot be written.
    #[error("the surveys could not be compared")]
    Raster(#[from] RasterError),
}

impl From<geodesy::GeodesyError> for VolumeError {
    fn from(error: geodesy::GeodesyError) -> Self {
        Self::Raster(error.into())
    }
}

/// The result with its picture.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The numbers.
    pub change: Change,
    /// The differences as a picture.
    pub picture: Picture,
}

/// Compares two surveys. With a path, the differences of heights are also written there, as a
/// `GeoTIFF` of single precision on the common grid.
///
/// # Errors
/// [`VolumeError::Refused`] when they cannot be compared, [`VolumeError::Raster`] when an image fails.
pub fn compare(
    inputs: &Inputs<'_>,
    options: &Options,
    difference: Option<&Path>,
) -> Result<Compared, VolumeError> {
    let setting = Setting::of(inputs, options)?;
    let stable = setting.stable_ground(inputs, options)?;
    if options.coregister && stable.is_none() {
        return Err(VolumeError::Refused(messages::no_coregistration()));
    }
    let level = level_of_detection(options, stable.as_ref());
    let removed = stable.as_ref().filter(|_| options.coregister);
    let comparison = Comparison {
        grid: setting.grid,
        areas: CellAreas::of(&setting.grid, &inputs.to.plan().to_wgs84()?)?,
        earlier: setting.earlier,
        later: setting.later,
        outline: &setting.outline,
        excluded: &Area::new(polygon::from_wgs84(inputs.excluded, inputs.to.plan())?),
        exclude_flat: options.exclude_flat,
        shift: removed
            .and_then(|stable| stable.shift)
            .map_or((0.0, 0.0), |shift| shift.units(&setting.scale)),
        bias_m: removed.map_or(0.0, |stable| stable.numbers.bias_m),
        threshold_m: level.map_or(0.0, |(metres, _)| metres),
    };
    let mut overview = Overview::of(&setting.grid);
    let mut file = difference
        .map(|path| DifferenceFile::create(path, &setting.grid, inputs.to.crs()))
        .transpose()?;
    let sums = comparison.run(file.as_mut(), &mut overview)?;
    if let Some(file) = file {
        file.finish()?;
    }
    if sums.compared_m2 <= 0.0 {
        return Err(VolumeError::Refused(messages::nothing_compared(&sums)));
    }
    let mut change = change(&sums, level, stable.as_ref(), options);
    change.cell_size_m = setting.cell_m[0];
    change.warnings = messages::warnings(&change, options, stable.is_some_and(|s| s.is_cut_off));
    Ok(Compared {
        picture: Picture::of(&overview, &setting.outline),
        change,
    })
}

/// Where the comparison takes place.
struct Setting<'a> {
    lattice: Lattice,
    grid: crate::grid::Grid,
    outline: Area,
    overlap: Bounds,
    scale: Scale,
    /// Width and height of a cell on the ground.
    cell_m: [f64; 2],
    earlier: Source<'a>,
    later: Source<'a>,
}

impl<'a> Setting<'a> {
    fn of(inputs: &Inputs<'a>, options: &Options) -> Result<Self, VolumeError> {
        let plan = inputs.to.plan();
        let outline = Area::new(polygon::from_wgs84(inputs.outline, plan)?);
        let bounds = outline.bounds();
        let bounds = bounds.ok_or_else(|| VolumeError::Refused(messages::no_outline()))?;
        let place = (
            f64::midpoint(bounds.min_x, bounds.max_x),
            f64::midpoint(bounds.min_y, bounds.max_y),
        );
        let to_wgs84 = plan.to_wgs84()?;
        let middle = to_wgs84.transform(place.0, place.1)?;
        let lattice = Lattice::of(inputs.from, inputs.to, middle)?;
        let grid = lattice.over(&bounds);
        let cells = grid.columns.saturating_mul(grid.rows);
        if cells > options.most_cells {
            return Err(VolumeError::Refused(messages::too_many(
                cells,
                options.most_cells,
            )));
        }
        let overlap = frame::bounds_in(inputs.from, plan)?
            .and_then(|earlier| frame::shared(&earlier, &inputs.to.grid().bounds()))
            .ok_or_else(|| VolumeError::Refused(messages::no_overlap()))?;
        let cell = lattice.cell();
        let scale = frame::scale_at(&to_wgs84, place, cell)?;
        let cell_m = [scale.x_m * cell[0], scale.y_m * cell[1]];
        let source = |image: &'a Image| -> Result<Source<'a>, RasterError> {
            let [width_m, _] = frame::cell_m(image, middle)?;
            Source::new(image, inputs.to, cell_m[0] / width_m)
        };
        Ok(Self {
            earlier: source(inputs.from)?,
            later: source(inputs.to)?,
            lattice,
            grid,
            outline,
            overlap,
            scale,
            cell_m,
        })
    }

    /// What stable ground shows, with the differences as they are compared: displaced or not. None
    /// where there is too little.
    fn stable_ground(
        &self,
        inputs: &Inputs<'_>,
        options: &Options,
    ) -> Result<Option<Found>, VolumeError> {
        let to_plan = |polygon| polygon::from_wgs84(polygon, inputs.to.plan()).map(Area::new);
        let unstable = inputs.unstable.iter().chain([inputs.excluded]).map(to_plan);
        let unstable: Vec<Area> = unstable.collect::<Result<_, _>>()?;
        let place = Where {
            overlap: self.overlap,
            unstable: &unstable,
            buffer_m: options.stable_buffer_m,
            scale: self.scale,
        };
        let mut ground = StableGround::find(&place, &self.lattice, &self.later, &self.earlier)?;
        let Some(spread) = ground.spread().filter(|_| ground.cells >= LEAST_CELLS) else {
            return Ok(None);
        };
        if messages::is_undulation(&spread) {
            return Err(VolumeError::Refused(messages::undulation(spread.median)));
        }
        let width_m = self.cell_m[0];
        let shift = horizontal_shift(&mut ground, &self.earlier, &self.scale, width_m)?;
        if !options.coregister && shift.is_some() {
            ground.displace(&self.earlier, (0.0, 0.0))?;
        }
        let Some(spread) = ground.spread() else {
            return Ok(None);
        };
        ground.reject_outliers(&spread);
        Ok((ground.cells >= LEAST_CELLS).then(|| self.found(&ground, &spread, shift)))
    }

    fn found(&self, ground: &StableGround, spread: &Spread, shift: Option<Shift>) -> Found {
        let correlation = variogram::correlation(ground, self.cell_m);
        let length_m = correlation.map(|correlation| correlation.length_m);
        let area_m2 = stable::area_m2(ground.cells, self.lattice.cell(), &self.scale);
        let correlated = length_m.unwrap_or(f64::INFINITY);
        let bias_error_m = uncertainty::deviation_of_mean(spread.nmad, correlated, area_m2);
        Found {
            shift,
            is_cut_off: correlation.is_some_and(|correlation| correlation.is_cut_off),
            numbers: Stable {
                area_m2,
                cells: ground.cells,
                bias_m: spread.median,
                bias_error_m,
                shift_east_m: shift.map(|shift| shift.east_m),
                shift_north_m: shift.map(|shift| shift.north_m),
                deviation_m: spread.nmad,
                correlation_length_m: length_m,
            },
        }
    }
}

/// What was found on stable ground.
#[derive(Clone, Copy, Debug)]
struct Found {
    shift: Option<Shift>,
    is_cut_off: bool,
    numbers: Stable,
}

fn level_of_detection(options: &Options, stable: Option<&Found>) -> Option<(f64, LevelSource)> {
    let given = options.level_of_detection_m;
    let surveys = options.accuracies_m.map(uncertainty::level_of_detection_m);
    let spread = stable.map(|stable| T_95 * stable.numbers.deviation_m);
    given
        .map(|metres| (metres, LevelSource::Given))
        .or(surveys.map(|metres| (metres, LevelSource::Surveys)))
        .or(spread.map(|metres| (metres, LevelSource::StableGround)))
}

fn change(
    sums: &Sums,
    level: Option<(f64, LevelSource)>,
    stable: Option<&Found>,
    options: &Options,
) -> Change {
    let eligible_m2 = sums.outline_m2 - sums.excluded_m2;
    Change {
        fill_m3: sums.fill_m3,
        cut_m3: sums.cut_m3,
        net_m3: sums.fill_m3 - sums.cut_m3,
        net_of_all_cells_m3: sums.fill_of_all_m3 - sums.cut_of_all_m3,
        uncertainty: errors(stable, options).map(|errors| errors.over(sums.compared_m2)),
        level_of_detection_m: level.map(|(metres, _)| metres),
        level_of_detection_source: level.map(|(_, source)| source),
        outline_area_m2: sums.outline_m2,
        compared_area_m2: sums.compared_m2,
        compared_percent: (100.0 * sums.compared_m2 / eligible_m2).min(100.0),
        changed_area_m2: sums.changed_m2,
        excluded_area_m2: sums.excluded_m2,
        flat_area_m2: sums.flat_m2,
        cell_size_m: 0.0,
        stable_ground: stable.map(|stable| stable.numbers),
        coregistered: options.coregister,
        warnings: Vec::new(),
    }
}

/// What is known of the errors: by stable ground, else by the surveys' accuracies.
fn errors(stable: Option<&Found>, options: &Options) -> Option<Errors> {
    let Some(Found { numbers, .. }) = stable else {
        let [from_m, to_m] = options.accuracies_m?;
        return Some(Errors {
            deviation_m: from_m.hypot(to_m),
            length_m: None,
            common: None,
        });
    };
    Some(Errors {
        deviation_m: numbers.deviation_m,
        length_m: numbers.correlation_length_m,
        common: Some(if options.coregister {
            Common::Removed {
                error_m: numbers.bias_error_m,
            }
        } else {
            Common::Left {
                bias_m: numbers.bias_m,
            }
        }),
    })
}

#[cfg(test)]
mod tests;
