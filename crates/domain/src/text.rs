//! Serbian text: from Cyrillic to Latin script, and the keys under which names are found.
//!
//! There is no way back from Latin to Cyrillic: `nj` is one letter in *konj* and two in
//! *injekcija*, so only the recorded form is kept and the Latin one follows from it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The Serbian Latin form of a text: each Cyrillic letter becomes its Latin counterpart, and the
/// single code points of the letters dž, lj and nj (U+01C4 to U+01CC) become two letters.
/// Everything else stays.
///
/// Љ, Њ and Џ give `LJ`, `NJ`, `DŽ` within capitals (ЉУБОВИЈА), else `Lj`, `Nj`, `Dž` (Љубовија).
pub fn to_latin(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    let mut before = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let in_capitals =
            matches!(letter, 'Љ' | 'Њ' | 'Џ') && among_capitals(before, letters.peek().copied());
        match digraph(letter, in_capitals).or_else(|| single(letter)) {
            Some(replacement) => latin.push_str(replacement),
            None => latin.push(letter),
        }
        before = Some(letter);
    }
    latin
}

/// Whether a capital stands in a word of capitals: the letter after it tells, or at the end of a
/// word the letter before it.
fn among_capitals(before: Option<char>, after: Option<char>) -> bool {
    let letter = |neighbour: Option<char>| neighbour.filter(|one| one.is_alphabetic());
    letter(after)
        .or(letter(before))
        .is_some_and(char::is_uppercase)
}

fn digraph(letter: char, in_capitals: bool) -> Option<&'static str> {
    Some(match letter {
        'Љ' if in_capitals => "LJ",
        'Њ' if in_capitals => "NJ",
        'Џ' if in_capitals => "DŽ",
        'Љ' | '\u{1C8}' => "Lj",
        'Њ' | '\u{1CB}' => "Nj",
        'Џ' | '\u{1C5}' => "Dž",
        'љ' | '\u{1C9}' => "lj",
        'њ' | '\u{1CC}' => "nj",
        'џ' | '\u{1C6}' => "dž",
        '\u{1C7}' => "LJ",
        '\u{1CA}' => "NJ",
        '\u{1C4}' => "DŽ",
        _ => return None,
    })
}

/// The letters of the Serbian alphabet that have one Latin letter, capitals and small ones.
#[rustfmt::skip]
const LETTERS: &[(char, &str)] = &[
    ('А', "A"), ('Б', "B"), ('В', "V"), ('Г', "G"), ('Д', "D"), ('Ђ', "Đ"), ('Е', "E"),
    ('Ж', "Ž"), ('З', "Z"), ('И', "I"), ('Ј', "J"), ('К', "K"), ('Л', "L"), ('М', "M"),
    ('Н', "N"), ('О', "O"), ('П', "P"), ('Р', "R"), ('С', "S"), ('Т', "T"), ('Ћ', "Ć"),
    ('У', "U"), ('Ф', "F"), ('Х', "H"), ('Ц', "C"), ('Ч', "Č"), ('Ш', "Š"),
    ('а', "a"), ('б', "b"), ('в', "v"), ('г', "g"), ('д', "d"), ('ђ', "đ"), ('е', "e"),
    ('ж', "ž"), ('з', "z"), ('и', "i"), ('ј', "j"), ('к', "k"), ('л', "l"), ('м', "m"),
    ('н', "n"), ('о', "o"), ('п', "p"), ('р', "r"), ('с', "s"), ('т', "t"), ('ћ', "ć"),
    ('у', "u"), ('ф', "f"), ('х', "h"), ('ц', "c"), ('ч', "č"), ('ш', "š"),
];

fn single(letter: char) -> Option<&'static str> {
    LETTERS
        .iter()
        .find(|(cyrillic, _)| *cyrillic == letter)
        .map(|(_, latin)| *latin)
}

/// Whether a text has any letter of the Cyrillic block (U+0400 to U+04FF).
pub fn is_cyrillic(text: &str) -> bool {
    text.chars()
        .any(|letter| ('\u{400}'..='\u{4FF}').contains(&letter))
}

/// The key under which a name is compared and searched: Latin, lower case, without diacritics,
/// `đ` as `dj`, and whatever is neither letter nor digit as one blank between words.
///
/// `Ђердап`, `Đerdap` and `DJERDAP` have the same key, `djerdap`.
pub fn fold(text: &str) -> String {
    fold_with(text, "dj")
}

/// The keys under which a name may have been written: [`fold`], and where the name has a `đ` also
/// the spelling with a bare `d`, as files in ASCII often carry it.
pub fn fold_variants(text: &str) -> Vec<String> {
    let mut variants = vec![fold(text), fold_with(text, "d")];
    variants.dedup();
    variants
}

