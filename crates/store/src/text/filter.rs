//! Filters as SQL conditions. Names come from the layer's description, everything given is bound,
//! and SQL's own logic of three values is that of CQL2.

mod shapes;
mod time;

use domain::filter::function::Function;
use domain::filter::{
    Arithmetic, ArrayRelation, Codes, Comparison, Filter, Kind, Operand, Predicate, Scalar, Shape,
    SpatialRelation,
};
use domain::layer::{GeometryKind, Layer};
use domain::text::Folding;
use domain::value::{FieldType, Value};
use geo_types::Geometry;

use super::{Builder, overlaps};
use crate::geometry::Ewkb;

/// Adds the condition.
pub(super) fn push(sql: &mut Builder, filter: &Filter) {
    let writer = Writer {
        layer: filter.layer,
    };
    writer.predicate(sql, &filter.predicate);
}

struct Writer {
    layer: &'static Layer,
}

impl Writer {
    /// Every predicate stands in brackets of its own.
    fn predicate(&self, sql: &mut Builder, predicate: &Predicate) {
        sql.push("(");
        match predicate {
            Predicate::Constant(known) => constant(sql, *known),
            Predicate::Holds(scalar) => self.scalar(sql, scalar),
            Predicate::All(parts) => self.row(sql, " and ", parts, Self::predicate),
            Predicate::Any(parts) => self.row(sql, " or ", parts, Self::predicate),
            Predicate::Not(inner) => {
                sql.push("not ");
                self.predicate(sql, inner);
            }
            Predicate::Compare(left, comparison, right) => {
                self.compare(sql, left, *comparison, right);
            }
            Predicate::Same(left, right) => {
                self.infix(sql, left, " is not distinct from ", right);
            }
            Predicate::Like(text, pattern) => self.like(sql, text, pattern),
            Predicate::Between(value, low, high) => {
                self.ordered(sql, value);
                sql.push(" between ");
                self.ordered(sql, low);
                sql.push(" and ");
                self.ordered(sql, high);
            }
            Predicate::In(value, list) => {
                self.scalar(sql, value);
                sql.push(" in (");
                self.row(sql, ", ", list, Self::scalar);
                sql.push(")");
            }
            Predicate::IsUnknown(operand) => {
                self.operand(sql, operand);
                sql.push(" is null");
            }
            Predicate::Spatial(relation, one, other) => self.spatial(sql, *relation, one, other),
            Predicate::Temporal(relation, one, other) => {
                self.temporal(sql, *relation, one, other);
            }
            Predicate::Array(relation, one, other) => array(sql, *relation, one, other),
        }
        sql.push(")");
    }

