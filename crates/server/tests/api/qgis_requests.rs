//! The requests of QGIS as its source has them (3.22, 3.34 to 3.44 and later), and what it needs of each
//! answer. QGIS 3.22 itself is tried in tests/e2e.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::Value as Json;
use sqlx::postgres::PgPool;

use crate::common::{Answer, Service};
use crate::filters::{as_qt_sends, assert_selects};

const API: &str = "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, \
                   application/json";
const FEATURES: &str = "application/geo+json, application/json";
const EPSG_4326: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// A request of QGIS: an absolute address, or a path with raw characters.
async fn ask(service: &Service, address: &str, accept: &str) -> Answer {
    let path = address.strip_prefix("https://example.org/cadastre");
    let path = as_qt_sends(path.unwrap_or(address));
    let answer = service.get_with(&path, "accept", accept).await;
    let body = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, StatusCode::OK, "{path}: {body:.300}");
    answer
}

/// The links of a relation, in order.
fn links<'j>(json: &'j Json, rel: &str) -> Vec<&'j Json> {
    let links = json["links"].as_array().unwrap().iter();
    links.filter(|link| link["rel"] == rel).collect()
}

/// The address of the first link with this relation and exactly this type.
fn href(json: &Json, rel: &str, media_type: &str) -> String {
    let found = links(json, rel);
    let found = found.iter().find(|link| link["type"] == media_type);
    let href = found.unwrap_or_else(|| panic!("no {rel} of {media_type}"))["href"].as_str();
    href.unwrap().to_owned()
}

/// 3.22: landing page, API document, collections, collection, ten features, pages.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_connection_is_made(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let landing = ask(&service, "/", "application/json").await.json();
    // Compared letter by letter, without a space after the semicolon.
    let api = href(
        &landing,
        "service-desc",
        "application/vnd.oai.openapi+json;version=3.0",
    );
    let api = ask(&service, &api, API).await.json();
    let limit = &api["components"]["parameters"]["limit"]["schema"];
    let (default, maximum) = (limit["default"].as_i64(), limit["maximum"].as_i64());
    let page_size = default.unwrap().max(1000).min(maximum.unwrap());
    assert!(page_size >= 1000, "pages of {page_size} are slow");
    // What stands behind a question mark is dropped.
    let data = href(&landing, "data", "application/json");
    assert!(!data.contains('?'), "{data}");
    let collections = ask(&service, &data, "application/json").await.json();
    assert!(links(&collections, "next").is_empty());
    for listed in collections["collections"].as_array().unwrap() {
        let id = listed["id"].as_str().unwrap();
        let one = ask(&service, &format!("{data}/{id}"), "application/json").await;
        let one = one.json();
        assert!(one["title"].is_string() && one["description"].is_string());
        let bbox = one["extent"]["spatial"]["bbox"][0].as_array().unwrap();
        assert!(bbox.len() == 4 && bbox.iter().all(Json::is_number));
        probe(&service, &format!("{data}/{id}/items")).await;
    }
}

async fn probe(service: &Service, items: &str) {
    let first = ask(service, &format!("{items}?limit=10"), FEATURES).await;
    assert_eq!(first.header("content-type"), "application/geo+json");
    let page = first.json();
    let features = page["features"].as_array().unwrap();
    // The geometry type of the layer is that of these ten.
    assert!(features.iter().any(|one| !one["geometry"].is_null()));
    assert!(features.iter().all(|one| one["id"].is_i64()));
    assert!(i32::try_from(page["numberMatched"].as_i64().unwrap()).is_ok());
    let mut answer = ask(service, &format!("{items}?limit=5"), FEATURES).await;
    let mut count = answer.ids().len();
    while !links(&answer.json(), "next").is_empty() {
        let next = href(&answer.json(), "next", "application/geo+json");
        answer = ask(service, &next, FEATURES).await;
        assert!(!answer.ids().is_empty(), "it stops on an empty page");
        count += answer.ids().len();
    }
    assert_eq!(page["numberMatched"], count, "{items}");
}

/// 3.22: boxes in degrees and comparisons of dates.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn boxes_and_times_are_asked_for(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (query, expected) in [
        ("limit=1000&bbox=21.55,44,21.85,44.1", &[1, 2, 3, 12][..]),
        ("limit=2&bbox=-180,-90,180,90", &[1, 2]),
        (
            "limit=2&datetime=0000-01-01T00:00:00Z%2F2020-05-01T00:00:00Z",
            &[1, 2],
        ),
        (
            "limit=3&datetime=2020-05-02T00:00:00Z%2F9999-12-31T00:00:00Z",
            &[7, 8, 9],
        ),
        ("limit=1&datetime=2020-05-01%2F2020-05-01", &[1]),
        (
            "limit=1&datetime=2020-05-01T00:00:00%2F2020-05-02T00:00:00",
            &[1],
        ),
    ] {
        let path = format!("/collections/facilities/items?{query}").replace("%2F", "\u{1}");
        let path = as_qt_sends(&path).replace('\u{1}', "%2F");
        let answer = service.get_with(&path, "accept", FEATURES).await;
        assert_eq!(
            (answer.status, answer.ids()),
            (StatusCode::OK, expected.to_vec()),
            "{query}"
        );
    }
}

