use std::path::PathBuf;

use super::{Placement, SampleType, inspect};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures")
        .join(name)
}

#[test]
fn a_geotiff_is_described_as_gdalinfo_does() {
    let inspection = inspect(&fixture("a-raster.tif")).unwrap();
    assert_eq!((inspection.columns, inspection.rows), (12, 8));
    assert_eq!(inspection.sample, SampleType::Float32);
    assert_eq!(inspection.bands.len(), 1);
    assert_eq!(inspection.nodata, Some(-9999.0));
    assert_eq!(
        inspection.placement,
        Placement::NorthUp([7_588_200.0, 0.5, 0.0, 4_881_730.0, 0.0, -0.5])
    );
    assert_eq!(
        inspection.to_string(),
        "a raster of 12 × 8 cells of 0.5 × 0.5 units, 1 band of type Float32, in EPSG:6316, \
         x 7588200 to 7588206, y 4881726 to 4881730, -9999 standing for no data"
    );
}
