//! KML brought to the form in which GDAL's driver loses nothing, with nothing in it that refers to
//! other files.
//!
//! Where a placemark has both typed and untyped data, the driver drops one of them without a word;
//! so typed data (`SchemaData`, `SimpleData`: OGC 07-147r2, 9.5) become untyped (`Data`), which is
//! what they are for the register: it reads every value as the type of its field. `NetworkLink`s
//! are taken out: GDAL would follow them.

use super::container::Container;
use super::failure::{Failure, failure};
use super::xml_tags::{Tag, next, past_end};

/// A KML text without schemas and links, and where its links lead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) text: String,
    /// The addresses of links to other files, as written.
    pub(super) links: Vec<String>,
}

/// Elements that are taken out with all that is in them.
const REMOVED: [&str; 2] = ["Schema", "NetworkLink"];

/// Elements of a track: places with moments. GDAL's library for KML ends the process on them.
const TRACKS: [&str; 2] = ["Track", "MultiTrack"];

/// Brings the KML text of the file `name` to its plain form.
///
/// # Errors
/// A track of a GPS receiver, which is no survey's outline.
pub(super) fn plain(name: &str, kml: &str) -> Result<Plain, Failure> {
    let mut text = String::with_capacity(kml.len());
    let mut links = Vec::new();
    let mut rest = kml;
    while let Some((piece, after)) = next(rest) {
        rest = after;
        match Tag::of(piece) {
            Some(tag) if REMOVED.contains(&tag.local) && tag.opens => {
                let after = past_end(rest, &tag);
                let within = rest.get(..rest.len() - after.len()).unwrap_or_default();
                if tag.local == "NetworkLink" {
                    links.push(address(within).unwrap_or_default().to_owned());
                }
                rest = after;
            }
            Some(tag) if TRACKS.contains(&tag.local) => return Err(track(name, &tag)),
            Some(tag) => write(&mut text, piece, &tag),
            None => text.push_str(piece),
        }
    }
    Ok(Plain { text, links })
}

/// The text of the first `href` within a link.
fn address(link: &str) -> Option<&str> {
    let mut rest = link;
    while let Some((piece, after)) = next(rest) {
        rest = after;
        if Tag::of(piece).is_some_and(|tag| tag.local == "href" && tag.opens) {
            return next(rest).map(|(text, _)| text.trim());
        }
    }
    None
}

/// Whether a link of the file `name` leads to another file of its archive.
pub(super) fn leads_to_member(container: &Container, name: &str, link: &str) -> bool {
    let link = link.strip_prefix("./").unwrap_or(link);
    let folder = name.rsplit_once('/').map(|(folder, _)| folder);
    let path = folder.map_or_else(|| link.to_owned(), |folder| format!("{folder}/{link}"));
    container.has(&path)
}

fn track(name: &str, tag: &Tag<'_>) -> Failure {
    failure!(
        "{name:?} holds a GPS track (<{}{}>), which says where somebody went and is no survey's \
         outline; convert it to a line or a polygon (in QGIS: open it and save it as a GeoPackage), \
         and import that",
        tag.prefix,
        tag.local
    )
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
        assert_eq!(plain("a.kml", typed).unwrap().text, untyped);
        let prefixed = "<kml:SimpleData name='h'>1</kml:SimpleData>";
        let untyped = "<kml:Data name='h'><kml:value>1</kml:value></kml:Data>";
        assert_eq!(plain("a.kml", prefixed).unwrap().text, untyped);
    }

    #[test]
    fn links_are_taken_out_and_told() {
        let linked = "<a><NetworkLink><Link><href>http://x/y.kml</href></Link></NetworkLink>\
                      <NetworkLinkControl/></a>";
        let found = plain("a.kml", linked).unwrap();
        assert_eq!(
            (found.text.as_str(), found.links),
            (
                "<a><NetworkLinkControl/></a>",
                vec!["http://x/y.kml".to_owned()]
            )
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
            assert_eq!(plain("a.kml", text).unwrap().text, text);
        }
    }

    #[test]
    fn tracks_are_refused_by_name() {
        for (text, said) in [
            ("<a><gx:Track><when/></gx:Track></a>", "(<gx:Track>)"),
            ("<a><MultiTrack xmlns='x'/></a>", "(<MultiTrack>)"),
        ] {
            let refused = plain("put.kml", text).unwrap_err().0;
            assert!(
                refused.contains("\"put.kml\" holds a GPS track"),
                "{refused}"
            );
            assert!(refused.contains(said), "{refused}");
        }
        assert!(plain("a.kml", "<name><![CDATA[<gx:Track>]]></name>").is_ok());
    }
}
