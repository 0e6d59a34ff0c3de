use super::*;

fn recipe(source: SampleType, bands: usize, content: Content) -> Recipe {
    Recipe {
        grid: Grid {
            west: 0.0,
            north: 0.0,
            cell_width: 1.0,
            cell_height: 1.0,
            columns: 3,
            rows: 1,
        },
        crs: Crs::from_epsg(6316).unwrap(),
        source,
        source_bands: bands,
        mask: false,
        alpha: None,
        mark: None,
        presumed: Vec::new(),
        content,
        stored: source,
        nodata: None,
        smooth: true,
    }
}

const HEIGHTS: Content = Content::Values {
    band: 0,
    factor: 1.0,
    offset: 0.0,
};

#[test]
fn marks_masks_and_units_of_values_are_heeded() {
    let bytes: Vec<u8> = [
        100.0_f32,
        -9999.0,
        f32::INFINITY,
        0.0,
        -3.402_823_4e38,
        200.0,
    ]
    .iter()
    .flat_map(|value| value.to_le_bytes())
    .collect();
    let plain = Recipe {
        mark: Some(-9999.0),
        presumed: vec![-3.402_823_466_385_288_6e38],
        nodata: Some(-1.0),
        content: Content::Values {
            band: 0,
            factor: 0.5,
            offset: 10.0,
        },
        ..recipe(SampleType::Float32, 1, HEIGHTS)
    };
    let seen = plain.prepare(6, &bytes);
    assert_eq!(seen.planes, [[60.0, -1.0, -1.0, 10.0, -1.0, 110.0]]);
    assert_eq!(seen.valid, [true, false, false, true, false, true]);
    assert_eq!(seen.presumed, 1);
    let masked = Recipe {
        mask: true,
        ..plain
    };
    let bytes = [bytes, vec![0, 255, 255, 255, 255, 255]].concat();
    assert_eq!(
        masked.prepare(6, &bytes).valid,
        [false, false, false, true, false, true]
    );
}

#[test]
fn a_colour_that_is_partly_the_mark_stays() {
    let bands = Content::Colours {
        bands: vec![0, 1, 2],
        factor: 1.0,
    };
    let picture = Recipe {
        mark: Some(0.0),
        ..recipe(SampleType::UInt8, 3, bands)
    };
    let seen = picture.prepare(3, &[0, 0, 7, 0, 9, 8, 0, 0, 9]);
    assert_eq!(seen.valid, [false, true, true]);
    assert_eq!(seen.planes[3], [0.0, 255.0, 255.0]);
    assert_eq!(picture.colours().last(), Some(&BandColour::Alpha));
}

#[test]
fn opacity_of_the_file_stays_as_it_is() {
    let bands = Content::Colours {
        bands: vec![0],
        factor: 1.0,
    };
    let picture = Recipe {
        alpha: Some(1),
        ..recipe(SampleType::UInt8, 2, bands)
    };
    let seen = picture.prepare(3, &[10, 20, 30, 0, 128, 255]);
    assert_eq!(seen.planes, [[10.0, 20.0, 30.0], [0.0, 128.0, 255.0]]);
    assert_eq!(seen.valid, [false, true, true]);
}

#[test]
fn numbers_of_colours_become_the_colours() {
    let colours = vec![[1, 2, 3, 255], [40, 50, 60, 255], [7, 8, 9, 0]];
    let picture = recipe(SampleType::UInt8, 1, Content::Palette(colours));
    let seen = picture.prepare(4, &[1, 0, 2, 9]);
    assert_eq!(seen.planes[0][..2], [40.0, 1.0]);
    assert_eq!(seen.planes[2][..2], [60.0, 3.0]);
    assert_eq!(seen.planes[3], [255.0, 255.0, 0.0, 0.0]);
    assert_eq!(seen.valid, [true, true, false, false]);
}
