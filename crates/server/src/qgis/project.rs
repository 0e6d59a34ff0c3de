//! The text of a project (`.qgs`), as QGIS 3.22 and later read it.

use domain::layer::{GeometryKind, Layer};
use domain::layers::{DISTRICTS, FACILITIES, public_fields};
use domain::{Lang, Text};
use geodesy::SERBIA;
use store::layer_state::LayerState;

use super::layers::{
    crs, features, id_of, id_of_image, is_large, name_of_image, picture, source_of, source_of_image,
};
use super::{Group, Image, tiles};
use crate::formats::xml::escaped;
use crate::landing::TITLE;

/// UTM zone 34N, in which most of Serbia lies: a metre on the map is a metre on the ground, while Web
/// Mercator would show it 1.4 times as long.
const MAP_CRS: u32 = 32634;

/// What a project is made of.
pub struct Project<'p> {
    /// The address of the service, without a slash at the end.
    pub base_url: &'p str,
    /// The language of titles and labels.
    pub lang: Lang,
    /// The layers that have data.
    pub layers: &'p [(&'static Layer, LayerState)],
    /// Surveys that are shown as pictures.
    pub images: &'p [Image],
}

impl Project<'_> {
    /// The document.
    pub fn text(&self) -> String {
        let title = escaped(&TITLE.get(self.lang));
        let view = format!(
            "<DefaultViewExtent xmin=\"{}\" ymin=\"{}\" xmax=\"{}\" ymax=\"{}\">{}</DefaultViewExtent>",
            SERBIA.min_x,
            SERBIA.min_y,
            SERBIA.max_x,
            SERBIA.max_y,
            crs(4326)
        );
        format!(
            "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
             <qgis version=\"3.22.0\" projectname=\"{title}\">\n<title>{title}</title>\n\
             <projectCrs>{crs}</projectCrs>\n{tree}<relations>\n{relations}</relations>\n\
             <projectlayers>\n{layers}</projectlayers>\n<properties>\n{PROPERTIES}</properties>\n\
             <ProjectViewSettings UseProjectScales=\"0\" rotation=\"0\"><Scales/>{view}\
             </ProjectViewSettings>\n</qgis>\n",
            crs = crs(MAP_CRS),
            tree = self.tree(),
            relations = self.relations(),
            layers = self.map_layers(),
        )
    }

    /// The layers of a group, the uppermost first: points lie on lines, lines on areas.
    fn of_group(&self, group: Group) -> Vec<&(&'static Layer, LayerState)> {
        let of_group = self.layers.iter();
        let mut of_group: Vec<_> = of_group
            .filter(|(layer, _)| Group::of(layer) == group)
            .collect();
        of_group.sort_by_key(|(layer, _)| match layer.geometry {
            GeometryKind::Point => 0,
            GeometryKind::LineString | GeometryKind::MultiLineString => 1,
            GeometryKind::MultiPolygon => 2,
        });
        of_group
    }

    /// The panel of layers.
    fn tree(&self) -> String {
        let groups = GROUPS.map(|(group, title)| {
            let layers = self.of_group(group).into_iter().map(|(layer, _)| {
                let (id, source) = (id_of(layer), source_of(layer, self.base_url));
                let title = layer.title.get(self.lang);
                let shown = group == Group::Waste || layer.id == DISTRICTS.id;
                leaf(&id, &source, &title, "OAPIF", shown)
            });
            let images = self.images.iter().filter(|_| group == Group::Surveys);
            let images = images.map(|image| {
                let source = source_of_image(image, self.base_url);
                let name = name_of_image(image, self.lang);
                leaf(&id_of_image(image), &source, &name, "wms", true)
            });
            let leaves: String = layers.chain(images).collect();
            if leaves.is_empty() {
                return leaves;
            }
            let title = escaped(&title.get(self.lang));
            format!("<layer-tree-group name=\"{title}\" checked=\"Qt::Checked\" expanded=\"1\">\n{leaves}</layer-tree-group>\n")
        });
        let any_large = self.layers.iter().any(|(_, state)| is_large(state));
        let source = tiles::source(self.base_url);
        let name = tiles::NAME.get(self.lang);
        let tiles = leaf(tiles::ID, &source, &name, "vectortile", any_large);
        let groups = groups.concat();
        format!("<layer-tree-group>\n{groups}{tiles}</layer-tree-group>\n")
    }

    /// Which records name which, so that the form of a facility shows what is recorded of it.
    fn relations(&self) -> String {
        let layers = self.layers.iter().map(|(layer, _)| *layer);
        let relations = layers.clone().flat_map(|layer| {
            let fields = public_fields(layer).iter();
            fields.filter_map(move |field| Some((layer, field, field.named_layer()?)))
        });
        let of_project =
            relations.filter(|(.., named)| layers.clone().any(|one| one.id == named.id));
        let relations = of_project.map(|(layer, field, named)| {
            let id = format!("{}_{}", layer.id, field.name);
            let name = escaped(&layer.title.get(self.lang));
            let (from, to) = (id_of(layer), id_of(named));
            let (column, key) = (field.name, named.key().name);
            format!(
                "<relation id=\"{id}\" name=\"{name}\" referencingLayer=\"{from}\" \
                 referencedLayer=\"{to}\" strength=\"Association\"><fieldRef \
                 referencingField=\"{column}\" referencedField=\"{key}\"/></relation>\n"
            )
        });
        relations.collect()
    }

    fn map_layers(&self) -> String {
        let layers = self.layers.iter();
        let layers = layers.map(|(layer, state)| features(layer, state, self.base_url, self.lang));
        let images = self.images.iter();
        let images = images.map(|image| picture(image, self.base_url, self.lang));
        let in_tiles = GROUPS
            .into_iter()
            .flat_map(|(group, _)| self.of_group(group));
        let in_tiles: Vec<_> = in_tiles.map(|(layer, _)| *layer).collect();
        let tiles = tiles::layer(&in_tiles, self.base_url, self.lang);
        layers.chain(images).chain([tiles]).collect()
    }
}

/// The groups, the uppermost first.
const GROUPS: [(Group, Text); 3] = [
    (Group::Waste, Text::new("Рударски отпад", "Mining waste")),
    (Group::Surveys, Text::new("Снимци", "Surveys")),
    (Group::Surroundings, Text::new("Окружење", "Surroundings")),
];

/// The facilities alone show their legend from the start.
fn leaf(id: &str, source: &str, name: &str, provider: &str, shown: bool) -> String {
    let expanded = u8::from(id == id_of(&FACILITIES));
    let (source, name) = (escaped(source), escaped(name));
    let checked = if shown {
        "Qt::Checked"
    } else {
        "Qt::Unchecked"
    };
    format!(
        "<layer-tree-layer id=\"{id}\" name=\"{name}\" providerKey=\"{provider}\" source=\"{source}\" \
         checked=\"{checked}\" expanded=\"{expanded}\"/>\n"
    )
}

/// Lengths and areas are measured on the ellipsoid, in metres.
const PROPERTIES: &str = "<SpatialRefSys><ProjectionsEnabled type=\"int\">1</ProjectionsEnabled></SpatialRefSys>\n\
     <Measure><Ellipsoid type=\"QString\">EPSG:7030</Ellipsoid></Measure>\n\
     <Measurement><DistanceUnits type=\"QString\">meters</DistanceUnits>\
     <AreaUnits type=\"QString\">m2</AreaUnits></Measurement>\n";
