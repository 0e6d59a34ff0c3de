//! Part 1, "Core" (OGC 17-069r4, annex A.2).

use chrono::{DateTime, Utc};
use sqlx::postgres::PgPool;

use super::*;
use crate::every_layer;

/// A.2.6, A.2.7: what a layer says of itself is the same alone and among all.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_collection_is_described_once(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    let list = ok(service, "/collections").await.json();
    let collections = list["collections"].as_array().unwrap();
    let ids: Vec<_> = collections.iter().map(|one| one["id"].clone()).collect();
    let layers: Vec<_> = LAYERS.iter().map(|layer| layer.id).collect();
    assert_eq!(ids, layers);
    assert!(list["links"].as_array().unwrap().iter().all(is_whole));
    for one in collections {
        let id = one["id"].as_str().unwrap();
        let alone = ok(service, &format!("/collections/{id}")).await.json();
        assert_eq!(*one, alone, "{id}");
        assert!(one["links"].as_array().unwrap().iter().all(is_whole));
        let features = ok(service, &format!("/collections/{id}/items"))
            .await
            .json();
        let extent = one["extent"]["spatial"]["bbox"][0].as_array().unwrap();
        let extent: Vec<f64> = extent.iter().map(|side| side.as_f64().unwrap()).collect();
        for feature in placed(&features) {
            let [lon, lat] = position(&feature["geometry"]);
            let inside = (extent[0]..=extent[2]).contains(&lon);
            assert!(inside && (extent[1]..=extent[3]).contains(&lat), "{id}");
        }
        assert_eq!(one["itemCount"], features["numberMatched"], "{id}");
    }
}

/// A.2.8: the parts of a page.
#[sqlx::test(migrator = "store::MIGRATIONS")]
#[expect(clippy::disallowed_methods, reason = "an answer says when it was made")]
async fn every_page_has_its_parts(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    for layer in LAYERS {
        let path = items(layer);
        let before = Utc::now();
        let answer = ok(&surveyed.service, &path).await;
        assert_eq!(answer.header("content-type"), "application/geo+json");
        let page = answer.json();
        assert_eq!(page["type"], "FeatureCollection", "{path}");
        assert_eq!(page["numberReturned"], features(&page).len(), "{path}");
        let made: DateTime<Utc> = page["timeStamp"].as_str().unwrap().parse().unwrap();
        let second = chrono::TimeDelta::seconds(1);
        assert!(
            before - second <= made && made <= Utc::now() + second,
            "{path}"
        );
        assert!(page["links"].as_array().unwrap().iter().all(is_whole));
        for feature in features(&page) {
            assert_eq!(feature["type"], "Feature", "{path}");
            assert!(feature["id"].is_i64() && feature["properties"].is_object());
            assert!(feature.get("geometry").is_some(), "{path}");
        }
        assert_eq!(
            answer.link("self").unwrap(),
            format!("https://example.org/cadastre{path}")
        );
    }
}

/// A.2.8 and A.2.9, links: every other format of a page and of a feature is linked, and is what its link
/// says.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_format_is_linked_and_is_of_its_type(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let id = ok(service, &items(layer)).await.ids()[0];
        for path in [
            format!("{}?limit=1", items(layer)),
            format!("{}/{id}", items(layer)),
        ] {
            let answer = ok(service, &path).await;
            assert!(answer.link("self").is_some() && answer.link("collection").is_some());
            let links = answer.json()["links"].as_array().unwrap().clone();
            let others = links.iter().filter(|link| link["rel"] == "alternate");
            for link in others.clone() {
                let href = link["href"].as_str().unwrap();
                let other = service.follow(href).await;
                assert_eq!(other.status, StatusCode::OK, "{href}");
                let essence = |text: &str| text.split(';').next().unwrap().to_owned();
                let (found, told) = (other.header("content-type"), &link["type"]);
                assert_eq!(essence(found), essence(told.as_str().unwrap()), "{href}");
            }
            assert!(others.count() > 3, "{path}");
        }
    }
}

/// A.2.9: each feature of a page stands at an address of its own, the same as in the page.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_feature_is_the_same_alone(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    for layer in LAYERS {
        let page = ok(&surveyed.service, &items(layer)).await.json();
        for feature in features(&page) {
            let path = format!("{}/{}", items(layer), feature["id"]);
            let mut alone = ok(&surveyed.service, &path).await.json();
            let links = alone.as_object_mut().unwrap().remove("links").unwrap();
            assert!(links.as_array().unwrap().iter().all(is_whole), "{path}");
            assert_eq!(alone, *feature, "{path}");
        }
        for missing in ["0", "999999", "one", "-1"] {
            let path = format!("{}/{missing}", items(layer));
            let answer = surveyed.service.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}

/// A.2.8, `bbox`: what intersects it, and what is nowhere.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_box_selects_what_touches_it_and_what_is_nowhere(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let path = items(layer);
        let all = ok(service, &path).await.json();
        let (everything, somewhere) = (features(&all).len(), placed(&all).len());
        for (bbox, expected) in [
            ("-180,-90,180,90", everything),
            // Across the antimeridian, where nothing of Serbia is.
            ("177,65,-177,70", everything - somewhere),
            ("20,-90,-20,90", everything),
            ("0,0,0,0", everything - somewhere),
            ("18,40,-1000,24,47,9000", everything),
        ] {
            let found = ok(service, &format!("{path}?bbox={bbox}")).await.json();
            assert_eq!(features(&found).len(), expected, "{path}?bbox={bbox}");
            assert_eq!(found["numberMatched"], expected, "{path}?bbox={bbox}");
        }
        // A box around the first position of a feature, as exact as it is written, touches it.
        let first = placed(&all)[0];
        let [lon, lat] = position(&first["geometry"]);
        let digits = 1e-7;
        let (low, high) = ([lon - digits, lat - digits], [lon + digits, lat + digits]);
        let bbox = format!("{},{},{},{}", low[0], low[1], high[0], high[1]);
        let found = ok(service, &format!("{path}?bbox={bbox}")).await;
        let id = first["id"].as_i64().unwrap();
        assert!(found.ids().contains(&id), "{path}: {lon},{lat}");
        for bad in ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,50,2,49", "1,2,3,91"] {
            assert_refused(service, &format!("{path}?bbox={bad}")).await;
        }
    }
}

