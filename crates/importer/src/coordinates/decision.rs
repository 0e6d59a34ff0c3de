//! The decision, for the transformation and for the report.

use domain::lang::Message;
use geodesy::{Crs, GeodesyError, TransformPlan};
use serde::Serialize;

/// The reference system of a file's coordinates, decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// How the coordinates get to longitude, latitude WGS 84.
    pub plan: TransformPlan,
    /// Whether they are longitude, latitude WGS 84 already.
    pub is_wgs84: bool,
    /// Whether the column called x is north and the one called y east.
    pub swap: bool,
    /// The same in words.
    pub described: CrsDecision,
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
    pub(super) fn new(crs: &Crs, evidence: &str, swap: bool) -> Result<Self, GeodesyError> {
        let plan = TransformPlan::new(crs)?;
        let operation = plan.operation();
        let operation = OperationUsed {
            name: operation.name.clone(),
            epsg: operation.epsg,
            accuracy_m: operation.accuracy_m,
        };
        let turned = swap.then(|| {
            "the column called x is north and the one called y east, as in Serbian surveying: only \
             so do the numbers lie in Serbia"
                .to_owned()
        });
        let described = CrsDecision {
            crs: code(crs),
            name: crs.name().to_owned(),
            evidence: format!("{evidence} {}", called(crs)).into(),
            operation,
            notes: crs
                .notes()
                .iter()
                .cloned()
                .chain(turned)
                .map(Message::from)
                .collect(),
        };
        Ok(Self {
            plan,
            is_wgs84: is_wgs84(crs),
            swap,
            described,
        })
    }
}

fn code(crs: &Crs) -> String {
    crs.epsg()
        .map_or_else(|| crs.name().to_owned(), |code| format!("EPSG:{code}"))
}

fn is_wgs84(crs: &Crs) -> bool {
    crs.epsg() == Some(4326) || crs.uri().is_some_and(|uri| uri.ends_with("/CRS84"))
}

/// Code and name as declared, and what they were read as where that differs.
pub(super) fn called(crs: &Crs) -> String {
    let declared = crs.declared();
    let text = match declared.epsg {
        Some(code) => format!("EPSG:{code} ({})", declared.name),
        None => format!("`{}`", declared.name),
    };
    if declared.epsg == crs.epsg() {
        text
    } else {
        format!("{text}, read as {}", code(crs))
    }
}
