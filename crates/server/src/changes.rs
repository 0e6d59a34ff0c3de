//! `GET /changes`: every change of the register in the order in which it took effect, for mirrors.

mod events;
mod writer;

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Text;
use domain::layer::{Access, Layer};
use store::Store;
use store::changes::{Feed, Position};

use crate::App;
use crate::context::{Context, Format, JSON};
use crate::error::ApiError;
use crate::links::{Link, own, with_parameter};
use crate::params::paging::limit;
use crate::revisions::layer;

/// Changes in an answer when `limit` is not given.
pub const DEFAULT_LIMIT: u32 = 1_000;
/// The most changes in an answer; a larger `limit` is read as this.
pub const MAXIMUM_LIMIT: u32 = 10_000;
/// The longest wait for a change, seconds: proxies give up on longer ones.
pub const LONGEST_WAIT_S: u64 = 60;

/// A stream of server-sent events (HTML, 9.2).
pub const EVENTS: Format = Format {
    name: "events",
    media_type: "text/event-stream",
};

/// What of the feed is asked for.
#[derive(Clone)]
struct Request {
    since: Position,
    layer: Option<&'static Layer>,
    access: Access,
    limit: u32,
    wait: Duration,
}

impl Request {
    fn read(context: &Context) -> Result<Self, ApiError> {
        const SINCE: Text = Text::new(
            "потребан је број ревизије, или место из везе `next`",
            "give the number of a revision, or the place of the link `next`",
        );
        const WAIT: Text = Text::new(
            "потребан је цео број секунди од 0 до 60",
            "give a whole number of seconds from 0 to 60",
        );
        context.only(&["since", "layer", "limit", "wait"])?;
        let since = context.parse("since", SINCE, |text| text.parse().ok())?;
        let wait = context.parse("wait", WAIT, |text| {
            text.parse().ok().filter(|wait| *wait <= LONGEST_WAIT_S)
        })?;
        Ok(Self {
            since: since.unwrap_or(Position {
                revision: 0,
                within: None,
            }),
            layer: layer(context)?,
            access: context.access,
            limit: limit(context, DEFAULT_LIMIT, MAXIMUM_LIMIT)?,
            wait: Duration::from_secs(wait.unwrap_or(0)),
        })
    }

    async fn feed(&self, store: &Store) -> Result<Feed, store::StoreError> {
        store
            .feed(self.since, self.layer, self.access, self.limit)
            .await
    }
}

/// `GET /changes`: a page of the feed, at once or as soon as there is something, or an endless stream.
pub async fn changes(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    const OFFERED: [Format; 2] = [JSON, EVENTS];
    let request = Request::read(&context)?;
    let format = context.format(&OFFERED)?;
    if format == EVENTS {
        return Ok(events::stream(app.store, &context, request));
    }
    let feed = awaited(&app.store, &request).await;
    let feed = feed.map_err(|error| context.store_error(&error))?;
    // The stream is not linked: whoever follows all links would never come back from it.
    let mut links = own(&context, format, &[JSON]);
    let path = with_parameter(&context, "since", &feed.reached.to_string());
    links.push(Link::to(&context, &path, "next", JSON.media_type));
    let body = writer::page(&context, &request, &feed, Some(&links));
    let body = body.map_err(|error| context.internal(&error, "writing changes"))?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(JSON.media_type),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, body).into_response())
}

/// What there is, else what comes while the client waits.
async fn awaited(store: &Store, request: &Request) -> Result<Feed, store::StoreError> {
    if request.wait.is_zero() {
        return request.feed(store).await;
    }
    let mut heard = store.heard();
    let end = tokio::time::Instant::now() + request.wait;
    loop {
        heard.borrow_and_update();
        let feed = request.feed(store).await?;
        if !feed.revisions.is_empty() {
            return Ok(feed);
        }
        // Nothing more can come when the store is closed.
        if !matches!(
            tokio::time::timeout_at(end, heard.changed()).await,
            Ok(Ok(()))
        ) {
            return Ok(feed);
        }
    }
}
