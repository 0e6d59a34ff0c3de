//! The description of a layer, from which everything that users see of it derives.

use crate::code_list::CodeList;
use crate::lang::Text;
use crate::record::{Finding, Record};
use crate::value::{FieldType, FieldValue, Value, ValueError};

/// The one geometry type of a layer (ISO 19107 names as `GeoJSON` and `PostGIS` spell them).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// One position.
    Point,
    /// One curve, such as a dam crest.
    LineString,
    /// Curves that belong together, such as a river with its arms.
    MultiLineString,
    /// Areas.
    MultiPolygon,
}

impl GeometryKind {
    /// The name in `GeoJSON` and `PostGIS`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Point => "Point",
            Self::LineString => "LineString",
            Self::MultiLineString => "MultiLineString",
            Self::MultiPolygon => "MultiPolygon",
        }
    }

    /// The `format` of the geometry in JSON Schema (OGC API Common Part 3, `geometry-*`).
    pub const fn schema_format(self) -> &'static str {
        match self {
            Self::Point => "geometry-point",
            Self::LineString => "geometry-linestring",
            Self::MultiLineString => "geometry-multilinestring",
            Self::MultiPolygon => "geometry-multipolygon",
        }
    }
}

/// What a field is to its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A plain attribute.
    Attribute,
    /// The code by which people and files name a record; unique in the layer.
    Key,
    /// The moment or day at which the record describes the world (`datetime=`).
    PrimaryInstant,
}

/// Who may read a field; of a reader, which fields it may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Everybody.
    #[default]
    Public,
    /// Only those with the right to it; leaves by no public door. They read what is public too.
    Restricted,
}

/// Where the records of a layer come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supply {
    /// Features of survey files.
    Features,
    /// Raster files, one record each.
    Rasters,
    /// Computations on other records.
    Computation,
}

/// The field in which the register keeps the last revision of each record.
pub const REVISION: &str = "revision";

/// Where a field's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Recorded by people: may be imported and edited.
    Recorded,
    /// Follows from other fields of the record.
    Derived,
    /// Kept by the register itself with each revision.
    Register,
}

/// One field of a layer.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about a field"
)]
pub struct Field {
    /// Name, the same in the column, URL, JSON and files: `[a-z][a-z0-9_]*`.
    pub name: &'static str,
    /// Title for people.
    pub title: Text,
    /// Type of its values.
    pub field_type: FieldType,
    /// UCUM unit of a number.
    pub unit: Option<&'static str>,
    /// Regular expression (JSON Schema `pattern`) that a text matches.
    pub pattern: Option<&'static str>,
    /// The id of the layer whose records it names by their codes.
    pub code_of: Option<&'static str>,
    /// What the field is to its layer.
    pub role: Role,
    /// Who may read it.
    pub access: Access,
    /// Where its value comes from.
    pub origin: Origin,
    /// Whether a record without it is refused.
    pub required: bool,
    /// Whether `name=value` selects by it.
    pub filterable: bool,
    /// The zoom from which vector tiles carry it; `None`: never.
    pub tiles_from: Option<u32>,
    /// Whether its values add up over records.
    pub summed: bool,
    /// The clause of the law that asks for it.
    pub asked_by: Option<&'static str>,
    /// Whether it names the thing, so that people find it by the words in it (`q=`).
    pub names: bool,
    /// Other names in files, folded (see [`crate::text::fold`]).
    pub synonyms: &'static [&'static str],
    parse: fn(&str) -> Result<Value, ValueError>,
    check: fn(&Value) -> Result<(), ValueError>,
}

/// The zoom from which vector tiles carry what nothing else is said of.
const DETAIL_ZOOM: u32 = 12;

fn parse_as<T: FieldValue>(text: &str) -> Result<Value, ValueError> {
    T::parse(text).map(T::into_value)
}

fn check_as<T: FieldValue>(value: &Value) -> Result<(), ValueError> {
    if value.is_unknown() {
        return Ok(());
    }
    T::check(value)
}

