use geodesy::Crs;

use super::*;
use crate::grid::Grid;
use crate::image::Image;

/// A plane that rises 0.25 m to the east and 0.5 m to the south with each cell.
fn height(column: usize, row: usize) -> f32 {
    300.0 + 0.25 * column as f32 + 0.5 * row as f32
}

fn recipe(columns: usize, rows: usize) -> Recipe {
    Recipe {
        grid: Grid {
            west: 7_588_000.0,
            north: 4_882_000.0,
            cell_width: 0.5,
            cell_height: 0.5,
            columns,
            rows,
        },
        crs: Crs::from_epsg(6316).unwrap(),
        source: SampleType::Float32,
        source_bands: 1,
        mask: false,
        alpha: None,
        mark: Some(-9999.0),
        presumed: Vec::new(),
        content: Content::Values {
            band: 0,
            factor: 1.0,
            offset: 0.0,
        },
        stored: SampleType::Float32,
        nodata: Some(-9999.0),
        smooth: true,
    }
}

/// The pieces come in any order; a corner of 10 × 10 cells has no data.
fn converted(recipe: Recipe, draft: Option<&Path>) -> (Seen, Option<Draft>) {
    let (columns, rows) = (recipe.grid.columns, recipe.grid.rows);
    let mut conversion = Conversion::begin(recipe, draft).unwrap();
    for row in (0..rows).step_by(300).rev() {
        for column in (0..columns).step_by(400) {
            let window = Window {
                column,
                row,
                columns: 400.min(columns - column),
                rows: 300.min(rows - row),
            };
            let cells = (row..row + window.rows)
                .flat_map(|row| (column..column + window.columns).map(move |column| (column, row)));
            let values = cells.map(|(column, row)| match (column, row) {
                (0..10, 0..10) => -9999.0,
                _ => height(column, row),
            });
            let bytes: Vec<u8> = values.flat_map(f32::to_le_bytes).collect();
            conversion.take(window, &bytes).unwrap();
        }
    }
    conversion.end()
}

#[test]
fn the_image_has_the_cells_and_is_cloud_optimised() {
    let folder = tempfile::tempdir().unwrap();
    let (draft, image) = (
        folder.path().join("draft.tif"),
        folder.path().join("image.tif"),
    );
    let (columns, rows) = (1100, 700);
    let (seen, written) = converted(recipe(columns, rows), Some(&draft));
    let finished = written.unwrap().into_image(&image).unwrap();
    assert!(!draft.exists());
    assert_eq!(finished.bytes, std::fs::metadata(&image).unwrap().len());
    assert_eq!(finished, digested(&image).unwrap());
    assert_eq!(seen.statistics.count, 1100 * 700 - 100);
    assert_eq!(seen.coverage.valid_cells(), 1100 * 700 - 100);
    assert!((seen.statistics.highest - f64::from(height(1099, 699))).abs() < 1e-9);

    let image = Image::open(&image.to_string_lossy(), Crs::from_epsg(6316).unwrap()).unwrap();
    assert_eq!(*image.grid(), recipe(columns, rows).grid);
    assert_eq!(image.levels().len(), 3, "down to less than a tile");
    let cells = image.read(1, 0, image.grid().window()).unwrap();
    for (column, row) in [(10, 0), (0, 10), (399, 299), (400, 300), (1099, 699)] {
        assert_eq!(cells.get(column, row), Some(height(column, row)));
    }
    assert_eq!(cells.get(9, 9), None);
    // The mean of four cells of a plane is its height in their middle.
    let half = image.read(1, 1, image.levels()[1].window()).unwrap();
    assert_eq!(half.get(100, 50), Some(height(200, 100) + 0.375));
    image
        .with_dataset(|dataset| {
            use gdal::Metadata as _;
            let layout = dataset.metadata_item("LAYOUT", "IMAGE_STRUCTURE");
            assert_eq!(layout.as_deref(), Some("COG"));
            assert_eq!(dataset.rasterband(1)?.block_size(), (512, 512));
            assert_eq!(dataset.spatial_ref()?.auth_code()?, 6316);
            Ok(())
        })
        .unwrap();
}

#[test]
fn cells_are_looked_at_without_a_file() {
    let (seen, draft) = converted(recipe(50, 40), None);
    assert!(draft.is_none());
    assert_eq!(seen.statistics.count, 50 * 40 - 100);
}
