//! A simple style for QGIS (a QML document): colours, titles of the columns, labels of the codes.

use domain::Lang;
use domain::code_list::CodeList;
use domain::layer::{Field, GeometryKind, Layer};
use domain::value::FieldType;

use crate::formats::xml::escaped;

/// Colours that are told apart also by people who confuse red and green (Okabe and Ito), then greys.
const COLOURS: [&str; 12] = [
    "230,159,0",
    "86,180,233",
    "213,94,0",
    "0,158,115",
    "240,228,66",
    "0,114,178",
    "204,121,167",
    "153,153,153",
    "119,170,221",
    "187,204,51",
    "102,102,102",
    "221,221,221",
];

/// The fields by which a layer is coloured, the first that it has.
const BY: [&str; 2] = ["status", "kind"];

/// The style of a layer.
pub fn style(layer: &Layer, fields: &[&'static Field], lang: Lang) -> String {
    let by = BY.iter().find_map(|name| {
        let field = fields.iter().find(|field| field.name == *name)?;
        Some((field.name, field.code_list()?))
    });
    let renderer = match by {
        Some((name, list)) => categories(layer.geometry, name, list, lang),
        None => single(layer.geometry),
    };
    let aliases = (1_usize..).zip(fields).map(|(at, field)| {
        let title = escaped(&field.title.get(lang));
        let name = field.name;
        format!("<alias index=\"{at}\" field=\"{name}\" name=\"{title}\"/>\n")
    });
    let aliases = aliases.collect::<Vec<_>>().concat();
    let widgets: String = fields
        .iter()
        .filter_map(|field| widget(field, lang))
        .collect();
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology|Fields|Forms\">\n\
         {renderer}<fieldConfiguration>\n{widgets}</fieldConfiguration>\n\
         <aliases>\n{aliases}</aliases>\n</qgis>\n"
    )
}

fn single(kind: GeometryKind) -> String {
    let symbol = symbol(kind, "0", COLOURS[0]);
    format!(
        "<renderer-v2 type=\"singleSymbol\" symbollevels=\"0\" enableorderby=\"0\">\n\
         <symbols>\n{symbol}</symbols>\n</renderer-v2>\n"
    )
}

/// One symbol for each code, and one for what is unknown.
fn categories(kind: GeometryKind, field: &str, list: &CodeList, lang: Lang) -> String {
    let colours = COLOURS.iter().cycle();
    let mut lines: Vec<String> = Vec::new();
    let mut symbols: Vec<String> = Vec::new();
    for ((at, entry), colour) in list.entries.iter().enumerate().zip(colours) {
        let label = escaped(&entry.label.get(lang));
        lines.push(category(at, entry.code, &label));
        symbols.push(symbol(kind, &at.to_string(), colour));
    }
    let last = list.entries.len();
    lines.push(category(last, "", ""));
    symbols.push(symbol(kind, &last.to_string(), "255,255,255"));
    let (lines, symbols) = (lines.concat(), symbols.concat());
    format!(
        "<renderer-v2 type=\"categorizedSymbol\" attr=\"{field}\" symbollevels=\"0\" \
         enableorderby=\"0\">\n<categories>\n{lines}</categories>\n\
         <symbols>\n{symbols}</symbols>\n</renderer-v2>\n"
    )
}

fn category(symbol: usize, value: &str, label: &str) -> String {
    format!("<category symbol=\"{symbol}\" value=\"{value}\" label=\"{label}\" render=\"true\"/>\n")
}

fn symbol(kind: GeometryKind, name: &str, colour: &str) -> String {
    let (symbol, class, options) = match kind {
        GeometryKind::Point => (
            "marker",
            "SimpleMarker",
            [
                ("color", colour),
                ("name", "circle"),
                ("outline_color", "35,35,35"),
                ("size", "2.6"),
            ],
        ),
        GeometryKind::LineString | GeometryKind::MultiLineString => (
            "line",
            "SimpleLine",
            [
                ("line_color", colour),
                ("line_style", "solid"),
                ("line_width", "0.6"),
                ("line_width_unit", "MM"),
            ],
        ),
        GeometryKind::MultiPolygon => (
            "fill",
            "SimpleFill",
            [
                ("color", colour),
                ("outline_color", "35,35,35"),
                ("outline_width", "0.26"),
                ("style", "solid"),
            ],
        ),
    };
    let options = options.map(|(key, value)| format!("<prop k=\"{key}\" v=\"{value}\"/>\n"));
    let options = options.concat();
    format!(
        "<symbol type=\"{symbol}\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\">\
         <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\">\n{options}</layer></symbol>\n"
    )
}

/// Shows labels for codes.
fn widget(field: &Field, lang: Lang) -> Option<String> {
    let FieldType::Code(list) = field.field_type else {
        return None;
    };
    let choices = list.entries.iter().map(|entry| {
        let (label, code) = (escaped(&entry.label.get(lang)), entry.code);
        format!(
            "<Option type=\"Map\"><Option type=\"QString\" name=\"{label}\" \
                 value=\"{code}\"/></Option>\n"
        )
    });
    let choices = choices.collect::<Vec<_>>().concat();
    Some(format!(
        "<field name=\"{}\"><editWidget type=\"ValueMap\"><config><Option type=\"Map\">\
         <Option type=\"List\" name=\"map\">\n{choices}</Option></Option></config></editWidget>\
         </field>\n",
        field.name
    ))
}
