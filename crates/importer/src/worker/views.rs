//! The layers of a file as they are offered: those of GDAL, divided by kind of geometry where they
//! mix points, lines and areas, and a drawing by its own layers.

use std::collections::HashMap;

use gdal::vector::{Feature, Layer, LayerAccess};

use super::failure::{Failure, failure};
use super::format::Format;
use super::gdal_log;
use super::geometry::is_closed_line;
use super::open::{self, Field};
use super::opened::Opened;
use super::source::Source;
use crate::protocol::SourceGeometry;

/// Columns that say how something is drawn, not what it is.
const DRAWING_ONLY: [&str; 15] = [
    "tessellate",
    "extrude",
    "visibility",
    "drawOrder",
    "icon",
    "altitudeMode",
    "snippet",
    "PaperSpace",
    "SubClasses",
    "Linetype",
    "EntityHandle",
    "ExtendedEntity",
    "SubEntityHandle",
    "track_fid",
    "route_fid",
];

/// A layer that is offered.
#[derive(Debug)]
pub(super) struct View {
    /// Its name.
    pub(super) name: String,
    /// GDAL's layer.
    pub(super) layer: usize,
    /// Which of its features.
    pub(super) part: Part,
    /// What its geometries are.
    pub(super) geometry: SourceGeometry,
    /// How many there are.
    pub(super) record_count: u64,
    /// West, south, east, north, where it is known.
    pub(super) extent: Option<[f64; 4]>,
    /// Its columns.
    pub(super) fields: Vec<Field>,
}

/// Some of the features of a layer: all, or those of a drawing's layer, of a kind, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    drawing_layer: Option<String>,
    geometry: Option<SourceGeometry>,
}

/// What divides features.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    drawing_layer: Option<String>,
    /// `None` for a feature without geometry.
    geometry: Option<Shape>,
}

/// [`SourceGeometry`] of one feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    Point,
    Line,
    Area,
    Other,
}

impl Shape {
    const fn geometry(self) -> SourceGeometry {
        match self {
            Self::Point => SourceGeometry::Point,
            Self::Line => SourceGeometry::Line,
            Self::Area => SourceGeometry::Polygon,
            Self::Other => SourceGeometry::Mixed,
        }
    }
}

const fn in_words(geometry: SourceGeometry) -> &'static str {
    match geometry {
        SourceGeometry::Point => "points",
        SourceGeometry::Line => "lines",
        SourceGeometry::Polygon => "areas",
        SourceGeometry::None | SourceGeometry::Mixed => "other",
    }
}

impl Kind {
    /// The kind of a feature; `drawing_layer` is the column of a drawing's layers.
    pub(super) fn of(feature: &Feature<'_>, format: Format, drawing_layer: Option<usize>) -> Self {
        let geometry = feature.geometry_by_index(0).ok();
        let shape = geometry.map(|geometry| {
            if format == Format::Dxf && is_closed_line(geometry) {
                return Shape::Area;
            }
            match open::kind_of_geometry(geometry.geometry_type()) {
                SourceGeometry::Point => Shape::Point,
                SourceGeometry::Line => Shape::Line,
                SourceGeometry::Polygon => Shape::Area,
                SourceGeometry::None | SourceGeometry::Mixed => Shape::Other,
            }
        });
        let layer = drawing_layer.filter(|_| format == Format::Dxf);
        Self {
            drawing_layer: layer.and_then(|at| feature.field_as_string(at).ok().flatten()),
            geometry: shape,
        }
    }
}

impl Kind {
    fn source_geometry(&self) -> SourceGeometry {
        self.geometry.map_or(SourceGeometry::None, Shape::geometry)
    }
}

impl Part {
    /// Whether a feature belongs to this part.
    pub(super) fn takes(&self, kind: &Kind) -> bool {
        let of_layer = self.drawing_layer.is_none() || self.drawing_layer == kind.drawing_layer;
        let of_kind = self.geometry.is_none() || self.geometry == Some(kind.source_geometry());
        of_layer && of_kind
    }
}

/// The column with the layers of a drawing.
pub(super) fn drawing_layer_field(layer: &impl LayerAccess) -> Option<usize> {
    layer.defn().field_index("Layer").ok()
}

