//! Times that are compared: each relation is a few comparisons of ends.

use domain::filter::{Bound, Interval, Scalar, TemporalRelation};

use super::{Builder, Writer};

/// An end of the first or second time.
#[derive(Clone, Copy)]
enum End {
    FirstOfOne,
    LastOfOne,
    FirstOfOther,
    LastOfOther,
}

use End::{FirstOfOne, FirstOfOther, LastOfOne, LastOfOther};

type Conditions = &'static [(End, &'static str, End)];

/// What holds together (Time Ontology in OWL, 3.1 and 3.2). `Disjoint` is the contrary of
/// `Intersects`.
const fn conditions(relation: TemporalRelation) -> Conditions {
    match relation {
        TemporalRelation::After => &[(FirstOfOne, ">", LastOfOther)],
        TemporalRelation::Before => &[(LastOfOne, "<", FirstOfOther)],
        TemporalRelation::Contains => &[
            (FirstOfOne, "<", FirstOfOther),
            (LastOfOne, ">", LastOfOther),
        ],
        TemporalRelation::During => &[
            (FirstOfOne, ">", FirstOfOther),
            (LastOfOne, "<", LastOfOther),
        ],
        TemporalRelation::Equals => &[
            (FirstOfOne, "=", FirstOfOther),
            (LastOfOne, "=", LastOfOther),
        ],
        TemporalRelation::FinishedBy => &[
            (FirstOfOne, "<", FirstOfOther),
            (LastOfOne, "=", LastOfOther),
        ],
        TemporalRelation::Finishes => &[
            (FirstOfOne, ">", FirstOfOther),
            (LastOfOne, "=", LastOfOther),
        ],
        TemporalRelation::Intersects | TemporalRelation::Disjoint => &[
            (FirstOfOne, "<=", LastOfOther),
            (LastOfOne, ">=", FirstOfOther),
        ],
        TemporalRelation::Meets => &[(LastOfOne, "=", FirstOfOther)],
        TemporalRelation::MetBy => &[(FirstOfOne, "=", LastOfOther)],
        TemporalRelation::OverlappedBy => &[
            (FirstOfOne, ">", FirstOfOther),
            (FirstOfOne, "<", LastOfOther),
            (LastOfOne, ">", LastOfOther),
        ],
        TemporalRelation::Overlaps => &[
            (FirstOfOne, "<", FirstOfOther),
            (LastOfOne, ">", FirstOfOther),
            (LastOfOne, "<", LastOfOther),
        ],
        TemporalRelation::StartedBy => &[
            (FirstOfOne, "=", FirstOfOther),
            (LastOfOne, ">", LastOfOther),
        ],
        TemporalRelation::Starts => &[
            (FirstOfOne, "=", FirstOfOther),
            (LastOfOne, "<", LastOfOther),
        ],
    }
}

impl Writer {
    pub(super) fn temporal(
        &self,
        sql: &mut Builder,
        relation: TemporalRelation,
        one: &Interval,
        other: &Interval,
    ) {
        if relation == TemporalRelation::Disjoint {
            sql.push("not ");
        }
        sql.push("(true");
        for (left, operator, right) in conditions(relation) {
            let as_days = [*left, *right].map(|end| bound(end, one, other).is_day());
            let as_days = as_days.contains(&true);
            sql.push(" and ");
            self.end(sql, *left, bound(*left, one, other), as_days);
            sql.push(format_args!(" {operator} "));
            self.end(sql, *right, bound(*right, one, other), as_days);
        }
        sql.push(")");
    }

    fn end(&self, sql: &mut Builder, end: End, bound: &Bound, as_day: bool) {
        match bound {
            Bound::Open => {
                let infinity = match end {
                    FirstOfOne | FirstOfOther => "'-infinity'",
                    LastOfOne | LastOfOther => "'infinity'",
                };
                sql.push(infinity);
                sql.push(if as_day { "::date" } else { "::timestamptz" });
            }
            Bound::At(scalar) if as_day && !bound.is_day() => self.day_of(sql, scalar),
            Bound::At(scalar) => self.scalar(sql, scalar),
        }
    }

    /// The day of a moment is that of UTC.
    pub(super) fn day_of(&self, sql: &mut Builder, moment: &Scalar) {
        sql.push("(");
        self.scalar(sql, moment);
        sql.push(" at time zone 'UTC')::date");
    }
}

fn bound<'b>(end: End, one: &'b Interval, other: &'b Interval) -> &'b Bound {
    match end {
        FirstOfOne => &one.first,
        LastOfOne => &one.last,
        FirstOfOther => &other.first,
        LastOfOther => &other.last,
    }
}
