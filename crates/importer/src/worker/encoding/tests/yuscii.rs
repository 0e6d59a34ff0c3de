//! Text of YUSCII in both scripts, and plain ASCII that is none. The letters are those of JUS I.B1.002 and
//! JUS I.B1.003 as the ISO register (141, 146) has them, put in by hand.

use super::doubts::unicode;
use super::raw;
use crate::worker::encoding::{Declared, decide_table, may_be_yuscii};

#[test]
fn it_takes_several_words_to_believe() {
    for (texts, name) in [
        (
            ["Kru{evac", "^a~ak", "nalazi{te ru|a", "Po`ega"].as_slice(),
            "YUSCII",
        ),
        (&["KRU[EVAC", "VO@D", "RI\\I"], "YUSCII"),
        (
            &["Jankovi}", "]uprija", "\\erdap", "[abac", "Krivelj"],
            "YUSCII",
        ),
        (
            &["poqoprivrednog zemqi{ta", "obra|uje razli~ite", "okru`ewe"],
            "YUSCII-CYR",
        ),
        (&["Kru{evac"], "UTF-8"),
        (&["Kru{evac", "Ni{", "jalovi{te"], "UTF-8"),
        // Non-ASCII letters beside the signs: the signs are no encoding of the whole.
        (&["Kru{evac", "^a~ak", "nalazi{te", "Čačak"], "UTF-8"),
    ] {
        let decided = unicode(texts);
        assert_eq!(decided.decision.name, name, "{texts:?}");
        assert_eq!(decided.notes.len(), 1, "{texts:?}");
    }
}

#[test]
fn a_letter_at_the_edge_of_a_word_is_told() {
    for (text, note) in [
        ("Jankovi}", "Jankovi} → Janković"),
        ("JANKOVI]", "JANKOVI] → JANKOVIĆ"),
        ("]uprija", "]uprija → Ćuprija"),
        ("\\erdap", "\\erdap → Đerdap"),
        ("[abac", "[abac → Šabac"),
        ("@agubica", "@agubica → Žagubica"),
        ("~okot", "~okot → čokot"),
        ("Vrti{te", "Vrti{te → Vrtište"),
        ("Vo`d Kara|or|e", "Vo`d → Vožd"),
        ("Aran|elovac", "Aran|elovac → Aranđelovac"),
        ("Rudnik Ra{i}", "Ra{i} → Rašić"),
        ("[trbac, Jankovi}.", "[trbac → Štrbac"),
    ] {
        let decided = unicode(&["Bor", text]);
        assert_eq!(decided.decision.name, "UTF-8", "{text}");
        assert!(decided.notes[0].en.contains(note), "{}", decided.notes[0]);
        assert!(decided.notes[0].en.contains("name the encoding YUSCII"));
    }
}

#[test]
fn where_no_letter_tells_the_script_both_are_shown() {
    let one = unicode(&["Kru{evac", "Bor"]);
    let several = unicode(&["Kru{evac", "^a~ak", "nalazi{te ru|a", "Po`ega"]);
    for (decided, name) in [(one, "UTF-8"), (several, "YUSCII")] {
        assert_eq!(decided.decision.name, name);
        let note = &decided.notes[0].en;
        assert!(note.contains("Kru{evac → Kruševac"), "{note}");
        assert!(
            note.contains("if it is Cyrillic (Kru{evac → Крушевац), name YUSCII-CYR"),
            "{note}"
        );
    }
    let latin = unicode(&["Kru{evac", "^a~ak", "nalazi{te ru|a", "Krivelj"]);
    assert!(
        !latin.notes[0].en.contains("Cyrillic"),
        "{}",
        latin.notes[0]
    );
}

