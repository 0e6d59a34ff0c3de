//! What can be wrong with an edit.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::lang::Message;
use domain::layer::Layer;
use domain::record::Finding;
use domain::{Lang, message};
use importer::edit::Obstacle;
use serde_json::{Value, json};

use super::MOST_BYTES;
use crate::problem::kinds::{self, Kind};

/// A problem with an edit.
#[derive(Debug)]
pub enum EditProblem {
    /// What is sent is no edit.
    Malformed {
        /// Why, and what to do next.
        detail: Message,
    },
    /// What is sent is of another media type.
    OtherType {
        /// Those that are taken.
        taken: &'static str,
    },
    /// The layer takes no such edits.
    NotTaken {
        /// The methods that its resource has, as `Allow` lists them.
        allowed: String,
    },
    /// More bytes than an edit may have.
    TooLarge,
    /// The layer demands that an edit says from which state it is made.
    ConditionNeeded {
        /// The layer.
        layer: &'static str,
    },
    /// The record would not be as it has to be.
    Refused {
        /// The layer.
        layer: &'static Layer,
        /// What is wrong: the place of the edit, where it is one of several, and the finding.
        findings: Vec<(Option<usize>, Finding)>,
    },
    /// It does not fit what the register says.
    Hindered {
        /// The place of the edit, where it is one of several.
        at: Option<usize>,
        /// Why.
        obstacle: Obstacle,
    },
}

impl EditProblem {
    /// Of which kind it is.
    pub const fn kind(&self) -> &'static Kind {
        match self {
            Self::Malformed { .. } => &kinds::BAD_EDIT,
            Self::OtherType { .. } => &kinds::OTHER_MEDIA_TYPE,
            Self::NotTaken { .. } => &kinds::METHOD_NOT_ALLOWED,
            Self::TooLarge => &kinds::EDIT_TOO_LARGE,
            Self::ConditionNeeded { .. } => &kinds::CONDITION_NEEDED,
            Self::Refused { .. } => &kinds::EDIT_REFUSED,
            Self::Hindered { obstacle, .. } => match obstacle {
                Obstacle::NoSuchFeature { .. } => &kinds::NO_SUCH_FEATURE,
                Obstacle::Stale { .. } => &kinds::CHANGED_MEANWHILE,
                Obstacle::CodeTaken { .. } => &kinds::CODE_TAKEN,
                Obstacle::Named { .. } => &kinds::STILL_NAMED,
                Obstacle::Repeated { .. } => &kinds::BAD_EDIT,
            },
        }
    }

    /// This occurrence, in a sentence.
    pub fn detail(&self, lang: Lang) -> String {
        let message = match self {
            Self::Malformed { detail } => detail.clone(),
            Self::OtherType { taken } => message!(
                "Садржај је друге врсте него што се овде прима. Заглавље Content-Type може бити: {taken}.",
                "The body is of another media type than is taken here. The header Content-Type can be: \
                 {taken}."
            ),
            Self::NotTaken { allowed } => message!(
                "Слој се овако не мења. Може се: {allowed}.",
                "The layer is not edited so. There are: {allowed}."
            ),
            Self::TooLarge => message!(
                "Измена сме да има највише {MOST_BYTES} бајтова. Поделите је, или пошаљите датотеку на \
                 `/uploads`.",
                "An edit may have at most {MOST_BYTES} bytes. Divide it, or send a file to `/uploads`."
            ),
            Self::ConditionNeeded { layer } => message!(
                "Слој `{layer}` прима само измене које кажу од ког стања полазе. Пошаљите ETag прочитаног \
                 објекта у заглављу If-Match.",
                "The layer `{layer}` takes only edits that say from which state they are made. Send the \
                 ETag of the feature as it was read in the header If-Match."
            ),
            Self::Refused { findings, .. } => refusal(findings),
            Self::Hindered { at, obstacle } => in_place(*at, obstacle.message()),
        };
        message.get(lang).into_owned()
    }

    /// Writes what else the client has to know: which methods there are.
    pub fn put_headers(&self, headers: &mut HeaderMap) {
        if let Self::NotTaken { allowed } = self
            && let Ok(allowed) = HeaderValue::from_str(allowed)
        {
            headers.insert(header::ALLOW, allowed);
        }
    }

    /// What is wrong with which member, as RFC 9457 shows in its example (section 3).
    pub fn errors(&self, lang: Lang) -> Option<Value> {
        let Self::Refused { layer, findings } = self else {
            return None;
        };
        let one = |(at, finding): &(Option<usize>, Finding)| {
            let detail = finding.message.get(lang);
            match pointer(layer, *at, finding) {
                Some(pointer) => json!({ "detail": detail, "pointer": pointer }),
                None => json!({ "detail": detail }),
            }
        };
        Some(findings.iter().map(one).collect())
    }
}

/// Where in the document the finding is (RFC 6901).
fn pointer(layer: &Layer, at: Option<usize>, finding: &Finding) -> Option<String> {
    let beginning = at.map_or_else(String::new, |at| format!("/edits/{at}/feature"));
    match &finding.field {
        Some(name) if *name == layer.geometry_column => Some(format!("{beginning}/geometry")),
        Some(name) => {
            let name = name.replace('~', "~0").replace('/', "~1");
            Some(format!("{beginning}/properties/{name}"))
        }
        None if beginning.is_empty() => None,
        None => Some(beginning),
    }
}

fn refusal(findings: &[(Option<usize>, Finding)]) -> Message {
    let Some((at, first)) = findings.first() else {
        return Message::default();
    };
    let field = first.field.as_deref().unwrap_or_default();
    let (sr, en) = (&first.message.sr, &first.message.en);
    let colon = if field.is_empty() { "" } else { ": " };
    let more = findings.len() - 1;
    let told = if more == 0 {
        message!(
            "Измена није прихваћена. {field}{colon}{sr}.",
            "The edit is not accepted. {field}{colon}{en}."
        )
    } else {
        message!(
            "Измена није прихваћена. {field}{colon}{sr}. Још таквих: {more}; све су у `errors`.",
            "The edit is not accepted. {field}{colon}{en}. There are {more} more of the kind; all are in \
             `errors`."
        )
    };
    in_place(*at, told)
}

fn in_place(at: Option<usize>, told: Message) -> Message {
    let Some(at) = at else {
        return told;
    };
    let Message { sr, en } = told;
    message!("Измена {at} (од 0): {sr}", "Edit {at} (from 0): {en}")
}
