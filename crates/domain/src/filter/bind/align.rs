//! Values that are compared, brought to one kind.

use super::{Binder, Bound, fold};
use crate::filter::near;
use crate::filter::node::Node;
use crate::filter::time::instant;
use crate::filter::{Kind, Scalar, Term};
use crate::lang::{Message, Text};
use crate::layer::Field;
use crate::message;
use crate::text::Folding;
use crate::value::{FieldType, Value};

impl Binder {
    pub(super) fn aligned<const N: usize>(&self, nodes: [&Node; N]) -> Bound<[Scalar; N]> {
        let scalars = self.all_aligned(&nodes)?;
        scalars.try_into().map_err(|_| self.no_truth(nodes[0]))
    }

    /// The values of terms that are compared with one another.
    ///
    /// Texts become days and moments where those are compared; moments become days beside days;
    /// 1 and 0 become yes and no beside those; texts are codes where a field of codes is; all are
    /// folded where one is.
    pub(super) fn all_aligned(&self, nodes: &[&Node]) -> Bound<Vec<Scalar>> {
        let scalars = nodes.iter().map(|node| self.scalar(node));
        let mut scalars = scalars.collect::<Bound<Vec<_>>>()?;
        if scalars.iter().any(|one| is_time(one.kind())) {
            for (scalar, node) in scalars.iter_mut().zip(nodes) {
                read_time(scalar, node)?;
            }
        }
        if scalars.iter().any(|one| one.kind() == Kind::Boolean) {
            scalars.iter_mut().for_each(read_yes_or_no);
        }
        if scalars.iter().any(|one| one.kind() == Kind::Day) {
            scalars = scalars.into_iter().map(day_of).collect();
        }
        let fields: Vec<_> = scalars.iter().filter_map(field_of_codes).collect();
        for field in fields {
            for (scalar, node) in scalars.iter_mut().zip(nodes) {
                if let Scalar::Value(Value::Text(code)) = scalar {
                    *code = read_code(node, field, code)?;
                }
            }
        }
        let scalars = fold_all(scalars);
        same_kind(&scalars, nodes)?;
        Ok(scalars)
    }
}

fn is_time(kind: Kind) -> bool {
    matches!(kind, Kind::Day | Kind::Moment)
}

fn read_time(scalar: &mut Scalar, node: &Node) -> Bound<()> {
    let Scalar::Value(Value::Text(text)) = scalar else {
        return Ok(());
    };
    let read = instant(text).map_err(|wrong| node.wrong(&wrong))?;
    *scalar = match read {
        Term::Date(day) => Scalar::Value(Value::Date(day)),
        Term::Timestamp(moment) => Scalar::Value(Value::DateTime(moment)),
        _ => return Ok(()),
    };
    Ok(())
}

/// GDAL writes truths as 1 and 0.
fn read_yes_or_no(scalar: &mut Scalar) {
    if let Scalar::Value(Value::Number(number)) = scalar {
        for (digit, meant) in [(0.0, false), (1.0, true)] {
            if number.total_cmp(&digit).is_eq() {
                *scalar = Scalar::Value(Value::Boolean(meant));
                return;
            }
        }
    }
}

/// The day of a moment; anything else as it is.
pub(super) fn day_of(scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::Value(Value::DateTime(moment)) => Scalar::Value(Value::Date(moment.date_naive())),
        other if other.kind() == Kind::Moment => Scalar::DayOf(Box::new(other)),
        other => other,
    }
}

fn field_of_codes(scalar: &Scalar) -> Option<&'static Field> {
    match scalar {
        Scalar::Field(field) if field.code_list().is_some() => Some(field),
        _ => None,
    }
}

