use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crs::{AxisOrder, Crs};
use crate::definition::Definition;
use crate::error::GeodesyError;
use crate::reading::Reading;
use crate::registry::{self, ChosenOperation};
use crate::signature::{items, text};
use crate::transform::{Direction, Transformer};

/// EPSG:9486, MGI 1901 to WGS 84 (15): its parameters are those of EPSG:9495,
/// MGI 1901 to `SRB_ETRS89`, by the Republic Geodetic Authority of Serbia.
///
/// From longitude, latitude in degrees to the same. Heights are set aside
/// (`v_3`) because the stored points have none. `exact` takes the rotation
/// matrix instead of its small-angle form, whose inverse in PROJ is 11 mm off:
/// data that go out in the grid and come back must not creep. Either way it
/// differs from the small-angle form by less than 10 mm.
const MGI_1901_TO_WGS_84: &str = "x=577.84843 y=165.45019 z=390.43652 \
     rx=-4.93131 ry=0.96052 rz=13.05072 s=7.86546 convention=coordinate_frame exact";

/// The steps from longitude, latitude on the ellipsoid Bessel 1841 to WGS 84 by a Helmert
/// transformation.
fn to_wgs_84(helmert: &str) -> String {
    format!(
        "step proj=unitconvert xy_in=deg xy_out=rad step proj=push v_3 step proj=cart ellps=bessel \
         step proj=helmert {helmert} step inv proj=cart ellps=WGS84 step proj=pop v_3 \
         step proj=unitconvert xy_in=rad xy_out=deg"
    )
}

const SWAP_AXES: &str = "step proj=axisswap order=2,1";

/// Plans of systems with a code, by that code: no more than the registry has.
fn known_plans() -> MutexGuard<'static, HashMap<String, TransformPlan>> {
    static PLANS: LazyLock<Mutex<HashMap<String, TransformPlan>>> = LazyLock::new(Mutex::default);
    PLANS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The operation that takes a reference system to WGS 84.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The name by the EPSG registry, or PROJ's name for a chain of steps.
    pub name: String,
    /// EPSG code of the change of datum; `None` when the datum stays or PROJ
    /// gives no code.
    pub epsg: Option<u32>,
    /// Accuracy in metres by the EPSG registry; 0 when the datum stays.
    pub accuracy_m: f64,
}

/// How to go between a reference system and WGS 84, without PROJ's objects.
///
/// A [`Transformer`] belongs to one thread; a plan can be shared, and makes
/// transformers without choosing again. Choosing takes tens of milliseconds, once for each
/// code, and making a transformer about five, so keep both where many are needed.
#[derive(Debug, Clone, PartialEq)]
pub struct TransformPlan {
    pub(crate) pipeline: String,
    pub(crate) operation: Operation,
}

impl TransformPlan {
    /// Chooses the operation: EPSG:9486 on the datum MGI 1901, else the best
    /// that PROJ has for Serbia without missing grids.
    ///
    /// # Errors
    /// When there is no operation, or its accuracy is unknown (PROJ's
    /// "ballpark" operations, which ignore the change of datum).
    pub fn new(crs: &Crs) -> Result<Self, GeodesyError> {
        let definition = crs.definition();
        if !definition.is_of_registry() {
            return Self::chosen(definition);
        }
        if let Some(known) = known_plans().get(&definition.text) {
            return Ok(known.clone());
        }
        let plan = Self::chosen(definition)?;
        known_plans().insert(definition.text.clone(), plan.clone());
        Ok(plan)
    }

    fn chosen(crs: &Definition) -> Result<Self, GeodesyError> {
        if crs.signature.is_on_mgi_1901() {
            Self::pinned(crs)
        } else {
            Self::chosen_by_proj(crs)
        }
    }

    /// The same for numbers that are read in a certain way: axes are turned and left-out digits
    /// added by the plan, so that its transformers take the numbers as a file writes them.
    ///
    /// # Errors
    /// As [`TransformPlan::new`].
    pub fn of_reading(reading: &Reading) -> Result<Self, GeodesyError> {
        let plan = Self::new(&reading.crs)?;
        Ok(plan.after(reading))
    }

    /// The operation that the text of the reference system itself proposes (`TOWGS84`), where
    /// EPSG:9486 replaced it. Its accuracy is unknown: it is for comparison.
    pub(crate) fn by_own_shift(reading: &Reading) -> Result<Option<Self>, GeodesyError> {
        let crs = reading.crs.definition();
        let Some(shift) = reading.crs.replaced_shift() else {
            return Ok(None);
        };
        let plan = Self {
            pipeline: on_mgi_1901(crs, &shift.helmert())?,
            operation: Operation {
                name: shift.to_string(),
                epsg: None,
                accuracy_m: f64::INFINITY,
            },
        };
        Ok(Some(plan.after(reading)))
    }

