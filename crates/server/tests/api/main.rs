//! The service as its clients see it: requests to the router, on a real database.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod account;
mod account_management;
mod account_pages;
mod changes;
mod collections;
mod common;
mod conformance;
mod crs;
mod documents;
mod editing;
mod errors;
mod every_layer;
mod facility_page;
mod feature_pages;
mod features;
mod filters;
mod formats;
mod history;
mod injection;
mod listening;
mod pages;
mod problems;
mod qgis_files;
mod qgis_requests;
mod query;
mod raster_cutouts;
mod raster_files;
mod raster_heights;
mod raster_tiles;
mod region_report;
mod regions;
mod rights;
mod start_page;
mod styles;
mod surveyed;
mod uploads;
mod vector_tiles;
mod volumes;
mod web_map;
