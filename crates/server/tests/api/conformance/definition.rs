//! What the official suite reads of the `OpenAPI` document, and the document beside the service.

use serde_json::json;
use sqlx::postgres::PgPool;

use super::*;
use crate::every_layer;

/// A parameter of an operation, by reference or in place.
fn resolved<'d>(document: &'d Json, parameter: &'d Json) -> &'d Json {
    let target = parameter["$ref"].as_str();
    let target = target.map(|target| document.pointer(&target[1..]).unwrap());
    target.unwrap_or(parameter)
}

/// The parameters of an operation.
pub fn parameters<'d>(document: &'d Json, operation: &'d Json) -> Vec<&'d Json> {
    let parameters = operation["parameters"].as_array().unwrap();
    let all = parameters.iter().map(|one| resolved(document, one));
    all.collect()
}

/// The paths of the document that everybody may get.
pub fn open_paths(document: &Json) -> Vec<(&String, &Json)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let is_open = |item: &&Json| item["get"].is_object() && item["get"]["security"].is_null();
    paths.filter(|(_, item)| is_open(item)).collect()
}

/// A path of the document with a value for each part in braces; `id` is that of a feature.
pub fn filled(document: &Json, path: &str, operation: &Json, id: &str) -> String {
    let parameters = parameters(document, operation);
    let in_path = parameters.iter().filter(|one| one["in"] == "path");
    in_path.fold(path.to_owned(), |path, parameter| {
        let name = parameter["name"].as_str().unwrap();
        let value = match name {
            "featureId" => id,
            "code" if path.contains("/districts/") => "RS-14",
            "code" if path.contains("/municipalities/") => "70327",
            "code" => "RS22",
            "style" => "hillshade",
            "tileMatrix" | "z" => "0",
            _ => {
                let first = &parameter["schema"]["enum"][0];
                first.as_str().unwrap_or("0")
            }
        };
        path.replace(&format!("{{{name}}}"), value)
    })
}

