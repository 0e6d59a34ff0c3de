//! Several edits of a layer in one document: what is sent to be carried out together, and what is kept of
//! an edit that waits for review.

use domain::Layer;
use domain::edit::{EditAction, Said};
use domain::message;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::plan::revision_of;
use super::{Asked, BadEdit, MOST_EDITS, Planned, ToWgs84, read};

/// Edits that are carried out together, or not at all.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// The reference system of the coordinates, as `Content-Crs` names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crs: Option<String>,
    /// The edits, at most [`MOST_EDITS`].
    pub edits: Vec<Edit>,
}

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edit {
    /// What is to be done.
    pub action: EditAction,
    /// To which feature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The entity tags of the states from which it may be made, as in the header `If-Match`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<String>,
    /// A `GeoJSON` feature, or the parts of one that change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature: Option<Json>,
}

impl Document {
    /// The edits of a layer that the document asks for.
    ///
    /// # Errors
    /// The place of the edit that cannot be read, from 0, unless it is the document, and why.
    pub fn asked(
        &self,
        layer: &'static Layer,
        to_wgs84: ToWgs84<'_>,
    ) -> Result<Vec<Asked>, (Option<usize>, BadEdit)> {
        if self.edits.is_empty() || self.edits.len() > MOST_EDITS {
            return Err((None, wrong_number(self.edits.len())));
        }
        let edits = self.edits.iter().enumerate();
        edits
            .map(|(at, edit)| edit.asked(layer, to_wgs84).map_err(|bad| (Some(at), bad)))
            .collect()
    }

    /// Notes of each edit the state from which it is made now, so that it takes effect later only if that
    /// is still the state.
    pub fn bind(&mut self, planned: &[Planned]) {
        for (edit, planned) in self.edits.iter_mut().zip(planned) {
            let before = planned.before.as_ref().filter(|_| edit.id.is_some());
            edit.if_match = before.map(|before| format!("\"{}\"", revision_of(before)));
        }
    }
}

impl Edit {
    fn asked(&self, layer: &'static Layer, to_wgs84: ToWgs84<'_>) -> Result<Asked, BadEdit> {
        let action = self.action;
        if self.id.is_some() == (action == EditAction::Insert) {
            return Err(wrong_id());
        }
        let (said, findings) = match (&self.feature, action) {
            (_, EditAction::Delete) => (Said::default(), Vec::new()),
            (Some(feature), _) => read(layer, action, feature, to_wgs84)?,
            (None, _) => return Err(no_feature()),
        };
        Ok(Asked {
            action,
            id: self.id,
            if_match: self.if_match.as_deref().and_then(revisions_of),
            said,
            findings,
        })
    }
}

/// The revisions that entity tags of features name; `None` for `*`, which is any. A tag that is weak only
/// because an answer was packed names the state as well.
pub fn revisions_of(tags: &str) -> Option<Vec<i64>> {
    if tags.trim() == "*" {
        return None;
    }
    let revision = |tag: &str| {
        let tag = tag.trim().trim_start_matches("W/").trim_start_matches('"');
        let digits = tag.find(|letter: char| !letter.is_ascii_digit());
        tag[..digits.unwrap_or(tag.len())].parse().ok()
    };
    Some(tags.split(',').filter_map(revision).collect())
}

fn wrong_number(count: usize) -> BadEdit {
    BadEdit(message!(
        "У документу је {count} измена, а може их бити од 1 до {MOST_EDITS}. Поделите их.",
        "The document has {count} edits, and there can be 1 to {MOST_EDITS}. Divide them."
    ))
}

fn wrong_id() -> BadEdit {
    BadEdit(message!(
        "Измени постојећег објекта треба `id`, а додавању не; исправите то.",
        "An edit of a feature that is there needs its `id`, and an insertion has none; correct that."
    ))
}

fn no_feature() -> BadEdit {
    BadEdit(message!(
        "Изостављен је `feature`: објекат GeoJSON, или његови делови који се мењају.",
        "There is no `feature`: a GeoJSON feature, or the parts of one that change."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_revisions() {
        for (tags, revisions) in [
            ("*", None),
            ("\"17-00ff-json\"", Some(vec![17])),
            ("W/\"17-00ff-json\", \"9-1\"", Some(vec![17, 9])),
            ("\"17\"", Some(vec![17])),
            ("\"x\"", Some(vec![])),
            ("", Some(vec![])),
        ] {
            assert_eq!(revisions_of(tags), revisions, "{tags}");
        }
    }
}
