//! The letters of map labels, in the program itself: maps ask no other host for them.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Problem;

/// The one font (SIL Open Font License 1.1, beside its files).
pub const FONT: &str = "Noto Sans Regular";

macro_rules! ranges {
    ($($range:literal),*) => {
        [$(($range, include_bytes!(concat!("../../glyphs/", $range, ".pbf")))),*]
    };
}

/// Latin, Cyrillic, and signs that stand among them. `glyphs/make.py` makes the files.
static RANGES: [(&str, &[u8]); 5] =
    ranges!["0-255", "256-511", "1024-1279", "8192-8447", "8448-8703"];

/// `GET /glyphs/{fontstack}/{range}.pbf`. A range without letters is an empty file, of which map programs
/// make nothing; an error would cost them the label.
pub async fn glyphs(
    Path((fonts, file)): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    let range = file.strip_suffix(".pbf").filter(|range| is_range(range));
    let is_ours = fonts.split(',').any(|font| font.trim() == FONT);
    let Some(range) = range.filter(|_| is_ours) else {
        let path = context.path.clone();
        return Err(context.error(Problem::NoSuchPage { path }));
    };
    let found = RANGES.iter().find(|(name, _)| *name == range);
    let bytes = found.map_or(Bytes::new(), |(_, bytes)| Bytes::from_static(bytes));
    let headers = [
        (header::CONTENT_TYPE, "application/x-protobuf"),
        (header::CACHE_CONTROL, super::LIFETIME),
    ];
    Ok((headers, bytes).into_response())
}

/// Such as `256-511`.
fn is_range(text: &str) -> bool {
    let ends = text.split_once('-');
    let ends = ends.and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
    ends.is_some_and(|(first, last): (u32, u32)| {
        first.is_multiple_of(256) && first <= 65_280 && last == first + 255
    })
}
