//! Files that were made from the register, beside what others changed meanwhile.

use crate::common::{point, publish, record, revision};
use domain::Record;
use domain::layers::{FACILITIES, LAYERS};
use geo_types::Geometry;
use sqlx::postgres::PgPool;
use store::Store;
use store::staging::{StagedRows, Staging, Verdict};

const CODE: &str = "RS-70327-001";

fn facility(texts: &[(&str, &str)], place: impl Into<Option<Geometry<f64>>>) -> Record {
    let mut all = vec![("code", CODE)];
    all.extend(texts);
    record(&FACILITIES, &all, place)
}

/// Revision 1: operating, 20 m high, at 22.1. Revision 2, by others: abandoned.
async fn register(pool: PgPool) -> Store {
    let store = Store::over(pool);
    let first = facility(
        &[("name", "РТХ"), ("status", "operating"), ("height_m", "20")],
        point(22.1, 44.07),
    );
    publish(&store, vec![first], "2026-01-01T00:00:00Z").await;
    let others = facility(&[("status", "abandoned")], None);
    publish(&store, vec![others], "2026-01-02T00:00:00Z").await;
    store
}

async fn staged(store: &Store, mut record: Record, made_from: i64) -> Staging {
    record.made_from = Some(made_from);
    let mut staging = Staging::begin(store, &FACILITIES).await.unwrap();
    let rows = StagedRows::of(&FACILITIES, [(1, record)]);
    staging.append(vec![rows]).await.unwrap();
    staging.complete().await.unwrap();
    assert!(staging.is_to_be_merged());
    staging
}

/// Field, revision that changed it, value then, now, in the file.
async fn conflicts(staging: &mut Staging) -> Vec<String> {
    let found = staging.conflicts().await.unwrap();
    let told = found.into_iter().map(|one| {
        let [was, is_now, file_says] =
            [one.was, one.is_now, one.file_says].map(Option::unwrap_or_default);
        let (field, by) = (one.field, one.changed_by);
        format!("{field} by {by}: {was} > {is_now} | {file_says}")
    });
    told.collect()
}

/// The fields that publishing would change.
async fn changes(staging: &mut Staging) -> Vec<String> {
    staging.keep_what_others_changed().await.unwrap();
    let compared = staging.compare(&[]).await.unwrap();
    match &compared.records[0].verdict {
        Verdict::Changed(differences) => differences
            .iter()
            .map(|one| format!("{} = {}", one.field, one.after.clone().unwrap_or_default()))
            .collect(),
        other => vec![format!("{other:?}")],
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_only_others_changed_stays(pool: PgPool) {
    let store = register(pool).await;
    // As the register said it in revision 1, but for the height.
    let team = facility(
        &[("name", "РТХ"), ("status", "operating"), ("height_m", "25")],
        point(22.1, 44.07),
    );
    let mut staging = staged(&store, team.clone(), 1).await;
    assert!(conflicts(&mut staging).await.is_empty());
    assert_eq!(changes(&mut staging).await, ["height_m = 25"]);
    staging.discard().await.unwrap();

    let mut staging = staged(&store, team, 2).await;
    assert!(conflicts(&mut staging).await.is_empty());
    // Made from revision 2, the status is theirs.
    assert_eq!(
        changes(&mut staging).await,
        ["status = operating", "height_m = 25"]
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_untouched_record_changes_nothing(pool: PgPool) {
    let store = register(pool).await;
    let team = facility(
        &[("name", "РТХ"), ("status", "operating"), ("height_m", "20")],
        point(22.1, 44.07),
    );
    let mut staging = staged(&store, team, 1).await;
    assert_eq!(changes(&mut staging).await, ["Unchanged"]);
    assert_eq!(
        staging
            .publish(&revision("2026-01-03T00:00:00Z"))
            .await
            .unwrap(),
        None
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_both_changed_apart_is_a_conflict(pool: PgPool) {
    let store = register(pool).await;
    let moved = facility(&[], point(22.2, 44.07));
    publish(&store, vec![moved], "2026-01-03T00:00:00Z").await;
    for (status, place, expected) in [
        (
            "closed",
            22.1,
            vec!["status by 2: operating > abandoned | closed"],
        ),
        // The same change by both is none.
        ("abandoned", 22.1, vec![]),
        ("operating", 22.2, vec![]),
        (
            "operating",
            22.3,
            vec!["location by 3: POINT(22.1 44.07) > POINT(22.2 44.07) | POINT(22.3 44.07)"],
        ),
        // The file says nothing of it.
        ("", 22.1, vec![]),
    ] {
        let team = facility(&[("status", status), ("name", "РТХ")], point(place, 44.07));
        let mut staging = staged(&store, team, 1).await;
        assert_eq!(conflicts(&mut staging).await, expected, "{status} {place}");
        staging.discard().await.unwrap();
    }
}

/// Two teams gave two facilities the same code: nothing of either is overwritten unseen.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_record_that_was_not_there_yet_is_all_conflict(pool: PgPool) {
    let store = register(pool).await;
    let mut other = record(
        &FACILITIES,
        &[("code", "RS-70327-002"), ("name", "Велики Кривељ")],
        point(22.1, 44.1),
    );
    publish(&store, vec![other.clone()], "2026-01-03T00:00:00Z").await;
    other.set("name", domain::Value::Text("Церово".to_owned()));
    let mut staging = staged(&store, other, 2).await;
    let found = staging.conflicts().await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].field.as_str(), found[0].changed_by), ("name", 3));
    assert_eq!(found[0].was, None);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_removed_record_and_an_unknown_revision_are_told(pool: PgPool) {
    let store = register(pool).await;
    let mut staging = staged(&store, facility(&[], None), 9).await;
    let told = staging.made_from_nothing().await.unwrap();
    assert_eq!((told[0].row, told[0].revision), (1, 9));
    assert!(staging.removed_since().await.unwrap().is_empty());
    staging.discard().await.unwrap();

    // Undoing what added it removes it.
    let other = record(
        &FACILITIES,
        &[("code", "RS-70327-002"), ("name", "Церово")],
        point(22.1, 44.1),
    );
    publish(&store, vec![other.clone()], "2026-01-03T00:00:00Z").await;
    let undone = store.undo(3, &revision("2026-01-04T00:00:00Z")).await;
    undone.unwrap();
    let mut staging = staged(&store, other, 3).await;
    let told = staging.removed_since().await.unwrap();
    assert_eq!(told[0].key.as_deref(), Some("RS-70327-002"));
    assert_eq!((told.len(), told[0].revision), (1, 4));
}

/// The field by which a file says from which revision it was made.
#[test]
fn every_layer_says_the_revision_of_its_records() {
    for layer in LAYERS {
        let field = layer.field(domain::layer::REVISION).unwrap();
        assert_eq!(
            field.origin,
            domain::layer::Origin::Register,
            "{}",
            layer.id
        );
    }
}
