//! `GET /reports/regions`: the facilities of each region in figures, with what is unknown beside what
//! is known.

mod page;
mod table;
mod workbook;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::code_list::{CodeList, Coded as _};
use domain::layer::Layer;
use domain::layers::{DISTRICTS, MUNICIPALITIES, STATISTICAL_REGIONS};
use domain::lists::{FacilityStatus, FacilityType};
use domain::text::to_latin;
use domain::value::ValueError;
use domain::{Lang, Text};
use serde::Serialize;
use store::report::RegionGroup;

use crate::App;
use crate::context::{CSV, Context, HTML, JSON, XLSX};
use crate::error::ApiError;
use crate::kept::Kept;
use crate::landing::{html_response, json_response};
use crate::links::own;
use crate::problem::Wanted;

/// What a report adds up: name, title, unit.
const QUANTITIES: [(&str, Text, &str); 3] = [
    ("area_m2", Text::new("Површина", "Area"), "m²"),
    ("volume_m3", Text::new("Запремина", "Volume"), "m³"),
    ("mass_t", Text::new("Маса", "Mass"), "t"),
];

/// What is added up for each level of regions, by its layer.
pub type KeptGroups = Kept<&'static str, Vec<RegionGroup>>;

/// The figures of all regions of a level.
#[derive(Debug, Serialize)]
struct RegionReport {
    title: String,
    level: &'static str,
    /// When the facilities last changed.
    as_of: Option<DateTime<Utc>>,
    regions: Vec<RegionFigures>,
    total: RegionFigures,
}

/// The figures of one region.
#[derive(Clone, Debug, Default, Serialize)]
struct RegionFigures {
    /// Its code; `None` for facilities that record no region.
    code: Option<String>,
    name: Option<String>,
    facilities: i64,
    by_type: Vec<Count>,
    by_status: Vec<Count>,
    area_m2: Sum,
    volume_m3: Sum,
    mass_t: Sum,
}

/// Facilities with one code of a list.
#[derive(Clone, Debug, Serialize)]
struct Count {
    /// The code; `None` where unknown.
    code: Option<String>,
    label: String,
    facilities: i64,
}

/// A sum over the facilities whose value is known.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Sum {
    /// `None` where no facility has a value: unknown is not zero.
    total: Option<f64>,
    /// Of so many facilities.
    known: i64,
    /// Of so many more it is unknown.
    unknown: i64,
}

/// `GET /reports/regions`.
pub async fn report(
    State(app): State<App>,
    Extension(kept): Extension<Arc<KeptGroups>>,
    context: Context,
) -> Result<Response, ApiError> {
    const OFFERED: [crate::context::Format; 4] = [JSON, HTML, CSV, XLSX];
    context.only(&["level"])?;
    let regions = level(&context)?;
    let format = context.format(&OFFERED)?;
    let failed = |error| context.store_error(&error);
    let revision = app.store.register_revision().await.map_err(failed)?;
    let adding = app.store.facilities_by_region(regions);
    let groups = kept
        .of(regions.id, revision, adding)
        .await
        .map_err(failed)?;
    let state = app.store.layer_state(&domain::layers::FACILITIES).await;
    let as_of = state.map_err(failed)?.changed_at;
    let report = RegionReport::of(regions, &groups, as_of, context.lang);
    Ok(match format {
        HTML => html_response(&context, &page::Page::of(&context, &report)),
        CSV => table::response(&context, &report),
        XLSX => workbook::response(&context, &report)?,
        _ => {
            let mut body = serde_json::to_value(&report).unwrap_or_default();
            body["links"] = serde_json::json!(own(&context, format, &OFFERED));
            json_response(&context, format, &body)
        }
    })
}

/// The layer of the regions that are asked for.
fn level(context: &Context) -> Result<&'static Layer, ApiError> {
    const WANTED: Text = Text::new(
        "districts, municipalities или statistical_regions",
        "districts, municipalities or statistical_regions",
    );
    let level = context.parameter("level").unwrap_or(DISTRICTS.id);
    [&DISTRICTS, &MUNICIPALITIES, &STATISTICAL_REGIONS]
        .into_iter()
        .find(|layer| layer.id == level)
        .ok_or_else(|| {
            let error = ValueError::not_a(level, &WANTED);
            context.bad_parameter("level", level, Wanted::Value(error))
        })
}

impl RegionReport {
    fn of(
        regions: &Layer,
        groups: &[RegionGroup],
        as_of: Option<DateTime<Utc>>,
        lang: Lang,
    ) -> Self {
        const TITLE: Text = Text::new("Објекти по регионима", "Facilities by region");
        let of_one_region = groups.chunk_by(|one, other| one.region == other.region);
        Self {
            title: TITLE.get(lang).into_owned(),
            level: regions.id,
            as_of,
            regions: of_one_region
                .map(|groups| RegionFigures::of(groups, lang))
                .collect(),
            total: RegionFigures {
                code: None,
                name: None,
                ..RegionFigures::of(groups, lang)
            },
        }
    }
}

impl RegionFigures {
    fn of(groups: &[RegionGroup], lang: Lang) -> Self {
        let facilities = groups.iter().map(|group| group.facilities).sum();
        let [area_m2, volume_m3, mass_t] = [0, 1, 2].map(|which| {
            let known = groups.iter().map(|group| group.known[which]).sum();
            let sum: f64 = groups.iter().map(|group| group.sums[which]).sum();
            Sum {
                total: (known > 0).then_some(sum),
                known,
                unknown: facilities - known,
            }
        });
        let first = groups.first();
        let name = first.and_then(|group| group.name.as_deref());
        Self {
            code: first.and_then(|group| group.region.clone()),
            name: name.map(|name| match lang {
                Lang::SrCyrl => name.to_owned(),
                _ => to_latin(name),
            }),
            facilities,
            by_type: counts(groups, FacilityType::LIST, lang, |group| {
                group.facility_type.as_deref()
            }),
            by_status: counts(groups, FacilityStatus::LIST, lang, |group| {
                group.status.as_deref()
            }),
            area_m2,
            volume_m3,
            mass_t,
        }
    }

    /// In the order of [`QUANTITIES`].
    const fn sums(&self) -> [Sum; 3] {
        [self.area_m2, self.volume_m3, self.mass_t]
    }
}

/// How many facilities have each code of a list, in its order, then those of which it is unknown;
/// without those that none has.
fn counts(
    groups: &[RegionGroup],
    list: &'static CodeList,
    lang: Lang,
    code_of: impl Fn(&RegionGroup) -> Option<&str>,
) -> Vec<Count> {
    const UNKNOWN: Text = Text::new("непознато", "unknown");
    let known = list
        .entries
        .iter()
        .map(|entry| (Some(entry.code), entry.label));
    known
        .chain([(None, UNKNOWN)])
        .filter_map(|(code, label)| {
            let of_code = groups.iter().filter(|group| code_of(group) == code);
            let facilities = of_code.map(|group| group.facilities).sum();
            (facilities > 0).then(|| Count {
                code: code.map(str::to_owned),
                label: label.get(lang).into_owned(),
                facilities,
            })
        })
        .collect()
}
