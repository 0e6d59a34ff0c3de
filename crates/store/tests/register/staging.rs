//! Staging, revisions and history.

use crate::common::{ALL, around, fields, ids, moment, point, publish, record};
use domain::Layer;
use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES, LAYERS};
use domain::value::FieldType;
use geo_types::Geometry;
use sqlx::postgres::PgPool;
use store::Store;
use store::feature::ValueRef;
use store::geometry::Ewkb;
use store::items::{Bbox, Selection};
use store::staging::{Difference, StagedRows, Verdict};

const BOR: &[(&str, &str)] = &[
    ("code", "RS-70327-001"),
    ("name", "Јаловиште РТХ"),
    ("status", "operating"),
    ("municipality", "70327"),
];
async fn text(
    store: &Store,
    layer: &'static Layer,
    id: i64,
    field: &str,
    as_of: Option<&str>,
) -> Option<String> {
    let feature = store
        .item(layer, fields(layer), id, as_of.map(moment))
        .await
        .unwrap()?;
    match feature.value(field).unwrap() {
        ValueRef::Text(text) => Some(text.to_owned()),
        ValueRef::Number(number) => Some(number.to_string()),
        ValueRef::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Every field of every layer has a column of its type, and every column is a field or one of the
/// register's own.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tables_match_the_layer_descriptions(pool: PgPool) {
    for layer in LAYERS {
        let columns: Vec<(String, String)> = sqlx::query_as(
            "select attname::text, format_type(atttypid, atttypmod) from pg_attribute \
             where attrelid = $1::regclass and attnum > 0",
        )
        .bind(layer.table)
        .fetch_all(&pool)
        .await
        .unwrap();
        for field in layer.fields {
            let expected = match field.field_type {
                FieldType::Text | FieldType::Code(_) => "text",
                FieldType::Integer => "bigint",
                FieldType::Number => "double precision",
                FieldType::Boolean => "boolean",
                FieldType::Date => "date",
                FieldType::DateTime => "timestamp with time zone",
                FieldType::Codes(_) => "text[]",
            };
            let column = columns.iter().find(|(name, _)| name == field.name);
            assert_eq!(
                column.map(|(_, kind)| kind.as_str()),
                Some(expected),
                "{}.{}",
                layer.id,
                field.name
            );
        }
        for (name, _) in &columns {
            let known = layer.field(name).is_some()
                || ["id", "first_revision", "field_revisions"].contains(&name.as_str())
                || LAYERS.iter().any(|other| {
                    other.table == layer.table && other.geometry_column == name.as_str()
                });
            assert!(
                known,
                "column {name} of {} is described nowhere",
                layer.table
            );
        }
        let geometry = columns
            .iter()
            .find(|(name, _)| name == layer.geometry_column)
            .unwrap();
        assert_eq!(
            geometry.1,
            format!("geometry({},4326)", layer.geometry.name())
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn importing_the_same_again_makes_no_revision(pool: PgPool) {
    let store = Store::over(pool);
    let file = || vec![record(&FACILITIES, BOR, point(22.1, 44.08))];
    let (compared, made) = publish(&store, file(), "2026-01-01T00:00:00Z").await;
    assert_eq!((compared[0].verdict.clone(), made), (Verdict::New, Some(1)));
    let (compared, made) = publish(&store, file(), "2026-01-02T00:00:00Z").await;
    assert_eq!(
        (compared[0].verdict.clone(), made),
        (Verdict::Unchanged, None)
    );
    let state = store.layer_state(&FACILITIES).await.unwrap();
    assert_eq!((state.feature_count, state.revision), (1, Some(1)));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_change_is_told_field_by_field_and_keeps_history(pool: PgPool) {
    let store = Store::over(pool.clone());
    publish(
        &store,
        vec![record(&FACILITIES, BOR, point(22.1, 44.08))],
        "2026-01-01T00:00:00Z",
    )
    .await;
    let mut closed = record(&FACILITIES, BOR, point(22.1, 44.08));
    closed.set(
        "status",
        FACILITIES.field("status").unwrap().parse("closed").unwrap(),
    );
    let (compared, made) = publish(&store, vec![closed], "2026-02-01T00:00:00Z").await;
    let difference = Difference {
        field: "status".to_owned(),
        before: Some("operating".to_owned()),
        after: Some("closed".to_owned()),
    };
    assert_eq!(compared[0].verdict, Verdict::Changed(vec![difference]));
    assert_eq!(made, Some(2));
    for (as_of, status) in [
        (None, Some("closed")),
        (Some("2026-02-01T00:00:00Z"), Some("closed")),
        (Some("2026-01-31T23:59:59Z"), Some("operating")),
        (Some("2025-12-31T23:59:59Z"), None),
    ] {
        assert_eq!(
            text(&store, &FACILITIES, 1, "status", as_of)
                .await
                .as_deref(),
            status,
            "{as_of:?}"
        );
    }
    let then = Selection {
        as_of: Some(moment("2026-01-15T00:00:00Z")),
        ..Selection::default()
    };
    assert_eq!(ids(&store, &FACILITIES, &then, ALL).await, [1]);
    let provenance: serde_json::Value = sqlx::query_scalar("select field_revisions from facility")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(provenance, serde_json::json!({ "status": 2 }));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_a_file_does_not_have_stays(pool: PgPool) {
    let store = Store::over(pool);
    publish(
        &store,
        vec![record(&FACILITIES, BOR, point(22.1, 44.08))],
        "2026-01-01T00:00:00Z",
    )
    .await;
    let height = record(
        &FACILITIES,
        &[("code", "RS-70327-001"), ("height_m", "45.5")],
        None,
    );
    let (compared, _) = publish(&store, vec![height], "2026-01-02T00:00:00Z").await;
    let difference = Difference {
        field: "height_m".to_owned(),
        before: None,
        after: Some("45.5".to_owned()),
    };
    assert_eq!(compared[0].verdict, Verdict::Changed(vec![difference]));
    for (field, value) in [
        ("height_m", "45.5"),
        ("status", "operating"),
        ("district", "RS-14"),
        ("name_latin", "Jalovište RTH"),
    ] {
        assert_eq!(
            text(&store, &FACILITIES, 1, field, None).await.as_deref(),
            Some(value),
            "{field}"
        );
    }
    let everywhere = Selection {
        bbox: Some(Bbox {
            west: 22.0,
            south: 44.0,
            east: 22.2,
            north: 44.1,
        }),
        ..Selection::default()
    };
    assert_eq!(ids(&store, &FACILITIES, &everywhere, ALL).await, [1]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_outline_moves_a_point_only_when_it_leaves_it_outside(pool: PgPool) {
    let store = Store::over(pool);
    let place = |store: Store| async move {
        let feature = store
            .item(&FACILITIES, fields(&FACILITIES), 1, None)
            .await
            .unwrap()
            .unwrap();
        let ewkb = Ewkb(feature.ewkb().unwrap().unwrap().to_vec());
        match ewkb.to_geometry() {
            Some(Geometry::Point(point)) => point.x_y(),
            other => panic!("not a point: {other:?}"),
        }
    };
    publish(
        &store,
        vec![record(&FACILITIES, BOR, point(22.105, 44.08))],
        "2026-01-01T00:00:00Z",
    )
    .await;
    publish(
        &store,
        vec![record(&FACILITY_OUTLINES, BOR, around(22.1, 44.08))],
        "2026-01-02T00:00:00Z",
    )
    .await;
    assert_eq!(place(store.clone()).await, (22.105, 44.08));
    publish(
        &store,
        vec![record(&FACILITY_OUTLINES, BOR, around(22.2, 44.08))],
        "2026-01-03T00:00:00Z",
    )
    .await;
    let (x, y) = place(store.clone()).await;
    assert!(
        (22.19..=22.21).contains(&x) && (44.07..=44.09).contains(&y),
        "{x} {y}"
    );
    let outside = vec![record(&FACILITIES, BOR, point(22.5, 44.5))];
    let (compared, made) = publish(&store, outside, "2026-01-04T00:00:00Z").await;
    assert_eq!(
        (compared[0].verdict.clone(), made),
        (Verdict::Unchanged, None)
    );
    assert!(
        compared[0]
            .note
            .as_ref()
            .unwrap()
            .en
            .contains("outside the registered outline")
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_statement_changes_a_row_without_history(pool: PgPool) {
    let store = Store::over(pool.clone());
    publish(
        &store,
        vec![record(&FACILITIES, BOR, None)],
        "2026-01-01T00:00:00Z",
    )
    .await;
    let same = sqlx::query("update facility set status = 'closed'")
        .execute(&pool)
        .await;
    assert!(
        same.unwrap_err()
            .to_string()
            .contains("needs a revision of its own")
    );
    let unsaid = sqlx::query("delete from facility").execute(&pool).await;
    assert!(unsaid.is_err());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_unfinished_import_leaves_nothing(pool: PgPool) {
    let store = Store::over(pool.clone());
    let mut staging = store::staging::Staging::begin(&store, &FACILITIES)
        .await
        .unwrap();
    staging
        .append(vec![StagedRows::of(
            &FACILITIES,
            [(1, record(&FACILITIES, BOR, None))],
        )])
        .await
        .unwrap();
    drop(staging);
    let count: i64 = sqlx::query_scalar("select count(*) from facility")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(count, 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn layers_without_data_are_not_listed(pool: PgPool) {
    let store = Store::over(pool);
    assert!(store.layers_with_data().await.unwrap().is_empty());
    let dam = [("code", "RS-70327-001-B1"), ("facility", "RS-70327-001")];
    publish(
        &store,
        vec![record(&DAMS, &dam, None)],
        "2026-01-01T00:00:00Z",
    )
    .await;
    let listed = store.layers_with_data().await.unwrap();
    assert_eq!(
        listed.iter().map(|(layer, _)| layer.id).collect::<Vec<_>>(),
        ["dams"]
    );
    assert_eq!(
        (listed[0].1.without_geometry, listed[0].1.extent),
        (1, None)
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_empty_cell_overwrites_nothing(pool: PgPool) {
    let store = Store::over(pool);
    let known = record(&FACILITIES, BOR, point(22.1, 44.08));
    publish(&store, vec![known], "2026-01-01T00:00:00Z").await;
    let sparse = [
        ("code", "RS-70327-001"),
        ("name", "Стари Бор"),
        ("status", ""),
    ];
    let sparse = record(&FACILITIES, &sparse, None);
    let (compared, _) = publish(&store, vec![sparse], "2026-01-02T00:00:00Z").await;
    let Verdict::Changed(differences) = &compared[0].verdict else {
        panic!("{compared:?}");
    };
    let changed: Vec<_> = differences.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(changed, ["name", "name_latin"]);
    let status = text(&store, &FACILITIES, 1, "status", None).await;
    assert_eq!(status.as_deref(), Some("operating"));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_rules_are_asked_about_the_record_as_it_would_stand(pool: PgPool) {
    let store = Store::over(pool);
    let began = [
        ("code", "RS-70327-001"),
        ("name", "Бор"),
        ("start_year", "1990"),
    ];
    publish(
        &store,
        vec![record(&FACILITIES, &began, None)],
        "2026-01-01T00:00:00Z",
    )
    .await;
    for (end_year, expected) in [("1980", 1), ("1995", 0)] {
        let ended = [("code", "RS-70327-001"), ("end_year", end_year)];
        let mut staging = store::staging::Staging::begin(&store, &FACILITIES)
            .await
            .unwrap();
        let ended = record(&FACILITIES, &ended, None);
        staging
            .append(vec![StagedRows::of(&FACILITIES, [(1, ended)])])
            .await
            .unwrap();
        let compared = staging.compare(&[]).await.unwrap();
        let found = &compared.records[0].findings;
        assert_eq!(found.len(), expected, "{found:?}");
    }
}
