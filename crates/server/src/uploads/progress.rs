//! How far the work on an upload is, told to those who ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use importer::import::{Progress, Stage};
use store::Store;
use store::submission::Attempt;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often the database is told.
const INTERVAL: Duration = Duration::from_millis(500);

/// Tells the database how far the work on an upload is, until it is dropped.
#[derive(Debug)]
pub struct Told {
    step: watch::Sender<(Option<Stage>, Option<u64>)>,
    done: Arc<AtomicU64>,
    teller: JoinHandle<()>,
}

impl Told {
    /// Tells of the upload `id`.
    pub fn new(store: Store, id: i64) -> Self {
        let (step, said) = watch::channel((None, None));
        let done = Arc::new(AtomicU64::new(0));
        let teller = tokio::spawn(tell(store, id, said, done.clone()));
        Self { step, done, teller }
    }
}

impl Progress for Told {
    fn begins(&self, stage: Stage, records: Option<u64>) {
        self.done.store(0, Ordering::Relaxed);
        self.step.send_replace((Some(stage), records));
    }

    fn done(&self, records: u64) {
        self.done.store(records, Ordering::Relaxed);
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.teller.abort();
    }
}

async fn tell(
    store: Store,
    id: i64,
    said: watch::Receiver<(Option<Stage>, Option<u64>)>,
    done: Arc<AtomicU64>,
) {
    let mut last = None;
    loop {
        tokio::time::sleep(INTERVAL).await;
        let (stage, total) = *said.borrow();
        let now = (stage, total, done.load(Ordering::Relaxed));
        let Some(stage) = stage.filter(|_| last != Some(now)) else {
            continue;
        };
        last = Some(now);
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let (done, total) = (number(now.2), total.map(number));
        // Only whoever waits misses it.
        let _ = Attempt::progress(&store, id, stage.name(), done, total).await;
    }
}
