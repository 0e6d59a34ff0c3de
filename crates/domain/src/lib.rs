//! The nouns of the cadastre: what a mining-waste facility is, which words describe it, and which
//! rules its values obey.
//!
//! This crate does no I/O and knows no SQL, HTTP, C library or clock. Geometry is held in
//! longitude, latitude, WGS 84 (EPSG:4326, x = east).
//!
//! The centre is [`layer::Layer`]: one description per layer, from which the SQL, the JSON Schema,
//! the `OpenAPI` document, the exports, the importer's target fields and the documentation derive.

pub mod account;
pub mod category;
pub mod code_list;
pub mod completeness;
pub mod edit;
pub mod filter;
pub mod lang;
pub mod layer;
pub mod layers;
pub mod lists;
pub mod moment;
pub mod quantity;
pub mod record;
pub mod region;
pub mod search;
pub mod text;
pub mod theme;
pub mod upload;
pub mod value;

pub use lang::{Lang, Text};
pub use layer::{Field, GeometryKind, Layer};
pub use record::Record;
pub use value::{Value, ValueError};
