//! KML brought to the form in which GDAL's driver loses nothing, with nothing in it that refers to
//! other files.
//!
//! Where a placemark has both typed and untyped data, the driver drops one of them without a word;
//! so typed data (`SchemaData`, `SimpleData`: OGC 07-147r2, 9.5) become untyped (`Data`), which is
//! what they are for the register: it reads every value as the type of its field. `NetworkLink`s
//! are taken out.

/// A KML text without schemas and links, and how many links it had.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) text: String,
    /// Links to other files, which are not followed.
    pub(super) links: usize,
}

/// Elements that are taken out with all that is in them.
const REMOVED: [&str; 2] = ["Schema", "NetworkLink"];

/// Brings a KML text to its plain form.
pub(super) fn plain(kml: &str) -> Plain {
    let mut text = String::with_capacity(kml.len());
    let mut links = 0;
    let mut rest = kml;
    while let Some((piece, after)) = next(rest) {
        rest = after;
        match Tag::of(piece) {
            Some(tag) if REMOVED.contains(&tag.local) && tag.opens => {
                links += usize::from(tag.local == "NetworkLink");
                rest = past_end(rest, &tag);
            }
            Some(tag) => write(&mut text, piece, &tag),
            None => text.push_str(piece),
        }
    }
    Plain { text, links }
}

/// The next tag, comment, CDATA section or stretch of text, and what follows it.
fn next(rest: &str) -> Option<(&str, &str)> {
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
struct Tag<'a> {
    /// The prefix with its colon, or nothing.
    prefix: &'a str,
    /// The name without the prefix.
    local: &'a str,
    /// What follows the name, without the end.
    attributes: &'a str,
    /// Whether it begins an element that has an end tag.
    opens: bool,
    closes: bool,
}

impl<'a> Tag<'a> {
    fn of(piece: &'a str) -> Option<Self> {
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
}

fn write(text: &mut String, piece: &str, tag: &Tag<'_>) {
    let prefix = tag.prefix;
    match tag.local {
        "SimpleData" if tag.closes => {
            text.extend(["</", prefix, "value></", prefix, "Data>"]);
        }
        "SimpleData" if tag.opens => {
            text.extend(["<", prefix, "Data", tag.attributes, "><", prefix, "value>"]);
        }
        "Schema" | "NetworkLink" | "SchemaData" | "SimpleData" => {}
        _ => text.push_str(piece),
    }
}

/// What follows the end of an element; elements of these kinds do not contain one another.
fn past_end<'a>(rest: &'a str, tag: &Tag<'_>) -> &'a str {
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
    use super::plain;

    #[test]
    fn typed_data_become_untyped() {
        let typed = "<Schema id='s'><SimpleField name='h' type='double'/></Schema><ExtendedData>\
                     <SchemaData schemaUrl='#s'><SimpleData name='h'>1.5</SimpleData>\
                     <SimpleData name='n'/></SchemaData><Data name='c'><value>x</value></Data>\
                     </ExtendedData>";
        let untyped = "<ExtendedData><Data name='h'><value>1.5</value></Data>\
                       <Data name='c'><value>x</value></Data></ExtendedData>";
        assert_eq!(plain(typed).text, untyped);
        let prefixed = "<kml:SimpleData name='h'>1</kml:SimpleData>";
        let untyped = "<kml:Data name='h'><kml:value>1</kml:value></kml:Data>";
        assert_eq!(plain(prefixed).text, untyped);
    }

    #[test]
    fn links_are_taken_out_and_counted() {
        let linked = "<a><NetworkLink><Link><href>http://x/y.kml</href></Link></NetworkLink>\
                      <NetworkLinkControl/></a>";
        let found = plain(linked);
        assert_eq!(
            (found.text.as_str(), found.links),
            ("<a><NetworkLinkControl/></a>", 1)
        );
    }

    #[test]
    fn text_that_only_looks_like_a_tag_stays() {
        for text in [
            "<description><![CDATA[<Schema>a</Schema>]]></description>",
            "<!-- <SimpleData> --><a>č &lt;</a>",
            "a < b",
            "<open",
        ] {
            assert_eq!(plain(text).text, text);
        }
    }
}
