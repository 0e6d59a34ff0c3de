//! Rasters that are no rasters, cannot be read, or were damaged on the way: whatever they are, the
//! import answers with a reason or takes what is sound, and leaves nothing half-done behind.

use super::Register;
use crate::corpus::mutant;
use crate::database::Database;
use crate::survey::{everything, fixture};

/// Files that the reader refuses, and what is said of them; the others are in the table of bad files.
const UNREADABLE: [(&str, &str); 16] = [
    ("raster-ascii-grid-inside.tif", "a text grid"),
    ("raster-web-page-inside.tif", "a web page"),
    ("raster-cut-off-heading.tif", "ends within its heading"),
    ("raster-cut-off-list.tif", "goes on beyond its end"),
    (
        "raster-cut-off-cells.tif",
        "2 of its 2 blocks of cells lie beyond its end",
    ),
    ("raster-list-beyond-the-end.tif", "lies beyond its end"),
    (
        "raster-damaged-block.tif",
        "columns 17 to 32, rows 17 to 32 cannot be unpacked",
    ),
    ("raster-no-cells.tif", "0 × 16 cells"),
    ("raster-no-bands.tif", "no bands"),
    ("raster-huge-tiles.tif", "blocks of 16384 × 16384"),
    ("raster-complex.tif", "complex numbers"),
    ("raster-int64.tif", "whole numbers of 64 bits"),
    ("raster-jpeg-2000.tif", "packed by JPEG 2000"),
    ("raster-jpeg-xl.tif", "packed by JPEG XL"),
    ("raster-old-jpeg.tif", "withdrawn JPEG method"),
    ("raster-unknown-packing.tif", "number 12345"),
];

#[test]
fn unreadable_rasters_are_refused_as_every_kind_of_survey() {
    let register = Register::of(&Database::loaded());
    let before = everything(&register.database);
    for (at, (file, words)) in UNREADABLE.iter().enumerate() {
        let kind = ["dem", "orthophoto", "index"][at % 3];
        let refused = register.import(&fixture(file), kind, &[]);
        assert_eq!(refused.status.code(), Some(1), "{file}: {}", refused.output);
        assert!(refused.output.contains(words), "{file}: {}", refused.output);
        assert!(
            refused.output.contains(file),
            "{file} is not named: {}",
            refused.output
        );
        assert!(
            register.files().is_empty(),
            "{file}: {:?}",
            register.files()
        );
    }
    assert_eq!(everything(&register.database), before);
}

/// Sound rasters that are damaged, and what they are imported as.
const SOUND: [(&str, &str); 8] = [
    ("raster-terrain.tif", "dem"),
    ("raster-tiles-deflate.tif", "dem"),
    ("raster-bigtiff.tif", "dem"),
    ("raster-bottom-up.tif", "dem"),
    ("raster-scaled.tif", "dem"),
    ("raster-compound-crs.tif", "dem"),
    ("raster-mask.tif", "orthophoto"),
    ("raster-palette.tif", "orthophoto"),
];
/// In so many ways each.
const WAYS: usize = 6;

#[test]
fn damaged_rasters_are_imported_whole_or_not_at_all() {
    let register = Register::of(&Database::loaded());
    let mut refused = 0;
    for (file, kind, way) in SOUND
        .iter()
        .flat_map(|(file, kind)| (0..WAYS).map(move |way| (file, kind, way)))
    {
        let folder = tempfile::tempdir().unwrap();
        let (surveys, files) = (catalogued(&register), register.files());
        let path = mutant(file, way, folder.path());
        let finished = register.import(&path, kind, &[]);
        let (status, output) = (finished.status, finished.output);
        assert!(
            matches!(status.code(), Some(0..=3)) && !output.contains("panicked"),
            "{file} damaged in way {way}: {status}\n{output}"
        );
        if !status.success() {
            refused += 1;
            assert!(
                output.contains(file),
                "{file} damaged in way {way}:\n{output}"
            );
            assert_eq!(
                catalogued(&register),
                surveys,
                "{file} damaged in way {way}"
            );
            assert_eq!(register.files(), files, "{file} damaged in way {way}");
        }
    }
    // Were none refused, or all, this would try nothing.
    let all = SOUND.len() * WAYS;
    assert!((all / 4..all).contains(&refused), "{refused} of {all}");
}

fn catalogued(register: &Register) -> String {
    let rows = "select coalesce(string_agg(s::text, '|' order by code), '') from survey s";
    register.database.query(rows)
}