    fn row<T>(
        &self,
        sql: &mut Builder,
        between: &str,
        parts: &[T],
        write: fn(&Self, &mut Builder, &T),
    ) {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                sql.push(between);
            }
            write(self, sql, part);
        }
    }

    fn infix(&self, sql: &mut Builder, left: &Scalar, operator: &str, right: &Scalar) {
        self.scalar(sql, left);
        sql.push(operator);
        self.scalar(sql, right);
    }

    fn compare(&self, sql: &mut Builder, left: &Scalar, comparison: Comparison, right: &Scalar) {
        let operator = match comparison {
            Comparison::Equal => " = ",
            Comparison::Different => " <> ",
            Comparison::Less => " < ",
            Comparison::Greater => " > ",
            Comparison::AtMost => " <= ",
            Comparison::AtLeast => " >= ",
        };
        if let (Comparison::Equal, Scalar::Value(Value::Text(text))) = (comparison, right) {
            self.by_index(sql, left, " = ", text);
        }
        if matches!(comparison, Comparison::Equal | Comparison::Different) {
            return self.infix(sql, left, operator, right);
        }
        self.ordered(sql, left);
        sql.push(operator);
        self.ordered(sql, right);
    }

    /// Texts come one after another by their code points, whatever the database's language.
    fn ordered(&self, sql: &mut Builder, scalar: &Scalar) {
        if scalar.kind() != Kind::Text {
            return self.scalar(sql, scalar);
        }
        sql.push("(");
        self.scalar(sql, scalar);
        sql.push(" collate \"C\")");
    }

    fn like(&self, sql: &mut Builder, text: &Scalar, pattern: &str) {
        // Without accents `đ` is two letters, so `_` stands for another text.
        if !pattern.contains('_') {
            self.by_index(sql, text, " like ", pattern);
        }
        self.scalar(sql, text);
        sql.push(" like ").push_bind(pattern.to_owned());
    }

    /// Names have an index without accents. What is alike but for case is alike without accents
    /// too, so that index narrows the search down.
    fn by_index(&self, sql: &mut Builder, left: &Scalar, operator: &str, right: &str) {
        let Scalar::Folded(Folding::Case, text) = left else {
            return;
        };
        sql.push("fold_accents(");
        self.scalar(sql, text);
        sql.push(")").push(operator);
        sql.push_bind(Folding::Accents.fold(right)).push(" and ");
    }

    fn scalar(&self, sql: &mut Builder, scalar: &Scalar) {
        match scalar {
            Scalar::Field(field) => {
                sql.push(field.name);
                if matches!(field.field_type, FieldType::Integer) {
                    // Beside the numbers of filters, which have decimals.
                    sql.push("::double precision");
                }
            }
            Scalar::Value(value) => given(sql, value),
            Scalar::Folded(folding, text) => {
                sql.push(fold_function(*folding)).push("(");
                self.scalar(sql, text);
                sql.push(")");
            }
            Scalar::Arithmetic(arithmetic, left, right) => {
                self.arithmetic(sql, *arithmetic, left, right);
            }
            Scalar::DayOf(moment) => self.day_of(sql, moment),
            Scalar::Truth(predicate) => self.predicate(sql, predicate),
            Scalar::Call(function, arguments) => self.call(sql, *function, arguments),
            Scalar::DistanceM(one, other) => {
                sql.push("ST_Distance(");
                self.shape(sql, one);
                sql.push("::geography, ");
                self.shape(sql, other);
                sql.push("::geography)");
            }
        }
    }

    fn arithmetic(&self, sql: &mut Builder, arithmetic: Arithmetic, left: &Scalar, right: &Scalar) {
        let (before, between, after) = match arithmetic {
            Arithmetic::Add => ("(", " + ", ")"),
            Arithmetic::Subtract => ("(", " - ", ")"),
            Arithmetic::Multiply => ("(", " * ", ")"),
            Arithmetic::Divide => ("(", " / nullif(", ", 0))"),
            Arithmetic::WholeDivide => ("trunc(", " / nullif(", ", 0))"),
            Arithmetic::Modulo => ("filter_modulo(", ", ", ")"),
            Arithmetic::Power => ("filter_power(", ", ", ")"),
        };
        sql.push(before);
        self.scalar(sql, left);
        sql.push(between);
        self.scalar(sql, right);
        sql.push(after);
    }

    fn call(&self, sql: &mut Builder, function: Function, arguments: &[Scalar]) {
        let (before, after) = match function {
            Function::Year => ("extract(year from ", ")::double precision"),
            Function::Length => ("length(", ")::double precision"),
        };
        sql.push(before);
        for argument in arguments {
            self.scalar(sql, argument);
            if argument.kind() == Kind::Moment {
                sql.push(" at time zone 'UTC'");
            }
        }
        sql.push(after);
    }

    fn operand(&self, sql: &mut Builder, operand: &Operand) {
        match operand {
            Operand::Scalar(scalar) => self.scalar(sql, scalar),
            Operand::Shape(shape) => self.shape(sql, shape),
            Operand::Codes(set) => codes(sql, set),
        }
    }

    fn spatial(&self, sql: &mut Builder, relation: SpatialRelation, one: &Shape, other: &Shape) {
        let layer = self.layer;
        let (Shape::OfLayer, Shape::Given(given)) = (one, other) else {
            return self.general_relation(sql, relation, one, other);
        };
        match (relation, layer.geometry, shapes::as_box(given)) {
            // As for `bbox=`: the general test costs more than the row, and its price makes the
            // planner sort all features of the box before the first is known.
            (SpatialRelation::Intersects, GeometryKind::Point, Some(bbox)) => {
                overlaps(sql, layer.geometry_column, layer.geometry, bbox);
            }
            _ => self.general_relation(sql, relation, one, other),
        }
    }

    fn general_relation(
        &self,
        sql: &mut Builder,
        relation: SpatialRelation,
        one: &Shape,
        other: &Shape,
    ) {
        sql.push(spatial_function(relation)).push("(");
        self.shape(sql, one);
        sql.push(", ");
        self.shape(sql, other);
        sql.push(")");
    }

    fn shape(&self, sql: &mut Builder, shape: &Shape) {
        match shape {
            Shape::OfLayer => {
                sql.push(self.layer.geometry_column);
            }
            // An area that crosses itself is read as what its outline encloses: the relations are
            // not defined for it, and the database would break the query off.
            Shape::Given(area @ (Geometry::Polygon(_) | Geometry::MultiPolygon(_))) => {
                sql.push("ST_MakeValid(").push_bind(Ewkb::of(area));
                sql.push(", 'method=structure keepcollapsed=false')");
            }
            Shape::Given(shape) => {
                sql.push_bind(Ewkb::of(shape));
            }
        }
    }
}

