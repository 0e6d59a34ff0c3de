//! What maps show facilities by, and with which symbols: the one definition from which map styles, QGIS
//! styles and legends are made.
//!
//! Colours are told apart also by people who confuse red and green (Okabe and Ito; `PuOr` of
//! `ColorBrewer`; viridis), and no class differs from another of its theme in colour alone where the
//! classes have no order: shapes differ too.

mod symbol;

use crate::category::ProposedCategory;
use crate::code_list;
use crate::code_list::Coded;
use crate::completeness;
use crate::lang::Text;
use crate::layer::Layer;
use crate::lists::{FacilityStatus, FacilityType};

pub use symbol::{Colour, GREYS, PALETTE, Shape, Symbol};

code_list! {
    /// What a map shows facilities by.
    pub enum Theme in "theme", "Тема", "Theme";

    Type = "type", "Објекти по врсти", "Facilities by type";
    Status = "status", "Објекти по статусу", "Facilities by status";
    Category = "category", "Објекти по предложеној категорији", "Facilities by proposed category";
    Volume = "volume", "Објекти по запремини", "Facilities by volume";
    Completeness = "completeness", "Објекти по потпуности података", "Facilities by completeness of data";
}

/// Which records a class holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Those with this code.
    Code(&'static str),
    /// Those with a number from one, below another; an open end is `None`.
    Range {
        /// The least number of the class.
        from: Option<f64>,
        /// The least number beyond it.
        below: Option<f64>,
    },
    /// Those of which nothing is known.
    Unknown,
}

/// A class of a theme.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Which records.
    pub rule: Rule,
    /// What they are.
    pub label: Text,
    /// How they are shown.
    pub symbol: Symbol,
}

const UNKNOWN: Text = Text::new("Непознато", "Unknown");

impl Theme {
    /// Whether the records of a layer have what the theme needs.
    pub fn applies_to(self, layer: &Layer) -> bool {
        layer.field("facility_type").is_some()
    }

    /// The name under which tiles carry the value that decides.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Type => "facility_type",
            Self::Status => "status",
            Self::Category => ProposedCategory::LIST.id,
            Self::Volume => "volume_m3",
            Self::Completeness => completeness::NAME,
        }
    }

    /// What must be said wherever the theme is shown.
    pub const fn note(self) -> Option<Text> {
        match self {
            Self::Category => Some(crate::category::NOTE),
            _ => None,
        }
    }

    /// The classes, in the order of a legend. Together they hold every record, each in one.
    pub fn classes(self) -> Vec<Class> {
        match self {
            Self::Type => coded(FacilityType::ALL, symbol::of_type),
            Self::Status => coded(FacilityStatus::ALL, symbol::of_status),
            Self::Category => coded(ProposedCategory::ALL, symbol::of_category),
            Self::Volume => ranges(&VOLUMES, &symbol::VIRIDIS, 4),
            Self::Completeness => ranges(&PERCENTS, &symbol::PUOR, 0),
        }
    }
}

/// A class for each code; the code for what is unknown holds what says nothing, too.
fn coded<T: Coded>(all: &'static [T], symbol: fn(T) -> Symbol) -> Vec<Class> {
    let class = |code: &T| Class {
        rule: Rule::Code(code.code()),
        label: code.entry().label,
        symbol: symbol(*code),
    };
    let unknown = all.iter().position(|code| code.code() == "unknown");
    let mut classes: Vec<_> = all.iter().map(class).collect();
    if let Some(at) = unknown {
        classes.remove(at);
    }
    classes.push(unknown_class());
    classes
}

const fn unknown_class() -> Class {
    Class {
        rule: Rule::Unknown,
        label: UNKNOWN,
        symbol: symbol::UNKNOWN,
    }
}

type RangeClass = (Option<f64>, Option<f64>, Text);

