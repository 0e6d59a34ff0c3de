//! Vector tiles.
//!
//! A place is a fraction of the world: x from the west, y from the north, 0 to 1 (Web Mercator's sphere
//! on the coordinates of WGS 84: a projection, no change of datum). Cells of all zooms come from one
//! function of it and powers of two, so a place lies in exactly one cell and one tile of each zoom.

use std::f64::consts::PI;

use domain::category::{self, ProposedCategory};
use domain::code_list::Coded as _;
use domain::completeness;
use domain::layer::{Field, GeometryKind, Layer};
use domain::theme::Theme;
use domain::value::FieldType;

use super::{Builder, Statement, conditions, envelope, finish, rows_of};
use crate::items::{Bbox, Selection};
use crate::tiles::{BUFFER, Detail, EXTENT, LONGEST_TEXT, MOST_POINTS, TileAddress};

/// Degrees by which a box is larger than its tile, so that rounding loses nothing; the cells decide.
const MARGIN_DEGREES: f64 = 1e-9;
/// The latitude at which the tiling ends.
const LAST_LATITUDE: f64 = 85.051_128_779_806_6;

/// A tile of a layer in some detail; null when it would have more points than are shown each by itself.
pub(crate) fn tile(
    layer: &Layer,
    tile: TileAddress,
    detail: Detail,
    selection: &Selection,
) -> Statement {
    let writer = Writer {
        layer,
        tile,
        detail,
        selection,
    };
    let mut sql = Builder::new("");
    match layer.geometry {
        GeometryKind::Point if detail.each_point => writer.each_point(&mut sql),
        GeometryKind::Point => writer.counted_points(&mut sql),
        _ => writer.shapes(&mut sql),
    }
    finish(sql)
}

struct Writer<'w> {
    layer: &'w Layer,
    tile: TileAddress,
    detail: Detail,
    selection: &'w Selection,
}