/// Names as they come without a word that has a sign.
#[test]
fn cyrillic_without_signs_is_read_or_told() {
    for (texts, name, note) in [
        (
            ["Kriveq", "Bor", "Boqevac", "Qubovija", "Krupaw"].as_slice(),
            "YUSCII-CYR",
            "Kriveq → Кривељ",
        ),
        (
            &["Jalovi{te Kriveq", "Bor", "Boqevac", "Qubovija"],
            "YUSCII-CYR",
            "Jalovi{te → Јаловиште",
        ),
        (&["Kriveq", "Bor"], "UTF-8", "Kriveq → Кривељ"),
        (&["KRIVEQ", "BOR"], "UTF-8", "KRIVEQ → КРИВЕЉ"),
        (&["Gorwi Milanovac", "Bor"], "UTF-8", "Gorwi → Горњи"),
        (&["Dowa Bela Reka"], "UTF-8", "Dowa → Доња"),
        (
            &["Bor", "Majdanpek", "DOWI MILANOVAC"],
            "UTF-8",
            "DOWI → ДОЊИ",
        ),
        (&["Qig"], "UTF-8", "Qig → Љиг"),
        // One column of several, among words that are none.
        (
            &[
                "Kriveq",
                "Boqevac",
                "zemqa",
                "Bor",
                "copper; yes",
                "low; water",
            ],
            "UTF-8",
            "Kriveq → Кривељ",
        ),
    ] {
        let decided = unicode(texts);
        assert_eq!(decided.decision.name, name, "{texts:?} {:?}", decided.notes);
        assert!(decided.notes[0].en.contains(note), "{}", decided.notes[0]);
        assert!(decided.notes[0].sr.contains(note), "{}", decided.notes[0]);
    }
    let told = unicode(&["Kriveq", "Bor"]);
    assert_eq!(
        told.notes[0].en,
        "layer \"survey\": words such as Kriveq → Кривељ may be Cyrillic YUSCII, in which q, w and x stand \
         for љ, њ and џ; they are left as they are. If the text is Cyrillic, name the encoding YUSCII-CYR"
    );
    let texts = ["Kriveq", "Bor"].map(str::as_bytes);
    let named = decide_table(
        "survey",
        &raw(&texts),
        Some("YUSCII-CYR"),
        Declared::default(),
    );
    assert_eq!(
        named.unwrap().reading.bytes(texts[0], false).unwrap(),
        "Кривељ"
    );
}

#[test]
fn plain_latin_with_words_from_abroad_is_no_cyrillic() {
    for texts in [
        ["Bor", "Majdanpek", "Bowex"].as_slice(),
        &["Veliki Krivelj", "Wolfram", "x", "y"],
        &["Wolfram", "x", "y", "X", "W"],
        &["Holcim", "Wienerberger", "West", "Box", "Index"],
        &["Krivelj", "Donja Bela Reka", "Ljubovija", "Darwin", "Qatar"],
        &[
            "Slag dump with water",
            "New pond",
            "Quarry waste",
            "Low grade ore",
        ],
        &[
            "RS-70327-901",
            "tailings_pond",
            "kW",
            "W-12",
            "Q3",
            "WGS 84",
            "DWG",
        ],
        &["www.zijin.com", "https://bor.rs/kwa", "rudnik@bor.rs"],
        &["Max Bogl", "taxi", "web"],
    ] {
        let decided = unicode(texts);
        assert_eq!(decided.decision.name, "UTF-8", "{texts:?}");
        assert_eq!(decided.notes, [], "{texts:?}");
    }
}

#[test]
fn values_that_tell_something_are_looked_at() {
    for (text, tells) in [
        ("Kru{evac", true),
        ("Kriveq", true),
        ("KRIVELJ", true),
        ("Nova Varos", false),
        ("[1]", false),
        ("RS-70327-901", false),
    ] {
        assert_eq!(may_be_yuscii(text.as_bytes()), tells, "{text}");
    }
}
/// The letters of JUS I.B1.003 and what stands for them.
const CYRILLIC: (&str, &str) = (
    "ЖАБЦДЕФГХИЈКЛМНОПЉРСТУВЊЏЗШЂЋЧжабцдефгхијклмнопљрстувњџзшђћч",
    "@ABCDEFGHIJKLMNOPQRSTUVWXZ[\\]^`abcdefghijklmnopqrstuvwxz{|}~",
);
/// Serbian Latin without its marks, as people write it.
const WITHOUT_MARKS: (&str, &str) = ("ŠšĐđČčĆćŽž", "SsDdCcCcZz");

fn with((letters, others): (&str, &str), text: &str) -> String {
    let other = |c: char| {
        letters
            .chars()
            .zip(others.chars())
            .find(|(one, _)| *one == c)
    };
    text.chars()
        .map(|c| other(c).map_or(c, |(_, other)| other))
        .collect()
}

/// The municipalities of Serbia, each as a table of its own: the few that alone tell nothing have an
/// џ or letters in a row that are rare, and none is taken for Cyrillic that is Latin.
#[test]
fn nearly_every_name_of_a_municipality_alone_is_told() {
    let table = include_str!("../../../../../../data/municipalities.csv");
    let mut silent = Vec::new();
    for line in table.lines().skip(1) {
        let mut values = line.split(',').skip(1);
        let (cyrillic, latin) = (values.next().unwrap(), values.next().unwrap());
        let yuscii = with(CYRILLIC, cyrillic);
        let is_ambiguous = yuscii
            .chars()
            .all(|c| c.is_ascii_alphabetic() || " -".contains(c))
            && !yuscii.contains(['q', 'w', 'x', 'Q', 'W', 'X']);
        if !is_ambiguous && unicode(&[&yuscii]).notes.is_empty() {
            silent.push(cyrillic);
        }
        let plain = with(WITHOUT_MARKS, latin);
        assert_eq!(unicode(&[&plain]).notes, [], "{plain}");
    }
    assert_eq!(silent, ["Гаџин Хан", "Мали Иђош", "Нова Црња", "Оџаци"]);
}
