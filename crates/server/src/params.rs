//! The parameters of a request for features.

use chrono::{DateTime, Utc};
use domain::layers::readable_fields;
use domain::region::{Membership, Region};
use domain::search::Search;
use domain::{Layer, Text};
use store::Store;
use store::columns::Columns;
use store::items::{Bbox, Selection};
use store::paging::Page;

use crate::bbox::{self, Area};
use crate::context::Context;
use crate::crs::ServedCrs;
use crate::error::ApiError;
use crate::filter;
use crate::formats::OPTIONS;
use crate::problem::Wanted;

mod columns;
pub mod paging;
pub mod time;

pub use columns::PARAMETERS as COLUMNS_PARAMETERS;

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
    "q",
    "sortby",
    "properties",
    "skipGeometry",
    "zoom-level",
    "resultType",
];

/// Parameters by which the tiles of a layer are selected, beside its fields.
pub const TILE_PARAMETERS: &[&str] = &[
    "region",
    "region-by",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "q",
    "as-of",
];

/// What a legend with counts takes beside those.
pub const LEGEND_PARAMETERS: &[&str] = &["theme", "scheme", "bbox", "bbox-crs"];

/// Parameters by which the tiles of several layers are selected.
pub const DATASET_TILE_PARAMETERS: &[&str] =
    &["collections", "region", "region-by", "datetime", "as-of"];
/// Those of them that only a page has.
pub const PAGE_PARAMETERS: [&str; 4] = ["limit", "offset", "cursor", "resultType"];

/// What `GET /collections/{layer}/items` asks for.
#[derive(Debug)]
pub struct ItemsRequest {
    /// Which features.
    pub selection: Selection,
    /// Which of them, in which order.
    pub page: Page,
    /// What of each.
    pub columns: Columns,
    /// The reference system of the answer.
    pub crs: ServedCrs,
    /// Whether only their number is asked for (`resultType=hits`).
    pub hits: bool,
}

impl ItemsRequest {
    /// Reads the parameters; every one that is unknown or bad is refused.
    pub fn read(context: &Context, layer: &'static Layer) -> Result<Self, ApiError> {
        Self::read_of(context, layer, ITEMS_PARAMETERS)
    }

    /// Reads those of a whole layer, which has no pages.
    pub fn read_whole(context: &Context, layer: &'static Layer) -> Result<Self, ApiError> {
        let others = ITEMS_PARAMETERS
            .iter()
            .filter(|name| !PAGE_PARAMETERS.contains(name));
        let mut request = Self::read_of(context, layer, &others.copied().collect::<Vec<_>>())?;
        request.page.limit = ENDLESS;
        Ok(request)
    }

    /// Reads those of the tiles of a layer.
    pub fn read_tiles(context: &Context, layer: &'static Layer) -> Result<Self, ApiError> {
        Self::read_of(context, layer, TILE_PARAMETERS)
    }

    /// Reads those of a legend with counts.
    pub fn read_counted(context: &Context, layer: &'static Layer) -> Result<Self, ApiError> {
        Self::read_of(
            context,
            layer,
            &[TILE_PARAMETERS, LEGEND_PARAMETERS].concat(),
        )
    }

    /// Reads those of one feature.
    pub fn read_one(context: &Context, layer: &'static Layer) -> Result<Self, ApiError> {
        let mut known = vec!["as-of", "crs"];
        known.extend(columns::PARAMETERS);
        known.extend(OPTIONS);
        context.only(&known)?;
        let selection = Selection {
            as_of: as_of(context)?,
            ..Selection::default()
        };
        Ok(Self {
            selection,
            page: Page::first(1),
            columns: columns::read(context, layer)?,
            crs: crs(context, "crs")?,
            hits: false,
        })
    }

