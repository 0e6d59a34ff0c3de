//! One column of a file that becomes one field of a layer.

mod coded;
mod compound;
mod doubtful;
mod numeric;
mod territory;
mod years;

pub(crate) use territory::names_regions;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use domain::lang::Message;
use domain::layer::{Field, Role};
use domain::quantity::unit::Unit;
use domain::record::Severity;
use domain::value::FieldType;
use domain::{Value, message};

use super::labels::Labels;
use super::level;
use super::open::{Homonym, NumberSeen};
use super::region_names::RegionNames;
use super::text_value::day::{self, Time};
use super::text_value::{is_placeholder, is_placeholder_number, number_of_nothing, sheet_error};
use crate::mapping::{Fixed, Matched};
use crate::protocol::SourceValue;
use numeric::Marks;

/// A column, with what its values have in common.
#[derive(Debug)]
pub(super) struct Column {
    /// Where it stands in the file.
    pub(super) from: usize,
    /// Where its field stands in the layer.
    pub(super) to: usize,
    pub(super) field: &'static Field,
    /// What every record says, where a mapping file fixes it.
    constant: Option<Fixed>,
    /// What a mapping file says that a text means.
    translations: BTreeMap<String, Fixed>,
    /// The unit of numbers without one.
    unit: Option<&'static Unit>,
    labels: Option<Labels>,
    /// Answers for texts seen before: a code column says few different things.
    seen: HashMap<String, Result<Value, Message>>,
    /// Which decimal marks its texts have shown.
    marks: Marks,
    /// Whether days with slashes were seen that can only begin with the day.
    day_first: bool,
    aside: Aside,
}

/// What there is to say about one value besides it.
#[derive(Debug, Default)]
pub(super) struct Aside {
    pub(super) remarks: Vec<(Severity, Message)>,
    /// Set where the value is refused for the time being: its name is that of several places.
    pub(super) homonym: Option<Homonym>,
    pub(super) numbers: Vec<NumberSeen>,
}

impl Column {
    pub(super) fn of(matched: &Matched, to: usize) -> Self {
        let reading = &matched.reading;
        Self {
            from: matched.at,
            to,
            field: matched.target,
            constant: reading.constant.clone(),
            translations: reading.values.clone(),
            unit: reading.unit,
            labels: matched.target.code_list().map(Labels::of),
            seen: HashMap::new(),
            marks: Marks::default(),
            day_first: false,
            aside: Aside::default(),
        }
    }

    /// Of a field without a file.
    pub(super) fn alone(field: &'static Field) -> Self {
        Self::of(&Matched::fixed(field, "", Fixed::Value(Value::Unknown)), 0)
    }

    /// What every record says, if it is fixed.
    pub(super) const fn constant(&self) -> Option<&Fixed> {
        self.constant.as_ref()
    }

    /// What there was to say about the value read last.
    pub(super) fn take_aside(&mut self) -> Aside {
        std::mem::take(&mut self.aside)
    }

    /// Learns from a value how the column writes numbers, without reading it.
    pub(super) fn look(&mut self, value: &SourceValue) {
        if let SourceValue::Text(text) = value
            && matches!(self.field.field_type, FieldType::Number)
            && !is_placeholder(text)
            && sheet_error(text).is_none()
        {
            self.learn_mark(text);
        }
    }

    /// The value that the file says, if it can be one in Serbia, or in plain words why it is none.
    pub(super) fn read_plausible(
        &mut self,
        value: &SourceValue,
        names: &RegionNames,
    ) -> Result<Value, Message> {
        let field = self.field;
        let read = self.read(&level::without_k(field, value), names)?;
        let read = level::plausible(field, read)?;
        if let Some(doubt) = level::doubt(field, &read) {
            self.remark(Severity::Warning, doubt);
        }
        Ok(read)
    }

    /// The value that the file says, or in plain words why it is none.
    pub(super) fn read(
        &mut self,
        value: &SourceValue,
        names: &RegionNames,
    ) -> Result<Value, Message> {
        match self.translated(value) {
            Some(Fixed::Value(value)) => return Ok(value),
            Some(Fixed::Name(name)) => return self.text(&name, names),
            None => {}
        }
        if let SourceValue::Text(text) = value
            && let Some(error) = sheet_error(text)
        {
            self.remark(Severity::Warning, unknown_for_error(error));
            return Ok(Value::Unknown);
        }
        if self.is_nothing(value) || self.is_nothing_in_disguise(value) {
            return Ok(Value::Unknown);
        }
        if let Some(zero) = zero_in_words(value)
            && self.is_no_zero(&zero)
        {
            self.remark(Severity::Note, zero_is_unknown(zero));
            return Ok(Value::Unknown);
        }
        match value {
            SourceValue::Null => Ok(Value::Unknown),
            SourceValue::Text(text) | SourceValue::Date(text) | SourceValue::DateTime(text) => {
                self.text(text, names)
            }
            SourceValue::Integer(number) => self.integer(*number, names),
            SourceValue::Real(number) => self.real(*number, names),
            SourceValue::Boolean(yes) => self.boolean(*yes, names),
            SourceValue::TextList(texts) => self.text(&texts.join(";"), names),
        }
    }

