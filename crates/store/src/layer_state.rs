//! What is known of a layer without reading its rows: counts, extent, last revision.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::layer::Layer;
use sqlx::PgConnection;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgRow};

use crate::Store;
use crate::error::StoreError;
use crate::items::Bbox;
use crate::text;
use crate::together::Together;

/// The state of a layer. The default is a layer without data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerState {
    /// How many features it has.
    pub feature_count: i64,
    /// How many of them have no geometry.
    pub without_geometry: i64,
    /// The box around all geometries; `None` where there are none.
    pub extent: Option<Bbox>,
    /// The last revision that changed it.
    pub revision: Option<i64>,
    /// When that was.
    pub changed_at: Option<DateTime<Utc>>,
}

struct Row {
    layer: String,
    feature_count: i64,
    without_geometry: i64,
    west: Option<f64>,
    south: Option<f64>,
    east: Option<f64>,
    north: Option<f64>,
    revision: Option<i64>,
    changed_at: Option<DateTime<Utc>>,
}

impl Row {
    fn state(self) -> (String, LayerState) {
        let corners = (self.west, self.south, self.east, self.north);
        let extent = match corners {
            (Some(west), Some(south), Some(east), Some(north)) => Some(Bbox {
                west,
                south,
                east,
                north,
            }),
            _ => None,
        };
        let state = LayerState {
            feature_count: self.feature_count,
            without_geometry: self.without_geometry,
            extent,
            revision: self.revision,
            changed_at: self.changed_at,
        };
        (self.layer, state)
    }
}

/// Counts anew what is known of the layers of a table, as a revision leaves them. Counting is a
/// statement of its own: the database shares it out among processes, which it does not do while it writes.
pub(crate) async fn refresh(
    connection: &mut PgConnection,
    table: &str,
    (revision, made_at): (i64, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    let counted = text::count_states(table)
        .fetch_all(&mut *connection)
        .await?;
    for row in counted {
        keep(connection, &row, (revision, made_at)).await?;
    }
    Ok(())
}

async fn keep(
    connection: &mut PgConnection,
    counted: &PgRow,
    (revision, made_at): (i64, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into layer_state \
         (layer, feature_count, without_geometry, west, south, east, north, revision, changed_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict (layer) do update set feature_count = excluded.feature_count, \
         without_geometry = excluded.without_geometry, west = excluded.west, \
         south = excluded.south, east = excluded.east, north = excluded.north, \
         revision = excluded.revision, changed_at = excluded.changed_at",
        counted.try_get::<&str, _>(0)?,
        counted.try_get::<i64, _>(1)?,
        counted.try_get::<i64, _>(2)?,
        counted.try_get::<Option<f64>, _>(3)?,
        counted.try_get::<Option<f64>, _>(4)?,
        counted.try_get::<Option<f64>, _>(5)?,
        counted.try_get::<Option<f64>, _>(6)?,
        revision,
        made_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// The state of one layer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn layer_state(&self, layer: &Layer) -> Result<LayerState, StoreError> {
        let all = self.states.ask(read(self.quick.clone())).await;
        // An error cannot be shared, so each has one of its own.
        let all = match all {
            Some(all) => all,
            None => Arc::new(read_all(&self.quick).await?),
        };
        let found = all.iter().find(|(id, _)| id == layer.id);
        Ok(found.map(|(_, state)| state.clone()).unwrap_or_default())
    }

    /// The layers that have data, in the order in which they are listed, each with its state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn layers_with_data(&self) -> Result<Vec<(&'static Layer, LayerState)>, StoreError> {
        let mut states = read_all(&self.quick).await?;
        states.retain(|(_, state)| state.feature_count > 0);
        let states = domain::layers::LAYERS.iter().filter_map(|layer| {
            let at = states.iter().position(|(id, _)| id == layer.id)?;
            Some((*layer, states.swap_remove(at).1))
        });
        Ok(states.collect())
    }
}

type States = Vec<(String, LayerState)>;

/// Every answer with features or without begins or ends with this question.
pub(crate) type Asked = Together<Option<Arc<States>>>;

async fn read(pool: PgPool) -> Option<Arc<States>> {
    read_all(&pool).await.ok().map(Arc::new)
}

async fn read_all(pool: &PgPool) -> Result<States, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "select layer, feature_count, without_geometry, west, south, east, north, revision, \
         changed_at from layer_state"
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Row::state).collect())
}
