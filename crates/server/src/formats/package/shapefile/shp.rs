//! The shapes and their index (ESRI Shapefile Technical Description, July 1998).

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use domain::layer::GeometryKind;
use geo_types::{Coord, Geometry, LineString, Polygon};
use store::geometry::bounds;

use crate::formats::package::PackageError;
use crate::formats::shape::rings;

const NULL: i32 = 0;
const POINT: i32 = 1;
const POLYLINE: i32 = 3;
const POLYGON: i32 = 5;
/// The length of the header of both files, bytes.
const HEADER: usize = 100;
/// Lengths are 16-bit words in 32 bits with a sign; readers commonly stop at 2 GiB.
const MOST_BYTES: u64 = 1 << 31;

/// The two files.
pub struct Shapes {
    kind: i32,
    shp: BufWriter<File>,
    shx: BufWriter<File>,
    length: u64,
    count: i32,
    extent: Option<[f64; 4]>,
}

impl Shapes {
    /// Begins them in a folder.
    pub fn new(kind: GeometryKind, folder: &Path) -> Result<Self, PackageError> {
        let create = |name: &str| {
            let mut options = File::options();
            options.read(true).write(true).create_new(true);
            let mut file = BufWriter::new(options.open(folder.join(name))?);
            file.write_all(&[0; HEADER])?;
            Ok::<_, PackageError>(file)
        };
        Ok(Self {
            kind: match kind {
                GeometryKind::Point => POINT,
                GeometryKind::LineString | GeometryKind::MultiLineString => POLYLINE,
                GeometryKind::MultiPolygon => POLYGON,
            },
            shp: create("shp")?,
            shx: create("shx")?,
            length: HEADER as u64,
            count: 0,
            extent: None,
        })
    }

    /// Adds a shape, or the null shape.
    pub fn add(&mut self, geometry: Option<&Geometry<f64>>) -> Result<(), PackageError> {
        let mut content = Vec::with_capacity(20);
        let bounds = geometry.and_then(bounds);
        match (geometry, bounds) {
            (Some(geometry), Some(bounds)) => {
                write_shape(&mut content, self.kind, geometry, bounds);
                self.widen(bounds);
            }
            _ => content.extend_from_slice(&NULL.to_le_bytes()),
        }
        let words = words_of(content.len() as u64)?;
        let offset = words_of(self.length)?;
        self.count += 1;
        self.shp.write_all(&self.count.to_be_bytes())?;
        self.shp.write_all(&words.to_be_bytes())?;
        self.shp.write_all(&content)?;
        self.shx.write_all(&offset.to_be_bytes())?;
        self.shx.write_all(&words.to_be_bytes())?;
        self.length += 8 + content.len() as u64;
        if self.length > MOST_BYTES {
            return Err(PackageError::TooMuch);
        }
        Ok(())
    }

    fn widen(&mut self, [west, south, east, north]: [f64; 4]) {
        let [w, s, e, n] = self.extent.unwrap_or([west, south, east, north]);
        self.extent = Some([w.min(west), s.min(south), e.max(east), n.max(north)]);
    }

    /// Completes both, shapes before index.
    pub fn finish(self) -> Result<[File; 2], PackageError> {
        let extent = self.extent.unwrap_or_default();
        let index = HEADER as u64 + 8 * u64::from(self.count.unsigned_abs());
        let shp = with_header(self.shp, self.kind, self.length, extent)?;
        let shx = with_header(self.shx, self.kind, index, extent)?;
        Ok([shp, shx])
    }
}

fn with_header(
    file: BufWriter<File>,
    kind: i32,
    length: u64,
    extent: [f64; 4],
) -> Result<File, PackageError> {
    const FILE_CODE: i32 = 9994;
    const VERSION: i32 = 1000;
    let mut file = file
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    let mut header = Vec::with_capacity(100);
    header.extend_from_slice(&FILE_CODE.to_be_bytes());
    header.extend_from_slice(&[0; 20]);
    header.extend_from_slice(&words_of(length)?.to_be_bytes());
    header.extend_from_slice(&VERSION.to_le_bytes());
    header.extend_from_slice(&kind.to_le_bytes());
    for edge in extent {
        header.extend_from_slice(&edge.to_le_bytes());
    }
    header.extend_from_slice(&[0; 32]);
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&header)?;
    Ok(file)
}

