//! Values as text: the same in every format that has no types of its own.

use domain::Lang;
use domain::layer::Field;
use store::feature::ValueRef;

/// Between the codes of a list.
const BETWEEN: &str = ";";

/// Writes a value as text: numbers with a decimal point, days and moments as ISO 8601, codes as codes.
/// Unknown is nothing.
pub fn write_plain(out: &mut Vec<u8>, value: &ValueRef<'_>) {
    match value {
        ValueRef::Unknown => {}
        ValueRef::Text(text) => out.extend_from_slice(text.as_bytes()),
        ValueRef::Integer(number) => {
            out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes());
        }
        ValueRef::Number(number) => {
            out.extend_from_slice(ryu::Buffer::new().format(*number).as_bytes());
        }
        ValueRef::Boolean(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        ValueRef::Date(day) => out.extend_from_slice(day.to_string().as_bytes()),
        ValueRef::DateTime(moment) => out.extend_from_slice(
            moment
                .to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
                .as_bytes(),
        ),
        ValueRef::Codes(codes) => out.extend_from_slice(codes.join(BETWEEN).as_bytes()),
    }
}

/// A value as text, as [`write_plain`] writes it.
pub fn plain(value: &ValueRef<'_>) -> String {
    let mut out = Vec::new();
    write_plain(&mut out, value);
    String::from_utf8(out).unwrap_or_default()
}

/// The labels of codes in a language; a code that its list does not have stands for itself.
pub fn labels(field: &Field, value: &ValueRef<'_>, lang: Lang) -> Option<String> {
    let list = field.code_list()?;
    let label = |code: &str| {
        let entry = list.find(code);
        entry.map_or_else(
            || code.to_owned(),
            |entry| entry.label.get(lang).into_owned(),
        )
    };
    match value {
        ValueRef::Text(code) => Some(label(code)),
        ValueRef::Codes(codes) => {
            let labels: Vec<_> = codes.iter().map(|code| label(code)).collect();
            Some(labels.join("; "))
        }
        _ => None,
    }
}
