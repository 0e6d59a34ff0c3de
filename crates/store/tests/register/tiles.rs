//! Vector tiles: that they show what the register has, all of it, in few bytes.

mod mvt;

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::PI;

use domain::layers::{FACILITIES, FACILITY_OUTLINES, public_fields};
use domain::{Layer, Record, Value, category, completeness};
use futures_util::StreamExt;
use geo_types::{Geometry, MultiPolygon, Rect, coord};
use mvt::{MvtFeature, decode};
use sqlx::PgPool;
use store::Store;
use store::feature::Feature;
use store::items::{Bbox, Selection};
use store::paging::Page;
use store::tiles::{EXTENT, TileAddress};

use crate::common::{point, publish, record};

const MOST_BYTES: usize = 500_000;
/// West, south, east and north of the places in these tests.
const PLACES: (f64, f64, f64, f64) = (19.0, 42.0, 23.0, 46.0);

/// Where a place is in tiles of a zoom: column and row, with their fractions (EPSG:3857, spherical
/// Mercator: EPSG guidance note 7-2, method 1024).
fn in_tiles(zoom: u32, lon: f64, lat: f64) -> (f64, f64) {
    let tiles = f64::from(1_u32 << zoom);
    let y = (PI / 4.0 + lat.to_radians() / 2.0).tan().ln();
    ((lon / 360.0 + 0.5) * tiles, (0.5 - y / (2.0 * PI)) * tiles)
}

fn longitude(zoom: u32, x: f64) -> f64 {
    (x / f64::from(1_u32 << zoom) - 0.5) * 360.0
}

fn latitude(zoom: u32, y: f64) -> f64 {
    (PI * (1.0 - 2.0 * y / f64::from(1_u32 << zoom)))
        .sinh()
        .atan()
        .to_degrees()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places in Serbia"
)]
fn tiles_of(zoom: u32) -> Vec<TileAddress> {
    let (west, south, east, north) = PLACES;
    let first = in_tiles(zoom, west, north);
    let last = in_tiles(zoom, east, south);
    let columns = first.0 as u32..=last.0 as u32;
    let address = |row, column| TileAddress { zoom, row, column };
    (first.1 as u32..=last.1 as u32)
        .flat_map(|row| columns.clone().map(move |column| address(row, column)))
        .collect()
}

async fn features(store: &Store, layer: &'static Layer, tile: TileAddress) -> Vec<MvtFeature> {
    selected(store, layer, tile, &Selection::default()).await
}

async fn selected(
    store: &Store,
    layer: &'static Layer,
    tile: TileAddress,
    selection: &Selection,
) -> Vec<MvtFeature> {
    let content = store
        .tile(layer, tile, selection, MOST_BYTES)
        .await
        .unwrap();
    assert!(content.len() <= MOST_BYTES, "{tile:?}");
    let layers = decode(&content);
    assert!(
        layers
            .iter()
            .all(|one| one.name == layer.id && one.extent == u64::from(EXTENT))
    );
    layers
        .into_iter()
        .flat_map(|layer| layer.features)
        .collect()
}

/// Pseudo-random numbers from 0 to 1, the same in every run.
fn random(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX)
    })
}

/// Facilities strewn over the country, each with some of its values known.
fn strewn(count: usize) -> Vec<Record> {
    let numbers: Vec<f64> = random(7).take(4 * count).collect();
    let wastes = ["010304", "010306", "", "100102"];
    let facility = |(at, numbers): (usize, &[f64])| {
        let (code, volume) = (format!("RS-70327-{at:05}"), (numbers[2] * 1e6).to_string());
        let texts = [
            ("code", code.as_str()),
            ("name", "Јаловиште"),
            ("waste_code", wastes[at % 4]),
            ("in_scope", ["true", "false", ""][at % 3]),
            ("status", ["operating", "unknown"][at % 2]),
            ("commodities", "copper;gold"),
            ("surveyed_on", "2020-05-01"),
            ("volume_m3", if numbers[3] < 0.5 { "" } else { &volume }),
        ];
        let place = point(19.0 + 4.0 * numbers[0], 42.0 + 4.0 * numbers[1]);
        record(&FACILITIES, &texts, place)
    };
    numbers.chunks(4).enumerate().map(facility).collect()
}

fn box_of(TileAddress { zoom, row, column }: TileAddress) -> Bbox {
    let (column, row) = (f64::from(column), f64::from(row));
    Bbox {
        west: longitude(zoom, column),
        south: latitude(zoom, row + 1.0),
        east: longitude(zoom, column + 1.0),
        north: latitude(zoom, row),
    }
}

