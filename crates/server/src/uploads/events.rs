//! How far an upload is, told as it goes on (server-sent events, WHATWG HTML 9.2).

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};

use super::{find, show};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;

/// How often the database is asked: whoever works on the upload may be another process.
const INTERVAL: Duration = Duration::from_millis(500);
/// A stream ends after so many looks, an hour; browsers come again by themselves.
const LOOKS: u32 = 7_200;

/// `GET /uploads/{id}/events`: the upload as JSON at once and after each change, until the service has
/// nothing more to do with it.
pub async fn events(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    find(&app, &context, &id).await?;
    let watch = Watch {
        app,
        context,
        id,
        last: String::new(),
        looks: 0,
        over: false,
    };
    let events = stream::unfold(watch, Watch::next).fuse();
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response();
    // Proxies that gather what they pass on would hold it back.
    let unbuffered = axum::http::HeaderValue::from_static("no");
    response
        .headers_mut()
        .insert("x-accel-buffering", unbuffered);
    Ok(response)
}

struct Watch {
    app: App,
    context: Context,
    id: String,
    last: String,
    looks: u32,
    over: bool,
}

impl Watch {
    /// The next change; nothing more once the work is over, the upload is gone or the right to it is.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        while !self.over && self.looks < LOOKS {
            if self.looks > 0 {
                tokio::time::sleep(INTERVAL).await;
            }
            self.looks += 1;
            let (_, submission) = find(&self.app, &self.context, &self.id).await.ok()?;
            let shown = show::of(&self.context, &submission);
            let now = serde_json::to_string(&shown).ok()?;
            self.over = !submission.state.is_in_work();
            if now != self.last {
                self.last.clone_from(&now);
                return Some((Ok(Event::default().data(now)), self));
            }
        }
        None
    }
}
