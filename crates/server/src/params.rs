//! The parameters of a request for features.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use domain::region::{Membership, Region};
use domain::{Layer, Text};
use store::items::{Bbox, Page, Period, Selection};

use crate::bbox::{self, Area};
use crate::context::Context;
use crate::crs::ServedCrs;
use crate::error::ApiError;
use crate::filter;
use crate::formats::OPTIONS;
use crate::problem::Wanted;

/// Features in a page when `limit` is not given. QGIS asks for at least a thousand.
pub const DEFAULT_LIMIT: u32 = 1_000;
/// The most features in a page; a larger `limit` is read as this.
pub const MAXIMUM_LIMIT: u32 = 10_000;

/// More than a layer can hold, and one less than the type can.
const ENDLESS: u32 = u32::MAX - 1;

/// Parameters of a request for features, beside the fields of the layer.
pub const ITEMS_PARAMETERS: &[&str] = &[
    "bbox",
    "bbox-crs",
    "crs",
    "region",
    "region-by",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "limit",
    "offset",
    "cursor",
    "as-of",
];

/// Parameters by which the tiles of a layer are selected, beside its fields.
pub const TILE_PARAMETERS: &[&str] = &[
    "region",
    "region-by",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "as-of",
];

/// Parameters by which the tiles of several layers are selected.
pub const DATASET_TILE_PARAMETERS: &[&str] =
    &["collections", "region", "region-by", "datetime", "as-of"];

/// What `GET /collections/{layer}/items` asks for.
#[derive(Debug)]
pub struct ItemsRequest {
    /// Which features.
    pub selection: Selection,
    /// Which of them.
    pub page: Page,
    /// The reference system of the answer.
    pub crs: ServedCrs,
}

impl ItemsRequest {
    /// Reads the parameters; every one that is unknown or bad is refused.
    pub fn read(context: &Context, layer: &'static Layer) -> Result<Self, ApiError> {
        Self::read_of(context, layer, ITEMS_PARAMETERS)
    }

    /// Reads those of a whole layer, which has no pages.
    pub fn read_whole(context: &Context, layer: &'static Layer) -> Result<Self, ApiError> {
        let paging = ["limit", "offset", "cursor"];
        let others = ITEMS_PARAMETERS
            .iter()
            .filter(|name| !paging.contains(name));
        let mut request = Self::read_of(context, layer, &others.copied().collect::<Vec<_>>())?;
        request.page.limit = ENDLESS;
        Ok(request)
    }

    /// Reads those of the tiles of a layer.
    pub fn read_tiles(context: &Context, layer: &'static Layer) -> Result<Self, ApiError> {
        Self::read_of(context, layer, TILE_PARAMETERS)
    }

    /// One feature, as it stood at a moment.
    pub fn of_one(as_of: Option<DateTime<Utc>>, crs: ServedCrs) -> Self {
        Self {
            selection: Selection {
                as_of,
                ..Selection::default()
            },
            page: Page {
                after: None,
                offset: 0,
                limit: 1,
            },
            crs,
        }
    }

