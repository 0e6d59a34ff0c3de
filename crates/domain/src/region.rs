//! Codes of territorial units, and the cadastral code that is built on them.

mod any;
mod municipalities;
mod registration_number;
mod series;

use std::fmt;
use std::str::FromStr;

pub use self::any::{Membership, Region};
pub use self::series::CodeSeries;

use crate::lang::Text;
use crate::text_value;
use crate::value::{FieldType, ValueError};

/// The registration number of a municipality or city municipality: five digits, the last one its
/// control digit, such as 70327 for Bor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MunicipalityCode(u32);

impl MunicipalityCode {
    /// The administrative district in which it lies; `None` for a number that the public list of
    /// the register of spatial units does not have, such as those of Kosovo and Metohija.
    pub fn district(self) -> Option<DistrictCode> {
        municipalities::MEMBERS
            .iter()
            .find(|(_, members)| members.contains(&self.0))
            .map(|(district, _)| *district)
    }

    /// Those that make up a city which has no number of its own, by its folded name: Beograd, Niš.
    pub fn of_city(folded: &str) -> impl Iterator<Item = Self> + use<> {
        municipalities::of_city(folded).iter().copied().map(Self)
    }
}

impl fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

impl FromStr for MunicipalityCode {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &Text = &Text::new(
            "матични број општине, као 70327",
            "the registration number of a municipality, such as 70327",
        );
        registration_number::read::<5>(text, WANTED).map(Self)
    }
}

text_value!(
    MunicipalityCode,
    FieldType::Text,
    "^[0-9]{5}$",
    code_of "municipalities"
);

/// The registration number of a cadastral municipality (*katastarska opština*): six digits, the
/// last one its control digit, such as 715867 for Krivelj.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CadastralMunicipalityCode(u32);

impl fmt::Display for CadastralMunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl FromStr for CadastralMunicipalityCode {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &Text = &Text::new(
            "матични број катастарске општине, као 715867",
            "the registration number of a cadastral municipality, such as 715867",
        );
        registration_number::read::<6>(text, WANTED).map(Self)
    }
}

text_value!(CadastralMunicipalityCode, FieldType::Text, "^[0-9]{6}$");

/// The registration number of a settlement (*naselje*): six digits, the last one its control digit,
/// such as 801542.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettlementCode(u32);

impl fmt::Display for SettlementCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl FromStr for SettlementCode {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &Text = &Text::new(
            "матични број насеља, као 801542",
            "the registration number of a settlement, such as 801542",
        );
        registration_number::read::<6>(text, WANTED).map(Self)
    }
}

text_value!(
    SettlementCode,
    FieldType::Text,
    "^[0-9]{6}$",
    code_of "settlements"
);

/// The ISO 3166-2 code of an administrative district (*upravni okrug*), RS-01 to RS-29, or of the
/// area of Beograd, RS-00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DistrictCode(u8);

impl DistrictCode {
    /// All thirty, in the order of their codes.
    pub const ALL: [Self; 30] = {
        let mut all = [Self(0); 30];
        let mut number = 0;
        while number < 30 {
            all[number as usize] = Self(number);
            number += 1;
        }
        all
    };

    /// The statistical region of which it is part (Regulation on the nomenclature of statistical
    /// territorial units, "Sl. glasnik RS" 109/2009 and 46/2010).
    pub const fn statistical_region(self) -> StatisticalRegionCode {
        match self.0 {
            0 => StatisticalRegionCode::Beograd,
            1..=7 => StatisticalRegionCode::Vojvodina,
            8 | 9 | 12 | 13 | 16..=19 => StatisticalRegionCode::SumadijaAndWest,
            25..=29 => StatisticalRegionCode::KosovoAndMetohija,
            _ => StatisticalRegionCode::SouthAndEast,
        }
    }
}

impl fmt::Display for DistrictCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RS-{:02}", self.0)
    }
}

impl FromStr for DistrictCode {
    type Err = ValueError;

    /// Reads the code alone, in either case: `RS-14`, `rs-14`; or the number of the district in the
    /// register of spatial units (*okrug šifra*), with or without its leading zero: `14`, `7`, `07`.
    /// ISO 3166-2:RS numbers the districts as that register does, and Beograd 00.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &Text = &Text::new(
            "округ, од RS-00 до RS-29, као RS-14",
            "a district, RS-00 to RS-29, such as RS-14",
        );
        let number = match text.trim().as_bytes() {
            [ones @ b'0'..=b'9'] => Some(ones - b'0'),
            [tens @ b'0'..=b'2', ones @ b'0'..=b'9']
            | [
                b'R' | b'r',
                b'S' | b's',
                b'-',
                tens @ b'0'..=b'2',
                ones @ b'0'..=b'9',
            ] => Some((tens - b'0') * 10 + (ones - b'0')),
            _ => None,
        };
        number
            .map(Self)
            .ok_or_else(|| ValueError::not_a(text, WANTED))
    }
}