/// Whether two texts are one name, but for script, marks, case and punctuation; a bare `d` may stand for `đ`.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let keys = fold_variants(other);
    fold_variants(one).iter().any(|key| keys.contains(key))
}

/// Whether a text spells the same words as another one, but with less: without the marks on letters, else in
/// Latin script where the other is in Cyrillic, else all in capitals or all in small letters.
///
/// `Zitkovac`, `Žitkovac` and `ЖИТКОВАЦ` are poorer than `Житковац`.
pub fn is_poorer_spelling(text: &str, other: &str) -> bool {
    wealth(text) < wealth(other) && is_same_name(text, other)
}

/// What a spelling tells beyond its key, what weighs most first: letters with marks in its Latin form, its
/// script, where capitals are.
fn wealth(text: &str) -> (usize, bool, bool) {
    let composed: String = text.nfc().collect();
    let latin = to_latin(&composed);
    let is_marked = |letter: &char| letter.is_alphabetic() && !letter.is_ascii();
    let marked = latin.chars().filter(is_marked).count();
    let has = |is: fn(char) -> bool| composed.chars().any(is);
    let is_mixed = has(char::is_uppercase) && has(char::is_lowercase);
    (marked, is_cyrillic(&composed), is_mixed)
}

fn fold_with(text: &str, d_with_stroke: &str) -> String {
    // Marks go first, so that ѐ is known as е, and again afterwards from the letters č, ć, š, ž.
    let plain = without_marks(&to_latin(&without_marks(text))).to_lowercase();
    let spelled = plain.replace('đ', d_with_stroke);
    let words: Vec<&str> = spelled
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// How far texts are made alike before they are compared (CQL2 `CASEI` and `ACCENTI`). Names in
/// Serbian Cyrillic and Latin are alike in either. The database has the same two functions.
///
/// Punctuation stays, unlike in [`fold`]: patterns are folded too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folding {
    /// Case and script: `ЖАГУБИЦА` and `Žagubica` are `žagubica`.
    Case,
    /// Accents too, `đ` as `dj`: `Жагубица` is `zagubica`.
    Accents,
}

impl Folding {
    /// The form in which texts are compared.
    pub fn fold(self, text: &str) -> String {
        // To capitals and back, as Unicode's case folding does: ß is ss, and ς is σ.
        let small = |text: &str| text.to_uppercase().to_lowercase();
        match self {
            Self::Case => {
                let composed: String = text.nfc().collect();
                small_to_latin(&small(&composed), "ž", "č", "ć", "š", "đ")
            }
            Self::Accents => {
                let plain: String = small(text)
                    .nfkd()
                    .filter(|letter| !('\u{300}'..='\u{36F}').contains(letter))
                    .collect();
                small_to_latin(&plain, "z", "c", "c", "s", "dj").replace('đ', "dj")
            }
        }
    }
}

/// The Latin form of small letters, with these letters for ж, ч, ћ, ш, ђ.
fn small_to_latin(text: &str, zh: &str, ch: &str, tj: &str, sh: &str, dj: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'ж' => latin.push_str(zh),
            'ч' => latin.push_str(ch),
            'ћ' => latin.push_str(tj),
            'ш' => latin.push_str(sh),
            'ђ' => latin.push_str(dj),
            'џ' => latin.extend(["d", zh]),
            _ => match digraph(letter, false).or_else(|| single(letter)) {
                Some(replacement) => latin.push_str(replacement),
                None => latin.push(letter),
            },
        }
    }
    latin
}

