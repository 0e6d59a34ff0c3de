//! Values of a table that are in another encoding than the rest, as when two programs wrote to it.

use domain::lang::Message;
use domain::message;

use super::likeness::{Likeness, MAX_COUNTED};
use super::{CANDIDATES, Place, RawText, outside_ascii};
use crate::worker::charset::Charset;

/// The logarithm of how many times likelier valid UTF-8 is meant than bytes that are so by chance.
const UTF_8_BY_CHANCE: f64 = 5.0;
/// How many rows are named.
const MAX_NAMED: usize = 5;

/// The values of a table that another encoding makes Serbian of, and the table's does not.
struct Strays<'a> {
    charset: Charset,
    texts: Vec<RawText<'a>>,
    /// The logarithm of how many times likelier all of them are in it.
    likelier: f64,
}

/// What to tell of values that are not in `charset`, as which the table is read.
pub(super) fn notes(layer: &str, texts: &[RawText<'_>], charset: Charset) -> Vec<Message> {
    let foreign = outside_ascii(texts);
    let every = foreign.len() / MAX_COUNTED + 1;
    let sample = foreign.iter().step_by(every);
    let values: Vec<RawText<'_>> = sample.flat_map(values_of).collect();
    let strays = strays(&values, charset);
    strays
        .iter()
        .map(|strays| note(layer, &values, charset, strays))
        .collect()
}

/// The values outside ASCII of a text, which may be a line of a table.
fn values_of<'a>(text: &RawText<'a>) -> impl Iterator<Item = RawText<'a>> {
    let RawText {
        place,
        fills,
        bytes,
    } = *text;
    let values = bytes.split(|byte| matches!(byte, b';' | b',' | b'\t' | b'"'));
    let foreign = values.filter(|value| !value.is_ascii());
    foreign.map(move |bytes| RawText {
        place,
        bytes,
        fills,
    })
}

/// Valid UTF-8 is no accident: in it no value is astray.
fn strays<'a>(values: &[RawText<'a>], charset: Charset) -> Vec<Strays<'a>> {
    /// A letter alone, as ç, may also be of another language.
    const CLEARLY: f64 = 3.0;
    let mut found: Vec<Strays<'a>> = Vec::new();
    for text in values.iter().filter(|_| charset.upper_half().is_some()) {
        let Some((other, likelier)) = other_encoding(*text, charset) else {
            continue;
        };
        match found.iter_mut().find(|strays| strays.charset == other) {
            Some(strays) => {
                strays.texts.push(*text);
                strays.likelier += likelier;
            }
            None => found.push(Strays {
                charset: other,
                texts: vec![*text],
                likelier,
            }),
        }
    }
    found.retain(|strays| strays.likelier >= CLEARLY);
    found
}

/// The encoding that makes a value wholly Serbian which is not in `charset`, and the logarithm of how
/// many times likelier that is.
fn other_encoding(text: RawText<'_>, charset: Charset) -> Option<(Charset, f64)> {
    let texts = [text];
    let here = Likeness::of(&texts, charset);
    // Signs alone, as in `nagib 34°`, are right as they are.
    if here.letters == 0 || here.is_serbian(100) {
        return None;
    }
    let others = [(Charset::Utf8, UTF_8_BY_CHANCE)]
        .into_iter()
        .chain(CANDIDATES);
    let others = others.filter_map(|(other, usual)| {
        let there = Likeness::of(&texts, other);
        let likelier = there.total() + usual - here.total();
        // A reading that makes a sign of a letter is no better one: `пХ` is `п’` on the Macintosh.
        let keeps_letters = other == Charset::Utf8 || there.letters >= here.letters;
        let is_better = other != charset && keeps_letters && there.is_serbian(100);
        (is_better && likelier > 0.0).then_some((other, likelier))
    });
    others.reduce(|best, one| if one.1 > best.1 { one } else { best })
}

fn note(layer: &str, values: &[RawText<'_>], charset: Charset, strays: &Strays<'_>) -> Message {
    let other = strays.charset;
    let (count, all) = (strays.texts.len(), values.len());
    let Message {
        sr: where_sr,
        en: where_en,
    } = places(values, &strays.texts);
    let example = example(&strays.texts, charset, other);
    let Message {
        sr: advice_sr,
        en: advice_en,
    } = advice(values, charset, other);
    message!(
        "слој „{layer}“: текст {where_sr} (вредности ван ASCII: {count} од {all}) изгледа да је {other}, а не \
         {charset} као остали: {example}. Прочитан је као {charset}, као и остали. {advice_sr}",
        "layer {layer:?}: the text of {where_en} ({count} of {all} values outside ASCII) seems to be {other}, \
         not {charset} like the rest: {example}. It is read as {charset} like the rest. {advice_en}"
    )
}

/// The column of the values when it has no others, else their rows.
fn places(values: &[RawText<'_>], strays: &[RawText<'_>]) -> Message {
    let column = |text: &RawText<'_>| match text.place {
        Place::Cell(_, column) => Some(column),
        Place::Row(_) | Place::Heading => None,
    };
    let first = strays.first().and_then(column);
    let in_first = |text: &&RawText<'_>| column(text) == first;
    let is_column = strays.iter().filter(in_first).count() == strays.len()
        && values.iter().filter(in_first).count() == strays.len();
    if let Some(column) = first.filter(|_| is_column) {
        return message!("у колони {column}", "the column {column}");
    }
    let rows = strays.iter().filter_map(|text| match text.place {
        Place::Row(row) | Place::Cell(row, _) => Some(row.to_string()),
        Place::Heading => None,
    });
    let mut rows: Vec<String> = rows.collect();
    rows.dedup();
    let count = rows.len();
    rows.truncate(MAX_NAMED);
    let rows = rows.join(", ");
    match count {
        1 => message!("у реду {rows}", "row {rows}"),
        2..=MAX_NAMED => message!("у редовима {rows}", "rows {rows}"),
        _ => message!("у редовима {rows} и другим", "rows {rows} and others"),
    }
}

/// A value as it is read and as it is meant.
fn example(strays: &[RawText<'_>], charset: Charset, other: Charset) -> String {
    let first = strays.first();
    let shown = first.and_then(|text| {
        let meant = text.read_as(other)?;
        Some(match text.read_as(charset) {
            Some(read) => format!("„{read}“ → „{meant}“"),
            None => format!("„{meant}“"),
        })
    });
    shown.unwrap_or_default()
}

/// A reading that sets each word right by itself can be named, where one of the two reads all bytes.
fn advice(values: &[RawText<'_>], charset: Charset, other: Charset) -> Message {
    let reads_all =
        |one: &Charset| one.upper_half().is_some() && values.iter().all(|text| text.is_in(*one));
    let Some(whole) = [charset, other].into_iter().find(reads_all) else {
        return message!(
            "Пребаците табелу у једно кодирање, најбоље UTF-8, па је увезите поново",
            "Bring the table into one encoding, best UTF-8, and import it again"
        );
    };
    let part = if whole == charset { other } else { charset };
    message!(
        "Да се свака реч прочита у оном од њих у коме је српска, наведите кодирање \"{whole} ({part} read as \
         {whole})\"; или пребаците табелу у једно кодирање",
        "To have each word read in the one of them in which it is Serbian, name the encoding \"{whole} ({part} \
         read as {whole})\"; or bring the table into one encoding"
    )
}
