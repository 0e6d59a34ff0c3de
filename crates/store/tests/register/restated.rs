//! What a file says as the register does, only in another form.

use crate::common::{around, point, publish, record};
use domain::Record;
use domain::layers::{FACILITIES, FACILITY_OUTLINES};
use geo_types::Geometry;
use sqlx::postgres::PgPool;
use store::Store;
use store::staging::{Compared, ShapeChange, StagedRows, Staging, Verdict};

const CODE: (&str, &str) = ("code", "RS-70327-001");

async fn staged(store: &Store, record: Record) -> Staging {
    let layer = record.layer;
    let mut staging = Staging::begin(store, layer).await.unwrap();
    let rows = StagedRows::of(layer, [(1, record)]);
    staging.append(vec![rows]).await.unwrap();
    staging.complete().await.unwrap();
    staging.keep_same_shapes().await.unwrap();
    staging
}

async fn compared(store: &Store, record: Record) -> Compared {
    let mut staging = staged(store, record).await;
    let mut compared = staging.compare(&[]).await.unwrap();
    compared.records.remove(0)
}

fn outline(x: f64, y: f64, bend: impl Fn(&mut Vec<geo_types::Coord<f64>>)) -> Geometry<f64> {
    let Geometry::MultiPolygon(mut areas) = around(x, y) else {
        unreachable!()
    };
    areas.0[0].exterior_mut(|ring| {
        ring.0.pop();
        bend(&mut ring.0);
        ring.close();
    });
    areas.into()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_same_outline_in_another_form_is_no_change(pool: PgPool) {
    let store = Store::over(pool);
    let of = |shape| record(&FACILITY_OUTLINES, &[CODE, ("name", "РТХ")], shape);
    publish(
        &store,
        vec![of(around(22.1, 44.07))],
        "2026-01-01T00:00:00Z",
    )
    .await;
    for (what, shape) in [
        ("turned", outline(22.1, 44.07, |ring| ring.rotate_left(2))),
        ("backwards", outline(22.1, 44.07, |ring| ring.reverse())),
        ("rounded", outline(22.1, 44.07, |ring| ring[1].x += 4e-8)),
    ] {
        let verdict = compared(&store, of(shape)).await.verdict;
        assert_eq!(verdict, Verdict::Unchanged, "{what}");
    }
    // 0.001 degrees of longitude are 111195 m * cos 44.06° / 1000 = 79.9 m.
    let bent = outline(22.1, 44.07, |ring| ring[1].x += 0.001);
    let changed = compared(&store, of(bent)).await;
    let ShapeChange {
        positions,
        area_m2,
        moved_m,
    } = changed.shape.unwrap();
    assert_eq!(positions, (5.0, 5.0));
    // A triangle of half the box's height, 0.02 degrees, more or less: 88.9 ha of 3.55 km².
    let (before, after) = area_m2.unwrap();
    assert!((before / 3.56e6 - 1.0).abs() < 0.01, "{before}");
    assert!(
        ((after - before).abs() / 88_860.0 - 1.0).abs() < 0.01,
        "{after}"
    );
    assert!((moved_m.unwrap() - 79.9).abs() < 0.5, "{moved_m:?}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_rounded_point_has_not_moved(pool: PgPool) {
    let store = Store::over(pool);
    let at = |x| record(&FACILITIES, &[CODE, ("name", "РТХ")], point(x, 44.07));
    publish(&store, vec![at(22.123_456_789)], "2026-01-01T00:00:00Z").await;
    let rounded = compared(&store, at(22.123_456_8)).await;
    assert_eq!(rounded.verdict, Verdict::Unchanged);
    let moved = compared(&store, at(22.123_457_8)).await;
    assert!(matches!(moved.verdict, Verdict::Changed(_)));
    // A millionth of a degree of longitude on the ellipsoid, at 44.07° N, is 80.2 mm.
    let moved_m = moved.shape.unwrap().moved_m.unwrap();
    assert!((moved_m - 0.081).abs() < 0.002, "{moved_m}");
}

/// A team's file says the place as it was given out, while somebody else moves it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_rounded_place_of_a_file_from_the_register_is_no_conflict(pool: PgPool) {
    let store = Store::over(pool);
    let at = |x| record(&FACILITIES, &[CODE, ("name", "РТХ")], point(x, 44.07));
    publish(&store, vec![at(22.123_456_789)], "2026-01-01T00:00:00Z").await;
    publish(&store, vec![at(22.2)], "2026-01-02T00:00:00Z").await;
    let mut team = at(22.123_456_8);
    team.made_from = Some(1);
    let mut staging = staged(&store, team).await;
    assert_eq!(staging.conflicts().await.unwrap(), []);
    staging.keep_what_others_changed().await.unwrap();
    let compared = staging.compare(&[]).await.unwrap();
    assert_eq!(compared.unchanged, 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_poorer_name_replaces_no_better_one(pool: PgPool) {
    let store = Store::over(pool);
    let called = |name: &str, mine: &str| {
        let texts = [CODE, ("name", name), ("mine", mine)];
        record(&FACILITIES, &texts, point(22.1, 44.07))
    };
    let registered = called("Житковац", "Kovin");
    publish(&store, vec![registered], "2026-01-01T00:00:00Z").await;
    for (name, mine, kept, changed) in [
        ("Zitkovac", "Kovin", vec!["Zitkovac"], vec![]),
        ("Žitkovac", "", vec!["Žitkovac"], vec![]),
        ("Zitkovac", "KOVIN", vec!["Zitkovac", "KOVIN"], vec![]),
        // Tells more, and something else.
        ("Житковац", "Ковин", vec![], vec!["mine"]),
        ("Zitkovac 2", "", vec![], vec!["name", "name_latin"]),
    ] {
        let mut staging = staged(&store, called(name, mine)).await;
        let told = staging.keep_better_names().await.unwrap();
        let told: Vec<_> = told.iter().map(|one| one.in_file.as_str()).collect();
        assert_eq!(told, kept, "{name}");
        let compared = staging.compare(&[]).await.unwrap();
        let differences = match &compared.records[0].verdict {
            Verdict::Changed(differences) => &differences[..],
            _ => &[],
        };
        let fields: Vec<_> = differences.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, changed, "{name}");
        staging.discard().await.unwrap();
    }
}
