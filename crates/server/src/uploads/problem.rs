//! What can be wrong with an upload.

use axum::http::StatusCode;
use domain::lang::Message;
use domain::upload::UploadState;
use domain::{Lang, Text, message};

use domain::code_list::Coded;

/// A problem with an upload.
#[derive(Debug)]
pub enum UploadProblem {
    /// There is none of this number, or none that the reader may see.
    NoSuchUpload {
        /// As asked.
        id: String,
    },
    /// What is sent cannot be taken as it is.
    BadUpload {
        /// Why, and what to do next.
        detail: Message,
    },
    /// More bytes than one file may have.
    TooLarge {
        /// The most.
        limit_bytes: u64,
    },
    /// The sender has too much open.
    OverQuota,
    /// A part does not begin where the file ends.
    Elsewhere {
        /// How many bytes are here.
        here: u64,
    },
    /// The upload's state does not allow it.
    WrongState {
        /// Its state.
        state: UploadState,
    },
    /// Records of it are refused or ambiguous.
    Hindered,
}

impl UploadProblem {
    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchUpload { .. } => StatusCode::NOT_FOUND,
            Self::BadUpload { .. } => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::OverQuota => StatusCode::TOO_MANY_REQUESTS,
            Self::Elsewhere { .. } | Self::WrongState { .. } | Self::Hindered => {
                StatusCode::CONFLICT
            }
        }
    }

    /// This occurrence, in a sentence.
    pub fn detail(&self, lang: Lang) -> String {
        let message = match self {
            Self::NoSuchUpload { id } => message!(
                "Слање `{id}` не постоји, или није ваше. Ваша су на `/uploads`.",
                "There is no upload `{id}`, or it is not yours. Yours are at `/uploads`."
            ),
            Self::BadUpload { detail } => detail.clone(),
            Self::TooLarge { limit_bytes } => message!(
                "Једна датотека сме да има највише {limit_bytes} бајтова. Поделите је на мање.",
                "One file may have at most {limit_bytes} bytes. Split it into smaller ones."
            ),
            Self::OverQuota => message!(
                "Имате превише слања о којима још није одлучено. Сачекајте одлуку, или одустаните од неког.",
                "You have too many uploads that are not decided yet. Wait for the decision, or withdraw one."
            ),
            Self::Elsewhere { here } => message!(
                "Стигло је {here} бајтова. Наставите од тог места.",
                "{here} bytes are here. Go on from there."
            ),
            Self::WrongState { state } => {
                let label = state.entry().label;
                let (sr, en) = (label.sr, label.en);
                message!(
                    "Стање слања је „{sr}“, па то више није могуће или још није.",
                    "The upload is “{en}”, so this is not possible any more, or not yet."
                )
            }
            Self::Hindered => message!(
                "Извештај налази записе који су одбијени или двосмислени. Исправите датотеку, или реците за \
                 сваки такав запис шта је (`choices`).",
                "The report finds records that are refused or ambiguous. Correct the file, or say of each \
                 such record what it is (`choices`)."
            ),
        };
        message.get(lang).into_owned()
    }

    /// The name of the kind, its title, and what is said of it in general.
    pub const fn words(&self) -> (&'static str, Text, Text) {
        let (name, title) = match self {
            Self::NoSuchUpload { .. } => (
                "no-such-upload",
                Text::new("Слање не постоји", "No such upload"),
            ),
            Self::BadUpload { .. } => (
                "bad-upload",
                Text::new("Слање није исправно", "The upload is not right"),
            ),
            Self::TooLarge { .. } => (
                "upload-too-large",
                Text::new("Датотека је превелика", "The file is too large"),
            ),
            Self::OverQuota => (
                "over-quota",
                Text::new("Превише отворених слања", "Too many open uploads"),
            ),
            Self::Elsewhere { .. } => (
                "wrong-offset",
                Text::new("Део не почиње где треба", "The part begins elsewhere"),
            ),
            Self::WrongState { .. } => (
                "wrong-upload-state",
                Text::new(
                    "Стање слања то не дозвољава",
                    "The upload's state forbids it",
                ),
            ),
            Self::Hindered => (
                "upload-hindered",
                Text::new("Има одбијених записа", "Records are refused"),
            ),
        };
        (name, title, title)
    }
}
