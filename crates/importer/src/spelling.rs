//! Names that the register spells better than a file.

use domain::message;
use domain::record::{Finding, Severity};
use store::staging::KeptName;

/// What is said of a name that stays as it is registered: row, finding.
pub(crate) fn kept(one: &KeptName) -> (u64, Finding) {
    let KeptName {
        registered,
        in_file,
        ..
    } = one;
    let message = message!(
        "остаје „{registered}“, како је уписано; датотека исто пише „{in_file}“, сиромашније (слова без квачица, \
         друго писмо или сама велика слова); ако треба баш тако, измените запис",
        "stays \"{registered}\" as registered; the file writes the same as \"{in_file}\", which says less (letters \
         without marks, the other script or capitals alone); if it is wanted so, edit the record"
    );
    let finding = Finding::of(Severity::Note, one.field, message);
    (one.row.unsigned_abs(), finding)
}
