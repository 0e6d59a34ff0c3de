//! The closed lists of the register.

/// The URI of a term of a CGI vocabulary (`EarthResourceML`, IUGS Commission for Geoscience
/// Information).
macro_rules! cgi {
    ($vocabulary:literal, $term:literal) => {
        concat!(
            "http://resource.geosciml.org/classifier/cgi/",
            $vocabulary,
            "/",
            $term
        )
    };
}

mod commodity;
mod facility;
mod incident;
mod nature;
mod settlement;
mod survey;
mod territory;
mod waste;
mod waste_code;
mod water;

pub use commodity::{CRITICAL_LIST_VERSION, Commodity};
pub use facility::{FacilityStatus, FacilityType, RaisingMethod};
pub use incident::IncidentKind;
pub use nature::{IucnCategory, ProtectedAreaKind, ProtectionCategory};
pub use settlement::SettlementKind;
pub use survey::{ObservationMethod, SurveyKind, VerticalDatum};
pub use territory::MunicipalityKind;
pub use waste::WasteStorage;
pub use waste_code::WasteCode;
pub use water::{WaterOrder, WaterPersistence, WatercourseKind};

#[cfg(test)]
mod tests;
