//! What can be wrong with a request, in words.

use std::borrow::Cow;

use axum::http::StatusCode;
use domain::lang::Message;
use domain::value::ValueError;
use domain::{Lang, Text};

/// A problem that a client is told of.
#[derive(Debug)]
pub enum Problem {
    /// A path that does not exist.
    NoSuchPage {
        /// The path asked for.
        path: String,
    },
    /// A layer that does not exist.
    NoSuchLayer {
        /// The id asked for.
        id: String,
    },
    /// A feature that does not exist.
    NoSuchFeature {
        /// The layer.
        layer: &'static str,
        /// The id asked for.
        id: String,
    },
    /// A tile outside its tileset.
    NoSuchTile {
        /// Zoom, row and column.
        tile: String,
        /// The tiles there are.
        limits: String,
    },
    /// A query parameter that the resource does not have.
    UnknownParameter {
        /// The parameter.
        name: String,
        /// Those it has.
        known: String,
    },
    /// A value that a parameter cannot have.
    BadParameter {
        /// The parameter.
        name: String,
        /// The value given.
        value: String,
        /// What it should be.
        wanted: Wanted,
    },
    /// A parameter given more than once.
    RepeatedParameter {
        /// The parameter.
        name: String,
    },
    /// A question that the data have no answer to.
    NoAnswer {
        /// The name of the kind of problem.
        name: &'static str,
        /// Its title.
        title: Text,
        /// Why, and what to do next.
        detail: Message,
    },
    /// No representation that the client accepts.
    NotAcceptable {
        /// The media types there are.
        offered: String,
    },
    /// More features than a format holds.
    TooMuch {
        /// The format, as `f` names it.
        format: &'static str,
    },
    /// A method that the resource does not have.
    MethodNotAllowed,
    /// The database does not answer.
    Unavailable,
    /// Counting takes longer than a request may.
    TooLongToCount,
    /// A calculation in the filter that has no result.
    NoResult,
    /// A fault of the service.
    Internal,
}

/// What a parameter's value should be.
#[derive(Debug)]
pub enum Wanted {
    /// A fixed text.
    Said(Text),
    /// A sentence about this request.
    Told(Message),
    /// A value of a field.
    Value(ValueError),
}

impl Problem {
    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchPage { .. }
            | Self::NoSuchLayer { .. }
            | Self::NoSuchFeature { .. }
            | Self::NoSuchTile { .. }
            | Self::NoAnswer { .. } => StatusCode::NOT_FOUND,
            Self::UnknownParameter { .. }
            | Self::BadParameter { .. }
            | Self::RepeatedParameter { .. }
            | Self::NoResult
            | Self::TooMuch { .. } => StatusCode::BAD_REQUEST,
            Self::NotAcceptable { .. } => StatusCode::NOT_ACCEPTABLE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable | Self::TooLongToCount => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The identifier of the kind of problem (RFC 9457, 3.1.1), which never changes.
    pub fn type_uri(&self) -> String {
        format!("urn:mining-waste-cadastre:problem:{}", self.words().0)
    }

