//! A raster file in one sentence.

use std::fmt;

use super::RasterInspection;

impl fmt::Display for RasterInspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a raster of {} × {} cells", self.columns, self.rows)?;
        let grid = self.grid();
        if let Some(grid) = grid {
            write!(f, " of {} × {} units", grid.cell_width, grid.cell_height)?;
        }
        let plural = if self.bands.len() == 1 { "" } else { "s" };
        let sample = self.sample;
        write!(f, ", {} band{plural} of type {sample}", self.bands.len())?;
        match self.crs.as_ref().and_then(|crs| crs.authority.as_ref()) {
            Some(crs) => write!(f, ", in {crs}")?,
            None => f.write_str(", in a coordinate reference system without a code")?,
        }
        if let Some(bounds) = grid.map(|grid| grid.bounds()) {
            write!(f, ", x {} to {}", bounds.min_x, bounds.max_x)?;
            write!(f, ", y {} to {}", bounds.min_y, bounds.max_y)?;
        }
        match self.nodata {
            Some(nodata) => write!(f, ", {nodata} standing for no data"),
            None => Ok(()),
        }
    }
}
