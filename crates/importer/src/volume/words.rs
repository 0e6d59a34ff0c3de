//! A change of volume in words.

use domain::code_list::Coded;
use domain::lang::Message;
use domain::message;
use raster::volume::uncertainty::{LevelSource, Uncertainty};
use raster::volume::{Change, Stable};

use super::Plan;

/// A number in groups of three, rounded as its uncertainty allows: to two of its digits.
fn rounded(number: f64, uncertainty: Option<f64>) -> String {
    let step = uncertainty
        .filter(|uncertainty| *uncertainty > 0.0)
        .map_or(1.0, |uncertainty| {
            10_f64.powf(uncertainty.log10().floor() - 1.0)
        });
    grouped((number / step).round() * step)
}

/// A whole number in groups of three with no-break spaces between.
fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    if number < 0.0 && digits != "0" {
        text.insert(0, '−');
    }
    text
}

/// The result in one sentence.
pub fn summary(plan: &Plan, change: &Change) -> Message {
    let facility = &plan.request.facility;
    let total_m3 = change.uncertainty.map(|uncertainty| uncertainty.total_m3);
    let between = between(plan);
    let (sr, en) = (between.sr, between.en);
    let net = rounded(change.net_m3, total_m3);
    let size = rounded(change.net_m3.abs(), total_m3);
    let Some(total_m3) = total_m3 else {
        return message!(
            "Објекат {facility} се {sr} променио за {net} m³; несигурност није позната.",
            "The facility {facility} changed by {net} m³ {en}; the uncertainty is unknown."
        );
    };
    let error = rounded(total_m3, Some(total_m3));
    if change.net_m3.abs() <= total_m3 {
        return message!(
            "Промена објекта {facility} {sr} није показана: {net} m³ ± {error} m³ (95 %).",
            "No change of the facility {facility} was shown {en}: {net} m³ ± {error} m³ (95 %)."
        );
    }
    if change.net_m3 > 0.0 {
        message!(
            "Објекат {facility} је {sr} порастао за {size} m³ ± {error} m³ (95 %).",
            "The facility {facility} grew by {size} m³ ± {error} m³ (95 %) {en}."
        )
    } else {
        message!(
            "Објекат {facility} се {sr} смањио за {size} m³ ± {error} m³ (95 %).",
            "The facility {facility} shrank by {size} m³ ± {error} m³ (95 %) {en}."
        )
    }
}

fn between(plan: &Plan) -> Message {
    let dates = plan.from.survey.surveyed_on.zip(plan.to.survey.surveyed_on);
    if let Some((from, to)) = dates {
        let serbian = |day: chrono::NaiveDate| day.format("%-d. %-m. %Y.").to_string();
        let (a, b) = (serbian(from), serbian(to));
        return message!("између {a} и {b}", "between {from} and {to}");
    }
    let (a, b) = (&plan.from.code, &plan.to.code);
    message!(
        "између снимака {a} и {b}",
        "between the surveys {a} and {b}"
    )
}

/// The numbers behind it, a line each.
pub fn lines(change: &Change) -> Vec<Message> {
    let total_m3 = change.uncertainty.map(|uncertainty| uncertainty.total_m3);
    let [fill, cut, net, all] = [
        change.fill_m3,
        change.cut_m3,
        change.net_m3,
        change.net_of_all_cells_m3,
    ]
    .map(|volume| rounded(volume, total_m3));
    let (compared, percent) = (grouped(change.compared_area_m2), change.compared_percent);
    let changed = grouped(change.changed_area_m2);
    let cell = change.cell_size_m;
    let mut lines = vec![
        message!(
            "Нанос {fill} m³, одношење {cut} m³, нето {net} m³; нето свих ћелија без прага {all} m³",
            "Fill {fill} m³, cut {cut} m³, net {net} m³; net of all cells without the threshold {all} m³"
        ),
        message!(
            "Упоређено {compared} m² ({percent:.1} % границе) на ћелијама од {cell:.2} m; промењено {changed} m²",
            "Compared {compared} m² ({percent:.1} % of the outline) on cells of {cell:.2} m; changed {changed} m²"
        ),
    ];
    if change.excluded_area_m2 > 0.0 {
        let excluded = grouped(change.excluded_area_m2);
        lines.push(message!("Изузето {excluded} m²", "Excluded {excluded} m²"));
    }
    lines.extend(level(change));
    lines.extend(
        change
            .uncertainty
            .as_ref()
            .map(|known| parts(known, change)),
    );
    lines.extend(change.stable_ground.iter().flat_map(stable));
    lines
}

fn level(change: &Change) -> Option<Message> {
    let (metres, source) = (
        change.level_of_detection_m?,
        change.level_of_detection_source?,
    );
    let source = match source {
        LevelSource::Given => message!("задат", "as given"),
        LevelSource::Surveys => message!("по тачности снимака", "by the accuracy of the surveys"),
        LevelSource::StableGround => message!(
            "по расипању на непромењеном тлу",
            "by the spread on stable ground"
        ),
    };
    let Message { sr, en } = source;
    Some(message!(
        "Праг уочљивости {metres:.3} m, {sr}",
        "Level of detection {metres:.3} m, {en}"
    ))
}

