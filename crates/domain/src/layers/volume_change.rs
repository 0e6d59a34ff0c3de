//! Changes of volume between two terrain models of a facility.

use chrono::{DateTime, NaiveDate, Utc};

use crate::lang::Text;
use crate::layer::{GeometryKind, Layer, Supply};
use crate::lists::VerticalDatum;
use crate::quantity::{
    CubicMetres, DifferenceMetres, Metres, Percent, SquareMetres, VolumeChangeCubicMetres,
};
use crate::record;
use crate::record::Record;
use crate::region::{DistrictCode, FacilityCode, MunicipalityCode, completed};

record! {
    /// How much a facility grew or shrank between two surveys, with the uncertainty at 95 %.
    pub struct VolumeChange, fields VOLUME_CHANGE_FIELDS;

    code: String, "Шифра налаза", "Code of the finding", key();
    facility: FacilityCode, "Објекат", "Facility", required();
    municipality: MunicipalityCode, "Општина", "Municipality", derived();
    district: DistrictCode, "Управни округ", "Administrative district", derived();
    from_survey: String, "Ранији снимак", "Earlier survey", required(), code_of("surveys");
    to_survey: String, "Каснији снимак", "Later survey", required(), code_of("surveys");
    from_date: NaiveDate, "Датум ранијег снимка", "Date of the earlier survey";
    to_date: NaiveDate, "Датум каснијег снимка", "Date of the later survey", primary_instant();
    fill_m3: CubicMetres, "Нанос (m³)", "Fill (m³)";
    cut_m3: CubicMetres, "Одношење (m³)", "Cut (m³)";
    net_m3: VolumeChangeCubicMetres, "Нето промена (m³)", "Net change (m³)";
    uncertainty_m3: CubicMetres, "Несигурност нето промене, 95 % (m³)", "Uncertainty of the net change, 95 % (m³)";
    random_m3: CubicMetres, "Случајни део несигурности, 95 % (m³)", "Random part of the uncertainty, 95 % (m³)";
    systematic_m3: CubicMetres, "Систематски део несигурности (m³)", "Systematic part of the uncertainty (m³)";
    net_of_all_cells_m3: VolumeChangeCubicMetres, "Нето промена свих ћелија, без прага (m³)", "Net change of all cells, without the threshold (m³)";
    level_of_detection_m: Metres, "Праг уочљивости (m)", "Level of detection (m)";
    compared_area_m2: SquareMetres, "Упоређена површина (m²)", "Compared area (m²)";
    compared_percent: Percent, "Упоређени део границе (%)", "Compared part of the outline (%)";
    changed_area_m2: SquareMetres, "Површина промене изнад прага (m²)", "Area of change above the threshold (m²)";
    excluded_area_m2: SquareMetres, "Изузета површина, као вода (m²)", "Excluded area, such as water (m²)";
    cell_size_m: Metres, "Величина ћелије поређења (m)", "Cell size of the comparison (m)";
    vertical_datum: VerticalDatum, "Висински датум", "Vertical datum";
    stable_area_m2: SquareMetres, "Површина непромењеног тла (m²)", "Area of stable ground (m²)";
    bias_m: DifferenceMetres, "Висинско одступање на непромењеном тлу (m)", "Vertical bias on stable ground (m)";
    shift_east_m: DifferenceMetres, "Померај ка истоку (m)", "Shift to the east (m)";
    shift_north_m: DifferenceMetres, "Померај ка северу (m)", "Shift to the north (m)";
    deviation_m: Metres, "Расипање висинских разлика на непромењеном тлу (m)", "Spread of height differences on stable ground (m)";
    correlation_length_m: Metres, "Дужина просторне повезаности грешака (m)", "Correlation length of the errors (m)";
    coregistered: bool, "Померај и одступање су уклоњени", "Shift and bias were removed";
    method: String, "Метод", "Method", prose();
    warnings: String, "Упозорења", "Warnings", prose();
    difference_sha256: String, "Отисак растера разлика (SHA-256)", "Digest of the difference raster (SHA-256)";
    revision: i64, "Ревизија", "Revision", by_register();
    updated_at: DateTime<Utc>, "Уписано", "Entered in the register", by_register();
}

/// Changes of volume. The geometry is the area that was compared.
pub static VOLUME_CHANGES: Layer = Layer {
    id: "volume_changes",
    title: Text::new("Промене запремине", "Volume changes"),
    description: Text::new(
        "Колико је објекат порастао или се смањио између два снимка, са несигурношћу.",
        "How much a facility grew or shrank between two surveys, with the uncertainty.",
    ),
    geometry: GeometryKind::MultiPolygon,
    table: "volume_change",
    geometry_column: "compared_area",
    only_with_geometry: false,
    crosses_border: true,
    supply: Supply::Computation,
    editable: true,
    demands_if_match: false,
    fields: VOLUME_CHANGE_FIELDS,
    derive: |record: &mut Record| {
        let mut change = VolumeChange::from_record(record);
        (change.municipality, change.district) = completed(
            change.facility.as_ref(),
            change.municipality,
            change.district,
        );
        change.into_record(record);
    },
    check: |_| Vec::new(),
};
