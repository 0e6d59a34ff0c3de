//! The heights along a line.

use std::fmt::Write as _;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::{Text, message};
use raster::heights::Reading;
use raster::profile::{Station, climb, length_m, read_along, stations};
use serde_json::{Value, json};

use super::files::attachment;
use super::links::Linked;
use super::measured::{is_terrain, measured, reason, refuse_colours, rounded, survey, value_name};
use super::places::{is_on_earth, number};
use super::{Opened, blocking, opened};
use crate::App;
use crate::context::{Context, Format, JSON};
use crate::error::ApiError;
use crate::landing::json_response;
use crate::links::{Link, own};
use crate::params::numbers;
use crate::problem::Wanted;

/// Parameters beside the common ones.
pub const PARAMETERS: &[&str] = &["line", "step_m"];

/// The most places of a profile.
pub const MOST_STATIONS: f64 = 5_000.0;
/// The most corners of a line.
const MOST_CORNERS: usize = 200;
/// The longest line; no survey is wider.
const LONGEST_M: f64 = 200_000.0;
/// So many places there are about, when the request does not say how far apart.
const USUAL_STATIONS: f64 = 500.0;

/// A table for spreadsheets.
pub const CSV: Format = Format {
    name: "csv",
    media_type: "text/csv",
};

const LINE: Text = Text::new(
    "потребне су дужине и ширине у степенима, као 22.08,44.07,22.1,44.08 или \
     LINESTRING(22.08 44.07, 22.1 44.08), од 2 до 200 темена, укупно до 200 km",
    "give longitudes and latitudes in degrees, such as 22.08,44.07,22.1,44.08 or \
     LINESTRING(22.08 44.07, 22.1 44.08), 2 to 200 corners, 200 km at most",
);

/// A line with what is read along it.
struct Profile {
    length_m: f64,
    step_m: f64,
    stations: Vec<Station>,
    readings: Vec<Reading>,
}

/// `GET /collections/surveys/items/{id}/profile`
pub async fn profile(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(PARAMETERS)?;
    let format = context.format(&[JSON, CSV])?;
    let opened = opened(&app, &context, &id).await?;
    refuse_colours(&context, &opened)?;
    let line = line(&context)?;
    let length_m = length_m(&line);
    let step_m = step(&context, length_m, line.len())?;
    let stations = stations(&line, step_m);
    let image = opened.image.clone();
    let (stations, readings) = blocking(&context, move || {
        let readings = read_along(&image, 1, &stations)?;
        Ok((stations, readings))
    })
    .await?;
    let profile = Profile {
        length_m,
        step_m,
        stations,
        readings,
    };
    if format == CSV {
        return Ok(csv(&opened, &profile));
    }
    let mut answer = document(&context, &opened, &profile);
    answer["links"] = json!(own(&context, format, &[JSON, CSV]));
    Ok(json_response(&context, format, &answer))
}

fn line(context: &Context) -> Result<Vec<(f64, f64)>, ApiError> {
    let text = context.parameter("line").unwrap_or_default();
    let corners = of_wkt(text).or_else(|| of_numbers(text));
    corners
        .filter(|line| (2..=MOST_CORNERS).contains(&line.len()))
        .filter(|line| line.iter().copied().all(is_on_earth))
        .filter(|line| (1e-3..=LONGEST_M).contains(&length_m(line)))
        .ok_or_else(|| context.bad_parameter("line", text, Wanted::Said(LINE)))
}

fn of_numbers(text: &str) -> Option<Vec<(f64, f64)>> {
    let numbers = numbers(text)?;
    let pairs = numbers.chunks(2);
    pairs
        .map(|pair| Some((*pair.first()?, *pair.get(1)?)))
        .collect()
}

/// A line in well-known text; heights in it are not needed and left out.
fn of_wkt(text: &str) -> Option<Vec<(f64, f64)>> {
    let text = text.trim();
    let name = text.get(..10)?;
    if !name.eq_ignore_ascii_case("LINESTRING") {
        return None;
    }
    let (kind, corners) = text[10..].split_once('(')?;
    let corners = corners.trim_end().strip_suffix(')')?;
    if !["", "Z"].contains(&kind.trim().to_ascii_uppercase().as_str()) {
        return None;
    }
    let corner = |text: &str| {
        let numbers = text.split_ascii_whitespace().collect::<Vec<_>>().join(",");
        match numbers_of(&numbers)[..] {
            [lon, lat] | [lon, lat, _] => Some((lon, lat)),
            _ => None,
        }
    };
    corners.split(',').map(corner).collect()
}

fn numbers_of(text: &str) -> Vec<f64> {
    numbers(text).unwrap_or_default()
}

