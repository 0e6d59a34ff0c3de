//! Images for tests, made of formulas.

use std::path::{Path, PathBuf};

use gdal::raster::{Buffer, GdalDataType, GdalType, RasterCreationOptions};
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DriverManager};
use geodesy::Crs;
use tempfile::TempDir;

use crate::grid::Grid;
use crate::image::Image;

/// An image that lies in a folder of its own, which is removed with it.
pub struct TestImage {
    pub image: Image,
    pub path: PathBuf,
    _folder: TempDir,
}

/// Mining country near Bor, Gauss-Krüger zone 7: a kilometre and a half on a side.
pub const BOR: Grid = Grid {
    west: 7_588_000.0,
    north: 4_882_000.0,
    cell_width: 2.0,
    cell_height: 2.0,
    columns: 800,
    rows: 700,
};

/// What an image is made with.
pub struct Making<'m> {
    pub grid: Grid,
    pub epsg: u32,
    pub nodata: Option<f64>,
    pub overviews: &'m [i32],
}

impl Default for Making<'_> {
    fn default() -> Self {
        Self {
            grid: BOR,
            epsg: 6316,
            nodata: None,
            overviews: &[2, 4, 8],
        }
    }
}

impl Making<'_> {
    /// An image whose bands have these values at the centres (x, y) of the cells.
    pub fn image<T: GdalType + Copy>(&self, bands: &[&dyn Fn(f64, f64) -> T]) -> TestImage {
        self.image_with(bands, |_| {})
    }

    /// The same with something done before it is closed.
    pub fn image_with<T: GdalType + Copy>(
        &self,
        bands: &[&dyn Fn(f64, f64) -> T],
        more: impl FnOnce(&mut Dataset),
    ) -> TestImage {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("image.tif");
        let mut dataset = self.create::<T>(&path, bands.len());
        let size = (self.grid.columns, self.grid.rows);
        for (at, value) in bands.iter().enumerate() {
            let places = (0..size.1).flat_map(|row| (0..size.0).map(move |column| (column, row)));
            let values = places.map(|(column, row)| {
                let (x, y) = self.grid.centre(column, row);
                value(x, y)
            });
            let mut buffer = Buffer::new(size, values.collect());
            let mut band = dataset.rasterband(at + 1).unwrap();
            band.set_no_data_value(self.nodata).unwrap();
            band.write((0, 0), size, &mut buffer).unwrap();
        }
        more(&mut dataset);
        if !self.overviews.is_empty() {
            dataset
                .build_overviews("AVERAGE", self.overviews, &[])
                .unwrap();
        }
        drop(dataset);
        let crs = Crs::from_epsg(self.epsg).unwrap();
        TestImage {
            image: Image::open(path.to_str().unwrap(), crs).unwrap(),
            path,
            _folder: folder,
        }
    }

    fn create<T: GdalType + Copy>(&self, path: &Path, bands: usize) -> Dataset {
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let options = RasterCreationOptions::from_iter([
            "TILED=YES",
            "BLOCKXSIZE=128",
            "BLOCKYSIZE=128",
            "COMPRESS=DEFLATE",
        ]);
        let (columns, rows) = (self.grid.columns, self.grid.rows);
        let mut dataset = driver
            .create_with_band_type_with_options::<T, _>(path, columns, rows, bands, &options)
            .unwrap();
        dataset
            .set_geo_transform(&self.grid.geo_transform())
            .unwrap();
        let crs = SpatialRef::from_epsg(self.epsg).unwrap();
        dataset.set_spatial_ref(&crs).unwrap();
        dataset
    }
}

/// The values of a band of a file, as GDAL reads them.
pub fn band(path: &Path, band: usize) -> Vec<f32> {
    let dataset = Dataset::open(path).unwrap();
    let band = dataset.rasterband(band).unwrap();
    assert_ne!(band.band_type(), GdalDataType::Unknown);
    band.read_band_as::<f32>().unwrap().data().to_vec()
}
