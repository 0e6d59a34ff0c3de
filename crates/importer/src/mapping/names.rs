//! The names under which a file may carry a field.

mod unit_in_name;

use domain::layer::Field;
use domain::quantity::unit::Unit;
use domain::text::{fold, fold_variants};

use super::How;
use crate::similar::similarity;
use unit_in_name::{UnitInName, splits};

/// How good a claim is: smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// The field's own name says it better than any other word for it, even where it is cut.
    is_other_word: bool,
    pub(super) how: How,
    /// Numbers that need no conversion say it better than others.
    converted: bool,
    /// The place of the synonym among the field's: the first says it best.
    place: usize,
}

impl Rank {
    pub(super) const MAPPING_FILE: Self = Self::of(How::MappingFile, 0);

    const fn of(how: How, place: usize) -> Self {
        Self {
            is_other_word: !matches!(how, How::MappingFile | How::Name),
            how,
            converted: false,
            place,
        }
    }
}

/// The names of one field of a layer.
pub(super) struct FieldNames {
    pub(super) field: &'static Field,
    /// Folded.
    names: Vec<(Rank, String)>,
}

impl FieldNames {
    pub(super) fn of(field: &'static Field) -> Self {
        let own = std::iter::once((Rank::of(How::Name, 0), field.name));
        let synonyms = field.synonyms.iter().enumerate();
        let synonyms = synonyms.map(|(place, name)| (Rank::of(How::Synonym, place), *name));
        let titles = [field.title.sr, field.title.en].map(|title| (Rank::of(How::Title, 0), title));
        let named = own.chain(synonyms).chain(titles);
        let names = named.flat_map(|(rank, name)| {
            let variants = fold_variants(name);
            variants.into_iter().map(move |variant| (rank, variant))
        });
        Self {
            field,
            names: names.collect(),
        }
    }

    /// How alike a name is to the nearest of the field's, 0 to 1.
    fn similarity(&self, name: &str) -> f64 {
        let name = fold(name);
        let scores = self.names.iter().map(|(_, own)| similarity(&name, own));
        scores.fold(0.0, f64::max)
    }

    fn full(&self, keys: &[String]) -> Option<Rank> {
        let same = |(_, name): &&(Rank, String)| keys.contains(&name.replace(' ', ""));
        self.names.iter().filter(same).map(|(rank, _)| *rank).min()
    }

    /// Where a name is cut between two words of another word, the first is rather meant alone, as
    /// `kategorija` is not `kategorija otpada`; unless the sign between them is left, as in `POGODJENI_`.
    fn cut(&self, name: &str, keys: &[String]) -> Option<Rank> {
        let goes_on = name.ends_with(|last: char| !last.is_alphanumeric());
        let begins = |rank: &Rank, own: &str| {
            let mut cuts = keys.iter().filter_map(|key| cut_within_word(own, key));
            cuts.any(|within_word| within_word || goes_on || !rank.is_other_word)
        };
        let place = self
            .names
            .iter()
            .position(|(rank, name)| begins(rank, name))?;
        let is_other_word = self.names[place].0.is_other_word;
        Some(Rank {
            is_other_word,
            ..Rank::of(How::Cut, place)
        })
    }

    /// By the beginnings of its words, two or more of them: `GOD_POC` for `godina pocetka`.
    fn abbreviated(&self, name: &str) -> Option<Rank> {
        const SHORTEST_TELLING: usize = 3;
        let folded = fold(name);
        let parts: Vec<&str> = folded.split(' ').collect();
        if parts.len() < 2 || parts.iter().any(|part| part.len() < SHORTEST_TELLING) {
            return None;
        }
        let begun = |own: &str| {
            let words: Vec<&str> = own.split(' ').collect();
            let mut pairs = words.iter().zip(&parts);
            words.len() == parts.len() && pairs.all(|(word, part)| word.starts_with(part))
        };
        let place = self.names.iter().position(|(_, own)| begun(own))?;
        Some(Rank::of(How::Abbreviation, place))
    }

