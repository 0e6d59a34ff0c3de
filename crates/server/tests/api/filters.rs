//! `filter`, `filter-lang`, `filter-crs` and `/functions`.

use axum::http::StatusCode;
use insta::assert_json_snapshot;
use sqlx::postgres::PgPool;

use crate::common::{Answer, Service};

const ITEMS: &str = "/collections/facilities/items";

/// A query as Qt sends it: only what no address may hold is written in per cent.
pub fn as_qt_sends(query: &str) -> String {
    let escaped = query.bytes().map(|byte| match byte {
        b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'%' | 0x80.. => {
            format!("%{byte:02X}")
        }
        _ => char::from(byte).to_string(),
    });
    escaped.collect()
}

async fn ask(service: &Service, query: &str) -> Answer {
    service
        .get(&format!("{ITEMS}?{}", as_qt_sends(query)))
        .await
}

pub async fn assert_selects(service: &Service, query: &str, expected: &[i64]) {
    let answer = ask(service, query).await;
    let body = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, StatusCode::OK, "{query}: {body}");
    assert_eq!(answer.ids(), expected, "{query}");
}

/// What QGIS 3.34 to 3.44 asks for when it hands expressions to the service: operations in brackets,
/// names with an underscore in quotation marks, spaces as they are.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn qgis_hands_its_expressions_to_the_service(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    let text = "filter-lang=cql2-text";
    for (query, expected) in [
        (
            format!("limit=1000&filter=(\"height_m\" > 30)&{text}"),
            &[1][..],
        ),
        (
            format!("limit=2&filter=((\"height_m\" IS NULL))&{text}"),
            &[2, 3],
        ),
        (format!("filter=((\"height_m\" + 5) = 50)&{text}"), &[1]),
        (
            format!("filter=(\"height_m\" = ( - ( - (45))))&{text}"),
            &[1],
        ),
        (
            format!("filter=(\"facility_type\" <> 'tailings_pond')&limit=1&{text}"),
            &[2],
        ),
        (
            format!("filter=((CASEI(\"name_en\") LIKE CASEI('POND%')))&{text}"),
            &[1],
        ),
        (
            format!("filter=(\"name_en\" = 'Pond \"A\" \\\\ 1')&{text}"),
            &[1],
        ),
        (
            format!("filter=(code IN ('RS-70327-003','RS-70327-004'))&{text}"),
            &[3, 4],
        ),
        (
            format!("filter=(NOT ((code NOT IN ('RS-70327-003'))))&{text}"),
            &[3],
        ),
        (
            format!("filter=(\"height_m\" BETWEEN 40 AND 50)&{text}"),
            &[1],
        ),
        (
            format!("filter=(\"surveyed_on\" >= DATE('2020-05-01'))&limit=1&{text}"),
            &[1],
        ),
        (
            format!(
                "filter=(\"updated_at\" > TIMESTAMP('2025-01-01T00:00:00.000Z'))&limit=1&{text}"
            ),
            &[1],
        ),
        (
            format!("filter=(\"unofficial\" IS NOT TRUE)&limit=1&{text}"),
            &[1],
        ),
        (
            format!(
                "filter=S_INTERSECTS(geometry,BBOX(21.55,44,21.85,44.1))&{text}&filter-crs={crs84}"
            ),
            &[1, 2, 3],
        ),
        (
            format!(
                "filter=(S_INTERSECTS(geometry,BBOX(21.55,44,21.85,44.1))) AND \
                 ((\"facility_type\" = 'tailings_pond'))&{text}&filter-crs={crs84}"
            ),
            &[1, 3],
        ),
        (
            format!("filter=S_INTERSECTS(geom,POINT(21.6 44.07488))&{text}&filter-crs={crs84}"),
            &[1],
        ),
    ] {
        assert_selects(&service, &query, expected).await;
    }
}

