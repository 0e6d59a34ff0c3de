//! The parameters `filter`, `filter-lang` and `filter-crs` (OGC API Features 3, 8).

use domain::filter::{Filter, Node, Written, outline, read_json, read_text};
use domain::lang::Message;
use domain::{Layer, Text, message};
use geo::MapCoords;
use geo_types::{Coord, Geometry, Point};
use serde_json::json;

use crate::bbox::{self, Area};
use crate::context::Context;
use crate::crs::{CRS84, ServedCrs};
use crate::error::ApiError;
use crate::openapi::Described;
use crate::params::crs;
use crate::problem::Wanted;

/// What `filter-lang` can be, the default first. GDAL knows only the last, a draft's name of the
/// first.
pub const LANGUAGES: [&str; 3] = ["cql2-text", "cql2-json", "cql-text"];

/// Longitude, latitude, height: heights of filters are not compared, so it is as CRS84.
const CRS84H: &str = "http://www.opengis.net/def/crs/OGC/0/CRS84h";

/// How much of a value is repeated in an answer.
const REPEATED_CHARACTERS: usize = 100;

/// The three parameters, for the `OpenAPI` document: name, description, schema.
pub fn described() -> Vec<Described> {
    let encodings = json!({ "type": "string", "enum": LANGUAGES, "default": LANGUAGES[0] });
    let systems: Vec<_> = ServedCrs::all().map(ServedCrs::uri).collect();
    let systems = json!({ "type": "string", "format": "uri", "enum": systems, "default": CRS84 });
    vec![
        (
            "filter",
            Text::new(
                "Услов на језику CQL2, као height_m > 30 AND status = 'closed'",
                "A condition in CQL2, such as height_m > 30 AND status = 'closed'",
            ),
            json!({ "type": "string" }),
        ),
        (
            "filter-lang",
            Text::new("Запис филтера", "The encoding of the filter"),
            encodings,
        ),
        (
            "filter-crs",
            Text::new(
                "Координатни систем геометрија у филтеру",
                "The reference system of the filter's geometries",
            ),
            systems,
        ),
    ]
}

/// The filter of a request, if it has one. The other two parameters are checked in any case.
pub fn read(context: &Context, layer: &'static Layer) -> Result<Option<Filter>, ApiError> {
    let encoding = context.parameter("filter-lang").unwrap_or(LANGUAGES[0]);
    if !LANGUAGES.contains(&encoding) {
        return Err(context.bad_parameter("filter-lang", encoding, Wanted::Said(ENCODINGS)));
    }
    let system = system(context)?;
    let Some(text) = context.parameter("filter") else {
        return Ok(None);
    };
    let filter = tree(encoding, text)
        .and_then(|tree| in_wgs84(tree, system))
        .and_then(|tree| Filter::bind(layer, context.access, &tree));
    match filter {
        Ok(filter) => Ok(Some(filter)),
        Err(wrong) => Err(context.bad_parameter("filter", &beginning(text), Wanted::Told(wrong))),
    }
}

const ENCODINGS: Text = Text::new(
    "записи су `cql2-text` и `cql2-json`",
    "the encodings are `cql2-text` and `cql2-json`",
);
fn tree(encoding: &str, text: &str) -> Result<Node, Message> {
    if encoding == "cql2-json" {
        read_json(text)
    } else {
        read_text(text)
    }
}

fn beginning(text: &str) -> String {
    let mut beginning: String = text.chars().take(REPEATED_CHARACTERS).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    beginning
}

/// The reference system of the filter's shapes. `CRS84h` has heights, which filters do not compare.
fn system(context: &Context) -> Result<ServedCrs, ApiError> {
    if context.parameter("filter-crs") == Some(CRS84H) {
        return Ok(ServedCrs::CRS84);
    }
    crs(context, "filter-crs")
}

/// Brings the shapes of a filter to longitude, latitude, WGS 84.
fn in_wgs84(mut tree: Node, system: ServedCrs) -> Result<Node, Message> {
    if system.is_crs84() {
        return Ok(tree);
    }
    tree.change_shapes(&|written| moved(written, system).ok_or_else(|| not_there(system)))?;
    Ok(tree)
}

fn moved(written: Written<'_>, system: ServedCrs) -> Option<Geometry<f64>> {
    match written {
        Written::Box(corners) => Some(match bbox::area(corners, system)? {
            Area::Box(part) => outline([part.west, part.south, part.east, part.north]),
            Area::Polygon(area) => area.into(),
            // A place far from everything lies to the register as the box does.
            Area::Nowhere => Point::new(0.0, 0.0).into(),
        }),
        Written::Shape(shape) => {
            let position = |Coord { x, y }| {
                let [x, y] = system.turn([x, y]);
                let moved = system.to_crs84(x, y);
                moved.map(|(x, y)| Coord { x, y })
            };
            let moved = shape.try_map_coords(position);
            moved
                .inspect_err(|error| tracing::debug!(%error, "a shape of a filter was not moved"))
                .ok()
        }
    }
}

fn not_there(system: ServedCrs) -> Message {
    let uri = system.uri();
    message!(
        "координате нису у подручју система {uri}; проверите редослед оса и filter-crs",
        "the coordinates do not lie in the area of {uri}; check the order of axes and filter-crs"
    )
}
