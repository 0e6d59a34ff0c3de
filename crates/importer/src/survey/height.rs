//! Whether values can be heights in Serbia.

use domain::lang::Message;
use domain::message;
use domain::record::{Finding, Severity};
use raster::Statistics;
use raster::cog::Seen;

/// What the register takes as a height, metres.
const LOWEST_M: f64 = -500.0;
const HIGHEST_M: f64 = 3_000.0;
/// Serbia's heights in centimetres, rounded outward.
const LOWEST_CM: f64 = 1_700.0;
const HIGHEST_CM: f64 = 300_000.0;
/// Serbia's heights in feet, rounded up.
const HIGHEST_FT: f64 = 9_000.0;

/// No cell has data.
pub(super) fn nothing() -> Finding {
    Finding::whole(
        Severity::Error,
        message!(
            "ниједна ћелија нема податак; извезите снимак поново, са вредностима",
            "no cell has data; export the survey again, with its values"
        ),
    )
}

/// Which cells are taken for empty although the file does not say so.
pub(super) fn presumed(seen: &Seen) -> Option<Message> {
    let count = seen.presumed;
    (count > 0).then(|| {
        message!(
            "ћелија без података које датотека не означава као такве (0, -9999 и слично): {count}",
            "{count} cells hold what is no height (0, -9999 or the like), though the file does not \
             mark them as without data; they were taken as such"
        )
    })
}

/// An error for values that are no heights in metres.
pub(super) fn implausible(heights: &Statistics, unit_said: bool) -> Option<Finding> {
    let (lowest, highest) = (heights.lowest, heights.highest);
    if lowest >= LOWEST_M && highest <= HIGHEST_M {
        return None;
    }
    let message = if unit_said || lowest < LOWEST_CM.min(HIGHEST_M) && highest > HIGHEST_FT {
        outside(lowest, highest)
    } else if highest <= HIGHEST_FT && !heights.whole {
        may_be(lowest, highest, ("стопама", "feet", "ft"))
    } else if lowest >= LOWEST_CM && highest <= HIGHEST_CM {
        may_be(lowest, highest, ("центиметрима", "centimetres", "cm"))
    } else {
        outside(lowest, highest)
    };
    Some(Finding::of(Severity::Error, "lowest_m", message))
}

fn may_be(lowest: f64, highest: f64, (sr, en, unit): (&str, &str, &str)) -> Message {
    message!(
        "вредности од {lowest} до {highest} нису висине у метрима у Србији, а изгледају као висине у \
         {sr}; ако јесу, увезите са --height-unit {unit}",
        "values from {lowest} to {highest} are no heights in metres in Serbia, but look like heights \
         in {en}; if they are, import with --height-unit {unit}"
    )
}

fn outside(lowest: f64, highest: f64) -> Message {
    message!(
        "висине од {lowest} до {highest} m нису могуће у Србији (-500 до 3000 m); проверите јединицу \
         (--height-unit) и ознаку ћелија без података (gdal_translate -a_nodata)",
        "heights from {lowest} to {highest} m are not possible in Serbia (-500 to 3000 m); check the \
         unit (--height-unit) and the mark of cells without data (gdal_translate -a_nodata)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_heights_of_serbia_are_taken() {
        for (values, said, words) in [
            (&[300.0, 812.5][..], false, None),
            (&[-45.0, 2_656.0], false, None),
            (&[30_000.0, 41_200.0], false, Some("--height-unit cm")),
            (&[984.25, 6_561.7], false, Some("--height-unit ft")),
            (&[30_000.0, 41_200.0], true, Some("not possible")),
            (&[-9_998.0, 412.0], false, Some("not possible")),
            (&[300.0, 1e9], false, Some("not possible")),
        ] {
            let found = implausible(&Statistics::of(values.iter().copied()), said);
            let seen = found.map(|finding| finding.message.en);
            match words {
                None => assert_eq!(seen, None, "{values:?}"),
                Some(words) => {
                    assert!(
                        seen.as_ref().is_some_and(|seen| seen.contains(words)),
                        "{seen:?}"
                    );
                }
            }
        }
    }
}