/// 3.34 and later: `crs` and `bbox-crs` as they stand, with the box in the authority's order of axes, and
/// one feature to learn the count.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn reference_systems_are_asked_for(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let landing = ask(&service, "/", "application/json").await.json();
    let conformance = href(&landing, "conformance", "application/json");
    let conformance = ask(&service, &conformance, "application/json").await.json();
    let crs = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs";
    assert!(
        conformance["conformsTo"]
            .as_array()
            .unwrap()
            .contains(&crs.into())
    );
    let collection = ask(&service, "/collections/facilities", "application/json").await;
    let collection = collection.json();
    let systems = collection["crs"].as_array().unwrap();
    assert!(systems.contains(&collection["storageCrs"]));
    assert!(systems.iter().all(Json::is_string));
    let query = format!("limit=1000&bbox=44,21.55,44.1,21.85&crs={EPSG_4326}&bbox-crs={EPSG_4326}");
    let path = format!("/collections/facilities/items?{query}");
    let answer = ask(&service, &path, FEATURES).await;
    assert_eq!(answer.ids(), [1, 2, 3, 12]);
    let position = &answer.json()["features"][0]["geometry"]["coordinates"];
    assert_eq!(*position, serde_json::json!([44.07488, 21.6]));
    let path = "/collections/facilities/items?limit=1";
    let count = ask(&service, path, FEATURES).await.json();
    assert_eq!(count["numberMatched"], collection["itemCount"]);
}

/// 3.34 and later: equality by parameters, as the API document offers it, where CQL2 cannot be used.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn parameters_of_the_document_are_used(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let api = service.get_with("/api", "accept", API).await.json();
    let parameters = &api["paths"]["/collections/facilities/items"]["get"]["parameters"];
    let simple = parameters.as_array().unwrap().iter().filter_map(|one| {
        let target = one["$ref"].as_str();
        let one = target.map_or(one, |target| api.pointer(&target[1..]).unwrap());
        let form = one["in"] == "query" && one["style"] == "form" && one["explode"] == false;
        (form && one["schema"]["type"].is_string()).then(|| one["name"].as_str().unwrap())
    });
    let simple: Vec<_> = simple.collect();
    for name in ["code", "status", "height_m", "surveyed_on", "in_scope"] {
        assert!(simple.contains(&name), "{name}");
    }
    for (query, expected) in [
        ("limit=1000&code=RS-70327-003", 3),
        ("limit=1000&height_m=45", 1),
    ] {
        let path = format!("/collections/facilities/items?{query}");
        assert_eq!(ask(&service, &path, FEATURES).await.ids(), [expected]);
    }
}

