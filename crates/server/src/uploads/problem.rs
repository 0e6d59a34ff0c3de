//! What can be wrong with an upload.

use domain::code_list::Coded as _;
use domain::lang::Message;
use domain::upload::UploadState;
use domain::{Lang, message};

use crate::problem::kinds::{self, Kind};

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
    /// Somebody is sending the file just now.
    Busy,
    /// The upload's state does not allow it.
    WrongState {
        /// Its state.
        state: UploadState,
    },
    /// Somebody has to decide about records of it.
    Hindered,
}

impl UploadProblem {
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
            Self::Busy => message!(
                "Други захтев управо шаље ову датотеку. Покушајте поново када заврши.",
                "Another request sends this file just now. Try again when it has ended."
            ),
            Self::Elsewhere { here } => message!(
                "Стигло је {here} бајтова. Наставите од тог места.",
                "{here} bytes are here. Go on from there."
            ),
            Self::WrongState { state } => {
                let label = state.entry().label;
                let (sr, en) = (label.sr, label.en);
                message!(
                    "Стање слања: {sr}. Зато то више није могуће, или још није.",
                    "The upload is “{en}”, so this is not possible any more, or not yet."
                )
            }
            Self::Hindered => message!(
                "Извештај налази записе који су одбијени, двосмислени или у сукобу са туђим изменама. Исправите датотеку, или реците за \
                 сваки такав запис шта је (`choices`).",
                "The report finds records that are refused, ambiguous or in conflict with changes by others. Correct the file, or say of each \
                 such record what it is (`choices`)."
            ),
        };
        message.get(lang).into_owned()
    }

    /// Of which kind it is.
    pub const fn kind(&self) -> &'static Kind {
        match self {
            Self::NoSuchUpload { .. } => &kinds::NO_SUCH_UPLOAD,
            Self::BadUpload { .. } => &kinds::BAD_UPLOAD,
            Self::TooLarge { .. } => &kinds::UPLOAD_TOO_LARGE,
            Self::OverQuota => &kinds::OVER_QUOTA,
            Self::Elsewhere { .. } => &kinds::WRONG_OFFSET,
            Self::Busy => &kinds::UPLOAD_BUSY,
            Self::WrongState { .. } => &kinds::WRONG_UPLOAD_STATE,
            Self::Hindered => &kinds::UPLOAD_HINDERED,
        }
    }
}
