//! The only place that calls PROJ.
//!
//! PROJ is linked statically with its registry (`proj.db`) inside the library,
//! so no file is needed. Its objects belong to one thread, and three of its
//! calls share state between threads: `proj_info` frees the text an earlier
//! caller may still be reading, and `proj_cleanup`, which the wrapper calls
//! whenever an object is dropped, empties process-wide caches. Objects are
//! therefore made and dropped under one lock; transforming needs none.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use proj::{Area, Proj, ProjBuilder, ProjCreateError, ProjError};
use serde_json::Value;

use crate::bounds::{Bounds, SERBIA};
use crate::error::GeodesyError;

static SETUP: Mutex<()> = Mutex::new(());

/// A folder that must not exist.
///
/// PROJ looks for `proj.db` in the current folder unless a search path is set.
/// The wrapper can only add to the default folders (the user's, `PROJ_DATA` or
/// `../share/proj` beside the program), so a registry of a newer PROJ lying in
/// one of them is still read and one of an older PROJ is refused.
const NO_FOLDER: &str = "/nonexistent/cadastre-uses-the-registry-inside-the-program";

/// An operation between two reference systems as PROJ chose it.
#[derive(Debug)]
pub(crate) struct ChosenOperation {
    /// Steps of a PROJ pipeline, from and to the registry's axis orders.
    pub(crate) steps: String,
    pub(crate) name: String,
    /// Negative when unknown.
    pub(crate) accuracy_m: f64,
    /// PROJJSON, where PROJ can export the operation.
    pub(crate) projjson: Option<Value>,
}

impl ChosenOperation {
    /// Whether it is neither a ballpark, which ignores the change of datum, nor
    /// of unknown accuracy.
    pub(crate) fn has_known_accuracy(&self) -> bool {
        self.accuracy_m >= 0.0 && !self.name.to_lowercase().contains("ballpark")
    }
}

/// The description of a definition (code, WKT or PROJJSON) in PROJJSON.
pub(crate) fn projjson(definition: &str) -> Result<Value, DescribeError> {
    let _guard = lock();
    let object = create(definition).map_err(DescribeError::Create)?;
    let text = object
        .to_projjson(Some(false), None, None)
        .map_err(|source| DescribeError::Export(Some(source)))?;
    serde_json::from_str(&text).map_err(|_| DescribeError::Export(None))
}

pub(crate) enum DescribeError {
    Create(ProjCreateError),
    Export(Option<ProjError>),
}

/// Whether the registry answers at all.
pub(crate) fn is_readable() -> bool {
    projjson("EPSG:4326").is_ok()
}

/// The folders that PROJ searches for a registry, as PROJ writes them.
pub(crate) fn searched_folders() -> String {
    let _guard = lock();
    ProjBuilder::new()
        .lib_info()
        .map(|info| info.searchpath)
        .unwrap_or_default()
}

/// PROJ's best operation in Serbia from one definition to another.
///
/// Where PROJ has nothing better this is a ballpark operation, so that the
/// caller can name it when refusing it. `crs` names the source in errors.
pub(crate) fn best_operation(
    crs: &str,
    source: &str,
    target: &str,
) -> Result<ChosenOperation, GeodesyError> {
    let _guard = lock();
    let refused = |source| GeodesyError::NoOperation {
        crs: crs.to_owned(),
        source,
    };
    let source = create(source).map_err(|error| refused(Some(error)))?;
    let target = create(target).map_err(|error| refused(Some(error)))?;
    // Asked to leave out ballparks where it has no other, PROJ returns nothing
    // and sets no error number, at which the wrapper panics.
    let any = describe(&create_operation(&source, &target, Ballpark::Allowed).map_err(refused)?);
    if any.has_known_accuracy() {
        let exact = create_operation(&source, &target, Ballpark::LeftOut).map_err(refused)?;
        return Ok(describe(&exact));
    }
    Ok(any)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ballpark {
    Allowed,
    LeftOut,
}

fn create_operation(
    source: &Proj,
    target: &Proj,
    ballpark: Ballpark,
) -> Result<Proj, Option<ProjCreateError>> {
    let mut options = vec!["ONLY_BEST=YES"];
    if ballpark == Ballpark::LeftOut {
        options.push("ALLOW_BALLPARK=NO");
    }
    let create = || source.create_crs_to_crs_from_pj(target, Some(area(&SERBIA)), Some(options));
    caught(create).ok_or(None)?.map_err(Some)
}

/// Does what may panic in the wrapper of PROJ, which takes a refusal without a reason for impossible.
/// Such a panic is an answer, so the program's panic hook does not hear of it.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    thread_local! {
        static EXPECTED: Cell<bool> = const { Cell::new(false) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !EXPECTED.get() {
                before(panic);
            }
        }));
    });
    EXPECTED.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(false);
    done.ok()
}

