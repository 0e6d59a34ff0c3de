//! Styles for map programs (`MapLibre` Style Specification 8), with absolute addresses.

use domain::code_list::Coded as _;
use domain::layers::{
    DAMS, DISTRICTS, FACILITIES, FACILITY_OUTLINES, INCIDENTS, MUNICIPALITIES, PROTECTED_AREAS,
    SETTLEMENTS, SURVEYS, VOLUME_CHANGES, WATERCOURSES,
};
use domain::theme::{Class, Rule, Theme};
use domain::{Lang, Layer};
use serde_json::{Value, json};

use super::Scheme;
use super::glyphs::FONT;
use super::sprites::{GROUPS, INCIDENT};
use crate::context::Context;

/// The one source.
const SOURCE: &str = "cadastre";

/// The style of a theme, with the layers that have data.
pub fn style(context: &Context, theme: Theme, scheme: Scheme, layers: &[&Layer]) -> Value {
    let base = &context.base_url;
    let writer = Writer {
        theme,
        scheme,
        lang: context.lang,
        layers,
    };
    let mut metadata = json!({});
    if let Some(note) = theme.note() {
        metadata["note"] = json!(note.get(context.lang));
    }
    json!({
        "version": 8,
        "name": theme.entry().label.get(context.lang),
        "metadata": metadata,
        "center": [20.9, 44.2],
        "zoom": 6,
        "sources": { SOURCE: { "type": "vector", "url": format!("{base}/tiles/tilejson.json") } },
        "sprite": format!("{base}/sprites/{}", scheme.name()),
        "glyphs": format!("{base}/glyphs/{{fontstack}}/{{range}}.pbf"),
        "layers": writer.layers(),
    })
}

struct Writer<'w> {
    theme: Theme,
    scheme: Scheme,
    lang: Lang,
    layers: &'w [&'w Layer],
}

impl Writer<'_> {
    /// From the background upwards.
    fn layers(&self) -> Vec<Value> {
        let background = json!({
            "id": "background", "type": "background",
            "paint": { "background-color": self.scheme.background().to_string() },
        });
        let drawn = [
            ground(),
            self.borders(),
            water(),
            self.footprints(),
            self.areas(),
            lines(),
            self.people(),
            self.points(),
        ];
        let drawn = drawn.into_iter().flatten();
        let shown = drawn.filter(|layer| {
            let source = layer["source-layer"].as_str();
            self.layers.iter().any(|layer| Some(layer.id) == source)
        });
        std::iter::once(background).chain(shown).collect()
    }

    fn borders(&self) -> Vec<Value> {
        let line = |id: &str, of: &Layer, least_zoom: u8, width: f64| {
            let paint = json!({
                "line-color": self.scheme.border().to_string(), "line-width": width,
                "line-opacity": 0.7,
            });
            layer(
                id,
                "line",
                of,
                json!({ "minzoom": least_zoom, "paint": paint }),
            )
        };
        vec![
            line("municipalities", &MUNICIPALITIES, 7, 0.6),
            line("districts", &DISTRICTS, 0, 1.2),
        ]
    }

    fn footprints(&self) -> Vec<Value> {
        let paint = json!({
            "line-color": self.scheme.text().to_string(), "line-width": 1, "line-dasharray": [3, 2],
        });
        let of = |id: &str, layer_of: &Layer| {
            layer(
                id,
                "line",
                layer_of,
                json!({ "minzoom": 11, "paint": paint }),
            )
        };
        vec![
            of("surveys", &SURVEYS),
            of("volume-changes", &VOLUME_CHANGES),
        ]
    }

    /// The outlines of facilities in the colours of the theme.
    fn areas(&self) -> Vec<Value> {
        // Newer programs tell areas of several parts from those of one.
        let areas = json!(["Polygon", "MultiPolygon"]);
        let filter = json!(["match", ["geometry-type"], areas, true, false]);
        let colour = self.by_class(|class| json!(class.symbol.colour.to_string()));
        let fill = json!({
            "filter": filter, "paint": { "fill-color": colour, "fill-opacity": 0.45 },
        });
        let ink = self.scheme.outline().to_string();
        let line = json!({ "filter": filter, "paint": { "line-color": ink, "line-width": 1 } });
        vec![
            layer("outlines-fill", "fill", &FACILITY_OUTLINES, fill),
            layer("outlines-line", "line", &FACILITY_OUTLINES, line),
        ]
    }

    fn people(&self) -> Vec<Value> {
        let layout = json!({
            "text-field": self.name(&SETTLEMENTS), "text-font": [FONT], "text-size": 11,
        });
        let rest = json!({
            "minzoom": 9, "filter": single(), "layout": layout, "paint": self.label_paint(0.8),
        });
        vec![layer("settlements", "symbol", &SETTLEMENTS, rest)]
    }

    fn points(&self) -> Vec<Value> {
        let incident = json!({ "icon-image": INCIDENT, "icon-allow-overlap": true });
        let symbol = json!({
            "icon-image": self.by_class(|class| json!(class.symbol.name())),
            "icon-allow-overlap": true,
        });
        let label = json!({
            "text-field": self.name(&FACILITIES), "text-font": [FONT], "text-size": 12,
            "text-anchor": "top", "text-offset": [0, 0.7], "text-max-width": 12,
        });
        vec![
            layer(
                "incidents",
                "symbol",
                &INCIDENTS,
                json!({ "filter": single(), "layout": incident }),
            ),
            layer(
                "facilities",
                "symbol",
                &FACILITIES,
                json!({ "filter": single(), "layout": symbol }),
            ),
            layer("facilities-groups", "symbol", &FACILITIES, group()),
            layer(
                "facilities-labels",
                "symbol",
                &FACILITIES,
                json!({
                    "minzoom": 10, "filter": single(), "layout": label, "paint": self.label_paint(1.0),
                }),
            ),
        ]
    }

    fn label_paint(&self, opacity: f64) -> Value {
        json!({
            "text-color": self.scheme.text().to_string(),
            "text-halo-color": self.scheme.background().to_string(),
            "text-halo-width": 1.5,
            "text-opacity": opacity,
        })
    }

    /// The name of a record in the language of the style, as far as it is known.
    fn name(&self, layer: &Layer) -> Value {
        let names = match self.lang {
            Lang::SrCyrl => &["name"][..],
            Lang::SrLatn => &["name_latin", "name"],
            Lang::En => &["name_en", "name_latin", "name"],
        };
        let known = names.iter().filter(|name| layer.field(name).is_some());
        let values = known.map(|name| json!(["get", name]));
        let mut expression = vec![json!("coalesce")];
        expression.extend(values);
        // Where tiles carry no names yet.
        expression.push(json!(""));
        Value::Array(expression)
    }

    /// An expression that has one value for each class of the theme.
    fn by_class(&self, value: impl Fn(&Class) -> Value) -> Value {
        let classes = self.theme.classes();
        let attribute = json!(["get", self.theme.attribute()]);
        let unknown = classes.iter().find(|class| class.rule == Rule::Unknown);
        let unknown = unknown.map_or(Value::Null, &value);
        let codes = classes.iter().filter_map(|class| match class.rule {
            Rule::Code(code) => Some([json!(code), value(class)]),
            _ => None,
        });
        let codes: Vec<_> = codes.flatten().collect();
        if !codes.is_empty() {
            let head = [json!("match"), attribute];
            return head.into_iter().chain(codes).chain([unknown]).collect();
        }
        let steps = classes.iter().filter_map(|class| match class.rule {
            Rule::Range { from: None, .. } => Some(vec![value(class)]),
            Rule::Range {
                from: Some(from), ..
            } => Some(vec![json!(from), value(class)]),
            _ => None,
        });
        let head = [json!("step"), attribute];
        let steps: Value = head.into_iter().chain(steps.flatten()).collect();
        json!(["case", ["has", self.theme.attribute()], steps, unknown])
    }
}

