//! What becomes of a geometry, in figures.

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use crate::error::StoreError;

/// What becomes of a registered geometry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShapeChange {
    /// How many positions it has before and after.
    pub positions: (f64, f64),
    /// How large it is before and after, on the ellipsoid, square metres; `None` for what is no area.
    pub area_m2: Option<(f64, f64)>,
    /// The farthest of any of its positions from the other one, metres; `None` where there are too many.
    pub moved_m: Option<f64>,
}

/// The column `shape` of a comparison.
pub(super) fn shape_change(row: &PgRow) -> Result<Option<ShapeChange>, StoreError> {
    let figures: Option<Vec<Option<f64>>> = row.try_get("shape")?;
    Ok(match figures.as_deref() {
        Some(&[Some(before), Some(after), area_before, area_after, moved_m]) => Some(ShapeChange {
            positions: (before, after),
            area_m2: area_before.zip(area_after),
            moved_m,
        }),
        _ => None,
    })
}
