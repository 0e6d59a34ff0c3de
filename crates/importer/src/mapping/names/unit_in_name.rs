//! Units at the end of field names: `POVR_HA`, `Zapremina (10³ m³)`, `masaKt`, `POVRSINA_H`.

use domain::quantity::unit::{Spelled, Unit};
use domain::text::fold;

/// A unit that a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitInName {
    Unit(&'static Unit),
    TonneOrMegatonne,
}

impl UnitInName {
    pub(super) const fn unit(self) -> Option<&'static Unit> {
        match self {
            Self::Unit(unit) => Some(unit),
            Self::TonneOrMegatonne => None,
        }
    }
}

impl From<Spelled> for UnitInName {
    fn from(spelled: Spelled) -> Self {
        match spelled {
            Spelled::Unit(unit) => Self::Unit(unit),
            Spelled::TonneOrMegatonne => Self::TonneOrMegatonne,
        }
    }
}

/// The ways to take a name apart into the rest and a unit of the quantity `ucum`.
pub(super) fn splits(name: &str, ucum: &str) -> Vec<(String, UnitInName)> {
    let words: Vec<&str> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = last_words(&words, ucum);
    found.extend(glued(name, ucum));
    if found.is_empty() {
        found.extend(cut(name, &words, ucum));
    }
    found
}

/// The unit in words of its own, with or without "in" (`u`) before it.
fn last_words(words: &[&str], ucum: &str) -> Vec<(String, UnitInName)> {
    const MOST_WORDS: usize = 4;
    let first = words.len().saturating_sub(MOST_WORDS).max(1);
    (first..words.len())
        .filter_map(|at| {
            let (base, unit) = words.split_at(at);
            let unit = Unit::read(&unit.join(" "), ucum)?;
            let within = base.split_last().filter(|(last, _)| is_in(last));
            let base = within.map_or(base, |(_, base)| base);
            Some((base.join(" "), unit.into()))
        })
        .collect()
}

fn is_in(word: &str) -> bool {
    matches!(word, "u" | "U" | "у" | "У" | "in")
}

/// The unit written onto the name, if it has two letters or more.
fn glued(name: &str, ucum: &str) -> Vec<(String, UnitInName)> {
    let folded = fold(name).replace(' ', "");
    let split = |spelling: &'static str| {
        let base = folded.strip_suffix(spelling)?;
        if spelling.len() < 2 || base.is_empty() {
            return None;
        }
        // The case tells Mt from mt.
        let as_si = name.ends_with("Mt") || name.ends_with("Мт");
        let spelled = if spelling == "mt" && as_si {
            "Mt"
        } else {
            spelling
        };
        Some((base.to_owned(), Unit::read(spelled, ucum)?.into()))
    };
    Unit::spellings(ucum).filter_map(split).collect()
}

/// The unit cut with the name to the ten characters of a DBF file, if only one unit begins so.
fn cut(name: &str, words: &[&str], ucum: &str) -> Option<(String, UnitInName)> {
    const DBF: usize = 10;
    let (begun, base) = words.split_last()?;
    if name.len() != DBF || base.is_empty() {
        return None;
    }
    let begun = fold(begun);
    let mut units = Unit::spellings(ucum)
        .filter(|spelling| spelling.starts_with(&begun))
        .filter_map(|spelling| match Unit::read(spelling, ucum)? {
            Spelled::Unit(unit) => Some(unit),
            Spelled::TonneOrMegatonne => None,
        });
    let unit = units.next()?;
    let only = units.all(|other| other == unit);
    only.then(|| (base.join(" "), UnitInName::Unit(unit)))
}
