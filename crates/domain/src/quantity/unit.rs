//! Units in which files give quantities, and the way from them to the register's own.

use serde::Serialize;

use crate::text::fold;

/// A unit that is the register's one times a power of ten.
#[derive(Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Unit {
    /// As people write it, such as `ha`.
    pub symbol: &'static str,
    /// The register's unit of the same quantity, UCUM.
    pub register_unit: &'static str,
    /// One of this is 10 to this power of the register's unit.
    pub exponent: i8,
    /// How files spell it: folded, without blanks.
    #[serde(skip)]
    spellings: &'static [&'static str],
}

const fn unit(
    symbol: &'static str,
    register_unit: &'static str,
    exponent: i8,
    spellings: &'static [&'static str],
) -> Unit {
    Unit {
        symbol,
        register_unit,
        exponent,
        spellings,
    }
}

/// Of each quantity the register's own unit stands first.
#[rustfmt::skip]
static UNITS: &[Unit] = &[
    unit("m", "m", 0, &["m", "metar", "metara", "metri", "metre", "metres", "meter", "meters"]),
    unit("mm", "m", -3, &["mm", "milimetara"]),
    unit("cm", "m", -2, &["cm", "centimetara", "santimetara"]),
    unit("dm", "m", -1, &["dm", "decimetara"]),
    unit("km", "m", 3, &["km", "kilometara", "kilometres"]),
    unit("m n.v.", "m", 0, &[
        "mnv", "nv", "mnm", "mnjm", "metaranv", "metaranadmorskevisine", "masl", "mamsl", "nmv", "metaranm",
    ]),
    unit("m²", "m2", 0, &["m2", "kvm", "mkv", "sqm", "kvadratnihmetara", "squaremetres"]),
    unit("a", "m2", 2, &["a", "ar", "ari", "ara", "are", "ares"]),
    unit("ha", "m2", 4, &["ha", "hektar", "hektara", "hektari", "hectare", "hectares"]),
    unit("km²", "m2", 6, &["km2", "kvkm", "sqkm", "kvadratnihkilometara"]),
    unit("m³", "m3", 0, &["m3", "kubika", "kubnihmetara", "kubnim", "cubicmetres"]),
    unit("10³ m³", "m3", 3, &[
        "103m3", "1000m3", "hiljm3", "hiljadam3", "hiljadem3", "hiljkubika", "hiljadakubika", "hiljadekubika", "hiljadamam3", "hiljadamakubika",
        "thousandm3",
    ]),
    unit("Mm³", "m3", 6, &[
        "mm3", "106m3", "1000000m3", "hm3", "milm3", "mlnm3", "miom3", "milionm3", "milionam3",
        "milionakubika", "milionkubika", "milkubika", "milionimam3", "milionimakubika",
        "milionakubnihmetara", "millionm3",
    ]),
    unit("t", "t", 0, &["t", "tona", "tone", "tonne", "tonnes"]),
    unit("kg", "t", -3, &["kg", "kilograma"]),
    unit("kt", "t", 3, &[
        "kt", "103t", "1000t", "hiljt", "hiljadat", "hiljtona", "hiljadatona", "hiljadamat", "hiljadamatona",
        "kilotona",
    ]),
    unit("Mt", "t", 6, &[
        "mt", "106t", "1000000t", "milt", "mlnt", "miot", "miliont", "milionat", "miltona",
        "miontona", "miliontona", "milionatona", "milionimat", "milionimatona", "megatona",
        "milliontonnes",
    ]),
];

/// What a text says about a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelled {
    /// This unit.
    Unit(&'static Unit),
    /// `mt` or `MT`: in English a metric tonne, by the rules of SI meant as `Mt`, a million tonnes.
    TonneOrMegatonne,
}

impl Unit {
    /// The register's own unit with this UCUM code.
    pub fn of_register(ucum: &str) -> Option<&'static Self> {
        units_of(ucum).next()
    }

    /// The unit of the quantity `ucum` that a text spells, whatever its case, script and blanks:
    /// `ha`, `M2`, `хиљ. м³`, `10^3 m3`, `m n.v.`. `Mt` alone depends on its case.
    pub fn read(text: &str, ucum: &str) -> Option<Spelled> {
        let spelled = fold(text).replace(' ', "");
        let times = ["puta", "x", "u"];
        let bare = times.iter().find_map(|word| {
            let rest = spelled.strip_prefix(word)?;
            (!rest.is_empty()).then_some(rest)
        });
        let unit = find(&spelled, ucum).or_else(|| find(bare?, ucum))?;
        let as_si_writes_it = matches!(text.trim(), "Mt" | "Мт");
        if unit.symbol == "Mt" && spelled.ends_with("mt") && !as_si_writes_it {
            return Some(Spelled::TonneOrMegatonne);
        }
        Some(Spelled::Unit(unit))
    }

    /// The spellings of all units of the quantity `ucum`, folded and without blanks.
    pub fn spellings(ucum: &str) -> impl Iterator<Item = &'static str> {
        units_of(ucum).flat_map(|unit| unit.spellings.iter().copied())
    }

    /// The symbols of all units of the quantity `ucum`.
    pub fn symbols(ucum: &str) -> Vec<&'static str> {
        units_of(ucum).map(|unit| unit.symbol).collect()
    }

    /// Whether it says a height above sea level, not a height of something.
    pub fn is_level(&self) -> bool {
        self.symbol == "m n.v."
    }

    /// A number in this unit as a number in the register's. The decimal point is moved, so that no
    /// digit changes: 0.07 ha are 700 m², not 700.0000000000001.
    pub fn to_register(&self, number: f64) -> f64 {
        let moved = format!("{number}e{}", self.exponent);
        moved
            .parse()
            .unwrap_or_else(|_| number * 10_f64.powi(self.exponent.into()))
    }
}

