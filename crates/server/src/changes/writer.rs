//! A page of the feed as JSON.

use serde_json::json;
use store::changes::{Change, Feed};

use super::Request;
use crate::context::Context;
use crate::crs::ServedCrs;
use crate::geojson::{WriteError, write_feature};
use crate::links::Link;
use crate::revisions::shown;

/// The revisions of a page with their changes; a feature that stands is told as it stood then, as
/// `GeoJSON`, and one that was deleted by its id.
pub fn page(
    context: &Context,
    request: &Request,
    feed: &Feed,
    links: Option<&[Link]>,
) -> Result<Vec<u8>, WriteError> {
    let mut out = Vec::with_capacity(16 * 1024);
    out.extend_from_slice(br#"{"revisions":["#);
    for (at, (revision, changes)) in feed.revisions.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        open(&mut out, &shown(context, revision).to_string());
        out.extend_from_slice(br#","changes":["#);
        for (at, (layer, change)) in changes.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            write_change(&mut out, layer.id, change)?;
        }
        out.extend_from_slice(b"]}");
    }
    let mut end = json!({
        "since": request.since.to_string(),
        "reached": feed.reached.to_string(),
        "more": feed.more,
    });
    if let Some(links) = links {
        end["links"] = json!(links);
    }
    out.extend_from_slice(b"],");
    // The members continue the object that the revisions began.
    out.extend_from_slice(&end.to_string().as_bytes()[1..]);
    Ok(out)
}

/// Writes an object without its last brace, so that members can follow.
fn open(out: &mut Vec<u8>, object: &str) {
    out.extend_from_slice(object.trim_end_matches('}').as_bytes());
}

fn write_change(out: &mut Vec<u8>, layer: &str, change: &Change) -> Result<(), WriteError> {
    let act = change.act().code();
    open(
        out,
        &json!({ "layer": layer, "act": act, "id": change.id }).to_string(),
    );
    if let Some(feature) = &change.after {
        out.extend_from_slice(br#","feature":"#);
        write_feature(out, feature, ServedCrs::CRS84)?;
        out.push(b'}');
    }
    out.push(b'}');
    Ok(())
}
