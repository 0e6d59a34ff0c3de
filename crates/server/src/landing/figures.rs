//! The figures of the start page. They are added up over all facilities, once for each state of the
//! register, so that the page is as quick over a million facilities as over a hundred.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::completeness;
use domain::layer::Field;
use domain::layers::{DISTRICTS, FACILITIES};
use geo_types::MultiPolygon;
use store::report::RegionGroup;
use store::{Store, StoreError};
use tokio::time::timeout;

use crate::feature_pages::TOLERANCE;
use crate::kept::Kept;

/// What is known of the facilities at a revision.
#[derive(Debug)]
pub struct Figures {
    /// The revision.
    pub revision: i64,
    /// When the facilities last changed.
    pub changed_at: Option<DateTime<Utc>>,
    /// By district, type and status.
    pub groups: Vec<RegionGroup>,
    /// Of how many facilities each field is known that the law asks for.
    pub known: Vec<(&'static Field, i64)>,
    /// The districts on a small map.
    pub districts: Vec<(String, MultiPolygon<f64>)>,
}

impl Figures {
    async fn read(store: &Store, revision: i64) -> Result<Self, StoreError> {
        let asked: Vec<_> = completeness::asked(&FACILITIES).collect();
        let counts = store.known_counts(&FACILITIES, &asked).await?;
        Ok(Self {
            revision,
            changed_at: store.layer_state(&FACILITIES).await?.changed_at,
            groups: store.facilities_by_region(&DISTRICTS).await?,
            known: asked.into_iter().zip(counts).collect(),
            districts: store.district_outlines(TOLERANCE).await?,
        })
    }

    /// How many facilities fulfil a condition.
    pub fn count(&self, fulfils: impl Fn(&RegionGroup) -> bool) -> i64 {
        let groups = self.groups.iter().filter(|group| fulfils(group));
        groups.map(|group| group.facilities).sum()
    }
}

/// How long a reader waits for new figures while there are older ones.
const PATIENCE: Duration = Duration::from_millis(500);

/// The figures that were asked for last.
pub type KeptFigures = Kept<(), Figures>;

/// The figures of the register as it is now; of a large register that has just changed the ones before,
/// which say their revision, while the new ones are added up.
///
/// # Errors
/// When the database does not answer.
pub async fn now(kept: &Arc<KeptFigures>, store: &Store) -> Result<Arc<Figures>, StoreError> {
    let revision = store.register_revision().await?;
    let Some((_, last)) = kept.last(&()).await else {
        return of(kept, store, revision).await;
    };
    let (kept, store) = (Arc::clone(kept), store.clone());
    let added_up = tokio::spawn(async move { of(&kept, &store, revision).await });
    match timeout(PATIENCE, added_up).await {
        Ok(Ok(figures)) => figures,
        _ => Ok(last),
    }
}

async fn of(kept: &KeptFigures, store: &Store, revision: i64) -> Result<Arc<Figures>, StoreError> {
    kept.of((), revision, Figures::read(store, revision)).await
}
