//! The features of a page, and whether there are others beyond its edges.

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use store::columns::Columns;
use store::feature::Feature;
use store::paging::{Page, Start};
use store::{Store, StoreError};

use super::Job;

type Features<'s> = BoxStream<'s, Result<Feature, StoreError>>;

/// The features of a page in order.
pub struct Rows<'s> {
    features: Features<'s>,
    left: u32,
    /// Whether features come before the page.
    pub before: bool,
    /// Whether features come after it; known when its last one was read.
    pub after: bool,
}

impl<'s> Rows<'s> {
    /// Asks for one more than the page has, to know whether it is the last.
    pub async fn open(
        store: &'s Store,
        job: &Job,
        columns: impl Into<Columns>,
    ) -> Result<Self, StoreError> {
        let page = &job.request.page;
        let asked = Page {
            limit: page.limit + 1,
            ..page.clone()
        };
        let features = store.items(job.layer, columns, &job.request.selection, &asked);
        if page.start.is_backward() {
            return Self::backwards(features, page.limit).await;
        }
        Ok(Self {
            features,
            left: page.limit,
            before: page.offset > 0 || page.start != Start::First,
            after: false,
        })
    }

    /// The nearest to the end of the page came first.
    async fn backwards(features: Features<'_>, limit: u32) -> Result<Self, StoreError> {
        let mut nearest: Vec<Feature> = features.try_collect().await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let before = nearest.len() > most;
        nearest.truncate(most);
        Ok(Self {
            features: stream::iter(nearest.into_iter().rev().map(Ok)).boxed(),
            left: limit,
            before,
            after: true,
        })
    }

    /// The next feature of the page.
    pub async fn next(&mut self) -> Result<Option<Feature>, StoreError> {
        let feature = self.features.next().await.transpose()?;
        if feature.is_some() && self.left == 0 {
            self.after = true;
            return Ok(None);
        }
        self.left = self.left.saturating_sub(1);
        Ok(feature)
    }
}
