//! Signing in by an identity provider: `OpenID` Connect Core 1.0, the authorisation code flow with
//! PKCE (RFC 7636) and a nonce.

mod client;
mod flow;
mod pages;

use domain::account::{Role, Secret};

pub(crate) use pages::{begin, finish};

/// An identity provider that is asked who somebody is.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its address, under which it describes itself (`/.well-known/openid-configuration`).
    pub issuer: String,
    /// The name under which it knows this service.
    pub client_id: String,
    /// The secret that it shares with this service; without it the service is a public client.
    pub client_secret: Option<Secret>,
    /// Which of its statements about a person names the account.
    pub claim: Claim,
    /// The role of a new account for somebody without one; without it only those get in who have one.
    pub default_role: Option<Role>,
}

/// A statement of the provider about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// `preferred_username`.
    PreferredUsername,
    /// `email`, when the provider has verified it.
    Email,
}

impl Claim {
    /// The name in tokens (`OpenID` Connect Core 1.0, 5.1).
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreferredUsername => "preferred_username",
            Self::Email => "email",
        }
    }
}

impl std::str::FromStr for Claim {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::PreferredUsername, Self::Email]
            .into_iter()
            .find(|claim| claim.name() == text)
            .ok_or_else(|| "it is neither preferred_username nor email".to_owned())
    }
}
