//! Searching for words in names.
//!
//! An index of words would cost more than all other indexes of an import together, so names are gone
//! through in the index that has them folded: a few hundred thousand in a moment. Names that records share,
//! such as those of mines, are folded once each.

use domain::layer::{Field, Layer};
use domain::search::Search;

use super::{Builder, Statement, finish, join};
use crate::items::Selection;

/// The ids of the records that are found, at most so many.
pub(crate) fn found(layer: &Layer, search: &Search, most: u32) -> Statement {
    let mut sql = Builder::new("select id from (");
    ids(&mut sql, layer, search);
    sql.push(") found limit ").push_bind(i64::from(most));
    finish(sql)
}

/// Adds the condition that one of the names has the words of a term in their order (OGC API Features 9,
/// `q-response`), or words that begin like them.
pub(super) fn finds(sql: &mut Builder, layer: &Layer, selection: &Selection) {
    if let Some(found) = &selection.found {
        sql.push(" and id = any(")
            .push_bind(found.clone())
            .push(")");
        return;
    }
    let Some(search) = &selection.search else {
        return;
    };
    if selection.as_of.is_some() {
        let pattern = pattern(search);
        sql.push(" and (false");
        for field in layer.searched_fields() {
            sql.push(" or ");
            matches(sql, field, search, &pattern);
        }
        sql.push(")");
        return;
    }
    // A set that is made once and looked up for each row: a join would be planned for few.
    sql.push(" and (id in (");
    ids(sql, layer, search);
    sql.push(")) is true");
}

fn ids(sql: &mut Builder, layer: &Layer, search: &Search) {
    let (table, pattern) = (layer.table, pattern(search));
    let (own, shared): (Vec<_>, Vec<_>) = layer.searched_fields().partition(is_own(layer));
    if !shared.is_empty() {
        let names = join(shared.iter().map(|field| field.name.to_owned()), ", ");
        sql.push(format_args!(
            "with given as materialized (select distinct {names} from {table}) "
        ));
    }
    sql.push("select null::bigint as id where false");
    for field in own {
        sql.push(format_args!(" union select id from {table} where "));
        matches(sql, field, search, &pattern);
    }
    for field in shared {
        let name = field.name;
        sql.push(format_args!(
            " union select id from {table} join (select distinct {name} from given where "
        ));
        matches(sql, field, search, &pattern);
        sql.push(format_args!(") chosen using ({name})"));
    }
}

/// A name has the words; a code is the whole term.
fn matches(sql: &mut Builder, field: &Field, search: &Search, pattern: &str) {
    if field.is_wording() {
        sql.push(format_args!("fold_accents({}) ~ ", field.name))
            .push_bind(pattern.to_owned());
    } else {
        sql.push(format_args!("{} = any(", field.name))
            .push_bind(search.codes().to_vec())
            .push(")");
    }
}

/// Adds how well a record fits: its own name should be what is searched for, or begin with it, or have it,
/// and have few other letters.
pub(super) fn rank(sql: &mut Builder, layer: &Layer, search: &Search) {
    let Some(field) = layer.searched_fields().find(|field| field.is_wording()) else {
        sql.push("0::double precision");
        return;
    };
    let (name, phrases) = (field.name, phrases(search));
    sql.push("(1.0 / (1 + length(coalesce(")
        .push(name)
        .push(", '')))");
    for pattern in [
        format!("^({phrases})$"),
        format!(r"^({phrases})\M"),
        format!(r"\m({phrases})\M"),
        format!(r"\m({phrases})"),
    ] {
        sql.push(format_args!(" + coalesce((fold_accents({name}) ~ "))
            .push_bind(pattern)
            .push(")::integer, 0)");
    }
    sql.push(")::double precision");
}

/// Whether hardly two records have the same: the code, and the first of the names.
fn is_own(layer: &Layer) -> impl Fn(&&'static Field) -> bool {
    let name = layer.searched_fields().find(|field| field.is_wording());
    let name = name.map(|field| field.name);
    move |field| !field.is_wording() || Some(field.name) == name
}

fn pattern(search: &Search) -> String {
    format!(r"\m({})", phrases(search))
}

/// The terms as a regular expression: letters and digits only, so nothing in it means anything else.
fn phrases(search: &Search) -> String {
    let phrase = |words: &Vec<String>| words.join("[^[:alnum:]]+");
    join(search.terms().iter().map(phrase), "|")
}