impl Field {
    /// A public, recorded, filterable attribute whose values are `T`.
    pub const fn of<T: FieldValue>(name: &'static str, title: Text) -> Self {
        Self {
            name,
            title,
            field_type: T::TYPE,
            unit: T::UNIT,
            pattern: T::PATTERN,
            code_of: T::CODE_OF,
            role: Role::Attribute,
            access: Access::Public,
            origin: Origin::Recorded,
            required: false,
            filterable: true,
            tiles_from: Some(DETAIL_ZOOM),
            summed: false,
            asked_by: None,
            names: false,
            synonyms: &[],
            parse: parse_as::<T>,
            check: check_as::<T>,
        }
    }

    /// Makes it the unique code of a record.
    #[must_use]
    pub const fn key(mut self) -> Self {
        self.role = Role::Key;
        self.required = true;
        self.in_tiles_from(0)
    }

    /// Makes it name the records of a layer by their codes.
    #[must_use]
    pub const fn code_of(mut self, layer: &'static str) -> Self {
        self.code_of = Some(layer);
        self
    }

    /// Makes it the time that `datetime=` selects by.
    #[must_use]
    pub const fn primary_instant(mut self) -> Self {
        self.role = Role::PrimaryInstant;
        self
    }

    /// Refuses records without it.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Keeps it from everybody without the right.
    #[must_use]
    pub const fn restricted(mut self) -> Self {
        self.access = Access::Restricted;
        self
    }

    /// Marks it as following from other fields.
    #[must_use]
    pub const fn derived(mut self) -> Self {
        self.origin = Origin::Derived;
        self
    }

    /// Marks it as kept by the register.
    #[must_use]
    pub const fn by_register(mut self) -> Self {
        self.origin = Origin::Register;
        self.tiles_from = None;
        self
    }

    /// Long text: read, not selected by.
    #[must_use]
    pub const fn prose(mut self) -> Self {
        self.filterable = false;
        self.tiles_from = None;
        self
    }

    /// Has it in vector tiles from this zoom.
    #[must_use]
    pub const fn in_tiles_from(mut self, zoom: u32) -> Self {
        self.tiles_from = Some(zoom);
        self
    }

    /// Marks it as a quantity whose values add up over records.
    #[must_use]
    pub const fn summed(mut self) -> Self {
        self.summed = true;
        self
    }

    /// Names the clause of the law that asks for it.
    #[must_use]
    pub const fn asked_by(mut self, clause: &'static str) -> Self {
        self.asked_by = Some(clause);
        self
    }

    /// Lets people search for the words in it.
    #[must_use]
    pub const fn names(mut self) -> Self {
        self.names = true;
        self
    }

    /// Names under which files carry it, folded.
    #[must_use]
    pub const fn synonyms(mut self, names: &'static [&'static str]) -> Self {
        self.synonyms = names;
        self
    }

    /// Reads a text as it stands in a URL or file.
    pub fn parse(&self, text: &str) -> Result<Value, ValueError> {
        (self.parse)(text)
    }

    /// Checks that a value is one of this field.
    pub fn check(&self, value: &Value) -> Result<(), ValueError> {
        if self.required && value.is_unknown() {
            return Err(ValueError::Required);
        }
        (self.check)(value)
    }

    /// The closed list of its values.
    pub const fn code_list(&self) -> Option<&'static CodeList> {
        self.field_type.code_list()
    }

    /// The layer whose records it names; its own code names nothing but the record itself.
    pub fn named_layer(&self) -> Option<&'static Layer> {
        let named = self.code_of.filter(|_| self.role != Role::Key)?;
        crate::layers::find(named)
    }

    /// Whether everybody may read it.
    pub fn is_public(&self) -> bool {
        self.access == Access::Public
    }

    /// Whether answers can be in its order (`sortby=`): short, with one value.
    pub const fn is_sortable(&self) -> bool {
        self.filterable && !matches!(self.field_type, FieldType::Codes(_))
    }

    /// Whether it can be read by somebody with this access.
    pub fn is_readable(&self, access: Access) -> bool {
        self.access <= access
    }

    /// Whether it is text as people write it, not a code.
    pub fn is_wording(&self) -> bool {
        let is_text = matches!(self.field_type, FieldType::Text);
        is_text && self.pattern.is_none() && self.role != Role::Key
    }

    /// Whether a file may carry it.
    pub fn is_recorded(&self) -> bool {
        self.origin == Origin::Recorded
    }
}

