//! What lies in a folder or an archive beside a survey that is read, and may be a survey, too: file
//! geodatabases and inner archives.

use std::collections::BTreeSet;

use domain::lang::Message;
use domain::message;

use super::container::Container;
use super::source::extension;

/// The endings of archives, which are not unpacked inside another or from a folder.
const ARCHIVES: [&str; 7] = ["zip", "kmz", "rar", "7z", "tar", "gz", "tgz"];

/// A note for each file geodatabase and each archive that is not read, by its name.
pub(super) fn notes(container: &Container) -> Vec<Message> {
    let names = container
        .members()
        .iter()
        .map(|member| member.name.as_str());
    let geodatabases: BTreeSet<&str> = names
        .clone()
        .filter_map(geodatabase_around)
        .chain(
            container
                .folders()
                .iter()
                .filter_map(|name| (extension(name) == "gdb").then_some(name.as_str())),
        )
        .collect();
    let archives = names.filter(|name| {
        geodatabase_around(name).is_none() && ARCHIVES.contains(&extension(name).as_str())
    });
    let geodatabases = geodatabases.iter().map(|name| {
        message!(
            "{name:?} је геобаза (ESRI file geodatabase) и није прочитана; ако је потребна, извезите \
             њене слојеве из QGIS-а као GeoPackage и увезите га посебно",
            "{name:?} is an ESRI file geodatabase and was not read; if it is needed, export its \
             layers from QGIS as a GeoPackage, and import that by itself"
        )
    });
    let archives = archives.map(|name| {
        message!(
            "{name:?} је архива и није прочитана; ако је потребна, увезите је посебно",
            "{name:?} is an archive and was not read; if it is needed, import it by itself"
        )
    });
    geodatabases.chain(archives).collect()
}

/// The path of the file geodatabase that a file of an archive lies in.
fn geodatabase_around(name: &str) -> Option<&str> {
    let steps = name.match_indices('/').map(|(at, _)| at);
    let mut folders = steps.filter_map(|at| name.get(..at));
    folders.find(|folder| extension(folder) == "gdb")
}

#[cfg(test)]
mod tests {
    use super::geodatabase_around;

    #[test]
    fn a_geodatabase_is_the_folder_around_its_tables() {
        let table = "predaja/Bor.GDB/a00000001.gdbtable";
        assert_eq!(geodatabase_around(table), Some("predaja/Bor.GDB"));
        assert_eq!(geodatabase_around("predaja/bor.gdb"), None);
        assert_eq!(geodatabase_around("predaja.x/bor.shp"), None);
    }
}
