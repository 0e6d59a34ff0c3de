//! What a page's form sends.

use std::convert::Infallible;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use domain::account::Secret;

/// The longest form.
const LONGEST: usize = 64 * 1024;

/// The fields of a form (WHATWG URL, application/x-www-form-urlencoded). Debug shows none of them.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The value of a field; empty when the form does not have it.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// The value of a field that must not be shown.
    pub fn secret(&self, name: &str) -> Secret {
        Secret::new(self.text(name))
    }
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Infallible;

    /// A body that is too long or ends early is an empty form.
    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let body = to_bytes(request.into_body(), LONGEST).await;
        let body = body.unwrap_or_default();
        let fields = form_urlencoded::parse(&body).into_owned();
        Ok(Self(fields.collect()))
    }
}
