//! The `GeoPackage` that a team takes into the field: the fields that people record, with their lists
//! and a form, empty or with the records that the team goes to see. What comes back is uploaded.

use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use domain::Text;
use domain::layer::{Field, Layer, REVISION, Supply};
use store::columns::{Columns, Detail, Fields};

use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::formats::{self, Extent, answer};
use crate::links::{Link, asked};
use crate::params::ItemsRequest;
use crate::problem::Problem;
use crate::stream::Job;

/// The name of the format of templates.
const GEOPACKAGE: &str = "gpkg";

/// `GET /collections/{layer}/template.gpkg`: without parameters no record, else those that the
/// parameters select, each with the revision from which it was taken.
pub async fn template(
    State(app): State<App>,
    Path(layer): Path<String>,
    method: Method,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&layer)?;
    let format = formats::of_layer(layer).find(|one| one.format.name == GEOPACKAGE);
    let Some(format) = format.filter(|_| is_offered(layer)) else {
        let path = context.path.clone();
        return Err(context.error(Problem::NoSuchPage { path }));
    };
    context.only_format(GEOPACKAGE)?;
    let mut request = ItemsRequest::read_whole(&context, layer)?;
    if request.is_everything() {
        request.selection.found = Some(Vec::new());
    }
    request.columns = Columns {
        fields: recorded(&request.columns.fields),
        detail: Detail::Full,
    };
    let links = vec![Link::to(
        &context,
        &asked(&context),
        "self",
        format.format.media_type,
    )];
    let mut job = Job::new(context, layer, request, format)?;
    job.search(&app.store).await?;
    answer(&app, job, links, Extent::Whole, &method).await
}

/// Whether teams fill in forms for a layer.
pub fn is_offered(layer: &Layer) -> bool {
    layer.editable && layer.supply == Supply::Features
}

/// The link of a layer to it (`edit-form`, RFC 6861).
pub fn link(context: &Context, layer: &Layer) -> Option<Link> {
    const TITLE: Text = Text::new(
        "GeoPackage са обрасцем за рад на терену",
        "GeoPackage with a form for work in the field",
    );
    let path = format!("/collections/{}/template.gpkg", layer.id);
    let media_type = formats::media_type_of(GEOPACKAGE)?;
    let link = Link::to(context, &path, "edit-form", media_type);
    is_offered(layer).then(|| link.titled(TITLE.get(context.lang)))
}

/// What people record, and the revision by which the register knows what others changed meanwhile.
fn recorded(fields: &Fields) -> Fields {
    let goes_along = |field: &&&'static Field| field.is_recorded() || field.name == REVISION;
    Fields::Chosen(fields.iter().filter(goes_along).copied().collect())
}
