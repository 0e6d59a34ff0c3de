//! The gate that every request passes: it finds out who asks.

use std::net::IpAddr;
use std::sync::Arc;
use std::thread::available_parallelism;

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use domain::account::{Role, Secret, UserName};
use store::account::Account;
use store::{Store, StoreError};
use tokio::sync::Semaphore;

use super::access::SameForAll;
use super::credentials::Credentials;
use super::forgery::{self, Sender};
use super::limiter::Limiter;
use super::provider::Provider;
use super::secrets::{SecretError, digest, is_password};
use super::verified::Verified;
use super::{By, Peer, Reader, Refusal, SignedIn, address};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Problem;
use crate::stream::moment;

/// The most passwords that are hashed at once: each takes a core and 19 MiB.
const HASHES_AT_ONCE: usize = 4;
/// The most that wait for it.
const WAITING: usize = 64;

/// What it takes to find out who asks.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    app: App,
    limiter: Limiter,
    verified: Verified,
    hashing: Arc<Semaphore>,
    waiting: Semaphore,
}

/// Why it was not found out.
#[derive(Debug)]
pub enum Denied {
    /// It was refused.
    Refused(Refusal),
    /// The database does not answer.
    Store(StoreError),
    /// The thread that hashes a password ended early.
    Hashing,
    /// There are no random numbers.
    Secret(SecretError),
}