    /// By its name with the unit left out, and by the unit.
    fn with_unit(&self, name: &str) -> Option<(Rank, UnitInName)> {
        let ucum = self.field.unit?;
        let mut ways = splits(name, ucum);
        // `Zapremina (Mm3)` ends in m3 too: the longest unit is the one that is written.
        ways.sort_by_key(|(base, _)| keys(base).first().map_or(0, String::len));
        let found = ways.into_iter().filter_map(|(base, unit)| {
            let fits = match unit {
                UnitInName::Unit(unit) => !unit.is_level() || self.field.name.contains("level"),
                UnitInName::TonneOrMegatonne => true,
            };
            let rank = self
                .full(&keys(&base))
                .or_else(|| self.abbreviated(&base))?;
            let converted = !matches!(unit, UnitInName::Unit(unit) if unit.exponent == 0);
            fits.then_some((Rank { converted, ..rank }, unit))
        });
        found.min_by_key(|(rank, _)| rank.how)
    }
}

/// Those of some fields that a name is most like.
pub(super) fn nearest(
    name: &str,
    fields: impl Iterator<Item = &'static Field>,
) -> Vec<&'static str> {
    const LEAST: f64 = 0.45;
    const MOST: usize = 3;
    const SHORTEST_TELLING: usize = 4;
    if name.chars().count() < SHORTEST_TELLING {
        return Vec::new();
    }
    let mut scored: Vec<_> = fields
        .map(|field| (FieldNames::of(field).similarity(name), field.name))
        .filter(|(score, _)| *score >= LEAST)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let nearest = scored.into_iter().take(MOST);
    nearest.map(|(_, field)| field).collect()
}

/// A name as it is compared: folded, and without blanks, which files write as `_`, `-`, or not.
pub(super) fn keys(name: &str) -> Vec<String> {
    fold_variants(name)
        .iter()
        .map(|variant| variant.replace(' ', ""))
        .collect()
}

/// Whether a name begins with a key, and then whether the key ends within a word of it.
fn cut_within_word(name: &str, key: &str) -> Option<bool> {
    let mut rest = name;
    for letter in key.chars() {
        rest = rest.trim_start_matches(' ').strip_prefix(letter)?;
    }
    Some(!rest.starts_with(' '))
}

/// What a name of a file may mean.
pub(super) enum Recognised {
    One {
        field: &'static Field,
        rank: Rank,
        unit: Option<&'static Unit>,
    },
    Several(Vec<&'static str>),
    /// A mass in `mt` or `MT`.
    TonneOrMegatonne(&'static Field),
    None,
}

pub(super) fn recognise(name: &str, known: &[FieldNames]) -> Recognised {
    let keys = keys(name);
    let plain = |rank: Option<Rank>| rank.map(|rank| (rank, None));
    let mut steps: Vec<Box<Step<'_>>> = vec![
        Box::new(|names| plain(names.full(&keys))),
        Box::new(|names| {
            let (rank, unit) = names.with_unit(name)?;
            Some((rank, Some(unit)))
        }),
    ];
    if may_be_cut(name, &keys) {
        steps.push(Box::new(|names| plain(names.cut(name, &keys))));
    }
    steps.push(Box::new(|names| plain(names.abbreviated(name))));
    let mut found = steps.iter().map(|step| best(known, step));
    found
        .find(|found| !matches!(found, Recognised::None))
        .unwrap_or(Recognised::None)
}

type Claim = (Rank, Option<UnitInName>);
/// One way to recognise a name.
type Step<'a> = dyn Fn(&FieldNames) -> Option<Claim> + 'a;

fn best(known: &[FieldNames], claim: impl Fn(&FieldNames) -> Option<Claim>) -> Recognised {
    let claims: Vec<_> = known
        .iter()
        .filter_map(|names| Some((claim(names)?, names.field)))
        .collect();
    let Some(how) = claims.iter().map(|((rank, _), _)| rank.how).min() else {
        return Recognised::None;
    };
    let best: Vec<_> = claims
        .into_iter()
        .filter(|((rank, _), _)| rank.how == how)
        .collect();
    match best[..] {
        [((_, Some(UnitInName::TonneOrMegatonne)), field)] => Recognised::TonneOrMegatonne(field),
        [((rank, unit), field)] => Recognised::One {
            field,
            rank,
            unit: unit.and_then(UnitInName::unit),
        },
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
