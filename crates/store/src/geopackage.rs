//! Features as a `GeoPackage` 1.3 (OGC 12-128r17): a database of its own, which leaves as a file.
//!
//! Beside the features it has an index of their boxes, titles and units of the columns, the code lists as
//! constraints, and a style that QGIS takes by itself.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::Lang;
use domain::code_list::CodeList;
use domain::layer::{Field, Layer};
use domain::value::FieldType;
use geo_types::Geometry;
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params, params_from_iter};

use crate::error::StoreError;
use crate::feature::{Feature, ValueRef};

/// The identifier of the reference system of all coordinates: longitude, latitude (EPSG:4326).
const SRS_ID: i32 = 4326;
const PAGE_BYTES: u64 = 4096;

/// Why a `GeoPackage` could not be written.
#[derive(Debug, thiserror::Error)]
pub enum GeoPackageError {
    /// It would be larger than it may be.
    #[error("the GeoPackage would be too large; select fewer features")]
    Full,
    /// `SQLite` refused something.
    #[error("the GeoPackage could not be written")]
    Sqlite(#[source] rusqlite::Error),
    /// A row could not be read.
    #[error("a row could not be read")]
    Row(#[from] StoreError),
}

impl From<rusqlite::Error> for GeoPackageError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Sqlite(error),
        }
    }
}

/// What a `GeoPackage` says of its layer.
#[derive(Debug)]
pub struct Contents<'c> {
    /// The layer.
    pub layer: &'static Layer,
    /// The fields that go into it.
    pub fields: &'c [&'static Field],
    /// The language of titles and labels.
    pub lang: Lang,
    /// The style of the layer, a QML document.
    pub style: &'c str,
    /// When the features last changed.
    pub changed_at: DateTime<Utc>,
    /// How large the file may become.
    pub most_bytes: u64,
}

/// A `GeoPackage` that is being written.
#[derive(Debug)]
pub struct GeoPackage {
    connection: Connection,
    table: &'static str,
    insert: String,
    insert_box: String,
    bounds: Option<[f64; 4]>,
}

impl GeoPackage {
    /// Makes the file, which must not exist.
    ///
    /// # Errors
    /// When `SQLite` cannot write there.
    pub fn create(path: &Path, contents: &Contents<'_>) -> Result<Self, GeoPackageError> {
        let connection = Connection::open(path)?;
        let pages = contents.most_bytes / PAGE_BYTES;
        connection.execute_batch(&format!("pragma max_page_count = {pages};"))?;
        connection.execute_batch(include_str!("geopackage/schema.sql"))?;
        let table = contents.layer.id;
        let marks = ", ?".repeat(contents.fields.len());
        let package = Self {
            connection,
            table,
            insert: format!("insert into {table} values (?, ?{marks})"),
            insert_box: format!("insert into rtree_{table}_geom values (?, ?, ?, ?, ?)"),
            bounds: None,
        };
        package.create_table(contents)?;
        package.describe_columns(contents)?;
        package.add_style(contents)?;
        Ok(package)
    }

    fn create_table(&self, contents: &Contents<'_>) -> Result<(), GeoPackageError> {
        let Contents { layer, lang, .. } = contents;
        let table = self.table;
        let columns = contents
            .fields
            .iter()
            .map(|field| format!(", {} {}", field.name, column_type(field.field_type)));
        let columns = columns.collect::<Vec<_>>().concat();
        let kind = layer.geometry.name().to_uppercase();
        self.connection.execute_batch(&format!(
            "create table {table} (fid integer primary key not null, geom {kind}{columns});\
             create virtual table rtree_{table}_geom using rtree (id, minx, maxx, miny, maxy);"
        ))?;
        self.connection.execute(
            "insert into gpkg_contents (table_name, data_type, identifier, description, \
             last_change, srs_id) values (?, 'features', ?, ?, ?, ?)",
            params![
                table,
                layer.title.get(*lang),
                layer.description.get(*lang),
                contents
                    .changed_at
                    .to_rfc3339_opts(SecondsFormat::Millis, true),
                SRS_ID
            ],
        )?;
        self.connection.execute(
            "insert into gpkg_geometry_columns values (?, 'geom', ?, ?, 0, 0)",
            params![table, kind, SRS_ID],
        )?;
        Ok(())
    }

    fn describe_columns(&self, contents: &Contents<'_>) -> Result<(), GeoPackageError> {
        let mut lists: Vec<&str> = Vec::new();
        for field in contents.fields {
            let constraint = match field.field_type {
                FieldType::Code(list) => Some(list),
                _ => None,
            };
            if let Some(list) = constraint.filter(|list| !lists.contains(&list.id)) {
                self.add_list(list, contents.lang)?;
                lists.push(list.id);
            }
            self.connection.execute(
                "insert into gpkg_data_columns (table_name, column_name, name, title, description, \
                 constraint_name) values (?, ?, ?, ?, ?, ?)",
                params![
                    self.table,
                    field.name,
                    field.name,
                    field.title.get(contents.lang),
                    field.unit,
                    constraint.map(|list| list.id)
                ],
            )?;
        }
        Ok(())
    }

