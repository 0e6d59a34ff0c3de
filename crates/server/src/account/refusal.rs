//! Why somebody is not let in, in words.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::account::Role;
use domain::code_list::Coded as _;
use domain::{Lang, Text};

use crate::problem::kinds::{self, Kind};

/// The name of the protected space (RFC 9110, 11.5).
const BASIC: HeaderValue =
    HeaderValue::from_static(r#"Basic realm="Mining Waste Cadastre", charset="UTF-8""#);
const BEARER: HeaderValue = HeaderValue::from_static(r#"Bearer realm="Mining Waste Cadastre""#);
const BAD_BEARER: HeaderValue =
    HeaderValue::from_static(r#"Bearer realm="Mining Waste Cadastre", error="invalid_token""#);

/// Why somebody is not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Only those with an account may.
    SignInNeeded,
    /// No such account, another password, a token that does not count: not told which.
    WrongCredentials,
    /// The role may not.
    NotAllowed {
        /// The role.
        role: Role,
    },
    /// The role does not count there.
    OutsideRegions {
        /// The codes of the regions where it counts.
        regions: String,
    },
    /// A request that another site may have made the browser send.
    Forged,
    /// Too many failed attempts.
    TooManyAttempts {
        /// After how many seconds to try again.
        seconds: u64,
    },
    /// Too many people sign in at once.
    Busy,
}

impl Refusal {
    /// Writes what else the client has to know: how to sign in, when to try again.
    pub fn put_headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::SignInNeeded => {
                headers.append(header::WWW_AUTHENTICATE, BASIC);
                headers.append(header::WWW_AUTHENTICATE, BEARER);
            }
            Self::WrongCredentials => {
                headers.append(header::WWW_AUTHENTICATE, BASIC);
                headers.append(header::WWW_AUTHENTICATE, BAD_BEARER);
            }
            Self::TooManyAttempts { .. } => self.put_retry(headers),
            Self::NotAllowed { .. } | Self::OutsideRegions { .. } | Self::Forged | Self::Busy => {}
        }
    }

    /// Writes when to try again.
    pub fn put_retry(&self, headers: &mut HeaderMap) {
        if let Self::TooManyAttempts { seconds } = self {
            headers.insert(header::RETRY_AFTER, (*seconds).into());
        }
    }

    /// This occurrence, in a sentence.
    pub fn detail(&self, lang: Lang) -> String {
        let template = self.template().get(lang).into_owned();
        match self {
            Self::NotAllowed { role } => template.replace("{role}", &role.entry().label.get(lang)),
            Self::OutsideRegions { regions } => template.replace("{regions}", regions),
            Self::TooManyAttempts { seconds } => {
                template.replace("{seconds}", &seconds.to_string())
            }
            Self::SignInNeeded | Self::WrongCredentials | Self::Forged | Self::Busy => template,
        }
    }

    /// Of which kind it is.
    pub const fn kind(&self) -> &'static Kind {
        match self {
            Self::SignInNeeded => &kinds::SIGN_IN_NEEDED,
            Self::WrongCredentials => &kinds::WRONG_CREDENTIALS,
            Self::NotAllowed { .. } => &kinds::NOT_ALLOWED,
            Self::OutsideRegions { .. } => &kinds::OUTSIDE_REGIONS,
            Self::Forged => &kinds::FOREIGN_FORM,
            Self::TooManyAttempts { .. } => &kinds::TOO_MANY_ATTEMPTS,
            Self::Busy => &kinds::SIGN_IN_BUSY,
        }
    }

    /// The sentence for an occurrence, with places for what was given.
    pub const fn template(&self) -> Text {
        match self {
            Self::SignInNeeded => Text::new(
                "Ово могу само пријављени. Пошаљите име и лозинку (HTTP Basic) или токен (Bearer).",
                "Only those who are signed in may do this. Send a name and password (HTTP Basic) \
                     or a token (Bearer).",
            ),
            Self::WrongCredentials => Text::new(
                "Име, лозинка или токен нису исправни, или више не важе. Исправите их, или их изоставите \
                     за јавне податке.",
                "The name, password or token is not right, or counts no longer. Correct it, or leave \
                     it out to read what is public.",
            ),
            Self::NotAllowed { .. } => Text::new(
                "Налог са улогом „{role}“ ово не може. Обратите се администратору.",
                "An account with the role “{role}” may not do this. Ask an administrator.",
            ),
            Self::OutsideRegions { .. } => Text::new(
                "Налог важи само за: {regions}. Обратите се администратору.",
                "The account counts only for: {regions}. Ask an administrator.",
            ),
            Self::Forged => Text::new(
                "Захтев није послат са странице овог сервиса, или је страница застарела. Отворите је \
                     поново и пошаљите још једном.",
                "The request was not sent from a page of this service, or the page is out of date. \
                     Open it again and send it once more.",
            ),
            Self::TooManyAttempts { .. } => Text::new(
                "Превише неуспелих пријава. Покушајте поново за {seconds} s.",
                "Too many sign-ins failed. Try again in {seconds} s.",
            ),
            Self::Busy => Text::new(
                "Превише људи се пријављује у исто време. Покушајте поново за неколико секунди.",
                "Too many people sign in at the same time. Try again in a few seconds.",
            ),
        }
    }
}
