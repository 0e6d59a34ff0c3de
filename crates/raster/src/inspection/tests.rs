use std::path::PathBuf;

use proptest::prelude::*;

use super::{
    BandColour, InspectionError, MAX_BANDS, Placement, RasterInspection, SampleType, SourceBand,
    inspect,
};

/// A raster of this size with one band of single-precision numbers, placed at the origin.
pub(super) fn of_size(columns: usize, rows: usize) -> RasterInspection {
    RasterInspection {
        columns,
        rows,
        sample: SampleType::Float32,
        bits: 32,
        bands: vec![SourceBand {
            colour: BandColour::Grey,
            description: None,
            unit: None,
            scale: 1.0,
            offset: 0.0,
            palette: Vec::new(),
        }],
        nodata: None,
        mask: false,
        placement: Placement::NorthUp([0.0, 1.0, 0.0, 0.0, 0.0, -1.0]),
        pixel_is_point: false,
        crs: None,
        compression: "none".to_owned(),
        lossy: false,
        big_tiff: false,
        tiled: false,
        block_columns: columns,
        block_rows: 1,
        date_time: None,
        software: None,
        notes: Vec::new(),
    }
}

#[test]
fn a_geotiff_is_described_in_a_sentence() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/a-raster.tif");
    assert_eq!(
        inspect(&path).unwrap().to_string(),
        "a raster of 12 × 8 cells of 0.5 × 0.5 units, 1 band of type Float32, in EPSG:6316, \
         x 7588200 to 7588206, y 4881726 to 4881730, -9999 standing for no data"
    );
}

#[test]
fn descriptions_that_no_inspection_gives_are_not_believed() {
    let wrong: [fn(&mut RasterInspection); 9] = [
        |it| it.block_columns = 0,
        |it| it.block_rows = 9,
        |it| it.block_columns = usize::MAX,
        |it| it.placement = Placement::NorthUp([0.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
        |it| it.placement = Placement::BottomUp([f64::NAN, 1.0, 0.0, 0.0, 0.0, 1.0]),
        |it| it.bands[0].palette = vec![[0; 4]; 65_537],
        |it| it.software = Some("x".repeat(300_000)),
        |it| it.bands[0].scale = f64::INFINITY,
        |it| it.notes = vec![domain::message!("а", "a"); 101],
    ];
    assert!(of_size(8, 8).check().is_ok());
    for (number, spoil) in wrong.iter().enumerate() {
        let mut inspection = of_size(8, 8);
        spoil(&mut inspection);
        let checked = inspection.check();
        assert!(
            matches!(checked, Err(InspectionError::Contradiction)),
            "{number}: {checked:?}"
        );
    }
}

#[test]
fn sizes_are_bounded() {
    let mut inspection = of_size(8, 8);
    inspection.bands = vec![inspection.bands[0].clone(); MAX_BANDS + 1];
    for (inspection, words) in [
        (of_size(0, 8), "0 × 8 cells"),
        (
            of_size(2_000_001, 1),
            "more than 40000000000 or than 2000000",
        ),
        (of_size(1_000_000, 40_001), "cut it into parts"),
        (of_size(usize::MAX, usize::MAX), "cut it into parts"),
        (inspection, "65 bands, more than the 64"),
    ] {
        let said = inspection.check().unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }
}

proptest! {
    #[test]
    fn numbers_are_those_of_their_bytes(values in prop::collection::vec(any::<i16>(), 0..20)) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let expected: Vec<f64> = values.iter().map(|&value| value.into()).collect();
        prop_assert_eq!(SampleType::Int16.numbers(&bytes), expected);
        let floats: Vec<u8> = values.iter().flat_map(|&value| f32::from(value).to_le_bytes()).collect();
        let expected: Vec<f64> = values.iter().map(|&value| value.into()).collect();
        prop_assert_eq!(SampleType::Float32.numbers(&floats), expected);
    }
}
