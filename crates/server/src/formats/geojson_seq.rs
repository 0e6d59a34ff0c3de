//! `GeoJSON` text sequences (RFC 8142): a record separator, a feature, a line feed.

use store::feature::Feature;

use crate::crs::ServedCrs;
use crate::geojson::{WriteError, write_feature};
use crate::stream::Encoder;

/// U+001E, which stands before each text and in none.
const RECORD_SEPARATOR: u8 = 0x1e;

/// The writer.
pub struct GeoJsonSeq {
    /// The reference system of the coordinates.
    pub crs: ServedCrs,
}

impl Encoder for GeoJsonSeq {
    fn feature(
        &mut self,
        out: &mut Vec<u8>,
        feature: &Feature,
        _at: u32,
    ) -> Result<(), WriteError> {
        out.push(RECORD_SEPARATOR);
        write_feature(out, feature, self.crs)?;
        out.extend_from_slice(b"}\n");
        Ok(())
    }
}
