//! Filters made by damaging others at random: whatever is read and bound is a statement that the database
//! takes, in every layer. `PROPTEST_CASES` says how many are tried.

use domain::Layer;
use domain::filter::{Filter, read_json, read_text};
use domain::layer::Access;
use domain::layers::{FACILITIES, LAYERS};
use proptest::prelude::*;
use proptest::sample::select as one_of;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use sqlx::postgres::PgPool;
use store::Store;
use store::items::Selection;

use crate::common::{ALL, ids, point, publish, record};

/// Words of a layer's filters: its names, values of every kind, and what joins them.
fn words(layer: &'static Layer) -> Vec<String> {
    let fixed = [
        "(",
        ")",
        ",",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "^",
        "%",
        "div",
        "AND",
        "OR",
        "NOT",
        "LIKE",
        "ILIKE",
        "BETWEEN",
        "IN",
        "IS",
        "NULL",
        "TRUE",
        "FALSE",
        "CASEI(",
        "ACCENTI(",
        "year(",
        "length(",
        "distance(",
        "S_INTERSECTS(",
        "S_CROSSES(",
        "S_TOUCHES(",
        "T_AFTER(",
        "T_DURING(",
        "T_MEETS(",
        "A_CONTAINS(",
        "A_OVERLAPS(",
        "INTERVAL('..','2020-01-01')",
        "DATE('2020-05-01')",
        "DATE('9999-12-31')",
        "TIMESTAMP('2020-05-01T06:30:00Z')",
        "TIMESTAMP('0001-01-01T00:00:00Z')",
        "POINT(22 44)",
        "BBOX(22,44,-22,45)",
        "BBOX(0,0,0,0)",
        "LINESTRING(22 44,22 44)",
        "POLYGON((22 44,23 44,23 45,22 44))",
        "MULTIPOINT(22 44)",
        "geometry",
        "0",
        "1",
        "-1",
        "0.5",
        "1e300",
        "1e-300",
        "9223372036854775808",
        "''",
        "'%'",
        "'_\\\\'",
        "'Бор'",
        "'\"; --'",
        "'$1'",
        "('copper','gold')",
        "()",
    ];
    let names = layer.public_fields().map(|field| field.name.to_owned());
    let codes = layer
        .public_fields()
        .filter_map(|field| Some(format!("'{}'", field.code_list()?.entries[0].code)));
    let fixed = fixed.into_iter().map(str::to_owned);
    names.chain(codes).chain(fixed).collect()
}

/// Filters that are right, as beginnings; `{a}` and `{b}` are put in place by names of the layer.
const BEGINNINGS: [&str; 16] = [
    "{a} = {b}",
    "{a} = 1 AND {b} <> 2",
    "NOT ( {a} IS NULL OR {b} IS NOT NULL )",
    "{a} BETWEEN 1 AND 2",
    "{a} LIKE 'Б%' AND CASEI( {b} ) = CASEI( 'бор' )",
    "ACCENTI( {a} ) IN ( 'bor' , {b} )",
    "{a} IN ( 1 , 2 , NULL )",
    "{a} + {b} * 2 > 3 ^ 2 % 5",
    "year( {a} ) = 2020",
    "length( {a} ) div 2 = 1",
    "distance( geometry , POINT(22 44) ) < 100",
    "S_INTERSECTS( geometry , BBOX(21,43,23,45) ) AND {a} IS NULL",
    "S_WITHIN( geometry , POLYGON((22 44,23 44,23 45,22 44)) )",
    "T_DURING( {a} , INTERVAL('2020-01-01','..') )",
    "T_EQUALS( {a} , {b} ) OR {a} < DATE('2020-05-01')",
    "A_CONTAINS( {a} , ('copper','gold') ) = TRUE",
];

/// One damage to a row of words.
#[derive(Clone, Debug)]
enum Damage {
    Replace(prop::sample::Index, String),
    Insert(prop::sample::Index, String),
    Remove(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Enclose(prop::sample::Index, prop::sample::Index),
}

fn damage(words: Vec<String>) -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    let word = one_of(words);
    prop_oneof![
        4 => (at(), word.clone()).prop_map(|(at, word)| Damage::Replace(at, word)),
        2 => (at(), word).prop_map(|(at, word)| Damage::Insert(at, word)),
        1 => at().prop_map(Damage::Remove),
        1 => (at(), at()).prop_map(|(one, other)| Damage::Swap(one, other)),
        1 => (at(), at()).prop_map(|(one, other)| Damage::Enclose(one, other)),
    ]
}

fn damaged(text: &str, damages: Vec<Damage>) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for damage in damages {
        let length = words.len();
        match damage {
            Damage::Replace(at, word) if length > 0 => words[at.index(length)] = word,
            Damage::Insert(at, word) => words.insert(at.index(length + 1), word),
            Damage::Remove(at) if length > 0 => drop(words.remove(at.index(length))),
            Damage::Swap(one, other) if length > 0 => {
                words.swap(one.index(length), other.index(length));
            }
            Damage::Enclose(one, other) if length > 0 => {
                let (one, other) = (one.index(length), other.index(length));
                words.insert(one.max(other) + 1, ")".to_owned());
                words.insert(one.min(other), "(".to_owned());
            }
            _ => {}
        }
    }
    words.join(" ")
}

fn filter_text(layer: &'static Layer) -> impl Strategy<Value = String> {
    let names: Vec<_> = layer.public_fields().map(|field| field.name).collect();
    let names = || one_of(names.clone());
    let beginning = (one_of(BEGINNINGS.to_vec()), names(), names());
    let beginning = beginning.prop_map(|(text, a, b)| text.replace("{a}", a).replace("{b}", b));
    (beginning, prop::collection::vec(damage(words(layer)), 0..4))
        .prop_map(|(text, damages)| damaged(&text, damages))
}

/// Runs what a text says, when it says something; answers whether it did.
async fn run(store: &Store, layer: &'static Layer, text: &str) -> bool {
    let Ok(tree) = read_text(text) else {
        return false;
    };
    assert_eq!(read_json(&tree.to_json().to_string()).as_ref(), Ok(&tree));
    let Ok(filter) = Filter::bind(layer, Access::Public, &tree) else {
        return false;
    };
    let selection = Selection {
        filter: Some(filter),
        ..Selection::default()
    };
    match store.count(layer, &selection, 100).await {
        Ok(counted) => {
            let found = ids(store, layer, &selection, ALL).await.len() as u64;
            assert_eq!(counted, Some(found), "{}: {text}", layer.id);
        }
        // A number that none can hold is the question's fault.
        Err(error) => assert!(error.is_of_calculation(), "{}: {text}: {error:?}", layer.id),
    }
    true
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn whatever_is_bound_is_a_statement(pool: PgPool) {
    let store = Store::over(pool);
    let texts = [
        ("code", "RS-70327-001"),
        ("name", "Бор"),
        ("height_m", "45"),
    ];
    let facility = record(&FACILITIES, &texts, point(22.0, 44.0));
    publish(&store, vec![facility], "2026-01-01T00:00:00Z").await;
    let cases = usize::try_from(Config::default().cases).unwrap();
    let mut runner = TestRunner::deterministic();
    let mut ran = 0;
    for layer in LAYERS {
        let texts = filter_text(layer);
        for _ in 0..cases {
            let text = texts.new_tree(&mut runner).unwrap().current();
            ran += usize::from(run(&store, layer, &text).await);
        }
    }
    let all = cases * LAYERS.len();
    assert!(ran > all / 20, "only {ran} of {all} said something");
}
