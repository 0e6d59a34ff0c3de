//! What a `GeoPackage` may bring along that is no table: asked in its own SQL, which has nothing to
//! do with the register.

use gdal::Dataset;
use gdal::vector::LayerAccess as _;
use gdal::vector::sql::Dialect;

use super::failure::{Failure, failure};
use super::gdal_log;

/// A virtual table reads what its maker names, such as another file; the indexes of a `GeoPackage`
/// are the only ones that belong there.
pub(super) fn refuse(dataset: &Dataset, name: &str) -> Result<(), Failure> {
    const FOREIGN: &str = "select name from sqlite_master where sql like 'create virtual table%' \
                           and lower(sql) not like '%using rtree%' and lower(sql) not like '%using fts%'";
    let found = dataset.execute_sql(FOREIGN, None, Dialect::DEFAULT);
    gdal_log::take_failure();
    let count = match found {
        Ok(Some(mut tables)) => tables.features().count(),
        _ => 0,
    };
    if count == 0 {
        return Ok(());
    }
    Err(failure!(
        "{name:?} has virtual tables ({count}), which can lead to other files and are not read; export \
         the layer from QGIS to a new GeoPackage"
    ))
}
