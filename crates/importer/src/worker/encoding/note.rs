//! A second look at decoded text: words that were misread before they were saved.

use std::borrow::Cow;

use domain::lang::Message;
use domain::message;

use super::misread::{self, Pair};
use super::reading::{Reading, Repair};
use super::{Decided, decided, joined, yuscii};
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
    let (name, count) = (found.charset, found.words.len());
    let words = in_words(&found.words);
    let is_clear = found.is_clear && texts.iter().all(|text| text.is_ascii());
    if !is_clear {
        return Some(Found {
            reading: None,
            evidence: doubt(count),
            note: message!(
                "слој „{layer}“: речи као {words} личе на YUSCII; остављене су како јесу. Ако јесу \
                 YUSCII, наведите кодирање {name}",
                "layer {layer:?}: words such as {words} look like YUSCII; they are left as they \
                 are. If they are YUSCII, name the encoding {name}"
            ),
        });
    }
    Some(Found {
        reading: Some(Reading::plain(name)),
        evidence: message!(
            "али знаци на местима слова, у различитих речи: {count}, показују {name}",
            "but signs in the places of letters, in {count} different words, show {name}"
        ),
        note: message!(
            "слој „{layer}“: текст је прочитан као {name}: {words}. Да остане како јесте, наведите \
             кодирање {charset}",
            "layer {layer:?}: text is read as {name}: {words}. To leave it as it is, name the \
             encoding {charset}"
        ),
    })
}

fn doubt(count: usize) -> Message {
    message!(
        "сумњивих речи: {count} (видети напомену)",
        "{count} words are doubtful (see the note)"
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
