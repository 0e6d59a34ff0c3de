//! What a mapping file says, obeyed or refused with its line.

use std::collections::BTreeMap;

use domain::Value;
use domain::layer::{Field, Role};
use domain::quantity::unit::{Spelled, Unit};

use super::{Fate, Work, not_recorded};
use crate::convert::{names_regions, read_fixed};
use crate::mapping::coordinate_columns::{CoordinateColumns, Part};
use crate::mapping::names::Rank;
use crate::mapping::{Fixed, MappingError, MappingFile, Placed};

impl Work<'_> {
    pub(super) fn obey(&mut self, file: &MappingFile) -> Result<(), MappingError> {
        for name in &file.ignore {
            let at = self.position(&name.text, name.line)?;
            self.fates[at] = Fate::Ignored(domain::message!(
                "тако каже датотека пресликавања",
                "the mapping file says so"
            ));
        }
        let mut places = Vec::new();
        for (name, target) in &file.fields {
            let at = self.position(name, target.line)?;
            if let Some(part) = Part::of_target(&target.text) {
                places.push((at, part));
                self.fates[at] = Fate::Coordinate;
            } else {
                let field = self.importable(name, &target.text, target.line)?;
                self.fates[at] = Fate::Matched(field, Rank::MAPPING_FILE);
            }
        }
        self.coordinates = CoordinateColumns::of(&places);
        for (name, texts) in &file.values {
            self.translate(name, texts)?;
        }
        for (name, text) in &file.constants {
            self.fix(name, text)?;
        }
        Ok(())
    }

    /// Units are obeyed when it is known what each field means.
    pub(super) fn obey_units(&mut self, file: &MappingFile) -> Result<(), MappingError> {
        for (name, unit) in &file.units {
            let at = self.position(name, unit.line)?;
            let Fate::Matched(field, _) = &self.fates[at] else {
                let what = "it has a unit but is not imported; say under [fields] what it means";
                return Err(unfitting(name, unit, what.to_owned()));
            };
            self.units[at] = Some(unit_of(field, name, unit)?);
        }
        Ok(())
    }

    fn translate(
        &mut self,
        name: &str,
        texts: &BTreeMap<String, Placed>,
    ) -> Result<(), MappingError> {
        let mut values = BTreeMap::new();
        for (text, meaning) in texts {
            let field = self.importable(text, name, meaning.line)?;
            let value = read(field, text, meaning)?;
            values.insert(text.trim().to_owned(), value);
        }
        if let Some(field) = self.layer.field(name) {
            self.values.insert(field.name, values);
        }
        Ok(())
    }

    fn fix(&mut self, name: &str, text: &Placed) -> Result<(), MappingError> {
        let field = self.importable(name, name, text.line)?;
        if field.role == Role::Key {
            let what = "every record has a key of its own, so it cannot be fixed";
            return Err(unfitting(name, text, what.to_owned()));
        }
        if let Some((_, at)) = self.claims(field).first() {
            let also = &self.fields[*at].name;
            let what = format!("`{also}` means it too, by [fields]; leave one of the two out");
            return Err(unfitting(name, text, what));
        }
        let value = read(field, name, text)?;
        self.constants.push((field, text.text.clone(), value));
        Ok(())
    }

    fn position(&self, name: &str, line: usize) -> Result<usize, MappingError> {
        self.fields
            .iter()
            .position(|field| field.name == name)
            .ok_or_else(|| MappingError::NotInFile {
                line,
                name: name.to_owned(),
                fields: self.names(),
            })
    }

    fn importable(
        &self,
        source: &str,
        name: &str,
        line: usize,
    ) -> Result<&'static Field, MappingError> {
        let why = match self.layer.field(name) {
            Some(field) if field.is_recorded() => return Ok(field),
            Some(field) => not_recorded(field).en,
            None => "which the layer does not have",
        };
        let fields = self.layer.fields.iter().filter(|field| field.is_recorded());
        Err(MappingError::NotInLayer {
            line,
            source_name: source.to_owned(),
            name: name.to_owned(),
            why,
            fields: fields.map(|field| field.name.to_owned()).collect(),
        })
    }
}

fn read(field: &'static Field, key: &str, text: &Placed) -> Result<Fixed, MappingError> {
    let said = text.text.trim();
    if said.is_empty() {
        return Ok(Fixed::Value(Value::Unknown));
    }
    let read = read_fixed(field, said).and_then(|value| {
        let checked = field.check(&value);
        checked.map(|()| value).map_err(|error| error.message())
    });
    match read {
        Ok(value) => Ok(Fixed::Value(value)),
        // The register is not asked before the file is read.
        Err(_) if names_regions(field) && !said.contains(|one: char| one.is_ascii_digit()) => {
            Ok(Fixed::Name(said.to_owned()))
        }
        Err(reason) => Err(unfitting(key, text, reason.en)),
    }
}

fn unit_of(field: &Field, name: &str, unit: &Placed) -> Result<&'static Unit, MappingError> {
    let ucum = field.unit.filter(|ucum| Unit::of_register(ucum).is_some());
    let Some(ucum) = ucum else {
        let what = format!("{} has no unit; leave the line out", field.name);
        return Err(unfitting(name, unit, what));
    };
    match Unit::read(&unit.text, ucum) {
        Some(Spelled::Unit(unit)) if !unit.is_level() || field.name.contains("level") => Ok(unit),
        Some(Spelled::TonneOrMegatonne) => {
            let what = format!(
                "`{}` may be tonnes or million tonnes; write t or Mt",
                unit.text
            );
            Err(unfitting(name, unit, what))
        }
        _ => {
            let (known, text) = (Unit::symbols(ucum).join(", "), &unit.text);
            let what = format!("`{text}` is no unit of {}; use one of {known}", field.name);
            Err(unfitting(name, unit, what))
        }
    }
}

fn unfitting(key: &str, placed: &Placed, what: String) -> MappingError {
    MappingError::Unfitting {
        line: placed.line,
        key: key.to_owned(),
        what,
    }
}
