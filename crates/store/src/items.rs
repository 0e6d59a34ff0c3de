//! Reading the features of a layer: a page, one feature, a count.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::filter::Filter;
use domain::layer::{Field, Layer};
use domain::region::{Membership, Region};
use domain::search::Search;
use domain::value::Value;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use geo_types::Polygon;
use serde_json::Value as Json;
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{Postgres, Row, Transaction};

use crate::Store;
use crate::columns::Columns;
use crate::error::StoreError;
use crate::feature::Feature;
use crate::paging::Page;
use crate::text::{self, Statement};

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
    /// Those whose names have its words.
    pub search: Option<Search>,
    /// Those of these ids alone, such as [`Store::found`] answers.
    pub found: Option<Vec<i64>>,
    /// Those that fulfil it; one of the same layer.
    pub filter: Option<Filter>,
    /// As the register stood at this moment, instead of now.
    pub as_of: Option<DateTime<Utc>>,
}

/// In a box of so many square degrees, some 400 km², the spatial index finds few enough features to
/// sort, whatever else the register holds.
const SMALL_BOX: f64 = 0.05;
/// What counting may cost by the planner's reckoning, in its units: some ten milliseconds.
const DEAR: f64 = 5_000.0;
/// More rows than this keep a connection busy for long.
const LONG: u32 = 100_000;

impl Bbox {
    const fn covers(&self, other: &Self) -> bool {
        self.west <= other.west
            && self.south <= other.south
            && self.east >= other.east
            && self.north >= other.north
    }

    fn is_small(&self) -> bool {
        let (width, height) = (self.east - self.west, self.north - self.south);
        width >= 0.0 && width * height <= SMALL_BOX
    }
}

impl Selection {
    /// Whether it selects every feature of a layer whose geometries lie in a box, as it is now.
    #[must_use]
    pub fn is_whole(&self, extent: Option<Bbox>) -> bool {
        let covers = |bbox: &Bbox| extent.as_ref().is_some_and(|extent| bbox.covers(extent));
        self.is_bbox_at_most() && self.bbox.as_ref().is_none_or(covers)
    }

    /// Whether one plan is right for all selections like it: walking along the ids for the whole layer,
    /// the spatial index for a small box.
    fn has_one_plan(&self) -> bool {
        self.is_bbox_at_most() && self.bbox.as_ref().is_none_or(Bbox::is_small)
    }

    /// Whether it has no condition but a box, or none at all.
    fn is_bbox_at_most(&self) -> bool {
        let Self {
            bbox: _,
            area: None,
            datetime: None,
            region: None,
            equal,
            search: None,
            filter: None,
            found: None,
            as_of: None,
        } = self
        else {
            return false;
        };
        equal.is_empty()
    }
}

/// The rows of statements on a connection that is closed afterwards: who breaks a download off does not
/// leave a connection that has to be read to the end of it before somebody else can have it.
fn abandoned_at_once(
    pool: &PgPool,
    statements: Vec<Statement>,
) -> BoxStream<'_, Result<PgRow, sqlx::Error>> {
    let rows = async_stream::try_stream! {
        let mut connection = pool.acquire().await?;
        connection.close_on_drop();
        for statement in statements {
            let mut rows = statement.fetch(&mut *connection);
            while let Some(row) = rows.try_next().await? {
                yield row;
            }
        }
    };
    rows.boxed()
}

impl Store {
    pub(crate) fn pool_for(&self, selection: &Selection, is_quick: bool) -> &PgPool {
        if is_quick && selection.has_one_plan() {
            &self.quick
        } else {
            &self.pool
        }
    }