impl Writer<'_> {
    /// Every point with its values.
    fn each_point(&self, sql: &mut Builder) {
        let column = self.layer.geometry_column;
        let (lon, lat) = (format!("ST_X({column})"), format!("ST_Y({column})"));
        let (x, y) = (x_of(&lon), y_of(&lat));
        sql.push(format_args!(
            "with found as materialized (select id, {x} as tile_x, {y} as tile_y"
        ));
        self.attributes(sql);
        self.rows(sql, 0.0);
        self.in_tile(sql, &x, &y);
        sql.push(" limit ").push_bind(i64::from(MOST_POINTS) + 1);
        sql.push(") select case when (select count(*) from found) <= ")
            .push_bind(i64::from(MOST_POINTS))
            .push(" then (");
        self.encoded(sql);
        sql.push("select id, ");
        self.position(sql, "tile_x", "tile_y");
        self.names(sql, "found");
        sql.push(" from found) tile) end");
    }

    /// Points counted by cell; one that is alone in its cell is shown by itself.
    fn counted_points(&self, sql: &mut Builder) {
        let column = self.layer.geometry_column;
        sql.push(format_args!(
            "with placed as (select id, ST_X({column}) as west, ST_Y({column}) as south, \
             ST_X({column}) as east, ST_Y({column}) as north"
        ));
        self.summed(sql, |name| format!(", {name}"));
        self.rows(sql, 0.0);
        sql.push("), ");
        self.cells(sql, "west", "south", None);
        sql.push(" select (");
        self.encoded(sql);
        self.counted(sql);
        sql.push(") tile)");
    }

    /// Lines and areas: the large ones drawn, the small ones counted like points.
    fn shapes(&self, sql: &mut Builder) {
        let column = self.layer.geometry_column;
        sql.push(format_args!(
            "with placed as materialized (select id, {column} as shape, ST_XMin({column}) as west, \
             ST_YMin({column}) as south, ST_XMax({column}) as east, ST_YMax({column}) as north"
        ));
        self.summed(sql, |name| format!(", {name}"));
        self.rows(sql, f64::from(BUFFER) / f64::from(EXTENT));
        sql.push("), measured as materialized (select *, greatest(");
        let (width, height) = (
            format!("{} - {}", x_of("east"), x_of("west")),
            format!("{} - {}", y_of("south"), y_of("north")),
        );
        sql.push(format_args!("{width}, {height}) as side from placed), "));
        let (lon, lat) = ("((west + east) / 2)", "((south + north) / 2)");
        let least = self.detail.least_side / self.tiles();
        self.cells(sql, lon, lat, Some(least));
        sql.push(" select (");
        self.encoded(sql);
        sql.push(" select * from (");
        self.drawn(sql, lon, lat, least);
        sql.push(") drawn where geom is not null union all ");
        self.counted(sql);
        sql.push(") tile)");
    }

    /// A shape that its tile does not keep, since it is thinner than a position, is shown as a point.
    fn drawn(&self, sql: &mut Builder, lon: &str, lat: &str, least: f64) {
        let (x, y) = (x_of(lon), y_of(lat));
        sql.push("select measured.id, coalesce(ST_AsMVTGeom(ST_Transform(ST_Simplify(shape, ")
            .push_bind(360.0 / self.tiles() / f64::from(EXTENT) * self.detail.tolerance / 2.0);
        sql.push(", true), 3857), ST_TileEnvelope(");
        let TileAddress { zoom, row, column } = self.tile;
        for (number, after) in [(zoom, ", "), (column, ", "), (row, "), ")] {
            sql.push_bind(i32::try_from(number).unwrap_or(i32::MAX))
                .push(after);
        }
        sql.push(format_args!("{EXTENT}, {BUFFER}, true), case when true"));
        self.in_tile(sql, &x, &y);
        sql.push(" then ");
        self.point(sql, &x, &y);
        sql.push(" end) as geom");
        self.names(sql, "one");
        self.no_counts(sql);
        sql.push(" from measured cross join lateral (select id");
        self.attributes(sql);
        rows_of(sql, self.layer, self.selection.as_of);
        sql.push(" and id = measured.id) one where side >= ")
            .push_bind(least);
    }

    /// `cells`: what `placed` holds, or what of `measured` is smaller than a side, by cell of its place.
    fn cells(&self, sql: &mut Builder, lon: &str, lat: &str, below: Option<f64>) {
        let Detail { cells, .. } = self.detail;
        let scale = self.tiles() * f64::from(cells);
        sql.push("cells as (select * from (select ");
        for (place, name) in [(x_of(lon), "cell_x"), (y_of(lat), "cell_y")] {
            sql.push(format_args!("floor({place} * "))
                .push_bind(scale)
                .push(format_args!(") as {name}, "));
        }
        sql.push(format_args!(
            "count(*) as count, min(id) as any_id, avg({lon}) as lon, avg({lat}) as lat, \
             min(west) as west, min(south) as south, max(east) as east, max(north) as north"
        ));
        self.summed(sql, |name| {
            format!(", sum({name})::float8 as sum_{name}, count({name}) as known_{name}")
        });
        match below {
            None => sql.push(" from placed"),
            Some(side) => sql.push(" from measured where side < ").push_bind(side),
        };
        // The planner would take a condition on the cell for a rare one before the grouping, and sort
        // a million rows.
        sql.push(" group by 1, 2 offset 0) every where true");
        for (name, number) in [("cell_x", self.tile.column), ("cell_y", self.tile.row)] {
            let first = f64::from(number) * f64::from(cells);
            sql.push(format_args!(" and {name} between "))
                .push_bind(first)
                .push(" and ")
                .push_bind(first + f64::from(cells) - 1.0);
        }
        sql.push(")");
    }

    /// A row for each cell.
    fn counted(&self, sql: &mut Builder) {
        let single = self.detail.names_single();
        let many = if single { "cells.count > 1" } else { "true" };
        sql.push(format_args!(
            " select case when {many} then null else any_id end as id, "
        ));
        self.position(sql, &x_of("cells.lon"), &y_of("cells.lat"));
        self.names(sql, "one");
        for name in ["count", "west", "south", "east", "north"] {
            sql.push(format_args!(
                ", case when {many} then cells.{name} end as {name}"
            ));
        }
        self.summed(sql, |name| {
            let parts = ["sum", "known"];
            let parts = parts
                .map(|part| format!(", case when {many} then {part}_{name} end as {part}_{name}"));
            parts.concat()
        });
        sql.push(" from cells left join lateral (select id");
        self.attributes(sql);
        rows_of(sql, self.layer, self.selection.as_of);
        sql.push(format_args!(
            " and id = any_id and not ({many})) one on true"
        ));
    }

    fn no_counts(&self, sql: &mut Builder) {
        sql.push(", null::bigint as count");
        for name in ["west", "south", "east", "north"] {
            sql.push(format_args!(", null::float8 as {name}"));
        }
        self.summed(sql, |name| {
            format!(", null::float8 as sum_{name}, null::bigint as known_{name}")
        });
    }

    /// The beginning of the encoder, which takes rows named `tile`.
    fn encoded(&self, sql: &mut Builder) {
        sql.push("select coalesce(ST_AsMVT(tile, ")
            .push_bind(self.layer.id)
            .push(format_args!(", {EXTENT}, 'geom', 'id'), '') from ("));
    }

    /// Rows of the selection whose box touches the tile and so many sides of it around.
    fn rows(&self, sql: &mut Builder, around: f64) {
        rows_of(sql, self.layer, self.selection.as_of);
        conditions(sql, self.layer, self.selection);
        sql.push(format_args!(" and {} && ", self.layer.geometry_column));
        envelope(sql, self.lon_lat(around));
    }

    /// The condition that a place lies in the tile.
    fn in_tile(&self, sql: &mut Builder, x: &str, y: &str) {
        let tiles = self.tiles();
        for (place, number) in [(x, self.tile.column), (y, self.tile.row)] {
            sql.push(format_args!(" and floor({place} * "))
                .push_bind(tiles)
                .push(") = ")
                .push_bind(f64::from(number));
        }
    }

    fn position(&self, sql: &mut Builder, x: &str, y: &str) {
        self.point(sql, x, y);
        sql.push(" as geom");
    }

    /// A place in positions of the tile. The last one is the greatest that renderers take for inside.
    fn point(&self, sql: &mut Builder, x: &str, y: &str) {
        let (tiles, last) = (self.tiles(), EXTENT - 1);
        sql.push("ST_MakePoint(");
        for (place, number, after) in [(x, self.tile.column, ", "), (y, self.tile.row, ")")] {
            sql.push(format_args!("least(round(({place} * "))
                .push_bind(tiles)
                .push(" - ")
                .push_bind(f64::from(number));
            sql.push(format_args!(") * {EXTENT}), {last}){after}"));
        }
    }

    /// The values that tiles of this zoom carry, each under the name of its field.
    fn attributes(&self, sql: &mut Builder) {
        for field in attributes(self.layer, self.tile.zoom) {
            sql.push(format_args!(", {} as {}", value(field), field.name));
        }
        if completeness::asked(self.layer).next().is_some() {
            completeness_percent(sql, self.layer);
        }
        if category::applies_to(self.layer) {
            proposed_category(sql);
        }
    }

    /// The names of the same.
    fn names(&self, sql: &mut Builder, from: &str) {
        for name in attribute_names(self.layer, self.tile.zoom) {
            sql.push(format_args!(", {from}.{name}"));
        }
    }

    fn summed(&self, sql: &mut Builder, each: impl Fn(&str) -> String) {
        for field in summed(self.layer) {
            sql.push(each(field.name));
        }
    }

    /// Tiles along a side of the world.
    fn tiles(&self) -> f64 {
        f64::from(1_u32 << self.tile.zoom.min(24))
    }

    fn lon_lat(&self, around: f64) -> Bbox {
        let tiles = self.tiles();
        let (column, row) = (f64::from(self.tile.column), f64::from(self.tile.row));
        let longitude = |x: f64| (x / tiles - 0.5) * 360.0;
        let latitude = |y: f64| (PI * (1.0 - 2.0 * y / tiles)).sinh().atan().to_degrees();
        Bbox {
            west: longitude(column - around) - MARGIN_DEGREES,
            south: latitude(row + 1.0 + around) - MARGIN_DEGREES,
            east: longitude(column + 1.0 + around) + MARGIN_DEGREES,
            north: latitude(row - around) + MARGIN_DEGREES,
        }
    }
}

