//! Whatever is changed behind the register's back is found and named.

use crate::common::{point, publish, record};
use crate::history::{facility, with_past};
use domain::layers::{FACILITIES, LAYERS};
use sqlx::postgres::PgPool;
use store::Store;
use store::audit::Head;

async fn findings(store: &Store) -> Vec<String> {
    let audit = store.audit(None).await.unwrap();
    audit.findings.iter().map(ToString::to_string).collect()
}

/// Runs statements as somebody to whom no trigger applies.
async fn tamper(pool: &PgPool, sql: &str) {
    let sql = format!("begin; set local session_replication_role = replica; {sql}; commit");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn layers_and_tables_are_those_of_the_descriptions(pool: PgPool) {
    let known: Vec<(String, String)> =
        sqlx::query_as("select layer, name from layer_table order by 1")
            .fetch_all(&pool)
            .await
            .unwrap();
    let mut described: Vec<_> = LAYERS
        .iter()
        .map(|layer| (layer.id.to_owned(), layer.table.to_owned()))
        .collect();
    described.sort();
    assert_eq!(known, described);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_tampering_is_found_and_named(pool: PgPool) {
    let store = with_past(&pool).await;
    let again = facility(&[("code", "RS-70327-002"), ("name", "Друго")]);
    publish(&store, vec![again], "2026-01-05T00:00:00Z").await;
    let audit = store.audit(None).await.unwrap();
    assert_eq!(
        (audit.revisions, audit.versions, audit.findings),
        (5, 4, vec![])
    );
    let ended =
        "facility_history 1: the version that revision 2 ended was changed, added or removed";
    for (sql, undo, expected) in [
        (
            "update facility set height_m = 1 where id = 2",
            "update facility set height_m = null where id = 2",
            vec!["facility 2: the version of revision 5 was changed"],
        ),
        (
            "update facility set location = ST_Translate(location, 1e-13, 0) where id = 2",
            "update facility set location = ST_SetSRID(ST_MakePoint(22.1, 44.08), 4326) where id = 2",
            vec!["facility 2: the version of revision 5 was changed"],
        ),
        (
            "create table kept as select * from facility; delete from facility",
            "insert into facility overriding system value select * from kept; drop table kept",
            vec!["facility 2: the version of revision 5 is gone"],
        ),
        (
            "create table kept as select * from facility_history where revision = 1; \
             delete from facility_history where revision = 1",
            "insert into facility_history select * from kept; drop table kept",
            vec!["facility 1: the version of revision 1 is gone", ended],
        ),
        (
            "update facility_history set status = 'operating' where revision = 2",
            "update facility_history set status = 'closed' where revision = 2",
            vec!["facility 1: the version of revision 2 was changed"],
        ),
        (
            "update facility_history set valid_to = '2026-01-02T00:00:01Z' where revision = 1",
            "update facility_history set valid_to = '2026-01-02T00:00:00Z' where revision = 1",
            vec![ended],
        ),
        (
            "insert into facility (code, name, revision, updated_at, first_revision) \
             values ('RS-70327-009', 'x', 5, now(), 5)",
            "delete from facility where code = 'RS-70327-009'",
            vec!["facility 3: revision 5 wrote no such version"],
        ),
        (
            "insert into dam (code, facility, revision, updated_at, first_revision) \
             values ('D', 'RS-70327-009', 5, now(), 5)",
            "delete from dam",
            vec!["dam 1: a version names revision 5, which is none of this table"],
        ),
        (
            "update revision set author = 'another' where id = 3",
            "update revision set author = 'test' where id = 3",
            vec!["revision 3 or its seal was changed"],
        ),
        (
            "update revision set made_at = made_at + interval '1 microsecond' where id = 3",
            "update revision set made_at = made_at - interval '1 microsecond' where id = 3",
            vec!["revision 3 or its seal was changed"],
        ),
        (
            "create table kept as select * from revision where id = 4; delete from revision where id = 4",
            "insert into revision overriding system value select * from kept; drop table kept",
            vec![
                "revision 4 is gone, its seal is there",
                "facility 1: a version names revision 4, which is none of this table",
            ],
        ),
        (
            "update seal set written = (select written from seal where revision = 2) where revision = 5",
            "update seal set written = (select written_by('facility', 5, columns)) where revision = 5",
            vec![
                "revision 5 or its seal was changed",
                "facility 1: the version of revision 5 is gone",
                "facility 2: revision 5 wrote no such version",
            ],
        ),
        (
            "create table kept as select * from seal where revision = 5; delete from seal where revision = 5",
            "insert into seal select * from kept; drop table kept",
            vec!["revision 5 has no seal"],
        ),
    ] {
        tamper(&pool, sql).await;
        assert_eq!(findings(&store).await, expected, "{sql}");
        tamper(&pool, undo).await;
        assert_eq!(findings(&store).await, Vec::<String>::new(), "{undo}");
    }
}

/// Who may change everything can write a new chain, but not the one that was noted down.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_chain_written_anew_is_not_the_one_noted_down(pool: PgPool) {
    let store = with_past(&pool).await;
    let noted = store.audit(None).await.unwrap().head.unwrap();
    let noted: Head = noted.to_string().parse().unwrap();
    let later = facility(&[("code", "RS-70327-002"), ("name", "Друго")]);
    publish(&store, vec![later], "2026-01-05T00:00:00Z").await;
    assert_eq!(store.audit(Some(&noted)).await.unwrap().findings, []);
    let forged = "update facility_history set status = 'abandoned' where revision = 2; \
        delete from seal; select seal_revision(id) from (select id from revision order by id) r";
    tamper(&pool, forged).await;
    assert_eq!(findings(&store).await, Vec::<String>::new());
    let told = store.audit(Some(&noted)).await.unwrap().findings;
    assert_eq!(told.len(), 1);
    assert!(
        told[0]
            .to_string()
            .starts_with("revision 4 has not the hash"),
        "{}",
        told[0]
    );
}

/// A seal holds whatever the settings of the session that computes it are.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn seals_do_not_depend_on_settings(pool: PgPool) {
    with_past(&pool).await;
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql(
        "set timezone = 'Europe/Belgrade'; set datestyle = 'SQL, DMY'; set extra_float_digits = -5; \
         set bytea_output = escape; set client_encoding = 'WIN1251'; set lc_numeric = 'C'",
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    let holds: bool = sqlx::query_scalar(
        "select bool_and(written = written_by('facility', revision, columns) and hash = chained(revision, \
         (select hash from seal before where before.revision < seal.revision order by revision desc limit 1), \
         columns, written, ended)) from seal",
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    assert!(holds);
    connection.close().await.unwrap();
}

/// Later programs add columns; what was sealed before still holds, as long as it has no value there.
/// A large import has its seal made by several processes of the database; one alone makes the same, row by
/// row in the order of their ids.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn several_processes_make_the_seal_of_one(pool: PgPool) {
    let store = Store::over(pool.clone());
    let many = (0..3_000).map(|serial| {
        let code = format!("RS-70327-{serial:05}");
        record(
            &FACILITIES,
            &[("code", &code), ("name", "x")],
            point(22.1, 44.07),
        )
    });
    publish(&store, many.collect(), "2026-01-01T00:00:00Z").await;
    let mut alone = pool.begin().await.unwrap();
    sqlx::raw_sql("set local max_parallel_workers_per_gather = 0")
        .execute(&mut *alone)
        .await
        .unwrap();
    let same: bool = sqlx::query_scalar(
        "select written = written_by('facility', revision, columns) and length(written) = 3000 * 40 from seal",
    )
    .fetch_one(&mut *alone)
    .await
    .unwrap();
    assert!(same);
    assert_eq!(findings(&store).await, [""; 0]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_column_added_later_breaks_no_seal(pool: PgPool) {
    let store = with_past(&pool).await;
    sqlx::raw_sql("alter table facility add column added text; alter table facility_history add column added text")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(findings(&store).await, Vec::<String>::new());
    tamper(
        &pool,
        "update facility_history set added = 'x' where revision = 2",
    )
    .await;
    assert_eq!(
        findings(&store).await,
        ["facility 1: the version of revision 2 was changed"]
    );
}
