//! The files of a survey, whole or in parts: the cloud-optimised image, which QGIS and GDAL read over
//! HTTP by ranges, and the original.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Text;
use domain::layers::Survey;
use futures_util::stream::{self, BoxStream, StreamExt};
use raster::Library;
use raster::library::Kind;

use super::links::Linked;
use super::ranges::Asked;
use super::{failed, survey};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::links::Link;
use crate::problem::Problem;

/// The media type of a cloud-optimised `GeoTIFF` (OGC 21-026, 8).
pub const COG: &str = "image/tiff; application=geotiff; profile=cloud-optimized";
/// The media type of a `GeoTIFF` (OGC 19-008r4, annex on media types).
pub const GEOTIFF: &str = "image/tiff; application=geotiff";

/// `GET /collections/surveys/items/{id}/image.tif`
pub async fn image(
    State(app): State<App>,
    Path(id): Path<String>,
    method: Method,
    context: Context,
) -> Result<Response, ApiError> {
    let (_, survey) = survey(&app, &context, &id).await?;
    let file = File {
        kind: Kind::Image,
        sha256: survey.image_sha256.clone(),
        name: format!("{}.tif", survey.code.as_deref().unwrap_or("survey")),
        media_type: COG,
    };
    file.answer(&app, &context, &method).await
}

/// `GET /collections/surveys/items/{id}/original.tif`
pub async fn original(
    State(app): State<App>,
    Path(id): Path<String>,
    method: Method,
    context: Context,
) -> Result<Response, ApiError> {
    let (_, survey) = survey(&app, &context, &id).await?;
    let file = File {
        kind: Kind::Original,
        name: original_name(&survey),
        sha256: survey.original_sha256,
        media_type: GEOTIFF,
    };
    file.answer(&app, &context, &method).await
}

/// The links to the files.
pub fn links(context: &Context, survey: &Linked<'_>) -> Vec<Link> {
    let path = &survey.path;
    let titled = |file: &str, rel, media_type, title: Text| {
        let link = Link::to(context, &format!("{path}/{file}"), rel, media_type);
        link.titled(title.get(context.lang))
    };
    vec![
        titled(
            "image.tif",
            "enclosure",
            COG,
            Text::new(
                "Снимак за читање по деловима (COG)",
                "The image, readable in parts (COG)",
            ),
        ),
        titled(
            "original.tif",
            "enclosure",
            GEOTIFF,
            Text::new("Изворна датотека", "The original file"),
        ),
    ]
}

/// A file of the library as an answer.
pub struct File {
    /// Which of its files.
    pub kind: Kind,
    /// Its digest; without one there is no such page.
    pub sha256: Option<String>,
    /// The name under which it is saved.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
}

impl File {
    /// The file, or the ranges of it that the client asks for.
    pub async fn answer(
        self,
        app: &App,
        context: &Context,
        method: &Method,
    ) -> Result<Response, ApiError> {
        context.only(&[])?;
        context.only_format("tif")?;
        let Some(sha256) = self.sha256.as_deref() else {
            let path = context.path.clone();
            return Err(context.error(Problem::NoSuchPage { path }));
        };
        let size = app.rasters.size(self.kind, sha256).await;
        let size = size.map_err(|error| failed(context, &error))?;
        let tag = format!("\"{sha256}\"");
        let mut answer = match Asked::of(method, &context.headers, &tag, size) {
            Asked::Unchanged => StatusCode::NOT_MODIFIED.into_response(),
            Asked::Another => StatusCode::PRECONDITION_FAILED.into_response(),
            Asked::Beyond => beyond(size),
            // The bytes stay where they are when only the headers are asked for.
            Asked::Whole if *method == Method::HEAD => self.whole(Body::empty(), size),
            Asked::Whole => self.whole(body(self.bytes(app, sha256, 0..size)), size),
            Asked::Parts(parts) => match &parts[..] {
                [part] => self.part(app, sha256, part, size),
                parts => self.parts(app, sha256, parts, size),
            },
        };
        let headers = answer.headers_mut();
        put(headers, header::ETAG, &tag);
        put(headers, header::ACCEPT_RANGES, "bytes");
        // The address stays when a survey is imported again, so a copy is checked by its tag.
        put(headers, header::CACHE_CONTROL, "public, no-cache");
        Ok(answer)
    }

