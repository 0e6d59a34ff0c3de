//! `/collections/{layer}/items` and `/items/{id}`.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use sqlx::postgres::PgPool;

use crate::common::Service;

const ITEMS: &str = "/collections/facilities/items";

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_feature_as_clients_get_it(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get("/collections/facilities/items/1").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert_eq!(
        answer.header("content-crs"),
        "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    );
    assert_json_snapshot!(answer.json(), @r#"
    {
      "type": "Feature",
      "id": 1,
      "geometry": {
        "type": "Point",
        "coordinates": [
          21.6,
          44.07488
        ]
      },
      "properties": {
        "code": "RS-70327-001",
        "name": "Јаловиште \"1\"",
        "name_latin": "Jalovište \"1\"",
        "name_en": "Pond \"A\" \\ 1",
        "facility_type": "tailings_pond",
        "status": "operating",
        "mine": null,
        "operator": null,
        "municipality": "70327",
        "district": "RS-14",
        "statistical_region": "RS22",
        "commodities": [
          "copper",
          "gold"
        ],
        "waste_code": null,
        "waste_storage": null,
        "in_scope": null,
        "raising_method": null,
        "height_m": 45.0,
        "crest_level_m": null,
        "area_m2": null,
        "volume_m3": null,
        "mass_t": null,
        "start_year": null,
        "end_year": null,
        "event_note": null,
        "surveyed_on": "2020-05-01",
        "observation_method": null,
        "location_accuracy_m": null,
        "unofficial": null,
        "external_id": null,
        "source": null,
        "remarks": null,
        "revision": 2,
        "updated_at": "2026-01-01T00:00:00Z"
      },
      "links": [
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1",
          "rel": "self",
          "type": "application/geo+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1?f=geojsonseq",
          "rel": "alternate",
          "type": "application/geo+json-seq"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1?f=jsonfg",
          "rel": "alternate",
          "type": "application/vnd.ogc.fg+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1?f=csv",
          "rel": "alternate",
          "type": "text/csv"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1?f=fgb",
          "rel": "alternate",
          "type": "application/flatgeobuf"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1?f=kml",
          "rel": "alternate",
          "type": "application/vnd.google-earth.kml+xml"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1?f=erml",
          "rel": "alternate",
          "type": "application/gml+xml;version=3.2"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1?f=global-registry",
          "rel": "alternate",
          "type": "text/csv"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1?f=html",
          "rel": "alternate",
          "type": "text/html"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities",
          "rel": "collection",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1/history",
          "rel": "version-history",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items/1/provenance",
          "rel": "http://www.w3.org/ns/prov#has_provenance",
          "type": "application/json"
        }
      ]
    }
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_page_as_clients_get_it(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service
        .get("/collections/facilities/items?limit=1&status=operating")
        .await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    let mut page = answer.json();
    page["timeStamp"] = "now".into();
    page["features"] = page["features"].as_array().unwrap().len().into();
    assert_json_snapshot!(page, @r#"
    {
      "type": "FeatureCollection",
      "features": 1,
      "numberReturned": 1,
      "timeStamp": "now",
      "links": [
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating",
          "rel": "self",
          "type": "application/geo+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=geojsonseq",
          "rel": "alternate",
          "type": "application/geo+json-seq"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=jsonfg",
          "rel": "alternate",
          "type": "application/vnd.ogc.fg+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=csv",
          "rel": "alternate",
          "type": "text/csv"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=fgb",
          "rel": "alternate",
          "type": "application/flatgeobuf"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=gpkg",
          "rel": "alternate",
          "type": "application/geopackage+sqlite3"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=xlsx",
          "rel": "alternate",
          "type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=shp",
          "rel": "alternate",
          "type": "application/zip"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=kml",
          "rel": "alternate",
          "type": "application/vnd.google-earth.kml+xml"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=erml",
          "rel": "alternate",
          "type": "application/gml+xml;version=3.2"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=global-registry",
          "rel": "alternate",
          "type": "text/csv"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&f=html",
          "rel": "alternate",
          "type": "text/html"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/items?limit=1&status=operating&cursor=1",
          "rel": "next",
          "type": "application/geo+json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities",
          "rel": "collection",
          "type": "application/json"
        }
      ],
      "numberMatched": 12
    }
    "#);
}

/// QGIS 3.34 to 3.44 corrupts `\"` and `\\` in JSON texts, so they are written as `\u0022`, `\u005c`.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn quotes_in_texts_survive_qgis(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service.get("/collections/facilities/items/1").await;
    let text = String::from_utf8(answer.body.clone()).unwrap();
    assert!(text.contains(r#""Pond \u0022A\u0022 \u005c 1""#), "{text}");
    assert_eq!(answer.json()["properties"]["name_en"], r#"Pond "A" \ 1"#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn restricted_fields_leave_by_no_door(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [
        ITEMS,
        "/collections/facilities/items/1",
        "/collections/facilities/schema",
        "/collections/facilities/feature-schema",
        "/collections/facilities/queryables",
        "/api",
        "/api.html",
    ] {
        let answer = service.get(path).await;
        let text = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(
            !text.contains("Petrović") && !text.contains("contact"),
            "{path}"
        );
    }
    let guess = service
        .get("/collections/facilities/items?contact=Petar")
        .await;
    assert_eq!(guess.status, StatusCode::BAD_REQUEST);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn next_links_reach_every_feature_once(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let mut answer = service
        .get("/collections/facilities/items?limit=5&district=RS-14")
        .await;
    let mut seen = answer.ids();
    let mut matched = vec![answer.json()["numberMatched"].clone()];
    while let Some(next) = answer.link("next") {
        answer = service.follow(&next).await;
        seen.extend(answer.ids());
        matched.push(answer.json()["numberMatched"].clone());
    }
    assert_eq!(seen, (1..=12).collect::<Vec<_>>());
    assert_eq!(matched, [12, 12, 12]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn conditions_select_together(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (query, expected) in [
        ("bbox=21.55,44,21.85,44.1", &[1, 2, 3, 12][..]),
        ("bbox=21.55,44,-100,21.85,44.1,900", &[1, 2, 3, 12]),
        ("bbox=22.55,44,-170,45", &[11, 12]),
        ("facility_type=waste_rock_dump", &[2, 4, 6, 8, 10, 12]),
        (
            "facility_type=waste_rock_dump&bbox=21.55,44,21.85,44.1",
            &[2, 12],
        ),
        ("commodities=gold&limit=2", &[1, 2]),
        ("height_m=45", &[1]),
        ("offset=10", &[11, 12]),
        ("offset=100", &[]),
        ("datetime=2021-01-01/..&limit=3", &[7, 8, 9]),
        (
            "datetime=0000-01-01T00:00:00Z%2F2020-05-01T00:00:00Z&limit=1",
            &[1],
        ),
        ("as-of=2025-12-31T00:00:00Z", &[]),
        ("as-of=2026-01-02&limit=1", &[1]),
        ("district=RS-20", &[]),
    ] {
        let answer = service.get(&format!("{ITEMS}?{query}")).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{query}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        assert_eq!(answer.ids(), expected, "{query}");
        assert_eq!(answer.json()["numberReturned"], expected.len());
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_limit_above_the_maximum_is_clamped(pool: PgPool) {
    let service = Service::with_data(pool).await;
    assert_eq!(
        service
            .get("/collections/facilities/items?limit=99999999999")
            .await
            .ids()
            .len(),
        12
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_a_client_has_is_not_sent_again(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [ITEMS, "/collections/facilities/items/1"] {
        let tag = service.get(path).await.header("etag").to_owned();
        let again = service.get_with(path, "if-none-match", &tag).await;
        assert_eq!(
            (again.status, again.body.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{path}"
        );
        assert_eq!(again.header("etag"), tag);
        let other = service.get_with(path, "if-none-match", "\"other\"").await;
        assert_eq!(other.status, StatusCode::OK);
    }
    assert!(
        service
            .get("/collections/facilities/items/1")
            .await
            .header("etag")
            .starts_with('"')
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_tag_changes_with_the_data_and_the_question(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let before = service.get(ITEMS).await.header("etag").to_owned();
    let filtered = service.get("/collections/facilities/items?limit=3").await;
    assert_ne!(filtered.header("etag"), before);
    let layer = &domain::layers::FACILITIES;
    let closed = crate::common::record(
        layer,
        &[("code", "RS-70327-001"), ("status", "closed")],
        None,
    );
    service.publish(vec![closed]).await;
    assert_ne!(service.get(ITEMS).await.header("etag"), before);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn head_has_the_headers_alone(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let head = service
        .send(Request::head(ITEMS).body(Body::empty()).unwrap())
        .await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_snapshot!(head.header("content-type"), @"application/geo+json");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_layer_without_data_answers_with_nothing(pool: PgPool) {
    let service = Service::empty(pool);
    let answer = service.get(ITEMS).await;
    assert_eq!((answer.status, answer.ids()), (StatusCode::OK, vec![]));
    assert_eq!(answer.json()["numberMatched"], 0);
}
