//! Files that were made from the register, as a team takes them into the field: what others changed
//! meanwhile stays, and what both changed is for somebody to decide.

use std::collections::BTreeMap;

use domain::lang::Message;
use domain::message;
use domain::record::{Finding, Severity};
use store::StoreError;
use store::staging::{Conflict, Passed, Staging};

use crate::matching::withdraw;
use crate::report::RecordReport;

/// Brings what the file says together with what others changed since it was made. Answers the records
/// that cannot be, which are taken out.
pub(crate) async fn merge(staging: &mut Staging) -> Result<Vec<RecordReport>, StoreError> {
    if !staging.is_to_be_merged() {
        return Ok(Vec::new());
    }
    let mut hindered = BTreeMap::new();
    for one in staging.made_from_nothing().await? {
        let finding = made_from_nothing(one.revision);
        let record = RecordReport::refused(one.row.unsigned_abs(), one.key, vec![finding]);
        hindered.insert(one.row, record);
    }
    for Passed { row, key, revision } in staging.removed_since().await? {
        let findings = vec![removed(revision)];
        let record = RecordReport::conflicting(row.unsigned_abs(), key, findings, revision);
        hindered.insert(row, record);
    }
    for (row, conflicts) in by_row(staging.conflicts().await?) {
        hindered.insert(row, conflicting(row, &conflicts));
    }
    let mut hindered: Vec<_> = hindered.into_values().collect();
    withdraw(staging, &mut hindered).await?;
    staging.keep_what_others_changed().await?;
    Ok(hindered)
}

fn by_row(conflicts: Vec<Conflict>) -> BTreeMap<i64, Vec<Conflict>> {
    let mut rows: BTreeMap<i64, Vec<Conflict>> = BTreeMap::new();
    for one in conflicts {
        rows.entry(one.row).or_default().push(one);
    }
    rows
}

fn conflicting(row: i64, conflicts: &[Conflict]) -> RecordReport {
    let last = conflicts.iter().map(|one| one.changed_by).max();
    let key = conflicts.first().map(|one| one.key.clone());
    let findings = conflicts.iter().map(conflict).collect();
    RecordReport::conflicting(row.unsigned_abs(), key, findings, last.unwrap_or_default())
}

fn made_from_nothing(revision: i64) -> Finding {
    let message = message!(
        "настао је од ревизије {revision}, које нема: то није датотека овог катастра; преименујте \
         колону revision",
        "was made from revision {revision}, which there is not: the file is not of this register; \
         rename its column revision"
    );
    Finding::of(Severity::Error, domain::layer::REVISION, message)
}

fn removed(revision: i64) -> Finding {
    let message = message!(
        "уклоњен је из катастра ревизијом {revision}, пошто је датотека настала: изоставите га, или \
         нека важи оно што датотека каже (take:{revision})",
        "was removed from the register by revision {revision}, after the file was made: leave it out, \
         or let what the file says hold (take:{revision})"
    );
    Finding::whole(Severity::Error, message)
}

fn conflict(one: &Conflict) -> Finding {
    let Conflict {
        made_from,
        changed_by,
        ..
    } = one;
    let [was, is_now, file_says] =
        [&one.was, &one.is_now, &one.file_says].map(|value| known(value.as_deref()));
    let (was_sr, is_now_sr, says_sr) = (&was.sr, &is_now.sr, &file_says.sr);
    let (was_en, is_now_en, says_en) = (&was.en, &is_now.en, &file_says.en);
    let sr = format!(
        "датотека је настала од ревизије {made_from}, када је било {was_sr}; ревизија {changed_by} \
         каже {is_now_sr}, а датотека {says_sr}: изоставите запис, или нека важи оно што датотека \
         каже (take:{changed_by})"
    );
    let en = format!(
        "the file was made from revision {made_from}, which said {was_en}; revision {changed_by} says \
         {is_now_en}, and the file {says_en}: leave the record out, or let what the file \
         says hold (take:{changed_by})"
    );
    Finding::of(Severity::Error, &one.field, Message { sr, en })
}

fn known(value: Option<&str>) -> Message {
    match value {
        Some(value) => Message {
            sr: format!("„{value}“"),
            en: format!("\"{value}\""),
        },
        None => message!("непознато", "unknown"),
    }
}
