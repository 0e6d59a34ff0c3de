//! The 7-bit encodings of Yugoslavia, in which letters stand in the place of signs of ASCII.

/// The character of JUS I.B1.002 (ISO-IR-141), Latin, in the place of one of ASCII.
pub(super) fn latin(character: char) -> char {
    match character {
        '@' => 'Ž',
        '[' => 'Š',
        '\\' => 'Đ',
        ']' => 'Ć',
        '^' => 'Č',
        '`' => 'ž',
        '{' => 'š',
        '|' => 'đ',
        '}' => 'ć',
        '~' => 'č',
        other => other,
    }
}

/// The letters of JUS I.B1.003 (ISO-IR-146), Serbian Cyrillic, from 0x40 and from 0x60; 0x5F and
/// 0x7F stay what they are.
const CAPITALS: &str = "ЖАБЦДЕФГХИЈКЛМНОПЉРСТУВЊЏЅЗШЂЋЧ";
const SMALL: &str = "жабцдефгхијклмнопљрстувњџѕзшђћч";

fn cyrillic(character: char) -> char {
    let letter = match character {
        '@'..='^' => CAPITALS.chars().nth(character as usize - '@' as usize),
        '`'..='~' => SMALL.chars().nth(character as usize - '`' as usize),
        _ => None,
    };
    letter.unwrap_or(character)
}

/// The text of JUS I.B1.003. Every Latin letter of it is a Cyrillic one, but the codes that GIS
/// programs put beside the text (`RS-70327-901`, `tailings_pond`) were never meant so: a word
/// with a digit or an underscore stays as it is.
pub(super) fn cyrillic_text(text: &str) -> String {
    let mut read = String::with_capacity(text.len() * 2);
    for word in text.split_inclusive([' ', '\t', '\n', '\r', ';', ',', '"']) {
        if word.contains(|c: char| c.is_ascii_digit() || c == '_') {
            read.push_str(word);
        } else {
            read.extend(word.chars().map(cyrillic));
        }
    }
    read
}
