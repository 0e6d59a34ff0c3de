//! What all pages for people have in common: language, way back, addresses.

use domain::{Lang, Layer, Text};

use crate::context::Context;
use crate::links::with_parameter;

/// The frame of a page.
#[derive(Debug)]
pub struct Frame {
    /// The language of the page.
    pub lang: Lang,
    /// The address of the service, without a slash at the end.
    pub base_url: String,
    /// The same page in each language.
    pub languages: Vec<LanguageLink>,
    /// The name of the reader's account.
    pub reader: Option<String>,
    /// The pages above this one, from the landing page.
    pub trail: Vec<(String, String)>,
}

/// A page in another language.
#[derive(Debug)]
pub struct LanguageLink {
    /// The language.
    pub lang: Lang,
    /// Its name in itself.
    pub name: &'static str,
    /// Where the page is.
    pub href: String,
}

impl Frame {
    /// The frame of the page that was asked for, below `above` (paths and titles).
    pub fn of(context: &Context, above: &[(&str, Text)]) -> Self {
        let name = |lang| match lang {
            Lang::SrLatn => "Latinica",
            Lang::SrCyrl => "Ћирилица",
            Lang::En => "English",
        };
        let languages = Lang::ALL.map(|lang| LanguageLink {
            lang,
            name: name(lang),
            href: format!("{}{}", context.base_url, in_language(context, lang)),
        });
        let mut frame = Self {
            lang: context.lang,
            base_url: context.base_url.clone(),
            languages: languages.into(),
            reader: context.reader.signed_in().map(|one| one.name.to_string()),
            trail: Vec::new(),
        };
        let trail = above.iter().map(|(path, title)| {
            let title = title.get(context.lang).into_owned();
            (frame.page(path), title)
        });
        frame.trail = trail.collect();
        frame
    }

    /// A text in the language of the page.
    pub fn say(&self, sr: &'static str, en: &'static str) -> String {
        self.text(&Text::new(sr, en))
    }

    /// A text in the language of the page.
    pub fn text(&self, text: &Text) -> String {
        text.get(self.lang).into_owned()
    }

    /// The address of a page of the service in the language of this one.
    pub fn page(&self, path: &str) -> String {
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("{}{path}{sign}f=html&lang={}", self.base_url, self.lang)
    }

    /// The address of the page of a layer's features that have a value.
    pub fn selected(&self, layer: &Layer, field: &str, value: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair(field, value)
            .finish();
        self.page(&format!("/collections/{}/items?{query}", layer.id))
    }
}

/// A sentence in parts: those between backticks are names and values, set apart by their look.
pub fn parts(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| (!at.is_multiple_of(2), part))
}

/// The page that was asked for in another language. Who came by `Accept` stays a reader of pages.
fn in_language(context: &Context, lang: Lang) -> String {
    let path = with_parameter(context, "lang", lang.tag());
    if context.parameter("f").is_some() {
        path
    } else {
        format!("{path}&f=html")
    }
}

/// The landing page, above every other.
pub const HOME: (&str, Text) = ("/", Text::new("Почетна страница", "Landing page"));
/// The layers.
pub const LAYERS: (&str, Text) = ("/collections", Text::new("Слојеви", "Layers"));
