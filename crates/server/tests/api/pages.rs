//! Pages for people.

use sqlx::postgres::PgPool;

use crate::common::Service;

const PAGES: [&str; 18] = [
    "/",
    "/api",
    "/api.html",
    "/conformance",
    "/collections",
    "/collections/facilities",
    "/collections/facilities/schema",
    "/collections/facilities/queryables",
    "/collections/facilities/sortables",
    "/reports/regions",
    "/collections?q=okruzi",
    "/collections/facilities/items",
    "/collections/facilities/items/1",
    "/collections/districts/items/1",
    "/functions",
    "/qgis",
    "/problems",
    "/problems/bad-parameter",
];

async fn page(service: &Service, path: &str) -> String {
    let answer = service.get_with(path, "accept", "text/html").await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    String::from_utf8(answer.body).unwrap()
}

/// The addresses in the attributes of a page.
fn addresses(page: &str) -> Vec<String> {
    let attributes = page.split("href=\"").skip(1);
    attributes
        .map(|rest| {
            rest.split('"')
                .next()
                .unwrap()
                .replace("&amp;", "&")
                .replace("&#38;", "&")
        })
        .collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_resource_has_a_page_in_three_languages(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in PAGES {
        let sign = if path.contains('?') { '&' } else { '?' };
        for lang in ["sr-Latn", "sr-Cyrl", "en"] {
            let page = page(&service, &format!("{path}{sign}lang={lang}")).await;
            assert!(page.contains(&format!("<html lang=\"{lang}\">")), "{path}");
            assert_eq!(page.matches("<h1>").count(), 1, "{path}");
            assert!(!page.contains("<script"), "{path}");
            assert_eq!(page.matches("aria-current=\"true\"").count(), 1, "{path}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_link_of_a_page_leads_somewhere(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in PAGES {
        let page = page(&service, path).await;
        for address in addresses(&page) {
            if let Some(place) = address.strip_prefix('#') {
                assert!(
                    page.contains(&format!("id=\"{place}\"")),
                    "{place} of {path}"
                );
                continue;
            }
            let mut answer = service.follow(&address).await;
            if answer.status == 303 {
                answer = service.follow(answer.header("location")).await;
            }
            assert_eq!(answer.status, 200, "{address} of {path}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn layers_are_searched_in_any_script_and_by_place(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (query, expected) in [
        ("", vec!["facilities", "districts"]),
        ("q=okruzi", vec!["districts"]),
        ("q=%D0%9E%D0%9A%D0%A0%D0%A3%D0%97%D0%98", vec!["districts"]),
        ("q=administrative", vec!["districts"]),
        ("q=nothing,facilities", vec!["facilities"]),
        ("q=nothing", vec![]),
        ("bbox=21,43,22,44.5", vec!["facilities", "districts"]),
        ("bbox=19,44,20,45", vec![]),
        ("datetime=../1800-01-01", vec!["districts"]),
        ("datetime=1800-01-01/..", vec!["facilities", "districts"]),
    ] {
        let answer = service.get(&format!("/collections?{query}")).await.json();
        let found = answer["collections"].as_array().unwrap();
        let ids: Vec<_> = found
            .iter()
            .map(|one| one["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, expected, "{query}");
    }
    for bad in ["bbox=1,2", "datetime=yesterday"] {
        let answer = service.get(&format!("/collections?{bad}")).await;
        assert_eq!(answer.status, 400, "{bad}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_was_searched_for_is_escaped(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let page = page(
        &service,
        "/collections?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    )
    .await;
    assert!(!page.contains("<script>"), "{page}");
}