    fn read_of(
        context: &Context,
        layer: &'static Layer,
        parameters: &[&'static str],
    ) -> Result<Self, ApiError> {
        let mut known = parameters.to_vec();
        known.extend(OPTIONS);
        known.extend(filterable(context, layer).map(|field| field.name));
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
            datetime: context.parse("datetime", DATETIME, time::period)?,
            region: region(context)?,
            equal: equalities(context, layer)?,
            search: context.parse("q", SEARCH, Search::read)?,
            found: None,
            filter: filter::read(context, layer)?,
            as_of: context.parse("as-of", MOMENT, time::moment)?,
        };
        Ok(Self {
            page: paging::read(context, layer, selection.search.is_some())?,
            selection,
            columns: columns::read(context, layer)?,
            crs: crs(context, "crs")?,
            hits: hits(context)?,
        })
    }

    /// Searches for the words, once for all questions of the request. The best come first, unless the
    /// request says another order or there are too many for one of them to be the best.
    pub async fn search(
        &mut self,
        context: &Context,
        layer: &'static Layer,
        store: &Store,
    ) -> Result<(), ApiError> {
        const MOST_RANKED: u32 = 1_000;
        let Selection { search, as_of, .. } = &self.selection;
        let (Some(search), None) = (search, as_of) else {
            return Ok(());
        };
        let found = store.found(layer, search, MOST_RANKED).await;
        self.selection.found = found.map_err(|error| context.store_error(&error))?;
        let said = |name: &&str| context.parameter(name).is_some();
        if self.selection.found.is_some() && !["sortby", "cursor"].iter().any(said) {
            self.page.order = vec![paging::RANK];
        }
        Ok(())
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
        search,
        filter,
        as_of,
        found: _,
    } = selection;
    bbox.is_none()
        && area.is_none()
        && datetime.is_none()
        && region.is_none()
        && equal.is_empty()
        && search.is_none()
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
/// What a period is.
pub const DATETIME: Text = Text::new(
    "потребан је датум, тренутак или период, на пример 2014-05-15, 2014-05-15T06:30:00Z или \
     2014-01-01/.. или 2014-01-01/P2D",
    "give a date, a moment or a period, such as 2014-05-15, 2014-05-15T06:30:00Z, 2014-01-01/.. or \
     2014-01-01/P2D",
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
/// What a search is.
pub const SEARCH: Text = Text::new(
    "потребне су речи, највише 20 и 200 слова, на пример `велики кривељ`; зарез раздваја речи од \
     којих је свака довољна",
    "give words, at most 20 and 200 letters, such as `veliki krivelj`; a comma parts words of which \
     each is enough",
);
const RESULT_TYPE: Text = Text::new("потребно је results или hits", "give results or hits");

/// Whether only the number of features is asked for.
fn hits(context: &Context) -> Result<bool, ApiError> {
    let read = |text: &str| match text {
        "hits" => Some(true),
        "results" => Some(false),
        _ => None,
    };
    Ok(context
        .parse("resultType", RESULT_TYPE, read)?
        .unwrap_or(false))
}

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
    context.parse("as-of", MOMENT, time::moment)
}

/// What selects in every layer alike.
pub fn of_dataset(context: &Context) -> Result<Selection, ApiError> {
    context.only(DATASET_TILE_PARAMETERS)?;
    Ok(Selection {
        datetime: context.parse("datetime", DATETIME, time::period)?,
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

/// The fields that the reader selects by.
fn filterable(
    context: &Context,
    layer: &'static Layer,
) -> impl Iterator<Item = &'static domain::Field> + use<> {
    let fields = readable_fields(layer, context.access).iter().copied();
    fields.filter(|field| field.filterable)
}

fn equalities(
    context: &Context,
    layer: &'static Layer,
) -> Result<Vec<(&'static domain::Field, domain::Value)>, ApiError> {
    let asked = context.query.iter().filter_map(|(name, text)| {
        let field = filterable(context, layer).find(|field| field.name == name)?;
        Some((field, text))
    });
    asked
        .map(|(field, text)| match field.parse(text) {
            Ok(value) => Ok((field, value)),
            Err(error) => Err(context.bad_parameter(field.name, text, Wanted::Value(error))),
        })
        .collect()
}
