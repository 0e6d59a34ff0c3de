//! The height at a point.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::Text;
use geodesy::Crs;
use raster::heights::{Reading, read_at};
use serde_json::json;

use super::links::Linked;
use super::measured::{measured, reason, refuse_colours, rounded, survey, value_name};
use super::places::{crs, is_on_earth, not_in, number, plan_of, to_lon_lat};
use super::{Opened, blocking, opened};
use crate::App;
use crate::context::{Context, JSON};
use crate::error::ApiError;
use crate::landing::json_response;
use crate::links::{Link, own};
use crate::params::numbers;
use crate::problem::Wanted;

/// Parameters beside the common ones.
pub const PARAMETERS: &[&str] = &["lon", "lat", "point", "crs"];

const LON_LAT: Text = Text::new(
    "потребно је место: `lon` и `lat` у степенима, или `point=x,y` са `crs`",
    "give a place: `lon` and `lat` in degrees, or `point=x,y` with `crs`",
);
const POINT: Text = Text::new(
    "потребна су два броја раздвојена зарезом, као 22.0959,44.0749",
    "give two numbers separated by a comma, such as 22.0959,44.0749",
);

/// `GET /collections/surveys/items/{id}/height`: null with a reason where there is none.
pub async fn height(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(PARAMETERS)?;
    let format = context.format(&[JSON])?;
    let opened = opened(&app, &context, &id).await?;
    refuse_colours(&context, &opened)?;
    let (lon, lat) = place(&context).await?;
    let image = opened.image.clone();
    let (at, reading) = blocking(&context, move || {
        let transformer = image.plan().from_wgs84()?;
        match transformer.transform(lon, lat) {
            Ok((x, y)) => Ok((Some([x, y]), read_at(&image, 1, x, y)?)),
            Err(_) => Ok((None, Reading::Outside)),
        }
    })
    .await?;
    let mut answer = described(&context, &opened, reading);
    answer["point"] = json!({
        "lon": lon,
        "lat": lat,
        "in_survey_crs": at.map(|at| at.map(|number| rounded(number, 4))),
    });
    answer["links"] = json!(own(&context, format, &[JSON]));
    Ok(json_response(&context, format, &answer))
}

fn described(context: &Context, opened: &Opened, reading: Reading) -> serde_json::Value {
    let value = reading.value().map(|value| measured(opened, value));
    let mut answer = json!({ value_name(opened): value });
    match reading {
        Reading::Value { cells, .. } => {
            answer["interpolation"] = json!("bilinear");
            answer["cells_used"] = json!(cells);
        }
        none => answer["reason"] = reason(none, context.lang),
    }
    answer["survey"] = survey(opened, context.lang);
    answer
}

/// The place asked for: longitude and latitude, WGS 84.
async fn place(context: &Context) -> Result<(f64, f64), ApiError> {
    let incomplete = |name, value| context.bad_parameter(name, value, Wanted::Said(LON_LAT));
    let by_degrees = number(context, "lon")?.zip(number(context, "lat")?);
    match (by_degrees, context.parameter("point")) {
        (Some(_), Some(text)) => Err(incomplete("point", text)),
        (Some(place), None) if context.parameter("crs").is_some() || !is_on_earth(place) => {
            let text = format!("{},{}", place.0, place.1);
            Err(incomplete("lon,lat", &text))
        }
        (Some(place), None) => Ok(place),
        (None, Some(text)) => point(context, text).await,
        (None, None) => Err(incomplete("lon", context.parameter("lon").unwrap_or(""))),
    }
}

async fn point(context: &Context, text: &str) -> Result<(f64, f64), ApiError> {
    let bad = |wanted| context.bad_parameter("point", text, wanted);
    let numbers = numbers(text).unwrap_or_default();
    let &[x, y] = &numbers[..] else {
        return Err(bad(Wanted::Said(POINT)));
    };
    let Some(crs) = crs(context, "crs")? else {
        let place = (x, y);
        return is_on_earth(place)
            .then_some(place)
            .ok_or_else(|| bad(Wanted::Said(POINT)));
    };
    let found = in_crs(context, &crs, (x, y)).await?;
    found.ok_or_else(|| bad(not_in(&crs)))
}

async fn in_crs(
    context: &Context,
    crs: &Crs,
    place: (f64, f64),
) -> Result<Option<(f64, f64)>, ApiError> {
    let crs = crs.clone();
    blocking(context, move || {
        let transformer = plan_of(&crs)?.to_wgs84()?;
        Ok(to_lon_lat(&transformer, place))
    })
    .await
}

/// The link to heights.
pub fn links(context: &Context, survey: &Linked<'_>) -> Vec<Link> {
    if survey.kind == "orthophoto" {
        return Vec::new();
    }
    let path = format!("{}/height?lon={{lon}}&lat={{lat}}", survey.path);
    let title = Text::new("Вредност на месту", "The value at a place");
    let link = Link::to(context, &path, "related", JSON.media_type);
    vec![link.titled(title.get(context.lang)).templated()]
}
