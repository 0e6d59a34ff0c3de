//! The words of a report in both languages.

use domain::lang::Text;
use domain::record::Severity;

use super::RecordVerdict;

impl RecordVerdict {
    /// All verdicts, those that want attention first.
    pub(super) const ALL: [Self; 6] = [
        Self::Refused,
        Self::Ambiguous,
        Self::Conflicting,
        Self::Changed,
        Self::New,
        Self::Unchanged,
    ];

    /// For people.
    pub const fn title(self) -> Text {
        match self {
            Self::Refused => Text::new("одбијен", "refused"),
            Self::Ambiguous => Text::new("двосмислен", "ambiguous"),
            Self::Conflicting => Text::new("у сукобу", "conflicting"),
            Self::Changed => Text::new("измењен", "changed"),
            Self::New => Text::new("нов", "new"),
            Self::Unchanged => Text::new("неизмењен", "unchanged"),
        }
    }
}

pub(super) const fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Error => Text::new("грешка", "error"),
        Severity::Warning => Text::new("упозорење", "warning"),
        Severity::Note => Text::new("напомена", "note"),
    }
}

pub(super) const UNKNOWN: Text = Text::new("непознато", "unknown");
pub(super) const EXTERNAL_ID: Text = Text::new("ознака", "id");
pub(super) const EXACT: Text = Text::new("тачно", "exact");
pub(super) const FOR_EXAMPLE: Text = Text::new("на пример", "for example");
pub(super) const FIELDS: Text = Text::new("Поља", "Fields");
pub(super) const NOT_IMPORTED: Text = Text::new("Није увезено", "Not imported");
pub(super) const NOTES: Text = Text::new("Напомене", "Notes");
