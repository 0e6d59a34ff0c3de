//! How the columns of a table write degrees, decided for all rows together.

use domain::lang::Message;
use domain::message;

/// How numbers of a table are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notation {
    /// Whether S stands for south, as in English, not for the Serbian *sever*, north, where the letters
    /// beside a point do not say.
    pub english_letters: bool,
    /// Whether `440429.6` is 44° 04' 29.6".
    pub packed: bool,
    /// The EPSG code that geometries as text name, such as 32634 of `SRID=32634;POINT (…)`.
    pub srid: Option<u32>,
}

/// What stood beside numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Letters that only English has: N, E, W.
    pub english: bool,
    /// Letters and words that only Serbian has.
    pub serbian: bool,
    /// A Latin S beside the first and the second number.
    pub latin_s: (bool, bool),
    /// Minutes or seconds.
    pub has_minutes: bool,
    /// The EPSG code before a geometry.
    pub srid: Option<u32>,
}

impl Seen {
    /// Of the two numbers of one point, each seen as a first one.
    #[must_use]
    pub(crate) fn and(self, y: Self) -> Self {
        Self {
            english: self.english || y.english,
            serbian: self.serbian || y.serbian,
            latin_s: (self.latin_s.0, y.latin_s.0),
            has_minutes: self.has_minutes || y.has_minutes,
            srid: self.srid.or(y.srid),
        }
    }

    /// Of several points.
    #[must_use]
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            english: self.english || other.english,
            serbian: self.serbian || other.serbian,
            latin_s: (
                self.latin_s.0 || other.latin_s.0,
                self.latin_s.1 || other.latin_s.1,
            ),
            has_minutes: self.has_minutes || other.has_minutes,
            srid: self.srid.or(other.srid),
        }
    }

    /// The letters of all rows say what an S means in a row that does not say it itself.
    pub(super) const fn notation(self) -> Notation {
        Notation {
            english_letters: self.english && !self.serbian,
            packed: false,
            srid: self.srid,
        }
    }

    /// Whether an S beside this point means south: by the other letters beside it, else by those of the table.
    pub(crate) const fn south_is_s(self, table: Notation) -> bool {
        !self.serbian && (self.english || table.english_letters)
    }

    /// What was decided, where it could have been otherwise.
    pub(super) fn notes(self) -> Vec<Message> {
        let has_s = self.latin_s != (false, false);
        let letters = has_s.then(|| {
            if self.english && self.serbian {
                message!(
                    "у колонама координата стоје и српска и енглеска слова: слово S значи југ (South) само у \
                     редовима са N, E или W, а иначе север",
                    "Serbian and English letters stand in the columns of coordinates: the letter S means \
                     south only in rows with N, E or W, else north (Serbian sever)"
                )
            } else if self.english {
                message!(
                    "слово S уз координате значи југ (South), јер се у истим колонама јављају и \
                     енглеска слова N, E или W",
                    "the letter S beside coordinates means south, because the English letters N, E \
                     or W stand in the same columns"
                )
            } else {
                message!(
                    "слово S уз координате значи север: енглеских слова N, E и W у тим колонама нема",
                    "the letter S beside coordinates means north (Serbian sever): the English \
                     letters N, E and W are not in these columns"
                )
            }
        });
        let minutes = self.has_minutes.then(minutes_note);
        letters.into_iter().chain(minutes).collect()
    }
}

fn minutes_note() -> Message {
    message!(
        "степени су записани са минутима и секундима; ако датотека не каже другачије, узимају се као \
         WGS 84, а ако су прочитани са старе карте, задајте --crs EPSG:3906 (MGI 1901, око 400 m \
         даље)",
        "degrees are written with minutes and seconds; where the file does not say otherwise they \
         are taken as WGS 84; if they were read from an old map, give --crs EPSG:3906 (MGI 1901, \
         about 400 m away)"
    )
}

pub(super) fn packed_notes() -> Vec<Message> {
    let packed = message!(
        "бројеви се читају као степени, минути и секунди у облику СТММСС.с: само тако леже у Србији",
        "the numbers are read as degrees, minutes and seconds written as DDMMSS.s: only so do they \
         lie in Serbia"
    );
    vec![packed, minutes_note()]
}

/// `440429.6` as 44° 04' 29.6", in degrees; `None` with 60 minutes or more.
pub(crate) fn unpacked(packed: f64) -> Option<f64> {
    let magnitude = packed.abs();
    let degrees = (magnitude / 10_000.0).floor();
    let minutes = (magnitude / 100.0).floor() % 100.0;
    let seconds = magnitude % 100.0;
    (degrees <= 180.0 && minutes < 60.0 && seconds < 60.0)
        .then(|| packed.signum() * (degrees + minutes / 60.0 + seconds / 3600.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    // 44 + 4 / 60 + 29.6 / 3600 = 44.074888…
    #[test]
    fn packed_degrees_are_unpacked() {
        for (packed, wanted) in [
            (440_429.6, 44.074_888_888_888_89),
            (220_545.0, 22.095_833_333_333_33),
            (-440_429.6, -44.074_888_888_888_89),
        ] {
            let read = unpacked(packed).unwrap();
            assert!((read - wanted).abs() < 1e-9, "{packed}: {read}");
        }
        for no in [446_029.6, 440_460.0, 7_588_213.57] {
            assert_eq!(unpacked(no), None, "{no}");
        }
    }
}
