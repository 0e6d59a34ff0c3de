//! Which codes of facilities are in use.

use domain::region::CodeSeries;

use super::{Builder, Statement, finish};

/// The highest serial in use of each of the beginnings `$1` of codes, such as `RS-70327-`, in the
/// register, in its history and in the file: reads all of them.
pub(crate) fn highest_serials_beside_file() -> &'static str {
    "select prefix, max(serial) from (select substring(code from '^.*-') as prefix, \
     substring(code from '[0-9]+$')::bigint as serial from \
     (select code from facility union all select code from facility_history \
     union all select code from staged where code is not null) used) numbered \
     where prefix = any($1) group by prefix"
}

/// The same of at least one series, in the register and in its history, by their indexes.
pub(crate) fn highest_serials(series: &[CodeSeries]) -> Statement {
    let mut sql = Builder::new("");
    for (at, one) in series.iter().enumerate() {
        sql.push(if at == 0 {
            "select "
        } else {
            " union all select "
        });
        sql.push_bind(one.prefix().to_owned())
            .push("::text, max(substring(code from '[0-9]+$')::bigint) from (");
        for (at, table) in ["facility", "facility_history"].iter().enumerate() {
            let beside = if at == 0 { "" } else { " union all " };
            sql.push(format_args!(
                "{beside}select code from {table} where code like "
            ));
            sql.push_bind(format!("{}%", one.prefix()));
        }
        sql.push(") used");
    }
    finish(sql)
}

/// Has statements of the transaction planned with what they look for, as beginnings of texts are found
/// by an index only so.
pub(crate) fn plan_for_values() -> &'static str {
    "set local plan_cache_mode = force_custom_plan"
}
