//! The forms of the service's JSON documents (OGC API Features 1, 7; Common 3).

use serde_json::{Value, json};

/// All of them, by name.
pub fn schemas() -> Value {
    json!({
        "problem": problem(),
        "link": link(),
        "landingPage": landing_page(),
        "confClasses": conformance(),
        "collections": collections(),
        "collection": collection(),
        "extent": extent(),
        "featureCollection": feature_collection(),
        "feature": feature(),
        "geometry": geometry(),
        "fields": fields(),
    })
}

fn links() -> Value {
    json!({ "type": "array", "items": { "$ref": "#/components/schemas/link" } })
}

/// RFC 9457.
fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "format": "uri" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["detail"],
                    "properties": {
                        "detail": { "type": "string" },
                        "pointer": { "type": "string" },
                    },
                },
            },
        },
    })
}

fn link() -> Value {
    json!({
        "type": "object",
        "required": ["href", "rel"],
        "properties": {
            "href": { "type": "string" },
            "rel": { "type": "string" },
            "type": { "type": "string" },
            "title": { "type": "string" },
            "templated": { "type": "boolean" },
        },
    })
}

fn landing_page() -> Value {
    json!({
        "type": "object",
        "required": ["title", "description", "links"],
        "properties": {
            "title": { "type": "string" },
            "description": { "type": "string" },
            "links": links(),
        },
    })
}

fn conformance() -> Value {
    json!({
        "type": "object",
        "required": ["conformsTo"],
        "properties": {
            "conformsTo": { "type": "array", "items": { "type": "string", "format": "uri" } },
        },
    })
}

fn collections() -> Value {
    json!({
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": links(),
            "collections": {
                "type": "array", "items": { "$ref": "#/components/schemas/collection" },
            },
        },
    })
}

fn collection() -> Value {
    json!({
        "type": "object",
        "required": ["id", "title", "links", "extent", "crs", "storageCrs", "itemCount"],
        "properties": {
            "id": { "type": "string" },
            "title": { "type": "string" },
            "description": { "type": "string" },
            "itemType": { "type": "string", "enum": ["feature"] },
            "itemCount": { "type": "integer", "minimum": 0 },
            "crs": { "type": "array", "items": { "type": "string", "format": "uri" } },
            "storageCrs": { "type": "string", "format": "uri" },
            "extent": { "$ref": "#/components/schemas/extent" },
            "links": links(),
        },
    })
}

fn extent() -> Value {
    let bbox =
        json!({ "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } });
    let interval = json!({
        "type": "array", "minItems": 2, "maxItems": 2,
        "items": { "type": "string", "nullable": true },
    });
    json!({
        "type": "object",
        "properties": {
            "spatial": { "type": "object", "properties": {
                "bbox": { "type": "array", "minItems": 1, "items": bbox },
                "crs": { "type": "string", "format": "uri" },
            }},
            "temporal": { "type": "object", "properties": {
                "interval": { "type": "array", "minItems": 1, "items": interval },
                "trs": { "type": "string", "format": "uri" },
            }},
        },
    })
}

fn feature_collection() -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    json!({
        "type": "object",
        "required": ["type", "features", "links", "timeStamp"],
        "properties": {
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "features": { "type": "array", "items": { "$ref": "#/components/schemas/feature" } },
            "links": links(),
            "timeStamp": { "type": "string", "format": "date-time" },
            "numberMatched": count,
            "numberReturned": count,
        },
    })
}

fn feature() -> Value {
    json!({
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "integer" },
            "geometry": { "$ref": "#/components/schemas/geometry" },
            "properties": { "type": "object" },
            "links": links(),
        },
    })
}

/// RFC 7946, 3.1; null where no place is known (3.2).
fn geometry() -> Value {
    let kinds = [
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    ];
    json!({
        "type": "object", "nullable": true,
        "required": ["type"],
        "properties": {
            "type": { "type": "string", "enum": kinds },
            "coordinates": { "type": "array", "items": {} },
            "geometries": { "type": "array", "items": { "type": "object" } },
        },
    })
}

/// A JSON Schema.
fn fields() -> Value {
    json!({
        "type": "object",
        "required": ["$schema", "$id", "type", "properties"],
        "properties": {
            "$schema": { "type": "string", "format": "uri" },
            "$id": { "type": "string", "format": "uri" },
            "title": { "type": "string" },
            "type": { "type": "string", "enum": ["object"] },
            "properties": { "type": "object", "additionalProperties": { "type": "object" } },
        },
    })
}
