//! Everything that is known of one record: its values with where they come from, its place, and the
//! records that belong to it.

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::layer::{Field, Layer, Origin};
use domain::layers::FACILITIES;
use domain::{Text, message};
use store::StoreError;
use store::feature::Feature;
use store::writings::Writing;

use super::Scene;
use super::dossier::Dossier;
use super::related::{Group, Search};
use super::values::{Piece, called, pieces};
use crate::App;
use crate::context::{Context, HTML};
use crate::crs::ServedCrs;
use crate::error::ApiError;
use crate::facilities;
use crate::formats::{self, shape};
use crate::landing::html_response;
use crate::links::{Link, PROVENANCE, with_parameter};
use crate::pages::{Frame, HOME, LAYERS};
use crate::sketch::{self, Reach, Sketch};
use crate::stream::Job;
use crate::validator::ETag;

/// A close view of a point would show nothing; one of a shape shows it whole.
const CLOSE: Reach = Reach::Degrees(0.002);
const WHERE: Text = Text::new("Положај у Србији", "Place in Serbia");
const SHAPE: Text = Text::new("Облик", "Shape");

/// How much a page tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The record, and the names of those that belong to it.
    Record,
    /// Everything about a facility, at its permanent address.
    Facility,
}

/// The page of one feature. It tells of other records too, so its tag is that of the whole register.
pub async fn one(
    app: &App,
    job: &Job,
    links: &[Link],
    feature: &Feature,
    extent: Extent,
) -> Result<Response, ApiError> {
    let context = &job.context;
    let failed = |error: StoreError| context.store_error(&error);
    let revision = app.store.register_revision().await.map_err(failed)?;
    let tag = ETag::strong(context, revision).of(HTML);
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    let mut response = html_response(context, &page(app, job, links, feature, extent).await?);
    tag.put(response.headers_mut());
    Ok(response)
}

async fn page<'p>(
    app: &App,
    job: &Job,
    links: &'p [Link],
    feature: &Feature,
    extent: Extent,
) -> Result<ItemPage<'p>, ApiError> {
    let context = &job.context;
    let failed = |error: StoreError| context.store_error(&error);
    let as_of = job.request.selection.as_of;
    let scene = Scene::read(app, context).await?;
    let id = feature.id().map_err(failed)?;
    let writings = app.store.writings(job.layer, id, as_of).await;
    let writings = writings.map_err(failed)?;
    let frame = frame(context, job.layer);
    let search = Search {
        store: &app.store,
        frame: &frame,
        as_of,
    };
    let (related, dossier) = match extent {
        Extent::Record => (search.groups(job.layer, feature).await, None),
        Extent::Facility => {
            let dossier = Dossier::read(app, job, feature, &scene, &search).await?;
            (search.named(job.layer, feature).await, Some(dossier))
        }
    };
    let related = related.map_err(failed)?;
    let name = called(feature, job.layer.key(), context.lang).map_err(failed)?;
    let outline = dossier.as_ref().and_then(|one| one.outline.as_ref());
    Ok(ItemPage {
        rows: rows(feature, &scene, &writings, &frame).map_err(failed)?,
        maps: maps(job, outline.unwrap_or(feature), &scene, &name)?,
        position: position(context, feature)?,
        formats: other_formats(context, job.layer, &frame),
        links,
        related,
        writings,
        layer: job.layer,
        name,
        as_of,
        dossier,
        canonical: canonical(context, job.layer, feature).map_err(failed)?,
        frame,
    })
}

fn canonical(
    context: &Context,
    layer: &Layer,
    feature: &Feature,
) -> Result<Option<String>, StoreError> {
    if layer.table != FACILITIES.table {
        return Ok(None);
    }
    let path = facilities::path(feature)?;
    Ok(Some(format!("{}{path}", context.base_url)))
}

fn frame(context: &Context, layer: &Layer) -> Frame {
    let path = format!("/collections/{}", layer.id);
    let mut frame = Frame::of(context, &[HOME, LAYERS, (&path, layer.title)]);
    let items = frame.page(&format!("{path}/items"));
    frame.trail.push((items, frame.say("Објекти", "Features")));
    frame
}

