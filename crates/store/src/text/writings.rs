//! Which revisions wrote the values of a record.

use chrono::{DateTime, Utc};
use domain::layer::Layer;

use super::{Builder, Statement, finish, from};

/// Revision, moment, source, file and fields, one row for each revision that wrote what the record says.
pub(crate) fn writings(layer: &Layer, id: i64, as_of: Option<DateTime<Utc>>) -> Statement {
    let mut sql = Builder::new(
        "select revision.id, made_at, source, file_name, \
         coalesce(array_agg(field) filter (where field is not null), '{}') \
         from (select id, first_revision, field_revisions",
    );
    from(
        &mut sql,
        layer,
        &["first_revision", "field_revisions"],
        as_of,
    );
    sql.push(" and id = ").push_bind(id);
    sql.push(
        ") record cross join lateral (select first_revision as number, null as field union all \
         select value::bigint, key from jsonb_each_text(field_revisions)) written \
         join revision on revision.id = number left join upload on upload.id = revision.upload \
         group by revision.id, made_at, source, file_name order by revision.id",
    );
    finish(sql)
}
