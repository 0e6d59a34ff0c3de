//! Part 2, "Coordinate Reference Systems by Reference" (OGC 18-058r1, annex A).

use sqlx::postgres::PgPool;

use super::*;
use crate::every_layer;

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const EPSG: &str = "http://www.opengis.net/def/crs/EPSG/0/";

/// A.1 and A.2: CRS84 is the first system and the one that answers have when none is asked for; the
/// system of storage is among them.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_layer_lists_its_systems_and_says_that_of_each_answer(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let collection = ok(service, &format!("/collections/{}", layer.id)).await;
        let collection = collection.json();
        let systems = collection["crs"].as_array().unwrap();
        assert_eq!(systems[0], CRS84, "{}", layer.id);
        assert!(systems.contains(&collection["storageCrs"]), "{}", layer.id);
        let id = ok(service, &items(layer)).await.ids()[0];
        for path in [items(layer), format!("{}/{id}", items(layer))] {
            let plain = ok(service, &path).await;
            assert_eq!(plain.header("content-crs"), format!("<{CRS84}>"), "{path}");
            for system in systems {
                let system = system.as_str().unwrap();
                let answer = ok(service, &format!("{path}?crs={system}")).await;
                assert_eq!(answer.header("content-crs"), format!("<{system}>"));
            }
        }
    }
}

/// A.3 to A.5: a position given back as a box in the same system finds its feature, in the order of axes
/// of that system.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn positions_go_out_and_come_back_in_every_system(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let path = items(layer);
        let degrees = ok(service, &path).await.json();
        let collection = ok(service, &format!("/collections/{}", layer.id)).await;
        for system in collection.json()["crs"].as_array().unwrap() {
            let system = system.as_str().unwrap();
            let moved = ok(service, &format!("{path}?crs={system}")).await.json();
            for (one, other) in placed(&degrees).iter().zip(placed(&moved)) {
                let [x, y] = position(&other["geometry"]);
                if system == format!("{EPSG}4326") {
                    let [lon, lat] = position(&one["geometry"]);
                    let apart = (lat - x).abs().max((lon - y).abs());
                    assert!(apart < 1e-9, "{path}: {lat},{lon} is {x},{y}");
                }
                // Wide enough for the digits that are written.
                let half = if x.abs() < 180.0 { 1e-6 } else { 0.01 };
                let (low, high) = ([x - half, y - half], [x + half, y + half]);
                let bbox = format!("{},{},{},{}", low[0], low[1], high[0], high[1]);
                let query = format!("{path}?bbox={bbox}&bbox-crs={system}");
                let id = one["id"].as_i64().unwrap();
                assert!(ok(service, &query).await.ids().contains(&id), "{query}");
            }
        }
    }
}

/// A.3, A.5: what is not listed is refused, everywhere.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_layer_takes_other_systems(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    for layer in LAYERS {
        let id = ok(service, &items(layer)).await.ids()[0];
        for system in [&format!("{EPSG}31277"), "", "CRS84", "4326"] {
            for query in [
                format!("{}?crs={system}", items(layer)),
                format!("{}/{id}?crs={system}", items(layer)),
                format!("{}?bbox=1,2,3,4&bbox-crs={system}", items(layer)),
            ] {
                assert_refused(service, &query).await;
            }
        }
    }
}
