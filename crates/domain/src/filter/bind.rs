//! From the tree to its meaning for a layer.

mod align;
mod space;
mod time;

pub use space::outline;

use std::sync::Arc;

use super::function::{DISTANCE, FUNCTIONS, Function};
use super::near;
use super::node::{Node, Term};
use super::operation::{Arithmetic, Operation};
use super::typed::{Codes, Filter, Kind, Operand, Predicate, Scalar};
use crate::lang::Message;
use crate::layer::{Access, Field, Layer};
use crate::layers::readable_fields;
use crate::message;
use crate::text::Folding;
use crate::value::{FieldType, Value};

type Bound<T> = Result<T, Message>;

impl Filter {
    /// Gives the tree its meaning: names are fields of the layer that somebody with this access
    /// may select by, literals are values of their types. Shapes must be in longitude, latitude, WGS 84.
    ///
    /// # Errors
    /// What does not exist or does not fit, where, and what would.
    pub fn bind(layer: &'static Layer, access: Access, tree: &Node) -> Result<Self, Message> {
        let predicate = Arc::new(Binder { layer, access }.predicate(tree)?);
        Ok(Self { layer, predicate })
    }
}

pub(super) struct Binder {
    layer: &'static Layer,
    access: Access,
}

impl Binder {
    fn predicate(&self, node: &Node) -> Bound<Predicate> {
        match &node.term {
            Term::Boolean(yes) => Ok(Predicate::Constant(Some(*yes))),
            Term::Null => Ok(Predicate::Constant(None)),
            Term::Operation(operation, parts) => match self.logic(*operation, parts)? {
                Some(predicate) => Ok(predicate),
                None => Err(self.no_truth(node)),
            },
            Term::Property(_) | Term::Call(..) => {
                let scalar = self.scalar(node)?;
                match scalar.kind() {
                    Kind::Boolean => Ok(Predicate::Holds(scalar)),
                    _ => Err(self.no_truth(node)),
                }
            }
            _ => Err(self.no_truth(node)),
        }
    }

    fn no_truth(&self, node: &Node) -> Message {
        let key = self.layer.key().name;
        node.wrong(&message!(
            "овде се очекује услов, као {key} = '…'",
            "a condition is expected here, such as {key} = '…'"
        ))
    }

    /// The predicate of an operation; `None` of those that give no truth.
    fn logic(&self, operation: Operation, parts: &[Node]) -> Bound<Option<Predicate>> {
        let all = || {
            parts
                .iter()
                .map(|part| self.predicate(part))
                .collect::<Bound<_>>()
        };
        Ok(Some(match (operation, parts) {
            (Operation::And, _) => Predicate::All(all()?),
            (Operation::Or, _) => Predicate::Any(all()?),
            (Operation::Not, [inner]) => Predicate::Not(Box::new(self.predicate(inner)?)),
            (Operation::Compare(comparison), [left, right]) => {
                let [left, right] = self.aligned([left, right])?;
                Predicate::Compare(left, comparison, right)
            }
            (Operation::Is, [left, right]) => {
                let [left, right] = self.aligned([left, right])?;
                Predicate::Same(left, right)
            }
            (Operation::Between, [value, low, high]) => {
                let [value, low, high] = self.aligned([value, low, high])?;
                Predicate::Between(value, low, high)
            }
            (Operation::Like, [text, pattern]) => self.like(text, pattern)?,
            (Operation::In, [value, list]) => self.one_of(value, list)?,
            (Operation::IsNull, [operand]) => Predicate::IsUnknown(self.operand(operand)?),
            (Operation::Spatial(relation), [one, other]) => Self::spatial(relation, one, other)?,
            (Operation::Temporal(relation), [one, other]) => self.temporal(relation, one, other)?,
            (Operation::Array(relation), [one, other]) => {
                let (one, other) = self.sets(one, other)?;
                Predicate::Array(relation, one, other)
            }
            _ => return Ok(None),
        }))
    }

    /// The value of a term.
    fn scalar(&self, node: &Node) -> Bound<Scalar> {
        let value = match &node.term {
            Term::Property(name) => return self.value_of_property(node, name),
            Term::Call(name, parts) => return self.call(node, name, parts),
            Term::Operation(operation, parts) => return self.calculated(node, *operation, parts),
            Term::Text(text) => Value::Text(text.clone()),
            Term::Number(number) => Value::Number(*number),
            Term::Boolean(yes) => Value::Boolean(*yes),
            Term::Date(day) => Value::Date(*day),
            Term::Timestamp(moment) => Value::DateTime(*moment),
            Term::Null => Value::Unknown,
            Term::List(_) => {
                return Err(node.wrong(&message!(
                    "овде стоји једна вредност, а не списак; за више вредности служи IN",
                    "one value stands here, not a list; use IN for several values"
                )));
            }
            Term::Open | Term::Interval(_) | Term::Geometry(_) | Term::Bbox(_) => {
                return Err(node.wrong(&message!(
                    "период или геометрија се не пореде знацима =, <, >; за периоде служе функције \
                     T_…, за геометрије S_…",
                    "a period or a geometry is not compared by =, <, >; use the functions T_… for \
                     periods and S_… for geometries"
                )));
            }
        };
        Ok(Scalar::Value(value))
    }

