//! The names under which a file may carry a field.

use domain::layer::Field;
use domain::text::fold_variants;

use super::{Fate, How};

/// How good a claim is: smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    pub(super) how: How,
    /// The place of the synonym among the field's: the first says it best.
    place: usize,
}

impl Rank {
    pub(super) const MAPPING_FILE: Self = Self {
        how: How::MappingFile,
        place: 0,
    };
}

/// The names of one field of a layer, without blanks.
pub(super) struct FieldNames {
    field: &'static Field,
    names: Vec<(Rank, String)>,
}

impl FieldNames {
    pub(super) fn of(field: &'static Field) -> Self {
        let synonyms = field.synonyms.iter().enumerate();
        let titles = [field.title.sr, field.title.en];
        let named = std::iter::once((
            Rank {
                how: How::Name,
                place: 0,
            },
            field.name,
        ))
        .chain(synonyms.map(|(place, name)| {
            (
                Rank {
                    how: How::Synonym,
                    place,
                },
                *name,
            )
        }))
        .chain(titles.map(|title| {
            (
                Rank {
                    how: How::Title,
                    place: 0,
                },
                title,
            )
        }));
        let names =
            named.flat_map(|(rank, name)| keys(name).into_iter().map(move |key| (rank, key)));
        Self {
            field,
            names: names.collect(),
        }
    }

    fn full(&self, keys: &[String]) -> Option<Rank> {
        let same = self.names.iter().filter(|(_, name)| keys.contains(name));
        same.map(|(rank, _)| *rank).min()
    }

    fn cut(&self, keys: &[String]) -> Option<Rank> {
        let begins = |name: &str| keys.iter().any(|key| name.starts_with(key.as_str()));
        let place = self.names.iter().position(|(_, name)| begins(name))?;
        Some(Rank {
            how: How::Cut,
            place,
        })
    }
}

/// A name as it is compared: folded, and without blanks, which files write as `_`, `-`, or not.
pub(super) fn keys(name: &str) -> Vec<String> {
    fold_variants(name)
        .iter()
        .map(|variant| variant.replace(' ', ""))
        .collect()
}

/// What a name of a file may mean.
pub(super) enum Recognised {
    One(&'static Field, Rank),
    Several(Vec<&'static str>),
    None,
}

impl Recognised {
    pub(super) fn into_fate(self) -> Fate {
        match self {
            Self::One(field, rank) => Fate::Matched(field, rank),
            Self::Several(fields) => Fate::Ignored(format!(
                "it may mean {}; say which in a mapping file",
                fields.join(" or ")
            )),
            Self::None => Fate::Open,
        }
    }
}

pub(super) fn recognise(name: &str, known: &[FieldNames]) -> Recognised {
    let keys = keys(name);
    match best(known, |names| names.full(&keys)) {
        Recognised::None if may_be_cut(name, &keys) => best(known, |names| names.cut(&keys)),
        found => found,
    }
}

fn best(known: &[FieldNames], rank: impl Fn(&FieldNames) -> Option<Rank>) -> Recognised {
    let claims: Vec<_> = known
        .iter()
        .filter_map(|names| Some((rank(names)?, names.field)))
        .collect();
    let Some(how) = claims.iter().map(|(rank, _)| rank.how).min() else {
        return Recognised::None;
    };
    let best: Vec<_> = claims
        .into_iter()
        .filter(|(rank, _)| rank.how == how)
        .collect();
    match best[..] {
        [(rank, field)] => Recognised::One(field, rank),
        _ => Recognised::Several(best.iter().map(|(_, field)| field.name).collect()),
    }
}

/// Whether a DBF file may have cut the name: its field names have at most ten bytes, of which a
/// cut within a Cyrillic letter of UTF-8 leaves nine.
fn may_be_cut(name: &str, keys: &[String]) -> bool {
    const SHORTEST_TELLING: usize = 4;
    let full_length = matches!(name.len(), 9 | 10) || name.chars().count() == 10;
    full_length && keys.iter().all(|key| key.len() >= SHORTEST_TELLING)
}
