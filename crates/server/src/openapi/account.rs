//! How those with an account sign in.

use domain::{Lang, Text};
use serde_json::{Value, json};

/// The schemes: a name and password, or a token.
pub fn schemes(lang: Lang) -> Value {
    const BASIC: Text = Text::new("Име и лозинка, у UTF-8", "Name and password, in UTF-8");
    const BEARER: Text = Text::new(
        "Токен са стране `/account`",
        "A token from the page `/account`",
    );
    json!({
        "basic": { "type": "http", "scheme": "basic", "description": BASIC.get(lang) },
        "bearer": { "type": "http", "scheme": "bearer", "description": BEARER.get(lang) },
    })
}

/// Each alone, or none: reading what is public needs no account.
pub fn ways() -> Value {
    json!([{}, { "basic": [] }, { "bearer": [] }])
}
