//! Features as pages: tables, single records, small maps.

use axum::body::Body;
use axum::http::{Method, Request};
use domain::layers::{DAMS, FACILITIES, INCIDENTS};
use geo_types::{LineString, Point, polygon};
use sqlx::postgres::PgPool;

use crate::common::{Answer, Service, record};
use crate::surveyed::Surveyed;

const ITEMS: &str = "/collections/facilities/items";
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

async fn page(service: &Service, path: &str) -> String {
    let answer = service.get_with(path, "accept", BROWSER).await;
    let text = text(&answer);
    assert_eq!(answer.status, 200, "{path}: {text}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    text
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// The text of a page between its tags, blanks as one.
fn words(page: &str) -> String {
    let body = page.split("<body>").nth(1).unwrap();
    let parts = body
        .split('<')
        .map(|part| part.split_once('>').unwrap_or(("", part)).1);
    let text = parts.collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn link(page: &str, rel: &str) -> Option<String> {
    let link = page.split(&format!("<link rel=\"{rel}\" href=\"")).nth(1)?;
    Some(
        link.split('"')
            .next()?
            .replace("&#38;", "&")
            .replace("&amp;", "&"),
    )
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_browser_gets_a_page_and_a_program_gets_geojson(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [ITEMS, "/collections/facilities/items/1"] {
        for (accept, media_type) in [
            (BROWSER, "text/html; charset=utf-8"),
            ("*/*", "application/geo+json"),
            ("application/json", "application/geo+json"),
        ] {
            let answer = service.get_with(path, "accept", accept).await;
            assert_eq!(answer.header("content-type"), media_type, "{path} {accept}");
            assert_eq!(answer.header("vary"), "Accept, Accept-Language");
        }
        let refused = service.get_with(path, "accept", "image/png").await;
        assert_eq!(refused.status, 406, "{path}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_table_says_labels_links_and_what_is_unknown(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let page = page(&service, &format!("{ITEMS}?lang=sr-Cyrl")).await;
    let words = words(&page);
    for text in [
        "Флотацијско јаловиште",
        "Бакар; Злато",
        "Висина (m)",
        "непознато",
        "Објеката: 12.",
    ] {
        assert!(words.contains(text), "{text}: {words}");
    }
    assert!(page.contains("/collections/districts/items/1?f=html&#38;lang=sr-Cyrl\">Борски</a>"));
    assert!(
        words.contains("нема познату вредност за: Рудник; Оператер;"),
        "{words}"
    );
    assert!(!words.contains("Petrović"), "a restricted value");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_are_bounded_and_lead_on(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let first = page(
        &service,
        &format!("{ITEMS}?f=html&limit=5&status=operating"),
    )
    .await;
    assert_eq!(first.matches("<th scope=\"row\">").count(), 5);
    let second = link(&first, "next").unwrap();
    let second = text(&service.follow(&second).await);
    let third = text(&service.follow(&link(&second, "next").unwrap()).await);
    assert_eq!(third.matches("<th scope=\"row\">").count(), 2);
    assert_eq!(link(&third, "next"), None);
    // Whole selections, not pages of them.
    let csv = second
        .split("href=\"")
        .find(|rest| rest.contains("download/csv"))
        .unwrap();
    let csv = csv.split('"').next().unwrap().replace("&#38;", "&");
    let table = text(&service.follow(&csv).await);
    assert_eq!(table.lines().count(), 13, "{table}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn more_than_a_page_holds_are_not_on_it(pool: PgPool) {
    let service = Service::empty(pool);
    let dam = |at: u32| {
        let code = format!("D-{at:04}");
        let texts = [("code", code.as_str()), ("facility", "RS-70327-001")];
        record(&DAMS, &texts, None)
    };
    service.publish((0..1_010).map(dam).collect()).await;
    for (query, rows) in [("", 100), ("?limit=7", 7), ("?limit=10000", 1_000)] {
        let page = page(&service, &format!("/collections/dams/items{query}")).await;
        assert_eq!(page.matches("<th scope=\"row\">").count(), rows, "{query}");
        assert!(!page.contains("<svg"), "nothing has a place");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_form_sends_fields_that_are_left_empty(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let query = "f=html&region=RS-14&facility_type=tailings_pond&status=&commodities=";
    let page = page(&service, &format!("{ITEMS}?{query}")).await;
    let words = words(&page);
    assert!(words.contains("Features: 6."), "{words}");
    assert!(words.contains("Region: Borski remove"), "{words}");
    assert!(page.contains("<option value=\"RS-14\" selected>"));
    assert!(page.contains("<option value=\"tailings_pond\" selected>"));
    // A program is told that an empty value is none of the list.
    let refused = service.get(&format!("{ITEMS}?status=")).await;
    assert_eq!(refused.status, 400);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_features_of_a_region_are_offered_as_files_of_that_region(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let path = "/collections/districts/items/RS-14/facilities";
    let page = page(&service, path).await;
    assert!(
        page.contains("/collections/facilities/download/csv?region=RS-14&#38;lang=en"),
        "{page}"
    );
    assert!(page.contains("<option value=\"RS-14\" selected>"));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_record_says_where_its_values_come_from(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let mut changed = record(
        &FACILITIES,
        &[
            ("code", "RS-70327-001"),
            ("name", "Јаловиште \"1\""),
            ("height_m", "46.5"),
        ],
        None,
    );
    changed.set("status", domain::Value::Text("closed".to_owned()));
    service.publish(vec![changed]).await;
    let page = page(&service, "/collections/facilities/items/1?lang=sr-Cyrl").await;
    let row = |field: &str| {
        let row = page.split(&format!("<tr id=\"{field}\">")).nth(1).unwrap();
        row.split("</tr>").next().unwrap().to_owned()
    };
    assert!(row("height_m").contains("46,5") && row("height_m").contains("#revision-3"));
    assert!(
        row("facility_type").contains("#revision-2"),
        "{}",
        row("facility_type")
    );
    assert!(row("mass_t").contains("непознато") && !row("mass_t").contains("#revision"));
    assert!(row("district").contains("<code>RS-14</code>"));
    let before = service
        .get("/collections/facilities/items/1?f=html&as-of=2025-01-01T00:00:00Z")
        .await;
    assert_eq!(before.status, 404);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn records_lead_to_each_other(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let crest = LineString::from(vec![(21.6, 44.07), (21.61, 44.08)]);
    let dam = [
        ("code", "D-1"),
        ("facility", "RS-70327-001"),
        ("name", "Брана <1>"),
    ];
    service
        .publish(vec![record(&DAMS, &dam, Some(crest.into()))])
        .await;
    let incident = [
        ("code", "I-1"),
        ("name", "Изливање"),
        ("facility", "RS-70327-001"),
        ("occurred_on", "2014-05-01"),
    ];
    let place = Point::new(21.6, 44.07);
    service
        .publish(vec![record(&INCIDENTS, &incident, Some(place.into()))])
        .await;
    let facility = page(&service, "/collections/facilities/items/1?lang=en").await;
    for record in [
        "Dams (Facility)",
        "/collections/dams/items/1?f=html&#38;lang=en\">Brana &#60;1&#62;</a>",
        "Incidents (Facility)",
        "Izlivanje (1 May 2014)</a>",
    ] {
        assert!(facility.contains(record), "{record}: {facility}");
    }
    let dam = page(&service, "/collections/dams/items/1?lang=en").await;
    assert!(
        dam.contains(
            "/collections/facilities/items/1?f=html&#38;lang=en\">Pond &#34;A&#34; \\ 1</a>"
        ),
        "{dam}"
    );
    assert_eq!(
        dam.matches("<figure").count(),
        2,
        "where it is, and its shape"
    );
    let district = page(&service, "/collections/districts/items/1?lang=en").await;
    assert!(district.contains("Mining waste facilities (Administrative district)"));
    assert!(
        district.contains("items?district=RS-14&#38;f=html&#38;lang=en\">all of them</a>"),
        "{district}"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_survey_leads_to_its_facility_and_to_what_is_made_of_it(pool: PgPool) {
    let Surveyed {
        service, terrain, ..
    } = Surveyed::start(pool).await;
    let survey = page(&service, &format!("{terrain}?lang=en")).await;
    for made in ["/image.tif\"", "/map\"", "/tiles\""] {
        assert!(
            survey.contains(&format!("{terrain}{made}")),
            "{made}: {survey}"
        );
    }
    assert!(survey.contains("<code>image/png</code>"), "{survey}");
    let facility = "/collections/facilities/items/1?f=html&#38;lang=en\">Jalovište</a>";
    assert!(survey.contains(facility), "{survey}");
    // Addresses with parts to fill in are not for clicking.
    assert!(!survey.contains("{?") && !survey.contains("={"), "{survey}");
    let facility = page(&service, "/collections/facilities/items/1?lang=en").await;
    assert!(facility.contains("pond-dtm (1 May 2024)</a>"), "{facility}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_facility_leads_to_its_outline(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let outline =
        polygon![(x: 22.0, y: 44.0), (x: 22.01, y: 44.0), (x: 22.01, y: 44.01), (x: 22.0, y: 44.0)];
    let texts = [("code", "RS-70327-050"), ("name", "Ново")];
    let outline = record(
        &domain::layers::FACILITY_OUTLINES,
        &texts,
        Some(geo_types::MultiPolygon::from(outline).into()),
    );
    service.publish(vec![outline]).await;
    let page = page(&service, "/collections/facilities/items/13?lang=en").await;
    assert!(
        page.contains("/collections/facility_outlines/items/13?f=html&#38;lang=en\">Novo</a>"),
        "{page}"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_map_has_words_a_scale_and_nothing_from_elsewhere(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let page = page(&service, &format!("{ITEMS}?lang=en")).await;
    let map = page
        .split("<svg")
        .nth(1)
        .unwrap()
        .split("</svg>")
        .next()
        .unwrap();
    assert!(map.contains("role=\"img\" aria-label=\"Map of the features on this page. "));
    assert!(
        map.contains("Features on the map: 11."),
        "one has no place: {map}"
    );
    assert!(map.contains(" km</text>"));
    assert_eq!(map.matches("class=\"symbol c").count(), 11);
    assert_eq!(map.matches("<g class=\"land\"><path").count(), 1);
    for outside in ["<script", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_records_and_requests_say_is_escaped(pool: PgPool) {
    let service = Service::empty(pool);
    let evil = "<script>alert(1)</script>\"'&";
    let texts = [
        ("code", "RS-70327-001"),
        ("name", evil),
        ("remarks", evil),
        ("mine", evil),
    ];
    let place = Point::new(21.6, 44.07);
    service
        .publish(vec![record(&FACILITIES, &texts, Some(place.into()))])
        .await;
    let query = "mine=%3Cscript%3Ealert(1)%3C/script%3E%22'%26";
    for path in [
        ITEMS.to_owned(),
        format!("{ITEMS}/1"),
        format!("{ITEMS}?{query}"),
        format!("{ITEMS}/1?f=html"),
    ] {
        let page = page(&service, &path).await;
        assert!(!page.contains("<script"), "{path}: {page}");
    }
    let error = service.get("/%3Cscript%3E?f=html").await;
    assert_eq!(error.status, 404);
    assert!(!text(&error).contains("<script"));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_page_is_not_sent_twice_and_goes_stale_with_any_layer(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [format!("{ITEMS}?f=html"), format!("{ITEMS}/1?f=html")] {
        let first = service.get(&path).await;
        let tag = first.header("etag").to_owned();
        let again = service.get_with(&path, "if-none-match", &tag).await;
        assert_eq!(again.status, 304, "{path}");
        let head = Request::builder().method(Method::HEAD).uri(&path);
        let head = service.send(head.body(Body::empty()).unwrap()).await;
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
        assert_eq!(head.header("etag"), tag);
        let dam = [("code", path.as_str()), ("facility", "RS-70327-001")];
        service.publish(vec![record(&DAMS, &dam, None)]).await;
        let changed = service.get_with(&path, "if-none-match", &tag).await;
        assert_eq!(changed.status, 200, "{path}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_of_other_sites_may_ask(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [
        ITEMS,
        "/collections/facilities/items/1",
        "/problems",
        "/problems/internal",
    ] {
        let asked = service
            .get_with(path, "origin", "https://example.com")
            .await;
        assert_eq!(asked.header("access-control-allow-origin"), "*", "{path}");
        let preflight = Request::builder()
            .method(Method::OPTIONS)
            .uri(path)
            .header("origin", "https://example.com")
            .header("access-control-request-method", "GET");
        let preflight = service.send(preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(preflight.status, 200, "{path}");
        assert_eq!(
            preflight.header("access-control-allow-methods"),
            "GET,HEAD,OPTIONS"
        );
        let refused = service.get_with(path, "accept", "image/png").await;
        assert_eq!(refused.status, 406, "{path}");
    }
}
