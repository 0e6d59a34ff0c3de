//! The columns of a table that give the place.

use domain::lang::Message;
use domain::message;

use super::names::keys;
use crate::protocol::{SourceField, SourceLayer};

/// Where a table gives the place, by positions among its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoordinateColumns {
    /// A geometry as well-known text.
    Wkt {
        /// The column.
        at: usize,
        /// Whether the columns beside it are those of the register of spatial units.
        in_spatial_units: bool,
    },
    /// Two numbers.
    Pair {
        /// The column that is longitude, easting, or called x.
        x: usize,
        /// The column that is latitude, northing, or called y.
        y: usize,
        /// What the names say of them.
        meaning: Meaning,
    },
}

/// What the names of two coordinate columns say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Longitude and latitude, degrees.
    LongitudeLatitude,
    /// Easting and northing.
    EastNorth,
    /// x and y: in Serbian surveying x is north and y east, in GIS files the other way round.
    XY,
    /// Geometries of the register of spatial units (*Registar prostornih jedinica*), which the
    /// Republic Geodetic Authority publishes in EPSG:32634.
    SpatialUnits,
}

/// What one column gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Longitude,
    Latitude,
    Easting,
    Northing,
    X,
    Y,
    Wkt,
}

const NAMES: &[(Part, &[&str])] = &[
    (
        Part::Longitude,
        &[
            "longitude",
            "lon",
            "long",
            "lng",
            "geografskaduzina",
            "geoduzina",
            "geogrduzina",
            "istocnaduzina",
        ],
    ),
    (
        Part::Latitude,
        &[
            "latitude",
            "lat",
            "geografskasirina",
            "geosirina",
            "geogrsirina",
            "severnasirina",
        ],
    ),
    (
        Part::Easting,
        &[
            "easting",
            "east",
            "e",
            "istok",
            "utme",
            "utmeast",
            "utmeasting",
            "utmx",
        ],
    ),
    (
        Part::Northing,
        &[
            "northing",
            "north",
            "n",
            "sever",
            "utmn",
            "utmnorth",
            "utmnorthing",
            "utmy",
        ],
    ),
    (
        Part::X,
        &[
            "x",
            "xcoord",
            "xkoord",
            "koordx",
            "xkoordinata",
            "koordinatax",
            "pointx",
            "coordx",
            "gkx",
            "xgk",
        ],
    ),
    (
        Part::Y,
        &[
            "y",
            "ycoord",
            "ykoord",
            "koordy",
            "ykoordinata",
            "koordinatay",
            "pointy",
            "coordy",
            "gky",
            "ygk",
        ],
    ),
    (
        Part::Wkt,
        &[
            "wkt",
            "wktgeom",
            "geom",
            "thegeom",
            "geometry",
            "geometrija",
        ],
    ),
];

impl Part {
    /// The part that a column's name says.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let keys = keys(without_unit(name));
        let known = |names: &[&str]| keys.iter().any(|key| names.contains(&key.as_str()));
        NAMES
            .iter()
            .find(|(_, names)| known(names))
            .map(|(part, _)| *part)
    }

    /// The part that a mapping file names.
    pub(super) fn of_target(name: &str) -> Option<Self> {
        Some(match name {
            "longitude" => Self::Longitude,
            "latitude" => Self::Latitude,
            "easting" => Self::Easting,
            "northing" => Self::Northing,
            "wkt" => Self::Wkt,
            _ => return None,
        })
    }
}

/// `Y` of `Y (m)`, `Y [m]` and `Y_m`: what coordinates are counted in says nothing more.
fn without_unit(name: &str) -> &str {
    const UNITS: [&str; 10] = [
        "(m)", "[m]", "(deg)", "[deg]", "(°)", "[°]", "(wgs84)", "(wgs 84)", "_m", " m",
    ];
    let name = name.trim();
    let bare = UNITS.iter().find_map(|unit| {
        let at = name.len().checked_sub(unit.len())?;
        let (bare, end) = (name.get(..at)?, name.get(at..)?);
        end.eq_ignore_ascii_case(unit).then_some(bare)
    });
    bare.filter(|bare| !bare.is_empty()).unwrap_or(name)
}

