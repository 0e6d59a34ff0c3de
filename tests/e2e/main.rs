//! The program as its users meet it: the built binary, a real database, and clients that share no
//! code with it (GDAL, QGIS, psql).
//!
//! `DATABASE_URL` names a PostGIS cluster on which databases may be created; each test makes its
//! own and drops it. The tests of the private cluster need no database, only PostgreSQL installed.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod account;
mod attributes;
mod bad_files;
mod clients;
mod coordinates;
mod corpus;
mod database;
mod downloads;
mod editing;
mod encodings;
mod formats;
mod gdal;
mod geometry;
mod good_files;
mod help;
mod history;
mod home;
mod http;
mod identity;
mod import;
mod killed_uploads;
mod layers;
mod lifecycle;
mod map_styles;
mod matching;
mod process;
mod qgis;
mod qgis_project;
mod raster_clients;
mod rasters;
mod refusals;
mod reviewed;
mod service;
mod survey;
mod templates;
mod uploads;
mod vector_tiles;
mod volumes;
mod worker;
