//! Statistics inside the outline of a facility.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::layers::{FACILITIES, FACILITY_OUTLINES};
use domain::region::FacilityCode;
use domain::value::FieldValue as _;
use domain::{Text, message};
use geo_types::{Geometry, MultiPolygon};
use raster::zonal::{self, PERCENTILES, Values, Zonal};
use serde_json::{Map, Value, json};

use super::links::Linked;
use super::measured::{is_terrain, measured, refuse_colours, rounded, survey};
use super::{Opened, blocking, opened};
use crate::App;
use crate::context::{Context, JSON};
use crate::error::ApiError;
use crate::landing::json_response;
use crate::links::{Link, own};
use crate::problem::{Problem, Wanted, kinds};
use crate::validator::ETag;

/// Parameters beside the common ones.
pub const PARAMETERS: &[&str] = &["facility"];

/// Up to so many cells around an outline are read at full resolution.
pub const MOST_CELLS: usize = 50_000_000;

/// A facility with its outline.
struct Facility {
    code: String,
    revision: i64,
    outline: MultiPolygon<f64>,
}

/// `GET /collections/surveys/items/{id}/statistics`
pub async fn statistics(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(PARAMETERS)?;
    let format = context.format(&[JSON])?;
    let opened = opened(&app, &context, &id).await?;
    refuse_colours(&context, &opened)?;
    let facility = facility(&app, &context, &opened).await?;
    let tag = ETag::strong(&context, opened.revision.max(facility.revision));
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    let (image, outline) = (opened.image.clone(), facility.outline.clone());
    let found = blocking(&context, move || {
        zonal::statistics(&image, 1, &outline, MOST_CELLS)
    });
    let mut answer = document(&context, &opened, &facility, &found.await?);
    answer["links"] = json!(own(&context, format, &[JSON]));
    let mut response = json_response(&context, format, &answer);
    tag.put(response.headers_mut());
    Ok(response)
}

/// The facility of the request, else the survey's own.
async fn facility(app: &App, context: &Context, opened: &Opened) -> Result<Facility, ApiError> {
    let asked = context.parameter("facility").map(|text| {
        let code = FacilityCode::parse(text);
        code.map_err(|error| context.bad_parameter("facility", text, Wanted::Value(error)))
    });
    let code = asked
        .transpose()?
        .or_else(|| opened.survey.facility.clone());
    let code = code.map_or_else(String::new, |code| code.to_string());
    let found = app.store.record_of_code(&FACILITY_OUTLINES, &code).await;
    let found = found.map_err(|error| context.store_error(&error))?;
    let Some(record) = found.map(|found| found.record) else {
        return Err(no_outline(app, context, &code).await?);
    };
    let outline = match record.geometry.clone() {
        Some(Geometry::MultiPolygon(outline)) => outline,
        Some(Geometry::Polygon(outline)) => outline.into(),
        _ => return Err(no_outline(app, context, &code).await?),
    };
    Ok(Facility {
        revision: record.typed("revision").unwrap_or_default(),
        code,
        outline,
    })
}

async fn no_outline(app: &App, context: &Context, code: &str) -> Result<ApiError, ApiError> {
    let known = app.store.record_of_code(&FACILITIES, code).await;
    let known = known.map_err(|error| context.store_error(&error))?;
    let outlines = FACILITY_OUTLINES.id;
    Ok(context.error(match known {
        Some(_) => Problem::NoAnswer {
            kind: &kinds::NO_OUTLINE,
            detail: message!(
                "Објекат `{code}` је у регистру само као тачка. Увезите његову границу, или изаберите \
                 објекат са `/collections/{outlines}/items`.",
                "The facility `{code}` is in the register as a point only. Import its outline, or choose \
                 a facility from `/collections/{outlines}/items`."
            ),
        },
        None => Problem::NoAnswer {
            kind: &kinds::NO_SUCH_FACILITY,
            detail: message!(
                "Регистар нема објекат `{code}`. Објекти са границом су на `/collections/{outlines}/items`.",
                "The register has no facility `{code}`. Facilities with an outline are at \
                 `/collections/{outlines}/items`."
            ),
        },
    }))
}

fn document(context: &Context, opened: &Opened, facility: &Facility, found: &Zonal) -> Value {
    let lang = context.lang;
    let covered_m2 = found.outline_area_m2 * found.covered();
    json!({
        "survey": survey(opened, lang),
        "facility": facility.code,
        "outline_area_m2": rounded(found.outline_area_m2, 1),
        "covered_area_m2": rounded(covered_m2, 1),
        "missing_area_m2": rounded(found.outline_area_m2 - covered_m2, 1),
        "covered_percent": rounded(found.covered() * 100.0, 3),
        "cells": found.values.as_ref().map_or(0, |values| values.cells),
        "cells_in_outline": found.outline_cells,
        "overview": found.level,
        "cell_size_in_crs": [found.cell_size.0, found.cell_size.1],
        "unit": if is_terrain(opened) { "m" } else { "1" },
        "values": found.values.as_ref().map(|values| told(opened, values)),
        "method": if found.level == 0 { EXACT } else { BY_OVERVIEW }.get(lang),
    })
}

const EXACT: Text = Text::new(
    "Рачунате су све ћелије пуне резолуције чије је средиште у граници. Површина границе је на \
     елипсоиду WGS 84, а покривени део је удео ћелија са подацима.",
    "All cells of full resolution whose centre is inside the outline. The outline's area is on the \
     ellipsoid WGS 84; the covered part is the share of cells with data.",
);
const BY_OVERVIEW: Text = Text::new(
    "Граница има више од 50 милиона ћелија, па су рачунате ћелије умањеног снимка чије је средиште у \
     граници; крајње вредности су зато ублажене. Површина границе је на елипсоиду WGS 84, а покривени \
     део је удео ћелија са подацима.",
    "The outline has more than 50 million cells, so the cells of an overview whose centre is inside the \
     outline are taken; extremes are softened by that. The outline's area is on the ellipsoid WGS 84; \
     the covered part is the share of cells with data.",
);

fn told(opened: &Opened, values: &Values) -> Value {
    let told = |value| measured(opened, value);
    let percentiles = PERCENTILES.iter().zip(values.percentiles);
    let percentiles: Map<String, Value> = percentiles
        .map(|(percent, value)| (percent.to_string(), json!(told(value))))
        .collect();
    json!({
        "min": told(values.least),
        "max": told(values.greatest),
        "mean": told(values.mean),
        "median": percentiles["50"],
        "std": told(values.deviation),
        "percentiles": percentiles,
        "histogram": {
            "from": told(values.least),
            "to": told(values.greatest),
            "cells": values.histogram,
        },
    })
}

/// The link to the statistics.
pub fn links(context: &Context, survey: &Linked<'_>) -> Vec<Link> {
    if survey.kind == "orthophoto" {
        return Vec::new();
    }
    let path = format!("{}/statistics?facility={{facility}}", survey.path);
    let title = Text::new(
        "Статистика у граници објекта",
        "Statistics inside the outline of a facility",
    );
    let link = Link::to(context, &path, "related", JSON.media_type);
    vec![link.titled(title.get(context.lang)).templated()]
}
