//! Random Serbian text in every encoding comes out as it went in.

use std::collections::HashMap;

use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;

use super::{of_file, raw};
use crate::worker::charset::Charset;
use crate::worker::encoding::reading::Misreading;
use crate::worker::encoding::{Declared, decide_table, decide_unicode};

/// Places with mines and words of mining, in Cyrillic; Latin follows.
const WORDS: [&str; 48] = [
    "Бор",
    "Мајданпек",
    "Велики",
    "Кривељ",
    "Жагубица",
    "Крушевац",
    "Чачак",
    "Ђердап",
    "Ћуприја",
    "Љубовија",
    "Лозница",
    "Крупањ",
    "Косовска",
    "Митровица",
    "Звечан",
    "Трепча",
    "Рудник",
    "Горњи",
    "Милановац",
    "Лајковац",
    "Лазаревац",
    "Обреновац",
    "Ужице",
    "Пожега",
    "Бољевац",
    "Зајечар",
    "Књажевац",
    "Сурдулица",
    "Босилеград",
    "Алексинац",
    "Ресавица",
    "Вршка",
    "Чука",
    "јаловиште",
    "флотацијско",
    "одлагалиште",
    "раскривке",
    "пепео",
    "шљака",
    "рудник",
    "бакра",
    "угља",
    "земљиште",
    "отпад",
    "површински",
    "коп",
    "насип",
    "ђубриште",
];

const LATIN: &[Charset] = &[
    Charset::Utf8,
    Charset::Cp1250,
    Charset::Cp852,
    Charset::Iso8859_2,
];
const CYRILLIC: &[Charset] = &[
    Charset::Utf8,
    Charset::Cp1251,
    Charset::Cp855,
    Charset::Iso8859_5,
    Charset::MacCyrillic,
];

/// Lines of one to five words; at least so many that letters can be counted.
fn sentences(words: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let line = proptest::collection::vec(select(words), 1..=5).prop_map(|line| line.join(" "));
    proptest::collection::vec(line, 12..30)
}

fn cyrillic() -> impl Strategy<Value = Vec<String>> {
    sentences(&WORDS)
}

fn latin() -> impl Strategy<Value = Vec<String>> {
    let to_latin = |lines: Vec<String>| {
        let lines = lines.iter().map(|line| domain::text::to_latin(line));
        lines.collect::<Vec<_>>()
    };
    let telling = |lines: &Vec<String>| lines.iter().filter(|line| !line.is_ascii()).count() >= 5;
    cyrillic()
        .prop_map(to_latin)
        .prop_filter("some letters outside ASCII", telling)
}

/// The bytes of a text. Every table was compared with published ones (see the tests of charsets).
fn encoded(text: &str, charset: Charset) -> Vec<u8> {
    match charset.upper_half() {
        None => text.as_bytes().to_vec(),
        Some(half) => {
            let bytes: HashMap<char, u8> = half.into_iter().zip(0x80..=0xFF).collect();
            let byte = |c: char| {
                u8::try_from(c)
                    .ok()
                    .filter(u8::is_ascii)
                    .or(bytes.get(&c).copied())
            };
            text.chars().map(|c| byte(c).unwrap()).collect()
        }
    }
}

/// Decides and decodes.
fn read_back(lines: &[String], charset: Charset) -> (String, Vec<String>) {
    let lines: Vec<Vec<u8>> = lines.iter().map(|line| encoded(line, charset)).collect();
    let bytes: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
    let decided = decide_table("survey", &raw(&bytes), None, Declared::default()).unwrap();
    assert_eq!(decided.notes, [], "{lines:?}");
    let read = bytes
        .iter()
        .map(|line| decided.reading.bytes(line, false).unwrap().into_owned());
    (decided.decision.name, read.collect())
}

fn all_mistaken(lines: &[String], misreading: Misreading) -> Vec<String> {
    let lines = lines.iter().map(|line| mistaken(line, misreading));
    lines.collect()
}

/// The text as a program shows it that reads it wrongly.
fn mistaken(text: &str, misreading: Misreading) -> String {
    let half = misreading.read_as.upper_half().unwrap();
    let character = |byte: u8| match byte.checked_sub(0x80) {
        Some(place) => half[usize::from(place)],
        None => char::from(byte),
    };
    let bytes = encoded(text, misreading.was);
    bytes.into_iter().map(character).collect()
}

