//! Requests that another site makes a browser send in its user's name.
//!
//! A browser adds cookies and known Basic passwords by itself, so what changes something has to come
//! from a page of this service (`Origin`, `Sec-Fetch-Site`), and within a session also carry its
//! secret, which other sites cannot read. Programs that are no browsers send neither header.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Uri, header};

use super::secrets::same;

/// The field of forms with the secret of the session.
pub const FIELD: &str = "csrf";
/// The header of scripts with the secret of the session.
const HEADER: &str = "x-csrf-token";
/// The longest form that is looked into.
const LONGEST_FORM: usize = 64 * 1024;

/// Whether a method changes nothing (RFC 9110, 9.2.1).
pub fn is_safe(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    )
}

/// Where a browser says that a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A page of this service.
    Own,
    /// A page of another site.
    Foreign,
    /// It is not said: no browser, or a very old one.
    Unsaid,
}

/// Who sent a request to the service at this address.
pub fn sender(headers: &HeaderMap, public_url: Option<&str>) -> Sender {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let own = match text(header::ORIGIN) {
        Some(origin) => is_own(origin, public_url, text(header::HOST)),
        None => match text(header::HeaderName::from_static("sec-fetch-site")) {
            Some(site) => site == "same-origin",
            None => return Sender::Unsaid,
        },
    };
    if own { Sender::Own } else { Sender::Foreign }
}

/// Without a configured address only host and port are known: a proxy may have taken the TLS away.
fn is_own(origin: &str, public_url: Option<&str>, host: Option<&str>) -> bool {
    let Ok(origin) = origin.parse::<Uri>() else {
        return false;
    };
    match public_url.map(str::parse::<Uri>) {
        Some(Ok(url)) => origin.scheme() == url.scheme() && origin.authority() == url.authority(),
        Some(Err(_)) => false,
        None => {
            let host = host.and_then(|host| host.parse::<Authority>().ok());
            host.is_some() && origin.authority() == host.as_ref()
        }
    }
}

/// The request again, and whether it carries the secret of the session: in a header, in a field of a
/// form, or, for files, in the address.
pub async fn carries(request: Request, secret: &str) -> (Request, bool) {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(given) = text(HEADER) {
        let right = same(given, secret);
        return (request, right);
    }
    let kind = text("content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        let right = has_field(request.uri().query().unwrap_or_default().as_bytes(), secret);
        return (request, right);
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return (request, false);
    }
    let (parts, body) = request.into_parts();
    let form = to_bytes(body, LONGEST_FORM).await.unwrap_or_default();
    let right = has_field(&form, secret);
    (Request::from_parts(parts, Body::from(form)), right)
}

fn has_field(form: &[u8], secret: &str) -> bool {
    form_urlencoded::parse(form).any(|(name, value)| name == FIELD && same(&value, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_this_service_is_told_from_others() {
        let configured = Some("https://cadastre.example.org/register");
        for (public_url, host, origin, site, expected) in [
            (
                configured,
                "x",
                "https://cadastre.example.org",
                "",
                Sender::Own,
            ),
            (
                configured,
                "x",
                "http://cadastre.example.org",
                "",
                Sender::Foreign,
            ),
            (configured, "x", "https://example.org", "", Sender::Foreign),
            (configured, "x", "null", "", Sender::Foreign),
            (
                configured,
                "x",
                "https://evil.example",
                "same-origin",
                Sender::Foreign,
            ),
            (configured, "x", "", "same-origin", Sender::Own),
            (configured, "x", "", "same-site", Sender::Foreign),
            (configured, "x", "", "cross-site", Sender::Foreign),
            (configured, "x", "", "", Sender::Unsaid),
            (
                None,
                "127.0.0.1:8080",
                "http://127.0.0.1:8080",
                "",
                Sender::Own,
            ),
            (
                None,
                "127.0.0.1:8080",
                "https://127.0.0.1:8080",
                "",
                Sender::Own,
            ),
            (
                None,
                "127.0.0.1:8080",
                "http://127.0.0.1:9090",
                "",
                Sender::Foreign,
            ),
            (None, "", "http://127.0.0.1:8080", "", Sender::Foreign),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("host", host), ("origin", origin), ("sec-fetch-site", site)] {
                if !value.is_empty() {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(
                sender(&headers, public_url),
                expected,
                "{public_url:?} {origin} {site}"
            );
        }
    }

    async fn carried(kind: &str, address: &str, header: Option<&str>, body: &'static str) -> bool {
        let mut request = Request::post(address).header("content-type", kind);
        if let Some(header) = header {
            request = request.header(HEADER, header);
        }
        let (request, right) = carries(request.body(body.into()).unwrap(), "s+1").await;
        let kept = to_bytes(request.into_body(), 1_000).await.unwrap();
        assert_eq!(kept, body);
        right
    }

    #[tokio::test]
    async fn the_secret_is_found_where_it_belongs_alone() {
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        for (kind, address, header, body, right) in [
            (form, "/", None, "label=a&csrf=s%2B1", true),
            (form, "/", None, "label=a&csrf=s1", false),
            (form, "/", None, "label=a", false),
            (form, "/?csrf=s%2B1", None, "label=a", false),
            (form, "/", Some("s+1"), "label=a", true),
            (form, "/", Some("other"), "csrf=s%2B1", false),
            ("application/json", "/", Some("s+1"), "{}", true),
            ("application/json", "/", None, "csrf=s%2B1", false),
            ("text/plain", "/?csrf=s%2B1", None, "", false),
            (
                "multipart/form-data; boundary=x",
                "/?csrf=s%2B1",
                None,
                "",
                true,
            ),
            (
                "multipart/form-data; boundary=x",
                "/",
                None,
                "csrf=s%2B1",
                false,
            ),
        ] {
            let found = carried(kind, address, header, body).await;
            assert_eq!(found, right, "{kind} {address} {header:?} {body}");
        }
    }
}
