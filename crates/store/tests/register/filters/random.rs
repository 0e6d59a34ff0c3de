//! Random filters: printed and read again in both encodings they stay the same, and the database
//! selects what an evaluation in memory selects.

use domain::Record;
use domain::filter::{Filter, Node, Operation, Place, Term, read_json, read_text};
use domain::layer::Access;
use domain::layers::FACILITIES;
use geo_types::Point;
use proptest::prelude::*;
use proptest::sample::select as one_of;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::postgres::PgPool;
use store::Store;

use super::{oracle, select};
use crate::common::{ALL, ids, point, publish, record};

/// So many random filters are tried.
const FILTERS: usize = 600;

/// Thirty facilities with every mixture of known and unknown.
fn facilities() -> Vec<Record> {
    let names = [
        "Бор",
        "Bor",
        "Чачак 2",
        "ĐERDAP",
        "Ђердап",
        "x%_\\'y",
        "Жагубица",
    ];
    let known = |at: usize, every: usize, text: &'static str| {
        if at.is_multiple_of(every) { "" } else { text }
    };
    let facility = |at: usize| {
        let code = format!("RS-70327-{:03}", at + 1);
        let year = (1950 + at * 2).to_string();
        let texts = [
            ("code", code.as_str()),
            ("name", names[at % 7]),
            ("operator", known(at, 3, names[at % 5])),
            (
                "status",
                known(at, 4, ["closed", "operating", "abandoned"][at % 3]),
            ),
            ("height_m", known(at, 5, ["0", "12.5", "30", "45"][at % 4])),
            ("area_m2", known(at, 3, ["0", "30", "1000"][at % 3])),
            (
                "start_year",
                if at.is_multiple_of(6) {
                    ""
                } else {
                    year.as_str()
                },
            ),
            ("in_scope", known(at, 4, ["true", "false"][at % 2])),
            (
                "commodities",
                known(at, 5, ["copper", "copper;gold", "lead;zinc"][at % 3]),
            ),
            (
                "surveyed_on",
                known(at, 3, ["2020-05-01", "2020-05-02", "2021-01-01"][at % 3]),
            ),
        ];
        let halves = |at: usize| f64::from(u32::try_from(at).unwrap()) / 2.0;
        let place = point(20.0 + halves(at % 5), 43.0 + halves(at % 4));
        record(
            &FACILITIES,
            &texts,
            (!at.is_multiple_of(7)).then_some(place),
        )
    };
    (0..30).map(facility).collect()
}

fn node(term: Term) -> Node {
    Node::new(Place::Character(1), term).unwrap()
}

fn operation(name: &str, parts: Vec<Node>) -> Node {
    node(Term::Operation(Operation::named(name).unwrap(), parts))
}

fn property(names: &[&'static str]) -> BoxedStrategy<Node> {
    one_of(names.to_vec())
        .prop_map(|name| node(Term::Property(name.to_owned())))
        .boxed()
}

fn given(terms: Vec<Term>) -> BoxedStrategy<Node> {
    one_of(terms).prop_map(node).boxed()
}

fn texts(texts: &[&str]) -> Vec<Term> {
    texts
        .iter()
        .map(|text| Term::Text((*text).to_owned()))
        .collect()
}

fn plain_number() -> BoxedStrategy<Node> {
    let numbers = [
        -2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 12.5, 30.0, 45.0, 1960.0,
    ];
    let numbers = numbers.map(Term::Number).into_iter().chain([Term::Null]);
    prop_oneof![
        property(&["height_m", "area_m2", "start_year"]),
        given(numbers.collect()),
    ]
    .boxed()
}

fn number() -> BoxedStrategy<Node> {
    // Powers of powers would leave the range of numbers, and rests of thirds their precision.
    let exponents = [-2.0, -1.0, 0.0, 0.5, 2.0, 3.0].map(Term::Number).to_vec();
    let power = (plain_number(), given(exponents)).prop_map(|(a, b)| operation("^", vec![a, b]));
    let rest = (plain_number(), plain_number()).prop_map(|(a, b)| operation("%", vec![a, b]));
    let leaf = prop_oneof![4 => plain_number(), 1 => power, 1 => rest];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let names = one_of(vec!["+", "-", "*", "/", "div"]);
        (names, inner.clone(), inner).prop_map(|(name, a, b)| operation(name, vec![a, b]))
    })
    .boxed()
}