    /// The features of a page, one after the other as the database sends them: memory does not
    /// grow with their number. Those of a page that ends at a place come backwards, the nearest to it
    /// first; see [`Self::items_in_order`].
    pub fn items<'a>(
        &'a self,
        layer: &'static Layer,
        columns: impl Into<Columns>,
        selection: &Selection,
        page: &Page,
    ) -> BoxStream<'a, Result<Feature, StoreError>> {
        let columns = columns.into();
        let statements = text::items(layer, &columns, selection, page);
        let fields = columns.fields;
        let most = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let feature =
            move |row: Result<_, sqlx::Error>| Ok(Feature::new(layer, fields.clone(), row?));
        let is_quick = page.order.is_empty() && page.limit <= LONG;
        let pool = self.pool_for(selection, is_quick);
        let rows = if page.limit > LONG {
            abandoned_at_once(pool, statements)
        } else {
            stream::iter(statements)
                .flat_map(move |statement| statement.fetch(pool))
                .boxed()
        };
        let one_after_another = rows
            // What one statement brings, the next need not.
            .take(most);
        one_after_another.map(feature).boxed()
    }

    /// The features of a page, the first first.
    pub async fn items_in_order<'a>(
        &'a self,
        layer: &'static Layer,
        columns: impl Into<Columns>,
        selection: &Selection,
        page: &Page,
    ) -> BoxStream<'a, Result<Feature, StoreError>> {
        let features = self.items(layer, columns, selection, page);
        if !page.start.is_backward() {
            return features;
        }
        let mut backwards: Vec<_> = features.collect().await;
        backwards.reverse();
        stream::iter(backwards).boxed()
    }

    /// One feature by its id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn item(
        &self,
        layer: &'static Layer,
        columns: impl Into<Columns>,
        id: i64,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Feature>, StoreError> {
        let columns = columns.into();
        let row = text::item(layer, &columns, id, as_of)
            .fetch_optional(&self.quick)
            .await?;
        Ok(row.map(|row| Feature::new(layer, columns.fields, row)))
    }

    /// One feature by its code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn item_of_code(
        &self,
        layer: &'static Layer,
        columns: impl Into<Columns>,
        code: &str,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Feature>, StoreError> {
        let selection = Selection {
            equal: vec![(layer.key(), Value::Text(code.to_owned()))],
            as_of,
            ..Selection::default()
        };
        let page = Page::first(1);
        let mut found = self.items(layer, columns, &selection, &page);
        found.try_next().await
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
        let row = text::count(layer, selection, Some(most))
            .fetch_one(self.pool_for(selection, true))
            .await?;
        let counted: i64 = row.try_get(0)?;
        Ok(u64::try_from(counted)
            .ok()
            .filter(|counted| *counted <= u64::from(most)))
    }

    /// The ids of the features whose names have the words of a search, now; `None` when there are more
    /// than `most`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn found(
        &self,
        layer: &'static Layer,
        search: &Search,
        most: u32,
    ) -> Result<Option<Vec<i64>>, StoreError> {
        let rows = text::found(layer, search, most + 1)
            .fetch_all(&self.pool)
            .await?;
        if rows.len() > usize::try_from(most).unwrap_or(usize::MAX) {
            return Ok(None);
        }
        let ids = rows.iter().map(|row| row.try_get(0));
        Ok(Some(ids.collect::<Result<_, _>>()?))
    }

    /// What [`Self::count`] says, when it is cheap too: a page should not wait longer for its count than
    /// for its features.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_if_cheap(
        &self,
        layer: &'static Layer,
        selection: &Selection,
        most: u32,
    ) -> Result<Option<u64>, StoreError> {
        if !selection.has_one_plan() {
            let plan = text::count_plan(layer, selection, most);
            let plan: Json = plan.fetch_one(&self.pool).await?.try_get(0)?;
            let cost = plan.pointer("/0/Plan/Total Cost").and_then(Json::as_f64);
            if cost.is_none_or(|cost| cost > DEAR) {
                return Ok(None);
            }
        }
        self.count(layer, selection, most).await
    }

    /// How many features a selection has, when that is known within a time: `None` when it takes
    /// longer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_within(
        &self,
        layer: &'static Layer,
        selection: &Selection,
        budget: Duration,
    ) -> Result<Option<u64>, StoreError> {
        let mut transaction = self.within(budget).await?;
        let counted = text::count(layer, selection, None)
            .fetch_one(&mut *transaction)
            .await
            .map_err(StoreError::from);
        let counted: i64 = match counted {
            Ok(row) => row.try_get(0)?,
            Err(error) if error.is_timeout() => return Ok(None),
            Err(error) => return Err(error),
        };
        transaction.commit().await?;
        Ok(u64::try_from(counted).ok())
    }

    /// A transaction whose statements may each take so long.
    pub(crate) async fn within(
        &self,
        budget: Duration,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let milliseconds = budget.as_millis().to_string();
        sqlx::query!(
            "select set_config('statement_timeout', $1, true)",
            milliseconds
        )
        .fetch_one(&mut *transaction)
        .await?;
        Ok(transaction)
    }

    /// The first and the last time of the records of each of these layers that has one, by table: a
    /// layer that shows a part of another's records has that one's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn instants(&self, layers: &[&Layer]) -> Result<Vec<(String, Period)>, StoreError> {
        if layers.iter().all(|layer| layer.primary_instant().is_none()) {
            return Ok(Vec::new());
        }
        let rows = text::instants(layers).fetch_all(&self.pool).await?;
        let read = |row: PgRow| {
            let (from, until) = (row.try_get(1)?, row.try_get(2)?);
            Ok((row.try_get(0)?, Period { from, until }))
        };
        rows.into_iter().map(read).collect()
    }
}
