//! `sortby`, and pages in its order.

use axum::http::StatusCode;
use insta::assert_json_snapshot;
use serde_json::Value as Json;
use sqlx::postgres::PgPool;

use super::{ITEMS, header_link};
use crate::common::{Answer, Service};

/// Names are "1" to "12" in quotes, so of texts 10 follows 1; only the first has a height, the first six
/// a day; odd ones are tailings ponds, even ones waste-rock dumps.
const ORDERS: [(&str, [i64; 12]); 7] = [
    ("-code", [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ("+name", [1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("%2Bname", [1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("-height_m", [1, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]),
    ("height_m", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("surveyed_on,-code", [6, 5, 4, 3, 2, 1, 12, 11, 10, 9, 8, 7]),
    (
        "facility_type,+code",
        [1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12],
    ),
];

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn features_come_in_the_order_asked_for(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (sortby, expected) in ORDERS {
        let answer = service.get(&format!("{ITEMS}?sortby={sortby}")).await;
        assert_eq!(answer.ids(), expected, "{sortby}");
        let path = format!("/collections/facilities/download/csv?sortby={sortby}");
        assert_eq!(
            ids_of_table(&service.get(&path).await),
            expected,
            "{sortby}"
        );
    }
}

fn ids_of_table(answer: &Answer) -> Vec<i64> {
    let text = std::str::from_utf8(&answer.body).unwrap();
    let rows = text.lines().skip(1);
    rows.map(|row| row.split(',').next().unwrap().parse().unwrap())
        .collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn links_lead_through_every_order_and_back(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (sortby, expected) in ORDERS
        .into_iter()
        .chain([("", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])])
    {
        let sortby = if sortby.is_empty() {
            String::new()
        } else {
            format!("&sortby={sortby}")
        };
        for limit in [1, 5, 12] {
            let first = format!("{ITEMS}?limit={limit}{sortby}");
            assert_eq!(
                walk(&service, &first, Answer::ids, Answer::link).await,
                expected,
                "{first}"
            );
            let table = format!("{first}&f=csv");
            assert_eq!(
                walk(&service, &table, ids_of_table, header_link).await,
                expected,
                "{table}"
            );
        }
    }
}

/// The ids of all pages, forwards; and the same backwards must be what was seen.
async fn walk(
    service: &Service,
    first: &str,
    ids: fn(&Answer) -> Vec<i64>,
    link: fn(&Answer, &str) -> Option<String>,
) -> Vec<i64> {
    let mut answer = service.get(first).await;
    assert_eq!(link(&answer, "prev"), None, "{first}");
    let mut pages = vec![ids(&answer)];
    while let Some(next) = link(&answer, "next") {
        answer = service.follow(&next).await;
        assert_eq!(answer.status, StatusCode::OK, "{next}");
        pages.push(ids(&answer));
    }
    for page in pages.iter().rev().skip(1) {
        let prev = link(&answer, "prev").unwrap();
        answer = service.follow(&prev).await;
        assert_eq!(&ids(&answer), page, "{prev}");
    }
    assert_eq!(link(&answer, "prev"), None, "{first}");
    pages.concat()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_place_can_be_read(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let path = format!("{ITEMS}?limit=2&offset=3&sortby=surveyed_on,-name");
    let answer = service.get(&path).await;
    let place = |rel: &str| -> Json {
        let href = answer.link(rel).unwrap();
        let query = href.split_once('?').unwrap().1.to_owned();
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let (_, text) = pairs.iter().find(|(name, _)| name == "cursor").unwrap();
        assert!(pairs.iter().all(|(name, _)| name != "offset"));
        serde_json::from_str(text).unwrap()
    };
    assert_json_snapshot!([place("prev"), place("next")], @r#"
    [
      {
        "sort": "surveyed_on,-name",
        "before": [
          "2020-05-01",
          "jaloviste \"3\""
        ],
        "id": 3
      },
      {
        "sort": "surveyed_on,-name",
        "after": [
          "2020-05-01",
          "jaloviste \"2\""
        ],
        "id": 2
      }
    ]
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_page_does_not_move_when_features_come_before_it(pool: PgPool) {
    let service = Service::with_data(pool.clone()).await;
    let first = service.get(&format!("{ITEMS}?limit=4&sortby=-code")).await;
    assert_eq!(first.ids(), [12, 11, 10, 9]);
    sqlx::raw_sql(
        "begin; set local cadastre.revision = 2; delete from facility where id in (9, 11); commit",
    )
    .execute(&pool)
    .await
    .unwrap();
    let second = service.follow(&first.link("next").unwrap()).await;
    assert_eq!(second.ids(), [8, 7, 6, 5]);
    let back = service.follow(&second.link("prev").unwrap()).await;
    assert_eq!(back.ids(), [12, 10]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn sortables_are_short_fields_with_one_value(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get("/collections/facilities/sortables").await;
    assert_eq!(answer.header("content-type"), "application/schema+json");
    let sortables = answer.json();
    assert_eq!(sortables["additionalProperties"], false);
    let properties = sortables["properties"].as_object().unwrap();
    for (name, one) in properties {
        let kind = one["type"].as_str().unwrap();
        assert!(!["object", "array"].contains(&kind), "{name}");
        let path = format!("{ITEMS}?sortby=-{name}&limit=1");
        assert_eq!(service.get(&path).await.status, StatusCode::OK, "{name}");
    }
    for name in ["geometry", "commodities", "remarks", "contact"] {
        assert!(!properties.contains_key(name), "{name}");
    }
    let page = service
        .get("/collections/facilities/sortables?f=html&lang=sr-Cyrl")
        .await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("Поља по којима се ређа"), "{page}");
}
