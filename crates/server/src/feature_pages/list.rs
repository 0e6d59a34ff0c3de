//! A selection of features as a table, with a small map, its filters and its formats.

use std::sync::Arc;

use askama::Template;
use domain::Text;
use domain::layer::{Field, Layer, Origin};
use domain::value::FieldType;
use store::columns::Fields;
use store::feature::{Feature, ValueRef};
use store::geometry::bounds;

use super::search::{Form, InUse};
use super::values::{NAMES, Piece, called, pieces};
use super::{NOT_SELECTING, Scene};
use crate::context::Context;
use crate::crs::ServedCrs;
use crate::formats::{self, shape};
use crate::geojson::WriteError;
use crate::links::{Link, with_only};
use crate::pages::{Frame, HOME, LAYERS};
use crate::sketch::{self, LegendEntry, Reach, Sketch};
use crate::stream::{Encoder, End, Job};

/// Vertices that a page keeps for its map; shapes beyond are shown by their middles, so that memory
/// does not grow with what is stored.
const MOST_VERTICES: usize = 200_000;
/// A map shows at least so many degrees of latitude.
const LEAST_DEGREES: f64 = 0.5;
const MAP: Text = Text::new(
    "Карта објеката ове стране",
    "Map of the features on this page",
);

/// The writer: gathers the features of a page, which is bounded, and writes it when all are there.
pub struct List {
    context: Context,
    scene: Arc<Scene>,
    frame: Frame,
    layer: &'static Layer,
    fields: Fields,
    form: Form,
    in_use: Vec<InUse>,
    rows: Vec<Row>,
    marks: Vec<sketch::Feature>,
    legend: Vec<LegendEntry>,
    vertices: usize,
}

/// A feature of the table.
struct Row {
    href: String,
    name: String,
    cells: Vec<Vec<Piece>>,
}

impl List {
    /// A writer for a request.
    pub fn new(job: &Job, scene: Arc<Scene>) -> Self {
        let context = job.context.clone();
        let title = job.layer.title;
        let path = format!("/collections/{}", job.layer.id);
        let frame = Frame::of(&context, &[HOME, LAYERS, (&path, title)]);
        Self {
            form: Form::of(&context, job.layer, &job.request, &scene),
            in_use: InUse::of(&context, job.layer, &scene),
            frame,
            context,
            scene,
            layer: job.layer,
            fields: job.fields.clone(),
            rows: Vec::new(),
            marks: Vec::new(),
            legend: Vec::new(),
            vertices: 0,
        }
    }

    fn mark(&mut self, feature: &Feature, name: &str) -> Result<(), WriteError> {
        let Some(mut geometry) = shape(feature, ServedCrs::CRS84)? else {
            return Ok(());
        };
        self.vertices += feature.ewkb()?.map_or(0, <[u8]>::len) / size_of::<[f64; 2]>();
        if self.vertices > MOST_VERTICES
            && let Some([west, south, east, north]) = bounds(&geometry)
        {
            let middle = (f64::midpoint(west, east), f64::midpoint(south, north));
            geometry = geo_types::Point::from(middle).into();
        }
        let style = self.style(feature)?;
        self.marks.push(sketch::Feature {
            geometry,
            style,
            name: name.to_owned(),
        });
        Ok(())
    }

    /// The place of a feature's kind in the legend: by its first field of codes.
    fn style(&mut self, feature: &Feature) -> Result<usize, WriteError> {
        let is_kind = |field: &&&Field| matches!(field.field_type, FieldType::Code(_));
        let Some(field) = self.fields.iter().find(is_kind) else {
            return Ok(0);
        };
        let label = match feature.value(field.name)? {
            ValueRef::Text(code) => field.code_list().and_then(|list| list.find(code)),
            _ => None,
        };
        let label = label.map_or_else(
            || self.frame.say("непознато", "unknown"),
            |entry| self.frame.text(&entry.label),
        );
        if let Some(entry) = self.legend.iter_mut().find(|entry| entry.label == label) {
            entry.count += 1;
            return Ok(entry.style);
        }
        let style = self.legend.len();
        self.legend.push(LegendEntry {
            style,
            label,
            count: 1,
        });
        Ok(style)
    }

    fn map(&mut self) -> Option<Sketch> {
        let marks = std::mem::take(&mut self.marks);
        let words = (MAP, self.frame.lang);
        let map = Sketch::of(
            &marks,
            &self.scene.land,
            Reach::Degrees(LEAST_DEGREES),
            words,
        );
        map.map(|map| Sketch {
            legend: std::mem::take(&mut self.legend),
            ..map
        })
    }
}

