use geo::{Area as _, CoordsIter as _};

use super::*;

/// One letter a cell, `#` with data.
fn cells(rows: &[&str]) -> (Vec<bool>, usize) {
    let filled = rows
        .iter()
        .flat_map(|row| row.chars().map(|cell| cell == '#'));
    (filled.collect(), rows[0].len())
}

fn coverage(rows: &[&str], grid: Grid) -> Coverage {
    let (filled, columns) = cells(rows);
    let mut coverage = Coverage::new(grid);
    let window = Window {
        column: 0,
        row: 0,
        columns,
        rows: rows.len(),
    };
    coverage.add(window, filled.iter().map(|&filled| filled.then_some(1.0)));
    coverage
}

/// Parts, holes and filled cells of pictures, counted by eye.
#[test]
fn outlines_are_valid_and_cover_the_filled_cells() {
    for (rows, parts, holes) in [
        (&["#"][..], 1, 0),
        (&["##", "##"], 1, 0),
        (&["#.", ".#"], 2, 0),
        (&[".#", "#."], 2, 0),
        (&["###", "#.#", "###"], 1, 1),
        (&["####", "#.##", "##.#", "####"], 1, 2),
        (&["#####", "#...#", "#.#.#", "#...#", "#####"], 2, 1),
        (&["###.", "#.#.", "##.#", "...#"], 2, 1),
        (&["##.##", "##.##", "#####", ".###.", "#####"], 1, 0),
        (&["....", "...."], 0, 0),
    ] {
        let (filled, columns) = cells(rows);
        let outline = outline::of(&filled, columns);
        let on_map =
            geo::MapCoords::map_coords(&outline, |at: Coord<f64>| Coord { x: at.x, y: -at.y });
        assert!(on_map.is_valid(), "{rows:?}: {on_map:?}");
        let count = filled.iter().filter(|filled| **filled).count();
        assert_eq!(on_map.signed_area(), count as f64, "{rows:?}");
        assert_eq!(outline.0.len(), parts, "{rows:?}");
        let interiors: usize = outline.iter().map(|part| part.interiors().len()).sum();
        assert_eq!(interiors, holes, "{rows:?}");
    }
}

/// All sets of cells of 4 × 4.
#[test]
fn every_small_picture_has_a_valid_outline() {
    for picture in 0_u32..1 << 16 {
        let filled: Vec<bool> = (0..16).map(|at| picture >> at & 1 == 1).collect();
        let outline = outline::of(&filled, 4);
        let on_map =
            geo::MapCoords::map_coords(&outline, |at: Coord<f64>| Coord { x: at.x, y: -at.y });
        assert_eq!(
            on_map.signed_area(),
            f64::from(picture.count_ones()),
            "{picture:b}"
        );
        if picture % 7 == 0 {
            assert!(on_map.is_valid(), "{picture:b}");
        }
    }
}

fn grid(columns: usize, rows: usize) -> Grid {
    Grid {
        west: 7_588_000.0,
        north: 4_882_000.0,
        cell_width: 10.0,
        cell_height: 10.0,
        columns,
        rows,
    }
}

#[test]
fn area_and_place_are_those_of_the_cells_with_data() {
    let crs = Crs::from_epsg(6316).unwrap();
    let plan = TransformPlan::new(&crs).unwrap();
    let rows = ["........", "..######", "..######", "..######", "..######"];
    let seen = coverage(&rows, grid(8, 5));
    assert_eq!(seen.valid_cells(), 24);
    assert!((seen.valid_percent() - 60.0).abs() < 1e-9);
    // The scale of the projection at Bor is 0.9999 × (1 + 88.2² / (2 × 6377²)) = 0.999995.
    let area = seen.area_m2(&plan).unwrap();
    assert!((area - 2400.0).abs() < 0.1, "{area}");
    assert!((seen.resolution_m(&plan).unwrap() - 10.0).abs() < 1e-3);
    let footprint = seen.footprint(&crs).unwrap().unwrap();
    assert!(footprint.is_valid());
    let sides = bounds(&footprint).unwrap();
    let corner = plan
        .to_wgs84()
        .unwrap()
        .transform(7_588_020.0, 4_881_990.0)
        .unwrap();
    assert!((sides.min_x - corner.0).abs() < 1e-5 && (sides.max_y - corner.1).abs() < 1e-5);
    assert!(
        coverage(&["..", ".."], grid(2, 2))
            .footprint(&crs)
            .unwrap()
            .is_none()
    );
}

/// A degree of longitude and latitude at 44° on WGS 84: 80 166 m and 111 124 m by geod (PROJ).
#[test]
fn cells_in_degrees_are_measured_on_the_ellipsoid() {
    let crs = Crs::from_epsg(4326).unwrap();
    let cell = 0.001;
    let grid = Grid {
        west: 22.0,
        north: 44.0015,
        cell_width: cell,
        cell_height: cell,
        columns: 3,
        rows: 3,
    };
    let resolution = Coverage::new(grid)
        .resolution_m(&TransformPlan::new(&crs).unwrap())
        .unwrap();
    let wanted = (80.166_f64 * 111.124).sqrt();
    assert!(
        (resolution / wanted - 1.0).abs() < 1e-3,
        "{resolution} is not {wanted}"
    );
}

#[test]
fn a_large_turned_rectangle_has_few_corners() {
    let (columns, rows) = (3000, 2000);
    let mut seen = Coverage::new(grid(columns, rows));
    let inside = |column: usize, row: usize| {
        let (x, y) = (column as f64 - 1500.0, row as f64 - 1000.0);
        (x * 0.8 + y * 0.6).abs() < 900.0 && (y * 0.8 - x * 0.6).abs() < 400.0
    };
    for row in 0..rows {
        let window = Window {
            column: 0,
            row,
            columns,
            rows: 1,
        };
        seen.add(
            window,
            (0..columns).map(|column| inside(column, row).then_some(5.0)),
        );
    }
    let crs = Crs::from_epsg(6316).unwrap();
    let footprint = seen.footprint(&crs).unwrap().unwrap();
    assert!(footprint.is_valid());
    assert!(
        footprint.coords_count() < 300,
        "{}",
        footprint.coords_count()
    );
    let area = seen.area_m2(&TransformPlan::new(&crs).unwrap()).unwrap();
    assert!(
        (area / (1800.0 * 800.0 * 100.0) - 1.0).abs() < 2e-3,
        "{area}"
    );
    assert!(
        seen.means(16)
            .iter()
            .all(|(_, mean)| (mean - 5.0).abs() < 1e-9)
    );
}
