//! A mapping file to begin with: what would be done with each field of a file, and why.

use std::fmt::{self, Display, Formatter};

use domain::Layer;
use domain::lang::Lang;
use domain::layer::{Field, Role};
use domain::quantity::unit::Unit;

use super::coordinate_columns::{CoordinateColumns, Meaning};
use super::names::nearest;
use super::work::{Doubt, Work};
use super::{Mapping, MappingError, MappingFile, Matched, Placed};
use crate::choose::choose;
use crate::import::{ImportError, ImportRequest};
use crate::process::{Worker, WorkerError};
use crate::protocol::{Job, SourceField, SourceLayer};

/// So many codes of a list are named.
const MOST_CODES: usize = 24;

/// The draft of a mapping file for the file of a request, as TOML with comments. Given with
/// `--mapping`, it has the same import follow as without it.
///
/// # Errors
/// When the file cannot be read, no layer of it fits, or the request's own mapping file does not.
pub async fn draft(worker: &Worker, request: &ImportRequest) -> Result<String, ImportError> {
    let path = request.path.clone();
    let file = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let encoding = request.encoding.clone();
    let inspected = worker.inspect(&Job::Inspect { path, encoding }).await;
    let inspection = inspected.map_err(|source: WorkerError| ImportError::Worker {
        file: file.clone(),
        source,
    })?;
    let named = request.source_layer.as_deref();
    let choice = choose(&file, &inspection, request.layer, named)?;
    draft_of(
        &file,
        choice.source,
        choice.target,
        request.mapping.as_ref(),
    )
    .map_err(|reason| ImportError::Mapping { file, reason })
}

/// The same, of a layer of a file.
///
/// # Errors
/// When `given` does not fit the file or the layer. What no import could do without is no error
/// here: the draft says what is missing.
pub fn draft_of(
    file: &str,
    source: &SourceLayer,
    target: &'static Layer,
    given: Option<&MappingFile>,
) -> Result<String, MappingError> {
    let problem = super::map(source, target, given).err();
    let work = Work::of(source, target, given, Doubt::LeavesOut)?;
    let draft = Draft {
        file,
        source,
        target,
        given,
        mapping: work.finish(),
        problem,
    };
    Ok(draft.to_string())
}

struct Draft<'a> {
    file: &'a str,
    source: &'a SourceLayer,
    target: &'static Layer,
    given: Option<&'a MappingFile>,
    mapping: Mapping,
    problem: Option<MappingError>,
}

impl Display for Draft<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.heading(f)?;
        self.ignored(f)?;
        self.fields(f)?;
        self.units(f)?;
        self.constants(f)?;
        self.values(f)
    }
}