async fn items(store: &Store, layer: &'static Layer, bbox: Bbox) -> Vec<Feature> {
    let selection = Selection {
        bbox: Some(bbox),
        ..Selection::default()
    };
    let page = Page::first(10_000);
    let items = store.items(layer, public_fields(layer), &selection, &page);
    items.map(Result::unwrap).collect().await
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_tile_holds_the_items_of_its_box_where_and_as_they_are(pool: PgPool) {
    let store = Store::over(pool);
    let records = strewn(1_500);
    let by_code: BTreeMap<_, _> = records
        .iter()
        .map(|record| (record.key().unwrap().to_owned(), record.clone()))
        .collect();
    publish(&store, records, "2026-01-01T00:00:00Z").await;
    for zoom in [5, 8, 13] {
        let mut shown = 0;
        for tile in tiles_of(zoom)
            .into_iter()
            .step_by(if zoom == 13 { 97 } else { 1 })
        {
            let features = features(&store, &FACILITIES, tile).await;
            let wanted = items(&store, &FACILITIES, box_of(tile)).await;
            let ids: BTreeSet<_> = features.iter().map(|one| one.id.unwrap()).collect();
            let wanted: BTreeSet<_> = wanted.iter().map(|one| one.id().unwrap()).collect();
            assert_eq!(ids, wanted, "{tile:?}");
            shown += ids.len();
            for feature in &features {
                let code = feature.values["code"].as_text().unwrap();
                is_as_recorded(feature, &by_code[code], tile);
            }
        }
        assert!(shown > 0, "zoom {zoom}");
        assert!(zoom == 13 || shown == 1_500, "zoom {zoom}: {shown}");
    }
}

fn is_as_recorded(feature: &MvtFeature, record: &Record, tile: TileAddress) {
    let Some(Geometry::Point(place)) = record.geometry else {
        panic!("no place")
    };
    let (x, y) = in_tiles(tile.zoom, place.x(), place.y());
    let extent = f64::from(EXTENT);
    let wanted = (
        (x - f64::from(tile.column)) * extent,
        (y - f64::from(tile.row)) * extent,
    );
    let [(x, y)] = feature.positions[..] else {
        panic!("{feature:?}")
    };
    #[expect(clippy::cast_precision_loss, reason = "0 to 4095")]
    let (x, y) = (x as f64, y as f64);
    assert!(
        (x - wanted.0).abs() <= 1.0 && (y - wanted.1).abs() <= 1.0,
        "{feature:?} {wanted:?}"
    );
    assert!(
        (0.0..extent).contains(&x) && (0.0..extent).contains(&y),
        "{feature:?}"
    );
    let mut values = feature.values.clone();
    let percent = completeness::percent(record).unwrap();
    assert_eq!(
        values.remove("completeness_percent"),
        Some(Value::Integer(percent))
    );
    let proposed = category::proposed(record.typed("in_scope"), record.typed("waste_code"));
    let proposed = domain::code_list::Coded::code(proposed).to_owned();
    assert_eq!(
        values.remove("proposed_category"),
        Some(Value::Text(proposed))
    );
    let carried = public_fields(&FACILITIES).iter();
    let carried = carried.filter(|field| field.tiles_from.is_some_and(|from| from <= tile.zoom));
    for field in carried {
        let found = values.remove(field.name).unwrap_or_default();
        let wanted = match record.get(field.name) {
            Value::Codes(codes) => Value::Text(codes.join(",")),
            Value::Date(day) => Value::Text(day.to_string()),
            other => other.clone(),
        };
        assert_eq!(found, wanted, "{}", field.name);
    }
    assert!(values.is_empty(), "{values:?}");
}

/// A million rows without the importer.
const MILLION: &str = "with made as (insert into revision (made_at, author, means, layer) \
     values ('2026-01-01', 'test', 'command', 'facilities') returning id) \
     insert into facility (code, name, facility_type, volume_m3, location, revision, updated_at, \
     first_revision) select 'F' || n, 'Објекат ' || n, 'tailings_pond', \
     case when n % 2 = 0 then n end, \
     ST_SetSRID(ST_MakePoint(19 + 4 * random(), 42 + 4 * random()), 4326), \
     made.id, '2026-01-01', made.id from made, generate_series(1, 1000000) n";

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_million_facilities_are_all_counted_at_every_zoom(pool: PgPool) {
    sqlx::query("select setseed(0.5)")
        .execute(&pool)
        .await
        .unwrap();
    for statement in [MILLION, "analyze facility"] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let store = Store::over(pool);
    for zoom in [3, 5, 8] {
        let (mut count, mut known, mut volume) = (0, 0, 0.0);
        for tile in tiles_of(zoom) {
            for feature in features(&store, &FACILITIES, tile).await {
                count += feature.count();
                let (number, sum) = summed(&feature);
                known += number;
                volume += sum;
            }
        }
        assert_eq!((count, known), (1_000_000, 500_000), "zoom {zoom}");
        // The even numbers to a million.
        assert!(
            (volume / 250_000_500_000.0 - 1.0).abs() < 1e-9,
            "zoom {zoom}: {volume}"
        );
    }
}

fn summed(feature: &MvtFeature) -> (i64, f64) {
    let get = |name: &str| feature.values.get(name);
    match (
        get("known_volume_m3"),
        get("sum_volume_m3"),
        get("volume_m3"),
    ) {
        (Some(Value::Integer(known)), Some(Value::Number(sum)), None) => (*known, *sum),
        (None, None, Some(Value::Number(volume))) => (1, *volume),
        // Several of which nothing is known, or one.
        (Some(Value::Integer(0)) | None, None, None) => (0, 0.0),
        _ => panic!("{feature:?}"),
    }
}

/// A box of so many degrees, its south-western corner at a place.
fn area(x: f64, y: f64, width: f64, height: f64) -> Geometry<f64> {
    let (low, high) = (
        coord! { x: x, y: y },
        coord! { x: x + width, y: y + height },
    );
    MultiPolygon::new(vec![Rect::new(low, high).to_polygon()]).into()
}

fn outline(at: u32, area: Geometry<f64>) -> Record {
    let code = format!("RS-70327-{at:03}");
    let texts = [
        ("code", code.as_str()),
        ("name", "Јаловиште"),
        ("area_m2", "1000"),
    ];
    record(&FACILITY_OUTLINES, &texts, area)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn areas_are_drawn_when_large_and_counted_when_small(pool: PgPool) {
    let store = Store::over(pool);
    let (large, thin) = (area(20.5, 43.5, 1.0, 1.0), area(20.7, 44.8, 1.0, 1e-7));
    let mut records = vec![outline(1, large), outline(2, thin)];
    let small = |at: u32| outline(at, area(20.9 + f64::from(at) * 1e-4, 44.7, 1e-4, 1e-4));
    records.extend((3..=9).map(small));
    publish(&store, records, "2026-01-01T00:00:00Z").await;
    for zoom in [5, 7, 9, 14] {
        let (mut drawn, mut points, mut count) = (BTreeSet::new(), 0, 0);
        for tile in tiles_of(zoom) {
            if zoom == 14 && !is_near(tile, 20.95, 44.7) {
                continue;
            }
            for feature in features(&store, &FACILITY_OUTLINES, tile).await {
                if feature.kind == 3 {
                    drawn.insert(feature.id.unwrap());
                } else {
                    points += 1;
                    count += feature.count();
                }
            }
        }
        if zoom == 14 {
            assert_eq!((drawn.len(), count), (7, 0), "the small ones are large now");
            continue;
        }
        assert_eq!(drawn.len(), 1, "zoom {zoom}: the large one");
        assert_eq!(count, 8, "zoom {zoom}: seven small ones and the thin one");
        assert!(points < 8, "zoom {zoom}: the small ones stand together");
    }
}

fn is_near(tile: TileAddress, lon: f64, lat: f64) -> bool {
    let (x, y) = in_tiles(tile.zoom, lon, lat);
    (x - f64::from(tile.column)).abs() < 16.0 && (y - f64::from(tile.row)).abs() < 3.0
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_tile_shows_what_is_selected(pool: PgPool) {
    let store = Store::over(pool);
    publish(&store, strewn(600), "2026-01-01T00:00:00Z").await;
    let status = FACILITIES.field("status").unwrap();
    let selection = Selection {
        equal: vec![(status, Value::Text("operating".to_owned()))],
        ..Selection::default()
    };
    let mut count = 0;
    for tile in tiles_of(7) {
        for feature in selected(&store, &FACILITIES, tile, &selection).await {
            assert_eq!(
                feature.values["status"],
                Value::Text("operating".to_owned())
            );
            count += feature.count();
        }
    }
    assert_eq!(count, 300);
    let before = Selection {
        as_of: Some(crate::common::moment("2025-01-01T00:00:00Z")),
        ..Selection::default()
    };
    for tile in tiles_of(4) {
        assert!(
            selected(&store, &FACILITIES, tile, &before)
                .await
                .is_empty()
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn long_texts_and_many_of_them_do_not_make_a_large_tile(pool: PgPool) {
    let store = Store::over(pool);
    let long = |record: Record| {
        let mut record = record;
        let code = record.key().unwrap().to_owned();
        record.set("name", Value::Text(format!("{code} {}", "ђ".repeat(5_000))));
        record
    };
    let records = strewn(2_000).into_iter().map(long).collect();
    publish(&store, records, "2026-01-01T00:00:00Z").await;
    let whole = TileAddress {
        zoom: 6,
        row: 22,
        column: 35,
    };
    let selection = Selection::default();
    let mut wanted = None;
    for most_bytes in [10_000_000, MOST_BYTES, 60_000, 3_000] {
        let tile = store.tile(&FACILITIES, whole, &selection, most_bytes);
        let tile = tile.await.unwrap();
        assert!(tile.len() <= most_bytes, "{}", tile.len());
        let shown = decode(&tile).remove(0).features;
        let each = shown.iter().all(|one| one.count() == 1);
        // Texts are cut to 200 letters, so the names of some hundred sites fit into a whole tile.
        assert_eq!(each, most_bytes >= MOST_BYTES, "{most_bytes} bytes");
        let count: i64 = shown.iter().map(MvtFeature::count).sum();
        assert_eq!(count, *wanted.get_or_insert(count), "{most_bytes} bytes");
    }
    assert!(wanted.is_some_and(|count| count > 300), "{wanted:?}");
}