/// QGIS switches its push-down on by these (qgsoapifprovider.cpp).
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_classes_that_qgis_looks_for_are_declared(pool: PgPool) {
    let service = Service::empty(pool);
    let declared = service.get("/conformance").await.json();
    let declared = declared["conformsTo"].as_array().unwrap();
    for class in [
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/basic-cql2",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-operators",
        "cql2/1.0/conf/basic-spatial-functions",
    ] {
        let uri = format!("http://www.opengis.net/spec/{class}");
        assert!(declared.iter().any(|one| *one == uri), "{uri}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn filters_work_beside_everything_else(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (query, expected) in [
        ("filter=height_m > 30", &[1][..]),
        ("filter=height_m > 30&filter-lang=cql-text", &[1]),
        (
            r#"filter={"op":">","args":[{"property":"height_m"},30]}&filter-lang=cql2-json"#,
            &[1],
        ),
        (
            "filter=facility_type = 'tailings_pond'&bbox=21.55,44,21.85,44.1",
            &[1, 3],
        ),
        (
            "filter=A_CONTAINS(commodities, ('gold'))&district=RS-14&limit=2",
            &[1, 2],
        ),
        ("filter=TRUE&datetime=2021-01-01/..&limit=3", &[7, 8, 9]),
        ("filter=TRUE&as-of=2025-12-31T00:00:00Z", &[]),
        ("filter=ACCENTI(name) LIKE 'jaloviste%12%'", &[12]),
        ("filter-lang=cql2-json&limit=1", &[1]),
    ] {
        assert_selects(&service, query, expected).await;
    }
    let page = ask(&service, "filter=facility_type = 'tailings_pond'&limit=4").await;
    assert_eq!(page.json()["numberMatched"], 6);
    let next = service.follow(&page.link("next").unwrap()).await;
    assert_eq!((next.ids(), next.link("next")), (vec![9, 11], None));
    let other = ask(&service, "filter=facility_type = 'waste_rock_dump'&limit=4").await;
    assert_ne!(other.header("etag"), page.header("etag"));
    let tag = page.header("etag").to_owned();
    let path = format!(
        "{ITEMS}?{}",
        as_qt_sends("filter=facility_type = 'tailings_pond'&limit=4")
    );
    let again = service.get_with(&path, "if-none-match", &tag).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

/// Facility 6 lies at 22.1 E, 44.07488 N; the numbers are those of cs2cs, some hundred metres around
/// it. Axes stand in the order of their reference system.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn shapes_come_in_other_reference_systems(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (code, corners) in [
        (4326, "44.07,22.09,44.08,22.11"),
        (3857, "2459900,5476500,2460400,5477600"),
        (3035, "2407200,5287100,2408300,5288200"),
        (25834, "587600,4880300,588700,4881300"),
        (8682, "587600,4880300,588700,4881300"),
        (32634, "587600,4880300,588700,4881300"),
        (6316, "7588000,4881000,7589200,4882200"),
        (8678, "6828300,4888800,6829300,4889900"),
        (3909, "4881000,7588000,4882200,7589200"),
    ] {
        let query = format!(
            "filter=S_INTERSECTS(geometry,BBOX({corners}))&filter-crs=http://www.opengis.net/def/crs/EPSG/0/{code}"
        );
        assert_selects(&service, &query, &[6]).await;
    }
    let polygon = "POLYGON((4881000 7588000,4882200 7588000,4882200 7589200,4881000 7588000))";
    let query = format!(
        "filter=S_INTERSECTS(geometry,{polygon})&filter-crs=http://www.opengis.net/def/crs/EPSG/0/3909"
    );
    assert_selects(&service, &query, &[6]).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_bad_filter_is_told_where_and_what_to_do(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let long = format!("filter=name = '{}'", "x".repeat(17_000));
    for (query, words) in [
        ("filter=height_m >", &["`filter`", "character 11"][..]),
        (
            "filter=colour = 'red'",
            &["no property `colour`", "/queryables"],
        ),
        ("filter=contact = 'x'", &["no property `contact`"]),
        ("filter=status = 'operatin'", &["'operating'"]),
        ("filter=pg_sleep(1) = 1", &["/functions"]),
        ("filter={}&filter-lang=cql2-json", &["a member op"]),
        (
            "filter=TRUE&filter-lang=sql",
            &["`filter-lang`", "cql2-text"],
        ),
        (
            "filter=TRUE&filter-crs=EPSG:31277",
            &["`filter-crs`", "EPSG/0/6316"],
        ),
        ("filter-crs=here", &["`filter-crs`"]),
        (
            "filter=S_INTERSECTS(geometry,POINT(4881000 7588000))",
            &["filter-crs"],
        ),
        (
            "filter=S_INTERSECTS(geometry,POINT(1e300 1))&filter-crs=http://www.opengis.net/def/crs/EPSG/0/6316",
            &["order of axes"],
        ),
        (&long, &["16384", "…`"]),
        (
            "filter=height_m * 1e308 * 1e308 > 1",
            &["Use smaller numbers"],
        ),
    ] {
        let answer = ask(&service, query).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query:.80}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        for word in words {
            assert!(detail.contains(word), "{query:.80}: {detail}");
        }
    }
    let serbian = ask(&service, "filter=status = 'close'&lang=sr-Cyrl").await;
    assert_json_snapshot!(serbian.json()["detail"], @r#""Параметар `filter` не може бити `status = 'close'`: 'close' није шифра својства `status`; сличне су 'closed', 'closing', 'operating', а све су у шеми слоја (знак 10).""#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_functions_of_filters_are_described(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get("/functions").await;
    assert_json_snapshot!(answer.json(), @r#"
    {
      "links": [
        {
          "href": "https://example.org/cadastre/functions",
          "rel": "self",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/functions?f=html",
          "rel": "alternate",
          "type": "text/html"
        }
      ],
      "functions": [
        {
          "name": "year",
          "description": "The year of a date or a moment (UTC).",
          "arguments": [
            {
              "title": "date or moment",
              "type": [
                "datetime"
              ]
            }
          ],
          "returns": [
            "integer"
          ]
        },
        {
          "name": "length",
          "description": "How many characters a text has.",
          "arguments": [
            {
              "title": "text",
              "type": [
                "string"
              ]
            }
          ],
          "returns": [
            "integer"
          ]
        },
        {
          "name": "distance",
          "description": "The shortest distance between two geometries on the WGS 84 ellipsoid, in metres.",
          "arguments": [
            {
              "title": "first geometry",
              "type": [
                "geometry"
              ]
            },
            {
              "title": "second geometry",
              "type": [
                "geometry"
              ]
            }
          ],
          "returns": [
            "number"
          ]
        }
      ]
    }
    "#);
    for function in answer.json()["functions"].as_array().unwrap() {
        let name = function["name"].as_str().unwrap();
        let query = match name {
            "distance" => "distance(geometry, POINT(21.6 44.07488)) < 10",
            "year" => "year(surveyed_on) = 2020 AND height_m = 45",
            "length" => "length(code) = 12 AND height_m = 45",
            other => panic!("{other} is not tried"),
        };
        assert_selects(&service, &format!("filter={query}"), &[1]).await;
    }
}

/// GDAL sends filters only when the document lists `cql-text`.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_openapi_document_describes_filters(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let document = service.get("/api").await.json();
    let parameters = &document["components"]["parameters"];
    assert_json_snapshot!(parameters["filter-lang"]["schema"], @r#"
    {
      "type": "string",
      "enum": [
        "cql2-text",
        "cql2-json",
        "cql-text"
      ],
      "default": "cql2-text"
    }
    "#);
    let items = &document["paths"]["/collections/facilities/items"]["get"]["parameters"];
    for name in ["filter", "filter-lang", "filter-crs"] {
        let reference = format!("#/components/parameters/{name}");
        let mut listed = items.as_array().unwrap().iter();
        assert!(listed.any(|one| one["$ref"] == reference), "{name}");
    }
}
