//! The forms of the standard's examples (OGC 21-065r2, clauses 6 to 8 and annex of examples), with names
//! of this register in them: a row of `standard.tsv` is a filter as text and the same as JSON.

use crate::filter::{read_json, read_text};

const FORMS: &str = include_str!("standard.tsv");

fn forms() -> impl Iterator<Item = (&'static str, &'static str)> {
    FORMS.lines().map(|line| line.split_once('\t').unwrap())
}

#[test]
fn every_form_of_the_standard_means_the_same_in_both_encodings() {
    for (text, json) in forms() {
        let of_text = read_text(text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
        let of_json = read_json(json).unwrap_or_else(|wrong| panic!("{json}: {wrong}"));
        assert_eq!(of_text, of_json, "{text}");
        let printed = of_text.to_string();
        assert_eq!(read_text(&printed).as_ref(), Ok(&of_text), "{printed}");
        let printed = of_json.to_json().to_string();
        assert_eq!(read_json(&printed).as_ref(), Ok(&of_json), "{printed}");
    }
}

/// Keywords and operators may be written in any case (7.1), JSON in any layout.
#[test]
fn case_of_keywords_and_layout_of_json_do_not_matter() {
    let keywords = [
        "AND", "OR", "NOT", "LIKE", "IN", "BETWEEN", "IS", "NULL", "TRUE", "FALSE", "DIV",
    ];
    for (text, json) in forms() {
        let words = text.split(' ').map(|word| {
            if keywords.contains(&word.to_uppercase().as_str()) {
                word.to_lowercase()
            } else {
                word.to_owned()
            }
        });
        let lower = words.collect::<Vec<_>>().join(" ");
        assert_eq!(read_text(&lower), read_text(text), "{lower}");
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let wide = serde_json::to_string_pretty(&value).unwrap();
        assert_eq!(read_json(&wide), read_json(json), "{wide}");
    }
}

#[test]
fn there_are_as_many_as_in_the_standard() {
    let (mut texts, mut jsons): (Vec<_>, Vec<_>) = forms().unzip();
    texts.sort_unstable();
    texts.dedup();
    jsons.sort_unstable();
    jsons.dedup();
    // Some of its texts differ in how they are written alone, and some examples stand in it twice.
    assert!(
        texts.len() >= 115 && jsons.len() >= 105,
        "{} texts, {} trees",
        texts.len(),
        jsons.len()
    );
}
