//! From a text to its tree: recursive descent over the grammar of CQL2, annex B.
//!
//! Which terms may stand where (a number, a shape, a truth) is decided when the tree is bound; the
//! parser only knows what binds tighter.

use super::lexer::{Placed, Token, tokens};
use super::node::{Node, Term, too_deep};
use super::operation::{Arithmetic, Comparison, Operation};
use super::place::Place;
use super::{MAX_BYTES, MAX_DEPTH, MAX_LIST, time, wkt};
use crate::lang::Message;
use crate::message;

/// Reads a filter in CQL2 text.
///
/// # Errors
/// What is wrong, where, and how to write it.
pub fn read(text: &str) -> Result<Node, Message> {
    check_length(text)?;
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        end: text.chars().count() + 1,
        positions: 0,
    };
    let node = parser.expression()?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.unexpected("AND, OR")),
    }
}

/// Refuses a filter longer than [`MAX_BYTES`].
pub(super) fn check_length(text: &str) -> Result<(), Message> {
    let length = text.len();
    if length <= MAX_BYTES {
        return Ok(());
    }
    Err(message!(
        "филтер има {length} бајтова, а може имати највише {MAX_BYTES}; поделите га на више захтева",
        "the filter has {length} bytes and may have at most {MAX_BYTES}; split it into several \
         requests"
    ))
}

pub(super) struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    depth: u16,
    end: usize,
    pub(super) positions: usize,
}

type Parsed = Result<Node, Message>;

impl Parser {
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn peek_second(&self) -> Option<&Token> {
        self.tokens.get(self.at + 1).map(|(token, _)| token)
    }

    /// Where the next token begins, or the text ends.
    pub(super) fn place(&self) -> Place {
        Place::Character(self.tokens.get(self.at).map_or(self.end, |(_, at)| *at))
    }

    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    /// The place to come [`Self::back`] to.
    pub(super) fn mark(&self) -> usize {
        self.at
    }

