//! Whether numbers that could be read in two ways were read as their column means them.

use std::collections::HashMap;

use domain::lang::Message;
use domain::layer::Field;
use domain::message;
use domain::record::{Finding, Severity};

use crate::convert::{Mark, NumberSeen};

/// So many readings of a column are kept: one that proves wrong refuses the whole file anyway.
const MOST_KEPT: usize = 1_000;

/// What is known of the columns of numbers so far.
#[derive(Debug, Default)]
pub(super) struct ColumnMarks {
    decided: HashMap<&'static str, Vec<Decided>>,
}

#[derive(Debug)]
struct Decided {
    row: u64,
    text: String,
    taken: f64,
    /// The decimal mark that the reading supposes.
    supposed: Mark,
}

impl ColumnMarks {
    /// Takes in what one number shows; answers the rows that it proves misread.
    pub(super) fn see(
        &mut self,
        field: &'static Field,
        row: u64,
        seen: NumberSeen,
    ) -> Vec<(u64, Finding)> {
        let decided = self.decided.entry(field.name).or_default();
        match seen {
            NumberSeen::Decided {
                text,
                taken,
                written,
                decimal,
            } => {
                if decided.len() < MOST_KEPT {
                    decided.push(Decided {
                        row,
                        text,
                        taken,
                        supposed: if decimal { written } else { written.other() },
                    });
                }
                Vec::new()
            }
            NumberSeen::Shown { mark } => {
                let wrong = decided.extract_if(.., |one| one.supposed != mark);
                wrong
                    .map(|one| {
                        let message = misread(&one, row, mark);
                        (one.row, Finding::of(Severity::Error, field.name, message))
                    })
                    .collect()
            }
        }
    }
}

fn misread(one: &Decided, row: u64, mark: Mark) -> Message {
    let Decided { text, taken, .. } = one;
    let (sr, en) = match mark {
        Mark::Comma => ("децимални зарез", "a decimal comma"),
        Mark::Point => ("децималну тачку", "a decimal point"),
    };
    message!(
        "`{text}` је прочитано као {taken}, а ред {row} у истој колони има {sr}; пишите све бројеве \
         колоне исто, без сепаратора хиљада",
        "`{text}` was read as {taken}, but row {row} of the same column has {en}; write all numbers \
         of the column alike, without thousands separators"
    )
}
