//! What is measured in images, against surfaces whose values are a formula.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cutout;
mod heights;
mod profile;
mod surface;
mod zonal;
