mod doubts;
mod mixtures;
mod sentences;
mod yuscii;

use domain::message;
use proptest::prelude::{prop_assert_eq, proptest};

use super::{Declared, Place, RawText, decide};
use crate::protocol::EncodingDecision;

/// Place names and words of mining in CP1250: Čačak, Kruševac, Žagubica, flotacijsko jalovište.
const CP1250: [&[u8]; 4] = [
    b"\xC8a\xE8ak",
    b"Kru\x9Aevac",
    b"\x8Eagubica",
    b"flotacijsko jalovi\x9Ate",
];
/// The same in CP852.
const CP852: [&[u8]; 4] = [
    b"\xACa\x9Fak",
    b"Kru\xE7evac",
    b"\xA6agubica",
    b"flotacijsko jalovi\xE7te",
];
/// The same in ISO 8859-2.
const ISO_8859_2: [&[u8]; 4] = [
    b"\xC8a\xE8ak",
    b"Kru\xB9evac",
    b"\xAEagubica",
    b"flotacijsko jalovi\xB9te",
];
/// Бор, Мајданпек, јаловиште in CP1251.
const CP1251: [&[u8]; 3] = [
    b"\xC1\xEE\xF0",
    b"\xCC\xE0\xBC\xE4\xE0\xED\xEF\xE5\xEA",
    b"\xBC\xE0\xEB\xEE\xE2\xE8\xF8\xF2\xE5",
];
/// Čačak, Kruševac in UTF-8.
const UTF_8: [&[u8]; 2] = [b"\xC4\x8Ca\xC4\x8Dak", b"Kru\xC5\xA1evac"];

/// What is known of a file that is Unicode.
fn of_file() -> EncodingDecision {
    EncodingDecision {
        name: "UTF-8".to_owned(),
        evidence: message!("по дефиницији UTF-8", "UTF-8 by definition"),
        samples: Vec::new(),
    }
}

fn decided(texts: &[&[u8]], named: Option<&str>, declared: Declared<'_>) -> EncodingDecision {
    decide(&raw(texts), named, declared).unwrap()
}

fn raw<'a>(texts: &[&'a [u8]]) -> Vec<RawText<'a>> {
    let rows = texts.iter().zip(1..);
    rows.map(|(bytes, row)| RawText {
        place: Place::Row(row),
        bytes,
        fills: false,
    })
    .collect()
}

fn cpg(content: &str) -> Declared<'_> {
    Declared {
        cpg: Some(content),
        ..Declared::default()
    }
}

fn language_byte(language_byte: u8) -> Declared<'static> {
    Declared {
        language_byte,
        ..Declared::default()
    }
}

#[test]
fn letters_decide_when_nothing_is_said() {
    let nothing = Declared::default();
    for (texts, name, sample) in [
        (CP1250.as_slice(), "CP1250", "Čačak"),
        (&CP852, "CP852", "Čačak"),
        (&ISO_8859_2, "ISO-8859-2", "Čačak"),
        (&CP1251, "CP1251", "Бор"),
        (&UTF_8, "UTF-8", "Čačak"),
    ] {
        let decision = decided(texts, None, nothing);
        assert_eq!(
            (decision.name.as_str(), decision.samples[0].as_str()),
            (name, sample)
        );
    }
}

