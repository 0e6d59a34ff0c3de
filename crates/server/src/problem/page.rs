//! The kinds of problems explained, and the page of an error.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::Text;
use serde_json::{Value, json};

use super::Problem;
use super::kinds::{self, KINDS, Kind};
use crate::context::{Context, Format, HTML, JSON};
use crate::error::ApiError;
use crate::landing::{html_response, json_response};
use crate::links::{Link, own};
use crate::pages::{Frame, HOME};

const OFFERED: &[Format] = &[JSON, HTML];
/// The list of kinds, above each.
const PROBLEMS: (&str, Text) = (
    "/problems",
    Text::new("Врсте проблема", "Kinds of problems"),
);

/// `GET /problems`: every kind of problem that an answer can name as its `type` (RFC 9457, 3.1.1).
pub async fn list(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(OFFERED)?;
    if format == HTML {
        let page = ProblemsPage {
            frame: Frame::of(&context, &[HOME]),
        };
        return Ok(html_response(&context, &page));
    }
    let kinds = KINDS.iter().map(|kind| explained(&context, kind));
    let body = json!({
        "title": PROBLEMS.1.get(context.lang),
        "problems": kinds.collect::<Vec<_>>(),
        "links": own(&context, format, OFFERED),
    });
    Ok(json_response(&context, format, &body))
}

/// `GET /problems/{kind}`: one of them.
pub async fn one(Path(name): Path<String>, context: Context) -> Result<Response, ApiError> {
    let path = || context.path.clone();
    let kind =
        kinds::find(&name).ok_or_else(|| context.error(Problem::NoSuchPage { path: path() }))?;
    context.only(&[])?;
    let format = context.format(OFFERED)?;
    if format == HTML {
        let frame = Frame::of(&context, &[HOME, PROBLEMS]);
        return Ok(html_response(&context, &ProblemPage { frame, kind }));
    }
    let mut body = explained(&context, kind);
    let mut links = own(&context, format, OFFERED);
    links.push(Link::to(
        &context,
        PROBLEMS.0,
        "collection",
        JSON.media_type,
    ));
    body["links"] = json!(links);
    Ok(json_response(&context, format, &body))
}

fn explained(context: &Context, kind: &Kind) -> Value {
    json!({
        "type": kind.address(&context.base_url),
        "title": kind.title.get(context.lang),
        "status": kind.status.as_u16(),
        "description": kind.about.get(context.lang),
    })
}

impl Kind {
    /// The identifier of the kind, which is also where it is explained.
    pub fn address(&self, base_url: &str) -> String {
        format!("{base_url}{}", self.path())
    }

    fn path(&self) -> String {
        format!("{}/{}", PROBLEMS.0, self.name)
    }
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    frame: Frame,
}

impl ProblemsPage {
    fn kinds() -> &'static [&'static Kind] {
        KINDS
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    kind: &'static Kind,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    kind: &'static Kind,
    detail: String,
}

/// The page that tells a reader of pages of a problem.
pub fn error_page(context: &Context, problem: &Problem) -> Response {
    let page = ErrorPage {
        frame: Frame::of(context, &[HOME]),
        kind: problem.kind(),
        detail: problem.detail(context.lang),
    };
    html_response(context, &page)
}
