//! Sessions of browsers: how they begin and end.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, TimeDelta, Utc};
use domain::account::Secret;
use store::account::Account;
use store::account::session::NewSession;

use super::credentials::cookie_value;
use super::gate::{Denied, Gate};
use super::secrets::{digest, random};

/// How long somebody stays signed in: a working day.
const LASTING: TimeDelta = TimeDelta::hours(12);

impl Gate {
    /// Begins a session of an account: the value of the header `Set-Cookie`.
    pub async fn open_session(
        &self,
        account: &Account,
        now: DateTime<Utc>,
    ) -> Result<HeaderValue, Denied> {
        let id = random()?;
        let session = NewSession {
            digest: digest(&id),
            account: account.id,
            csrf_secret: random()?,
            expires_at: now + LASTING,
        };
        self.store().open_session(&session, now).await?;
        tracing::info!(name = %account.name, "somebody signed in");
        Ok(self.cookie(self.cookie_name(), &id, LASTING))
    }

    /// Ends the session of a request: the value of the header `Set-Cookie`.
    pub async fn close_session(&self, headers: &HeaderMap) -> Result<HeaderValue, Denied> {
        if let Some(id) = cookie_value(headers, self.cookie_name()) {
            self.store()
                .close_session(&digest(&Secret::new(id)))
                .await?;
        }
        let nothing = Secret::default();
        Ok(self.cookie(self.cookie_name(), &nothing, TimeDelta::zero()))
    }

    /// A cookie that scripts do not see and that other sites' forms do not carry (RFC 6265 bis).
    pub fn cookie(&self, name: &str, value: &Secret, lasting: TimeDelta) -> HeaderValue {
        let secure = if self.is_secure() { "; Secure" } else { "" };
        let text = format!(
            "{name}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
            value.reveal(),
            lasting.num_seconds()
        );
        let mut header = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }
}

/// An answer that leads on to a page of the service and sets cookies.
pub fn lead_to(address: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(address) = HeaderValue::from_str(address) {
        headers.insert(header::LOCATION, address);
    }
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The path of a page of this service; anything else leads to the reader's own page, so that nobody is
/// led elsewhere from here.
pub fn inner_path(to: &str) -> &str {
    let leads_out = to.starts_with("//") || to.contains('\\') || to.contains(char::is_control);
    if to.starts_with('/') && !leads_out && to.is_ascii() {
        to
    } else {
        "/account"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        for (to, path) in [
            ("/collections?f=html", "/collections?f=html"),
            ("", "/account"),
            ("https://evil.example/", "/account"),
            ("//evil.example/", "/account"),
            ("/\\evil.example/", "/account"),
            ("/\t/evil.example/", "/account"),
        ] {
            assert_eq!(inner_path(to), path, "{to}");
        }
    }
}
