//! What is to be known of a raster file that is no error.

use std::path::Path;

use domain::lang::Message;
use domain::message;

use super::layout::Blocks;

/// Endings of files that programs write beside a `GeoTIFF`: after its stem, and after its whole name.
const BESIDE: [&str; 4] = ["tfw", "tifw", "wld", "prj"];
const BEHIND: [&str; 3] = ["msk", "aux.xml", "ovr"];

/// The notes of a file: what lies beside it, further pictures in it, blocks that are left out.
pub(super) fn of(
    path: &Path,
    pictures: usize,
    blocks: Blocks,
    nodata: Option<f64>,
) -> Vec<Message> {
    let mut notes = beside(path);
    if pictures > 1 {
        notes.push(message!(
            "датотека има више снимака ({pictures}); узет је први",
            "the file holds several pictures ({pictures}); the first was taken"
        ));
    }
    if blocks.left_out > 0 && nodata.is_none() {
        let Blocks { all, left_out } = blocks;
        notes.push(message!(
            "{left_out} од {all} блокова ћелија није уписано у датотеку, а вредност за ћелије без података није \
             наведена; читају се као 0",
            "{left_out} of {all} blocks of cells are not in the file, and no value is said to stand for \
             no data; they are read as 0"
        ));
    }
    notes
}

/// Files beside the raster that are not read.
fn beside(path: &Path) -> Vec<Message> {
    let stem = BESIDE.iter().map(|ending| path.with_extension(ending));
    let whole = BEHIND.iter().filter_map(|ending| {
        let name = path.file_name()?.to_string_lossy();
        Some(path.with_file_name(format!("{name}.{ending}")))
    });
    let there = stem.chain(whole).filter(|beside| beside.is_file());
    let names = there.filter_map(|beside| Some(beside.file_name()?.to_string_lossy().into_owned()));
    names.map(|name| note_of_neighbour(&name)).collect()
}

fn note_of_neighbour(name: &str) -> Message {
    message!(
        "поред снимка је датотека {name:?}, која није читана: важи само оно што је у самом снимку; \
         gdal_translate уписује обоје у једну датотеку",
        "beside the raster lies {name:?}, which was not read: only what is in the raster itself counts; \
         gdal_translate writes both into one file"
    )
}
