//! Each operator on five facilities.

use domain::layer::Access;
use domain::layers::FACILITIES;
use sqlx::postgres::PgPool;
use store::Store;
use store::items::Selection;

use super::{assert_selects, select};
use crate::common::{ALL, ids, moment, point, publish, record};

/// Five facilities; of the fourth only its name is known.
async fn five(store: &Store) {
    let first = [
        ("code", "RS-70327-001"),
        ("name", "Жагубица"),
        ("status", "closed"),
        ("height_m", "45"),
        ("start_year", "1960"),
        ("end_year", "1990"),
        ("in_scope", "true"),
        ("commodities", "copper;gold"),
        ("surveyed_on", "2020-05-01"),
    ];
    let second = [
        ("code", "RS-70327-002"),
        ("name", "Veliki Krivelj"),
        ("operator", "Veliki Krivelj"),
        ("status", "operating"),
        ("height_m", "30"),
        ("start_year", "1985"),
        ("in_scope", "false"),
        ("commodities", "copper"),
        ("surveyed_on", "2021-06-15"),
    ];
    let third = [
        ("code", "RS-70327-003"),
        ("name", "Ђердап 50%_A"),
        ("operator", "Đerdap"),
        ("status", "abandoned"),
        ("height_m", "12.5"),
        ("start_year", "1950"),
        ("end_year", "1960"),
        ("commodities", "lead;zinc"),
    ];
    let fourth = [("code", "RS-70327-004"), ("name", "Bor")];
    let fifth = [
        ("code", "RS-70327-005"),
        ("name", r"d'Or \ x"),
        ("status", "closed"),
        ("height_m", "0"),
        ("in_scope", "true"),
        ("commodities", "gold"),
        ("surveyed_on", "2019-12-31"),
    ];
    let records = vec![
        record(&FACILITIES, &first, point(22.0, 44.0)),
        record(&FACILITIES, &second, point(22.1, 44.1)),
        record(&FACILITIES, &third, point(22.2, 44.2)),
        record(&FACILITIES, &fourth, None),
        record(&FACILITIES, &fifth, point(22.0, 44.3)),
    ];
    publish(store, records, "2026-01-01T12:00:00Z").await;
}

