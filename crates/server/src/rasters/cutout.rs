//! Parts of a survey: its values as a `GeoTIFF`, and a picture of it as a map.

use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use domain::lists::SurveyKind;
use domain::{Text, message};
use geodesy::{AxisOrder, Bounds, Crs};
use raster::RasterError;
use raster::cutout::{Asked, Content, Cutout, Size};
use raster::encode::{Encoding, encode};
use raster::render::picture;

use super::files::{attachment, put};
use super::links::Linked;
use super::places::{crs, number};
use super::styles::{AskedStyle, StyleName, of_kind};
use super::{Opened, blocking, opened};
use crate::App;
use crate::context::{Context, Format, PNG, WEBP};
use crate::error::ApiError;
use crate::links::Link;
use crate::params::numbers;
use crate::problem::{Problem, Wanted, kinds};
use crate::stream::file_body;
use crate::validator::ETag;

/// Parameters of every cut-out, beside the common ones.
pub const PARAMETERS: [&str; 7] = [
    "bbox",
    "bbox-crs",
    "crs",
    "width",
    "height",
    "scale-factor",
    "scale-denominator",
];

/// The most pixels of a cut-out.
pub const MOST_PIXELS: usize = 4096 * 4096;
/// The most pixels along a side, which is what pictures can have.
const MOST_ALONG: usize = 16_384;
/// The longer side of a map, where the request says nothing of its size.
const USUAL_SIDE: usize = 1024;
/// The side of a pixel by which scales are counted (OGC API Maps 1, 7.5).
const PIXEL_M: f64 = 0.000_28;

/// A `GeoTIFF`.
pub const GEOTIFF: Format = Format {
    name: "tif",
    media_type: super::files::GEOTIFF,
};

const CONTENT_BBOX: HeaderName = HeaderName::from_static("content-bbox");
const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

const BBOX: Text = Text::new(
    "потребна су 4 броја раздвојена зарезима, најмања па највећа вредност обе осе, редом којим их \
     наводи `bbox-crs` (без њега запад,југ,исток,север у степенима)",
    "give 4 numbers separated by commas, the least and then the greatest of both axes, in the order of \
     `bbox-crs` (without it west,south,east,north in degrees)",
);
const SIDE: Text = Text::new(
    "потребан је цео број од 1 до 16384",
    "give a whole number from 1 to 16384",
);
const FACTOR: Text = Text::new(
    "потребан је број од 0.01 до 100000: толико ћелија снимка има пиксел дуж странице",
    "give a number from 0.01 to 100000: so many cells of the survey a pixel has along its side",
);
const DENOMINATOR: Text = Text::new(
    "потребан је број од 1 до 1000000000, као 5000 за размеру 1:5000",
    "give a number from 1 to 1000000000, such as 5000 for a scale of 1:5000",
);
const ONE_SIZE: Text = Text::new(
    "величину одређује само једно од: `width` и `height`, `scale-factor`, `scale-denominator`",
    "the size is said by one of: `width` and `height`, `scale-factor`, `scale-denominator`",
);

/// `GET /collections/surveys/items/{id}/coverage`: the values; of an orthophoto the colours.
pub async fn coverage(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&PARAMETERS)?;
    context.format(&[GEOTIFF])?;
    let opened = opened(&app, &context, &id).await?;
    let content = match opened.survey.kind {
        Some(SurveyKind::Orthophoto) => Content::Colours,
        _ => Content::Values,
    };
    let tag = ETag::of_image(&context, &opened.digest, &content);
    let asked = asked(&context, true, Size::OfImage)?;
    let cutout = decided(&context, &opened, asked).await?;
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    let (image, part) = (opened.image.clone(), cutout.clone());
    let (file, bytes) = blocking(&context, move || {
        let file = part.geotiff(&image, content)?;
        let bytes = file.metadata().map_err(RasterError::NoTemporaryFile)?.len();
        Ok((file, bytes))
    })
    .await?;
    let code = opened.survey.code.as_deref().unwrap_or("survey");
    let mut answer = file_body(file).into_response();
    let headers = answer.headers_mut();
    put(headers, header::CONTENT_TYPE, GEOTIFF.media_type);
    put(headers, header::CONTENT_LENGTH, &bytes.to_string());
    let name = attachment(&format!("{code}-part.tif"));
    put(headers, header::CONTENT_DISPOSITION, &name);
    tag.put(headers);
    placed(&mut answer, &cutout);
    Ok(answer)
}

