//! What the operator has the map show under the layers of the register.

use std::str::FromStr;

use serde::Serialize;

/// Raster tiles in `WebMercatorQuad`, by an address with `{z}`, `{x}` and `{y}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Background {
    tiles: String,
    attribution: Option<String>,
    #[serde(skip)]
    origin: String,
}

/// An address that is none of tiles.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is no address of tiles: give one such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
)]
pub struct BackgroundError(String);

impl Background {
    /// With what the map says of its makers, as plain text.
    #[must_use]
    pub fn owed_to(self, attribution: Option<String>) -> Self {
        Self {
            attribution,
            ..self
        }
    }

    /// The scheme and host that browsers are allowed to ask.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl FromStr for Background {
    type Err = BackgroundError;

    fn from_str(text: &str) -> Result<Self, BackgroundError> {
        let wrong = || BackgroundError(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
        let (host, path) = rest.split_once('/').ok_or_else(wrong)?;
        let is_named = !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        let has_places = ["{z}", "{x}", "{y}"]
            .iter()
            .all(|place| path.contains(place));
        if !["http", "https"].contains(&scheme) || !is_named || !has_places {
            return Err(wrong());
        }
        Ok(Self {
            tiles: text.to_owned(),
            attribution: None,
            origin: format!("{scheme}://{host}"),
        })
    }
}