    fn after(mut self, reading: &Reading) -> Self {
        let turn = swap_if(reading.axes == AxisOrder::NorthEast);
        let add = if reading.add_to_easting_m == 0.0 {
            String::new()
        } else {
            format!("step proj=affine xoff={}", reading.add_to_easting_m)
        };
        if !(turn.is_empty() && add.is_empty()) {
            let steps = self.pipeline.trim_start_matches("proj=pipeline");
            self.pipeline = format!("proj=pipeline {turn} {add} {steps}");
        }
        self
    }

    /// The operation from the reference system to WGS 84.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// A transformer to longitude, latitude WGS 84 for the calling thread.
    ///
    /// # Errors
    /// When PROJ cannot build the pipeline.
    pub fn to_wgs84(&self) -> Result<Transformer, GeodesyError> {
        Transformer::open(self.clone(), Direction::ToWgs84)
    }

    /// A transformer from longitude, latitude WGS 84 for the calling thread.
    ///
    /// # Errors
    /// When PROJ cannot build the pipeline.
    pub fn from_wgs84(&self) -> Result<Transformer, GeodesyError> {
        Transformer::open(self.clone(), Direction::FromWgs84)
    }

    fn pinned(crs: &Definition) -> Result<Self, GeodesyError> {
        Ok(Self {
            pipeline: on_mgi_1901(crs, MGI_1901_TO_WGS_84)?,
            operation: Operation {
                name: "MGI 1901 to WGS 84 (15)".to_owned(),
                epsg: Some(9486),
                accuracy_m: 1.0,
            },
        })
    }

    fn chosen_by_proj(crs: &Definition) -> Result<Self, GeodesyError> {
        let chosen = best_known_operation(crs, "EPSG:4326")?;
        Ok(Self {
            pipeline: pipeline(crs, &format!("{} {SWAP_AXES}", chosen.steps)),
            operation: Operation {
                epsg: chosen.projjson.as_ref().and_then(datum_operation),
                name: chosen.name,
                accuracy_m: chosen.accuracy_m,
            },
        })
    }
}

/// A pipeline from a system on the datum MGI 1901 by a Helmert transformation.
fn on_mgi_1901(crs: &Definition, helmert: &str) -> Result<String, GeodesyError> {
    let to_lon_lat = match &crs.base {
        Some(base) => {
            let conversion = best_known_operation(crs, &base.text)?;
            let turn = swap_if(base.axis_order == AxisOrder::NorthEast);
            format!("{} {turn}", conversion.steps)
        }
        None if crs.signature.has_plain_unit() => String::new(),
        None => {
            return Err(GeodesyError::UnsupportedUnit {
                name: crs.identity.name.clone(),
                degrees: crs.signature.axis_unit,
            });
        }
    };
    let steps = format!("{to_lon_lat} {}", to_wgs_84(helmert));
    Ok(pipeline(crs, &steps))
}

/// A pipeline that takes x = east whatever the axis order of the definition.
fn pipeline(crs: &Definition, steps: &str) -> String {
    let turn = match &crs.base {
        None if crs.signature.is_on_mgi_1901() => "",
        _ => swap_if(crs.identity.axis_order == AxisOrder::NorthEast),
    };
    format!("proj=pipeline {turn} {steps}")
}

fn swap_if(swap: bool) -> &'static str {
    if swap { SWAP_AXES } else { "" }
}

fn best_known_operation(crs: &Definition, target: &str) -> Result<ChosenOperation, GeodesyError> {
    let name = &crs.identity.name;
    let chosen = registry::best_operation(name, &crs.text, target)?;
    if chosen.has_known_accuracy() {
        Ok(chosen)
    } else {
        Err(GeodesyError::UnknownAccuracy {
            crs: name.clone(),
            operation: chosen.name,
        })
    }
}

/// The EPSG code of the one step that changes the datum.
fn datum_operation(operation: &Value) -> Option<u32> {
    let code = match text(operation, "type") {
        "ConcatenatedOperation" => items(&operation["steps"]).find_map(transformation_code),
        _ => transformation_code(operation),
    };
    code.and_then(|code| u32::try_from(code).ok())
}

fn transformation_code(step: &Value) -> Option<u64> {
    let id = step.get("id")?;
    (text(step, "type") == "Transformation" && text(id, "authority") == "EPSG")
        .then(|| id["code"].as_u64())
        .flatten()
}
