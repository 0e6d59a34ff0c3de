//! Text fields, among them codes of places that files give by name.

use domain::lang::Message;
use domain::layer::Role;
use domain::region::MunicipalityCode;
use domain::text::fold;
use domain::{Value, message};

use super::{Column, RegionNames};
use crate::convert::open::Homonym;

impl Column {
    pub(super) fn plain(&mut self, text: &str, names: &RegionNames) -> Result<Value, Message> {
        match self.field.parse(text) {
            Err(error) if self.field.role != Role::Key => match self.code_beside_name(text) {
                Some(value) => Ok(value),
                None => self
                    .by_name(text, names)
                    .unwrap_or_else(|| Err(error.message())),
            },
            parsed => parsed.map_err(|error| error.message()),
        }
    }

    /// A territorial code with its name beside it, such as `RS-14 Borski`.
    fn code_beside_name(&self, text: &str) -> Option<Value> {
        let (code, name) = text.split_once([' ', ','])?;
        let only_name = !name.contains(|letter: char| letter.is_ascii_digit());
        self.field.parse(code).ok().filter(|_| only_name)
    }

    /// A district or municipality by its name. Which of the two the field takes, its own parser
    /// knows; a name that several bear is left open.
    fn by_name(&mut self, text: &str, names: &RegionNames) -> Option<Result<Value, Message>> {
        const KINDS: [&str; 6] = [
            "upravni okrug",
            "gradska opstina",
            "okrug",
            "oblast",
            "opstina",
            "grad",
        ];
        let folded = fold(text);
        let bare = |kind: &&str| {
            folded
                .strip_suffix(*kind)
                .or_else(|| folded.strip_prefix(*kind))
        };
        let short = KINDS.iter().find_map(bare).unwrap_or(&folded);
        let Some(codes) = names.get(short.trim()).or_else(|| names.get(&folded)) else {
            return self.by_name_and_district(short.trim(), names).map(Ok);
        };
        let fitting: Vec<&String> = codes
            .iter()
            .filter(|code| self.field.parse(code).is_ok())
            .collect();
        match fitting[..] {
            [] => None,
            [code] => Some(self.field.parse(code).map_err(|error| error.message())),
            _ => {
                let homonym = Homonym {
                    at: self.to,
                    field: self.field,
                    text: text.to_owned(),
                    codes: fitting.into_iter().cloned().collect(),
                };
                let refused = Err(homonym.refusal());
                self.aside.homonym = Some(homonym);
                Some(refused)
            }
        }
    }
}

impl Column {
    /// A municipality with its city or district before or after it: `Niš - Palilula`, `Palilula
    /// (Beograd)`, folded.
    fn by_name_and_district(&self, folded: &str, names: &RegionNames) -> Option<Value> {
        let splits = folded.match_indices(' ').flat_map(|(at, _)| {
            let (before, after) = (&folded[..at], &folded[at + 1..]);
            [(before, after), (after, before)]
        });
        let mut meant = splits.flat_map(|(name, around)| {
            let codes = names.get(name).map_or(&[][..], Vec::as_slice);
            codes
                .iter()
                .filter(move |code| lies_in(code, around, names))
        });
        let first = meant.next()?;
        let only = meant.all(|other| other == first);
        self.field.parse(first).ok().filter(|_| only)
    }
}

/// Whether a municipality lies in the district whose name begins as `around` does, as those of
/// cities do: Nišavski, Borski, Beograd.
fn lies_in(municipality: &str, around: &str, names: &RegionNames) -> bool {
    const SHORTEST_TELLING: usize = 3;
    let code: Option<MunicipalityCode> = municipality.parse().ok();
    let Some(district) = code.and_then(MunicipalityCode::district) else {
        return false;
    };
    let district = district.to_string();
    around.len() >= SHORTEST_TELLING
        && names
            .iter()
            .any(|(name, codes)| name.starts_with(around) && codes.contains(&district))
}

impl Homonym {
    /// What to say where nothing tells the places apart.
    pub(crate) fn refusal(&self) -> Message {
        let (text, codes) = (&self.text, self.codes.join(", "));
        message!(
            "`{text}` је назив више места: {codes}; напишите матични број",
            "`{text}` is the name of several: {codes}; write the number"
        )
    }
}
