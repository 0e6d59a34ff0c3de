//! The web map without a browser: the page, its files, and the legend that it counts by. What people do
//! with it is tried in `tests/browser`.

use axum::http::StatusCode;
use domain::layers::FACILITIES;
use insta::assert_snapshot;
use serde_json::Value as Json;
use sqlx::PgPool;

use crate::common::{Service, record};

async fn matched(service: &Service, query: &str) -> u64 {
    let path = format!("/collections/facilities/items?f=json&resultType=hits&{query}");
    let answer = service.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.json()["numberMatched"].as_u64().unwrap()
}

/// The condition that says what a class of a theme is, where the layer has a field for it.
fn filter_of(attribute: &str, class: &Json) -> Option<String> {
    if !["facility_type", "status", "volume_m3"].contains(&attribute) {
        return None;
    }
    if let Some(code) = class["code"].as_str() {
        return Some(format!("{attribute}='{code}'"));
    }
    if class["unknown"] == true {
        // One list of codes has a code for it.
        let code = if attribute == "status" {
            " OR status='unknown'"
        } else {
            ""
        };
        return Some(format!("{attribute} IS NULL{code}"));
    }
    let from = class["from"]
        .as_f64()
        .map(|from| format!("{attribute}>={from}"));
    let below = class["below"]
        .as_f64()
        .map(|below| format!("{attribute}<{below}"));
    let both: Vec<_> = from.into_iter().chain(below).collect();
    Some(both.join(" AND "))
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_legend_counts_what_the_items_have_in_each_class(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for selecting in [
        "",
        "bbox=22.05,43,22.55,45",
        "filter=facility_type='tailings_pond'",
        "region=RS-14&q=jaloviste",
        "status=operating&as-of=2026-06-01",
        "as-of=2025-01-01",
    ] {
        let all = matched(&service, selecting).await;
        for theme in ["type", "status", "category", "volume", "completeness"] {
            let path = format!("/collections/facilities/legend?theme={theme}&{selecting}");
            let answer = service.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let legend = answer.json();
            let counts = legend["classes"].as_array().unwrap();
            let sum: u64 = counts
                .iter()
                .map(|class| class["count"].as_u64().unwrap())
                .sum();
            assert_eq!(
                (sum, &legend["numberMatched"]),
                (all, &Json::from(all)),
                "{path}"
            );
            let attribute = legend["attribute"].as_str().unwrap();
            let own = selecting.contains("filter=");
            for class in counts.iter().filter(|_| !own) {
                let Some(filter) = filter_of(attribute, class) else {
                    continue;
                };
                let filter: String = form_urlencoded(&filter);
                let expected = matched(&service, &format!("{selecting}&filter={filter}")).await;
                assert_eq!(class["count"], expected, "{path} {class}");
            }
        }
    }
}

fn form_urlencoded(text: &str) -> String {
    text.replace('>', "%3E")
        .replace('<', "%3C")
        .replace(' ', "%20")
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_legend_is_of_a_layer_that_has_the_theme(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (path, status) in [
        ("/collections/facility_outlines/legend?theme=status", 200),
        (
            "/collections/facilities/legend?lang=sr-Latn&scheme=dark",
            200,
        ),
        ("/collections/districts/legend", 400),
        ("/collections/facilities/legend?theme=colour", 400),
        ("/collections/facilities/legend?filter=height", 400),
        ("/collections/facilities/legend?limit=3", 400),
        ("/collections/rocks/legend", 404),
    ] {
        assert_eq!(service.get(path).await.status, status, "{path}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_page_asks_nobody_else_and_leads_on_without_a_script(pool: PgPool) {
    let service = Service::empty(pool);
    let answer = service.get("/map?lang=sr-Latn").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_snapshot!(answer.header("content-security-policy"), @"default-src 'none'; script-src 'self'; worker-src blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'");
    let page = String::from_utf8(answer.body).unwrap();
    let outside = page.split("href=\"").skip(1).find(|rest| {
        rest.starts_with("http") && !rest.starts_with("https://example.org/cadastre/")
    });
    assert_eq!(outside, None);
    let (_, after) = page.split_once("<noscript>").unwrap();
    let (plain, _) = after.split_once("</noscript>").unwrap();
    assert_snapshot!(plain, @r#"
    <p class="notice">Mapa traži skriptu. Isto stoji i bez nje:
    <a href="https://example.org/cadastre/collections/facilities/items?f=html&#38;lang=sr-Latn">objekti rudarskog otpada sa mapom u linijama</a>,
    <a href="https://example.org/cadastre/collections?f=html&#38;lang=sr-Latn">svi slojevi</a>,
    <a href="https://example.org/cadastre/reports/regions?f=html&#38;lang=sr-Latn">brojke po regionima</a>.</p>
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_page_carries_the_answers_that_its_script_asks_first(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let mut first = carried(&service).await;
    // The page does not wait long for an answer: on a busy machine it may come at a later time.
    for _ in 0..100 {
        if EXPECTED.iter().all(|of| first.contains_key(*of)) {
            break;
        }
        first = carried(&service).await;
    }
    for of in EXPECTED {
        assert!(first.contains_key(of), "{of}: {:?}", first.keys());
    }
    for (path, told) in first {
        let mut answer = service.get_with(&path, "accept", JSON_KINDS).await.json();
        let mut told = told;
        for one in [&mut answer, &mut told] {
            // The moment of the answer.
            one.as_object_mut().unwrap().remove("timeStamp");
        }
        assert_eq!(told, answer, "{path}");
    }
}

/// Some of what the script asks first.
const EXPECTED: [&str; 2] = ["/collections?lang=en", "/styles?lang=en"];

/// The answers within the page of the map, by what they answer.
async fn carried(service: &Service) -> serde_json::Map<String, Json> {
    let page = String::from_utf8(service.get("/map?lang=en").await.body).unwrap();
    let (_, after) = page.split_once("id=\"first\">").unwrap();
    let (first, _) = after.split_once("</script>").unwrap();
    serde_json::from_str(first).unwrap()
}

const JSON_KINDS: &str = "application/json, application/geo+json, application/schema+json";

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_counted_over_a_whole_layer_follows_the_register(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let total = async |path: &str| service.get(path).await.json()["numberMatched"].clone();
    let paths = [
        "/collections/facilities/legend?theme=type",
        "/collections/facilities/legend?theme=type&bbox=10,40,30,50",
    ];
    let before = [total(paths[0]).await, total(paths[1]).await];
    let report = service.get("/reports/regions?f=csv").await.body;
    let texts = [
        ("code", "RS-70327-999"),
        ("name", "Ново"),
        ("facility_type", "tailings_pond"),
        ("municipality", "70327"),
        ("district", "RS-14"),
    ];
    let new = record(&FACILITIES, &texts, None);
    service.publish(vec![new]).await;
    for (path, before) in paths.iter().zip(before) {
        let after = before.as_u64().unwrap() + 1;
        assert_eq!(total(path).await, after, "{path}");
    }
    assert_ne!(service.get("/reports/regions?f=csv").await.body, report);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn files_of_the_map_are_packed_and_kept_for_ever(pool: PgPool) {
    let service = Service::empty(pool);
    let page = String::from_utf8(service.get("/map").await.body).unwrap();
    let Some((_, script)) = page.split_once("src=\"assets/") else {
        assert!(page.contains("make web"), "{page}");
        return;
    };
    let path = format!("/assets/{}", script.split_once('"').unwrap().0);
    let plain = service.get(&path).await;
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        plain.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    for coding in ["br", "gzip"] {
        let packed = service.get_with(&path, "accept-encoding", coding).await;
        assert_eq!(packed.header("content-encoding"), coding);
        // The budget of a first view, on the slowest lines that field offices have.
        assert!(
            packed.body.len() < 400_000,
            "{coding}: {} bytes",
            packed.body.len()
        );
        assert!(packed.body.len() * 2 < plain.body.len());
    }
    let refused = service
        .get_with(&path, "accept-encoding", "br;q=0, gzip;q=0")
        .await;
    assert_eq!(refused.header("content-encoding"), "");
    assert_eq!(
        service.get("/assets/map-0.js").await.status,
        StatusCode::NOT_FOUND
    );
}
