//! The ways in which a survey is shown, by the names they have in addresses.

use std::ops::RangeInclusive;

use domain::Text;
use domain::lists::SurveyKind;
use domain::quantity::{IndexValue, LevelMetres};
use raster::{Image, Light, RasterError, Style};

use super::Opened;
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Wanted;

/// A way in which a survey is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StyleName {
    /// An orthophoto in its colours.
    Colour,
    /// Terrain lit from one side.
    Hillshade,
    /// Values as colours.
    Ramp,
    /// Heights packed into colours.
    TerrainRgb,
}

/// The styles of a kind of survey, the usual first.
pub const fn of_kind(kind: Option<SurveyKind>) -> &'static [StyleName] {
    match kind {
        Some(SurveyKind::Orthophoto) => &[StyleName::Colour],
        Some(SurveyKind::Index) => &[StyleName::Ramp],
        _ => &[StyleName::Hillshade, StyleName::Ramp, StyleName::TerrainRgb],
    }
}

impl StyleName {
    /// Its name in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Colour => "colour",
            Self::Hillshade => "hillshade",
            Self::Ramp => "ramp",
            Self::TerrainRgb => "terrain-rgb",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> Text {
        match self {
            Self::Colour => Text::new("у бојама", "in colour"),
            Self::Hillshade => Text::new("сенчени рељеф", "hillshade"),
            Self::Ramp => Text::new("вредности бојама", "values as colours"),
            Self::TerrainRgb => Text::new("висине у бојама (Terrain-RGB)", "heights (Terrain-RGB)"),
        }
    }

    /// The query parameters it takes.
    pub const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Colour | Self::TerrainRgb => &[],
            Self::Hillshade => &["azimuth", "altitude", "exaggeration"],
            Self::Ramp => &["min", "max"],
        }
    }

    /// The style of this name that a survey has.
    ///
    /// # Errors
    /// 400, naming the styles there are.
    pub fn of(context: &Context, opened: &Opened, name: &str) -> Result<Self, ApiError> {
        let kind = opened.survey.kind;
        let found = of_kind(kind).iter().find(|style| style.id() == name);
        found.copied().ok_or_else(|| {
            let wanted = match kind {
                Some(SurveyKind::Orthophoto) => OF_ORTHOPHOTO,
                Some(SurveyKind::Index) => OF_INDEX,
                _ => OF_TERRAIN,
            };
            context.bad_parameter("style", name, Wanted::Said(wanted))
        })
    }
}

const OF_ORTHOPHOTO: Text = Text::new(
    "ортофото се приказује као `colour`",
    "an orthophoto is shown as `colour`",
);
const OF_INDEX: Text = Text::new(
    "показатељ се приказује као `ramp`",
    "an index is shown as `ramp`",
);
const OF_TERRAIN: Text = Text::new(
    "модел терена се приказује као `hillshade`, `ramp` или `terrain-rgb`",
    "a terrain model is shown as `hillshade`, `ramp` or `terrain-rgb`",
);

/// A style with the parameters of a request.
#[derive(Clone, Copy, Debug)]
pub struct AskedStyle {
    name: StyleName,
    light: Light,
    lowest: Option<f32>,
    highest: Option<f32>,
}

impl AskedStyle {
    /// Reads the parameters of a style: `azimuth` and `altitude` (degrees) and `exaggeration` of
    /// `hillshade`, `min` and `max` of `ramp`, which else are those of the survey.
    ///
    /// # Errors
    /// 400 for a value that is no number or out of range, and for `min` not below `max`.
    pub fn read(context: &Context, opened: &Opened, name: StyleName) -> Result<Self, ApiError> {
        let survey = &opened.survey;
        let number = |name, range: RangeInclusive<f32>, wanted| {
            let read = |text: &str| text.parse().ok().filter(|value| range.contains(value));
            context.parse(name, wanted, read)
        };
        let usual = Light::default();
        let light = Light {
            azimuth_deg: number("azimuth", 0.0..=360.0, AZIMUTH)?.unwrap_or(usual.azimuth_deg),
            altitude_deg: number("altitude", 0.0..=90.0, ALTITUDE)?.unwrap_or(usual.altitude_deg),
            exaggeration: number("exaggeration", 0.01..=100.0, EXAGGERATION)?
                .unwrap_or(usual.exaggeration),
        };
        let lowest_m = survey.lowest_m.map(LevelMetres::get);
        let highest_m = survey.highest_m.map(LevelMetres::get);
        let lowest = single(lowest_m.or(survey.lowest_value.map(IndexValue::get)));
        let highest = single(highest_m.or(survey.highest_value.map(IndexValue::get)));
        let asked = Self {
            name,
            light,
            lowest: number("min", f32::MIN..=f32::MAX, NUMBER)?.or(lowest),
            highest: number("max", f32::MIN..=f32::MAX, NUMBER)?.or(highest),
        };
        asked.check_range(context)?;
        Ok(asked)
    }

    fn check_range(&self, context: &Context) -> Result<(), ApiError> {
        let named = ["min", "max"].map(|name| context.parameter(name).map(|value| (name, value)));
        let given = named.into_iter().flatten().next();
        match (self.lowest, self.highest, given) {
            (Some(lowest), Some(highest), Some((name, value))) if lowest >= highest => {
                Err(context.bad_parameter(name, value, Wanted::Said(RANGE)))
            }
            _ => Ok(()),
        }
    }

    /// The style of an image; the range of a ramp that nobody knows is read from the image.
    pub fn of_image(&self, image: &Image) -> Result<Style, RasterError> {
        Ok(match self.name {
            StyleName::Colour => Style::Colour,
            StyleName::Hillshade => Style::Hillshade(self.light),
            StyleName::TerrainRgb => Style::TerrainRgb,
            StyleName::Ramp => {
                let (lowest, highest) = match (self.lowest, self.highest) {
                    (Some(lowest), Some(highest)) => (lowest, highest),
                    (lowest, highest) => {
                        let own = image.value_range()?.unwrap_or((0.0, 1.0));
                        (lowest.unwrap_or(own.0), highest.unwrap_or(own.1))
                    }
                };
                Style::Ramp { lowest, highest }
            }
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cells have single precision too"
)]
fn single(value: Option<f64>) -> Option<f32> {
    value.map(|value| value as f32)
}

const AZIMUTH: Text = Text::new(
    "правац светла је од 0 до 360 степени, од севера у смеру казаљке на сату",
    "the direction of the light is 0 to 360 degrees, clockwise from north",
);
const ALTITUDE: Text = Text::new(
    "висина светла је од 0 до 90 степени изнад хоризонта",
    "the light stands 0 to 90 degrees above the horizon",
);
const EXAGGERATION: Text = Text::new(
    "висине се увећавају од 0.01 до 100 пута",
    "heights are exaggerated 0.01 to 100 times",
);
const NUMBER: Text = Text::new("вредност је број", "the value is a number");
const RANGE: Text = Text::new(
    "најмања вредност мора бити мања од највеће",
    "the lowest value must be below the highest",
);