/// In other encodings each of these signs is a letter; `\xA6abari` and `Petrovi\x86` are CP852.
#[test]
fn signs_apart_from_words_are_no_letters() {
    for (text, name) in [
        (b"Loznica \x96 istok".as_slice(), "CP1250"),
        (b"K+475\xB75", "CP1250"),
        (b"50 \x80", "CP1250"),
        (b"\xA7 5", "CP1250"),
        (b"\xA6abari", "CP852"),
        (b"Petrovi\x86", "CP852"),
    ] {
        let texts: [&[u8]; 3] = [b"Majdanpek", b"Veliki Krivelj", text];
        let decision = decided(&texts, None, Declared::default());
        assert_eq!(decision.name, name, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn one_word_is_enough() {
    for (text, name, sample) in [
        (b"Ma\x9Ava".as_slice(), "CP1250", "Mašva"),
        (b"Ma\xE8va", "CP1250", "Mačva"),
        (b"\xD0er\xF0ap", "CP1250", "Đerđap"),
        (b"Ma\x9Fva", "CP852", "Mačva"),
        (b"Ma\xB9va", "ISO-8859-2", "Mašva"),
        (b"\xC1\xEE\xF0", "CP1251", "Бор"),
    ] {
        let decision = decided(&[text], None, Declared::default());
        assert_eq!(
            (decision.name.as_str(), decision.samples[0].as_str()),
            (name, sample)
        );
    }
}

/// пепела in CP855 (Python's codec) is also valid UTF-8 for characters that no survey has.
#[test]
fn utf_8_that_is_valid_by_chance_is_doubted() {
    let decision = decided(&[b"\xD8\xA8\xD8\xA8\xD0\xA0"], None, Declared::default());
    assert_eq!(
        (decision.name.as_str(), decision.samples[0].as_str()),
        ("CP855", "пепела")
    );
    assert!(
        decision.evidence.en.contains("name UTF-8"),
        "{}",
        decision.evidence
    );
    for text in ["München", "Ωμέγα", "50 °C", "中国", "Łódź"] {
        let decision = decided(&[text.as_bytes()], None, Declared::default());
        assert_eq!(decision.name, "UTF-8", "{text}");
    }
}

#[test]
fn statements_of_the_file_are_believed_in_order() {
    let both = Declared {
        cpg: Some("CP852"),
        language_byte: 0xC8,
        heading: None,
    };
    for (texts, declared, name, evidence) in [
        (CP852.as_slice(), both, "CP852", "the .cpg file says CP852"),
        (
            &CP852,
            language_byte(0x64),
            "CP852",
            "the language byte 0x64 of the .dbf says CP852",
        ),
        (
            &CP1251,
            language_byte(0xC9),
            "CP1251",
            "the language byte 0xC9 of the .dbf says CP1251",
        ),
        (&UTF_8, cpg("UTF-8"), "UTF-8", "the .cpg file says UTF-8"),
    ] {
        let decision = decided(texts, None, declared);
        assert_eq!(
            (decision.name.as_str(), decision.evidence.en.as_str()),
            (name, evidence)
        );
    }
}

/// `\x9A` is š in CP1250 and љ in CP1251, which no Latin word has.
#[test]
fn a_statement_that_is_believed_against_one_letter_is_told() {
    let decision = decided(&[b"Kru\x9Aevac"], None, language_byte(0xC9));
    assert_eq!(decision.name, "CP1251");
    assert_eq!(
        decision.evidence.en,
        "the language byte 0xC9 of the .dbf says CP1251, but then it would read \"Kruљevac\", while as CP1250 \
         it reads \"Kruševac\"; there is little text, so the statement is believed; if the samples are \
         wrong, name CP1250"
    );
}

/// Names of columns tell the encoding when no value does, and do not when one does.
#[test]
fn names_of_columns_decide_where_no_value_does() {
    let name = |bytes| RawText {
        place: Place::Heading,
        bytes,
        fills: false,
    };
    let names = [name(b"OP\x8ATINA".as_slice()), name(b"\x8AIFRA")];
    let ascii = raw(&[b"Bor"]);
    let decision = decide(
        &[&names, ascii.as_slice()].concat(),
        None,
        Declared::default(),
    )
    .unwrap();
    assert_eq!(decision.name, "CP1250");
    assert_eq!(decision.samples, ["OPŠTINA", "ŠIFRA"]);
    let dos = raw(&CP852);
    let decision = decide(
        &[&names, dos.as_slice()].concat(),
        None,
        Declared::default(),
    )
    .unwrap();
    assert_eq!(decision.name, "CP852");
    let refused = decide(&names, Some("UTF-8"), Declared::default()).unwrap_err();
    assert!(
        refused.0.starts_with("the name of a column is not UTF-8"),
        "{refused:?}"
    );
}

#[test]
fn statements_that_cannot_be_true_are_named_and_passed_over() {
    for (declared, remark) in [
        (
            cpg("UTF-8"),
            "the .cpg file says UTF-8, but the text of row 1 is not",
        ),
        (
            language_byte(0x03),
            "the language byte 0x03 of the .dbf says CP1252, which",
        ),
        (
            language_byte(0x57),
            "the language byte 0x57 of the .dbf says CP1252, which",
        ),
        (
            cpg("ISO-8859-1"),
            "the .cpg file says ISO-8859-1, which programs also write",
        ),
        (
            cpg("437"),
            "the .cpg file says 437, which programs also write over",
        ),
        (
            cpg("SYSTEM"),
            "the .cpg file says SYSTEM, which is unknown here",
        ),
    ] {
        let decision = decided(&CP1250, None, declared);
        assert_eq!(decision.name, "CP1250");
        assert_eq!(decision.samples, ["Čačak", "Kruševac", "Žagubica"]);
        assert!(
            decision.evidence.en.starts_with(remark),
            "{}",
            decision.evidence
        );
        assert!(
            decision.evidence.en.contains("5 of 5 letters"),
            "{}",
            decision.evidence
        );
    }
}

#[test]
fn plain_ascii_needs_no_decision() {
    let decision = decided(&[], None, language_byte(0x57));
    assert_eq!(decision.samples, Vec::<String>::new());
    assert_eq!(decision.name, "CP1252");
    let decision = decided(&[], None, Declared::default());
    assert_eq!(decision.name, "UTF-8");
}

#[test]
fn the_user_has_the_first_word_and_is_told_when_it_is_wrong() {
    let decision = decided(&CP1250, Some("cp1252"), cpg("CP1250"));
    assert_eq!(
        (decision.name.as_str(), decision.samples[0].as_str()),
        ("CP1252", "Èaèak")
    );
    let texts = raw(&CP1250);
    let error = decide(&texts[1..], Some("UTF-8"), Declared::default()).unwrap_err();
    assert!(
        error.0.contains("the text of row 2 is not UTF-8"),
        "{error:?}"
    );
    let error = decide(&texts, Some("klingon"), Declared::default()).unwrap_err();
    assert!(
        error.0.contains("\"klingon\"") && error.0.contains("CP1250"),
        "{error:?}"
    );
}

#[test]
fn text_that_is_not_serbian_is_marked_as_doubtful() {
    let decision = decided(&[b"M\xFCnchen \xFCber \xF6"], None, Declared::default());
    assert!(
        decision.evidence.en.contains("that is few"),
        "{}",
        decision.evidence
    );
}

proptest! {
    #[test]
    fn any_serbian_words_in_utf_8_are_read_back(word in "[a-zčćžšđ]{0,8}[čćžšđ][а-шђјљњћџ]{1,5}") {
        let decision = decided(&[word.as_bytes()], None, Declared::default());
        prop_assert_eq!(decision.name.as_str(), "UTF-8");
        prop_assert_eq!(decision.samples, [word]);
    }
}
