//! What is wrong with a record, beyond what could not be read.

mod column_marks;
mod future;
mod keys;

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::lang::Message;
use domain::layer::{Field, Role};
use domain::record::{Finding, Severity};
use domain::{Layer, ValueError, message};
use store::staging::MOST_LISTED;

use crate::convert::{Converted, Homonym};
use crate::position::{Positions, Settled};
use column_marks::ColumnMarks;
pub(crate) use future::today_in_serbia;
use keys::Keys;

/// Checks the records of one file, in file order.
#[derive(Debug)]
pub struct Checker {
    key: &'static Field,
    /// Whether a record without a key is found by its likeness, or gets a new key.
    may_lack_key: bool,
    /// Required fields that the file does not supply.
    missing: Vec<&'static Field>,
    positions: Positions,
    keys: Keys,
    repeated: Vec<(u64, Finding)>,
    /// What records leave empty that only a new one must have, by row.
    empty: HashMap<u64, Vec<Finding>>,
    marks: ColumnMarks,
    today: NaiveDate,
}

impl Checker {
    /// A checker for records of `layer` of which the file supplies the fields `supplied`.
    pub fn new(
        layer: &'static Layer,
        supplied: &[&'static Field],
        positions: Positions,
        today: NaiveDate,
    ) -> Self {
        let supplies = |field: &Field| supplied.iter().any(|one| one.name == field.name);
        Self {
            key: layer.key(),
            may_lack_key: layer.is_matched_without_code(),
            missing: layer
                .fields
                .iter()
                .filter(|field| field.required && !supplies(field))
                .filter(|field| field.role != Role::Key || !layer.is_matched_without_code())
                .collect(),
            positions,
            keys: Keys::default(),
            repeated: Vec::new(),
            empty: HashMap::new(),
            marks: ColumnMarks::default(),
            today,
        }
    }

    /// Settles what the record leaves open, and adds what it finds to the record's findings.
    pub fn check(&mut self, converted: &mut Converted) {
        for homonym in std::mem::take(&mut converted.open.homonyms) {
            self.settle(&homonym, converted);
        }
        for (field, seen) in std::mem::take(&mut converted.open.numbers) {
            self.repeated
                .extend(self.marks.see(field, converted.row, seen));
        }
        let rules = self.broken_rules(converted);
        let rules = self.without_empty(converted.row, rules);
        converted.findings.extend(rules);
        converted
            .findings
            .extend(self.positions.check(&converted.record));
        let future = future::findings(&converted.record, self.today);
        converted.findings.extend(future);
        converted.findings.extend(self.repetition(converted));
    }

    /// Findings of records that were checked before a later one contradicted them, by repeating
    /// their key or by showing that a number of theirs was misread: row, finding.
    pub fn repeated(&mut self) -> Vec<(u64, Finding)> {
        std::mem::take(&mut self.repeated)
    }

    /// What records leave empty that one must have which is new to the register, by row. In a
    /// registered one the empty cell changes nothing.
    pub fn empty(&mut self) -> HashMap<u64, Vec<Finding>> {
        std::mem::take(&mut self.empty)
    }

    /// What a record that is new to the register lacks, as one finding per field.
    pub fn lacking_when_new(&self) -> Vec<Finding> {
        let lacking = |field: &&'static Field| {
            let name = field.name;
            let message = message!(
                "запис је нов, а датотека нема поље за {name}, које нов запис мора имати; додајте \
                 га у датотеку",
                "the record is new, and the file has no field for {name}, which a new record must \
                 have; add it to the file"
            );
            Finding::of(Severity::Error, name, message)
        };
        self.missing.iter().map(lacking).collect()
    }

    /// What the fields' types and the layer's rules find, without what was said before.
    fn broken_rules(&self, converted: &Converted) -> Vec<Finding> {
        let said = |name: Option<&str>| {
            let errors = converted
                .findings
                .iter()
                .filter(|one| one.severity == Severity::Error);
            name.is_some()
                && errors
                    .map(|one| one.field.as_deref())
                    .any(|field| field == name)
        };
        let not_supplied = |finding: &Finding| {
            let name = finding.field.as_deref();
            is_lack(finding)
                && (self.missing.iter().any(|field| Some(field.name) == name)
                    || self.may_lack_key && name == Some(self.key.name))
        };
        let found = converted.record.findings().into_iter();
        found
            .filter(|finding| !said(finding.field.as_deref()) && !not_supplied(finding))
            .collect()
    }

