//! Failures and spills at mining-waste facilities.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::IncidentKind;
use crate::message;
use crate::moment::Moment;
use crate::quantity::{CubicMetres, Metres};
use crate::record;
use crate::record::{Finding, Record, Severity};
use crate::region::{DistrictCode, FacilityCode, MunicipalityCode, completed};
use crate::text::to_latin;

record! {
    /// An event that affected the stability of a facility or the environment around it. The operator
    /// notifies the authority of it within 48 hours (Directive 2006/21/EC, Article 11(3), and Article
    /// 12(6) after closure).
    pub struct Incident, fields INCIDENT_FIELDS;

    code: String, "Шифра догађаја", "Incident code", key(), synonyms(&["sifra", "sifra dogadjaja", "sif dogadjaja", "sifra dogadaja", "broj dogadjaja", "oznaka dogadjaja", "kod", "incident id"]);
    facility: FacilityCode, "Објекат", "Facility", synonyms(&["objekat", "sifra objekta", "sif objekt", "jaloviste", "facility code"]);
    name: String, "Назив", "Name", in_tiles_from(6), names(), required(), synonyms(&["naziv", "naziv dogadjaja", "dogadjaj", "opis dogadjaja", "event", "incident", "incident name"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", in_tiles_from(6), derived();
    kind: IncidentKind, "Врста догађаја", "Kind of incident", in_tiles_from(0), synonyms(&["vrsta", "vrsta udesa", "vrsta akcidenta", "tip", "tip dogadjaja", "type", "incident type"]);
    occurred_on: NaiveDate, "Датум догађаја", "Date of the incident", primary_instant(), synonyms(&["datum udesa", "datum nastanka", "dat dogadj", "dat udesa", "datum", "date", "incident date"]);
    occurred_year: i64, "Година догађаја", "Year of the incident", synonyms(&["godina", "godina udesa", "god dogadj", "year"]);
    notified_on: NaiveDate, "Датум обавештења", "Date of the notification", synonyms(&["datum prijave", "dat obavest", "dat prijave", "notification date"]);
    notified_at: Moment, "Време обавештења", "Time of the notification", synonyms(&["obavesteno", "prijavljeno", "vreme prijave", "vr obavest", "notified", "notification time"]);
    notified_in_time: bool, "Обавештено у року од 48 сати", "Notified within 48 hours", derived();
    municipality: MunicipalityCode, "Општина", "Municipality", synonyms(&["opstina", "opstina maticni broj", "maticni broj opstine", "opstina ime", "municipality code", "sifra opstine", "mb opstine", "mb ops", "mat br ops", "mat br opstine", "maticni br opstine", "opstina mb", "opstina sifra"]);
    district: DistrictCode, "Управни округ", "Administrative district", synonyms(&["okrug", "upravni okrug", "okrug sifra", "oblast"]);
    cause: String, "Узрок", "Cause", prose(), synonyms(&["uzrok", "uzrok dogadjaja", "uzrok udesa"]);
    released_volume_m3: CubicMetres, "Изливена запремина (m³)", "Released volume (m³)", summed(), synonyms(&["zapremina", "zapremina m3", "izlivena zapremina", "izliveno", "izliveno m3", "kolicina m3", "volume", "release volume"]);
    watercourse: String, "Погођени водоток", "Affected watercourse", names(), synonyms(&["vodotok", "pogodjeni vodotok", "recipijent", "reka", "river"]);
    affected_length_m: Metres, "Дужина загађеног тока (m)", "Affected length (m)", synonyms(&["duzina", "duzina m", "duzina toka", "zagadjena duzina", "duz toka m", "runout"]);
    deaths: i64, "Погинули", "Deaths", summed(), synonyms(&["poginuli", "broj poginulih", "zrtve", "fatalities"]);
    injured: i64, "Повређени", "Injured", summed(), synonyms(&["povredjeni", "broj povredjenih", "injuries"]);
    consequences: String, "Последице", "Consequences", prose(), synonyms(&["posledice", "posledica", "steta", "impact", "damage"]);
    measures: String, "Предузете мере", "Measures taken", prose(), synonyms(&["mere", "preduzete mere", "sanacija"]);
    location_accuracy_m: Metres, "Тачност положаја (m)", "Location accuracy (m)", synonyms(&["tacnost", "tacnost polozaja", "tacnost m", "accuracy"]);
    unofficial: bool, "Незванично", "Unofficial", synonyms(&["nezvanicno"]);
    source: String, "Извор", "Source", prose(), synonyms(&["izvor", "izvor podataka"]);
    remarks: String, "Напомена", "Remarks", prose(), synonyms(&["napomena", "primedba", "komentar", "napomene", "primedbe", "komentari", "notes", "comment", "comments"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Failures, spills and other events at facilities.
pub static INCIDENTS: Layer = Layer {
    id: "incidents",
    title: Text::new("Догађаји на објектима", "Incidents"),
    description: Text::new(
        "Пробоји, изливања и други догађаји на објектима рударског отпада, са обавештењем које се \
         даје у року од 48 сати.",
        "Failures, spills and other events at mining-waste facilities, with the notification that \
         is due within 48 hours.",
    ),
    geometry: GeometryKind::Point,
    table: "incident",
    geometry_column: "location",
    only_with_geometry: false,
    crosses_border: false,
    supply: Supply::Features,
    editable: true,
    demands_if_match: false,
    fields: INCIDENT_FIELDS,
    derive: |record: &mut Record| {
        let mut incident = Incident::from_record(record);
        incident.complete();
        incident.into_record(record);
    },
    check: |record| Incident::from_record(record).findings(),
};

impl Incident {
    /// Fills what follows from other fields.
    fn complete(&mut self) {
        self.name_latin = self.name.as_deref().map(to_latin);
        self.occurred_year = self
            .occurred_year
            .or_else(|| self.occurred_on.map(|day| i64::from(day.year())));
        (self.municipality, self.district) =
            completed(self.facility.as_ref(), self.municipality, self.district);
        self.notified_on = self
            .notified_on
            .or_else(|| self.notified_at.map(Moment::day_in_serbia));
        self.notified_in_time = self.within_48_hours();
    }

    fn findings(&self) -> Vec<Finding> {
        let counts = [("deaths", self.deaths), ("injured", self.injured)];
        let negative = counts.into_iter().filter_map(|(name, count)| {
            let count = count.filter(|count| *count < 0)?;
            let message = message!(
                "{count} није број људи",
                "{count} is not a number of people"
            );
            Some(Finding::of(Severity::Error, name, message))
        });
        [
            self.year_of_day(),
            self.notified_before(),
            self.day_of_notification(),
        ]
        .into_iter()
        .flatten()
        .chain(negative)
        .collect()
    }

    fn year_of_day(&self) -> Option<Finding> {
        let (year, day) = (self.occurred_year?, self.occurred_on?);
        (year != i64::from(day.year())).then(|| {
            let message = message!(
                "година {year} није година датума {day}",
                "the year {year} is not that of the date {day}"
            );
            Finding::of(Severity::Error, "occurred_year", message)
        })
    }

    fn notified_before(&self) -> Option<Finding> {
        let (day, notified) = (self.occurred_on?, self.notified_on?);
        (notified < day).then(|| {
            let message = message!(
                "обавештење је дато {notified}, пре догађаја ({day})",
                "the notification was given on {notified}, before the incident ({day})"
            );
            Finding::of(Severity::Error, "notified_on", message)
        })
    }

    fn day_of_notification(&self) -> Option<Finding> {
        let (day, hour) = (self.notified_on?, self.notified_at?);
        (hour.day_in_serbia() != day).then(|| {
            let actual = hour.day_in_serbia();
            let message = message!(
                "време обавештења пада {actual}, а не {day}",
                "the time of the notification falls on {actual}, not on {day}"
            );
            Finding::of(Severity::Error, "notified_on", message)
        })
    }

    /// Whether the notification came within 48 hours; `None` where that depends on hours that are
    /// not known.
    fn within_48_hours(&self) -> Option<bool> {
        let limit = TimeDelta::hours(48);
        let (begins, ends) = day_in_serbia(self.occurred_on?)?;
        let (earliest, latest) = match self.notified_at {
            Some(moment) => (moment.utc(), moment.utc()),
            None => day_in_serbia(self.notified_on?)?,
        };
        if latest - begins <= limit {
            Some(true)
        } else if earliest - ends >= limit {
            Some(false)
        } else {
            None
        }
    }
}

/// When a day begins and ends in Serbia.
fn day_in_serbia(day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let midnight = |day: NaiveDate| Some(Moment::of_clock(day.and_time(NaiveTime::MIN))?.utc());
    Some((midnight(day)?, midnight(day.succ_opt()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::FieldValue;

    /// 15 May 2014 in Serbia: from 22:00 UTC on the day before to 22:00 UTC.
    #[test]
    fn the_notification_is_due_within_48_hours() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        for (at, on, in_time) in [
            (Some("2014-05-15T06:30:00Z"), None, Some(true)),
            (Some("2014-05-16T22:00:00Z"), None, Some(true)),
            (Some("2014-05-17T12:00:00Z"), None, None),
            (Some("2014-05-17T22:00:00Z"), None, Some(false)),
            (None, Some("2014-05-16"), Some(true)),
            (None, Some("2014-05-17"), None),
            (None, Some("2014-05-18"), Some(false)),
            (None, None, None),
        ] {
            let incident = Incident {
                occurred_on: day("2014-05-15"),
                notified_at: at.and_then(|text| Moment::parse(text).ok()),
                notified_on: on.and_then(day),
                ..Incident::default()
            };
            assert_eq!(incident.within_48_hours(), in_time, "{at:?} {on:?}");
        }
    }
}
