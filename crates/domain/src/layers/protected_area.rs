//! Protected areas, which a facility may touch.

use chrono::{DateTime, NaiveDate, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::{IucnCategory, ProtectedAreaKind, ProtectionCategory};
use crate::quantity::LandSquareMetres;
use crate::record;
use crate::record::Record;
use crate::text::to_latin;

record! {
    /// An area that the Nature Protection Act or a network of sites protects.
    pub struct ProtectedArea, fields PROTECTED_AREA_FIELDS;

    code: String, "Шифра", "Code", key(), synonyms(&["sifra", "sifra podrucja", "registarski broj", "reg broj", "broj registra", "kod", "site code", "sitecode"]);
    name: String, "Назив", "Name", in_tiles_from(6), names(), required(), synonyms(&["naziv", "ime", "naziv zp", "naziv podrucja", "site name", "sitename"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", in_tiles_from(6), derived(), synonyms(&["naziv lat", "ime latinica"]);
    kind: ProtectedAreaKind, "Врста заштићеног подручја", "Kind of protected area", in_tiles_from(0), synonyms(&["vrsta", "vrsta zp", "vrsta zastite", "tip", "vid zastite", "type", "designation"]);
    protection_category: ProtectionCategory, "Категорија заштите", "Category of protection", synonyms(&["kategorija", "kat zastite"]);
    iucn_category: IucnCategory, "Категорија IUCN", "IUCN category", synonyms(&["iucn", "iucn kategorija", "iucn cat", "iucn kat"]);
    emerald: bool, "Подручје мреже Емералд", "Emerald network site", synonyms(&["emerald podrucje", "emerald site"]);
    natura_2000: bool, "Подручје Натура 2000", "Natura 2000 site", synonyms(&["natura", "natura2000"]);
    ramsar: bool, "Рамсарско подручје", "Ramsar site", synonyms(&["ramsarsko podrucje"]);
    act: String, "Акт о заштити", "Act of protection", synonyms(&["akt", "akt o zastiti", "sluzbeni glasnik", "sl glasnik", "uredba"]);
    designated_on: NaiveDate, "Датум проглашења", "Date of designation", primary_instant(), synonyms(&["datum proglasenja", "dat progl", "datum zastite", "datum", "designation date"]);
    manager: String, "Управљач", "Manager", synonyms(&["upravljac", "staratelj"]);
    area_m2: LandSquareMetres, "Површина (m²)", "Area (m²)", synonyms(&["povrsina", "povrsina m2", "area"]);
    source: String, "Извор", "Source", prose(), synonyms(&["izvor", "izvor podataka"]);
    remarks: String, "Напомена", "Remarks", prose(), synonyms(&["napomena", "napomene", "primedba", "primedbe", "komentar", "komentari", "notes", "comment", "comments"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Protected areas and sites of ecological networks.
pub static PROTECTED_AREAS: Layer = Layer {
    id: "protected_areas",
    title: Text::new("Заштићена подручја", "Protected areas"),
    description: Text::new(
        "Заштићена природна добра и подручја еколошких мрежа. Слој уноси руковалац.",
        "Protected areas of nature and sites of ecological networks. Loaded by the operator.",
    ),
    geometry: GeometryKind::MultiPolygon,
    table: "protected_area",
    geometry_column: "area",
    only_with_geometry: false,
    crosses_border: false,
    supply: Supply::Features,
    editable: false,
    demands_if_match: false,
    fields: PROTECTED_AREA_FIELDS,
    derive: |record: &mut Record| {
        let mut area = ProtectedArea::from_record(record);
        area.name_latin = area.name.as_deref().map(to_latin);
        area.into_record(record);
    },
    check: |_| Vec::new(),
};
