//! The parameters that several resources share.

use domain::region::Membership;
use domain::search::Search;
use domain::{Lang, Text};
use serde_json::{Map, Value, json};
use store::columns::ZoomLevel;

use crate::crs::{CRS84, ServedCrs};
use crate::filter;
use crate::params::{DEFAULT_LIMIT, MAXIMUM_LIMIT};

/// A parameter of the query: name, meaning, schema.
pub type Described = (&'static str, Text, Value);

/// All of them, by name.
pub fn parameters(lang: Lang) -> Map<String, Value> {
    let described = [
        selecting(),
        filter::described(),
        placing(),
        paging(),
        choosing(),
        representing(),
    ];
    let mut parameters: Map<String, Value> = described
        .into_iter()
        .flatten()
        .map(|(name, description, schema)| {
            let parameter = json!({
                "name": name, "in": "query", "required": false,
                "description": description.get(lang),
                "style": "form", "explode": false, "schema": schema,
            });
            (name.to_owned(), parameter)
        })
        .collect();
    let feature_id = json!({
        "name": "featureId", "in": "path", "required": true, "schema": { "type": "integer" },
    });
    parameters.insert("featureId".to_owned(), feature_id);
    parameters
}

fn selecting() -> Vec<Described> {
    let numbers =
        json!({ "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } });
    vec![
        (
            "bbox",
            Text::new(
                "Запад,југ,исток,север у степенима (WGS 84), или редом оса система bbox-crs",
                "West,south,east,north in degrees (WGS 84), or in the order of axes of bbox-crs",
            ),
            numbers,
        ),
        (
            "q",
            Text::new(
                "Речи из назива, у било ком писму; зарез раздваја речи од којих је свака довољна, без њега \
                 стоје једна за другом. До хиљаду нађених долазе најбољи први",
                "Words of names, in any script; a comma parts words of which each is enough, without it they \
                 stand one after the other. Of up to a thousand found, the best come first",
            ),
            json!({ "type": "string", "maxLength": Search::MOST_LETTERS }),
        ),
        (
            "region",
            Text::new(
                "Округ (RS-14), статистички регион (RS22) или општина (70327)",
                "A district (RS-14), a statistical region (RS22) or a municipality (70327)",
            ),
            json!({ "type": "string" }),
        ),
        (
            "region-by",
            Text::new(
                "По чему запис припада региону: по уписаној шифри (без ње по положају), само по \
                 положају, или где се то двоје не слаже",
                "By what a record belongs to the region: the recorded code (without one, the place), \
                 the place alone, or where the two disagree",
            ),
            json!({
                "type": "string", "enum": Membership::ALL.map(|(_, word)| word),
                "default": "record",
            }),
        ),
        (
            "datetime",
            Text::new("Датум, тренутак или период", "A date, a moment or a period"),
            json!({ "type": "string" }),
        ),
        (
            "as-of",
            Text::new(
                "Стање регистра у том тренутку",
                "The register as it stood then",
            ),
            json!({ "type": "string", "format": "date-time" }),
        ),
    ]
}

fn placing() -> Vec<Described> {
    let systems: Vec<_> = ServedCrs::all().map(ServedCrs::uri).collect();
    let system = json!({ "type": "string", "format": "uri", "enum": systems, "default": CRS84 });
    vec![
        (
            "bbox-crs",
            Text::new(
                "Координатни систем параметра bbox, са редом оса из регистра EPSG",
                "The coordinate reference system of bbox, axes in the order of the EPSG registry",
            ),
            system.clone(),
        ),
        (
            "crs",
            Text::new(
                "Координатни систем одговора, са редом оса из регистра EPSG",
                "The coordinate reference system of the answer, axes in the order of the EPSG \
                 registry",
            ),
            system,
        ),
    ]
}

fn paging() -> Vec<Described> {
    let whole = json!({ "type": "integer", "minimum": 0, "maximum": i64::MAX });
    let limit = json!({
        "type": "integer", "minimum": 1, "maximum": MAXIMUM_LIMIT, "default": DEFAULT_LIMIT,
    });
    vec![
        (
            "limit",
            Text::new("Највише објеката на страни", "Most features in a page"),
            limit,
        ),
        (
            "offset",
            Text::new(
                "Толико објеката се прескаче",
                "So many features are skipped",
            ),
            whole,
        ),
        (
            "cursor",
            Text::new(
                "Место следеће стране, из везе next",
                "The place of a page, from the link next",
            ),
            json!({ "type": "string" }),
        ),
        (
            "sortby",
            Text::new(
                "Поља по којима се ређа, са `-` испред опадајућег; непознато долази последње",
                "Fields to sort by, with `-` before a descending one; the unknown comes last",
            ),
            json!({
                "type": "array", "minItems": 1, "maxItems": 5,
                "items": { "type": "string", "pattern": "^[+-]?[a-z][a-z0-9_]*$" },
            }),
        ),
        (
            "resultType",
            Text::new(
                "hits: само број објеката, избројан до краја",
                "hits: only the number of features, counted to the end",
            ),
            json!({ "type": "string", "enum": ["results", "hits"], "default": "results" }),
        ),
    ]
}

fn choosing() -> Vec<Described> {
    vec![
        (
            "properties",
            Text::new("Поља која се враћају", "Fields that are returned"),
            json!({
                "type": "array", "minItems": 1,
                "items": { "type": "string", "pattern": "^[a-z][a-z0-9_]*$" },
            }),
        ),
        (
            "skipGeometry",
            Text::new("Без геометрије", "Without geometry"),
            json!({ "type": "boolean", "default": false }),
        ),
        (
            "zoom-level",
            Text::new(
                "Ниво карте (WebMercatorQuad) за који се линије и границе упрошћавају",
                "The level of a map (WebMercatorQuad) for which lines and outlines are generalised",
            ),
            json!({ "type": "number", "minimum": 0, "maximum": ZoomLevel::LAST }),
        ),
    ]
}

fn representing() -> Vec<Described> {
    let flag = json!({ "type": "boolean", "default": false });
    vec![
        (
            "geometry",
            Text::new(
                "Само за csv: wkt је једна колона, xy колоне longitude и latitude",
                "For csv only: wkt is one column, xy the columns longitude and latitude",
            ),
            json!({ "type": "string", "enum": ["wkt", "xy"], "default": "wkt" }),
        ),
        (
            "bom",
            Text::new(
                "Само за csv: ознака редоследа бајтова на почетку, по којој Excel препознаје UTF-8",
                "For csv only: a byte order mark at the beginning, by which Excel knows UTF-8",
            ),
            flag.clone(),
        ),
        (
            "labels",
            Text::new(
                "Само за csv и xlsx: поред сваке колоне шифара колона са називима",
                "For csv and xlsx only: beside each column of codes one of labels",
            ),
            flag,
        ),
        (
            "lang",
            Text::new("Језик", "Language"),
            json!({ "type": "string", "enum": Lang::ALL.map(Lang::tag) }),
        ),
    ]
}
