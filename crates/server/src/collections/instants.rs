//! The first and the last time of layers.

use chrono::{DateTime, Days, SecondsFormat, TimeDelta, Utc};
use domain::Layer;
use domain::value::FieldType;
use serde_json::{Value, json};
use store::Store;
use store::items::Period;

use crate::context::Context;
use crate::error::ApiError;

/// The temporal reference system (OGC API Features 1, `extent`).
pub const GREGORIAN: &str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";

/// What is known of the time of layers, by table.
pub struct Instants(Vec<(String, Period)>);

impl Instants {
    /// Asks for those of these layers.
    pub async fn read(
        store: &Store,
        context: &Context,
        layers: &[&Layer],
    ) -> Result<Self, ApiError> {
        let found = store.instants(layers).await;
        Ok(Self(found.map_err(|error| context.store_error(&error))?))
    }

    /// From the first moment of a layer to the last; a day ends with its last second.
    pub fn period_of(&self, layer: &Layer) -> Option<Period> {
        let field = layer.primary_instant()?;
        let (_, period) = self.0.iter().find(|(table, _)| table == layer.table)?;
        let until = match field.field_type {
            FieldType::Date => {
                let next = period.until?.checked_add_days(Days::new(1))?;
                Some(next - TimeDelta::seconds(1))
            }
            _ => period.until,
        };
        Some(Period { until, ..*period })
    }

    /// The same as a member of the extent.
    pub fn of(&self, layer: &Layer) -> Option<Value> {
        let period = self.period_of(layer)?;
        Some(json!([text(period.from?), text(period.until?)]))
    }
}

fn text(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
