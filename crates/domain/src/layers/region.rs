//! Regions: the units of state administration and statistics that facilities are asked by.

use chrono::{DateTime, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::MunicipalityKind;
use crate::message;
use crate::record;
use crate::record::{Finding, Record, Severity};
use crate::region::{DistrictCode, MunicipalityCode, StatisticalRegionCode};
use crate::text::to_latin;

record! {
    /// An administrative district (*upravni okrug*; Beograd is an area of the same level).
    pub struct District, fields DISTRICT_FIELDS;

    code: DistrictCode, "Шифра", "Code (ISO 3166-2)", key(), synonyms(&["sifra", "okrug sifra", "sifra okruga", "iso"]);
    name: String, "Назив", "Name", in_tiles_from(6), names(), required(), synonyms(&["naziv", "okrug", "okrug ime", "okrug imec"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", in_tiles_from(6), derived(), synonyms(&["okrug imel", "okrug ime lat"]);
    seat: String, "Седиште", "Seat", names(), synonyms(&["sediste"]);
    statistical_region: StatisticalRegionCode, "Статистички регион", "Statistical region", derived();
    nuts3: String, "Шифра NUTS 3", "NUTS 3 code";
    source: String, "Извор", "Source", prose(), synonyms(&["izvor"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

record! {
    /// A municipality or city municipality, by its registration number.
    pub struct Municipality, fields MUNICIPALITY_FIELDS;

    code: MunicipalityCode, "Матични број", "Registration number", key(), synonyms(&["maticni broj", "opstina maticni broj", "maticni broj opstine", "sifra", "sifra opstine"]);
    name: String, "Назив", "Name", in_tiles_from(6), names(), required(), synonyms(&["naziv", "opstina", "opstina ime", "opstina imec"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", in_tiles_from(6), derived(), synonyms(&["opstina imel", "opstina ime lat"]);
    district: DistrictCode, "Управни округ", "Administrative district", synonyms(&["okrug sifra", "okrug", "okrug ime"]);
    kind: MunicipalityKind, "Врста", "Kind", synonyms(&["vrsta"]);
    source: String, "Извор", "Source", prose(), synonyms(&["izvor"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

record! {
    /// A statistical region (NSTJ 2, the counterpart of NUTS 2).
    pub struct StatisticalRegion, fields STATISTICAL_REGION_FIELDS;

    code: StatisticalRegionCode, "Шифра", "Code (NUTS 2)", key(), synonyms(&["sifra", "region sifra"]);
    name: String, "Назив", "Name", in_tiles_from(6), names(), required(), synonyms(&["naziv", "region"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", in_tiles_from(6), derived();
    source: String, "Извор", "Source", prose(), synonyms(&["izvor"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Administrative districts.
pub static DISTRICTS: Layer = Layer {
    id: "districts",
    title: Text::new("Управни окрузи", "Administrative districts"),
    description: Text::new(
        "Управни окрузи Републике Србије, са подручјем Београда.",
        "Administrative districts of the Republic of Serbia, with the area of Beograd.",
    ),
    geometry: GeometryKind::MultiPolygon,
    table: "district",
    geometry_column: "area",
    only_with_geometry: false,
    crosses_border: false,
    supply: Supply::Features,
    editable: false,
    demands_if_match: false,
    fields: DISTRICT_FIELDS,
    derive: |record| {
        let mut district = District::from_record(record);
        district.name_latin = district.name.as_deref().map(to_latin);
        district.statistical_region = district.code.map(DistrictCode::statistical_region);
        district.into_record(record);
    },
    check: |_| Vec::new(),
};

/// Municipalities.
pub static MUNICIPALITIES: Layer = Layer {
    id: "municipalities",
    title: Text::new(
        "Општине и градске општине",
        "Municipalities and city municipalities",
    ),
    description: Text::new(
        "Општине и градске општине са матичним бројевима. Граница је празна док се не увезе.",
        "Municipalities and city municipalities with their registration numbers. The boundary is \
         empty until one is imported.",
    ),
    geometry: GeometryKind::MultiPolygon,
    table: "municipality",
    geometry_column: "area",
    only_with_geometry: false,
    crosses_border: false,
    supply: Supply::Features,
    editable: false,
    demands_if_match: false,
    fields: MUNICIPALITY_FIELDS,
    derive: |record| {
        let mut unit = Municipality::from_record(record);
        unit.name_latin = unit.name.as_deref().map(to_latin);
        unit.district = unit
            .district
            .or_else(|| unit.code.and_then(MunicipalityCode::district));
        unit.into_record(record);
    },
    check: |record| {
        let unit = Municipality::from_record(record);
        unit.in_another_district().into_iter().collect()
    },
};

impl Municipality {
    /// The district that the file gives is not the one in which the registered unit lies: a file
    /// that numbers the districts in another way is not to move municipalities.
    fn in_another_district(&self) -> Option<Finding> {
        let (code, district) = (self.code?, self.district?);
        let actual = code.district()?;
        (actual != district).then(|| {
            let message = message!(
                "општина {code} је у округу {actual}, а не у {district}; проверите шифре округа",
                "municipality {code} lies in {actual}, not in {district}; check the district numbers"
            );
            Finding::of(Severity::Error, "district", message)
        })
    }
}

/// Statistical regions.
pub static STATISTICAL_REGIONS: Layer = Layer {
    id: "statistical_regions",
    title: Text::new("Статистички региони", "Statistical regions"),
    description: Text::new(
        "Региони номенклатуре статистичких територијалних јединица (НСТЈ 2).",
        "Regions of the nomenclature of statistical territorial units (NSTJ 2).",
    ),
    geometry: GeometryKind::MultiPolygon,
    table: "statistical_region",
    geometry_column: "area",
    only_with_geometry: false,
    crosses_border: false,
    supply: Supply::Features,
    editable: false,
    demands_if_match: false,
    fields: STATISTICAL_REGION_FIELDS,
    derive: |record: &mut Record| {
        let mut region = StatisticalRegion::from_record(record);
        region.name_latin = region.name.as_deref().map(to_latin);
        region.into_record(record);
    },
    check: |_| Vec::new(),
};
