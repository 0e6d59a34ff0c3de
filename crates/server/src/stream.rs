//! A page of features as a stream: rows go out as they come from the database, so that memory does
//! not grow with the answer.

use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use chrono::{DateTime, Utc};
use domain::layer::{GeometryKind, Layer};
use domain::{Lang, Text};
use futures_util::StreamExt;
use store::columns::{Detail, Fields, ZoomLevel};
use store::feature::Feature;
use store::paging::{Page, Position, Start};
use store::{Store, StoreError};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::io::ReaderStream;

use crate::context::Context;
use crate::error::{ApiError, Chain};
use crate::feature_pages::Scene;
use crate::formats::{FeatureFormat, Options};
use crate::geojson::WriteError;
use crate::links::{Link, page_at};
use crate::params::paging::{Side, cursor};
use crate::params::{ItemsRequest, MAXIMUM_LIMIT};
use crate::problem::{Problem, Wanted};
use crate::validator::{ETag, Fingerprint};

mod rows;

pub use rows::Rows;

const ONLY_CRS84: Text = Text::new(
    "овај формат има само географску дужину и ширину; други координатни системи су у json, csv и fgb",
    "this format has longitude and latitude only; other reference systems are in json, csv and fgb",
);
const ALL_FIELDS: Text = Text::new(
    "овај формат има своје колоне; поља се бирају у осталим форматима",
    "this format has columns of its own; fields are chosen in the other formats",
);
/// Bytes gathered before they are sent.
const CHUNK: usize = 64 * 1024;
/// The first bytes of a download leave early: who waits for it should see that it began.
const FIRST_CHUNK: usize = 4 * 1024;
/// Chunks that may wait for a slow client.
const WAITING_CHUNKS: usize = 4;
/// How far a filtered selection is counted for `numberMatched`; beyond it the member is left out.
const COUNT_AT_MOST: u32 = 10_000;

/// What is to be written, and how.
pub struct Job {
    /// The request.
    pub context: Context,
    /// The layer.
    pub layer: &'static Layer,
    /// The fields that go out.
    pub fields: Fields,
    /// Which features.
    pub request: ItemsRequest,
    /// The format.
    pub format: &'static FeatureFormat,
    /// What the request wants of the format.
    pub options: Options,
    /// What a page for people shows around the features.
    pub scene: Option<Arc<Scene>>,
}

/// Turns features into the bytes of a format, one after the other.
pub trait Encoder: Send {
    /// What stands before the features.
    fn begin(&mut self, _out: &mut Vec<u8>) {}

    /// One feature; `at` counts from 0.
    fn feature(&mut self, out: &mut Vec<u8>, feature: &Feature, at: u32) -> Result<(), WriteError>;

    /// What stands after the features.
    fn end(&mut self, _out: &mut Vec<u8>, _end: &End<'_>) {}
}

/// What is known when the last feature is written.
pub struct End<'e> {
    /// How many there were.
    pub returned: u32,
    /// How many match in all, where that is known.
    pub matched: Option<u64>,
    /// The links of the answer.
    pub links: &'e [Link],
    /// The level for which lines and outlines are generalised.
    pub generalised: Option<ZoomLevel>,
}

/// A page, or a whole layer, about to be written.
pub struct FeatureStream {
    /// What, and how.
    pub job: Job,
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
        let lang = self.job.context.lang;
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
        let mut out = Vec::with_capacity(CHUNK + 8 * 1024);
        let mut encoder = self.job.format.encoding.encoder(&self.job);
        encoder.begin(&mut out);
        let columns = self.job.request.columns.clone();
        let mut rows = Rows::open(store, &self.job, columns).await?;
        let Page { order, limit, .. } = &self.job.request.page;
        let mut edges = Edges::default();
        let mut chunk = if *limit > MAXIMUM_LIMIT {
            FIRST_CHUNK
        } else {
            CHUNK
        };
        let (mut returned, mut last) = (0_u32, None);
        while let Some(feature) = rows.next().await? {
            if learned.get().is_none() {
                drop(learned.set(State::of(&feature)?));
            }
            if rows.before && edges.first.is_none() {
                edges.first = Some(feature.position(order)?);
            }
            encoder.feature(&mut out, &feature, returned)?;
            (returned, last) = (returned + 1, Some(feature));
            if out.len() < chunk {
                continue;
            }
            if sender.send(Ok(take(&mut out))).await.is_err() {
                return Ok(());
            }
            chunk = CHUNK;
        }
        if let (true, Some(feature)) = (rows.after, last) {
            edges.last = Some(feature.position(order)?);
        }
        drop(rows);
        if learned.get().is_none() {
            drop(learned.set(State::read(store, self.job.layer).await?));
        }
        let mut matched = None;
        if self.job.format.encoding.has_links() {
            let count = learned.get().and_then(|state| state.count);
            let more = edges.last.is_some();
            matched = self.job.matched(store, count, returned, more).await?;
            edges.add_links(&self.job, &mut self.links);
        }
        let end = End {
            returned,
            matched,
            links: &self.links,
            generalised: self.job.generalised(),
        };
        encoder.end(&mut out, &end);
        drop(sender.send(Ok(out.into())).await);
        Ok(())
    }
}

