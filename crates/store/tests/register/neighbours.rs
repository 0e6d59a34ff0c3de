//! How staged records lie to each other and to the register.

use crate::common::{publish, record};
use domain::Layer;
use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES, MUNICIPALITIES};
use geo_types::{Geometry, LineString, MultiPolygon, Point, polygon};
use sqlx::postgres::PgPool;
use store::Store;
use store::neighbours::{Nearby, Neighbourhood, Relation};
use store::staging::{StagedRows, Staging};

/// Metres per degree of longitude and of latitude at 44° N on WGS 84: π/180 · N cos φ and π/180 · M
/// with N = a/√(1−e² sin² φ), M = a(1−e²)/√(1−e² sin² φ)³.
const DEGREE_M: (f64, f64) = (80_206.2, 111_112.2);

/// A rectangle with its south-west corner so many metres east and north of 22° E 44° N.
fn outline(east: f64, north: f64, wide: f64, high: f64) -> Geometry<f64> {
    let at = |x: f64, y: f64| (22.0 + x / DEGREE_M.0, 44.0 + y / DEGREE_M.1);
    let ((west, south), (east, north)) = (at(east, north), at(east + wide, north + high));
    let area = polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)];
    MultiPolygon::from(area).into()
}

async fn staged(
    store: &Store,
    layer: &'static Layer,
    records: Vec<(&str, Geometry<f64>)>,
) -> Staging {
    let key = layer.key().name;
    let made = records.into_iter().map(|(code, geometry)| {
        record(
            layer,
            &[(key, code), ("name", "а"), ("facility", "RS-70327-001")]
                [..2 + usize::from(layer.id == "dams")],
            geometry,
        )
    });
    let mut staging = Staging::begin(store, layer).await.unwrap();
    let batch: Vec<_> = (1..).zip(made).collect();
    staging
        .append(vec![StagedRows::of(layer, batch)])
        .await
        .unwrap();
    staging
}

async fn neighbours(
    store: &Store,
    layer: &'static Layer,
    records: Vec<(&str, Geometry<f64>)>,
) -> Vec<Nearby> {
    let mut staging = staged(store, layer, records).await;
    let Neighbourhood {
        mut found,
        is_incomplete,
    } = staging.neighbours().await.unwrap();
    assert!(!is_incomplete);
    staging.discard().await.unwrap();
    found.sort_by(|a, b| (a.row, &a.other).cmp(&(b.row, &b.other)));
    found
}

fn assert_overlap(found: &Nearby, row: i64, other: &str, other_row: Option<i64>, m2: f64, of: f64) {
    assert_eq!((found.row, found.other.as_str()), (row, other), "{found:?}");
    let Relation::Overlap {
        other_row: seen,
        overlap_m2,
        share,
    } = found.relation
    else {
        panic!("{found:?}")
    };
    assert_eq!(seen, other_row);
    assert!(
        (overlap_m2 - m2).abs() < m2 * 1e-3,
        "{overlap_m2} is not {m2}"
    );
    assert!((share - of).abs() < 1e-3, "{share} is not {of}");
}

