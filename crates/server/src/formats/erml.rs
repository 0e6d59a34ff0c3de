//! `MiningWasteView` of `EarthResourceML-Lite` 2.0.1 in GML 3.2: the form in which geological surveys
//! exchange mining waste (INSPIRE's extension of mineral resources says the same in other words).
//!
//! Its waste types have no vocabulary of their own; the schema points to the European List of Waste
//! (Decision 2000/532/EC), so their URIs are those of the register's list. What the view has no element
//! for, and its readers look for first (code, name, status), follows the shape in a namespace of the
//! register's own, as the schema allows.

use domain::Lang;
use domain::code_list::Entry;
use domain::layer::{Field, Layer};
use geo_types::{Geometry, LineString, Polygon};
use store::feature::{Feature, ValueRef};

use super::shape::{WriteCoordinate, rings, turned, writer_of};
use super::values::plain;
use super::xml::{escaped, write_element};
use crate::crs::ServedCrs;
use crate::geojson::WriteError;
use crate::stream::{Encoder, End, Job};

/// What stands where nothing is known and the schema wants something.
const UNKNOWN: &str = "http://www.opengis.net/def/nil/OGC/0/unknown";

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <sf:FeatureCollection xmlns:sf=\"http://www.opengis.net/ogcapi-features-1/1.0/sf\" \
    xmlns:gml=\"http://www.opengis.net/gml/3.2\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
    xmlns:erl=\"http://xmlns.earthresourceml.org/earthresourceml-lite/2.0\" \
    xmlns:mwc=\"urn:mining-waste-cadastre\" \
    gml:id=\"mining_waste\">\n";

/// The writer.
pub struct EarthResourceMl {
    layer: &'static Layer,
    base_url: String,
    lang: Lang,
    crs: ServedCrs,
}

impl EarthResourceMl {
    /// A writer for a request.
    pub fn new(job: &Job) -> Self {
        Self {
            layer: job.layer,
            base_url: job.context.base_url.clone(),
            lang: job.context.lang,
            crs: job.request.crs,
        }
    }

    /// The entries of the codes of a field.
    fn entries(&self, feature: &Feature, name: &str) -> Result<Vec<&'static Entry>, WriteError> {
        let Some(list) = self.layer.field(name).and_then(Field::code_list) else {
            return Ok(Vec::new());
        };
        let codes = match feature.value(name)? {
            ValueRef::Text(code) => vec![code],
            ValueRef::Codes(codes) => codes,
            _ => Vec::new(),
        };
        Ok(codes
            .into_iter()
            .filter_map(|code| list.find(code))
            .collect())
    }

    fn labels(&self, entries: &[&Entry]) -> String {
        let labels: Vec<_> = entries
            .iter()
            .map(|entry| entry.label.get(self.lang))
            .collect();
        labels.join(", ")
    }

    /// The elements in the order of the schema.
    fn write_elements(&self, out: &mut Vec<u8>, feature: &Feature) -> Result<(), WriteError> {
        let text = |name: &str| Ok::<_, WriteError>(plain(&feature.value(name)?));
        let with_unit = |name: &str, unit: &str| {
            let number = text(name)?;
            let known = !number.is_empty();
            Ok::<_, WriteError>(if known {
                format!("{number} {unit}")
            } else {
                number
            })
        };
        let waste = self.entries(feature, "waste_code")?;
        let storage = self.entries(feature, "waste_storage")?;
        let materials = self.entries(feature, "commodities")?;
        let method = self.entries(feature, "observation_method")?;
        let identifier = format!(
            "{}/collections/{}/items/{}",
            self.base_url,
            self.layer.id,
            feature.id()?
        );
        write_element(out, "erl:identifier", &identifier);
        let unknown = waste.is_empty().then_some("unknown");
        write_element(
            out,
            "erl:wasteType",
            unknown.unwrap_or(&self.labels(&waste)),
        );
        write_known(out, "storageType", &self.labels(&storage));
        write_known(out, "mineName", &text("mine")?);
        write_known(out, "materials", &self.labels(&materials));
        write_known(out, "volume", &with_unit("volume_m3", "m3")?);
        write_known(out, "observationMethod", &self.labels(&method));
        write_known(
            out,
            "positionalAccuracy",
            &with_unit("location_accuracy_m", "m")?,
        );
        write_known(out, "source", &text("source")?);
        let waste_uri = waste.first().map(|entry| self.waste_uri(entry.code));
        write_element(
            out,
            "erl:wasteType_uri",
            waste_uri.as_deref().unwrap_or(UNKNOWN),
        );
        let storage_uri = storage.first().and_then(|entry| entry.uri);
        write_known(out, "storageType_uri", storage_uri.unwrap_or_default());
        write_element(out, "erl:specification_uri", &identifier);
        Ok(())
    }

    /// A List-of-Waste code has no public URI; it is named by where the register explains it.
    fn waste_uri(&self, code: &str) -> String {
        format!(
            "{}/collections/{}/schema#waste_code/{code}",
            self.base_url, self.layer.id
        )
    }
}

