//! Who asks: sign-in by password (HTTP Basic), by token (Bearer) or by the session of a browser.
//!
//! [`gate::identify`] looks at the credentials of every request; handlers find the [`Reader`] in
//! their [`Context`] and demand rights with [`Context::demand`].

pub(crate) mod access;
mod address;
mod credentials;
mod forgery;
mod form;
mod gate;
mod limiter;
pub(crate) mod manage;
mod page;
pub(crate) mod password;
pub(crate) mod profile;
pub mod provider;
mod refusal;
pub mod secrets;
mod session;
pub(crate) mod sign_in;
pub(crate) mod tokens;
mod verified;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::account::{Rights, Role, Secret, UserName};
use domain::region::{DistrictCode, MunicipalityCode};

use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Problem;

pub(crate) use address::Peer;
pub use address::{BadNetwork, Network};
pub(crate) use gate::{Gate, identify};
pub(crate) use refusal::Refusal;

/// Who asks.
#[derive(Clone, Debug, Default)]
pub enum Reader {
    /// Somebody without credentials.
    #[default]
    Anonymous,
    /// Somebody with an account.
    SignedIn(Arc<SignedIn>),
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The number of the account.
    pub account: i64,
    /// Its name: the author of revisions.
    pub name: UserName,
    /// What it may do, and where.
    pub rights: Rights,
    /// How it signed in.
    pub by: By,
}

/// How somebody signed in.
#[derive(Clone, Debug)]
pub enum By {
    /// HTTP Basic.
    Basic,
    /// HTTP Bearer.
    Token,
    /// The session of a browser.
    Session {
        /// What its forms carry in the field `csrf`, and its scripts in the header `X-CSRF-Token`.
        csrf_secret: Secret,
    },
}

impl Reader {
    /// What the reader may do; nothing special when anonymous.
    pub fn rights(&self) -> Rights {
        match self {
            Self::Anonymous => Rights::default(),
            Self::SignedIn(one) => one.rights.clone(),
        }
    }

    /// The account of the reader.
    pub fn signed_in(&self) -> Option<&SignedIn> {
        match self {
            Self::Anonymous => None,
            Self::SignedIn(one) => Some(one),
        }
    }
}

impl SignedIn {
    /// What the forms of the session carry in the field `csrf`; empty without a session.
    pub fn csrf_secret(&self) -> &str {
        match &self.by {
            By::Session { csrf_secret } => csrf_secret.reveal(),
            By::Basic | By::Token => "",
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    /// What [`identify`] found.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

impl Context {
    /// The reader's account, whose role has to be one that `may`.
    ///
    /// # Errors
    /// 401 for anonymous readers, 403 for those without the right.
    pub fn demand(&self, may: fn(Role) -> bool) -> Result<&SignedIn, ApiError> {
        match &self.reader {
            Reader::Anonymous => Err(self.refuse(Refusal::SignInNeeded)),
            Reader::SignedIn(one) if may(one.rights.role) => Ok(one),
            Reader::SignedIn(one) => Err(self.refuse(Refusal::NotAllowed {
                role: one.rights.role,
            })),
        }
    }

    /// The same for a record of these regions, which the account's limits have to cover.
    ///
    /// # Errors
    /// 401 for anonymous readers, 403 for those without the right, or without it there.
    pub fn demand_in(
        &self,
        may: fn(Role) -> bool,
        municipality: Option<MunicipalityCode>,
        district: Option<DistrictCode>,
    ) -> Result<&SignedIn, ApiError> {
        let one = self.demand(may)?;
        if one.rights.cover(municipality, district) {
            Ok(one)
        } else {
            let regions = one.rights.regions.iter().map(ToString::to_string);
            Err(self.refuse(Refusal::OutsideRegions {
                regions: regions.collect::<Vec<_>>().join(", "),
            }))
        }
    }

    fn refuse(&self, refusal: Refusal) -> ApiError {
        self.error(Problem::Account(refusal))
    }
}

/// The label of a token: at most 100 characters, without those that would break a line.
pub fn label(text: &str) -> Option<String> {
    let label: String = text
        .trim()
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    (label.chars().count() <= 100).then_some(label)
}
