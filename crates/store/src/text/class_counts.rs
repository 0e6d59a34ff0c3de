//! Records counted by the classes of a theme.

use domain::Layer;
use domain::theme::{Rule, Theme};

use super::tiles::themed;
use super::{Builder, Statement, conditions, finish, rows_of};
use crate::items::Selection;

/// The place of a class in [`Theme::classes`] and the number of its records, for those that have any.
pub(crate) fn class_counts(layer: &Layer, theme: Theme, selection: &Selection) -> Statement {
    let mut sql = Builder::new("select ");
    class(&mut sql, theme);
    sql.push(" as class, count(*) from (select id");
    themed(&mut sql, layer, theme);
    rows_of(&mut sql, layer, selection.as_of);
    conditions(&mut sql, layer, selection);
    sql.push(") valued group by 1");
    finish(sql)
}

fn class(sql: &mut Builder, theme: Theme) {
    let value = theme.attribute();
    let classes = theme.classes();
    let unknown = classes.iter().position(|class| class.rule == Rule::Unknown);
    sql.push("case");
    for (place, class) in (0..).zip(&classes) {
        match class.rule {
            Rule::Code(code) => sql.push(format_args!(" when {value} = ")).push_bind(code),
            Rule::Range { from, below } => sql
                .push(format_args!(" when {value} >= "))
                .push_bind(from.unwrap_or(f64::NEG_INFINITY))
                .push(format_args!(" and {value} < "))
                .push_bind(below.unwrap_or(f64::INFINITY)),
            Rule::Unknown => continue,
        };
        sql.push(format_args!(" then {place}"));
    }
    let unknown = unknown.unwrap_or(classes.len());
    sql.push(format_args!(" else {unknown} end"));
}