/// The code that a text means, as the register has it. A text that is no code of the field's list
/// is refused, and the nearest ones are offered.
pub(super) fn read_code(node: &Node, field: &Field, code: &str) -> Bound<String> {
    let Some(list) = field.code_list() else {
        return Ok(code.to_owned());
    };
    match field.parse(code) {
        Ok(Value::Text(code)) => return Ok(code),
        Ok(Value::Codes(codes)) if codes.len() == 1 => return Ok(codes.concat()),
        _ => {}
    }
    let (name, nearest) = (field.name, near::codes(list, code));
    Err(node.wrong(&message!(
        "'{code}' није шифра својства `{name}`; сличне су {nearest}, а све су у шеми слоја",
        "'{code}' is not a code of `{name}`; similar ones are {nearest}, and all are in the layer's \
         schema"
    )))
}

fn fold_all(scalars: Vec<Scalar>) -> Vec<Scalar> {
    let strongest = scalars.iter().filter_map(folding).max();
    let Some(strongest) = strongest else {
        return scalars;
    };
    let fold_text = |scalar: Scalar| match scalar.kind() {
        Kind::Text => fold(strongest, scalar),
        _ => scalar,
    };
    scalars.into_iter().map(fold_text).collect()
}

/// Folds two texts as the one that is folded most.
pub(super) fn fold_alike(texts: [Scalar; 2]) -> [Scalar; 2] {
    let strongest = texts.iter().filter_map(folding).max();
    match strongest {
        Some(strongest) => texts.map(|text| fold(strongest, text)),
        None => texts,
    }
}

fn folding(scalar: &Scalar) -> Option<Folding> {
    match scalar {
        Scalar::Folded(folding, _) => Some(*folding),
        _ => None,
    }
}

fn same_kind(scalars: &[Scalar], nodes: &[&Node]) -> Bound<()> {
    let known = |scalar: &&Scalar| scalar.kind() != Kind::Unknown;
    let Some(first) = scalars.iter().find(known) else {
        return Ok(());
    };
    let other = scalars
        .iter()
        .zip(nodes)
        .find(|(scalar, _)| known(scalar) && scalar.kind() != first.kind());
    match other {
        None => Ok(()),
        Some((scalar, node)) => Err(node.wrong(&different_kinds(first, scalar))),
    }
}

fn different_kinds(first: &Scalar, other: &Scalar) -> Message {
    let (one, two) = (in_words(first.kind()), in_words(other.kind()));
    let (one_sr, two_sr, one_en, two_en) = (one.sr, two.sr, one.en, two.en);
    let hint = match (first, other) {
        (Scalar::Field(field), Scalar::Value(value)) => hint(field, value),
        _ => Message::default(),
    };
    let (hint_sr, hint_en) = (hint.sr, hint.en);
    message!(
        "не пореде се {one_sr} и {two_sr}{hint_sr}",
        "{one_en} and {two_en} cannot be compared{hint_en}"
    )
}

/// How to write a value of a field.
fn hint(field: &Field, value: &Value) -> Message {
    let name = field.name;
    match (field.field_type, value) {
        (FieldType::Text | FieldType::Code(_), Value::Number(number)) => message!(
            "; напишите {name} = '{number}'",
            "; write {name} = '{number}'"
        ),
        (FieldType::Integer | FieldType::Number, Value::Text(_)) => message!(
            "; број се пише без наводника, као {name} = 12.5",
            "; write a number without quotation marks, as in {name} = 12.5"
        ),
        (FieldType::Boolean, _) => message!(
            "; напишите {name} = TRUE или {name} = FALSE",
            "; write {name} = TRUE or {name} = FALSE"
        ),
        _ => Message::default(),
    }
}

const fn in_words(kind: Kind) -> Text {
    match kind {
        Kind::Text => Text::new("текст", "a text"),
        Kind::Number => Text::new("број", "a number"),
        Kind::Boolean => Text::new("да или не", "true or false"),
        Kind::Day => Text::new("датум", "a date"),
        Kind::Moment => Text::new("тренутак", "a moment"),
        Kind::Codes => Text::new("више шифара", "several codes"),
        Kind::Unknown => Text::new("непознато", "the unknown"),
    }
}
