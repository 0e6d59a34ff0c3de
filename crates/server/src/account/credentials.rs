//! What a request says about who sends it.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::account::Secret;

/// Credentials, as they are given.
#[derive(Debug, PartialEq, Eq)]
pub enum Credentials {
    /// HTTP Basic (RFC 7617), in UTF-8.
    Password {
        /// The name.
        name: String,
        /// The password.
        password: Secret,
    },
    /// HTTP Bearer (RFC 6750).
    Token(Secret),
    /// The cookie of a session.
    Session(Secret),
    /// An `Authorization` header that is none of these.
    Unreadable,
}

impl Credentials {
    /// The credentials of a request; the header `Authorization` goes before a cookie.
    pub fn of(headers: &HeaderMap, cookie: &str) -> Option<Self> {
        match headers.get(header::AUTHORIZATION) {
            Some(value) => {
                let text = value.to_str().unwrap_or_default();
                Some(authorization(text).unwrap_or(Self::Unreadable))
            }
            None => cookie_value(headers, cookie).map(|id| Self::Session(Secret::new(id))),
        }
    }
}

fn authorization(text: &str) -> Option<Credentials> {
    let (scheme, rest) = text.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Credentials::Token(Secret::new(rest)));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    let (name, password) = pair.split_once(':')?;
    Some(Credentials::Password {
        name: name.to_owned(),
        password: Secret::new(password),
    })
}

/// The value of a cookie (RFC 6265, 4.2).
pub fn cookie_value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(name: &'static str, value: &str) -> Option<Credentials> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        Credentials::of(&headers, "session")
    }

    #[test]
    fn credentials_are_read_as_clients_write_them() {
        let password = |name: &str, password: &str| Credentials::Password {
            name: name.to_owned(),
            password: Secret::new(password),
        };
        for (value, expected) in [
            // RFC 7617, 2 and 2.1: the second one has a pound sign in UTF-8.
            (
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
                password("Aladdin", "open sesame"),
            ),
            ("basic dGVzdDoxMjPCow==", password("test", "123£")),
            // A password may have colons: `a:b:c`.
            ("Basic YTpiOmM=", password("a", "b:c")),
            (
                "Bearer  mF_9.B5f-4.1JqM",
                Credentials::Token(Secret::new("mF_9.B5f-4.1JqM")),
            ),
            ("Basic", Credentials::Unreadable),
            ("Basic !!!", Credentials::Unreadable),
            ("Basic YWI=", Credentials::Unreadable),
            ("Digest username=\"a\"", Credentials::Unreadable),
        ] {
            assert_eq!(
                credentials("authorization", value),
                Some(expected),
                "{value}"
            );
        }
    }

    #[test]
    fn the_cookie_of_the_session_is_found_among_others() {
        for (value, id) in [
            ("session=abc", Some("abc")),
            ("a=b; session=abc; c=d", Some("abc")),
            ("xsession=abc", None),
            ("session", None),
        ] {
            let expected = id.map(|id| Credentials::Session(Secret::new(id)));
            assert_eq!(credentials("cookie", value), expected, "{value}");
        }
    }
}
