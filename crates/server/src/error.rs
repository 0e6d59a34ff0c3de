//! The one error of handlers, and how it reaches the client: RFC 9457 problem details, or a page for
//! those who read pages.

use std::any::Any;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Lang;
use serde_json::json;
use store::StoreError;

use crate::App;
use crate::context::{Context, PROBLEM};
use crate::landing::json_response;
use crate::problem::{Problem, error_page};

/// An answer that is an error. [`tell`] puts it into words.
#[derive(Debug)]
pub struct ApiError {
    problem: Problem,
    lang: Lang,
}

impl ApiError {
    /// A problem told in the language of the request.
    pub const fn new(problem: Problem, lang: Lang) -> Self {
        Self { problem, lang }
    }

    /// An error of the store: logged in full, told in general terms.
    pub fn store(error: &StoreError, lang: Lang) -> Self {
        let problem = if error.is_unavailable() {
            Problem::Unavailable
        } else if error.is_of_calculation() {
            return Self::new(Problem::NoResult, lang);
        } else {
            Problem::Internal
        };
        tracing::error!(error = %Chain(error), "a query failed");
        Self { problem, lang }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.problem.kind().status.into_response();
        if let Problem::Account(refusal) = &self.problem {
            refusal.put_headers(response.headers_mut());
        }
        if let Problem::Edit(problem) = &self.problem {
            problem.put_headers(response.headers_mut());
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Puts errors into words, in the form that the client reads.
pub async fn tell(State(app): State<App>, request: Request, next: Next) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<Arc<ApiError>>() else {
        return response;
    };
    let context = Context {
        lang: error.lang,
        ..Context::of(&uri, headers, &app)
    };
    told(&context, &error.problem, &response)
}

fn told(context: &Context, problem: &Problem, response: &Response) -> Response {
    let mut told = if context.wants_page() {
        error_page(context, problem)
    } else {
        json_response(context, PROBLEM, &details(context, problem))
    };
    *told.status_mut() = response.status();
    let headers = told.headers_mut();
    // Such as `Allow`, or the ways to sign in.
    for name in response.headers().keys() {
        headers.remove(name);
    }
    for (name, value) in response.headers() {
        headers.append(name, value.clone());
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    told
}

fn details(context: &Context, problem: &Problem) -> serde_json::Value {
    let kind = problem.kind();
    let mut details = json!({
        "type": kind.address(&context.base_url),
        "title": kind.title.get(context.lang),
        "status": kind.status.as_u16(),
        "detail": problem.detail(context.lang),
    });
    if let Some(errors) = problem.errors(context.lang) {
        details["errors"] = errors;
    }
    details
}

/// An error with everything that caused it, for the log.
pub struct Chain<'e>(pub &'e (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

/// Answers for paths that do not exist.
pub async fn no_such_page(context: Context) -> ApiError {
    context.error(Problem::NoSuchPage {
        path: context.path.clone(),
    })
}

/// Answers for methods that a path does not have.
/// How they may be read, those that only are read say with the header `Allow`.
pub async fn method_not_allowed(method: Method, context: Context) -> Result<StatusCode, ApiError> {
    if method == Method::OPTIONS {
        return Ok(StatusCode::OK);
    }
    Err(context.error(Problem::MethodNotAllowed))
}

/// Answers when a handler panicked: the panic is in the log, not in the answer.
#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
pub fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(message, "a handler panicked");
    ApiError::new(Problem::Internal, Lang::En).into_response()
}
