//! Answers of many features, with the headers by which clients of any format page and count.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use domain::Text;
use store::columns::{Columns, Detail, Fields};
use store::{Store, StoreError};

use super::Encoding;
use super::package::{self, WARNING};
use crate::App;
use crate::context::SCHEMA;
use crate::error::ApiError;
use crate::links::{Link, QUERYABLES};
use crate::problem::{Problem, Wanted};
use crate::stream::{Edges, End, FeatureStream, Job, Rows};
use crate::validator::ETag;

const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");
const NUMBER_MATCHED: HeaderName = HeaderName::from_static("ogc-numbermatched");
const NUMBER_RETURNED: HeaderName = HeaderName::from_static("ogc-numberreturned");

/// How long features are counted where their number is what is asked for.
const COUNTING_TIME: Duration = Duration::from_secs(5);
const NO_HITS: Text = Text::new(
    "број објеката сам нема датотеку; узмите f=json, где је `numberMatched`",
    "a number alone has no file; take f=json, where it is `numberMatched`",
);

/// How much of a selection is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A page, after which others follow.
    Page,
    /// All of it, as a file.
    Whole,
}

/// Answers with features.
pub async fn answer(
    app: &App,
    job: Job,
    mut links: Vec<Link>,
    extent: Extent,
    method: &Method,
) -> Result<Response, ApiError> {
    let encoding = job.format.encoding;
    let mut facts = Facts::default();
    if extent == Extent::Page && !encoding.has_links() {
        facts = Facts::of(&app.store, &job).await?;
        links.truncate(1);
        facts.edges.add_links(&job, &mut links);
    }
    let mut response = features_response(&job, Body::empty());
    put_links(&mut response, in_headers(&links, encoding));
    put_links(&mut response, &[queryables(&job)]);
    facts.put(&mut response);
    if extent == Extent::Whole || encoding.is_package() {
        let name = job.format.attachment(job.layer);
        name.map(|name| {
            response
                .headers_mut()
                .insert(header::CONTENT_DISPOSITION, name)
        });
    }
    if encoding == Encoding::Shapefile {
        let warning = HeaderValue::from_static(WARNING);
        response.headers_mut().append(header::WARNING, warning);
    }
    // The file is not made only to be told of, so how long it would be is not known.
    if encoding.is_package() && method == Method::HEAD {
        let state = app.store.layer_state(job.layer).await;
        let state = state.map_err(|error| job.context.store_error(&error))?;
        job.tag(state.revision.unwrap_or_default())
            .put(response.headers_mut());
        *response.body_mut() = of_unknown_length();
        return Ok(response);
    }
    let (context, format) = (job.context.clone(), job.format.format);
    let (body, revision) = if encoding.is_package() {
        let made = package::make(&app.store, job).await?;
        let length = made.length.into();
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length);
        (made.body, made.revision)
    } else {
        let stream = FeatureStream { job, links };
        stream.into_body(app.store.clone()).await?
    };
    *response.body_mut() = body;
    let tag = ETag::weak(&context, revision).of(format);
    tag.put(response.headers_mut());
    Ok(response)
}

/// Answers with the number of features alone, counted to the end.
pub async fn hits(app: &App, job: Job, mut links: Vec<Link>) -> Result<Response, ApiError> {
    let encoding = job.format.encoding;
    if encoding.is_package() {
        let wanted = Wanted::Said(NO_HITS);
        return Err(job.context.bad_parameter("resultType", "hits", wanted));
    }
    let failed = |error| job.context.store_error(&error);
    let state = app.store.layer_state(job.layer).await.map_err(failed)?;
    let matched = if job.request.is_everything() {
        u64::try_from(state.feature_count).ok()
    } else {
        let selection = &job.request.selection;
        let counted = app.store.count_within(job.layer, selection, COUNTING_TIME);
        counted.await.map_err(failed)?
    };
    let matched = matched.ok_or_else(|| job.context.error(Problem::TooLongToCount))?;
    Edges::default().add_links(&job, &mut links);
    let mut body = Vec::new();
    let mut encoder = encoding.encoder(&job);
    encoder.begin(&mut body);
    let end = End {
        returned: 0,
        matched: Some(matched),
        links: &links,
        generalised: None,
    };
    encoder.end(&mut body, &end);
    drop(encoder);
    let mut response = features_response(&job, Body::from(body));
    if !encoding.has_links() {
        put_links(&mut response, &links[..1]);
    }
    let facts = Facts {
        edges: Edges::default(),
        matched: Some(matched),
        returned: Some(0),
    };
    facts.put(&mut response);
    let tag = job.tag(state.revision.unwrap_or_default());
    tag.put(response.headers_mut());
    Ok(response)
}

