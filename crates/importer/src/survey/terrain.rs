//! How the heights of a survey differ from those of terrain models in the register.

use std::sync::Arc;

use domain::layers::{SURVEYS, Survey};
use domain::lists::{SurveyKind, VerticalDatum};
use geo_types::MultiPolygon;
use geodesy::{Crs, TransformPlan};
use raster::cog::Seen;
use raster::{Image, Library, RasterError, Window, footprint};
use store::items::{Bbox, Selection};

use super::{File, SurveyError};

/// So many registered surveys are compared.
const MOST_COMPARED: u32 = 50;
/// About so many places along each side are compared.
const PLACES: usize = 48;
/// Fewer differences say nothing.
const LEAST_PLACES: usize = 20;
/// The greatest spread of an offset that is the same everywhere, metres.
const CONSTANT_M: f64 = 3.0;

/// How the heights of a survey lie above those of a registered one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offset {
    /// The registered survey.
    pub(super) code: String,
    /// What its heights are counted from.
    pub(super) datum: Option<VerticalDatum>,
    /// The median of the differences, metres.
    pub(super) median_m: f64,
    /// The standard deviation of most of them: 1.4826 × the median of absolute deviations.
    pub(super) spread_m: f64,
}

impl Offset {
    pub(super) fn is_constant(&self) -> bool {
        self.spread_m <= CONSTANT_M
    }
}

/// Compares with each registered terrain model that covers some of the same ground.
pub(super) async fn compare(
    file: &File<'_>,
    code: &str,
    crs: &Crs,
    seen: &Seen,
    area: &MultiPolygon<f64>,
) -> Result<Vec<Offset>, SurveyError> {
    let Some(bounds) = footprint::bounds(area) else {
        return Ok(Vec::new());
    };
    let selection = Selection {
        bbox: Some(Bbox {
            west: bounds.min_x,
            south: bounds.min_y,
            east: bounds.max_x,
            north: bounds.max_y,
        }),
        ..Selection::default()
    };
    let store = file.tools.store;
    let records = store.records(&SURVEYS, &selection, MOST_COMPARED).await?;
    let surveys = records
        .iter()
        .map(|found| Survey::from_record(&found.record));
    let others: Vec<Survey> = surveys
        .filter(|survey| survey.kind.is_some_and(SurveyKind::is_terrain))
        .filter(|survey| survey.code.as_deref() != Some(code))
        .collect();
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let library = Arc::clone(file.tools.library);
    let places = seen.coverage.means(PLACES);
    let width = seen.coverage.coarse_width();
    let crs = crs.clone();
    let compared = tokio::task::spawn_blocking(move || {
        let offsets = others.iter().filter_map(|survey| {
            let offset = offset(&library, survey, &places, &crs, width);
            // An image that is not there is the service's trouble, not this survey's.
            offset.unwrap_or_else(|error| {
                tracing::warn!(code = survey.code, %error, "not compared");
                None
            })
        });
        offsets.collect()
    });
    compared.await.map_err(|_| file.stopped())
}

fn offset(
    library: &Library,
    survey: &Survey,
    places: &[((f64, f64), f64)],
    crs: &Crs,
    width: f64,
) -> Result<Option<Offset>, RasterError> {
    let (Some(code), Some(sha256), Some(other)) =
        (&survey.code, &survey.image_sha256, &survey.horizontal_crs)
    else {
        return Ok(None);
    };
    let image = library.image(sha256, &other.parse()?)?;
    let to_wgs84 = TransformPlan::new(crs)?.to_wgs84()?;
    let from_wgs84 = image.plan().from_wgs84()?;
    let level = level_for(&image, crs, width);
    let mut differences = Vec::new();
    for &((x, y), mean) in places {
        let (lon, lat) = to_wgs84.transform(x, y)?;
        let (x, y) = from_wgs84.transform(lon, lat)?;
        if let Some(height) = height_at(&image, level, (x, y))? {
            differences.push(mean - f64::from(height));
        }
    }
    Ok(spread(&differences).map(|(median_m, spread_m)| Offset {
        code: code.clone(),
        datum: survey.vertical_datum,
        median_m,
        spread_m,
    }))
}

/// Cells about as wide as the means are taken over, where both are measured alike.
fn level_for(image: &Image, crs: &Crs, width: f64) -> usize {
    if image.crs().is_geographic() == crs.is_geographic() {
        image.level_for(width)
    } else {
        image.levels().len() / 2
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "seen to lie in the grid first"
)]
fn height_at(image: &Image, level: usize, at: (f64, f64)) -> Result<Option<f32>, RasterError> {
    let grid = image.levels()[level];
    let (column, row) = grid.place(at.0, at.1);
    let inside =
        (0.0..grid.columns as f64).contains(&column) && (0.0..grid.rows as f64).contains(&row);
    if !inside {
        return Ok(None);
    }
    let window = Window {
        column: column as usize,
        row: row as usize,
        columns: 1,
        rows: 1,
    };
    Ok(image.read(1, level, window)?.get(0, 0))
}

/// Median and spread of enough differences.
fn spread(differences: &[f64]) -> Option<(f64, f64)> {
    if differences.len() < LEAST_PLACES {
        return None;
    }
    let median_m = median(differences.to_vec())?;
    let off = differences.iter().map(|one| (one - median_m).abs());
    Some((median_m, 1.4826 * median(off.collect())?))
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    let middle = values.len() / 2;
    values.sort_by(f64::total_cmp);
    values.get(middle).copied()
}
