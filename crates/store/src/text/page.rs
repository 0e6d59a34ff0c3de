//! The part of a selection that a page is: its order, and the condition by which it begins.
//!
//! The unknown comes last whatever the direction, which no index has both ways. So where the first key
//! can be unknown, the known and the unknown are asked for one after the other, each in an order that an
//! index has. An offset counts through both, and is asked for at once.

use domain::layer::Layer;
use domain::search::Search;
use domain::value::Value;

use super::{Builder, search};
use crate::paging::{Direction, Key, Page, Position, SortKey, Start};

#[cfg(test)]
mod tests;

/// A part of a page's order that is asked for by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    /// All features.
    Whole,
    /// Those whose first key is known.
    Known,
    /// Those whose first key is unknown.
    Unknown,
}

/// One of the statements that make a page.
pub(super) struct Part<'p> {
    page: &'p Page,
    span: Span,
    start: Option<&'p Position>,
}

/// The statements that make a page, in the order in which its features are met.
pub(super) fn parts(page: &Page) -> Vec<Part<'_>> {
    let part = |span, start| Part { page, span, start };
    let start = page.start.position();
    let in_spans = page.order.first().is_some_and(SortKey::can_be_unknown);
    if !in_spans || page.offset > 0 {
        return vec![part(Span::Whole, start)];
    }
    let known = start.is_none_or(Position::is_known);
    match (known, page.start.is_backward()) {
        (true, false) => vec![part(Span::Known, start), part(Span::Unknown, None)],
        (false, false) => vec![part(Span::Unknown, start)],
        (true, true) => vec![part(Span::Known, start)],
        (false, true) => vec![part(Span::Unknown, start), part(Span::Known, None)],
    }
}

impl Part<'_> {
    /// Adds the condition and the order.
    pub(super) fn push(&self, sql: &mut Builder, values: &KeyValues<'_>) {
        match (self.span, self.page.order.first()) {
            (Span::Known, Some(key)) => known(sql, values, key, " is not null"),
            (Span::Unknown, Some(key)) => known(sql, values, key, " is null"),
            _ => {}
        }
        if let Some(position) = self.start {
            sql.push(" and ");
            self.beyond(sql, values, position);
        }
        self.order_by(sql, values);
    }

    /// The way in which a key is gone through: turned round for a page that ends at a place.
    fn direction(&self, key: &SortKey) -> Direction {
        if self.page.start.is_backward() {
            key.direction.reversed()
        } else {
            key.direction
        }
    }

    /// The way in which equals are gone through.
    fn id_direction(&self) -> Direction {
        let forward = self.page.order.first();
        let forward = forward.map_or(Direction::Ascending, |key| key.direction);
        match self.page.start {
            Start::Before(_) => forward.reversed(),
            _ => forward,
        }
    }

    fn order_by(&self, sql: &mut Builder, values: &KeyValues<'_>) {
        sql.push(" order by ");
        for (at, key) in self.page.order.iter().enumerate() {
            values.push(sql, key);
            sql.push(match (key.key.is_folded(), self.direction(key)) {
                (false, Direction::Ascending) => " asc",
                (false, Direction::Descending) => " desc",
                // The order of the indexes of folded texts.
                (true, Direction::Ascending) => " using ~<~",
                (true, Direction::Descending) => " using ~>~",
            });
            // The first key has no nulls in its part, or nothing else: then the words would only keep
            // the index from being used.
            if (at > 0 || self.span == Span::Whole) && key.can_be_unknown() {
                let backward = self.page.start.is_backward();
                sql.push(if backward {
                    " nulls first"
                } else {
                    " nulls last"
                });
            }
            sql.push(", ");
        }
        sql.push(match self.id_direction() {
            Direction::Ascending => "id",
            Direction::Descending => "id desc",
        });
    }

    /// What comes after a place, on the way that this part goes.
    fn beyond(&self, sql: &mut Builder, values: &KeyValues<'_>, position: &Position) {
        let id_operator = match self.id_direction() {
            Direction::Ascending => " > ",
            Direction::Descending => " < ",
        };
        if let ([key], [value]) = (&self.page.order[..], &position.values[..])
            && self.span != Span::Unknown
            && (self.span == Span::Known || !key.can_be_unknown())
            && !key.key.is_folded()
        {
            // A comparison of rows is looked up in an index of both.
            sql.push("(");
            values.push(sql, key);
            sql.push(format_args!(", id){id_operator}("));
            super::value(sql, value);
            sql.push(", ").push_bind(position.id).push(")");
            return;
        }
        let keys = self.page.order.iter().zip(&position.values);
        let skipped = usize::from(self.span == Span::Unknown);
        let mut open = 0;
        for (key, value) in keys.skip(skipped) {
            self.bound(sql, values, key, value);
            open += 1;
        }
        sql.push(format_args!("id{id_operator}"))
            .push_bind(position.id);
        sql.push("))".repeat(open));
    }

    /// `beyond or (equal and`: what follows is decided by the next key.
    fn bound(&self, sql: &mut Builder, values: &KeyValues<'_>, key: &SortKey, at: &Value) {
        let backward = self.page.start.is_backward();
        if at.is_unknown() {
            sql.push("(");
            if backward {
                values.push(sql, key);
                sql.push(" is not null");
            } else {
                sql.push("false");
            }
            sql.push(" or (");
            values.push(sql, key);
            sql.push(" is null and ");
            return;
        }
        let operator = match (key.key.is_folded(), self.direction(key)) {
            (false, Direction::Ascending) => " > ",
            (false, Direction::Descending) => " < ",
            (true, Direction::Ascending) => " ~>~ ",
            (true, Direction::Descending) => " ~<~ ",
        };
        sql.push("(");
        values.push(sql, key);
        sql.push(operator);
        super::value(sql, at);
        if key.can_be_unknown() && !backward {
            sql.push(" or ");
            values.push(sql, key);
            sql.push(" is null");
        }
        sql.push(" or (");
        values.push(sql, key);
        sql.push(" = ");
        super::value(sql, at);
        sql.push(" and ");
    }
}

fn known(sql: &mut Builder, values: &KeyValues<'_>, key: &SortKey, what: &str) {
    sql.push(" and ");
    values.push(sql, key);
    sql.push(what);
}

impl Key {
    /// Whether texts are compared without case, script and accents, byte by byte: as the indexes have
    /// them, and so that names in both scripts stand together.
    pub(crate) fn is_folded(self) -> bool {
        matches!(self, Self::Field(field) if field.is_wording())
    }
}

/// Writes the values by which features are ordered.
pub(super) struct KeyValues<'k> {
    pub layer: &'k Layer,
    pub search: Option<&'k Search>,
}

impl KeyValues<'_> {
    fn push(&self, sql: &mut Builder, key: &SortKey) {
        match (key.key, self.search) {
            (Key::Field(field), _) if key.key.is_folded() => {
                sql.push(format_args!("fold_accents({})", field.name));
            }
            (Key::Field(field), _) => {
                sql.push(field.name);
            }
            (Key::Rank, Some(search)) => search::rank(sql, self.layer, search),
            (Key::Rank, None) => {
                sql.push("0::double precision");
            }
        }
    }

    /// Adds them to the columns, so that the place of each feature is known.
    pub(super) fn columns(&self, sql: &mut Builder, page: &Page) {
        for key in &page.order {
            sql.push(", ");
            self.push(sql, key);
        }
    }
}