/// The condition that a feature stands for one record.
fn single() -> Value {
    json!(["!", ["has", "count"]])
}

/// Records that are shown together, and how many they are.
fn group() -> Value {
    let count = || json!(["get", "count"]);
    let mut icon = vec![json!("step"), count()];
    for (least, name, _) in GROUPS {
        if least > 0 {
            icon.push(json!(least));
        }
        icon.push(json!(name));
    }
    let in_thousands = json!([
        "concat",
        ["to-string", ["round", ["/", count(), 1000]]],
        "k"
    ]);
    let text = json!([
        "case",
        [">=", count(), 10_000],
        in_thousands,
        ["to-string", count()]
    ]);
    json!({
        "filter": ["has", "count"],
        "layout": {
            "icon-image": icon, "icon-allow-overlap": true,
            "text-field": text, "text-font": [FONT], "text-size": 11, "text-allow-overlap": true,
        },
        "paint": { "text-color": "#ffffff" },
    })
}

fn layer(id: &str, kind: &str, of: &Layer, rest: Value) -> Value {
    let mut layer = json!({ "id": id, "type": kind, "source": SOURCE, "source-layer": of.id });
    if let (Some(layer), Value::Object(rest)) = (layer.as_object_mut(), rest) {
        layer.extend(rest);
    }
    layer
}

fn ground() -> Vec<Value> {
    let paint = json!({ "fill-color": "#009e73", "fill-opacity": 0.15 });
    vec![layer(
        "protected-areas",
        "fill",
        &PROTECTED_AREAS,
        json!({ "paint": paint }),
    )]
}

fn water() -> Vec<Value> {
    let width = json!(["interpolate", ["linear"], ["zoom"], 5, 0.4, 14, 2.5]);
    let paint = json!({ "line-color": "#56b4e9", "line-width": width });
    vec![layer(
        "watercourses",
        "line",
        &WATERCOURSES,
        json!({ "paint": paint }),
    )]
}

fn lines() -> Vec<Value> {
    let paint = json!({ "line-color": "#d55e00", "line-width": 2 });
    vec![layer(
        "dams",
        "line",
        &DAMS,
        json!({ "minzoom": 10, "paint": paint }),
    )]
}
