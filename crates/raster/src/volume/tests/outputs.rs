//! The difference file, the picture, and what is left out.

use super::*;

fn pond(x: f64, y: f64) -> bool {
    x.abs() < 15.0 && y.abs() < 10.0
}

#[test]
fn water_is_left_out_by_a_mask_or_where_it_is_flat() {
    let folder = tempfile::tempdir().unwrap();
    let before = image(folder.path(), "a", 6316, &grid(200.0, 1.0), hills);
    let after = image(folder.path(), "b", 6316, &grid(200.0, 1.0), |x, y| {
        if pond(x, y) { 310.0 } else { hills(x, y) + 0.5 }
    });
    let outline = rectangle(-40.0, -40.0, 40.0, 40.0);
    let with_water = compared(&before, &after, &outline, &all_cells());
    within(with_water.flat_area_m2, 600.0, 0.001);
    let warned = with_water
        .warnings
        .iter()
        .any(|warning| warning.en.contains("600 m²"));
    assert!(warned, "{:?}", with_water.warnings);

    let without_flat = Options {
        exclude_flat: true,
        ..all_cells()
    };
    let by_flatness = compared(&before, &after, &outline, &without_flat);
    let water = rectangle(-15.0, -10.0, 15.0, 10.0);
    let inputs = Inputs {
        from: &before,
        to: &after,
        outline: &outline,
        unstable: &[],
        excluded: &water,
    };
    let by_mask = compare(&inputs, &all_cells(), None).unwrap().change;
    for change in [by_flatness, by_mask] {
        within(change.excluded_area_m2, 600.0, 0.001);
        within(change.compared_area_m2, 6_400.0 - 600.0, 0.001);
        within(change.net_m3, 0.5 * 5_800.0, 0.001);
        assert!((change.compared_percent - 100.0).abs() < 1e-9);
    }
}

#[test]
fn the_difference_is_a_geotiff_and_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let before = image(folder.path(), "a", 6316, &grid(200.0, 1.0), hills);
    let after = image(folder.path(), "b", 6316, &grid(200.0, 1.0), |x, y| {
        hills(x, y) + if x < 0.0 { -1.5 } else { 2.5 }
    });
    let outline = rectangle(-40.0, -30.0, 40.0, 30.0);
    let none = MultiPolygon(Vec::new());
    let inputs = Inputs {
        from: &before,
        to: &after,
        outline: &outline,
        unstable: &[],
        excluded: &none,
    };
    let path = folder.path().join("difference.tif");
    let compared = compare(&inputs, &all_cells(), Some(&path)).unwrap();
    let difference = Image::open(path.to_str().unwrap(), Crs::from_epsg(6316).unwrap()).unwrap();
    let whole = difference.grid().window();
    let cells = difference.read(1, 0, whole).unwrap();
    let at = |x: f64, y: f64| {
        let (column, row) = difference.grid().place(EAST + x, NORTH + y);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cell"
        )]
        cells.get(column as usize, row as usize)
    };
    assert!((at(-20.5, 3.5).unwrap() + 1.5).abs() < 1e-3);
    assert!((at(30.5, -3.5).unwrap() - 2.5).abs() < 1e-3);
    let known = cells.values.iter().filter(|value| !value.is_nan()).count();
    assert_eq!(known, 80 * 60);

    let png = compared.picture.png().unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let written = folder.path().join("picture.png");
    std::fs::write(&written, png).unwrap();
    let picture = gdal::Dataset::open(&written).unwrap();
    let (width, height) = picture.raster_size();
    let pixel = |share: f64, band: usize| {
        #[expect(clippy::cast_possible_truncation, reason = "a pixel")]
        let column = (frame::as_f64(width) * share) as isize;
        let row = isize::try_from(height / 2).unwrap();
        let band = picture.rasterband(band).unwrap();
        band.read_as::<u8>((column, row), (1, 1), (1, 1), None)
            .unwrap()
            .data()[0]
    };
    assert!(pixel(0.25, 1) > pixel(0.25, 3) + 50, "cut is red");
    assert!(pixel(0.75, 3) > pixel(0.75, 1) + 50, "fill is blue");

    let lines = ["Fill < cut & more".to_owned()];
    let svg = compared
        .picture
        .svg("Јаловиште", &lines, domain::Lang::SrCyrl)
        .unwrap();
    assert!(
        svg.contains("Fill &lt; cut &amp; more") && svg.contains("нането"),
        "{svg}"
    );
    let latin = compared
        .picture
        .svg("Јаловиште", &[], domain::Lang::SrLatn)
        .unwrap();
    assert!(latin.contains("naneto"));
}
