//! The range of an image's values, from its coarsest overview.

use super::Image;
use crate::error::RasterError;
use crate::grid::Window;

/// Most rows of an image without overviews that are looked at.
const MOST_CELLS: usize = 4_000_000;

impl Image {
    /// The lowest and the highest value of the first band, as the coarsest overview has them; none
    /// without data.
    ///
    /// # Errors
    /// [`RasterError::Damaged`] when GDAL cannot read it.
    pub fn value_range(&self) -> Result<Option<(f32, f32)>, RasterError> {
        if let Some(known) = self.value_range.get() {
            return Ok(*known);
        }
        let values = self.coarse_values(1)?;
        let found = values.first().copied().zip(values.last().copied());
        Ok(*self.value_range.get_or_init(|| found))
    }

    /// The 2nd and the 98th hundredth of a band's values, as the coarsest overview has them.
    pub(super) fn usual_range(&self, band: usize) -> Result<Option<(f32, f32)>, RasterError> {
        let values = self.coarse_values(band)?;
        let last = values.len().saturating_sub(1);
        let low = values.get(last * 2 / 100).copied();
        Ok(low.zip(values.get(last * 98 / 100).copied()))
    }

    /// The values of the coarsest overview in their order.
    fn coarse_values(&self, band: usize) -> Result<Vec<f32>, RasterError> {
        let level = self.levels().len() - 1;
        let all = self.levels()[level].window();
        let rows = (MOST_CELLS / all.columns.max(1)).clamp(1, all.rows.max(1));
        let window = Window {
            row: (all.rows - rows) / 2,
            rows,
            ..all
        };
        let mut values = self.read(band, level, window)?.values;
        values.retain(|value| !value.is_nan());
        values.sort_unstable_by(f32::total_cmp);
        Ok(values)
    }
}
