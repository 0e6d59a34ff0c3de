//! What a file says about its encoding, and whether its bytes bear it out.

use domain::lang::Message;
use domain::message;

use super::likeness::Likeness;
use super::{RawText, both_ways, most_serbian};
use crate::worker::charset::Charset;

/// Something in the file that names an encoding.
#[derive(Clone, Debug)]
pub(in crate::worker) struct Statement {
    words: Message,
    charset: Option<Charset>,
    /// Whether somebody wrote it for this file, rather than a program by habit.
    is_deliberate: bool,
}

/// An encoding that a statement decides, and why.
pub(super) type Settled = (Charset, Message);

impl Statement {
    /// That of the `.cpg` file.
    pub(super) fn of_cpg(content: &str) -> Self {
        let said = content.trim();
        Self {
            words: message!("датотека .cpg каже {said}", "the .cpg file says {said}"),
            charset: content.parse().ok(),
            is_deliberate: true,
        }
    }

    /// That of the language byte, after the table of the dBASE and Visual `FoxPro` documentation.
    pub(super) fn of_language_byte(byte: u8) -> Option<Self> {
        let charset = match byte {
            0x64 => Charset::Cp852,
            0xC8 => Charset::Cp1250,
            0xC9 => Charset::Cp1251,
            0x03 | 0x57 => Charset::Cp1252,
            0x26 | 0x65 => Charset::Cp866,
            0x96 => Charset::MacCyrillic,
            _ => return None,
        };
        Some(Self {
            words: message!(
                "бајт језика 0x{byte:02X} у датотеци .dbf каже {charset}",
                "the language byte 0x{byte:02X} of the .dbf says {charset}"
            ),
            charset: Some(charset),
            is_deliberate: false,
        })
    }

    /// That of a heading or a declaration, which programs write by their own settings.
    pub(in crate::worker) fn of_heading(charset: Option<Charset>, words: Message) -> Self {
        Self {
            words,
            charset,
            is_deliberate: false,
        }
    }

    /// The encoding that it names, if that is known here.
    pub(in crate::worker) const fn charset(&self) -> Option<Charset> {
        self.charset
    }

    /// Where it stands and what it says.
    pub(in crate::worker) const fn words(&self) -> &Message {
        &self.words
    }

    /// The encoding when the statement can be believed, else why not. `texts` are values with
    /// bytes outside ASCII.
    pub(super) fn judge(&self, texts: &[RawText<'_>]) -> Result<Settled, Message> {
        let Message { sr, en } = &self.words;
        let Some(charset) = self.charset else {
            return Err(message!(
                "{sr}, што овде није познато",
                "{en}, which is unknown here"
            ));
        };
        if let Some(text) = texts.iter().find(|text| !text.is_in(charset)) {
            let place = text.place.words();
            let (place_sr, place_en) = (place.sr, place.en);
            return Err(message!(
                "{sr}, али {place_sr} није такав",
                "{en}, but {place_en} is not"
            ));
        }
        // Programs set up for other languages write this over Serbian text, too, though the
        // encoding has no č, ć and đ, or no ђ, љ and њ.
        let others = [Charset::Cp1252, Charset::Cp437, Charset::Koi8R];
        if others.contains(&charset) && !texts.is_empty() {
            return Err(message!(
                "{sr}, што програми пишу и уз српски текст",
                "{en}, which programs also write over Serbian text"
            ));
        }
        self.weigh(charset, texts)
    }

    /// Believes the statement unless another encoding makes sense of the text and this one none.
    fn weigh(&self, charset: Charset, texts: &[RawText<'_>]) -> Result<Settled, Message> {
        let best = most_serbian(texts);
        let other = best.charset;
        let here = Likeness::of(texts, charset);
        if other == charset || !best.likeness.is_rather_than(&here) {
            return Ok((charset, self.words.clone()));
        }
        let Message { sr, en } = self.against(charset, other, texts);
        if !best.likeness.refutes(&here) {
            let words = message!(
                "{sr}; текста је мало, па се верује наводу, а ако су примери погрешни, наведите {other}",
                "{en}; there is little text, so the statement is believed; if the samples are wrong, name \
                 {other}"
            );
            return Ok((charset, words));
        }
        // Valid UTF-8 is no accident; other encodings have the same bytes with other letters.
        if self.is_deliberate && other != Charset::Utf8 {
            let words = message!(
                "{sr}; датотеци .cpg се верује, па ако су примери погрешни, наведите {other}",
                "{en}; the .cpg file is believed, so if the samples are wrong, name {other}"
            );
            return Ok((charset, words));
        }
        Err(Message { sr, en })
    }

    /// The evidence against the statement, with a value read in both ways.
    fn against(&self, charset: Charset, other: Charset, texts: &[RawText<'_>]) -> Message {
        let Message { sr, en } = &self.words;
        let (wrong, right) = both_ways(texts, charset, other).unwrap_or_default();
        message!(
            "{sr}, али би тада писало „{wrong}“, а као {other} пише „{right}“",
            "{en}, but then it would read \"{wrong}\", while as {other} it reads \"{right}\""
        )
    }
}
