//! The decision, for the transformation and for the report.

use domain::lang::Message;
use domain::message;
use geodesy::{Crs, GeodesyError, Reading, TransformPlan};
use serde::Serialize;

use super::notation::Notation;
use super::sample::Example;
use crate::mapping::Meaning;

/// The reference system of a file's coordinates, decided.
#[derive(Clone, Debug)]
pub struct Decision {
    pub(super) ways: Vec<Way>,
    /// How the columns of a table write numbers.
    pub notation: Notation,
    /// The same in words.
    pub described: CrsDecision,
}

/// How some of the coordinates get to longitude, latitude WGS 84.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) reading: Reading,
    pub(super) plan: TransformPlan,
}

/// The decision as the report states it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct CrsDecision {
    /// The code, such as `EPSG:6316`, or the name of a system without one.
    pub crs: String,
    /// The name.
    pub name: String,
    /// Why this one, in plain words.
    pub evidence: Message,
    /// What its numbers went through.
    pub operation: OperationUsed,
    /// What was read differently from what was declared.
    pub notes: Vec<Message>,
}

/// An operation between reference systems.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OperationUsed {
    /// Its name.
    pub name: String,
    /// Its EPSG code.
    pub epsg: Option<u32>,
    /// Its accuracy, metres; 0 where the datum stays.
    pub accuracy_m: f64,
}

impl Decision {
    /// One reading for all records; the example is one of their positions.
    pub(super) fn new(
        reading: Reading,
        evidence: Message,
        columns: Option<Meaning>,
        example: Example,
    ) -> Result<Self, GeodesyError> {
        let way = Way::new(reading)?;
        let reading = &way.reading;
        let mut notes = reading.crs.notes().to_vec();
        notes.extend(turned_note(reading, columns));
        notes.extend(added_note(reading));
        notes.extend(replaced_shift_note(reading, example));
        let described = CrsDecision {
            crs: code(&reading.crs),
            name: reading.crs.name().to_owned(),
            evidence,
            operation: way.operation(),
            notes,
        };
        Ok(Self {
            ways: vec![way],
            notation: Notation::default(),
            described,
        })
    }

    /// A reading for each zone digit, for tables that mix them.
    pub(super) fn by_zone(
        readings: Vec<Reading>,
        evidence: Message,
        columns: Option<Meaning>,
    ) -> Result<Self, GeodesyError> {
        let ways = readings
            .into_iter()
            .map(Way::new)
            .collect::<Result<Vec<_>, _>>()?;
        let join = |part: fn(&Reading) -> String| {
            let parts: Vec<_> = ways.iter().map(|way| part(&way.reading)).collect();
            parts.join(", ")
        };
        let described = CrsDecision {
            crs: join(|reading| code(&reading.crs)),
            name: join(|reading| reading.crs.name().to_owned()),
            evidence,
            operation: ways.first().map(Way::operation).unwrap_or_default(),
            notes: ways
                .first()
                .and_then(|way| turned_note(&way.reading, columns))
                .into_iter()
                .collect(),
        };
        Ok(Self {
            ways,
            notation: Notation::default(),
            described,
        })
    }

    /// The same with what is said about the numbers of the table.
    pub(super) fn noted(mut self, notation: Notation, notes: Vec<Message>) -> Self {
        self.notation = notation;
        self.described.notes.extend(notes);
        self
    }

    /// The ways in which the numbers are read: one, or one for each zone.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        self.ways.iter().map(|way| &way.reading)
    }
}

impl Default for OperationUsed {
    /// Nothing done.
    fn default() -> Self {
        Self {
            name: String::new(),
            epsg: None,
            accuracy_m: 0.0,
        }
    }
}

impl Way {
    fn new(reading: Reading) -> Result<Self, GeodesyError> {
        let plan = TransformPlan::of_reading(&reading)?;
        Ok(Self { reading, plan })
    }

    fn operation(&self) -> OperationUsed {
        let operation = self.plan.operation();
        OperationUsed {
            name: operation.name.clone(),
            epsg: operation.epsg,
            accuracy_m: operation.accuracy_m,
        }
    }

    /// Whether the numbers are longitude, latitude WGS 84 already: nothing to do is done without
    /// rounding.
    pub(super) fn is_nothing(&self) -> bool {
        let crs = &self.reading.crs;
        let is_wgs84 =
            crs.epsg() == Some(4326) || crs.uri().is_some_and(|uri| uri.ends_with("/CRS84"));
        is_wgs84 && self.reading.is_plain()
    }
}

fn turned_note(reading: &Reading, columns: Option<Meaning>) -> Option<Message> {
    reading.is_turned().then(|| match columns {
        Some(Meaning::XY) => message!(
            "колона названа x је север, а она названа y исток, као у српском премеру: само тако \
             бројеви леже у Србији",
            "the column called x is north and the one called y east, as in Serbian surveying: only \
             so do the numbers lie in Serbia"
        ),
        Some(Meaning::EastNorth | Meaning::LongitudeLatitude) => message!(
            "колоне за исток и север су замењене: само тако бројеви леже у Србији",
            "the columns of east and north are exchanged: only so do the numbers lie in Serbia"
        ),
        Some(Meaning::SpatialUnits) | None => message!(
            "осе су у целој датотеци замењене, први број тачке је север, а други исток: само тако \
             бројеви леже у Србији",
            "the axes are exchanged in the whole file, the first number of a point being north and \
             the second east: only so do the numbers lie in Serbia"
        ),
    })
}

fn added_note(reading: &Reading) -> Option<Message> {
    let added = reading.add_to_easting_m;
    (added != 0.0).then(|| {
        message!(
            "свакој координати исток додато је {added} m: у датотеци је изостављена цифра зоне",
            "{added} m were added to every easting: the file leaves the zone digit out"
        )
    })
}

/// Where the shift of the file would have put a point instead.
fn replaced_shift_note(reading: &Reading, example: Example) -> Option<Message> {
    let differs = reading.replaced_shift_differs_by_m(example.x, example.y);
    let metres = differs.ok().flatten()?;
    let Example { x, y, .. } = example;
    Some(message!(
        "прелаз на WGS 84 који датотека носи поставио би тачку x {x}, y {y} за {metres:.1} m даље; \
         употребљена је операција EPSG:9486",
        "the shift to WGS 84 that the file brings along would put the point x {x}, y {y} {metres:.1} \
         m away; EPSG:9486 was used"
    ))
}

pub(super) fn code(crs: &Crs) -> String {
    crs.epsg()
        .map_or_else(|| crs.name().to_owned(), |code| format!("EPSG:{code}"))
}

/// Code and name as declared, and what they were read as where that differs.
pub(super) fn called(crs: &Crs) -> Message {
    let declared = crs.declared();
    let text = match declared.epsg {
        Some(code) => format!("EPSG:{code} ({})", declared.name),
        None => format!("`{}`", declared.name),
    };
    if declared.epsg == crs.epsg() {
        return Message::verbatim(text);
    }
    let code = code(crs);
    message!("{text}, што се чита као {code}", "{text}, read as {code}")
}
