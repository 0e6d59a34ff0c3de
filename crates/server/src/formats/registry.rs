//! The table of the Global Registry of tailings storage facilities (ICOLD Tailings Committee, Church of
//! England Pensions Board and UNEP, draft 2.0 of June 2025), for every facility of the register.

use domain::layer::Field;
use domain::{Lang, Layer};
use geo_types::Geometry;
use store::feature::{Feature, ValueRef};
use store::geometry::bounds;

use super::csv::{end_line, write_text};
use super::shape::{shape, write_degrees};
use super::values::{labels, plain};
use crate::crs::ServedCrs;
use crate::geojson::WriteError;
use crate::stream::{Encoder, Job};

/// Where the value of a column comes from.
enum From {
    /// A field, as it is.
    Field(&'static str),
    /// The English label of a code, or of the first of several.
    Label(&'static str),
    /// The same in every row.
    Said(&'static str),
    Longitude,
    Latitude,
    /// The register does not know it.
    Nothing,
}

/// The columns in the order and with the headings of the registry. Consequence classes belong to a
/// classification that the register does not hold.
const COLUMNS: [(&str, From); 18] = [
    ("ID", From::Field("code")),
    ("TSF Name", From::Field("name_latin")),
    ("Mine Name", From::Field("mine")),
    ("Current Owner", From::Field("operator")),
    ("Country", From::Said("Serbia")),
    ("Longitude", From::Longitude),
    ("Latitude", From::Latitude),
    ("TSF Status", From::Label("status")),
    ("Number of Embankments", From::Nothing),
    ("Dam Raise Method", From::Label("raising_method")),
    ("Consequence Classification", From::Nothing),
    ("Classification System", From::Nothing),
    ("Current Max Dam Height (m)", From::Field("height_m")),
    ("Current Storage Volume (m3)", From::Field("volume_m3")),
    ("Primary Ore Commodity", From::Label("commodities")),
    ("Year of Commencement", From::Field("start_year")),
    ("Reference", From::Field("source")),
    ("Additional Remarks", From::Field("remarks")),
];

/// The writer.
pub struct GlobalRegistry {
    layer: &'static Layer,
    bom: bool,
}

impl GlobalRegistry {
    /// A writer for a request.
    pub const fn new(job: &Job) -> Self {
        Self {
            layer: job.layer,
            bom: job.options.bom,
        }
    }

    fn public(&self, name: &str) -> Option<&'static Field> {
        self.layer.field(name).filter(|field| field.is_public())
    }

    fn text_of(&self, feature: &Feature, from: &From) -> Result<String, WriteError> {
        Ok(match from {
            From::Field(name) => plain(&feature.value(name)?),
            From::Label(name) => {
                let value = match feature.value(name)? {
                    ValueRef::Codes(codes) => codes
                        .first()
                        .map_or(ValueRef::Unknown, |code| ValueRef::Text(code)),
                    other => other,
                };
                let field = self.public(name);
                field
                    .and_then(|field| labels(field, &value, Lang::En))
                    .unwrap_or_default()
            }
            From::Said(text) => (*text).to_owned(),
            From::Longitude | From::Latitude => {
                coordinate(feature, matches!(from, From::Longitude))?
            }
            From::Nothing => String::new(),
        })
    }
}

/// A facility of the layer of outlines is told by the middle of its box.
fn coordinate(feature: &Feature, longitude: bool) -> Result<String, WriteError> {
    let Some(geometry) = shape(feature, ServedCrs::CRS84)? else {
        return Ok(String::new());
    };
    let [x, y] = match (&geometry, bounds(&geometry)) {
        (Geometry::Point(point), _) => [point.x(), point.y()],
        (_, Some([west, south, east, north])) => [west.midpoint(east), south.midpoint(north)],
        (_, None) => return Ok(String::new()),
    };
    let mut out = Vec::new();
    write_degrees(&mut out, if longitude { x } else { y });
    Ok(String::from_utf8(out).unwrap_or_default())
}

impl Encoder for GlobalRegistry {
    fn begin(&mut self, out: &mut Vec<u8>) {
        if self.bom {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        let headings: Vec<_> = COLUMNS.iter().map(|(heading, _)| *heading).collect();
        out.extend_from_slice(headings.join(",").as_bytes());
        end_line(out);
    }

    fn feature(
        &mut self,
        out: &mut Vec<u8>,
        feature: &Feature,
        _at: u32,
    ) -> Result<(), WriteError> {
        for (at, (_, from)) in COLUMNS.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            let text = self.text_of(feature, from)?;
            if !text.is_empty() {
                write_text(out, &text);
            }
        }
        end_line(out);
        Ok(())
    }
}
