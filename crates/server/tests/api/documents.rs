//! The landing page, the conformance declaration and the `OpenAPI` document.

use insta::assert_json_snapshot;
use openapiv3::OpenAPI;
use serde_json::Value as Json;
use sqlx::postgres::PgPool;

use crate::common::Service;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_landing_page_has_the_links_that_clients_start_from(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get_with("/", "accept", "application/json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_json_snapshot!(answer.json()["links"], @r#"
    [
      {
        "href": "https://example.org/cadastre/",
        "rel": "self",
        "type": "application/json"
      },
      {
        "href": "https://example.org/cadastre/?f=html",
        "rel": "alternate",
        "type": "text/html"
      },
      {
        "href": "https://example.org/cadastre/api",
        "rel": "service-desc",
        "type": "application/vnd.oai.openapi+json;version=3.0",
        "title": "OpenAPI 3.0"
      },
      {
        "href": "https://example.org/cadastre/api.html",
        "rel": "service-doc",
        "type": "text/html"
      },
      {
        "href": "https://example.org/cadastre/conformance",
        "rel": "conformance",
        "type": "application/json"
      },
      {
        "href": "https://example.org/cadastre/collections",
        "rel": "data",
        "type": "application/json"
      },
      {
        "href": "https://example.org/cadastre/tileMatrixSets",
        "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
        "type": "application/json"
      },
      {
        "href": "https://example.org/cadastre/functions",
        "rel": "http://www.opengis.net/def/rel/ogc/1.0/functions",
        "type": "application/json"
      },
      {
        "href": "https://example.org/cadastre/revisions",
        "rel": "urn:mining-waste-cadastre:rel:revisions",
        "type": "application/json"
      },
      {
        "href": "https://example.org/cadastre/changes",
        "rel": "urn:mining-waste-cadastre:rel:changes",
        "type": "application/json"
      },
      {
        "href": "https://example.org/cadastre/tiles",
        "rel": "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
        "type": "application/json"
      },
      {
        "href": "https://example.org/cadastre/styles",
        "rel": "http://www.opengis.net/def/rel/ogc/1.0/styles",
        "type": "application/json"
      }
    ]
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn people_get_a_page(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service
        .get_with("/?lang=sr-Cyrl", "accept", "text/html,*/*;q=0.8")
        .await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(
        answer
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    let page = String::from_utf8(answer.body).unwrap();
    for part in [
        "<html lang=\"sr-Cyrl\">",
        "Објекти рударског отпада",
        "https://example.org/cadastre/",
        ">12<",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_link_of_the_service_answers(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let mut waiting = vec!["https://example.org/cadastre/?f=json".to_owned()];
    let mut seen: Vec<String> = Vec::new();
    while let Some(href) = waiting.pop() {
        if seen.contains(&href) {
            continue;
        }
        let answer = service.follow(&href).await;
        assert!(answer.status.is_success(), "{href}: {}", answer.status);
        seen.push(href);
        let content_type = answer.header("content-type");
        if content_type.contains("json") && !content_type.ends_with("-seq") {
            links(&answer.json(), &mut waiting);
        }
    }
    assert!(seen.len() >= 56, "{seen:?}");
}

fn links(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::Object(members) => {
            if let (Some(Json::String(href)), true) =
                (members.get("href"), members.contains_key("rel"))
                && members.get("templated") != Some(&Json::Bool(true))
            {
                found.push(href.clone());
            }
            members.values().for_each(|member| links(member, found));
        }
        Json::Array(members) => members.iter().for_each(|member| links(member, found)),
        _ => {}
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn conformance_names_what_the_tests_prove(pool: PgPool) {
    let service = Service::empty(pool);
    assert_json_snapshot!(service.get("/conformance").await.json(), @r#"
    {
      "conformsTo": [
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
        "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
        "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/returnables-and-receivables",
        "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/sortables",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
        "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
        "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
        "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
        "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
        "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
        "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sortables",
        "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sorting",
        "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/features-sorting",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/datetime",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
        "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
        "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
        "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
        "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
        "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
        "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
        "http://www.opengis.net/spec/cql2/1.0/conf/functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-operators",
        "http://www.opengis.net/spec/cql2/0.0/conf/basic-spatial-operators"
      ]
    }
    "#);
}

/// What QGIS and GDAL read of it: the exact media type, literal paths, the component `limit`.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_openapi_document_is_valid_and_says_what_clients_look_for(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get("/api").await;
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.oai.openapi+json;version=3.0"
    );
    let json = answer.json();
    let parsed: OpenAPI = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(parsed.openapi, "3.0.3");
    let limit = &json["components"]["parameters"]["limit"]["schema"];
    assert_eq!(
        (limit["default"].as_i64(), limit["maximum"].as_i64()),
        (Some(1_000), Some(10_000))
    );
    let bbox = &json["components"]["parameters"]["bbox"];
    assert_eq!(
        (&bbox["style"], &bbox["explode"]),
        (&"form".into(), &false.into())
    );
    let parameters = json["paths"]["/collections/facilities/items"]["get"]["parameters"]
        .as_array()
        .unwrap();
    assert!(
        parameters
            .iter()
            .any(|one| one["$ref"] == "#/components/parameters/limit")
    );
    let district = json.pointer("/components/parameters/facilities.district");
    assert_eq!(
        district.map(|one| (&one["name"], &one["in"])),
        Some((&"district".into(), &"query".into()))
    );
    assert!(
        parameters
            .iter()
            .any(|one| one["$ref"] == "#/components/parameters/facilities.district")
    );
    references(&json, &json);
    let mut ids = operation_ids(&json);
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "operation ids repeat");
}

/// Every `$ref` names something that is there.
fn references(node: &Json, root: &Json) {
    match node {
        Json::Object(members) => {
            if let Some(Json::String(target)) = members.get("$ref") {
                let pointer = target.strip_prefix('#').unwrap();
                assert!(root.pointer(pointer).is_some(), "{target}");
            }
            members.values().for_each(|member| references(member, root));
        }
        Json::Array(members) => members.iter().for_each(|member| references(member, root)),
        _ => {}
    }
}

fn operation_ids(json: &Json) -> Vec<String> {
    let items = json["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    operations
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect()
}