fn text() -> BoxedStrategy<Node> {
    let plain = prop_oneof![
        property(&["name", "operator", "code"]),
        given(texts(&["Бор", "BOR", "ђердап", "djerdap", "x%_\\'y", ""])),
    ];
    plain
        .prop_recursive(2, 3, 1, |inner| {
            (one_of(vec!["casei", "accenti"]), inner)
                .prop_map(|(name, text)| operation(name, vec![text]))
        })
        .boxed()
}

fn day() -> BoxedStrategy<Node> {
    let days = ["2020-05-01", "2020-05-02", "2020-12-31"];
    let days = days.map(|day| Term::Date(day.parse().unwrap()));
    let moment = Term::Timestamp("2020-05-02T10:00:00Z".parse().unwrap());
    prop_oneof![
        2 => property(&["surveyed_on"]),
        2 => given(days.to_vec()),
        1 => given(vec![moment, Term::Null]),
    ]
    .boxed()
}

fn comparison(operand: fn() -> BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let names = one_of(vec!["=", "<>", "<", ">", "<=", ">=", "is"]);
    let compared = (names, operand(), operand()).prop_map(|(name, a, b)| match (name, &b.term) {
        ("is", Term::Null) => operation("isNull", vec![a]),
        _ => operation(name, vec![a, b]),
    });
    let between =
        (operand(), operand(), operand()).prop_map(|(a, b, c)| operation("between", vec![a, b, c]));
    let list = prop::collection::vec(operand(), 1..4);
    let within =
        (operand(), list).prop_map(|(a, list)| operation("in", vec![a, node(Term::List(list))]));
    let unknown = operand().prop_map(|a| operation("isNull", vec![a]));
    prop_oneof![4 => compared, 1 => between, 1 => within, 1 => unknown].boxed()
}

fn pattern() -> BoxedStrategy<Node> {
    let patterns = [
        "%", "Б%", "%or", "_о_", "%\\%%", "ЂЕР%", "d_e%", "%а%", "x%\\\\%",
    ];
    (text(), given(texts(&patterns)))
        .prop_map(|(text, pattern)| operation("like", vec![text, pattern]))
        .boxed()
}

fn status() -> BoxedStrategy<Node> {
    let codes = given(texts(&["closed", "operating", "abandoned", "planned"]));
    (one_of(vec!["=", "<>", "is"]), property(&["status"]), codes)
        .prop_map(|(name, a, b)| operation(name, vec![a, b]))
        .boxed()
}

fn set() -> BoxedStrategy<Node> {
    let codes = given(texts(&["copper", "gold", "lead", "zinc"]));
    let list = prop::collection::vec(codes, 0..3).prop_map(|list| node(Term::List(list)));
    let names = one_of(vec![
        "a_contains",
        "a_containedBy",
        "a_equals",
        "a_overlaps",
    ]);
    let operands = (property(&["commodities"]), list);
    (names, operands, any::<bool>())
        .prop_map(|(name, (field, list), turned)| {
            let parts = if turned {
                vec![list, field]
            } else {
                vec![field, list]
            };
            operation(name, parts)
        })
        .boxed()
}