impl Encoder for List {
    fn feature(
        &mut self,
        _out: &mut Vec<u8>,
        feature: &Feature,
        _at: u32,
    ) -> Result<(), WriteError> {
        let name = called(feature, self.layer.key(), self.frame.lang)?;
        self.mark(feature, &name)?;
        let values = feature.values().map(|pair| {
            let (field, value) = pair?;
            Ok(pieces(field, &value, &self.scene, &self.frame))
        });
        let path = format!("/collections/{}/items/{}", self.layer.id, feature.id()?);
        self.rows.push(Row {
            href: self.frame.page(&path),
            name,
            cells: values.collect::<Result<_, WriteError>>()?,
        });
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>, end: &End<'_>) {
        let map = self.map();
        let page = ItemsPage::of(self, map, end);
        // A template over values in memory cannot fail.
        out.extend_from_slice(page.render().unwrap_or_default().as_bytes());
    }
}

#[derive(Template)]
#[template(path = "items.html")]
struct ItemsPage<'p> {
    list: &'p List,
    frame: &'p Frame,
    layer: &'static Layer,
    map: Option<Sketch>,
    /// The columns: those that any feature of the page has a value for.
    columns: Vec<(usize, &'static Field)>,
    /// The fields that no feature of the page has a value for.
    unknown: Vec<String>,
    returned: u32,
    matched: Option<u64>,
    links: &'p [Link],
    /// Files with the whole selection.
    files: Vec<(String, String)>,
}

impl<'p> ItemsPage<'p> {
    fn of(list: &'p List, map: Option<Sketch>, end: &End<'p>) -> Self {
        let fields = || list.fields.iter().copied().enumerate();
        let is_known = |at: usize| list.rows.iter().any(|row| !row.cells[at].is_empty());
        let overview = || fields().filter(|(_, field)| is_in_overview(field));
        let unknown = overview().filter(|(at, _)| !is_known(*at));
        Self {
            frame: &list.frame,
            layer: list.layer,
            map,
            columns: overview().filter(|(at, _)| is_known(*at)).collect(),
            unknown: unknown
                .map(|(_, field)| list.frame.text(&field.title))
                .collect(),
            returned: end.returned,
            matched: end.matched,
            links: end.links,
            files: files(&list.context, list.layer, &list.frame),
            list,
        }
    }

    /// The page in a direction, `next` or `prev`.
    fn link(&self, rel: &str) -> Option<&str> {
        let link = self.links.iter().find(|link| link.rel() == rel)?;
        Some(link.href())
    }

    /// Whether the values of a field stand under each other by their last digits.
    const fn is_number(field: &Field) -> bool {
        matches!(field.field_type, FieldType::Integer | FieldType::Number)
    }

    fn alternates(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(|link| link.rel() == "alternate")
    }
}

/// Whether the table has a column for a field. Names stand at the head of each line; prose, what the register keeps itself, and names and
/// digests that follow from other fields are on the page of each feature.
fn is_in_overview(field: &Field) -> bool {
    let follows = field.origin == Origin::Derived
        && matches!(field.field_type, FieldType::Text)
        && field.named_layer().is_none();
    let is_overview = field.filterable && field.origin != Origin::Register;
    is_overview && !follows && !NAMES.contains(&field.name)
}

/// The whole selection in every format that holds one.
fn files(context: &Context, layer: &'static Layer, frame: &Frame) -> Vec<(String, String)> {
    let selecting = with_only(context, |name| !NOT_SELECTING.contains(&name));
    let (path, query) = selecting.split_once('?').unwrap_or((&selecting, ""));
    let region = path.strip_suffix(&format!("/{}", layer.id));
    let region = region.and_then(|above| above.rsplit('/').next());
    let mut conditions: Vec<String> = region
        .map(|code| format!("region={code}"))
        .into_iter()
        .collect();
    conditions.extend((!query.is_empty()).then(|| query.to_owned()));
    conditions.push(format!("lang={}", frame.lang));
    let conditions = conditions.join("&");
    let file = formats::of_layer(layer).map(|one| {
        let name = one.format.name;
        let base = format!("{}/collections/{}/download", frame.base_url, layer.id);
        (
            format!("{base}/{name}?{conditions}"),
            frame.text(&one.title),
        )
    });
    file.collect()
}
