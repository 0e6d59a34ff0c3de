//! What a filter says of a record in memory, by the words of the standard alone: logic of three
//! values in which `None` is the unknown.

use std::cmp::Ordering;

use domain::filter::{
    Arithmetic, ArrayRelation, Bound, Codes, Comparison, Interval, Operand, Predicate, Scalar,
    Shape, SpatialRelation, TemporalRelation,
};
use domain::{Record, Value};
use geo_types::{Coord, Geometry, Point};

pub fn holds(predicate: &Predicate, record: &Record) -> Option<bool> {
    match predicate {
        Predicate::Constant(known) => *known,
        Predicate::Holds(value) => truth(&scalar(value, record)),
        Predicate::All(parts) => all(parts.iter().map(|part| holds(part, record))),
        Predicate::Any(parts) => {
            let contraries = parts.iter().map(|part| holds(part, record).map(|yes| !yes));
            all(contraries).map(|yes| !yes)
        }
        Predicate::Not(inner) => holds(inner, record).map(|yes| !yes),
        Predicate::Compare(left, comparison, right) => {
            let ordering = order(&scalar(left, record), &scalar(right, record))?;
            Some(fits(*comparison, ordering))
        }
        Predicate::Same(left, right) => Some(scalar(left, record) == scalar(right, record)),
        Predicate::Like(text, pattern) => {
            let value = scalar(text, record);
            let letters: Vec<char> = value.as_text()?.chars().collect();
            Some(like(&letters, &pattern.chars().collect::<Vec<_>>()))
        }
        Predicate::Between(value, low, high) => {
            let value = scalar(value, record);
            let compare = |end, wanted| {
                let ordering = order(&value, &scalar(end, record))?;
                Some(fits(wanted, ordering))
            };
            all([
                compare(low, Comparison::AtLeast),
                compare(high, Comparison::AtMost),
            ])
        }
        Predicate::In(value, list) => {
            let value = scalar(value, record);
            let differ = list.iter().map(|one| {
                let ordering = order(&value, &scalar(one, record))?;
                Some(ordering != Ordering::Equal)
            });
            all(differ).map(|yes| !yes)
        }
        Predicate::IsUnknown(operand) => Some(is_unknown(operand, record)),
        Predicate::Spatial(relation, one, other) => spatial(*relation, one, other, record),
        Predicate::Temporal(relation, one, other) => temporal(*relation, one, other, record),
        Predicate::Array(relation, one, other) => sets(*relation, one, other, record),
    }
}

fn all(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let parts: Vec<_> = parts.into_iter().collect();
    if parts.contains(&Some(false)) {
        Some(false)
    } else if parts.contains(&None) {
        None
    } else {
        Some(true)
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(yes) => Some(*yes),
        _ => None,
    }
}

fn scalar(wanted: &Scalar, record: &Record) -> Value {
    let known = match wanted {
        Scalar::Field(field) => Some(record.get(field.name).clone()),
        Scalar::Value(value) => Some(value.clone()),
        Scalar::Folded(folding, text) => scalar(text, record)
            .as_text()
            .map(|text| Value::Text(folding.fold(text))),
        Scalar::Arithmetic(arithmetic, left, right) => number(&scalar(left, record))
            .zip(number(&scalar(right, record)))
            .and_then(|(left, right)| calculate(*arithmetic, left, right))
            .map(Value::Number),
        Scalar::DayOf(moment) => match scalar(moment, record) {
            Value::DateTime(moment) => Some(Value::Date(moment.date_naive())),
            _ => None,
        },
        Scalar::Truth(predicate) => holds(predicate, record).map(Value::Boolean),
        Scalar::Call(..) | Scalar::DistanceM(..) => panic!("functions are tried one by one"),
    };
    // All numbers are alike.
    match known {
        Some(Value::Integer(_)) => known.as_ref().and_then(number).map(Value::Number),
        known => known,
    }
    .unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "years are small numbers")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Integer(number) => Some(*number as f64),
        _ => None,
    }
}

fn calculate(arithmetic: Arithmetic, left: f64, right: f64) -> Option<f64> {
    let result = match arithmetic {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
        Arithmetic::WholeDivide => (left / right).trunc(),
        Arithmetic::Modulo => left % right,
        Arithmetic::Power => left.powf(right),
    };
    result.is_finite().then_some(result)
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::DateTime(left), Value::DateTime(right)) => Some(left.cmp(right)),
        (Value::Unknown, _) | (_, Value::Unknown) => None,
        other => panic!("{other:?} were compared"),
    }
}

fn fits(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::Different => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::AtMost => ordering.is_le(),
        Comparison::AtLeast => ordering.is_ge(),
    }
}

