//! What a raster file from outside is.
//!
//! GDAL reads files that come from outside here: call it only in the limited worker process.

use std::fmt;
use std::path::Path;

use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use serde::{Deserialize, Serialize};

use crate::error::RasterError;

/// The GDAL drivers that may open a raster.
const DRIVERS: [&str; 1] = ["GTiff"];

/// What a raster file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RasterInfo {
    /// Cells from west to east.
    pub columns: usize,
    /// Cells from north to south.
    pub rows: usize,
    /// How many bands.
    pub bands: usize,
    /// The data type of the first band, by GDAL's name, such as `Float32`.
    pub data_type: Option<String>,
    /// The authority's code of the coordinate reference system, such as `EPSG:6316`.
    pub crs: Option<String>,
    /// Width and height of a cell in units of the coordinate reference system, both positive;
    /// none when the file places its cells nowhere.
    pub cell_size: Option<[f64; 2]>,
    /// West, south, east, north in units of the coordinate reference system, GIS order (x, y);
    /// none for a rotated or unplaced raster.
    pub extent: Option<[f64; 4]>,
    /// The value that stands for no data in the first band.
    pub nodata: Option<f64>,
}

/// Says what the raster file at `path` is, reading its header only.
///
/// # Errors
/// [`RasterError::Unreadable`] when it is not a `GeoTIFF` or is damaged.
pub fn describe(path: &Path) -> Result<RasterInfo, RasterError> {
    let unreadable = |source| RasterError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_READONLY,
        allowed_drivers: Some(&DRIVERS),
        ..DatasetOptions::default()
    };
    let dataset = Dataset::open_ex(path, options).map_err(unreadable)?;
    info(&dataset).map_err(unreadable)
}

fn info(dataset: &Dataset) -> Result<RasterInfo, gdal::errors::GdalError> {
    let (columns, rows) = dataset.raster_size();
    let bands = dataset.raster_count();
    let first_band = (bands > 0).then(|| dataset.rasterband(1)).transpose()?;
    // Without a stored placement GDAL answers with an error or the unit transform.
    let transform = dataset.geo_transform().ok();
    Ok(RasterInfo {
        columns,
        rows,
        bands,
        data_type: first_band.as_ref().map(|band| band.band_type().name()),
        crs: dataset
            .spatial_ref()
            .ok()
            .and_then(|crs| crs.authority().ok()),
        cell_size: transform.map(cell_size),
        extent: transform.and_then(|transform| extent(transform, columns, rows)),
        nodata: first_band.and_then(|band| band.no_data_value()),
    })
}

/// Cell width and height from GDAL's six affine coefficients.
fn cell_size([_, east, east_turn, _, south_turn, south]: [f64; 6]) -> [f64; 2] {
    [east.hypot(south_turn), south.hypot(east_turn)]
}

/// West, south, east, north of a raster that is not rotated.
#[expect(
    clippy::cast_precision_loss,
    reason = "a raster has far fewer than 2^52 columns or rows"
)]
fn extent(transform: [f64; 6], columns: usize, rows: usize) -> Option<[f64; 4]> {
    let [x0, dx, x_turn, y0, y_turn, dy] = transform;
    let turned = x_turn.abs() > 0.0 || y_turn.abs() > 0.0;
    let (x1, y1) = (x0 + dx * columns as f64, y0 + dy * rows as f64);
    (!turned).then(|| [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)])
}

impl fmt::Display for RasterInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a raster of {} × {} cells", self.columns, self.rows)?;
        if let Some([width, height]) = self.cell_size {
            write!(f, " of {width} × {height} units")?;
        }
        let plural = if self.bands == 1 { "" } else { "s" };
        write!(f, ", {} band{plural}", self.bands)?;
        if let Some(data_type) = &self.data_type {
            write!(f, " of type {data_type}")?;
        }
        match &self.crs {
            Some(crs) => write!(f, ", in {crs}")?,
            None => f.write_str(", in a coordinate reference system without a code")?,
        }
        if let Some([west, south, east, north]) = self.extent {
            write!(f, ", x {west} to {east}, y {south} to {north}")?;
        }
        match self.nodata {
            Some(nodata) => write!(f, ", {nodata} standing for no data"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{RasterInfo, describe};
    use crate::error::RasterError;

    fn fixture(name: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/fixtures")
            .join(name)
    }

    #[test]
    fn a_geotiff_is_described_as_gdalinfo_does() {
        let info = describe(&fixture("a-raster.tif")).unwrap();
        assert_eq!(
            info,
            RasterInfo {
                columns: 12,
                rows: 8,
                bands: 1,
                data_type: Some("Float32".to_owned()),
                crs: Some("EPSG:6316".to_owned()),
                cell_size: Some([0.5, 0.5]),
                extent: Some([7_588_200.0, 4_881_726.0, 7_588_206.0, 4_881_730.0]),
                nodata: Some(-9999.0),
            }
        );
        assert_eq!(
            info.to_string(),
            "a raster of 12 × 8 cells of 0.5 × 0.5 units, 1 band of type Float32, in EPSG:6316, \
             x 7588200 to 7588206, y 4881726 to 4881730, -9999 standing for no data"
        );
    }

    #[test]
    fn a_vector_file_is_no_raster() {
        let error = describe(&fixture("bow-tie.gpkg")).unwrap_err();
        assert!(matches!(error, RasterError::Unreadable { .. }));
        assert!(error.to_string().contains("bow-tie.gpkg"), "{error}");
    }
}
