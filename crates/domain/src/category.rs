//! What the register alone can say of a facility's category (Directive 2006/21/EC, Article 9 and Annex
//! III). It is a proposal: the authority decides, on evidence that the register does not hold.

use crate::code_list;
use crate::code_list::Coded as _;
use crate::lang::Text;
use crate::layer::Layer;
use crate::lists::WasteCode;

code_list! {
    /// The category that the register's values speak for.
    pub enum ProposedCategory in "proposed_category", "Предложена категорија", "Proposed category";

    A = "a", "Категорија А (опасан отпад)", "Category A (hazardous waste)";
    OutsideScope = "outside_scope", "Ван обухвата Директиве", "Outside the scope of the Directive";
    Undetermined = "undetermined", "Није утврђено", "Undetermined";
}

/// The rule, its version, and what it is worth: said wherever a category is shown.
pub const NOTE: Text = Text::new(
    "Предлог по подацима регистра: Одлука 2009/337/ЕЗ, члан 7, верзија правила 1. Чека потврду надлежног \
     органа.",
    "Proposed from the register's data: Decision 2009/337/EC, Article 7, rule version 1. It awaits \
     confirmation by the authority.",
);

/// The fields that the rule reads.
pub const IN_SCOPE: &str = "in_scope";
/// See [`IN_SCOPE`].
pub const WASTE_CODE: &str = "waste_code";

/// The category by Article 7 of Decision 2009/337/EC, as far as one waste code decides it: where all
/// waste is hazardous, its share is above one half. Never "not A": the other criteria (lives, health,
/// environment, dangerous substances) are not in the register, so what is not known stays undetermined.
pub const fn proposed(in_scope: Option<bool>, waste: Option<WasteCode>) -> ProposedCategory {
    match (in_scope, waste) {
        (Some(false), _) => ProposedCategory::OutsideScope,
        (_, Some(waste)) if waste.hazardous() => ProposedCategory::A,
        _ => ProposedCategory::Undetermined,
    }
}

/// The codes of waste that the list marks as hazardous.
pub fn hazardous_codes() -> Vec<String> {
    let hazardous = WasteCode::ALL.iter().filter(|code| code.hazardous());
    hazardous.map(|code| code.code().to_owned()).collect()
}

/// Whether the records of a layer have what the rule reads.
pub fn applies_to(layer: &Layer) -> bool {
    [IN_SCOPE, WASTE_CODE]
        .iter()
        .all(|name| layer.field(name).is_some_and(crate::Field::is_public))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazardous_waste_speaks_for_category_a_and_nothing_speaks_against_it() {
        use ProposedCategory::{A, OutsideScope, Undetermined};
        let (acid, inert) = (WasteCode::W010304, WasteCode::W010408);
        for (in_scope, waste, expected) in [
            (Some(true), Some(acid), A),
            (None, Some(acid), A),
            (Some(false), Some(acid), OutsideScope),
            (Some(true), Some(inert), Undetermined),
            (Some(true), None, Undetermined),
            (None, None, Undetermined),
        ] {
            assert_eq!(
                proposed(in_scope, waste),
                expected,
                "{in_scope:?} {waste:?}"
            );
        }
    }
}
