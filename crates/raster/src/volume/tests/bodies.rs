//! Bodies on hills, whose volumes are known by formula.

use std::f64::consts::PI;

use super::*;

const RADIUS: f64 = 80.0;
const HEIGHT: f64 = 20.0;

/// Its height at a place, metres.
type Body = fn(f64, f64) -> f64;

fn cone(x: f64, y: f64) -> f64 {
    (HEIGHT * (1.0 - x.hypot(y) / RADIUS)).max(0.0)
}

fn paraboloid(x: f64, y: f64) -> f64 {
    (HEIGHT * (1.0 - (x * x + y * y) / (RADIUS * RADIUS))).max(0.0)
}

#[test]
fn a_plane_moved_by_two_metres() {
    let folder = tempfile::tempdir().unwrap();
    let plane = |x: f64, y: f64| 300.0 + 0.05 * x - 0.02 * y;
    let outline = rectangle(-100.0, -75.0, 100.0, 75.0);
    let before = image(folder.path(), "a", 6316, &grid(300.0, 1.0), plane);
    let after = image(folder.path(), "b", 6316, &grid(300.0, 1.0), |x, y| {
        plane(x, y)
            + if x.abs() < 100.0 && y.abs() < 75.0 {
                2.0
            } else {
                0.0
            }
    });
    let change = compared(&before, &after, &outline, &all_cells());
    within(change.net_m3, 60_000.0, 0.001);
    within(change.fill_m3, 60_000.0, 0.001);
    within(change.outline_area_m2, 30_000.0, 0.001);
    within(change.changed_area_m2, 30_000.0, 0.001);
    assert!((change.compared_percent - 100.0).abs() < 1e-9);
    assert!(change.cut_m3 < 60.0);
    let back = compared(&after, &before, &outline, &all_cells());
    within(back.net_m3, -60_000.0, 0.001);
    within(back.cut_m3, 60_000.0, 0.001);
}

/// Cone: π r² h / 3; paraboloid: π r² h / 2. On cells of different sizes, in one reference system
/// and in two, in Web Mercator too, where a square of the map is twice that of the ground.
#[test]
fn cones_and_paraboloids_on_hills() {
    let folder = tempfile::tempdir().unwrap();
    // The place in EPSG:32634 and EPSG:3857, by cs2cs.
    let moved = |epsg: u32, cell: f64| {
        let crs = Crs::from_epsg(epsg).unwrap();
        let zone = Transformer::to_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
        let (lon, lat) = zone.transform(EAST, NORTH).unwrap();
        let (x, y) = Transformer::from_wgs84(&crs)
            .unwrap()
            .transform(lon, lat)
            .unwrap();
        Grid {
            west: x - 250.0 * cell,
            north: y + 250.0 * cell,
            ..Grid {
                cell_width: cell,
                cell_height: cell,
                columns: 500,
                rows: 500,
                ..grid(10.0, 1.0)
            }
        }
    };
    let bodies: [(Body, f64); 2] = [(cone, 1.0 / 3.0), (paraboloid, 0.5)];
    let grids = [
        (6316, grid(240.0, 1.0), 6316, grid(240.0, 1.0)),
        (6316, grid(240.0, 1.0), 6316, grid(240.0, 0.5)),
        (6316, grid(240.0, 0.8), 6316, grid(240.0, 1.0)),
        (6316, grid(240.0, 1.0), 32634, moved(32634, 1.0)),
        (32634, moved(32634, 0.7), 6316, grid(240.0, 0.5)),
        (3857, moved(3857, 1.0), 6316, grid(240.0, 1.0)),
        (6316, grid(240.0, 1.0), 3857, moved(3857, 1.4)),
    ];
    let outline = rectangle(-95.0, -95.0, 95.0, 95.0);
    for (body, share) in bodies {
        for (at, (from_epsg, from_grid, to_epsg, to_grid)) in grids.iter().enumerate() {
            let name = |side: &str| format!("{side}{at}{share:.1}.tif");
            let before = image(folder.path(), &name("a"), *from_epsg, from_grid, hills);
            let after = image(folder.path(), &name("b"), *to_epsg, to_grid, |x, y| {
                hills(x, y) + body(x, y)
            });
            let change = compared(&before, &after, &outline, &all_cells());
            println!("{from_epsg} {to_epsg} {}", change.net_m3);
            within(change.net_m3, share * PI * RADIUS * RADIUS * HEIGHT, 0.001);
        }
    }
}

/// The outline reaches beyond the later survey, whose eastern third is missing.
#[test]
fn what_a_survey_does_not_cover_is_not_counted_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let before = image(folder.path(), "a", 6316, &grid(400.0, 2.0), hills);
    let after = image(folder.path(), "b", 6316, &grid(200.0, 2.0), |x, y| {
        if y > 60.0 {
            f64::NAN
        } else {
            hills(x, y) + 1.0
        }
    });
    let outline = rectangle(-60.0, -60.0, 140.0, 90.0);
    let change = compared(&before, &after, &outline, &all_cells());
    within(change.outline_area_m2, 30_000.0, 0.001);
    within(change.compared_area_m2, 160.0 * 120.0, 0.001);
    within(change.net_m3, 160.0 * 120.0, 0.001);
    within(change.compared_percent, 64.0, 0.001);
    let warned = change
        .warnings
        .iter()
        .any(|warning| warning.en.contains("64.0 %"));
    assert!(warned, "{:?}", change.warnings);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let before = image(folder.path(), "a", 6316, &grid(200.0, 2.0), hills);
    let far = Grid {
        west: EAST + 1_000.0,
        ..grid(200.0, 2.0)
    };
    let elsewhere = image(folder.path(), "b", 6316, &far, hills);
    let ellipsoidal = image(folder.path(), "c", 6316, &grid(200.0, 2.0), |x, y| {
        hills(x, y) + 44.7
    });
    let none = MultiPolygon(Vec::new());
    let (inside, outside) = (
        rectangle(-20.0, -20.0, 20.0, 20.0),
        rectangle(300.0, 0.0, 400.0, 90.0),
    );
    let everything = rectangle(-100.0, -100.0, 100.0, 100.0);
    let refusal = |to: &Image, outline: &MultiPolygon<f64>, options: &Options| {
        let inputs = Inputs {
            from: &before,
            to,
            outline,
            unstable: std::slice::from_ref(outline),
            excluded: &none,
        };
        compare(&inputs, options, None).unwrap_err().to_string()
    };
    let coregister = Options {
        coregister: true,
        ..Options::default()
    };
    let few = Options {
        most_cells: 100,
        ..Options::default()
    };
    for (got, expected) in [
        (refusal(&elsewhere, &inside, &all_cells()), "do not overlap"),
        (refusal(&ellipsoidal, &inside, &all_cells()), "by 44.7 m"),
        (refusal(&before, &outside, &all_cells()), "compared: 0 %"),
        (refusal(&before, &none, &all_cells()), "no outline"),
        (
            refusal(&before, &everything, &coregister),
            "too little stable ground",
        ),
        (refusal(&before, &inside, &few), "where 100 is the most"),
    ] {
        assert!(got.contains(expected), "{got}");
    }
}
