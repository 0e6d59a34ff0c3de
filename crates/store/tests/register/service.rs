//! The rights of the service: history grows, and nothing of it is changed or removed.

use crate::common::{point, publish, record};
use crate::history::{facility, with_past};
use domain::layers::FACILITIES;
use sqlx::postgres::PgPool;
use store::Store;
use store::items::Selection;

/// The message of the database for a statement that must fail.
async fn refusal(pool: &PgPool, role: &str, sql: &str) -> String {
    let mut transaction = pool.begin().await.unwrap();
    let sql = format!("set local role {role}; {sql}");
    let outcome = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone()))
        .execute(&mut *transaction)
        .await;
    match outcome {
        Err(sqlx::Error::Database(error)) => error.message().to_owned(),
        other => panic!("{sql}: {other:?}"),
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn neither_the_service_nor_the_owner_changes_history(pool: PgPool) {
    with_past(&pool).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relkind = 'r' \
         and relnamespace = 'public'::regnamespace \
         and (relname like '%\\_history' or relname in ('revision', 'seal', 'account_change')) order by 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(tables.len(), 14);
    for table in tables {
        let column = match &*table {
            "revision" => "layer",
            "seal" => "revision",
            "account_change" => "account",
            _ => "code",
        };
        for statement in [
            format!("update {table} set {column} = {column}"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
        ] {
            let denied = refusal(&pool, "cadastre_service", &statement).await;
            assert!(
                denied.starts_with("permission denied"),
                "{statement}: {denied}"
            );
            let refused = refusal(&pool, "none", &statement).await;
            assert!(refused.contains("only grows"), "{statement}: {refused}");
        }
    }
    for statement in [
        "insert into facility_history select facility.*, now(), 1 from facility",
        "insert into seal values (9, 1, '', '', '')",
        "insert into unsealed values (1)",
        "delete from unsealed",
        "select seal_revision(1)",
        "insert into taken_off (filled, put_back) values ('facility', 'drop table seal')",
        "update taken_off set put_back = 'drop table seal'",
        "delete from taken_off",
        "alter table facility disable trigger keep_history",
        "drop table facility",
    ] {
        let denied = refusal(&pool, "cadastre_service", statement).await;
        assert!(
            denied.starts_with("permission denied") || denied.starts_with("must be owner"),
            "{statement}: {denied}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_service_publishes_a_few_and_many_records(pool: PgPool) {
    let owner = Store::over(pool.clone());
    let service = owner.as_service(4).await.unwrap().unwrap();
    let many = (0..2_100).map(|serial| {
        let code = format!("RS-70327-{serial:05}");
        record(
            &FACILITIES,
            &[("code", &code), ("name", "x")],
            point(22.1, 44.07),
        )
    });
    let (_, made) = publish(&service, many.collect(), "2026-01-01T00:00:00Z").await;
    assert_eq!(made, Some(1));
    let one = facility(&[("code", "RS-70327-00007"), ("name", "y")]);
    publish(&service, vec![one], "2026-01-02T00:00:00Z").await;
    let count = service
        .count(&FACILITIES, &Selection::default(), 5_000)
        .await;
    assert_eq!(count.unwrap(), Some(2_100));
    assert_eq!(owner.audit(None).await.unwrap().findings, []);
    service.close().await;
}

/// A backup brings no rights along; they are given when the service begins.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn lost_rights_are_given_again(pool: PgPool) {
    sqlx::raw_sql("revoke all on all tables in schema public from cadastre_service")
        .execute(&pool)
        .await
        .unwrap();
    let service = Store::over(pool.clone())
        .as_service(1)
        .await
        .unwrap()
        .unwrap();
    assert!(service.layers_with_data().await.unwrap().is_empty());
    for statement in [
        "delete from revision",
        "delete from account_change",
        "delete from taken_off",
        "select seal_revision(1)",
    ] {
        let denied = refusal(&pool, "cadastre_service", statement).await;
        assert!(
            denied.starts_with("permission denied"),
            "{statement}: {denied}"
        );
    }
    service.close().await;
}

/// A login that is only given the role serves a register that another one brought up to date.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_login_without_other_rights_serves(pool: PgPool) {
    let name = format!("lesser_{}", std::process::id());
    let sql = format!("create role {name} login; grant cadastre_service to {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&pool)
        .await
        .unwrap();
    let options = (*pool.connect_options()).clone().username(&name);
    let lesser = Store::over(PgPool::connect_with(options).await.unwrap());
    lesser.migrate().await.unwrap();
    let service = lesser.as_service(1).await.unwrap().unwrap();
    let (_, made) = publish(
        &service,
        vec![facility(&[("name", "x")])],
        "2026-01-01T00:00:00Z",
    )
    .await;
    assert_eq!(made, Some(1));
    service.close().await;
    lesser.close().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("drop role {name}")))
        .execute(&pool)
        .await
        .unwrap();
}
