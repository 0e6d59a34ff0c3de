//! What looks like a wrong encoding and is none, and what is one but is not believed at once.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};

use super::{CP852, CP1250, CP1251, UTF_8, cpg, decided, language_byte, of_file, raw};
use crate::worker::encoding::{Decided, Declared, Reading, decide_table, decide_unicode};

pub(super) fn unicode(texts: &[&str]) -> Decided {
    let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
    decide_unicode("survey", &texts, None, &of_file())
}

#[test]
fn letters_overrule_a_language_byte_that_makes_no_sense() {
    for (texts, declared, name, evidence) in [
        (
            CP1250.as_slice(),
            language_byte(0x64),
            "CP1250",
            "the language byte 0x64 of the .dbf says CP852, but then it would read",
        ),
        (
            &CP852,
            language_byte(0xC9),
            "CP852",
            "while as CP852 it reads \"Čačak\"; of CP1250",
        ),
        (
            &CP1251,
            language_byte(0x65),
            "CP1251",
            "says CP866, but then it would read",
        ),
        (
            &UTF_8,
            cpg("852"),
            "UTF-8",
            "while as UTF-8 it reads \"Čačak\"; all text is valid UTF-8",
        ),
        (
            &CP852,
            cpg("1250"),
            "CP1250",
            "while as CP852 it reads \"Čačak\"; the .cpg file is believed, so if the samples are \
             wrong, name CP852",
        ),
    ] {
        let decision = decided(texts, None, declared);
        assert_eq!(decision.name, name, "{}", decision.evidence);
        let en = &decision.evidence.en;
        assert!(en.contains(evidence), "{en}");
    }
}

#[test]
fn a_letter_that_is_not_serbian_does_not_refute_a_statement() {
    for (texts, declared, name) in [
        ([b"M\xFCnchen".as_slice()], language_byte(0xC8), "CP1250"),
        ([b"R\xE9sum\xE9"], cpg("1250"), "CP1250"),
        ([b"Ma\x9Ava"], language_byte(0xC8), "CP1250"),
        ([b"Ma\x9Ava"], language_byte(0x64), "CP852"),
    ] {
        assert_eq!(decided(&texts, None, declared).name, name);
    }
}

#[test]
fn western_text_and_signs_are_read_as_such() {
    for (text, read) in [
        (b"M\xFCnchen \xFCber \xF6".as_slice(), "München über ö"),
        (b"400 m\xB2", "400 m²"),
    ] {
        let decided = decide_table("survey", &raw(&[text]), None, Declared::default()).unwrap();
        assert_eq!(decided.decision.name, "CP1252");
        assert_eq!(decided.reading.bytes(text, false).unwrap(), read);
        let evidence = decided.decision.evidence.en;
        assert!(evidence.contains("name the encoding"), "{evidence}");
    }
}

#[test]
fn foreign_words_are_not_set_right() {
    for texts in [
        ["Molière", "Caffè più", "perché", "Čačak"].as_slice(),
        &["München", "Düsseldorf", "Köln", "Žabari"],
        &["Hódmezővásárhely", "Kővágószőlős", "Palić"],
        &["Đerdap", "Æthelred", "Kruševac", "Čačak"],
        &["Крушевац", "Çankırı"],
        &["Ђердап", "Сёстры", "подъезд"],
        &["Bor", "0°", "„Rudnik“ – jama 2", "400 m²"],
        &["© Geozavod", "Bor®", "Kraków", "Wałbrzych"],
        &["slope 35°", "5 × 3", "§ 5", "20 µg/l", "6 ÷ 2", "© RGZ"],
        &["Санкт-Петербург", "Объект", "Кузнецкий"],
    ] {
        let decided = unicode(texts);
        assert_eq!(decided.decision.name, "UTF-8", "{texts:?}");
        assert_eq!(decided.notes, [], "{texts:?}");
    }
}

#[test]
fn one_word_is_set_right_only_where_it_is_proof() {
    for (text, name, note) in [
        (
            "KruÅ¡evac",
            "UTF-8 (UTF-8 read as CP1252)",
            "is set right: KruÅ¡evac → Kruševac",
        ),
        (
            "Ä\u{8d}aÄ\u{8d}ak",
            "UTF-8 (UTF-8 read as CP1252)",
            "→ čačak",
        ),
        (
            "KruÃ…Â¡evac",
            "UTF-8 (UTF-8 read as CP1252)",
            "KruÃ…Â¡evac → Kruševac",
        ),
        ("Бор Р‘РѕСЂ", "UTF-8 (UTF-8 read as CP1251)", "Р‘РѕСЂ → Бор"),
        (
            "Èaèak",
            "UTF-8",
            "such as Èaèak → Čačak may have been misread",
        ),
        (
            "Kruçevac",
            "UTF-8",
            "name the encoding \"CP852 read as CP1250\"",
        ),
    ] {
        let decided = unicode(&[text]);
        assert_eq!(decided.decision.name, name, "{text}");
        assert!(decided.notes[0].en.contains(note), "{}", decided.notes[0]);
        assert!(decided.notes[0].sr.contains("слој „survey“"));
    }
}