impl From<SecretError> for Denied {
    fn from(error: SecretError) -> Self {
        Self::Secret(error)
    }
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Denied {
    /// The answer, in the language of the request.
    pub fn told(self, context: &Context) -> ApiError {
        match self {
            Self::Refused(refusal) => context.error(Problem::Account(refusal)),
            Self::Store(error) => context.store_error(&error),
            Self::Hashing => context.error(Problem::Internal),
            Self::Secret(error) => context.internal(&error, "a session"),
        }
    }
}

impl Gate {
    /// A gate before a service.
    pub fn before(app: &App) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Inner {
            app: app.clone(),
            limiter: Limiter::default(),
            verified: Verified::nothing(),
            hashing: Arc::new(Semaphore::new(cores.min(HASHES_AT_ONCE))),
            waiting: Semaphore::new(WAITING),
        }))
    }

    /// The identity provider.
    pub fn provider(&self) -> Option<&Provider> {
        self.0.app.config.provider.as_ref()
    }

    /// The register.
    pub fn store(&self) -> &Store {
        &self.0.app.store
    }

    /// The account of a name and password.
    pub async fn by_password(
        &self,
        name: &str,
        given: &Secret,
        from: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<Account, Denied> {
        let name: Option<UserName> = name.parse().ok();
        let account = match &name {
            Some(name) => self.0.app.store.account(name).await?,
            None => None,
        };
        let hash = account
            .as_ref()
            .and_then(|account| account.password_hash.clone());
        let counted = name.as_ref().map_or("", UserName::as_str);
        let right = self.verify(counted, given, hash, from, now).await?;
        account
            .filter(|account| right && account.disabled_at.is_none())
            .ok_or(Denied::Refused(Refusal::WrongCredentials))
    }

    /// Whether the password is that of the hash: from memory, else by hashing, which takes as long
    /// when there is no hash.
    async fn verify(
        &self,
        name: &str,
        given: &Secret,
        hash: Option<Secret>,
        from: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<bool, Denied> {
        let Inner {
            limiter, verified, ..
        } = &*self.0;
        let known = || {
            hash.as_ref()
                .is_some_and(|hash| verified.knows(given, hash, now))
        };
        if known() {
            return Ok(true);
        }
        let _place = self.0.waiting.try_acquire().map_err(|_| Refusal::Busy)?;
        let turn = Arc::clone(&self.0.hashing).acquire_owned().await;
        // Of several requests with one password the first has answered for the others.
        if known() {
            return Ok(true);
        }
        limiter
            .attempt(name, from, now)
            .map_err(|seconds| Refusal::TooManyAttempts { seconds })?;
        let (asked, of) = (given.clone(), hash.clone());
        let right = tokio::task::spawn_blocking(move || {
            // Held to the end of the work, also when nobody waits for it any more.
            let _turn = turn;
            is_password(&asked, of.as_ref())
        });
        let right = right.await.map_err(|_| Denied::Hashing)?;
        if right && let Some(hash) = &hash {
            limiter.forgive(name, from);
            verified.note(given, hash, now);
        } else {
            // People type passwords into the wrong field: a name that nobody has is not written down.
            let name = hash.is_some().then_some(name);
            tracing::warn!(name, %from, "a sign-in failed");
        }
        Ok(right)
    }

    async fn reader(
        &self,
        credentials: Credentials,
        from: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<Reader, Denied> {
        let store = &self.0.app.store;
        match credentials {
            Credentials::Password { name, password } => {
                let account = self.by_password(&name, &password, from, now).await?;
                Ok(signed_in(account, By::Basic))
            }
            Credentials::Token(token) => {
                let account = store.account_of_token(&digest(&token), now).await?;
                let account = account.ok_or(Refusal::WrongCredentials)?;
                Ok(signed_in(account, By::Token))
            }
            // A session that has ended is not an error: the reader sees what everybody sees.
            Credentials::Session(id) => {
                let found = store.account_of_session(&digest(&id), now).await?;
                Ok(found.map_or(Reader::Anonymous, |(account, csrf_secret)| {
                    signed_in(account, By::Session { csrf_secret })
                }))
            }
            Credentials::Unreadable => Err(Refusal::WrongCredentials.into()),
        }
    }

    /// The name of the session's cookie: over TLS one that only this host may set, for itself.
    pub fn cookie_name(&self) -> &'static str {
        if self.is_secure() {
            "__Host-cadastre-session"
        } else {
            "cadastre-session"
        }
    }

    /// Whether users reach the service over TLS.
    pub fn is_secure(&self) -> bool {
        let url = self.0.app.config.public_url.as_deref();
        url.is_some_and(|url| url.starts_with("https://"))
    }

    /// Where a browser says that the request comes from.
    pub fn sender(&self, headers: &HeaderMap) -> Sender {
        forgery::sender(headers, self.0.app.config.public_url.as_deref())
    }

    /// The address of the client.
    pub fn client(&self, peer: Option<Peer>, headers: &HeaderMap) -> IpAddr {
        address::client(peer, headers, &self.0.app.config.trusted_proxies)
    }

    /// Refuses what another site may have made a browser send.
    async fn unforged(
        &self,
        request: Request,
        reader: &Reader,
    ) -> Result<Request, (Request, Denied)> {
        let Reader::SignedIn(one) = reader else {
            return Ok(request);
        };
        if forgery::is_safe(request.method()) {
            return Ok(request);
        }
        let sender = self.sender(request.headers());
        let (request, right) = match &one.by {
            By::Token => (request, true),
            By::Basic => (request, sender != Sender::Foreign),
            By::Session { csrf_secret } => {
                let (request, carried) = forgery::carries(request, csrf_secret.reveal()).await;
                (request, carried && sender != Sender::Foreign)
            }
        };
        if right {
            Ok(request)
        } else {
            Err((request, Refusal::Forged.into()))
        }
    }
}

fn signed_in(account: Account, by: By) -> Reader {
    Reader::SignedIn(Arc::new(SignedIn {
        account: account.id,
        name: account.name,
        rights: account.rights,
        by,
    }))
}

/// Finds out who asks and tells the handlers. Wrong credentials are refused, also where none are
/// needed: who sends them means them.
pub async fn identify(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let Some(credentials) = Credentials::of(headers, gate.cookie_name()) else {
        return next.run(request).await;
    };
    let from = gate.client(request.extensions().get().copied(), headers);
    let reader = match gate.reader(credentials, from, moment()).await {
        Ok(reader) => reader,
        Err(denied) => return tell(&gate, request, denied).await,
    };
    let mut request = match gate.unforged(request, &reader).await {
        Ok(request) => request,
        Err((request, denied)) => return tell(&gate, request, denied).await,
    };
    let role = reader.signed_in().map(|one| one.rights.role);
    request.extensions_mut().insert(reader);
    let mut response = next.run(request).await;
    if let Some(role) = role {
        keep_private(&mut response, role);
    }
    response
}

async fn tell(gate: &Gate, request: Request, denied: Denied) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(context) = Context::from_request_parts(&mut parts, &gate.0.app).await;
    denied.told(&context).into_response()
}

/// What somebody reads who is signed in is for nobody else: no shared cache keeps it, and no cache at all
/// what may hold restricted fields.
fn keep_private(response: &mut Response, role: Role) {
    let same_for_all = response.extensions().get::<SameForAll>().is_some();
    let kept = if role.may_read_restricted() && !same_for_all {
        "private, no-store"
    } else {
        "private, no-cache"
    };
    let headers = response.headers_mut();
    headers.append(
        header::VARY,
        HeaderValue::from_static("Authorization, Cookie"),
    );
    let never_kept = headers
        .get(header::CACHE_CONTROL)
        .is_some_and(|value| value == "no-store");
    if !never_kept {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    }
}