    /// Sets aside what matters only where the record turns out to be new; of very many records not.
    fn without_empty(&mut self, row: u64, mut rules: Vec<Finding>) -> Vec<Finding> {
        if self.empty.len() < MOST_LISTED {
            let key = self.key.name;
            let is_empty = |one: &mut Finding| is_lack(one) && one.field.as_deref() != Some(key);
            let empty: Vec<Finding> = rules.extract_if(.., is_empty).collect();
            if !empty.is_empty() {
                self.empty.insert(row, empty);
            }
        }
        rules
    }

    fn repetition(&mut self, converted: &Converted) -> Option<Finding> {
        let key = converted.record.key()?;
        let first = self.keys.first_row(key, converted.row)?;
        self.repeated
            .push((first, self.stands_twice(key, converted.row)));
        Some(self.stands_twice(key, first))
    }

    fn stands_twice(&self, key: &str, row: u64) -> Finding {
        let name = self.key.name;
        let message = message!(
            "{key} стоји и у реду {row}; сваки запис има свој {name}: уклоните или исправите један",
            "{key} stands also in row {row}; each record has a {name} of its own: remove or correct \
             one"
        );
        Finding::of(Severity::Error, name, message)
    }

    /// Chooses one of several places of one name by the record's own place, district and code.
    fn settle(&self, homonym: &Homonym, converted: &mut Converted) {
        let name = homonym.field.name;
        let settled = self.positions.settle(&homonym.codes, &converted.record);
        let chosen = settled.and_then(|settled| {
            let value = homonym.field.parse(settled.code()).ok()?;
            Some((value, chosen(homonym, &settled)))
        });
        let Some((value, note)) = chosen else {
            let refusal = Finding::of(Severity::Error, name, homonym.refusal());
            converted.findings.push(refusal);
            return;
        };
        converted.record.values[homonym.at] = value;
        converted
            .findings
            .push(Finding::of(Severity::Note, name, note));
        let layer = converted.record.layer;
        (layer.derive)(&mut converted.record);
    }
}

fn chosen(homonym: &Homonym, settled: &Settled) -> Message {
    let text = &homonym.text;
    match settled {
        Settled::ByPosition { code, district } => message!(
            "`{text}` је назив више места; узето је {code}, јер запис лежи у округу {district}",
            "`{text}` is the name of several; {code} is taken, because the record lies in {district}"
        ),
        Settled::ByDistrict { code, district } => message!(
            "`{text}` је назив више места; узето је {code}, јер запис наводи округ {district}",
            "`{text}` is the name of several; {code} is taken, because the record says the district \
             {district}"
        ),
        Settled::ByCode { code } => message!(
            "`{text}` је назив више места; узето је {code}, које стоји у шифри записа",
            "`{text}` is the name of several; {code} is taken, which stands in the record's code"
        ),
    }
}

