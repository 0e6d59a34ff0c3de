//! In which order features come, and which page of them is asked for (`sortby`, `cursor`, `offset`,
//! `limit`).

use domain::layers::readable_fields;
use domain::{Field, Layer, Text};
use store::paging::{Direction, Key, Page, SortKey, Start};

use super::{DEFAULT_LIMIT, MAXIMUM_LIMIT};
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Wanted;

mod cursor;

pub use cursor::{Side, cursor};

/// The most keys of an order.
const MOST_KEYS: usize = 5;

/// The best first.
pub const RANK: SortKey = SortKey {
    key: Key::Rank,
    direction: Direction::Descending,
};

const SORTBY: Text = Text::new(
    "наведите највише пет поља слоја раздвојених зарезима, свако једном, са `-` испред поља чије највеће \
     вредности долазе прве, на пример -volume_m3,name; поља су на адреси `sortables` слоја",
    "name at most five fields of the layer, separated by commas, each once, with `-` before one whose \
     greatest values come first, such as -volume_m3,name; they are at the address `sortables` of the \
     layer",
);
const CURSOR: Text = Text::new(
    "пратите везу `next` или `prev` друге стране",
    "follow the link `next` or `prev` of another page",
);
const OTHER_ORDER: Text = Text::new(
    "то је место у другом редоследу; са новим `sortby` почните од прве стране, без `cursor`",
    "that is a place in another order; with a new `sortby` begin with the first page, without `cursor`",
);
const OFFSET: Text = Text::new(
    "потребан је цео број од 0 навише",
    "give a whole number from 0 upwards",
);
const LIMIT: Text = Text::new(
    "потребан је цео број од 1 навише",
    "give a whole number from 1 upwards",
);

/// Reads them. A search without an order may have been ranked: its cursor says so.
pub fn read(context: &Context, layer: &'static Layer, is_search: bool) -> Result<Page, ApiError> {
    let fields = readable_fields(layer, context.access);
    let order = context.parse("sortby", SORTBY, |text| order(fields, text))?;
    let can_rank = is_search && order.is_none();
    let mut order = order.unwrap_or_default();
    let mut start = Start::First;
    if let Some(text) = context.parameter("cursor") {
        let bad = |wanted| context.bad_parameter("cursor", text, Wanted::Said(wanted));
        let token = cursor::Token::read(text).ok_or_else(|| bad(CURSOR))?;
        if can_rank && token.sort == cursor::RANKED {
            order = vec![RANK];
        }
        if token.sort != cursor::name(&order) {
            return Err(bad(OTHER_ORDER));
        }
        start = token.start(&order).ok_or_else(|| bad(CURSOR))?;
    }
    Ok(Page {
        order,
        start,
        offset: context.parse("offset", OFFSET, offset)?.unwrap_or(0),
        limit: limit(context, DEFAULT_LIMIT, MAXIMUM_LIMIT)?,
    })
}

/// `+name` (its plus may have become a space) or `name` for the smallest first, `-name` for the greatest.
fn order(fields: &'static [&'static Field], text: &str) -> Option<Vec<SortKey>> {
    let names: Vec<&str> = text
        .split(',')
        .map(|key| key.trim_start_matches(['+', ' ']))
        .collect();
    let key = |text: &&str| {
        let (name, direction) = match text.strip_prefix('-') {
            Some(name) => (name, Direction::Descending),
            None => (*text, Direction::Ascending),
        };
        let field = fields.iter().copied().find(|field| field.name == name)?;
        let key = Key::Field(field);
        field.is_sortable().then_some(SortKey { key, direction })
    };
    let order: Vec<SortKey> = names.iter().map(key).collect::<Option<_>>()?;
    let mut fields: Vec<&str> = names
        .iter()
        .map(|name| name.trim_start_matches('-'))
        .collect();
    fields.sort_unstable();
    fields.dedup();
    (fields.len() == names.len() && names.len() <= MOST_KEYS).then_some(order)
}

/// The parameter `limit`, as it is understood: a larger one than `maximum` is that.
pub fn limit(context: &Context, default: u32, maximum: u32) -> Result<u32, ApiError> {
    let limit = context.parse("limit", LIMIT, |text| clamped(text, maximum))?;
    Ok(limit.unwrap_or(default))
}

fn clamped(text: &str, maximum: u32) -> Option<u32> {
    let number: u64 = text.parse().ok()?;
    let clamped = number.min(u64::from(maximum));
    u32::try_from(clamped).ok().filter(|limit| *limit >= 1)
}

/// A larger offset than `bigint` has would be no place in any layer.
fn offset(text: &str) -> Option<u64> {
    text.parse()
        .ok()
        .filter(|offset| i64::try_from(*offset).is_ok())
}

#[cfg(test)]
mod tests {
    use domain::layer::Access;

    use super::*;

    #[test]
    fn an_order_is_of_fields_each_once() {
        for (text, expected) in [
            ("name", Some("name")),
            ("-volume_m3, name", Some("-volume_m3,name")),
            (" status,+code,-height_m", Some("status,code,-height_m")),
            ("a", None),
            ("", None),
            ("name,", None),
            ("name,-name", None),
            ("--name", None),
            ("commodities", None),
            ("remarks", None),
            ("contact", None),
            ("id", None),
            ("geometry", None),
            ("code,name,status,mine,operator,height_m", None),
            ("name;drop table facility", None),
        ] {
            let fields = readable_fields(&domain::layers::FACILITIES, Access::Public);
            let read = order(fields, text);
            let name = read.map(|order| cursor::name(&order));
            assert_eq!(name.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_limit_is_at_least_one_and_clamped() {
        for (text, expected) in [
            ("1", Some(1)),
            ("10000", Some(10_000)),
            ("1000000000000", Some(10_000)),
            ("0", None),
            ("-1", None),
            ("unlimited", None),
            ("1.5", None),
        ] {
            assert_eq!(clamped(text, MAXIMUM_LIMIT), expected, "{text}");
        }
    }
}
