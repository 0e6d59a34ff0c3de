//! Days and years as files write them.

use chrono::{Days, NaiveDate};
use domain::lang::Message;
use domain::message;
use domain::text::fold;

/// What a text says of time.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Time {
    /// One day.
    Day(NaiveDate),
    /// Day and month by figures below 13 with slashes, which America writes the other way round;
    /// the second is that reading.
    Either(NaiveDate, NaiveDate),
    /// A year with its month.
    Month(i32),
    /// A year alone.
    Year(i32),
    /// A day whose year has two digits.
    ShortYear,
}

/// Reads `2014-05-15`, `20140515`, `15.5.2014.`, `15/05/2014`, `15. маја 2014.`, `15.V 2014`,
/// `May 15, 2014`, and years with or without their month.
pub(in super::super) fn read(text: &str) -> Option<Time> {
    let text = text.trim();
    if let Some(day) = iso_day(text) {
        return Some(Time::Day(day));
    }
    let text = without_time(text);
    // `>1978` is not the year 1978.
    if text.contains(['<', '>', '≤', '≥', '~', '≈', '±', '=', '+', '?', '*']) {
        return None;
    }
    let slashes = text.contains('/');
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(fold)
        .collect();
    let parts: Option<Vec<Part>> = words
        .iter()
        .filter(|word| !is_word_for_year(word))
        .map(|word| part(word))
        .collect();
    of_parts(&parts?, slashes)
}

/// Without the time of day that spreadsheets and databases write behind the day: `15.05.2014. 10:30:00`.
fn without_time(text: &str) -> &str {
    let is_time = |time: &str| {
        let whole = time.split_once('.').map_or(time, |(whole, _)| whole);
        let parts: Vec<&str> = whole.split(':').collect();
        let is_figure = |part: &&str| {
            matches!(part.len(), 1 | 2) && part.bytes().all(|digit| digit.is_ascii_digit())
        };
        matches!(parts.len(), 2 | 3) && parts.iter().all(is_figure)
    };
    match text.rsplit_once(' ') {
        Some((day, time)) if is_time(time) => day.trim_end(),
        _ => text,
    }
}

/// The day of a number of days in a spreadsheet, counted from the end of 1899; `None` before 1950
/// and after 2099, where such a number is rather something else.
pub(in super::super) fn of_spreadsheet(serial: f64) -> Option<NaiveDate> {
    const FIRST: f64 = 18_264.0;
    const LAST: f64 = 73_050.0;
    if !(FIRST..=LAST).contains(&serial) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the range above"
    )]
    let days = serial.trunc() as u64;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

enum Part {
    Figure { digits: usize, number: u32 },
    Month(u32),
}

fn part(word: &str) -> Option<Part> {
    if let Ok(number) = word.parse() {
        return Some(Part::Figure {
            digits: word.len(),
            number,
        });
    }
    month(word).map(Part::Month)
}

fn of_parts(parts: &[Part], slashes: bool) -> Option<Time> {
    use Part::{Figure, Month};
    const YEAR: usize = 4;
    match *parts {
        [
            Figure {
                digits: 1 | 2,
                number: day,
            },
            Figure { number: month, .. },
            Figure {
                digits: YEAR,
                number: year,
            },
        ] => figures(day, month, year, slashes),
        [
            Figure { number: day, .. },
            Month(month),
            Figure {
                digits: YEAR,
                number: year,
            },
        ]
        | [
            Month(month),
            Figure { number: day, .. },
            Figure {
                digits: YEAR,
                number: year,
            },
        ]
        | [
            Figure {
                digits: YEAR,
                number: year,
            },
            Figure { number: month, .. },
            Figure { number: day, .. },
        ] => date(year, month, day).map(Time::Day),
        [
            Figure { digits: 1 | 2, .. },
            Figure { digits: 1 | 2, .. } | Month(_),
            Figure { digits: 2, .. },
        ] => Some(Time::ShortYear),
        [Figure { digits: 8, number }] => {
            date(number / 10_000, number / 100 % 100, number % 100).map(Time::Day)
        }
        [
            Figure {
                digits: YEAR,
                number: year,
            },
        ] => i32::try_from(year).ok().map(Time::Year),
        [
            Month(_)
            | Figure {
                digits: 1 | 2,
                number: 1..=12,
            },
            Figure {
                digits: YEAR,
                number: year,
            },
        ] => i32::try_from(year).ok().map(Time::Month),
        _ => None,
    }
}

fn figures(day: u32, month: u32, year: u32, slashes: bool) -> Option<Time> {
    let first = date(year, month, day)?;
    Some(match date(year, day, month) {
        Some(second) if slashes && second != first => Time::Either(first, second),
        _ => Time::Day(first),
    })
}

fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// A day, with the time after it.
fn iso_day(text: &str) -> Option<NaiveDate> {
    let (day, rest) = text.split_at_checked(10)?;
    let time = rest.is_empty() || rest.starts_with(['T', ' ']);
    time.then(|| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok())
        .flatten()
}

/// `2014. godine`, `2014. god.`, `2014 г.`
fn is_word_for_year(word: &str) -> bool {
    matches!(word, "godina" | "godine" | "godini" | "god" | "g" | "year")
}

