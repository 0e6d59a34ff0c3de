//! What a filter means for a layer, and what it cannot mean.

use crate::filter::{Filter, read_text};
use crate::lang::Message;
use crate::layer::Access;
use crate::layers::{FACILITIES, VOLUME_CHANGES};

fn bind(text: &str) -> Result<Filter, Message> {
    Filter::bind(&FACILITIES, Access::Public, &read_text(text)?)
}

#[test]
fn filters_that_mean_something() {
    for text in [
        "status = 'closed'",
        "municipality IN ('70327', '70700')",
        "CASEI(status) = 'anything'",
        "ACCENTI(name) LIKE '%krivelj%'",
        "height_m * 2 > area_m2 / 3 AND NOT in_scope",
        "in_scope = TRUE AND (height_m > 3) = FALSE",
        "surveyed_on = '2020-05-01' OR updated_at > DATE('2020-01-01')",
        "T_INTERSECTS(surveyed_on, INTERVAL('2020-01-01', '..'))",
        "A_CONTAINS(commodities, 'copper') OR commodities IS NULL",
        "S_INTERSECTS(geom, BBOX(21, 43, 22, 45)) AND geometry IS NOT NULL",
        "distance(geometry, POINT(22.1 44.07)) < 2000",
        "year(surveyed_on) = 2020 AND length(name) > 3",
        "name = NULL OR NULL IS NULL OR height_m + NULL > 1",
    ] {
        assert!(bind(text).is_ok(), "{text}: {:?}", bind(text).map(drop));
    }
    let of_two_dates =
        "T_DURING(INTERVAL(from_date, to_date), INTERVAL('2020-01-01', '2021-01-01'))";
    assert!(
        Filter::bind(
            &VOLUME_CHANGES,
            Access::Public,
            &read_text(of_two_dates).unwrap()
        )
        .is_ok()
    );
}

#[test]
fn what_cannot_be_meant_is_refused_with_the_way_out() {
    for (text, words) in [
        (
            "colour = 1",
            &["`colour`", "/collections/facilities/queryables"][..],
        ),
        ("heigth_m = 1", &["`height_m`"]),
        ("contact = 'x'", &["no property `contact`"]),
        ("remarks LIKE '%x%'", &["no property `remarks`"]),
        ("id = 1", &["no property `id`"]),
        ("status = 'close'", &["'close'", "'closed'", "character 10"]),
        (
            "status IN ('closed', 'Затворено')",
            &["'closed'", "character 22"],
        ),
        ("A_CONTAINS(commodities, ('cooper'))", &["'copper'"]),
        ("municipality = 70327", &["municipality = '70327'"]),
        (
            "height_m = '30'",
            &["height_m = 12.5", "a number and a text"],
        ),
        ("in_scope = 'yes'", &["in_scope = TRUE"]),
        ("in_scope = 2", &["in_scope = TRUE"]),
        ("height_m", &["a condition is expected", "character 1"]),
        ("height_m + 1", &["a condition is expected"]),
        ("name + 1 = 2", &["only numbers"]),
        ("CASEI(height_m) = '3'", &["a text"]),
        ("commodities = 'gold'", &["A_CONTAINS(commodities, ('…'))"]),
        ("A_CONTAINS(status, ('closed'))", &["status IN (…)"]),
        ("geometry = 'x'", &["S_INTERSECTS(geometry, BBOX(…))"]),
        (
            "S_INTERSECTS(name, POINT(1 2))",
            &["a geometry is expected"],
        ),
        (
            "S_INTERSECTS(geometry, POINT(4880000 7590000))",
            &["filter-crs"],
        ),
        (
            "S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 2)))",
            &["S_INTERSECTS and S_DISJOINT"],
        ),
        (
            "T_DURING(surveyed_on, INTERVAL('2020-01-01','..'))",
            &["periods alone", "T_INTERSECTS"],
        ),
        ("T_AFTER(name, DATE('2020-01-01'))", &["a time is expected"]),
        (
            "T_AFTER(surveyed_on, INTERVAL('2021-01-01','2020-01-01'))",
            &["before it begins"],
        ),
        (
            "surveyed_on = 'yesterday'",
            &["neither a date nor a moment"],
        ),
        ("name LIKE status", &["in quotation marks"]),
        (r"name LIKE 'x\'", &["not closed"]),
        (r"name LIKE 'x\\'", &["ends in a backslash"]),
        ("name IN ()", &["a list of values"]),
        ("name = (1, 2)", &["IN for several"]),
        ("name BETWEEN 1 AND 2", &["a text and a number"]),
        (
            "pg_sleep(10) = 1",
            &["no function `pg_sleep`", "/functions"],
        ),
        ("year(name) = 1", &["/functions"]),
        ("distance(geometry) < 1", &["two geometries"]),
    ] {
        let wrong = bind(text).expect_err(text);
        for word in words {
            assert!(wrong.en.contains(word), "{text}: {}", wrong.en);
        }
        assert!(
            wrong.sr.chars().any(|letter| ('а'..='ш').contains(&letter)),
            "{}",
            wrong.sr
        );
    }
}

#[test]
fn a_restricted_field_is_not_offered_either() {
    let wrong = bind("contac = 'x'").unwrap_err();
    assert!(!wrong.en.contains("`contact`"), "{wrong}");
}
