//! Transformers of the calling thread: making one takes milliseconds, a tile not many more.

use std::cell::RefCell;
use std::rc::Rc;

use geodesy::{GeodesyError, TransformPlan, Transformer};

/// So many are kept in each direction: the register has few coordinate reference systems.
const MOST_KEPT: usize = 8;

type Kept = RefCell<Vec<Rc<Transformer>>>;

thread_local! {
    static TO_WGS84: Kept = const { RefCell::new(Vec::new()) };
    static FROM_WGS84: Kept = const { RefCell::new(Vec::new()) };
}

/// To longitude, latitude WGS 84.
pub fn to_wgs84(plan: &TransformPlan) -> Result<Rc<Transformer>, GeodesyError> {
    TO_WGS84.with(|kept| find(kept, plan, TransformPlan::to_wgs84))
}

/// From longitude, latitude WGS 84.
pub fn from_wgs84(plan: &TransformPlan) -> Result<Rc<Transformer>, GeodesyError> {
    FROM_WGS84.with(|kept| find(kept, plan, TransformPlan::from_wgs84))
}

fn find(
    kept: &Kept,
    plan: &TransformPlan,
    make: impl FnOnce(&TransformPlan) -> Result<Transformer, GeodesyError>,
) -> Result<Rc<Transformer>, GeodesyError> {
    let mut kept = kept.borrow_mut();
    if let Some(found) = kept.iter().find(|one| one.plan() == plan) {
        return Ok(Rc::clone(found));
    }
    let made = Rc::new(make(plan)?);
    if kept.len() >= MOST_KEPT {
        kept.remove(0);
    }
    kept.push(Rc::clone(&made));
    Ok(made)
}
