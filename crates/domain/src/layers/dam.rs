//! Dams and embankments of tailings facilities.

use chrono::{DateTime, NaiveDate, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::{ObservationMethod, RaisingMethod};
use crate::quantity::{LevelMetres, Metres, Ratio};
use crate::record;
use crate::record::Record;
use crate::region::FacilityCode;
use crate::text::to_latin;

record! {
    /// An embankment that holds back tailings, shown by the line of its crest.
    pub struct Dam, fields DAM_FIELDS;

    code: String, "Шифра бране", "Dam code", key(), synonyms(&["sifra", "sifra brane", "dam code"]);
    facility: FacilityCode, "Објекат", "Facility", required(), synonyms(&["objekat", "sifra objekta", "jaloviste", "facility code"]);
    name: String, "Назив", "Name", names(), synonyms(&["naziv", "ime", "naziv brane", "dam name"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", derived();
    raising_method: RaisingMethod, "Начин надвишења", "Raising method", synonyms(&["nacin nadv", "nacin nadvisenja", "nadvisenje", "dam raise method"]);
    height_m: Metres, "Висина (m)", "Height (m)", synonyms(&["visina", "visina m", "visina br", "visina brane", "max visina", "maksimalna visina", "height", "dam height", "vis br", "vis brane", "h m"]);
    crest_level_m: LevelMetres, "Кота круне (m)", "Crest level (m)", synonyms(&["kota krune", "kota kr", "crest level", "crest elevation"]);
    crest_length_m: Metres, "Дужина круне (m)", "Crest length (m)", synonyms(&["duzina", "duzina krune", "duzina brane", "crest length", "length"]);
    start_year: i64, "Година изградње", "Year of construction", synonyms(&["godina", "godina izgradnje"]);
    factor_of_safety: Ratio, "Коефицијент сигурности", "Factor of safety", restricted(), synonyms(&["koeficijent sigurnosti", "koef sig", "fos"]);
    surveyed_on: NaiveDate, "Датум снимања", "Date of survey", primary_instant(), synonyms(&["datum snimanja", "dat snim", "datum premera", "datum", "survey date", "date"]);
    observation_method: ObservationMethod, "Метод снимања", "Observation method", synonyms(&["metoda", "metod", "metoda snimanja", "nacin snimanja", "survey method", "method"]);
    unofficial: bool, "Незванично", "Unofficial", synonyms(&["nezvanicno"]);
    source: String, "Извор", "Source", prose(), synonyms(&["izvor", "izvor podataka"]);
    remarks: String, "Напомена", "Remarks", prose(), synonyms(&["napomena", "primedba", "komentar", "napomene", "primedbe", "komentari", "notes", "comment", "comments"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Crest lines of embankments.
pub static DAMS: Layer = Layer {
    id: "dams",
    title: Text::new("Бране", "Dams"),
    description: Text::new(
        "Линије круна брана и насипа који задржавају јаловину.",
        "Crest lines of the dams and embankments that hold tailings.",
    ),
    geometry: GeometryKind::LineString,
    table: "dam",
    geometry_column: "crest",
    only_with_geometry: false,
    crosses_border: false,
    supply: Supply::Features,
    editable: true,
    demands_if_match: false,
    fields: DAM_FIELDS,
    derive,
    check: |_| Vec::new(),
};

fn derive(record: &mut Record) {
    let mut dam = Dam::from_record(record);
    dam.name_latin = dam.name.as_deref().map(to_latin);
    dam.into_record(record);
}
