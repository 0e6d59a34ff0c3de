//! Shapes in texts: well-known text and `BBOX(…)`.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use super::MAX_POSITIONS;
use super::lexer::Token;
use super::node::Term;
use super::parser::Parser;
use super::place::Place;
use crate::lang::Message;
use crate::message;

/// The shape at the parser's place, if the word there begins one.
pub(super) fn read(parser: &mut Parser, word: &str) -> Result<Option<Term>, Message> {
    let kind = word.to_ascii_uppercase();
    let known = [
        "POINT",
        "LINESTRING",
        "POLYGON",
        "MULTIPOINT",
        "MULTILINESTRING",
        "MULTIPOLYGON",
        "GEOMETRYCOLLECTION",
        "BBOX",
    ];
    if !known.contains(&kind.as_str()) || !parser.shape_follows() {
        return Ok(None);
    }
    parser.skip();
    if kind == "BBOX" {
        return parser.bbox().map(Some);
    }
    parser.shape(&kind).map(|shape| Some(Term::Geometry(shape)))
}

impl Parser {
    /// Whether a bracket follows the word, or `Z` and a bracket.
    fn shape_follows(&mut self) -> bool {
        let before = self.mark();
        self.skip();
        self.take_word("z");
        let follows = self.take_symbol("(");
        self.back(before);
        follows
    }

    fn shape(&mut self, kind: &str) -> Result<Geometry<f64>, Message> {
        self.take_word("z");
        Ok(match kind {
            "POINT" => Point(self.bracketed(Self::position)?).into(),
            "LINESTRING" => self.line()?.into(),
            "POLYGON" => self.area()?.into(),
            "MULTIPOINT" => MultiPoint(self.several(Self::point_of_several)?).into(),
            "MULTILINESTRING" => MultiLineString(self.several(Self::line)?).into(),
            "MULTIPOLYGON" => MultiPolygon(self.several(Self::area)?).into(),
            _ => Geometry::GeometryCollection(GeometryCollection(self.several(Self::member)?)),
        })
    }

    /// A member of a collection, which is no collection itself (rule `geometryLiteral`).
    fn member(&mut self) -> Result<Geometry<f64>, Message> {
        let kinds = "POINT, LINESTRING, POLYGON, MULTIPOINT, MULTILINESTRING, MULTIPOLYGON";
        let kind = match self.peek() {
            Some(Token::Word(word)) => word.to_ascii_uppercase(),
            _ => return Err(self.unexpected(kinds)),
        };
        if !kinds.split(", ").any(|one| one == kind) {
            return Err(self.unexpected(kinds));
        }
        self.skip();
        self.shape(&kind)
    }

    fn bracketed<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Message>,
    ) -> Result<T, Message> {
        self.want_symbol("(")?;
        let read = read(self)?;
        self.want_symbol(")")?;
        Ok(read)
    }

    fn several<T>(
        &mut self,
        one: impl Fn(&mut Self) -> Result<T, Message>,
    ) -> Result<Vec<T>, Message> {
        self.bracketed(|parser| {
            let mut all = vec![one(parser)?];
            while parser.take_symbol(",") {
                all.push(one(parser)?);
            }
            Ok(all)
        })
    }

    fn line(&mut self) -> Result<LineString<f64>, Message> {
        let place = self.place();
        let positions = self.several(Self::position)?;
        line_of(positions, &place)
    }

    fn area(&mut self) -> Result<Polygon<f64>, Message> {
        let mut rings = self
            .several(|parser| {
                let place = parser.place();
                let positions = parser.several(Self::position)?;
                ring_of(positions, &place)
            })?
            .into_iter();
        let shell = rings.next().unwrap_or(LineString(Vec::new()));
        Ok(Polygon::new(shell, rings.collect()))
    }

    fn point_of_several(&mut self) -> Result<Point<f64>, Message> {
        let bracket = matches!(self.peek(), Some(Token::Symbol("(")));
        let position = if bracket {
            self.bracketed(Self::position)?
        } else {
            self.position()?
        };
        Ok(Point(position))
    }

    /// Two numbers, or three: heights are read and not compared.
    fn position(&mut self) -> Result<Coord<f64>, Message> {
        self.positions += 1;
        check_positions(self.positions, &self.place())?;
        let (x, y) = (self.coordinate()?, self.coordinate()?);
        if matches!(
            self.peek(),
            Some(Token::Number(_) | Token::Symbol("-" | "+"))
        ) {
            self.coordinate()?;
        }
        Ok(Coord { x, y })
    }

    fn coordinate(&mut self) -> Result<f64, Message> {
        let minus = self.take_symbol("-");
        if !minus {
            self.take_symbol("+");
        }
        let Some(Token::Number(number)) = self.peek() else {
            return Err(self.unexpected("1.5"));
        };
        let number = if minus { -number } else { *number };
        self.skip();
        Ok(number)
    }

    fn bbox(&mut self) -> Result<Term, Message> {
        let place = self.place();
        let numbers = self.several(Self::coordinate)?;
        bbox_of(&numbers, &place)
    }
}

/// A box of four numbers, or six with heights, which are not compared.
pub(super) fn bbox_of(numbers: &[f64], place: &Place) -> Result<Term, Message> {
    match *numbers {
        [west, south, east, north] | [west, south, _, east, north, _] => {
            Ok(Term::Bbox([west, south, east, north]))
        }
        _ => Err(place.say(&message!(
            "оквир има 4 броја, или 6 са висинама: запад, југ, исток, север",
            "a box has 4 numbers, or 6 with heights: west, south, east, north"
        ))),
    }
}

/// A line, which has two positions at least.
pub(super) fn line_of(
    positions: Vec<Coord<f64>>,
    place: &Place,
) -> Result<LineString<f64>, Message> {
    if positions.len() >= 2 {
        return Ok(LineString(positions));
    }
    Err(place.say(&message!(
        "линија има бар две тачке",
        "a line has two positions at least"
    )))
}

/// The ring of an area: four positions at least, the last the same as the first.
pub(super) fn ring_of(
    positions: Vec<Coord<f64>>,
    place: &Place,
) -> Result<LineString<f64>, Message> {
    if positions.len() >= 4 && positions.first() == positions.last() {
        return Ok(LineString(positions));
    }
    Err(place.say(&message!(
        "прстен полигона има бар четири тачке, а последња је иста као прва",
        "the ring of an area has four positions at least, and the last is the same as the first"
    )))
}

/// Refuses more positions than [`MAX_POSITIONS`].
pub(super) fn check_positions(count: usize, place: &Place) -> Result<(), Message> {
    if count <= MAX_POSITIONS {
        return Ok(());
    }
    Err(place.say(&message!(
        "облици филтера могу имати највише {MAX_POSITIONS} тачака; поједноставите их",
        "the shapes of a filter may have at most {MAX_POSITIONS} positions; simplify them"
    )))
}