/// 3.34 and later: what its compiler of expressions writes (qgsoapifcql2textexpressioncompiler.cpp), beside
/// what `filters.rs` has.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn expressions_are_handed_over(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (filter, expected) in [
        (r#"("height_m" = 45)"#, &[1][..]),
        (r#"("height_m" <> 45)"#, &[]),
        (r#"(NOT ("height_m" < 45))"#, &[1]),
        (r#"(("height_m" - 5) = 40)"#, &[1]),
        (r#"(("height_m" * 2) = 90)"#, &[1]),
        (r#"(("height_m" / 2) = 22.5)"#, &[1]),
        (r#"(("height_m" % 10) = 5)"#, &[1]),
        (r#"(("height_m" ^ 2) = 2025)"#, &[1]),
        (r#"("height_m" > ( - (5)))"#, &[1]),
        (r#"("name_en" IS NOT NULL)"#, &[1]),
        (r"(code IS 'RS-70327-002')", &[2]),
        (
            r#"((code IS NOT 'RS-70327-001') AND ("surveyed_on" <= DATE('2020-05-01')))"#,
            &[2, 3, 4, 5, 6],
        ),
        (r#"("name_en" LIKE 'Pond%')"#, &[1]),
        (r#"("name_en" NOT LIKE 'Pond%')"#, &[]),
        (r#"((CASEI("name_en") NOT LIKE CASEI('X%')))"#, &[1]),
        (r#"("height_m" NOT BETWEEN 0 AND 44)"#, &[1]),
        (r#"("height_m" IN (44,45,46))"#, &[1]),
        (
            r#"(("in_scope" IS NULL) AND (code IN ('RS-70327-001')))"#,
            &[1],
        ),
        (r#"(("unofficial" = TRUE) OR ("height_m" = 45))"#, &[1]),
        (
            r#"("surveyed_on" = DATE('2020-05-01'))"#,
            &[1, 2, 3, 4, 5, 6],
        ),
        (
            r#"(("updated_at" < TIMESTAMP('2020-01-01T00:00:00.000Z')))"#,
            &[],
        ),
        (
            r#"(("name_en" = 'it''s') OR ("name_en" = 'Pond "A" \\ 1'))"#,
            &[1],
        ),
    ] {
        assert_selects(
            &service,
            &format!("filter={filter}&filter-lang=cql2-text"),
            expected,
        )
        .await;
    }
    // A filter of the layer and one of the request, joined with raw spaces.
    let both =
        r#"filter=(("height_m" = 45)) AND (S_INTERSECTS(geometry,BBOX(21.55,44,21.85,44.1)))"#;
    let query = format!("{both}&filter-lang=cql2-text&filter-crs={CRS84}");
    assert_selects(&service, &query, &[1]).await;
    let point = format!(
        "filter=S_INTERSECTS(geometry,POINT(44.07488 21.6))&filter-lang=cql2-text&filter-crs={EPSG_4326}"
    );
    assert_selects(&service, &point, &[1]).await;
}

/// 3.34 and later: whether a layer may be edited, asked of a feature that need not exist.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn options_are_asked_for(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [
        "facilities/items",
        "facilities/items/1",
        "facilities/items/unknown_id",
    ] {
        let request = Request::builder().method(Method::OPTIONS);
        let request = request.uri(format!("/collections/{path}"));
        let answer = service.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("allow").contains("GET"), "{path}");
    }
}

/// 3.34 and later: queryables; a property whose type is no single word is passed over.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn queryables_are_read(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let path = "/collections/facilities/queryables";
    let queryables = ask(&service, path, "application/schema+json").await.json();
    for (name, kind, format) in [
        ("code", "string", None),
        ("height_m", "number", None),
        ("start_year", "integer", None),
        ("in_scope", "boolean", None),
        ("surveyed_on", "string", Some("date")),
        ("updated_at", "string", Some("date-time")),
    ] {
        let property = &queryables["properties"][name];
        assert_eq!(property["type"], kind, "{name}");
        assert_eq!(property["format"].as_str(), format, "{name}");
    }
}

/// 3.44 and 4: the schema, formats by type, whole files, the first ten features in the system of storage.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_newest_reads_schema_and_formats(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let collection = ask(&service, "/collections/facilities", "application/json").await;
    let collection = collection.json();
    let rel = "http://www.opengis.net/def/rel/ogc/1.0/schema";
    let schema = href(&collection, rel, "application/schema+json");
    let schema = ask(&service, &schema, "application/schema+json")
        .await
        .json();
    let properties = schema["properties"].as_object().unwrap();
    let order = properties
        .values()
        .map(|one| one["x-ogc-propertySeq"].as_i64().unwrap());
    let mut order: Vec<_> = order.collect();
    order.sort_unstable();
    order.dedup();
    assert_eq!(order.len(), properties.len(), "two fields at one place");
    assert!(properties.values().all(|one| one["title"].is_string()));
    let geometry = properties
        .values()
        .find(|one| one["x-ogc-role"] == "primary-geometry");
    assert_eq!(geometry.unwrap()["format"], "geometry-point");
    assert_eq!(collection["itemCount"], 12);
    let storage = collection["storageCrs"].as_str().unwrap();
    let path = format!("/collections/facilities/items?limit=10&crs={storage}");
    assert_eq!(ask(&service, &path, FEATURES).await.ids().len(), 10);
    for (media_type, accept) in [
        ("application/geo+json", "application/geo+json"),
        ("application/flatgeobuf", "application/flatgeobuf"),
        ("application/vnd.ogc.fg+json", "application/fg+json"),
    ] {
        let items = href(&collection, "items", media_type);
        assert_eq!(
            ask(&service, &items, accept).await.header("content-type"),
            media_type
        );
        let whole = href(&collection, "enclosure", media_type);
        assert_eq!(
            ask(&service, &whole, accept).await.header("content-type"),
            media_type
        );
    }
}

/// 3.44 and 4: pages of other formats by the headers `Link`, typed like the page, and `OGC-NumberMatched`.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_of_flatgeobuf_are_followed(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let accept = "application/flatgeobuf";
    let mut answer = ask(&service, "/collections/facilities/items?limit=5", accept).await;
    let mut pages = 1;
    loop {
        assert_eq!(answer.header("ogc-numbermatched"), "12");
        let links = answer.headers.get_all("link").iter();
        let links: Vec<_> = links.map(|link| link.to_str().unwrap()).collect();
        let next = links.iter().find(|link| link.contains("rel=\"next\""));
        let Some(next) = next else { break };
        assert!(next.ends_with("type=\"application/flatgeobuf\""), "{next}");
        let href = next[1..next.find('>').unwrap()].to_owned();
        answer = ask(&service, &href, accept).await;
        pages += 1;
    }
    assert_eq!(pages, 3);
}