/// `GET /collections/surveys/items/{id}/map`: a picture, transparent where there is no data.
pub async fn map(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let opened = opened(&app, &context, &id).await?;
    let style = match context.parameter("style") {
        Some(name) => StyleName::of(&context, &opened, name)?,
        None => of_kind(opened.survey.kind)[0],
    };
    context.only(&[&PARAMETERS[..], &["style"], style.parameters()].concat())?;
    let format = context.format(&[PNG, WEBP])?;
    let style = AskedStyle::read(&context, &opened, style)?;
    let asked = asked(&context, false, usual_size(&opened))?;
    let cutout = decided(&context, &opened, asked).await?;
    let tag = ETag::of_image(&context, &opened.digest, &(style, format));
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    let (image, target) = (opened.image.clone(), cutout.target());
    let encoding = if format == WEBP {
        Encoding::Webp
    } else {
        Encoding::Png
    };
    let file = blocking(&context, move || {
        let style = style.of_image(&image)?;
        encode(&picture(&image, &target, &style)?, encoding)
    })
    .await?;
    let mut answer = file.into_response();
    put(
        answer.headers_mut(),
        header::CONTENT_TYPE,
        format.media_type,
    );
    put(answer.headers_mut(), header::VARY, "Accept");
    tag.put(answer.headers_mut());
    placed(&mut answer, &cutout);
    Ok(answer)
}

fn usual_size(opened: &Opened) -> Size {
    let grid = opened.image.grid();
    let wide = grid.columns >= grid.rows;
    Size::Pixels {
        columns: wide.then_some(USUAL_SIDE),
        rows: (!wide).then_some(USUAL_SIDE),
    }
}

/// Reads the parameters of a cut-out.
fn asked(context: &Context, clipped: bool, usual: Size) -> Result<Asked, ApiError> {
    Ok(Asked {
        bounds: bounds(context)?,
        crs: crs(context, "crs")?,
        size: size(context, usual)?,
        clipped,
    })
}

fn bounds(context: &Context) -> Result<Option<(Bounds, Crs)>, ApiError> {
    let bbox_crs = crs(context, "bbox-crs")?;
    let Some(text) = context.parameter("bbox") else {
        return Ok(None);
    };
    let bad = || context.bad_parameter("bbox", text, Wanted::Said(BBOX));
    let crs = match bbox_crs {
        Some(crs) => crs,
        None => Crs::parse("OGC:CRS84").map_err(|_| bad())?,
    };
    let numbers = numbers(text).unwrap_or_default();
    let &[min_x, min_y, max_x, max_y] = &numbers[..] else {
        return Err(bad());
    };
    let bounds = Bounds::new(min_x, min_y, max_x, max_y);
    let bounds = match crs.axis_order() {
        AxisOrder::EastNorth => bounds,
        AxisOrder::NorthEast => bounds.swapped(),
    };
    if bounds.min_x < bounds.max_x && bounds.min_y < bounds.max_y {
        Ok(Some((bounds, crs)))
    } else {
        Err(bad())
    }
}

fn size(context: &Context, usual: Size) -> Result<Size, ApiError> {
    let (columns, rows) = (side(context, "width")?, side(context, "height")?);
    let factor = ranged(context, "scale-factor", 0.01, 1e5, FACTOR)?;
    let denominator = ranged(context, "scale-denominator", 1.0, 1e9, DENOMINATOR)?;
    let pixels = (columns.is_some() || rows.is_some()).then_some(Size::Pixels { columns, rows });
    let sizes = [
        pixels,
        factor.map(Size::Factor),
        denominator.map(|denominator| Size::GroundM(denominator * PIXEL_M)),
    ];
    let mut sizes = sizes.into_iter().flatten();
    match (sizes.next(), sizes.next()) {
        (None, _) => Ok(usual),
        (Some(size), None) => Ok(size),
        (Some(_), Some(_)) => {
            let name = if factor.is_some() {
                "scale-factor"
            } else {
                "scale-denominator"
            };
            let text = context.parameter(name).unwrap_or_default();
            Err(context.bad_parameter(name, text, Wanted::Said(ONE_SIZE)))
        }
    }
}

fn side(context: &Context, name: &str) -> Result<Option<usize>, ApiError> {
    context.parse(name, SIDE, |text| {
        let side = text.parse().ok();
        side.filter(|side| (1..=MOST_ALONG).contains(side))
    })
}

fn ranged(
    context: &Context,
    name: &str,
    least: f64,
    most: f64,
    wanted: Text,
) -> Result<Option<f64>, ApiError> {
    match number(context, name)? {
        Some(number) if !(least..=most).contains(&number) => {
            let text = context.parameter(name).unwrap_or_default();
            Err(context.bad_parameter(name, text, Wanted::Said(wanted)))
        }
        number => Ok(number),
    }
}

