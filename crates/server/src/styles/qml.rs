//! Styles for QGIS (QML documents): symbols of classes, and the forms of records.

mod forms;

use domain::Lang;
use domain::category::{self, ProposedCategory};
use domain::code_list::Coded as _;
use domain::completeness;
use domain::layer::{Field, GeometryKind, Layer, Role};
use domain::layers::{FACILITIES, LAYERS};
use domain::theme::{Class, Colour, PALETTE, Rule, Shape, Symbol, Theme, of_layer};
use domain::value::FieldType;

use super::Scheme;
use crate::formats::xml::escaped;
use forms::forms;

/// Millimetres of a pixel of a 96 dpi screen, in which QGIS measures symbols.
const PIXEL_MM: f64 = 25.4 / 96.0;
/// The name of the symbol of records that are all shown alike.
const ONLY: &str = "0";

/// The style of a layer where no theme is chosen.
pub fn style(layer: &Layer, fields: &[&'static Field], lang: Lang) -> String {
    document(&content(layer, fields, lang))
}

/// The elements of that style, as they stand in the layer of a project too.
pub fn content(layer: &Layer, fields: &[&'static Field], lang: Lang) -> String {
    let renderer = match of_layer(layer) {
        Some((name, classes)) => renderer(layer.geometry, name, &classes, lang),
        None => single(layer),
    };
    format!("{renderer}{}", forms(fields, lang))
}

/// The style of a layer in a theme.
pub fn of_theme(theme: Theme, layer: &Layer, fields: &[&'static Field], lang: Lang) -> String {
    let value = expression(theme, layer);
    let renderer = renderer(layer.geometry, &value, &theme.classes(), lang);
    document(&format!("{renderer}{}", forms(fields, lang)))
}

fn document(content: &str) -> String {
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology|Fields|Forms\">\n{content}</qgis>\n"
    )
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// What decides the class of a record, as an expression of QGIS over the fields of its items.
fn expression(theme: Theme, layer: &Layer) -> String {
    match theme {
        Theme::Type | Theme::Status | Theme::Volume => theme.attribute().to_owned(),
        Theme::Category => {
            let codes = category::hazardous_codes().join("', '");
            let [outside, a, open] = [
                ProposedCategory::OutsideScope,
                ProposedCategory::A,
                ProposedCategory::Undetermined,
            ]
            .map(ProposedCategory::code);
            let (scope, waste) = (quoted(category::IN_SCOPE), quoted(category::WASTE_CODE));
            format!(
                "CASE WHEN {scope} = false THEN '{outside}' WHEN {waste} IN ('{codes}') \
                 THEN '{a}' ELSE '{open}' END"
            )
        }
        Theme::Completeness => {
            let known = completeness::asked(layer).map(is_known);
            let known: Vec<_> = known.collect();
            format!("floor(100 * ({}) / {})", known.join(" + "), known.len())
        }
    }
}

/// 1 where a value is known, else 0.
fn is_known(field: &Field) -> String {
    // QGIS 3.22 reads whole numbers that are not known as 0.
    let unknown = if matches!(field.field_type, FieldType::Integer) {
        "0".to_owned()
    } else {
        let code = completeness::unknown_code(field).unwrap_or_default();
        format!("'{code}'")
    };
    format!("(coalesce(\"{}\", {unknown}) <> {unknown})", field.name)
}

fn single(layer: &Layer) -> String {
    let symbol = only_symbol(layer);
    format!(
        "<renderer-v2 type=\"singleSymbol\" symbollevels=\"0\" enableorderby=\"0\">\n\
         <symbols>\n{symbol}</symbols>\n</renderer-v2>\n"
    )
}

/// The symbol of a layer whose records are all shown alike. Areas are not filled: they are boundaries, and
/// would hide what lies in them.
pub fn only_symbol(layer: &Layer) -> String {
    let at = LAYERS.iter().position(|one| one.id == layer.id);
    let is_region = FACILITIES
        .fields
        .iter()
        .any(|field| field.code_of == Some(layer.id) && field.role != Role::Key);
    let look = Symbol::circle(if is_region {
        Scheme::Light.border()
    } else {
        PALETTE[at.unwrap_or_default() % PALETTE.len()]
    });
    match layer.geometry {
        GeometryKind::MultiPolygon => boundary(look),
        kind => symbol(kind, ONLY, look),
    }
}

/// Symbols by code where all classes are codes, else by rules.
fn renderer(kind: GeometryKind, value: &str, classes: &[Class], lang: Lang) -> String {
    let is_range = |class: &Class| matches!(class.rule, Rule::Range { .. });
    let symbols = classes.iter().enumerate();
    let symbols: String = symbols
        .map(|(at, class)| symbol(kind, &at.to_string(), class.symbol))
        .collect();
    let classes = if classes.iter().any(is_range) {
        rules(value, classes, lang)
    } else {
        categories(value, classes, lang)
    };
    format!("<renderer-v2 {classes}<symbols>\n{symbols}</symbols>\n</renderer-v2>\n")
}

fn rules(value: &str, classes: &[Class], lang: Lang) -> String {
    let rules = classes.iter().enumerate().map(|(at, class)| {
        let label = escaped(&class.label.get(lang));
        let filter = escaped(&filter(value, class.rule));
        format!("<rule key=\"{{{at}}}\" symbol=\"{at}\" filter=\"{filter}\" label=\"{label}\"/>\n")
    });
    let rules: String = rules.collect();
    format!(
        "type=\"RuleRenderer\" symbollevels=\"0\" enableorderby=\"0\">\n\
         <rules key=\"{{r}}\">\n{rules}</rules>\n"
    )
}

/// The category of the empty value holds all that no other does.
fn categories(value: &str, classes: &[Class], lang: Lang) -> String {
    let categories = classes.iter().enumerate().map(|(at, class)| {
        let label = escaped(&class.label.get(lang));
        let code = match class.rule {
            Rule::Code(code) => code,
            Rule::Unknown | Rule::Range { .. } => "",
        };
        format!("<category symbol=\"{at}\" value=\"{code}\" label=\"{label}\" render=\"true\"/>\n")
    });
    let categories: String = categories.collect();
    let attribute = escaped(value);
    format!(
        "type=\"categorizedSymbol\" attr=\"{attribute}\" symbollevels=\"0\" \
         enableorderby=\"0\">\n<categories>\n{categories}</categories>\n"
    )
}

fn filter(value: &str, rule: Rule) -> String {
    match rule {
        Rule::Code(code) => format!("{value} = '{code}'"),
        Rule::Range { from, below } => {
            let from = from.map(|from| format!("{value} >= {from}"));
            let below = below.map(|below| format!("{value} < {below}"));
            let ends: Vec<_> = [from, below].into_iter().flatten().collect();
            ends.join(" AND ")
        }
        Rule::Unknown => format!("{value} IS NULL"),
    }
}

fn rgb(Colour([red, green, blue]): Colour) -> String {
    format!("{red},{green},{blue}")
}

/// The symbol of a class, under a name.
pub fn symbol(kind: GeometryKind, name: &str, look: Symbol) -> String {
    match kind {
        GeometryKind::Point => drawn("marker", "SimpleMarker", name, &marker(look)),
        GeometryKind::LineString | GeometryKind::MultiLineString => {
            let options = [
                ("line_color", rgb(look.colour)),
                ("line_style", "solid".to_owned()),
                ("line_width", "0.6".to_owned()),
                ("line_width_unit", "MM".to_owned()),
            ];
            drawn("line", "SimpleLine", name, &options)
        }
        GeometryKind::MultiPolygon => {
            let options = [
                ("color", format!("{},{HALF_CLEAR}", rgb(look.colour))),
                ("outline_color", OUTLINE.to_owned()),
                ("outline_width", "0.26".to_owned()),
                ("style", "solid".to_owned()),
            ];
            drawn("fill", "SimpleFill", name, &options)
        }
    }
}

/// An area that is not filled.
fn boundary(look: Symbol) -> String {
    let options = [
        ("style", "no".to_owned()),
        ("outline_color", rgb(look.colour)),
        ("outline_width", "0.5".to_owned()),
    ];
    drawn("fill", "SimpleFill", ONLY, &options)
}

fn drawn(kind: &str, class: &str, name: &str, options: &[(&str, String)]) -> String {
    let options = options
        .iter()
        .map(|(key, value)| format!("<prop k=\"{key}\" v=\"{value}\"/>\n"));
    let options: String = options.collect();
    format!(
        "<symbol type=\"{kind}\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\">\
         <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\">\n{options}</layer></symbol>\n"
    )
}

/// How opaque areas are, of 255: what lies under them, such as an orthophoto, is seen through.
const HALF_CLEAR: u8 = 128;
const OUTLINE: &str = "35,35,35";

fn marker(look: Symbol) -> Vec<(&'static str, String)> {
    let (fill, outline, width) = match look.shape {
        Shape::Ring => ("0,0,0,0".to_owned(), rgb(look.colour), "0.8"),
        _ => (rgb(look.colour), OUTLINE.to_owned(), "0.26"),
    };
    let name = match look.shape {
        Shape::Ring => Shape::Circle.name(),
        Shape::Cross => "cross_fill",
        shape => shape.name(),
    };
    vec![
        ("color", fill),
        ("name", name.to_owned()),
        ("outline_color", outline),
        ("outline_width", width.to_owned()),
        ("size", format!("{:.1}", f64::from(look.size) * PIXEL_MM)),
    ]
}
