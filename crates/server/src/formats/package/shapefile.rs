//! A zipped shapefile (ESRI, July 1998): the format that everything reads, and that loses most. What it
//! loses stands in the `README.txt` beside it.

mod dbf;
mod shp;

use std::fs::File;
use std::io::{BufReader, Seek, Write};
use std::path::{Path, PathBuf};

use domain::{Lang, Text};
use store::feature::Feature;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Package, PackageError};
use crate::crs::ServedCrs;
use crate::formats::shape::shape;
use crate::stream::Job;

use dbf::Table;
use shp::Shapes;

/// What the header `Warning` says (ASCII).
pub const WARNING: &str = "299 - \"A shapefile cuts names to 10 letters and texts to 254 bytes, and has \
                           no unknown yes-or-no; README.txt inside says what was lost; \
                           GeoPackage (f=gpkg) loses nothing\"";

/// WGS 84 as ESRI writes it.
const PRJ: &str = "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",\
                   SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],\
                   PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";

/// A shapefile that is being written.
pub struct Shapefile {
    name: &'static str,
    lang: Lang,
    shapes: Shapes,
    table: Table,
    path: PathBuf,
}

impl Shapefile {
    /// Begins the files in a folder.
    pub fn new(job: &Job, folder: &Path) -> Result<Self, PackageError> {
        Ok(Self {
            name: job.layer.id,
            lang: job.context.lang,
            shapes: Shapes::new(job.layer.geometry, folder)?,
            table: Table::new(&job.fields, folder)?,
            path: folder.join("shapefile.zip"),
        })
    }

    fn readme(&self) -> String {
        let lines = self.table.names().map(|(short, field)| {
            let title = field.map(|field| field.title.get(self.lang));
            let title = title.unwrap_or_default();
            let name = field.map_or("id", |field| field.name);
            format!("{short:<12}{name:<24}{title}\r\n")
        });
        let lines = lines.collect::<Vec<_>>().concat();
        format!("{}{lines}", README.get(self.lang))
    }
}

const README: Text = Text::new(
    "Шејпфајл је застарео формат и губи податке; GeoPackage (f=gpkg) не губи ништа.\r\n\r\n\
     - Имена колона су скраћена на 10 слова (доле је списак пуних имена).\r\n\
     - Текстови дужи од 254 бајта (UTF-8) су одсечени.\r\n\
     - Непознат текст и празан текст су исто; непознат број је празан.\r\n\
     - Тренуци су текст (ISO 8601, UTC). Више шифара у једном пољу раздваја ;\r\n\
     - Координате: географска дужина и ширина, WGS 84 (EPSG:4326).\r\n\r\n",
    "A shapefile is an outdated format and loses data; GeoPackage (f=gpkg) loses nothing.\r\n\r\n\
     - Names of columns are cut to 10 letters (the full names are listed below).\r\n\
     - Texts longer than 254 bytes (UTF-8) are cut off.\r\n\
     - An unknown text and an empty text are the same; an unknown number is blank.\r\n\
     - Moments are text (ISO 8601, UTC). Several codes in one field are separated by ;\r\n\
     - Coordinates: longitude and latitude, WGS 84 (EPSG:4326).\r\n\r\n",
);

impl Package for Shapefile {
    fn add(&mut self, feature: &Feature) -> Result<(), PackageError> {
        self.shapes
            .add(shape(feature, ServedCrs::CRS84)?.as_ref())?;
        self.table.add(feature)
    }

    fn finish(self: Box<Self>) -> Result<File, PackageError> {
        let readme = self.readme();
        let name = self.name;
        let [shp, shx] = self.shapes.finish()?;
        let dbf = self.table.finish()?;
        let options = SimpleFileOptions::default().large_file(true);
        let mut archive = ZipWriter::new(File::create_new(&self.path)?);
        for (extension, mut file) in [("shp", shp), ("shx", shx), ("dbf", dbf)] {
            file.rewind()?;
            archive.start_file(format!("{name}.{extension}"), options)?;
            std::io::copy(&mut BufReader::new(file), &mut archive)?;
        }
        let texts = [
            (format!("{name}.prj"), PRJ),
            (format!("{name}.cpg"), "UTF-8"),
            ("README.txt".to_owned(), readme.as_str()),
        ];
        for (name, text) in texts {
            archive.start_file(name, options)?;
            archive.write_all(text.as_bytes())?;
        }
        archive.finish()?;
        Ok(File::open(&self.path)?)
    }
}
