//! OPTIONS: a browser that is about to ask across sites is answered before any handler; others want to
//! know what they may do with the resource, which only its handler can say.

use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::{Method, header};
use futures_util::future::Either;
use tower::{Layer, Service};

/// A layer that only browsers' questions and other methods than OPTIONS pass.
#[derive(Clone, Debug)]
pub struct OfBrowsers<L>(pub L);

impl<L: Layer<S>, S: Clone> Layer<S> for OfBrowsers<L> {
    type Service = Choice<L::Service, S>;

    fn layer(&self, inner: S) -> Self::Service {
        Choice {
            with: self.0.layer(inner.clone()),
            without: inner,
        }
    }
}

/// A service with a layer and the same without it.
#[derive(Clone, Debug)]
pub struct Choice<W, S> {
    with: W,
    without: S,
}

impl<W, S> Service<Request> for Choice<W, S>
where
    W: Service<Request>,
    S: Service<Request, Response = W::Response, Error = W::Error>,
{
    type Response = W::Response;
    type Error = W::Error;
    type Future = Either<W::Future, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        match self.with.poll_ready(context) {
            Poll::Ready(Ok(())) => self.without.poll_ready(context),
            other => other,
        }
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let is_asked = request.method() == Method::OPTIONS;
        let of_browser = header::ACCESS_CONTROL_REQUEST_METHOD;
        if is_asked && !request.headers().contains_key(of_browser) {
            Either::Right(self.without.call(request))
        } else {
            Either::Left(self.with.call(request))
        }
    }
}
