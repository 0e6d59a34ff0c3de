use serde::{Deserialize, Serialize};

/// A rectangle in some coordinate reference system, x = east, y = north.
///
/// The unit is that of the reference system: metres or degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// West side.
    pub min_x: f64,
    /// South side.
    pub min_y: f64,
    /// East side.
    pub max_x: f64,
    /// North side.
    pub max_y: f64,
}

/// Serbia in degrees of longitude (x) and latitude (y) WGS 84, rounded outward.
pub const SERBIA: Bounds = Bounds::new(18.8, 41.85, 23.0, 46.2);

impl Bounds {
    /// Sides in the order west, south, east, north, taken as given.
    pub const fn new(min_x: f64, min_y: f64, max_x: f64, max_y: f64) -> Self {
        Self {
            min_x,
            min_y,
            max_x,
            max_y,
        }
    }

    /// The smallest rectangle around the points; `None` without points or when
    /// a coordinate is not finite.
    pub fn of_points(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let mut bounds: Option<Self> = None;
        for (x, y) in points {
            if !(x.is_finite() && y.is_finite()) {
                return None;
            }
            let point = Self::new(x, y, x, y);
            bounds = Some(bounds.map_or(point, |bounds| bounds.joined_with(&point)));
        }
        bounds
    }

    /// Whether `other` lies wholly inside, edges included.
    pub fn contains(&self, other: &Self) -> bool {
        self.min_x <= other.min_x
            && self.min_y <= other.min_y
            && self.max_x >= other.max_x
            && self.max_y >= other.max_y
    }

    /// The same rectangle with x and y exchanged.
    #[must_use]
    pub const fn swapped(&self) -> Self {
        Self::new(self.min_y, self.min_x, self.max_y, self.max_x)
    }

    /// The bounds with each side moved outward by `margin`.
    #[must_use]
    pub const fn widened(&self, margin: f64) -> Self {
        Self {
            min_x: self.min_x - margin,
            min_y: self.min_y - margin,
            max_x: self.max_x + margin,
            max_y: self.max_y + margin,
        }
    }

    /// The four corners.
    pub const fn corners(&self) -> [(f64, f64); 4] {
        [
            (self.min_x, self.min_y),
            (self.min_x, self.max_y),
            (self.max_x, self.min_y),
            (self.max_x, self.max_y),
        ]
    }

    /// Twenty-five points over the rectangle, its corners and its middle among them.
    pub(crate) fn lattice(&self) -> impl Iterator<Item = (f64, f64)> {
        const PARTS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
        let bounds = *self;
        PARTS.into_iter().flat_map(move |east| {
            let x = bounds.min_x + (bounds.max_x - bounds.min_x) * east;
            PARTS.map(|north| (x, bounds.min_y + (bounds.max_y - bounds.min_y) * north))
        })
    }

    pub(crate) const fn moved_east(&self, by: f64) -> Self {
        Self::new(self.min_x + by, self.min_y, self.max_x + by, self.max_y)
    }

    fn joined_with(&self, other: &Self) -> Self {
        Self::new(
            self.min_x.min(other.min_x),
            self.min_y.min(other.min_y),
            self.max_x.max(other.max_x),
            self.max_y.max(other.max_y),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_give_their_envelope() {
        let bounds = Bounds::of_points([(1.0, 5.0), (-2.0, 7.0), (0.0, 6.0)]);
        assert_eq!(bounds, Some(Bounds::new(-2.0, 5.0, 1.0, 7.0)));
    }

    #[test]
    fn no_points_or_a_non_finite_one_give_none() {
        assert_eq!(Bounds::of_points([]), None);
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for points in [
                [(bad, 1.0), (2.0, 2.0)],
                [(1.0, bad), (2.0, 2.0)],
                [(2.0, 2.0), (bad, 1.0)],
                [(2.0, 2.0), (1.0, bad)],
            ] {
                assert_eq!(Bounds::of_points(points), None, "{points:?}");
            }
        }
    }

    #[test]
    fn containment_needs_all_four_sides() {
        let unit = Bounds::new(0.0, 0.0, 1.0, 1.0);
        assert!(unit.contains(&unit));
        for outside in [
            Bounds::new(-0.1, 0.0, 1.0, 1.0),
            Bounds::new(0.0, -0.1, 1.0, 1.0),
            Bounds::new(0.0, 0.0, 1.1, 1.0),
            Bounds::new(0.0, 0.0, 1.0, 1.1),
        ] {
            assert!(!unit.contains(&outside), "{outside:?}");
        }
    }
}
