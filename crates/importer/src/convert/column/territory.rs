//! Text fields, among them codes of places that files give by name.

use domain::lang::Message;
use domain::layer::Role;
use domain::region::{MunicipalityCode, StatisticalRegionCode};
use domain::text::fold;
use domain::{Value, ValueError, message};

use super::{Column, RegionNames};
use crate::convert::open::{Ambiguity, Homonym};

impl Column {
    pub(super) fn plain(&mut self, text: &str, names: &RegionNames) -> Result<Value, Message> {
        match self.field.parse(text) {
            Err(error) if self.is_of_regions() => {
                self.remembered(text, |column| column.region(text, names, &error))
            }
            Err(error) if self.field.role != Role::Key => {
                let beside_name = self.code_beside_name(text);
                beside_name.ok_or_else(|| error.message())
            }
            parsed => parsed.map_err(|error| error.message()),
        }
    }

    /// A region of which the code alone is not read, because of `error`.
    fn region(
        &mut self,
        text: &str,
        names: &RegionNames,
        error: &ValueError,
    ) -> Result<Value, Message> {
        if let Some(value) = self.code_beside_name(text) {
            return Ok(value);
        }
        let district = self.district_otherwise_spelled(text);
        district
            .or_else(|| self.by_name(text, names))
            .unwrap_or_else(|| Err(self.unknown(text, names, error)))
    }

    /// Whether its values are codes of regions that files also give by name.
    pub(super) fn is_of_regions(&self) -> bool {
        names_regions(self.field)
    }

    /// A territorial code with its name beside it, such as `RS-14 Borski`, `Bor (70327)`.
    fn code_beside_name(&self, text: &str) -> Option<Value> {
        let is_digit = |letter: char| letter.is_ascii_digit();
        let first = text.split_once([' ', ',']);
        let code = match first.filter(|(_, name)| !name.contains(is_digit)) {
            Some((code, _)) if self.field.parse(code).is_ok() => code,
            _ => only_number(text).filter(|number| is_municipality(number))?,
        };
        self.field.parse(code).ok()
    }

    /// `RS14`, `RS 14`, `RS–14`. Five of these without a sign between are codes of statistical regions.
    fn district_otherwise_spelled(&self, text: &str) -> Option<Result<Value, Message>> {
        if self.field.code_of != Some("districts") {
            return None;
        }
        let folded = fold(text);
        let number = folded.strip_prefix("rs")?.trim_start();
        let value = self
            .field
            .parse(number)
            .ok()
            .filter(|_| number.len() == 2)?;
        let is_region = text.parse::<StatisticalRegionCode>().is_ok();
        Some(if is_region {
            Err(message!(
                "`{text}` је шифра статистичког региона; ако је мишљен округ, напишите RS-{number}",
                "`{text}` is the code of a statistical region; if the district is meant, write RS-{number}"
            ))
        } else {
            Ok(value)
        })
    }

    /// A district or municipality by its name. Which of the two the field takes, its own parser
    /// knows; a name that several bear is left open.
    fn by_name(&mut self, text: &str, names: &RegionNames) -> Option<Result<Value, Message>> {
        let folded = fold(text);
        let short = without_kind(&folded);
        let named = [short, &folded].map(|name| self.fitting(names.codes(name)));
        if let Some(codes) = named.into_iter().find(|codes| !codes.is_empty()) {
            return self.one_of(text, codes, Ambiguity::SameName);
        }
        if let Some(value) = self.by_name_and_district(short, names) {
            return Some(Ok(value));
        }
        let abbreviated = self.fitting(&names.abbreviated(short));
        if !abbreviated.is_empty() {
            return self.one_of(text, abbreviated, Ambiguity::SameName);
        }
        let parts: Vec<String> = MunicipalityCode::of_city(short)
            .map(|part| part.to_string())
            .collect();
        let told: Vec<String> = parts.iter().map(|code| names.told(code)).collect();
        let parts_told = told.join(", ");
        self.one_of(text, self.fitting(&parts), Ambiguity::City { parts_told })
    }

    fn fitting(&self, codes: &[String]) -> Vec<String> {
        let fits = |code: &&String| self.field.parse(code).is_ok();
        codes.iter().filter(fits).cloned().collect()
    }

    /// The only one of these codes; several are left open, and none is nothing.
    fn one_of(
        &mut self,
        text: &str,
        codes: Vec<String>,
        ambiguity: Ambiguity,
    ) -> Option<Result<Value, Message>> {
        match &codes[..] {
            [] => None,
            [code] => Some(self.field.parse(code).map_err(|error| error.message())),
            _ => {
                let homonym = Homonym {
                    at: self.to,
                    field: self.field,
                    text: text.to_owned(),
                    codes,
                    ambiguity,
                };
                let refused = Err(homonym.refusal());
                self.aside.homonym = Some(homonym);
                Some(refused)
            }
        }
    }

