//! `GeoPackage`: the tables are of `store`, the style is made here.

use std::path::{Path, PathBuf};

use store::feature::Feature;
use store::geopackage::{Contents, GeoPackage};

use super::qml::style;
use super::{MOST_BYTES, Package, PackageError};
use crate::crs::ServedCrs;
use crate::formats::shape::shape;
use crate::stream::{Job, moment};

/// A file that is being written.
pub struct File {
    package: GeoPackage,
    path: PathBuf,
}

impl File {
    /// Begins a file in a folder.
    pub fn new(job: &Job, folder: &Path) -> Result<Self, PackageError> {
        let path = folder.join("package.gpkg");
        let lang = job.context.lang;
        let contents = Contents {
            layer: job.layer,
            fields: &job.fields,
            lang,
            style: &style(job.layer, &job.fields, lang),
            changed_at: moment(),
            most_bytes: MOST_BYTES,
        };
        let package = GeoPackage::create(&path, &contents)?;
        Ok(Self { package, path })
    }
}

impl Package for File {
    fn add(&mut self, feature: &Feature) -> Result<(), PackageError> {
        let geometry = shape(feature, ServedCrs::CRS84)?;
        Ok(self.package.add(feature, geometry.as_ref())?)
    }

    fn finish(self: Box<Self>) -> Result<std::fs::File, PackageError> {
        self.package.finish()?;
        Ok(std::fs::File::open(&self.path)?)
    }
}
