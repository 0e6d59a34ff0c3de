//! Rewrites a database address of sqlx for PostgreSQL's own programs.

/// An address that libpq understands, its password apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub url: String,
    pub password: Option<String>,
}

impl Address {
    /// Takes the password out, renames sqlx's spellings of parameters, and drops the
    /// parameter that only sqlx has.
    pub fn for_libpq(url: &str) -> Self {
        let (body, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut url, mut password) = take_password(body);
        let mut kept = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("password", value)) => password = Some(percent_decode(value)),
                Some(("statement-cache-capacity", _)) => {}
                Some((name, value)) => kept.push(format!("{}={value}", libpq_name(name))),
                None => kept.push(pair.to_owned()),
            }
        }
        if !kept.is_empty() {
            url = format!("{url}?{}", kept.join("&"));
        }
        Self { url, password }
    }
}

fn libpq_name(name: &str) -> &str {
    match name {
        "ssl-mode" => "sslmode",
        "ssl-root-cert" | "ssl-ca" => "sslrootcert",
        "ssl-cert" => "sslcert",
        "ssl-key" => "sslkey",
        other => other,
    }
}

/// Splits `scheme://user:password@host…` into the address without and the password.
fn take_password(body: &str) -> (String, Option<String>) {
    let whole = || (body.to_owned(), None);
    let Some((scheme, rest)) = body.split_once("://") else {
        return whole();
    };
    let authority_end = rest.find('/').unwrap_or(rest.len());
    let Some(at) = rest[..authority_end].rfind('@') else {
        return whole();
    };
    match rest[..at].split_once(':') {
        Some((user, password)) => {
            let url = format!("{scheme}://{user}{}", &rest[at..]);
            (url, Some(percent_decode(password)))
        }
        None => whole(),
    }
}

/// Undoes `%41`-style escapes; leaves what is not one as it is.
fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = tail.get(..2).filter(|_| first == b'%').and_then(hex_byte);
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (high, low) = (digit(*digits.first()?)?, digit(*digits.get(1)?)?);
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_rewritten() {
        let table = [
            ("postgres://u:p@h:1/d", "postgres://u@h:1/d", Some("p")),
            (
                "postgres://u:p%40%3Aq@h/d",
                "postgres://u@h/d",
                Some("p@:q"),
            ),
            ("postgres://u:100%@h/d", "postgres://u@h/d", Some("100%")),
            ("postgres://u@h/d", "postgres://u@h/d", None),
            (
                "postgres:///d?host=%2Frun",
                "postgres:///d?host=%2Frun",
                None,
            ),
            (
                "postgres://h/d?user=u&password=%C5%BE",
                "postgres://h/d?user=u",
                Some("ž"),
            ),
            (
                "postgres://h/d?ssl-mode=require&statement-cache-capacity=0&ssl-ca=/c",
                "postgres://h/d?sslmode=require&sslrootcert=/c",
                None,
            ),
        ];
        for (given, url, password) in table {
            let expected = Address {
                url: url.to_owned(),
                password: password.map(str::to_owned),
            };
            assert_eq!(Address::for_libpq(given), expected, "{given}");
        }
    }
}