async fn assert_all(pool: PgPool, cases: &[(&str, &[i64])]) {
    let store = Store::over(pool);
    five(&store).await;
    for (text, expected) in cases {
        assert_selects(&store, &FACILITIES, text, expected).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn comparisons_and_logic(pool: PgPool) {
    let cases: &[(&str, &[i64])] = &[
        ("status = 'closed'", &[1, 5]),
        ("status <> 'closed'", &[2, 3]),
        ("NOT status = 'closed'", &[2, 3]),
        ("height_m < 30", &[3, 5]),
        ("height_m <= 30", &[2, 3, 5]),
        ("height_m > 30", &[1]),
        ("30 <= height_m", &[1, 2]),
        ("start_year = 1960", &[1]),
        ("start_year > 1959.5", &[1, 2]),
        ("name > 'Veliki'", &[1, 2, 3, 5]),
        ("name >= 'Veliki Krivelj' AND name < 'd'", &[2]),
        ("in_scope = TRUE", &[1, 5]),
        ("in_scope = 1", &[1, 5]),
        ("in_scope <> 1", &[2]),
        ("in_scope", &[1, 5]),
        ("NOT in_scope", &[2]),
        ("in_scope IS NULL", &[3, 4]),
        ("commodities IS NOT NULL", &[1, 2, 3, 5]),
        ("geometry IS NULL", &[4]),
        ("(height_m > 3) IS NULL", &[4]),
        (
            "status = 'closed' AND height_m > 1 OR name = 'Bor'",
            &[1, 4],
        ),
        ("status = 'closed' AND (height_m > 1 OR name = 'Bor')", &[1]),
        ("TRUE", &[1, 2, 3, 4, 5]),
        ("FALSE", &[]),
        ("NULL", &[]),
        ("NOT NULL", &[]),
        ("height_m > 3 OR TRUE", &[1, 2, 3, 4, 5]),
        ("height_m > 3 OR NULL", &[1, 2, 3]),
        ("height_m = NULL", &[]),
        ("status IS 'closed'", &[1, 5]),
        ("status IS NOT 'closed'", &[2, 3, 4]),
        ("(height_m > 20) = FALSE", &[3, 5]),
    ];
    assert_all(pool, cases).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn patterns_ranges_and_lists(pool: PgPool) {
    let cases: &[(&str, &[i64])] = &[
        ("name LIKE 'Ve%'", &[2]),
        ("name LIKE 've%'", &[]),
        ("name LIKE 'B_r'", &[4]),
        ("name NOT LIKE '%r%'", &[1, 3]),
        (r"name LIKE '%50\%\_A'", &[3]),
        (r"name LIKE '%\\\\%'", &[5]),
        ("name = 'd''Or \\\\ x'", &[5]),
        ("name LIKE 'd\\'Or%'", &[5]),
        ("height_m BETWEEN 12.5 AND 30", &[2, 3]),
        ("height_m NOT BETWEEN 12.5 AND 30", &[1, 5]),
        (
            "surveyed_on BETWEEN DATE('2020-01-01') AND DATE('2020-12-31')",
            &[1],
        ),
        ("status IN ('closed','abandoned')", &[1, 3, 5]),
        ("status NOT IN ('closed','abandoned')", &[2]),
        ("height_m IN (30, 40+5)", &[1, 2]),
        ("height_m NOT IN (30, NULL)", &[]),
        ("30 IN (height_m, start_year)", &[2]),
    ];
    assert_all(pool, cases).await;
}

/// Serbian Latin and Cyrillic are found by either, with and without accents.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn texts_without_case_script_or_accents(pool: PgPool) {
    let cases: &[(&str, &[i64])] = &[
        ("CASEI(name) = casei('ŽAGUBICA')", &[1]),
        ("CASEI(name) = CASEI('жагубица')", &[1]),
        ("CASEI(name) = 'Žagubica'", &[1]),
        ("CASEI(name) = CASEI('zagubica')", &[]),
        ("ACCENTI(name) = 'zagubica'", &[1]),
        ("ACCENTI(name) = ACCENTI('Žágubica')", &[1]),
        ("ACCENTI(name) LIKE 'ВЕЛИКИ%'", &[2]),
        ("CASEI(name) LIKE CASEI('%КРИВЕЉ')", &[2]),
        // Only what is named is folded.
        ("name LIKE CASEI('BOR%')", &[]),
        ("ACCENTI(name) LIKE 'djerdap%'", &[3]),
        ("CASEI(name) LIKE 'Đ%'", &[3]),
        ("name ILIKE 'жаг%'", &[1]),
        ("CASEI(name) NOT LIKE '%r%'", &[1]),
        ("CASEI(name) IN (casei('BOR'), casei('жагубица'))", &[1, 4]),
        ("ACCENTI(CASEI(operator)) = 'djerdap'", &[3]),
        ("CASEI(status) = 'CLOSED'", &[1, 5]),
    ];
    assert_all(pool, cases).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn properties_calculations_and_functions(pool: PgPool) {
    let cases: &[(&str, &[i64])] = &[
        ("name = operator", &[2]),
        ("end_year - start_year >= 30", &[1]),
        ("start_year + 10 = end_year", &[3]),
        ("'x' = 'x'", &[1, 2, 3, 4, 5]),
        ("1 > 2", &[]),
        ("height_m = 3 * 2 ^ 2 + 0.5", &[3]),
        ("height_m / 0 IS NULL", &[1, 2, 3, 4, 5]),
        ("start_year % 100 = 85", &[2]),
        ("start_year div 100 = 19", &[1, 2, 3]),
        ("start_year / 100 = 19.6", &[1]),
        ("-height_m = -45", &[1]),
        ("(0 - 1) ^ 0.5 IS NULL", &[1, 2, 3, 4, 5]),
        ("10 ^ height_m > 10 ^ 40", &[1]),
        ("height_m + NULL > 0", &[]),
        ("year(surveyed_on) = 2020", &[1]),
        ("YEAR(updated_at) = 2026 AND length(name) = 3", &[4]),
        ("distance(geometry, POINT(22.1 44.1)) < 100", &[2]),
        // A degree of latitude here is 111.1 km (WGS 84).
        (
            "distance(geometry, POINT(22 44)) BETWEEN 33300 AND 33400",
            &[5],
        ),
    ];
    assert_all(pool, cases).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn times_and_sets_of_codes(pool: PgPool) {
    let cases: &[(&str, &[i64])] = &[
        ("surveyed_on = DATE('2020-05-01')", &[1]),
        ("surveyed_on < DATE('2020-05-01')", &[5]),
        ("surveyed_on >= TIMESTAMP('2020-05-01T23:00:00Z')", &[1, 2]),
        ("updated_at = DATE('2026-01-01')", &[1, 2, 3, 4, 5]),
        (
            "updated_at > TIMESTAMP('2026-01-01T11:59:59Z')",
            &[1, 2, 3, 4, 5],
        ),
        ("updated_at > TIMESTAMP('2026-01-01T12:00:00.000Z')", &[]),
        ("T_AFTER(surveyed_on, DATE('2020-05-01'))", &[2]),
        ("T_BEFORE(surveyed_on, DATE('2020-05-01'))", &[5]),
        ("T_EQUALS(surveyed_on, DATE('2020-05-01'))", &[1]),
        (
            "T_INTERSECTS(surveyed_on, INTERVAL('2020-01-01','2021-06-15'))",
            &[1, 2],
        ),
        ("T_DISJOINT(surveyed_on, INTERVAL('2020-01-01','..'))", &[5]),
        (
            "T_INTERSECTS(updated_at, INTERVAL('..','2026-01-01T12:00:00Z'))",
            &[1, 2, 3, 4, 5],
        ),
        (
            "T_AFTER(updated_at, INTERVAL('2020-01-01','2026-01-01'))",
            &[],
        ),
        ("A_CONTAINS(commodities, ('copper','gold'))", &[1]),
        ("A_CONTAINS(commodities, ('gold'))", &[1, 5]),
        ("A_CONTAINS(('gold','lead','zinc'), commodities)", &[3, 5]),
        (
            "A_CONTAINEDBY(commodities, ('gold','copper','lead'))",
            &[1, 2, 5],
        ),
        ("A_EQUALS(commodities, ('gold','copper'))", &[1]),
        ("A_OVERLAPS(commodities, ('gold','lead'))", &[1, 3, 5]),
        ("NOT A_OVERLAPS(commodities, ('gold','lead'))", &[2]),
        ("A_EQUALS(commodities, commodities)", &[1, 2, 3, 5]),
        ("A_CONTAINS(commodities, ())", &[1, 2, 3, 5]),
    ];
    assert_all(pool, cases).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_filter_asks_the_register_as_it_stood(pool: PgPool) {
    let store = Store::over(pool);
    five(&store).await;
    let closed = [("code", "RS-70327-002"), ("status", "closed")];
    publish(
        &store,
        vec![record(&FACILITIES, &closed, None)],
        "2026-02-01T00:00:00Z",
    )
    .await;
    let tree = domain::filter::read_text("status = 'closed'").unwrap();
    for (as_of, expected) in [
        (None, &[1, 2, 5][..]),
        (Some("2026-01-15T00:00:00Z"), &[1, 5]),
    ] {
        let selection = Selection {
            as_of: as_of.map(moment),
            ..select(&FACILITIES, &tree)
        };
        assert_eq!(ids(&store, &FACILITIES, &selection, ALL).await, expected);
        let counted = store.count(&FACILITIES, &selection, 10).await.unwrap();
        assert_eq!(counted, Some(expected.len() as u64));
    }
}

/// A result that no number can hold is the question's fault, and told so.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_number_too_large_is_an_error_of_the_calculation(pool: PgPool) {
    let store = Store::over(pool);
    five(&store).await;
    let tree = domain::filter::read_text("height_m * 1e308 * 1e308 > 1").unwrap();
    let counted = store
        .count(&FACILITIES, &select(&FACILITIES, &tree), 10)
        .await;
    assert!(counted.unwrap_err().is_of_calculation());
}

/// What looks like SQL is a text or a name like any other.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nothing_given_becomes_part_of_a_statement(pool: PgPool) {
    let store = Store::over(pool);
    five(&store).await;
    for attempt in [
        "x' OR '1'='1",
        "'; drop table facility; --",
        r"\'; drop table facility; --",
        "$1",
        "%' --",
        "\u{0}1",
        "x') or (true",
    ] {
        let quoted = attempt
            .replace('\\', r"\\")
            .replace('\'', "''")
            .replace('\u{0}', "");
        for text in [
            format!("name = '{quoted}'"),
            format!("name LIKE '{quoted}'"),
            format!("CASEI(name) = '{quoted}'"),
            format!("name IN ('{quoted}')"),
        ] {
            assert_selects(&store, &FACILITIES, &text, &[]).await;
        }
        let as_name = domain::filter::read_text(&format!("\"{}\" = 1", attempt.replace('"', "")));
        assert!(
            domain::filter::Filter::bind(&FACILITIES, Access::Public, &as_name.unwrap()).is_err()
        );
    }
    assert_selects(&store, &FACILITIES, "TRUE", &[1, 2, 3, 4, 5]).await;
}
