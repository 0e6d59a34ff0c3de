//! Opening files with GDAL: only for reading, only with the driver of the file's format.

use std::collections::HashSet;
use std::path::Path;

use gdal::spatial_ref::SpatialRef;
use gdal::vector::{LayerAccess, OGRFieldType, OGRwkbGeometryType, geometry_type_flatten};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::charset::Charset;
use super::container::Container;
use super::dbf::Heading;
use super::failure::{Failure, failure};
use super::format::Format;
use super::gdal_log;
use super::mapinfo;
use super::shapefile::Shapefile;
use crate::protocol::{DeclaredCrs, SourceField, SourceGeometry};

/// GDAL hands the bytes of a shapefile's text over as if they were this encoding, in which every
/// byte is a character; [`FieldReader`](super::read::FieldReader) turns them back into bytes.
const BYTES_AS_TEXT: &str = "ENCODING=ISO-8859-1";

/// Opens a shapefile.
pub(super) fn shapefile(
    container: &mut Container,
    shapefile: &Shapefile,
) -> Result<Dataset, Failure> {
    let path = shapefile.gdal_path(container)?;
    let options = [BYTES_AS_TEXT, "AUTO_REPACK=NO"];
    dataset(&path, &shapefile.shp, Format::Shapefile, &options)
}

/// How GDAL calls a file that it can read where it lies; else the file is taken into memory under
/// the name `plain`.
pub(super) fn in_place_or_memory(
    container: &mut Container,
    name: &str,
    plain: &str,
) -> Result<String, Failure> {
    if container.is_plain(name) || !container.is_zip() {
        return Ok(container.gdal_path(name));
    }
    let bytes = container.bytes(name)?;
    container.memory.add(plain, bytes)
}

/// Opens a file for reading with the one driver of its format; `name` is what users call it.
pub(super) fn dataset(
    path: &str,
    name: &str,
    format: Format,
    options: &[&str],
) -> Result<Dataset, Failure> {
    gdal_log::take_failure();
    let opening = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR
            | GdalOpenFlags::GDAL_OF_READONLY
            | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
        allowed_drivers: Some(&[format.driver()]),
        open_options: Some(options),
        sibling_files: None,
    };
    let opened = Dataset::open_ex(Path::new(path), opening);
    let complaint = gdal_log::take_failure();
    let format = format.name();
    // A damaged heading may leave GDAL with a file without layers.
    let is_broken = |dataset: &Dataset| dataset.layer_count() == 0 && complaint.is_some();
    opened
        .ok()
        .filter(|dataset| !is_broken(dataset))
        .ok_or_else(|| {
            let why = complaint
                .as_ref()
                .map(|words| format!(" ({words})"))
                .unwrap_or_default();
            failure!("{name:?} cannot be read as {format}{why}; export it again as {format}")
        })
}

/// What a layer's geometries are, as it says.
pub(super) fn geometry(layer: &impl LayerAccess) -> SourceGeometry {
    kind_of_geometry(layer.defn().geometry_type())
}

/// What a geometry of this type is.
pub(super) fn kind_of_geometry(geometry_type: OGRwkbGeometryType::Type) -> SourceGeometry {
    match geometry_type_flatten(geometry_type) {
        OGRwkbGeometryType::wkbNone => SourceGeometry::None,
        OGRwkbGeometryType::wkbPoint | OGRwkbGeometryType::wkbMultiPoint => SourceGeometry::Point,
        OGRwkbGeometryType::wkbLineString
        | OGRwkbGeometryType::wkbMultiLineString
        | OGRwkbGeometryType::wkbCircularString
        | OGRwkbGeometryType::wkbCompoundCurve
        | OGRwkbGeometryType::wkbMultiCurve => SourceGeometry::Line,
        OGRwkbGeometryType::wkbPolygon
        | OGRwkbGeometryType::wkbMultiPolygon
        | OGRwkbGeometryType::wkbCurvePolygon
        | OGRwkbGeometryType::wkbMultiSurface => SourceGeometry::Polygon,
        _ => SourceGeometry::Mixed,
    }
}

