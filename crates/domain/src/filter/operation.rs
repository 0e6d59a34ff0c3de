//! The operations of CQL2 and their names.

/// A comparison of two scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    Different,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
}

/// A calculation with two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; unknown where the divisor is 0.
    Divide,
    /// `%`, the rest with the sign of the dividend; unknown where the divisor is 0.
    Modulo,
    /// `div`, the quotient without its decimals; unknown where the divisor is 0.
    WholeDivide,
    /// `^`; unknown where no real number is the result.
    Power,
}

/// How two shapes lie to each other (OGC 06-103r4, 6.1.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum SpatialRelation {
    Contains,
    Crosses,
    Disjoint,
    Equals,
    Intersects,
    Overlaps,
    Touches,
    Within,
}

/// How two times lie to each other (Time Ontology in OWL).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum TemporalRelation {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

impl TemporalRelation {
    /// Whether it is defined between periods alone (CQL2, table 2).
    pub const fn is_of_periods(self) -> bool {
        !matches!(
            self,
            Self::After | Self::Before | Self::Disjoint | Self::Equals | Self::Intersects
        )
    }
}

/// How two sets of codes lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayRelation {
    /// All of the second are in the first.
    Contains,
    /// All of the first are in the second.
    ContainedBy,
    /// The same ones, in any order.
    Equals,
    /// At least one is in both.
    Overlaps,
}

/// An operation of CQL2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// All are true.
    And,
    /// At least one is true.
    Or,
    /// The contrary.
    Not,
    /// A comparison.
    Compare(Comparison),
    /// `LIKE`
    Like,
    /// `BETWEEN`, both ends included.
    Between,
    /// `IN`
    In,
    /// `IS NULL`
    IsNull,
    /// `IS` with a value, which QGIS writes: the same, or both unknown.
    Is,
    /// `CASEI`
    CaseI,
    /// `ACCENTI`
    AccentI,
    /// `S_…`
    Spatial(SpatialRelation),
    /// `T_…`
    Temporal(TemporalRelation),
    /// `A_…`
    Array(ArrayRelation),
    /// A calculation.
    Arithmetic(Arithmetic),
}

/// Every operation with its name in JSON, which is also that of functions in texts.
const NAMES: &[(&str, Operation)] = &[
    ("and", Operation::And),
    ("or", Operation::Or),
    ("not", Operation::Not),
    ("=", Operation::Compare(Comparison::Equal)),
    ("<>", Operation::Compare(Comparison::Different)),
    ("<", Operation::Compare(Comparison::Less)),
    (">", Operation::Compare(Comparison::Greater)),
    ("<=", Operation::Compare(Comparison::AtMost)),
    (">=", Operation::Compare(Comparison::AtLeast)),
    ("like", Operation::Like),
    ("between", Operation::Between),
    ("in", Operation::In),
    ("isNull", Operation::IsNull),
    ("is", Operation::Is),
    ("casei", Operation::CaseI),
    ("accenti", Operation::AccentI),
    ("s_contains", Operation::Spatial(SpatialRelation::Contains)),
    ("s_crosses", Operation::Spatial(SpatialRelation::Crosses)),
    ("s_disjoint", Operation::Spatial(SpatialRelation::Disjoint)),
    ("s_equals", Operation::Spatial(SpatialRelation::Equals)),
    (
        "s_intersects",
        Operation::Spatial(SpatialRelation::Intersects),
    ),
    ("s_overlaps", Operation::Spatial(SpatialRelation::Overlaps)),
    ("s_touches", Operation::Spatial(SpatialRelation::Touches)),
    ("s_within", Operation::Spatial(SpatialRelation::Within)),
    ("t_after", Operation::Temporal(TemporalRelation::After)),
    ("t_before", Operation::Temporal(TemporalRelation::Before)),
    (
        "t_contains",
        Operation::Temporal(TemporalRelation::Contains),
    ),
    (
        "t_disjoint",
        Operation::Temporal(TemporalRelation::Disjoint),
    ),
    ("t_during", Operation::Temporal(TemporalRelation::During)),
    ("t_equals", Operation::Temporal(TemporalRelation::Equals)),
    (
        "t_finishedBy",
        Operation::Temporal(TemporalRelation::FinishedBy),
    ),
    (
        "t_finishes",
        Operation::Temporal(TemporalRelation::Finishes),
    ),
    (
        "t_intersects",
        Operation::Temporal(TemporalRelation::Intersects),
    ),
    ("t_meets", Operation::Temporal(TemporalRelation::Meets)),
    ("t_metBy", Operation::Temporal(TemporalRelation::MetBy)),
    (
        "t_overlappedBy",
        Operation::Temporal(TemporalRelation::OverlappedBy),
    ),
    (
        "t_overlaps",
        Operation::Temporal(TemporalRelation::Overlaps),
    ),
    (
        "t_startedBy",
        Operation::Temporal(TemporalRelation::StartedBy),
    ),
    ("t_starts", Operation::Temporal(TemporalRelation::Starts)),
    ("a_contains", Operation::Array(ArrayRelation::Contains)),
    (
        "a_containedBy",
        Operation::Array(ArrayRelation::ContainedBy),
    ),
    ("a_equals", Operation::Array(ArrayRelation::Equals)),
    ("a_overlaps", Operation::Array(ArrayRelation::Overlaps)),
    ("+", Operation::Arithmetic(Arithmetic::Add)),
    ("-", Operation::Arithmetic(Arithmetic::Subtract)),
    ("*", Operation::Arithmetic(Arithmetic::Multiply)),
    ("/", Operation::Arithmetic(Arithmetic::Divide)),
    ("%", Operation::Arithmetic(Arithmetic::Modulo)),
    ("div", Operation::Arithmetic(Arithmetic::WholeDivide)),
    ("^", Operation::Arithmetic(Arithmetic::Power)),
];

impl Operation {
    /// The operation of this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(one, _)| one.eq_ignore_ascii_case(name));
        found.map(|(_, operation)| *operation)
    }

    /// The name, as JSON has it.
    pub fn name(self) -> &'static str {
        let found = NAMES.iter().find(|(_, one)| *one == self);
        found.map_or("", |(name, _)| name)
    }

    /// Whether texts write it as a function: `NAME(a, b)`.
    pub const fn is_function(self) -> bool {
        matches!(
            self,
            Self::CaseI | Self::AccentI | Self::Spatial(_) | Self::Temporal(_) | Self::Array(_)
        )
    }

    /// How few and how many operands it takes.
    pub const fn operands(self) -> (usize, usize) {
        match self {
            Self::And | Self::Or => (1, usize::MAX),
            Self::Not | Self::IsNull | Self::CaseI | Self::AccentI => (1, 1),
            Self::Between => (3, 3),
            _ => (2, 2),
        }
    }
}
