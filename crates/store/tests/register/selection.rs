//! Pages and conditions.

use crate::common::{ALL, fields, ids, moment, point, publish, record};
use domain::layers::FACILITIES;
use sqlx::postgres::PgPool;
use store::Store;
use store::feature::ValueRef;
use store::items::{Bbox, Period, Selection};
use store::paging::{Page, Position, Start};

/// Thirty facilities a hundredth of a degree apart, from 22.00 E to 22.29 E; every tenth has no place.
async fn a_row_of_thirty(store: &Store) {
    let records = (0..30_u32)
        .map(|at| {
            let code = format!("RS-70327-{:03}", at + 1);
            let place = (at % 10 != 9).then(|| point(22.0 + f64::from(at) / 100.0, 44.0));
            let day = if at % 2 == 0 { "2020-05-01" } else { "" };
            let commodities = if at % 3 == 0 { "copper;gold" } else { "lead" };
            let texts = [
                ("code", code.as_str()),
                ("name", "А"),
                ("surveyed_on", day),
                ("commodities", commodities),
            ];
            record(&FACILITIES, &texts, place)
        })
        .collect();
    publish(store, records, "2026-01-01T00:00:00Z").await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_box_selects_what_it_touches_and_what_has_no_place(pool: PgPool) {
    let store = Store::over(pool);
    a_row_of_thirty(&store).await;
    for (west, south, east, north, expected) in [
        (22.0, 43.0, 22.02, 45.0, &[1, 2, 3, 10, 20, 30][..]),
        (22.000_000_1, 43.0, 22.019_999_9, 45.0, &[2, 10, 20, 30]),
        (22.05, 44.0, 22.05, 44.0, &[6, 10, 20, 30]),
        (10.0, 43.0, 11.0, 45.0, &[10, 20, 30]),
        // From 22.25 east over the antimeridian to 22.005.
        (22.25, 43.0, 22.005, 45.0, &[1, 10, 20, 26, 27, 28, 29, 30]),
    ] {
        let bbox = Some(Bbox {
            west,
            south,
            east,
            north,
        });
        let selection = Selection {
            bbox,
            ..Selection::default()
        };
        assert_eq!(
            ids(&store, &FACILITIES, &selection, ALL).await,
            expected,
            "{bbox:?}"
        );
        let counted = store.count(&FACILITIES, &selection, 100).await.unwrap();
        assert_eq!(counted, Some(expected.len() as u64));
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_follow_one_another_without_gap_or_repeat(pool: PgPool) {
    let store = Store::over(pool);
    a_row_of_thirty(&store).await;
    let everything = Selection::default();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = ids(
            &store,
            &FACILITIES,
            &everything,
            Page {
                start: after.map_or(Start::First, |id| Start::After(Position::of_id(id))),
                ..Page::first(7)
            },
        )
        .await;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        seen.extend(page);
    }
    assert_eq!(seen, (1..=30).collect::<Vec<_>>());
    let skipped = ids(
        &store,
        &FACILITIES,
        &everything,
        Page {
            offset: 28,
            ..Page::first(7)
        },
    )
    .await;
    assert_eq!(skipped, [29, 30]);
    assert_eq!(
        store.count(&FACILITIES, &everything, 29).await.unwrap(),
        None
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn times_and_values_select(pool: PgPool) {
    let store = Store::over(pool);
    a_row_of_thirty(&store).await;
    let in_2021 = Period {
        from: Some(moment("2021-01-01T00:00:00Z")),
        until: None,
    };
    let that_day = Period {
        from: Some(moment("2020-05-01T00:00:00Z")),
        until: Some(moment("2020-05-01T23:59:59Z")),
    };
    // The fifteen without a date match every period.
    for (datetime, expected) in [(in_2021, 15), (that_day, 30)] {
        let selection = Selection {
            datetime: Some(datetime),
            ..Selection::default()
        };
        assert_eq!(
            ids(&store, &FACILITIES, &selection, ALL).await.len(),
            expected
        );
    }
    for (field, text, expected) in [
        ("code", "RS-70327-004", 1),
        ("surveyed_on", "2020-05-01", 15),
        ("commodities", "gold", 10),
        ("commodities", "copper", 10),
        ("revision", "1", 30),
        ("status", "closed", 0),
    ] {
        let field = FACILITIES.field(field).unwrap();
        let equal = vec![(field, field.parse(text).unwrap())];
        let selection = Selection {
            equal,
            ..Selection::default()
        };
        assert_eq!(
            ids(&store, &FACILITIES, &selection, ALL).await.len(),
            expected,
            "{}={text}",
            field.name
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn all_types_come_back_as_they_went_in(pool: PgPool) {
    let store = Store::over(pool);
    let texts = [
        ("code", "RS-70327-001"),
        ("name", "Ђердап \"љ\" \\ 'џ'"),
        ("height_m", "12.5"),
        ("start_year", "1985"),
        ("in_scope", "true"),
        ("surveyed_on", "1969-07-20"),
        ("commodities", "copper;gold"),
    ];
    publish(
        &store,
        vec![record(&FACILITIES, &texts, None)],
        "2026-01-01T12:30:00Z",
    )
    .await;
    let feature = store
        .item(&FACILITIES, fields(&FACILITIES), 1, None)
        .await
        .unwrap()
        .unwrap();
    let values: Vec<_> = feature.values().map(|pair| pair.unwrap()).collect();
    let value = |name: &str| {
        values
            .iter()
            .find(|(field, _)| field.name == name)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(value("name"), ValueRef::Text("Ђердап \"љ\" \\ 'џ'"));
    assert_eq!(value("name_latin"), ValueRef::Text("Đerdap \"lj\" \\ 'dž'"));
    assert_eq!(value("height_m"), ValueRef::Number(12.5));
    assert_eq!(value("start_year"), ValueRef::Integer(1985));
    assert_eq!(value("in_scope"), ValueRef::Boolean(true));
    assert_eq!(
        value("surveyed_on"),
        ValueRef::Date("1969-07-20".parse().unwrap())
    );
    assert_eq!(
        value("commodities"),
        ValueRef::Codes(vec!["copper", "gold"])
    );
    assert_eq!(
        value("updated_at"),
        ValueRef::DateTime(moment("2026-01-01T12:30:00Z"))
    );
    assert_eq!(value("status"), ValueRef::Unknown);
}