/// The public fields that tiles of a zoom carry.
fn attributes(layer: &Layer, zoom: u32) -> impl Iterator<Item = &'static Field> {
    let carried = move |field: &&Field| field.tiles_from.is_some_and(|from| from <= zoom);
    layer.public_fields().filter(carried)
}

fn summed(layer: &Layer) -> impl Iterator<Item = &'static Field> {
    layer.public_fields().filter(|field| field.summed)
}

fn attribute_names(layer: &Layer, zoom: u32) -> Vec<&'static str> {
    let mut names: Vec<_> = attributes(layer, zoom).map(|field| field.name).collect();
    if completeness::asked(layer).next().is_some() {
        names.push(completeness::NAME);
    }
    if category::applies_to(layer) {
        names.push(ProposedCategory::LIST.id);
    }
    names
}

/// A value as tiles can hold it: they have texts, numbers and booleans.
fn value(field: &Field) -> String {
    let name = field.name;
    match field.field_type {
        FieldType::Text => format!("left({name}, {LONGEST_TEXT})"),
        FieldType::Codes(_) => format!("array_to_string({name}, ',')"),
        FieldType::Date => format!("{name}::text"),
        FieldType::DateTime => {
            format!("to_char({name} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
        }
        FieldType::Integer | FieldType::Number | FieldType::Boolean | FieldType::Code(_) => {
            name.to_owned()
        }
    }
}

fn known(field: &Field) -> String {
    match completeness::unknown_code(field) {
        Some(code) => format!("nullif({}, '{code}')", field.name),
        None => field.name.to_owned(),
    }
}

/// What a theme shows a record by, under the name that it has in tiles.
pub(super) fn themed(sql: &mut Builder, layer: &Layer, theme: Theme) {
    match layer.field(theme.attribute()) {
        Some(field) => {
            sql.push(", ").push(field.name);
        }
        None if theme == Theme::Completeness => completeness_percent(sql, layer),
        None => proposed_category(sql),
    }
}

fn completeness_percent(sql: &mut Builder, layer: &Layer) {
    let known: Vec<_> = completeness::asked(layer).map(known).collect();
    sql.push(format_args!(
        ", num_nonnulls({}) * 100 / {} as {}",
        known.join(", "),
        known.len(),
        completeness::NAME
    ));
}

/// [`category::proposed`] in SQL; a test compares the two.
fn proposed_category(sql: &mut Builder) {
    let (scope, waste) = (category::IN_SCOPE, category::WASTE_CODE);
    let [outside, a, open] = [
        ProposedCategory::OutsideScope,
        ProposedCategory::A,
        ProposedCategory::Undetermined,
    ]
    .map(ProposedCategory::code);
    sql.push(format_args!(
        ", case when {scope} = false then '{outside}' when {waste} = any("
    ))
    .push_bind(category::hazardous_codes());
    sql.push(format_args!(
        ") then '{a}' else '{open}' end as {}",
        ProposedCategory::LIST.id
    ));
}

fn x_of(longitude: &str) -> String {
    format!("({longitude} / 360 + 0.5)")
}

fn y_of(latitude: &str) -> String {
    let inside = format!("least(greatest({latitude}, -{LAST_LATITUDE}), {LAST_LATITUDE})");
    format!("(0.5 - ln(tan(radians({inside}) / 2 + pi() / 4)) / (2 * pi()))")
}
