//! Errors of known size: a shift, a bias, noise with and without correlation.

use super::*;

fn displaced(x: f64, y: f64) -> f64 {
    hills(x - 1.3, y + 0.7) + 0.4
}

#[test]
fn a_shift_and_a_bias_are_found_and_taken_out_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let outline = rectangle(-40.0, -40.0, 40.0, 40.0);
    let noisy = |surface: fn(f64, f64) -> f64, seed| {
        move |x: f64, y: f64| surface(x, y) + 0.03 * noise(x, y, seed)
    };
    for (at, (from_cell, to_cell)) in [(1.0, 1.0), (1.0, 0.5), (0.8, 1.0)].into_iter().enumerate() {
        let name = |side: &str| format!("{side}{at}.tif");
        let before = image(
            folder.path(),
            &name("a"),
            6316,
            &grid(240.0, from_cell),
            noisy(hills, 1),
        );
        let after = image(
            folder.path(),
            &name("b"),
            6316,
            &grid(240.0, to_cell),
            noisy(displaced, 2),
        );
        let registered = Options {
            coregister: true,
            ..all_cells()
        };
        let change = compared(&before, &after, &outline, &registered);
        let stable = change.stable_ground.unwrap();
        println!("{stable:?}");
        assert!(
            (stable.shift_east_m.unwrap() - 1.3).abs() < 0.1,
            "{stable:?}"
        );
        assert!(
            (stable.shift_north_m.unwrap() + 0.7).abs() < 0.1,
            "{stable:?}"
        );
        assert!((stable.bias_m - 0.4).abs() < 0.05, "{stable:?}");
        // Nothing came and nothing went: 0.4 m became less than 3 mm.
        assert!(
            change.net_m3.abs() < 0.003 * change.compared_area_m2,
            "{change:?}"
        );

        let as_is = compared(&before, &after, &outline, &all_cells());
        assert!(!as_is.coregistered);
        assert!((as_is.stable_ground.unwrap().shift_east_m.unwrap() - 1.3).abs() < 0.1);
        // The uncertainty holds the bias that was left in.
        let uncertainty = as_is.uncertainty.unwrap();
        within(
            uncertainty.systematic_m3.unwrap(),
            as_is.stable_ground.unwrap().bias_m.abs() * as_is.compared_area_m2,
            1e-9,
        );
        let told = as_is
            .warnings
            .iter()
            .filter(|warning| warning.en.contains("co-registration"));
        assert_eq!(told.count(), 2, "{:?}", as_is.warnings);
    }
}

/// Two noises of 0.06 and 0.08 m differ by 0.1 m: level of detection 0.196 m, no correlation, so that
/// over A = 6400 m² the random part is 1.96 · A · 0.1 · √(π / (5 A)).
#[test]
fn noise_without_correlation_averages_out() {
    let folder = tempfile::tempdir().unwrap();
    let outline = rectangle(-40.0, -40.0, 40.0, 40.0);
    let noisy = |sigma: f64, seed| move |x: f64, y: f64| 0.1 * x + sigma * noise(x, y, seed);
    let before = image(folder.path(), "a", 6316, &grid(240.0, 1.0), noisy(0.06, 1));
    let after = image(folder.path(), "b", 6316, &grid(240.0, 1.0), noisy(0.08, 2));
    let change = compared(&before, &after, &outline, &Options::default());
    let stable = change.stable_ground.unwrap();
    within(stable.deviation_m, 0.1, 0.03);
    within(change.level_of_detection_m.unwrap(), 0.196, 0.03);
    assert_eq!(
        change.level_of_detection_source,
        Some(LevelSource::StableGround)
    );
    assert!(stable.bias_m.abs() < 0.005);
    let length = stable.correlation_length_m.unwrap();
    assert!((0.9..3.0).contains(&length), "{length}");
    let by_hand = 1.96 * 6_400.0 * 0.1 * (std::f64::consts::PI * length * length / 32_000.0).sqrt();
    within(change.uncertainty.unwrap().random_m3, by_hand, 0.04);
    // About 5 % of the cells pass the level of detection by chance.
    let share = change.changed_area_m2 / change.compared_area_m2;
    assert!((0.03..0.07).contains(&share), "{share}");
}