/// A.2.8, `datetime`: the layer's own time; what has none always belongs.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_time_selects_what_it_meets_and_what_has_none(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let path = items(layer);
        let all = ok(service, &path).await.json();
        let time = |feature: &Json| {
            let field = layer.primary_instant()?;
            Some(feature["properties"][field.name].as_str()?[..10].to_owned())
        };
        for (datetime, first, last) in [
            ("2020-05-01", "2020-05-01", "2020-05-01"),
            ("2020-05-01T00:00:00Z/..", "2020-05-01", "9999-12-31"),
            ("../2020-12-31T00:00:00Z", "0000-01-01", "2020-12-31"),
            ("/2020-12-31", "0000-01-01", "2020-12-31"),
            ("2021-01-01/2022-01-01", "2021-01-01", "2022-01-01"),
            (
                "1900-01-01T00:00:00Z/1900-12-31T00:00:00Z",
                "1900-01-01",
                "1900-12-31",
            ),
            ("../..", "0000-01-01", "9999-12-31"),
        ] {
            let belongs = |feature: &&Json| {
                time(feature).is_none_or(|day| first <= day.as_str() && day.as_str() <= last)
            };
            let expected: Vec<_> = features(&all).iter().filter(belongs).collect();
            let expected: Vec<_> = expected.iter().map(|one| one["id"].clone()).collect();
            let found = ok(service, &format!("{path}?datetime={datetime}")).await;
            assert_eq!(found.ids(), expected, "{path}?datetime={datetime}");
            // Conditions apply together.
            let both = format!("{path}?datetime={datetime}&bbox=0,0,0,0");
            let nowhere = placed(&all);
            let nowhere: Vec<_> = nowhere.iter().map(|one| &one["id"]).collect();
            let mut expected = expected;
            expected.retain(|id| !nowhere.contains(&id));
            assert_eq!(ok(service, &both).await.ids(), expected, "{both}");
        }
        for bad in [
            "",
            "yesterday",
            "2021-01-01/2020-01-01",
            "2020-13-01",
            "1/2/3",
        ] {
            assert_refused(service, &format!("{path}?datetime={bad}")).await;
        }
    }
}

/// A.2.8, `limit` and paging: never more than asked, everything once, and always the same count.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_are_bounded_and_lead_to_everything(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let path = items(layer);
        let everything = ok(service, &path).await.ids();
        for limit in [1, 2, 100_000] {
            let mut answer = ok(service, &format!("{path}?limit={limit}")).await;
            let mut seen = answer.ids();
            while let Some(next) = answer.link("next") {
                answer = service.follow(&next).await;
                assert_eq!(answer.status, StatusCode::OK, "{next}");
                assert!((1..=limit).contains(&answer.ids().len()), "{next}");
                assert_eq!(answer.json()["numberMatched"], everything.len(), "{next}");
                seen.extend(answer.ids());
            }
            assert_eq!(seen, everything, "{path}?limit={limit}");
        }
        for bad in ["0", "-1", "unlimited", "1.5", "", "+1e3"] {
            assert_refused(service, &format!("{path}?limit={bad}")).await;
        }
    }
}

/// A.2.8, `query-param-unknown`, on every address of the `OpenAPI` document.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_address_takes_unknown_parameters(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    let document = ok(service, "/api").await.json();
    let id = surveyed.terrain.rsplit('/').next().unwrap();
    for (path, operation) in definition::open_paths(&document) {
        let path = definition::filled(&document, path, &operation["get"], id);
        let answer = service.get(&format!("{path}?ooga=booga")).await;
        // There is no such file or tile at all.
        let missing = path.contains("difference.tif") || path.contains("/tiles/");
        let refused = answer.status == StatusCode::BAD_REQUEST;
        let is_missing = missing && answer.status == StatusCode::NOT_FOUND;
        assert!(refused || is_missing, "{path}: {}", answer.status);
    }
}

/// Clauses 7.6 and 7.9: `HEAD` tells what `GET` does, a version is not sent twice, and only what is
/// offered can be asked for.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn http_is_spoken_in_every_layer(pool: PgPool) {
    use axum::body::Body;
    use axum::http::Request;

    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let id = ok(service, &items(layer)).await.ids()[0];
        for path in [items(layer), format!("{}/{id}", items(layer))] {
            let whole = ok(service, &path).await;
            let head = Request::head(&path).body(Body::empty()).unwrap();
            let head = service.send(head).await;
            assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
            for name in ["content-type", "content-crs", "etag", "vary", "link"] {
                assert_eq!(head.header(name), whole.header(name), "{path}: {name}");
                assert!(!whole.header(name).is_empty(), "{path}: {name}");
            }
            let tag = whole.header("etag");
            let again = service.get_with(&path, "if-none-match", tag).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
            let picture = service.get_with(&path, "accept", "image/png").await;
            assert_eq!(picture.status, StatusCode::NOT_ACCEPTABLE, "{path}");
            let page = service.get_with(&path, "origin", "https://elsewhere.example");
            assert_eq!(page.await.header("access-control-allow-origin"), "*");
        }
    }
}
