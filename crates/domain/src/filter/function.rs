//! The functions of the service beyond those of CQL2 (conformance class `functions`). They are
//! described at `/functions`.

use super::typed::Kind;
use crate::lang::Text;

/// A function of values. `distance`, which takes shapes, is [`super::Scalar::DistanceM`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The year of a day or moment.
    Year,
    /// How many letters a text has.
    Length,
}

/// A function as clients learn of it (OGC API Features 3, `/functions`).
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Its name; any case is read.
    pub name: &'static str,
    /// What it answers.
    pub description: Text,
    /// Its arguments: title and the types each may have, as the standard names them.
    pub arguments: &'static [(Text, &'static [&'static str])],
    /// The type of its answer.
    pub returns: &'static str,
}

/// The name of the function of two shapes.
pub(super) const DISTANCE: &str = "distance";

/// Every function.
pub const FUNCTIONS: &[Signature] = &[
    Signature {
        name: "year",
        description: Text::new(
            "Година датума или тренутка (UTC).",
            "The year of a date or a moment (UTC).",
        ),
        arguments: &[(
            Text::new("датум или тренутак", "date or moment"),
            &["datetime"],
        )],
        returns: "integer",
    },
    Signature {
        name: "length",
        description: Text::new("Број знакова текста.", "How many characters a text has."),
        arguments: &[(Text::new("текст", "text"), &["string"])],
        returns: "integer",
    },
    Signature {
        name: DISTANCE,
        description: Text::new(
            "Најкраће растојање две геометрије на елипсоиду WGS 84, у метрима.",
            "The shortest distance between two geometries on the WGS 84 ellipsoid, in metres.",
        ),
        arguments: &[
            (
                Text::new("прва геометрија", "first geometry"),
                &["geometry"],
            ),
            (
                Text::new("друга геометрија", "second geometry"),
                &["geometry"],
            ),
        ],
        returns: "number",
    },
];

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "year" => Some(Self::Year),
            "length" => Some(Self::Length),
            _ => None,
        }
    }

    /// Whether it takes values of this kind.
    pub(super) const fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Year => matches!(kind, Kind::Day | Kind::Moment),
            Self::Length => matches!(kind, Kind::Text),
        }
    }

    /// The kind of its answer.
    pub const fn gives(self) -> Kind {
        match self {
            Self::Year | Self::Length => Kind::Number,
        }
    }
}
