//! Raster surveys: terrain models, orthophotos and indices of a facility.

use chrono::{DateTime, NaiveDate, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::{ObservationMethod, SurveyKind, VerticalDatum};
use crate::message;
use crate::quantity::{IndexValue, LevelMetres, Metres, Percent, SquareMetres};
use crate::record;
use crate::record::{Finding, Record, Severity};
use crate::region::{DistrictCode, FacilityCode, MunicipalityCode, completed};

record! {
    /// A raster survey: one `GeoTIFF`, its original kept, and the cloud-optimised image made of it.
    pub struct Survey, fields SURVEY_FIELDS;

    code: String, "Шифра снимка", "Survey code", key();
    facility: FacilityCode, "Објекат", "Facility", required();
    kind: SurveyKind, "Врста снимка", "Kind of survey", required();
    surveyed_on: NaiveDate, "Датум снимања", "Date of the survey", required(), primary_instant();
    method: ObservationMethod, "Метод снимања", "Method of survey";
    municipality: MunicipalityCode, "Општина", "Municipality", derived();
    district: DistrictCode, "Управни округ", "Administrative district", derived();
    horizontal_crs: String, "Координатни систем", "Coordinate reference system", derived();
    vertical_datum: VerticalDatum, "Висински датум", "Vertical datum";
    vertical_accuracy_m: Metres, "Висинска тачност, стандардно одступање (m)", "Vertical accuracy, standard deviation (m)";
    resolution_m: Metres, "Величина ћелије (m)", "Cell size (m)", derived();
    columns: i64, "Колона", "Columns", derived();
    rows: i64, "Редова", "Rows", derived();
    bands: i64, "Канала", "Bands", derived();
    data_type: String, "Тип вредности", "Type of values", derived();
    valid_percent: Percent, "Ћелија са подацима (%)", "Cells with data (%)", derived();
    area_m2: SquareMetres, "Снимљена површина (m²)", "Surveyed area (m²)", derived();
    lowest_m: LevelMetres, "Најнижа кота (m)", "Lowest height (m)", derived();
    highest_m: LevelMetres, "Највиша кота (m)", "Highest height (m)", derived();
    mean_height_m: LevelMetres, "Средња кота (m)", "Mean height (m)", derived();
    height_deviation_m: Metres, "Стандардно одступање кота (m)", "Standard deviation of heights (m)", derived();
    lowest_value: IndexValue, "Најмања вредност", "Lowest value", derived();
    highest_value: IndexValue, "Највећа вредност", "Highest value", derived();
    mean_value: IndexValue, "Средња вредност", "Mean value", derived();
    treatment: String, "Шта је при уносу утврђено и промењено", "What the import found and changed", derived(), prose();
    original_name: String, "Назив изворне датотеке", "Name of the original file", derived(), prose();
    original_sha256: String, "Отисак изворне датотеке (SHA-256)", "Digest of the original file (SHA-256)", derived();
    original_bytes: i64, "Величина изворне датотеке (бајтова)", "Size of the original file (bytes)", derived();
    image_sha256: String, "Отисак снимка који се служи (SHA-256)", "Digest of the served image (SHA-256)", derived();
    image_bytes: i64, "Величина снимка који се служи (бајтова)", "Size of the served image (bytes)", derived();
    source: String, "Извор", "Source", prose();
    remarks: String, "Напомена", "Remarks", prose();
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Raster surveys. The footprint is that of the cells with data.
pub static SURVEYS: Layer = Layer {
    id: "surveys",
    title: Text::new("Снимци", "Surveys"),
    description: Text::new(
        "Модели терена, ортофото снимци и показатељи са беспилотних летелица, лидара и сателита, \
         са обухватом ћелија које имају податке.",
        "Terrain models, orthophotos and indices from UAVs, lidar and satellites, with the \
         footprint of the cells that have data.",
    ),
    geometry: GeometryKind::MultiPolygon,
    table: "survey",
    geometry_column: "footprint",
    only_with_geometry: false,
    crosses_border: true,
    supply: Supply::Rasters,
    editable: true,
    demands_if_match: true,
    fields: SURVEY_FIELDS,
    derive: |record: &mut Record| {
        let mut survey = Survey::from_record(record);
        (survey.municipality, survey.district) = completed(
            survey.facility.as_ref(),
            survey.municipality,
            survey.district,
        );
        survey.into_record(record);
    },
    check: |record| Survey::from_record(record).findings(),
};

impl Survey {
    /// The code that a survey gets when its files give none: of facility, kind and day.
    pub fn code_of(facility: &FacilityCode, kind: SurveyKind, surveyed_on: NaiveDate) -> String {
        use crate::code_list::Coded as _;
        format!(
            "{facility}-{}-{}",
            kind.code(),
            surveyed_on.format("%Y%m%d")
        )
    }

    fn findings(&self) -> Vec<Finding> {
        let terrain = self.kind.is_some_and(SurveyKind::is_terrain);
        let no_datum = (terrain && self.vertical_datum.is_none()).then(|| {
            let message = message!(
                "висински датум није наведен; разлика према другом снимку тада може бити разлика датума",
                "the vertical datum is not said; a difference to another survey may then be one of datums"
            );
            Finding::of(Severity::Warning, "vertical_datum", message)
        });
        no_datum.into_iter().collect()
    }
}
