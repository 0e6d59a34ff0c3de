//! The permanent address of a facility.

use domain::layers::{DAMS, FACILITIES};
use serde_json::{Value, json};
use sqlx::postgres::PgPool;
use store::revision::{Means, NewRevision};

use crate::common::{Answer, Service, moment, record};

const BASE: &str = "https://example.org/cadastre";
const PAGE: &str = "/facilities/RS-70327-001?f=html";

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// The linked data in a page.
fn linked_data(page: &str) -> Value {
    let script = page.split("<script type=\"application/ld+json\">").nth(1);
    let script = script.unwrap().split("</script>").next().unwrap();
    serde_json::from_str(script).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_page_tells_everything_in_three_languages(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let dam = [
        ("code", "D-1"),
        ("facility", "RS-70327-001"),
        ("name", "Брана 1"),
        ("height_m", "32.5"),
    ];
    service.publish(vec![record(&DAMS, &dam, None)]).await;
    for (lang, words) in [
        ("sr-Cyrl", ["Брана 1", "32,5", "Недостаје: "]),
        ("sr-Latn", ["Brana 1", "32,5", "Nedostaje: "]),
        ("en", ["Brana 1", "32.5", "Missing: "]),
    ] {
        let answer = service.get(&format!("{PAGE}&lang={lang}")).await;
        let page = text(&answer);
        assert_eq!(answer.status, 200, "{page}");
        for word in words {
            assert!(page.contains(word), "{lang}: {word}");
        }
        let canonical = format!("<link rel=\"canonical\" href=\"{BASE}/facilities/RS-70327-001\">");
        assert!(page.contains(&canonical), "{page}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_the_law_asks_for_and_is_not_known_is_named(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let page = text(&service.get(&format!("{PAGE}&lang=en")).await);
    let sentence = page
        .split("Of what the law asks for, known is ")
        .nth(1)
        .unwrap();
    let sentence = sentence.split("</p>").next().unwrap();
    // Known are type, status, municipality and height, 4 of 11.
    insta::assert_snapshot!(sentence, @"36 %. Missing: Operator; List of Waste code; Within the scope of Directive 2006/21/EC; Area (m²); Volume (m³); Mass (t); Year deposition began.");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn linked_data_are_the_same_in_the_page_and_alone(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let hostile = "</script><script>alert(1)</script>";
    let texts = [
        ("code", "RS-70327-099"),
        ("name", hostile),
        ("volume_m3", "1500000"),
        ("municipality", "70327"),
    ];
    service
        .publish(vec![record(&FACILITIES, &texts, None)])
        .await;
    let page = text(&service.get("/facilities/RS-70327-099?f=html&lang=en").await);
    assert_eq!(page.matches("</script>").count(), 1, "{page}");
    let alone = service
        .get("/facilities/RS-70327-099?f=jsonld&lang=en")
        .await;
    assert_eq!(alone.header("content-type"), "application/ld+json");
    assert_eq!(linked_data(&page), alone.json());
    assert_eq!(alone.json()["name"][0]["@value"], hostile);
    assert_eq!(alone.json()["geo"], Value::Null, "the place is not known");
    let volume = alone.json()["additionalProperty"][0].clone();
    assert_eq!(
        volume,
        json!({
            "@type": "PropertyValue", "propertyID": "volume_m3", "name": "Volume (m³)",
            "value": 1_500_000.0, "unitText": "m3",
        })
    );
    let first = service.get_with("/facilities/RS-70327-001", "accept", "application/ld+json");
    let first = first.await.json();
    assert_eq!(first["@id"], format!("{BASE}/facilities/RS-70327-001"));
    assert_eq!(first["geo"]["longitude"], 21.6);
    let shape = &first["geo:hasGeometry"]["geo:asWKT"]["@value"];
    assert_eq!(shape, "POINT (21.6 44.07488)");
    assert_eq!(first["containedInPlace"][0]["identifier"], "RS-14");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn other_forms_and_spellings_lead_on(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (path, accept, status, place) in [
        (
            "/facilities/RS-70327-001",
            "*/*",
            303,
            "/collections/facilities/items/1?f=json",
        ),
        (
            "/facilities/RS-70327-001?f=csv&lang=en",
            "*/*",
            303,
            "/collections/facilities/items/1?lang=en&f=csv",
        ),
        (
            "/facilities/RS-70327-001",
            "application/vnd.google-earth.kml+xml",
            303,
            "/collections/facilities/items/1?f=kml",
        ),
        (
            "/facilities/rs-70327-001?f=html&lang=en",
            "*/*",
            308,
            "/facilities/RS-70327-001?f=html&lang=en",
        ),
    ] {
        let answer = service.get_with(path, "accept", accept).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(
            answer.header("location"),
            format!("{BASE}{place}"),
            "{path}"
        );
        assert!(answer.header("vary").starts_with("Accept"), "{path}");
        let there = service.follow(answer.header("location")).await;
        assert_eq!(there.status, 200, "{place}");
    }
    for path in [
        "/facilities/nothing",
        "/facilities/RS-70327-999",
        "/facilities/RS-70327-001?f=jsonld&as-of=2025-01-01T00:00:00Z",
    ] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["title"], "No such facility", "{path}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_removed_facility_is_gone_and_its_history_stays(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let texts = [("code", "RS-70327-099"), ("name", "Грешка")];
    service
        .publish(vec![record(&FACILITIES, &texts, None)])
        .await;
    let undoing = NewRevision {
        made_at: moment("2026-01-02T00:00:00Z"),
        author: "test".to_owned(),
        means: Means::Command,
        source: None,
        comment: None,
        upload: None,
    };
    service.store.undo(3, &undoing).await.unwrap();
    let answer = service.get("/facilities/RS-70327-099").await;
    assert_eq!(answer.status, 410);
    insta::assert_snapshot!(answer.json()["detail"].as_str().unwrap(), @"the facility `RS-70327-099` was removed from the register; its history is at `/collections/facilities/items/13/history`");
    let history = service
        .get("/collections/facilities/items/13/history")
        .await;
    assert_eq!(history.status, 200);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_address_with_a_former_code_leads_to_the_facility(pool: PgPool) {
    let service = Service::with_data(pool.clone()).await;
    sqlx::query(
        "with made as (insert into revision (made_at, author, means, layer) \
         values ('2026-01-02', 'test', 'command', 'facilities') returning id, made_at) \
         update facility set code = 'RS-70327-500', revision = made.id, updated_at = made.made_at \
         from made where code = 'RS-70327-002'",
    )
    .execute(&pool)
    .await
    .unwrap();
    let answer = service.get("/facilities/RS-70327-002?f=html").await;
    assert_eq!(answer.status, 308, "{}", text(&answer));
    assert_eq!(
        answer.header("location"),
        format!("{BASE}/facilities/RS-70327-500?f=html")
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nothing_is_sent_twice_and_nothing_is_restricted(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for form in ["html", "jsonld"] {
        let path = format!("/facilities/RS-70327-001?f={form}&lang=en");
        let first = service.get(&path).await;
        assert!(!text(&first).contains("Petrović"), "a restricted value");
        let again = service
            .get_with(&path, "if-none-match", first.header("etag"))
            .await;
        assert_eq!(again.status, 304, "{form}");
    }
}
