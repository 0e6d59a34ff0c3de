//! A second look at decoded text: words that were misread before they were saved.

use std::borrow::Cow;

use domain::lang::Message;
use domain::message;

use super::misread::{self, Pair};
use super::reading::{Reading, Repair};
use super::yuscii::{self, Witness};
use super::{Decided, decided, joined};
use crate::worker::charset::Charset;

/// How many words are shown before and after.
const MAX_EXAMPLES: usize = 3;

/// The decision for text in `charset`, with what a second look at it finds. `texts` are the values
/// that may have letters outside ASCII, as read.
pub(super) fn look_closer(
    layer: &str,
    charset: Charset,
    evidence: Message,
    texts: &[Cow<'_, str>],
) -> Decided {
    let found =
        misread_words(layer, charset, texts).or_else(|| yuscii_words(layer, charset, texts));
    let Some(found) = found else {
        return decided(Reading::plain(charset), evidence, texts);
    };
    let reading = found.reading.unwrap_or(Reading::plain(charset));
    let mut decided = decided(reading, joined(vec![evidence, found.evidence]), texts);
    decided.notes.push(found.note);
    decided
}

/// What a second look finds.
struct Found {
    /// How the text is read; none when that is not clear.
    reading: Option<Reading>,
    evidence: Message,
    note: Message,
}

/// In text of one byte per character the bytes themselves were judged before.
fn misread_words(layer: &str, charset: Charset, texts: &[Cow<'_, str>]) -> Option<Found> {
    if charset.upper_half().is_some() {
        return None;
    }
    let found = misread::find(texts.iter().map(AsRef::as_ref))?;
    let reading = Reading {
        charset,
        repair: Some(Repair::of(found.misreading)?),
    };
    let (misreading, count) = (found.misreading, found.words.len());
    let words = in_words(&found.words);
    if !found.is_clear {
        return Some(Found {
            reading: None,
            evidence: doubt(count),
            note: message!(
                "слој „{layer}“: речи као {words} можда су погрешно прочитане пре него што су \
                 сачуване; остављене су како јесу. Ако су погрешне, наведите кодирање \
                 \"{misreading}\"",
                "layer {layer:?}: words such as {words} may have been misread before they were \
                 saved; they are left as they are. If they are wrong, name the encoding \
                 \"{misreading}\""
            ),
        });
    }
    Some(Found {
        reading: Some(reading),
        evidence: message!(
            "али различитих речи прочитаних погрешно пре него што су сачуване ({misreading}) има \
             {count}, па су исправљене",
            "but {count} different words were misread before they were saved ({misreading}) and \
             are set right"
        ),
        note: message!(
            "слој „{layer}“: исправљен је текст који је погрешно прочитан пре него што је сачуван \
             ({misreading}): {words}. Да остане како јесте, наведите кодирање {charset}",
            "layer {layer:?}: text that was misread before it was saved ({misreading}) is set \
             right: {words}. To leave it as it is, name the encoding {charset}"
        ),
    })
}

/// YUSCII is ASCII, so every encoding but UTF-16 lets it through.
fn yuscii_words(layer: &str, charset: Charset, texts: &[Cow<'_, str>]) -> Option<Found> {
    let found = yuscii::find(texts.iter().map(AsRef::as_ref))?;
    let is_clear = found.is_clear && texts.iter().all(|text| text.is_ascii());
    Some(if is_clear {
        clear_yuscii(layer, charset, &found)
    } else {
        doubtful_yuscii(layer, &found)
    })
}

fn doubtful_yuscii(layer: &str, found: &yuscii::Suspicion) -> Found {
    let (name, words) = (found.charset, in_words(&found.words));
    let other = in_other_script(found);
    let note = match found.witness {
        Witness::Signs => message!(
            "слој „{layer}“: речи као {words} личе на YUSCII; остављене су како јесу. Ако јесу \
             YUSCII, наведите кодирање {name}",
            "layer {layer:?}: words such as {words} look like YUSCII; they are left as they \
             are. If they are YUSCII, name the encoding {name}"
        ),
        Witness::Letters => message!(
            "слој „{layer}“: речи као {words} можда су ћирилични YUSCII, у коме q, w и x стоје за љ, њ \
             и џ; остављене су како јесу. Ако је текст ћирилични, наведите кодирање {name}",
            "layer {layer:?}: words such as {words} may be Cyrillic YUSCII, in which q, w and x stand for љ, \
             њ and џ; they are left as they are. If the text is Cyrillic, name the encoding {name}"
        ),
    };
    Found {
        reading: None,
        evidence: doubt(found.words.len()),
        note: Message {
            sr: note.sr + &other.sr,
            en: note.en + &other.en,
        },
    }
}

fn clear_yuscii(layer: &str, charset: Charset, found: &yuscii::Suspicion) -> Found {
    let (name, count) = (found.charset, found.words.len());
    let words = in_words(&found.words);
    let other = in_other_script(found);
    let note = message!(
        "слој „{layer}“: текст је прочитан као {name}: {words}. Да остане како јесте, наведите \
         кодирање {charset}",
        "layer {layer:?}: text is read as {name}: {words}. To leave it as it is, name the \
         encoding {charset}"
    );
    Found {
        reading: Some(Reading::plain(name)),
        evidence: match found.witness {
            Witness::Signs => message!(
                "али знаци на местима слова, у различитих речи: {count}, показују {name}",
                "but signs in the places of letters, in {count} different words, show {name}"
            ),
            Witness::Letters => message!(
                "али слова q, w и x на местима љ, њ и џ, у различитих речи: {count}, показују {name}",
                "but the letters q, w and x in the places of љ, њ and џ, in {count} different words, show \
                 {name}"
            ),
        },
        note: Message {
            sr: note.sr + &other.sr,
            en: note.en + &other.en,
        },
    }
}

/// What to add where no letter tells the script.
fn in_other_script(found: &yuscii::Suspicion) -> Message {
    let Some((other, (before, after))) = &found.other else {
        return message!("", "");
    };
    let before = printable(before);
    message!(
        "; по словима се не зна писмо: ако је ћирилица ({before} → {after}), наведите {other}",
        "; no letter tells the script: if it is Cyrillic ({before} → {after}), name {other}"
    )
}

fn doubt(count: usize) -> Message {
    message!(
        "сумњивих речи: {count} (видети напомену)",
        "doubtful words: {count} (see the note)"
    )
}

fn in_words(pairs: &[Pair]) -> String {
    let shown = pairs.iter().take(MAX_EXAMPLES);
    let shown: Vec<String> = shown
        .map(|(before, after)| format!("{} → {after}", printable(before)))
        .collect();
    shown.join(", ")
}

/// Free places of code pages come out as control codes, which a terminal would obey.
fn printable(word: &str) -> String {
    let mut shown = String::new();
    for c in word.chars() {
        if c.is_control() {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}
