//! The text encodings that Serbian survey files come in.

mod names;
mod tables;
mod yuscii;

use std::borrow::Cow;

use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, ISO_8859_5, KOI8_R, UTF_16BE, UTF_16LE, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC,
};

pub(super) use names::UnknownCharset;
use tables::{CP437, CP852, CP855};

/// A text encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// Unicode, by bytes.
    Utf8,
    /// Unicode, by little-endian pairs of bytes.
    Utf16Le,
    /// Unicode, by big-endian pairs of bytes.
    Utf16Be,
    /// Windows, Central European Latin.
    Cp1250,
    /// Windows, Cyrillic.
    Cp1251,
    /// Windows, Western Latin; without č, ć, đ.
    Cp1252,
    /// DOS, of America; no Serbian letters.
    Cp437,
    /// DOS, Central European Latin.
    Cp852,
    /// DOS, Cyrillic, of Yugoslavia.
    Cp855,
    /// DOS, Cyrillic, of Russia.
    Cp866,
    /// Unix, Cyrillic, of Russia; without the letters that only Serbian has.
    Koi8R,
    /// Unix, Central European Latin.
    Iso8859_2,
    /// Unix, Cyrillic.
    Iso8859_5,
    /// Macintosh, Cyrillic. (The Central European set of the Macintosh has no đ.)
    MacCyrillic,
    /// JUS I.B1.002: ASCII with Serbian Latin letters in the place of ten signs.
    Yuscii,
    /// JUS I.B1.003: ASCII with Serbian Cyrillic letters in the place of Latin ones.
    YusciiCyrillic,
}

/// Bytes that are no text in an encoding: the place of the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadByte {
    /// Its place from the beginning of the text, from 0.
    pub(super) offset: usize,
}

impl Charset {
    /// The text that `bytes` stand for.
    ///
    /// A byte that an encoding leaves free, or keeps for control codes, is no text.
    pub(super) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, BadByte> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|error| BadByte {
                    offset: error.valid_up_to(),
                }),
            Self::Cp437 => Ok(by_table(&CP437, bytes)),
            Self::Cp852 => Ok(by_table(&CP852, bytes)),
            Self::Cp855 => Ok(by_table(&CP855, bytes)),
            Self::Utf16Le => wide(UTF_16LE, bytes),
            Self::Utf16Be => wide(UTF_16BE, bytes),
            Self::Cp1250 => single_byte(WINDOWS_1250, bytes),
            Self::Cp1251 => single_byte(WINDOWS_1251, bytes),
            Self::Cp1252 => single_byte(WINDOWS_1252, bytes),
            Self::Cp866 => single_byte(IBM866, bytes),
            Self::Koi8R => single_byte(KOI8_R, bytes),
            Self::Iso8859_2 => single_byte(ISO_8859_2, bytes),
            Self::Iso8859_5 => single_byte(ISO_8859_5, bytes),
            Self::MacCyrillic => single_byte(X_MAC_CYRILLIC, bytes),
            Self::Yuscii | Self::YusciiCyrillic => Ok(Cow::Owned(self.read_ascii(ascii(bytes)?))),
        }
    }

    /// The name of a column in `bytes`. Programs write those in ASCII even where letters stand for
    /// Cyrillic ones.
    pub(super) fn decode_name(self, bytes: &[u8]) -> Result<Cow<'_, str>, BadByte> {
        match self {
            Self::YusciiCyrillic => Self::Yuscii.decode(bytes),
            _ => self.decode(bytes),
        }
    }

    /// Whether ASCII stands for other letters.
    pub(super) fn is_7_bit(self) -> bool {
        matches!(self, Self::Yuscii | Self::YusciiCyrillic)
    }

    /// What ASCII text stands for; other characters stay.
    pub(super) fn read_ascii(self, text: &str) -> String {
        match self {
            Self::Yuscii => text.chars().map(yuscii::latin).collect(),
            Self::YusciiCyrillic => yuscii::cyrillic_text(text),
            _ => text.to_owned(),
        }
    }

    /// The characters of the bytes from 0x80 in an encoding of one byte per character; those that
    /// it leaves free are control codes, as programs read them.
    pub(super) fn upper_half(self) -> Option<[char; 128]> {
        let encoding = match self {
            Self::Cp437 => return Some(CP437),
            Self::Cp852 => return Some(CP852),
            Self::Cp855 => return Some(CP855),
            Self::Cp1250 => WINDOWS_1250,
            Self::Cp1251 => WINDOWS_1251,
            Self::Cp1252 => WINDOWS_1252,
            Self::Cp866 => IBM866,
            Self::Koi8R => KOI8_R,
            Self::Iso8859_2 => ISO_8859_2,
            Self::Iso8859_5 => ISO_8859_5,
            Self::MacCyrillic => X_MAC_CYRILLIC,
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be | Self::Yuscii | Self::YusciiCyrillic => {
                return None;
            }
        };
        let bytes: Vec<u8> = (0x80..=0xFF).collect();
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        text.chars().collect::<Vec<_>>().try_into().ok()
    }

    /// Like [`Charset::decode`] for a value of a table with columns of fixed width: a writer that
    /// counts bytes may have cut the last letter of a value that fills its column; it is left out.
    pub(super) fn decode_field(self, bytes: &[u8], fills: bool) -> Result<Cow<'_, str>, BadByte> {
        match std::str::from_utf8(bytes) {
            Err(error) if self == Self::Utf8 && fills && error.error_len().is_none() => {
                self.decode(bytes.get(..error.valid_up_to()).unwrap_or_default())
            }
            _ => self.decode(bytes),
        }
    }
}

fn by_table(table: &[char; 128], bytes: &[u8]) -> Cow<'static, str> {
    let characters = bytes.iter().map(|&byte| tables::character(table, byte));
    characters.collect()
}

fn ascii(bytes: &[u8]) -> Result<&str, BadByte> {
    let good = bytes.iter().take_while(|byte| byte.is_ascii()).count();
    let text = bytes.get(..good).and_then(|text| str::from_utf8(text).ok());
    text.filter(|_| good == bytes.len())
        .ok_or(BadByte { offset: good })
}

/// The free places of the Windows code pages come out as control codes U+0080 to U+009F.
fn single_byte<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, BadByte> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let no_text = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}');
    match text.chars().position(no_text) {
        Some(offset) => Err(BadByte { offset }),
        None => Ok(text),
    }
}

fn wide<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, BadByte> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        let good = text.chars().take_while(|&c| c != '\u{fffd}');
        let offset = good.map(|c| 2 * c.len_utf16()).sum();
        return Err(BadByte { offset });
    }
    Ok(text)
}

/// The line of the byte at `offset`, counted from 1.
pub(super) fn line_at(bytes: &[u8], offset: usize) -> usize {
    let before = bytes.get(..offset).unwrap_or(bytes);
    before.split(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests;
