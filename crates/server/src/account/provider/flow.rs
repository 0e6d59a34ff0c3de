//! The two halves of a sign-in: sending the browser to the provider, and what it comes back with.

use openidconnect::core::{CoreClient, CoreGenderClaim, CoreProviderMetadata, CoreResponseType};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EmptyAdditionalClaims, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse as _, UserInfoClaims,
};

use super::client::Http;
use super::{Claim, Provider};
use crate::account::secrets::same;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a sign-in came to nothing: what failed, and the whole story for the log.
#[derive(Debug, thiserror::Error)]
#[error("{doing} failed")]
pub struct FlowError {
    doing: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// Says what was being done when something failed.
fn while_<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
    doing: &'static str,
) -> impl FnOnce(E) -> FlowError {
    move |source| FlowError {
        doing,
        source: source.into(),
    }
}

/// What the browser keeps until it comes back from the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    state: String,
    nonce: String,
    verifier: String,
    /// The path of the page to go on to.
    pub to: String,
}

impl Kept {
    /// The value of its cookie.
    pub fn to_cookie(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("state", &self.state)
            .append_pair("nonce", &self.nonce)
            .append_pair("verifier", &self.verifier)
            .append_pair("to", &self.to)
            .finish()
    }

    /// Reads the value of its cookie.
    pub fn from_cookie(value: &str) -> Option<Self> {
        let fields: Vec<_> = form_urlencoded::parse(value.as_bytes()).collect();
        let field = |name: &str| {
            let (_, value) = fields.iter().find(|(key, _)| key == name)?;
            Some(value.clone().into_owned())
        };
        Some(Self {
            state: field("state")?,
            nonce: field("nonce")?,
            verifier: field("verifier")?,
            to: field("to")?,
        })
    }

    /// Whether this is the sign-in that the provider answers.
    pub fn is_of(&self, state: &str) -> bool {
        !self.state.is_empty() && same(&self.state, state)
    }
}

/// Who the provider says that somebody is.
#[derive(Debug)]
pub struct Person {
    /// The provider and its name for the person, which it never gives to another.
    pub identity: String,
    /// What names the account, when the provider says it.
    pub name: Option<String>,
}

impl Provider {
    /// Where to send the browser, and what it keeps meanwhile.
    pub async fn begin(&self, return_to: String, to: &str) -> Result<(String, Kept), FlowError> {
        let http = Http::new().map_err(while_("preparing"))?;
        let client = self.client(&http, return_to).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let kept = Kept {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            to: to.to_owned(),
        };
        Ok((address.to_string(), kept))
    }

    /// Who somebody is who came back with a code.
    pub async fn finish(
        &self,
        return_to: String,
        code: &str,
        kept: Kept,
    ) -> Result<Person, FlowError> {
        let http = Http::new().map_err(while_("preparing"))?;
        let client = self.client(&http, return_to).await?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(while_("finding the token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(kept.verifier))
            .request_async(&http)
            .await
            .map_err(while_("exchanging the code"))?;
        let token = answer.id_token();
        let token = token.ok_or_else(|| while_("reading the answer")("it has no ID token"))?;
        let claims = token
            .claims(&client.id_token_verifier(), &Nonce::new(kept.nonce))
            .map_err(while_("checking the ID token"))?;
        let identity = format!("{} {}", claims.issuer().as_str(), claims.subject().as_str());
        let name = match self.claim {
            Claim::PreferredUsername => claims.preferred_username().map(|one| one.to_string()),
            Claim::Email => verified(claims.email_verified(), claims.email().map(|one| &**one)),
        };
        if name.is_some() {
            return Ok(Person { identity, name });
        }
        let subject = claims.subject().clone();
        let Ok(asked) = client.user_info(answer.access_token().clone(), Some(subject)) else {
            return Ok(Person { identity, name });
        };
        let said: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> = asked
            .request_async(&http)
            .await
            .map_err(while_("asking about the person"))?;
        let name = match self.claim {
            Claim::PreferredUsername => said.preferred_username().map(|one| one.to_string()),
            Claim::Email => verified(said.email_verified(), said.email().map(|one| &**one)),
        };
        Ok(Person { identity, name })
    }

    /// A client of the provider as it describes itself now, with its keys of today.
    async fn client(&self, http: &Http, return_to: String) -> Result<Client, FlowError> {
        let doing = "finding the identity provider";
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(while_(doing))?;
        let described = CoreProviderMetadata::discover_async(issuer, http).await;
        let secret = self.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let client = CoreClient::from_provider_metadata(
            described.map_err(while_(doing))?,
            ClientId::new(self.client_id.clone()),
            secret,
        );
        let return_to = RedirectUrl::new(return_to).map_err(while_(doing))?;
        Ok(client.set_redirect_uri(return_to))
    }
}

/// An address that the provider has not verified may be anybody's.
fn verified(is_verified: Option<bool>, email: Option<&String>) -> Option<String> {
    email.filter(|_| is_verified == Some(true)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_keeps_reads_back() {
        let kept = Kept {
            state: "a-b_c".to_owned(),
            nonce: "n&=;%+".to_owned(),
            verifier: "v~".to_owned(),
            to: "/collections?q=рудник".to_owned(),
        };
        let cookie = kept.to_cookie();
        assert!(!cookie.contains([';', ',', ' ', '"', '\\']), "{cookie}");
        assert!(Kept::from_cookie(&cookie) == Some(kept.clone()));
        assert!(kept.is_of("a-b_c") && !kept.is_of("a-b") && !kept.is_of(""));
        assert!(Kept::from_cookie("state=a&nonce=b").is_none());
    }
}