/// The layers that a file offers; those alone that can be called `wanted` where that is given.
pub(super) fn of(
    opened: &Opened,
    source: &Source,
    wanted: Option<&str>,
) -> Result<Vec<View>, Failure> {
    let mut views = Vec::new();
    for at in 0..opened.dataset.layer_count() {
        let layer = opened.dataset.layer(at);
        let mut layer = layer.map_err(|_| failure!("{:?} holds no layer", source.member))?;
        let base = source.layer_name(&layer.name());
        let is_drawing = source.format == Format::Dxf;
        let may_be = wanted.is_none_or(|wanted| is_drawing || wanted.starts_with(&base));
        let is_offered =
            !is_part_of_another(source.format, &layer.name()) && !is_of_qgis(source.format, &layer);
        if may_be && is_offered {
            views.extend(of_layer(opened, source, &mut layer, at, &base)?);
        }
    }
    let is_full = |view: &View| view.record_count > 0;
    if source.format.has_fixed_columns() && views.iter().any(is_full) {
        views.retain(is_full);
    }
    Ok(views)
}

/// GDAL also offers the points of routes and tracks.
fn is_part_of_another(format: Format, layer: &str) -> bool {
    format == Format::Gpx && ["route_points", "track_points"].contains(&layer)
}

/// QGIS keeps how layers are drawn, and its projects, in tables of a `GeoPackage`.
fn is_of_qgis(format: Format, layer: &Layer<'_>) -> bool {
    const TABLES: [(&str, &str); 2] = [("layer_styles", "styleQML"), ("qgis_projects", "metadata")];
    let name = layer.name();
    let is_one =
        |(table, column): (&str, &str)| name == table && layer.defn().field_index(column).is_ok();
    format == Format::GeoPackage
        && open::geometry(layer) == SourceGeometry::None
        && TABLES.into_iter().any(is_one)
}

fn of_layer(
    opened: &Opened,
    source: &Source,
    layer: &mut Layer<'_>,
    at: usize,
    base: &str,
) -> Result<Vec<View>, Failure> {
    let fixed = source.format.has_fixed_columns();
    let geometry = open::geometry(layer);
    let mut fields = open::fields(layer, opened.charset, None);
    let whole = |fields| View {
        name: base.to_owned(),
        layer: at,
        part: Part::default(),
        geometry,
        record_count: layer.feature_count(),
        extent: None,
        fields,
    };
    if geometry != SourceGeometry::Mixed && !fixed {
        return Ok(vec![View {
            extent: extent(layer, geometry),
            ..whole(fields)
        }]);
    }
    let plain = whole(Vec::new());
    let scan = Scan::of(layer, source.format, &fields);
    if let Some(complaint) = gdal_log::take_failure() {
        return Err(failure!(
            "the layer {base:?} cannot be read ({complaint}); export the file again"
        ));
    }
    if fixed {
        fields.retain(|field| scan.filled.get(field.at) == Some(&true));
    }
    let parts = scan.parts(base, source);
    if parts.is_empty() {
        return Ok(vec![View { fields, ..plain }]);
    }
    let views = parts.into_iter().map(|(name, part, group)| View {
        name,
        layer: at,
        part,
        geometry: group.geometry,
        record_count: group.count,
        extent: group.extent,
        fields: fields.clone(),
    });
    Ok(views.collect())
}

fn extent(layer: &Layer<'_>, geometry: SourceGeometry) -> Option<[f64; 4]> {
    let placed = layer.feature_count() > 0 && geometry != SourceGeometry::None;
    let around = placed.then(|| layer.get_extent().ok()).flatten()?;
    Some([around.MinX, around.MinY, around.MaxX, around.MaxY])
}

/// Features of one kind.
#[derive(Clone, Debug)]
struct Group {
    geometry: SourceGeometry,
    count: u64,
    extent: Option<[f64; 4]>,
}

impl Group {
    fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.extent = match (self.extent, other.extent) {
            (Some([w, s, e, n]), Some([w2, s2, e2, n2])) => {
                Some([w.min(w2), s.min(s2), e.max(e2), n.max(n2)])
            }
            (one, other) => one.or(other),
        };
    }
}

/// All features of a layer, looked through once.
#[derive(Debug, Default)]
struct Scan {
    groups: Vec<(Kind, Group)>,
    /// Which of the fields have a value in any feature.
    filled: Vec<bool>,
}

impl Scan {
    fn of(layer: &mut Layer<'_>, format: Format, fields: &[Field]) -> Self {
        let drawing_layer = drawing_layer_field(layer);
        let mut scan = Self {
            groups: Vec::new(),
            filled: vec![false; fields.len()],
        };
        let mut places: HashMap<Kind, usize> = HashMap::new();
        for feature in layer.features() {
            scan.note_values(&feature, fields);
            let kind = Kind::of(&feature, format, drawing_layer);
            let group = Group::of(&feature, &kind);
            let known = places.get(&kind).and_then(|&at| scan.groups.get_mut(at));
            if let Some((_, known)) = known {
                known.join(&group);
            } else {
                places.insert(kind.clone(), scan.groups.len());
                scan.groups.push((kind, group));
            }
        }
        layer.reset_feature_reading();
        scan
    }

