//! From a text to its tokens (CQL2 text encoding, annex B).

use super::place::Place;
use crate::lang::Message;
use crate::message;

/// A token and the character at which it begins, from 1.
pub(super) type Placed = (Token, usize);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word without quotation marks: a name or a word of the language.
    Word(String),
    /// A name in `"…"`.
    Name(String),
    /// A text in `'…'`.
    Text(String),
    Number(f64),
    /// A bracket, comma or operator.
    Symbol(&'static str),
}

impl Token {
    /// Whether it is this word of the language, in any case.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(one) if one.eq_ignore_ascii_case(word))
    }
}

/// As it is quoted to people.
impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Name(name) => write!(f, "\"{name}\""),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Number(number) => number.fmt(f),
            Self::Symbol(symbol) => f.write_str(symbol),
        }
    }
}

/// The longer ones first.
const SYMBOLS: [&str; 15] = [
    "<>", "<=", ">=", "(", ")", ",", "=", "<", ">", "+", "-", "*", "/", "%", "^",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Message> {
    let mut lexer = Lexer {
        letters: text.chars().collect(),
        at: 0,
    };
    let mut tokens = Vec::new();
    while let Some(placed) = lexer.next()? {
        tokens.push(placed);
    }
    Ok(tokens)
}

struct Lexer {
    letters: Vec<char>,
    at: usize,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn rest(&self) -> &[char] {
        self.letters.get(self.at..).unwrap_or_default()
    }

    /// Takes letters as long as they fit.
    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let taken: String = self
            .rest()
            .iter()
            .copied()
            .take_while(|one| fits(*one))
            .collect();
        self.at += taken.chars().count();
        taken
    }

    fn next(&mut self) -> Result<Option<Placed>, Message> {
        self.take_while(char::is_whitespace);
        let Some(letter) = self.peek() else {
            return Ok(None);
        };
        let begins = self.at + 1;
        let token = match letter {
            '\'' => self.text()?,
            '"' => self.name()?,
            _ if self.begins_number() => self.number()?,
            _ if begins_word(letter) => Token::Word(self.take_while(continues_word)),
            _ => self.symbol()?,
        };
        Ok(Some((token, begins)))
    }

    fn begins_number(&self) -> bool {
        match self.rest() {
            ['.', next, ..] => next.is_ascii_digit(),
            [first, ..] => first.is_ascii_digit(),
            [] => false,
        }
    }

    fn number(&mut self) -> Result<Token, Message> {
        let begins = self.at;
        let digits = |one: char| one.is_ascii_digit();
        self.take_while(digits);
        if self.peek() == Some('.') {
            self.at += 1;
            self.take_while(digits);
        }
        let exponent = match self.rest() {
            ['e' | 'E', '+' | '-', digit, ..] if digit.is_ascii_digit() => 2,
            ['e' | 'E', digit, ..] if digit.is_ascii_digit() => 1,
            _ => 0,
        };
        self.at += exponent;
        if exponent > 0 {
            self.take_while(digits);
        }
        let written: String = self.letters[begins..self.at].iter().collect();
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Number(number)),
            _ => Err(Place::Character(begins + 1).say(&message!(
                "број `{written}` је превелик",
                "the number `{written}` is too large"
            ))),
        }
    }

    /// A text: `''` and `\'` are a quotation mark, `\\` is a backslash, `\n` and the like are
    /// control characters (`/req/cql2-text/escaping`). Any other backslash stands for itself, as
    /// the `\%` of patterns.
    fn text(&mut self) -> Result<Token, Message> {
        let begins = self.at + 1;
        self.at += 1;
        let mut text = String::new();
        loop {
            let (letter, length) = match self.rest() {
                [] => return Err(unclosed(begins, '\'')),
                ['\'' | '\\', '\'', ..] => ('\'', 2),
                ['\'', ..] => break,
                ['\\', next, ..] => escaped(*next).map_or(('\\', 1), |letter| (letter, 2)),
                [letter, ..] => (*letter, 1),
            };
            text.push(letter);
            self.at += length;
        }
        self.at += 1;
        Ok(Token::Text(text))
    }

    fn name(&mut self) -> Result<Token, Message> {
        let begins = self.at + 1;
        self.at += 1;
        let name = self.take_while(|letter| letter != '"');
        if self.peek().is_none() {
            return Err(unclosed(begins, '"'));
        }
        self.at += 1;
        Ok(Token::Name(name))
    }

    fn symbol(&mut self) -> Result<Token, Message> {
        let rest = self.rest();
        let found = SYMBOLS.iter().find(|symbol| {
            let length = symbol.len();
            rest.len() >= length && symbol.chars().eq(rest[..length].iter().copied())
        });
        if let Some(symbol) = found {
            self.at += symbol.len();
            return Ok(Token::Symbol(symbol));
        }
        let letter = rest.first().copied().unwrap_or_default();
        Err(Place::Character(self.at + 1).say(&message!(
            "знак `{letter}` овде нема значења; текст стоји у једноструким наводницима, као \
             status = 'closed'",
            "the character `{letter}` means nothing here; texts stand in single quotation marks, \
             as in status = 'closed'"
        )))
    }
}

fn escaped(letter: char) -> Option<char> {
    Some(match letter {
        '\\' => '\\',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{B}',
        'f' => '\u{C}',
        'r' => '\r',
        _ => return None,
    })
}

fn begins_word(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_' || letter == ':'
}

fn continues_word(letter: char) -> bool {
    begins_word(letter)
        || letter.is_numeric()
        || letter == '.'
        || matches!(letter, '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

fn unclosed(begins: usize, mark: char) -> Message {
    Place::Character(begins).say(&message!(
        "знак навода {mark} није затворен; знак навода у тексту пише се двапут, ''",
        "the quotation mark {mark} is not closed; one inside a text is written twice, ''"
    ))
}
