//! Texts in XML.

/// Writes a text of an element or an attribute. A control character that XML 1.0 (2.2) cannot hold in
/// any form is written U+FFFD.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '"' => out.extend_from_slice(b"&quot;"),
            // A reader would turn it into a line feed.
            '\r' => out.extend_from_slice(b"&#13;"),
            '\t' | '\n' | '\u{20}'..='\u{fffd}' | '\u{10000}'.. => {
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => out.extend_from_slice("\u{fffd}".as_bytes()),
        }
    }
}

/// A text of an element or an attribute.
pub fn escaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    write_text(&mut out, text);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes `<name>text</name>`.
pub fn write_element(out: &mut Vec<u8>, name: &str, text: &str) {
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
    write_text(out, text);
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_control_characters_do_not_leave_as_they_are() {
        for (text, expected) in [
            ("</kml>", "&lt;/kml&gt;"),
            ("a & \"b\"", "a &amp; &quot;b&quot;"),
            ("]]>", "]]&gt;"),
            ("a\u{1}b\r\n", "a\u{fffd}b&#13;\n"),
            ("Ђ 😀", "Ђ 😀"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
