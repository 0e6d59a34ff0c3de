//! Watercourses, along which what a facility releases travels.

use chrono::{DateTime, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::{WaterOrder, WaterPersistence, WatercourseKind};
use crate::quantity::Metres;
use crate::record;
use crate::record::Record;
use crate::text::to_latin;

record! {
    /// A river, stream or canal, or a part of one that has a code of its own.
    pub struct Watercourse, fields WATERCOURSE_FIELDS;

    code: String, "Шифра", "Code", key(), synonyms(&["sifra", "sifra vodotoka", "sif vodot", "kod", "kod vodotoka", "hidrografska sifra", "watercourse code", "river code"]);
    name: String, "Назив", "Name", in_tiles_from(6), names(), synonyms(&["naziv", "ime", "naziv vodotoka", "vodotok", "reka", "river name"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", in_tiles_from(6), derived(), synonyms(&["naziv lat", "ime latinica"]);
    kind: WatercourseKind, "Врста водотока", "Kind of watercourse", synonyms(&["vrsta", "tip", "tip vodotoka", "type", "fclass"]);
    water_order: WaterOrder, "Ред воде", "Order in law", synonyms(&["red", "red vodotoka", "vode reda", "kategorija"]);
    stream_order: i64, "Ранг по Штралеру", "Stream order (Strahler)", in_tiles_from(0), synonyms(&["rang", "rang po straleru", "strahler", "ord stra"]);
    persistence: WaterPersistence, "Сталност тока", "Persistence of flow", synonyms(&["stalnost", "rezim toka"]);
    tributary_of: String, "Улива се у", "Tributary of", names(), synonyms(&["uliva se u", "usce", "recipijent", "flows into"]);
    basin: String, "Слив", "River basin", names(), synonyms(&["sliv", "naziv sliva", "river basin", "catchment"]);
    length_m: Metres, "Дужина (m)", "Length (m)", synonyms(&["duzina", "duzina m", "length"]);
    source: String, "Извор података", "Source", prose(), synonyms(&["izvor"]);
    remarks: String, "Напомена", "Remarks", prose(), synonyms(&["napomena", "napomene", "primedba", "primedbe", "komentar", "komentari", "notes", "comment", "comments"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Rivers, streams and canals. A river of real files has several lines (arms, parts between lakes),
/// so each record is a [`GeometryKind::MultiLineString`].
pub static WATERCOURSES: Layer = Layer {
    id: "watercourses",
    title: Text::new("Водотоци", "Watercourses"),
    description: Text::new(
        "Реке, потоци и канали низводно од објеката. Слој уноси руковалац.",
        "Rivers, streams and canals downstream of the facilities. Loaded by the operator.",
    ),
    geometry: GeometryKind::MultiLineString,
    table: "watercourse",
    geometry_column: "course",
    only_with_geometry: false,
    crosses_border: true,
    supply: Supply::Features,
    editable: false,
    demands_if_match: false,
    fields: WATERCOURSE_FIELDS,
    derive: |record: &mut Record| {
        let mut watercourse = Watercourse::from_record(record);
        watercourse.name_latin = watercourse.name.as_deref().map(to_latin);
        watercourse.into_record(record);
    },
    check: |_| Vec::new(),
};
