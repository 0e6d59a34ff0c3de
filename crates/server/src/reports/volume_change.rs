//! How much a facility grew or shrank between two surveys: `/reports/volume-change`, and the rasters
//! of the findings that are kept in the register.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use domain::lang::Message;
use domain::layers::{VOLUME_CHANGES, VolumeChange};
use domain::region::FacilityCode;
use domain::value::FieldValue as _;
use domain::{Text, message};
use importer::volume::{ChangeError, Excluded, Finding, Plan, VolumeRequest, plan};
use raster::Library;
use raster::library::Kind;
use raster::volume::Options;
use store::feature::{Feature, ValueRef};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use crate::App;
use crate::context::{Context, Format, JSON, PNG};
use crate::error::ApiError;
use crate::formats::YES_OR_NO;
use crate::landing::json_response;
use crate::links::Link;
use crate::problem::{Problem, Wanted, kinds};
use crate::rasters::blocking;
use crate::rasters::files::{File, GEOTIFF, attachment};
use crate::stream::file_body;

/// The parameters of the report.
pub const PARAMETERS: &[&str] = &[
    "from",
    "to",
    "facility",
    "co-register",
    "level-of-detection",
    "exclude",
    "exclude-flat",
];
/// The most cells of a comparison here; the command takes more.
const MOST_CELLS: usize = 100_000_000;
/// What fails, for the log.
const COMPUTING: &str = "computing a change of volume";

/// The difference of heights.
pub const TIF: Format = Format {
    name: "tif",
    media_type: GEOTIFF,
};
/// A picture with the numbers and a legend.
pub const SVG: Format = Format {
    name: "svg",
    media_type: "image/svg+xml",
};
/// What the report can be, the first for those who ask for none.
pub const OFFERED: &[Format] = &[JSON, TIF, PNG, SVG];

/// `GET /reports/volume-change?from=&to=&facility=`: computes, and stores nothing.
pub async fn report(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(PARAMETERS)?;
    let format = context.format(OFFERED)?;
    let request = request(&context)?;
    let plan = plan(&app.store, request).await;
    let plan = plan.map_err(|error| told(&context, error))?;
    // Volumes take long: one core is left for everything else.
    let Ok(_turn) = TURNS.acquire().await else {
        return Err(context.error(Problem::Internal));
    };
    match format {
        TIF => raster(&app, &context, plan).await,
        PNG => {
            let finding = computed(&app, &context, plan, None).await?;
            let png = finding
                .png()
                .map_err(|error| context.internal(&error, COMPUTING))?;
            Ok(picture(&context, PNG, png))
        }
        SVG => {
            let finding = computed(&app, &context, plan, None).await?;
            let svg = finding.svg(context.lang);
            let svg = svg.map_err(|error| context.internal(&error, COMPUTING))?;
            Ok(picture(&context, SVG, svg.into_bytes()))
        }
        json => {
            let finding = computed(&app, &context, plan, None).await?;
            let mut answer = json_response(&context, json, &finding.report(context.lang));
            not_stored(&mut answer);
            Ok(answer)
        }
    }
}

/// `GET /collections/volume_changes/items/{id}/difference.tif`
pub async fn difference(
    State(app): State<App>,
    Path(id): Path<String>,
    method: Method,
    context: Context,
) -> Result<Response, ApiError> {
    let missing = || {
        context.error(Problem::NoSuchFeature {
            layer: VOLUME_CHANGES.id,
            id: id.clone(),
        })
    };
    let number = id.parse().map_err(|_| missing())?;
    let found = app.store.record(&VOLUME_CHANGES, number).await;
    let found = found.map_err(|error| context.store_error(&error))?;
    let change = VolumeChange::from_record(&found.ok_or_else(missing)?.record);
    let file = File {
        kind: Kind::Difference,
        sha256: change.difference_sha256,
        name: format!("{}.tif", change.code.as_deref().unwrap_or("difference")),
        media_type: GEOTIFF,
    };
    file.answer(&app, &context, &method).await
}

/// The links of a feature of the layer `volume_changes`.
pub fn links(context: &Context, feature: &Feature) -> Vec<Link> {
    let (Ok(ValueRef::Text(_)), Ok(id)) = (feature.value("difference_sha256"), feature.id()) else {
        return Vec::new();
    };
    let path = format!(
        "/collections/{}/items/{id}/difference.tif",
        VOLUME_CHANGES.id
    );
    let title = Text::new(
        "Растер висинских разлика",
        "The raster of height differences",
    );
    vec![Link::to(context, &path, "enclosure", GEOTIFF).titled(title.get(context.lang))]
}

/// So many comparisons at once.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = available_parallelism().map_or(1, usize::from);
    Semaphore::new(cores.saturating_sub(1).max(1))
});