fn constant(sql: &mut Builder, known: Option<bool>) {
    sql.push(match known {
        Some(true) => "true",
        Some(false) => "false",
        None => "null::boolean",
    });
}

/// A given value with its type: statements that differ in types alone must not have one text, by
/// which they are prepared once.
fn given(sql: &mut Builder, value: &Value) {
    match value.clone() {
        Value::Unknown => sql.push("null"),
        Value::Text(text) => sql.push_bind(text).push("::text"),
        Value::Integer(number) => sql.push_bind(number).push("::bigint"),
        Value::Number(number) => sql.push_bind(number).push("::double precision"),
        Value::Boolean(yes) => sql.push_bind(yes).push("::boolean"),
        Value::Date(day) => sql.push_bind(day).push("::date"),
        Value::DateTime(moment) => sql.push_bind(moment).push("::timestamptz"),
        Value::Codes(codes) => sql.push_bind(codes).push("::text[]"),
    };
}

const fn fold_function(folding: Folding) -> &'static str {
    match folding {
        Folding::Case => "fold_case",
        Folding::Accents => "fold_accents",
    }
}

const fn spatial_function(relation: SpatialRelation) -> &'static str {
    match relation {
        SpatialRelation::Contains => "ST_Contains",
        SpatialRelation::Crosses => "ST_Crosses",
        SpatialRelation::Disjoint => "ST_Disjoint",
        SpatialRelation::Equals => "ST_Equals",
        SpatialRelation::Intersects => "ST_Intersects",
        SpatialRelation::Overlaps => "ST_Overlaps",
        SpatialRelation::Touches => "ST_Touches",
        SpatialRelation::Within => "ST_Within",
    }
}

fn array(sql: &mut Builder, relation: ArrayRelation, one: &Codes, other: &Codes) {
    let infix = |sql: &mut Builder, operator: &str| {
        codes(sql, one);
        sql.push(operator);
        codes(sql, other);
    };
    match relation {
        ArrayRelation::Contains => infix(sql, " @> "),
        ArrayRelation::ContainedBy => infix(sql, " <@ "),
        ArrayRelation::Overlaps => infix(sql, " && "),
        // The same set in any order.
        ArrayRelation::Equals => {
            infix(sql, " @> ");
            sql.push(" and ");
            infix(sql, " <@ ");
        }
    }
}

fn codes(sql: &mut Builder, set: &Codes) {
    match set {
        Codes::Field(field) => {
            sql.push(field.name);
        }
        Codes::Given(given) => {
            sql.push_bind(given.clone());
        }
    }
}
