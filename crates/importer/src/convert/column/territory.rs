//! Text fields, among them codes of places that files give by name.

use domain::lang::Message;
use domain::layer::Role;
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
        let codes = names.get(short.trim()).or_else(|| names.get(&folded))?;
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
