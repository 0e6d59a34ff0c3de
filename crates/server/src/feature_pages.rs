//! Features as pages for people: a table of a selection, and everything that is known of one record.
//!
//! A page is bounded: it holds a hundred features when nothing else is asked, and a thousand at most.

mod dossier;
mod json_ld;
mod list;
mod one;
mod related;
mod search;
mod values;

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use domain::text::to_latin;
use domain::{Lang, Layer};
use geo_types::MultiPolygon;
use store::surroundings::NamedRegion;

pub use self::json_ld::document as json_ld;
pub use self::list::List;
pub use self::one::{Extent, one};
pub use self::values::{names, written};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::landing::html_headers;
use crate::links::Link;
use crate::params::ItemsRequest;
use crate::stream::{FeatureStream, Job};

/// Features in a page when `limit` is not given.
const DEFAULT_LIMIT: u32 = 100;
/// The most features in a page.
const MAXIMUM_LIMIT: u32 = 1_000;
/// Outlines of districts are drawn to so many degrees: half a unit of a map of the country.
pub const TOLERANCE: f64 = 0.004;
/// Parameters that say which part of a selection, or how it is shown, and not what it is.
const NOT_SELECTING: [&str; 6] = ["f", "lang", "limit", "offset", "cursor", "resultType"];

/// What pages show around their features.
#[derive(Debug)]
pub struct Scene {
    regions: Vec<NamedRegion>,
    land: Vec<MultiPolygon<f64>>,
}

impl Scene {
    /// Reads them.
    pub async fn read(app: &App, context: &Context) -> Result<Arc<Self>, ApiError> {
        let failed = |error| context.store_error(&error);
        let outlines = app.store.district_outlines(TOLERANCE).await;
        let areas = outlines.map_err(failed)?.into_iter().map(|(_, area)| area);
        Ok(Arc::new(Self {
            regions: app.store.named_regions().await.map_err(failed)?,
            land: areas.collect(),
        }))
    }

    fn region(&self, layer: &Layer, code: &str) -> Option<&NamedRegion> {
        let named = |region: &&NamedRegion| region.layer == layer.id && region.code == code;
        self.regions.iter().find(named)
    }
}

/// The name of a region in the script of a language.
fn region_name(region: &NamedRegion, lang: Lang) -> String {
    match lang {
        Lang::SrCyrl => region.name.clone(),
        _ => to_latin(&region.name),
    }
}

/// For pages, the fields of a form that are left empty, which it sends all the same, are no conditions.
pub fn without_empty(mut context: Context) -> Context {
    let has_empty = context.query.iter().any(|(_, value)| value.is_empty());
    if has_empty && context.wants_page() {
        context.query.retain(|(_, value)| !value.is_empty());
    }
    context
}

/// Keeps a page bounded.
pub fn bound(context: &Context, request: &mut ItemsRequest) {
    let most = match context.parameter("limit") {
        Some(_) => MAXIMUM_LIMIT,
        None => DEFAULT_LIMIT,
    };
    request.page.limit = request.page.limit.min(most);
}

/// The page of a selection. It tells of regions too, so its tag is that of the whole register.
pub async fn many(app: &App, mut job: Job, links: Vec<Link>) -> Result<Response, ApiError> {
    let revision = app.store.register_revision().await;
    let revision = revision.map_err(|error| job.context.store_error(&error))?;
    let tag = job.tag(revision);
    if let Some(unchanged) = tag.unchanged(&job.context.headers) {
        return Ok(unchanged);
    }
    job.scene = Some(Scene::read(app, &job.context).await?);
    job.search(&app.store).await?;
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = html_headers(&job.context);
    tag.put(response.headers_mut());
    let (body, _) = FeatureStream { job, links }
        .into_body(app.store.clone())
        .await?;
    *response.body_mut() = body;
    Ok(response)
}
