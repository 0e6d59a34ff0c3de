//! `MapInfo` tables (`.tab` with `.dat`, `.map`, `.id`) and their interchange format (`.mif` with
//! `.mid`): their files, and the encoding of their text.
//!
//! GDAL gets the files in memory under names of our own, so that nothing in them leads elsewhere,
//! and with a charset in which every byte is a letter.

use domain::lang::Message;
use domain::message;
use gdal::Dataset;
use gdal::vector::LayerAccess as _;

use super::charset::Charset;
use super::container::Container;
use super::encoding::{Place, RawText, Statement};
use super::failure::{Failure, failure};
use super::format::Format;
use super::open::{self, FieldKind, text_to_bytes};
use super::source::{extension, without_extension};
use super::whole_text::{self, Wanted};
use crate::protocol::EncodingDecision;

/// The charset under which GDAL hands every byte over as one letter.
const BYTES_AS_LETTERS: &str = "ISO8859_1";
/// Values beyond these do not change the decision on the encoding.
const MAX_TEXTS: usize = 20_000;

/// Opens a table of either kind.
pub(super) fn open(
    container: &mut Container,
    member: &str,
    format: Format,
    wanted: Wanted<'_>,
) -> Result<(Dataset, EncodingDecision), Failure> {
    let head = letters(&container.bytes(member)?);
    let interchange = format == Format::MapInfoInterchange;
    let needed: &[&str] = if interchange {
        if head.to_lowercase().contains("columns 0") {
            &[]
        } else {
            &["mid"]
        }
    } else {
        check_native(member, &head)?;
        &["dat", "map", "id"]
    };
    for ending in needed {
        let companion = companion(container, member, ending)?;
        let bytes = container.bytes(&companion)?;
        container.memory.add(&format!("table.{ending}"), bytes)?;
    }
    let (mut head, charset) = with_charset(&head, BYTES_AS_LETTERS, interchange);
    if interchange {
        head = with_numbers_as_text(&head);
    }
    let ending = if interchange { "mif" } else { "tab" };
    let bytes = text_to_bytes(&head).unwrap_or_default();
    let path = container.memory.add(&format!("table.{ending}"), bytes)?;
    let dataset = open::dataset(&path, member, format, &[])?;
    let statement = charset.as_deref().and_then(statement);
    let decision = match wanted {
        Wanted::Known(charset) => whole_text::decide(&[], Wanted::Known(charset), None)?,
        Wanted::Find(_) => decide(&dataset, wanted, statement.as_ref())?,
    };
    Ok((dataset, decision))
}

/// A system with its datum called as the EPSG registry does, where GDAL's table of `MapInfo` datums
/// (number 1021) calls it otherwise.
pub(super) fn with_registered_datum(wkt: &str) -> String {
    wkt.replace("DATUM[\"Serbia datum MGI 1901\"", "DATUM[\"MGI 1901\"")
}

/// A `.dat` file holds numbers in binary form and has none for "nothing".
pub(super) fn note_of_zeros(dataset: &Dataset, format: Format) -> Option<Message> {
    let mut fields = dataset
        .layers()
        .flat_map(|layer| open::fields(&layer, None, None));
    let has_numbers =
        fields.any(|field| matches!(field.kind, FieldKind::Integer | FieldKind::Real));
    (has_numbers && format == Format::MapInfo).then(|| {
        message!(
            "MapInfo табела не разликује празан број од нуле: где вредност није позната, овде стоји 0; \
             проверите нуле, или сачувајте табелу као MIF",
            "a MapInfo table does not tell an empty number from zero: where a value is not known, \
             it says 0 here; check the zeros, or save the table as MIF"
        )
    })
}

/// The bytes as letters, one each.
fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// A `.tab` may also be a view, or lead to another file or a database.
fn check_native(member: &str, tab: &str) -> Result<(), Failure> {
    let kind = tab.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let is_type = words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("type"));
        is_type.then(|| words.next().unwrap_or_default().to_uppercase())
    });
    let seamless = tab.to_lowercase().contains("\"\\isseamless\" = \"true\"");
    match kind.as_deref() {
        Some("NATIVE") if !seamless => Ok(()),
        _ => Err(failure!(
            "{member:?} is no table of its own but leads to other files (type {}); in MapInfo save \
             a copy of the table as type \"MapInfo\", and import that",
            kind.as_deref().unwrap_or("view")
        )),
    }
}

