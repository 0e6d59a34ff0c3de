//! One whole record, as the program itself needs it: with every field, restricted ones too.

use domain::layer::Layer;
use domain::layers::all_fields;
use domain::record::Record;
use domain::value::Value;
use futures_util::TryStreamExt;

use crate::Store;
use crate::error::StoreError;
use crate::feature::Feature;
use crate::geometry::Ewkb;
use crate::items::Selection;
use crate::paging::Page;

/// A record of the register with its feature id.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The feature id.
    pub id: i64,
    /// What the register says.
    pub record: Record,
}

impl Store {
    /// The record of a layer with this feature id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record(
        &self,
        layer: &'static Layer,
        id: i64,
    ) -> Result<Option<Registered>, StoreError> {
        let feature = self.item(layer, all_fields(layer), id, None).await?;
        feature.map(|feature| read(layer, &feature)).transpose()
    }

    /// The record of a layer with this code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record_of_code(
        &self,
        layer: &'static Layer,
        code: &str,
    ) -> Result<Option<Registered>, StoreError> {
        let selection = Selection {
            equal: vec![(layer.key(), Value::Text(code.to_owned()))],
            ..Selection::default()
        };
        let mut found = self.records(layer, &selection, 1).await?;
        Ok(found.pop())
    }

    /// The first records of a selection, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn records(
        &self,
        layer: &'static Layer,
        selection: &Selection,
        limit: u32,
    ) -> Result<Vec<Registered>, StoreError> {
        let page = Page::first(limit);
        let features = self.items(layer, all_fields(layer), selection, &page);
        let records = features.map_ok(|feature| read(layer, &feature));
        let records: Vec<_> = records.try_collect().await?;
        records.into_iter().collect()
    }
}

pub(crate) fn read(layer: &'static Layer, feature: &Feature) -> Result<Registered, StoreError> {
    let mut record = Record::new(layer);
    for (place, pair) in record.values.iter_mut().zip(feature.values()) {
        *place = pair?.1.to_value();
    }
    record.geometry = feature
        .ewkb()?
        .and_then(|bytes| Ewkb(bytes.to_vec()).to_geometry());
    Ok(Registered {
        id: feature.id()?,
        record,
    })
}
