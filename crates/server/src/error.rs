//! The one error of handlers, and how it reaches the client: RFC 9457 problem details.

use std::any::Any;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Lang;
use serde_json::json;
use store::StoreError;

use crate::context::Context;
use crate::problem::Problem;

/// An answer that is an error: what, and in which language to say it.
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
        let status = self.problem.status();
        let body = json!({
            "type": self.problem.type_uri(),
            "title": self.problem.title(self.lang),
            "status": status.as_u16(),
            "detail": self.problem.detail(self.lang),
        });
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/problem+json"),
            ),
            (
                header::CONTENT_LANGUAGE,
                HeaderValue::from_static(self.lang.tag()),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let mut response = (status, headers, body.to_string()).into_response();
        if let Problem::Account(refusal) = &self.problem {
            refusal.put_headers(response.headers_mut());
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
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
pub async fn method_not_allowed(context: Context) -> ApiError {
    context.error(Problem::MethodNotAllowed)
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
