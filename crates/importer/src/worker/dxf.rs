//! What a DXF drawing (`AutoCAD` DXF Reference) says of its text and its curves, read from its
//! pairs of lines: a group code, then a value.

use domain::lang::Message;
use domain::message;

use super::charset::Charset;
use super::encoding::Statement;

/// The header is at the beginning; so much of it is searched for the encoding.
const HEADER_BYTES: usize = 256 * 1024;
/// Since `AutoCAD` 2007 all text is UTF-8.
const FIRST_UTF8_VERSION: &str = "AC1021";
/// How GDAL is told to divide arcs: the most degrees that a chord spans.
pub(super) const ARC_STEP_DEGREES: &str = "1";

/// The encoding after the header variables `$ACADVER` and `$DWGCODEPAGE`.
pub(super) fn statement(bytes: &[u8]) -> Option<Statement> {
    let head = bytes.get(..HEADER_BYTES).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head);
    let variable = |name: &str| {
        let mut pairs = pairs(&head);
        pairs.find(|&(code, value)| code == "9" && value == name)?;
        pairs.next().map(|(_, value)| value)
    };
    if let Some(version) = variable("$ACADVER").filter(|version| *version >= FIRST_UTF8_VERSION) {
        return Some(Statement::of_heading(
            Some(Charset::Utf8),
            message!(
                "цртежи верзије {version} су UTF-8",
                "drawings of version {version} are UTF-8"
            ),
        ));
    }
    let page = variable("$DWGCODEPAGE")?;
    Some(Statement::of_heading(
        page.parse().ok(),
        message!(
            "заглавље цртежа каже {page}",
            "the heading of the drawing says {page}"
        ),
    ))
}

/// The text of a drawing as GDAL reads it: it takes the text of one without a header section for
/// ISO 8859-1, whatever it is told.
pub(super) fn plain(text: String) -> String {
    const HEADER: &str = "0\nSECTION\n2\nHEADER\n0\nENDSEC\n";
    let has_header = pairs(&text).any(|pair| pair == ("2", "HEADER"));
    let text = with_letters(text);
    if has_header {
        text
    } else {
        format!("{HEADER}{text}")
    }
}

/// The text of a drawing with its letters in the place of what programs write for those outside the
/// drawing's encoding: `\U+0161` is š. Signs that control something stay as they are written.
fn with_letters(text: String) -> String {
    const MARK: &str = "\\U+";
    if !text.contains(MARK) {
        return text;
    }
    let mut pieces = text.split(MARK);
    let mut read = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match letter(piece) {
            Some((letter, rest)) => {
                read.push(letter);
                read.push_str(rest);
            }
            None => read.extend([MARK, piece]),
        }
    }
    read
}

/// The letter whose number in four hexadecimal digits begins a text, and what follows.
fn letter(text: &str) -> Option<(char, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = is_number.then(|| u32::from_str_radix(digits, 16).ok())??;
    let letter = char::from_u32(number).filter(|letter| letter.is_alphanumeric())?;
    Some((letter, rest))
}

/// What to know of a drawing whose curves become chords.
pub(super) fn note_of_curves(text: &str) -> Option<Message> {
    has_curves(text).then(|| {
        message!(
            "лукови цртежа су замењени тетивама од највише {ARC_STEP_DEGREES}°, које одступају највише \
             0,004 % полупречника (4 mm на 100 m)",
            "the arcs of the drawing are replaced by chords of at most {ARC_STEP_DEGREES}°, which are off by \
             at most 0.004 % of the radius (4 mm at 100 m)"
        )
    })
}

/// Round entities, and the bulge (group code 42) of a polyline's vertex.
fn has_curves(text: &str) -> bool {
    const ROUND: [&str; 4] = ["ARC", "CIRCLE", "ELLIPSE", "SPLINE"];
    let mut entity = "";
    pairs(text).any(|(code, value)| match code {
        "0" => {
            entity = value;
            ROUND.contains(&value)
        }
        "42" if ["LWPOLYLINE", "VERTEX"].contains(&entity) => {
            value.parse().is_ok_and(|bulge: f64| bulge.abs() > 0.0)
        }
        _ => false,
    })
}

fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut lines = text.lines();
    std::iter::from_fn(move || Some((lines.next()?.trim(), lines.next()?.trim())))
}

#[cfg(test)]
mod tests {
    use super::{has_curves, statement, with_letters};

    #[test]
    fn the_header_says_the_encoding() {
        for (head, charset) in [
            ("  9\r\n$ACADVER\r\n  1\r\nAC1032\r\n", Some("UTF-8")),
            (
                "9\n$ACADVER\n1\nAC1015\n9\n$DWGCODEPAGE\n3\nANSI_1250\n",
                Some("CP1250"),
            ),
            ("9\n$DWGCODEPAGE\n3\ndos852\n", Some("CP852")),
            ("9\n$DWGCODEPAGE\n3\nklingon\n", None),
            ("0\nSECTION\n2\nENTITIES\n", None),
        ] {
            let said = statement(head.as_bytes()).and_then(|said| said.charset());
            let said = said.map(|charset| charset.to_string());
            assert_eq!(said.as_deref(), charset, "{head}");
        }
    }

    #[test]
    fn letters_written_as_numbers_are_read() {
        for (text, read) in [
            (
                "8\nJalovi\\U+0161te \\U+010Ca\\u+010D",
                "8\nJalovište Ča\\u+010D",
            ),
            ("\\U+0427\\U+0430", "Ча"),
            ("line\\U+000A0\\U+D83D\\U+01", "line\\U+000A0\\U+D83D\\U+01"),
        ] {
            assert_eq!(with_letters(text.to_owned()), read);
        }
    }

    #[test]
    fn curves_are_seen() {
        for (text, curves) in [
            ("0\nLINE\n8\nARC\n", false),
            ("0\nARC\n8\n0\n", true),
            ("0\nLWPOLYLINE\n10\n1.0\n42\n0.0\n", false),
            ("0\nLWPOLYLINE\n10\n1.0\n42\n-0.5\n", true),
            ("0\nINSERT\n42\n2.0\n", false),
        ] {
            assert_eq!(has_curves(text), curves, "{text}");
        }
    }
}