    fn add_list(&self, list: &CodeList, lang: Lang) -> Result<(), GeoPackageError> {
        for entry in list.entries {
            self.connection.execute(
                "insert into gpkg_data_column_constraints (constraint_name, constraint_type, value, \
                 description) values (?, 'enum', ?, ?)",
                params![list.id, entry.code, entry.label.get(lang)],
            )?;
        }
        Ok(())
    }

    fn add_style(&self, contents: &Contents<'_>) -> Result<(), GeoPackageError> {
        self.connection.execute(
            "insert into layer_styles (f_table_catalog, f_table_schema, f_table_name, \
             f_geometry_column, styleName, styleQML, useAsDefault, description) \
             values ('', '', ?, 'geom', ?, ?, 1, ?)",
            params![
                self.table,
                self.table,
                contents.style,
                contents.layer.title.get(contents.lang)
            ],
        )?;
        Ok(())
    }

    /// Adds a feature with its geometry, longitude before latitude.
    ///
    /// # Errors
    /// When the row cannot be read, or the file may not grow further.
    pub fn add(
        &mut self,
        feature: &Feature,
        geometry: Option<&Geometry<f64>>,
    ) -> Result<(), GeoPackageError> {
        let id = feature.id()?;
        let bounds = geometry.and_then(crate::geometry::bounds);
        let blob = geometry.map_or(Cell::Null, |geometry| Cell::Blob(blob(geometry, bounds)));
        let mut cells = vec![Cell::Integer(id), blob];
        for pair in feature.values() {
            cells.push(cell(pair?.1));
        }
        self.connection
            .prepare_cached(&self.insert)?
            .execute(params_from_iter(cells))?;
        if let Some([west, south, east, north]) = bounds {
            self.connection
                .prepare_cached(&self.insert_box)?
                .execute(params![id, west, east, south, north])?;
            self.widen([west, south, east, north]);
        }
        Ok(())
    }

    fn widen(&mut self, [west, south, east, north]: [f64; 4]) {
        let [w, s, e, n] = self.bounds.unwrap_or([west, south, east, north]);
        self.bounds = Some([w.min(west), s.min(south), e.max(east), n.max(north)]);
    }

    /// Completes the file and closes it.
    ///
    /// # Errors
    /// When it may not grow further.
    pub fn finish(self) -> Result<(), GeoPackageError> {
        let bounds = self
            .bounds
            .map(|bounds| bounds.map(Some))
            .unwrap_or_default();
        let [west, south, east, north] = bounds;
        self.connection.execute(
            "update gpkg_contents set min_x = ?, min_y = ?, max_x = ?, max_y = ? \
             where table_name = ?",
            params![west, south, east, north, self.table],
        )?;
        let index = include_str!("geopackage/index.sql").replace("{t}", self.table);
        self.connection.execute_batch(&index)?;
        self.connection.flush_prepared_statement_cache();
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}

const fn column_type(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Text | FieldType::Code(_) | FieldType::Codes(_) => "TEXT",
        FieldType::Integer => "INTEGER",
        FieldType::Number => "DOUBLE",
        FieldType::Boolean => "BOOLEAN",
        FieldType::Date => "DATE",
        FieldType::DateTime => "DATETIME",
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Unknown => Cell::Null,
        ValueRef::Text(text) => Cell::Text(text.to_owned()),
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Number(number) => Cell::Real(number),
        ValueRef::Boolean(yes) => Cell::Integer(yes.into()),
        ValueRef::Date(day) => Cell::Text(day.to_string()),
        ValueRef::DateTime(moment) => {
            Cell::Text(moment.to_rfc3339_opts(SecondsFormat::Millis, true))
        }
        ValueRef::Codes(codes) => Cell::Text(codes.join(";")),
    }
}

/// `GeoPackageBinary` (clause 2.1.3): "GP", version, flags, reference system, box, WKB.
fn blob(geometry: &Geometry<f64>, bounds: Option<[f64; 4]>) -> Vec<u8> {
    const LITTLE_ENDIAN: u8 = 1;
    const WITH_BOX: u8 = 1 << 1;
    let is_point = matches!(geometry, Geometry::Point(_));
    let bounds = bounds.filter(|_| !is_point);
    let flags = if bounds.is_some() {
        LITTLE_ENDIAN | WITH_BOX
    } else {
        LITTLE_ENDIAN
    };
    let mut out = Vec::with_capacity(64);
    out.extend_from_slice(&[b'G', b'P', 0, flags]);
    out.extend_from_slice(&SRS_ID.to_le_bytes());
    if let Some([west, south, east, north]) = bounds {
        for edge in [west, east, south, north] {
            out.extend_from_slice(&edge.to_le_bytes());
        }
    }
    out.extend_from_slice(&crate::geometry::wkb_of(geometry));
    out
}