/// The mistakes were made with Python: `text.encode("cp852").decode("cp437")` and so on; free places
/// as the control codes of ISO 8859-1.
#[test]
fn mistakes_of_related_encodings_are_set_right() {
    for (texts, name, right) in [
        (
            ["Kru\u{9a}evački", "\u{8e}abari", "Užički"],
            "UTF-8 (CP1250 read as ISO-8859-2)",
            ["Kruševački", "Žabari", "Užički"],
        ),
        (
            ["Kruąevac", "®agubica", "Uľice"],
            "UTF-8 (ISO-8859-2 read as CP1250)",
            ["Kruševac", "Žagubica", "Užice"],
        ),
        (
            ["¼aƒak", "Kruτevac", "Bor"],
            "UTF-8 (CP852 read as CP437)",
            ["Čačak", "Kruševac", "Bor"],
        ),
        (
            ["аНП", "йПХБЕ\u{a0}", "Bor"],
            "UTF-8 (CP1251 read as KOI8-R)",
            ["Бор", "Кривељ", "Bor"],
        ),
        (
            ["┴юЁ", "╩ЁштхЪ", "Bor"],
            "UTF-8 (CP1251 read as CP866)",
            ["Бор", "Кривељ", "Bor"],
        ),
        (
            ["г╓с", "╟с╖ыиР", "Bor"],
            "UTF-8 (CP855 read as CP866)",
            ["Бор", "Кривељ", "Bor"],
        ),
    ] {
        let decided = unicode(&texts);
        assert_eq!(decided.decision.name, name);
        assert_eq!(
            texts.map(|text| decided.reading.unicode(text).into_owned()),
            right
        );
    }
}

#[test]
fn words_that_were_right_all_the_time_stay() {
    let texts = [
        "Èaèak",
        "Æuprija",
        "Kruševac",
        "Kučevo",
        "Ðerdap",
        "nalazište",
    ];
    let decided = unicode(&texts);
    assert_eq!(decided.decision.name, "UTF-8 (CP1250 read as CP1252)");
    let read = texts.map(|text| decided.reading.unicode(text).into_owned());
    assert_eq!(
        read,
        [
            "Čačak",
            "Ćuprija",
            "Kruševac",
            "Kučevo",
            "Đerdap",
            "nalazište"
        ]
    );
}

#[test]
fn signs_with_a_reason_of_their_own_are_no_letters() {
    for texts in [
        ["rudnik@bor.rs", "info@rtb.rs", "a@b.rs"].as_slice(),
        &["C:\\foto\\bor.jpg", "D:\\gis\\krivelj.shp"],
        &["jama|kop", "kop|odlagaliste", "a|b"],
        &["[1]", "[napomena]", "{id}", "~5 m", "`Bor`"],
        &["x^2", "10^3", "a[0]", "f{1}", "~"],
        &["A|B", "KOP|JAMA", "1|2"],
        &[
            "Pond [old]",
            "Pond {old part}",
            "Bor [stara jama]",
            "a{b}",
            "f{id}",
        ],
        &[
            "C:\\dir",
            "\\\\server\\jama",
            "|",
            "@",
            "Bor | kop | jama",
            "Bor @ 5 m",
        ],
    ] {
        let decided = unicode(texts);
        assert_eq!(decided.decision.name, "UTF-8", "{texts:?}");
        assert_eq!(decided.notes, [], "{texts:?}");
    }
}

#[test]
fn a_reading_is_what_it_says() {
    for (name, written) in [
        ("windows-1250", "CP1250"),
        (
            "UTF-8 (CP1250 read as CP1252)",
            "UTF-8 (CP1250 read as CP1252)",
        ),
        ("cp852 read as windows-1250", "UTF-8 (CP852 read as CP1250)"),
        ("yuscii-cyr", "YUSCII-CYR"),
    ] {
        assert_eq!(name.parse::<Reading>().unwrap().to_string(), written);
    }
    for name in [
        "klingon",
        "CP1250 read as klingon",
        "x (CP1250 read as CP1252)",
    ] {
        assert!(name.parse::<Reading>().is_err(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever the bytes are, something is decided, and by its name the second reading of the file
    /// comes to the same text, or to the same byte that is none.
    #[test]
    fn any_bytes_are_decided(
        lines in vec(vec(any::<u8>(), 0..20), 0..6),
        cpg in option::of("(12|8)5[0-9]|UTF-8|[A-Z]{0,4}"),
        language_byte: u8,
    ) {
        let bytes: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
        let declared = Declared { cpg: cpg.as_deref(), language_byte, heading: None };
        let decided = decide_table("survey", &raw(&bytes), None, declared).unwrap();
        let again: Reading = decided.decision.name.parse().unwrap();
        for line in bytes {
            prop_assert_eq!(decided.reading.bytes(line, false), again.bytes(line, false));
        }
    }
}
