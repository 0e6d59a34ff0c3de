//! The layers of a project that read features (OGC API Features), and pictures of surveys (XYZ).

use domain::layer::GeometryKind;
use domain::layers::{FACILITIES, public_fields};
use domain::{Lang, Layer, Text};
use raster::tile_matrix::FINEST_ZOOM;
use store::layer_state::LayerState;

use super::{Image, labels};
use crate::formats::xml::escaped;
use crate::styles::qml_content;

/// A layer with more records than this is asked for on large maps only; small maps have its tiles.
const MANY: i64 = 5_000;
/// The map on which the records of such a layer begin to be asked for: 1 to this.
const LEAST_SCALE: u32 = 250_000;

/// Whether a layer is too large to be asked for as a whole.
pub const fn is_large(state: &LayerState) -> bool {
    state.feature_count > MANY
}

/// The id of a layer in the project.
pub fn id_of(layer: &Layer) -> String {
    format!("cadastre_{}", layer.id)
}

/// Where a layer is read from: what the view shows, and no more.
pub fn source_of(layer: &Layer, base_url: &str) -> String {
    let id = layer.id;
    format!("url='{base_url}/' typename='{id}' restrictToRequestBBOX='1'")
}

/// A reference system, by its code of EPSG. QGIS reads the code only where a number of its own database
/// stands beside it, which it does not use then.
pub fn crs(code: u32) -> String {
    format!("<spatialrefsys><srsid>1</srsid><authid>EPSG:{code}</authid></spatialrefsys>")
}

/// A layer of features.
pub fn features(layer: &'static Layer, state: &LayerState, base_url: &str, lang: Lang) -> String {
    let geometry = match layer.geometry {
        GeometryKind::Point => "Point",
        GeometryKind::LineString | GeometryKind::MultiLineString => "Line",
        GeometryKind::MultiPolygon => "Polygon",
    };
    let (is_limited, least_scale) = (u8::from(is_large(state)), LEAST_SCALE);
    let id = id_of(layer);
    let name = escaped(&layer.title.get(lang));
    let about = escaped(&layer.description.get(lang));
    let source = escaped(&source_of(layer, base_url));
    let srs = crs(4326);
    let content = qml_content(layer, public_fields(layer), lang);
    let labels = labels::of_layer(layer, lang);
    let called = escaped(&labels::called(layer, lang));
    let actions = actions(layer, base_url, lang);
    format!(
        "<maplayer type=\"vector\" geometry=\"{geometry}\" labelsEnabled=\"1\" simplifyDrawingHints=\"1\" \
         simplifyLocal=\"1\" simplifyDrawingTol=\"1\" hasScaleBasedVisibilityFlag=\"{is_limited}\" \
         minScale=\"{least_scale}\" maxScale=\"0\">\n\
         <id>{id}</id>\n<datasource>{source}</datasource>\n<layername>{name}</layername>\n\
         <srs>{srs}</srs>\n<abstract>{about}</abstract>\n<provider encoding=\"\">OAPIF</provider>\n\
         {content}{labels}{actions}<previewExpression>{called}</previewExpression>\n</maplayer>\n"
    )
}

const PAGE: Text = Text::new("Страница објекта", "Page of the facility");

/// What a click on a facility offers: its page.
fn actions(layer: &Layer, base_url: &str, lang: Lang) -> String {
    if layer.table != FACILITIES.table {
        return String::new();
    }
    let title = escaped(&PAGE.get(lang));
    let address = format!(
        "{base_url}/facilities/[% \"code\" %]?lang={}&f=html",
        lang.tag()
    );
    let address = escaped(&address);
    format!(
        "<attributeactions><actionsetting type=\"{OPEN_ADDRESS}\" name=\"{title}\" \
         shortTitle=\"{title}\" action=\"{address}\" id=\"{{{ACTION}}}\" icon=\"\" capture=\"0\" \
         isEnabledOnlyWhenEditable=\"0\" notificationMessage=\"\"><actionScope id=\"Canvas\"/>\
         <actionScope id=\"Feature\"/></actionsetting></attributeactions>\n"
    )
}

/// `QgsAction::OpenUrl`.
const OPEN_ADDRESS: u8 = 5;
/// What QGIS knows the action by; any UUID.
const ACTION: &str = "6d8c1c4e-4f0b-4f5b-9d0e-2f6f0c1d7a11";

/// The source of XYZ tiles. The braces of the template are escaped, as QGIS itself writes them.
pub fn xyz(template: &str, finest: u32) -> String {
    let template = template.replace('{', "%7B").replace('}', "%7D");
    let template = template.replace('&', "%26").replace('=', "%3D");
    format!("type=xyz&url={template}&zmin=0&zmax={finest}")
}

/// The id of a survey's picture in the project.
pub fn id_of_image(image: &Image) -> String {
    format!("cadastre_survey_{}", image.id)
}

/// What a survey's picture is called.
pub fn name_of_image(image: &Image, lang: Lang) -> String {
    format!("{}, {}", image.code, image.style.title().get(lang))
}

/// The source of a survey's picture.
pub fn source_of_image(image: &Image, base_url: &str) -> String {
    xyz(&image.tiles(base_url), FINEST_ZOOM)
}

/// A picture of a survey.
pub fn picture(image: &Image, base_url: &str, lang: Lang) -> String {
    let id = id_of_image(image);
    let name = escaped(&name_of_image(image, lang));
    let source = escaped(&source_of_image(image, base_url));
    let srs = crs(3857);
    format!(
        "<maplayer type=\"raster\">\n<id>{id}</id>\n<datasource>{source}</datasource>\n\
         <layername>{name}</layername>\n<srs>{srs}</srs>\n<provider>wms</provider>\n\
         <pipe><rasterrenderer type=\"singlebandcolordata\" band=\"1\" opacity=\"1\" alphaBand=\"-1\"/>\
         </pipe>\n</maplayer>\n"
    )
}
