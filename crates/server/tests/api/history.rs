//! The history of features, the provenance of values, and revisions.

use domain::Record;
use domain::layers::{FACILITIES, FACILITY_OUTLINES};
use geo_types::{Geometry, MultiPolygon, Point, Rect, coord};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value as Json, json};
use sqlx::postgres::PgPool;

use crate::common::{Service, record};

pub const CODE: &str = "RS-70327-001";

fn facility(texts: &[(&str, &str)]) -> Record {
    let mut all = vec![
        ("code", CODE),
        ("contact", "Petar Petrović, +381 60 0000000"),
    ];
    all.extend(texts);
    record(&FACILITIES, &all, Some(Point::new(22.1, 44.08).into()))
}

fn outline() -> Record {
    let corners = (coord! { x: 22.09, y: 44.07 }, coord! { x: 22.11, y: 44.09 });
    let area: Geometry<f64> =
        MultiPolygon::new(vec![Rect::new(corners.0, corners.1).to_polygon()]).into();
    record(
        &FACILITY_OUTLINES,
        &[("code", CODE), ("name", "Поље")],
        Some(area),
    )
}

/// A facility that is entered, closed, surveyed and removed, and another one.
pub async fn with_past(pool: &PgPool) -> Service {
    let service = Service::empty(pool.clone());
    service
        .publish(vec![facility(&[
            ("name", "Јаловиште"),
            ("status", "operating"),
            ("height_m", "45"),
        ])])
        .await;
    service
        .publish(vec![facility(&[
            ("name", "Јаловиште"),
            ("status", "closed"),
            ("commodities", "copper;gold"),
        ])])
        .await;
    service.publish(vec![outline()]).await;
    sqlx::raw_sql(
        "begin; insert into revision (made_at, author, means, layer, source, comment) values \
         ('2026-02-01T08:30:00Z', 'editor', 'sign_in', 'facilities', 'Решење 12/2026', 'двапут уписано <b>'); \
         select set_config('cadastre.revision', '4', true); delete from facility where id = 1; commit",
    )
    .execute(pool)
    .await
    .unwrap();
    let other = [("code", "RS-70327-002"), ("name", "Друго")];
    service
        .publish(vec![record(&FACILITIES, &other, None)])
        .await;
    service
}