    /// The kind of problem, for people.
    pub fn title(&self, lang: Lang) -> Cow<'static, str> {
        self.words().1.get(lang)
    }

    /// This occurrence: what was given and what to do next.
    pub fn detail(&self, lang: Lang) -> String {
        let template = self.words().2.get(lang).into_owned();
        match self {
            Self::NoSuchPage { path } => template.replace("{path}", path),
            Self::NoSuchLayer { id } => template.replace("{id}", id),
            Self::NoSuchFeature { layer, id } => {
                template.replace("{layer}", layer).replace("{id}", id)
            }
            Self::NoSuchTile { tile, limits } => {
                template.replace("{tile}", tile).replace("{limits}", limits)
            }
            Self::UnknownParameter { name, known } => {
                template.replace("{known}", known).replace("{name}", name)
            }
            Self::BadParameter {
                name,
                value,
                wanted,
            } => template
                .replace("{wanted}", &wanted.text(lang))
                .replace("{name}", name)
                .replace("{value}", value),
            Self::RepeatedParameter { name } => template.replace("{name}", name),
            Self::NoAnswer { detail, .. } => detail.get(lang).into_owned(),
            Self::NotAcceptable { offered } => template.replace("{offered}", offered),
            Self::MethodNotAllowed
            | Self::NoResult
            | Self::Unavailable
            | Self::TooLongToCount
            | Self::Internal => template,
            Self::TooMuch { format } => template.replace("{format}", format),
        }
    }

    /// The name of the kind, its title, and the sentence for an occurrence.
    const fn words(&self) -> (&'static str, Text, Text) {
        match self {
            Self::NoSuchPage { .. } => (
                "no-such-page",
                Text::new("Страница не постоји", "No such page"),
                Text::new(
                    "На адреси `{path}` нема ничега. Почните од почетне странице `/`.",
                    "There is nothing at `{path}`. Start from the landing page `/`.",
                ),
            ),
            Self::NoSuchLayer { .. } => (
                "no-such-layer",
                Text::new("Слој не постоји", "No such layer"),
                Text::new(
                    "Слој `{id}` не постоји. Списак слојева је на `/collections`.",
                    "There is no layer `{id}`. The layers are listed at `/collections`.",
                ),
            ),
            Self::NoSuchFeature { .. } => (
                "no-such-feature",
                Text::new("Објекат не постоји", "No such feature"),
                Text::new(
                    "Слој `{layer}` нема објекат `{id}`. Ознаке су на `/collections/{layer}/items`.",
                    "The layer `{layer}` has no feature `{id}`. Its features are at \
                     `/collections/{layer}/items`.",
                ),
            ),
            Self::UnknownParameter { .. } => (
                "unknown-parameter",
                Text::new("Непознат параметар", "Unknown parameter"),
                Text::new(
                    "Параметар `{name}` овде не постоји. Постоје: {known}.",
                    "There is no parameter `{name}` here. There are: {known}.",
                ),
            ),
            Self::BadParameter { .. } => (
                "bad-parameter",
                Text::new("Неисправна вредност параметра", "Bad parameter value"),
                Text::new(
                    "Параметар `{name}` не може бити `{value}`: {wanted}.",
                    "The parameter `{name}` cannot be `{value}`: {wanted}.",
                ),
            ),
            Self::RepeatedParameter { .. } => (
                "repeated-parameter",
                Text::new("Поновљен параметар", "Repeated parameter"),
                Text::new(
                    "Параметар `{name}` је наведен више пута. Наведите га једном.",
                    "The parameter `{name}` is given more than once. Give it once.",
                ),
            ),
            // The detail is said by the problem itself.
            Self::NoAnswer { name, title, .. } => (name, *title, *title),
            _ => self.general_words(),
        }
    }

    /// [`Self::words`] of problems that name nothing of the request.
    const fn general_words(&self) -> (&'static str, Text, Text) {
        match self {
            Self::NoSuchTile { .. } => (
                "no-such-tile",
                Text::new("Плочица не постоји", "No such tile"),
                Text::new(
                    "Скуп нема плочицу {tile} (ниво/ред/колона). Има: {limits}.",
                    "The tileset has no tile {tile} (matrix/row/column). It has: {limits}.",
                ),
            ),
            Self::NotAcceptable { .. } => (
                "not-acceptable",
                Text::new("Нема траженог формата", "Format not offered"),
                Text::new(
                    "Тражени формат не постоји. Заглавље Accept или параметар `f` може тражити: {offered}.",
                    "The format asked for is not offered. The Accept header or the parameter `f` \
                     can ask for: {offered}.",
                ),
            ),
            Self::TooMuch { .. } => (
                "too-much",
                Text::new(
                    "Превише објеката за формат",
                    "Too many features for the format",
                ),
                Text::new(
                    "Формат `{format}` не може да прими толико објеката. Изаберите мање параметрима \
                     (на пример bbox), или узмите csv или fgb, који немају границу.",
                    "The format `{format}` cannot hold so many features. Select fewer by parameters \
                     (such as bbox), or take csv or fgb, which have no limit.",
                ),
            ),
            Self::MethodNotAllowed => (
                "method-not-allowed",
                Text::new("Метода није дозвољена", "Method not allowed"),
                Text::new(
                    "Ова адреса се само чита: користите GET, HEAD или OPTIONS.",
                    "This address is read only: use GET, HEAD or OPTIONS.",
                ),
            ),
            Self::NoResult => (
                "filter-without-result",
                Text::new(
                    "Рачун у филтеру нема резултат",
                    "Calculation without a result",
                ),
                Text::new(
                    "Рачун у параметру `filter` за неки објекат даје превелик број. Употребите мање бројеве.",
                    "The calculation in the parameter `filter` gives too large a number for some \
                     feature. Use smaller numbers.",
                ),
            ),
            Self::TooLongToCount => (
                "too-long-to-count",
                Text::new("Бројање траје предуго", "Counting takes too long"),
                Text::new(
                    "Објекти који одговарају услову нису пребројани за 5 секунди. Изаберите мање (на пример \
                     bbox), или тражите стране без `resultType`.",
                    "The features that match were not counted in 5 seconds. Select fewer (such as by bbox), \
                     or ask for pages, without `resultType`.",
                ),
            ),
            Self::Unavailable => (
                "database-unavailable",
                Text::new("База података није доступна", "Database unavailable"),
                Text::new(
                    "База података тренутно не одговара. Покушајте поново за неколико секунди.",
                    "The database does not answer now. Try again in a few seconds.",
                ),
            ),
            _ => (
                "internal",
                Text::new("Грешка у сервису", "Fault of the service"),
                Text::new(
                    "Захтев није извршен због грешке у сервису. Пријавите је уз вредност заглавља X-Request-Id.",
                    "The request failed by a fault of the service. Report it with the value of the \
                     header X-Request-Id.",
                ),
            ),
        }
    }
}

impl Wanted {
    fn text(&self, lang: Lang) -> String {
        match self {
            Self::Said(text) => text.get(lang).into_owned(),
            Self::Told(message) => message.get(lang).into_owned(),
            Self::Value(error) => value_error(error, lang),
        }
    }
}

fn value_error(error: &ValueError, lang: Lang) -> String {
    let (text, fills): (Text, Vec<(&str, String)>) = match error {
        _ if lang == Lang::En => return error.to_string(),
        ValueError::NotA { .. } => (
            Text::new("вредност није одговарајуће врсте", ""),
            Vec::new(),
        ),
        ValueError::OutOfRange { min, max, .. } => (
            Text::new("вредност мора бити од {min} до {max}", ""),
            vec![("{min}", min.to_string()), ("{max}", max.to_string())],
        ),
        ValueError::UnknownCode { list, .. } => (
            Text::new("то није шифра са листе `{list}`; шифре су у шеми слоја", ""),
            vec![("{list}", (*list).to_owned())],
        ),
        ValueError::NotHazardous { .. } => return error.message().get(lang).into_owned(),
        ValueError::ControlDigit { expected, .. } => (
            Text::new("контролна цифра није исправна, очекује се {expected}", ""),
            vec![("{expected}", expected.to_string())],
        ),
        ValueError::Required => (Text::new("вредност је обавезна", ""), Vec::new()),
    };
    fills
        .into_iter()
        .fold(text.get(lang).into_owned(), |text, (mark, fill)| {
            text.replace(mark, &fill)
        })
}