fn like(text: &[char], pattern: &[char]) -> bool {
    match (pattern, text) {
        ([], _) => text.is_empty(),
        (['%', rest @ ..], _) => (0..=text.len()).any(|at| like(&text[at..], rest)),
        (['_', rest @ ..], [_, after @ ..]) => like(after, rest),
        (['\\', wanted, rest @ ..] | [wanted, rest @ ..], [letter, after @ ..]) => {
            wanted == letter && like(after, rest)
        }
        (_, []) => false,
    }
}

fn is_unknown(operand: &Operand, record: &Record) -> bool {
    match operand {
        Operand::Scalar(wanted) => scalar(wanted, record).is_unknown(),
        Operand::Shape(Shape::OfLayer) => record.geometry.is_none(),
        Operand::Codes(set) => codes(set, record).is_none(),
        Operand::Shape(Shape::Given(_)) => false,
    }
}

/// A point beside a point or a rectangle.
fn spatial(relation: SpatialRelation, one: &Shape, other: &Shape, record: &Record) -> Option<bool> {
    let (Shape::OfLayer, Shape::Given(given)) = (one, other) else {
        panic!("the random filters ask for the layer's geometry first");
    };
    let Some(Geometry::Point(Point(at))) = &record.geometry else {
        return None;
    };
    let (inside, touching) = match given {
        Geometry::Point(Point(place)) => (place == at, false),
        Geometry::Polygon(area) => inside_and_touching(*at, &area.exterior().0),
        other => panic!("{other:?} is not tried at random"),
    };
    Some(match relation {
        SpatialRelation::Intersects => inside || touching,
        SpatialRelation::Disjoint => !inside && !touching,
        SpatialRelation::Within => inside,
        SpatialRelation::Touches => touching,
        SpatialRelation::Equals => inside && matches!(given, Geometry::Point(_)),
        other => panic!("{other:?} is not tried at random"),
    })
}

fn inside_and_touching(at: Coord<f64>, corners: &[Coord<f64>]) -> (bool, bool) {
    let low = |read: fn(&Coord<f64>) -> f64| corners.iter().map(read).fold(f64::MAX, f64::min);
    let high = |read: fn(&Coord<f64>) -> f64| corners.iter().map(read).fold(f64::MIN, f64::max);
    let (west, east) = (low(|corner| corner.x), high(|corner| corner.x));
    let (south, north) = (low(|corner| corner.y), high(|corner| corner.y));
    let inside = west < at.x && at.x < east && south < at.y && at.y < north;
    let within = west <= at.x && at.x <= east && south <= at.y && at.y <= north;
    (inside, within && !inside)
}

/// An instant beside an instant or a given period, as days.
fn temporal(
    relation: TemporalRelation,
    one: &Interval,
    other: &Interval,
    record: &Record,
) -> Option<bool> {
    let day = |bound: &Bound, open: chrono::NaiveDate| match bound {
        Bound::Open => Some(open),
        Bound::At(wanted) => match scalar(wanted, record) {
            Value::Date(day) => Some(day),
            _ => None,
        },
    };
    let ends = |interval: &Interval| {
        let first = day(&interval.first, chrono::NaiveDate::MIN)?;
        Some((first, day(&interval.last, chrono::NaiveDate::MAX)?))
    };
    let (one, other) = (ends(one)?, ends(other)?);
    let (after, before) = (one.0 > other.1, one.1 < other.0);
    Some(match relation {
        TemporalRelation::After => after,
        TemporalRelation::Before => before,
        TemporalRelation::Disjoint => after || before,
        TemporalRelation::Intersects => !after && !before,
        TemporalRelation::Equals => one == other,
        other => panic!("{other:?} is not tried at random"),
    })
}

fn sets(relation: ArrayRelation, one: &Codes, other: &Codes, record: &Record) -> Option<bool> {
    let (one, other) = (codes(one, record)?, codes(other, record)?);
    let contains = other.iter().all(|code| one.contains(code));
    let contained = one.iter().all(|code| other.contains(code));
    Some(match relation {
        ArrayRelation::Contains => contains,
        ArrayRelation::ContainedBy => contained,
        ArrayRelation::Equals => contains && contained,
        ArrayRelation::Overlaps => one.iter().any(|code| other.contains(code)),
    })
}

fn codes(set: &Codes, record: &Record) -> Option<Vec<String>> {
    match set {
        Codes::Given(codes) => Some(codes.clone()),
        Codes::Field(field) => match record.get(field.name) {
            Value::Codes(codes) => Some(codes.clone()),
            _ => None,
        },
    }
}
