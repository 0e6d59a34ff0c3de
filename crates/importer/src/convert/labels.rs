//! Code-list values by the words that people write for them.

use std::collections::HashMap;

use domain::code_list::CodeList;
use domain::text::{fold, fold_variants};

/// The codes of a list by their folded codes and labels.
#[derive(Debug)]
pub(super) struct Labels {
    list: &'static CodeList,
    by_words: HashMap<String, &'static str>,
}

impl Labels {
    pub(super) fn of(list: &'static CodeList) -> Self {
        let words = list.entries.iter().flat_map(|entry| {
            let texts = [entry.code, entry.label.sr, entry.label.en];
            texts
                .map(fold_variants)
                .into_iter()
                .flatten()
                .map(|words| (words, entry.code))
        });
        // Of two entries with one label the first stays.
        let mut by_words = HashMap::new();
        for (words, code) in words {
            by_words.entry(words).or_insert(code);
        }
        Self { list, by_words }
    }

    /// The code that a text says, as code or as label in Cyrillic, Latin or English.
    pub(super) fn find(&self, text: &str) -> Option<&'static str> {
        self.by_words.get(&fold(text)).copied()
    }

    /// What to say of a text that is none of them.
    pub(super) fn unknown(&self, text: &str) -> String {
        const SHOWN: usize = 24;
        let codes: Vec<_> = self
            .list
            .entries
            .iter()
            .map(|entry| entry.code)
            .take(SHOWN)
            .collect();
        let more = if self.list.entries.len() > SHOWN {
            ", …"
        } else {
            ""
        };
        format!(
            "`{text}` is neither a code nor a label of the list {}; write one of: {}{more}",
            self.list.id,
            codes.join(", ")
        )
    }
}
