//! The statements about what a file says as the register does, only in another form.

use domain::layer::{Field, GeometryKind, Layer};
use domain::value::FieldType;

use super::merging::base;
use super::{Builder, Statement, finish, join, plain};

/// Beside what a file is laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saying {
    /// What the register says now.
    Registered,
    /// What it said when the file was made.
    Base,
}

impl Saying {
    const fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Base => "base",
        }
    }

    /// The staged records beside that side.
    fn joined(self, layer: &Layer) -> String {
        let (table, key) = (layer.table, layer.key().name);
        let registered =
            format!("staged join {table} registered on registered.{key} = staged.{key}");
        match self {
            Self::Registered => format!("{registered} where true"),
            Self::Base => format!(
                "{registered} cross join {} where staged.made_from < registered.revision",
                base(layer)
            ),
        }
    }
}

/// The staged geometries that a side has at the same place with other bytes: row, the file's, that side's. What
/// lies further than `most_degrees` away on any side, or has another number of positions, is left out.
pub(crate) fn restated_shapes(layer: &Layer, side: Saying, most_degrees: f64) -> Statement {
    let column = layer.geometry_column;
    let (joined, side) = (side.joined(layer), side.word());
    let mut sql = Builder::new(format!(
        "select staged.row_number, staged.{column}, {side}.{column} from {joined}"
    ));
    for edge in ["ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax"] {
        sql.push(format_args!(
            " and abs({edge}(staged.{column}) - {edge}({side}.{column})) <= "
        ));
        sql.push_bind(most_degrees);
    }
    sql.push(format_args!(
        " and ST_NPoints(staged.{column}) = ST_NPoints({side}.{column}) \
         and not ST_OrderingEquals(staged.{column}, {side}.{column})"
    ));
    finish(sql)
}

/// Has the staged records of these rows say a side's geometry.
pub(crate) fn restate_shapes(layer: &Layer, side: Saying, rows: Vec<i64>) -> Statement {
    restate(layer, side, &[layer.geometry_column], rows)
}

/// The fields that name something in words of their own.
pub(crate) fn named_fields(layer: &Layer) -> impl Iterator<Item = &'static Field> + use<> {
    let fields = layer.fields.iter();
    fields.filter(|field| field.names && matches!(field.field_type, FieldType::Text))
}

/// The staged records that name something otherwise than the register: row, then of each named field what the
/// register says and what the file says.
pub(crate) fn renamed(layer: &Layer) -> Statement {
    let joined = Saying::Registered.joined(layer);
    let names = || named_fields(layer).map(|field| field.name);
    let pairs = join(
        names().map(|name| format!(", registered.{name}, staged.{name}")),
        "",
    );
    let differs = join(
        names().map(|name| format!("staged.{name} <> registered.{name}")),
        " or ",
    );
    plain(format!(
        "select staged.row_number{pairs} from {joined} and ({differs})"
    ))
}

/// Has the staged records of these rows say the register's name, and the form in Latin script that follows from it.
pub(crate) fn restate_names(layer: &Layer, field: &Field, rows: Vec<i64>) -> Statement {
    let derived = layer.field("name_latin").filter(|_| field.name == "name");
    let columns: Vec<_> = derived
        .iter()
        .map(|field| field.name)
        .chain([field.name])
        .collect();
    restate(layer, Saying::Registered, &columns, rows)
}

/// Two boundaries are laid beside each other as long as the numbers of their positions multiply to this: that takes
/// milliseconds.
const MOST_COMPARED: u32 = 250_000;

/// What becomes of a geometry that a staged record changes (`is_new`), as figures: positions before and after, square
/// metres before and after (of areas), and how far it moves at most, metres (`null` where that takes too long).
pub(super) fn shape_change(layer: &Layer, is_new: &str) -> String {
    let [before, after] =
        ["registered", "staged"].map(|side| format!("{side}.{}", layer.geometry_column));
    let area = |side: &str| match layer.geometry {
        GeometryKind::MultiPolygon => format!("ST_Area({side}::geography)"),
        _ => "null".to_owned(),
    };
    let [area_before, area_after] = [area(&before), area(&after)];
    let moved = if layer.geometry == GeometryKind::Point {
        format!("ST_Distance({before}::geography, {after}::geography)")
    } else {
        // Degrees of a sphere of 6371 km, shorter from west to east.
        let [flat_before, flat_after] = [&before, &after]
            .map(|side| format!("ST_Scale({side}, 111195 * cosd(ST_YMin({before})), 111195)"));
        format!(
            "case when ST_NPoints({before})::bigint * ST_NPoints({after}) <= {MOST_COMPARED} \
             then ST_HausdorffDistance({flat_before}, {flat_after}) end"
        )
    };
    format!(
        "case when {is_new} and {before} is not null then array[ST_NPoints({before}), ST_NPoints({after}), \
         {area_before}, {area_after}, {moved}]::double precision[] end"
    )
}

fn restate(layer: &Layer, side: Saying, columns: &[&str], rows: Vec<i64>) -> Statement {
    let (joined, word) = (side.joined(layer), side.word());
    let sets = join(
        columns.iter().map(|name| format!("{name} = said.{name}")),
        ", ",
    );
    let mut sql = Builder::new(format!(
        "update staged set {sets} from (select staged.row_number as row, {word}.* from {joined}) said \
         where staged.row_number = said.row and staged.row_number in (select unnest("
    ));
    sql.push_bind(rows).push("::bigint[]))");
    finish(sql)
}
