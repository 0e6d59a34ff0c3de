//! Facilities that are added without a code: where they are says of which series they get the next one,
//! when they are written (`store::serials`).

use domain::lang::Message;
use domain::record::{Finding, Record, Severity};
use domain::region::StatisticalRegionCode;
use domain::{Value, message};
use store::{Store, StoreError};

use super::{Asked, Planned};
use crate::position::Positions;

/// Completes a new facility without code and municipality by the one in which it lies; in Kosovo and
/// Metohija, whose municipalities have no published numbers, by the district.
pub(super) async fn locate(
    store: &Store,
    positions: &Positions,
    new: &mut Record,
) -> Result<(), StoreError> {
    let lacks_both =
        new.layer.is_matched_without_code() && new.key().is_none() && new.code_series().is_none();
    let Some(place) = new.geometry.as_ref().filter(|_| lacks_both) else {
        return Ok(());
    };
    let district = positions.district_at(place);
    let in_kosovo = district.filter(|district| {
        district.statistical_region() == StatisticalRegionCode::KosovoAndMetohija
    });
    let found = match store.municipality_at(place).await? {
        Some(municipality) => Some(("municipality", municipality.to_string())),
        None => in_kosovo.map(|district| ("district", district.to_string())),
    };
    if let Some((field, code)) = found.filter(|(field, _)| new.get(field).is_unknown()) {
        new.set(field, Value::Text(code));
        (new.layer.derive)(new);
    }
    Ok(())
}

/// Says of a new facility without a code which it gets, in place of demanding one.
pub(super) fn settle(asked: &Asked, planned: &Planned, found: &mut Vec<Finding>) {
    let Planned {
        before: None,
        after: Some(after),
        ..
    } = planned
    else {
        return;
    };
    let key = after.layer.key().name;
    if after.key().is_some() || !after.layer.is_matched_without_code() {
        return;
    }
    found.retain(|finding| finding.field.as_deref() != Some(key));
    let located = ["municipality", "district"].into_iter().find(|field| {
        let says = |field| {
            asked
                .said
                .value(field)
                .is_some_and(|value| !value.is_unknown())
        };
        !says("municipality") && !says(field) && !after.get(field).is_unknown()
    });
    if let Some(field) = located {
        let code = after.get(field).to_string();
        found.push(Finding::of(Severity::Note, field, by_place(&code)));
    }
    found.push(match after.code_series() {
        Some(series) => Finding::of(Severity::Note, key, numbered(series.prefix())),
        None => Finding::of(Severity::Error, key, nowhere()),
    });
}

fn by_place(code: &str) -> Message {
    message!(
        "није наведено; по месту је {code}",
        "it was not said; by its place it is {code}"
    )
}

fn numbered(prefix: &str) -> Message {
    message!(
        "нема шифру: добија следећу слободну која почиње са {prefix}",
        "has no code: it gets the next free one that begins with {prefix}"
    )
}

fn nowhere() -> Message {
    message!(
        "нема шифру, а без општине не може да је добије: по месту се општина не може утврдити; унесите \
         општину (municipality) или шифру",
        "has no code, and without a municipality it can get none: its place does not tell which; give the \
         municipality or the code"
    )
}
