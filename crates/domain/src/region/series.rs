//! The series in which the register numbers facilities.

use super::{DistrictCode, FacilityCode, MunicipalityCode, StatisticalRegionCode};

/// The facilities of one municipality, or of Kosovo and Metohija, whose codes ([`FacilityCode`]) differ
/// in nothing but their serials.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeSeries(String);

impl CodeSeries {
    /// The series of a facility in these regions; `None` where they do not say which municipality it is,
    /// except in Kosovo and Metohija.
    pub fn of(
        municipality: Option<MunicipalityCode>,
        district: Option<DistrictCode>,
    ) -> Option<Self> {
        let kosovo = || {
            let region = district?.statistical_region();
            (region == StatisticalRegionCode::KosovoAndMetohija).then(|| "KM".to_owned())
        };
        let municipality = municipality.map(|code| code.to_string());
        let territory = municipality.or_else(kosovo)?;
        Some(Self(format!("RS-{territory}-")))
    }

    /// How its codes begin: `RS-70327-`.
    pub fn prefix(&self) -> &str {
        &self.0
    }

    /// Its code of this serial: `RS-70327-007`.
    pub fn code(&self, serial: i64) -> String {
        format!("{}{serial:03}", self.0)
    }

    /// The serial of a code, if that is of this series.
    pub fn serial(&self, code: &str) -> Option<i64> {
        let code: FacilityCode = code.parse().ok()?;
        code.as_str().strip_prefix(&self.0)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_that_of_the_territory() {
        let of = |municipality: Option<&str>, district: Option<&str>| {
            let municipality = municipality.map(|code| code.parse().unwrap());
            let district = district.map(|code| code.parse().unwrap());
            CodeSeries::of(municipality, district).map(|series| series.code(7))
        };
        for (municipality, district, code) in [
            (Some("70327"), Some("RS-14"), Some("RS-70327-007")),
            (None, Some("RS-28"), Some("RS-KM-007")),
            (None, Some("RS-14"), None),
            (None, None, None),
        ] {
            assert_eq!(of(municipality, district).as_deref(), code);
        }
    }

    #[test]
    fn serials_are_read_from_codes_of_the_series_alone() {
        let series = CodeSeries::of("70327".parse().ok(), None).unwrap();
        for (code, serial) in [
            ("RS-70327-012", Some(12)),
            ("rs-70327-1000", Some(1_000)),
            ("RS-70017-012", None),
            ("RS-70327-x", None),
        ] {
            assert_eq!(series.serial(code), serial, "{code}");
        }
    }
}
