//! How alike two words are, for suggestions.

/// The share of pairs of neighbouring letters that two texts have in common (Sørensen and Dice):
/// 1 for the same text, 0 for nothing in common.
pub(crate) fn similarity(a: &str, b: &str) -> f64 {
    let (of_a, mut of_b) = (pairs(a), pairs(b));
    let total = of_a.len() + of_b.len();
    if total == 0 {
        return f64::from(u8::from(a == b));
    }
    let mut common = 0_u32;
    for pair in of_a {
        if let Some(at) = of_b.iter().position(|other| *other == pair) {
            of_b.swap_remove(at);
            common += 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "names have few letters")]
    let total = total as f64;
    2.0 * f64::from(common) / total
}

fn pairs(text: &str) -> Vec<(char, char)> {
    text.chars().zip(text.chars().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_pairs_make_words_alike() {
        for (a, b, expected) in [
            // ni ig gh ht, na ac ch ht: one of eight.
            ("night", "nacht", 0.25),
            ("jalovina", "jalovina", 1.0),
            ("ab", "cd", 0.0),
            ("", "", 1.0),
            ("a", "b", 0.0),
            // aa aa, aa: one of two against one.
            ("aaa", "aa", 2.0 / 3.0),
        ] {
            assert!((similarity(a, b) - expected).abs() < 1e-12, "{a} {b}");
        }
    }
}
