//! The record of a survey.

use domain::layers::{SURVEYS, Survey};
use domain::lists::SurveyKind;
use domain::quantity::{IndexValue, LevelMetres, Metres, Percent, SquareMetres};
use domain::record::Record;
use geodesy::TransformPlan;
use raster::cog::Seen;

use super::datum::VerticalSaid;
use super::recipe::Chosen;
use super::{File, Found, Kept, SurveyError};

/// The record of a file whose cells were seen and, where they were, kept.
pub(super) fn of(
    file: &File<'_>,
    found: &Found,
    chosen: &Chosen,
    vertical: &VerticalSaid,
    seen: &Seen,
    kept: Option<&Kept>,
) -> Result<Record, SurveyError> {
    let placed = &found.placed;
    let plan = TransformPlan::new(&placed.crs)?;
    let image = kept.map(|kept| &kept.image);
    let survey = Survey {
        horizontal_crs: Some(placed.crs_text()),
        vertical_datum: vertical.datum,
        resolution_m: Metres::new(seen.coverage.resolution_m(&plan)?).ok(),
        columns: count(placed.grid.columns as u64),
        rows: count(placed.grid.rows as u64),
        bands: count(chosen.recipe.colours().len() as u64),
        data_type: Some(chosen.recipe.stored.name().to_owned()),
        valid_percent: Percent::new(seen.coverage.valid_percent()).ok(),
        area_m2: SquareMetres::new(seen.coverage.area_m2(&plan)?).ok(),
        treatment: Some(treatment(found)),
        original_name: Some(file.received.name.clone()),
        original_sha256: Some(file.received.sha256.clone()),
        original_bytes: count(file.received.size_bytes),
        image_sha256: image.map(|image| image.sha256.clone()),
        image_bytes: image.and_then(|image| count(image.bytes)),
        ..measured(file.request.kind, seen)
    };
    let mut record = Record::new(&SURVEYS);
    survey.into_record(&mut record);
    file.request.describe(&mut record);
    (SURVEYS.derive)(&mut record);
    record.geometry = seen.coverage.footprint(&placed.crs)?.map(Into::into);
    Ok(record)
}

/// What the cells' values say.
fn measured(kind: SurveyKind, seen: &Seen) -> Survey {
    let values = &seen.statistics;
    let mut survey = Survey::from_record(&Record::new(&SURVEYS));
    if values.count == 0 {
        return survey;
    }
    if kind.is_terrain() {
        survey.lowest_m = LevelMetres::new(values.lowest).ok();
        survey.highest_m = LevelMetres::new(values.highest).ok();
        survey.mean_height_m = LevelMetres::new(values.mean).ok();
        survey.height_deviation_m = Metres::new(values.deviation()).ok();
    } else if kind == SurveyKind::Index {
        survey.lowest_value = IndexValue::new(values.lowest).ok();
        survey.highest_value = IndexValue::new(values.highest).ok();
        survey.mean_value = IndexValue::new(values.mean).ok();
    }
    survey
}

fn treatment(found: &Found) -> String {
    let crs = &found.placed.described;
    let evidence = format!("{}: {}", crs.crs, crs.evidence.en);
    let notes = crs.notes.iter().chain(&found.notes);
    let sentences: Vec<_> = std::iter::once(evidence)
        .chain(notes.map(|note| note.en.clone()))
        .collect();
    sentences.join("; ")
}

fn count(number: u64) -> Option<i64> {
    i64::try_from(number).ok()
}