text_value!(
    DistrictCode,
    FieldType::Text,
    "^RS-[0-2][0-9]$",
    code_of "districts"
);

/// The code of a statistical region (NSTJ 2), written as the NUTS 2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatisticalRegionCode {
    /// RS11, Beogradski region.
    Beograd,
    /// RS12, Region Vojvodine.
    Vojvodina,
    /// RS21, Region Šumadije i Zapadne Srbije.
    SumadijaAndWest,
    /// RS22, Region Južne i Istočne Srbije.
    SouthAndEast,
    /// RS23, Region Kosovo i Metohija.
    KosovoAndMetohija,
}

impl StatisticalRegionCode {
    /// All five, in the order of their codes.
    pub const ALL: [Self; 5] = [
        Self::Beograd,
        Self::Vojvodina,
        Self::SumadijaAndWest,
        Self::SouthAndEast,
        Self::KosovoAndMetohija,
    ];

    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Beograd => "RS11",
            Self::Vojvodina => "RS12",
            Self::SumadijaAndWest => "RS21",
            Self::SouthAndEast => "RS22",
            Self::KosovoAndMetohija => "RS23",
        }
    }
}

impl fmt::Display for StatisticalRegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StatisticalRegionCode {
    type Err = ValueError;

    /// Reads the code, in either case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &Text = &Text::new(
            "статистички регион: RS11, RS12, RS21, RS22 или RS23",
            "a statistical region: RS11, RS12, RS21, RS22 or RS23",
        );
        let code = text.trim();
        Self::ALL
            .into_iter()
            .find(|region| region.as_str().eq_ignore_ascii_case(code))
            .ok_or_else(|| ValueError::not_a(text, WANTED))
    }
}

text_value!(
    StatisticalRegionCode,
    FieldType::Text,
    "^RS(11|12|21|22|23)$",
    code_of "statistical_regions"
);

/// The cadastral code of a facility: `RS-`, the registration number of its municipality (or `KM`
/// in Kosovo and Metohija, whose numbers are not published), `-` and a serial of 3 to 7 digits:
/// `RS-70327-001`. Leading zeros of the serial are part of the code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FacilityCode(String);

impl FacilityCode {
    const WANTED: Text = Text::new(
        "катастарска шифра, као RS-70327-001 или RS-KM-001",
        "a cadastral code, such as RS-70327-001 or RS-KM-001",
    );

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The municipality that the code names; `None` in Kosovo and Metohija.
    pub fn municipality(&self) -> Option<MunicipalityCode> {
        self.0.split('-').nth(1)?.parse().ok()
    }
}

impl fmt::Display for FacilityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FacilityCode {
    type Err = ValueError;

    /// Reads a code in either case; surrounding blanks are dropped.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.trim().to_ascii_uppercase();
        let parts: Vec<&str> = code.split('-').collect();
        let [country, territory, serial] = parts[..] else {
            return Err(ValueError::not_a(text, &Self::WANTED));
        };
        if country != "RS" || !is_serial(serial) || !has_form_of_territory(territory) {
            return Err(ValueError::not_a(text, &Self::WANTED));
        }
        if territory != "KM" {
            territory.parse::<MunicipalityCode>()?;
        }
        Ok(Self(code))
    }
}

fn is_serial(text: &str) -> bool {
    (3..=7).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn has_form_of_territory(text: &str) -> bool {
    text == "KM" || (text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()))
}

text_value!(
    FacilityCode,
    FieldType::Text,
    "^RS-([0-9]{5}|KM)-[0-9]{3,7}$",
    code_of "facilities"
);

/// The municipality and district of a record: what it says, else what follows from the code of its
/// facility and from the municipality.
pub fn completed(
    facility: Option<&FacilityCode>,
    municipality: Option<MunicipalityCode>,
    district: Option<DistrictCode>,
) -> (Option<MunicipalityCode>, Option<DistrictCode>) {
    let municipality = municipality.or_else(|| facility.and_then(FacilityCode::municipality));
    let district = district.or_else(|| municipality.and_then(MunicipalityCode::district));
    (municipality, district)
}

/// Whether a record with these regions lies in one of some. A record that says neither lies in none.
pub fn covers(
    regions: &[Region],
    municipality: Option<MunicipalityCode>,
    district: Option<DistrictCode>,
) -> bool {
    let (municipality, district) = completed(None, municipality, district);
    regions.iter().any(|region| match region {
        Region::Municipality(one) => municipality == Some(*one),
        Region::District(one) => district == Some(*one),
        Region::Statistical(one) => {
            district.is_some_and(|district| district.statistical_region() == *one)
        }
    })
}

#[cfg(test)]
mod tests;