fn place() -> BoxedStrategy<Node> {
    let steps = || one_of(vec![0.5, 1.0, 1.5]);
    let corner = || {
        (
            one_of(vec![19.5, 20.0, 20.5]),
            one_of(vec![42.5, 43.0, 43.5]),
        )
    };
    let boxes = (corner(), steps(), steps())
        .prop_map(|((x, y), width, height)| node(Term::Bbox([x, y, x + width, y + height])));
    let points = corner().prop_map(|(x, y)| node(Term::Geometry(Point::new(x, y).into())));
    let relation = |names: &[&'static str], shapes: BoxedStrategy<Node>| {
        let geometry = property(&["geometry", "geom"]);
        (one_of(names.to_vec()), geometry, shapes)
            .prop_map(|(name, a, b)| operation(name, vec![a, b]))
    };
    let of_boxes = [
        "s_intersects",
        "s_disjoint",
        "s_within",
        "s_touches",
        "s_equals",
    ];
    let of_points = ["s_intersects", "s_disjoint", "s_within", "s_equals"];
    prop_oneof![
        relation(&of_boxes, boxes.boxed()),
        relation(&of_points, points.boxed())
    ]
    .boxed()
}

fn time() -> BoxedStrategy<Node> {
    let ends = |day: &str| [Term::Open, Term::Date(day.parse().unwrap())];
    let first = given(ends("2020-05-01").to_vec());
    let last = given(ends("2020-05-02").to_vec());
    let period = (first, last).prop_map(|(first, last)| node(Term::Interval(vec![first, last])));
    let names = [
        "t_after",
        "t_before",
        "t_disjoint",
        "t_equals",
        "t_intersects",
    ];
    let other = prop_oneof![period, property(&["surveyed_on"])];
    (one_of(names.to_vec()), property(&["surveyed_on"]), other)
        .prop_map(|(name, a, b)| operation(name, vec![a, b]))
        .boxed()
}

fn condition() -> BoxedStrategy<Node> {
    let constant = given(vec![Term::Boolean(true), Term::Boolean(false), Term::Null]);
    let leaf = prop_oneof![
        3 => comparison(number),
        3 => comparison(text),
        2 => comparison(day),
        2 => pattern(),
        1 => status(),
        1 => set(),
        1 => place(),
        1 => time(),
        1 => property(&["in_scope"]),
        1 => constant,
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let row = prop::collection::vec(inner.clone(), 2..4);
        let row = (one_of(vec!["and", "or"]), row).prop_map(|(name, row)| operation(name, row));
        let contrary = inner
            .clone()
            .prop_map(|inner| operation("not", vec![inner]));
        let truth = (inner, any::<bool>())
            .prop_map(|(inner, yes)| operation("=", vec![inner, node(Term::Boolean(yes))]));
        prop_oneof![4 => row, 2 => contrary, 1 => truth]
    })
    .boxed()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn random_filters_select_what_they_mean(pool: PgPool) {
    let store = Store::over(pool);
    let records = facilities();
    publish(&store, records.clone(), "2026-01-01T00:00:00Z").await;
    let mut runner = TestRunner::deterministic();
    let filters = condition();
    let (mut some, mut all) = (0, 0);
    for _ in 0..FILTERS {
        let tree = filters.new_tree(&mut runner).unwrap().current();
        assert_eq!(read_text(&tree.to_string()).as_ref(), Ok(&tree), "{tree}");
        let json = tree.to_json().to_string();
        assert_eq!(read_json(&json).as_ref(), Ok(&tree), "{json}");
        let filter = Filter::bind(&FACILITIES, Access::Public, &tree);
        let filter = filter.unwrap_or_else(|wrong| panic!("{tree}: {wrong}"));
        let expected: Vec<i64> = (1..)
            .zip(&records)
            .filter(|(_, record)| oracle::holds(&filter.predicate, record) == Some(true))
            .map(|(id, _)| id)
            .collect();
        let selected = ids(&store, &FACILITIES, &select(&FACILITIES, &tree), ALL).await;
        assert_eq!(selected, expected, "{tree}");
        all += usize::from(selected.len() == records.len());
        some += usize::from(!selected.is_empty() && selected.len() < records.len());
    }
    // The filters tell the records apart often enough to prove something.
    assert!(
        some > FILTERS / 3,
        "{some} of {FILTERS}, {all} select everything"
    );
}
