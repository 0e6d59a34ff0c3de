//! The tags of an XML text, one after the other, for changing it in few places.

/// The next tag, comment, CDATA section or stretch of text, and what follows it.
pub(super) fn next(rest: &str) -> Option<(&str, &str)> {
    let end_of = |mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    let length = if rest.is_empty() {
        return None;
    } else if rest.starts_with("<!--") {
        end_of("-->")
    } else if rest.starts_with("<![CDATA[") {
        end_of("]]>")
    } else if rest.starts_with('<') {
        end_of(">")
    } else {
        rest.find('<').unwrap_or(rest.len())
    };
    rest.split_at_checked(length)
}

/// A tag, taken apart.
pub(super) struct Tag<'a> {
    /// The prefix with its colon, or nothing.
    pub(super) prefix: &'a str,
    /// The name without the prefix.
    pub(super) local: &'a str,
    /// What follows the name, without the end.
    pub(super) attributes: &'a str,
    /// Whether it begins an element that has an end tag.
    pub(super) opens: bool,
    /// Whether it ends an element.
    pub(super) closes: bool,
}

impl<'a> Tag<'a> {
    /// The tag that a piece is, if it is one.
    pub(super) fn of(piece: &'a str) -> Option<Self> {
        let inner = piece.strip_prefix('<')?.strip_suffix('>')?;
        if inner.starts_with(['!', '?']) {
            return None;
        }
        let closes = inner.starts_with('/');
        let empty = inner.ends_with('/');
        let inner = inner.trim_start_matches('/').trim_end_matches('/');
        let name_end = inner.find(char::is_whitespace).unwrap_or(inner.len());
        let (name, attributes) = inner.split_at_checked(name_end)?;
        let local_at = name.find(':').map_or(0, |at| at + 1);
        let (prefix, local) = name.split_at_checked(local_at)?;
        Some(Self {
            prefix,
            local,
            attributes,
            opens: !closes && !empty,
            closes,
        })
    }

    /// The value of an attribute, as it is written.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        loop {
            let (found, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next()?;
            let (value, after) = after.get(1..)?.split_once(quote)?;
            if found.trim() == name {
                return Some(value);
            }
            rest = after;
        }
    }
}

/// What follows the end of an element; elements of these kinds do not contain one another.
pub(super) fn past_end<'a>(rest: &'a str, tag: &Tag<'_>) -> &'a str {
    let end = format!("</{}{}", tag.prefix, tag.local);
    let after = rest
        .match_indices(&end)
        .filter_map(|(at, found)| rest.get(at + found.len()..))
        .find(|after| after.starts_with(|c: char| c == '>' || c.is_whitespace()));
    after.map_or("", |after| {
        after.split_once('>').map_or("", |(_, after)| after)
    })
}

#[cfg(test)]
mod tests {
    use super::{Tag, next, past_end};

    #[test]
    fn a_text_is_taken_apart_without_loss() {
        let text = "<?a?><x:row r=\"3\" s='1'>č<![CDATA[<b>]]><!-- <c> --></x:row><d/>";
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((piece, after)) = next(rest) {
            pieces.push(piece);
            rest = after;
        }
        assert_eq!(pieces.concat(), text);
        assert_eq!(
            pieces[1..5],
            [
                "<x:row r=\"3\" s='1'>",
                "č",
                "<![CDATA[<b>]]>",
                "<!-- <c> -->"
            ]
        );
        let tag = Tag::of(pieces[1]).unwrap();
        assert_eq!(
            (tag.prefix, tag.local, tag.opens, tag.closes),
            ("x:", "row", true, false)
        );
        assert_eq!(
            (tag.attribute("r"), tag.attribute("s")),
            (Some("3"), Some("1"))
        );
        assert_eq!(tag.attribute("t"), None);
        assert_eq!(past_end("a</x:rows></x:row ><d/>", &tag), "<d/>");
    }
}