/// A body without bytes of which no length is told.
fn of_unknown_length() -> Body {
    Body::from_stream(futures_util::stream::empty::<Result<Bytes, Infallible>>())
}

/// An answer of features with the headers that all have.
pub fn features_response(job: &Job, body: Body) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(job.format.content_type),
        ),
        (
            header::VARY,
            HeaderValue::from_static("Accept, Accept-Language"),
        ),
        (CONTENT_CRS, job.request.crs.header()),
    ];
    let mut response = (headers, body).into_response();
    if let Some(level) = job.generalised() {
        let level = level.number();
        let warning = format!("214 - \"Geometries are generalised for zoom level {level}\"");
        let warning = HeaderValue::from_str(&warning).ok();
        warning.map(|warning| response.headers_mut().insert(header::WARNING, warning));
    }
    response
}

/// The links that headers have: all that the answer itself has no place for; else only the first, its
/// own address, as the others are many and stand in it.
pub fn in_headers(links: &[Link], encoding: Encoding) -> &[Link] {
    if encoding.has_links() {
        &links[..links.len().min(1)]
    } else {
        links
    }
}

/// What the features can be selected by (OGC API Features 3, `/req/queryables/queryables-link`).
fn queryables(job: &Job) -> Link {
    let path = format!("/collections/{}/queryables", job.layer.id);
    Link::to(&job.context, &path, QUERYABLES, SCHEMA.media_type)
}

/// Puts links into headers (RFC 8288).
pub fn put_links(response: &mut Response, links: &[Link]) {
    for value in links.iter().filter_map(Link::to_header) {
        response.headers_mut().append(header::LINK, value);
    }
}

/// What the headers of a page say of what is around it.
#[derive(Debug, Default)]
struct Facts {
    edges: Edges,
    matched: Option<u64>,
    returned: Option<u64>,
}

impl Facts {
    /// Goes through the page once before it is written, for nothing but ids and what decides the order.
    async fn of(store: &Store, job: &Job) -> Result<Self, ApiError> {
        let read = Self::edges(store, job).await;
        let (edges, returned) = read.map_err(|error| job.context.store_error(&error))?;
        let matched = job.count(store).await;
        Ok(Self {
            edges,
            matched: matched.map_err(|error| job.context.store_error(&error))?,
            returned: Some(returned),
        })
    }

    async fn edges(store: &Store, job: &Job) -> Result<(Edges, u64), StoreError> {
        let places = Columns {
            fields: Fields::Kept(&[]),
            detail: Detail::Skipped,
        };
        let mut rows = Rows::open(store, job, places).await?;
        let (mut first, mut last, mut returned) = (None, None, 0);
        while let Some(feature) = rows.next().await? {
            let place = feature.position(&job.request.page.order)?;
            if first.is_none() {
                first = Some(place.clone());
            }
            (last, returned) = (Some(place), returned + 1);
        }
        let edges = Edges {
            first: first.filter(|_| rows.before),
            last: last.filter(|_| rows.after),
        };
        Ok((edges, returned))
    }

    fn put(&self, response: &mut Response) {
        let numbers = [
            (NUMBER_MATCHED, self.matched),
            (NUMBER_RETURNED, self.returned),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                response.headers_mut().insert(name, number.into());
            }
        }
    }
}
