//! Records without codes beside the register.

use crate::common::{around, point, publish, record};
use domain::layers::{FACILITIES, FACILITY_OUTLINES};
use domain::region::CodeSeries;
use sqlx::postgres::PgPool;
use store::Store;
use store::matching::Likeness;
use store::staging::{StagedRows, Staging};

async fn register(pool: PgPool) -> Store {
    let store = Store::over(pool);
    let records = vec![
        record(
            &FACILITIES,
            &[
                ("code", "RS-70327-001"),
                ("name", "Стари Бор"),
                ("external_id", "M-17"),
            ],
            point(22.1, 44.07),
        ),
        record(
            &FACILITIES,
            &[
                ("code", "RS-70327-007"),
                ("name", "РТХ"),
                ("external_id", "17"),
            ],
            point(22.12, 44.07),
        ),
    ];
    publish(&store, records, "2026-01-01T00:00:00Z").await;
    let outline = vec![record(
        &FACILITY_OUTLINES,
        &[("code", "RS-70327-007"), ("name", "РТХ")],
        around(22.12, 44.07),
    )];
    publish(&store, outline, "2026-01-02T00:00:00Z").await;
    store
}

async fn likely(staging: &mut Staging) -> Vec<(i64, String)> {
    let told = |likeness: Likeness| {
        let numbered = likeness.numbered.iter().map(|one| &one.code);
        let numbered: Vec<_> = numbered.map(|code| format!("number of {code}")).collect();
        let candidates = likeness.candidates.into_iter().map(|one| {
            let share = one.shared_outline.map(|share| format!(" {share:.2}"));
            let distance = one
                .distance_m
                .map(|distance_m| format!(" {distance_m:.0} m"));
            let kinds = [(one.same_external_id, " id"), (one.same_name, " name")];
            let kinds = kinds.iter().filter(|(is, _)| *is).map(|(_, word)| *word);
            let mut words = one.code.replace("RS-70327-", "");
            words.extend(kinds);
            words + &share.unwrap_or_default() + &distance.unwrap_or_default()
        });
        let words: Vec<_> = candidates.chain(numbered).collect();
        (likeness.row, words.join("; "))
    };
    let found = staging.likely_facilities().await.unwrap();
    found.into_iter().map(told).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn facilities_are_found_by_id_name_and_place(pool: PgPool) {
    let store = register(pool).await;
    let mut staging = Staging::begin(&store, &FACILITIES).await.unwrap();
    let nowhere = None;
    let rows = [
        // 0.001 degree of latitude is 111.2 m on a sphere of 6371 km.
        record(&FACILITIES, &[("name", "Stari Bor")], point(22.1, 44.071)),
        record(&FACILITIES, &[("external_id", "M-17")], nowhere.clone()),
        record(&FACILITIES, &[("name", "Ново")], point(22.1, 44.0705)),
        record(&FACILITIES, &[("name", "Ново")], point(22.1, 44.072)),
        record(
            &FACILITIES,
            &[("code", "RS-70327-009"), ("name", "РТХ")],
            point(22.12, 44.08),
        ),
        record(
            &FACILITIES,
            &[("code", "RS-70327-001"), ("name", "РТХ")],
            point(22.12, 44.07),
        ),
        // 0.23 degrees of latitude are 25.57 km.
        record(&FACILITIES, &[("external_id", "M-17")], point(22.1, 44.3)),
        // Every list has a number 17.
        record(&FACILITIES, &[("external_id", "17")], point(22.1, 44.3)),
        record(&FACILITIES, &[("external_id", "17")], point(22.12, 44.08)),
    ];
    let batch: Vec<_> = (1..).zip(rows).collect();
    staging
        .append(vec![StagedRows::of(&FACILITIES, batch)])
        .await
        .unwrap();
    // The fifth lies within the outline of the second facility.
    let expected = [
        (1, "001 name 111 m"),
        (2, "001 id"),
        (3, "001 56 m"),
        (5, "007 name 1112 m"),
        (7, "001 id 25575 m"),
        (8, "number of RS-70327-007"),
        (9, "007 id 1112 m"),
    ];
    let expected = expected.map(|(row, words)| (row, words.to_owned()));
    assert_eq!(likely(&mut staging).await, expected);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_point_in_an_outline_and_a_name_without_place_are_looked_at(pool: PgPool) {
    let store = register(pool).await;
    let mut staging = Staging::begin(&store, &FACILITIES).await.unwrap();
    let rows = [
        record(&FACILITIES, &[("name", "Ново")], point(22.129, 44.079)),
        record(&FACILITIES, &[("name", "Stari BOR")], None),
        record(&FACILITIES, &[("name", "Ново")], None),
        // Without a place, but with a code of its own.
        record(
            &FACILITIES,
            &[("code", "RS-70327-011"), ("name", "Стари Бор")],
            None,
        ),
    ];
    let batch: Vec<_> = (1..).zip(rows).collect();
    staging
        .append(vec![StagedRows::of(&FACILITIES, batch)])
        .await
        .unwrap();
    let found = likely(&mut staging).await;
    let told: Vec<_> = found
        .iter()
        .map(|(row, words)| (*row, words.as_str()))
        .collect();
    assert_eq!(told, [(1, "007 1232 m"), (2, "001 name")]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn outlines_are_found_by_what_they_share(pool: PgPool) {
    let store = register(pool).await;
    let mut staging = Staging::begin(&store, &FACILITY_OUTLINES).await.unwrap();
    // A box of 0.02 degrees moved by a quarter shares three quarters.
    let moved = record(&FACILITY_OUTLINES, &[("name", "x")], around(22.125, 44.07));
    let far = record(&FACILITY_OUTLINES, &[("name", "x")], around(22.3, 44.3));
    staging
        .append(vec![StagedRows::of(
            &FACILITY_OUTLINES,
            [(1, moved), (2, far)],
        )])
        .await
        .unwrap();
    let found = likely(&mut staging).await;
    assert!(
        found.len() == 1 && found[0].1.starts_with("007 0.75"),
        "{found:?}"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn records_get_codes_and_are_taken_out(pool: PgPool) {
    let store = register(pool).await;
    let mut staging = Staging::begin(&store, &FACILITIES).await.unwrap();
    let nameless = |municipality| record(&FACILITIES, &[("municipality", municipality)], None);
    staging
        .append(vec![StagedRows::of(
            &FACILITIES,
            [
                (1, nameless("70327")),
                (2, nameless("")),
                (3, nameless("70327")),
            ],
        )])
        .await
        .unwrap();
    let series = ["70327", "70190"].map(|code| CodeSeries::of(code.parse().ok(), None).unwrap());
    let mut serials = staging.serials(&series).await.unwrap();
    assert_eq!(serials.next(&series[0]), "RS-70327-008");
    assert_eq!(serials.next(&series[0]), "RS-70327-009");
    assert_eq!(serials.next(&series[1]), "RS-70190-001");
    staging
        .give_codes(&[(1, "RS-70327-008".to_owned())])
        .await
        .unwrap();
    staging.take_out(&[2]).await.unwrap();
    let left = staging.without_code().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(
        (left[0].row, left[0].municipality.as_deref()),
        (3, Some("70327"))
    );
    let codes = ["RS-70327-008".to_owned(), "RS-70327-001".to_owned()];
    let found = staging.with_codes(&codes).await.unwrap();
    assert_eq!(found, [(1, "RS-70327-008".to_owned())]);
}