/// Decides and reads text that comes as Unicode.
fn read_unicode(lines: &[String]) -> (String, Vec<String>) {
    let decided = decide_unicode("survey", lines, None, &of_file());
    let read = lines
        .iter()
        .map(|line| decided.reading.unicode(line).into_owned());
    (decided.decision.name, read.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn latin_text_is_read_back(lines in latin(), charset in select(LATIN)) {
        let (name, read) = read_back(&lines, charset);
        // Serbian letters but š and ž are the same in CP1250 and ISO 8859-2.
        prop_assert!(name == charset.to_string() || !read.concat().contains(['š', 'ž', 'Š', 'Ž']), "{}", name);
        prop_assert_eq!(read, lines);
    }

    #[test]
    fn cyrillic_text_is_read_back(lines in cyrillic(), charset in select(CYRILLIC)) {
        let (name, read) = read_back(&lines, charset);
        prop_assert_eq!(name, charset.to_string());
        prop_assert_eq!(read, lines);
    }

    #[test]
    fn misread_latin_text_is_set_right(lines in latin(), (was, read_as) in select(&[
        (Charset::Utf8, Charset::Cp1252), (Charset::Utf8, Charset::Cp1250),
        (Charset::Cp852, Charset::Cp1250), (Charset::Cp852, Charset::Cp437),
    ][..])) {
        let misreading = Misreading { was, read_as };
        let wrong = all_mistaken(&lines, misreading);
        let (name, read) = read_unicode(&wrong);
        prop_assert_eq!(name, format!("UTF-8 ({misreading})"));
        prop_assert_eq!(read, lines);
    }

    #[test]
    fn misread_cyrillic_text_is_set_right(lines in cyrillic(), (was, read_as) in select(&[
        (Charset::Utf8, Charset::Cp1252), (Charset::Utf8, Charset::Cp1251),
        (Charset::Cp1251, Charset::Cp1252), (Charset::Cp1251, Charset::Cp1250),
        (Charset::Cp855, Charset::Cp1252), (Charset::Cp855, Charset::Cp866),
        (Charset::Cp1251, Charset::Cp866), (Charset::Cp1251, Charset::Koi8R),
    ][..])) {
        let misreading = Misreading { was, read_as };
        let wrong = all_mistaken(&lines, misreading);
        let (_, read) = read_unicode(&wrong);
        prop_assert_eq!(read, lines);
    }

    /// Where š and ž prevail, which CP1252 has, too, the few other letters are not proof.
    #[test]
    fn doubtful_text_is_set_right_or_left_alone(lines in latin()) {
        let misreading = Misreading { was: Charset::Cp1250, read_as: Charset::Cp1252 };
        let wrong = all_mistaken(&lines, misreading);
        let (name, read) = read_unicode(&wrong);
        if name == "UTF-8" {
            prop_assert_eq!(read, wrong);
        } else {
            prop_assert_eq!(name, "UTF-8 (CP1250 read as CP1252)");
            prop_assert_eq!(read, lines);
        }
    }

    #[test]
    fn right_text_is_left_alone(latin in latin(), cyrillic in cyrillic()) {
        for lines in [&latin, &cyrillic] {
            let (name, read) = read_unicode(lines);
            prop_assert_eq!(name, "UTF-8");
            prop_assert_eq!(&read, lines);
        }
    }
}

/// Of more than six hundred, those that only more text could tell: in CP1251 and on the Macintosh
/// small letters are alike, and М is Њ there, Р is ђ. Then both readings are shown.
#[test]
fn nearly_every_word_alone_is_read_back() {
    let mut wrong = Vec::new();
    for cyrillic in WORDS {
        let latin = domain::text::to_latin(cyrillic);
        for (word, charsets) in [(cyrillic, CYRILLIC), (latin.as_str(), LATIN)] {
            for word in [word.to_owned(), word.to_uppercase()] {
                let mistaken = charsets.iter().filter(|charset| {
                    read_back(std::slice::from_ref(&word), **charset).1 != [word.as_str()]
                });
                wrong.extend(mistaken.map(|charset| (word.clone(), *charset)));
            }
        }
    }
    let mac = |word: &str| (word.to_owned(), Charset::MacCyrillic);
    assert_eq!(wrong, ["Митровица", "Рудник", "Милановац"].map(mac));
    for (word, charset) in wrong {
        let bytes = encoded(&word, charset);
        let decided = decide_table("survey", &raw(&[&bytes]), None, Declared::default()).unwrap();
        let evidence = decided.decision.evidence.en;
        let doubt = "but there is little text: as CP1251 it reads";
        assert!(evidence.contains(doubt), "{evidence}");
        assert!(
            evidence.contains(&format!("as x-mac-cyrillic \"{word}\"")),
            "{evidence}"
        );
    }
}