    /// What was read of the same text before, else what is read now. What is open is read each time anew.
    fn remembered(
        &mut self,
        text: &str,
        read: impl FnOnce(&mut Self) -> Result<Value, Message>,
    ) -> Result<Value, Message> {
        const MOST_REMEMBERED: usize = 10_000;
        if let Some(known) = self.seen.get(text) {
            return known.clone();
        }
        let value = read(self);
        if self.seen.len() < MOST_REMEMBERED && self.aside.homonym.is_none() {
            self.seen.insert(text.to_owned(), value.clone());
        }
        value
    }

    fn remark(&mut self, severity: Severity, message: Message) {
        self.aside.remarks.push((severity, message));
    }

    fn translated(&self, value: &SourceValue) -> Option<Fixed> {
        if self.translations.is_empty() {
            return None;
        }
        let text = match value {
            SourceValue::Text(text) => text.trim().to_owned(),
            SourceValue::Integer(number) => number.to_string(),
            SourceValue::Real(number) => number.to_string(),
            _ => return None,
        };
        self.translations.get(&text).cloned()
    }

    fn is_nothing(&self, value: &SourceValue) -> bool {
        match value {
            SourceValue::Null => true,
            #[expect(clippy::cast_precision_loss, reason = "placeholders are small")]
            SourceValue::Integer(number) => is_placeholder_number(*number as f64),
            SourceValue::Real(number) => is_placeholder_number(*number),
            // Some lists have an entry of their own for what is not known.
            SourceValue::Text(text) => {
                let is_nothing =
                    is_placeholder(text) || number_of_nothing(text) || self.is_zero_day(text);
                is_nothing && !self.is_of_list(text)
            }
            _ => false,
        }
    }

    /// `0000-00-00`, `00.00.0000.`, with or without a time of zeros.
    fn is_zero_day(&self, text: &str) -> bool {
        let is_of_zeros = |letter| matches!(letter, '0' | '-' | '.' | '/' | ':' | ' ' | 'T');
        self.is_of_time() && text.contains("0000") && text.chars().all(is_of_zeros)
    }

    fn is_of_time(&self) -> bool {
        matches!(self.field.field_type, FieldType::Date | FieldType::DateTime)
            || self.field.name.ends_with("_year")
    }

    fn is_of_list(&self, text: &str) -> bool {
        let labels = self.labels.as_ref();
        labels.is_some_and(|labels| labels.find(text).is_some())
    }

    /// Whether 0 in a file can only mean that nothing was entered.
    fn is_no_zero(&self, zero: &str) -> bool {
        const NEVER_ZERO: [&str; 7] = [
            "area_m2",
            "crest_length_m",
            "crest_level_m",
            "end_year",
            "factor_of_safety",
            "location_accuracy_m",
            "start_year",
        ];
        match self.field.field_type {
            FieldType::Date | FieldType::DateTime | FieldType::Code(_) | FieldType::Codes(_) => {
                self.field.parse(zero).is_err()
            }
            // District 0 is Beograd.
            FieldType::Text => {
                let is_code = self.field.pattern.is_some() && self.field.role != Role::Key;
                is_code && self.field.parse(zero).is_err()
            }
            FieldType::Number | FieldType::Integer => NEVER_ZERO.contains(&self.field.name),
            FieldType::Boolean => false,
        }
    }

    fn text(&mut self, text: &str, names: &RegionNames) -> Result<Value, Message> {
        let text = text.trim();
        match self.field.field_type {
            FieldType::Text => {
                let text = printable(text, self.field)?;
                let is_code = self.field.pattern.is_some() && self.field.role != Role::Key;
                self.plain(if is_code { whole_number(&text) } else { &text }, names)
            }
            FieldType::Integer => {
                let text = self.without_question(text);
                self.year_or_whole(text)
            }
            FieldType::Number => {
                let text = self.without_question(text);
                self.quantity(text).map(Value::Number)
            }
            FieldType::Date => {
                let text = self.without_question(text);
                self.day(text)
            }
            FieldType::Boolean | FieldType::DateTime => {
                self.field.parse(text).map_err(|error| error.message())
            }
            FieldType::Code(_) | FieldType::Codes(_) => self.coded(whole_number(text)),
        }
    }

