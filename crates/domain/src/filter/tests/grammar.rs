//! Each rule of the grammar, in both encodings.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::filter::{Node, Term, read_json, read_text};

fn property(name: &str) -> Json {
    json!({ "property": name })
}

fn op(name: &str, args: impl Into<Json>) -> Json {
    json!({ "op": name, "args": args.into() })
}

fn compare(name: &str, left: Json, right: impl Into<Json>) -> Json {
    op(name, vec![left, right.into()])
}

/// A text gives the same tree as its JSON, and both give it again when they are printed.
fn assert_same(text: &str, json: &Json) {
    let read = read_text(text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
    let of_json = read_json(&json.to_string()).unwrap_or_else(|wrong| panic!("{json}: {wrong}"));
    assert_eq!(read, of_json, "{text}");
    let printed = read.to_string();
    assert_eq!(read_text(&printed).as_ref(), Ok(&read), "{printed}");
    assert_eq!(
        read_json(&read.to_json().to_string()).as_ref(),
        Ok(&read),
        "{printed}"
    );
}

#[test]
fn comparisons() {
    let (a, b) = (|| property("a"), || property("b"));
    for (text, expected) in [
        ("a='Бор'", compare("=", a(), "Бор")),
        ("a <> 'x'", compare("<>", a(), "x")),
        ("a<1", compare("<", a(), 1)),
        ("a > -1.5", compare(">", a(), -1.5)),
        ("a <= .5", compare("<=", a(), 0.5)),
        ("a >= 1.5E+3", compare(">=", a(), 1500.0)),
        ("a = 1e2", compare("=", a(), 100.0)),
        ("a = true", compare("=", a(), true)),
        ("FALSE <> a", op("<>", json!([false, property("a")]))),
        (
            "a = DATE('2014-05-15')",
            compare("=", a(), json!({ "date": "2014-05-15" })),
        ),
        (
            "a >= timestamp('2014-05-15T06:30:00.5Z')",
            compare(
                ">=",
                a(),
                json!({ "timestamp": "2014-05-15T06:30:00.500Z" }),
            ),
        ),
        ("a = b", compare("=", a(), b())),
        ("'x' = a", op("=", json!(["x", property("a")]))),
        ("a LIKE 'Вел%'", compare("like", a(), "Вел%")),
        (
            "a NOT LIKE '_x'",
            op("not", vec![compare("like", a(), "_x")]),
        ),
        (
            "a BETWEEN 1 and 2",
            op("between", vec![a(), json!(1), json!(2)]),
        ),
        (
            "a not between 1 AND b + 1",
            op(
                "not",
                vec![op("between", vec![a(), json!(1), compare("+", b(), 1)])],
            ),
        ),
        ("a IN ('x','y')", compare("in", a(), json!(["x", "y"]))),
        (
            "a NOT IN (1)",
            op("not", vec![compare("in", a(), json!([1]))]),
        ),
        ("a IS NULL", op("isNull", vec![a()])),
        ("a is not null", op("not", vec![op("isNull", vec![a()])])),
        ("a IS 'x'", compare("is", a(), "x")),
        ("a IS NOT 1", op("not", vec![compare("is", a(), 1)])),
    ] {
        assert_same(text, &expected);
    }
}

#[test]
fn logic_binds_not_before_and_before_or() {
    let is = |name: &str| compare("=", property(name), 1);
    let not = |inner: Json| op("not", vec![inner]);
    for (text, expected) in [
        (
            "a=1 AND b=1 and c=1",
            op("and", vec![is("a"), is("b"), is("c")]),
        ),
        (
            "a=1 OR b=1 AND NOT c=1",
            op("or", vec![is("a"), op("and", vec![is("b"), not(is("c"))])]),
        ),
        (
            "(a=1 OR b=1) AND c=1",
            op("and", vec![op("or", vec![is("a"), is("b")]), is("c")]),
        ),
        ("NOT NOT a=1", not(not(is("a")))),
        ("(NOT (a=1))", not(is("a"))),
        ("((a=1))", is("a")),
        ("(a=1) = TRUE", compare("=", is("a"), true)),
        ("a", property("a")),
        ("NOT a", not(property("a"))),
        ("TRUE OR NULL", op("or", json!([true, null]))),
    ] {
        assert_same(text, &expected);
    }
}

#[test]
fn calculations_bind_as_in_arithmetic() {
    let a = || property("a");
    let is_a = |right: Json| compare("=", a(), right);
    for (text, expected) in [
        (
            "a = 1 + 2 * 3",
            is_a(op("+", vec![json!(1), op("*", json!([2, 3]))])),
        ),
        (
            "a = 8 - 2 - 1",
            is_a(op("-", vec![op("-", json!([8, 2])), json!(1)])),
        ),
        (
            "a = (8 - (2 - 1))",
            is_a(op("-", vec![json!(8), op("-", json!([2, 1]))])),
        ),
        (
            "a = 7 div 2 % 2",
            is_a(op("%", vec![op("div", json!([7, 2])), json!(2)])),
        ),
        (
            "a = 2 ^ 3 ^ 2",
            is_a(op("^", vec![json!(2), op("^", json!([3, 2]))])),
        ),
        ("a = -2 ^ 2", is_a(op("^", json!([-2, 2])))),
        ("a = - b", is_a(op("*", json!([-1, property("b")])))),
        ("a = ( - (5))", is_a(json!(-5))),
        (
            "a = 1+-b",
            is_a(op("+", vec![json!(1), op("*", json!([-1, property("b")]))])),
        ),
        ("a = b-150.0", is_a(op("-", json!([property("b"), 150.0])))),
        (
            "(a + 1) * 2 > 3",
            compare(">", op("*", vec![compare("+", a(), 1), json!(2)]), 3),
        ),
    ] {
        assert_same(text, &expected);
    }
}

#[test]
fn functions_of_every_kind() {
    for (text, expected) in [
        (
            "CASEI(name) = casei('ŽAGUBICA')",
            compare(
                "=",
                op("casei", vec![property("name")]),
                op("casei", json!(["ŽAGUBICA"])),
            ),
        ),
        (
            "accenti(casei(name)) LIKE 'bo%'",
            compare(
                "like",
                op("accenti", vec![op("casei", vec![property("name")])]),
                "bo%",
            ),
        ),
        (
            "A_CONTAINS(c, ('copper','gold'))",
            compare("a_contains", property("c"), json!(["copper", "gold"])),
        ),
        (
            "a_containedby(c, ())",
            compare("a_containedBy", property("c"), json!([])),
        ),
        (
            "A_EQUALS((1, TRUE, DATE('2020-01-01')), c)",
            op(
                "a_equals",
                json!([[1, true, { "date": "2020-01-01" }], property("c")]),
            ),
        ),
        (
            "T_AFTER(d, INTERVAL('..', '2020-01-01T00:00:00Z'))",
            compare(
                "t_after",
                property("d"),
                json!({ "interval": ["..", "2020-01-01T00:00:00Z"] }),
            ),
        ),
        (
            "t_during(INTERVAL(d, e), INTERVAL('2020-01-01', '..'))",
            op(
                "t_during",
                json!([
                    { "interval": [property("d"), property("e")] },
                    { "interval": ["2020-01-01", ".."] },
                ]),
            ),
        ),
        (
            "Buffer(geometry, 10, 'm')",
            op("Buffer", json!([property("geometry"), 10, "m"])),
        ),
        (
            "avg(v) < 4",
            compare("<", op("avg", vec![property("v")]), 4),
        ),
        ("now() = 1", compare("=", op("now", json!([])), 1)),
    ] {
        assert_same(text, &expected);
    }
}

#[test]
fn shapes_of_every_kind() {
    let ring = json!([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]);
    let shape = |kind: &str, coordinates: Json| json!({ "type": kind, "coordinates": coordinates });
    for (written, expected) in [
        ("POINT(36.3 32.2)", shape("Point", json!([36.3, 32.2]))),
        ("point z (1 -2 3)", shape("Point", json!([1.0, -2.0]))),
        (
            "LINESTRING(0 0, 1 1)",
            shape("LineString", json!([[0.0, 0.0], [1.0, 1.0]])),
        ),
        (
            "POLYGON((0 0,1 0,1 1,0 0))",
            shape("Polygon", json!([ring])),
        ),
        (
            "POLYGON ((0 0 5,1 0 5,1 1 5,0 0 5), (0 0,1 0,1 1,0 0))",
            shape("Polygon", json!([ring, ring])),
        ),
        (
            "MULTIPOINT((1 2),(3 4))",
            shape("MultiPoint", json!([[1.0, 2.0], [3.0, 4.0]])),
        ),
        (
            "MULTIPOINT(1 2, 3 4)",
            shape("MultiPoint", json!([[1.0, 2.0], [3.0, 4.0]])),
        ),
        (
            "MULTILINESTRING((0 0,1 1),(2 2,3 3))",
            shape(
                "MultiLineString",
                json!([[[0.0, 0.0], [1.0, 1.0]], [[2.0, 2.0], [3.0, 3.0]]]),
            ),
        ),
        (
            "MULTIPOLYGON Z(((0 0 1,1 0 1,1 1 1,0 0 1)))",
            shape("MultiPolygon", json!([[ring]])),
        ),
        (
            "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))",
            json!({ "type": "GeometryCollection", "geometries": [
                { "type": "Point", "coordinates": [1.0, 2.0] },
                { "type": "LineString", "coordinates": [[0.0, 0.0], [1.0, 1.0]] },
            ]}),
        ),
        ("BBOX(-1,-2,3,4)", json!({ "bbox": [-1, -2, 3, 4] })),
        ("BBOX(1,2,-9,3,4,9)", json!({ "bbox": [1, 2, -9, 3, 4, 9] })),
    ] {
        let json = compare("s_intersects", property("geometry"), expected);
        assert_same(&format!("S_INTERSECTS(geometry,{written})"), &json);
    }
}

#[test]
fn names_and_texts_as_they_are_quoted() {
    for (text, name) in [
        ("eo:cloud_cover", "eo:cloud_cover"),
        ("\"height_m\"", "height_m"),
        ("\"and\"", "and"),
        ("назив", "назив"),
        ("a.b2", "a.b2"),
        ("_x", "_x"),
    ] {
        let node = read_text(text).unwrap();
        assert_eq!(node.term, Term::Property(name.to_owned()), "{text}");
    }
    for (text, meant) in [
        ("''", ""),
        ("'d''Or'", "d'Or"),
        (r"'d\'Or'", "d'Or"),
        (r"'a\\b'", r"a\b"),
        (r"'50\%'", r"50\%"),
        (r"'\a\b\t\n\v\f\r'", "\u{7}\u{8}\t\n\u{B}\u{C}\r"),
        ("'\"Љ; --'", "\"Љ; --"),
    ] {
        let node = read_text(text).unwrap();
        assert_eq!(node.term, Term::Text(meant.to_owned()), "{text}");
    }
}

/// As QGIS 3.34 to 3.44 writes its expressions.
#[test]
fn qgis_writes_brackets_around_everything() {
    for (qgis, plain) in [
        // And GDAL has an operator of its own.
        ("a ILIKE 'Б%'", "CASEI(a) LIKE CASEI('Б%')"),
        ("a NOT ILIKE 'Б%'", "NOT CASEI(a) LIKE CASEI('Б%')"),
        ("(\"height_m\" > 30)", "height_m > 30"),
        ("(NOT (\"status\" = 'closed'))", "NOT status = 'closed'"),
        (
            "((CASEI(\"name\") LIKE CASEI('%бор%')))",
            "CASEI(name) LIKE CASEI('%бор%')",
        ),
        (
            "((\"a\" = 1) AND ((b IS NOT NULL) OR (c IN (1,2))))",
            "a=1 AND (b IS NOT NULL OR c IN (1,2))",
        ),
        ("(a) AND (b)", "a AND b"),
        ("(a = ( - (5)))", "a = -5"),
    ] {
        assert_eq!(read_text(qgis), read_text(plain), "{qgis}");
    }
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "\"b\"",
        "'c'",
        "1",
        "-2.5",
        "(",
        ")",
        ",",
        "=",
        "<>",
        "<",
        "+",
        "-",
        "*",
        "^",
        "div",
        "AND",
        "OR",
        "NOT",
        "LIKE",
        "BETWEEN",
        "IN",
        "IS",
        "NULL",
        "TRUE",
        "CASEI(",
        "S_WITHIN(",
        "BBOX(",
        "POINT(",
        "POLYGON((",
        "INTERVAL('..','..')",
        "DATE('2020-01-01')",
        "A_EQUALS(",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn nothing_makes_the_readers_panic(text in "\\PC{0,200}") {
        drop(read_text(&text));
        drop(read_json(&text));
    }

    #[test]
    fn no_row_of_words_makes_the_readers_panic(text in words()) {
        if let Ok(tree) = read_text(&text) {
            let again = read_text(&tree.to_string());
            prop_assert_eq!(again.as_ref(), Ok::<&Node, _>(&tree), "{}", tree);
            let of_json = read_json(&tree.to_json().to_string());
            prop_assert_eq!(of_json.as_ref(), Ok::<&Node, _>(&tree), "{}", tree);
        }
    }
}
