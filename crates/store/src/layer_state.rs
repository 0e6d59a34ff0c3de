//! What is known of a layer without reading its rows: counts, extent, last revision.

use chrono::{DateTime, Utc};
use domain::layer::Layer;

use crate::Store;
use crate::error::StoreError;
use crate::items::Bbox;

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
    fn state(self) -> LayerState {
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
        LayerState {
            feature_count: self.feature_count,
            without_geometry: self.without_geometry,
            extent,
            revision: self.revision,
            changed_at: self.changed_at,
        }
    }
}

impl Store {
    /// The state of one layer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn layer_state(&self, layer: &Layer) -> Result<LayerState, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "select layer, feature_count, without_geometry, west, south, east, north, revision, \
             changed_at from layer_state where layer = $1",
            layer.id
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(Row::state).unwrap_or_default())
    }

    /// The layers that have data, in the order in which they are listed, each with its state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn layers_with_data(&self) -> Result<Vec<(&'static Layer, LayerState)>, StoreError> {
        let mut rows = sqlx::query_as!(
            Row,
            "select layer, feature_count, without_geometry, west, south, east, north, revision, \
             changed_at from layer_state where feature_count > 0"
        )
        .fetch_all(&self.pool)
        .await?;
        let states = domain::layers::LAYERS.iter().filter_map(|layer| {
            let at = rows.iter().position(|row| row.layer == layer.id)?;
            Some((*layer, rows.swap_remove(at).state()))
        });
        Ok(states.collect())
    }
}
