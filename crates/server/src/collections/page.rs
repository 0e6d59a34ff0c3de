//! The layers as pages.

use askama::Template;
use domain::Layer;
use domain::layer::Field;
use domain::layers::readable_fields;
use store::layer_state::LayerState;

use crate::context::Context;
use crate::crs::ServedCrs;
use crate::formats;
use crate::pages::{Frame, HOME, LAYERS};

#[derive(Template)]
#[template(path = "collections.html")]
pub struct CollectionsPage {
    frame: Frame,
    q: String,
    layers: Vec<(&'static Layer, i64)>,
}

impl CollectionsPage {
    pub fn of(context: &Context, layers: &[(&'static Layer, LayerState)]) -> Self {
        Self {
            frame: Frame::of(context, &[HOME]),
            q: context.parameter("q").unwrap_or_default().to_owned(),
            layers: counted(layers),
        }
    }
}

/// Layers with how many features each has, for `layers.html`.
pub fn counted(layers: &[(&'static Layer, LayerState)]) -> Vec<(&'static Layer, i64)> {
    let counted = layers.iter();
    counted
        .map(|(layer, state)| (*layer, state.feature_count))
        .collect()
}

#[derive(Template)]
#[template(path = "collection.html")]
pub struct CollectionPage {
    frame: Frame,
    layer: &'static Layer,
    state: LayerState,
    fields: Vec<&'static Field>,
    systems: Vec<&'static str>,
    /// Addresses of files with the whole layer, and what their formats are called.
    data: Vec<(String, String)>,
}

impl CollectionPage {
    pub fn of(context: &Context, layer: &'static Layer, state: LayerState) -> Self {
        let frame = Frame::of(context, &[HOME, LAYERS]);
        let downloads = format!("{}/collections/{}/download", context.base_url, layer.id);
        let data = formats::of_layer(layer).map(|one| {
            let address = format!("{downloads}/{}", one.format.name);
            (address, frame.text(&one.title))
        });
        Self {
            data: data.collect(),
            frame,
            layer,
            state,
            fields: readable_fields(layer, context.access).to_vec(),
            systems: ServedCrs::all().map(ServedCrs::uri).collect(),
        }
    }
}
