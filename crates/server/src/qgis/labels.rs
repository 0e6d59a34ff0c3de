//! Labels of maps in QGIS.

use domain::{Lang, Layer};

use crate::feature_pages::names;
use crate::formats::xml::escaped;

/// The largest map on which records are labelled: 1 to this.
const LEAST_SCALE: u32 = 150_000;

/// What a record is called, as an expression of QGIS: its name in the script of the language where it has
/// one, else its code.
pub fn called(layer: &Layer, lang: Lang) -> String {
    let known = names(lang)
        .iter()
        .filter(|name| layer.field(name).is_some());
    let columns = known.copied().chain([layer.key().name]);
    let columns: Vec<_> = columns.map(|name| format!("\"{name}\"")).collect();
    format!("coalesce({})", columns.join(", "))
}

/// The labels of a layer, on maps that are large enough for them.
pub fn of_layer(layer: &Layer, lang: Lang) -> String {
    let settings = settings(&called(layer, lang), Some(LEAST_SCALE), "35,35,35,255");
    format!("<labeling type=\"simple\">{settings}</labeling>\n")
}

/// Labels that say an expression; on maps larger than 1 to `least_scale` only.
pub fn settings(expression: &str, least_scale: Option<u32>, colour: &str) -> String {
    let expression = escaped(expression);
    let is_limited = u8::from(least_scale.is_some());
    let scale = least_scale.unwrap_or_default();
    format!(
        "<settings calloutType=\"simple\">\
         <text-style fieldName=\"{expression}\" isExpression=\"1\" fontSize=\"8\" fontSizeUnit=\"Point\" \
         fontWeight=\"50\" textColor=\"{colour}\" textOpacity=\"1\" multilineHeight=\"1\">\
         <text-buffer bufferDraw=\"{is_limited}\" bufferSize=\"1\" bufferSizeUnits=\"MM\" \
         bufferColor=\"255,255,255,255\" bufferOpacity=\"1\"/></text-style>\
         <text-format multilineAlign=\"0\"/>\
         <placement placement=\"{AROUND}\" dist=\"1\" distUnits=\"MM\" priority=\"5\" \
         predefinedPositionOrder=\"TR,TL,BR,BL,R,L,TSR,BSR\" polygonPlacementFlags=\"2\"/>\
         <rendering scaleVisibility=\"{is_limited}\" scaleMin=\"0\" scaleMax=\"{scale}\" drawLabels=\"1\" \
         obstacle=\"1\" obstacleFactor=\"1\"/></settings>"
    )
}

/// The placement around a point, or in an area.
const AROUND: u8 = 0;