/// Whether a record lacks a value that its field must have.
fn is_lack(finding: &Finding) -> bool {
    finding.message == ValueError::Required.message()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::{Ambiguity, Mark, NumberSeen, Open};
    use domain::layers::FACILITIES;
    use domain::{Record, Value};

    fn converted(row: u64, code: &str, name: Option<&str>) -> Converted {
        let mut record = Record::new(&FACILITIES);
        record.set("code", Value::Text(code.to_owned()));
        record.set(
            "name",
            name.map_or(Value::Unknown, |name| Value::Text(name.to_owned())),
        );
        Converted {
            row,
            record,
            findings: Vec::new(),
            open: Open::default(),
        }
    }

    fn checker(supplied: &[&str]) -> Checker {
        let fields: Vec<_> = supplied
            .iter()
            .filter_map(|name| FACILITIES.field(name))
            .collect();
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        Checker::new(&FACILITIES, &fields, Positions::new(Vec::new()), today)
    }

    fn homonym(converted: &mut Converted) {
        let at = FACILITIES.position("municipality").unwrap();
        converted.open.homonyms.push(Homonym {
            at,
            field: &FACILITIES.fields[at],
            text: "Palilula".to_owned(),
            codes: vec!["70203".to_owned(), "71323".to_owned()],
            ambiguity: Ambiguity::SameName,
        });
    }

    #[test]
    fn a_settled_name_completes_the_record() {
        let mut checker = checker(&["code", "name", "municipality"]);
        let mut settled = converted(2, "RS-71323-001", Some("a"));
        homonym(&mut settled);
        checker.check(&mut settled);
        let note =
            "`Palilula` is the name of several; 71323 is taken, which stands in the record's code";
        assert_eq!(messages(&settled.findings), [note]);
        assert!(!settled.is_refused());
        // The district follows from the municipality.
        assert_eq!(settled.record.get("district").as_text(), Some("RS-20"));

        let mut open = converted(3, "RS-70327-001", Some("a"));
        homonym(&mut open);
        checker.check(&mut open);
        let refusal = "`Palilula` is the name of several: 70203, 71323; write the number";
        assert_eq!(messages(&open.findings), [refusal]);
        assert!(open.is_refused());
    }

    fn number(converted: &mut Converted, seen: NumberSeen) {
        let height = FACILITIES.field("height_m").unwrap();
        converted.open.numbers.push((height, seen));
    }

    #[test]
    fn a_number_that_a_later_one_proves_misread_is_refused() {
        let mut checker = checker(&["code", "name", "height_m"]);
        let rows = [
            NumberSeen::Decided {
                text: "1.234".to_owned(),
                taken: 1.234,
                written: Mark::Point,
                decimal: true,
            },
            NumberSeen::Decided {
                text: "1,234".to_owned(),
                taken: 1.234,
                written: Mark::Comma,
                decimal: true,
            },
            NumberSeen::Shown { mark: Mark::Comma },
        ];
        for (row, seen) in (2..).zip(rows) {
            let mut one = converted(row, &format!("RS-70327-00{row}"), Some("a"));
            number(&mut one, seen);
            checker.check(&mut one);
            assert!(one.findings.is_empty());
        }
        let repeated = checker.repeated();
        let [(2, finding)] = &repeated[..] else {
            panic!("{repeated:?}")
        };
        assert_eq!(
            finding.message.en,
            "`1.234` was read as 1.234, but row 4 of the same column has a decimal comma; write \
             all numbers of the column alike, without thousands separators"
        );
    }

    fn messages(findings: &[Finding]) -> Vec<&str> {
        findings
            .iter()
            .map(|finding| finding.message.en.as_str())
            .collect()
    }

    #[test]
    fn both_rows_of_a_repeated_code_are_named() {
        let mut checker = checker(&["code", "name"]);
        let mut first = converted(2, "RS-70327-001", Some("a"));
        let mut second = converted(5, "RS-70327-001", Some("b"));
        checker.check(&mut first);
        checker.check(&mut second);
        assert!(first.findings.is_empty());
        assert_eq!(
            messages(&second.findings),
            [
                "RS-70327-001 stands also in row 2; each record has a code of its own: remove or correct one"
            ]
        );
        let repeated = checker.repeated();
        assert_eq!(repeated[0].0, 2);
        assert!(repeated[0].1.message.en.contains("also in row 5"));
    }

    #[test]
    fn a_required_field_may_be_absent_or_empty_unless_the_record_is_new() {
        let mut with_name = checker(&["code", "name"]);
        let mut nameless = converted(2, "RS-70327-001", None);
        with_name.check(&mut nameless);
        assert!(nameless.findings.is_empty());
        let empty = with_name.empty();
        assert_eq!(messages(&empty[&2]), ["a value is required"]);
        assert!(with_name.lacking_when_new().is_empty());

        let mut without_name = checker(&["code"]);
        let mut nameless = converted(2, "RS-70327-001", None);
        without_name.check(&mut nameless);
        assert!(nameless.findings.is_empty());
        assert_eq!(
            without_name.lacking_when_new()[0].field.as_deref(),
            Some("name")
        );
    }

    #[test]
    fn what_could_not_be_read_is_said_once() {
        let mut checker = checker(&["code", "name"]);
        let mut unread = converted(2, "RS-70327-001", None);
        unread.findings.push(Finding::of(
            Severity::Error,
            "name",
            Message::verbatim("cannot be read"),
        ));
        checker.check(&mut unread);
        assert_eq!(messages(&unread.findings), ["cannot be read"]);
    }

    #[test]
    fn a_wrong_control_digit_is_refused_with_the_right_one() {
        let mut checker = checker(&["code", "name", "municipality"]);
        let mut wrong = converted(2, "RS-70327-001", Some("a"));
        wrong
            .record
            .set("municipality", Value::Text("70328".to_owned()));
        checker.check(&mut wrong);
        // 7032: 7*5 + 0*4 + 3*3 + 2*2 = 48; 48 mod 11 = 4; 11 - 4 = 7.
        let expected = "`70328` has a wrong control digit: by its other digits it would end in 7";
        assert_eq!(messages(&wrong.findings), [expected]);
    }
}
