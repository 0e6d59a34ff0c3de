//! The start page: what the register is, what is in it, and the ways in.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use domain::code_list::Coded as _;
use domain::layers::{DISTRICTS, FACILITIES};
use domain::lists::FacilityType;
use domain::text::to_latin;
use domain::{Lang, Layer, Text};
use geo_types::Geometry;

use super::figures::{self, Figures, KeptFigures};
use super::{DESCRIPTION, TITLE, html_response};
use crate::App;
use crate::collections::counted;
use crate::context::{Context, HTML};
use crate::error::ApiError;
use crate::feature_pages::written;
use crate::pages::Frame;
use crate::sketch::{self, Reach, Sketch};
use crate::validator::ETag;

const MAP: Text = Text::new("Објекти по управним окрузима", "Facilities by district");
const UNKNOWN: Text = Text::new("непознато", "unknown");
const NO_DISTRICT: Text = Text::new("без округа", "no district recorded");

#[derive(Template)]
#[template(path = "landing.html")]
struct Page {
    frame: Frame,
    layers: Vec<(&'static Layer, i64)>,
    total: i64,
    types: Vec<Row>,
    regions: Vec<Row>,
    known: Vec<Row>,
    percent: i64,
    map: Option<Sketch>,
    shades: [i64; 4],
    figures: Arc<Figures>,
}

/// A line of a table of counts.
struct Row {
    title: String,
    count: i64,
    /// The facilities that it counts.
    href: Option<String>,
}

impl Row {
    /// The count, for people.
    fn number(&self, frame: &Frame) -> String {
        written(&self.count.to_string(), frame.lang)
    }
}

/// `GET /` for people.
pub async fn page(
    app: &App,
    kept: &Arc<KeptFigures>,
    context: &Context,
) -> Result<Response, ApiError> {
    let failed = |error| context.store_error(&error);
    let figures = figures::now(kept, &app.store).await.map_err(failed)?;
    let tag = ETag::strong(context, figures.revision).of(HTML);
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    let layers = app.store.layers_with_data().await.map_err(failed)?;
    let names = app.store.named_regions().await.map_err(failed)?;
    let frame = Frame::of(context, &[]);
    let of_districts = names.iter().filter(|region| region.layer == DISTRICTS.id);
    let districts: Vec<_> = of_districts
        .map(|region| (region.code.as_str(), in_script(&region.name, context.lang)))
        .collect();
    let shades = shades(&figures);
    let page = Page {
        layers: counted(&layers),
        total: figures.count(|_| true),
        types: types(&figures, &frame),
        regions: regions(&figures, &districts, &frame),
        known: known(&figures, &frame),
        percent: percent(&figures),
        map: map(&figures, shades, &districts, context.lang),
        shades,
        figures,
        frame,
    };
    let mut response = html_response(context, &page);
    tag.put(response.headers_mut());
    Ok(response)
}

fn in_script(name: &str, lang: Lang) -> String {
    match lang {
        Lang::SrCyrl => name.to_owned(),
        _ => to_latin(name),
    }
}

/// Those that there are, the most frequent first.
fn types(figures: &Figures, frame: &Frame) -> Vec<Row> {
    let codes = FacilityType::LIST.entries.iter();
    let coded = codes.map(|entry| Row {
        title: frame.text(&entry.label),
        count: figures.count(|group| group.facility_type.as_deref() == Some(entry.code)),
        href: Some(frame.selected(&FACILITIES, FacilityType::LIST.id, entry.code)),
    });
    let unknown = Row {
        title: frame.text(&UNKNOWN),
        count: figures.count(|group| group.facility_type.is_none()),
        href: None,
    };
    most_first(coded.chain([unknown]))
}

fn regions(figures: &Figures, districts: &[(&str, String)], frame: &Frame) -> Vec<Row> {
    let coded = districts.iter().map(|(code, name)| Row {
        title: name.clone(),
        count: of_district(figures, code),
        href: Some(frame.page(&format!("/collections/districts/items/{code}/facilities"))),
    });
    let elsewhere = Row {
        title: frame.text(&NO_DISTRICT),
        count: figures.count(|group| group.region.is_none()),
        href: None,
    };
    most_first(coded.chain([elsewhere]))
}

fn of_district(figures: &Figures, code: &str) -> i64 {
    figures.count(|group| group.region.as_deref() == Some(code))
}

fn most_first(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let mut rows: Vec<_> = rows.filter(|row| row.count > 0).collect();
    rows.sort_by_key(|row| -row.count);
    rows
}

/// What the law asks for, and of how many facilities it is known.
fn known(figures: &Figures, frame: &Frame) -> Vec<Row> {
    let fields = figures.known.iter();
    let rows = fields.map(|(field, count)| Row {
        title: frame.text(&field.title),
        count: *count,
        href: None,
    });
    rows.collect()
}

/// How many percent of what the law asks for is known, rounded down.
fn percent(figures: &Figures) -> i64 {
    let known: i64 = figures.known.iter().map(|(_, count)| count).sum();
    let asked = figures.known.iter().map(|_| figures.count(|_| true));
    (known * 100).checked_div(asked.sum()).unwrap_or_default()
}

/// How many facilities a district has at least for each shade of the map but the lightest: some, and from
/// an eighth, a quarter and half of the most that any has.
fn shades(figures: &Figures) -> [i64; 4] {
    let counts = figures.districts.iter();
    let most = counts.map(|(code, _)| of_district(figures, code)).max();
    let most = most.unwrap_or_default();
    let mut last = 0;
    [most, 8, 4, 2].map(|part| {
        last = (last + 1).max((most + part - 1).checked_div(part).unwrap_or_default());
        last
    })
}

/// The districts in the shade of their number of facilities.
fn map(
    figures: &Figures,
    shades: [i64; 4],
    names: &[(&str, String)],
    lang: Lang,
) -> Option<Sketch> {
    let marks = figures.districts.iter().map(|(code, area)| {
        let count = of_district(figures, code);
        let name = names.iter().find(|(known, _)| known == code);
        let name = name.map_or(code.as_str(), |(_, name)| name.as_str());
        sketch::Feature {
            geometry: Geometry::MultiPolygon(area.clone()),
            style: shades.iter().filter(|least| count >= **least).count(),
            name: format!("{name}: {count}"),
        }
    });
    let marks: Vec<_> = marks.collect();
    Sketch::of(&marks, &[], Reach::Country, (MAP, lang))
}

impl Page {
    fn title(&self) -> String {
        TITLE.get(self.frame.lang).into_owned()
    }

    fn description(&self) -> String {
        DESCRIPTION.get(self.frame.lang).into_owned()
    }

    /// The number of facilities, for people.
    fn number(&self) -> String {
        written(&self.total.to_string(), self.frame.lang)
    }

    /// How many of all facilities a row counts, in percent.
    fn share(&self, row: &Row) -> i64 {
        (row.count * 100)
            .checked_div(self.total)
            .unwrap_or_default()
    }

    /// The shades of the map with the numbers that they stand for.
    fn shades(&self) -> Vec<(usize, String)> {
        let begin = [0].into_iter().chain(self.shades);
        let next = self
            .shades
            .iter()
            .map(|least| Some(least - 1))
            .chain([None]);
        let spans = begin.zip(next).map(|(from, to)| match to {
            Some(to) if to == from => from.to_string(),
            Some(to) => format!("{from}–{to}"),
            None => format!("≥ {from}"),
        });
        spans.enumerate().collect()
    }
}
