//! How a table as text is laid out: what divides its values, and where its heading is.

use domain::lang::Message;
use domain::message;

/// So many lines are looked at.
const LINES_LOOKED_AT: usize = 30;
/// A line of fewer separators may be a sentence.
const LEAST_SEPARATORS_BELOW_TITLES: usize = 2;

/// What divides values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Semicolon,
    Comma,
    Tab,
    Bar,
}

impl Separator {
    /// The most usual in Serbia first.
    pub(super) const ALL: [Self; 4] = [Self::Semicolon, Self::Comma, Self::Tab, Self::Bar];

    pub(super) const fn sign(self) -> char {
        match self {
            Self::Semicolon => ';',
            Self::Comma => ',',
            Self::Tab => '\t',
            Self::Bar => '|',
        }
    }

    /// All of them are ASCII.
    pub(super) const fn byte(self) -> u8 {
        self.sign() as u8
    }

    /// What divides the values of the table called `name`.
    pub(super) fn note(self, name: &str) -> Message {
        let sr = match self {
            Self::Semicolon => "тачком и зарезом",
            Self::Comma => "зарезима",
            Self::Tab => "табулаторима",
            Self::Bar => "усправним цртама",
        };
        let en = self.words();
        message!(
            "вредности табеле {name:?} раздвојене су {sr}",
            "the values of {name:?} are divided by {en}"
        )
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Semicolon => "semicolons",
            Self::Comma => "commas",
            Self::Tab => "tabs",
            Self::Bar => "vertical bars",
        }
    }

    /// How often it stands in a line, outside quoted values. Within a value a quotation mark is one of
    /// seconds, as in `44°04'29"`.
    pub(super) fn count(self, line: &str) -> usize {
        let mut at = At::Begin;
        let mut count = 0;
        for c in line.chars() {
            at = match (at, c) {
                (At::Quoted, '"') => At::Closed,
                (At::Quoted, _) | (At::Begin | At::Closed, '"') => At::Quoted,
                (_, c) if c == self.sign() => {
                    count += 1;
                    At::Begin
                }
                _ => At::Plain,
            };
        }
        count
    }
}

/// Where in a value a character stands.
#[derive(Clone, Copy)]
enum At {
    Begin,
    Plain,
    Quoted,
    /// Behind a quotation mark that ends the value, or is the first of two that mean one.
    Closed,
}

/// What divides the values of a table, and what of its text comes before the heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) separator: Separator,
    /// The line of the heading, from 1.
    pub(super) heading_line: u64,
    /// Where the heading begins.
    pub(super) heading_at: usize,
    /// Whether titles or remarks above the heading are left out.
    pub(super) has_titles: bool,
}

impl Layout {
    pub(super) fn of(text: &str) -> Self {
        let (stated, heading_at) = stated_separator(text);
        let plain = Self {
            separator: Separator::Comma,
            heading_line: 1 + u64::from(stated.is_some()),
            heading_at,
            has_titles: false,
        };
        if let Some(separator) = stated {
            return Self { separator, ..plain };
        }
        below_titles(text).unwrap_or_else(|| Self {
            separator: likely_separator(text.trim_start().lines().next().unwrap_or_default()),
            ..plain
        })
    }
}

/// Excel writes and understands a first line `sep=;`. Answers where the next one begins.
fn stated_separator(text: &str) -> (Option<Separator>, usize) {
    for separator in Separator::ALL {
        let line = format!("sep={}", separator.sign());
        let rest = text
            .strip_prefix(&line)
            .map(|rest| rest.strip_prefix('\r').unwrap_or(rest));
        if let Some(rest) = rest.and_then(|rest| rest.strip_prefix('\n')) {
            return (Some(separator), text.len() - rest.len());
        }
    }
    (None, 0)
}