    fn note_values(&mut self, feature: &Feature<'_>, fields: &[Field]) {
        for field in fields {
            let tells = !DRAWING_ONLY.contains(&field.name.as_str());
            if let Some(filled) = self.filled.get_mut(field.at).filter(|it| tells && !**it) {
                let text = feature.field_as_string(field.at).ok().flatten();
                *filled = text.is_some_and(|text| !text.is_empty());
            }
        }
    }

    /// The parts to be offered, with their names.
    fn parts(&self, base: &str, source: &Source) -> Vec<(String, Part, Group)> {
        if source.format == Format::Dxf {
            return self.parts_of_drawing(source);
        }
        divided(base, None, &self.groups.iter().collect::<Vec<_>>())
    }

    /// A drawing is divided by its layers; where several have the same kind of geometry, all of
    /// that kind are offered together, too.
    fn parts_of_drawing(&self, source: &Source) -> Vec<(String, Part, Group)> {
        let mut layers: Vec<&Option<String>> = Vec::new();
        for (kind, _) in &self.groups {
            if !layers.contains(&&kind.drawing_layer) {
                layers.push(&kind.drawing_layer);
            }
        }
        let mut parts = Vec::new();
        for layer in layers {
            let groups = self.groups.iter();
            let groups: Vec<_> = groups
                .filter(|(kind, _)| kind.drawing_layer == *layer)
                .collect();
            let name = source.layer_name(layer.as_deref().unwrap_or("0"));
            parts.extend(divided(&name, layer.as_ref(), &groups));
        }
        parts.extend(self.of_several_layers(source));
        parts
    }

    fn of_several_layers(&self, source: &Source) -> Vec<(String, Part, Group)> {
        let shapes = [Shape::Point, Shape::Line, Shape::Area];
        let together = shapes.into_iter().filter_map(|shape| {
            let groups = self.groups.iter();
            let mut groups = groups
                .filter(|(kind, _)| kind.geometry == Some(shape))
                .map(|(_, group)| group);
            let mut all = groups.next()?.clone();
            let mut layers = 1;
            for group in groups {
                all.join(group);
                layers += 1;
            }
            let name = source.layer_name(&format!("all {}", in_words(shape.geometry())));
            let part = Part {
                drawing_layer: None,
                geometry: Some(shape.geometry()),
            };
            (layers > 1).then_some((name, part, all))
        });
        together.collect()
    }
}

impl Group {
    fn of(feature: &Feature<'_>, kind: &Kind) -> Self {
        let around = feature.geometry_by_index(0).ok();
        let around = around.filter(|geometry| !geometry.is_empty());
        Self {
            geometry: kind.source_geometry(),
            count: 1,
            extent: around.map(|geometry| {
                let sides = geometry.envelope();
                [sides.MinX, sides.MinY, sides.MaxX, sides.MaxY]
            }),
        }
    }
}

/// One part when the geometries are of one kind, with the features that have none; else a part for
/// each kind.
fn divided(
    name: &str,
    drawing_layer: Option<&String>,
    groups: &[&(Kind, Group)],
) -> Vec<(String, Part, Group)> {
    let drawing_layer = drawing_layer.cloned();
    let placed = groups.iter().filter(|(kind, _)| kind.geometry.is_some());
    if placed.count() <= 1 {
        let mut all: Option<Group> = None;
        for (_, group) in groups {
            match &mut all {
                Some(all) => {
                    if all.geometry == SourceGeometry::None {
                        all.geometry = group.geometry;
                    }
                    all.join(group);
                }
                None => all = Some(group.clone()),
            }
        }
        let part = Part {
            drawing_layer,
            geometry: None,
        };
        return all
            .map(|all| (name.to_owned(), part, all))
            .into_iter()
            .collect();
    }
    let parts = groups.iter().map(|(_, group)| {
        let words = match group.geometry {
            SourceGeometry::None => "no place",
            geometry => in_words(geometry),
        };
        let part = Part {
            drawing_layer: drawing_layer.clone(),
            geometry: Some(group.geometry),
        };
        (format!("{name} ({words})"), part, group.clone())
    });
    parts.collect()
}
