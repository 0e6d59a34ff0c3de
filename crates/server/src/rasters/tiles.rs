//! Tiles of a survey.
//!
//! OGC addresses (`WebMercatorQuad/{matrix}/{row}/{column}`) have limits, which their tileset tells:
//! outside there is no tile, 404. XYZ addresses (`xyz/{z}/{x}/{y}.png`) have no way to tell limits to a
//! client such as QGIS, which asks for whatever it shows: every tile of the world is a picture. A tile
//! without data is a transparent picture in both, which every client draws; 204 is an error to many.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Text;
use raster::encode::{Encoding, encode};
use raster::tile_matrix::{Limits, zooms};
use raster::{Tile, picture};

use super::styles::{AskedStyle, StyleName};
use super::{Opened, blocking, opened};
use crate::App;
use crate::context::{Context, Format, PNG, WEBP};
use crate::error::ApiError;
use crate::problem::{Problem, Wanted};
use crate::validator::ETag;

/// `GET …/tiles/{style}/WebMercatorQuad/{matrix}/{row}/{column}` (OGC API Tiles 1, 7.1).
pub async fn ogc(
    State(app): State<App>,
    Path((id, style, matrix, row, column)): Path<(String, String, String, String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let numbers = (
        number(&context, "tileMatrix", &matrix)?,
        number(&context, "tileRow", &row)?,
        number(&context, "tileCol", &column)?,
    );
    let survey = opened(&app, &context, &id).await?;
    let limits = limits(&context, &survey).await?;
    let tile = Tile::new(numbers.0, numbers.1, numbers.2);
    let tile = tile.filter(|tile| limits.iter().any(|limits| limits.contain(tile)));
    let tile = tile.ok_or_else(|| outside(&context, numbers, &limits))?;
    let format = context.format(&[PNG, WEBP])?;
    answer(&context, survey, &style, tile, format).await
}

/// `GET …/tiles/{style}/xyz/{z}/{x}/{y}.png` and `.webp`: the column before the row.
pub async fn xyz(
    State(app): State<App>,
    Path((id, style, zoom, column, file)): Path<(String, String, String, String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let (row, extension) = file.rsplit_once('.').unwrap_or((&file, ""));
    let format = [PNG, WEBP]
        .into_iter()
        .find(|format| format.name == extension)
        .ok_or_else(|| context.bad_parameter("y", &file, Wanted::Said(EXTENSION)))?;
    context.only_format(extension)?;
    let numbers = (
        number(&context, "z", &zoom)?,
        number(&context, "y", row)?,
        number(&context, "x", &column)?,
    );
    let outside = || {
        let place = format!("{zoom}/{column}/{file}");
        context.bad_parameter("z/x/y", &place, Wanted::Said(TILING))
    };
    let tile = Tile::new(numbers.0, numbers.1, numbers.2).ok_or_else(outside)?;
    let survey = opened(&app, &context, &id).await?;
    answer(&context, survey, &style, tile, format).await
}

const EXTENSION: Text = Text::new(
    "ред се завршава са `.png` или `.webp`",
    "the row ends with `.png` or `.webp`",
);
const TILING: Text = Text::new(
    "на нивоу z (0 до 24) има 2^z редова и колона, од нуле",
    "at zoom z (0 to 24) there are 2^z rows and columns, from zero",
);
const WHOLE: Text = Text::new(
    "вредност је цео број, од нуле",
    "the value is a whole number, from zero",
);

fn number(context: &Context, name: &str, text: &str) -> Result<u32, ApiError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let value = text.parse().ok().filter(|_| digits);
    value.ok_or_else(|| context.bad_parameter(name, text, Wanted::Said(WHOLE)))
}

/// The tiles of a survey's tilesets, zoom by zoom: those its image touches, from where it is 32 pixels
/// large (GDAL fails at a zoom where it is smaller than a pixel) to where a pixel is not larger than a
/// cell.
pub async fn limits(context: &Context, survey: &Opened) -> Result<Vec<Limits>, ApiError> {
    let image = survey.image.clone();
    blocking(context, move || {
        let bounds = image.lon_lat_bounds()?;
        let (coarsest, finest) = zooms(&image)?;
        Ok((coarsest..=finest)
            .map(|zoom| Limits::of(&bounds, zoom))
            .collect())
    })
    .await
}

fn outside(context: &Context, (zoom, row, column): (u32, u32, u32), limits: &[Limits]) -> ApiError {
    let told = limits.iter().find(|limits| limits.zoom == zoom);
    let limits = if let Some(Limits { rows, columns, .. }) = told {
        format!("{zoom}/{}–{}/{}–{}", rows.0, rows.1, columns.0, columns.1)
    } else {
        let ends = limits.first().zip(limits.last());
        let (coarsest, finest) = ends.map_or((0, 0), |(first, last)| (first.zoom, last.zoom));
        format!("{coarsest}–{finest}/…/…")
    };
    context.error(Problem::NoSuchTile {
        tile: format!("{zoom}/{row}/{column}"),
        limits,
    })
}

/// A client may keep a tile for an hour without asking again; then the tag tells it whether the image
/// is still the same.
const LIFETIME: HeaderValue = HeaderValue::from_static("public, max-age=3600");

async fn answer(
    context: &Context,
    survey: Opened,
    style: &str,
    tile: Tile,
    format: Format,
) -> Result<Response, ApiError> {
    let name = StyleName::of(context, &survey, style)?;
    context.only(name.parameters())?;
    let asked = AskedStyle::read(context, &survey, name)?;
    let tag = ETag::of_image(context, &survey.digest, &(asked, format));
    if let Some(mut unchanged) = tag.unchanged(&context.headers) {
        unchanged
            .headers_mut()
            .insert(header::CACHE_CONTROL, LIFETIME);
        return Ok(unchanged);
    }
    let encoding = if format == WEBP {
        Encoding::Webp
    } else {
        Encoding::Png
    };
    let bytes = blocking(context, move || {
        let style = asked.of_image(&survey.image)?;
        encode(&picture(&survey.image, &tile.target(), &style)?, encoding)
    })
    .await?;
    let media_type = HeaderValue::from_static(format.media_type);
    let mut response = ([(header::CONTENT_TYPE, media_type)], bytes).into_response();
    let headers = response.headers_mut();
    tag.put(headers);
    headers.insert(header::CACHE_CONTROL, LIFETIME);
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}