    fn value_of_property(&self, node: &Node, name: &str) -> Bound<Scalar> {
        if is_geometry(name) {
            return Err(node.wrong(&message!(
                "`{name}` је геометрија; за њу служе функције S_…, као S_INTERSECTS({name}, BBOX(…))",
                "`{name}` is the geometry; use the functions S_… for it, such as \
                 S_INTERSECTS({name}, BBOX(…))"
            )));
        }
        let field = self.field(node, name)?;
        if matches!(field.field_type, FieldType::Codes(_)) {
            return Err(node.wrong(&message!(
                "`{name}` има више шифара; за њих служи A_CONTAINS({name}, ('…'))",
                "`{name}` has several codes; select by A_CONTAINS({name}, ('…'))"
            )));
        }
        Ok(Scalar::Field(field))
    }

    /// The field, where the reader may select by it. What a restricted field is called is not told to
    /// others either.
    fn field(&self, node: &Node, name: &str) -> Bound<&'static Field> {
        let readable = readable_fields(self.layer, self.access);
        let queryables = || readable.iter().copied().filter(|field| field.filterable);
        queryables()
            .find(|field| field.name == name)
            .ok_or_else(|| {
                let nearest = near::names(queryables().map(|field| field.name), name);
                let layer = self.layer.id;
                node.wrong(&message!(
                    "нема својства `{name}` по којем се бира; слична су {nearest}, а сва су на \
                     /collections/{layer}/queryables",
                    "there is no property `{name}` to select by; similar ones are {nearest}, and \
                     all are at /collections/{layer}/queryables"
                ))
            })
    }

    fn calculated(&self, node: &Node, operation: Operation, parts: &[Node]) -> Bound<Scalar> {
        match (operation, parts) {
            (Operation::CaseI, [text]) => self.folded(Folding::Case, text),
            (Operation::AccentI, [text]) => self.folded(Folding::Accents, text),
            (Operation::Arithmetic(arithmetic), [left, right]) => {
                self.arithmetic(arithmetic, left, right)
            }
            _ => Ok(Scalar::Truth(Box::new(self.predicate(node)?))),
        }
    }

    fn arithmetic(&self, arithmetic: Arithmetic, left: &Node, right: &Node) -> Bound<Scalar> {
        let (left, right) = (self.number(left)?, self.number(right)?);
        if left.kind() == Kind::Unknown || right.kind() == Kind::Unknown {
            return Ok(Scalar::Value(Value::Unknown));
        }
        Ok(Scalar::Arithmetic(
            arithmetic,
            Box::new(left),
            Box::new(right),
        ))
    }

    fn number(&self, node: &Node) -> Bound<Scalar> {
        let scalar = self.scalar(node)?;
        match scalar.kind() {
            Kind::Number | Kind::Unknown => Ok(scalar),
            _ => Err(node.wrong(&message!(
                "рачуна се само са бројевима",
                "only numbers can be calculated with"
            ))),
        }
    }

    fn folded(&self, folding: Folding, node: &Node) -> Bound<Scalar> {
        Ok(fold(folding, self.text(node)?))
    }

    fn text(&self, node: &Node) -> Bound<Scalar> {
        let scalar = self.scalar(node)?;
        match scalar.kind() {
            Kind::Text | Kind::Unknown => Ok(scalar),
            _ => Err(node.wrong(&message!(
                "овде се очекује текст или својство са текстом",
                "a text or a property with texts is expected here"
            ))),
        }
    }

    fn call(&self, node: &Node, name: &str, parts: &[Node]) -> Bound<Scalar> {
        if name.eq_ignore_ascii_case(DISTANCE) {
            return Self::distance(node, parts);
        }
        let Some(function) = Function::named(name) else {
            let known: Vec<_> = FUNCTIONS.iter().map(|one| one.name).collect();
            let known = known.join(", ");
            return Err(node.wrong(&message!(
                "нема функције `{name}`; постоје {known}, описане на /functions",
                "there is no function `{name}`; there are {known}, described at /functions"
            )));
        };
        let [argument] = parts else {
            return Err(node.wrong(&message!(
                "функција `{name}` прима један аргумент",
                "the function `{name}` takes one argument"
            )));
        };
        let scalar = self.scalar(argument)?;
        match scalar.kind() {
            Kind::Unknown => Ok(Scalar::Value(Value::Unknown)),
            kind if function.takes(kind) => Ok(Scalar::Call(function, vec![scalar])),
            _ => Err(argument.wrong(&message!(
                "функција `{name}` не прима ову врсту вредности; погледајте /functions",
                "the function `{name}` does not take this kind of value; see /functions"
            ))),
        }
    }

    fn operand(&self, node: &Node) -> Bound<Operand> {
        match &node.term {
            Term::Geometry(_) | Term::Bbox(_) => Ok(Operand::Shape(Self::shape(node)?)),
            Term::Property(name) if is_geometry(name) => Ok(Operand::Shape(Self::shape(node)?)),
            Term::Property(name) => {
                let field = self.field(node, name)?;
                Ok(match field.field_type {
                    FieldType::Codes(_) => Operand::Codes(Codes::Field(field)),
                    _ => Operand::Scalar(Scalar::Field(field)),
                })
            }
            _ => self.scalar(node).map(Operand::Scalar),
        }
    }

    fn like(&self, text: &Node, pattern: &Node) -> Bound<Predicate> {
        let (value, written) = (self.text(text)?, self.text(pattern)?);
        if value.kind() == Kind::Unknown || written.kind() == Kind::Unknown {
            return Ok(Predicate::Constant(None));
        }
        let [value, written] = align::fold_alike([value, written]);
        let Scalar::Value(Value::Text(written)) = written else {
            return Err(pattern.wrong(&message!(
                "образац после LIKE је текст у наводницима, као 'Вели%'",
                "the pattern after LIKE is a text in quotation marks, such as 'Veli%'"
            )));
        };
        if ends_in_escape(&written) {
            return Err(pattern.wrong(&message!(
                "образац се завршава обрнутом косом цртом која ништа не означава; обрнута коса \
                 црта се у обрасцу пише двапут",
                "the pattern ends in a backslash that escapes nothing; write a backslash in a \
                 pattern twice"
            )));
        }
        Ok(Predicate::Like(value, written))
    }

    fn one_of(&self, value: &Node, list: &Node) -> Bound<Predicate> {
        let members = match &list.term {
            Term::List(members) if !members.is_empty() => members,
            _ => {
                return Err(list.wrong(&message!(
                    "после IN стоји списак вредности у заградама, као ('a', 'b')",
                    "after IN stands a list of values in brackets, such as ('a', 'b')"
                )));
            }
        };
        let nodes: Vec<&Node> = std::iter::once(value).chain(members).collect();
        let mut scalars = self.all_aligned(&nodes)?;
        let value = scalars.remove(0);
        Ok(Predicate::In(value, scalars))
    }

    fn sets(&self, one: &Node, other: &Node) -> Bound<(Codes, Codes)> {
        let fields = [self.codes_field(one)?, self.codes_field(other)?];
        let set = |field: Option<&'static Field>, node: &Node| match field {
            Some(field) => Ok(Codes::Field(field)),
            None => given_codes(node, fields.into_iter().flatten().next()),
        };
        Ok((set(fields[0], one)?, set(fields[1], other)?))
    }

    fn codes_field(&self, node: &Node) -> Bound<Option<&'static Field>> {
        let Term::Property(name) = &node.term else {
            return Ok(None);
        };
        let field = self.field(node, name)?;
        if matches!(field.field_type, FieldType::Codes(_)) {
            return Ok(Some(field));
        }
        Err(node.wrong(&message!(
            "`{name}` има једну вредност; за њу служи {name} = … или {name} IN (…)",
            "`{name}` has one value; select by {name} = … or {name} IN (…)"
        )))
    }
}

