//! Parameters that belong to a format.

use domain::Text;

use super::Encoding;
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Wanted;

/// The parameters of formats, beside those of a request for features.
pub const OPTIONS: &[&str] = &["geometry", "bom", "labels"];

/// What a request wants of its format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Points as two columns instead of WKT (`geometry=xy`).
    pub xy: bool,
    /// A byte order mark at the beginning, by which Excel knows UTF-8 (`bom=true`).
    pub bom: bool,
    /// Beside each column of codes one of labels in the language of the request (`labels=true`).
    pub labels: bool,
}

const ONLY_TABLES: Text = Text::new(
    "овај параметар важи само уз f=csv (`labels` и уз f=xlsx, `bom` и уз f=global-registry)",
    "this parameter belongs to f=csv (`labels` to f=xlsx too, `bom` to f=global-registry too)",
);
/// What a yes or no is.
pub const YES_OR_NO: Text = Text::new("потребно је true или false", "give true or false");
const WKT_OR_XY: Text = Text::new(
    "потребно је wkt, или xy за слојеве тачака",
    "give wkt, or xy for layers of points",
);

impl Options {
    /// Reads them; one that the format does not have is refused.
    pub fn read(context: &Context, encoding: Encoding, points: bool) -> Result<Self, ApiError> {
        for name in OPTIONS {
            let fits = match encoding {
                Encoding::Csv => true,
                Encoding::Xlsx => *name == "labels",
                Encoding::GlobalRegistry => *name == "bom",
                _ => false,
            };
            if let (false, Some(value)) = (fits, context.parameter(name)) {
                return Err(context.bad_parameter(name, value, Wanted::Said(ONLY_TABLES)));
            }
        }
        let geometry = context.parameter("geometry").unwrap_or("wkt");
        if geometry != "wkt" && !(points && geometry == "xy") {
            return Err(context.bad_parameter("geometry", geometry, Wanted::Said(WKT_OR_XY)));
        }
        Ok(Self {
            xy: geometry == "xy",
            bom: flag(context, "bom")?,
            labels: flag(context, "labels")?,
        })
    }
}

fn flag(context: &Context, name: &str) -> Result<bool, ApiError> {
    let flag = context.parse(name, YES_OR_NO, |text| text.parse().ok())?;
    Ok(flag.unwrap_or(false))
}
