//! The whole surface of the service.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

use crate::account::{manage, password, provider, sign_in, tokens};
use crate::rasters::{cutout, files, heights, matrix_sets, profile, statistics, tiles, tilesets};
use crate::{
    App, account, assets, changes, collections, compression, conformance, editing, error,
    facilities, functions, health, history, items, landing, openapi, preflight, problem, qgis,
    region_report, reports, revisions, schema, styles, template, uploads, vector_tiles, web_map,
};

/// Every route, with what applies to all of them.
pub fn router(app: App) -> Router {
    let gate = account::Gate::before(&app);
    let routes = routes(&gate);
    let inside = web_map::Inside(routes.clone().with_state(app.clone()));
    routes
        .route("/map", get(web_map::page).layer(Extension(inside)))
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::method_not_allowed)
        .with_state(app.clone())
        // In one layer, the outermost first: a router copies each of its layers for each request.
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
                .layer(trace())
                .layer(PropagateRequestIdLayer::new(REQUEST_ID))
                .layer(SetResponseHeaderLayer::if_not_present(
                    header::X_CONTENT_TYPE_OPTIONS,
                    HeaderValue::from_static("nosniff"),
                ))
                .layer(preflight::OfBrowsers(cors()))
                .map_response(compression::weaken_tag)
                .layer(compression::layer())
                .layer(axum::middleware::from_fn_with_state(app, error::tell))
                .layer(axum::middleware::from_fn_with_state(
                    gate,
                    account::identify,
                ))
                .layer(CatchPanicLayer::custom(error::after_panic)),
        )
}

/// What the page of the map asks, too.
fn routes(gate: &account::Gate) -> Router<App> {
    Router::new()
        // For people and clients that start here.
        .merge(start())
        .route("/favicon.ico", get(assets::favicon))
        .route("/api", get(openapi::definition))
        .route("/api.html", get(openapi::page))
        .route("/conformance", get(conformance::declaration))
        // OGC API Features.
        .route("/collections", get(collections::list))
        .route("/collections/{layer}", get(collections::describe))
        .route("/collections/{layer}/schema", get(schema::schema))
        .route(
            "/collections/{layer}/feature-schema",
            get(schema::feature_schema),
        )
        .route("/collections/{layer}/queryables", get(schema::queryables))
        .route("/collections/{layer}/sortables", get(schema::sortables))
        // The same by region, named by its code.
        .route(
            "/collections/{regions}/items/{code}/{layer}",
            get(items::of_region),
        )
        .route(
            "/collections/{layer}/download/{format}",
            get(items::download),
        )
        .route(
            "/collections/{layer}/template.gpkg",
            get(template::template),
        )
        .route("/functions", get(functions::list))
        // Raster surveys (OGC API Tiles and more).
        .route("/tileMatrixSets", get(matrix_sets::list))
        .route(
            "/tileMatrixSets/WebMercatorQuad",
            get(matrix_sets::web_mercator_quad),
        )
        .merge(sent_files())
        .merge(edits())
        .merge(for_qgis())
        .merge(
            surveys()
                .merge(vector_tiles())
                .merge(map_styles())
                .layer(axum::middleware::from_fn(account::access::same_for_all)),
        )
        .merge(past())
        .merge(figures())
        // What can go wrong.
        .route("/problems", get(problem::list))
        .route("/problems/{kind}", get(problem::one))
        .merge(accounts(gate.clone()))
        // For the operator.
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
}

