//! Reading the features of a layer: a page, one feature, a count.

use chrono::{DateTime, Utc};
use domain::filter::Filter;
use domain::layer::{Field, Layer};
use domain::region::{Membership, Region};
use domain::value::Value;
use futures_util::{Stream, StreamExt};
use geo_types::Polygon;
use sqlx::Row;
use sqlx::postgres::PgPool;

use crate::Store;
use crate::error::StoreError;
use crate::feature::Feature;
use crate::text;

/// West, south, east, north in degrees, CRS84. West greater than east crosses the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bbox {
    /// Westernmost longitude.
    pub west: f64,
    /// Southernmost latitude.
    pub south: f64,
    /// Easternmost longitude.
    pub east: f64,
    /// Northernmost latitude.
    pub north: f64,
}

/// A time or a period, both ends included; an open end is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First moment.
    pub from: Option<DateTime<Utc>>,
    /// Last moment.
    pub until: Option<DateTime<Utc>>,
}

/// Which features of a layer are asked for. All conditions apply together.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Those that intersect it, and those without geometry.
    pub bbox: Option<Bbox>,
    /// Those that intersect it, longitude before latitude, and those without geometry.
    pub area: Option<Polygon<f64>>,
    /// Those whose primary instant lies in it, and those without one.
    pub datetime: Option<Period>,
    /// Those that have these values; for a field of several codes, the code among them.
    pub equal: Vec<(&'static Field, Value)>,
    /// Those of a region, and by what they belong to it.
    pub region: Option<(Region, Membership)>,
    /// Those that fulfil it; one of the same layer.
    pub filter: Option<Filter>,
    /// As the register stood at this moment, instead of now.
    pub as_of: Option<DateTime<Utc>>,
}

/// Which part of a selection, in the order of feature ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Only features after this id.
    pub after: Option<i64>,
    /// So many skipped.
    pub offset: u64,
    /// At most so many.
    pub limit: u32,
}

/// In a box of so many square degrees, some 400 km², the spatial index finds few enough features to
/// sort, whatever else the register holds.
const SMALL_BOX: f64 = 0.05;

impl Bbox {
    fn is_small(&self) -> bool {
        let (width, height) = (self.east - self.west, self.north - self.south);
        width >= 0.0 && width * height <= SMALL_BOX
    }
}

impl Selection {
    /// Whether one plan is right for all selections like it: walking along the ids for the whole layer,
    /// the spatial index for a small box.
    fn has_one_plan(&self) -> bool {
        let Self {
            bbox,
            area: None,
            datetime: None,
            region: None,
            equal,
            filter: None,
            as_of: None,
        } = self
        else {
            return false;
        };
        equal.is_empty() && bbox.as_ref().is_none_or(Bbox::is_small)
    }
}

impl Store {
    pub(crate) fn pool_for(&self, selection: &Selection) -> &PgPool {
        if selection.has_one_plan() {
            &self.quick
        } else {
            &self.pool
        }
    }

    /// The features of a page, one after the other as the database sends them: memory does not
    /// grow with their number.
    pub fn items<'a>(
        &'a self,
        layer: &'static Layer,
        fields: &'static [&'static Field],
        selection: &Selection,
        page: Page,
    ) -> impl Stream<Item = Result<Feature, StoreError>> + Send + 'a {
        text::items(layer, fields, selection, page)
            .fetch(self.pool_for(selection))
            .map(move |row| Ok(Feature::new(layer, fields, row?)))
    }

    /// One feature by its id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn item(
        &self,
        layer: &'static Layer,
        fields: &'static [&'static Field],
        id: i64,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Feature>, StoreError> {
        let row = text::item(layer, fields, id, as_of)
            .fetch_optional(&self.quick)
            .await?;
        Ok(row.map(|row| Feature::new(layer, fields, row)))
    }

    /// How many features a selection has, when that is at most `most`: counting further would cost
    /// more than the page itself.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(
        &self,
        layer: &'static Layer,
        selection: &Selection,
        most: u32,
    ) -> Result<Option<u64>, StoreError> {
        let row = text::count(layer, selection, most)
            .fetch_one(self.pool_for(selection))
            .await?;
        let counted: i64 = row.try_get(0)?;
        Ok(u64::try_from(counted)
            .ok()
            .filter(|counted| *counted <= u64::from(most)))
    }
}
