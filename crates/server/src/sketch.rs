//! Small maps in pages: SVG without script, drawn here, from the districts of the register and the
//! features that a page shows. Nothing of it comes from another host.

mod trace;
mod view;

use domain::{Lang, Text};
use geo_types::{Geometry, MultiPolygon};

use self::trace::{middle, trace};
pub use self::view::Bar;
use self::view::{Bounds, View};

/// Shapes smaller than this on the map are drawn as symbols, in its units.
const SMALLEST: f64 = 6.0;
/// Kinds that a map tells apart; further ones look alike.
pub const STYLES: usize = 9;

/// What is drawn of a feature.
#[derive(Debug)]
pub struct Feature {
    /// Where it is, longitude before latitude.
    pub geometry: Geometry<f64>,
    /// The place of its kind in the legend.
    pub style: usize,
    /// What it is called.
    pub name: String,
}

/// A kind of feature in the legend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegendEntry {
    /// Its place, which decides colour and symbol.
    pub style: usize,
    /// What it is called.
    pub label: String,
    /// How many there are on the map.
    pub count: usize,
}

/// A map, ready to be written into a page.
#[derive(Debug)]
pub struct Sketch {
    /// How large it is, in its own units.
    pub width: i32,
    /// How high.
    pub height: i32,
    /// The outlines of districts, as path data.
    pub land: Vec<String>,
    /// The features.
    pub marks: Vec<Mark>,
    /// What a length on it means.
    pub bar: Bar,
    /// What it is.
    pub title: String,
    /// What can be seen on it.
    pub description: String,
    /// The kinds of features on it.
    pub legend: Vec<LegendEntry>,
}

/// A feature on a map.
#[derive(Debug)]
pub struct Mark {
    /// The classes of its element.
    pub class: String,
    /// Path data.
    pub path: String,
    /// What it is called.
    pub name: String,
}

/// How far a map reaches around its features.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// All districts too.
    Country,
    /// At least so many degrees of latitude.
    Degrees(f64),
}

impl Sketch {
    /// A map of features; `None` when none of them has a place.
    pub fn of(
        features: &[Feature],
        land: &[MultiPolygon<f64>],
        reach: Reach,
        words: (Text, Lang),
    ) -> Option<Self> {
        let (title, lang) = words;
        let mut bounds = Bounds::of(features.iter().map(|feature| &feature.geometry))?;
        match reach {
            Reach::Country => {
                let areas: Vec<Geometry<f64>> = land.iter().cloned().map(Geometry::from).collect();
                bounds = bounds.with(Bounds::of(areas.iter()));
            }
            Reach::Degrees(least) => bounds = bounds.padded(least),
        }
        let view = View::of(bounds);
        Some(Self {
            width: view.width,
            height: view.height,
            land: land_of(land, &view),
            marks: features
                .iter()
                .map(|feature| Mark::of(feature, &view))
                .collect(),
            bar: view.bar(),
            title: title.get(lang).into_owned(),
            description: description(features.len(), bounds, lang),
            legend: Vec::new(),
        })
    }
}

fn description(count: usize, bounds: Bounds, lang: Lang) -> String {
    let Bounds {
        west,
        south,
        east,
        north,
    } = bounds;
    domain::message!(
        "Објеката на карти: {count}. Карта је од {west:.2}° до {east:.2}° источне дужине и од {south:.2}° \
         до {north:.2}° северне ширине; танке линије су границе управних округа. Исти објекти су наведени \
         у табели.",
        "Features on the map: {count}. The map reaches from {west:.2}° to {east:.2}° east and from \
         {south:.2}° to {north:.2}° north; thin lines are the boundaries of administrative districts. The \
         same features are listed in the table."
    )
    .get(lang)
    .into_owned()
}

fn land_of(land: &[MultiPolygon<f64>], view: &View) -> Vec<String> {
    let parts = land.iter().flatten().filter(|part| view.shows(part));
    parts
        .map(|part| trace(&Geometry::Polygon(part.clone()), view))
        .collect()
}

impl Mark {
    fn of(feature: &Feature, view: &View) -> Self {
        let Feature {
            geometry,
            style,
            name,
        } = feature;
        let size = Bounds::of(std::iter::once(geometry)).map_or(0.0, |bounds| view.size(bounds));
        let (kind, path) = if size < SMALLEST {
            ("symbol", symbol(*style, view.place(middle(geometry))))
        } else {
            let is_line = matches!(
                geometry,
                Geometry::LineString(_) | Geometry::MultiLineString(_)
            );
            (if is_line { "line" } else { "area" }, trace(geometry, view))
        };
        Self {
            class: format!("{kind} c{}", style % STYLES),
            path,
            name: name.clone(),
        }
    }
}

/// The symbol of a kind at a place, as path data: form and colour tell kinds apart, so that neither
/// has to alone.
pub fn symbol(style: usize, [x, y]: [i32; 2]) -> String {
    match style % 4 {
        0 => format!("M{},{y}a5,5 0 1 0 10,0a5,5 0 1 0 -10,0z", x - 5),
        1 => format!("M{},{}h9v9h-9z", x - 4, y - 4),
        2 => format!("M{x},{}l6,10h-12z", y - 6),
        _ => format!("M{x},{}l6,6l-6,6l-6,-6z", y - 6),
    }
}

impl LegendEntry {
    /// Its symbol in a box of 14 units.
    pub fn symbol(&self) -> String {
        symbol(self.style, [7, 7])
    }

    /// The class of its colour.
    pub const fn colour(&self) -> usize {
        self.style % STYLES
    }
}

#[cfg(test)]
mod tests;