fn units_of(ucum: &str) -> impl Iterator<Item = &'static Unit> {
    UNITS.iter().filter(move |unit| unit.register_unit == ucum)
}

fn find(spelled: &str, ucum: &str) -> Option<&'static Unit> {
    units_of(ucum).find(|unit| unit.spellings.contains(&spelled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_known_as_files_spell_them() {
        for (text, ucum, symbol, register) in [
            ("ha", "m2", "ha", 10_000.0),
            ("HA", "m2", "ha", 10_000.0),
            ("ха", "m2", "ha", 10_000.0),
            ("ari", "m2", "a", 100.0),
            ("km²", "m2", "km²", 1_000_000.0),
            ("м2", "m2", "m²", 1.0),
            ("m³", "m3", "m³", 1.0),
            ("Mm3", "m3", "Mm³", 1_000_000.0),
            ("10^3 m3", "m3", "10³ m³", 1_000.0),
            ("x 10³ m³", "m3", "10³ m³", 1_000.0),
            ("u hilj. m3", "m3", "10³ m³", 1_000.0),
            ("хиљ. м³", "m3", "10³ m³", 1_000.0),
            ("mil. m3", "m3", "Mm³", 1_000_000.0),
            ("kt", "t", "kt", 1_000.0),
            ("Mt", "t", "Mt", 1_000_000.0),
            ("Мт", "t", "Mt", 1_000_000.0),
            ("mil t", "t", "Mt", 1_000_000.0),
            ("у милионима т", "t", "Mt", 1_000_000.0),
            ("u milionima m3", "m3", "Mm³", 1_000_000.0),
            ("milion kubika", "m3", "Mm³", 1_000_000.0),
            ("хиљада кубика", "m3", "10³ m³", 1_000.0),
            ("u hiljadama tona", "t", "kt", 1_000.0),
            ("nmv", "m", "m n.v.", 1.0),
            ("cm", "m", "cm", 0.01),
            ("KM", "m", "km", 1_000.0),
            ("m n.v.", "m", "m n.v.", 1.0),
        ] {
            let Some(Spelled::Unit(unit)) = Unit::read(text, ucum) else {
                panic!("{text}")
            };
            assert_eq!(
                (unit.symbol, unit.to_register(1.0)),
                (symbol, register),
                "{text}"
            );
        }
        for (text, ucum) in [
            ("ha", "m3"),
            ("t", "m"),
            ("", "m2"),
            ("x", "m"),
            ("jutara", "m2"),
        ] {
            assert_eq!(Unit::read(text, ucum), None, "{text}");
        }
    }

    #[test]
    fn mt_is_two_units_unless_written_as_si_writes_it() {
        for text in ["mt", "MT", "мт"] {
            assert_eq!(
                Unit::read(text, "t"),
                Some(Spelled::TonneOrMegatonne),
                "{text}"
            );
        }
    }

    #[test]
    fn a_conversion_changes_no_digit() {
        for (number, symbol, expected) in [
            (0.07, "ha", 700.0),
            (12.5, "ha", 125_000.0),
            (3.4, "Mt", 3_400_000.0),
            (1234.0, "cm", 12.34),
            (-0.3, "km", -300.0),
        ] {
            let unit = UNITS.iter().find(|unit| unit.symbol == symbol).unwrap();
            assert_eq!(
                unit.to_register(number).to_bits(),
                f64::to_bits(expected),
                "{number} {symbol}"
            );
        }
    }

    #[test]
    fn spellings_are_folded_and_unique_within_a_quantity() {
        for ucum in ["m", "m2", "m3", "t"] {
            let mut spellings: Vec<_> = Unit::spellings(ucum).collect();
            let count = spellings.len();
            spellings.sort_unstable();
            spellings.dedup();
            assert_eq!(spellings.len(), count, "{ucum}");
            assert!(spellings.iter().all(|one| fold(one) == **one), "{ucum}");
            assert_eq!(Unit::of_register(ucum).map(|unit| unit.exponent), Some(0));
        }
    }
}