fn companion(container: &Container, member: &str, ending: &str) -> Result<String, Failure> {
    let base = without_extension(member).to_lowercase();
    let names = container.members().iter().map(|member| &member.name);
    let mut found = names
        .filter(|name| extension(name) == ending)
        .filter(|name| without_extension(name).to_lowercase() == base);
    found.next().cloned().ok_or_else(|| {
        failure!(
            "the file {}.{ending} is missing beside {member:?}; put all files of the table into \
             the zip or folder: .tab .dat .map .id, or .mif and .mid",
            without_extension(member)
        )
    })
}

/// The heading with another charset, and the charset that it had.
fn with_charset(head: &str, charset: &str, interchange: bool) -> (String, Option<String>) {
    let mut found = None;
    let mut lines: Vec<String> = Vec::new();
    let mut in_heading = true;
    for line in head.split_inclusive('\n') {
        in_heading &= !(interchange && line.trim().eq_ignore_ascii_case("data"));
        match charset_of(line).filter(|_| in_heading) {
            Some(name) => {
                lines.push(line.replace(name, charset));
                found.get_or_insert_with(|| name.to_owned());
            }
            None => lines.push(line.to_owned()),
        }
    }
    if found.is_none() && !lines.is_empty() {
        let line = if interchange {
            format!("Charset \"{charset}\"\n")
        } else {
            format!("!charset {charset}\n")
        };
        lines.insert(1, line);
    }
    (lines.concat(), found)
}

/// The heading of a `.mif` with the columns of numbers turned to text, as which the `.mid` has
/// them: GDAL reads an empty number as 0, which is not what it says.
fn with_numbers_as_text(head: &str) -> String {
    const NUMBERS: [&str; 5] = ["integer", "smallint", "largeint", "float", "decimal"];
    let mut columns_left = 0_usize;
    let lines = head.split_inclusive('\n').map(|line| {
        let mut words = line.split_whitespace();
        let (first, second) = (words.next().unwrap_or_default(), words.next());
        let kind = second.unwrap_or_default().to_lowercase();
        if first.eq_ignore_ascii_case("columns") {
            columns_left = kind.parse().unwrap_or(0);
            return line.to_owned();
        }
        let is_column = columns_left > 0;
        columns_left = columns_left.saturating_sub(1);
        if is_column && NUMBERS.iter().any(|number| kind.starts_with(number)) {
            return format!("  {first} Char(64)\n");
        }
        line.to_owned()
    });
    lines.collect()
}

/// The name after the word `charset` or `!charset`.
fn charset_of(line: &str) -> Option<&str> {
    let words = line.split_whitespace();
    let mut after =
        words.skip_while(|word| !word.trim_start_matches('!').eq_ignore_ascii_case("charset"));
    after.next()?;
    let name = after.next()?.trim_matches('"');
    (!name.is_empty()).then_some(name)
}

/// The charset names of `MapInfo` Professional's documentation of `MapBasic` (Charset clause); `Neutral`
/// names none.
fn statement(name: &str) -> Option<Statement> {
    let charset = match name {
        "Neutral" => return None,
        "WindowsLatin2" => Some(Charset::Cp1250),
        "WindowsCyrillic" => Some(Charset::Cp1251),
        "WindowsLatin1" | "ISO8859_1" => Some(Charset::Cp1252),
        "CodePage437" => Some(Charset::Cp437),
        "CodePage852" => Some(Charset::Cp852),
        "CodePage855" => Some(Charset::Cp855),
        "ISO8859_2" => Some(Charset::Iso8859_2),
        "ISO8859_5" => Some(Charset::Iso8859_5),
        "UTF-8" => Some(Charset::Utf8),
        _ => None,
    };
    let words = message!(
        "заглавље табеле каже {name}",
        "the heading of the table says {name}"
    );
    Some(Statement::of_heading(charset, words))
}

fn decide(
    dataset: &Dataset,
    wanted: Wanted<'_>,
    statement: Option<&Statement>,
) -> Result<EncodingDecision, Failure> {
    let raw = raw_texts(dataset);
    let texts: Vec<RawText<'_>> = raw
        .iter()
        .map(|(place, bytes)| RawText {
            place: *place,
            bytes,
            fills: false,
        })
        .collect();
    whole_text::decide(&texts, wanted, statement)
}

