//! How complete a record is: how many of the fields that the law asks for are known.

use crate::lang::Text;
use crate::layer::{Field, Layer};
use crate::record::Record;

/// The name under which tiles and styles carry it.
pub const NAME: &str = "completeness_percent";
/// What it is, for people.
pub const TITLE: Text = Text::new(
    "Потпуност података које тражи закон (%)",
    "Completeness of what the law asks for (%)",
);

/// The public fields of a layer that the law asks for (see [`Field::asked_by`]).
pub fn asked(layer: &Layer) -> impl Iterator<Item = &'static Field> + use<> {
    layer
        .public_fields()
        .filter(|field| field.asked_by.is_some())
}

/// The code by which a list says that nothing is known.
pub fn unknown_code(field: &Field) -> Option<&'static str> {
    let entries = field.code_list()?.entries;
    entries
        .iter()
        .find(|entry| entry.code == "unknown")
        .map(|entry| entry.code)
}

/// How many percent of what the law asks for is known, rounded down: 100 only when nothing is missing.
/// `None` for a layer of which it asks nothing.
pub fn percent(record: &Record) -> Option<i64> {
    let asked: Vec<_> = asked(record.layer).collect();
    let known = asked.iter().filter(|field| is_known(record, field)).count();
    let (known, asked) = (i64::try_from(known).ok()?, i64::try_from(asked.len()).ok()?);
    (known * 100).checked_div(asked)
}

fn is_known(record: &Record, field: &Field) -> bool {
    let value = record.get(field.name);
    !value.is_unknown() && (value.as_text().is_none() || value.as_text() != unknown_code(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{DISTRICTS, FACILITIES};

    fn facility(texts: &[(&str, &str)]) -> Record {
        let mut record = Record::new(&FACILITIES);
        for (name, text) in texts {
            let value = FACILITIES.field(name).unwrap().parse(text).unwrap();
            record.set(name, value);
        }
        record
    }

    #[test]
    fn what_the_law_asks_for_counts_and_nothing_else() {
        let eleven = [
            ("facility_type", "tailings_pond"),
            ("status", "operating"),
            ("operator", "Рудник"),
            ("municipality", "70327"),
            ("waste_code", "010304"),
            ("in_scope", "false"),
            ("height_m", "0"),
            ("area_m2", "1"),
            ("volume_m3", "1"),
            ("mass_t", "1"),
            ("start_year", "1970"),
        ];
        assert_eq!(percent(&facility(&eleven)), Some(100));
        assert_eq!(percent(&facility(&eleven[1..])), Some(90), "ten of eleven");
        let others = [("name", "А"), ("mine", "Б"), ("end_year", "1990")];
        assert_eq!(percent(&facility(&others)), Some(0));
        assert_eq!(percent(&facility(&[("status", "unknown")])), Some(0));
        assert_eq!(percent(&Record::new(&DISTRICTS)), None);
    }
}
