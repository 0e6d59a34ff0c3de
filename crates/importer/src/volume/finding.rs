//! The finding: numbers, words, picture, and its record in the register.

use domain::code_list::Coded;
use domain::lang::{Lang, Message};
use domain::layers::{VOLUME_CHANGES, VolumeChange};
use domain::quantity::{
    CubicMetres, DifferenceMetres, Metres, Percent, SquareMetres, VolumeChangeCubicMetres,
};
use domain::{Record, message};
use geo::BooleanOps as _;
use geo_types::MultiPolygon;
use raster::RasterError;
use raster::volume::{Change, Compared, Picture};
use serde_json::{Value as Json, json};

use super::{Party, Plan, words};

/// A change of volume that was computed.
#[derive(Clone, Debug)]
pub struct Finding {
    plan: Plan,
    change: Change,
    picture: Picture,
}

impl Finding {
    pub(super) fn new(plan: Plan, compared: Compared) -> Self {
        Self {
            plan,
            change: compared.change,
            picture: compared.picture,
        }
    }

    /// The numbers.
    pub const fn change(&self) -> &Change {
        &self.change
    }

    /// The code of its record.
    pub fn code(&self) -> String {
        let Plan { request, .. } = &self.plan;
        let made = || {
            format!(
                "{}-volume-{}-{}",
                request.facility, request.from, request.to
            )
        };
        request.code.clone().unwrap_or_else(made)
    }

    /// The result in one sentence, such as "The facility RS-70327-001 grew by 12 300 m³ ± 900 m³ (95 %)
    /// between 2023-05-01 and 2024-05-01."
    pub fn summary(&self) -> Message {
        words::summary(&self.plan, &self.change)
    }

    /// The numbers behind it, a line each, then the warnings.
    pub fn lines(&self) -> Vec<Message> {
        let warnings = self
            .change
            .warnings
            .iter()
            .map(|Message { sr, en }| message!("Упозорење: {sr}", "Warning: {en}"));
        words::lines(&self.change)
            .into_iter()
            .chain(warnings)
            .collect()
    }

