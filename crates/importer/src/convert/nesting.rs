//! How deep a geometry may lie in others. The parser of well-known text calls itself for each level,
//! and a program that calls itself too often ends.

use domain::lang::Message;
use domain::message;

/// Deeper than any geometry with a meaning: a collection of multipolygons has four levels.
const MAX_LEVELS: usize = 16;

/// Sees that the brackets of a well-known text are not within each other more than they may be.
pub(super) fn check(wkt: &str) -> Result<(), Message> {
    let mut level = 0_usize;
    let is_too_deep = wkt.bytes().any(|byte| {
        match byte {
            b'(' => level += 1,
            b')' => level = level.saturating_sub(1),
            _ => {}
        }
        level > MAX_LEVELS
    });
    if is_too_deep {
        return Err(message!(
            "геометрија је превише дубоко у другим геометријама; напишите је засебно",
            "the geometry lies too deep in other geometries; write it by itself"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    fn is_too_deep(wkt: &str) -> bool {
        check(wkt).is_err()
    }

    #[test]
    fn levels_are_counted_not_brackets() {
        let collection = "GEOMETRYCOLLECTION (MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0))))";
        assert!(!is_too_deep(collection));
        assert!(!is_too_deep(&"POINT (1 2)".repeat(100)));
        assert!(!is_too_deep(&"(".repeat(16)));
        assert!(is_too_deep(&"(".repeat(17)));
    }
}
