//! The odd `GeoTIFF`s of `tests/fixtures` given to a real worker process. What their cells hold is
//! said by the formula in `raster_fixtures.py`, or by GDAL's own programs.

mod other_packings;
mod refused;
mod values;

use std::path::Path;

use importer::process::{Worker, WorkerError};
use importer::protocol::CellBlock;
use raster::inspection::{BandColour, Placement, RasterInspection, SampleType};

use crate::support::{fixture, worker};

/// What a raster file is.
async fn inspect(name: &str) -> RasterInspection {
    let inspection = worker().inspect_raster(&fixture(name)).await;
    inspection.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The values of a raster, plane by plane, rows from the north.
#[derive(Debug)]
struct Planes {
    inspection: RasterInspection,
    bands: Vec<Vec<f64>>,
    mask: Option<Vec<u8>>,
    blocks: usize,
}

/// The values of a band from 0 at a column and row.
impl Planes {
    fn at(&self, band: usize, column: usize, row: usize) -> f64 {
        self.bands[band][row * self.inspection.columns + column]
    }
}

async fn read_with(worker: &Worker, path: &Path) -> Result<Planes, WorkerError> {
    let inspection = worker.inspect_raster(path).await?;
    let cells = inspection.columns * inspection.rows;
    let mut planes = Planes {
        bands: vec![vec![f64::NAN; cells]; inspection.bands.len()],
        mask: inspection.mask.then(|| vec![77; cells]),
        inspection,
        blocks: 0,
    };
    let mut blocks = worker.read_raster(path, &planes.inspection).await?;
    while let Some(block) = blocks.next().await? {
        planes.take(&block);
    }
    assert_eq!(blocks.percent(), 100);
    Ok(planes)
}

impl Planes {
    fn take(&mut self, block: &CellBlock) {
        self.blocks += 1;
        let (width, sample) = (self.inspection.columns, self.inspection.sample);
        for (band, plane) in self.bands.iter_mut().enumerate() {
            let values = sample.numbers(block.plane(band, sample).unwrap());
            place(block, width, &values, plane);
        }
        if let Some(plane) = &mut self.mask {
            place(block, width, block.mask().unwrap(), plane);
        }
    }
}

fn place<T: Copy>(block: &CellBlock, width: usize, values: &[T], plane: &mut [T]) {
    for (row, values) in values.chunks(block.columns).enumerate() {
        let from = (block.row + row) * width + block.column;
        plane[from..from + block.columns].copy_from_slice(values);
    }
}

async fn read(name: &str) -> Planes {
    let planes = read_with(&worker(), &fixture(name)).await;
    planes.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Corner of the fixtures' first cell, and their cell of 1 m.
const PLACED: [f64; 6] = [7_588_182.0, 1.0, 0.0, 4_881_768.0, 0.0, -1.0];

#[tokio::test]
async fn the_placement_of_cells_is_told_apart() {
    let moved = |x, y| Placement::NorthUp([x, 1.0, 0.0, y, 0.0, -1.0]);
    let degrees = Placement::NorthUp([22.0955, 1e-5, 0.0, 44.0752, 0.0, -1e-5]);
    for (name, placement) in [
        ("raster-terrain.tif", Placement::NorthUp(PLACED)),
        ("raster-big-endian.tif", Placement::NorthUp(PLACED)),
        ("raster-bigtiff.tif", Placement::NorthUp(PLACED)),
        // Placed by the centre of the first cell.
        ("raster-pixel-is-point.tif", Placement::NorthUp(PLACED)),
        (
            "raster-bottom-up.tif",
            Placement::BottomUp([7_588_182.0, 1.0, 0.0, 4_881_752.0, 0.0, 1.0]),
        ),
        ("raster-control-points.tif", Placement::ControlPoints(4)),
        ("raster-camera-model.tif", Placement::RationalPolynomials),
        ("raster-without-placement.tif", Placement::None),
        (
            "raster-dropped-zone-digit.tif",
            moved(588_182.0, 4_881_768.0),
        ),
        ("raster-outside-serbia.tif", moved(7_480_000.0, 5_350_000.0)),
        ("raster-degrees.tif", degrees),
    ] {
        assert_eq!(inspect(name).await.placement, placement, "{name}");
    }
    let Placement::Rotated { degrees, .. } = inspect("raster-rotated.tif").await.placement else {
        panic!("not rotated");
    };
    assert!((degrees - 30.0).abs() < 1e-9, "{degrees}");
    let mirrored = inspect("raster-mirrored.tif").await.placement;
    assert!(
        matches!(mirrored, Placement::Rotated { degrees, .. } if (degrees - 180.0).abs() < 1e-9),
        "{mirrored:?}"
    );
    assert!(inspect("raster-pixel-is-point.tif").await.pixel_is_point);
    assert!(!inspect("raster-terrain.tif").await.pixel_is_point);
}

#[tokio::test]
async fn a_bottom_up_raster_has_its_northern_edge_in_the_grid() {
    let grid = inspect("raster-bottom-up.tif").await.grid().unwrap();
    assert_eq!(
        (grid.west, grid.north, grid.cell_height, grid.rows),
        (7_588_182.0, 4_881_768.0, 1.0, 16)
    );
    assert_eq!(inspect("raster-rotated.tif").await.grid(), None);
}

#[tokio::test]
async fn reference_systems_are_taken_as_declared() {
    for (name, authority, vertical) in [
        ("raster-terrain.tif", Some("EPSG:6316"), None),
        // GDAL by itself would take its successor.
        ("raster-old-epsg-31277.tif", Some("EPSG:31277"), None),
        ("raster-utm-over-zone-7.tif", Some("EPSG:32634"), None),
        (
            "raster-web-mercator-over-zone-7.tif",
            Some("EPSG:3857"),
            None,
        ),
        ("raster-degrees.tif", Some("EPSG:4326"), None),
        ("raster-control-points.tif", Some("EPSG:6316"), None),
        ("raster-of-the-moon.tif", None, None),
        (
            "raster-compound-crs.tif",
            Some("EPSG:6316"),
            Some(("Trieste height", Some("EPSG:5195"), false)),
        ),
        (
            "raster-vertical-5030.tif",
            Some("EPSG:6316"),
            Some(("Not specified (based on WGS 84 ellipsoid)", None, true)),
        ),
        (
            "raster-vertical-4979.tif",
            Some("EPSG:6316"),
            Some(("EPSG:4979", Some("EPSG:4979"), true)),
        ),
        (
            "raster-vertical-in-feet.tif",
            Some("EPSG:6316"),
            Some(("Local", None, false)),
        ),
        (
            "raster-ellipsoidal-crs.tif",
            Some("EPSG:4979"),
            Some(("WGS 84", Some("EPSG:4979"), true)),
        ),
    ] {
        let crs = inspect(name).await.crs.unwrap();
        assert_eq!(crs.authority.as_deref(), authority, "{name}: {}", crs.wkt);
        let said = crs.vertical.as_ref();
        let said = said.map(|it| (it.name.as_str(), it.authority.as_deref(), it.ellipsoidal));
        assert_eq!(said, vertical, "{name}: {}", crs.wkt);
    }
    assert_eq!(inspect("raster-without-crs.tif").await.crs, None);
    let feet = inspect("raster-vertical-in-feet.tif").await;
    let vertical = feet.crs.and_then(|crs| crs.vertical).unwrap();
    assert_eq!(vertical.unit.as_deref(), Some("foot"));
    assert_eq!(feet.bands[0].unit.as_deref(), Some("foot"));
    let moon = inspect("raster-of-the-moon.tif").await.crs.unwrap();
    assert!(moon.wkt.contains("1737400"), "{}", moon.wkt);
}

#[tokio::test]
async fn bands_are_told_apart() {
    use BandColour::{Alpha, Blue, Green, Grey, Palette, Red, Undefined};
    for (name, sample, colours) in [
        ("raster-terrain.tif", SampleType::Float32, &[Grey][..]),
        ("raster-float64.tif", SampleType::Float64, &[Grey]),
        ("raster-index.tif", SampleType::Float32, &[Grey]),
        ("raster-int8.tif", SampleType::Int8, &[Grey]),
        ("raster-uint16.tif", SampleType::UInt16, &[Grey]),
        ("raster-int16-centimetres.tif", SampleType::Int16, &[Grey]),
        (
            "raster-two-bands.tif",
            SampleType::Float32,
            &[Grey, Undefined],
        ),
        (
            "raster-orthophoto.tif",
            SampleType::UInt8,
            &[Red, Green, Blue],
        ),
        ("raster-mask.tif", SampleType::UInt8, &[Red, Green, Blue]),
        (
            "raster-alpha.tif",
            SampleType::UInt8,
            &[Red, Green, Blue, Alpha],
        ),
        ("raster-palette.tif", SampleType::UInt8, &[Palette]),
        ("raster-one-bit.tif", SampleType::UInt8, &[Palette]),
    ] {
        let inspection = inspect(name).await;
        assert_eq!(inspection.sample, sample, "{name}");
        let said: Vec<_> = inspection.bands.iter().map(|band| band.colour).collect();
        assert_eq!(said, colours, "{name}");
        assert_eq!(inspection.mask, name == "raster-mask.tif", "{name}");
        let bits = if name == "raster-one-bit.tif" {
            1
        } else {
            sample.bytes() * 8
        };
        assert_eq!(usize::from(inspection.bits), bits, "{name}");
    }
    let palette = inspect("raster-palette.tif").await;
    // TIFF 6.0 has 16 bits for each part of a colour: all reds, all greens, all blues.
    assert_eq!(
        palette.bands[0].palette[..4],
        [
            [0, 0, 0, 255],
            [255, 0, 0, 255],
            [0, 0, 0, 255],
            [128, 0, 0, 255]
        ]
    );
}

#[tokio::test]
async fn units_scales_and_days_are_taken_as_said() {
    let feet = inspect("raster-feet.tif").await;
    assert_eq!(feet.bands[0].unit.as_deref(), Some("ft"));
    let terrain = inspect("raster-terrain.tif").await;
    assert_eq!(terrain.bands[0].unit, None);
    assert_eq!(
        (terrain.bands[0].scale, terrain.bands[0].offset),
        (1.0, 0.0)
    );
    let compound = inspect("raster-compound-crs.tif").await;
    assert_eq!(compound.bands[0].unit.as_deref(), Some("metre"));
    let scaled = inspect("raster-scaled.tif").await;
    assert_eq!(
        (scaled.bands[0].scale, scaled.bands[0].offset),
        (0.0625, 300.0)
    );
    let orthophoto = inspect("raster-orthophoto.tif").await;
    assert_eq!(orthophoto.date_time.as_deref(), Some("2024:05:31 10:20:30"));
}

#[tokio::test]
async fn marks_for_no_data_are_those_that_a_cell_can_have() {
    for (name, nodata, note) in [
        ("raster-terrain.tif", Some(-9999.0), None),
        ("raster-without-nodata.tif", None, None),
        ("raster-int8.tif", Some(-128.0), None),
        ("raster-uint16.tif", Some(65535.0), None),
        ("raster-float64.tif", Some(-9999.0), None),
        (
            "raster-nodata-outside-type.tif",
            None,
            Some("the value -9999 is to stand for no data, but no cell of type Byte can have it"),
        ),
        (
            "raster-nodata-half.tif",
            None,
            Some("the value 0.5 is to stand for no data, but no cell of type Int16"),
        ),
    ] {
        let inspection = inspect(name).await;
        assert_eq!(inspection.nodata, nodata, "{name}");
        let notes: Vec<&str> = inspection.notes.iter().map(|it| it.en.as_str()).collect();
        assert_eq!(
            notes.len(),
            usize::from(note.is_some()),
            "{name}: {notes:?}"
        );
        assert!(
            notes
                .iter()
                .zip(note)
                .all(|(said, words)| said.starts_with(words)),
            "{notes:?}"
        );
    }
    let nan = inspect("raster-nodata-nan.tif").await;
    assert!(nan.nodata.is_some_and(f64::is_nan), "{:?}", nan.nodata);
}

#[tokio::test]
async fn what_is_left_unread_is_said() {
    let pages = inspect("raster-two-pages.tif").await;
    assert_eq!(
        pages.notes[0].en,
        "the file holds several pictures (2); the first was taken"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dem.tif");
    std::fs::copy(fixture("raster-without-placement.tif"), &path).unwrap();
    // A placement elsewhere, and a mask without a cell of data.
    std::fs::write(
        folder.path().join("dem.tfw"),
        "1\n0\n0\n-1\n500000\n4000000\n",
    )
    .unwrap();
    std::fs::copy(
        fixture("raster-all-nodata.tif"),
        folder.path().join("dem.tif.msk"),
    )
    .unwrap();
    let planes = read_with(&worker(), &path).await.unwrap();
    assert_eq!(planes.inspection.placement, Placement::None);
    assert_eq!(planes.mask, None);
    let said: Vec<&str> = planes
        .inspection
        .notes
        .iter()
        .map(|it| it.en.as_str())
        .collect();
    assert!(
        said[0].contains("\"dem.tfw\", which was not read"),
        "{said:?}"
    );
    assert!(
        said[1].contains("\"dem.tif.msk\", which was not read"),
        "{said:?}"
    );
}
