//! The layers searched (OGC API Records 1, "Local Resources Catalogue", query parameters).

use domain::search;
use domain::text::fold;
use domain::{Lang, Layer, Text};
use store::items::{Bbox, Period};
use store::layer_state::LayerState;

use crate::bbox::{self, Area};
use crate::context::Context;
use crate::crs::ServedCrs;
use crate::error::ApiError;
use crate::params::time::period;
use crate::params::{BBOX, DATETIME, SEARCH};
use crate::problem::Wanted;

/// What `/collections` is searched for.
pub struct Search {
    /// Terms, folded: any of them is enough.
    terms: Vec<String>,
    bbox: Option<Bbox>,
    datetime: Option<Period>,
}

impl Search {
    /// Reads `q`, `bbox` and `datetime`.
    pub fn read(context: &Context) -> Result<Self, ApiError> {
        context.only(&["q", "bbox", "datetime"])?;
        let terms = context.parse("q", SEARCH, terms)?;
        Ok(Self {
            terms: terms.unwrap_or_default(),
            bbox: context
                .parameter("bbox")
                .map(|text| area(context, text))
                .transpose()?,
            datetime: context.parse("datetime", DATETIME, period)?,
        })
    }

    /// Whether a layer is among those that are searched for. One without an extent is in every box and
    /// in every time, as a feature without geometry or time is.
    pub fn finds(&self, layer: &Layer, state: &LayerState, period: Option<Period>) -> bool {
        let overlaps = match (self.bbox, state.extent) {
            (Some(asked), Some(extent)) => meet(asked, extent),
            _ => true,
        };
        let in_time = match (self.datetime, period) {
            (Some(asked), Some(period)) => overlap(asked, period),
            _ => true,
        };
        overlaps && in_time && (self.terms.is_empty() || self.names(layer))
    }

    fn names(&self, layer: &Layer) -> bool {
        let texts = [layer.title, layer.description];
        let in_languages = |text: Text| Lang::ALL.map(|lang| fold(&text.get(lang)));
        let words: Vec<String> = texts
            .into_iter()
            .flat_map(in_languages)
            .chain([fold(layer.id)])
            .collect();
        let named = |term: &String| words.iter().any(|text| text.contains(term.as_str()));
        self.terms.iter().any(named)
    }
}

/// What stands between commas, folded.
fn terms(q: &str) -> Option<Vec<String>> {
    let terms = q.split(',').map(fold).filter(|term| !term.is_empty());
    (q.chars().count() <= search::Search::MOST_LETTERS).then(|| terms.collect())
}

/// Whether two periods share a moment.
fn overlap(one: Period, other: Period) -> bool {
    let begins_in_time =
        |from: Option<_>, until: Option<_>| from.is_none() || until.is_none() || from <= until;
    begins_in_time(one.from, other.until) && begins_in_time(other.from, one.until)
}

fn area(context: &Context, text: &str) -> Result<Bbox, ApiError> {
    match bbox::parse(text, ServedCrs::CRS84) {
        Some(Area::Box(bbox)) => Ok(bbox),
        _ => Err(context.bad_parameter("bbox", text, Wanted::Said(BBOX))),
    }
}

/// Whether two boxes share a point; one may cross the antimeridian.
fn meet(asked: Bbox, extent: Bbox) -> bool {
    let longitudes = if asked.west <= asked.east {
        asked.west <= extent.east && asked.east >= extent.west
    } else {
        asked.west <= extent.east || asked.east >= extent.west
    };
    longitudes && asked.south <= extent.north && asked.north >= extent.south
}
