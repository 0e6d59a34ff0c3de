//! Imports that are ended on the way.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use nix::sys::signal::Signal;

use super::{Register, gdal};
use crate::database::Database;
use crate::process::{Running, until};
use crate::survey::everything;

const SIDE: u32 = 3_000;

/// A terrain model of `SIDE` × `SIDE` cells of 0.5 m beside the fixtures: 36 MB, uncompressed, one
/// strip for each row (TIFF 6.0; OGC 19-008r4).
fn large_terrain(folder: &Path) -> PathBuf {
    const ENTRIES: u32 = 13;
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut bytes = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        bytes.extend(
            [count, value]
                .iter()
                .flat_map(|number| number.to_le_bytes()),
        );
        bytes
    };
    let beside = 8 + 2 + ENTRIES * 12 + 4;
    let doubles: [f64; 9] = [0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 7_588_000.0, 4_882_000.0, 0.0];
    let keys: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 6316];
    let places = beside + 72 + 32;
    let lengths = places + 4 * SIDE;
    let cells = lengths + 4 * SIDE;
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend(13_u16.to_le_bytes());
    for one in [
        entry(256, 4, 1, SIDE),
        entry(257, 4, 1, SIDE),
        entry(258, 3, 1, 32),
        entry(259, 3, 1, 1),
        entry(262, 3, 1, 1),
        entry(273, 4, SIDE, places),
        entry(277, 3, 1, 1),
        entry(278, 4, 1, 1),
        entry(279, 4, SIDE, lengths),
        entry(339, 3, 1, 3),
        entry(33550, 12, 3, beside),
        entry(33922, 12, 6, beside + 24),
        entry(34735, 3, 16, beside + 72),
    ] {
        bytes.extend(one);
    }
    bytes.extend([0; 4]);
    bytes.extend(doubles.iter().flat_map(|number| number.to_le_bytes()));
    bytes.extend(keys.iter().flat_map(|number| number.to_le_bytes()));
    bytes.extend((0..SIDE).flat_map(|row| (cells + row * SIDE * 4).to_le_bytes()));
    bytes.extend((0..SIDE).flat_map(|_| (SIDE * 4).to_le_bytes()));
    let path = folder.join("large.tif");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    file.write_all(&bytes).unwrap();
    for row in 0..SIDE {
        for column in 0..SIDE {
            file.write_all(&large_height(column, row).to_le_bytes())
                .unwrap();
        }
    }
    path
}

#[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
fn large_height(column: u32, row: u32) -> f32 {
    400.0 + 0.015_625 * (column % 640) as f32 + 0.031_25 * (row % 320) as f32
}

#[test]
fn an_import_that_is_ended_on_the_way_leaves_nothing_half() {
    let register = Register::of(&Database::loaded());
    let folder = tempfile::tempdir().unwrap();
    let file = large_terrain(folder.path());
    let before = everything(&register.database);
    let begun = |running: &Running| {
        until("cells on the way", || {
            assert!(
                !running.output().contains("Revision"),
                "{}",
                running.output()
            );
            (!register.files().is_empty()).then_some(())
        });
    };
    let start = || Running::start_leading(&mut register.command(&file, "dem", &[]));

    let interrupted = start();
    begun(&interrupted);
    interrupted.ctrl_c();
    let finished = interrupted.finish();
    assert_eq!(finished.status.code(), Some(1), "{}", finished.output);
    assert!(
        finished.output.contains("stopped; nothing was changed"),
        "{}",
        finished.output
    );
    assert_eq!(register.files(), Vec::<PathBuf>::new());

    let killed = start();
    begun(&killed);
    killed.signal(Signal::SIGKILL);
    killed.finish();
    assert_eq!(everything(&register.database), before);
    assert!(!register.files().is_empty(), "nobody could clean up");

    let finished = register.import(&file, "dem", &[]);
    assert!(finished.status.success(), "{}", finished.output);
    let files = register.files();
    assert_eq!(
        files.len(),
        2,
        "what the killed one left is gone: {files:?}"
    );

    let code = format!("{}-dem-20240531", super::FACILITY);
    let image = register.image(&code);
    let info: serde_json::Value =
        serde_json::from_str(&gdal("gdalinfo", &["-json"], &image, &[])).unwrap();
    let band = &info["bands"][0];
    assert_eq!(band["block"], serde_json::json!([512, 512]));
    let overviews = band["overviews"].as_array().unwrap();
    let widths: Vec<_> = overviews
        .iter()
        .map(|one| one["size"][0].as_u64().unwrap())
        .collect();
    assert_eq!(widths, [1500, 750, 375]);
    for (column, row) in [(0, 0), (511, 512), (1234, 2345), (2999, 2999)] {
        let place = [column.to_string(), row.to_string()];
        let value = gdal(
            "gdallocationinfo",
            &["-valonly"],
            &image,
            &[&place[0], &place[1]],
        );
        let value: f32 = value.trim().parse().unwrap();
        assert!(
            (value - large_height(column, row)).abs() < 1e-5,
            "{column} {row}: {value}"
        );
    }
}
