//! KML brought to the form in which GDAL's driver loses nothing, with nothing in it that refers to
//! other files.
//!
//! Where a placemark has both typed and untyped data, the driver drops one of them without a word;
//! so typed data (`SchemaData`, `SimpleData`: OGC 07-147r2, 9.5) become untyped (`Data`), which is
//! what they are for the register: it reads every value as the type of its field. `NetworkLink`s
//! are taken out.

use super::xml_tags::{Tag, next, past_end};

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
