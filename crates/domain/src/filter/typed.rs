//! What a filter means for a layer: every name a field, every literal a value of its type.

use std::sync::Arc;

use geo_types::Geometry;

use super::function::Function;
use super::operation::{Arithmetic, ArrayRelation, Comparison, SpatialRelation, TemporalRelation};
use crate::layer::{Field, Layer};
use crate::text::Folding;
use crate::value::{FieldType, Value};

/// A filter of one layer.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The layer whose fields it names.
    pub layer: &'static Layer,
    /// What a record must fulfil.
    pub predicate: Arc<Predicate>,
}

/// Something that is true, false or unknown of a record.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// Always the same; `None` is unknown.
    Constant(Option<bool>),
    /// A field of yes and no, or a function that answers so.
    Holds(Scalar),
    /// All are true.
    All(Vec<Predicate>),
    /// At least one is true.
    Any(Vec<Predicate>),
    /// The contrary; of the unknown, the unknown.
    Not(Box<Predicate>),
    /// A comparison of values of one kind.
    Compare(Scalar, Comparison, Scalar),
    /// The same value, or both unknown; never unknown itself.
    Same(Scalar, Scalar),
    /// A text that fits a pattern: `%` is any text, `_` any letter, `\` takes their meaning away.
    Like(Scalar, String),
    /// From the second to the third, both included.
    Between(Scalar, Scalar, Scalar),
    /// One of a list.
    In(Scalar, Vec<Scalar>),
    /// Nothing is known; never unknown itself.
    IsUnknown(Operand),
    /// How shapes lie to each other.
    Spatial(SpatialRelation, Shape, Shape),
    /// How times lie to each other.
    Temporal(TemporalRelation, Interval, Interval),
    /// How sets of codes lie to each other.
    Array(ArrayRelation, Codes, Codes),
}

/// One value, of a record or given.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// A field's value.
    Field(&'static Field),
    /// A given value.
    Value(Value),
    /// A text as it is compared without case or accents.
    Folded(Folding, Box<Scalar>),
    /// A calculation.
    Arithmetic(Arithmetic, Box<Scalar>, Box<Scalar>),
    /// The day (UTC) of a moment.
    DayOf(Box<Scalar>),
    /// Whether something is true.
    Truth(Box<Predicate>),
    /// A function of values.
    Call(Function, Vec<Scalar>),
    /// The shortest distance between two shapes on the ellipsoid, metres.
    DistanceM(Shape, Shape),
}

/// What kind of value something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text or a code.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// A calendar day.
    Day,
    /// A moment.
    Moment,
    /// Several codes.
    Codes,
    /// Nothing is known of it.
    Unknown,
}

/// What `IS NULL` asks about.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A value.
    Scalar(Scalar),
    /// A shape.
    Shape(Shape),
    /// Several codes.
    Codes(Codes),
}

/// A shape, of a record or given.
#[derive(Clone, Debug)]
pub enum Shape {
    /// The layer's geometry.
    OfLayer,
    /// A given shape: longitude, latitude, WGS 84.
    Given(Geometry<f64>),
}

/// A time: an instant is a period whose ends are the same.
#[derive(Clone, Debug)]
pub struct Interval {
    /// Its first instant.
    pub first: Bound,
    /// Its last instant.
    pub last: Bound,
}

/// An end of a period.
#[derive(Clone, Debug)]
pub enum Bound {
    /// Before, or after, every time.
    Open,
    /// A day or moment.
    At(Scalar),
}

/// A set of codes, of a record or given.
#[derive(Clone, Debug)]
pub enum Codes {
    /// A field's codes.
    Field(&'static Field),
    /// Given codes.
    Given(Vec<String>),
}

impl Scalar {
    /// What kind of value it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Field(field) => Kind::of(field.field_type),
            Self::Value(value) => Kind::of_value(value),
            Self::Folded(..) => Kind::Text,
            Self::Arithmetic(..) | Self::DistanceM(..) => Kind::Number,
            Self::DayOf(_) => Kind::Day,
            Self::Truth(_) => Kind::Boolean,
            Self::Call(function, _) => function.gives(),
        }
    }
}

impl Bound {
    /// Whether it is a day, which compares with moments as days do.
    pub fn is_day(&self) -> bool {
        matches!(self, Self::At(scalar) if scalar.kind() == Kind::Day)
    }
}

impl Kind {
    /// The kind of a field's values.
    pub const fn of(field_type: FieldType) -> Self {
        match field_type {
            FieldType::Text | FieldType::Code(_) => Self::Text,
            FieldType::Integer | FieldType::Number => Self::Number,
            FieldType::Boolean => Self::Boolean,
            FieldType::Date => Self::Day,
            FieldType::DateTime => Self::Moment,
            FieldType::Codes(_) => Self::Codes,
        }
    }

    const fn of_value(value: &Value) -> Self {
        match value {
            Value::Unknown => Self::Unknown,
            Value::Text(_) => Self::Text,
            Value::Integer(_) | Value::Number(_) => Self::Number,
            Value::Boolean(_) => Self::Boolean,
            Value::Date(_) => Self::Day,
            Value::DateTime(_) => Self::Moment,
            Value::Codes(_) => Self::Codes,
        }
    }
}
