//! The feed as server-sent events: a page of it is an event, whose id is where to go on.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt as _, stream};
use store::Store;
use store::listen::Heard;
use tokio::sync::watch;

use super::{Request, writer};
use crate::context::Context;
use crate::error::Chain;

/// How often a silent stream says that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long clients wait before they ask again.
const RETRY: Duration = Duration::from_secs(3);

struct Following {
    store: Store,
    context: Context,
    request: Request,
    heard: watch::Receiver<Heard>,
}

/// An endless stream from the place of the request, or from that of the last event that the client has
/// (`Last-Event-ID`), which it sends when it connects again.
pub fn stream(store: Store, context: &Context, mut request: Request) -> Response {
    let last = context.headers.get("last-event-id");
    let last = last.and_then(|value| value.to_str().ok()?.parse().ok());
    request.since = last.unwrap_or(request.since);
    let following = Following {
        heard: store.heard(),
        context: context.clone(),
        store,
        request,
    };
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Sse::new(events(following))
        .keep_alive(keep_alive)
        .into_response()
}

fn events(following: Following) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(following, |mut following| async {
        let event = following.next().await?;
        Some((Ok(event), following))
    })
    .fuse()
}

impl Following {
    /// The next part of the feed, as soon as there is one; `None` when there will be none.
    async fn next(&mut self) -> Option<Event> {
        loop {
            self.heard.borrow_and_update();
            match self.request.feed(&self.store).await {
                Ok(feed) if !feed.revisions.is_empty() => {
                    let page = writer::page(&self.context, &self.request, &feed, None);
                    let page = page.inspect_err(|error| {
                        tracing::error!(error = %Chain(error), "changes could not be written");
                    });
                    self.request.since = feed.reached;
                    let event = Event::default().retry(RETRY).event("changes");
                    let event = event.id(feed.reached.to_string());
                    return Some(event.data(String::from_utf8(page.ok()?).ok()?));
                }
                Ok(_) => {}
                // News come when the database is heard again.
                Err(error) if error.is_unavailable() => {}
                Err(error) => {
                    tracing::error!(error = %Chain(&error), "changes could not be read");
                    return None;
                }
            }
            self.heard.changed().await.ok()?;
        }
    }
}
