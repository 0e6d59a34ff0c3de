//! The web map: a page and a script, which asks nobody but this service and, where the operator names
//! one, the host of a background.
//!
//! The script is built from `web/map` and part of the program ([`built`]); its texts come from here, so
//! that Latin is derived from Cyrillic as everywhere.

use askama::Template;
use axum::Extension;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use domain::{Lang, Text};
use serde_json::{Map, Value, json};

use crate::context::{Context, HTML};
use crate::error::ApiError;
use crate::landing::{TITLE, html_response};
use crate::pages::Frame;

mod background;
pub mod built;
mod first;
#[cfg(test)]
mod tests;
mod texts;

pub use background::{Background, BackgroundError};
pub use first::Inside;

/// What the page is called, wherever something leads to it.
pub const MAP: Text = Text::new("Мапа", "Map");

/// `GET /map`.
pub async fn page(
    axum::extract::State(app): axum::extract::State<crate::App>,
    Extension(inside): Extension<Inside>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    context.format(&[HTML])?;
    let background = app.config.background.as_ref();
    let page = Page {
        frame: Frame::of(&context, &[]),
        script: built::entry(".js"),
        library: built::library(),
        first: first::answers(&inside, &context).await,
        style: built::entry(".css"),
        config: config(&context, background).to_string(),
    };
    let mut response = html_response(&context, &page);
    if let Ok(policy) = HeaderValue::from_str(&policy(background)) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    page.announce(response.headers_mut());
    Ok(response)
}

#[derive(Template)]
#[template(path = "web_map.html")]
struct Page {
    frame: Frame,
    /// The names of the files of the map; `None` where the program has none.
    script: Option<&'static str>,
    style: Option<&'static str>,
    /// The name of the file with the map library.
    library: Option<&'static str>,
    /// What the script asks first, with the answers, as JSON.
    first: String,
    /// What the script has to know, as JSON.
    config: String,
}

impl Page {
    /// Names the files in the head of the answer, which the browser hears before it has unpacked the page.
    fn announce(&self, headers: &mut HeaderMap) {
        let files = [
            (self.style, "preload; as=style"),
            (self.script, "modulepreload"),
            (self.library, "modulepreload"),
        ];
        for (name, relation) in files {
            let link = name.map(|name| format!("<assets/{name}>; rel={relation}"));
            if let Some(Ok(link)) = link.map(HeaderValue::try_from) {
                headers.append(header::LINK, link);
            }
        }
    }

    fn service(&self) -> String {
        self.frame.text(&TITLE)
    }

    fn title(&self) -> String {
        format!("{} – {}", self.frame.text(&MAP), self.service())
    }
}

fn config(context: &Context, background: Option<&Background>) -> Value {
    json!({
        "base": context.base_url,
        "lang": context.lang.tag(),
        "texts": texts(context.lang),
        "background": background,
    })
}

fn texts(lang: Lang) -> Map<String, Value> {
    let texts = texts::TEXTS.iter();
    texts
        .map(|(name, text)| ((*name).to_owned(), json!(text.get(lang))))
        .collect()
}

/// Scripts are the service's own; the map's worker is made of one of them (`blob:`).
fn policy(background: Option<&Background>) -> String {
    let host = background.map_or_else(String::new, |one| format!(" {}", one.origin()));
    format!(
        "default-src 'none'; script-src 'self'; worker-src blob:; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:{host}; connect-src 'self'{host}; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'self'"
    )
}
