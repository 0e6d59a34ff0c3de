//! Styles as SLD 1.1 (OGC 05-078r4, 05-077r4), over the fields of items.

use domain::Lang;
use domain::category::{self, ProposedCategory};
use domain::code_list::Coded as _;
use domain::completeness;
use domain::layer::{Field, GeometryKind, Layer};
use domain::theme::{Class, Rule, Shape, Symbol, Theme};

use crate::formats::xml::escaped;

/// Whether a theme can be said in SLD, which cannot count what is known.
pub const fn can_say(theme: Theme) -> bool {
    !matches!(theme, Theme::Completeness)
}

/// The style of a layer in a theme.
pub fn of_theme(theme: Theme, layer: &Layer, lang: Lang) -> String {
    let rules = theme.classes().into_iter();
    let rules: String = rules
        .filter_map(|class| rule(theme, layer, &class, lang))
        .collect();
    let (name, title) = (layer.id, escaped(&theme.entry().label.get(lang)));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <StyledLayerDescriptor version=\"1.1.0\" xmlns=\"http://www.opengis.net/sld\" \
         xmlns:se=\"http://www.opengis.net/se\" xmlns:ogc=\"http://www.opengis.net/ogc\">\n\
         <NamedLayer>\n<se:Name>{name}</se:Name>\n<UserStyle>\n<se:Name>{title}</se:Name>\n\
         <se:FeatureTypeStyle>\n{rules}</se:FeatureTypeStyle>\n</UserStyle>\n</NamedLayer>\n\
         </StyledLayerDescriptor>\n"
    )
}

/// `None` for a class that no record can be in.
fn rule(theme: Theme, layer: &Layer, class: &Class, lang: Lang) -> Option<String> {
    let label = escaped(&class.label.get(lang));
    let filter = match (theme, class.rule) {
        (Theme::Category, Rule::Code(code)) => of_category(code),
        (_, rule) => of_value(layer.field(theme.attribute())?, rule),
    };
    let symbol = symbolizer(layer.geometry, class.symbol);
    Some(format!(
        "<se:Rule>\n<se:Name>{label}</se:Name>\n<se:Description><se:Title>{label}</se:Title>\
         </se:Description>\n<ogc:Filter>{filter}</ogc:Filter>\n{symbol}</se:Rule>\n"
    ))
}

fn of_value(field: &Field, rule: Rule) -> String {
    let name = field.name;
    match rule {
        Rule::Code(code) => compare("EqualTo", name, code),
        Rule::Range { from, below } => {
            let from = from.map(|from| compare("GreaterThanOrEqualTo", name, &from.to_string()));
            let below = below.map(|below| compare("LessThan", name, &below.to_string()));
            both(&from.into_iter().chain(below).collect::<Vec<_>>(), "And")
        }
        // In so many words: QGIS 3.22 does not know `ElseFilter`.
        Rule::Unknown => {
            let code = completeness::unknown_code(field);
            let code = code.map(|code| compare("EqualTo", name, code));
            let conditions: Vec<_> = [is_null(name)].into_iter().chain(code).collect();
            both(&conditions, "Or")
        }
    }
}

/// [`category::proposed`] as a filter; a value that is not known is neither true nor false.
fn of_category(code: &str) -> String {
    let (scope, waste) = (category::IN_SCOPE, category::WASTE_CODE);
    let outside = compare("EqualTo", scope, "false");
    if code == ProposedCategory::OutsideScope.code() {
        return outside;
    }
    let inside = both(&[is_null(scope), compare("EqualTo", scope, "true")], "Or");
    let codes = category::hazardous_codes();
    let codes: Vec<_> = codes
        .iter()
        .map(|code| compare("EqualTo", waste, code))
        .collect();
    let hazardous = both(&codes, "Or");
    let waste = if code == ProposedCategory::A.code() {
        hazardous
    } else {
        both(
            &[is_null(waste), format!("<ogc:Not>{hazardous}</ogc:Not>")],
            "Or",
        )
    };
    both(&[inside, waste], "And")
}

fn compare(relation: &str, name: &str, value: &str) -> String {
    format!(
        "<ogc:PropertyIs{relation}><ogc:PropertyName>{name}</ogc:PropertyName>\
         <ogc:Literal>{value}</ogc:Literal></ogc:PropertyIs{relation}>"
    )
}

fn is_null(name: &str) -> String {
    format!("<ogc:PropertyIsNull><ogc:PropertyName>{name}</ogc:PropertyName></ogc:PropertyIsNull>")
}

/// Conditions combined in pairs: QGIS reads an `And` or `Or` of two, and of one not at all.
fn both(conditions: &[String], how: &str) -> String {
    let mut conditions = conditions.iter().cloned();
    let first = conditions.next().unwrap_or_default();
    conditions.fold(first, |one, other| {
        format!("<ogc:{how}>{one}{other}</ogc:{how}>")
    })
}

fn symbolizer(kind: GeometryKind, symbol: Symbol) -> String {
    let colour = symbol.colour;
    let parameter = |name: &str, value: &str| {
        format!("<se:SvgParameter name=\"{name}\">{value}</se:SvgParameter>")
    };
    match kind {
        GeometryKind::Point => {
            let name = match symbol.shape {
                Shape::Ring => Shape::Circle,
                shape => shape,
            };
            let paint = if symbol.shape == Shape::Ring {
                let (ink, width) = (
                    parameter("stroke", &colour.to_string()),
                    parameter("stroke-width", "3"),
                );
                format!("<se:Stroke>{ink}{width}</se:Stroke>")
            } else {
                let (fill, ink) = (
                    parameter("fill", &colour.to_string()),
                    parameter("stroke", OUTLINE),
                );
                format!("<se:Fill>{fill}</se:Fill><se:Stroke>{ink}</se:Stroke>")
            };
            format!(
                "<se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>{}</se:WellKnownName>\
                 {paint}</se:Mark><se:Size>{}</se:Size></se:Graphic></se:PointSymbolizer>\n",
                name.name(),
                symbol.size
            )
        }
        GeometryKind::LineString | GeometryKind::MultiLineString => format!(
            "<se:LineSymbolizer><se:Stroke>{}</se:Stroke></se:LineSymbolizer>\n",
            parameter("stroke", &colour.to_string())
        ),
        GeometryKind::MultiPolygon => format!(
            "<se:PolygonSymbolizer><se:Fill>{}</se:Fill><se:Stroke>{}</se:Stroke>\
             </se:PolygonSymbolizer>\n",
            parameter("fill", &colour.to_string()),
            parameter("stroke", OUTLINE)
        ),
    }
}

const OUTLINE: &str = "#232323";
