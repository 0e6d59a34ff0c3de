//! How the text of a layer is read: in which encoding, and whether it was misread before.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use super::likeness::Likeness;
use crate::worker::charset::{BadByte, Charset, UnknownCharset};

/// Text in one encoding that a program read as another and then saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Misreading {
    /// What the text was in.
    pub(super) was: Charset,
    /// What it was read as: one byte for each character.
    pub(super) read_as: Charset,
}

impl fmt::Display for Misreading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} read as {}", self.was, self.read_as)
    }
}

/// Undoes a misreading.
#[derive(Clone, Debug)]
pub(super) struct Repair {
    misreading: Misreading,
    bytes: HashMap<char, u8>,
}

impl Repair {
    /// None when an encoding has no table of characters.
    pub(super) fn of(misreading: Misreading) -> Option<Self> {
        let half = misreading.read_as.upper_half()?;
        let mut bytes: HashMap<char, u8> = half.into_iter().zip(0x80..=0xFF).collect();
        // Free places are read as control codes by some programs, as the characters of ISO 8859-1
        // by others: the same code points.
        for byte in 0x80..=0x9F {
            bytes.entry(char::from(byte)).or_insert(byte);
        }
        Some(Self { misreading, bytes })
    }

    /// The text with every word set right that was misread; other words stay.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut mended = String::with_capacity(text.len());
        for piece in text.split_inclusive(divides) {
            let (word, divider) = match piece.strip_suffix(divides) {
                Some(word) => piece.split_at(word.len()),
                None => (piece, ""),
            };
            mended.push_str(self.word(word).as_deref().unwrap_or(word));
            mended.push_str(divider);
        }
        Cow::Owned(mended)
    }

    /// Whether all letters of the word are in the encoding that text was read as.
    pub(super) fn can_be_misread(&self, word: &str) -> bool {
        word.chars()
            .all(|c| c.is_ascii() || self.bytes.contains_key(&c))
    }

    /// The word set right: only when it goes back to bytes without loss, those are text in the
    /// encoding that it was in, and the outcome looks no less like Serbian.
    pub(super) fn word(&self, word: &str) -> Option<String> {
        if word.is_ascii() {
            return None;
        }
        let once = self.undone(word)?;
        let again = self.misreading.was == Charset::Utf8 && !once.is_ascii();
        let twice = again.then(|| self.undone(&once)).flatten();
        let twice = twice.filter(|twice| is_likelier(twice, &once));
        let mended = twice.unwrap_or(once);
        (mended != word && self.is_meant(&mended, word)).then_some(mended)
    }

    /// Bytes of UTF-8 are proof; else a word that is Serbian as it stands may well be meant so.
    fn is_meant(&self, mended: &str, word: &str) -> bool {
        let stands = Likeness::of_text(word);
        if self.misreading.was == Charset::Utf8 || !stands.is_serbian(100) {
            return is_likelier(mended, word);
        }
        Likeness::of_text(mended).is_rather_than(&stands)
    }

    /// The text before one misreading. Only of UTF-8 can there be several without doubt: each makes
    /// two letters of one.
    fn undone(&self, word: &str) -> Option<String> {
        let byte = |c: char| match c {
            c if c.is_ascii() => u8::try_from(c).ok(),
            c => self.bytes.get(&c).copied(),
        };
        let bytes: Vec<u8> = word.chars().map(byte).collect::<Option<_>>()?;
        let text = self.misreading.was.decode(&bytes).ok()?;
        Some(text.into_owned())
    }
}

fn is_likelier(text: &str, than: &str) -> bool {
    Likeness::of_text(text).mean() >= Likeness::of_text(than).mean()
}

/// What stands between words or values and is the same in all encodings.
pub(super) fn divides(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | ',' | '"')
}

/// How the text of a layer is read. Its words are [`EncodingDecision::name`] and can be named by
/// the user: `CP1250`, `UTF-8 (CP1250 read as CP1252)`, or for that `CP1250 read as CP1252`.
///
/// [`EncodingDecision::name`]: crate::protocol::EncodingDecision::name
#[derive(Clone, Debug)]
pub(in crate::worker) struct Reading {
    pub(super) charset: Charset,
    pub(super) repair: Option<Repair>,
}

impl Reading {
    /// Text that needs nothing but its encoding.
    pub(in crate::worker) fn plain(charset: Charset) -> Self {
        Self {
            charset,
            repair: None,
        }
    }

    /// The encoding of the bytes.
    pub(in crate::worker) fn charset(&self) -> Charset {
        self.charset
    }

    /// The encoding of a file whose values are read so: signs that are letters are those of
    /// values, not of the syntax around them.
    pub(in crate::worker) fn charset_of_file(&self) -> Charset {
        if self.keeps_ascii() {
            self.charset
        } else {
            Charset::Utf8
        }
    }

    /// Whether text of ASCII alone is read as it stands.
    pub(in crate::worker) fn keeps_ascii(&self) -> bool {
        !self.charset.is_7_bit()
    }

    /// The text of a value in bytes; `fills` as in [`Charset::decode_field`].
    pub(in crate::worker) fn bytes<'a>(
        &self,
        bytes: &'a [u8],
        fills: bool,
    ) -> Result<Cow<'a, str>, BadByte> {
        let text = self.charset.decode_field(bytes, fills)?;
        Ok(match &self.repair {
            Some(repair) => Cow::Owned(repair.text(&text).into_owned()),
            None => text,
        })
    }

    /// The text of a table whose first line names its columns.
    pub(in crate::worker) fn table<'a>(&self, bytes: &'a [u8]) -> Result<Cow<'a, str>, BadByte> {
        if self.charset != Charset::YusciiCyrillic {
            return self.bytes(bytes, false);
        }
        let heading_bytes = bytes.iter().take_while(|byte| **byte != b'\n').count();
        let (heading, rest) = bytes.split_at(heading_bytes);
        let heading = self.charset.decode_name(heading)?;
        Ok(heading + self.charset.decode(rest)?)
    }

    /// The name of a column that comes as Unicode. Those are ASCII even where letters stand for
    /// Cyrillic ones.
    pub(in crate::worker) fn unicode_name(&self, name: &str) -> String {
        match self.charset {
            Charset::YusciiCyrillic => Charset::Yuscii.read_ascii(name),
            _ => self.unicode(name).into_owned(),
        }
    }

    /// The text of a value that comes as Unicode.
    pub(in crate::worker) fn unicode<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match &self.repair {
            Some(repair) => repair.text(text),
            None if self.charset.is_7_bit() => Cow::Owned(self.charset.read_ascii(text)),
            None => Cow::Borrowed(text),
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repair {
            Some(repair) => write!(f, "{} ({})", self.charset, repair.misreading),
            None => self.charset.fmt(f),
        }
    }
}

impl FromStr for Reading {
    type Err = UnknownCharset;

    fn from_str(name: &str) -> Result<Self, UnknownCharset> {
        let Some((before, read_as)) = name.split_once(" read as ") else {
            return Ok(Self::plain(name.parse()?));
        };
        let (charset, was) = match before.split_once('(') {
            Some((charset, was)) => (charset.parse()?, was),
            None => (Charset::Utf8, before),
        };
        let misreading = Misreading {
            was: was.parse()?,
            read_as: read_as.trim_end_matches(')').parse()?,
        };
        Ok(Self {
            charset,
            repair: Repair::of(misreading),
        })
    }
}