impl Draft<'_> {
    fn heading(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (file, layer) = (in_comment(self.file), in_comment(&self.source.name));
        let (id, title) = (self.target.id, self.target.title.en);
        writeln!(f, "# {file}, layer {layer}, into the layer {id} ({title}).")?;
        writeln!(
            f,
            "# Left the name in the file, right the field of the layer."
        )?;
        writeln!(
            f,
            "# Lines that begin with # are not read. Unchanged, this file changes nothing."
        )?;
        let problem = self.problem.as_ref();
        problem.map_or(Ok(()), |problem| {
            writeln!(f, "# Still to do: {}", in_comment(&problem.to_string()))
        })
    }

    fn ignored(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n# Fields that are not imported whatever their names say."
        )?;
        let ignored = self.given.map_or(&[][..], |given| &given.ignore);
        let names: Vec<_> = ignored.iter().map(|name| quoted(&name.text)).collect();
        writeln!(f, "ignore = [{}]", names.join(", "))
    }

    fn fields(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n[fields]")?;
        let places = self.mapping.coordinates.iter();
        let places: Vec<usize> = places.flat_map(CoordinateColumns::positions).collect();
        for (at, field) in self.source.fields.iter().enumerate() {
            let matched = self.mapping.matched.iter().find(|one| one.at == at);
            match matched {
                Some(matched) => matched_line(matched, f)?,
                None if places.contains(&at) => self.place(at, field, f)?,
                None => self.open(field, f)?,
            }
        }
        Ok(())
    }

    fn place(&self, at: usize, field: &SourceField, f: &mut Formatter<'_>) -> fmt::Result {
        let name = quoted(&field.name);
        let given = self.given.and_then(|given| given.fields.get(&field.name));
        let columns = self.mapping.coordinates;
        let part = columns.map_or("", |columns| part(columns, at));
        match given {
            Some(target) => writeln!(f, "{name} = {}", quoted(&target.text)),
            None => writeln!(
                f,
                "# {name} = \"{part}\"  # gives the place as it is; else easting, northing, \
                 longitude, latitude or wkt"
            ),
        }
    }

    fn open(&self, field: &SourceField, f: &mut Formatter<'_>) -> fmt::Result {
        let ignored = self.mapping.ignored.iter();
        let reason = ignored
            .filter(|one| one.source == field.name)
            .map(|one| one.reason.en.as_str())
            .next()
            .unwrap_or_default();
        let free = self.importable().filter(|field| self.is_free(field));
        let nearest = nearest(&field.name, free);
        let first = nearest.first().copied().unwrap_or_default();
        let (kind, reason) = (in_comment(&field.kind), in_comment(reason));
        let name = quoted(&field.name);
        writeln!(f, "# {name} = \"{first}\"  # {kind}: {reason}")
    }

    fn importable(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.target
            .fields
            .iter()
            .filter(|field| field.is_recorded())
    }

    fn is_free(&self, field: &Field) -> bool {
        let mut matched = self.mapping.matched.iter();
        !matched.any(|one| one.target.name == field.name)
    }

    fn units(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n# Units of numbers that have none beside them.\n[units]"
        )?;
        for matched in &self.mapping.matched {
            let Some(ucum) = matched.target.unit else {
                continue;
            };
            let Some(own) = Unit::of_register(ucum) else {
                continue;
            };
            let (comment, unit) = match matched.reading.unit {
                Some(unit) => ("", unit),
                None => ("# ", own),
            };
            let (name, known) = (quoted(&matched.source), Unit::symbols(ucum).join(", "));
            writeln!(
                f,
                "{comment}{name} = {}  # one of {known}",
                quoted(unit.symbol)
            )?;
        }
        Ok(())
    }

    fn constants(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n# Values that every record has, by fields of the layer.\n[constants]"
        )?;
        let none = std::collections::BTreeMap::new();
        let given = self.given.map_or(&none, |given| &given.constants);
        write_pairs(given, f)?;
        let fixable = |field: &&Field| self.is_free(field) && field.role != Role::Key;
        for field in self.importable().filter(fixable) {
            writeln!(f, "# {} = \"\"  # {}", field.name, titles(field))?;
        }
        Ok(())
    }

    fn values(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n# What texts of the file mean, by fields of the layer; \"\" means unknown."
        )?;
        for field in self.importable() {
            let given = self.given.and_then(|given| given.values.get(field.name));
            let coded = field.code_list().filter(|_| !self.is_free(field));
            if given.is_none() && coded.is_none() {
                continue;
            }
            writeln!(f, "[values.{}]", field.name)?;
            given.map_or(Ok(()), |given| write_pairs(given, f))?;
            if let Some(list) = coded {
                let codes = list.entries.iter().map(|entry| entry.code);
                let shown: Vec<_> = codes.take(MOST_CODES).collect();
                let more = list.entries.len() > MOST_CODES;
                let more = if more {
                    ", … (the layer's schema has them all)"
                } else {
                    ""
                };
                let (first, all) = (shown.first().unwrap_or(&""), shown.join(", "));
                writeln!(
                    f,
                    "# \"text in the file\" = \"{first}\"  # one of {all}{more}"
                )?;
            }
        }
        Ok(())
    }
}

/// What a column says of the place; nothing where numbers decide which of x and y goes east.
fn part(columns: CoordinateColumns, at: usize) -> &'static str {
    let CoordinateColumns::Pair { y, meaning, .. } = columns else {
        return "wkt";
    };
    let [east, north] = match meaning {
        Meaning::LongitudeLatitude => ["longitude", "latitude"],
        Meaning::EastNorth => ["easting", "northing"],
        Meaning::XY | Meaning::SpatialUnits => [""; 2],
    };
    if at == y { north } else { east }
}

fn matched_line(matched: &Matched, f: &mut Formatter<'_>) -> fmt::Result {
    let (name, target) = (quoted(&matched.source), matched.target);
    let (how, titles) = (matched.how.title().en, titles(target));
    writeln!(f, "{name} = \"{}\"  # {titles}; {how}", target.name)
}

fn write_pairs(
    pairs: &std::collections::BTreeMap<String, Placed>,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    pairs
        .iter()
        .try_for_each(|(key, value)| writeln!(f, "{} = {}", quoted(key), quoted(&value.text)))
}

fn titles(field: &Field) -> String {
    format!("{} / {}", field.title.get(Lang::SrLatn), field.title.en)
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|letter| match letter {
        '"' | '\\' => format!("\\{letter}"),
        control if control.is_control() => format!("\\u{:04X}", u32::from(control)),
        other => other.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// A text on one line.
fn in_comment(text: &str) -> String {
    text.replace(char::is_control, " ")
}
