//! The service as its clients see it: requests to the router, on a real database.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod collections;
mod common;
mod crs;
mod documents;
mod errors;
mod features;
mod filters;
mod formats;
mod listening;
mod pages;
mod query;
mod raster_cutouts;
mod raster_files;
mod raster_heights;
mod raster_tiles;
mod region_report;
mod regions;
mod surveyed;
mod volumes;
