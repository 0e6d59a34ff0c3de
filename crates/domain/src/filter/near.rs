//! The names nearest to one that does not exist.

use crate::code_list::CodeList;
use crate::text::fold;

/// How many are offered.
const OFFERED: usize = 3;

/// The codes of a list that are nearest to a text, by the code itself, its labels or the other words
/// that files use for it, the nearest first.
pub(super) fn codes(list: &CodeList, text: &str) -> String {
    let wanted = fold(text);
    let entries = list.entries.iter().map(|entry| {
        let labels = [entry.code, entry.label.sr, entry.label.en];
        let labels = labels.map(fold).into_iter();
        let words = labels.chain(entry.synonyms.iter().map(ToString::to_string));
        let nearest = words.map(|word| distance(&wanted, &word)).min();
        (nearest.unwrap_or(usize::MAX), entry.code)
    });
    offer(entries, "'")
}

/// The names that are nearest to a text, the nearest first.
pub(super) fn names<'n>(names: impl Iterator<Item = &'n str>, text: &str) -> String {
    let wanted = fold(text);
    offer(
        names.map(|name| (distance(&wanted, &fold(name)), name)),
        "`",
    )
}

fn offer<'n>(ranked: impl Iterator<Item = (usize, &'n str)>, mark: &str) -> String {
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    let nearest = ranked.into_iter().take(OFFERED);
    let quoted: Vec<_> = nearest
        .map(|(_, name)| format!("{mark}{name}{mark}"))
        .collect();
    quoted.join(", ")
}

/// How many letters must be added, left out or replaced to make one text of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    // A name longer than any of ours is no misspelling of one.
    let other: Vec<char> = other.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().take(80).enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (place, candidate) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *candidate);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code_list::Coded;
    use crate::lists::FacilityStatus;

    #[test]
    fn distances_count_letters() {
        for (one, other, letters) in [("kitten", "sitting", 3), ("", "abc", 3), ("bor", "bor", 0)] {
            assert_eq!(distance(one, other), letters, "{one} {other}");
            assert_eq!(distance(other, one), letters, "{other} {one}");
        }
    }

    #[test]
    fn labels_in_either_language_lead_to_the_code() {
        for text in ["CLOSED", "closd", "Zatvoren"] {
            let offered = codes(FacilityStatus::LIST, text);
            assert!(offered.starts_with("'closed'"), "{text}: {offered}");
        }
    }
}