const VOLUMES: [RangeClass; 5] = [
    (
        None,
        Some(1e4),
        Text::new("мање од 10.000 m³", "less than 10,000 m³"),
    ),
    (
        Some(1e4),
        Some(1e5),
        Text::new("10.000 до 100.000 m³", "10,000 to 100,000 m³"),
    ),
    (
        Some(1e5),
        Some(1e6),
        Text::new("100.000 до 1 милион m³", "100,000 to 1 million m³"),
    ),
    (
        Some(1e6),
        Some(1e7),
        Text::new("1 до 10 милиона m³", "1 to 10 million m³"),
    ),
    (
        Some(1e7),
        None,
        Text::new("10 милиона m³ и више", "10 million m³ and more"),
    ),
];

const PERCENTS: [RangeClass; 5] = [
    (
        None,
        Some(25.0),
        Text::new("мање од 25 %", "less than 25 %"),
    ),
    (
        Some(25.0),
        Some(50.0),
        Text::new("25 до 49 %", "25 to 49 %"),
    ),
    (
        Some(50.0),
        Some(75.0),
        Text::new("50 до 74 %", "50 to 74 %"),
    ),
    (
        Some(75.0),
        Some(100.0),
        Text::new("75 до 99 %", "75 to 99 %"),
    ),
    (
        Some(100.0),
        None,
        Text::new("све је познато", "everything is known"),
    ),
];

/// A class for each range, one larger than the other by `growth` pixels.
fn ranges(ranges: &[RangeClass; 5], colours: &[Colour; 5], growth: u8) -> Vec<Class> {
    let sizes = (symbol::SIZE - growth..).step_by(usize::from(growth / 2).max(1));
    let sizes = sizes.map(|size| if growth == 0 { symbol::SIZE } else { size });
    let classes = ranges.iter().zip(colours).zip(sizes);
    let classes = classes.map(|((&(from, below, label), &colour), size)| Class {
        rule: Rule::Range { from, below },
        label,
        symbol: Symbol {
            shape: Shape::Circle,
            colour,
            size,
        },
    });
    classes.chain([unknown_class()]).collect()
}

/// How a layer is shown where no theme is chosen: the name of the field that decides, and its classes;
/// `None` for a layer whose records all look the same.
pub fn of_layer(layer: &Layer) -> Option<(&'static str, Vec<Class>)> {
    if Theme::Status.applies_to(layer) {
        return Some((Theme::Status.attribute(), Theme::Status.classes()));
    }
    let kind = layer.field("kind")?;
    let colours = PALETTE.iter().chain(&GREYS).cycle();
    let classes = kind.code_list()?.entries.iter().zip(colours);
    let classes = classes.map(|(entry, colour)| Class {
        rule: Rule::Code(entry.code),
        label: entry.label,
        symbol: Symbol::circle(*colour),
    });
    Some((kind.name, classes.chain([unknown_class()]).collect()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn classes_of_a_theme_look_different() {
        for theme in Theme::ALL {
            let classes = theme.classes();
            let looks: BTreeSet<_> = classes.iter().map(|class| class.symbol.name()).collect();
            assert_eq!(looks.len(), classes.len(), "{theme:?}");
        }
    }

    #[test]
    fn ranges_follow_on_each_other_without_a_gap() {
        for theme in [Theme::Volume, Theme::Completeness] {
            let mut last = None;
            for class in theme.classes() {
                let Rule::Range { from, below } = class.rule else {
                    assert_eq!(class.rule, Rule::Unknown);
                    assert_eq!(last, None, "the ranges end open");
                    continue;
                };
                assert_eq!(from, last, "{theme:?}");
                last = below;
            }
        }
    }

    #[test]
    fn every_code_has_one_class_and_the_category_says_that_it_is_a_proposal() {
        let codes = |theme: Theme| {
            let classes = theme.classes().into_iter();
            classes
                .filter(|class| matches!(class.rule, Rule::Code(_)))
                .count()
        };
        assert_eq!(codes(Theme::Type), FacilityType::ALL.len());
        assert_eq!(
            codes(Theme::Status),
            FacilityStatus::ALL.len() - 1,
            "unknown is Unknown"
        );
        let note = Theme::Category.note().unwrap();
        assert!(note.en.contains("awaits confirmation") && note.en.contains("version 1"));
    }
}