    pub(super) fn back(&mut self, mark: usize) {
        self.at = mark;
    }

    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Symbol(one)) if *one == symbol);
        self.at += usize::from(there);
        there
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let there = self.peek().is_some_and(|token| token.is_word(word));
        self.at += usize::from(there);
        there
    }

    pub(super) fn want_symbol(&mut self, symbol: &str) -> Result<(), Message> {
        if self.take_symbol(symbol) {
            return Ok(());
        }
        Err(self.unexpected(symbol))
    }

    fn want_word(&mut self, word: &str) -> Result<(), Message> {
        if self.take_word(word) {
            return Ok(());
        }
        Err(self.unexpected(word))
    }

    /// Something else should stand at the next token.
    pub(super) fn unexpected(&self, wanted: &str) -> Message {
        let found = self.peek().map(ToString::to_string);
        self.place().say(&match found {
            Some(found) => message!(
                "овде се очекује {wanted}, а стоји `{found}`",
                "{wanted} is expected here, not `{found}`"
            ),
            None => message!(
                "филтер се овде прекида; очекује се {wanted}",
                "the filter breaks off here; {wanted} is expected"
            ),
        })
    }

    /// Reads something one level deeper.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return Err(too_deep(&self.place()));
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn expression(&mut self) -> Parsed {
        self.deeper(|parser| parser.row("or", Operation::Or, Self::conjunction))
    }

    fn conjunction(&mut self) -> Parsed {
        self.row("and", Operation::And, Self::negation)
    }

    /// `part WORD part WORD part`, as one operation.
    fn row(&mut self, word: &str, operation: Operation, part: fn(&mut Self) -> Parsed) -> Parsed {
        let place = self.place();
        let first = part(self)?;
        let mut parts = vec![first];
        while self.take_word(word) {
            parts.push(part(self)?);
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            last => {
                parts.extend(last);
                Node::new(place, Term::Operation(operation, parts))
            }
        }
    }

    fn negation(&mut self) -> Parsed {
        let place = self.place();
        if !self.take_word("not") {
            return self.predicate();
        }
        let inner = self.deeper(Self::negation)?;
        negated(place, inner)
    }

    /// A comparison, or the expression that stands alone.
    fn predicate(&mut self) -> Parsed {
        let place = self.place();
        let left = self.sum()?;
        if let Some(comparison) = self.comparison() {
            let right = self.sum()?;
            return operation(place, Operation::Compare(comparison), vec![left, right]);
        }
        if self.take_word("is") {
            return self.is(place, left);
        }
        let not = self.take_word("not");
        let node = if self.take_word("like") {
            let pattern = self.sum()?;
            operation(place.clone(), Operation::Like, vec![left, pattern])
        } else if self.take_word("ilike") {
            // Not of the standard: GDAL writes it.
            let pattern = self.sum()?;
            let alike = |text| operation(place.clone(), Operation::CaseI, vec![text]);
            let texts = vec![alike(left)?, alike(pattern)?];
            operation(place.clone(), Operation::Like, texts)
        } else if self.take_word("between") {
            let low = self.sum()?;
            self.want_word("AND")?;
            let high = self.sum()?;
            operation(place.clone(), Operation::Between, vec![left, low, high])
        } else if self.take_word("in") {
            let list = self.list()?;
            operation(place.clone(), Operation::In, vec![left, list])
        } else if not {
            return Err(self.unexpected("LIKE, BETWEEN, IN"));
        } else {
            return Ok(left);
        }?;
        if not { negated(place, node) } else { Ok(node) }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let Some(Token::Symbol(symbol)) = self.peek() else {
            return None;
        };
        let Some(Operation::Compare(comparison)) = Operation::named(symbol) else {
            return None;
        };
        self.skip();
        Some(comparison)
    }

    fn is(&mut self, place: Place, left: Node) -> Parsed {
        let not = self.take_word("not");
        let node = if self.take_word("null") {
            operation(place.clone(), Operation::IsNull, vec![left])?
        } else {
            let right = self.sum()?;
            operation(place.clone(), Operation::Is, vec![left, right])?
        };
        if not { negated(place, node) } else { Ok(node) }
    }

    fn list(&mut self) -> Parsed {
        let place = self.place();
        self.want_symbol("(")?;
        let parts = self.until_bracket()?;
        Node::new(place, Term::List(parts))
    }

    /// The terms up to the closing bracket.
    fn until_bracket(&mut self) -> Result<Vec<Node>, Message> {
        let mut parts = Vec::new();
        if self.take_symbol(")") {
            return Ok(parts);
        }
        loop {
            let place = self.place();
            parts.push(self.expression()?);
            check_list(parts.len(), &place)?;
            if self.take_symbol(")") {
                return Ok(parts);
            }
            if !self.take_symbol(",") {
                return Err(self.unexpected(", )"));
            }
        }
    }

    fn sum(&mut self) -> Parsed {
        self.calculation(
            &[("+", Arithmetic::Add), ("-", Arithmetic::Subtract)],
            Self::product,
        )
    }

    fn product(&mut self) -> Parsed {
        let operators = [
            ("*", Arithmetic::Multiply),
            ("/", Arithmetic::Divide),
            ("%", Arithmetic::Modulo),
            ("div", Arithmetic::WholeDivide),
        ];
        self.calculation(&operators, Self::power)
    }

    fn calculation(
        &mut self,
        operators: &[(&str, Arithmetic)],
        part: fn(&mut Self) -> Parsed,
    ) -> Parsed {
        let place = self.place();
        let mut left = part(self)?;
        loop {
            let found = operators
                .iter()
                .find(|(name, _)| self.take_symbol(name) || self.take_word(name));
            let Some((_, arithmetic)) = found else {
                return Ok(left);
            };
            let right = part(self)?;
            left = operation(
                place.clone(),
                Operation::Arithmetic(*arithmetic),
                vec![left, right],
            )?;
        }
    }

    /// The minus before a number binds tighter than `^` (rule `arithmeticFactor`).
    fn power(&mut self) -> Parsed {
        let place = self.place();
        let base = self.signed()?;
        if !self.take_symbol("^") {
            return Ok(base);
        }
        let exponent = self.deeper(Self::power)?;
        let power = Operation::Arithmetic(Arithmetic::Power);
        operation(place, power, vec![base, exponent])
    }

    fn signed(&mut self) -> Parsed {
        let place = self.place();
        if self.take_symbol("+") {
            return self.deeper(Self::signed);
        }
        if !self.take_symbol("-") {
            return self.primary();
        }
        let inner = self.deeper(Self::signed)?;
        if let Term::Number(number) = inner.term {
            return Node::new(place, Term::Number(-number));
        }
        let minus_one = Node::new(place.clone(), Term::Number(-1.0))?;
        let times = Operation::Arithmetic(Arithmetic::Multiply);
        operation(place, times, vec![minus_one, inner])
    }

    fn primary(&mut self) -> Parsed {
        let place = self.place();
        let Some(token) = self.peek().cloned() else {
            return Err(self.unexpected("`property = 'value'`"));
        };
        let term = match token {
            Token::Symbol("(") => return self.bracket(),
            Token::Word(word) => return self.word(&word),
            Token::Name(name) => Term::Property(name),
            Token::Text(text) => Term::Text(text),
            Token::Number(number) => Term::Number(number),
            Token::Symbol(_) => return Err(self.unexpected("`property = 'value'`")),
        };
        self.skip();
        Node::new(place, term)
    }

    /// `(expression)`, or a list: `(a, b)`, `()`.
    fn bracket(&mut self) -> Parsed {
        let place = self.place();
        self.want_symbol("(")?;
        let mut parts = self.until_bracket()?;
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            last => {
                parts.extend(last);
                Node::new(place, Term::List(parts))
            }
        }
    }

    fn word(&mut self, word: &str) -> Parsed {
        let place = self.place();
        if let Some(shape) = wkt::read(self, word)? {
            return Node::new(place, shape);
        }
        let called = matches!(self.peek_second(), Some(Token::Symbol("(")));
        let reserved = Operation::named(word).is_some_and(|known| !known.is_function());
        let term = match word.to_ascii_lowercase().as_str() {
            _ if reserved => return Err(self.unexpected("`property = 'value'`")),
            _ if called => return self.call(word),
            "true" => Term::Boolean(true),
            "false" => Term::Boolean(false),
            "null" => Term::Null,
            _ => Term::Property(word.to_owned()),
        };
        self.skip();
        Node::new(place, term)
    }

    fn call(&mut self, name: &str) -> Parsed {
        let place = self.place();
        self.skip();
        self.skip();
        let term = match name.to_ascii_lowercase().as_str() {
            "date" => {
                let text = self.only_text()?;
                Term::Date(time::day(&text).map_err(|wrong| place.say(&wrong))?)
            }
            "timestamp" => {
                let text = self.only_text()?;
                Term::Timestamp(time::moment(&text).map_err(|wrong| place.say(&wrong))?)
            }
            "interval" => Term::Interval(self.period()?),
            _ => {
                let parts = self.until_bracket()?;
                let known = Operation::named(name).filter(|one| one.is_function());
                return match known {
                    Some(known @ Operation::Array(_)) => {
                        let sets = parts.into_iter().map(as_set).collect::<Result<_, _>>()?;
                        operation(place, known, sets)
                    }
                    Some(known) => operation(place, known, parts),
                    None => Node::new(place, Term::Call(name.to_owned(), parts)),
                };
            }
        };
        Node::new(place, term)
    }

    fn only_text(&mut self) -> Result<String, Message> {
        let Some(Token::Text(text)) = self.peek().cloned() else {
            return Err(self.unexpected("'2014-05-15'"));
        };
        self.skip();
        self.want_symbol(")")?;
        Ok(text)
    }

    fn period(&mut self) -> Result<Vec<Node>, Message> {
        let first = self.end_of_period()?;
        self.want_symbol(",")?;
        let last = self.end_of_period()?;
        self.want_symbol(")")?;
        Ok(vec![first, last])
    }

    fn end_of_period(&mut self) -> Parsed {
        let place = self.place();
        let Some(Token::Text(text)) = self.peek().cloned() else {
            return self.deeper(Self::primary);
        };
        self.skip();
        let end = time::end_of_period(&text).map_err(|wrong| place.say(&wrong))?;
        Node::new(place, end)
    }
}

