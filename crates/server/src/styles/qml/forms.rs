//! Forms of records in QGIS and `QField`: titles, lists of values, what is needed and what is kept.
//! The unknown can be chosen everywhere; a tick box would say "no" instead.

use domain::Lang;
use domain::lang::Text;
use domain::layer::{Field, Role};
use domain::value::FieldType;

use crate::formats::xml::escaped;

/// What QGIS keeps for "no value" in a list (`QgsValueMapFieldFormatter::NULL_VALUE`).
const NULL: &str = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}";
const UNKNOWN: Text = Text::new("непознато", "unknown");
const YES: Text = Text::new("да", "yes");
const NO: Text = Text::new("не", "no");

/// The elements of a style document that make the form of these fields.
pub fn forms(fields: &[&'static Field], lang: Lang) -> String {
    let widgets = of_each(fields, |_, field| {
        let (kind, options) = widget(field, lang)?;
        let name = field.name;
        Some(format!(
            "<field name=\"{name}\"><editWidget type=\"{kind}\"><config><Option type=\"Map\">{options}\
             </Option></config></editWidget></field>\n"
        ))
    });
    let aliases = of_each(fields, |at, field| {
        let (name, title) = (field.name, escaped(&field.title.get(lang)));
        Some(format!(
            "<alias index=\"{at}\" field=\"{name}\" name=\"{title}\"/>\n"
        ))
    });
    let constraints = of_each(fields, |_, field| constraint(field));
    let editable = of_each(fields, |_, field| {
        let name = field.name;
        (!field.is_recorded()).then(|| format!("<field name=\"{name}\" editable=\"0\"/>\n"))
    });
    format!(
        "<fieldConfiguration>\n{widgets}</fieldConfiguration>\n<aliases>\n{aliases}</aliases>\n\
         <constraints>\n{constraints}</constraints>\n<editable>\n{editable}</editable>\n"
    )
}

/// What is said of each field; the first column of a layer is its id.
fn of_each(
    fields: &[&'static Field],
    said: impl Fn(usize, &'static Field) -> Option<String>,
) -> String {
    let numbered = (1_usize..).zip(fields);
    numbered.filter_map(|(at, field)| said(at, field)).collect()
}

/// How a field is filled in, where QGIS would not find out by itself.
fn widget(field: &Field, lang: Lang) -> Option<(&'static str, String)> {
    match field.field_type {
        FieldType::Code(list) => {
            let entries = list.entries.iter();
            let choices = entries.map(|entry| (entry.label, entry.code));
            Some(("ValueMap", choice(choices, field.required, lang)))
        }
        FieldType::Boolean => {
            let choices = [(YES, "true"), (NO, "false")].into_iter();
            Some(("ValueMap", choice(choices, field.required, lang)))
        }
        FieldType::Date => Some(("DateTime", DAY.to_owned())),
        FieldType::Text if !field.filterable => Some(("TextEdit", SEVERAL_LINES.to_owned())),
        _ => None,
    }
}

const DAY: &str = "<Option type=\"bool\" name=\"allow_null\" value=\"true\"/>\
                   <Option type=\"bool\" name=\"calendar_popup\" value=\"true\"/>\
                   <Option type=\"QString\" name=\"display_format\" value=\"yyyy-MM-dd\"/>\
                   <Option type=\"QString\" name=\"field_format\" value=\"yyyy-MM-dd\"/>";
const SEVERAL_LINES: &str = "<Option type=\"bool\" name=\"IsMultiline\" value=\"true\"/>";

fn choice(
    choices: impl Iterator<Item = (Text, &'static str)>,
    required: bool,
    lang: Lang,
) -> String {
    let unknown = (!required).then_some((UNKNOWN, NULL));
    let choices = unknown.into_iter().chain(choices).map(|(label, code)| {
        let label = escaped(&label.get(lang));
        format!(
            "<Option type=\"Map\"><Option type=\"QString\" name=\"{label}\" value=\"{code}\"/></Option>\n"
        )
    });
    let choices: String = choices.collect();
    format!("<Option type=\"List\" name=\"map\">\n{choices}</Option>")
}

/// What must be filled in. A code is only wished for: a new facility gets one when it is imported.
fn constraint(field: &Field) -> Option<String> {
    let (strength, name) = match (field.required, field.role) {
        (false, _) => return None,
        (true, Role::Key) => ("2", field.name),
        (true, _) => ("1", field.name),
    };
    Some(format!(
        "<constraint field=\"{name}\" constraints=\"1\" notnull_strength=\"{strength}\" \
         unique_strength=\"0\" exp_strength=\"0\"/>\n"
    ))
}
