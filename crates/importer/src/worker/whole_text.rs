//! Text files that GDAL would decode by tables of the system, decoded here as a whole instead, by
//! the same rules as tables.

use super::charset::{Charset, line_at};
use super::encoding::{self, Declared, Place, RawText, Statement};
use super::failure::{Failure, failure};
use crate::protocol::EncodingDecision;

/// How the encoding of a file's text is to be found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    /// At inspection: the encoding that the user names, if any.
    Find(Option<&'a str>),
    /// At reading: what was decided at inspection.
    Known(Charset),
}

/// Decides how text is read: by the user's word, by the file's own where the text bears it out,
/// by the letters that come out.
pub(super) fn decide(
    texts: &[RawText<'_>],
    wanted: Wanted<'_>,
    statement: Option<&Statement>,
) -> Result<EncodingDecision, Failure> {
    let named = match wanted {
        Wanted::Find(named) => named.map(str::to_owned),
        Wanted::Known(charset) => Some(charset.to_string()),
    };
    let declared = Declared {
        heading: statement,
        ..Declared::default()
    };
    encoding::decide(texts, named.as_deref(), declared)
}

/// The text of a file, and how it was decoded.
pub(super) fn decoded(
    name: &str,
    bytes: &[u8],
    wanted: Wanted<'_>,
    statement: Option<&Statement>,
) -> Result<(String, EncodingDecision), Failure> {
    let texts = non_ascii_lines(bytes);
    let decision = match statement.and_then(wide) {
        Some(decision) => decision,
        None => decide(&texts, wanted, statement)?,
    };
    let charset: Charset = decision.name.parse().map_err(|error| failure!("{error}"))?;
    let text = charset.decode(bytes).map_err(|bad| {
        failure!(
            "line {} of {name:?} is not {charset} ({}); name the file's encoding",
            line_at(bytes, bad.offset),
            decision.evidence
        )
    })?;
    Ok((text.into_owned(), decision))
}

/// Bytes in pairs, marked at the beginning, are beyond doubt, and have no lines of bytes.
fn wide(statement: &Statement) -> Option<EncodingDecision> {
    let wide = [Charset::Utf16Le, Charset::Utf16Be];
    let charset = statement
        .charset()
        .filter(|charset| wide.contains(charset))?;
    Some(EncodingDecision {
        name: charset.to_string(),
        evidence: statement.words().clone(),
        samples: Vec::new(),
    })
}

/// The lines that are not ASCII alone, counted from 1.
fn non_ascii_lines(bytes: &[u8]) -> Vec<RawText<'_>> {
    let lines = bytes.split(|&byte| byte == b'\n').zip(1..);
    lines
        .filter(|(line, _)| !line.is_ascii())
        .map(|(line, row)| RawText {
            place: Place::Row(row),
            bytes: line,
            fills: false,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::message;

    use super::{Charset, Statement, Wanted, decoded};

    fn says(charset: Charset) -> Statement {
        Statement::of_heading(Some(charset), message!("заглавље", "the heading says so"))
    }

    #[test]
    fn a_statement_is_believed_as_far_as_the_text_bears_it_out() {
        for (bytes, statement, evidence) in [
            (
                b"Kru\x9Aevac".as_slice(),
                Some(says(Charset::Cp1250)),
                "the heading says so",
            ),
            (
                b"Kru\x9Aevac",
                Some(says(Charset::Utf8)),
                "most like Serbian",
            ),
            (
                b"Kru\x9Aevac",
                Some(says(Charset::Cp1252)),
                "most like Serbian",
            ),
            (b"Kru\x9Aevac", None, "most like Serbian"),
            (
                b"Kru\x9Aevac",
                Some(says(Charset::Utf8)),
                "the heading says so, but the text of row 1 is not; of CP1250",
            ),
            (
                b"Kru\x9Aevac",
                Some(Statement::of_heading(
                    None,
                    message!("a", "the heading says so"),
                )),
                "the heading says so, which is unknown here; of CP1250",
            ),
            (
                "Kruševac".as_bytes(),
                Some(says(Charset::Utf8)),
                "the heading says so",
            ),
        ] {
            let (text, decision) =
                decoded("a", bytes, Wanted::Find(None), statement.as_ref()).unwrap();
            assert_eq!(text, "Kruševac");
            assert!(decision.evidence.en.contains(evidence), "{decision:?}");
        }
        let windows = b"\xC8a\xE8ak, Kru\x9Aevac, jalovi\x9Ate, \x8Eagubica";
        let cyrillic = Some(says(Charset::Cp1251));
        let (text, decision) =
            decoded("a", windows, Wanted::Find(None), cyrillic.as_ref()).unwrap();
        assert_eq!(text, "Čačak, Kruševac, jalovište, Žagubica");
        let evidence = &decision.evidence.en;
        assert!(
            evidence.contains("the heading says so, but then it would read \"Иaиak"),
            "{evidence}"
        );
        let named = Wanted::Find(Some("UTF-8"));
        assert!(decoded("a", b"Kru\x9Aevac", named, None).is_err());
    }
}
