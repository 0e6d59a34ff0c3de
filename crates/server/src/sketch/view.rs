//! How places come onto the map: plate carrée, its longitudes shortened as in the middle of the map.

use geo_types::{Coord, Geometry, Polygon};
use store::geometry::bounds;

/// Width of a map in its own units; about as many pixels on a large screen.
const WIDTH: f64 = 640.0;
/// A map is at least and at most so high for its width.
const HEIGHTS: (f64, f64) = (0.5, 1.1);
/// The first eccentricity of WGS 84, squared, and its semi-major axis in metres (EPSG:7030).
const E2: f64 = 0.006_694_379_990_14;
const A_M: f64 = 6_378_137.0;

/// A box, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Westernmost longitude.
    pub west: f64,
    /// Southernmost latitude.
    pub south: f64,
    /// Easternmost longitude.
    pub east: f64,
    /// Northernmost latitude.
    pub north: f64,
}

impl Bounds {
    /// The box around geometries; `None` around none.
    pub fn of<'g>(geometries: impl Iterator<Item = &'g Geometry<f64>>) -> Option<Self> {
        let boxes = geometries.filter_map(bounds);
        let boxes = boxes.map(|[west, south, east, north]| Self {
            west,
            south,
            east,
            north,
        });
        boxes.reduce(|one, other| one.with(Some(other)))
    }

    /// The box around both.
    pub fn with(self, other: Option<Self>) -> Self {
        other.map_or(self, |other| Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        })
    }

    /// The box with an eighth more on each side, at least `least` degrees high.
    pub fn padded(self, least: f64) -> Self {
        let (width, height) = (self.east - self.west, self.north - self.south);
        let rest = (least - height).max(0.0) / 2.0;
        self.grown(width / 8.0, (height / 8.0).max(rest))
    }

    fn grown(self, x: f64, y: f64) -> Self {
        Self {
            west: self.west - x,
            south: self.south - y,
            east: self.east + x,
            north: self.north + y,
        }
    }

    const fn middle(self) -> f64 {
        f64::midpoint(self.south, self.north)
    }
}

/// A box on a map.
#[derive(Debug)]
pub struct View {
    /// Width, in units.
    pub width: i32,
    /// Height, in units.
    pub height: i32,
    bounds: Bounds,
    /// Units in a degree of longitude and of latitude.
    scale: [f64; 2],
}

/// A length on a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// How long it is drawn, in units.
    pub units: i32,
    /// How long that is.
    pub metres: u32,
}

impl View {
    /// A view of a box, in a map that is neither too low nor too high.
    #[expect(clippy::cast_possible_truncation, reason = "at most 704")]
    pub fn of(bounds: Bounds) -> Self {
        let shortened = bounds.middle().to_radians().cos();
        // Never a single place: a map has a size.
        let bounds = bounds.grown(1e-6, 1e-6);
        let (width, height) = (
            (bounds.east - bounds.west) * shortened,
            bounds.north - bounds.south,
        );
        let wanted_width = width.max(height / HEIGHTS.1);
        let wanted_height = height.max(wanted_width * HEIGHTS.0);
        let bounds = bounds.grown(
            (wanted_width - width) / 2.0 / shortened,
            (wanted_height - height) / 2.0,
        );
        let scale = WIDTH / wanted_width;
        Self {
            width: WIDTH as i32,
            height: (wanted_height * scale).round() as i32,
            bounds,
            scale: [scale * shortened, scale],
        }
    }

    /// Where a place is on the map: to the right and downwards, in whole units.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts saturate, far outside the map"
    )]
    pub fn place(&self, at: Coord<f64>) -> [i32; 2] {
        let x = (at.x - self.bounds.west) * self.scale[0];
        let y = (self.bounds.north - at.y) * self.scale[1];
        // Far outside, differences of whole numbers must still be whole numbers.
        [x, y].map(|one| one.round().clamp(-1e6, 1e6) as i32)
    }

    /// How large a box is on the map, in units.
    pub fn size(&self, part: Bounds) -> f64 {
        let x = (part.east - part.west) * self.scale[0];
        x.max((part.north - part.south) * self.scale[1])
    }

    /// Whether any of an area can be seen.
    pub fn shows(&self, area: &Polygon<f64>) -> bool {
        let part = Bounds::of(std::iter::once(&Geometry::Polygon(area.clone())));
        part.is_some_and(|part| {
            part.west <= self.bounds.east
                && part.east >= self.bounds.west
                && part.south <= self.bounds.north
                && part.north >= self.bounds.south
        })
    }

    /// The longest length of 1, 2 or 5 with zeros that takes less than a third of the width.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and less than the Earth's size"
    )]
    pub fn bar(&self) -> Bar {
        let metres_per_unit = metres_per_degree(self.bounds.middle()) / self.scale[1];
        let most = WIDTH / 3.0 * metres_per_unit;
        let power = 10_f64.powf(most.log10().floor()).max(1.0);
        let metres = [5.0, 2.0, 1.0]
            .map(|step| step * power)
            .into_iter()
            .find(|length| *length <= most)
            .unwrap_or(power);
        Bar {
            units: (metres / metres_per_unit).round() as i32,
            metres: metres as u32,
        }
    }
}

/// Metres in a degree of latitude at a latitude: a degree of the meridian's radius of curvature.
pub fn metres_per_degree(latitude: f64) -> f64 {
    let sine = latitude.to_radians().sin();
    let radius = A_M * (1.0 - E2) / (1.0 - E2 * sine * sine).powf(1.5);
    radius.to_radians()
}

impl Bar {
    /// The length in words.
    pub fn label(&self) -> String {
        if self.metres >= 1000 {
            format!("{} km", self.metres / 1000)
        } else {
            format!("{} m", self.metres)
        }
    }
}