/// Describes an operation; where PROJ holds several candidates, the one it
/// takes in the middle of Serbia.
fn describe(operation: &Proj) -> ChosenOperation {
    const MIDDLE_LAT_LON: (f64, f64) = (44.0, 21.0);
    let has_candidates = operation.proj_info().id.as_deref() == Some("unknown");
    if has_candidates {
        // A failure leaves the accuracy unknown, which callers refuse.
        let _: Result<(f64, f64), ProjError> = operation.project(MIDDLE_LAT_LON, true);
    }
    let info = operation.proj_info();
    ChosenOperation {
        steps: steps(&info.definition.unwrap_or_default()),
        name: info.description.unwrap_or_default(),
        accuracy_m: info.accuracy,
        projjson: (!has_candidates)
            .then(|| operation.to_projjson(Some(false), None, None).ok())
            .flatten()
            .and_then(|text| serde_json::from_str(&text).ok()),
    }
}

/// The steps of a definition that is either a pipeline or one operation.
fn steps(definition: &str) -> String {
    definition
        .strip_prefix("proj=pipeline ")
        .map_or_else(|| format!("step {definition}"), str::to_owned)
}

fn area(bounds: &Bounds) -> Area {
    Area::new(bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y)
}

fn create(definition: &str) -> Result<Proj, ProjCreateError> {
    let mut builder = ProjBuilder::new();
    builder
        .set_search_paths(NO_FOLDER)
        .map_err(|error| ProjCreateError::ProjError(error.to_string()))?;
    caught(|| builder.proj(definition))
        .unwrap_or_else(|| Err(ProjCreateError::ProjError("PROJ gave no reason".to_owned())))
}

fn lock() -> MutexGuard<'static, ()> {
    SETUP.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A PROJ pipeline that belongs to one thread.
pub(crate) struct Pipeline(Option<Proj>);

impl Pipeline {
    pub(crate) fn open(definition: &str) -> Result<Self, ProjCreateError> {
        let _guard = lock();
        create(definition).map(|object| Self(Some(object)))
    }

    /// Runs one point through the pipeline, backwards when `inverse`.
    pub(crate) fn run(&self, x: f64, y: f64, inverse: bool) -> Result<(f64, f64), ProjError> {
        match &self.0 {
            Some(object) => object.project((x, y), inverse),
            None => Err(ProjError::Definition),
        }
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        let _guard = lock();
        self.0.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_candidates_settle_on_one_with_known_accuracy() {
        let Ok(operation) = best_operation("MGI 1901", "EPSG:3906", "EPSG:4326") else {
            panic!("MGI 1901 has operations in Serbia");
        };
        assert!(operation.accuracy_m > 0.0, "{operation:?}");
        assert!(
            operation.name.starts_with("MGI 1901 to WGS 84"),
            "{operation:?}"
        );
        assert!(operation.steps.contains("proj=helmert"), "{operation:?}");
    }

    #[test]
    fn a_reference_system_unknown_to_proj_is_an_error_not_a_panic() {
        assert!(best_operation("none", "EPSG:999999", "EPSG:4326").is_err());
    }
}