/// The mean of white noise over discs of radius 10 m: no correlation beyond 20 m.
#[test]
fn the_correlation_length_is_found() {
    const SIDE: usize = 300;
    const RADIUS: isize = 10;
    let folder = tempfile::tempdir().unwrap();
    let mut lot = spread::Lot::new(7);
    let white: Vec<f64> = (0..SIDE * SIDE).map(|_| lot.share() - 0.5).collect();
    let smooth = move |x: f64, y: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a cell of the grid")]
        let [column, row] = [x, y].map(|at| (at + 149.5).round() as isize);
        let size = isize::try_from(SIDE).unwrap();
        let mut sum = 0.0;
        for down in -RADIUS..=RADIUS {
            for across in -RADIUS..=RADIUS {
                if down * down + across * across <= RADIUS * RADIUS {
                    let (c, r) = (
                        (column + across).rem_euclid(size),
                        (row + down).rem_euclid(size),
                    );
                    sum += white[usize::try_from(r * size + c).unwrap()];
                }
            }
        }
        0.05 * sum
    };
    let plane = |x: f64, _: f64| 300.0 + 0.05 * x;
    let before = image(folder.path(), "a", 6316, &grid(300.0, 1.0), plane);
    let after = image(folder.path(), "b", 6316, &grid(300.0, 1.0), |x, y| {
        plane(x, y) + smooth(x, y)
    });
    let outline = rectangle(-30.0, -30.0, 30.0, 30.0);
    let change = compared(&before, &after, &outline, &Options::default());
    let length = change.stable_ground.unwrap().correlation_length_m.unwrap();
    assert!((13.0..30.0).contains(&length), "{length}");
}

/// Stated accuracies without stable ground: nothing averages out, and it is said.
#[test]
fn without_stable_ground_the_stated_accuracies_count_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let before = image(folder.path(), "a", 6316, &grid(100.0, 2.0), hills);
    let after = image(folder.path(), "b", 6316, &grid(100.0, 2.0), |x, y| {
        hills(x, y) + 0.2
    });
    let outline = rectangle(-60.0, -60.0, 60.0, 60.0);
    let stated = Options {
        accuracies_m: Some([0.06, 0.08]),
        ..Options::default()
    };
    let change = compared(&before, &after, &outline, &stated);
    within(change.level_of_detection_m.unwrap(), 0.196, 1e-9);
    within(change.net_m3, 0.2 * 10_000.0, 0.001);
    let uncertainty = change.uncertainty.unwrap();
    within(
        uncertainty.total_m3,
        1.96 * 0.1 * change.compared_area_m2,
        1e-9,
    );
    assert_eq!(uncertainty.systematic_m3, None);
    assert!(change.stable_ground.is_none());

    let unknown = compared(&before, &after, &outline, &Options::default());
    assert_eq!(
        (unknown.uncertainty, unknown.level_of_detection_m),
        (None, None)
    );
    within(unknown.net_m3, 0.2 * 10_000.0, 0.001);
    let unsaid = unknown
        .warnings
        .iter()
        .any(|warning| warning.en.contains("uncertainty is unknown"));
    assert!(unsaid, "{:?}", unknown.warnings);
}

/// Half of the outline grew by 0.1 m, half by 0.5 m.
#[test]
fn differences_below_the_level_of_detection_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let before = image(folder.path(), "a", 6316, &grid(200.0, 1.0), hills);
    let after = image(folder.path(), "b", 6316, &grid(200.0, 1.0), |x, y| {
        let inside = x.abs() < 40.0 && y.abs() < 40.0;
        hills(x, y)
            + if !inside {
                0.0
            } else if x < 0.0 {
                0.1
            } else {
                0.5
            }
    });
    let outline = rectangle(-40.0, -40.0, 40.0, 40.0);
    let options = Options {
        level_of_detection_m: Some(0.3),
        ..Options::default()
    };
    let change = compared(&before, &after, &outline, &options);
    within(change.net_m3, 0.5 * 3_200.0, 0.001);
    within(change.net_of_all_cells_m3, 0.6 * 3_200.0, 0.001);
    within(change.changed_area_m2, 3_200.0, 0.001);
}
