//! The matching, step by step: the mapping file, the columns of the place, the names.

mod file;

use std::collections::BTreeMap;

use domain::lang::{Message, Text};
use domain::layer::{Field, Origin, REVISION};
use domain::quantity::unit::Unit;
use domain::{Layer, message};

use super::coordinate_columns::{CoordinateColumns, Part};
use super::names::{self, FieldNames, Rank, Recognised};
use super::{Fixed, How, Ignored, Mapping, MappingError, MappingFile, Matched, Reading};
use crate::protocol::{SourceField, SourceGeometry, SourceLayer};

/// What to do where two fields have the same right to one of the layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Refuse.
    IsAnError,
    /// Leave both out.
    LeavesOut,
}

/// What is known of one field of the file so far.
#[derive(Clone, Debug)]
enum Fate {
    Open,
    Matched(&'static Field, Rank),
    Ignored(Message),
    Coordinate,
}

const MADE_FROM: Text = Text::new(
    "ревизија од које је запис настао: шта су други од тада изменили, остаје",
    "the revision from which the record was made: what others changed since then stays",
);

pub(super) struct Work<'a> {
    fields: &'a [SourceField],
    layer: &'static Layer,
    fates: Vec<Fate>,
    units: Vec<Option<&'static Unit>>,
    constants: Vec<(&'static Field, String, Fixed)>,
    values: BTreeMap<&'static str, BTreeMap<String, Fixed>>,
    coordinates: Option<CoordinateColumns>,
    doubt: Doubt,
}

impl<'a> Work<'a> {
    pub(super) fn of(
        source: &'a SourceLayer,
        layer: &'static Layer,
        file: Option<&MappingFile>,
        doubt: Doubt,
    ) -> Result<Self, MappingError> {
        let mut work = Self {
            fields: &source.fields,
            layer,
            fates: vec![Fate::Open; source.fields.len()],
            units: vec![None; source.fields.len()],
            constants: Vec::new(),
            values: BTreeMap::new(),
            coordinates: None,
            doubt,
        };
        if let Some(file) = file {
            work.obey(file)?;
        }
        if source.geometry == SourceGeometry::None {
            work.find_coordinates()?;
        }
        work.recognise()?;
        if let Some(file) = file {
            work.obey_units(file)?;
        }
        Ok(work)
    }

    fn find_coordinates(&mut self) -> Result<(), MappingError> {
        if self.coordinates.is_some() {
            return Ok(());
        }
        let open = self
            .fields
            .iter()
            .enumerate()
            .filter(|(at, _)| self.is_open(*at));
        let parts: Vec<_> = open
            .filter_map(|(at, field)| Some((at, Part::of_name(&field.name)?)))
            .collect();
        self.coordinates = CoordinateColumns::of(&parts).map(|columns| columns.among(self.fields));
        for at in self
            .coordinates
            .iter()
            .flat_map(CoordinateColumns::positions)
        {
            self.one_of_its_name(at)?;
            self.fates[at] = Fate::Coordinate;
        }
        Ok(())
    }

    /// Of two columns of one name, the worker calls the second one by its place, too.
    fn one_of_its_name(&self, at: usize) -> Result<(), MappingError> {
        let name = &self.fields[at].name;
        let begins = format!("{name} (column ");
        let is_second = |field: &&SourceField| field.name.starts_with(&begins);
        match self.fields.iter().find(is_second) {
            None => Ok(()),
            Some(second) => Err(MappingError::PlaceTwice {
                first: name.clone(),
                second: second.name.clone(),
            }),
        }
    }

    fn is_open(&self, at: usize) -> bool {
        matches!(self.fates[at], Fate::Open)
    }

    fn recognise(&mut self) -> Result<(), MappingError> {
        let known: Vec<_> = self.layer.fields.iter().map(FieldNames::of).collect();
        for at in 0..self.fields.len() {
            if !self.is_open(at) {
                continue;
            }
            let name = &self.fields[at].name;
            self.fates[at] = match names::recognise(name, &known) {
                Recognised::One { field, rank, unit } => {
                    self.units[at] = unit;
                    self.of_constant(field)
                        .unwrap_or(Fate::Matched(field, rank))
                }
                Recognised::Several(fields) => Fate::Ignored(may_mean(&fields)),
                Recognised::TonneOrMegatonne(field) => {
                    Fate::Ignored(tonne_or_megatonne(name, field))
                }
                Recognised::None => Fate::Open,
            };
        }
        self.settle()
    }

    fn of_constant(&self, field: &Field) -> Option<Fate> {
        let name = field.name;
        let fixed = self.constants.iter().any(|(one, ..)| one.name == name);
        fixed.then(|| {
            Fate::Ignored(message!(
                "датотека пресликавања даје за {name} сталну вредност",
                "the mapping file gives {name} a fixed value"
            ))
        })
    }

    /// Leaves each field of the layer to the field of the file with the best right to it.
    fn settle(&mut self) -> Result<(), MappingError> {
        for field in self.layer.fields {
            let mut claims = self.claims(field);
            claims.sort_by_key(|(rank, at)| (*rank, *at));
            let Some((&(best, winner), losers)) = claims.split_first() else {
                continue;
            };
            for &(rank, loser) in losers {
                if rank == best {
                    let twice = self.twice(winner, loser, field);
                    if self.doubt == Doubt::IsAnError {
                        return Err(twice);
                    }
                    let [one, other] = [winner, loser].map(|at| &self.fields[at].name);
                    let name = field.name;
                    let reason = message!(
                        "поља `{one}` и `{other}` оба значе `{name}`; реците које се мисли",
                        "{twice}"
                    );
                    self.fates[winner] = Fate::Ignored(reason.clone());
                    self.fates[loser] = Fate::Ignored(reason);
                    continue;
                }
                let (better, name) = (&self.fields[winner].name, field.name);
                self.fates[loser] = Fate::Ignored(message!(
                    "{name} даје `{better}`; датотека пресликавања може одредити друкчије",
                    "`{better}` gives {name}; a mapping file can say otherwise"
                ));
            }
        }
        Ok(())
    }

