//! What the symbols of a theme mean, for people: JSON, SVG and a page.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Lang;
use domain::code_list::Coded as _;
use domain::theme::{Class, Rule, Shape, Symbol, Theme};
use serde_json::{Value, json};

use super::shapes::{HOLE, outline};
use super::{Scheme, path_of};
use crate::context::{Context, Format, HTML, JSON, SVG};
use crate::error::ApiError;
use crate::formats::xml::escaped;
use crate::landing::{html_response, json_response};
use crate::links::own;
use crate::pages::{Frame, HOME};

const OFFERED: &[Format] = &[JSON, SVG, HTML];
/// Height of a line of the picture, in pixels.
const LINE: usize = 24;
/// Pixels that a letter takes at most, on average.
const LETTER: usize = 8;

/// The legend of a theme.
pub fn legend(context: &Context, theme: Theme, scheme: Scheme) -> Result<Response, ApiError> {
    let format = context.format(OFFERED)?;
    if format == HTML {
        return Ok(html_response(
            context,
            &LegendPage::of(context, theme, scheme),
        ));
    }
    if format == SVG {
        let picture = picture(theme, scheme, context.lang);
        let headers = [(
            header::CONTENT_TYPE,
            HeaderValue::from_static(SVG.media_type),
        )];
        return Ok((headers, picture).into_response());
    }
    let classes = theme.classes();
    let mut body = about(context, theme, scheme);
    body["classes"] = classes
        .iter()
        .map(|class| entry(class, context.lang))
        .collect();
    body["links"] = json!(own(context, format, OFFERED));
    Ok(json_response(context, format, &body))
}

/// What a legend says beside its classes.
pub fn about(context: &Context, theme: Theme, scheme: Scheme) -> Value {
    json!({
        "id": theme.code(),
        "title": theme.entry().label.get(context.lang),
        "note": theme.note().map(|note| note.get(context.lang)),
        "attribute": theme.attribute(),
        "sprite": format!("{}/sprites/{}", context.base_url, scheme.name()),
    })
}

/// A class as clients draw and name it.
pub fn entry(class: &Class, lang: Lang) -> Value {
    let mut entry = json!({
        "label": class.label.get(lang),
        "colour": class.symbol.colour.to_string(),
        "shape": class.symbol.shape.name(),
        "size_px": class.symbol.size,
        "icon": class.symbol.name(),
    });
    match class.rule {
        Rule::Code(code) => entry["code"] = json!(code),
        Rule::Range { from, below } => {
            entry["from"] = json!(from);
            entry["below"] = json!(below);
        }
        Rule::Unknown => entry["unknown"] = json!(true),
    }
    entry
}

/// All classes below each other.
fn picture(theme: Theme, scheme: Scheme, lang: Lang) -> String {
    let classes = theme.classes();
    let labels = classes.iter().map(|class| class.label.get(lang));
    let letters = labels.map(|label| label.chars().count()).max();
    let (width, height) = (
        36 + LETTER * letters.unwrap_or_default(),
        LINE * classes.len(),
    );
    let ink = scheme.text();
    let lines = classes.iter().enumerate().map(|(at, class)| {
        let middle = LINE * at + LINE / 2;
        let drawn = drawn(class.symbol, scheme);
        let label = escaped(&class.label.get(lang));
        let below = middle + 5;
        format!(
            "<g transform=\"translate(14 {middle})\">{drawn}</g>\
             <text x=\"32\" y=\"{below}\">{label}</text>\n"
        )
    });
    let lines: String = lines.collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"14\" fill=\"{ink}\">\n{lines}</svg>\n"
    )
}

/// A symbol around the origin.
fn drawn(symbol: Symbol, scheme: Scheme) -> String {
    let (colour, outline_ink) = (symbol.colour, scheme.outline());
    let radius = f64::from(symbol.size) / 2.0;
    if symbol.shape == Shape::Ring {
        let (middle, width) = (radius * f64::midpoint(1.0, HOLE), radius * (1.0 - HOLE));
        return format!(
            "<circle r=\"{middle:.1}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width:.1}\"/>"
        );
    }
    let corners = outline(symbol.shape).into_iter();
    let corners = corners.map(|(x, y)| format!("{:.1},{:.1}", x * radius, y * radius));
    let corners = corners.collect::<Vec<_>>().join(" ");
    format!("<polygon points=\"{corners}\" fill=\"{colour}\" stroke=\"{outline_ink}\"/>")
}

#[derive(Template)]
#[template(path = "legend.html")]
struct LegendPage {
    frame: Frame,
    title: String,
    note: Option<String>,
    lines: Vec<(String, String)>,
    style: String,
}

impl LegendPage {
    fn of(context: &Context, theme: Theme, scheme: Scheme) -> Self {
        let lang = context.lang;
        let lines = theme.classes().into_iter().map(|class| {
            let symbol = drawn(class.symbol, scheme);
            let picture = format!(
                "<svg width=\"24\" height=\"24\" viewBox=\"-12 -12 24 24\" aria-hidden=\"true\">\
                 {symbol}</svg>"
            );
            (picture, class.label.get(lang).into_owned())
        });
        Self {
            frame: Frame::of(context, &[HOME]),
            title: theme.entry().label.get(lang).into_owned(),
            note: theme.note().map(|note| note.get(lang).into_owned()),
            lines: lines.collect(),
            style: format!("{}{}", context.base_url, path_of(theme)),
        }
    }
}
