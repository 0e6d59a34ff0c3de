//! Letters that an earlier program lost: a question mark, or the character U+FFFD, stands where
//! each was. Which letter it was is not guessed.

use domain::lang::Message;
use domain::message;
use domain::record::{Finding, Severity};

use crate::protocol::SourceValue;

/// A warning when letters of a text are lost.
pub(super) fn finding(field: &str, value: &SourceValue) -> Option<Finding> {
    let text = match value {
        SourceValue::Text(text) => lost(text).then_some(text),
        SourceValue::TextList(texts) => texts.iter().find(|text| lost(text)),
        _ => None,
    }?;
    Some(Finding::of(Severity::Warning, field, words(text)))
}

fn words(text: &str) -> Message {
    message!(
        "у тексту „{text}“ недостају слова, која је неки ранији програм заменио упитником или знаком \
         \u{fffd}; исправите их према извору",
        "letters are missing in the text \"{text}\": an earlier program put question marks or \u{fffd} \
         in their place; correct them after the source"
    )
}

/// Whether letters of a text are lost.
fn lost(text: &str) -> bool {
    text.contains('\u{fffd}') || (text.contains('?') && text.split_whitespace().any(is_damaged))
}

/// Whether question marks stand in a word where letters do: between letters, before a letter, or
/// in place of all of them. One after a word asks.
fn is_damaged(word: &str) -> bool {
    /// Somebody who does not know writes one or two.
    const WHOLE_WORD: usize = 3;
    let is_address = word.contains("://") || word.contains('=');
    let mut rest = word.trim_start_matches(|c: char| c != '?' && !c.is_alphabetic());
    if is_address {
        return false;
    }
    while let Some(at) = rest.find('?') {
        let after = rest[at..].trim_start_matches('?');
        let marks = rest.len() - at - after.len();
        let whole = marks >= WHOLE_WORD && at == 0 && after.is_empty();
        if whole || after.starts_with(char::is_alphabetic) {
            return true;
        }
        rest = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_in_the_place_of_letters_are_found() {
        for text in [
            "Kru?evac",
            "Flotacijsko jalovi?te Bor",
            "?a?ak",
            "(?uprija)",
            "Kru\u{fffd}evac",
            "Pe\u{fffd}",
            "???? ????",
            "????????, ????",
            "D?urin ?ot",
        ] {
            assert!(lost(text), "{text}");
        }
    }

    #[test]
    fn questions_are_none() {
        for text in [
            "Kruševac",
            "da li je zatvoreno?",
            "?",
            "??",
            "Bor ?",
            "1987?",
            "1987?-1992",
            "http://example.org/a?b=c",
            "tip?;status?",
            "",
        ] {
            assert!(!lost(text), "{text}");
        }
    }

    #[test]
    fn the_finding_names_field_and_text() {
        let list = SourceValue::TextList(vec!["Bor".into(), "Kru?evac".into()]);
        let found = finding("name", &list).unwrap();
        assert_eq!(found.severity, Severity::Warning);
        assert_eq!(found.field.as_deref(), Some("name"));
        assert!(
            found.message.en.contains("\"Kru?evac\""),
            "{}",
            found.message
        );
        assert!(
            found.message.sr.contains("„Kru?evac“"),
            "{}",
            found.message.sr
        );
        assert_eq!(finding("name", &SourceValue::Integer(3)), None);
    }
}
