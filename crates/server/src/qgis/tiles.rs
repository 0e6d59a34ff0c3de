//! The layer of a project that reads the vector tiles of the whole register.

use domain::layer::{GeometryKind, Layer};
use domain::theme::{Class, Colour, Rule, Shape, Symbol, of_layer};
use domain::{Lang, Text};

use super::labels;
use super::layers::crs;
use crate::formats::xml::escaped;
use crate::styles::{only_symbol, symbol};
use crate::vector_tiles::FINEST;

/// The id in the project.
pub const ID: &str = "cadastre_tiles";
/// What it is called.
pub const NAME: Text = Text::new(
    "Цео регистар (векторске плочице)",
    "The whole register (vector tiles)",
);
/// How a tile marks records that are shown together: by their number.
const COUNT: &str = "\"count\"";
const GROUP: Symbol = Symbol {
    shape: Shape::Circle,
    colour: Colour([52, 73, 94]),
    size: 20,
};

/// Where the tiles are. QGIS takes the braces of this template as they are.
pub fn source(base_url: &str) -> String {
    format!("type=xyz&url={base_url}/tiles/xyz/{{z}}/{{x}}/{{y}}&zmin=0&zmax={FINEST}")
}

/// The layer, with the look that each layer of features has.
pub fn layer(shown: &[&'static Layer], base_url: &str, lang: Lang) -> String {
    let name = escaped(&NAME.get(lang));
    let source = escaped(&source(base_url));
    let srs = crs(3857);
    // The first is drawn first: areas, then what lies on them.
    let styles: String = shown
        .iter()
        .rev()
        .map(|layer| styles(layer, lang))
        .collect();
    let labels: String = shown.iter().map(|layer| numbers(layer)).collect();
    format!(
        "<maplayer type=\"vector-tile\">\n<id>{ID}</id>\n<datasource>{source}</datasource>\n\
         <layername>{name}</layername>\n<srs>{srs}</srs>\n<provider>vectortile</provider>\n\
         <renderer type=\"basic\"><styles>\n{styles}</styles></renderer>\n\
         <labeling type=\"basic\"><styles>\n{labels}</styles></labeling>\n\
         <blendMode>0</blendMode>\n<layerOpacity>1</layerOpacity>\n</maplayer>\n"
    )
}

/// The styles of a layer: one for each class, and one for records that are shown together.
fn styles(layer: &Layer, lang: Lang) -> String {
    let title = layer.title.get(lang);
    let single = |condition: &str| match layer.geometry {
        GeometryKind::Point => format!("{COUNT} IS NULL AND {condition}"),
        _ => condition.to_owned(),
    };
    let Some((attribute, classes)) = of_layer(layer) else {
        return style(layer, &title, &single("true"), &only_symbol(layer));
    };
    let of_classes = classes.iter().map(|class| {
        let name = format!("{title}: {}", class.label.get(lang));
        let condition = single(&condition(attribute, class));
        style(
            layer,
            &name,
            &condition,
            &symbol(layer.geometry, "0", class.symbol),
        )
    });
    let of_classes: String = of_classes.collect();
    let group = (layer.geometry == GeometryKind::Point).then(|| {
        let condition = format!("{COUNT} IS NOT NULL");
        style(
            layer,
            &title,
            &condition,
            &symbol(layer.geometry, "0", GROUP),
        )
    });
    of_classes + &group.unwrap_or_default()
}

fn condition(attribute: &str, class: &Class) -> String {
    match class.rule {
        Rule::Code(code) => format!("\"{attribute}\" = '{code}'"),
        Rule::Unknown | Rule::Range { .. } => {
            format!("coalesce(\"{attribute}\", 'unknown') = 'unknown'")
        }
    }
}

fn style(layer: &Layer, name: &str, condition: &str, symbol: &str) -> String {
    let (name, condition) = (escaped(name), escaped(condition));
    let (id, geometry) = (layer.id, geometry(layer));
    format!(
        "<style name=\"{name}\" layer=\"{id}\" geometry=\"{geometry}\" enabled=\"1\" min-zoom=\"-1\" \
         max-zoom=\"-1\" expression=\"{condition}\"><symbols>{symbol}</symbols></style>\n"
    )
}

/// How many records a sign stands for.
fn numbers(layer: &Layer) -> String {
    if layer.geometry != GeometryKind::Point {
        return String::new();
    }
    let condition = escaped(&format!("{COUNT} IS NOT NULL"));
    let settings = labels::settings(COUNT, None, "255,255,255,255");
    let (id, geometry) = (layer.id, geometry(layer));
    format!(
        "<style name=\"{id}\" layer=\"{id}\" geometry=\"{geometry}\" enabled=\"1\" min-zoom=\"-1\" \
         max-zoom=\"-1\" expression=\"{condition}\">{settings}</style>\n"
    )
}

/// The kind of geometry, as QGIS numbers them (`QgsWkbTypes::GeometryType`).
const fn geometry(layer: &Layer) -> u8 {
    match layer.geometry {
        GeometryKind::Point => 0,
        GeometryKind::LineString | GeometryKind::MultiLineString => 1,
        GeometryKind::MultiPolygon => 2,
    }
}