/// Writes an element that the schema lets be absent.
fn write_known(out: &mut Vec<u8>, name: &str, text: &str) {
    if !text.is_empty() {
        write_element(out, &format!("erl:{name}"), text);
    }
}

impl Encoder for EarthResourceMl {
    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(HEAD.as_bytes());
    }

    fn feature(
        &mut self,
        out: &mut Vec<u8>,
        feature: &Feature,
        _at: u32,
    ) -> Result<(), WriteError> {
        let id = format!("{}.{}", self.layer.id, feature.id()?);
        let head = format!(
            "<sf:featureMember><erl:MiningWasteView gml:id=\"{}\">\n",
            escaped(&id)
        );
        out.extend_from_slice(head.as_bytes());
        self.write_elements(out, feature)?;
        match turned(feature, self.crs)? {
            Some(geometry) => {
                out.extend_from_slice(b"<erl:shape>");
                write_geometry(out, &geometry, &id, self.crs);
                out.extend_from_slice(b"</erl:shape>");
            }
            None => out.extend_from_slice(NO_SHAPE.as_bytes()),
        }
        for name in ["code", "name", "status"] {
            let text = plain(&feature.value(name)?);
            if !text.is_empty() {
                write_element(out, &format!("mwc:{name}"), &text);
            }
        }
        out.extend_from_slice(b"\n</erl:MiningWasteView></sf:featureMember>\n");
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>, _end: &End<'_>) {
        out.extend_from_slice(b"</sf:FeatureCollection>\n");
    }
}

/// The schema wants the element, GML lets it say why it is empty.
const NO_SHAPE: &str = "<erl:shape nilReason=\"http://www.opengis.net/def/nil/OGC/0/unknown\"/>";

fn write_geometry(out: &mut Vec<u8>, geometry: &Geometry<f64>, id: &str, crs: ServedCrs) {
    let (uri, write) = (crs.uri(), writer_of(crs));
    let head = format!(" srsName=\"{uri}\" srsDimension=\"2\" gml:id=\"{id}.shape\">");
    match geometry {
        Geometry::Point(point) => {
            out.extend_from_slice(format!("<gml:Point{head}<gml:pos>").as_bytes());
            write_positions(out, &LineString(vec![point.0]), write);
            out.extend_from_slice(b"</gml:pos></gml:Point>");
        }
        Geometry::MultiPolygon(areas) => {
            out.extend_from_slice(format!("<gml:MultiSurface{head}").as_bytes());
            for (at, area) in areas.iter().enumerate() {
                let part = format!("<gml:surfaceMember><gml:Polygon gml:id=\"{id}.shape.{at}\">");
                out.extend_from_slice(part.as_bytes());
                write_rings(out, area, write);
                out.extend_from_slice(b"</gml:Polygon></gml:surfaceMember>");
            }
            out.extend_from_slice(b"</gml:MultiSurface>");
        }
        _ => {}
    }
}

fn write_rings(out: &mut Vec<u8>, area: &Polygon<f64>, write: WriteCoordinate) {
    for (at, ring) in rings(area).enumerate() {
        let name = if at == 0 { "exterior" } else { "interior" };
        let head = format!("<gml:{name}><gml:LinearRing><gml:posList>");
        out.extend_from_slice(head.as_bytes());
        write_positions(out, ring, write);
        let tail = format!("</gml:posList></gml:LinearRing></gml:{name}>");
        out.extend_from_slice(tail.as_bytes());
    }
}

fn write_positions(out: &mut Vec<u8>, line: &LineString<f64>, write: WriteCoordinate) {
    for (at, position) in line.0.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        write(out, position.x);
        out.push(b' ');
        write(out, position.y);
    }
}
