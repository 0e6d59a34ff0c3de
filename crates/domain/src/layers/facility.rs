//! Mining-waste facilities.

use chrono::{DateTime, NaiveDate, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::{
    Commodity, FacilityStatus, FacilityType, ObservationMethod, RaisingMethod, WasteCode,
    WasteStorage,
};
use crate::message;
use crate::quantity::{CubicMetres, LevelMetres, Metres, SquareMetres, Tonnes};
use crate::record;
use crate::record::{Finding, Record, Severity};
use crate::region::{DistrictCode, FacilityCode, MunicipalityCode, StatisticalRegionCode};
use crate::text::to_latin;

record! {
    /// A mining-waste facility: an area where extractive waste is accumulated or deposited
    /// (Directive 2006/21/EC, Article 3(15)), and the related industrial deposits that every
    /// practical inventory of the region lists beside them.
    pub struct Facility, fields FACILITY_FIELDS;

    code: FacilityCode, "Катастарска шифра", "Cadastral code", key(), synonyms(&["sifra", "sifra objekta", "katastarski broj", "kod", "kod objekta", "facility code", "facility id"]);
    name: String, "Назив", "Name", in_tiles_from(6), names(), required(), synonyms(&["naziv", "naziv sr", "name sr", "ime", "naziv objekta", "naziv jalovista", "naziv odlagalista", "naziv deponije", "ime objekta", "facility name", "site name"]);
    name_latin: String, "Назив (латиница)", "Name in Latin script", in_tiles_from(6), derived();
    name_en: String, "Назив (енглески)", "Name in English", in_tiles_from(6), names(), synonyms(&["naziv en", "english name"]);
    facility_type: FacilityType, "Врста објекта", "Facility type", in_tiles_from(0), asked_by("Directive 2006/21/EC, Article 3(15)"), synonyms(&["tip", "vrsta", "tip objekta", "vrsta objekta", "tip jalovista", "fac type", "type", "kind"]);
    status: FacilityStatus, "Статус", "Status", in_tiles_from(0), asked_by("Directive 2006/21/EC, Articles 12 and 20"), synonyms(&["stanje", "status objekta", "stanje objekta", "facility status"]);
    mine: String, "Рудник", "Mine", names(), synonyms(&["rudnik", "naziv rudnika", "ime rudnika", "mine name"]);
    operator: String, "Оператер", "Operator", asked_by("Directive 2006/21/EC, Article 7(2)(a)"), names(), synonyms(&["operater", "nosilac eksploatacije", "preduzece", "vlasnik", "company", "owner"]);
    municipality: MunicipalityCode, "Општина", "Municipality", asked_by("Directive 2006/21/EC, Article 7(2)(b)"), synonyms(&["opstina", "opstina maticni broj", "maticni broj opstine", "naziv opstine", "opst", "municip", "municipality code", "municipality name", "sifra opstine", "mb opstine", "mb ops", "mat br ops", "mat br opstine", "maticni br opstine", "opstina mb", "opstina sifra", "grad opstina", "ops"]);
    district: DistrictCode, "Управни округ", "Administrative district", synonyms(&["okrug", "upravni okrug", "naziv okruga", "oblast", "sifra okruga", "okrug sifra", "okrug naziv"]);
    statistical_region: StatisticalRegionCode, "Статистички регион", "Statistical region", derived();
    commodities: Vec<Commodity>, "Минералне сировине", "Commodities", synonyms(&["sirovina", "sirovine", "mineralna sirovina", "vrsta sirovine", "ruda", "metali", "commodity"]);
    waste_code: WasteCode, "Индексни број отпада", "List of Waste code", in_tiles_from(0), asked_by("Directive 2006/21/EC, Annex II"), synonyms(&["indeksni broj", "indeksni broj otpada", "kategorija otpada", "sifra otpada", "katalog otpada", "low code", "ewc"]);
    waste_storage: WasteStorage, "Начин одлагања", "Waste storage", synonyms(&["nacin odlaganja", "nacin skladistenja", "storage"]);
    in_scope: bool, "У обухвату Директиве 2006/21/ЕЗ", "Within the scope of Directive 2006/21/EC", asked_by("Directive 2006/21/EC, Article 2"), synonyms(&["u obuhvatu"]);
    raising_method: RaisingMethod, "Начин надвишења", "Raising method", synonyms(&["nacin nadv", "nacin nadvisenja", "nadvisenje", "dam raise method"]);
    height_m: Metres, "Висина (m)", "Height (m)", asked_by("Decision 2009/337/EC, Articles 5 and 6"), synonyms(&["visina", "visina m", "visina br", "visina brane", "visina objekta", "max visina", "maksimalna visina", "height", "dam height", "vis br", "vis brane", "h m"]);
    crest_level_m: LevelMetres, "Кота круне (m)", "Crest level (m)", synonyms(&["kota krune", "kota kr", "crest level", "crest elevation"]);
    area_m2: SquareMetres, "Површина (m²)", "Area (m²)", summed(), asked_by("Decision 2009/337/EC, Articles 5 and 6"), synonyms(&["povrsina", "povrsina m", "povrsina m2", "povr", "povrs", "zauzeta povrsina", "area", "pov", "povr objekta", "povrsina objekta", "ukupna povrsina", "p m2"]);
    volume_m3: CubicMetres, "Запремина (m³)", "Volume (m³)", in_tiles_from(0), summed(), asked_by("Directive 2006/21/EC, Article 5(3)(b)"), synonyms(&["zapremina", "zapremina m", "zapremina m3", "zaprem", "zapr", "kubatura", "volumen", "volume", "vol", "v m3", "zapremina otpada", "zapremina jalovine", "ukupna zapremina"]);
    mass_t: Tonnes, "Маса (t)", "Mass (t)", summed(), asked_by("Directive 2006/21/EC, Article 5(3)(b)"), synonyms(&["masa", "masa t", "kolicina", "kolicina otpada", "tonaza", "mass", "tonnage", "ukupna masa", "masa otpada"]);
    start_year: i64, "Почетак одлагања (година)", "Year deposition began", asked_by("Directive 2006/21/EC, Article 3(15)"), synonyms(&["godina pocetka", "godina pocetka odlaganja", "pocetak", "pocetak odlaganja", "god poc", "start", "year start"]);
    end_year: i64, "Крај одлагања (година)", "Year deposition ended", synonyms(&["godina kraja", "godina prestanka", "kraj", "kraj odlaganja", "prestanak odlaganja", "god kraj", "god zatv", "godina zatvaranja", "end", "year end"]);
    event_note: String, "Догађаји", "Known events", prose(), synonyms(&["dogadjaj", "incident", "udes", "havarija"]);
    surveyed_on: NaiveDate, "Датум снимања", "Date of survey", primary_instant(), synonyms(&["datum snimanja", "dat snim", "datum premera", "datum", "survey date", "date"]);
    observation_method: ObservationMethod, "Метод снимања", "Observation method", synonyms(&["metoda", "metod", "metoda snimanja", "nacin snimanja", "survey method", "method"]);
    location_accuracy_m: Metres, "Тачност положаја (m)", "Location accuracy (m)", synonyms(&["tacnost", "tacnost polozaja", "tacnost m", "accuracy", "coord accuracy", "coord accuracy m"]);
    unofficial: bool, "Незванично", "Unofficial", synonyms(&["nezvanicno"]);
    external_id: String, "Ознака у извору", "Identifier in the source", synonyms(&["id", "oznaka"]);
    source: String, "Извор", "Source", prose(), synonyms(&["izvor", "izvor podataka"]);
    remarks: String, "Напомена", "Remarks", prose(), synonyms(&["napomena", "primedba", "komentar", "napomene", "primedbe", "komentari", "notes", "comment", "comments"]);
    contact: String, "Одговорно лице", "Responsible person", restricted(), prose(), synonyms(&["odgovorno lice", "kontakt", "telefon"]);
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Every facility, at its best known place.
pub static FACILITIES: Layer = Layer {
    id: "facilities",
    title: Text::new("Објекти рударског отпада", "Mining waste facilities"),
    description: Text::new(
        "Јаловишта, одлагалишта и други објекти рударског отпада са свим својствима. Тачка лежи у \
         снимљеној граници ако постоји, иначе на најбоље познатом месту, са тачношћу положаја.",
        "Tailings ponds, waste dumps and other mining-waste facilities with all their attributes. \
         The point lies inside the surveyed outline where there is one, else at the best known \
         place, with its accuracy.",
    ),
    geometry: GeometryKind::Point,
    table: "facility",
    geometry_column: "location",
    only_with_geometry: false,
    crosses_border: false,
    supply: Supply::Features,
    editable: true,
    demands_if_match: false,
    fields: FACILITY_FIELDS,
    derive,
    check,
};

/// The same facilities, as areas.
pub static FACILITY_OUTLINES: Layer = Layer {
    id: "facility_outlines",
    title: Text::new(
        "Границе објеката рударског отпада",
        "Outlines of mining waste facilities",
    ),
    description: Text::new(
        "Објекти рударског отпада чија је граница снимљена.",
        "The mining-waste facilities that have a surveyed outline.",
    ),
    geometry: GeometryKind::MultiPolygon,
    table: "facility",
    geometry_column: "outline",
    only_with_geometry: true,
    crosses_border: false,
    supply: Supply::Features,
    editable: true,
    demands_if_match: false,
    fields: FACILITY_FIELDS,
    derive,
    check,
};

/// Fills what follows from other fields: the Latin name from the recorded one, the district from the
/// municipality, the statistical region from the district.
fn derive(record: &mut Record) {
    let latin = record.get("name").as_text().map(to_latin);
    record.set_typed("name_latin", latin);
    let of_municipality = || record.typed::<MunicipalityCode>("municipality")?.district();
    let district: Option<DistrictCode> = record.typed("district").or_else(of_municipality);
    if let Some(district) = district {
        record.set_typed("district", Some(district));
    }
    let region = district.map(DistrictCode::statistical_region);
    record.set_typed("statistical_region", region);
}

fn check(record: &Record) -> Vec<Finding> {
    Related::of(record).findings()
}

/// The fields that rules compare. An import reads millions of records, so the others are not read for it.
struct Related {
    code: Option<FacilityCode>,
    municipality: Option<MunicipalityCode>,
    district: Option<DistrictCode>,
    start_year: Option<i64>,
    end_year: Option<i64>,
}

impl Related {
    fn of(record: &Record) -> Self {
        Self {
            code: record.typed("code"),
            municipality: record.typed("municipality"),
            district: record.typed("district"),
            start_year: record.typed("start_year"),
            end_year: record.typed("end_year"),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        [
            self.years_in_order(),
            self.district_of_municipality(),
            self.municipality_of_code(),
        ]
        .into_iter()
        .flatten()
        .chain(self.implausible_years())
        .collect()
    }

    fn years_in_order(&self) -> Option<Finding> {
        let (start, end) = (self.start_year?, self.end_year?);
        (end < start).then(|| {
            let message = message!(
                "одлагање је завршено {end}, пре него што је почело {start}",
                "deposition ended in {end}, before it began in {start}"
            );
            Finding::of(Severity::Error, "end_year", message)
        })
    }

    fn implausible_years(&self) -> impl Iterator<Item = Finding> {
        let years = [("start_year", self.start_year), ("end_year", self.end_year)];
        years.into_iter().filter_map(|(name, year)| {
            let year = year.filter(|year| !(1000..=2200).contains(year))?;
            Some(Finding::of(
                Severity::Error,
                name,
                message!("{year} није година", "{year} is not a year"),
            ))
        })
    }

    fn district_of_municipality(&self) -> Option<Finding> {
        let (municipality, district) = (self.municipality?, self.district?);
        let actual = municipality.district()?;
        (actual != district).then(|| {
            let message = message!(
                "општина {municipality} је у округу {actual}, а не у {district}",
                "municipality {municipality} lies in {actual}, not in {district}"
            );
            Finding::of(Severity::Error, "district", message)
        })
    }

    fn municipality_of_code(&self) -> Option<Finding> {
        let (municipality, in_code) = (self.municipality?, self.code.as_ref()?.municipality()?);
        (municipality != in_code).then(|| {
            let message = message!(
                "шифра именује општину {in_code}, а поље municipality каже {municipality}",
                "the code names municipality {in_code}, the field municipality says {municipality}"
            );
            Finding::of(Severity::Warning, "municipality", message)
        })
    }
}
