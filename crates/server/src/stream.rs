//! A page of features as a stream: rows go out as they come from the database, so that memory does
//! not grow with the answer.

use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use domain::Lang;
use domain::layer::{Field, Layer};
use futures_util::StreamExt;
use serde_json::json;
use store::Store;
use store::feature::Feature;
use store::items::Page;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use crate::context::{Context, GEOJSON};
use crate::error::{ApiError, Chain};
use crate::geojson::{WriteError, write_feature};
use crate::links::{Link, next_page};
use crate::params::ItemsRequest;
use crate::problem::Problem;

/// Bytes gathered before they are sent.
const CHUNK: usize = 64 * 1024;
/// Chunks that may wait for a slow client.
const WAITING_CHUNKS: usize = 4;
/// How far a filtered selection is counted for `numberMatched`; beyond it the member is left out.
const COUNT_AT_MOST: u32 = 10_000;

/// A page about to be written.
pub struct FeatureStream {
    /// The request.
    pub context: Context,
    /// The layer.
    pub layer: &'static Layer,
    /// The fields that go out.
    pub fields: &'static [&'static Field],
    /// Which features.
    pub request: ItemsRequest,
    /// `self` and `alternate`.
    pub links: Vec<Link>,
}

impl FeatureStream {
    /// Starts writing. An error before the first chunk is an error of the request; a later one ends
    /// the answer in the middle, so that no client takes a part for the whole.
    ///
    /// Answers the layer's last revision beside the body: the first row brings it, so that the
    /// entity tag and the features are of the same moment.
    pub async fn into_body(self, store: Store) -> Result<(Body, i64), ApiError> {
        let lang = self.context.lang;
        let known = Arc::new(OnceLock::new());
        let learned = Arc::clone(&known);
        let revision = move || known.get().map_or(0, |state: &State| state.revision);
        let (sender, mut receiver) = channel(WAITING_CHUNKS);
        let failing = sender.clone();
        let mut writing = Box::pin(async move { self.write(&store, &sender, &learned).await });
        let first = tokio::select! {
            biased;
            // A page that fits into the waiting chunks is finished here, without a task of its own.
            finished = &mut writing => {
                finished.map_err(|error| failed(&error, lang))?;
                drop((writing, failing));
                return Ok((body(receiver.recv().await, receiver), revision()));
            }
            first = receiver.recv() => first,
        };
        tokio::spawn(async move {
            if let Err(error) = writing.await {
                tracing::error!(error = %Chain(&error), "an answer was broken off");
                // A client that went away is nobody's error.
                drop(failing.send(Err(error)).await);
            }
        });
        Ok((body(first, receiver), revision()))
    }

    async fn write(
        mut self,
        store: &Store,
        sender: &Chunks,
        learned: &OnceLock<State>,
    ) -> Result<(), WriteError> {
        let Page {
            after,
            offset,
            limit,
        } = self.request.page;
        let asked = Page {
            after,
            offset,
            limit: limit + 1,
        };
        let mut out = Vec::with_capacity(CHUNK + 8 * 1024);
        out.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
        let mut rows = store.items(self.layer, self.fields, &self.request.selection, asked);
        let (mut returned, mut last) = (0_u32, None);
        let mut more = false;
        while let Some(feature) = rows.next().await {
            let feature = feature?;
            if learned.get().is_none() {
                drop(learned.set(State::of(&feature)?));
            }
            if returned == limit {
                more = true;
                break;
            }
            if returned > 0 {
                out.push(b',');
            }
            write_feature(&mut out, &feature, self.request.crs)?;
            out.push(b'}');
            (returned, last) = (returned + 1, Some(feature.id()?));
            if out.len() >= CHUNK && sender.send(Ok(take(&mut out))).await.is_err() {
                return Ok(());
            }
        }
        drop(rows);
        if learned.get().is_none() {
            drop(learned.set(State::read(store, self.layer).await?));
        }
        let count = learned.get().and_then(|state| state.count);
        let next = last.filter(|_| more);
        let matched = self.matched(store, count, returned, next.is_some()).await?;
        self.write_end(&mut out, returned, matched, next);
        drop(sender.send(Ok(out.into())).await);
        Ok(())
    }

    /// How many features match in all, where that is known or cheap to know.
    async fn matched(
        &self,
        store: &Store,
        count: Option<i64>,
        returned: u32,
        more: bool,
    ) -> Result<Option<u64>, WriteError> {
        if self.request.is_everything() {
            return Ok(count.and_then(|count| u64::try_from(count).ok()));
        }
        let Page { after, offset, .. } = self.request.page;
        if !more && after.is_none() && (offset == 0 || returned > 0) {
            return Ok(Some(offset + u64::from(returned)));
        }
        Ok(store
            .count(self.layer, &self.request.selection, COUNT_AT_MOST)
            .await?)
    }

    fn write_end(
        &mut self,
        out: &mut Vec<u8>,
        returned: u32,
        matched: Option<u64>,
        next: Option<i64>,
    ) {
        if let Some(id) = next {
            let path = next_page(&self.context, id);
            self.links
                .push(Link::to(&self.context, &path, "next", GEOJSON.media_type));
        }
        let collection = format!("/collections/{}", self.layer.id);
        self.links.push(Link::to(
            &self.context,
            &collection,
            "collection",
            "application/json",
        ));
        let mut end =
            json!({ "numberReturned": returned, "timeStamp": now(), "links": self.links });
        if let Some(matched) = matched {
            end["numberMatched"] = json!(matched);
        }
        // The members continue the object that the features began.
        out.extend_from_slice(b"],");
        out.extend_from_slice(&end.to_string().as_bytes()[1..]);
    }
}

/// What a page knows of its layer.
struct State {
    revision: i64,
    count: Option<i64>,
}

impl State {
    fn of(feature: &Feature) -> Result<Self, WriteError> {
        let (revision, count) = feature.layer_revision_and_count()?;
        Ok(Self {
            revision: revision.unwrap_or_default(),
            count,
        })
    }

    /// For a page without features.
    async fn read(store: &Store, layer: &'static Layer) -> Result<Self, WriteError> {
        let state = store.layer_state(layer).await?;
        Ok(Self {
            revision: state.revision.unwrap_or_default(),
            count: Some(state.feature_count),
        })
    }
}

type Chunk = Result<Bytes, WriteError>;
type Chunks = Sender<Chunk>;

fn take(out: &mut Vec<u8>) -> Bytes {
    let full = std::mem::replace(out, Vec::with_capacity(CHUNK + 8 * 1024));
    full.into()
}

/// One chunk that is all goes out with its length; else the rest follows as it comes.
fn body(first: Option<Chunk>, receiver: Receiver<Chunk>) -> Body {
    match first {
        Some(Ok(bytes)) if receiver.is_closed() && receiver.is_empty() => Body::from(bytes),
        Some(first) => {
            Body::from_stream(tokio_stream::once(first).chain(ReceiverStream::new(receiver)))
        }
        None => Body::empty(),
    }
}

fn failed(error: &WriteError, lang: Lang) -> ApiError {
    if let WriteError::Row(error) = error {
        return ApiError::store(error, lang);
    }
    tracing::error!(error = %Chain(error), "a page could not be written");
    ApiError::new(Problem::Internal, lang)
}

/// When the answer is made (OGC API Features 1, `timeStamp`).
#[expect(
    clippy::disallowed_methods,
    reason = "the moment of answering is the wall clock's"
)]
fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
