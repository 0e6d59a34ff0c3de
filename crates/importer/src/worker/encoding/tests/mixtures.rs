//! Tables of two encodings, and of one where some words look like another. The bytes are those of Python's
//! codecs.

use super::{CP852, CP1250, CP1251, UTF_8, raw};
use crate::worker::dbf::ColumnName;
use crate::worker::encoding::{Decided, Declared, Place, RawText, Reading, decide_table};

fn table(texts: &[RawText<'_>]) -> Decided {
    decide_table("survey", texts, None, Declared::default()).unwrap()
}

#[test]
fn rows_in_another_encoding_are_told() {
    for (texts, name, note) in [
        (
            [CP1250.as_slice(), &CP1250, &CP852[..2]].concat(),
            "CP1250",
            "the text of rows 9, 10 (2 of 10 values outside ASCII) seems to be CP852, not CP1250 like the \
             rest: „¬aźak“ → „Čačak“",
        ),
        (
            [CP852.as_slice(), &CP852, &CP1250[1..]].concat(),
            "CP852",
            "the text of rows 9, 10, 11 (3 of 11 values outside ASCII) seems to be CP1250, not CP852 like \
             the rest: „KruÜevac“ → „Kruševac“",
        ),
        (
            [CP1250.as_slice(), &CP1250, &UTF_8].concat(),
            "CP1250",
            "the text of rows 9, 10 (2 of 10 values outside ASCII) seems to be UTF-8, not CP1250",
        ),
        (
            [CP1250.as_slice(), &CP1250, &CP1251[..1]].concat(),
            "CP1250",
            "the text of row 9 (1 of 9 values outside ASCII) seems to be CP1251, not CP1250",
        ),
        (
            [CP1251.as_slice(), &CP1251, &CP1250[1..2]].concat(),
            "CP1251",
            "the text of row 7 (1 of 7 values outside ASCII) seems to be CP1250, not CP1251",
        ),
    ] {
        let decided = table(&raw(&texts));
        assert_eq!(decided.decision.name, name, "{}", decided.decision.evidence);
        let [said] = decided.notes.as_slice() else {
            panic!("{:?}", decided.notes);
        };
        assert!(said.en.contains(note), "{said}");
        assert!(said.sr.contains("слој „survey“: текст у ред"), "{said:?}");
    }
}

/// What the note proposes sets both parts right.
#[test]
fn each_word_is_read_in_the_encoding_in_which_it_is_serbian() {
    for other in [&CP852, &UTF_8] as [&[&[u8]]; 2] {
        let texts = [CP1250.as_slice(), &CP1250, &other[..2]].concat();
        let said = table(&raw(&texts)).notes.remove(0).en;
        let proposed = said.split('"').find(|part| part.ends_with(')')).unwrap();
        let reading: Reading = proposed.parse().unwrap();
        let read = texts.iter().map(|text| reading.bytes(text, false).unwrap());
        let read: Vec<_> = read.collect();
        let words = ["Čačak", "Kruševac", "Žagubica", "flotacijsko jalovište"];
        assert_eq!(
            read,
            [&words[..], &words, &words[..2]].concat(),
            "{proposed}"
        );
    }
}

#[test]
fn a_column_in_another_encoding_is_named() {
    let names = [b"NAZIV\0\0\0\0\0\0", b"OPERATER\0\0\0"].map(|name| ColumnName::of(*name));
    let mut texts = Vec::new();
    for (row, (windows, dos)) in CP1250.iter().zip(&CP852).enumerate() {
        for (column, bytes) in names.iter().zip([windows, dos]) {
            texts.push(RawText {
                place: Place::Cell(row as u64 + 1, *column),
                bytes,
                fills: false,
            });
        }
    }
    texts.truncate(7);
    let decided = table(&texts);
    assert_eq!(decided.decision.name, "CP1250");
    let said = &decided.notes[0];
    assert!(
        said.en
            .contains("the text of the column OPERATER (3 of 7 values"),
        "{said}"
    );
    assert!(said.sr.contains("текст у колони OPERATER"), "{said:?}");
}

/// `Pond;München;Čačak` and the like: names from abroad and odd capitals belong to the table.
#[test]
fn foreign_names_make_no_mixture() {
    for texts in [
        [
            b"M\xFCnchen".as_slice(),
            b"K\xF6ln;\xC8a\xE8ak",
            b"Kru\x9Aevac",
        ],
        [
            b"\xC8a\xE8ak",
            b"R\xE9sum\xE9 \x9Ee\x9A\xE6i",
            b"Orfalea \x96 C\xF4te",
        ],
        [
            b"K\xF5v\xE1g\xF3",
            b"Kru\x9Aevac",
            b"P\xE9cs, H\xF3dmez\xF5v\xE1s\xE1rhely",
        ],
        // nagib 34° and 20°, 5 × 3, § 5, © RGZ.
        [
            b"nagib 34\xB0;\x8Auplja",
            b"nagib 20\xB0;5 \xD7 3",
            b"\xA7 5;\xA9 RGZ",
        ],
        // Кривељ, дренажа, and пХ for the measure of acids, in CP1251.
        [
            b"\xCA\xF0\xE8\xE2\xE5\x9A",
            b"\xE4\xF0\xE5\xED\xE0\xE6\xE0",
            b"\xEF\xD5 4,5",
        ],
    ] {
        assert_eq!(table(&raw(&texts)).notes, [], "{texts:?}");
    }
}