    fn integer(&mut self, number: i64, names: &RegionNames) -> Result<Value, Message> {
        #[expect(clippy::cast_precision_loss, reason = "quantities are far below 2^53")]
        let real = number as f64;
        match self.field.field_type {
            FieldType::Integer => Ok(Value::Integer(number)),
            FieldType::Number => Ok(self.number_in_unit(real)),
            FieldType::Date => self.spreadsheet_day(real, &number.to_string()),
            _ => self.text(&number.to_string(), names),
        }
    }

    fn real(&mut self, number: f64, names: &RegionNames) -> Result<Value, Message> {
        match self.field.field_type {
            FieldType::Integer => numeric::whole(number),
            FieldType::Number => Ok(self.number_in_unit(number)),
            FieldType::Date => self.spreadsheet_day(number, &number.to_string()),
            _ => self.text(&number.to_string(), names),
        }
    }

    fn boolean(&mut self, yes: bool, names: &RegionNames) -> Result<Value, Message> {
        match self.field.field_type {
            FieldType::Boolean => Ok(Value::Boolean(yes)),
            _ => self.text(if yes { "true" } else { "false" }, names),
        }
    }

    fn day(&mut self, text: &str) -> Result<Value, Message> {
        use chrono::Datelike;
        let read = day::read(text);
        match read {
            Some(Time::Day(day)) if self.is_day_of_nothing(day) => Ok(Value::Unknown),
            Some(Time::Day(day)) => {
                self.day_first |= text.contains('/') && day.day() > 12;
                Ok(Value::Date(day))
            }
            Some(Time::Either(day, other)) => {
                if !self.day_first {
                    self.remark(
                        Severity::Warning,
                        message!(
                            "`{text}` је прочитано као {day}, дан па месец; може бити и {other}",
                            "`{text}` is read as {day}, the day before the month; it may be {other}"
                        ),
                    );
                }
                Ok(Value::Date(day))
            }
            other => Err(day::refusal(text, other.as_ref())),
        }
    }

    /// A number in a column of numbers: the day number of a spreadsheet, or `20140515`.
    fn spreadsheet_day(&mut self, number: f64, text: &str) -> Result<Value, Message> {
        let Some(day) = day::of_spreadsheet(number) else {
            return self.day(text);
        };
        self.remark(
            Severity::Note,
            message!(
                "{text} је прочитано као редни број дана из табеле (Excel): {day}",
                "{text} is read as the day number of a spreadsheet (Excel): {day}"
            ),
        );
        Ok(Value::Date(day))
    }
}

/// A text without what nobody sees: long texts may have lines, names stand on one. Other control characters
/// are refused, since what they hide cannot be known.
fn printable<'t>(text: &'t str, field: &Field) -> Result<Cow<'t, str>, Message> {
    let is_space = |letter: char| matches!(letter, '\n' | '\r' | '\t');
    if !text.contains(char::is_control) {
        return Ok(Cow::Borrowed(text));
    }
    if let Some(hidden) = text
        .chars()
        .find(|&letter| letter.is_control() && !is_space(letter))
    {
        let code = u32::from(hidden);
        return Err(message!(
            "у тексту је невидљиви знак U+{code:04X}; обришите га",
            "the text has the invisible character U+{code:04X}; delete it"
        ));
    }
    if field.filterable {
        let words: Vec<&str> = text
            .split(is_space)
            .filter(|part| !part.is_empty())
            .collect();
        return Ok(Cow::Owned(words.join(" ")));
    }
    Ok(Cow::Borrowed(text))
}

/// A number of a column of numbers without the point and zeros that programs write behind it: `70327.0`.
fn whole_number(text: &str) -> &str {
    let whole = text.trim_end_matches('0').strip_suffix(['.', ',']);
    let is_number =
        |whole: &&str| !whole.is_empty() && whole.bytes().all(|digit| digit.is_ascii_digit());
    whole.filter(is_number).unwrap_or(text)
}

/// A zero, as the file writes it.
fn zero_in_words(value: &SourceValue) -> Option<String> {
    match value {
        SourceValue::Integer(0) => Some("0".to_owned()),
        SourceValue::Real(number) if *number == 0.0 => Some("0".to_owned()),
        SourceValue::Text(text) => {
            let text = text.trim();
            let zero = |letter| matches!(letter, '0' | '.' | ',');
            (text.starts_with('0') && text.chars().all(zero)).then(|| text.to_owned())
        }
        _ => None,
    }
}

fn unknown_for_error(error: &str) -> Message {
    message!(
        "уместо вредности стоји грешка програма за табеле {error}; вредност је непозната: исправите \
         формулу и сачувајте табелу поново",
        "instead of a value stands the error {error} of a spreadsheet; the value is unknown: correct the \
         formula and save the table again"
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the message captures it by name"
)]
fn zero_is_unknown(zero: String) -> Message {
    message!(
        "`{zero}` овде не може бити вредност и прочитано је као непознато",
        "`{zero}` cannot be a value here and is read as unknown"
    )
}