/// Files that people send, and what becomes of them.
fn sent_files() -> Router<App> {
    use uploads::{decide, events, preview, receive, report, resume, show};
    Router::new()
        .route("/uploads", get(show::list).post(receive::send))
        .route("/uploads/{id}", get(show::one).patch(decide::read_again))
        .route(
            "/uploads/{id}/content",
            axum::routing::patch(resume::part).head(resume::offset),
        )
        .route("/uploads/{id}/original", get(report::original))
        .route("/uploads/{id}/events", get(events::events))
        .route("/uploads/{id}/report", get(report::report))
        .route("/uploads/{id}/preview", get(preview::preview))
        .route("/uploads/{id}/reading", post(decide::read_again_by_form))
        .route("/uploads/{id}/publish", post(decide::publish))
        .route("/uploads/{id}/reject", post(decide::reject))
        // A whole file is a body; how long it may be is the upload's own rule.
        .layer(DefaultBodyLimit::disable())
}

/// Features, and what people change of them.
fn edits() -> Router<App> {
    use editing::features::{create, options_of_all, options_of_one, remove, replace, update};
    let all = get(items::page).post(create).options(options_of_all);
    let one = get(items::feature)
        .put(replace)
        .patch(update)
        .delete(remove)
        .options(options_of_one);
    Router::new()
        .route("/collections/{layer}/items", all)
        .route("/collections/{layer}/items/{id}", one)
        .route(
            "/collections/{layer}/transactions",
            post(editing::transactions::transact),
        )
        .layer(Extension(Arc::new(editing::Places::default())))
}

/// Figures: sums by region, and what two surveys show.
fn figures() -> Router<App> {
    Router::new()
        .route("/reports/regions", get(region_report::report))
        .route(
            "/collections/volume_changes/items/{id}/difference.tif",
            get(reports::volume_change::difference),
        )
        .route(
            "/reports/volume-change",
            get(reports::volume_change::report),
        )
        .layer(Extension(Arc::new(region_report::KeptGroups::default())))
}

/// What the register said before, and how it changed.
fn past() -> Router<App> {
    Router::new()
        // What a feature said before, and where what it says comes from.
        .route(
            "/collections/{layer}/items/{id}/history",
            get(history::history),
        )
        .route(
            "/collections/{layer}/items/{id}/provenance",
            get(history::provenance),
        )
        // What changed the register, and the changes for mirrors.
        .route("/revisions", get(revisions::list))
        .route("/revisions/{revision}", get(revisions::describe))
        .route("/changes", get(changes::changes))
}

/// How maps and pages look.
fn map_styles() -> Router<App> {
    Router::new()
        .route("/styles", get(styles::list))
        .route("/styles/{theme}", get(styles::style))
        .route("/styles/{theme}/legend", get(styles::legend))
        .route("/collections/{layer}/legend", get(styles::counts::legend))
        .route("/sprites/{file}", get(styles::sprites::sprite))
        .route("/glyphs/{fonts}/{range}", get(styles::glyphs::glyphs))
        .route("/assets/{name}", get(assets::asset))
        .layer(Extension(Arc::new(styles::counts::KeptCounts::default())))
}

/// Where people start, and the addresses that they keep.
fn start() -> Router<App> {
    Router::new()
        .route("/", get(landing::landing_page))
        .route("/facilities/{code}", get(facilities::facility))
        .layer(Extension(Arc::new(landing::KeptFigures::default())))
}

/// What QGIS opens and imports.
fn for_qgis() -> Router<App> {
    Router::new()
        .route("/qgis", get(qgis::page))
        .route("/qgis/pictures/{name}", get(qgis::picture))
        .route("/qgis/cadastre.qgz", get(qgis::project))
        .route("/qgis/connections.xml", get(qgis::features))
        .route("/qgis/vector-tiles.xml", get(qgis::vector_tiles))
        .route("/qgis/surveys.xml", get(qgis::rasters))
}

/// Where people sign in and keep their tokens.
fn accounts(gate: account::Gate) -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::by_password))
        .route("/sign-in/provider", get(provider::begin))
        .route("/sign-in/return", get(provider::finish))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account", get(account::profile::profile))
        .route("/account/password", post(password::change))
        .route("/account/tokens", post(tokens::create))
        .route("/account/tokens/{id}/revoke", post(tokens::revoke))
        // For administrators.
        .route("/accounts", get(manage::list).post(manage::add))
        .route("/accounts/{name}/rights", post(manage::change_rights))
        .route("/accounts/{name}/password", post(manage::change_password))
        .route("/accounts/{name}/disable", post(manage::disable))
        .route("/accounts/{name}/enable", post(manage::enable))
        .layer(Extension(gate))
}

