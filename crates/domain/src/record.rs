//! One record of a layer, as it travels between files, checks, rows and answers.

use geo_types::Geometry;

use crate::lang::Message;
use crate::layer::{Field, Layer};
use crate::region::{CodeSeries, DistrictCode, FacilityCode, MunicipalityCode, completed};
use crate::value::{FieldValue, Value};

/// How much a finding weighs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The record cannot be accepted.
    Error,
    /// The record can be accepted; somebody should look.
    Warning,
    /// Said for completeness, such as a repair.
    Note,
}

/// Something that a check found in a record.
#[derive(
    Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// The field it is about, if one.
    pub field: Option<String>,
    /// What, in plain words.
    pub message: Message,
}

impl Finding {
    /// A finding about one field.
    pub fn of(severity: Severity, field: &str, message: impl Into<Message>) -> Self {
        Self {
            severity,
            field: Some(field.to_owned()),
            message: message.into(),
        }
    }

    /// A finding about the record as a whole.
    pub fn whole(severity: Severity, message: impl Into<Message>) -> Self {
        Self {
            severity,
            field: None,
            message: message.into(),
        }
    }
}

/// One record: a value for each field of its layer, and a geometry in longitude, latitude, WGS 84
/// (EPSG:4326, x = east).
#[derive(Clone, Debug)]
pub struct Record {
    /// The layer it belongs to.
    pub layer: &'static Layer,
    /// One value per [`Layer::fields`], in that order.
    pub values: Vec<Value>,
    /// The geometry; `None` where unknown.
    pub geometry: Option<Geometry<f64>>,
    /// The revision of the register that somebody had before them when they wrote it, where it says so:
    /// what others changed since then is not theirs.
    pub made_from: Option<i64>,
    /// Up to this revision somebody has seen what others changed, and says that the record holds where
    /// it disagrees.
    pub holds_until: Option<i64>,
}

impl Record {
    /// A record of which nothing is known.
    pub fn new(layer: &'static Layer) -> Self {
        Self {
            layer,
            values: vec![Value::Unknown; layer.fields.len()],
            geometry: None,
            made_from: None,
            holds_until: None,
        }
    }

    /// The value of a field; unknown for a name that the layer does not have.
    pub fn get(&self, name: &str) -> &Value {
        const UNKNOWN: &Value = &Value::Unknown;
        self.layer
            .position(name)
            .map_or(UNKNOWN, |at| &self.values[at])
    }

    /// Sets a field; a name that the layer does not have is ignored.
    pub fn set(&mut self, name: &str, value: Value) {
        if let Some(at) = self.layer.position(name) {
            self.values[at] = value;
        }
    }

    /// The code of the record.
    pub fn key(&self) -> Option<&str> {
        self.get(self.layer.key().name).as_text()
    }

    /// The typed value of a field, unless unknown.
    pub fn typed<T: FieldValue>(&self, name: &str) -> Option<T> {
        self.typed_at(self.layer.position(name)?)
    }

    /// The typed value of the field at this place of [`Layer::fields`], unless unknown.
    pub fn typed_at<T: FieldValue>(&self, at: usize) -> Option<T> {
        match self.values.get(at)? {
            Value::Unknown => None,
            value => T::from_value(value).ok(),
        }
    }

    /// Sets a field from its typed value.
    pub fn set_typed<T: FieldValue>(&mut self, name: &str, value: Option<T>) {
        let place = self
            .layer
            .position(name)
            .and_then(|at| self.values.get_mut(at));
        if let Some(place) = place {
            *place = value.map_or(Value::Unknown, T::into_value);
        }
    }

    /// Fields beside their values.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.layer.fields.iter().zip(&self.values)
    }

    /// Where it belongs: as it says, else as the code of its facility says.
    pub fn regions(&self) -> (Option<MunicipalityCode>, Option<DistrictCode>) {
        completed(
            self.typed::<FacilityCode>("facility").as_ref(),
            self.typed("municipality"),
            self.typed("district"),
        )
    }

    /// The series in which the register numbers it, where it has no code and says where it is.
    pub fn code_series(&self) -> Option<CodeSeries> {
        let is_numbered = self.layer.is_matched_without_code() && self.key().is_none();
        let series = || CodeSeries::of(self.typed("municipality"), self.typed("district"));
        is_numbered.then(series).flatten()
    }

    /// Everything that the fields' types and the layer's rules find.
    pub fn findings(&self) -> Vec<Finding> {
        let values = self.pairs().filter_map(|(field, value)| {
            let error = field.check(value).err()?;
            Some(Finding::of(Severity::Error, field.name, error.message()))
        });
        values.chain((self.layer.check)(self)).collect()
    }
}

/// Puts the value of a typed record back in its place. A value that its field cannot have was unknown to
/// the typed record; it stays for [`Record::findings`] to name.
pub fn put_back<T: FieldValue>(place: Option<&mut Value>, value: Option<T>) {
    let Some(place) = place else { return };
    match value {
        Some(value) => *place = value.into_value(),
        None if place.is_unknown() || T::from_value(place).is_err() => {}
        None => *place = Value::Unknown,
    }
}