/// A month by its name in Serbian (nominative, genitive, or cut to three letters) or English, or by
/// its Roman number.
fn month(word: &str) -> Option<u32> {
    const ROMAN: [&str; 12] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
    ];
    const NAMES: [&[&str]; 12] = [
        &["januar", "januara", "january", "jan"],
        &["februar", "februara", "february", "feb"],
        &["mart", "marta", "march", "mar"],
        &["april", "aprila", "apr"],
        &["maj", "maja", "may"],
        &["jun", "juna", "juni", "june"],
        &["jul", "jula", "juli", "july"],
        &["avgust", "avgusta", "august", "avg", "aug"],
        &["septembar", "septembra", "september", "sep", "sept"],
        &["oktobar", "oktobra", "october", "okt", "oct"],
        &["novembar", "novembra", "november", "nov"],
        &["decembar", "decembra", "december", "dec"],
    ];
    let named = NAMES.iter().position(|names| names.contains(&word));
    let at = named.or_else(|| ROMAN.iter().position(|roman| *roman == word))?;
    u32::try_from(at + 1).ok()
}

/// Why a text gives no day, and the way out.
pub(in super::super) fn refusal(text: &str, read: Option<&Time>) -> Message {
    match read {
        Some(Time::ShortYear) => message!(
            "`{text}` има годину од две цифре; напишите све четири, као 2014-05-15",
            "`{text}` has a year of two digits; write all four, as in 2014-05-15"
        ),
        Some(Time::Month(_)) => message!(
            "`{text}` нема дан; напишите и њега, као 2014-05-15, или оставите празно",
            "`{text}` has no day; write it too, as in 2014-05-15, or leave it empty"
        ),
        Some(Time::Year(_)) => message!(
            "`{text}` је само година, а није дан; напишите га као 2014-05-15 или 15.5.2014.",
            "`{text}` is only a year, and is not a day; write it as 2014-05-15 or 15.5.2014."
        ),
        _ => message!(
            "`{text}` није дан; напишите га као 2014-05-15 или 15.5.2014.",
            "`{text}` is not a day; write it as 2014-05-15 or 15.5.2014."
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn days_are_read_as_files_write_them() {
        let expected = Some(Time::Day(ymd(2014, 5, 15)));
        for text in [
            "2014-05-15",
            "2014-05-15T06:30:00Z",
            "2014-05-15 06:30",
            "2014/05/15",
            "2014.05.15.",
            "20140515",
            "15.5.2014.",
            "15.05.2014",
            "15.05.2014 00:00",
            "15.05.2014. 10:30:00",
            "2014/5/15 0:00",
            "15. 5. 2014.",
            "15. 5. 2014. godine",
            "15/05/2014",
            "15-05-2014",
            "15. maj 2014.",
            "15. маја 2014",
            "15.MAJ 2014",
            "15.V 2014.",
            "15. V. 2014. год.",
            "15-V-2014",
            "May 15, 2014",
            "15 May 2014",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_less_than_a_day_is_told_apart() {
        for (text, expected) in [
            ("2014", Some(Time::Year(2014))),
            ("2014.", Some(Time::Year(2014))),
            ("2014. godina", Some(Time::Year(2014))),
            ("maj 2014", Some(Time::Month(2014))),
            ("V 2014.", Some(Time::Month(2014))),
            ("05.2014", Some(Time::Month(2014))),
            ("15-05-14", Some(Time::ShortYear)),
            ("15.5.14", Some(Time::ShortYear)),
            ("15. maj 14.", Some(Time::ShortYear)),
            ("5/15/2014", None),
            ("31.2.2014", None),
            ("15.5", None),
            ("čč.5.2014", None),
            ("2014-05-15x", None),
            ("", None),
            ("41774", None),
            (">1978", None),
            ("~ 1978", None),
            ("1978?", None),
            ("<15.5.2014", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn slashes_leave_a_doubt_between_day_and_month() {
        let expected = Time::Either(ymd(2014, 6, 5), ymd(2014, 5, 6));
        assert_eq!(read("05/06/2014"), Some(expected));
        assert_eq!(read("05/05/2014"), Some(Time::Day(ymd(2014, 5, 5))));
        assert_eq!(read("5.6.2014"), Some(Time::Day(ymd(2014, 6, 5))));
    }

    /// `LibreOffice` Calc shows 41774 as 2014-05-15, with the time in the fraction.
    #[test]
    fn spreadsheets_count_days() {
        assert_eq!(of_spreadsheet(41_774.0), Some(ymd(2014, 5, 15)));
        assert_eq!(of_spreadsheet(41_774.75), Some(ymd(2014, 5, 15)));
        assert_eq!(of_spreadsheet(18_264.0), Some(ymd(1950, 1, 1)));
        for number in [0.0, 2014.0, 20_140_515.0, -1.0, f64::NAN] {
            assert_eq!(of_spreadsheet(number), None, "{number}");
        }
    }

    proptest! {
        #[test]
        fn days_written_in_serbian_read_back(year in 1900_i32..2100, month in 1_u32..=12, day in 1_u32..=28, form in 0_usize..6) {
            const GENITIVE: [&str; 12] = [
                "јануара", "фебруара", "марта", "априла", "маја", "јуна", "јула", "августа",
                "септембра", "октобра", "новембра", "децембра",
            ];
            const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
            let at = month as usize - 1;
            let text = match form {
                0 => format!("{day}.{month}.{year}."),
                1 => format!("{day:02}.{month:02}.{year}"),
                2 => format!("{day}. {} {year}.", GENITIVE[at]),
                3 => format!("{day}. {} {year}. godine", domain::text::to_latin(GENITIVE[at])),
                4 => format!("{day}.{} {year}.", ROMAN[at]),
                _ => format!("{day:02}-{month:02}-{year}"),
            };
            prop_assert_eq!(read(&text), Some(Time::Day(ymd(year, month, day))), "{}", text);
        }
    }
}