/// A length in 16-bit words.
fn words_of(bytes: u64) -> Result<i32, PackageError> {
    i32::try_from(bytes / 2).map_err(|_| PackageError::TooMuch)
}

fn write_shape(out: &mut Vec<u8>, kind: i32, geometry: &Geometry<f64>, bounds: [f64; 4]) {
    out.extend_from_slice(&kind.to_le_bytes());
    match geometry {
        Geometry::Point(point) => write_position(out, point.0),
        Geometry::LineString(line) => write_parts(out, bounds, std::slice::from_ref(&line.0)),
        Geometry::MultiLineString(lines) => {
            let parts: Vec<_> = lines.iter().map(|line| line.0.clone()).collect();
            write_parts(out, bounds, &parts);
        }
        Geometry::Polygon(area) => write_parts(out, bounds, &turned_rings(area)),
        Geometry::MultiPolygon(areas) => {
            let parts: Vec<_> = areas.iter().flat_map(turned_rings).collect();
            write_parts(out, bounds, &parts);
        }
        _ => {}
    }
}

/// The rings of an area as a shapefile wants them: the outer one clockwise, holes the other way.
fn turned_rings(area: &Polygon<f64>) -> Vec<Vec<Coord<f64>>> {
    let turned = rings(area).enumerate().map(|(at, ring)| {
        let mut positions = ring.0.clone();
        if is_clockwise(ring) != (at == 0) {
            positions.reverse();
        }
        positions
    });
    turned.collect()
}

/// By the sign of the area, counted from the first position, so that no digits are lost.
fn is_clockwise(ring: &LineString<f64>) -> bool {
    let Some(origin) = ring.0.first() else {
        return true;
    };
    let doubled: f64 = ring
        .0
        .windows(2)
        .map(|pair| {
            let (a, b) = (pair[0] - *origin, pair[1] - *origin);
            a.x * b.y - b.x * a.y
        })
        .sum();
    doubled < 0.0
}

/// The content of a polyline or polygon: box, numbers, where parts begin, positions.
fn write_parts(out: &mut Vec<u8>, bounds: [f64; 4], parts: &[Vec<Coord<f64>>]) {
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    for edge in bounds {
        out.extend_from_slice(&edge.to_le_bytes());
    }
    let positions: usize = parts.iter().map(Vec::len).sum();
    out.extend_from_slice(&count(parts.len()).to_le_bytes());
    out.extend_from_slice(&count(positions).to_le_bytes());
    let mut begin = 0;
    for part in parts {
        out.extend_from_slice(&count(begin).to_le_bytes());
        begin += part.len();
    }
    for position in parts.iter().flatten() {
        write_position(out, *position);
    }
}

fn write_position(out: &mut Vec<u8>, position: Coord<f64>) {
    out.extend_from_slice(&position.x.to_le_bytes());
    out.extend_from_slice(&position.y.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The description's own example of a direction: the inside lies to the right of a ring.
    #[test]
    fn outer_rings_run_clockwise_and_holes_the_other_way() {
        let square = |low: f64, high: f64| {
            LineString::from(vec![
                (low, low),
                (high, low),
                (high, high),
                (low, high),
                (low, low),
            ])
        };
        let area = Polygon::new(square(0.0, 9.0), vec![square(3.0, 6.0)]);
        assert!(!is_clockwise(area.exterior()));
        let [outer, hole] = turned_rings(&area).try_into().unwrap();
        assert!(is_clockwise(&LineString(outer)));
        assert!(!is_clockwise(&LineString(hole)));
    }
}
