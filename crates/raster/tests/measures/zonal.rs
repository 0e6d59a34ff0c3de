//! Statistics inside outlines.

use geo_types::{MultiPolygon, Polygon, polygon};
use raster::zonal::{Zonal, ellipsoidal_area_m2, statistics};

use crate::surface::{GRID, Surface, plane};

const ALL: usize = 50_000_000;

/// A rectangle of the grid as an outline: longitude and latitude.
fn rectangle(surface: &Surface, west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let corners = polygon![
        (x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north),
    ];
    let mut geometry = corners.into();
    let to_wgs84 = surface.image.plan().to_wgs84().unwrap();
    to_wgs84.transform_geometry(&mut geometry).unwrap();
    MultiPolygon(vec![geometry.try_into().unwrap()])
}

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "{found} is not {wanted}");
}

/// Of a plane over a rectangle of 400 by 200 cells: mean in the middle, uniform along both axes.
#[test]
fn a_plane_has_the_moments_of_its_formula() {
    let surface = Surface::plane();
    let (west, south) = (587_100.0, 4_880_100.0);
    let outline = rectangle(&surface, west, south, west + 800.0, south + 400.0);
    let found = statistics(&surface.image, 1, &outline, ALL).unwrap();
    assert_eq!((found.level, found.outline_cells), (0, 80_000));
    let values = found.values.unwrap();
    assert_eq!(values.cells, 80_000);
    near(values.mean, plane(west + 400.0, south + 200.0), 1e-4);
    near(values.least, plane(west + 1.0, south + 399.0), 1e-4);
    near(values.greatest, plane(west + 799.0, south + 1.0), 1e-4);
    // Variance of n equal steps: (n² − 1) step² / 12, along both axes.
    let steps = |cells: f64, step: f64| (cells * cells - 1.0) * step * step / 12.0;
    let variance = steps(400.0, 0.1) + steps(200.0, 0.04);
    near(values.deviation, variance.sqrt(), 1e-4);
    near(values.percentiles[4], values.mean, 0.03);
    assert_eq!(values.histogram.iter().sum::<u64>(), 80_000);
    // UTM at Bor: 0.9997 in length.
    near(
        found.outline_area_m2,
        800.0 * 400.0 / 0.9997_f64.powi(2),
        30.0,
    );
}

/// Heights that depend on the easting alone are spread evenly: percentiles are shares of the way.
#[test]
fn percentiles_and_bins_of_an_even_spread() {
    let surface = Surface::of(|x, _| x - GRID.west);
    let outline = rectangle(&surface, 587_200.0, 4_880_200.0, 588_000.0, 4_880_600.0);
    let values = statistics(&surface.image, 1, &outline, ALL)
        .unwrap()
        .values
        .unwrap();
    let shares = [0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99];
    for (share, found) in shares.iter().zip(values.percentiles) {
        near(found, 201.0 + 798.0 * share, 2.0);
    }
    assert_eq!(values.histogram, vec![2000; 40]);
}

#[test]
fn cells_without_data_and_beyond_the_image_are_missing() {
    let surface = Surface::of(|x, _| if x < 587_400.0 { f64::NAN } else { 450.0 });
    // From 200 m west of the image to 800 m into it: of 500 columns 100 outside, 200 without data.
    let outline = rectangle(&surface, 586_800.0, 4_880_200.0, 587_800.0, 4_880_600.0);
    let found = statistics(&surface.image, 1, &outline, ALL).unwrap();
    assert_eq!(found.outline_cells, 500 * 200);
    near(found.covered(), 0.4, 1e-9);
    let values = found.values.unwrap();
    assert_eq!(
        (values.cells, values.histogram),
        (200 * 200, vec![200 * 200])
    );
    assert_eq!((values.least, values.deviation), (450.0, 0.0));
    let elsewhere = rectangle(&surface, 580_000.0, 4_870_000.0, 580_100.0, 4_870_100.0);
    let found = statistics(&surface.image, 1, &elsewhere, ALL).unwrap();
    assert_eq!((found.values, found.outline_cells), (None, 2500));
}

#[test]
fn a_large_outline_is_read_from_an_overview_and_says_so() {
    let surface = Surface::plane();
    let (west, south) = (587_100.0, 4_880_100.0);
    let outline = rectangle(&surface, west, south, west + 800.0, south + 400.0);
    let Zonal {
        level,
        cell_size,
        values,
        ..
    } = statistics(&surface.image, 1, &outline, 25_000).unwrap();
    assert_eq!((level, cell_size), (1, (4.0, 4.0)));
    near(
        values.unwrap().mean,
        plane(west + 400.0, south + 200.0),
        0.05,
    );
    let coarsest = statistics(&surface.image, 1, &outline, 1).unwrap();
    assert_eq!(coarsest.level, 2);
}

/// `ST_Area(ST_Segmentize(geometry, 0.00001)::geography)` of PostGIS 3.3.
#[test]
fn areas_are_those_on_the_ellipsoid() {
    let pond = polygon!(
        exterior: [
            (x: 22.09, y: 44.07), (x: 22.094, y: 44.0701), (x: 22.0935, y: 44.073),
            (x: 22.0912, y: 44.0722), (x: 22.0899, y: 44.0728),
        ],
        interiors: [[(x: 22.091, y: 44.071), (x: 22.092, y: 44.071), (x: 22.0915, y: 44.0715)]],
    );
    near(ellipsoidal_area_m2(&pond.clone().into()), 83_805.944, 0.002);
    let (outline, _) = pond.into_inner();
    let filled = Polygon::new(outline, vec![]);
    near(ellipsoidal_area_m2(&filled.into()), 86_031.280, 0.002);
}
