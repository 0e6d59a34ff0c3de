//! What is said about a comparison: refusals with their way out, and warnings.

use domain::lang::Message;
use domain::message;

use super::spread::Spread;
use super::stable::LEAST_CELLS;
use super::sums::Sums;
use super::{Change, Options, Stable};

/// The geoid lies 43 to 47 m above the ellipsoid in Serbia.
const UNDULATION_M: std::ops::RangeInclusive<f64> = 40.0..=50.0;
/// Below this part of the outline the result is not that of the facility.
const ENOUGH_PERCENT: f64 = 95.0;

pub fn no_outline() -> Message {
    message!(
        "објекат нема границу; унесите је у слој facility_outlines",
        "the facility has no outline; import one into the layer facility_outlines"
    )
}

pub fn no_overlap() -> Message {
    message!(
        "снимци се не преклапају; проверите шифре снимака и њихове координатне системе",
        "the surveys do not overlap; check the codes of the surveys and their reference systems"
    )
}

pub fn no_coregistration() -> Message {
    message!(
        "нема довољно непромењеног тла ван објеката (потребно је најмање {LEAST_CELLS} ћелија) да \
         би се снимци поклопили; поновите без поклапања",
        "there is too little stable ground outside facilities (at least {LEAST_CELLS} cells are \
         needed) to co-register the surveys; repeat without co-registration"
    )
}

pub fn too_many(cells: usize, most: usize) -> Message {
    message!(
        "поређење би имало {cells} ћелија, а може највише {most}; овде помаже команда cadastre \
         volume, или грубљи снимак",
        "the comparison would have {cells} cells where {most} is the most; use the command cadastre \
         volume, or a coarser survey"
    )
}

pub fn nothing_compared(sums: &Sums) -> Message {
    if sums.outline_m2 > 0.0 && sums.excluded_m2 >= sums.outline_m2 {
        return message!(
            "цела граница објекта је изузета; смањите изузету површину",
            "all of the outline is excluded; exclude less"
        );
    }
    message!(
        "унутар границе објекта нема места где оба снимка имају висине (упоређено је 0 %); \
         изаберите снимке који покривају објекат",
        "there is no place inside the facility's outline where both surveys have heights (compared: \
         0 %); choose surveys that cover the facility"
    )
}

/// Whether the differences are those of heights above the ellipsoid and above the sea.
pub fn is_undulation(spread: &Spread) -> bool {
    UNDULATION_M.contains(&spread.median.abs()) && spread.nmad < 5.0
}

pub fn undulation(offset_m: f64) -> Message {
    message!(
        "висине се на непромењеном тлу разликују за {offset_m:.1} m, колико је у Србији геоид изнад \
         елипсоида: један снимак има елипсоидне висине, други висине изнад мора; сведите један \
         снимак на датум другог и унесите га поново са --vertical-datum",
        "on stable ground the heights differ by {offset_m:.1} m, which is how far the geoid lies from \
         the ellipsoid in Serbia: one survey has ellipsoidal heights, the other heights above the \
         sea; bring one to the datum of the other and import it again with --vertical-datum"
    )
}

/// What somebody should know before using the numbers.
pub fn warnings(change: &Change, options: &Options, is_cut_off: bool) -> Vec<Message> {
    let mut warnings = Vec::new();
    if change.compared_percent < ENOUGH_PERCENT {
        let percent = change.compared_percent;
        warnings.push(message!(
            "упоређено је само {percent:.1} % границе; остатак није познат и није урачунат",
            "only {percent:.1} % of the outline was compared; the rest is unknown and not counted"
        ));
    }
    match &change.stable_ground {
        None => warnings.push(no_stable_ground(change)),
        Some(stable) => warnings.extend(displaced(stable, change, options)),
    }
    if is_cut_off {
        warnings.push(message!(
            "непромењено тло је премало да покаже докле су грешке повезане; случајни део \
             несигурности је можда већи",
            "the stable ground is too small to show how far errors are correlated; the random part of \
             the uncertainty may be larger"
        ));
    }
    if change.level_of_detection_m.is_none() {
        warnings.push(message!(
            "праг уочљивости није познат, па су урачунате све разлике; наведите га, или тачност снимака",
            "no level of detection is known, so all differences count; give one, or the surveys' accuracies"
        ));
    }
    warnings.extend(flat_surfaces(change));
    warnings
}

fn no_stable_ground(change: &Change) -> Message {
    let known = change.uncertainty.is_some();
    if known {
        return message!(
            "ван објеката нема довољно непромењеног тла (потребно је {LEAST_CELLS} ћелија): померај и \
             одступање снимака нису познати, а грешке су узете као потпуно повезане, по наведеној \
             тачности снимака",
            "there is too little stable ground outside facilities ({LEAST_CELLS} cells are needed): \
             shift and bias of the surveys are unknown, and errors are taken as wholly correlated, by \
             the stated accuracies of the surveys"
        );
    }
    message!(
        "ван објеката нема довољно непромењеног тла (потребно је {LEAST_CELLS} ћелија), а тачност \
         снимака није наведена: несигурност није позната",
        "there is too little stable ground outside facilities ({LEAST_CELLS} cells are needed), and the \
         accuracy of the surveys is not said: the uncertainty is unknown"
    )
}

/// A shift or bias that was left in and shows.
fn displaced(stable: &Stable, change: &Change, options: &Options) -> Vec<Message> {
    let mut warnings = Vec::new();
    let shift = stable.shift_east_m.zip(stable.shift_north_m);
    if options.coregister {
        if shift.is_none() {
            warnings.push(message!(
                "непромењено тло је преравно да покаже хоризонтални померај; уклоњено је само \
                 висинско одступање",
                "the stable ground is too even to show a horizontal shift; only the vertical bias was \
                 removed"
            ));
        }
        return warnings;
    }
    let bias_m = stable.bias_m;
    if bias_m.abs() > 0.05_f64.max(2.0 * stable.bias_error_m) {
        warnings.push(message!(
            "на непромењеном тлу каснији снимак се висински разликује за {bias_m:+.2} m; то је у \
             несигурности, а поклапањем снимака се уклања",
            "on stable ground the later survey differs in height by {bias_m:+.2} m; this is in the \
             uncertainty, and co-registration removes it"
        ));
    }
    if let Some((east_m, north_m)) =
        shift.filter(|(east, north)| east.hypot(*north) > change.cell_size_m / 2.0)
    {
        warnings.push(message!(
            "каснији снимак је померен за {east_m:+.2} m ка истоку и {north_m:+.2} m ка северу; \
             поклапањем снимака се то уклања",
            "the later survey is displaced by {east_m:+.2} m to the east and {north_m:+.2} m to the \
             north; co-registration removes this"
        ));
    }
    warnings
}

fn flat_surfaces(change: &Change) -> Option<Message> {
    let shown = change.flat_area_m2 > 0.001 * change.outline_area_m2;
    let area_m2 = change.flat_area_m2;
    shown.then(|| {
        message!(
            "{area_m2:.0} m² границе је у каснијем снимку савршено равно, вероватно вода; вода се \
             изузима маском или опцијом за равне површине",
            "{area_m2:.0} m² of the outline are perfectly flat in the later survey, probably water; \
             exclude water by a mask or by the option for flat surfaces"
        )
    })
}
