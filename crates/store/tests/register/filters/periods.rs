//! The relations of periods (Time Ontology in OWL, 3.2) on one that lasts from 1 March to
//! 31 October 2020.

use domain::layers::VOLUME_CHANGES;
use sqlx::postgres::PgPool;
use store::Store;

use super::selected;
use crate::common::{publish, record};

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn relations_of_periods(pool: PgPool) {
    let store = Store::over(pool);
    let texts = [
        ("code", "1"),
        ("facility", "RS-70327-001"),
        ("from_survey", "1"),
        ("to_survey", "2"),
        ("from_date", "2020-03-01"),
        ("to_date", "2020-10-31"),
    ];
    publish(
        &store,
        vec![record(&VOLUME_CHANGES, &texts, None)],
        "2026-01-01T00:00:00Z",
    )
    .await;
    // Beside each period: the relations that hold.
    for (first, last, holding) in [
        ("2019-01-01", "2019-12-31", &["AFTER", "DISJOINT"][..]),
        ("2021-01-01", "..", &["BEFORE", "DISJOINT"]),
        ("2020-03-01", "2020-10-31", &["EQUALS", "INTERSECTS"]),
        (
            "2020-03-01T00:00:00Z",
            "2020-10-31T15:00:00Z",
            &["EQUALS", "INTERSECTS"],
        ),
        ("2020-04-01", "2020-09-30", &["CONTAINS", "INTERSECTS"]),
        ("..", "2020-12-31", &["DURING", "INTERSECTS"]),
        ("2020-03-01", "2020-09-30", &["STARTEDBY", "INTERSECTS"]),
        ("2020-03-01", "..", &["STARTS", "INTERSECTS"]),
        ("2020-04-01", "2020-10-31", &["FINISHEDBY", "INTERSECTS"]),
        ("2020-01-01", "2020-10-31", &["FINISHES", "INTERSECTS"]),
        ("2020-10-31", "2020-12-31", &["MEETS", "INTERSECTS"]),
        ("..", "2020-03-01", &["METBY", "INTERSECTS"]),
        ("2020-05-01", "2020-12-31", &["OVERLAPS", "INTERSECTS"]),
        ("2020-01-01", "2020-05-01", &["OVERLAPPEDBY", "INTERSECTS"]),
    ] {
        for relation in [
            "AFTER",
            "BEFORE",
            "CONTAINS",
            "DISJOINT",
            "DURING",
            "EQUALS",
            "FINISHEDBY",
            "FINISHES",
            "INTERSECTS",
            "MEETS",
            "METBY",
            "OVERLAPPEDBY",
            "OVERLAPS",
            "STARTEDBY",
            "STARTS",
        ] {
            let text =
                format!("T_{relation}(INTERVAL(from_date,to_date),INTERVAL('{first}','{last}'))");
            let holds = !selected(&store, &VOLUME_CHANGES, &text).await.is_empty();
            assert_eq!(holds, holding.contains(&relation), "{text}");
        }
    }
}