/// What comes out of a raster survey.
fn surveys() -> Router<App> {
    const TILES: &str = "tiles/{style}/WebMercatorQuad";
    let of_survey = |rest: &str| format!("/collections/surveys/items/{{id}}/{rest}");
    Router::new()
        // Files, parts of them, and what is measured in them.
        .route(&of_survey("image.tif"), get(files::image))
        .route(&of_survey("original.tif"), get(files::original))
        .route(&of_survey("map"), get(cutout::map))
        .route(&of_survey("coverage"), get(cutout::coverage))
        .route(&of_survey("height"), get(heights::height))
        .route(&of_survey("profile"), get(profile::profile))
        .route(&of_survey("statistics"), get(statistics::statistics))
        // Tiles.
        .route(&of_survey("tiles"), get(tilesets::list))
        .route(&of_survey(TILES), get(tilesets::describe))
        .route(
            &of_survey("tiles/{style}/tilejson.json"),
            get(tilesets::tilejson),
        )
        .route(
            &of_survey(&format!("{TILES}/{{matrix}}/{{row}}/{{column}}")),
            get(tiles::ogc),
        )
        .route(&of_survey("tiles/{style}/xyz/{z}/{x}/{y}"), get(tiles::xyz))
}

/// Vector tiles of each layer and of all of them.
fn vector_tiles() -> Router<App> {
    use vector_tiles::cache::{MOST_KEPT, TileCache};
    use vector_tiles::{tiles, tilesets};
    const OF_LAYER: &str = "/collections/{layer}";
    const OGC: &str = "/tiles/WebMercatorQuad/{matrix}/{row}/{column}";
    const XYZ: &str = "/tiles/xyz/{z}/{x}/{y}";
    let of_layer = |rest: &str| format!("{OF_LAYER}{rest}");
    Router::new()
        .route("/tiles", get(tilesets::list))
        .route("/tiles/WebMercatorQuad", get(tilesets::describe))
        .route("/tiles/tilejson.json", get(tilesets::tilejson))
        .route(OGC, get(tiles::ogc_of_dataset))
        .route(XYZ, get(tiles::xyz_of_dataset))
        .route(&of_layer("/tiles"), get(tilesets::list))
        .route(&of_layer("/tiles/WebMercatorQuad"), get(tilesets::describe))
        .route(&of_layer("/tiles/tilejson.json"), get(tilesets::tilejson))
        .route(&of_layer(OGC), get(tiles::ogc))
        .route(&of_layer(XYZ), get(tiles::xyz))
        .layer(Extension(Arc::new(TileCache::new(MOST_KEPT))))
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Open data: pages of any site may read it.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::OPTIONS])
        .allow_headers(Any)
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::ACCEPT_RANGES,
            header::CONTENT_LENGTH,
            header::CONTENT_RANGE,
            header::CONTENT_DISPOSITION,
            header::WARNING,
            HeaderName::from_static("content-bbox"),
            HeaderName::from_static("ogc-numbermatched"),
            HeaderName::from_static("ogc-numberreturned"),
            HeaderName::from_static("content-crs"),
        ])
}

type Trace = TraceLayer<
    tower_http::classify::SharedClassifier<tower_http::classify::ServerErrorsAsFailures>,
    fn(&axum::extract::Request) -> tracing::Span,
>;

fn trace() -> Trace {
    TraceLayer::new_for_http()
        .make_span_with(span as fn(&axum::extract::Request) -> tracing::Span)
        .on_response(DefaultOnResponse::new().level(Level::INFO))
}

fn span(request: &axum::extract::Request) -> tracing::Span {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}