#[derive(Template)]
#[template(path = "item.html")]
struct ItemPage<'p> {
    frame: Frame,
    layer: &'static Layer,
    name: String,
    as_of: Option<DateTime<Utc>>,
    rows: Vec<Row>,
    maps: Vec<Sketch>,
    position: Option<String>,
    related: Vec<Group>,
    writings: Vec<Writing>,
    links: &'p [Link],
    formats: Vec<(String, String)>,
    dossier: Option<Dossier>,
    /// The permanent address of a facility.
    canonical: Option<String>,
}

impl ItemPage<'_> {
    /// What else belongs to the record, such as the pictures of a survey.
    fn files(&self) -> impl Iterator<Item = &Link> {
        let own = ["self", "alternate", "collection"];
        let others = self
            .links
            .iter()
            .filter(move |link| !own.contains(&link.rel()));
        others.filter(|link| !link.is_template())
    }

    /// Where a link leads; to what is a page too, in the language of this one.
    fn address(&self, link: &Link) -> String {
        if ["version-history", PROVENANCE].contains(&link.rel()) {
            format!("{}?f=html&lang={}", link.href(), self.frame.lang)
        } else {
            link.href().to_owned()
        }
    }

    fn writing(&self, revision: i64) -> Option<&Writing> {
        let writings = self.writings.iter();
        writings.into_iter().find(|one| one.revision == revision)
    }
}

/// A field with its value.
struct Row {
    field: &'static Field,
    title: String,
    value: Vec<Piece>,
    /// The revision that wrote it; `None` for what the register keeps itself.
    revision: Option<i64>,
}

fn rows(
    feature: &Feature,
    scene: &Scene,
    writings: &[Writing],
    frame: &Frame,
) -> Result<Vec<Row>, StoreError> {
    let rows = feature.values().map(|pair| {
        let (field, value) = pair?;
        let wrote = |one: &&Writing| one.fields.iter().any(|name| name == field.name);
        let wrote = writings.iter().find(wrote).or(writings.first());
        Ok(Row {
            field,
            title: frame.text(&field.title),
            value: pieces(field, &value, scene, frame),
            revision: wrote
                .filter(|_| field.origin != Origin::Register)
                .map(|one| one.revision),
        })
    });
    rows.collect()
}

/// Where the record is in the country and, of a line or an area, its shape.
fn maps(job: &Job, feature: &Feature, scene: &Scene, name: &str) -> Result<Vec<Sketch>, ApiError> {
    let context = &job.context;
    let geometry = shape(feature, ServedCrs::CRS84);
    let geometry = geometry.map_err(|error| context.internal(&error, "drawing a feature"))?;
    let Some(geometry) = geometry else {
        return Ok(Vec::new());
    };
    let is_point = matches!(geometry, geo_types::Geometry::Point(_));
    let marks = [sketch::Feature {
        geometry,
        style: 0,
        name: name.to_owned(),
    }];
    let lang = context.lang;
    let close = (!is_point).then(|| Sketch::of(&marks, &scene.land, CLOSE, (SHAPE, lang)));
    let place = Sketch::of(&marks, &scene.land, Reach::Country, (WHERE, lang));
    Ok(close.flatten().into_iter().chain(place).collect())
}

/// The coordinates of a point.
fn position(context: &Context, feature: &Feature) -> Result<Option<String>, ApiError> {
    let geometry = shape(feature, ServedCrs::CRS84);
    let geometry = geometry.map_err(|error| context.internal(&error, "drawing a feature"))?;
    let Some(geo_types::Geometry::Point(point)) = geometry else {
        return Ok(None);
    };
    let (longitude, latitude) = (point.x(), point.y());
    let position = message!(
        "{latitude:.5}° северне ширине, {longitude:.5}° источне дужине (WGS 84)",
        "{latitude:.5}° north, {longitude:.5}° east (WGS 84)"
    );
    Ok(Some(position.get(context.lang).into_owned()))
}

fn other_formats(context: &Context, layer: &Layer, frame: &Frame) -> Vec<(String, String)> {
    let streamed = formats::of_layer(layer).filter(|one| !one.encoding.is_package());
    let formats = streamed.map(|one| {
        let path = with_parameter(context, "f", one.format.name);
        (format!("{}{path}", frame.base_url), frame.text(&one.title))
    });
    formats.collect()
}
