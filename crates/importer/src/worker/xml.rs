//! XML files: decoded, and kept from defining entities.

use domain::message;

use super::charset::Charset;
use super::container::Container;
use super::encoding::Statement;
use super::failure::{Failure, failure};
use super::whole_text::{Wanted, decoded};
use crate::protocol::EncodingDecision;

/// The text of an XML file as UTF-8, with a declaration that says so.
///
/// # Errors
/// Entities of its own, by which a small file becomes a large one or takes another file in.
pub(super) fn load(
    container: &mut Container,
    name: &str,
    wanted: Wanted<'_>,
) -> Result<(String, EncodingDecision), Failure> {
    let bytes = container.bytes(name)?;
    let statement = statement(&bytes);
    let (text, decision) = decoded(name, &bytes, wanted, Some(&statement))?;
    drop(bytes);
    let body = without_declaration(&text);
    if body.contains("<!ENTITY") {
        return Err(failure!(
            "{name:?} defines entities (<!ENTITY), as files made to do harm do; export it again"
        ));
    }
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}");
    Ok((text, decision))
}

/// XML 1.0, appendix F: a byte order mark, or the encoding of the declaration, or UTF-8.
fn statement(bytes: &[u8]) -> Statement {
    let marked = match bytes {
        [0xFF, 0xFE, ..] => Some(Charset::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Charset::Utf16Be),
        _ => None,
    };
    if let Some(charset) = marked {
        let words = message!(
            "ознака редоследа бајтова на почетку каже {charset}",
            "the byte order mark at the beginning says {charset}"
        );
        return Statement::of_heading(Some(charset), words);
    }
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned();
    let declared = head.split_once("?>").and_then(|(declaration, _)| {
        let value = declaration
            .split_once("encoding")?
            .1
            .trim_start_matches([' ', '=']);
        let quote = value.chars().next()?;
        value.split(quote).nth(1).map(str::to_owned)
    });
    let Some(name) = declared else {
        let words = message!(
            "XML који не каже друго је UTF-8",
            "XML that does not say otherwise is UTF-8"
        );
        return Statement::of_heading(Some(Charset::Utf8), words);
    };
    let words = message!(
        "XML декларација каже {name}",
        "the XML declaration says {name}"
    );
    Statement::of_heading(name.parse().ok(), words)
}

fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}');
    match text.split_once("?>") {
        Some((before, body)) if before.starts_with("<?xml") => body,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{statement, without_declaration};

    #[test]
    fn the_declaration_says_the_encoding() {
        for (bytes, name) in [
            (
                b"<?xml version=\"1.0\" encoding=\"windows-1250\"?><a/>".as_slice(),
                "CP1250",
            ),
            (
                b"<?xml version='1.0' encoding = 'ISO-8859-2' ?><a/>",
                "ISO-8859-2",
            ),
            (b"<?xml version='1.0'?><a encoding='x'/>", "UTF-8"),
            (b"<a/>", "UTF-8"),
            (b"\xFF\xFE<\0a\0", "UTF-16LE"),
        ] {
            assert_eq!(statement(bytes).charset().unwrap().to_string(), name);
        }
    }

    #[test]
    fn the_declaration_is_taken_off() {
        assert_eq!(
            without_declaration("\u{feff}<?xml version='1.0'?><a/>"),
            "<a/>"
        );
        assert_eq!(without_declaration("<a><?b?></a>"), "<a><?b?></a>");
    }
}