/// The grid of a cut-out, which is neither elsewhere nor too large.
async fn decided(context: &Context, opened: &Opened, asked: Asked) -> Result<Cutout, ApiError> {
    let (image, size) = (opened.image.clone(), asked.size);
    let found = blocking(context, move || Cutout::decide(&image, &asked)).await?;
    let cutout = found.ok_or_else(|| elsewhere(context, opened))?;
    let grid = cutout.grid();
    if cutout.pixels() <= MOST_PIXELS && grid.columns.max(grid.rows) <= MOST_ALONG {
        return Ok(cutout);
    }
    Err(too_large(context, &cutout, size))
}

fn elsewhere(context: &Context, opened: &Opened) -> ApiError {
    let survey = opened.survey.code.as_deref().unwrap_or_default();
    let id = opened.id;
    context.error(Problem::NoAnswer {
        kind: &kinds::OUTSIDE_SURVEY,
        detail: message!(
            "Тражени део је ван снимка `{survey}`. Обухват снимка је на \
             `/collections/surveys/items/{id}`.",
            "The part asked for is outside the survey `{survey}`. The survey's footprint is at \
             `/collections/surveys/items/{id}`."
        ),
    })
}

#[expect(clippy::cast_precision_loss, reason = "a number for people")]
fn too_large(context: &Context, cutout: &Cutout, size: Size) -> ApiError {
    let grid = cutout.grid();
    let (columns, rows) = (grid.columns, grid.rows);
    let by_area = (columns as f64 * rows as f64 / MOST_PIXELS as f64).sqrt();
    let by_side = columns.max(rows) as f64 / MOST_ALONG as f64;
    let factor = match size {
        Size::Factor(factor) => factor,
        _ => 1.0,
    };
    let fitting = (factor * by_area.max(by_side) * 100.0).ceil() / 100.0;
    let named = PARAMETERS[3..].iter().chain(&["bbox"]);
    let mut named = named.filter_map(|name| Some((*name, context.parameter(name)?)));
    let (name, text) = named.next().unwrap_or(("scale-factor", "1"));
    let wanted = match size {
        Size::OfImage | Size::Factor(_) => message!(
            "део би имао {columns} × {rows} пиксела, а највише може 16777216; тражите мањи део, или \
             `scale-factor={fitting}`",
            "the part would have {columns} × {rows} pixels, and 16777216 at most are served; ask for a \
             smaller part, or `scale-factor={fitting}`"
        ),
        Size::GroundM(_) | Size::Pixels { .. } => message!(
            "део би имао {columns} × {rows} пиксела, а највише може 16777216; тражите мањи део или мању \
             слику",
            "the part would have {columns} × {rows} pixels, and 16777216 at most are served; ask for a \
             smaller part or a smaller picture"
        ),
    };
    context.bad_parameter(name, text, Wanted::Told(wanted))
}

/// Says where a cut-out lies (OGC API Maps 1, 7.2): the axes in the order of the reference system.
fn placed(answer: &mut Response, cutout: &Cutout) {
    let (bounds, crs) = (cutout.grid().bounds(), cutout.crs());
    let bounds = match crs.axis_order() {
        AxisOrder::EastNorth => bounds,
        AxisOrder::NorthEast => bounds.swapped(),
    };
    let Bounds {
        min_x,
        min_y,
        max_x,
        max_y,
    } = bounds;
    let bbox = format!("{min_x},{min_y},{max_x},{max_y}");
    put(answer.headers_mut(), CONTENT_BBOX, &bbox);
    let name = crs
        .declared()
        .uri
        .clone()
        .unwrap_or_else(|| crs.to_string());
    put(answer.headers_mut(), CONTENT_CRS, &format!("<{name}>"));
}

/// The relation to a picture (OGC API Maps 1).
const MAP: &str = "http://www.opengis.net/def/rel/ogc/1.0/map";
/// The relation to values (OGC API Coverages).
const COVERAGE: &str = "http://www.opengis.net/def/rel/ogc/1.0/coverage";

/// The links to cut-outs.
pub fn links(context: &Context, survey: &Linked<'_>) -> Vec<Link> {
    let link = |part: &str, rel, media_type, title: Text| {
        let path = format!("{}/{part}", survey.path);
        Link::to(context, &path, rel, media_type).titled(title.get(context.lang))
    };
    vec![
        link("map", MAP, PNG.media_type, Text::new("Карта", "Map")),
        link(
            "coverage?scale-factor={scale-factor}",
            COVERAGE,
            GEOTIFF.media_type,
            Text::new("Вредности (GeoTIFF)", "Values (GeoTIFF)"),
        )
        .templated(),
    ]
}
