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
mod survey;
mod territory;
mod waste;
mod waste_code;

pub use commodity::{CRITICAL_LIST_VERSION, Commodity};
pub use facility::{FacilityStatus, FacilityType, RaisingMethod};
pub use survey::ObservationMethod;
pub use territory::MunicipalityKind;
pub use waste::WasteStorage;
pub use waste_code::WasteCode;

#[cfg(test)]
mod tests;