    fn bytes(&self, app: &App, sha256: &str, range: Range<u64>) -> Parts {
        let library: &Arc<Library> = &app.rasters;
        library.read_range(self.kind, sha256, range).boxed()
    }

    fn whole(&self, body: Body, size: u64) -> Response {
        let mut answer = body.into_response();
        let headers = answer.headers_mut();
        put(headers, header::CONTENT_TYPE, self.media_type);
        put(headers, header::CONTENT_LENGTH, &size.to_string());
        put(
            headers,
            header::CONTENT_DISPOSITION,
            &attachment(&self.name),
        );
        answer
    }

    fn part(&self, app: &App, sha256: &str, part: &Range<u64>, size: u64) -> Response {
        let bytes = self.bytes(app, sha256, part.clone());
        let mut answer = self.whole(body(bytes), part.end - part.start);
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        let place = content_range(part, size);
        put(answer.headers_mut(), header::CONTENT_RANGE, &place);
        answer
    }

    /// RFC 9110, 14.6.
    fn parts(&self, app: &App, sha256: &str, parts: &[Range<u64>], size: u64) -> Response {
        // Sixty-four hexadecimal digits do not stand in a raster by chance.
        let boundary = sha256;
        let heads: Vec<_> = parts
            .iter()
            .map(|part| {
                let place = content_range(part, size);
                let media_type = self.media_type;
                format!("\r\n--{boundary}\r\nContent-Type: {media_type}\r\nContent-Range: {place}\r\n\r\n")
            })
            .collect();
        let end = format!("\r\n--{boundary}--\r\n");
        let texts: usize = heads.iter().map(String::len).sum();
        let bytes: u64 = parts.iter().map(|part| part.end - part.start).sum();
        let length = bytes + (texts + end.len()) as u64;
        let text = |text: String| stream::once(async move { Ok(Bytes::from(text)) });
        let pieces: Vec<Parts> = heads
            .into_iter()
            .zip(parts)
            .flat_map(|(head, part)| [text(head).boxed(), self.bytes(app, sha256, part.clone())])
            .chain([text(end).boxed()])
            .collect();
        let mut answer = self.whole(body(stream::iter(pieces).flatten().boxed()), length);
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        let media_type = format!("multipart/byteranges; boundary={boundary}");
        put(answer.headers_mut(), header::CONTENT_TYPE, &media_type);
        answer
    }
}

type Parts = BoxStream<'static, io::Result<Bytes>>;

fn body(bytes: Parts) -> Body {
    Body::from_stream(bytes)
}

fn beyond(size: u64) -> Response {
    let mut answer = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    let place = format!("bytes */{size}");
    put(answer.headers_mut(), header::CONTENT_RANGE, &place);
    answer
}

fn content_range(part: &Range<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", part.start, part.end - 1)
}

pub(super) fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The name that the file came with.
fn original_name(survey: &Survey) -> String {
    let code = survey.code.as_deref().unwrap_or("survey");
    let name = survey.original_name.as_deref().unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    if name.is_empty() {
        format!("{code}-original.tif")
    } else {
        name.to_owned()
    }
}

/// A download under this name (RFC 6266): once for clients that read ASCII only.
pub fn attachment(name: &str) -> String {
    let plain = |one: char| one.is_ascii_alphanumeric() || "-_.".contains(one);
    let ascii: String = name
        .chars()
        .map(|one| if plain(one) { one } else { '_' })
        .collect();
    if ascii == name {
        return format!("attachment; filename=\"{name}\"");
    }
    let encoded: String = name
        .bytes()
        .map(|byte| match char::from(byte) {
            one if plain(one) => one.to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn names_beyond_ascii_are_given_twice() {
        for (name, wanted) in [
            (
                "RS-70327-001-dtm.tif",
                "attachment; filename=\"RS-70327-001-dtm.tif\"",
            ),
            (
                "јама 1.tif",
                "attachment; filename=\"_____1.tif\"; \
                 filename*=UTF-8''%D1%98%D0%B0%D0%BC%D0%B0%201.tif",
            ),
            (
                "a\"b\r\n.tif",
                "attachment; filename=\"a_b__.tif\"; filename*=UTF-8''a%22b%0D%0A.tif",
            ),
        ] {
            assert_eq!(attachment(name), wanted);
        }
    }
}
