//! Times that are compared by `T_…`.

use super::align::day_of;
use super::{Binder, Bound};
use crate::filter::node::{Node, Term};
use crate::filter::time::instant;
use crate::filter::typed::Bound as End;
use crate::filter::{Interval, Kind, Predicate, Scalar, TemporalRelation};
use crate::message;
use crate::value::Value;

impl Binder {
    pub(super) fn temporal(
        &self,
        relation: TemporalRelation,
        one: &Node,
        other: &Node,
    ) -> Bound<Predicate> {
        if relation.is_of_periods() {
            for node in [one, other] {
                only_period(node)?;
            }
        }
        let (one, other) = (self.interval(one)?, self.interval(other)?);
        Ok(Predicate::Temporal(relation, one, other))
    }

    fn interval(&self, node: &Node) -> Bound<Interval> {
        let Term::Interval(ends) = &node.term else {
            let instant = End::At(self.instant(node)?);
            return Ok(Interval {
                first: instant.clone(),
                last: instant,
            });
        };
        let [first, last] = ends.as_slice() else {
            return Err(self.no_truth(node));
        };
        let interval = Interval {
            first: self.end(first)?,
            last: self.end(last)?,
        };
        in_order(node, interval)
    }

    fn end(&self, node: &Node) -> Bound<End> {
        match node.term {
            Term::Open => Ok(End::Open),
            _ => self.instant(node).map(End::At),
        }
    }

    fn instant(&self, node: &Node) -> Bound<Scalar> {
        let term = match &node.term {
            Term::Text(text) => instant(text).map_err(|wrong| node.wrong(&wrong))?,
            _ => node.term.clone(),
        };
        let scalar = match term {
            Term::Date(day) => Scalar::Value(Value::Date(day)),
            Term::Timestamp(moment) => Scalar::Value(Value::DateTime(moment)),
            _ => self.scalar(node)?,
        };
        match scalar.kind() {
            Kind::Day | Kind::Moment | Kind::Unknown => Ok(scalar),
            _ => Err(node.wrong(&message!(
                "овде се очекује време: својство са датумом, DATE('2014-05-15'), \
                 TIMESTAMP('2014-05-15T06:30:00Z') или INTERVAL('2014-01-01', '..')",
                "a time is expected here: a property with dates, DATE('2014-05-15'), \
                 TIMESTAMP('2014-05-15T06:30:00Z') or INTERVAL('2014-01-01', '..')"
            ))),
        }
    }
}

fn only_period(node: &Node) -> Bound<()> {
    if matches!(node.term, Term::Interval(_)) {
        return Ok(());
    }
    Err(node.wrong(&message!(
        "ова функција пореди само периоде; напишите INTERVAL(…, …), а за тренутке служе T_AFTER, \
         T_BEFORE, T_DISJOINT, T_EQUALS и T_INTERSECTS",
        "this function compares periods alone; write INTERVAL(…, …), or use T_AFTER, T_BEFORE, \
         T_DISJOINT, T_EQUALS and T_INTERSECTS for instants"
    )))
}

/// Refuses a given period that ends before it begins.
fn in_order(node: &Node, interval: Interval) -> Bound<Interval> {
    let given = |end: &End| match end {
        End::At(Scalar::Value(value)) => Some(value.clone()),
        _ => None,
    };
    let backwards = match (given(&interval.first), given(&interval.last)) {
        (Some(Value::DateTime(first)), Some(Value::DateTime(last))) => last < first,
        (Some(first), Some(last)) => {
            let day = |value| match day_of(Scalar::Value(value)) {
                Scalar::Value(Value::Date(day)) => Some(day),
                _ => None,
            };
            day(first)
                .zip(day(last))
                .is_some_and(|(first, last)| last < first)
        }
        _ => false,
    };
    if backwards {
        return Err(node.wrong(&message!(
            "период се завршава пре него што почиње; замените његове крајеве",
            "the period ends before it begins; exchange its ends"
        )));
    }
    Ok(interval)
}
