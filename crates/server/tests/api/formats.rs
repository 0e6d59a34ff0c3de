//! The formats beside `GeoJSON`: negotiation, headers, and what the text formats say.

mod packing;

use std::io::{Cursor, Read};

use axum::http::StatusCode;
use domain::layers::FACILITIES;
use sqlx::postgres::PgPool;

use crate::common::{Answer, Service, record};

const ITEMS: &str = "/collections/facilities/items";

/// The name, media type and first bytes of every format of facilities.
const FORMATS: &[(&str, &str, &[u8])] = &[
    (
        "json",
        "application/geo+json",
        b"{\"type\":\"FeatureCollection\"",
    ),
    (
        "geojsonseq",
        "application/geo+json-seq",
        b"\x1e{\"type\":\"Feature\"",
    ),
    (
        "jsonfg",
        "application/vnd.ogc.fg+json",
        b"{\"type\":\"FeatureCollection\",\"conformsTo\"",
    ),
    (
        "csv",
        "text/csv; header=present; charset=utf-8",
        b"id,code,name,",
    ),
    ("fgb", "application/flatgeobuf", b"fgb\x03fgb\x00"),
    (
        "gpkg",
        "application/geopackage+sqlite3",
        b"SQLite format 3\0",
    ),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"PK\x03\x04",
    ),
    ("shp", "application/zip", b"PK\x03\x04"),
    (
        "kml",
        "application/vnd.google-earth.kml+xml",
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml",
    ),
    (
        "erml",
        "application/gml+xml;version=3.2",
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sf:FeatureCollection",
    ),
    (
        "global-registry",
        "text/csv; header=present; charset=utf-8",
        b"ID,TSF Name,Mine Name,Current Owner,Country,Longitude,Latitude,",
    ),
];

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

/// The records of a table, read by the rules of RFC 4180 alone.
fn table(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => assert_eq!(letters.peek(), Some(&'\n')),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    assert!(cell.is_empty() && row.is_empty() && !quoted);
    rows
}