impl CoordinateColumns {
    /// The best complete set of columns: names that leave no doubt before x and y.
    pub(super) fn of(parts: &[(usize, Part)]) -> Option<Self> {
        let at = |wanted| {
            parts
                .iter()
                .find(|(_, part)| *part == wanted)
                .map(|(at, _)| *at)
        };
        let pair = |x, y, meaning| {
            Some(Self::Pair {
                x: at(x)?,
                y: at(y)?,
                meaning,
            })
        };
        pair(Part::Longitude, Part::Latitude, Meaning::LongitudeLatitude)
            .or_else(|| pair(Part::Easting, Part::Northing, Meaning::EastNorth))
            .or_else(|| {
                Some(Self::Wkt {
                    at: at(Part::Wkt)?,
                    in_spatial_units: false,
                })
            })
            .or_else(|| pair(Part::X, Part::Y, Meaning::XY))
    }

    /// The same among the columns of a table: those of the register of spatial units are known
    /// by its way of naming a number and the Latin name beside it, such as `opstina_maticni_broj`
    /// and `opstina_imel`.
    pub(super) fn among(self, fields: &[SourceField]) -> Self {
        let has = |wanted: &[&str]| {
            let names = fields.iter().map(|field| field.name.as_str());
            names
                .flat_map(keys)
                .any(|key| wanted.iter().any(|end| key.ends_with(end)))
        };
        match self {
            Self::Wkt { at, .. } => Self::Wkt {
                at,
                in_spatial_units: has(&["maticnibroj", "okrugsifra"]) && has(&["imel"]),
            },
            pair @ Self::Pair { .. } => pair,
        }
    }

    /// What the names of two columns say; of well-known text, what those beside it say.
    pub fn meaning(self) -> Option<Meaning> {
        match self {
            Self::Wkt {
                in_spatial_units, ..
            } => in_spatial_units.then_some(Meaning::SpatialUnits),
            Self::Pair { meaning, .. } => Some(meaning),
        }
    }

    /// Which columns give the place, for the report.
    pub fn in_words(self, source: &SourceLayer) -> Message {
        let name = |at: usize| {
            source
                .fields
                .get(at)
                .map_or("", |field| field.name.as_str())
        };
        match self {
            Self::Wkt { at, .. } => {
                let name = name(at);
                message!(
                    "место се чита из колоне `{name}`",
                    "the place is read from the column `{name}`"
                )
            }
            Self::Pair { x, y, .. } => {
                let (x, y) = (name(x), name(y));
                message!(
                    "место се чита из колона `{x}` и `{y}`",
                    "the place is read from the columns `{x}` and `{y}`"
                )
            }
        }
    }

    /// The positions of the columns.
    pub(super) fn positions(&self) -> Vec<usize> {
        match *self {
            Self::Wkt { at, .. } => vec![at],
            Self::Pair { x, y, .. } => vec![x, y],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn headings_may_have_the_unit_of_coordinates() {
        for (name, part) in [
            ("Y (m)", Some(Part::Y)),
            ("x [m]", Some(Part::X)),
            ("X_m", Some(Part::X)),
            ("Easting (m)", Some(Part::Easting)),
            ("N (M)", Some(Part::Northing)),
            ("Koordinata Y (m)", Some(Part::Y)),
            ("Longitude (WGS84)", Some(Part::Longitude)),
            ("lat (°)", Some(Part::Latitude)),
            ("Visina (m)", None),
            ("(m)", None),
            ("Y (kom)", None),
        ] {
            assert_eq!(Part::of_name(name), part, "{name}");
        }
    }
}
