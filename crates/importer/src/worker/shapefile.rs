//! The files that make up a shapefile, found without regard to capitals, and checked for
//! completeness before GDAL opens them.

use super::container::Container;
use super::dbf::{self, Heading};
use super::failure::{Failure, failure};
use super::prj;
use super::source::{extension, without_extension};

/// The heading of `.shp` and `.shx`.
const SHAPE_HEADING_BYTES: u64 = 100;
/// A shape's entry in the `.shx`.
const INDEX_ENTRY_BYTES: u64 = 8;
/// `.prj` and `.cpg` files are a line of text; no more is read.
const MAX_TEXT_BYTES: u64 = 65_536;

/// The files of a shapefile, by their names in the container, and what they say about it.
#[derive(Debug)]
pub(super) struct Shapefile {
    /// The main file.
    pub(super) shp: String,
    shx: String,
    /// The attribute table.
    pub(super) dbf: String,
    /// The file of the coordinate reference system, be it empty.
    pub(super) prj: Option<String>,
    /// The heading of the attribute table.
    pub(super) heading: Heading,
    /// The coordinate reference system as the `.prj` file has it, with decimal points.
    pub(super) prj_wkt: Option<String>,
    /// Whether the `.prj` file has decimal commas, with which GDAL reads other numbers.
    pub(super) prj_has_commas: bool,
    /// What the `.cpg` file says about the encoding.
    pub(super) cpg: Option<String>,
}

impl Shapefile {
    /// Finds and checks the files beside `shp`.
    ///
    /// # Errors
    /// Names the file that is missing, cut short, or does not fit the others.
    pub(super) fn find(container: &mut Container, shp: &str) -> Result<Self, Failure> {
        let shx = needed(container, shp, "shx")?;
        let dbf = needed(container, shp, "dbf")?;
        let prj_file = companion(container, shp, "prj");
        let heading = Heading::parse(&dbf, &container.head(&dbf, dbf::MAX_HEADING_BYTES)?)?;
        let prj_wkt = prj_file
            .as_deref()
            .map(|name| text(container, name))
            .transpose()?;
        let with_points = prj_wkt.as_deref().and_then(prj::with_decimal_points);
        let cpg = companion(container, shp, "cpg");
        let cpg = cpg.map(|name| text(container, &name)).transpose()?;
        let shapefile = Self {
            shp: shp.to_owned(),
            shx,
            dbf,
            prj: prj_file,
            heading,
            prj_has_commas: with_points.is_some(),
            prj_wkt: with_points.or(prj_wkt).filter(|wkt| !wkt.is_empty()),
            cpg: cpg.filter(|name| !name.is_empty()),
        };
        shapefile.check(container)?;
        Ok(shapefile)
    }

    /// How GDAL calls the `.shp`.
    ///
    /// GDAL finds companions only under the same name with an ending all in small or all in
    /// capital letters; files that are named otherwise are given to it in memory.
    pub(super) fn gdal_path(&self, container: &mut Container) -> Result<String, Failure> {
        let companions = [Some(&self.shx), Some(&self.dbf), self.prj.as_ref()];
        let companions = companions.into_iter().flatten();
        if companions
            .clone()
            .chain([&self.shp])
            .all(|name| container.is_plain(name) && self.is_found_by_gdal(name))
        {
            return Ok(container.gdal_path(&self.shp));
        }
        let mut in_memory = |name: &str| {
            let bytes = container.bytes(name)?;
            let path = format!("shapes.{}", extension(name));
            container.memory.add(&path, bytes)
        };
        for name in companions {
            in_memory(name)?;
        }
        in_memory(&self.shp)
    }

    fn is_found_by_gdal(&self, name: &str) -> bool {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let one_case =
            ending == ending.to_ascii_lowercase() || ending == ending.to_ascii_uppercase();
        one_case && without_extension(name) == without_extension(&self.shp)
    }

    fn check(&self, container: &mut Container) -> Result<(), Failure> {
        check_kind(container, &self.shp)?;
        for name in [&self.shp, &self.shx] {
            let announced = announced_bytes(name, &container.head(name, SHAPE_HEADING_BYTES)?)?;
            not_cut(name, container.member(name)?.size, announced)?;
        }
        // The end mark after the last row is optional.
        not_cut(
            &self.dbf,
            container.member(&self.dbf)?.size,
            self.heading.needed_bytes(),
        )?;
        let index_bytes = container
            .member(&self.shx)?
            .size
            .saturating_sub(SHAPE_HEADING_BYTES);
        let shapes = index_bytes / INDEX_ENTRY_BYTES;
        if shapes != u64::from(self.heading.row_count) {
            return Err(failure!(
                "{:?} has {shapes} shapes, but {:?} has {} rows: they are not of one export; \
                 export the shapefile again",
                self.shx,
                self.dbf,
                self.heading.row_count
            ));
        }
        Ok(())
    }
}

/// The shape type at byte 32 of the heading: 31 is a `MultiPatch` (ESRI white paper, July 1998).
fn check_kind(container: &mut Container, shp: &str) -> Result<(), Failure> {
    const MULTI_PATCH: [u8; 4] = [31, 0, 0, 0];
    let heading = container.head(shp, SHAPE_HEADING_BYTES)?;
    if heading.get(32..36) == Some(&MULTI_PATCH) {
        return Err(failure!(
            "{shp:?} holds MultiPatch surfaces of a 3D model, which have no outline; in ArcGIS make \
             areas of them with \"Multipatch Footprint\", or in QGIS export the layer as polygons, \
             and import that"
        ));
    }
    Ok(())
}

fn needed(container: &Container, shp: &str, ending: &str) -> Result<String, Failure> {
    companion(container, shp, ending).ok_or_else(|| {
        failure!(
            "the file {}.{ending} is missing beside {shp:?}; export the shapefile again, or put \
             all of .shp .shx .dbf .prj into the zip",
            without_extension(shp)
        )
    })
}

/// The file named like `shp` with another ending; capitals matter only when there are several.
fn companion(container: &Container, shp: &str, ending: &str) -> Option<String> {
    let base = without_extension(shp);
    let names = container.members().iter().map(|member| &member.name);
    names
        .filter(|name| extension(name) == ending)
        .filter(|name| without_extension(name).to_lowercase() == base.to_lowercase())
        .max_by_key(|name| without_extension(name) == base)
        .cloned()
}

fn text(container: &mut Container, name: &str) -> Result<String, Failure> {
    let bytes = container.head(name, MAX_TEXT_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text
        .trim_start_matches('\u{feff}')
        .trim_matches(['\0', ' ', '\r', '\n', '\t'])
        .to_owned())
}

/// The file's length after its heading: a big-endian count of 16-bit words at byte 24.
fn announced_bytes(name: &str, heading: &[u8]) -> Result<u64, Failure> {
    let is_shape_file = heading.starts_with(&[0, 0, 0x27, 0x0A]);
    match heading.get(24..28) {
        Some(&[a, b, c, d]) if is_shape_file && heading.len() == 100 => {
            Ok(u64::from(u32::from_be_bytes([a, b, c, d])) * 2)
        }
        _ => Err(failure!(
            "{name:?} is named like a part of a shapefile, but its content is none; export the \
             shapefile again"
        )),
    }
}

fn not_cut(name: &str, actual_bytes: u64, announced_bytes: u64) -> Result<(), Failure> {
    if actual_bytes < announced_bytes {
        return Err(failure!(
            "{name:?} is cut short: it announces {announced_bytes} bytes and has {actual_bytes}; \
             copy or export the shapefile again"
        ));
    }
    Ok(())
}
