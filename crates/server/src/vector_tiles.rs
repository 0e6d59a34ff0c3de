//! Vector tiles: of a layer under `/collections/{layer}/tiles`, of all layers under `/tiles`.
//!
//! A handler reads the address and what is selected into [`Asked`]; [`answer`] finds the tile in the
//! cache or has the database make it. A tile without anything in it is 204.

pub mod cache;
mod compose;
pub mod tiles;
pub mod tilesets;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::{Extension, RequestPartsExt as _};
use domain::{Layer, Text};
use store::items::Selection;
use store::{Store, StoreError};

use self::cache::TileCache;
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::params::{ItemsRequest, is_everything, of_dataset};
use crate::problem::Wanted;

/// The largest tile, bytes before packing.
pub const MOST_BYTES: usize = 500_000;
/// The finest zoom that clients need: a position of a tile is 15 cm there.
pub const FINEST: u32 = 16;

/// What a tile or tileset shows.
#[derive(Debug)]
pub struct Asked {
    /// The layers; of the dataset only once they have been looked up, which a kept tile does not need.
    pub layers: Vec<&'static Layer>,
    /// Whether these are the whole dataset.
    pub is_dataset: bool,
    /// What of them.
    pub selection: Selection,
}

impl Asked {
    /// A layer, by its id.
    pub fn of_layer(context: &Context, id: &str) -> Result<Self, ApiError> {
        let layer = context.layer(id)?;
        Ok(Self {
            layers: vec![layer],
            is_dataset: false,
            selection: ItemsRequest::read_tiles(context, layer)?.selection,
        })
    }

    /// All layers, or those that `collections` names (OGC API Tiles 1, collections selection).
    pub fn of_dataset(context: &Context) -> Result<Self, ApiError> {
        let selection = of_dataset(context)?;
        let known = |text: &str| text.split(',').map(domain::layers::find).collect();
        let chosen: Option<Vec<_>> = context.parse("collections", COLLECTIONS, known)?;
        Ok(Self {
            is_dataset: chosen.is_none(),
            layers: chosen.unwrap_or_default(),
            selection,
        })
    }

    /// With the layers of the dataset looked up: those that have data.
    pub async fn with_layers(mut self, app: &App, context: &Context) -> Result<Self, ApiError> {
        if self.is_dataset {
            let layers = with_data(&app.store).await;
            self.layers = layers.map_err(|error| context.store_error(&error))?;
        }
        Ok(self)
    }

    /// Whether it is all that there is now, so that others will ask for the same.
    pub fn is_everything(&self) -> bool {
        is_everything(&self.selection)
    }
}

const COLLECTIONS: Text = Text::new(
    "наведите ознаке слојева раздвојене зарезима; слојеви су на `/collections`",
    "give ids of layers separated by commas; the layers are listed at `/collections`",
);

async fn with_data(store: &Store) -> Result<Vec<&'static Layer>, StoreError> {
    let layers = store.layers_with_data().await?;
    Ok(layers.into_iter().map(|(layer, _)| layer).collect())
}

/// What handlers of tiles share with each other: the service and its cache of tiles.
pub struct Tiles {
    app: App,
    cache: std::sync::Arc<TileCache>,
}

impl FromRequestParts<App> for Tiles {
    type Rejection = axum::extract::rejection::ExtensionRejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let Extension(cache) = parts.extract().await?;
        let app = app.clone();
        Ok(Self { app, cache })
    }
}

/// A number in an address that is no place of the tiling.
fn outside_tiling(context: &Context, place: &str) -> ApiError {
    context.bad_parameter("z/x/y", place, Wanted::Said(crate::rasters::tiles::TILING))
}