/// A.2.8: `bbox`, `limit` and `datetime` are defined as the standard defines them, at the literal path of
/// each collection.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_parameters_of_the_core_are_defined_as_it_wants_them(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let document = ok(&surveyed.service, "/api").await.json();
    for layer in LAYERS {
        let operation = &document["paths"][items(layer)]["get"];
        let parameters = parameters(&document, operation);
        let named = |name: &str| parameters.iter().find(|one| one["name"] == name).unwrap();
        for name in ["bbox", "limit", "datetime"] {
            let one = named(name);
            assert_eq!(
                (&one["in"], &one["required"], &one["style"], &one["explode"]),
                (
                    &json!("query"),
                    &json!(false),
                    &json!("form"),
                    &json!(false)
                )
            );
        }
        let bbox = &named("bbox")["schema"];
        let wanted =
            json!({ "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } });
        assert_eq!(bbox, &wanted, "{}", layer.id);
        let limit = &named("limit")["schema"];
        assert_eq!(limit["type"], "integer");
        assert!(limit["minimum"] == 1 && limit["default"].is_i64() && limit["maximum"].is_i64());
        assert_eq!(named("datetime")["schema"], json!({ "type": "string" }));
        // GDAL takes the page size from the first reference that has "limit" in it.
        let references = operation["parameters"].as_array().unwrap().iter();
        let references: Vec<_> = references.filter_map(|one| one["$ref"].as_str()).collect();
        let limits = references.iter().filter(|one| one.contains("limit"));
        assert_eq!(
            limits.collect::<Vec<_>>(),
            [&"#/components/parameters/limit"],
            "{}",
            layer.id
        );
    }
}

/// What the document says of an address. It is small: clients read all of it on each connection.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_address_is_described_by_its_formats_and_answers(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let answer = ok(&surveyed.service, "/api").await;
    let bytes = answer.body.len();
    assert!(bytes < 400_000, "{bytes} bytes");
    let document = answer.json();
    let items = &document["paths"][items(LAYERS[0])]["get"]["responses"]["200"];
    let described = json!({
        "schema": document["paths"]["/collections/dams/schema"]["get"],
        "headers of features": items["headers"],
        "GeoJSON": items["content"]["application/geo+json"],
        "FlatGeobuf": items["content"]["application/flatgeobuf"],
        "headers": document["components"]["headers"],
    });
    insta::assert_json_snapshot!(described, @r##"
    {
      "schema": {
        "operationId": "schema_dams",
        "summary": "Dams",
        "parameters": [
          {
            "name": "f",
            "in": "query",
            "required": false,
            "description": "Format",
            "schema": {
              "type": "string",
              "enum": [
                "json",
                "html"
              ]
            }
          },
          {
            "$ref": "#/components/parameters/lang"
          }
        ],
        "responses": {
          "200": {
            "description": "The answer",
            "content": {
              "application/schema+json": {
                "schema": {
                  "$ref": "#/components/schemas/fields"
                }
              },
              "text/html": {
                "schema": {
                  "type": "string"
                }
              }
            }
          },
          "304": {
            "description": "The same as the client has"
          },
          "400": {
            "$ref": "#/components/responses/400"
          },
          "404": {
            "$ref": "#/components/responses/404"
          },
          "406": {
            "$ref": "#/components/responses/406"
          },
          "500": {
            "$ref": "#/components/responses/500"
          },
          "503": {
            "$ref": "#/components/responses/503"
          }
        }
      },
      "headers of features": {
        "Content-Crs": {
          "$ref": "#/components/headers/Content-Crs"
        },
        "ETag": {
          "$ref": "#/components/headers/ETag"
        }
      },
      "GeoJSON": {
        "schema": {
          "$ref": "#/components/schemas/featureCollection"
        }
      },
      "FlatGeobuf": {
        "schema": {
          "type": "string",
          "format": "binary"
        }
      },
      "headers": {
        "Content-Crs": {
          "description": "The coordinate reference system of the answer, between < and >",
          "required": true,
          "schema": {
            "type": "string"
          }
        },
        "ETag": {
          "description": "The tag of this version",
          "required": true,
          "schema": {
            "type": "string"
          }
        }
      }
    }
    "##);
}

/// Every link leads to an address that the document describes.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_linked_is_documented(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    let document = ok(service, "/api").await.json();
    let paths: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let fits = |path: &str, template: &str| {
        let (path, template) = (path.split('/'), template.split('/'));
        path.clone().count() == template.clone().count()
            && path
                .zip(template)
                .all(|(one, other)| other.starts_with('{') || one == other)
    };
    let mut waiting = vec!["/?f=json".to_owned()];
    for layer in LAYERS {
        let id = ok(service, &items(layer)).await.ids()[0];
        waiting.extend([
            format!("/collections/{}", layer.id),
            items(layer),
            format!("{}/{id}", items(layer)),
        ]);
    }
    for path in waiting {
        let answer = ok(service, &path).await.json();
        for link in answer["links"].as_array().unwrap() {
            let href = link["href"].as_str().unwrap();
            let target = href.strip_prefix("https://example.org/cadastre").unwrap();
            let target = target.split('?').next().unwrap();
            let known = paths.iter().any(|template| fits(target, template));
            assert!(known, "{target}, linked by {path}, is not described");
        }
    }
}

/// An answer of each operation: its status and media type stand in the document.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_operation_answers_as_documented(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    let document = ok(service, "/api").await.json();
    let id = surveyed.terrain.rsplit('/').next().unwrap();
    for (template, operation) in open_paths(&document) {
        let operation = &operation["get"];
        let path = filled(&document, template, operation, id);
        let formats = parameters(&document, operation);
        let formats = formats.iter().find(|one| one["name"] == "f");
        let names = formats.map(|one| one["schema"]["enum"].as_array().unwrap());
        let queries = names.map_or(vec![path.clone()], |names| {
            let with = |name: &Json| format!("{path}?f={}", name.as_str().unwrap());
            names.iter().map(with).collect()
        });
        for query in queries {
            let answer = service.get(&query).await;
            let documented = &operation["responses"][answer.status.as_str()];
            let documented = resolved(&document, documented);
            let content = documented["content"].as_object();
            let content = content.unwrap_or_else(|| panic!("{query}: {}", answer.status));
            let essence = |text: &str| text.split(';').next().unwrap().to_owned();
            let media_type = essence(answer.header("content-type"));
            assert!(
                content.keys().any(|one| essence(one) == media_type),
                "{query}: {media_type}"
            );
        }
    }
}
