//! The spatial relations on two outlines of 0.02 degrees: around 22.000 E and 22.015 E, 44 N.

use domain::layers::{FACILITIES, FACILITY_OUTLINES};
use sqlx::postgres::PgPool;
use store::Store;

use super::assert_selects;
use crate::common::{around, point, publish, record};

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn relations_of_areas(pool: PgPool) {
    let store = Store::over(pool);
    let records = [22.0, 22.015].iter().enumerate().map(|(at, x)| {
        let code = format!("RS-70327-00{}", at + 1);
        let texts = [("code", code.as_str()), ("name", "А")];
        record(&FACILITY_OUTLINES, &texts, around(*x, 44.0))
    });
    publish(&store, records.collect(), "2026-01-01T00:00:00Z").await;
    let cases: &[(&str, &[i64])] = &[
        (
            "S_INTERSECTS(geometry, BBOX(22.0,44.0,22.002,44.002))",
            &[1],
        ),
        (
            "S_INTERSECTS(geometry, BBOX(22.009,44.0,22.009,44.0))",
            &[1, 2],
        ),
        ("S_INTERSECTS(geometry, BBOX(22.02,43,-179,45))", &[2]),
        (
            "S_INTERSECTS(BBOX(22.0,44.0,0,22.002,44.002,900), geom)",
            &[1],
        ),
        ("S_CONTAINS(geometry, POINT(22.0 44.0))", &[1]),
        ("S_CONTAINS(geometry, POINT Z(22.0 44.0 350))", &[1]),
        ("S_WITHIN(POINT(22.02 44.0), geometry)", &[2]),
        ("S_WITHIN(geometry, BBOX(21.9,43.9,22.02,44.1))", &[1]),
        ("S_OVERLAPS(geometry, BBOX(22.0,43.9,22.5,44.1))", &[1]),
        ("S_TOUCHES(geometry, BBOX(22.01,43.99,22.02,44.01))", &[1]),
        ("S_CROSSES(geometry, LINESTRING(21 44,22 44))", &[1]),
        ("S_DISJOINT(geometry, POINT(21.995 44))", &[2]),
        ("NOT S_DISJOINT(geometry, POINT(21.995 44))", &[1]),
        (
            "S_EQUALS(geometry, POLYGON((21.99 43.99,22.01 43.99,22.01 44.01,21.99 44.01,21.99 43.99)))",
            &[1],
        ),
        (
            "S_INTERSECTS(geometry, MULTIPOINT((22.02 44),(30 50)))",
            &[2],
        ),
        (
            "S_INTERSECTS(geometry, MULTILINESTRING((21 44,21.995 44),(30 50,31 50)))",
            &[1],
        ),
        (
            "S_WITHIN(geometry, MULTIPOLYGON(((22 43,23 43,23 45,22 45,22 43)),((10 10,11 10,11 11,10 10))))",
            &[2],
        ),
        (
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(21.995 44),LINESTRING(30 50,31 50)))",
            &[1],
        ),
        // An outline that crosses itself at 22.5 E encloses two triangles.
        (
            "S_INTERSECTS(geometry, POLYGON((22.012 43,23 45,23 43,22.012 45,22.012 43)))",
            &[2],
        ),
        (
            "S_WITHIN(geometry, POLYGON((22.012 43,23 45,23 43,22.012 45,22.012 43)))",
            &[],
        ),
        ("S_WITHIN(POINT(22 44), BBOX(21,43,23,45))", &[1, 2]),
        ("S_EQUALS(geometry, geometry)", &[1, 2]),
    ];
    for (text, expected) in cases {
        assert_selects(&store, &FACILITY_OUTLINES, text, expected).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn relations_of_points(pool: PgPool) {
    let store = Store::over(pool);
    let places = [point(22.0, 44.0).into(), point(22.1, 44.1).into(), None];
    let records = places.into_iter().enumerate().map(|(at, place)| {
        let code = format!("RS-70327-00{}", at + 1);
        record(
            &FACILITIES,
            &[("code", code.as_str()), ("name", "А")],
            place,
        )
    });
    publish(&store, records.collect(), "2026-01-01T00:00:00Z").await;
    let cases: &[(&str, &[i64])] = &[
        ("S_INTERSECTS(geometry, BBOX(22.0,44.0,22.05,44.05))", &[1]),
        (
            "S_INTERSECTS(geometry, BBOX(22.0000001,44.0,22.05,44.05))",
            &[],
        ),
        (
            "NOT S_INTERSECTS(geometry, BBOX(22.0,44.0,22.05,44.05))",
            &[2],
        ),
        ("S_DISJOINT(geometry, BBOX(22.0,44.0,22.05,44.05))", &[2]),
        ("S_TOUCHES(geometry, BBOX(22.0,44.0,22.05,44.05))", &[1]),
        ("S_WITHIN(geometry, BBOX(22.0,44.0,22.2,44.2))", &[2]),
        ("S_EQUALS(geometry, POINT(22.1 44.1))", &[2]),
        ("S_INTERSECTS(geometry, LINESTRING(22 44,22 45))", &[1]),
    ];
    for (text, expected) in cases {
        assert_selects(&store, &FACILITIES, text, expected).await;
    }
}
