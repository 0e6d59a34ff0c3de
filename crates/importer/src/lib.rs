//! How a survey file gets into the register: received, inspected and read in a limited worker
//! process, mapped to a layer, checked, compared with the register, reported, published.
//!
//! No SQL text and no HTTP here. GDAL runs only in the worker process.

pub mod background;
pub mod check;
pub mod choose;
pub mod convert;
pub mod coordinates;
pub mod edit;
pub mod import;
pub mod mapping;
mod matching;
mod merging;
pub mod neighbours;
pub mod position;
pub mod process;
pub mod protocol;
pub mod receive;
pub mod report;
mod similar;
mod spelling;
pub mod survey;
pub mod volume;
pub mod worker;