/// A layer: what users see as a collection.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about a layer"
)]
pub struct Layer {
    /// Identifier in URLs and commands, `[a-z0-9_]+`.
    pub id: &'static str,
    /// Title for people.
    pub title: Text,
    /// What it holds, in a sentence or two.
    pub description: Text,
    /// Geometry type.
    pub geometry: GeometryKind,
    /// The table that holds it.
    pub table: &'static str,
    /// The geometry column that it shows.
    pub geometry_column: &'static str,
    /// Whether only rows with a geometry belong to it (a view of another layer's table).
    pub only_with_geometry: bool,
    /// Whether records may reach beyond Serbia, as rivers do, as long as a part lies in it.
    pub crosses_border: bool,
    /// Where its records come from.
    pub supply: Supply,
    /// Whether records may be imported and edited here.
    pub editable: bool,
    /// Whether an edit has to say which state of the record it was made from (`If-Match`). QGIS never says
    /// it, so only layers that are not edited there demand it.
    pub demands_if_match: bool,
    /// The fields, in the order in which they are shown.
    pub fields: &'static [Field],
    /// Completes what follows from other fields.
    pub derive: fn(&mut Record),
    /// Applies the rules that span fields.
    pub check: fn(&Record) -> Vec<Finding>,
}

impl Layer {
    /// The fields that everybody may read.
    pub fn public_fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(|field| field.is_public())
    }

    /// The fields whose words `q=` looks for: the code and the names, in their order.
    pub fn searched_fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        let named = |field: &&Field| field.names || field.role == Role::Key;
        self.public_fields().filter(named)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Where a field stands in [`Self::fields`].
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The unique code of its records.
    pub fn key(&self) -> &'static Field {
        self.with_role(Role::Key).unwrap_or(&self.fields[0])
    }

    /// Whether records may come without their codes, to be found by external id, outline, place and
    /// name, or to be given a code: the facilities, in either of their layers.
    pub fn is_matched_without_code(&self) -> bool {
        self.field("external_id").is_some()
    }

    /// The field that `datetime=` selects by.
    pub fn primary_instant(&self) -> Option<&'static Field> {
        self.with_role(Role::PrimaryInstant)
    }

    fn with_role(&self, role: Role) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.role == role)
    }
}

/// Declares the `struct` of a layer's records together with the [`Field`]s that describe it, so
/// that a field is written once.
///
/// A record's values stand in the order of these lines, so that neither way looks names up.
///
/// Each line reads `name: Type, "Serbian Cyrillic title", "English title"` followed by the
/// [`Field`] builder calls that apply.
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident, fields $fields:ident;
        $( $field:ident : $type:ty, $sr:literal, $en:literal $(, $call:ident ( $($arg:expr),* ) )* ; )+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $( #[doc = $en] pub $field: Option<$type>, )+
        }

        /// The fields of
        #[doc = concat!("[`", stringify!($name), "`].")]
        pub static $fields: &[$crate::layer::Field] = &[ $(
            $crate::layer::Field::of::<$type>(
                stringify!($field),
                $crate::lang::Text::new($sr, $en),
            ) $( .$call( $($arg),* ) )*,
        )+ ];

        impl $name {
            /// Reads the typed form of a record; a value that is not one of its field is unknown
            /// here; `Record::findings` reports it.
            pub fn from_record(record: &$crate::record::Record) -> Self {
                let mut places = 0..;
                Self { $( $field: places.next().and_then(|at| record.typed_at(at)), )+ }
            }

            /// Writes the typed form back into a record.
            pub fn into_record(self, record: &mut $crate::record::Record) {
                let values = &mut record.values.iter_mut();
                $( $crate::record::put_back(values.next(), self.$field); )+
            }
        }
    };
}