fn parts(uncertainty: &Uncertainty, change: &Change) -> Message {
    let random = rounded(uncertainty.random_m3, Some(uncertainty.total_m3));
    let Some(systematic_m3) = uncertainty.systematic_m3 else {
        return message!(
            "Несигурност (95 %): случајни део {random} m³, систематски непознат",
            "Uncertainty (95 %): random {random} m³, systematic unknown"
        );
    };
    let systematic = rounded(systematic_m3, Some(uncertainty.total_m3));
    if change.coregistered {
        message!(
            "Несигурност (95 %): случајни део {random} m³, систематски (остатак после уклањања \
             одступања) {systematic} m³",
            "Uncertainty (95 %): random {random} m³, systematic (what remains after the bias was \
             removed) {systematic} m³"
        )
    } else {
        message!(
            "Несигурност (95 %): случајни део {random} m³, систематски (одступање које није \
             уклоњено) {systematic} m³",
            "Uncertainty (95 %): random {random} m³, systematic (the bias that was left in) \
             {systematic} m³"
        )
    }
}

fn stable(stable: &Stable) -> Vec<Message> {
    let (area, bias, spread) = (grouped(stable.area_m2), stable.bias_m, stable.deviation_m);
    let mut lines = vec![message!(
        "Непромењено тло {area} m²: висинско одступање {bias:+.3} m, расипање {spread:.3} m",
        "Stable ground {area} m²: vertical bias {bias:+.3} m, spread {spread:.3} m"
    )];
    if let (Some(east), Some(north)) = (stable.shift_east_m, stable.shift_north_m) {
        lines.push(message!(
            "Померај каснијег снимка: {east:+.2} m ка истоку, {north:+.2} m ка северу",
            "Shift of the later survey: {east:+.2} m to the east, {north:+.2} m to the north"
        ));
    }
    if let Some(length) = stable.correlation_length_m {
        lines.push(message!(
            "Грешке су повезане до {length:.1} m",
            "Errors are correlated up to {length:.1} m"
        ));
    }
    lines
}

/// How it was computed, with what makes the result repeatable.
pub fn method(plan: &Plan, change: &Change) -> Message {
    let cell = change.cell_size_m;
    let [from, to] = [&plan.from, &plan.to].map(|one| &one.digest);
    let options = &plan.request.options;
    let buffer = options.stable_buffer_m;
    let registered = if change.coregistered {
        message!("померај и одступање уклоњени", "shift and bias removed")
    } else {
        message!(
            "померај и одступање нису уклоњени",
            "shift and bias not removed"
        )
    };
    let excluded = plan.request.excluded.as_ref().map_or_else(
        || message!("без изузимања", "nothing excluded"),
        |excluded| {
            let source = &excluded.source;
            message!("изузето: {source}", "excluded: {source}")
        },
    );
    let flat = if options.exclude_flat {
        message!(
            ", и савршено равне површине",
            ", and perfectly flat surfaces"
        )
    } else {
        Message::default()
    };
    let level = change
        .level_of_detection_source
        .map_or("none", |source| match source {
            LevelSource::Given => "given",
            LevelSource::Surveys => "surveys",
            LevelSource::StableGround => "stable_ground",
        });
    let datum = plan.vertical_datum.map_or("unknown", Coded::code);
    let (r, e) = (registered, excluded);
    Message {
        sr: format!(
            "Разлика висина на ћелијама од {cell:.3} m; {}; {}{}; праг: {level}; висински датум: \
             {datum}; непромењено тло даље од {buffer} m од објеката; Nuth и Kääb 2011, Rolstad и \
             др. 2009; снимци (SHA-256): {from}, {to}",
            r.sr, e.sr, flat.sr
        ),
        en: format!(
            "Difference of heights on cells of {cell:.3} m; {}; {}{}; threshold: {level}; vertical \
             datum: {datum}; stable ground beyond {buffer} m of facilities; Nuth and Kääb 2011, \
             Rolstad et al. 2009; images (SHA-256): {from}, {to}",
            r.en, e.en, flat.en
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn numbers_are_rounded_as_their_uncertainty_allows() {
        for (number, uncertainty, expected) in [
            (12_345.6, Some(912.3), "12\u{a0}350"),
            (912.3, Some(912.3), "910"),
            (-1_234_567.0, Some(45_678.0), "−1\u{a0}235\u{a0}000"),
            (1_234.4, None, "1\u{a0}234"),
            (-0.3, None, "0"),
            (999.0, Some(0.0), "999"),
        ] {
            assert_eq!(rounded(number, uncertainty), expected);
        }
    }
}