/// The codes of a list.
fn given_codes(node: &Node, field: Option<&'static Field>) -> Bound<Codes> {
    let Term::List(members) = &node.term else {
        return Err(node.wrong(&message!(
            "овде се очекује списак шифара, као ('copper', 'gold')",
            "a list of codes is expected here, such as ('copper', 'gold')"
        )));
    };
    let codes = members.iter().map(|member| match &member.term {
        Term::Text(code) => match field {
            Some(field) => align::read_code(member, field, code),
            None => Ok(code.clone()),
        },
        _ => Err(member.wrong(&message!(
            "овде се очекује шифра у наводницима, као 'copper'",
            "a code in quotation marks is expected here, such as 'copper'"
        ))),
    });
    Ok(Codes::Given(codes.collect::<Bound<_>>()?))
}

/// The names under which filters ask for the geometry: that of the queryables, and the one that
/// `QGIS` shows.
pub(super) fn is_geometry(name: &str) -> bool {
    ["geometry", "geom"].contains(&name)
}

/// Folds a given text at once, and has the others folded where they are read.
fn fold(folding: Folding, scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::Value(Value::Text(text)) => Scalar::Value(Value::Text(folding.fold(&text))),
        Scalar::Value(Value::Unknown) => scalar,
        Scalar::Folded(inner, text) => Scalar::Folded(inner.max(folding), text),
        other => Scalar::Folded(folding, Box::new(other)),
    }
}

fn ends_in_escape(pattern: &str) -> bool {
    let backslashes = pattern.chars().rev().take_while(|letter| *letter == '\\');
    backslashes.count() % 2 == 1
}
