//! The figures of the start page. They are added up over all facilities, once for each state of the
//! register, so that the page is as quick over a million facilities as over a hundred.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::completeness;
use domain::layer::Field;
use domain::layers::{DISTRICTS, FACILITIES};
use geo_types::MultiPolygon;
use store::report::RegionGroup;
use store::{Store, StoreError};
use tokio::sync::Mutex;

use crate::feature_pages::TOLERANCE;

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

/// The figures of the latest revision that was asked for.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Option<Arc<Figures>>>);

impl Kept {
    /// The figures of the register as it is now. Who comes while they are added up waits for them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self, store: &Store) -> Result<Arc<Figures>, StoreError> {
        let revision = store.register_revision().await?;
        let mut kept = self.0.lock().await;
        if let Some(figures) = kept.as_ref().filter(|kept| kept.revision >= revision) {
            return Ok(Arc::clone(figures));
        }
        let figures = Arc::new(Figures::read(store, revision).await?);
        *kept = Some(Arc::clone(&figures));
        Ok(figures)
    }
}
