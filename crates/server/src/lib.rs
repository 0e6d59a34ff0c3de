//! The open GIS service: OGC API Features over the layers of the register.
//!
//! A request takes three hops: [`router`] → handler → `store`. No SQL text and no GDAL type here.

pub mod account;
mod assets;
mod bbox;
mod changes;
mod collections;
mod compression;
mod conformance;
mod context;
mod crs;
mod editing;
mod error;
mod facilities;
mod feature_pages;
mod filter;
mod formats;
mod functions;
mod geojson;
mod health;
mod history;
mod items;
mod kept;
mod landing;
mod links;
mod listen;
mod openapi;
mod pages;
mod params;
mod preflight;
mod problem;
mod qgis;
mod rasters;
mod region_report;
mod reports;
mod revisions;
mod router;
mod schema;
mod sketch;
mod stream;
mod styles;
mod template;
pub mod uploads;
mod validator;
mod vector_tiles;
mod web_map;

use std::sync::Arc;

use domain::Lang;
use raster::Library;
use store::Store;

pub use listen::{ListenError, bind, serve};
pub use router::router;
pub use web_map::{Background, BackgroundError};

/// What handlers share.
#[derive(Clone, Debug)]
pub struct App {
    /// The register.
    pub store: Store,
    /// The rasters of its surveys.
    pub rasters: Arc<Library>,
    /// The files that people send.
    pub uploads: uploads::Uploads,
    /// How the service presents itself.
    pub config: Config,
}

/// How the service presents itself.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The address under which users reach it, without a slash at the end; `None`: the address that
    /// each request names in its `Host` header.
    pub public_url: Option<String>,
    /// The language of answers to requests that name none.
    pub lang: Lang,
    /// Proxies whose word about the client's address is taken.
    pub trusted_proxies: Vec<account::Network>,
    /// Who else is asked who somebody is.
    pub provider: Option<account::provider::Provider>,
    /// What the web map shows under the layers of the register.
    pub background: Option<Background>,
}
