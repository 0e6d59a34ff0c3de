//! What QGIS opens: a project with every layer, and connections to import.

mod connections;
mod labels;
mod layers;
mod page;
mod project;
mod tiles;

use std::io::{Cursor, Write};

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::code_list::Coded as _;
use domain::layer::{Layer, Supply};
use domain::layers::{FACILITIES, SURVEYS, public_fields};
use domain::lists::SurveyKind;
use futures_util::TryStreamExt;
use store::StoreError;
use store::feature::{Feature, ValueRef};
use store::items::Selection;
use store::paging::{Page, Position, Start};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

pub use self::connections::{features, rasters, vector_tiles};
pub use self::page::{page, picture};
use self::project::Project;
use crate::App;
use crate::context::{Context, Format};
use crate::error::ApiError;
use crate::rasters::styles::{StyleName, of_kind};
use crate::validator::ETag;

/// Surveys that a project shows, the latest; the others are in the layer of surveys.
const MOST_SURVEYS: u32 = 100;
const QGZ: Format = Format {
    name: "qgz",
    media_type: "application/x-qgis-project",
};

/// The part of the register that layers belong to: a group of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    /// The facilities, and what is recorded of them.
    Waste,
    /// Raster surveys.
    Surveys,
    /// What lies around.
    Surroundings,
}

impl Group {
    fn of(layer: &Layer) -> Self {
        let of_facility = |field: &domain::layer::Field| field.code_of == Some(FACILITIES.id);
        if layer.supply == Supply::Rasters {
            Self::Surveys
        } else if layer.fields.iter().any(of_facility) {
            Self::Waste
        } else {
            Self::Surroundings
        }
    }
}

/// A survey that is shown as a picture.
#[derive(Debug)]
struct Image {
    id: i64,
    code: String,
    style: StyleName,
}

impl Image {
    /// The template of its tiles.
    fn tiles(&self, base_url: &str) -> String {
        let (id, style) = (self.id, self.style.id());
        format!("{base_url}/collections/surveys/items/{id}/tiles/{style}/xyz/{{z}}/{{x}}/{{y}}")
    }
}

/// `GET /qgis/cadastre.qgz`: a project of QGIS with all layers, for the address under which it was asked
/// for, in the language of the request.
pub async fn project(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    context.only_format(QGZ.name)?;
    let failed = |error| context.store_error(&error);
    let revision = app.store.register_revision().await.map_err(failed)?;
    let tag = ETag::strong(&context, revision).of(QGZ);
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    let layers = app.store.layers_with_data().await.map_err(failed)?;
    let images = images(&app).await.map_err(failed)?;
    let project = Project {
        base_url: &context.base_url,
        lang: context.lang,
        layers: &layers,
        images: &images,
    };
    let archive = archive(&project.text());
    let archive = archive.map_err(|error| context.internal(&error, "packing a project"))?;
    let headers = [
        (header::CONTENT_TYPE, QGZ.media_type),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"cadastre.qgz\"",
        ),
        (header::CONTENT_LANGUAGE, context.lang.tag()),
        (header::VARY, "Accept-Language, Host"),
    ];
    let mut response = (headers, archive).into_response();
    tag.put(response.headers_mut());
    Ok(response)
}

/// The latest surveys that have an image.
async fn images(app: &App) -> Result<Vec<Image>, StoreError> {
    let latest_first = Page {
        start: Start::Before(Position::of_id(i64::MAX)),
        ..Page::first(MOST_SURVEYS)
    };
    let (fields, all) = (public_fields(&SURVEYS), Selection::default());
    let rows = app.store.items(&SURVEYS, fields, &all, &latest_first);
    let surveys: Vec<_> = rows.try_collect().await?;
    let images = surveys.iter().map(image).collect::<Result<Vec<_>, _>>()?;
    Ok(images.into_iter().flatten().collect())
}

fn image(survey: &Feature) -> Result<Option<Image>, StoreError> {
    let text = |name| match survey.value(name) {
        Ok(ValueRef::Text(text)) => Some(text),
        _ => None,
    };
    let style = of_kind(text("kind").and_then(SurveyKind::from_code)).first();
    let has_image = text("image_sha256").is_some();
    let (true, Some(code), Some(style)) = (has_image, text("code"), style) else {
        return Ok(None);
    };
    Ok(Some(Image {
        id: survey.id()?,
        code: code.to_owned(),
        style: *style,
    }))
}

/// The project in its archive. The same register makes the same bytes.
fn archive(text: &str) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("cadastre.qgs", SimpleFileOptions::default())?;
    archive.write_all(text.as_bytes())?;
    Ok(archive.finish()?.into_inner())
}

/// An XML document to be kept as a file.
fn xml(name: &str, text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_static("application/xml");
    headers.insert(header::CONTENT_TYPE, media_type);
    if let Ok(kept) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, kept);
    }
    headers.insert(header::VARY, HeaderValue::from_static("Host"));
    response
}
