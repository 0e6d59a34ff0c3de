//! Uploads: survey files that wait for somebody's decision.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::code_list;
use crate::region::FacilityCode;
use crate::value::ValueError;

code_list! {
    /// How far an upload is.
    pub enum UploadState in "upload_state", "Стање слања", "State of an upload";

    Receiving = "receiving", "прима се", "being received";
    Received = "received", "примљено", "received";
    Inspecting = "inspecting", "прегледа се", "being inspected";
    Ready = "ready", "чека одлуку", "waits for a decision";
    Publishing = "publishing", "објављује се", "being published";
    Published = "published", "објављено", "published";
    Rejected = "rejected", "одбијено", "rejected";
    Failed = "failed", "није успело", "failed";
}

impl UploadState {
    /// Whether somebody may still change what becomes of it.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Publishing | Self::Published | Self::Rejected)
    }

    /// Whether the service works on it, or will.
    pub const fn is_in_work(self) -> bool {
        matches!(self, Self::Received | Self::Inspecting | Self::Publishing)
    }
}

/// What a reviewer says of one record of a file: `leave_out`, `take:12`, or the code of the facility
/// that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordChoice {
    /// It is not imported.
    LeaveOut,
    /// What it says holds where others changed the same since it was made, up to this revision: what
    /// comes after it, nobody has looked at.
    Take {
        /// The revision.
        revision: i64,
    },
    /// It is this facility, or a new one of this code.
    Is(FacilityCode),
}

impl fmt::Display for RecordChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeaveOut => f.write_str("leave_out"),
            Self::Take { revision } => write!(f, "take:{revision}"),
            Self::Is(code) => code.fmt(f),
        }
    }
}

impl FromStr for RecordChoice {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "leave_out" => Ok(Self::LeaveOut),
            text => match text.strip_prefix("take:").map(str::parse) {
                Some(Ok(revision)) => Ok(Self::Take { revision }),
                _ => text.parse().map(Self::Is),
            },
        }
    }
}

impl serde::Serialize for RecordChoice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for RecordChoice {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What is said of records of a file, by their places in it.
pub type RecordChoices = BTreeMap<u64, RecordChoice>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_as_it_is_written() {
        for text in ["leave_out", "take:12", "RS-70327-001"] {
            let choice: RecordChoice = text.parse().unwrap();
            assert_eq!(choice.to_string(), text);
        }
        for text in ["leave out", "take", "take:", "take:all"] {
            assert!(text.parse::<RecordChoice>().is_err(), "{text}");
        }
    }
}
