//! Districts and municipalities by the names that files give them.

use std::collections::{BTreeMap, HashMap};

use domain::text::{fold, fold_variants};

use crate::similar::similarity;

/// The districts and municipalities of the register by their names.
#[derive(Clone, Debug, Default)]
pub struct RegionNames {
    /// By folded names; of homonyms, all codes.
    codes: HashMap<String, Vec<String>>,
    /// The names by their codes.
    names: BTreeMap<String, String>,
}

impl RegionNames {
    /// Of regions with their codes and names.
    pub fn of(regions: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all = Self::default();
        for (code, name) in regions {
            for folded in fold_variants(&name) {
                let codes = all.codes.entry(folded).or_default();
                if !codes.contains(&code) {
                    codes.push(code.clone());
                }
            }
            all.names.insert(code, name);
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The codes of the regions of a folded name.
    pub(super) fn codes(&self, folded: &str) -> &[String] {
        self.codes.get(folded).map_or(&[], Vec::as_slice)
    }

    /// The codes of the regions whose names begin so, words in order, at least one of them in full:
    /// `petrovac n m`, `g milanovac`.
    pub(super) fn abbreviated(&self, folded: &str) -> Vec<String> {
        let parts: Vec<&str> = folded.split(' ').collect();
        let is_meant = |name: &str| {
            let words: Vec<&str> = name.split(' ').collect();
            let mut pairs = words.iter().zip(&parts);
            words.len() == parts.len()
                && words.iter().any(|word| parts.contains(word))
                && pairs.all(|(word, part)| word.starts_with(part))
        };
        let meant = self.codes.iter().filter(|(name, _)| is_meant(name));
        let mut codes: Vec<String> = meant.flat_map(|(_, codes)| codes.clone()).collect();
        codes.sort();
        codes.dedup();
        codes
    }

    /// A code with the name of its region.
    pub(super) fn told(&self, code: &str) -> String {
        let name = self.names.get(code);
        name.map_or_else(|| code.to_owned(), |name| format!("{code} {name}"))
    }

    /// Whether the name of a region begins with a folded text, as those of districts do with cities'.
    pub(super) fn begins(&self, code: &str, folded: &str) -> bool {
        let name = self.names.get(code);
        name.is_some_and(|name| fold(name).starts_with(folded))
    }

    /// The regions whose names are most like a folded text, of those that fit, told.
    pub(super) fn nearest(&self, folded: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
        const LEAST: f64 = 0.5;
        const MOST: usize = 3;
        let fitting = self.names.iter().filter(|(code, _)| fits(code));
        let mut scored: Vec<(f64, &String)> = fitting
            .map(|(code, name)| (similarity(folded, &fold(name)), code))
            .filter(|(score, _)| *score >= LEAST)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let nearest = scored.into_iter().take(MOST);
        nearest.map(|(_, code)| self.told(code)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> RegionNames {
        let regions = [
            ("70912", "Petrovac na Mlavi"),
            ("80080", "Bački Petrovac"),
            ("70483", "Gornji Milanovac"),
            ("80063", "Bačka Palanka"),
            ("70084", "Bela Palanka"),
            ("70033", "Aranđelovac"),
        ];
        RegionNames::of(regions.map(|(code, name)| (code.to_owned(), name.to_owned())))
    }

    #[test]
    fn shortened_names_are_known_by_their_beginnings() {
        for (text, codes) in [
            ("Petrovac n/M", &["70912"][..]),
            ("G. Milanovac", &["70483"]),
            ("Gornji Mil.", &["70483"]),
            ("B. Palanka", &["70084", "80063"]),
            ("Petrovac", &[]),
            ("G. M.", &[]),
        ] {
            assert_eq!(names().abbreviated(&fold(text)), codes, "{text}");
        }
    }

    #[test]
    fn the_nearest_names_are_told_with_their_codes() {
        let all = |_: &str| true;
        let near = names().nearest("gornji milanovc", all);
        assert_eq!(near, ["70483 Gornji Milanovac"]);
        assert_eq!(names().nearest("arandelovac", all)[0], "70033 Aranđelovac");
        assert!(names().nearest("nigde", all).is_empty());
        assert!(
            names()
                .nearest("gornji milanovac", |code| code == "70084")
                .is_empty()
        );
    }
}
