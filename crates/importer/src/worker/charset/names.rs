//! The names of encodings, as people, `.cpg` files and standards write them.

use std::fmt;
use std::str::FromStr;

use super::Charset;

/// A name that is no encoding known here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no text encoding known here; name UTF-8, CP1250, CP1251, CP1252, CP437, CP852, CP855, \
     CP866, ISO-8859-2, ISO-8859-5, KOI8-R, x-mac-cyrillic, YUSCII, YUSCII-CYR, UTF-16LE or UTF-16BE"
)]
pub(in crate::worker) struct UnknownCharset(String);

impl FromStr for Charset {
    type Err = UnknownCharset;

    /// Takes the spellings of `.cpg` files and of people: `CP1250`, `windows-1250`, `ANSI 1250`,
    /// `1250`; also the numbers of Windows code pages and of the ISO register (ISO-IR).
    fn from_str(name: &str) -> Result<Self, UnknownCharset> {
        let name = name.trim().trim_start_matches('\u{feff}');
        let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        let letters = letters.to_ascii_uppercase();
        by_number(&letters, &digits)
            .or_else(|| by_word(&letters).filter(|_| digits.is_empty()))
            .ok_or_else(|| UnknownCharset(name.to_owned()))
    }
}

fn by_number(letters: &str, digits: &str) -> Option<Charset> {
    Some(match (letters, digits) {
        ("UTF", "8") | (_, "65001") => Charset::Utf8,
        ("UTF" | "UTFLE", "16") | (_, "1200") => Charset::Utf16Le,
        ("UTFBE", "16") | (_, "1201") => Charset::Utf16Be,
        (_, "1250") => Charset::Cp1250,
        (_, "1251") => Charset::Cp1251,
        (_, "1252" | "88591" | "28591") | ("LATIN", "1") => Charset::Cp1252,
        (_, "437") => Charset::Cp437,
        (_, "852") => Charset::Cp852,
        (_, "855") => Charset::Cp855,
        (_, "866") => Charset::Cp866,
        ("KOIR", "8") | (_, "20866") => Charset::Koi8R,
        (_, "88592" | "28592") | ("LATIN", "2") => Charset::Iso8859_2,
        (_, "88595" | "28595") => Charset::Iso8859_5,
        (_, "10007") => Charset::MacCyrillic,
        ("JUSIB", "1002") | ("ISOIR", "141") | ("ISOYU", "646") => Charset::Yuscii,
        ("JUSIB" | "JUSIBSERB", "1003") | ("ISOIR", "146") => Charset::YusciiCyrillic,
        _ => return None,
    })
}

fn by_word(letters: &str) -> Option<Charset> {
    Some(match letters {
        "MACCYRILLIC" | "XMACCYRILLIC" => Charset::MacCyrillic,
        "YUSCII" | "YUSCIILAT" | "YUSCIILATIN" | "CROSCII" | "SLOSCII" => Charset::Yuscii,
        "YUSCIICYR" | "YUSCIICYRILLIC" | "SRPSCII" => Charset::YusciiCyrillic,
        _ => return None,
    })
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
            Self::Cp437 => "CP437",
            Self::Cp852 => "CP852",
            Self::Cp855 => "CP855",
            Self::Cp866 => "CP866",
            Self::Koi8R => "KOI8-R",
            Self::Iso8859_2 => "ISO-8859-2",
            Self::Iso8859_5 => "ISO-8859-5",
            Self::MacCyrillic => "x-mac-cyrillic",
            Self::Yuscii => "YUSCII",
            Self::YusciiCyrillic => "YUSCII-CYR",
        })
    }
}
