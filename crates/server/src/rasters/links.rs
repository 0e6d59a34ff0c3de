//! The links of a survey to everything that is read out of it.

use domain::layers::SURVEYS;
use store::feature::{Feature, ValueRef};

use crate::context::Context;
use crate::links::Link;
use crate::rasters::{cutout, files, heights, profile, statistics, tilesets};

/// A survey as its links need it.
pub struct Linked<'s> {
    /// The path of its feature, without a slash at the end.
    pub path: String,
    /// The code of its kind, such as `dtm`.
    pub kind: &'s str,
}

/// The links of one topic.
type Topic = fn(&Context, &Linked<'_>) -> Vec<Link>;

/// The topics, in the order of their links.
const TOPICS: &[Topic] = &[
    tilesets::links,
    files::links,
    cutout::links,
    heights::links,
    profile::links,
    statistics::links,
];

/// The links of a feature of the layer `surveys`; none of one without an image.
pub fn of(context: &Context, feature: &Feature) -> Vec<Link> {
    let text = |name| match feature.value(name) {
        Ok(ValueRef::Text(text)) => Some(text),
        _ => None,
    };
    let (Some(_), Ok(id)) = (text("image_sha256"), feature.id()) else {
        return Vec::new();
    };
    let linked = Linked {
        path: format!("/collections/{}/items/{id}", SURVEYS.id),
        kind: text("kind").unwrap_or_default(),
    };
    let links = TOPICS.iter().map(|topic| topic(context, &linked));
    links.flatten().collect()
}