/// The places at the edges of a page beyond which there are others.
#[derive(Debug, Default)]
pub struct Edges {
    /// The first feature, when others come before it.
    pub first: Option<Position>,
    /// The last feature, when others follow it.
    pub last: Option<Position>,
}

impl Edges {
    /// Adds the links to the pages on either side and to the collection.
    pub fn add_links(&self, job: &Job, links: &mut Vec<Link>) {
        let media_type = job.format.format.media_type;
        let sides = [
            ("next", Side::After, &self.last),
            ("prev", Side::Before, &self.first),
        ];
        for (rel, side, place) in sides {
            let Some(place) = place else { continue };
            let text = cursor(&job.request.page.order, side, place);
            let path = page_at(&job.context, &text);
            links.push(Link::to(&job.context, &path, rel, media_type));
        }
        let path = format!("/collections/{}", job.layer.id);
        let collection = Link::to(&job.context, &path, "collection", "application/json");
        links.push(collection);
    }
}

impl Job {
    /// A job of the public fields of a layer.
    pub fn new(
        context: Context,
        layer: &'static Layer,
        request: ItemsRequest,
        format: &'static FeatureFormat,
    ) -> Result<Self, ApiError> {
        let points = layer.geometry == GeometryKind::Point;
        if !request.crs.is_crs84() && !format.encoding.moves() {
            let wanted = Wanted::Said(ONLY_CRS84);
            return Err(context.bad_parameter("crs", request.crs.uri(), wanted));
        }
        if let (Some(names), false) = (context.parameter("properties"), format.encoding.chooses()) {
            return Err(context.bad_parameter("properties", names, Wanted::Said(ALL_FIELDS)));
        }
        Ok(Self {
            options: Options::read(&context, format.encoding, points)?,
            fields: request.columns.fields.clone(),
            scene: None,
            context,
            layer,
            request,
            format,
        })
    }

    /// Looks for the words of the request, once for all its questions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search(&mut self, store: &Store) -> Result<(), ApiError> {
        self.request.search(&self.context, self.layer, store).await
    }

    /// The entity tag of the answer at a revision of its layer. It is weak: answers carry the time
    /// at which they were made.
    pub fn tag(&self, revision: i64) -> ETag {
        self.tag_at()(revision)
    }

    /// The same for a revision that is known only when the job is done.
    pub fn tag_at(&self) -> impl Fn(i64) -> ETag + use<> {
        let (fingerprint, format) = (Fingerprint::of(&self.context), self.format.format);
        move |revision| ETag::weak(fingerprint, revision).of(format)
    }

    /// The level for which its lines and outlines are generalised.
    pub fn generalised(&self) -> Option<ZoomLevel> {
        match self.request.columns.detail {
            Detail::Generalised(level) if self.layer.geometry != GeometryKind::Point => Some(level),
            _ => None,
        }
    }

    /// How many features match, where that is known or cheap to know.
    pub async fn count(&self, store: &Store) -> Result<Option<u64>, StoreError> {
        if self.request.is_everything() {
            let state = store.layer_state(self.layer).await?;
            return Ok(u64::try_from(state.feature_count).ok());
        }
        let selection = &self.request.selection;
        store
            .count_if_cheap(self.layer, selection, COUNT_AT_MOST)
            .await
    }

    /// How many features match in all, where that is known or cheap to know.
    pub async fn matched(
        &self,
        store: &Store,
        count: Option<i64>,
        returned: u32,
        more: bool,
    ) -> Result<Option<u64>, WriteError> {
        if self.request.is_everything() {
            return Ok(count.and_then(|count| u64::try_from(count).ok()));
        }
        let Page { start, offset, .. } = &self.request.page;
        if !more && *start == Start::First && (*offset == 0 || returned > 0) {
            return Ok(Some(offset + u64::from(returned)));
        }
        Ok(self.count(store).await?)
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

/// The bytes of an open file, which may have lost its name, as they are asked for.
pub fn file_body(file: std::fs::File) -> Body {
    const AT_ONCE: usize = 256 * 1024;
    let file = tokio::fs::File::from_std(file);
    Body::from_stream(ReaderStream::with_capacity(file, AT_ONCE))
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
pub fn now() -> String {
    moment().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// The moment of answering.
#[expect(
    clippy::disallowed_methods,
    reason = "the moment of answering is the wall clock's"
)]
pub fn moment() -> DateTime<Utc> {
    Utc::now()
}
