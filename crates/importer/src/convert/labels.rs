//! Code-list values by the words that people write for them.

use std::collections::HashMap;

use domain::code_list::{CodeList, Entry};
use domain::lang::{Lang, Message};
use domain::message;
use domain::text::{fold, fold_variants};

use crate::similar::similarity;

/// The codes of a list by their folded codes, labels and synonyms.
#[derive(Debug)]
pub(super) struct Labels {
    list: &'static CodeList,
    by_words: HashMap<String, &'static str>,
}

impl Labels {
    pub(super) fn of(list: &'static CodeList) -> Self {
        // Of two entries with one label the first stays.
        let mut by_words = HashMap::new();
        for entry in list.entries {
            for words in words(entry) {
                by_words.entry(words).or_insert(entry.code);
            }
        }
        Self { list, by_words }
    }

    /// The code that a text says, as code, label or synonym in Cyrillic, Latin or English.
    pub(super) fn find(&self, text: &str) -> Option<&'static str> {
        self.by_words.get(&fold(text)).copied()
    }

    /// What to say of a text that is none of them.
    pub(super) fn unknown(&self, text: &str) -> Message {
        let list = self.list.id;
        let possible = self.list.may_mean(&fold(text));
        if !possible.is_empty() {
            let (sr, en) = (told(&possible, Lang::SrCyrl), told(&possible, Lang::En));
            return message!(
                "`{text}` не каже шта је тачно са листе {list}; може бити: {sr}; напишите шифру, оставите \
                 празно, или за целу датотеку одредите под [values] у датотеци пресликавања",
                "`{text}` does not say what exactly it is of the list {list}; it may be: {en}; write the \
                 code, leave it empty, or say it for the whole file under [values] of a mapping file"
            );
        }
        let nearest = self.nearest(text);
        let codes = self.first_codes();
        if nearest.is_empty() {
            return message!(
                "`{text}` није ни шифра ни назив са листе {list}; напишите једну од: {codes}",
                "`{text}` is neither a code nor a label of the list {list}; write one of: {codes}"
            );
        }
        let (sr, en) = (told(&nearest, Lang::SrCyrl), told(&nearest, Lang::En));
        message!(
            "`{text}` није ни шифра ни назив са листе {list}; најближе су: {sr}; \
             напишите једну од: {codes}",
            "`{text}` is neither a code nor a label of the list {list}; the nearest are: {en}; \
             write one of: {codes}"
        )
    }

    fn nearest(&self, text: &str) -> Vec<&'static Entry> {
        const LEAST: f64 = 0.3;
        const SHOWN: usize = 3;
        let text = fold(text);
        let best = |entry: &Entry| {
            let scores = words(entry)
                .into_iter()
                .map(|word| similarity(&text, &word));
            scores.fold(0.0, f64::max)
        };
        let mut scored: Vec<_> = self
            .list
            .entries
            .iter()
            .map(|entry| (best(entry), entry))
            .filter(|(score, _)| *score >= LEAST)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored
            .into_iter()
            .map(|(_, entry)| entry)
            .take(SHOWN)
            .collect()
    }

    fn first_codes(&self) -> String {
        const SHOWN: usize = 24;
        let codes: Vec<_> = self.list.entries.iter().map(|entry| entry.code).collect();
        let more = if codes.len() > SHOWN { ", …" } else { "" };
        let shown = &codes[..codes.len().min(SHOWN)];
        format!("{}{more}", shown.join(", "))
    }
}

fn words(entry: &Entry) -> Vec<String> {
    let named = [entry.code, entry.label.sr, entry.label.en];
    let all = named.iter().chain(entry.synonyms);
    all.flat_map(|text| fold_variants(text)).collect()
}

fn told(entries: &[&'static Entry], lang: Lang) -> String {
    let told: Vec<_> = entries
        .iter()
        .map(|entry| format!("{} ({})", entry.code, entry.label.get(lang)))
        .collect();
    told.join(", ")
}