/// The values and names of columns that are not ASCII alone, as bytes, with their place.
fn raw_texts(dataset: &Dataset) -> Vec<(Place, Vec<u8>)> {
    let mut texts = Vec::new();
    for mut layer in dataset.layers() {
        let fields = open::fields(&layer, None, None);
        let names = fields.iter().filter(|field| !field.name.is_ascii());
        let names = names.filter_map(|field| text_to_bytes(&field.name));
        texts.extend(names.map(|name| (Place::Heading, name)));
        let columns: Vec<usize> = fields
            .iter()
            .filter(|field| field.kind == FieldKind::Text)
            .map(|field| field.at)
            .collect();
        for (feature, row) in layer.features().zip(1..) {
            let values = columns
                .iter()
                .filter_map(|&at| feature.field_as_string(at).ok().flatten());
            let foreign = values.filter(|value| !value.is_ascii());
            let raw = foreign.filter_map(|value| text_to_bytes(&value));
            texts.extend(raw.map(|bytes| (Place::Row(row), bytes)));
            if texts.len() >= MAX_TEXTS {
                break;
            }
        }
        layer.reset_feature_reading();
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::{check_native, statement, with_charset, with_numbers_as_text};

    #[test]
    fn the_charset_is_replaced_wherever_it_stands() {
        for (head, interchange, replaced, found) in [
            (
                "!table\n!version 300\n!charset WindowsLatin2\n  Type NATIVE Charset \"WindowsLatin2\"\n",
                false,
                "!table\n!version 300\n!charset X\n  Type NATIVE Charset \"X\"\n",
                Some("WindowsLatin2"),
            ),
            (
                "Version 300\nCharset \"Neutral\"\nData\nText \"Charset a\"\n",
                true,
                "Version 300\nCharset \"X\"\nData\nText \"Charset a\"\n",
                Some("Neutral"),
            ),
            (
                "Version 300\nData\n",
                true,
                "Version 300\nCharset \"X\"\nData\n",
                None,
            ),
            (
                "!table\n!version 300\n",
                false,
                "!table\n!charset X\n!version 300\n",
                None,
            ),
        ] {
            let (text, charset) = with_charset(head, "X", interchange);
            assert_eq!((text.as_str(), charset.as_deref()), (replaced, found));
        }
    }

    #[test]
    fn a_charset_is_a_statement_unless_it_is_neutral() {
        for (name, charset) in [
            ("WindowsCyrillic", Some("CP1251")),
            ("ISO8859_1", Some("CP1252")),
            ("WindowsTurkish", None),
        ] {
            let said = statement(name).unwrap();
            let charset_said = said.charset().map(|charset| charset.to_string());
            assert_eq!(charset_said.as_deref(), charset, "{name}");
            assert_eq!(
                said.words().en,
                format!("the heading of the table says {name}")
            );
        }
        assert!(statement("Neutral").is_none());
    }

    #[test]
    fn numbers_become_text() {
        let mif = "Version 300\nColumns 3\n  h Decimal(10, 3)\n  c Integer\n  n Char(9)\nData\n\n\
                   Point 1 2\nfloat integer\n";
        let text = "Version 300\nColumns 3\n  h Char(64)\n  c Char(64)\n  n Char(9)\nData\n\n\
                    Point 1 2\nfloat integer\n";
        assert_eq!(with_numbers_as_text(mif), text);
    }

    #[test]
    fn tables_that_lead_elsewhere_are_refused() {
        assert_eq!(
            check_native("a.tab", "!table\n  Type NATIVE Charset \"x\"\n"),
            Ok(())
        );
        for tab in [
            "!table\n  Type LINKED\n",
            "!table\n  Type \"SHAPEFILE\" Charset \"x\"\n",
            "!table\nCreate View a As\n",
            "!table\n Type NATIVE\n\"\\IsSeamless\" = \"TRUE\"\n",
        ] {
            let refused = check_native("a.tab", tab).unwrap_err();
            assert!(refused.0.contains("leads to other files"), "{refused:?}");
        }
    }
}