/// What occurs most often in the heading.
fn likely_separator(heading: &str) -> Separator {
    let separators = Separator::ALL.into_iter().rev();
    let most = separators.max_by_key(|separator| separator.count(heading));
    most.filter(|separator| separator.count(heading) > 0)
        .unwrap_or(Separator::Comma)
}

/// A line of a table, without blank ones.
struct Line<'a> {
    text: &'a str,
    number: u64,
    at: usize,
}

/// The heading of a table with titles or remarks above it: the first line that has as many values as the
/// one below it, and more than twice as many as any above. Beyond doubt it is none where the first line
/// already has as many as the second.
fn below_titles(text: &str) -> Option<Layout> {
    let lines = first_lines(text);
    let [first, second, ..] = lines.as_slice() else {
        return None;
    };
    let separator = likely_separator(first.text);
    let count = separator.count(first.text);
    if count > 0 && count == separator.count(second.text) {
        return None;
    }
    let at_line = |at: usize| {
        let mut fitting = Separator::ALL.into_iter();
        let separator = fitting.find(|separator| is_heading(&lines, at, *separator))?;
        Some(Layout {
            separator,
            heading_line: lines[at].number,
            heading_at: lines[at].at,
            has_titles: true,
        })
    };
    (1..lines.len().saturating_sub(1)).find_map(at_line)
}

fn first_lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').zip(1..).map(|(line, number)| {
        let begin = at;
        at += line.len();
        Line {
            text: line.trim(),
            number,
            at: begin,
        }
    });
    lines
        .take(LINES_LOOKED_AT)
        .filter(|line| !line.text.is_empty())
        .collect()
}

fn is_heading(lines: &[Line<'_>], at: usize, separator: Separator) -> bool {
    let count = separator.count(lines[at].text);
    // A name of a column may have two lines; then its quotation mark is open on the first.
    let is_title = |line: &Line<'_>| {
        (separator.count(line.text) + 1) * 2 < count + 1
            && line.text.matches('"').count().is_multiple_of(2)
    };
    let next = lines.get(at + 1);
    count >= LEAST_SEPARATORS_BELOW_TITLES
        && next.is_some_and(|next| separator.count(next.text) == count)
        && lines[..at].iter().all(is_title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_remarks_above_the_heading_are_seen() {
        for (text, line, separator) in [
            ("code;name;x\nA;B;1\n", 1, Separator::Semicolon),
            (
                "Registar 2023\ncode;name;x\nA;B;1\n",
                2,
                Separator::Semicolon,
            ),
            (
                "# izvoz, iz baze\n\n#\ncode;name;x;y\nA;B;1,5;2,5\n",
                4,
                Separator::Semicolon,
            ),
            // Marks of seconds quote nothing, quoted separators divide nothing.
            (
                "Registar\n# teren, oktobar\ncode;x;y\n\"A;\"\"1\"\"\";44°06'54\" S;22°07'30\" I\n",
                3,
                Separator::Semicolon,
            ),
            ("Registar\ncode|name|x\nA|B|1\n", 2, Separator::Bar),
            ("sep=;\nRegistar\ncode;name\n", 2, Separator::Semicolon),
            // One line is too little to know.
            ("Registar\ncode;name;x\n", 1, Separator::Comma),
            // Commas of geometries are no separators.
            (
                "code;wkt\nA;POLYGON ((0 0,1 0,1 1,0 0))\nB;POLYGON ((0 0,1 0,1 1,0 0))\n",
                1,
                Separator::Semicolon,
            ),
            ("code\nA\nB\n", 1, Separator::Comma),
            // A name on two lines.
            (
                "code;\"x\n(m)\";y;z\nA;1;2;3\nB;1;2;3\n",
                1,
                Separator::Semicolon,
            ),
        ] {
            let layout = Layout::of(text);
            assert_eq!(
                (layout.heading_line, layout.separator),
                (line, separator),
                "{text}"
            );
            let before = &text[..layout.heading_at];
            assert_eq!(before.lines().count() as u64 + 1, line, "{text}");
        }
    }
}
