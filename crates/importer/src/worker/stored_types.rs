//! Values of a `GeoPackage` that are of another type than their column. `SQLite` takes any value in
//! any column, and GDAL asks it for a number, which it makes of the text `30,5` as 30 without a
//! word, or guesses a day; so the file is asked in its own SQL whether there is such a value.

use gdal::Dataset;
use gdal::vector::sql::Dialect;
use gdal::vector::{Layer, LayerAccess as _};

use super::failure::{Failure, failure};
use super::gdal_log;
use super::open::{Field, FieldKind};

/// So many characters of a value are shown.
const SHOWN_CHARACTERS: usize = 60;

/// Refuses a layer in which a column of numbers or days holds anything else.
pub(super) fn refuse_other_types(
    dataset: &Dataset,
    layer: &Layer<'_>,
    fields: &[Field],
) -> Result<(), Failure> {
    let table = layer.name();
    let columns = typed(layer, fields);
    if columns.is_empty() {
        return Ok(());
    }
    let query = if is_table(dataset, &table)? {
        first_of_another_type(&table, &columns)
    } else {
        any_of_another_type(&table, &columns)
    };
    match asked(dataset, &table, &query)?.as_slice() {
        [place, column, value, kind] => Err(refused(place, column, value, kind)),
        _ => Ok(()),
    }
}

/// A column of a type that takes few values.
struct Typed {
    name: String,
    takes: Takes,
}

#[derive(Clone, Copy)]
enum Takes {
    Numbers,
    WholeNumbers,
    Days,
}

impl Typed {
    /// The condition under which the column holds something else. GDAL guesses what other texts
    /// than such as 2024-05-31 mean as days: of 5/12/24 it makes a day of 2005.
    fn strange(&self) -> String {
        let name = identifier(&self.name);
        match self.takes {
            Takes::Numbers => format!("typeof({name}) in ('text', 'blob')"),
            Takes::WholeNumbers => format!("typeof({name}) in ('text', 'blob', 'real')"),
            Takes::Days => format!(
                "{name} is not null and (typeof({name}) <> 'text' or {name} not glob \
                 '[0-9][0-9][0-9][0-9][-/]*')"
            ),
        }
    }

    fn shown(&self) -> String {
        let name = identifier(&self.name);
        format!("substr(cast({name} as text), 1, {SHOWN_CHARACTERS})")
    }

    /// What the value is, or that the column takes days.
    fn kind(&self) -> String {
        match self.takes {
            Takes::Numbers | Takes::WholeNumbers => format!("typeof({})", identifier(&self.name)),
            Takes::Days => "'no day'".to_owned(),
        }
    }
}

fn typed(layer: &Layer<'_>, fields: &[Field]) -> Vec<Typed> {
    // Its own name: that of `fields` may have been changed to tell two columns apart.
    let names: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
    let typed = fields.iter().filter_map(|field| {
        let takes = match field.kind {
            FieldKind::Integer => Takes::WholeNumbers,
            FieldKind::Real => Takes::Numbers,
            FieldKind::Date | FieldKind::DateTime => Takes::Days,
            _ => return None,
        };
        let name = names.get(field.at)?.clone();
        Some(Typed { name, takes })
    });
    typed.collect()
}

fn is_table(dataset: &Dataset, table: &str) -> Result<bool, Failure> {
    let query = format!(
        "select name from sqlite_master where type = 'table' and lower(name) = lower({})",
        text(table)
    );
    Ok(!asked(dataset, table, &query)?.is_empty())
}

/// The same of a view, whose records have no place of their own.
fn any_of_another_type(view: &str, columns: &[Typed]) -> String {
    let Found {
        column,
        value,
        kind,
    } = Found::in_columns(columns);
    let view = identifier(view);
    format!(
        "select '' as place, named, shown, kind from (select {column} as named, {value} as shown, \
         {kind} as kind from {view}) where named is not null limit 1"
    )
}

/// What to tell of the first column of a record that holds something else, in SQL. Which column it is, is found in one
/// list of cases: a chain of `or` is limited to fewer columns than a table may have.
struct Found {
    column: String,
    value: String,
    kind: String,
}

impl Found {
    fn in_columns(columns: &[Typed]) -> Self {
        let each = |then: &dyn Fn(&Typed) -> String| -> String {
            let cases = columns
                .iter()
                .map(|column| format!("when {} then {} ", column.strange(), then(column)));
            format!("case {}end", cases.collect::<String>())
        };
        Self {
            column: each(&|column| text(&column.name)),
            value: each(&Typed::shown),
            kind: each(&Typed::kind),
        }
    }
}

/// The record's place, the column, the value and its type.
fn first_of_another_type(table: &str, columns: &[Typed]) -> String {
    let Found {
        column,
        value,
        kind,
    } = Found::in_columns(columns);
    let table = identifier(table);
    format!(
        "select cast((select count(*) from {table} where rowid <= found.at) as text) as place, \
         found.named, found.shown, found.kind from (select rowid as at, {column} as named, \
         {value} as shown, {kind} as kind from {table} where named is not null order by rowid \
         limit 1) as found"
    )
}

/// The first row that the file answers, as texts.
fn asked(dataset: &Dataset, table: &str, query: &str) -> Result<Vec<String>, Failure> {
    gdal_log::take_failure();
    let answer = dataset.execute_sql(query, None, Dialect::DEFAULT);
    let row = answer.ok().flatten().and_then(|mut rows| {
        let row = rows.features().next()?;
        let values = (0..row.field_count()).map(|at| row.field_as_string(at).ok().flatten());
        Some(values.map(Option::unwrap_or_default).collect())
    });
    match gdal_log::take_failure() {
        None => Ok(row.unwrap_or_default()),
        Some(complaint) => Err(failure!(
            "the layer {table:?} cannot be searched for values of other types than their columns ({complaint}); \
             export the layer from QGIS to a new GeoPackage"
        )),
    }
}

/// `place` is empty for a record of a view.
fn refused(place: &str, column: &str, value: &str, kind: &str) -> Failure {
    let record = match place {
        "" => "a record".to_owned(),
        place => format!("record {place}"),
    };
    match kind {
        "real" => failure!(
            "the field {column:?} of {record} holds the number {value}, but the column takes \
             whole numbers alone; make it a column of decimal numbers, and export the file again"
        ),
        "blob" => failure!(
            "the field {column:?} of {record} holds bytes, but the column takes numbers; \
             correct the record, and export the file again"
        ),
        "no day" => failure!(
            "the field {column:?} of {record} holds {value:?}, which is no day or moment as a \
             GeoPackage writes them; write it as 2024-05-31 or 2024-05-31T12:00:00Z, or make the \
             column a text column"
        ),
        _ => failure!(
            "the field {column:?} of {record} holds the text {value:?}, but the column takes \
             numbers; store it as a number, with a point before the decimals, or make the column a \
             text column"
        ),
    }
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{identifier, text};

    #[test]
    fn names_are_quoted_for_sql() {
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(text("a'b"), "'a''b'");
    }
}