/// The values of a column by its heading.
fn column<'t>(rows: &'t [Vec<String>], name: &str) -> Vec<&'t str> {
    let at = rows[0].iter().position(|one| one == name).unwrap();
    rows[1..].iter().map(|row| row[at].as_str()).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_format_is_had_by_name_by_accept_and_as_a_file(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (name, content_type, begin) in FORMATS {
        let by_name = service.get(&format!("{ITEMS}?f={name}")).await;
        let whole = service
            .get(&format!("/collections/facilities/download/{name}"))
            .await;
        for answer in [&by_name, &whole] {
            assert_eq!(answer.status, StatusCode::OK, "{name}");
            assert_eq!(answer.header("content-type"), *content_type);
            assert!(answer.body.starts_with(begin), "{name}");
            assert!(answer.header("etag").starts_with("W/"), "{name}");
        }
        let kept_as = whole.header("content-disposition");
        assert!(
            kept_as.starts_with("attachment; filename=\"facilities."),
            "{kept_as}"
        );
        if *name != "global-registry" {
            let by_accept = service.get_with(ITEMS, "accept", content_type).await;
            assert_eq!(by_accept.header("content-type"), *content_type);
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_formats_are_linked_and_described(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let page = service.get(ITEMS).await.json();
    let collection = service.get("/collections/facilities").await.json();
    let api = service.get("/api").await.json();
    let path = &api["paths"]["/collections/facilities/download/{format}"]["get"];
    for (name, content_type, _) in FORMATS {
        let media_type = content_type.split(';').next().unwrap();
        let linked = |json: &serde_json::Value, rel: &str, end: &str| {
            json["links"].as_array().unwrap().iter().any(|link| {
                let href = link["href"].as_str().unwrap();
                let of_type = link["type"].as_str().unwrap().starts_with(media_type);
                link["rel"] == rel && of_type && href.ends_with(end)
            })
        };
        let download = format!("/collections/facilities/download/{name}");
        assert!(linked(&collection, "enclosure", &download), "{name}");
        if *name != "json" {
            let parameter = format!("?f={name}");
            assert!(linked(&page, "alternate", &parameter), "{name}");
            assert!(linked(&collection, "items", &parameter), "{name}");
        }
        assert!(
            path["parameters"]
                .to_string()
                .contains(&format!("\"{name}\"")),
            "{name}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn formats_that_do_not_exist_are_refused_with_those_that_do(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get_with(ITEMS, "accept", "image/png").await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("text/csv (f=csv)"), "{detail}");
    for (path, status) in [
        (
            "/collections/facilities/download/doc",
            StatusCode::NOT_FOUND,
        ),
        (
            "/collections/facilities/download/csv?limit=1",
            StatusCode::BAD_REQUEST,
        ),
        (
            "/collections/facilities/items?geometry=xy",
            StatusCode::BAD_REQUEST,
        ),
        (
            "/collections/facilities/items?f=csv&geometry=hex",
            StatusCode::BAD_REQUEST,
        ),
        (
            "/collections/facilities/items?f=csv&bom=yes",
            StatusCode::BAD_REQUEST,
        ),
        (
            "/collections/districts/items?f=csv&geometry=xy",
            StatusCode::BAD_REQUEST,
        ),
    ] {
        assert_eq!(service.get(path).await.status, status, "{path}");
    }
}

/// QGIS pages formats without links by the headers `Link` and `OGC-NumberMatched`.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_of_other_formats_are_linked_by_headers(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let mut path = format!("{ITEMS}?f=csv&limit=5&district=RS-14");
    let mut seen = Vec::new();
    loop {
        let answer = service.get(&path).await;
        assert_eq!(answer.header("ogc-numbermatched"), "12");
        let rows = table(text(&answer));
        if !path.contains("cursor") {
            assert_eq!(answer.header("ogc-numberreturned"), "5");
        }
        seen.extend(
            column(&rows, "id")
                .iter()
                .map(|id| id.parse::<u32>().unwrap()),
        );
        let links = answer.headers.get_all("link").iter();
        let next = links
            .filter_map(|link| link.to_str().ok())
            .find(|link| link.ends_with("rel=\"next\"; type=\"text/csv\""));
        let Some(next) = next else { break };
        let (href, _) = next[1..].split_once('>').unwrap();
        path = href
            .strip_prefix("https://example.org/cadastre")
            .unwrap()
            .to_owned();
    }
    assert_eq!(seen, (1..=12).collect::<Vec<_>>());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_selects_features_selects_them_in_every_format(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (query, expected) in [
        ("bbox=21.55,44,21.85,44.1", "1 2 3 12"),
        ("facility_type=waste_rock_dump", "2 4 6 8 10 12"),
        ("datetime=2021-01-01/..", "7 8 9 10 11 12"),
        ("as-of=2025-12-31T00:00:00Z", ""),
    ] {
        for path in ["items?f=csv&", "download/csv?"] {
            let path = format!("/collections/facilities/{path}{query}");
            let answer = service.get(&path).await;
            let rows = table(text(&answer));
            assert_eq!(column(&rows, "id").join(" "), expected, "{path}");
        }
    }
    let page = service
        .get(&format!("{ITEMS}?f=csv&limit=2&offset=3"))
        .await;
    assert_eq!(column(&table(text(&page)), "id"), ["4", "5"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_table_keeps_every_letter_and_what_is_unknown(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let rows = table(text(&service.get(&format!("{ITEMS}?f=csv")).await));
    assert_eq!(column(&rows, "name")[0], "Јаловиште \"1\"");
    assert_eq!(column(&rows, "name_en")[..2], ["Pond \"A\" \\ 1", ""]);
    assert_eq!(column(&rows, "height_m")[..2], ["45.0", ""]);
    assert_eq!(column(&rows, "commodities")[0], "copper;gold");
    assert_eq!(column(&rows, "updated_at")[0], "2026-01-01T00:00:00Z");
    assert_eq!(column(&rows, "WKT")[0], "POINT (21.6 44.07488)");
    assert_eq!(column(&rows, "WKT")[11], "");

    let path = format!("{ITEMS}?f=csv&geometry=xy&bom=true&labels=true&lang=sr-Latn");
    let answer = service.get(&path).await;
    let body = text(&answer).strip_prefix('\u{feff}').unwrap();
    let rows = table(body);
    assert_eq!(column(&rows, "longitude")[0], "21.6");
    assert_eq!(column(&rows, "latitude")[11], "");
    assert_eq!(column(&rows, "status_label")[0], "Aktivno");
    assert_eq!(column(&rows, "commodities_label")[0], "Bakar; Zlato");
}

/// RFC 8142: a record separator before each text and a line feed after it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_sequence_has_one_text_for_each_feature(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get(&format!("{ITEMS}?f=geojsonseq")).await;
    let texts: Vec<_> = text(&answer).split('\u{1e}').skip(1).collect();
    assert_eq!(texts.len(), 12);
    let page = service.get(ITEMS).await.json();
    for (at, one) in texts.iter().enumerate() {
        let feature: serde_json::Value =
            serde_json::from_str(one.strip_suffix('\n').unwrap()).unwrap();
        assert_eq!(feature, page["features"][at]);
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn restricted_fields_leave_in_no_format(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (name, ..) in FORMATS {
        for path in ["items?f=", "items/1?f=", "download/"] {
            let path = format!("/collections/facilities/{path}{name}");
            let answer = service.get(&path).await;
            let body = unpacked(&answer.body);
            assert!(
                !body.contains("Petrović") && !body.contains("contact"),
                "{path}"
            );
        }
    }
}

/// All that an answer says, also inside an archive.
fn unpacked(body: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(body).into_owned();
    if let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(body)) {
        for at in 0..archive.len() {
            let mut bytes = Vec::new();
            archive
                .by_index(at)
                .unwrap()
                .read_to_end(&mut bytes)
                .unwrap();
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    text
}

/// One member of an archive.
fn member(body: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(body)).unwrap();
    let mut text = String::new();
    let mut file = archive.by_name(name).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

/// Values that mean something to a program that reads a format.
const NASTY: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "</name></kml><x a=\"1\">&amp;",
    "a,\"b\"\r\nc;d\te",
    "'); drop table facility; --",
    "a\u{1}\u{8}\u{b}b",
    "https://example.org",
    "😀 ђ",
];

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_a_record_says_stays_data(pool: PgPool) {
    let service = Service::empty(pool);
    let nasty = (1..).zip(NASTY).map(|(at, name): (u32, _)| {
        let code = format!("RS-70327-{at:03}");
        record(&FACILITIES, &[("code", &code), ("name", name)], None)
    });
    service.publish(nasty.collect()).await;
    let csv = table(text(&service.get(&format!("{ITEMS}?f=csv")).await));
    assert_eq!(column(&csv, "name"), NASTY);
    let sheet = member(
        &service.get(&format!("{ITEMS}?f=xlsx")).await.body,
        "xl/worksheets/sheet1.xml",
    );
    assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"));
    assert!(sheet.contains("=cmd|"));
    for (format, escaped) in [
        (
            "kml",
            "&lt;/name&gt;&lt;/kml&gt;&lt;x a=&quot;1&quot;&gt;&amp;amp;",
        ),
        (
            "erml",
            "&lt;/name&gt;&lt;/kml&gt;&lt;x a=&quot;1&quot;&gt;&amp;amp;",
        ),
    ] {
        let answer = service.get(&format!("{ITEMS}?f={format}")).await;
        let xml = text(&answer);
        assert!(xml.contains(escaped), "{xml}");
        assert!(!xml.contains('\u{1}') && xml.contains('\u{fffd}'));
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_json_fg_feature_says_its_time_type_and_place(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let page = service.get(&format!("{ITEMS}?f=jsonfg&limit=1")).await;
    let feature = service.get(&format!("{ITEMS}/7?f=jsonfg")).await.json();
    let link = page.link("next").unwrap();
    assert!(link.ends_with("f=jsonfg&limit=1&cursor=1"), "{link}");
    let page = page.json();
    assert_eq!(page["featureType"], "facilities");
    assert_eq!(page["geometryDimension"], 0);
    assert_eq!(page["numberMatched"], 12);
    let first = &page["features"][0];
    assert_eq!(first["time"], serde_json::json!({ "date": "2020-05-01" }));
    assert!(first["place"].is_null() && first["geometry"].is_object());
    assert!(feature["time"].is_null());
    assert_eq!(
        feature["conformsTo"][0],
        "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"
    );
    let for_qgis = service
        .get_with(ITEMS, "accept", "application/fg+json")
        .await;
    assert_eq!(
        for_qgis.header("content-type"),
        "application/vnd.ogc.fg+json"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_table_of_the_global_registry_has_its_columns(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let rows = table(text(
        &service.get(&format!("{ITEMS}?f=global-registry")).await,
    ));
    assert_eq!(rows[0].len(), 18);
    assert_eq!(
        rows[1],
        [
            "RS-70327-001",
            "Jalovište \"1\"",
            "",
            "",
            "Serbia",
            "21.6",
            "44.07488",
            "Operating",
            "",
            "",
            "",
            "",
            "45.0",
            "",
            "Copper",
            "",
            "",
            "",
        ]
    );
    assert_eq!(rows[12][5..7], ["", ""]);
    let of_districts = service
        .get("/collections/districts/items?f=global-registry")
        .await;
    assert_eq!(of_districts.status, StatusCode::BAD_REQUEST);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_shapefile_says_what_it_loses(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get("/collections/facilities/download/shp").await;
    assert!(answer.header("warning").starts_with("299 - "));
    assert_eq!(member(&answer.body, "facilities.cpg"), "UTF-8");
    let readme = member(&answer.body, "README.txt");
    assert!(
        readme.contains("observatio  observation_method      Observation method"),
        "{readme}"
    );
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_tag_is_of_one_format(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [ITEMS, "/collections/facilities/items/1"] {
        let json = service.get(path).await.header("etag").to_owned();
        let csv = service.get_with(path, "accept", "text/csv").await;
        assert_ne!(csv.header("etag"), json);
        let again = service.get_with(path, "if-none-match", &json).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    }
}