fn request(context: &Context) -> Result<VolumeRequest, ApiError> {
    let needed = |name: &str, wanted: Text| match context.parameter(name) {
        Some(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        given => {
            let given = given.unwrap_or_default();
            Err(context.bad_parameter(name, given, Wanted::Said(wanted)))
        }
    };
    let facility = needed("facility", FACILITY)?;
    let code = FacilityCode::parse(&facility);
    Ok(VolumeRequest {
        from: needed("from", SURVEY)?,
        to: needed("to", SURVEY)?,
        facility: code
            .map_err(|error| context.bad_parameter("facility", &facility, Wanted::Value(error)))?,
        code: None,
        excluded: excluded(context)?,
        options: Options {
            coregister: switch(context, "co-register")?,
            level_of_detection_m: level(context)?,
            exclude_flat: switch(context, "exclude-flat")?,
            most_cells: MOST_CELLS,
            ..Options::default()
        },
    })
}

const SURVEY: Text = Text::new(
    "потребна је шифра снимка, са `/collections/surveys/items`",
    "give the code of a survey, from `/collections/surveys/items`",
);
const FACILITY: Text = Text::new(
    "потребна је катастарска шифра објекта који има границу, са `/collections/facility_outlines/items`",
    "give the cadastral code of a facility with an outline, from `/collections/facility_outlines/items`",
);
const LEVEL: Text = Text::new(
    "потребан је број метара од 0 до 100, као 0.15",
    "give a number of metres from 0 to 100, such as 0.15",
);

fn switch(context: &Context, name: &str) -> Result<bool, ApiError> {
    let switch = context.parse(name, YES_OR_NO, |text| match text {
        "" => Some(true),
        other => other.parse().ok(),
    })?;
    Ok(switch.unwrap_or(false))
}

fn level(context: &Context) -> Result<Option<f64>, ApiError> {
    context.parse("level-of-detection", LEVEL, |text| {
        let metres = text.trim().parse().ok();
        metres.filter(|metres| (0.0..=100.0).contains(metres))
    })
}

fn excluded(context: &Context) -> Result<Option<Excluded>, ApiError> {
    let Some(text) = context.parameter("exclude") else {
        return Ok(None);
    };
    let excluded = Excluded::of_wkt(text);
    excluded.map(Some).map_err(|reason| {
        let shown: String = text.chars().take(60).collect();
        context.bad_parameter("exclude", &shown, Wanted::Told(reason))
    })
}

/// Computes where it may block. With a path, the differences are written there.
async fn computed(
    app: &App,
    context: &Context,
    plan: Plan,
    difference: Option<PathBuf>,
) -> Result<Finding, ApiError> {
    let library: Arc<Library> = Arc::clone(&app.rasters);
    let done = blocking(context, move || {
        match plan.compute(&library, difference.as_deref()) {
            Err(ChangeError::Raster(error)) => Err(error),
            other => Ok(other),
        }
    });
    done.await?.map_err(|error| told(context, error))
}

/// The differences as a file that is gone when it is sent.
async fn raster(app: &App, context: &Context, plan: Plan) -> Result<Response, ApiError> {
    let folder = TempDir::new().map_err(|error| context.internal(&error, COMPUTING))?;
    let path = folder.path().join("difference.tif");
    let finding = computed(app, context, plan, Some(path.clone())).await?;
    let file = std::fs::File::open(&path).map_err(|error| context.internal(&error, COMPUTING))?;
    let length = file
        .metadata()
        .map_err(|error| context.internal(&error, COMPUTING))?
        .len();
    let mut answer = picture(context, TIF, file_body(file));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length.into());
    let name = attachment(&format!("{}.tif", finding.code()));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}

fn picture(context: &Context, format: Format, body: impl Into<Body>) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(format.media_type),
        ),
        (
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(context.lang.tag()),
        ),
        (
            header::VARY,
            HeaderValue::from_static("Accept, Accept-Language"),
        ),
    ];
    let mut answer = (headers, body.into()).into_response();
    not_stored(&mut answer);
    answer
}

/// The answer depends on the surveys, on the outline and on all facilities around: none of them says
/// when a copy is stale.
fn not_stored(answer: &mut Response) {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
}

/// What is wrong, in the words of the request.
fn told(context: &Context, error: ChangeError) -> ApiError {
    match error {
        ChangeError::NoSurvey(code) => {
            let is_from = context.parameter("from").map(str::trim) == Some(code.as_str());
            let name = if is_from { "from" } else { "to" };
            context.bad_parameter(name, &code, Wanted::Said(SURVEY))
        }
        ChangeError::NoOutline(code) => {
            context.bad_parameter("facility", code.as_str(), Wanted::Said(FACILITY))
        }
        ChangeError::Refused(reason) => context.error(Problem::NoAnswer {
            kind: &kinds::NOT_COMPARABLE,
            detail: sentence(&reason),
        }),
        ChangeError::Store(error) => context.store_error(&error),
        error @ (ChangeError::Raster(_) | ChangeError::Stopped) => {
            context.internal(&error, COMPUTING)
        }
    }
}

fn sentence(Message { sr, en }: &Message) -> Message {
    message!("{sr}.", "{en}.")
}
