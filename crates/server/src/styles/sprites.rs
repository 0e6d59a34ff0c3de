//! The pictures of symbols as map programs read them: one image with all, and where each stands in it
//! (`MapLibre` sprites). They are drawn here, from the definition of the themes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::code_list::Coded as _;
use domain::theme::{Colour, Shape, Symbol, Theme};
use serde_json::{Map, Value, json};

use super::Scheme;
use super::shapes::{HOLE, holds, outline};
use crate::context::{Context, JSON, PNG};
use crate::error::ApiError;
use crate::problem::Problem;

/// Groups of records, by how many they are at least.
pub const GROUPS: [(u32, &str, u8); 4] = [
    (0, "group-22", 22),
    (10, "group-28", 28),
    (100, "group-34", 34),
    (1_000, "group-42", 42),
];
/// The picture of an incident.
pub const INCIDENT: &str = "incident";
/// How much larger a picture is than its symbol, so that edges are not cut.
const MARGIN: f64 = 1.06;
/// Parts of a pixel along a side that are looked at.
const FINE: u32 = 4;

/// The image and the list of a scheme at a scale.
struct Sheet {
    list: String,
    image: Bytes,
}

type Sheets = BTreeMap<(&'static str, u32), Sheet>;

/// All sheets, drawn when the first is asked for.
static SHEETS: LazyLock<Result<Sheets, png::EncodingError>> = LazyLock::new(|| {
    let mut sheets = Sheets::new();
    for scheme in [Scheme::Light, Scheme::Dark] {
        for scale in [1, 2] {
            sheets.insert((scheme.name(), scale), sheet(scheme, scale)?);
        }
    }
    Ok(sheets)
});

/// `GET /sprites/{scheme}.json`, `.png`, and both with `@2x` before the point.
pub async fn sprite(Path(file): Path<String>, context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let sheets = SHEETS.as_ref();
    let sheets = sheets.map_err(|error| context.internal(error, "drawing the symbols"))?;
    let (name, extension) = file.rsplit_once('.').unwrap_or((&file, ""));
    let (scheme, scale) = name.strip_suffix("@2x").map_or((name, 1), |name| (name, 2));
    let sheet = sheets.get(&(scheme, scale));
    let found = sheet.and_then(|sheet| match extension {
        "json" => Some((JSON.media_type, Bytes::from(sheet.list.clone()))),
        "png" => Some((PNG.media_type, sheet.image.clone())),
        _ => None,
    });
    let Some((media_type, body)) = found else {
        let path = context.path.clone();
        return Err(context.error(Problem::NoSuchPage { path }));
    };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, super::LIFETIME),
    ];
    Ok((headers, body).into_response())
}

/// Every symbol with its name.
fn symbols() -> BTreeMap<String, Symbol> {
    let classes = Theme::ALL.iter().flat_map(|theme| theme.classes());
    let mut symbols: BTreeMap<_, _> = classes
        .map(|class| (class.symbol.name(), class.symbol))
        .collect();
    for (_, name, size) in GROUPS {
        let (shape, colour) = (Shape::Circle, Colour([68, 84, 106]));
        let group = Symbol {
            shape,
            colour,
            size,
        };
        symbols.insert(name.to_owned(), group);
    }
    let (shape, colour) = (Shape::Cross, Colour([170, 20, 60]));
    let size = 12;
    symbols.insert(
        INCIDENT.to_owned(),
        Symbol {
            shape,
            colour,
            size,
        },
    );
    symbols
}

/// All symbols in a row.
fn sheet(scheme: Scheme, scale: u32) -> Result<Sheet, png::EncodingError> {
    let symbols = symbols();
    let side = |symbol: &Symbol| u32::from(symbol.size) * scale;
    let width: u32 = symbols.values().map(side).sum();
    let height = symbols.values().map(side).max().unwrap_or(1);
    let mut pixels = vec![0; (width * height * 4) as usize];
    let (mut list, mut left) = (Map::new(), 0);
    for (name, symbol) in &symbols {
        let side = side(symbol);
        for (row, column, paint) in painted(*symbol, scheme, side, scale) {
            let at = ((row * width + left + column) * 4) as usize;
            pixels[at..at + 4].copy_from_slice(&paint);
        }
        let place =
            json!({ "x": left, "y": 0, "width": side, "height": side, "pixelRatio": scale });
        list.insert(name.clone(), place);
        left += side;
    }
    let list = Value::Object(list).to_string();
    let image = encoded(&pixels, width, height)?.into();
    Ok(Sheet { list, image })
}

/// The pixels of a symbol: row, column, red, green, blue and opacity.
fn painted(
    symbol: Symbol,
    scheme: Scheme,
    side: u32,
    scale: u32,
) -> impl Iterator<Item = (u32, u32, [u8; 4])> {
    let outline = outline(symbol.shape);
    let edge = 1.0 - 2.2 * f64::from(scale) / f64::from(side);
    let (fill, ink) = (symbol.colour, scheme.outline());
    let paint = move |x: f64, y: f64| {
        if !holds(&outline, (x, y)) {
            None
        } else if symbol.shape == Shape::Ring {
            (!holds(&outline, (x / HOLE, y / HOLE))).then_some(fill)
        } else if holds(&outline, (x / edge, y / edge)) {
            Some(fill)
        } else {
            Some(ink)
        }
    };
    let places = (0..side).flat_map(move |row| (0..side).map(move |column| (row, column)));
    places.map(move |(row, column)| (row, column, mixed(row, column, side, &paint)))
}

/// The colour of a pixel from those of its parts.
#[expect(
    clippy::cast_possible_truncation,
    reason = "an average of bytes is a byte"
)]
fn mixed(row: u32, column: u32, side: u32, paint: &impl Fn(f64, f64) -> Option<Colour>) -> [u8; 4] {
    let (mut sums, mut painted) = ([0_u32; 3], 0);
    let place = |pixel: u32, part: u32| {
        let at = f64::from(pixel) + (f64::from(part) + 0.5) / f64::from(FINE);
        (at / f64::from(side) * 2.0 - 1.0) * MARGIN
    };
    for (down, right) in (0..FINE).flat_map(|down| (0..FINE).map(move |right| (down, right))) {
        if let Some(Colour(colour)) = paint(place(column, right), place(row, down)) {
            painted += 1;
            for (sum, part) in sums.iter_mut().zip(colour) {
                *sum += u32::from(part);
            }
        }
    }
    let [red, green, blue] = sums.map(|sum| (sum / painted.max(1)) as u8);
    [red, green, blue, (painted * 255 / (FINE * FINE)) as u8]
}

fn encoded(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(out)
}
