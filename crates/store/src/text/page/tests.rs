//! What the database makes of the statements: the indexes that make late pages as cheap as the first.

use domain::layers::{FACILITIES, LAYERS};
use domain::search::Search;
use domain::value::Value;
use sqlx::postgres::PgPool;
use sqlx::{Execute, Row};

use super::super::{Statement, count, items};
use crate::columns::Columns;
use crate::items::Selection;
use crate::paging::{Direction, Key, Page, Position, SortKey, Start};

/// The plan when the database may not do what `off` says: of a few rows any plan is good, and the test
/// asks which are possible.
async fn plan(pool: &PgPool, off: &[&str], mut statement: Statement) -> String {
    let arguments = statement.take_arguments().unwrap().unwrap_or_default();
    let text = format!("explain {}", statement.sql().as_str());
    let mut connection = pool.acquire().await.unwrap();
    for way in off {
        let setting = format!("set enable_{way} = off");
        sqlx::raw_sql(sqlx::AssertSqlSafe(setting))
            .execute(&mut *connection)
            .await
            .unwrap();
    }
    let rows = sqlx::query_with(sqlx::AssertSqlSafe(text), arguments)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    let lines = rows.iter().map(|row| row.get::<String, _>(0));
    lines.collect::<Vec<_>>().join("\n")
}

#[sqlx::test(migrator = "crate::MIGRATIONS")]
async fn usual_orders_come_from_an_index_on_every_page(pool: PgPool) {
    let columns = Columns::from(&[][..]);
    for (name, value, index) in [
        ("volume_m3", Value::Number(7.0), "facility_volume"),
        (
            "surveyed_on",
            Value::Date("2020-05-01".parse().unwrap()),
            "facility_surveyed_on",
        ),
        (
            "status",
            Value::Text("closed".to_owned()),
            "facility_status",
        ),
        ("code", Value::Text("RS-1".to_owned()), "facility_code_key"),
        (
            "name",
            Value::Text("bor".to_owned()),
            "facility_name_folded",
        ),
    ] {
        let field = FACILITIES.field(name).unwrap();
        let unknown = (!field.required).then_some(Value::Unknown);
        for value in std::iter::once(value).chain(unknown) {
            let place = Position {
                values: vec![value],
                id: 7,
            };
            for direction in [Direction::Ascending, Direction::Descending] {
                for start in [
                    Start::First,
                    Start::After(place.clone()),
                    Start::Before(place.clone()),
                ] {
                    let order = vec![SortKey {
                        key: Key::Field(field),
                        direction,
                    }];
                    let page = Page {
                        order,
                        start,
                        ..Page::first(10)
                    };
                    for statement in items(&FACILITIES, &columns, &Selection::default(), &page) {
                        let plan = plan(&pool, &["seqscan", "bitmapscan", "sort"], statement).await;
                        let told = format!("{name} {direction:?} {:?}\n{plan}", page.start);
                        assert!(plan.contains(index), "{told}");
                        assert!(!plan.contains("->  Sort"), "{told}");
                    }
                }
            }
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATIONS")]
async fn a_search_goes_through_the_folded_names(pool: PgPool) {
    let search = Search::read("bor");
    let selection = Selection {
        search,
        ..Selection::default()
    };
    for layer in LAYERS {
        let index = format!("{}_name_folded", layer.table);
        let indexed = sqlx::query_scalar("select count(*) from pg_class where relname = $1");
        let indexed: i64 = indexed.bind(&index).fetch_one(&pool).await.unwrap();
        let plan = plan(
            &pool,
            &["seqscan", "bitmapscan"],
            count(layer, &selection, None),
        )
        .await;
        let through = format!("Index Only Scan using {index}");
        assert_eq!(plan.contains(&through), indexed == 1, "{plan}");
    }
}
