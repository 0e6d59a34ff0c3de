//! What heights are counted from.

use domain::code_list::Coded as _;
use domain::lang::Message;
use domain::lists::VerticalDatum;
use domain::message;
use domain::record::{Finding, Severity};
use raster::inspection::{DeclaredVertical, RasterInspection};

use super::SurveyRequest;
use super::terrain::Offset;

/// What is said about the heights of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct VerticalSaid {
    pub(super) datum: Option<VerticalDatum>,
    /// The user says it.
    by_user: bool,
    /// The unit of the file's vertical system.
    pub(super) unit: Option<String>,
    pub(super) notes: Vec<Message>,
}

impl VerticalSaid {
    pub(super) fn of(request: &SurveyRequest, inspection: &RasterInspection) -> Self {
        if !request.kind.is_terrain() {
            return Self::default();
        }
        let declared = inspection
            .crs
            .as_ref()
            .and_then(|crs| crs.vertical.as_ref());
        let by_file = declared.and_then(datum);
        Self {
            datum: request.vertical_datum.or(by_file),
            by_user: request.vertical_datum.is_some(),
            unit: declared.and_then(|declared| declared.unit.clone()),
            notes: notes(request, declared, by_file).into_iter().collect(),
        }
    }
}

/// The register's code for a declared vertical system.
fn datum(declared: &DeclaredVertical) -> Option<VerticalDatum> {
    if declared.ellipsoidal {
        return Some(VerticalDatum::Ellipsoidal);
    }
    let said = declared
        .authority
        .as_deref()?
        .to_lowercase()
        .replace(':', " ");
    let mut all = VerticalDatum::ALL.iter().copied();
    all.find(|one| one.entry().synonyms.contains(&said.as_str()))
}

fn notes(
    request: &SurveyRequest,
    declared: Option<&DeclaredVertical>,
    by_file: Option<VerticalDatum>,
) -> Option<Message> {
    let declared = declared?;
    let name = &declared.name;
    match (request.vertical_datum, by_file) {
        (Some(said), by_file) if by_file != Some(said) => Some(message!(
            "--vertical-datum важи уместо висинског система из датотеке, „{name}“",
            "--vertical-datum is used in place of the file's vertical system, `{name}`"
        )),
        (None, None) => Some(message!(
            "висински систем из датотеке, „{name}“, није на списку регистра и није уписан; наведите \
             га са --vertical-datum",
            "the file's vertical system, `{name}`, is not on the register's list and was not \
             entered; name it with --vertical-datum"
        )),
        (None, Some(datum)) => {
            let label = datum.entry().label;
            let (sr, en) = (label.sr, label.en);
            Some(message!(
                "висински датум из датотеке: {sr}",
                "vertical datum by the file: {en}"
            ))
        }
        _ => None,
    }
}

/// The undulation of the geoid over Serbia with room on both sides, metres.
const UNDULATION_M: std::ops::RangeInclusive<f64> = 40.0..=50.0;

/// What differences to earlier terrain models say about the datum: of several that say the same, the
/// first speaks for all.
pub(super) fn judge(against: &[Offset], said: &VerticalSaid) -> Option<Finding> {
    against.iter().find_map(|offset| suspicion(offset, said))
}

fn suspicion(offset: &Offset, said: &VerticalSaid) -> Option<Finding> {
    let shifted = UNDULATION_M.contains(&offset.median_m.abs()) && offset.is_constant();
    if !shifted {
        return None;
    }
    let explained = match (said.datum, offset.datum) {
        (Some(VerticalDatum::Ellipsoidal), Some(other)) => {
            other.is_orthometric() && offset.median_m > 0.0
        }
        (Some(one), Some(VerticalDatum::Ellipsoidal)) => {
            one.is_orthometric() && offset.median_m < 0.0
        }
        _ => false,
    };
    if explained {
        return None;
    }
    let severity = if said.by_user {
        Severity::Warning
    } else {
        Severity::Error
    };
    Some(Finding::of(severity, "vertical_datum", words(offset)))
}

fn words(offset: &Offset) -> Message {
    let Offset {
        code,
        median_m,
        spread_m,
        ..
    } = offset;
    let (higher_sr, higher_en) = if *median_m > 0.0 {
        ("више", "higher")
    } else {
        ("ниже", "lower")
    };
    let by_m = median_m.abs();
    let (which_sr, which_en) = if *median_m > 0.0 {
        ("овај снимак", "this survey")
    } else {
        ("тај снимак", "that survey")
    };
    message!(
        "висине су свуда за {by_m:.1} m ({higher_sr}, расипање {spread_m:.1} m) од висина снимка \
         {code}: толика је разлика између елипсоидних и ортометријских висина, па {which_sr} \
         вероватно има елипсоидне висине; наведите шта је тачно са --vertical-datum (ellipsoidal, \
         srb_vrs12, trieste, …)",
        "heights are everywhere {by_m:.1} m {higher_en} (spread {spread_m:.1} m) than those of the \
         survey {code}: that is the difference of ellipsoidal and orthometric heights, so {which_en} \
         probably has ellipsoidal ones; say which it is with --vertical-datum (ellipsoidal, \
         srb_vrs12, trieste, …)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(median_m: f64, spread_m: f64, datum: Option<VerticalDatum>) -> Offset {
        Offset {
            code: "earlier".to_owned(),
            datum,
            median_m,
            spread_m,
        }
    }

    #[test]
    fn an_offset_of_the_geoid_is_a_matter_of_datums() {
        use VerticalDatum::{Ellipsoidal, SrbVrs12};
        let said = |datum, by_user| VerticalSaid {
            datum,
            by_user,
            ..VerticalSaid::default()
        };
        for (median_m, spread_m, other, datum, by_user, severity) in [
            (45.0, 0.2, None, None, false, Some(Severity::Error)),
            (-45.0, 0.2, None, None, false, Some(Severity::Error)),
            (45.0, 8.0, None, None, false, None),
            (12.0, 0.2, None, None, false, None),
            (45.0, 0.2, Some(SrbVrs12), Some(Ellipsoidal), false, None),
            (
                -45.0,
                0.2,
                Some(SrbVrs12),
                Some(Ellipsoidal),
                false,
                Some(Severity::Error),
            ),
            (-45.0, 0.2, Some(Ellipsoidal), Some(SrbVrs12), true, None),
            (
                45.0,
                0.2,
                Some(SrbVrs12),
                Some(SrbVrs12),
                false,
                Some(Severity::Error),
            ),
            (
                45.0,
                0.2,
                Some(SrbVrs12),
                Some(SrbVrs12),
                true,
                Some(Severity::Warning),
            ),
        ] {
            let found = judge(&[offset(median_m, spread_m, other)], &said(datum, by_user));
            let seen = found.map(|finding| finding.severity);
            assert_eq!(
                seen, severity,
                "{median_m} {spread_m} {other:?} {datum:?} {by_user}"
            );
        }
    }
}
