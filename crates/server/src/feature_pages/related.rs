//! Records that name a record, or are named by it, as the fields' descriptions say.

use chrono::{DateTime, Utc};
use domain::Value;
use domain::layer::{Field, Layer};
use domain::layers::{LAYERS, public_fields};
use futures_util::StreamExt;
use store::Store;
use store::StoreError;
use store::feature::{Feature, ValueRef};
use store::items::Selection;
use store::paging::Page;

use super::values::{called, plain};
use crate::pages::Frame;

/// Records of a group that are named; the rest is behind a link.
const MOST: u32 = 10;

/// Where a record is, and what it is called.
type Named = (String, String);

/// Records that are related in one way, each by its name, or with what is known of it.
pub struct Group<T = Named> {
    /// The layer and the way.
    pub title: String,
    /// The records.
    pub records: Vec<T>,
    /// Where all of them are, when there are more.
    pub all: Option<String>,
}

/// Where related records are looked for.
pub struct Search<'s> {
    pub store: &'s Store,
    pub frame: &'s Frame,
    pub as_of: Option<DateTime<Utc>>,
}

impl Search<'_> {
    /// The groups of a record that have any.
    pub async fn groups(
        &self,
        layer: &'static Layer,
        feature: &Feature,
    ) -> Result<Vec<Group>, StoreError> {
        let mut groups = self.named(layer, feature).await?;
        groups.extend(self.naming(layer, feature, Self::dated).await?);
        Ok(groups)
    }

    /// The groups of what a record names.
    pub async fn named(
        &self,
        layer: &'static Layer,
        feature: &Feature,
    ) -> Result<Vec<Group>, StoreError> {
        let mut groups = self.same_record(layer, feature.id()?).await?;
        for field in public_fields(layer) {
            if let (Some(named), ValueRef::Text(code)) =
                (field.named_layer(), feature.value(field.name)?)
            {
                let title = self.frame.text(&field.title);
                groups.extend(
                    self.group(title, (named, named.key()), code, Self::record)
                        .await?,
                );
            }
        }
        Ok(groups)
    }

    /// The groups of what names a record, each of its records as `tell` has it.
    pub async fn naming<T>(
        &self,
        layer: &'static Layer,
        feature: &Feature,
        tell: impl Fn(&Self, &'static Layer, &Feature) -> Result<T, StoreError> + Copy,
    ) -> Result<Vec<Group<T>>, StoreError> {
        let mut groups = Vec::new();
        if let ValueRef::Text(code) = feature.value(layer.key().name)? {
            for (other, field) in naming(layer) {
                let title = self.title(other, field);
                groups.extend(self.group(title, (other, field), code, tell).await?);
            }
        }
        Ok(groups)
    }

    /// The record in the other layers of its table, such as a facility's outline.
    async fn same_record(&self, layer: &'static Layer, id: i64) -> Result<Vec<Group>, StoreError> {
        let mut groups = Vec::new();
        let twins = LAYERS.iter().copied();
        for twin in twins.filter(|twin| twin.table == layer.table && twin.id != layer.id) {
            let found = self
                .store
                .item(twin, public_fields(twin), id, self.as_of)
                .await?;
            if let Some(found) = found {
                groups.push(Group {
                    title: self.frame.text(&twin.title),
                    records: vec![self.record(twin, &found)?],
                    all: None,
                });
            }
        }
        Ok(groups)
    }

    async fn group<T>(
        &self,
        title: String,
        (layer, field): (&'static Layer, &'static Field),
        code: &str,
        tell: impl Fn(&Self, &'static Layer, &Feature) -> Result<T, StoreError>,
    ) -> Result<Option<Group<T>>, StoreError> {
        let selection = Selection {
            equal: vec![(field, Value::Text(code.to_owned()))],
            as_of: self.as_of,
            ..Selection::default()
        };
        let page = Page::first(MOST + 1);
        let rows = self
            .store
            .items(layer, public_fields(layer), &selection, &page);
        let mut rows = Box::pin(rows);
        let mut records = Vec::new();
        while let Some(row) = rows.next().await {
            records.push(tell(self, layer, &row?)?);
        }
        let more = records.len() > MOST as usize;
        records.truncate(MOST as usize);
        let group = Group {
            title,
            all: more.then(|| self.frame.selected(layer, field.name, code)),
            records,
        };
        Ok(Some(group).filter(|group| !group.records.is_empty()))
    }

    fn record(&self, layer: &'static Layer, feature: &Feature) -> Result<Named, StoreError> {
        let path = format!("/collections/{}/items/{}", layer.id, feature.id()?);
        let name = called(feature, layer.key(), self.frame.lang)?;
        Ok((self.frame.page(&path), name))
    }

    /// A record by its name and the day that it tells of, of which there may be many.
    pub fn dated(&self, layer: &'static Layer, feature: &Feature) -> Result<Named, StoreError> {
        let (href, name) = self.record(layer, feature)?;
        let instant = layer.primary_instant();
        match instant.map(|field| feature.value(field.name)).transpose()? {
            Some(day @ ValueRef::Date(_)) => {
                let day = plain(&day, self.frame.lang);
                Ok((href, format!("{name} ({day})")))
            }
            _ => Ok((href, name)),
        }
    }

    fn title(&self, layer: &Layer, field: &Field) -> String {
        let (layer, field) = (self.frame.text(&layer.title), self.frame.text(&field.title));
        format!("{layer} ({field})")
    }
}

/// The layers whose records name those of a layer, with the fields that do; a table once. A record
/// that is shown in two layers is named in either.
fn naming(layer: &Layer) -> impl Iterator<Item = (&'static Layer, &'static Field)> {
    let table = layer.table;
    let others = LAYERS.iter().copied().enumerate().filter(|(at, other)| {
        let earlier = LAYERS.iter().take(*at);
        earlier.clone().all(|one| one.table != other.table)
    });
    others.flat_map(move |(_, other)| {
        let fields = public_fields(other).iter().copied();
        let naming = fields.filter(move |field| {
            field
                .named_layer()
                .is_some_and(|named| named.table == table)
        });
        naming.map(move |field| (other, field))
    })
}
