//! Settlements, where the people live whom a facility may endanger.

use chrono::{DateTime, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::SettlementKind;
use crate::message;
use crate::record;
use crate::record::{Finding, Record, Severity};
use crate::region::{DistrictCode, MunicipalityCode, SettlementCode};
use crate::text::to_latin;

record! {
    /// A settlement by its registration number, with its people.
    pub struct Settlement, fields SETTLEMENT_FIELDS;

    code: SettlementCode, "Матични број", "Registration number", key(), synonyms(&["maticni broj", "naselje maticni broj", "maticni broj naselja", "mb naselja", "naselje mb", "sifra", "sifra naselja", "settlement code"]);
    name: String, "Назив", "Name", in_tiles_from(6), names(), required(), synonyms(&["naziv", "naselje", "naselje ime", "ime naselja", "naziv naselja", "settlement name"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", in_tiles_from(6), derived(), synonyms(&["naselje imel", "naselje ime lat"]);
    kind: SettlementKind, "Тип насеља", "Type of settlement", in_tiles_from(0), synonyms(&["tip", "vrsta", "type"]);
    municipality: MunicipalityCode, "Општина", "Municipality", synonyms(&["opstina maticni broj", "maticni broj opstine", "opstina", "opstina ime", "municipality code", "sifra opstine", "mb opstine", "mat br ops", "mat br opstine", "opstina mb", "opstina sifra"]);
    district: DistrictCode, "Управни округ", "Administrative district", synonyms(&["okrug sifra", "okrug", "upravni okrug", "oblast"]);
    population: i64, "Број становника", "Population", in_tiles_from(6), summed(), synonyms(&["stanovnistvo", "br stanov", "broj stan", "stanovnika", "ukupno stanovnika", "stan 2022", "inhabitants"]);
    households: i64, "Број домаћинстава", "Households", summed(), synonyms(&["domacinstva", "br domac", "domacinstava"]);
    census_year: i64, "Година пописа", "Year of the census", synonyms(&["popis", "godina"]);
    source: String, "Извор", "Source", prose(), synonyms(&["izvor", "izvor podataka"]);
    remarks: String, "Напомена", "Remarks", prose(), synonyms(&["napomena", "napomene", "primedba", "primedbe", "komentar", "komentari", "notes", "comment", "comments"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Settlements, each at a point among its houses: the boundary of a Serbian settlement takes in its
/// fields and forests, so that it says less of where people are than the point does.
pub static SETTLEMENTS: Layer = Layer {
    id: "settlements",
    title: Text::new("Насеља", "Settlements"),
    description: Text::new(
        "Насељена места са матичним бројевима и бројем становника, свако као тачка у насељу. Слој \
         уноси руковалац.",
        "Settlements with their registration numbers and population, each as a point among its \
         houses. Loaded by the operator.",
    ),
    geometry: GeometryKind::Point,
    table: "settlement",
    geometry_column: "location",
    only_with_geometry: false,
    crosses_border: false,
    supply: Supply::Features,
    editable: false,
    demands_if_match: false,
    fields: SETTLEMENT_FIELDS,
    derive: |record: &mut Record| {
        let mut settlement = Settlement::from_record(record);
        settlement.name_latin = settlement.name.as_deref().map(to_latin);
        settlement.district = settlement
            .district
            .or_else(|| settlement.municipality.and_then(MunicipalityCode::district));
        settlement.into_record(record);
    },
    check,
};

fn check(record: &Record) -> Vec<Finding> {
    let settlement = Settlement::from_record(record);
    let counts = [
        ("population", settlement.population),
        ("households", settlement.households),
    ];
    let negative = counts.into_iter().filter_map(|(name, count)| {
        let count = count.filter(|count| *count < 0)?;
        let message = message!("{count} је мање од нуле", "{count} is below zero");
        Some(Finding::of(Severity::Error, name, message))
    });
    negative.collect()
}