    fn read_of(
        context: &Context,
        layer: &'static Layer,
        parameters: &[&'static str],
    ) -> Result<Self, ApiError> {
        let mut known = parameters.to_vec();
        known.extend(OPTIONS);
        known.extend(
            layer
                .public_fields()
                .filter(|field| field.filterable)
                .map(|field| field.name),
        );
        context.only(&known)?;
        let bbox_crs = crs(context, "bbox-crs")?;
        let area = context.parse("bbox", BBOX, |text| bbox::parse(text, bbox_crs))?;
        let (bbox, area) = match area {
            None => (None, None),
            Some(Area::Box(bbox)) => (Some(bbox), None),
            Some(Area::Polygon(area)) => (None, Some(area)),
            Some(Area::Nowhere) => (Some(NOWHERE), None),
        };
        let selection = Selection {
            bbox,
            area,
            datetime: context.parse("datetime", DATETIME, period)?,
            region: region(context)?,
            equal: equalities(context, layer)?,
            filter: filter::read(context, layer)?,
            as_of: context.parse("as-of", MOMENT, moment)?,
        };
        let page = Page {
            after: context.parse("cursor", CURSOR, |text| text.parse().ok())?,
            offset: context.parse("offset", OFFSET, offset)?.unwrap_or(0),
            limit: context
                .parse("limit", LIMIT, limit)?
                .unwrap_or(DEFAULT_LIMIT),
        };
        Ok(Self {
            selection,
            page,
            crs: crs(context, "crs")?,
        })
    }

    /// Whether it asks for the whole layer as it is now.
    pub fn is_everything(&self) -> bool {
        is_everything(&self.selection)
    }
}

/// Whether a selection is the whole layer as it is now.
pub fn is_everything(selection: &Selection) -> bool {
    let Selection {
        bbox,
        area,
        datetime,
        region,
        equal,
        filter,
        as_of,
    } = selection;
    bbox.is_none()
        && area.is_none()
        && datetime.is_none()
        && region.is_none()
        && equal.is_empty()
        && filter.is_none()
        && as_of.is_none()
}

/// A box without anything of the register in it: in the Gulf of Guinea.
const NOWHERE: Bbox = Bbox {
    west: 0.0,
    south: 0.0,
    east: 0.0,
    north: 0.0,
};

/// What a box in degrees is.
pub const BBOX: Text = Text::new(
    "потребна су 4 или 6 бројева раздвојених зарезима: запад,југ,исток,север у степенима, на \
     пример 21.8,43.9,22.4,44.3, или редом оса система који каже `bbox-crs`",
    "give 4 or 6 numbers separated by commas: west,south,east,north in degrees, such as \
     21.8,43.9,22.4,44.3, or in the order of axes of the system that `bbox-crs` says",
);
const DATETIME: Text = Text::new(
    "потребан је датум, тренутак или период, на пример 2014-05-15, 2014-05-15T06:30:00Z или \
     2014-01-01/..",
    "give a date, a moment or a period, such as 2014-05-15, 2014-05-15T06:30:00Z or 2014-01-01/..",
);
const MOMENT: Text = Text::new(
    "потребан је тренутак, на пример 2026-01-31T12:00:00Z",
    "give a moment, such as 2026-01-31T12:00:00Z",
);
const CRS: Text = Text::new(
    "наведите један од система из `crs` слоја, на пример \
     http://www.opengis.net/def/crs/EPSG/0/6316",
    "name one of the systems that the collection lists in `crs`, such as \
     http://www.opengis.net/def/crs/EPSG/0/6316",
);
const CURSOR: Text = Text::new(
    "пратите везу `next` претходне стране",
    "follow the link `next` of the page before",
);
const OFFSET: Text = Text::new(
    "потребан је цео број од 0 навише",
    "give a whole number from 0 upwards",
);
const LIMIT: Text = Text::new(
    "потребан је цео број од 1 навише",
    "give a whole number from 1 upwards",
);

/// Finite numbers between commas.
pub fn numbers(text: &str) -> Option<Vec<f64>> {
    let number = |text: &str| {
        let number: f64 = text.trim().parse().ok()?;
        number.is_finite().then_some(number)
    };
    text.split(',').map(number).collect()
}

/// The reference system that a parameter names, else longitude, latitude.
pub fn crs(context: &Context, name: &str) -> Result<ServedCrs, ApiError> {
    let named = context.parse(name, CRS, |text| text.parse().ok())?;
    Ok(named.unwrap_or(ServedCrs::CRS84))
}

/// The moment of a parameter `as-of`.
pub fn as_of(context: &Context) -> Result<Option<DateTime<Utc>>, ApiError> {
    context.parse("as-of", MOMENT, moment)
}

/// What selects in every layer alike.
pub fn of_dataset(context: &Context) -> Result<Selection, ApiError> {
    context.only(DATASET_TILE_PARAMETERS)?;
    Ok(Selection {
        datetime: context.parse("datetime", DATETIME, period)?,
        region: region(context)?,
        as_of: as_of(context)?,
        ..Selection::default()
    })
}

/// The region that is asked for, and by what records belong to it.
fn region(context: &Context) -> Result<Option<(Region, Membership)>, ApiError> {
    let region = context.typed("region")?;
    let membership = context.typed("region-by")?.unwrap_or_default();
    Ok(region.map(|region| (region, membership)))
}

fn equalities(
    context: &Context,
    layer: &'static Layer,
) -> Result<Vec<(&'static domain::Field, domain::Value)>, ApiError> {
    let asked = context.query.iter().filter_map(|(name, text)| {
        let field = layer
            .public_fields()
            .find(|field| field.filterable && field.name == name)?;
        Some((field, text))
    });
    asked
        .map(|(field, text)| match field.parse(text) {
            Ok(value) => Ok((field, value)),
            Err(error) => Err(context.bad_parameter(field.name, text, Wanted::Value(error))),
        })
        .collect()
}

fn limit(text: &str) -> Option<u32> {
    let number: u64 = text.parse().ok()?;
    let clamped = number.min(u64::from(MAXIMUM_LIMIT));
    u32::try_from(clamped).ok().filter(|limit| *limit >= 1)
}

/// A larger offset than `bigint` has would be no place in any layer.
fn offset(text: &str) -> Option<u64> {
    text.parse()
        .ok()
        .filter(|offset| i64::try_from(*offset).is_ok())
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    Some(bounds(text)?.0)
}

/// OGC API Features 1, 7.15.4, and what clients send beside it: no zone (UTC), the year 0 or 9999
/// for an open end (QGIS), a date with a dangling `T` (GDAL).
fn period(text: &str) -> Option<Period> {
    let Some((from, until)) = text.split_once('/') else {
        let (first, last) = bounds(text)?;
        return Some(Period {
            from: Some(first),
            until: Some(last),
        });
    };
    let from = if is_open(from) {
        None
    } else {
        Some(bounds(from)?.0)
    };
    let until = if is_open(until) {
        None
    } else {
        Some(bounds(until)?.1)
    };
    let in_order = from.zip(until).is_none_or(|(from, until)| from <= until);
    in_order.then_some(Period { from, until })
}

fn is_open(text: &str) -> bool {
    matches!(text, "" | "..") || text.starts_with("0000-") || text.starts_with("9999-")
}

/// The first and last moment of a day, or the moment itself twice.
fn bounds(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let text = text.strip_suffix(['T', 't']).unwrap_or(text);
    if let Ok(day) = text.parse::<NaiveDate>() {
        let first = day.and_time(NaiveTime::MIN).and_utc();
        let last = first.checked_add_days(Days::new(1))? - chrono::TimeDelta::microseconds(1);
        return Some((first, last));
    }
    let moment = DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.to_utc())
        .or_else(|_| text.parse::<NaiveDateTime>().map(|moment| moment.and_utc()))
        .ok()?;
    Some((moment, moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_as_the_standard_and_the_clients_write_them() {
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        for (text, from, until) in [
            (
                "2014-05-15T06:30:00Z",
                at("2014-05-15T06:30:00Z"),
                at("2014-05-15T06:30:00Z"),
            ),
            (
                "2014-05-15T08:30:00+02:00",
                at("2014-05-15T06:30:00Z"),
                at("2014-05-15T06:30:00Z"),
            ),
            (
                "2014-05-15T06:30:00",
                at("2014-05-15T06:30:00Z"),
                at("2014-05-15T06:30:00Z"),
            ),
            (
                "2014-05-15",
                at("2014-05-15T00:00:00Z"),
                at("2014-05-15T23:59:59.999999Z"),
            ),
            ("2020-01-01T/..", at("2020-01-01T00:00:00Z"), None),
            ("../2014-05-15", None, at("2014-05-15T23:59:59.999999Z")),
            ("/2014-05-15T00:00:00Z", None, at("2014-05-15T00:00:00Z")),
            ("0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", None, None),
            ("../..", None, None),
        ] {
            assert_eq!(period(text), Some(Period { from, until }), "{text}");
        }
        for bad in [
            "",
            "yesterday",
            "2014-13-01",
            "2015-01-01/2014-01-01",
            "2014-01-01/x",
            "1/2/3",
        ] {
            assert_eq!(period(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_limit_is_at_least_one_and_clamped() {
        for (text, expected) in [
            ("1", Some(1)),
            ("10000", Some(10_000)),
            ("1000000000000", Some(10_000)),
            ("0", None),
            ("-1", None),
            ("unlimited", None),
            ("1.5", None),
        ] {
            assert_eq!(limit(text), expected, "{text}");
        }
    }
}
