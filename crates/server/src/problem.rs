//! What can be wrong with a request, in words.

pub mod kinds;
mod page;
#[cfg(test)]
mod tests;

use domain::lang::Message;
use domain::value::ValueError;
use domain::{Lang, Text};

use self::kinds::Kind;
pub use self::page::{error_page, list, one};
use crate::account::Refusal;
use crate::editing::EditProblem;
use crate::uploads::UploadProblem;

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
    /// A revision that does not exist.
    NoSuchRevision {
        /// The number asked for.
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
        /// Why there is none.
        kind: &'static Kind,
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
    /// Somebody is not let in.
    Account(Refusal),
    /// Something about an upload.
    Upload(UploadProblem),
    /// Something about an edit.
    Edit(EditProblem),
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
    /// Of which kind it is.
    pub const fn kind(&self) -> &'static Kind {
        match self {
            Self::NoSuchPage { .. } => &kinds::NO_SUCH_PAGE,
            Self::NoSuchLayer { .. } => &kinds::NO_SUCH_LAYER,
            Self::NoSuchRevision { .. } => &kinds::NO_SUCH_REVISION,
            Self::NoSuchFeature { .. } => &kinds::NO_SUCH_FEATURE,
            Self::NoSuchTile { .. } => &kinds::NO_SUCH_TILE,
            Self::UnknownParameter { .. } => &kinds::UNKNOWN_PARAMETER,
            Self::BadParameter { .. } => &kinds::BAD_PARAMETER,
            Self::RepeatedParameter { .. } => &kinds::REPEATED_PARAMETER,
            Self::NoAnswer { kind, .. } => kind,
            Self::NotAcceptable { .. } => &kinds::NOT_ACCEPTABLE,
            Self::Account(refusal) => refusal.kind(),
            Self::Upload(problem) => problem.kind(),
            Self::Edit(problem) => problem.kind(),
            Self::TooMuch { .. } => &kinds::TOO_MUCH,
            Self::MethodNotAllowed => &kinds::METHOD_NOT_ALLOWED,
            Self::Unavailable => &kinds::DATABASE_UNAVAILABLE,
            Self::NoResult => &kinds::FILTER_WITHOUT_RESULT,
            Self::TooLongToCount => &kinds::TOO_LONG_TO_COUNT,
            Self::Internal => &kinds::INTERNAL,
        }
    }

    /// This occurrence: what was given and what to do next.
    pub fn detail(&self, lang: Lang) -> String {
        let template = self.template().get(lang).into_owned();
        match self {
            Self::NoSuchPage { path } => template.replace("{path}", path),
            Self::NoSuchLayer { id } | Self::NoSuchRevision { id } => template.replace("{id}", id),
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
            Self::Account(refusal) => refusal.detail(lang),
            Self::Upload(problem) => problem.detail(lang),
            Self::Edit(problem) => problem.detail(lang),
        }
    }

    /// What is wrong with which member of what was sent, where that is known.
    pub fn errors(&self, lang: Lang) -> Option<serde_json::Value> {
        match self {
            Self::Edit(problem) => problem.errors(lang),
            _ => None,
        }
    }

    /// The sentence for an occurrence, with places for what was given.
    const fn template(&self) -> Text {
        match self {
            Self::NoSuchPage { .. } => Text::new(
                "На адреси `{path}` нема ничега. Почните од почетне странице `/`.",
                "There is nothing at `{path}`. Start from the landing page `/`.",
            ),
            Self::NoSuchLayer { .. } => Text::new(
                "Слој `{id}` не постоји. Списак слојева је на `/collections`.",
                "There is no layer `{id}`. The layers are listed at `/collections`.",
            ),
            Self::NoSuchFeature { .. } => Text::new(
                "Слој `{layer}` нема објекат `{id}`. Ознаке су на `/collections/{layer}/items`.",
                "The layer `{layer}` has no feature `{id}`. Its features are at \
                 `/collections/{layer}/items`.",
            ),
            Self::NoSuchRevision { .. } => Text::new(
                "Ревизија `{id}` не постоји. Списак ревизија је на `/revisions`.",
                "There is no revision `{id}`. The revisions are listed at `/revisions`.",
            ),
            Self::UnknownParameter { .. } => Text::new(
                "Параметар `{name}` овде не постоји. Постоје: {known}.",
                "There is no parameter `{name}` here. There are: {known}.",
            ),
            Self::BadParameter { .. } => Text::new(
                "Параметар `{name}` не може бити `{value}`: {wanted}.",
                "The parameter `{name}` cannot be `{value}`: {wanted}.",
            ),
            Self::RepeatedParameter { .. } => Text::new(
                "Параметар `{name}` је наведен више пута. Наведите га једном.",
                "The parameter `{name}` is given more than once. Give it once.",
            ),
            Self::NoSuchTile { .. } => Text::new(
                "Скуп нема плочицу {tile} (ниво/ред/колона). Има: {limits}.",
                "The tileset has no tile {tile} (matrix/row/column). It has: {limits}.",
            ),
            Self::NotAcceptable { .. } => Text::new(
                "Тражени формат не постоји. Заглавље Accept или параметар `f` може тражити: {offered}.",
                "The format asked for is not offered. The Accept header or the parameter `f` \
                 can ask for: {offered}.",
            ),
            Self::TooMuch { .. } => Text::new(
                "Формат `{format}` не може да прими толико објеката. Изаберите мање параметрима \
                 (на пример bbox), или узмите csv или fgb, који немају границу.",
                "The format `{format}` cannot hold so many features. Select fewer by parameters \
                 (such as bbox), or take csv or fgb, which have no limit.",
            ),
            Self::MethodNotAllowed => Text::new(
                "Ова адреса се само чита: користите GET, HEAD или OPTIONS.",
                "This address is read only: use GET, HEAD or OPTIONS.",
            ),
            Self::NoResult => Text::new(
                "Рачун у параметру `filter` за неки објекат даје превелик број. Употребите мање бројеве.",
                "The calculation in the parameter `filter` gives too large a number for some \
                 feature. Use smaller numbers.",
            ),
            Self::TooLongToCount => Text::new(
                "Објекти који одговарају услову нису пребројани за 5 секунди. Изаберите мање (на пример \
                 bbox), или тражите стране без `resultType`.",
                "The features that match were not counted in 5 seconds. Select fewer (such as by bbox), \
                 or ask for pages, without `resultType`.",
            ),
            Self::Unavailable => Text::new(
                "База података тренутно не одговара. Покушајте поново за неколико секунди.",
                "The database does not answer now. Try again in a few seconds.",
            ),
            Self::Internal => Text::new(
                "Захтев није извршен због грешке у сервису. Пријавите је уз вредност заглавља X-Request-Id.",
                "The request failed by a fault of the service. Report it with the value of the \
                 header X-Request-Id.",
            ),
            // They say themselves why.
            Self::NoAnswer { kind, .. } => kind.title,
            Self::Account(refusal) => refusal.template(),
            Self::Upload(problem) => problem.kind().title,
            Self::Edit(problem) => problem.kind().title,
        }
    }
}

impl Wanted {
    fn text(&self, lang: Lang) -> String {
        match self {
            Self::Said(text) => text.get(lang).into_owned(),
            Self::Told(message) => message.get(lang).into_owned(),
            Self::Value(error) => error.message().get(lang).into_owned(),
        }
    }
}
