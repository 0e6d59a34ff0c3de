//! Searching for words in names, in any script (`q=`, OGC API Records 1, "Core query parameters").

use crate::text::Folding;

/// What is searched for: any of the terms is enough, each with all of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Terms of words without case, script or accents, of letters and digits only.
    terms: Vec<Vec<String>>,
    /// The terms in capitals, as codes are written.
    codes: Vec<String>,
}

impl Search {
    /// The most letters of a search.
    pub const MOST_LETTERS: usize = 200;
    /// The most words of a search.
    pub const MOST_WORDS: usize = 20;

    /// Reads `q`: commas part terms, everything else that is neither letter nor digit parts words.
    /// `None` where there is no word, or too much of it.
    pub fn read(text: &str) -> Option<Self> {
        if text.chars().count() > Self::MOST_LETTERS {
            return None;
        }
        let terms: Vec<Vec<String>> = text
            .split(',')
            .map(words)
            .filter(|words| !words.is_empty())
            .collect();
        let words = terms.iter().map(Vec::len).sum::<usize>();
        let codes = text.split(',').map(|term| term.trim().to_uppercase());
        (1..=Self::MOST_WORDS).contains(&words).then(|| Self {
            terms,
            codes: codes.collect(),
        })
    }

    /// The codes that the terms would be.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// The terms, each with its words.
    pub fn terms(&self) -> &[Vec<String>] {
        &self.terms
    }
}

fn words(term: &str) -> Vec<String> {
    let folded = Folding::Accents.fold(term);
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    let some = words.filter(|word| !word.is_empty());
    some.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_part_terms_and_all_else_parts_words() {
        for (text, terms) in [
            ("Бор", &[&["bor"][..]][..]),
            ("Veliki KRIVELJ", &[&["veliki", "krivelj"]]),
            ("Ђердап, жагубица ,", &[&["djerdap"], &["zagubica"]]),
            ("rs-70327-001", &[&["rs", "70327", "001"]]),
            ("a' | b:* & !c", &[&["a", "b", "c"]]),
        ] {
            let search = Search::read(text).unwrap();
            assert_eq!(search.terms(), terms, "{text}");
        }
    }

    #[test]
    fn a_term_may_be_a_code() {
        let search = Search::read("rs-70327-001, Бор").unwrap();
        assert_eq!(search.codes(), ["RS-70327-001", "БОР"]);
    }

    #[test]
    fn a_search_has_words_and_not_too_many() {
        let letters = "а".repeat(Search::MOST_LETTERS + 1);
        let words = "а ".repeat(Search::MOST_WORDS + 1);
        for text in ["", " , ,", "-", letters.as_str(), words.as_str()] {
            assert_eq!(Search::read(text), None, "{text}");
        }
    }
}