/// Brackets around one element do not tell a list from a term; where a set stands it is a list.
fn as_set(node: Node) -> Parsed {
    match node.term {
        Term::List(_) | Term::Property(_) | Term::Call(..) => Ok(node),
        _ => Node::new(node.place.clone(), Term::List(vec![node])),
    }
}

/// An operation, if it has as many operands as it takes.
pub(super) fn operation(place: Place, operation: Operation, operands: Vec<Node>) -> Parsed {
    let (least, most) = operation.operands();
    let given = operands.len();
    if (least..=most).contains(&given) {
        return Node::new(place, Term::Operation(operation, operands));
    }
    let name = operation.name();
    Err(place.say(&message!(
        "број операнада за `{name}` је {least}, а не {given}",
        "the number of operands of `{name}` is {least}, not {given}"
    )))
}

fn negated(place: Place, node: Node) -> Parsed {
    operation(place, Operation::Not, vec![node])
}

/// Refuses a list of more than [`MAX_LIST`] members.
pub(super) fn check_list(length: usize, place: &Place) -> Result<(), Message> {
    if length <= MAX_LIST {
        return Ok(());
    }
    Err(place.say(&message!(
        "списак може имати највише {MAX_LIST} вредности; поделите га на више захтева",
        "a list may have at most {MAX_LIST} values; split it into several requests"
    )))
}