fn without_marks(text: &str) -> String {
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cyrillic_becomes_latin() {
        for (cyrillic, latin) in [
            (
                "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ",
                "ABVGDĐEŽZIJKLLJMNNJOPRSTĆUFHCČDŽŠ",
            ),
            (
                "абвгдђежзијклљмнњопрстћуфхцчџш",
                "abvgdđežzijklljmnnjoprstćufhcčdžš",
            ),
            ("Љубовија", "Ljubovija"),
            ("ЉУБОВИЈА", "LJUBOVIJA"),
            ("ПОЉЕ 2", "POLJE 2"),
            ("ЗЕМЉ. КЊ.", "ZEMLJ. KNJ."),
            ("Џ", "Dž"),
            ("Њ 7", "Nj 7"),
            ("А Љ", "A Lj"),
            ("инјекција", "injekcija"),
            (
                "Велики Кривељ – Поље 1 (RTH)",
                "Veliki Krivelj – Polje 1 (RTH)",
            ),
            ("\u{1C4}ep \u{1C5}ep \u{1C6}ep", "DŽep Džep džep"),
            (
                "\u{1C7} \u{1C8} \u{1C9} \u{1CA} \u{1CB} \u{1CC}",
                "LJ Lj lj NJ Nj nj",
            ),
            ("Щ й, čćđšž ²", "Щ й, čćđšž ²"),
        ] {
            assert_eq!(to_latin(cyrillic), latin, "{cyrillic}");
        }
    }

    #[test]
    fn names_fold_to_one_key() {
        for (text, key) in [
            ("Ђердап", "djerdap"),
            ("ĐERDAP", "djerdap"),
            ("Djerdap", "djerdap"),
            ("  Датум__снимања: ", "datum snimanja"),
            ("Површина (m²)", "povrsina m2"),
            ("C\u{30C}a\u{30C}c\u{30C}ak", "cacak"),
            ("ЏЕП / \u{1C6}ep", "dzep dzep"),
            ("сѐло", "selo"),
            ("GOD_POC", "god poc"),
            (" – ", ""),
        ] {
            assert_eq!(fold(text), key, "{text}");
        }
    }

    #[test]
    fn texts_are_compared_without_case_script_or_accents() {
        for (text, small, plain) in [
            ("ЖАГУБИЦА", "žagubica", "zagubica"),
            ("Žagubica", "žagubica", "zagubica"),
            ("Z\u{30C}agubica", "žagubica", "zagubica"),
            ("Ђердап", "đerdap", "djerdap"),
            ("ЉИГ, Њ и Џеп", "ljig, nj i džep", "ljig, nj i dzep"),
            ("\u{1C4}ep", "džep", "dzep"),
            ("Straße ΟΔΟΣ", "strasse οδος", "strasse οδος"),
            ("Débárquér", "débárquér", "debarquer"),
            ("50\\%_-(1)", "50\\%_-(1)", "50\\%_-(1)"),
            ("Сѐло Й", "sѐlo й", "selo i"),
        ] {
            assert_eq!(Folding::Case.fold(text), small, "{text}");
            assert_eq!(Folding::Accents.fold(text), plain, "{text}");
        }
    }

    #[test]
    fn a_name_with_d_stroke_has_two_keys() {
        assert_eq!(
            fold_variants("Аранђеловац"),
            ["arandjelovac", "arandelovac"]
        );
        assert_eq!(fold_variants("Inđija"), ["indjija", "indija"]);
        assert_eq!(fold_variants("Bor"), ["bor"]);
    }

    #[test]
    fn a_spelling_that_tells_less_is_known() {
        let best = "Ђурђево Поље";
        for poorer in [
            "Đurđevo Polje",
            "Djurdjevo Polje",
            "Durdevo polje",
            "ЂУРЂЕВО ПОЉЕ",
            "DJURDJEVO POLJE",
        ] {
            assert!(is_poorer_spelling(poorer, best), "{poorer}");
            assert!(!is_poorer_spelling(best, poorer), "{poorer}");
        }
        for (text, other) in [
            ("Žitkovac", "Zitkovac"),
            ("Zitkovac", "Zitkovac"),
            ("Zitkovac 2", "Žitkovac"),
            ("Krusevac pond", "Žitkovac"),
            ("Бор", "Bor"),
        ] {
            assert!(!is_poorer_spelling(text, other), "{text} {other}");
        }
    }

    #[test]
    fn cyrillic_is_seen_among_latin() {
        for (text, cyrillic) in [
            ("Бор", true),
            ("Bor – Поље", true),
            ("Čačak 2", false),
            ("", false),
        ] {
            assert_eq!(is_cyrillic(text), cyrillic, "{text}");
        }
    }

    proptest! {
        #[test]
        fn latin_stays_latin(text in "[ -~À-ʯА-ш\u{300}-\u{310}]*") {
            let latin = to_latin(&text);
            prop_assert_eq!(to_latin(&latin), latin);
        }

        #[test]
        fn serbian_leaves_no_cyrillic(text in "[АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШабвгдђежзијклљмнњопрстћуфхцчџш0-9 ]*") {
            let latin = to_latin(&text);
            prop_assert!(!is_cyrillic(&latin));
            prop_assert_eq!(fold(&latin), fold(&text));
        }

        #[test]
        fn a_key_is_its_own_key(text in "[ -~À-ʯЀ-ӿ\u{300}-\u{310}]*|\\PC*") {
            let key = fold(&text);
            prop_assert_eq!(fold(&key), key);
        }
    }
}
