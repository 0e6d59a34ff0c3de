//! Requests to the identity provider.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::http::Response;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::Client;
use reqwest::redirect::Policy;

/// The provider answers in this time, or not at all.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer; keys and statements are a few kilobytes.
const LONGEST: usize = 1024 * 1024;

/// Why the provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The request could not be sent, or the answer ended early.
    #[error("the identity provider does not answer")]
    Request(#[from] reqwest::Error),
    /// Much more than an answer has.
    #[error("the identity provider answers with more than {LONGEST} bytes")]
    TooLong,
    /// An answer that is none.
    #[error("the identity provider's answer is not one of HTTP")]
    Answer(#[from] openidconnect::http::Error),
}

/// A client that follows no redirection, so that a provider cannot send us elsewhere.
pub struct Http(Client);

impl Http {
    /// A client with the certificates of the operating system.
    pub fn new() -> Result<Self, HttpError> {
        // Another part may have chosen it before; it is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder().redirect(Policy::none()).timeout(PATIENCE);
        Ok(Self(builder.build()?))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await? {
            body.extend_from_slice(&part);
            if body.len() > LONGEST {
                return Err(HttpError::TooLong);
            }
        }
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        Ok(response.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
