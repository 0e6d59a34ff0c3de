//! What is wrong, and where.

use crate::filter::{MAX_BYTES, MAX_DEPTH, MAX_LIST, MAX_POSITIONS, read_json, read_text};

#[test]
fn a_text_is_refused_at_its_place() {
    for (text, place, word) in [
        ("", 1, "breaks off"),
        ("height_m >", 11, "breaks off"),
        ("height_m > 30 status", 15, "AND, OR"),
        ("Жагубица = # 3", 12, "`#`"),
        ("name = 'Бор", 8, "not closed"),
        ("\"name = 'Бор'", 1, "not closed"),
        ("a NOT 3", 7, "LIKE, BETWEEN, IN"),
        ("a BETWEEN 1, 2", 12, "AND"),
        ("a IN 3", 6, "("),
        ("(a = 1", 7, ", )"),
        ("AND a = 1", 1, "`AND`"),
        ("a = 1 OR IN('x', b)", 10, "`IN`"),
        ("isNull(a)", 1, "`isNull`"),
        ("S_INTERSECTS(geometry)", 1, "is 2, not 1"),
        ("S_INTERSECTS(geometry,POINT(1))", 30, "1.5"),
        (
            "S_INTERSECTS(geometry,LINESTRING(1 2))",
            33,
            "two positions",
        ),
        (
            "S_INTERSECTS(geometry,POLYGON((0 0,1 1,2 2,3 3)))",
            31,
            "four positions",
        ),
        ("S_INTERSECTS(geometry,BBOX(1,2,3))", 27, "4 numbers"),
        ("a = 1e999", 5, "too large"),
        ("a = DATE('15.5.2014.')", 5, "2014-05-15"),
        ("a = DATE('2014-02-30')", 5, "2014-05-15"),
        ("a = TIMESTAMP('2014-05-15')", 5, "06:30:00Z"),
        ("T_AFTER(a, INTERVAL('x','..'))", 21, "neither"),
        ("a = 1; drop table facility", 6, "`;`"),
    ] {
        let wrong = read_text(text).expect_err(text).en;
        assert!(
            wrong.contains(word) && wrong.ends_with(&format!("(at character {place})")),
            "{text}: {wrong}"
        );
    }
}

#[test]
fn json_is_refused_at_its_member() {
    for (json, member, word) in [
        (
            r#"{"op":"=","args":[{"property":3},1]}"#,
            "/args/0/property",
            "a text",
        ),
        (r#"{"op":"=","args":3}"#, "/args", "an array"),
        (r#"{"op":"and"}"#, "/args", "an array"),
        (r#"{"op":"not","args":[true,false]}"#, "", "is 1, not 2"),
        (
            r#"{"op":"=","args":[{"colour":3},1]}"#,
            "/args/0/colour",
            "a member op",
        ),
        (
            r#"{"op":"=","args":[{"date":"x"},1]}"#,
            "/args/0/date",
            "not a date",
        ),
        (r#"{"bbox":[1,2,3]}"#, "/bbox", "4 numbers"),
        (
            r#"{"type":"Point","coordinates":[1]}"#,
            "/coordinates",
            "two numbers",
        ),
        (
            r#"{"type":"Circle","coordinates":[1]}"#,
            "/coordinates",
            "GeoJSON",
        ),
        (r#"{"op":"=","args":["a\u0000",1]}"#, "/args/0", "NUL"),
        (r#"{"interval":["2020-01-01"]}"#, "/interval", "two ends"),
    ] {
        let wrong = read_json(json).expect_err(json).en;
        let place = if member.is_empty() {
            String::new()
        } else {
            format!("(at member `{member}`)")
        };
        assert!(
            wrong.contains(word) && wrong.ends_with(&place),
            "{json}: {wrong}"
        );
    }
    let wrong = read_json("height_m > 30").unwrap_err();
    assert!(wrong.en.contains("filter-lang=cql2-text"), "{wrong}");
    assert!(wrong.sr.contains("колона"), "{}", wrong.sr);
}

#[test]
fn filters_have_limits() {
    let deep = usize::from(MAX_DEPTH);
    let long = format!("a = '{}'", "x".repeat(MAX_BYTES));
    let list = format!("a IN ({})", vec!["1"; MAX_LIST + 1].join(","));
    let positions = format!(
        "S_EQUALS(geometry,MULTIPOINT({}))",
        vec!["1 2"; MAX_POSITIONS + 1].join(",")
    );
    for (text, word) in [
        (
            format!("{}a = 1{}", "(".repeat(deep), ")".repeat(deep)),
            "levels",
        ),
        (format!("{} a = 1", "NOT ".repeat(deep)), "levels"),
        (format!("a = {}1", "-".repeat(deep)), "levels"),
        (format!("a = {}1", "2 ^ ".repeat(deep)), "levels"),
        (format!("a = 1{}", " + 1".repeat(deep)), "levels"),
        (
            format!("{}a{}", "casei(".repeat(deep), ")".repeat(deep)),
            "levels",
        ),
        (long, "16384"),
        (list, "1000 values"),
        (positions, "2000 positions"),
    ] {
        let wrong = read_text(&text).expect_err(&text).en;
        assert!(wrong.contains(word), "{wrong}");
    }
    let row = vec!["a = 1"; 500].join(" OR ");
    assert!(read_text(&row).is_ok(), "a long row is not deep");
    let deep = format!(
        "{}true{}",
        r#"{"op":"not","args":["#.repeat(deep),
        "]}".repeat(deep)
    );
    assert!(read_json(&deep).unwrap_err().en.contains("levels"));
    let deeper = "[".repeat(5_000);
    assert!(read_json(&deeper).is_err());
}
