//! From CQL2 JSON to the tree.

mod shape;

use std::fmt::Display;

use serde_json::{Map, Value as Json};

use super::node::{Node, Term, too_deep};
use super::operation::Operation;
use super::parser::{check_length, check_list, operation};
use super::place::Place;
use super::wkt::bbox_of;
use super::{MAX_DEPTH, time};
use crate::lang::Message;
use crate::message;

/// Reads a filter in CQL2 JSON.
///
/// # Errors
/// What is wrong, where, and how to write it.
pub fn read(text: &str) -> Result<Node, Message> {
    check_length(text)?;
    let json: Json = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let mut reader = Reader::default();
    reader.node(&json)
}

fn not_json(error: &serde_json::Error) -> Message {
    // The reader of JSON has a limit of its own, which comes first for some.
    if error.to_string().starts_with("recursion limit") {
        return too_deep(&Place::Member(String::new()));
    }
    let (line, column) = (error.line(), error.column());
    message!(
        "ово није JSON (ред {line}, колона {column}); филтер у тексту тражи filter-lang=cql2-text",
        "this is not JSON (line {line}, column {column}); a filter in text needs \
         filter-lang=cql2-text"
    )
}

#[derive(Default)]
struct Reader {
    /// The members on the way to the value that is read, as JSON Pointer has them.
    path: Vec<String>,
    positions: usize,
}

type Read<T> = Result<T, Message>;

impl Reader {
    fn place(&self) -> Place {
        Place::Member(
            self.path
                .iter()
                .fold(String::new(), |path, one| path + "/" + one),
        )
    }

    fn wrong(&self, message: &Message) -> Message {
        self.place().say(message)
    }

    /// Reads a member of the value at hand.
    fn member<T>(
        &mut self,
        name: impl Display,
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Read<T> {
        self.path.push(format!("{name}"));
        let read = read(self)?;
        self.path.pop();
        Ok(read)
    }

    fn node(&mut self, json: &Json) -> Read<Node> {
        // Each level of operations has two members: `args` and a number.
        if self.path.len() > 2 * usize::from(MAX_DEPTH) + 2 {
            return Err(too_deep(&self.place()));
        }
        let term = match json {
            Json::Null => Term::Null,
            Json::Bool(yes) => Term::Boolean(*yes),
            Json::Number(_) => Term::Number(self.number(json)?),
            Json::String(text) => Term::Text(text.clone()),
            Json::Array(members) => Term::List(self.nodes(members)?),
            Json::Object(members) => return self.object(members),
        };
        Node::new(self.place(), term)
    }

    fn nodes(&mut self, members: &[Json]) -> Read<Vec<Node>> {
        check_list(members.len(), &self.place())?;
        let numbered = members.iter().enumerate();
        numbered
            .map(|(at, one)| self.member(at, |reader| reader.node(one)))
            .collect()
    }

    fn object(&mut self, members: &Map<String, Json>) -> Read<Node> {
        if let Some(name) = members.get("op") {
            return self.operation(name, members.get("args"));
        }
        if members.contains_key("type") {
            let shape = self.shape(members)?;
            return Node::new(self.place(), Term::Geometry(shape));
        }
        let term = match members.iter().next() {
            Some((name, value)) => self.member(name, |reader| reader.named(name, value))?,
            None => return Err(self.unknown_object()),
        };
        Node::new(self.place(), term)
    }

    /// An object of one member, whose name says what it is.
    fn named(&mut self, name: &str, value: &Json) -> Read<Term> {
        match name {
            "property" => Ok(Term::Property(self.text(value)?.to_owned())),
            "date" => time::day(self.text(value)?)
                .map(Term::Date)
                .map_err(|wrong| self.wrong(&wrong)),
            "timestamp" => time::moment(self.text(value)?)
                .map(Term::Timestamp)
                .map_err(|wrong| self.wrong(&wrong)),
            "interval" => self.period(value),
            "bbox" => {
                let numbers = self.array(value)?;
                let numbers: Vec<f64> = numbers
                    .iter()
                    .map(|number| self.number(number))
                    .collect::<Read<_>>()?;
                bbox_of(&numbers, &self.place())
            }
            _ => Err(self.unknown_object()),
        }
    }

    fn operation(&mut self, name: &Json, args: Option<&Json>) -> Read<Node> {
        let place = self.place();
        let name = self.member("op", |reader| reader.text(name))?;
        let parts = self.member("args", |reader| {
            let members = reader.array(args.unwrap_or(&Json::Null))?;
            reader.nodes(members)
        })?;
        match Operation::named(name) {
            Some(known) => operation(place, known, parts),
            None => Node::new(place, Term::Call(name.to_owned(), parts)),
        }
    }

    fn period(&mut self, value: &Json) -> Read<Term> {
        let [first, last] = self.array(value)? else {
            return Err(self.wrong(&message!(
                "период има два краја, као [\"2020-01-01\", \"..\"]",
                "a period has two ends, such as [\"2020-01-01\", \"..\"]"
            )));
        };
        let ends = [(0, first), (1, last)];
        let ends = ends.map(|(at, end)| self.member(at, |reader| reader.end_of_period(end)));
        let [first, last] = ends;
        Ok(Term::Interval(vec![first?, last?]))
    }

    fn end_of_period(&mut self, value: &Json) -> Read<Node> {
        let Json::String(text) = value else {
            return self.node(value);
        };
        let end = time::end_of_period(text).map_err(|wrong| self.wrong(&wrong))?;
        Node::new(self.place(), end)
    }

    fn text<'j>(&self, json: &'j Json) -> Read<&'j str> {
        json.as_str().ok_or_else(|| {
            self.wrong(&message!(
                "овде се очекује текст у наводницима",
                "a text in quotation marks is expected here"
            ))
        })
    }

    fn array<'j>(&self, json: &'j Json) -> Read<&'j [Json]> {
        let members = json.as_array().map(Vec::as_slice);
        members.ok_or_else(|| {
            self.wrong(&message!(
                "овде се очекује низ, [ … ]",
                "an array is expected here, [ … ]"
            ))
        })
    }

    fn number(&self, json: &Json) -> Read<f64> {
        let finite = json.as_f64().filter(|number| number.is_finite());
        finite.ok_or_else(|| {
            self.wrong(&message!(
                "овде се очекује број",
                "a number is expected here"
            ))
        })
    }

    fn unknown_object(&self) -> Message {
        self.wrong(&message!(
            "овде се очекује објекат са чланом op, property, date, timestamp, interval, bbox или \
             type",
            "an object with a member op, property, date, timestamp, interval, bbox or type is \
             expected here"
        ))
    }
}
