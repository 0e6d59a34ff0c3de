//! The start page for people.

use domain::layers::FACILITIES;
use sqlx::postgres::PgPool;

use crate::common::{Service, record};

async fn page(service: &Service, lang: &str) -> String {
    let answer = service.get(&format!("/?f=html&lang={lang}")).await;
    assert_eq!(answer.status, 200);
    String::from_utf8(answer.body).unwrap()
}

/// The rows of the tables of counts: title and number.
fn counts(page: &str) -> Vec<String> {
    let rows = page.split("<tr><th scope=\"row\">").skip(1);
    let rows = rows.filter(|row| row.contains("bar-cell")).map(|row| {
        let title = row.split("</th>").next().unwrap();
        let title = title.trim_end_matches("</a>").rsplit('>').next().unwrap();
        let number = row.split("<td class=\"number\">").nth(1).unwrap();
        format!("{title}: {}", number.split('<').next().unwrap())
    });
    rows.collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn it_counts_what_is_in_the_register(pool: PgPool) {
    let service = Service::with_data(pool).await;
    insta::assert_debug_snapshot!(counts(&page(&service, "en").await), @r#"
    [
        "Tailings pond: 6",
        "Waste rock dump: 6",
        "Borski: 12",
        "Facility type: 12",
        "Status: 12",
        "Operator: 0",
        "Municipality: 12",
        "List of Waste code: 0",
        "Within the scope of Directive 2006/21/EC: 0",
        "Height (m): 1",
        "Area (m²): 0",
        "Volume (m³): 0",
        "Mass (t): 0",
        "Year deposition began: 0",
    ]
    "#);
    // An edit shows in the next request.
    let texts = [
        ("code", "RS-70327-099"),
        ("name", "Ново"),
        ("facility_type", "ash_pond"),
    ];
    service
        .publish(vec![record(&FACILITIES, &texts, None)])
        .await;
    let counts = counts(&page(&service, "sr-Cyrl").await);
    assert!(
        counts.contains(&"Депонија пепела и шљаке: 1".to_owned()),
        "{counts:?}"
    );
    assert!(counts.contains(&"без округа: 1".to_owned()), "{counts:?}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn it_is_sent_again_only_when_something_changed(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let path = "/?f=html&lang=en";
    let tag = service.get(path).await.header("etag").to_owned();
    let again = service.get_with(path, "if-none-match", &tag).await;
    assert_eq!(again.status, 304);
    let texts = [("code", "RS-70327-099"), ("name", "Ново")];
    service
        .publish(vec![record(&FACILITIES, &texts, None)])
        .await;
    let again = service.get_with(path, "if-none-match", &tag).await;
    assert_eq!(again.status, 200);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_empty_register_says_so(pool: PgPool) {
    let service = Service::empty(pool);
    let page = page(&service, "en").await;
    assert!(page.contains("There is no data yet."), "{page}");
    assert!(!page.contains("<svg"), "{page}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn it_searches_without_script(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let page = page(&service, "en").await;
    let form = page.split("<form").nth(1).unwrap();
    let action = form.split("action=\"").nth(1).unwrap();
    let action = action.split('"').next().unwrap();
    assert!(form.contains("type=\"search\" name=\"q\""), "{form}");
    let found = service
        .follow(&format!("{action}?f=html&lang=en&q=jaloviste+7"))
        .await;
    let found = String::from_utf8(found.body).unwrap();
    assert!(found.contains("Features: 1."), "{found}");
}