/// The declared coordinate reference system; the file's own text is kept where there is one.
pub(super) fn crs(reference: Option<&SpatialRef>, own_wkt: Option<&str>) -> Option<DeclaredCrs> {
    // GeoPackage has two systems that stand for none: undefined Cartesian and undefined geographic.
    let reference = reference.filter(|reference| {
        !reference
            .name()
            .is_some_and(|name| name.to_lowercase().starts_with("undefined"))
    });
    let wkt = own_wkt
        .map(str::to_owned)
        .or_else(|| Some(mapinfo::with_registered_datum(&reference?.to_wkt().ok()?)))?;
    Some(DeclaredCrs {
        authority: reference.and_then(|reference| reference.authority().ok()),
        wkt,
    })
}

/// A column of a layer and how its values are taken.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: String,
    /// Its place among GDAL's fields.
    pub(super) at: usize,
    /// Its type.
    pub(super) kind: FieldKind,
    /// How many bytes its values have at most; 0 when nothing limits them.
    pub(super) width_bytes: usize,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// Text, and what has no type of its own here.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Real,
    /// Yes or no, as dBASE writes it.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    DateTime,
    /// Several texts.
    TextList,
    /// Bytes, which are left out.
    Binary,
}

impl FieldKind {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::TextList => "text list",
            Self::Binary => "binary",
        }
    }
}

impl From<&Field> for SourceField {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name.clone(),
            kind: field.kind.words().to_owned(),
        }
    }
}

/// The columns of a layer: `charset` where GDAL hands text over byte by byte, `heading` of a
/// shapefile's table.
pub(super) fn fields(
    layer: &impl LayerAccess,
    charset: Option<Charset>,
    heading: Option<&Heading>,
) -> Vec<Field> {
    let plain = layer.defn().fields().zip(0..).map(|(field, at)| Field {
        name: charset.map_or_else(
            || field.name(),
            |charset| bytes_as_text(&field.name(), charset),
        ),
        at,
        kind: kind(field.field_type()),
        width_bytes: 0,
    });
    let mut fields: Vec<Field> = plain.collect();
    tell_apart(&mut fields);
    // GDAL leaves out columns of a type that it does not know; then they cannot be told apart.
    let described = heading.filter(|heading| heading.columns.len() == fields.len());
    for (field, column) in fields
        .iter_mut()
        .zip(described.iter().flat_map(|heading| &heading.columns))
    {
        field.width_bytes = column.width;
        if column.kind == b'L' {
            field.kind = FieldKind::Boolean;
        }
    }
    fields
}

/// A sheet may have a heading twice: the second is called by its place, too.
fn tell_apart(fields: &mut [Field]) {
    let mut names = HashSet::new();
    for field in fields {
        if !names.insert(field.name.clone()) {
            field.name = format!("{} (column {})", field.name, field.at + 1);
        }
    }
}

fn bytes_as_text(name: &str, charset: Charset) -> String {
    let bytes = text_to_bytes(name).unwrap_or_default();
    charset
        .decode_name(&bytes)
        .map_or_else(|_| name.to_owned(), std::borrow::Cow::into_owned)
}

/// The bytes behind a text that was handed over byte by byte as ISO 8859-1.
pub(super) fn text_to_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect()
}

fn kind(field_type: OGRFieldType::Type) -> FieldKind {
    match field_type {
        OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => FieldKind::Integer,
        OGRFieldType::OFTReal => FieldKind::Real,
        OGRFieldType::OFTDate => FieldKind::Date,
        OGRFieldType::OFTDateTime => FieldKind::DateTime,
        OGRFieldType::OFTStringList => FieldKind::TextList,
        OGRFieldType::OFTBinary => FieldKind::Binary,
        _ => FieldKind::Text,
    }
}
