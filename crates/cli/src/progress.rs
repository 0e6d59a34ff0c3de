//! How far an import is: a bar with rate and time left on a terminal, and nothing where there is
//! none.

use std::sync::Mutex;
use std::time::Duration;

use importer::import::{Progress, Stage};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// One bar for the step under way.
#[derive(Debug, Default)]
pub struct Bar {
    bar: Mutex<Option<ProgressBar>>,
}

const COUNTED: &str = "{msg:12} {bar:30} {human_pos}/{human_len} records, {rate}, {eta} left";
const ROWS: &str = "{msg:12} {bar:30} {human_pos}/{human_len} rows, {rate}, {eta} left";
const OPEN: &str = "{msg:12} {spinner} {elapsed}";

impl Bar {
    /// Removes the bar, before anything else is printed.
    pub fn clear(&self) {
        if let Ok(mut bar) = self.bar.lock()
            && let Some(bar) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn begins(&self, stage: Stage, records: Option<u64>) {
        self.clear();
        let (bar, form) = match records {
            Some(rows) if stage == Stage::Cells => (ProgressBar::new(rows), ROWS),
            Some(records) => (ProgressBar::new(records), COUNTED),
            None => (ProgressBar::new_spinner(), OPEN),
        };
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style.with_key("rate", rate));
        }
        bar.set_message(stage.name());
        bar.enable_steady_tick(Duration::from_millis(250));
        if let Ok(mut held) = self.bar.lock() {
            *held = Some(bar);
        }
    }

    fn done(&self, records: u64) {
        if let Ok(bar) = self.bar.lock()
            && let Some(bar) = bar.as_ref()
        {
            bar.set_position(records);
        }
    }
}

/// Records a second, whole ones.
fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    // A bar that cannot be written is nobody's loss.
    let _: std::fmt::Result = write!(out, "{:.0}/s", state.per_sec());
}