    fn claims(&self, field: &Field) -> Vec<(Rank, usize)> {
        let claim = |(at, fate): (usize, &Fate)| match fate {
            Fate::Matched(target, rank) if target.name == field.name => Some((*rank, at)),
            _ => None,
        };
        self.fates.iter().enumerate().filter_map(claim).collect()
    }

    fn twice(&self, first: usize, second: usize, field: &Field) -> MappingError {
        MappingError::Twice {
            first: self.fields[first].name.clone(),
            second: self.fields[second].name.clone(),
            target: field.name.to_owned(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }

    /// Checks that there is what no import can do without.
    pub(super) fn require(&self, source: &SourceLayer) -> Result<(), MappingError> {
        let key = self.layer.key();
        if self.claims(key).is_empty() && !self.layer.is_matched_without_code() {
            return Err(MappingError::NoKey {
                layer: source.name.clone(),
                key: key.name,
                fields: self.names(),
            });
        }
        // Tables of regions carry names and codes only; their boundaries come from elsewhere.
        let needs_place = source.geometry == SourceGeometry::None && self.layer.editable;
        if needs_place && self.coordinates.is_none() {
            return Err(MappingError::NoPlace {
                layer: source.name.clone(),
                fields: self.names(),
            });
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Mapping {
        let mut mapping = Mapping {
            matched: Vec::new(),
            ignored: Vec::new(),
            coordinates: self.coordinates,
            made_from: self.made_from(),
        };
        for (at, (field, fate)) in self.fields.iter().zip(&self.fates).enumerate() {
            let source = field.name.clone();
            let reason = match fate {
                Fate::Matched(target, rank) if target.is_recorded() => {
                    mapping
                        .matched
                        .push(self.matched(source, at, target, rank.how));
                    continue;
                }
                Fate::Matched(..) if mapping.made_from == Some(at) => MADE_FROM.into(),
                Fate::Matched(target, _) => {
                    let (name, Text { sr, en }) = (target.name, not_recorded(target));
                    message!("{name}, {sr}", "{name}, {en}")
                }
                Fate::Ignored(reason) => reason.clone(),
                Fate::Open => self.no_field(&source),
                Fate::Coordinate => continue,
            };
            mapping.ignored.push(Ignored { source, reason });
        }
        let fixed = self.constants.into_iter();
        let fixed = fixed.map(|(target, text, value)| Matched::fixed(target, &text, value));
        mapping.matched.extend(fixed);
        mapping
    }

    /// Why a field is left aside that no field of the layer is called like, and which are nearly.
    fn no_field(&self, name: &str) -> Message {
        let is_free = |field: &&Field| {
            let mut fixed = self.constants.iter();
            field.is_recorded()
                && self.claims(field).is_empty()
                && !fixed.any(|(one, ..)| one.name == field.name)
        };
        let nearest = names::nearest(name, self.layer.fields.iter().filter(is_free));
        if nearest.is_empty() {
            return message!(
                "ниједно поље слоја нема овај назив",
                "no field of the layer has this name"
            );
        }
        let nearest = nearest.join(", ");
        message!(
            "ниједно поље слоја нема овај назив; можда {nearest}",
            "no field of the layer has this name; perhaps {nearest}"
        )
    }

    /// The field of a file from the register that names the revision of each record.
    fn made_from(&self) -> Option<usize> {
        let is_revision = |fate: &Fate| {
            matches!(fate, Fate::Matched(field, rank)
            if field.name == REVISION && rank.how == How::Name)
        };
        let has_key = !self.claims(self.layer.key()).is_empty();
        let at = self.fates.iter().position(is_revision);
        at.filter(|_| has_key)
    }

    fn matched(&self, source: String, at: usize, target: &'static Field, how: How) -> Matched {
        let values = self.values.get(target.name).cloned();
        Matched {
            source,
            at,
            target,
            how,
            reading: Reading {
                unit: self.units[at].filter(|unit| unit.exponent != 0),
                values: values.unwrap_or_default(),
                constant: None,
            },
        }
    }
}

fn may_mean(fields: &[&str]) -> Message {
    let (sr, en) = (fields.join(" или "), fields.join(" or "));
    message!(
        "може значити {sr}; одредите у датотеци пресликавања",
        "it may mean {en}; say which in a mapping file"
    )
}

fn tonne_or_megatonne(name: &str, field: &Field) -> Message {
    let target = field.name;
    message!(
        "{target} у тонама или у милионима тона; у датотеци пресликавања наведите јединицу: \
         [fields] \"{name}\" = \"{target}\", [units] \"{name}\" = \"t\" или \"Mt\"",
        "{target} in tonnes or in million tonnes; say the unit in a mapping file: [fields] \
         \"{name}\" = \"{target}\", [units] \"{name}\" = \"t\" or \"Mt\""
    )
}

const fn not_recorded(field: &Field) -> Text {
    match field.origin {
        Origin::Derived => Text::new(
            "које следи из других поља и не увози се",
            "which follows from other fields and is not imported",
        ),
        Origin::Register => Text::new(
            "које катастар сам води и не увози се",
            "which the register keeps itself and is not imported",
        ),
        Origin::Recorded => Text::new("које се увози", "which is imported"),
    }
}
