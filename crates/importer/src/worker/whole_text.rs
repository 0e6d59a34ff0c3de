//! Text files that GDAL would decode by tables of the system, decoded here as a whole instead, by
//! the same rules as tables.

use domain::lang::Message;

use super::charset::{Charset, line_at};
use super::encoding::{self, Declared, RawText};
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

/// What a file says of its own encoding.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The encoding.
    pub(super) charset: Charset,
    /// Where the file says so.
    pub(super) words: Message,
}

/// Decides how text is read: by the user's word, by the file's own where the text bears it out,
/// by the letters that come out.
pub(super) fn decide(
    texts: &[RawText<'_>],
    wanted: Wanted<'_>,
    statement: Option<Statement>,
) -> Result<EncodingDecision, Failure> {
    let named = match wanted {
        Wanted::Find(named) => named.map(str::to_owned),
        Wanted::Known(charset) => Some(charset.to_string()),
    };
    if let (None, Some(statement)) = (&named, statement) {
        // Programs set up for Western Europe say so over Serbian text, too.
        let doubtful = statement.charset == Charset::Cp1252 && !texts.is_empty();
        let name = statement.charset.to_string();
        if let (false, Ok(decision)) = (
            doubtful,
            encoding::decide(texts, Some(&name), Declared::default()),
        ) {
            return Ok(EncodingDecision {
                evidence: statement.words,
                ..decision
            });
        }
    }
    encoding::decide(texts, named.as_deref(), Declared::default())
}

/// The text of a file, and how it was decoded.
pub(super) fn decoded(
    name: &str,
    bytes: &[u8],
    wanted: Wanted<'_>,
    statement: Option<Statement>,
) -> Result<(String, EncodingDecision), Failure> {
    let texts = non_ascii_lines(bytes);
    let decision = match wide(statement.as_ref()) {
        Some(statement) => EncodingDecision {
            name: statement.charset.to_string(),
            evidence: statement.words.clone(),
            samples: Vec::new(),
        },
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
fn wide(statement: Option<&Statement>) -> Option<&Statement> {
    let wide = [Charset::Utf16Le, Charset::Utf16Be];
    statement.filter(|statement| wide.contains(&statement.charset))
}

/// The lines that are not ASCII alone, counted from 1.
fn non_ascii_lines(bytes: &[u8]) -> Vec<RawText<'_>> {
    let lines = bytes.split(|&byte| byte == b'\n').zip(1..);
    lines
        .filter(|(line, _)| !line.is_ascii())
        .map(|(line, row)| RawText {
            row,
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
        Statement {
            charset,
            words: message!("заглавље", "the heading says so"),
        }
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
                "Kruševac".as_bytes(),
                Some(says(Charset::Utf8)),
                "the heading says so",
            ),
        ] {
            let (text, decision) = decoded("a", bytes, Wanted::Find(None), statement).unwrap();
            assert_eq!(text, "Kruševac");
            assert!(decision.evidence.en.contains(evidence), "{decision:?}");
        }
        let named = Wanted::Find(Some("UTF-8"));
        assert!(decoded("a", b"Kru\x9Aevac", named, None).is_err());
    }
}
