//! How the register looks on maps: a style for each theme as map programs (`MapLibre`) and QGIS read it,
//! its legend, the pictures of its symbols and the letters of its labels. All are made from
//! [`domain::theme`].

pub mod counts;
pub mod glyphs;
mod legend;
mod mapbox;
mod qml;
mod shapes;
mod sld;
pub mod sprites;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::code_list::Coded as _;
use domain::layers::{FACILITIES, public_fields};
use domain::theme::{Colour, Theme};
use domain::{Layer, Text};
use serde_json::json;

pub use self::qml::{content as qml_content, only_symbol, style as qml_of_layer, symbol};
use crate::App;
use crate::context::{Context, Format, JSON, MAPBOX, QML, SLD};
use crate::error::ApiError;
use crate::landing::json_response;
use crate::links::{Link, own};
use crate::problem::{Problem, Wanted};

/// The relation to the styles (OGC API Styles, draft).
const STYLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/styles";
/// What changes only with the program may be kept for a day.
const LIFETIME: &str = "public, max-age=86400";

/// The background that symbols stand on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Light.
    #[default]
    Light,
    /// Dark.
    Dark,
}

impl Scheme {
    /// The name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    const fn background(self) -> Colour {
        match self {
            Self::Light => Colour([246, 245, 241]),
            Self::Dark => Colour([24, 28, 33]),
        }
    }

    /// The colour of texts.
    const fn text(self) -> Colour {
        match self {
            Self::Light => Colour([35, 35, 35]),
            Self::Dark => Colour([236, 236, 236]),
        }
    }

    /// The colour of lines that bound something without saying more.
    const fn border(self) -> Colour {
        match self {
            Self::Light => Colour([122, 110, 125]),
            Self::Dark => Colour([150, 142, 156]),
        }
    }

    /// The colour around symbols.
    const fn outline(self) -> Colour {
        self.text()
    }

    fn of(context: &Context) -> Result<Self, ApiError> {
        let read = |text: &str| {
            [Self::Light, Self::Dark]
                .into_iter()
                .find(|one| one.name() == text)
        };
        Ok(context.parse("scheme", SCHEMES, read)?.unwrap_or_default())
    }
}

const SCHEMES: Text = Text::new("вредности су `light` и `dark`", "it is `light` or `dark`");
const COLLECTIONS: Text = Text::new(
    "стил имају слојеви `facilities` и `facility_outlines`",
    "the layers `facilities` and `facility_outlines` have the style",
);

/// The path of a theme's style.
fn path_of(theme: Theme) -> String {
    format!("/styles/{}", theme.code())
}

/// The link to the styles.
pub fn link(context: &Context) -> Link {
    Link::to(context, "/styles", STYLES, JSON.media_type)
}

/// `GET /styles`: the themes.
pub async fn list(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&[JSON])?;
    let styles = Theme::ALL.iter().map(|theme| {
        let path = path_of(*theme);
        let stylesheets = offered(*theme).into_iter().map(|format| {
            let path = format!("{path}?f={}", format.name);
            Link::to(&context, &path, "stylesheet", format.media_type)
        });
        let legend = Link::to(&context, &format!("{path}/legend"), "legend", JSON.media_type);
        let links: Vec<_> = stylesheets.chain([legend]).collect();
        json!({ "id": theme.code(), "title": theme.entry().label.get(context.lang), "links": links })
    });
    let body = json!({
        "default": Theme::Type.code(),
        "styles": styles.collect::<serde_json::Value>(),
        "links": own(&context, format, &[JSON]),
    });
    Ok(json_response(&context, format, &body))
}

/// `GET /styles/{theme}`: for `MapLibre` (`f=mapbox`), for a layer in QGIS (`f=qml`, `f=sld`).
pub async fn style(
    State(app): State<App>,
    Path(theme): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let theme = read(&context, &theme)?;
    context.only(&["scheme", "collection"])?;
    let scheme = Scheme::of(&context)?;
    let layer = layer(&context, theme)?;
    let format = context.format(&offered(theme))?;
    let text = match format {
        QML => qml::of_theme(theme, layer, public_fields(layer), context.lang),
        SLD => sld::of_theme(theme, layer, context.lang),
        _ => {
            let layers = app.store.layers_with_data().await;
            let layers = layers.map_err(|error| context.store_error(&error))?;
            let layers: Vec<_> = layers.into_iter().map(|(layer, _)| layer).collect();
            mapbox::style(&context, theme, scheme, &layers).to_string()
        }
    };
    let headers = [
        (header::CONTENT_TYPE, format.media_type),
        (header::VARY, "Accept, Accept-Language"),
        (header::CONTENT_LANGUAGE, context.lang.tag()),
    ];
    Ok((headers, text).into_response())
}

/// `GET /styles/{theme}/legend`: what the symbols mean (`f=json`, `svg`, `html`).
pub async fn legend(Path(theme): Path<String>, context: Context) -> Result<Response, ApiError> {
    let theme = read(&context, &theme)?;
    context.only(&["scheme"])?;
    legend::legend(&context, theme, Scheme::of(&context)?)
}

fn offered(theme: Theme) -> Vec<Format> {
    let mut formats = vec![MAPBOX, QML];
    if sld::can_say(theme) {
        formats.push(SLD);
    }
    formats
}

fn read(context: &Context, theme: &str) -> Result<Theme, ApiError> {
    Theme::from_code(theme).ok_or_else(|| {
        let path = context.path.clone();
        context.error(Problem::NoSuchPage { path })
    })
}

/// The layer that a QGIS style is for.
fn layer(context: &Context, theme: Theme) -> Result<&'static Layer, ApiError> {
    let Some(id) = context.parameter("collection") else {
        return Ok(&FACILITIES);
    };
    let layer = context.layer(id)?;
    if theme.applies_to(layer) {
        return Ok(layer);
    }
    Err(context.bad_parameter("collection", id, Wanted::Said(COLLECTIONS)))
}
