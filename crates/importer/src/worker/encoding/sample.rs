//! Enough of a table's texts to decide their encoding, in memory that does not grow with the table.

use super::{Place, RawText};
use crate::worker::charset::Charset;

/// More texts of a kind than these are thinned out evenly. Whoever counts letters or looks for words
/// takes every so many of fewer.
const MOST_KEPT: usize = 40_000;
/// So many of a kind stay from the beginning, for the examples that reports show.
const FIRST_KEPT: usize = 200;

/// Texts that may have letters outside ASCII: all of them, or of very many an even sample with every
/// one that alone tells something, which is the first that is none in an encoding that is asked about.
#[derive(Debug)]
pub(in crate::worker) struct TextSample {
    /// The encodings that no text so far contradicts.
    standing: Vec<Charset>,
    /// Those with bytes outside ASCII.
    foreign: Thinned,
    /// Those that may be YUSCII.
    ascii: Thinned,
    seen: usize,
}

/// An even sample of the texts of one kind.
#[derive(Debug)]
struct Thinned {
    kept: Vec<Kept>,
    /// Every so many is kept.
    step: usize,
    seen: usize,
}

#[derive(Debug)]
struct Kept {
    /// Its number among all texts.
    number: usize,
    /// Its number among those of its kind; none when it stays whatever comes.
    thinnable: Option<usize>,
    place: Place,
    bytes: Box<[u8]>,
    fills: bool,
}

impl TextSample {
    /// For questions about the encodings `asked`.
    pub(in crate::worker) fn new(asked: impl IntoIterator<Item = Charset>) -> Self {
        let thinned = || Thinned {
            kept: Vec::new(),
            step: 1,
            seen: 0,
        };
        Self {
            standing: asked.into_iter().collect(),
            foreign: thinned(),
            ascii: thinned(),
            seen: 0,
        }
    }

    /// Takes one more text, in file order.
    pub(in crate::worker) fn add(&mut self, text: RawText<'_>) {
        let before = self.standing.len();
        self.standing.retain(|charset| text.is_in(*charset));
        let is_witness = self.standing.len() < before;
        let of_kind = if text.bytes.is_ascii() {
            &mut self.ascii
        } else {
            &mut self.foreign
        };
        of_kind.add(text, self.seen, is_witness);
        self.seen += 1;
    }

    /// The texts that are kept, in file order.
    pub(in crate::worker) fn texts<'a>(&'a self) -> Vec<RawText<'a>> {
        let mut kept: Vec<&Kept> = self.foreign.kept.iter().chain(&self.ascii.kept).collect();
        kept.sort_unstable_by_key(|one| one.number);
        let text = |one: &'a Kept| RawText {
            place: one.place,
            bytes: &one.bytes,
            fills: one.fills,
        };
        kept.into_iter().map(text).collect()
    }
}

impl Thinned {
    fn add(&mut self, text: RawText<'_>, number: usize, is_witness: bool) {
        let stays = is_witness || self.seen < FIRST_KEPT;
        let thinnable = (!stays).then_some(self.seen);
        if stays || self.seen.is_multiple_of(self.step) {
            self.kept.push(Kept {
                number,
                thinnable,
                place: text.place,
                bytes: text.bytes.into(),
                fills: text.fills,
            });
        }
        self.seen += 1;
        if self.kept.len() > MOST_KEPT {
            self.step *= 2;
            let step = self.step;
            let is_kept = |one: &Kept| one.thinnable.is_none_or(|at| at.is_multiple_of(step));
            self.kept.retain(is_kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sample: &TextSample) -> Vec<(u64, Vec<u8>)> {
        let all = sample.texts();
        all.iter()
            .map(|text| (row(text.place), text.bytes.to_vec()))
            .collect()
    }

    fn row(place: Place) -> u64 {
        match place {
            Place::Row(row) => row,
            Place::Cell(..) | Place::Heading => panic!("no row: {place:?}"),
        }
    }

    fn text(row: u64, bytes: &[u8]) -> RawText<'_> {
        RawText {
            place: Place::Row(row),
            bytes,
            fills: false,
        }
    }

    #[test]
    fn few_texts_are_all_kept_in_their_order() {
        let mut sample = TextSample::new([Charset::Utf8]);
        let all = [
            (1, "Бор".as_bytes()),
            (1, b"Kru{evac".as_slice()),
            (7, b"\x9Fabac".as_slice()),
        ];
        for (row, bytes) in &all {
            sample.add(text(*row, bytes));
        }
        let kept = texts(&sample);
        let expected = all.map(|(row, bytes)| (row, bytes.to_vec()));
        assert_eq!(kept, expected);
    }

    #[test]
    fn of_many_texts_an_even_part_is_kept_and_each_that_contradicts() {
        let mut sample = TextSample::new([Charset::Utf8, Charset::Cp1252]);
        let count = 300_000;
        for row in 0..count {
            let bytes: &[u8] = match row {
                // No UTF-8; then 0x81, which CP1252 leaves free. What comes again tells nothing new.
                77_777 => b"\x9F",
                150_001 => b"\x81",
                150_003 => b"\x81\x81",
                _ => "ш".as_bytes(),
            };
            sample.add(text(row, bytes));
        }
        let kept = texts(&sample);
        assert!(
            (MOST_KEPT / 2..=MOST_KEPT).contains(&kept.len()),
            "{}",
            kept.len()
        );
        let rows: Vec<u64> = kept.iter().map(|(row, _)| *row).collect();
        assert!(rows.is_sorted());
        assert!(rows.contains(&77_777) && rows.contains(&150_001) && !rows.contains(&150_003));
        let in_second_half = rows.iter().filter(|row| **row >= count / 2).count();
        assert!(in_second_half.abs_diff(kept.len() / 2) < FIRST_KEPT);
    }
}
