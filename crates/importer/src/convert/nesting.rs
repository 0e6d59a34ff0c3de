//! How deep a geometry may lie in others. The parser of well-known text calls itself for each level,
//! and a program that calls itself too often ends.

/// Deeper than any geometry with a meaning: a collection of multipolygons has four levels.
const MAX_LEVELS: usize = 16;

/// Whether the brackets of a well-known text are within each other more than they may be.
pub(super) fn is_too_deep(wkt: &str) -> bool {
    let mut level = 0_usize;
    wkt.bytes().any(|byte| {
        match byte {
            b'(' => level += 1,
            b')' => level = level.saturating_sub(1),
            _ => {}
        }
        level > MAX_LEVELS
    })
}

#[cfg(test)]
mod tests {
    use super::is_too_deep;

    #[test]
    fn levels_are_counted_not_brackets() {
        let collection = "GEOMETRYCOLLECTION (MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0))))";
        assert!(!is_too_deep(collection));
        assert!(!is_too_deep(&"POINT (1 2)".repeat(100)));
        assert!(!is_too_deep(&"(".repeat(16)));
        assert!(is_too_deep(&"(".repeat(17)));
    }
}
