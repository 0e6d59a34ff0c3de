//! How much of a layer is known.

use domain::completeness::unknown_code;
use domain::layer::{Field, Layer};

use super::{Builder, Statement, finish, from};

/// One row: for each field, of how many records it is known.
pub(crate) fn known_counts(layer: &Layer, fields: &[&Field]) -> Statement {
    let mut sql = Builder::new("select ");
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            sql.push(", ");
        }
        sql.push("count(nullif(").push(field.name).push("::text, ");
        sql.push_bind(unknown_code(field).unwrap_or_default());
        sql.push("))");
    }
    from(&mut sql, layer, &[], None);
    finish(sql)
}
