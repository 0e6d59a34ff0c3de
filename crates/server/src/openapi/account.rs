//! How those with an account sign in.

use domain::{Lang, Text};
use serde_json::{Value, json};

/// The schemes: a name and password, a token, or the session of a browser.
pub fn schemes(lang: Lang) -> Value {
    const BASIC: Text = Text::new("Име и лозинка, у UTF-8", "Name and password, in UTF-8");
    const BEARER: Text = Text::new(
        "Токен са стране `/account`",
        "A token from the page `/account`",
    );
    const SESSION: Text = Text::new(
        "Пријава на страни `/sign-in`; преко TLS колачић се зове `__Host-cadastre-session`. Што мења \
         стање носи и тајну сесије, у пољу `csrf` обрасца или у заглављу `X-CSRF-Token`.",
        "Sign-in on the page `/sign-in`; over TLS the cookie is called `__Host-cadastre-session`. What \
         changes something carries the session's secret too, in the field `csrf` of a form or in the \
         header `X-CSRF-Token`.",
    );
    json!({
        "basic": { "type": "http", "scheme": "basic", "description": BASIC.get(lang) },
        "bearer": { "type": "http", "scheme": "bearer", "description": BEARER.get(lang) },
        "session": {
            "type": "apiKey", "in": "cookie", "name": "cadastre-session",
            "description": SESSION.get(lang),
        },
    })
}

/// Each alone, or none: reading what is public needs no account.
pub fn ways() -> Value {
    json!([{}, { "basic": [] }, { "bearer": [] }])
}

/// Each alone, where an account is needed.
pub fn needed() -> Value {
    json!([{ "basic": [] }, { "bearer": [] }, { "session": [] }])
}
