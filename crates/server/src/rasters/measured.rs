//! What every measured value is told with: of which survey it is, and how good.

use domain::code_list::Coded as _;
use domain::layers::SURVEYS;
use domain::lists::SurveyKind;
use domain::{Lang, Text, message};
use geodesy::distance_m;
use raster::Image;
use raster::heights::Reading;
use serde_json::{Map, Value, json};

use super::Opened;
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::{Problem, kinds};

/// The name of a value in answers: heights have their unit in it.
pub fn value_name(opened: &Opened) -> &'static str {
    if is_terrain(opened) {
        "height_m"
    } else {
        "value"
    }
}

/// Whether the cells are heights.
pub fn is_terrain(opened: &Opened) -> bool {
    opened.survey.kind.is_some_and(SurveyKind::is_terrain)
}

/// Refuses surveys whose cells are colours.
pub fn refuse_colours(context: &Context, opened: &Opened) -> Result<(), ApiError> {
    if opened.survey.kind != Some(SurveyKind::Orthophoto) {
        return Ok(());
    }
    let survey = opened.survey.code.as_deref().unwrap_or_default();
    let layer = SURVEYS.id;
    Err(context.error(Problem::NoAnswer {
        kind: &kinds::NO_VALUES,
        detail: message!(
            "Снимак `{survey}` је ортофото: његове ћелије су боје. Висине имају снимци врсте dem, dtm и \
             dsm, као на `/collections/{layer}/items?kind=dtm`.",
            "The survey `{survey}` is an orthophoto: its cells are colours. Heights are in surveys of \
             the kinds dem, dtm and dsm, as at `/collections/{layer}/items?kind=dtm`."
        ),
    }))
}

/// The survey as measured values name it.
pub fn survey(opened: &Opened, lang: Lang) -> Value {
    let survey = &opened.survey;
    let datum = survey
        .vertical_datum
        .map(|datum| json!({ "code": datum.code(), "title": datum.entry().label.get(lang) }));
    let mut about = Map::from_iter([
        ("id".to_owned(), json!(opened.id)),
        ("code".to_owned(), json!(survey.code)),
        ("kind".to_owned(), json!(survey.kind.map(SurveyKind::code))),
        ("surveyed_on".to_owned(), json!(survey.surveyed_on)),
        ("crs".to_owned(), json!(survey.horizontal_crs)),
        (
            "cell_size_m".to_owned(),
            json!(rounded(cell_size_m(&opened.image), 4)),
        ),
        (
            "horizontal_accuracy_m".to_owned(),
            json!(opened.image.plan().operation().accuracy_m),
        ),
    ]);
    if is_terrain(opened) {
        about.extend([
            ("vertical_datum".to_owned(), json!(datum)),
            (
                "vertical_accuracy_m".to_owned(),
                json!(
                    survey
                        .vertical_accuracy_m
                        .map(domain::quantity::Metres::get)
                ),
            ),
        ]);
    }
    Value::Object(about)
}

/// The width of a cell on the ground, metres, in the middle of the image.
fn cell_size_m(image: &Image) -> f64 {
    let grid = image.grid();
    let (column, row) = (grid.columns / 2, grid.rows / 2);
    let Ok(to_wgs84) = image.plan().to_wgs84() else {
        return 0.0;
    };
    let place = |column| {
        let (x, y) = grid.centre(column, row);
        to_wgs84.transform(x, y).ok()
    };
    let ends = place(column).zip(place(column + 1));
    ends.map_or(0.0, |(from, to)| distance_m(from, to))
}

/// Why there is no value.
pub fn reason(reading: Reading, lang: Lang) -> Value {
    let (code, text) = match reading {
        Reading::Value { .. } => return Value::Null,
        Reading::NoData => (
            "no-data",
            Text::new(
                "снимак на том месту нема податак",
                "the survey has no data at this place",
            ),
        ),
        Reading::Outside => (
            "outside",
            Text::new("место је ван снимка", "the place is outside the survey"),
        ),
    };
    json!({ "code": code, "text": text.get(lang) })
}

/// A measured value: heights to the millimetre, others to seven significant digits, which is what
/// single precision has.
pub fn measured(opened: &Opened, value: f64) -> f64 {
    if is_terrain(opened) {
        return rounded(value, 3);
    }
    format!("{value:.6e}").parse().unwrap_or(value)
}

/// To so many decimals; never a negative zero.
pub fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale + 0.0
}
