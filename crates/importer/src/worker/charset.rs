//! The text encodings that Serbian survey files come in.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
};

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
    /// DOS, Central European Latin.
    Cp852,
    /// DOS, Cyrillic.
    Cp866,
    /// Unix, Central European Latin.
    Iso8859_2,
}

/// The characters of CP852 from byte 0x80, after the mapping table `CP852.TXT` of the Unicode
/// Consortium.
const CP852: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'ů', 'ć', 'ç', 'ł', 'ë', 'Ő', 'ő', 'î', 'Ź', 'Ä', 'Ć', 'É', 'Ĺ', 'ĺ',
    'ô', 'ö', 'Ľ', 'ľ', 'Ś', 'ś', 'Ö', 'Ü', 'Ť', 'ť', 'Ł', '×', 'č', 'á', 'í', 'ó', 'ú', 'Ą', 'ą',
    'Ž', 'ž', 'Ę', 'ę', '¬', 'ź', 'Č', 'ş', '«', '»', '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'Ě', 'Ş',
    '╣', '║', '╗', '╝', 'Ż', 'ż', '┐', '└', '┴', '┬', '├', '─', '┼', 'Ă', 'ă', '╚', '╔', '╩', '╦',
    '╠', '═', '╬', '¤', 'đ', 'Đ', 'Ď', 'Ë', 'ď', 'Ň', 'Í', 'Î', 'ě', '┘', '┌', '█', '▄', 'Ţ', 'Ů',
    '▀', 'Ó', 'ß', 'Ô', 'Ń', 'ń', 'ň', 'Š', 'š', 'Ŕ', 'Ú', 'ŕ', 'Ű', 'ý', 'Ý', 'ţ', '´', '\u{ad}',
    '˝', '˛', 'ˇ', '˘', '§', '÷', '¸', '°', '¨', '˙', 'ű', 'Ř', 'ř', '■', '\u{a0}',
];

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
            Self::Cp852 => Ok(bytes.iter().map(|&byte| cp852(byte)).collect()),
            Self::Utf16Le => wide(UTF_16LE, bytes),
            Self::Utf16Be => wide(UTF_16BE, bytes),
            Self::Cp1250 => single_byte(WINDOWS_1250, bytes),
            Self::Cp1251 => single_byte(WINDOWS_1251, bytes),
            Self::Cp1252 => single_byte(WINDOWS_1252, bytes),
            Self::Cp866 => single_byte(IBM866, bytes),
            Self::Iso8859_2 => single_byte(ISO_8859_2, bytes),
        }
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

fn cp852(byte: u8) -> char {
    let above_ascii = usize::from(byte).checked_sub(0x80);
    let letter = above_ascii.and_then(|place| CP852.get(place));
    letter.copied().unwrap_or(char::from(byte))
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

/// A name that is no encoding known here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no text encoding known here; name UTF-8, CP1250, CP1251, CP852, ISO-8859-2, CP1252, \
     CP866, UTF-16LE or UTF-16BE"
)]
pub(super) struct UnknownCharset(String);

impl FromStr for Charset {
    type Err = UnknownCharset;

