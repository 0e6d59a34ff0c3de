//! Part 3, "Filtering" (OGC 19-079r2, annex A): queryables, their parameters, and filters.

use serde_json::json;
use sqlx::postgres::PgPool;

use super::*;
use crate::every_layer;

const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// `/conf/queryables`: linked, a JSON Schema, and what it lists is all that can be asked by.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn queryables_are_found_and_are_a_schema(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let uri = format!(
            "https://example.org/cadastre/collections/{}/queryables",
            layer.id
        );
        let collection = ok(service, &format!("/collections/{}", layer.id)).await;
        assert_eq!(collection.link(QUERYABLES).as_ref(), Some(&uri));
        let page = ok(service, &items(layer)).await;
        let header = format!("<{uri}>; rel=\"{QUERYABLES}\"; type=\"application/schema+json\"");
        assert!(
            page.headers
                .get_all("link")
                .iter()
                .any(|one| *one == header)
        );
        let answer = service.follow(&uri).await;
        assert_eq!(answer.header("content-type"), "application/schema+json");
        let schema = answer.json();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert_eq!(
            (&schema["$id"], &schema["type"]),
            (&json!(uri), &json!("object"))
        );
        assert_eq!(schema["additionalProperties"], false);
        for (name, property) in schema["properties"].as_object().unwrap() {
            let spatial = property["format"]
                .as_str()
                .is_some_and(|format| format.starts_with("geometry-"));
            // /req/queryables/get-queryables-response: a spatial one has neither type nor reference.
            let described = property["type"].is_string() && !spatial
                || spatial && property.get("type").is_none() && property.get("$ref").is_none();
            assert!(described && property["title"].is_string(), "{name}");
        }
    }
}

/// A value of a property as `name=value` writes it.
fn as_parameter(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        Json::Array(codes) => Some(codes.first()?.as_str()?.to_owned()),
        _ => None,
    }
}

/// The condition that a property has a value, in CQL2 as JSON.
fn condition(name: &str, property: &Json, value: &Json) -> Json {
    let field = json!({ "property": name });
    match (value, property["format"].as_str()) {
        (Json::Array(codes), _) => json!({ "op": "a_contains", "args": [field, [codes[0]]] }),
        (_, Some("date")) => json!({ "op": "=", "args": [field, { "date": value }] }),
        (_, Some("date-time")) => json!({ "op": "=", "args": [field, { "timestamp": value }] }),
        _ => json!({ "op": "=", "args": [field, value] }),
    }
}

/// `/conf/queryables-query-parameters` and `/conf/filter`: each value of each property selects the
/// features that have it, as a parameter, as text and as JSON.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_queryable_selects_what_has_its_value(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    let mut tried = 0;
    for layer in LAYERS {
        let path = items(layer);
        let schema = format!("/collections/{}/queryables", layer.id);
        let schema = ok(service, &schema).await.json();
        let all = ok(service, &path).await.json();
        for (name, property) in schema["properties"].as_object().unwrap() {
            let value_of = |one: &Json| one["properties"].get(name).cloned().unwrap_or_default();
            let values = features(&all).iter().map(value_of);
            let Some((value, parameter)) = values
                .into_iter()
                .find_map(|value| Some((value.clone(), as_parameter(&value)?)))
            else {
                continue;
            };
            let has_it = |one: &&Json| match (value_of(one), &value) {
                (Json::Array(codes), Json::Array(wanted)) => codes.contains(&wanted[0]),
                (found, wanted) => found == *wanted,
            };
            let expected: Vec<_> = features(&all).iter().filter(has_it).collect();
            let expected: Vec<_> = expected.iter().map(|one| one["id"].clone()).collect();
            let tree = condition(name, property, &value).to_string();
            let text = domain::filter::read_json(&tree).unwrap().to_string();
            for query in [
                format!("{name}={}", encoded(&parameter)),
                format!("filter={}", encoded(&text)),
                format!("filter-lang=cql2-json&filter={}", encoded(&tree)),
            ] {
                let found = ok(service, &format!("{path}?{query}")).await;
                assert_eq!(found.ids(), expected, "{path}?{query}");
            }
            tried += 1;
        }
    }
    assert!(tried > 150, "only {tried} values were tried");
}

/// What is no queryable, no filter, no language and no reference system of filters is refused.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_no_filter_is_refused_in_every_layer(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    for layer in LAYERS {
        let path = items(layer);
        for query in [
            "this_is_not_a_queryable=1",
            "filter=this_is_not_a_queryable=1",
            "filter=revision=",
            "filter=revision='invalid'",
            "revision=invalid",
            "filter=%7B%22op%22%3A%22%3D%22%7D&filter-lang=cql2-json",
            "filter=revision=1&filter-lang=sql",
            "filter=S_INTERSECTS(geometry,BBOX(1000000,1000000,2000000,2000000))",
            "filter=S_INTERSECTS(geometry,BBOX(19,42,23,46))&filter-crs=EPSG:31277",
        ] {
            assert_refused(&surveyed.service, &format!("{path}?{query}")).await;
        }
    }
}

/// `/conf/filter/filter-crs-wgs84`: shapes are in longitude and latitude when nothing is said; the box
/// around a layer has everything of it that is somewhere.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn shapes_of_filters_are_in_degrees_by_themselves(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let collection = ok(service, &format!("/collections/{}", layer.id)).await;
        let bbox = collection.json()["extent"]["spatial"]["bbox"][0].clone();
        let all = ok(service, &items(layer)).await.json();
        let expected: Vec<_> = placed(&all).iter().map(|one| one["id"].clone()).collect();
        let tree =
            json!({ "op": "s_intersects", "args": [{ "property": "geometry" }, { "bbox": bbox }] });
        let text = domain::filter::read_json(&tree.to_string())
            .unwrap()
            .to_string();
        for query in [
            format!("filter={}", encoded(&text)),
            format!(
                "filter-lang=cql2-json&filter={}",
                encoded(&tree.to_string())
            ),
        ] {
            let found = ok(service, &format!("{}?{query}", items(layer))).await;
            assert_eq!(found.ids(), expected, "{}: {query}", layer.id);
        }
    }
}