/// What an answer says of events: revision, act, and fields with both values.
fn told(events: &Json) -> Vec<String> {
    let events = events.as_array().unwrap().iter();
    events
        .map(|event| {
            let differences = event["differences"].as_array().unwrap().iter();
            let differences: Vec<_> = differences
                .filter(|one| one["field"] != "geometry")
                .map(|one| {
                    format!(
                        "{} {}→{}",
                        one["field"].as_str().unwrap(),
                        one["before"],
                        one["after"]
                    )
                })
                .collect();
            let revision = &event["revision"]["revision"];
            format!(
                "{revision} {}: {}",
                event["act"].as_str().unwrap(),
                differences.join(", ")
            )
        })
        .collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_removed_feature_keeps_its_history(pool: PgPool) {
    let service = with_past(&pool).await;
    let gone = service.get("/collections/facilities/items/1").await;
    assert_eq!(gone.status, 404);
    let answer = service.get("/collections/facilities/items/1/history").await;
    assert_json_snapshot!(told(&answer.json()["events"]), @r#"
    [
      "4 deleted: ",
      "3 updated: name \"Јаловиште\"→\"Поље\", name_latin \"Jalovište\"→\"Polje\"",
      "2 updated: status \"operating\"→\"closed\", commodities null→[\"copper\",\"gold\"]",
      "1 inserted: code null→\"RS-70327-001\", name null→\"Јаловиште\", name_latin null→\"Jalovište\", status null→\"operating\", height_m null→45.0"
    ]
    "#);
    // What is gone is not linked to.
    assert_eq!(answer.link("item"), None);
    let event = &answer.json()["events"][0];
    assert_json_snapshot!(event["revision"], @r#"
    {
      "revision": 4,
      "made_at": "2026-02-01T08:30:00Z",
      "author": "editor",
      "means": "sign_in",
      "layer": "facilities",
      "source": "Решење 12/2026",
      "comment": "двапут уписано <b>",
      "file": null,
      "undoes": null,
      "undone_by": null,
      "href": "https://example.org/cadastre/revisions/4"
    }
    "#);
    // As a layer of areas it is there from the survey on.
    let outlines = service
        .get("/collections/facility_outlines/items/1/history")
        .await
        .json();
    let acts: Vec<_> = told(&outlines["events"])
        .iter()
        .map(|one| one[..10].to_owned())
        .collect();
    assert_eq!(acts, ["4 deleted:", "3 inserted"]);
    let geometry = &outlines["events"][1]["differences"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert_eq!(
        (&geometry["before"], &geometry["after"]["type"]),
        (&Json::Null, &json!("MultiPolygon"))
    );
}

/// What all pages of an answer have in a member, from the first page on.
async fn all_pages(service: &Service, path: &str, member: &str) -> Vec<Json> {
    let mut found = Vec::new();
    let mut next = Some(format!("https://example.org/cadastre{path}"));
    while let Some(address) = next {
        let answer = service.follow(&address).await;
        found.extend(answer.json()[member].as_array().unwrap().clone());
        next = answer.link("next");
    }
    found
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_long_history_is_read_in_pages(pool: PgPool) {
    let service = with_past(&pool).await;
    let whole = service.get("/collections/facilities/items/1/history").await;
    assert_eq!(whole.link("next"), None);
    let events = all_pages(
        &service,
        "/collections/facilities/items/1/history?limit=1",
        "events",
    )
    .await;
    assert_eq!(json!(events), whole.json()["events"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn values_name_the_revision_that_wrote_them(pool: PgPool) {
    let service = Service::empty(pool);
    service
        .publish(vec![facility(&[
            ("name", "Јаловиште"),
            ("status", "operating"),
        ])])
        .await;
    service
        .publish(vec![facility(&[
            ("name", "Јаловиште"),
            ("status", "closed"),
        ])])
        .await;
    let feature = service.get("/collections/facilities/items/1").await;
    let answer = service
        .follow(
            &feature
                .link("http://www.w3.org/ns/prov#has_provenance")
                .unwrap(),
        )
        .await
        .json();
    let values = answer["values"].as_array().unwrap().iter();
    let values: Vec<_> = values
        .map(|one| {
            format!(
                "{} {} {}",
                one["field"].as_str().unwrap(),
                one["value"],
                one["revision"]
            )
        })
        .collect();
    assert_snapshot!(values.join("\n"), @r#"
    code "RS-70327-001" 1
    name "Јаловиште" 1
    name_latin "Jalovište" 1
    status "closed" 2
    geometry {"type":"Point","coordinates":[22.1,44.08]} 1
    "#);
    let numbers: Vec<_> = answer["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["revision"].clone())
        .collect();
    assert_eq!(numbers, [1, 2]);
    let history = service
        .follow(&feature.link("version-history").unwrap())
        .await;
    assert_eq!(history.json()["events"].as_array().unwrap().len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn revisions_are_listed_selected_and_told(pool: PgPool) {
    let service = with_past(&pool).await;
    for (query, expected) in [
        ("", vec![5, 4, 3, 2, 1]),
        ("?layer=facility_outlines", vec![3]),
        ("?author=editor", vec![4]),
        ("?datetime=2026-01-01", vec![5, 3, 2, 1]),
        ("?datetime=2026-01-02/..", vec![4]),
        ("?limit=2&before=4", vec![3, 2]),
    ] {
        let answer = service.get(&format!("/revisions{query}")).await.json();
        let numbers: Vec<_> = answer["revisions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["revision"].clone())
            .collect();
        assert_eq!(numbers, expected, "{query}");
    }
    let first = service.get("/revisions?limit=3").await;
    let second = service.follow(&first.link("next").unwrap()).await;
    assert_eq!(
        (
            second.json()["revisions"][0]["revision"].as_i64(),
            second.link("next")
        ),
        (Some(2), None)
    );
    let told = service.get("/revisions/3").await.json();
    assert_json_snapshot!(told["changes"], @r#"
    [
      {
        "layer": "facilities",
        "id": 1,
        "code": "RS-70327-001",
        "act": "updated",
        "differences": [
          {
            "field": "name",
            "title": "Name",
            "before": "Јаловиште",
            "after": "Поље"
          },
          {
            "field": "name_latin",
            "title": "Name in Latin script",
            "before": "Jalovište",
            "after": "Polje"
          },
          {
            "field": "outline",
            "title": "Outlines of mining waste facilities",
            "before": null,
            "after": {
              "type": "MultiPolygon",
              "coordinates": [
                [
                  [
                    [
                      22.11,
                      44.07
                    ],
                    [
                      22.11,
                      44.09
                    ],
                    [
                      22.09,
                      44.09
                    ],
                    [
                      22.09,
                      44.07
                    ],
                    [
                      22.11,
                      44.07
                    ]
                  ]
                ]
              ]
            }
          }
        ],
        "history": "https://example.org/cadastre/collections/facilities/items/1/history"
      }
    ]
    "#);
    let removing = service.get("/revisions/4").await.json();
    assert_eq!(removing["changes"][0]["act"], "deleted");
    assert_eq!(removing["changes"][0]["code"], CODE);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_a_revision_did_is_read_in_pages(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let changes = all_pages(&service, "/revisions/2?limit=5", "changes").await;
    let ids: Vec<_> = changes
        .iter()
        .filter_map(|one| one["id"].as_i64())
        .collect();
    assert_eq!(ids, (1..=12).collect::<Vec<_>>());
}

const PAGES: [&str; 6] = [
    "/collections/facilities/items/1/history",
    "/collections/facility_outlines/items/1/history?limit=1",
    "/collections/facilities/items/2/provenance",
    "/revisions",
    "/revisions/4",
    "/revisions/3",
];

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_are_in_three_languages_and_their_links_lead_somewhere(pool: PgPool) {
    let service = with_past(&pool).await;
    for path in PAGES {
        let sign = if path.contains('?') { '&' } else { '?' };
        for (lang, word) in [("sr-Latn", "Ko"), ("sr-Cyrl", "Ко"), ("en", "Who")] {
            let answer = service
                .get(&format!("{path}{sign}f=html&lang={lang}"))
                .await;
            assert_eq!(
                answer.header("content-type"),
                "text/html; charset=utf-8",
                "{path}"
            );
            let page = String::from_utf8(answer.body).unwrap();
            assert!(page.contains(&format!(">{word}</")), "{path} {lang}");
            assert!(!page.contains("<script") && !page.contains("<b>"), "{path}");
            assert_eq!(page.matches("<h1>").count(), 1, "{path}");
            for rest in page.split("href=\"").skip(1) {
                let address = rest.split('"').next().unwrap();
                let address = address.replace("&amp;", "&").replace("&#38;", "&");
                let found = service.follow(&address).await;
                assert_eq!(found.status, 200, "{address} of {path}");
            }
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn restricted_values_are_nowhere_in_the_history(pool: PgPool) {
    let service = with_past(&pool).await;
    let again = [
        ("code", "RS-70327-002"),
        ("name", "Друго"),
        ("contact", "Petar Petrović"),
    ];
    service
        .publish(vec![record(&FACILITIES, &again, None)])
        .await;
    for path in PAGES.iter().chain(&[
        "/revisions/6",
        "/collections/facilities/items/2/history",
        "/changes",
    ]) {
        for format in ["json", "html"] {
            let sign = if path.contains('?') { '&' } else { '?' };
            let answer = service.get(&format!("{path}{sign}f={format}")).await;
            let text = String::from_utf8(answer.body).unwrap();
            assert!(
                !text.contains("Petar") && !text.contains("contact"),
                "{path} {format}"
            );
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_does_not_exist_is_refused_in_plain_words(pool: PgPool) {
    let service = with_past(&pool).await;
    for (path, status, names) in [
        ("/collections/facilities/items/99/history", 404, "`99`"),
        ("/collections/dams/items/1/history", 404, "`dams`"),
        ("/collections/facilities/items/x/history", 404, "`x`"),
        ("/collections/facilities/items/1/provenance", 404, "`1`"),
        ("/collections/nothing/items/1/history", 404, "`nothing`"),
        (
            "/collections/facilities/items/1/history?before=x",
            400,
            "`x`",
        ),
        (
            "/collections/facilities/items/1/history?limit=0",
            400,
            "`limit`",
        ),
        ("/revisions/99", 404, "`/revisions`"),
        ("/revisions/x", 404, "`x`"),
        ("/revisions?layer=nothing", 400, "`/collections`"),
        ("/revisions?datetime=then", 400, "`then`"),
        ("/revisions/1?colour=red", 400, "`colour`"),
        ("/changes?since=x", 400, "`x`"),
        ("/changes?since=1:facilities", 400, "`next`"),
        ("/changes?wait=61", 400, "60"),
        ("/changes?limit=0", 400, "`limit`"),
    ] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(names), "{path}: {detail}");
    }
    // Who asks for a page gets the error as one.
    assert_eq!(service.get("/changes?f=html").await.status, 400);
}
