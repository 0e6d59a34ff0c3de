//! Answers of many features, with the headers by which clients of any format page and count.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use store::Store;
use store::items::Page;

use super::Encoding;
use super::package::{self, WARNING};
use crate::App;
use crate::context::JSON;
use crate::error::ApiError;
use crate::links::{Link, next_page};
use crate::stream::{FeatureStream, Job};

const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");
const NUMBER_MATCHED: HeaderName = HeaderName::from_static("ogc-numbermatched");
const NUMBER_RETURNED: HeaderName = HeaderName::from_static("ogc-numberreturned");

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
        facts.add_links(&job, &mut links);
    }
    let mut response = features_response(&job, Body::empty());
    if !encoding.has_links() {
        put_links(&mut response, &links);
    }
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
        response.headers_mut().insert(header::WARNING, warning);
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
    let tag = job.tag_at();
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
    tag(revision).put(response.headers_mut());
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
    (headers, body).into_response()
}

/// Puts links into headers (RFC 8288), for formats that have no place for them.
pub fn put_links(response: &mut Response, links: &[Link]) {
    for value in links.iter().filter_map(Link::to_header) {
        response.headers_mut().append(header::LINK, value);
    }
}

/// What the headers of a page say of what follows it.
#[derive(Debug, Default)]
struct Facts {
    /// The last feature of the page, if there are more.
    next: Option<i64>,
    matched: Option<u64>,
    returned: Option<u64>,
}

impl Facts {
    /// Looks for the last feature of the page and the one after it; that costs what skipping costs.
    async fn of(store: &Store, job: &Job) -> Result<Self, ApiError> {
        let failed = |error| job.context.store_error(&error);
        let Page {
            after,
            offset,
            limit,
        } = job.request.page;
        let edge = Page {
            after,
            offset: offset + u64::from(limit) - 1,
            limit: 2,
        };
        let mut rows = Box::pin(store.items(job.layer, &[], &job.request.selection, edge));
        let mut ids = Vec::with_capacity(2);
        while let Some(row) = rows.next().await {
            ids.push(row.and_then(|row| row.id()).map_err(failed)?);
        }
        drop(rows);
        let next = (ids.len() > 1).then(|| ids[0]);
        let matched = job.count(store).await.map_err(failed)?;
        let rest = matched
            .filter(|_| after.is_none())
            .map(|all| all.saturating_sub(offset));
        let returned = if ids.is_empty() {
            rest
        } else {
            Some(u64::from(limit))
        };
        Ok(Self {
            next,
            matched,
            returned,
        })
    }

    fn add_links(&self, job: &Job, links: &mut Vec<Link>) {
        let context = &job.context;
        if let Some(id) = self.next {
            let path = next_page(context, id);
            let media_type = job.format.format.media_type;
            links.push(Link::to(context, &path, "next", media_type));
        }
        let path = format!("/collections/{}", job.layer.id);
        links.push(Link::to(context, &path, "collection", JSON.media_type));
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