    /// What to say of a text that is neither a code nor a name.
    fn unknown(&self, text: &str, names: &RegionNames, error: &ValueError) -> Message {
        let Message { sr, en } = error.message();
        if !text.contains(char::is_alphabetic) {
            return Message { sr, en };
        }
        if names.is_empty() {
            return message!(
                "{sr}; катастар још нема називе округа и општина: упишите шифру, или прво увезите те слојеве",
                "{en}; the register has no names of districts and municipalities yet: write the code, or \
                 import those layers first"
            );
        }
        let folded = fold(text);
        let fits = |code: &str| self.field.parse(code).is_ok();
        let nearest = names.nearest(without_kind(&folded), fits);
        let (sr, en) = (
            format!("{sr}, нити назив у катастру"),
            format!("{en}, nor a name in the register"),
        );
        if nearest.is_empty() {
            return Message { sr, en };
        }
        let nearest = nearest.join(", ");
        message!(
            "{sr}; по називу су најближе: {nearest}",
            "{en}; the nearest by name are: {nearest}"
        )
    }

    /// A municipality with its city or district before or after it: `Niš - Palilula`, `Palilula
    /// (Beograd)`, folded.
    fn by_name_and_district(&self, folded: &str, names: &RegionNames) -> Option<Value> {
        let splits = folded.match_indices(' ').flat_map(|(at, _)| {
            let (before, after) = (&folded[..at], &folded[at + 1..]);
            [(before, after), (after, before)]
        });
        let mut meant = splits.flat_map(|(name, around)| {
            let codes = names.codes(name).iter();
            codes.filter(move |code| lies_in(code, around, names))
        });
        let first = meant.next()?;
        let only = meant.all(|other| other == first);
        self.field.parse(first).ok().filter(|_| only)
    }
}

/// Whether a number is that of a municipality, not of a post office.
fn is_municipality(number: &str) -> bool {
    let code: Option<MunicipalityCode> = number.parse().ok();
    code.and_then(MunicipalityCode::district).is_some()
}

/// The only figures in a text.
fn only_number(text: &str) -> Option<&str> {
    let mut numbers = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let first = numbers.next()?;
    numbers.next().is_none().then_some(first)
}

/// Whether the values of a field are codes of regions that files also give by name.
pub(crate) fn names_regions(field: &domain::Field) -> bool {
    matches!(field.code_of, Some("districts" | "municipalities")) && field.role != Role::Key
}

/// A folded name without the word that says what the place is: `opstina bor`, `so bor`.
fn without_kind(folded: &str) -> &str {
    const KINDS: [&str; 13] = [
        "upravni okrug",
        "gradska opstina",
        "skupstina opstine",
        "okrug",
        "oblast",
        "opstina",
        "opst",
        "op",
        "grad",
        "city",
        "municipality",
        "so",
        "go",
    ];
    let before = |kind: &&str| folded.strip_prefix(*kind)?.strip_prefix(' ');
    let after = |kind: &&str| folded.strip_suffix(*kind)?.strip_suffix(' ');
    let bare = KINDS.iter().find_map(before);
    let bare = bare.or_else(|| KINDS.iter().find_map(after));
    bare.unwrap_or(folded)
}

/// Whether a municipality lies in the district whose name begins as `around` does, as those of
/// cities do: Nišavski, Borski, Beograd.
fn lies_in(municipality: &str, around: &str, names: &RegionNames) -> bool {
    const SHORTEST_TELLING: usize = 3;
    let code: Option<MunicipalityCode> = municipality.parse().ok();
    let Some(district) = code.and_then(MunicipalityCode::district) else {
        return false;
    };
    around.len() >= SHORTEST_TELLING && names.begins(&district.to_string(), around)
}

impl Homonym {
    /// What to say where nothing tells the places apart.
    pub(crate) fn refusal(&self) -> Message {
        let (text, codes) = (&self.text, self.codes.join(", "));
        match &self.ambiguity {
            Ambiguity::SameName => message!(
                "`{text}` је назив више места: {codes}; напишите матични број",
                "`{text}` is the name of several: {codes}; write the number"
            ),
            Ambiguity::City { parts_told } => message!(
                "`{text}` је град од више градских општина; напишите једну од њих: {parts_told}",
                "`{text}` is a city of several municipalities; write one of them: {parts_told}"
            ),
        }
    }
}
