//! `/problems`, and errors as pages.

use sqlx::postgres::PgPool;

use crate::common::Service;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_kind_is_explained_where_its_type_says(pool: PgPool) {
    let service = Service::empty(pool);
    let list = service.get("/problems").await.json();
    let kinds = list["problems"].as_array().unwrap();
    assert!(kinds.len() >= 18, "{list}");
    for kind in kinds {
        let address = kind["type"].as_str().unwrap();
        for lang in ["sr-Latn", "sr-Cyrl", "en"] {
            let one = service.follow(&format!("{address}?lang={lang}")).await;
            assert_eq!(one.status, 200, "{address}");
            assert_eq!(one.header("content-language"), lang);
            let one = one.json();
            assert_eq!(one["status"], kind["status"]);
            let page = service
                .follow(&format!("{address}?lang={lang}&f=html"))
                .await;
            let page = String::from_utf8(page.body).unwrap();
            let title = one["title"].as_str().unwrap().replace('\'', "&#39;");
            assert!(page.contains(&format!("<h1>{title}</h1>")), "{page}");
        }
    }
    let unknown = service.get("/problems/bad-luck").await;
    assert_eq!(unknown.status, 404);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_browser_is_told_of_errors_on_a_page(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (path, status, type_name) in [
        ("/nowhere", 404, "no-such-page"),
        ("/collections/ponds/items", 404, "no-such-layer"),
        ("/collections/facilities/items/99", 404, "no-such-feature"),
        (
            "/collections/facilities/items?limit=0",
            400,
            "bad-parameter",
        ),
        ("/collections?colour=red", 400, "unknown-parameter"),
        ("/collections/facilities/items?f=xml", 400, "bad-parameter"),
    ] {
        let json = service.get(path).await;
        assert_eq!(json.status, status, "{path}");
        assert_eq!(json.header("content-type"), "application/problem+json");
        assert_eq!(json.header("vary"), "Accept, Accept-Language");
        let problem = json.json();
        let address = problem["type"].as_str().unwrap();
        assert!(address.ends_with(type_name), "{address}");
        assert_eq!(service.follow(address).await.status, 200);
        let page = service.get_with(path, "accept", "text/html").await;
        assert_eq!(page.status, status, "{path}");
        // What `f` names counts more than what the browser takes.
        let media_type = if path.contains("f=xml") {
            "application/problem+json"
        } else {
            "text/html; charset=utf-8"
        };
        assert_eq!(page.header("content-type"), media_type, "{path}");
        assert_eq!(page.header("cache-control"), "no-store");
        let text = String::from_utf8(page.body).unwrap();
        assert!(text.contains(problem["title"].as_str().unwrap()), "{text}");
    }
}

/// Bad values of every kind that a field can have, told in Serbian alone.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nothing_english_stands_in_serbian_sentences(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for query in [
        "height_m=tall",
        "height_m=-5",
        "status=opened",
        "municipality=70328",
        "district=RS-99",
        "start_year=x",
        "in_scope=maybe",
        "surveyed_on=x",
        "code=x",
        "waste_code=x",
        "region=x",
        "limit=0",
        "bbox=1",
        "lang=de&f=json",
        "filter=height_m%20%3E",
        "crs=x",
        "filter-lang=sql&filter=true",
    ] {
        let path = format!("/collections/facilities/items?{query}");
        let answer = service.get_with(&path, "accept-language", "sr-Cyrl").await;
        assert_eq!(answer.status, 400, "{query}");
        let problem = answer.json();
        let detail = problem["detail"].as_str().unwrap();
        for english in [" is ", " not ", " the ", " a ", " such ", "give "] {
            assert!(!detail.contains(english), "{query}: {detail}");
        }
    }
}