    /// The picture as PNG.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn png(&self) -> Result<Vec<u8>, RasterError> {
        self.picture.png()
    }

    /// The picture as SVG, with the sentence, the numbers and a legend.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn svg(&self, lang: Lang) -> Result<String, RasterError> {
        let lines: Vec<String> = self
            .lines()
            .iter()
            .map(|line| line.get(lang).into_owned())
            .collect();
        self.picture.svg(&self.summary().get(lang), &lines, lang)
    }

    /// Everything as JSON: numbers with units in their names, words in one language.
    pub fn report(&self, lang: Lang) -> Json {
        let Plan { request, .. } = &self.plan;
        let options = &request.options;
        let excluded = request.excluded.as_ref().map(|excluded| &excluded.source);
        let warnings = self.change.warnings.iter().map(|warning| warning.get(lang));
        json!({
            "code": self.code(),
            "facility": request.facility.as_str(),
            "summary": self.summary().get(lang),
            "from": inputs(&self.plan.from),
            "to": inputs(&self.plan.to),
            "parameters": {
                "co_register": options.coregister,
                "level_of_detection_m": options.level_of_detection_m,
                "excluded": excluded,
                "exclude_flat": options.exclude_flat,
                "stable_buffer_m": options.stable_buffer_m,
            },
            "vertical_datum": self.plan.vertical_datum.map(Coded::code),
            "change": self.change,
            "method": words::method(&self.plan, &self.change).get(lang),
            "warnings": warnings.collect::<Vec<_>>(),
        })
    }

    /// Its record in the layer `volume_changes`; the geometry is the outline as far as both surveys
    /// cover it, without what was excluded. Texts are in Serbian, then in English.
    pub fn record(&self, difference_sha256: Option<&str>) -> Record {
        let Plan {
            from, to, request, ..
        } = &self.plan;
        let (change, stable) = (&self.change, self.change.stable_ground);
        let metres = |metres: f64| Metres::new(metres).ok();
        let difference = |metres: f64| DifferenceMetres::new(metres).ok();
        let volume = |cubic_metres: f64| CubicMetres::new(cubic_metres).ok();
        let area = |square_metres: f64| SquareMetres::new(square_metres).ok();
        let signed = |cubic_metres: f64| VolumeChangeCubicMetres::new(cubic_metres).ok();
        let finding = VolumeChange {
            code: Some(self.code()),
            facility: Some(request.facility.clone()),
            from_survey: Some(from.code.clone()),
            to_survey: Some(to.code.clone()),
            from_date: from.survey.surveyed_on,
            to_date: to.survey.surveyed_on,
            fill_m3: volume(change.fill_m3),
            cut_m3: volume(change.cut_m3),
            net_m3: signed(change.net_m3),
            uncertainty_m3: change.uncertainty.and_then(|parts| volume(parts.total_m3)),
            random_m3: change.uncertainty.and_then(|parts| volume(parts.random_m3)),
            systematic_m3: change
                .uncertainty
                .and_then(|parts| volume(parts.systematic_m3?)),
            net_of_all_cells_m3: signed(change.net_of_all_cells_m3),
            level_of_detection_m: change.level_of_detection_m.and_then(metres),
            compared_area_m2: area(change.compared_area_m2),
            compared_percent: Percent::new(change.compared_percent).ok(),
            changed_area_m2: area(change.changed_area_m2),
            excluded_area_m2: area(change.excluded_area_m2),
            cell_size_m: metres(change.cell_size_m),
            vertical_datum: self.plan.vertical_datum,
            stable_area_m2: stable.and_then(|stable| area(stable.area_m2)),
            bias_m: stable.and_then(|stable| difference(stable.bias_m)),
            shift_east_m: stable.and_then(|stable| difference(stable.shift_east_m?)),
            shift_north_m: stable.and_then(|stable| difference(stable.shift_north_m?)),
            deviation_m: stable.and_then(|stable| metres(stable.deviation_m)),
            correlation_length_m: stable.and_then(|stable| metres(stable.correlation_length_m?)),
            coregistered: Some(change.coregistered),
            method: Some(both(&words::method(&self.plan, change))),
            warnings: Some(both(&self.warnings())),
            difference_sha256: difference_sha256.map(str::to_owned),
            ..VolumeChange::default()
        };
        let mut record = Record::new(&VOLUME_CHANGES);
        finding.into_record(&mut record);
        record.geometry = Some(self.compared_area().into());
        (VOLUME_CHANGES.derive)(&mut record);
        record
    }

    /// All warnings as one; that there is none is said, because an unknown value would leave those
    /// of an earlier comparison in the register.
    fn warnings(&self) -> Message {
        let mut all = self.change.warnings.iter();
        let Some(first) = all.next().cloned() else {
            return message!("нема", "none");
        };
        all.fold(first, |told, Message { sr, en }| Message {
            sr: format!("{}; {sr}", told.sr),
            en: format!("{}; {en}", told.en),
        })
    }

    fn compared_area(&self) -> MultiPolygon<f64> {
        let Plan {
            from,
            to,
            request,
            outline,
            ..
        } = &self.plan;
        let footprints = [from, to]
            .into_iter()
            .filter_map(|one| one.footprint.as_ref());
        let covered = footprints.fold(outline.clone(), |area, footprint| {
            area.intersection(footprint)
        });
        match &request.excluded {
            Some(excluded) => covered.difference(&excluded.area),
            None => covered,
        }
    }
}

fn both(message: &Message) -> String {
    format!("{}\n{}", message.sr, message.en)
}

fn inputs(party: &Party) -> Json {
    let survey = &party.survey;
    json!({
        "survey": party.code,
        "date": survey.surveyed_on,
        "kind": survey.kind.map(Coded::code),
        "image_sha256": party.digest,
        "horizontal_crs": survey.horizontal_crs,
        "vertical_datum": survey.vertical_datum.map(Coded::code),
        "vertical_accuracy_m": party.accuracy_m(),
    })
}
