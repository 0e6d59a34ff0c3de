//! An edit that waits for review, as the reviewer sees it: the report that files have too, and the records
//! as the register would say them.

use domain::lang::Message;
use domain::layer::Origin;
use domain::message;
use domain::record::{Finding, Record, Severity};
use domain::{Field, Layer};
use geo_types::MultiPolygon;
use serde_json::{Map, Value as Json};
use store::revision::NewUpload;
use store::staging::Difference;
use store::submission::Previewed;
use wkt::ToWkt;

use super::{Obstacle, Planned};
use crate::report::{Counts, Outcome, RecordReport, RecordVerdict, Report};

/// The report about planned edits.
pub fn report(
    file: &NewUpload,
    layer: &'static Layer,
    planned: &[Planned],
    districts: Vec<MultiPolygon<f64>>,
) -> Report {
    let records: Vec<RecordReport> = (1..).zip(planned).map(of_one).collect();
    told(file, layer, records, districts)
}

/// The report about edits of which the one at this place, from 0, does not fit the register any more.
pub fn hindered(
    file: &NewUpload,
    layer: &'static Layer,
    (at, obstacle): (usize, &Obstacle),
) -> Report {
    let finding = Finding::whole(Severity::Error, obstacle.message());
    let refused = RecordReport::refused(at as u64 + 1, None, vec![finding]);
    told(file, layer, vec![refused], Vec::new())
}

fn told(
    file: &NewUpload,
    layer: &'static Layer,
    records: Vec<RecordReport>,
    districts: Vec<MultiPolygon<f64>>,
) -> Report {
    let count = |verdict| {
        let of_verdict = records.iter().filter(|one| one.verdict == verdict);
        of_verdict.count() as u64
    };
    let counts = Counts {
        new: count(RecordVerdict::New),
        changed: count(RecordVerdict::Changed),
        unchanged: count(RecordVerdict::Unchanged),
        refused: count(RecordVerdict::Refused),
        ..Counts::default()
    };
    let outcome = if counts.hinders() {
        Outcome::Refused
    } else if counts.new + counts.changed == 0 {
        Outcome::NothingToChange
    } else {
        Outcome::DryRun
    };
    Report {
        file: file.file_name.clone(),
        sha256: file.sha256.clone(),
        size_bytes: file.size_bytes.unsigned_abs(),
        format: "GeoJSON".to_owned(),
        source_layer: layer.id.to_owned(),
        layer: layer.id,
        encoding: None,
        crs: None,
        fields: Vec::new(),
        ignored: Vec::new(),
        notes: Vec::new(),
        readings: Vec::new(),
        counts,
        outcome,
        summary: outcome.in_words(&counts),
        records_left_out: 0,
        records,
        districts,
    }
}

fn of_one((row, planned): (u64, &Planned)) -> RecordReport {
    let Planned { before, after, .. } = planned;
    let shown = after.as_ref().or(before.as_ref());
    let verdict = match (before, after) {
        (None, _) => RecordVerdict::New,
        (Some(_), Some(_)) if planned.changed.is_empty() => RecordVerdict::Unchanged,
        (Some(_), _) => RecordVerdict::Changed,
    };
    let key = shown.and_then(Record::key).map(str::to_owned);
    let mut report = RecordReport {
        verdict,
        differences: differences(planned),
        geometry: shown.and_then(|record| record.geometry.clone()),
        ..RecordReport::refused(row, key, Vec::new())
    };
    let removal = after.is_none().then(removed);
    report.add(planned.findings.iter().cloned().chain(removal));
    report
}

fn removed() -> Finding {
    let message: Message = message!("запис се уклања", "the record is removed");
    Finding::whole(Severity::Warning, message)
}

fn differences(planned: &Planned) -> Vec<Difference> {
    let (Some(before), Some(after)) = (&planned.before, &planned.after) else {
        return Vec::new();
    };
    let of_name = |name: &&str| Difference {
        field: (*name).to_owned(),
        before: told_value(before, name),
        after: told_value(after, name),
    };
    planned.changed.iter().map(of_name).collect()
}

fn told_value(record: &Record, name: &str) -> Option<String> {
    const LONGEST: usize = 200;
    let mut text = if name == record.layer.geometry_column {
        record.geometry.as_ref()?.to_wkt().to_string()
    } else {
        let value = record.get(name);
        (!value.is_unknown()).then(|| value.to_string())?
    };
    if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(cut);
        text.push('…');
    }
    Some(text)
}

/// The records as the register would say them; those that are removed as it says them now.
pub fn previewed(planned: &[Planned]) -> Vec<Previewed> {
    let of_one = |(row, one): (i64, &Planned)| {
        let record = one.after.as_ref().or(one.before.as_ref())?;
        let verdict = match (&one.before, &one.after) {
            (_, None) => "removed",
            (None, _) => "new",
            _ if one.changed.is_empty() => "unchanged",
            _ => "changed",
        };
        Some(Previewed {
            row,
            verdict,
            properties: properties(record),
            geometry: record.geometry.clone(),
            places: one.places(),
        })
    };
    (1..).zip(planned).filter_map(of_one).collect()
}

fn properties(record: &Record) -> Json {
    let kept = |(field, value): (&'static Field, &domain::Value)| {
        let is_kept = field.origin != Origin::Register && !value.is_unknown();
        is_kept.then(|| (field.name.to_owned(), value.to_json()))
    };
    Json::Object(record.pairs().filter_map(kept).collect::<Map<_, _>>())
}