/// The distance between places: as asked, when so many places are allowed.
#[expect(clippy::cast_precision_loss, reason = "a line has few corners")]
fn step(context: &Context, length_m: f64, corners: usize) -> Result<f64, ApiError> {
    let Some(step_m) = number(context, "step_m")? else {
        return Ok(length_m / USUAL_STATIONS);
    };
    let least_m = length_m / (MOST_STATIONS - corners as f64);
    if step_m >= least_m && step_m > 0.0 {
        return Ok(step_m);
    }
    let least_m = (least_m * 1000.0).ceil() / 1000.0;
    let wanted = message!(
        "на линији је највише 5000 места; најмањи корак за ову линију је {least_m} m",
        "a line has at most 5000 places; the smallest step for this line is {least_m} m"
    );
    let text = context.parameter("step_m").unwrap_or_default();
    Err(context.bad_parameter("step_m", text, Wanted::Told(wanted)))
}

fn document(context: &Context, opened: &Opened, profile: &Profile) -> Value {
    let name = value_name(opened);
    let pairs = profile.stations.iter().zip(&profile.readings);
    let places: Vec<_> = pairs
        .map(|(station, reading)| {
            let mut place = json!({
                "distance_m": rounded(station.distance_m, 3),
                "lon": rounded(station.lon, 8),
                "lat": rounded(station.lat, 8),
                name: reading.value().map(|value| measured(opened, value)),
            });
            if station.is_corner {
                place["corner"] = json!(true);
            }
            if reading.value().is_none() {
                place["reason"] = reason(*reading, context.lang)["code"].take();
            }
            place
        })
        .collect();
    json!({
        "survey": survey(opened, context.lang),
        "length_m": rounded(profile.length_m, 3),
        "step_m": rounded(profile.step_m, 4),
        "summary": summary(opened, profile),
        "stations": places,
    })
}

fn summary(opened: &Opened, profile: &Profile) -> Value {
    let values: Vec<_> = profile
        .readings
        .iter()
        .filter_map(|one| one.value())
        .collect();
    let extreme = |pick: fn(f64, f64) -> f64| {
        let found = values.iter().copied().reduce(pick);
        found.map(|value| measured(opened, value))
    };
    let mut summary = json!({
        "stations": profile.stations.len(),
        "stations_with_value": values.len(),
        "least": extreme(f64::min),
        "greatest": extreme(f64::max),
    });
    let climb = climb(&profile.stations, &profile.readings);
    if let (true, Some(climb)) = (is_terrain(opened), climb) {
        let percent = |slope: f64| rounded(slope * 100.0, 3);
        summary["ascent_m"] = json!(rounded(climb.ascent_m, 3));
        summary["descent_m"] = json!(rounded(climb.descent_m, 3));
        summary["least_slope_percent"] = json!(percent(climb.slope.0));
        summary["greatest_slope_percent"] = json!(percent(climb.slope.1));
        summary["mean_steepness_percent"] = json!(percent(climb.mean_steepness));
        summary["length_with_values_m"] = json!(rounded(climb.known_m, 3));
    }
    summary
}

fn csv(opened: &Opened, profile: &Profile) -> Response {
    let mut table = format!("distance_m,lon,lat,{},corner\r\n", value_name(opened));
    for (station, reading) in profile.stations.iter().zip(&profile.readings) {
        let value = reading.value().map(|value| measured(opened, value));
        let value = value.map_or_else(String::new, |value| value.to_string());
        let Station {
            distance_m,
            lon,
            lat,
            is_corner,
        } = station;
        // Writing to a text cannot fail.
        let _: std::fmt::Result = write!(
            table,
            "{distance_m:.3},{lon:.8},{lat:.8},{value},{is_corner}\r\n"
        );
    }
    let code = opened.survey.code.as_deref().unwrap_or("survey");
    let name = attachment(&format!("{code}-profile.csv"));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    (headers, table).into_response()
}

/// The link to profiles.
pub fn links(context: &Context, survey: &Linked<'_>) -> Vec<Link> {
    if survey.kind == "orthophoto" {
        return Vec::new();
    }
    let path = format!("{}/profile?line={{line}}&step_m={{step_m}}", survey.path);
    let title = Text::new("Вредности дуж линије", "The values along a line");
    let link = Link::to(context, &path, "related", JSON.media_type);
    vec![link.titled(title.get(context.lang)).templated()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_as_numbers_and_as_text() {
        let read = |text: &str| of_wkt(text).or_else(|| of_numbers(text));
        let line = Some(vec![(22.0, 44.0), (22.5, 44.25)]);
        for (text, wanted) in [
            ("22,44,22.5,44.25", line.clone()),
            (" 22 , 44 , 22.5 , 44.25 ", line.clone()),
            ("LINESTRING(22 44, 22.5 44.25)", line.clone()),
            ("LineString (22 44,22.5 44.25) ", line.clone()),
            ("LINESTRING Z (22 44 300, 22.5 44.25 310)", line),
            ("22,44,22.5", None),
            ("LINESTRING(22 44, 22.5)", None),
            ("LINESTRING(22 44, 22.5 44.25", None),
            ("LINESTRING EMPTY", None),
            ("LINESTRING M (22 44 1, 22.5 44.25 1)", None),
            ("POLYGON((22 44, 22.5 44.25, 22 44))", None),
            ("јаловиште на Бору", None),
            ("22,NaN,22.5,44.25", None),
            ("", None),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }
}
