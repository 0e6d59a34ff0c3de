//! `/collections` and the documents of a layer.

use insta::assert_json_snapshot;
use serde_json::Value as Json;
use sqlx::postgres::PgPool;

use crate::common::Service;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn only_layers_with_data_are_listed(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let list = service.get("/collections").await.json();
    let ids: Vec<_> = list["collections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    assert_eq!(ids, ["facilities", "districts"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_collection_as_clients_get_it(pool: PgPool) {
    let service = Service::with_data(pool).await;
    assert_json_snapshot!(service.get("/collections/facilities").await.json(), @r#"
    {
      "id": "facilities",
      "title": "Mining waste facilities",
      "description": "Tailings ponds, waste dumps and other mining-waste facilities with all their attributes. The point lies inside the surveyed outline where there is one, else at the best known place, with its accuracy.",
      "itemType": "feature",
      "itemCount": 12,
      "crs": [
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "http://www.opengis.net/def/crs/EPSG/0/3857",
        "http://www.opengis.net/def/crs/EPSG/0/3035",
        "http://www.opengis.net/def/crs/EPSG/0/25834",
        "http://www.opengis.net/def/crs/EPSG/0/8682",
        "http://www.opengis.net/def/crs/EPSG/0/32634",
        "http://www.opengis.net/def/crs/EPSG/0/6316",
        "http://www.opengis.net/def/crs/EPSG/0/8678",
        "http://www.opengis.net/def/crs/EPSG/0/3908",
        "http://www.opengis.net/def/crs/EPSG/0/3909"
      ],
      "storageCrs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
      "extent": {
        "spatial": {
          "bbox": [
            [
              21.6,
              44.07488,
              22.6,
              44.07488
            ]
          ],
          "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        },
        "temporal": {
          "interval": [
            [
              "2020-05-01T00:00:00Z",
              "2020-05-01T23:59:59Z"
            ]
          ],
          "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
        }
      },
      "links": [
        {
          "href": "https://example.org/cadastre/collections/facilities",
          "rel": "self",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items",
          "rel": "items",
          "type": "application/geo+json",
          "title": "Mining waste facilities"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/feature-schema",
          "rel": "describedby",
          "type": "application/schema+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/feature-schema",
          "rel": "describedBy",
          "type": "application/schema+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/schema",
          "rel": "http://www.opengis.net/def/rel/ogc/1.0/schema",
          "type": "application/schema+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/queryables",
          "rel": "http://www.opengis.net/def/rel/ogc/1.0/queryables",
          "type": "application/schema+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/sortables",
          "rel": "http://www.opengis.net/def/rel/ogc/1.0/sortables",
          "type": "application/schema+json"
        },
        {
          "href": "https://example.org/cadastre/collections",
          "rel": "parent",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=geojsonseq",
          "rel": "items",
          "type": "application/geo+json-seq",
          "title": "GeoJSON text sequence"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=jsonfg",
          "rel": "items",
          "type": "application/vnd.ogc.fg+json",
          "title": "JSON-FG"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=csv",
          "rel": "items",
          "type": "text/csv",
          "title": "Table (CSV)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=fgb",
          "rel": "items",
          "type": "application/flatgeobuf",
          "title": "FlatGeobuf"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=gpkg",
          "rel": "items",
          "type": "application/geopackage+sqlite3",
          "title": "GeoPackage"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=xlsx",
          "rel": "items",
          "type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "title": "Excel workbook"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=shp",
          "rel": "items",
          "type": "application/zip",
          "title": "Shapefile (loses data)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=kml",
          "rel": "items",
          "type": "application/vnd.google-earth.kml+xml",
          "title": "KML"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=erml",
          "rel": "items",
          "type": "application/gml+xml;version=3.2",
          "title": "EarthResourceML-Lite, MiningWasteView"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=global-registry",
          "rel": "items",
          "type": "text/csv",
          "title": "Table of the Global Registry of TSFs"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?f=html",
          "rel": "items",
          "type": "text/html",
          "title": "Page"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/json",
          "rel": "enclosure",
          "type": "application/geo+json",
          "title": "GeoJSON (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/geojsonseq",
          "rel": "enclosure",
          "type": "application/geo+json-seq",
          "title": "GeoJSON text sequence (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/jsonfg",
          "rel": "enclosure",
          "type": "application/vnd.ogc.fg+json",
          "title": "JSON-FG (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/csv",
          "rel": "enclosure",
          "type": "text/csv",
          "title": "Table (CSV) (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/fgb",
          "rel": "enclosure",
          "type": "application/flatgeobuf",
          "title": "FlatGeobuf (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/gpkg",
          "rel": "enclosure",
          "type": "application/geopackage+sqlite3",
          "title": "GeoPackage (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/xlsx",
          "rel": "enclosure",
          "type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "title": "Excel workbook (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/shp",
          "rel": "enclosure",
          "type": "application/zip",
          "title": "Shapefile (loses data) (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/kml",
          "rel": "enclosure",
          "type": "application/vnd.google-earth.kml+xml",
          "title": "KML (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/erml",
          "rel": "enclosure",
          "type": "application/gml+xml;version=3.2",
          "title": "EarthResourceML-Lite, MiningWasteView (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/download/global-registry",
          "rel": "enclosure",
          "type": "text/csv",
          "title": "Table of the Global Registry of TSFs (12)"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/template.gpkg",
          "rel": "edit-form",
          "type": "application/geopackage+sqlite3",
          "title": "GeoPackage with a form for work in the field"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/tiles",
          "rel": "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
          "type": "application/json"
        }
      ]
    }
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn titles_come_in_three_languages(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (lang, title) in [
        ("sr-Latn", "Objekti rudarskog otpada"),
        ("sr-Cyrl", "Објекти рударског отпада"),
        ("en", "Mining waste facilities"),
    ] {
        let answer = service
            .get(&format!("/collections/facilities?lang={lang}"))
            .await;
        assert_eq!(answer.json()["title"], title);
        assert_eq!(answer.header("content-language"), lang);
    }
}

/// A property's type is one text, never a list: QGIS skips those.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_schema_says_type_unit_and_order_of_every_field(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get("/collections/facilities/schema").await;
    assert_eq!(answer.header("content-type"), "application/schema+json");
    let schema = answer.json();
    let properties = schema["properties"].as_object().unwrap();
    let mut order: Vec<i64> = Vec::new();
    for (name, property) in properties {
        order.push(property["x-ogc-propertySeq"].as_i64().unwrap());
        if name != "geometry" {
            assert!(property["type"].is_string(), "{name}");
        }
    }
    order.dedup();
    assert_eq!(order.len(), properties.len());
    let picked: Vec<(&str, Json)> = [
        "id",
        "geometry",
        "height_m",
        "surveyed_on",
        "municipality",
        "updated_at",
    ]
    .map(|name| (name, properties[name].clone()))
    .to_vec();
    assert_json_snapshot!(picked, @r#"
    [
      [
        "id",
        {
          "type": "integer",
          "title": "id",
          "readOnly": true,
          "x-ogc-role": "id",
          "x-ogc-propertySeq": 1
        }
      ],
      [
        "geometry",
        {
          "title": "Geometry",
          "format": "geometry-point",
          "x-ogc-role": "primary-geometry",
          "x-ogc-propertySeq": 2
        }
      ],
      [
        "height_m",
        {
          "title": "Height (m)",
          "type": "number",
          "x-ogc-unit": "m",
          "x-ogc-unitLang": "UCUM",
          "x-ogc-propertySeq": 19
        }
      ],
      [
        "surveyed_on",
        {
          "title": "Date of survey",
          "type": "string",
          "format": "date",
          "x-ogc-role": "primary-instant",
          "x-ogc-propertySeq": 27
        }
      ],
      [
        "municipality",
        {
          "title": "Municipality",
          "type": "string",
          "pattern": "^[0-9]{5}$",
          "x-ogc-propertySeq": 11
        }
      ],
      [
        "updated_at",
        {
          "title": "Entered in the register",
          "type": "string",
          "format": "date-time",
          "x-ogc-propertySeq": 35,
          "readOnly": true
        }
      ]
    ]
    "#);
    assert_eq!(properties["status"]["oneOf"][2]["const"], "operating");
}

/// GDAL reads a field's type at `properties.properties.properties` of what `describedby` names.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_whole_feature_is_described_for_gdal(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let collection = service.get("/collections/facilities").await;
    let schema = service
        .follow(&collection.link("describedBy").unwrap())
        .await
        .json();
    let members = &schema["properties"];
    assert_eq!(
        members["geometry"]["properties"]["type"]["enum"][0],
        "Point"
    );
    let fields = &members["properties"]["properties"];
    assert_eq!(fields["area_m2"]["type"], "number");
    assert_eq!(fields["surveyed_on"]["format"], "date");
    assert!(fields.get("id").is_none() && fields.get("contact").is_none());
}

/// A spatial queryable has a format and neither a type nor a `$ref`.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn queryables_are_the_filterable_fields(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let queryables = service
        .get("/collections/facilities/queryables")
        .await
        .json();
    assert_eq!(queryables["additionalProperties"], false);
    let geometry = &queryables["properties"]["geometry"];
    assert_eq!(geometry["format"], "geometry-point");
    assert!(geometry.get("type").is_none() && geometry.get("$ref").is_none());
    assert!(queryables["properties"].get("remarks").is_none());
    assert_eq!(queryables["properties"]["district"]["type"], "string");
}