async fn registered(store: &Store) {
    let of = |code, geometry| {
        record(
            &FACILITY_OUTLINES,
            &[("code", code), ("name", "а")],
            geometry,
        )
    };
    let records = vec![
        of("RS-70327-001", outline(0.0, 0.0, 100.0, 100.0)),
        of("RS-70327-002", outline(5_000.0, 0.0, 100.0, 100.0)),
    ];
    publish(store, records, "2024-01-01T00:00:00Z").await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn overlaps_in_an_empty_register_are_those_of_the_file(pool: PgPool) {
    let store = Store::over(pool);
    let records = vec![
        ("RS-70327-011", outline(0.0, 0.0, 100.0, 100.0)),
        // 20 m · 50 m of 100 m · 50 m.
        ("RS-70327-012", outline(80.0, 0.0, 100.0, 50.0)),
        // Beside the first; 0.4 m · 100 m = 0.4 % of the first, so within the accuracy.
        ("RS-70327-013", outline(0.0, 100.0, 100.0, 100.0)),
        ("RS-70327-014", outline(-99.6, 0.0, 100.0, 100.0)),
    ];
    let found = neighbours(&store, &FACILITY_OUTLINES, records).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_overlap(&found[0], 1, "RS-70327-012", Some(2), 1_000.0, 0.2);
    assert_overlap(&found[1], 2, "RS-70327-011", Some(1), 1_000.0, 0.2);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn overlaps_with_registered_outlines_are_found(pool: PgPool) {
    let store = Store::over(pool);
    registered(&store).await;
    let records = vec![
        ("RS-70327-011", outline(50.0, 50.0, 100.0, 100.0)),
        // Its own outline, moved; the file says where it is now.
        ("RS-70327-002", outline(5_010.0, 0.0, 100.0, 100.0)),
        ("RS-70327-012", outline(5_000.0, 0.0, 10.0, 10.0)),
    ];
    let found = neighbours(&store, &FACILITY_OUTLINES, records).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_overlap(&found[0], 1, "RS-70327-001", None, 2_500.0, 0.25);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn points_and_dams_far_from_their_facility_are_found(pool: PgPool) {
    let store = Store::over(pool);
    registered(&store).await;
    let at = |east: f64| (22.0 + east / DEGREE_M.0, 44.0 + 50.0 / DEGREE_M.1);
    let point = |east: f64| Geometry::from(Point::from(at(east)));
    let points = vec![
        ("RS-70327-001", point(350.0)),
        ("RS-70327-002", point(5_050.0)),
        ("RS-70327-003", point(0.0)),
    ];
    let found = neighbours(&store, &FACILITIES, points).await;
    let [
        Nearby {
            row: 1,
            relation: Relation::OutsideOutline { distance_m },
            ..
        },
    ] = found[..]
    else {
        panic!("{found:?}")
    };
    assert!((distance_m - 250.0).abs() < 0.5, "{distance_m}");

    let crest = |east: f64| Geometry::from(LineString::from(vec![at(east), at(east + 200.0)]));
    let dams = vec![
        ("a", crest(1_050.0)),
        ("b", crest(1_150.0)),
        ("c", crest(-900.0)),
    ];
    let found = neighbours(&store, &DAMS, dams).await;
    let [
        Nearby {
            row: 2,
            relation: Relation::FarFromFacility { distance_m },
            ref other,
        },
    ] = found[..]
    else {
        panic!("{found:?}")
    };
    assert_eq!(other, "RS-70327-001");
    assert!((distance_m - 1_050.0).abs() < 1.0, "{distance_m}");
}

/// How records of a file lie, also to where they were.
async fn moves(
    store: &Store,
    layer: &'static Layer,
    records: Vec<(&str, Geometry<f64>)>,
) -> Vec<Nearby> {
    let mut staging = staged(store, layer, records).await;
    let mut neighbourhood = staging.neighbours().await.unwrap();
    neighbourhood.add(staging.moves().await.unwrap());
    neighbourhood.found
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn records_far_from_where_they_were_are_found(pool: PgPool) {
    let store = Store::over(pool);
    registered(&store).await;
    let told = |mut found: Vec<Nearby>| {
        found.sort_by_key(|one| (one.row, matches!(one.relation, Relation::Moved { .. })));
        let told = found.into_iter().map(|one| match one.relation {
            Relation::Moved { distance_m } => format!("{} moved {:.0}", one.row, distance_m),
            Relation::LeavesPoint { distance_m } => format!("{} leaves {:.0}", one.row, distance_m),
            Relation::OutsideOutline { distance_m } => {
                format!("{} outside {:.0}", one.row, distance_m)
            }
            other => format!("{other:?}"),
        });
        told.collect::<Vec<_>>()
    };
    let moved = vec![
        ("RS-70327-001", outline(3_100.0, 0.0, 100.0, 100.0)),
        ("RS-70327-002", outline(5_500.0, 0.0, 100.0, 100.0)),
    ];
    let found = moves(&store, &FACILITY_OUTLINES, moved).await;
    // The registered points lie in the middle of squares of 100 m.
    assert_eq!(
        told(found),
        ["1 leaves 3050", "1 moved 3000", "2 leaves 450"]
    );
    let north = |metres: f64| {
        (
            22.0 + 50.0 / DEGREE_M.0,
            44.0 + (50.0 + metres) / DEGREE_M.1,
        )
    };
    let points = vec![("RS-70327-001", Geometry::from(Point::from(north(20_000.0))))];
    let found = moves(&store, &FACILITIES, points).await;
    assert_eq!(told(found), ["1 outside 19950", "1 moved 20000"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn areas_that_shift_or_stand_under_two_codes_are_found(pool: PgPool) {
    let store = Store::over(pool);
    let area = |east| outline(east, 0.0, 20_000.0, 20_000.0);
    let of = |code, shape| record(&MUNICIPALITIES, &[("code", code), ("name", code)], shape);
    let registered = vec![of("70327", area(0.0)), of("70017", area(50_000.0))];
    publish(&store, registered, "2026-01-01T00:00:00Z").await;
    let told = |found: Vec<Nearby>| {
        let told = found.into_iter().map(|one| match one.relation {
            Relation::Shifted { distance_m } => {
                // Degrees are shorter in the middle, 10 km north, and a sphere is up to 0.4 % off.
                assert!((distance_m - 5_000.0).abs() < 30.0, "{distance_m}");
                format!("{} shifted", one.row)
            }
            Relation::SameArea { other_row } => {
                format!("{} as {} {other_row:?}", one.row, one.other)
            }
            other => format!("{other:?}"),
        });
        told.collect::<Vec<_>>()
    };
    for (areas, expected) in [
        (vec![("70327", area(5_000.0))], vec!["1 shifted"]),
        (vec![("70327", area(500.0))], vec![]),
        (
            vec![
                ("70033", area(50_000.0)),
                ("70050", area(90_000.0)),
                ("70068", area(90_000.0)),
            ],
            vec![
                "1 as 70017 None",
                "2 as 70068 Some(3)",
                "3 as 70050 Some(2)",
            ],
        ),
        // The other one gets an area of its own.
        (
            vec![("70033", area(50_000.0)), ("70017", area(50_300.0))],
            vec![],
        ),
    ] {
        assert_eq!(told(moves(&store, &MUNICIPALITIES, areas).await), expected);
    }
}