    /// Takes the spellings of `.cpg` files and of people: `CP1250`, `windows-1250`, `ANSI 1250`,
    /// `1250`.
    fn from_str(name: &str) -> Result<Self, UnknownCharset> {
        let name = name.trim().trim_start_matches('\u{feff}');
        let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        match (letters.to_ascii_uppercase().as_str(), digits.as_str()) {
            ("UTF", "8") | (_, "65001") => Ok(Self::Utf8),
            ("UTF" | "UTFLE", "16") | (_, "1200") => Ok(Self::Utf16Le),
            ("UTFBE", "16") | (_, "1201") => Ok(Self::Utf16Be),
            (_, "1250") => Ok(Self::Cp1250),
            (_, "1251") => Ok(Self::Cp1251),
            (_, "1252" | "88591") => Ok(Self::Cp1252),
            (_, "852") => Ok(Self::Cp852),
            (_, "866") => Ok(Self::Cp866),
            (_, "88592") | ("LATIN", "2") => Ok(Self::Iso8859_2),
            _ => Err(UnknownCharset(name.to_owned())),
        }
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Cp1250 => "CP1250",
            Self::Cp1251 => "CP1251",
            Self::Cp1252 => "CP1252",
            Self::Cp852 => "CP852",
            Self::Cp866 => "CP866",
            Self::Iso8859_2 => "ISO-8859-2",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{BadByte, Charset};

    const KNOWN: [Charset; 9] = [
        Charset::Utf8,
        Charset::Cp1250,
        Charset::Cp1251,
        Charset::Cp852,
        Charset::Iso8859_2,
        Charset::Cp1252,
        Charset::Cp866,
        Charset::Utf16Le,
        Charset::Utf16Be,
    ];

    /// The byte values of Š š Đ đ Č č Ć ć Ž ž in the code charts of Microsoft, IBM and ISO.
    #[test]
    fn serbian_latin_letters_have_their_published_bytes() {
        for (charset, bytes) in [
            (Charset::Cp1250, b"\x8A\x9A\xD0\xF0\xC8\xE8\xC6\xE6\x8E\x9E"),
            (Charset::Cp852, b"\xE6\xE7\xD1\xD0\xAC\x9F\x8F\x86\xA6\xA7"),
            (
                Charset::Iso8859_2,
                b"\xA9\xB9\xD0\xF0\xC8\xE8\xC6\xE6\xAE\xBE",
            ),
        ] {
            assert_eq!(charset.decode(bytes).unwrap(), "ŠšĐđČčĆćŽž", "{charset}");
        }
    }

    #[test]
    fn serbian_cyrillic_letters_have_their_published_bytes() {
        let bytes = b"\x80\x90\x8A\x9A\x8C\x9C\x8E\x9E\x8F\x9F\xA3\xBC\xC0\xFF";
        assert_eq!(Charset::Cp1251.decode(bytes).unwrap(), "ЂђЉљЊњЋћЏџЈјАя");
        assert_eq!(Charset::Cp866.decode(b"\x80\xA0\xE0").unwrap(), "Аар");
    }

    #[test]
    fn ascii_is_the_same_in_all_but_utf_16() {
        for charset in KNOWN {
            if matches!(charset, Charset::Utf16Le | Charset::Utf16Be) {
                continue;
            }
            assert_eq!(
                charset.decode(b"RS-70327-901 {|}~").unwrap(),
                "RS-70327-901 {|}~"
            );
        }
        assert_eq!(Charset::Utf16Le.decode(b"B\0o\0r\0").unwrap(), "Bor");
        assert_eq!(Charset::Utf16Be.decode(b"\0B\0o\0r").unwrap(), "Bor");
    }

    #[test]
    fn bytes_that_are_no_text_are_placed() {
        let at = |offset| Err(BadByte { offset });
        assert_eq!(Charset::Utf8.decode(b"Kru\x9Aevac"), at(3));
        assert_eq!(Charset::Cp1250.decode(b"ab\x81"), at(2));
        assert_eq!(Charset::Cp1251.decode(b"\x98"), at(0));
        assert_eq!(Charset::Iso8859_2.decode(b"Kru\x9Aevac"), at(3));
        assert_eq!(Charset::Utf16Le.decode(b"B\0\0\xD8"), at(2));
    }

    #[test]
    fn a_letter_cut_by_the_column_is_left_out_only_where_the_column_is_full() {
        let cut = "Kruš".as_bytes().split_last().unwrap().1;
        assert_eq!(Charset::Utf8.decode_field(cut, true).unwrap(), "Kru");
        assert_eq!(
            Charset::Utf8.decode_field(cut, false),
            Err(BadByte { offset: 3 })
        );
        assert_eq!(
            Charset::Cp1250.decode_field(b"Kru\x9A", true).unwrap(),
            "Kruš"
        );
    }

    #[test]
    fn names_are_taken_as_people_and_programs_write_them() {
        for (name, charset) in [
            ("utf8", Charset::Utf8),
            ("UTF-8\r\n", Charset::Utf8),
            ("65001", Charset::Utf8),
            ("windows-1250", Charset::Cp1250),
            ("ANSI 1250", Charset::Cp1250),
            ("1251", Charset::Cp1251),
            ("OEM 852", Charset::Cp852),
            ("ISO 8859-2", Charset::Iso8859_2),
            ("88592", Charset::Iso8859_2),
            ("latin2", Charset::Iso8859_2),
            ("ISO-8859-1", Charset::Cp1252),
            ("UTF-16BE", Charset::Utf16Be),
        ] {
            assert_eq!(name.parse(), Ok(charset), "{name}");
        }
        let error = "YUSCII".parse::<Charset>().unwrap_err().to_string();
        for charset in KNOWN {
            assert_eq!(charset.to_string().parse(), Ok(charset));
            assert!(error.contains(&charset.to_string()), "{error}");
        }
    }
}
