//! Whether two surveys can be compared, by what the register says of them.

use domain::code_list::Coded as _;
use domain::lang::Message;
use domain::lists::{SurveyKind, VerticalDatum};
use domain::message;

use super::{ChangeError, Party};

/// The earlier survey must be the earlier one.
pub fn dates(from: &Party, to: &Party) -> Result<(), ChangeError> {
    let (Some(earlier), Some(later)) = (from.survey.surveyed_on, to.survey.surveyed_on) else {
        return Ok(());
    };
    let (a, b) = (&from.code, &to.code);
    if earlier == later {
        return Err(ChangeError::Refused(message!(
            "снимци {a} и {b} су истог дана, {later}; промена се рачуна између два датума",
            "the surveys {a} and {b} are of the same day, {later}; a change is computed between two dates"
        )));
    }
    if earlier > later {
        return Err(ChangeError::Refused(message!(
            "снимак {a} ({earlier}) је каснији од снимка {b} ({later}); замените их",
            "the survey {a} ({earlier}) is later than {b} ({later}); exchange them"
        )));
    }
    Ok(())
}

/// Both must be terrain; ground and surface are not the same thing.
pub fn kinds(from: &Party, to: &Party) -> Result<Option<Message>, ChangeError> {
    for one in [from, to] {
        let code = &one.code;
        if !one.survey.kind.is_some_and(SurveyKind::is_terrain) {
            return Err(ChangeError::Refused(message!(
                "снимак {code} није модел терена; изаберите снимке врсте dem, dtm или dsm",
                "the survey {code} is no terrain model; choose surveys of the kind dem, dtm or dsm"
            )));
        }
    }
    let kinds = [from, to].map(|one| one.survey.kind);
    let mixed = kinds.contains(&Some(SurveyKind::Dtm)) && kinds.contains(&Some(SurveyKind::Dsm));
    Ok(mixed.then(|| {
        message!(
            "један снимак је голи терен, други површина са дрвећем и објектима; разлика садржи и њих",
            "one survey is of the bare ground, the other of the surface with trees and buildings; the \
             difference holds these too"
        )
    }))
}

/// The common vertical datum, or what is doubtful about it.
pub fn datums(
    from: &Party,
    to: &Party,
) -> Result<(Option<VerticalDatum>, Option<Message>), ChangeError> {
    let (a, b) = (&from.code, &to.code);
    match (from.survey.vertical_datum, to.survey.vertical_datum) {
        (Some(VerticalDatum::Local), Some(VerticalDatum::Local)) => Ok((
            Some(VerticalDatum::Local),
            Some(message!(
                "оба снимка су у месном висинском датуму; није сигурно да је исти",
                "both surveys have a local vertical datum; it is not certain that it is the same"
            )),
        )),
        (Some(one), Some(other)) if one == other => Ok((Some(one), None)),
        (Some(one), Some(other)) => {
            let (one, other) = (one.code(), other.code());
            Err(ChangeError::Refused(message!(
                "снимци немају исти висински датум: {a} има {one}, {b} има {other}; сведите један на \
                 датум другог и унесите га поново са --vertical-datum",
                "the surveys have different vertical datums: {a} has {one}, {b} has {other}; bring one \
                 to the datum of the other and import it again with --vertical-datum"
            )))
        }
        _ => Ok((
            None,
            Some(message!(
                "висински датум није наведен за оба снимка; разлика може бити и разлика датума",
                "the vertical datum of both surveys is not said; the difference may be one of datums"
            )),
        )),
    }
}
