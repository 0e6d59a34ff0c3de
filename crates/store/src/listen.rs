//! Hearing of revisions that any process makes: `PostgreSQL` tells those who listen on the channel
//! `cadastre_revision` the id of the layer, after the commit.
//!
//! One connection of its own listens for all who ask in this process, from the first time that somebody
//! asks until the store is closed or gone. When the connection is lost, this is known at once where the
//! database says so, else after some seconds of silence; it is made again until it stands.

use std::time::Duration;

use domain::layer::Layer;
use domain::layers::LAYERS;
use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::Store;

const CHANNEL: &str = "cadastre_revision";
/// After so long without a notice the connection is asked whether it still stands.
const QUIET: Duration = Duration::from_secs(5);
/// How long the answer to that, and a new connection, may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long to wait before a lost connection is made again.
const PAUSE: Duration = Duration::from_millis(500);

/// What has been heard of revisions so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    listening: bool,
    /// For each layer of [`LAYERS`], how often something of it may have changed.
    changes: Vec<u64>,
}

impl Default for Heard {
    /// Nobody listens yet.
    fn default() -> Self {
        Self {
            listening: false,
            changes: vec![0; LAYERS.len()],
        }
    }
}

impl Heard {
    /// A number that is another one after each revision of a layer, and after every time in which
    /// revisions may have been missed. `None` while nobody listens: what is kept may be out of date.
    pub fn change_of(&self, layer: &Layer) -> Option<u64> {
        let at = LAYERS.iter().position(|one| one.id == layer.id)?;
        self.changes.get(at).copied().filter(|_| self.listening)
    }

    /// The same for the register as a whole.
    pub fn change(&self) -> Option<u64> {
        self.listening.then(|| self.changes.iter().sum())
    }

    /// Whether revisions are heard now.
    pub const fn is_listening(&self) -> bool {
        self.listening
    }

    fn begin(&mut self) {
        self.listening = true;
        for change in &mut self.changes {
            *change += 1;
        }
    }

    /// A layer that only a newer program knows is nobody's business here.
    fn changed(&mut self, layer: &str) {
        let at = LAYERS.iter().position(|one| one.id == layer);
        if let Some(change) = at.and_then(|at| self.changes.get_mut(at)) {
            *change += 1;
        }
    }
}

impl Store {
    /// What is heard of revisions: look at it (`borrow`), or wait for the next one (`changed`). Called
    /// inside a Tokio runtime.
    pub fn heard(&self) -> watch::Receiver<Heard> {
        let start = || {
            let (sender, receiver) = watch::channel(Heard::default());
            tokio::spawn(listen(self.pool.clone(), sender));
            receiver
        };
        self.heard.get_or_init(start).clone()
    }
}

/// Listens until the pool is closed or nobody looks any more.
async fn listen(pool: PgPool, heard: watch::Sender<Heard>) {
    let own = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with((*pool.connect_options()).clone());
    let closed = pool.close_event();
    drop(pool);
    tokio::select! {
        () = again_and_again(&own, &heard) => {}
        () = closed => {}
        () = heard.closed() => {}
    }
    heard.send_modify(|heard| heard.listening = false);
    own.close().await;
}

async fn again_and_again(own: &PgPool, heard: &watch::Sender<Heard>) {
    loop {
        let Err(error) = until_lost(own, heard).await;
        tracing::warn!(%error, "revisions are not heard; the connection is made again");
        heard.send_modify(|heard| heard.listening = false);
        sleep(PAUSE).await;
    }
}

async fn until_lost(
    own: &PgPool,
    heard: &watch::Sender<Heard>,
) -> Result<std::convert::Infallible, sqlx::Error> {
    let mut listener = PgListener::connect_with(own).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    heard.send_modify(Heard::begin);
    loop {
        match timeout(QUIET, listener.try_recv()).await {
            Ok(Ok(Some(notice))) => heard.send_modify(|heard| heard.changed(notice.payload())),
            Ok(Ok(None)) => return Err(sqlx::Error::WorkerCrashed),
            Ok(Err(error)) => return Err(error),
            Err(_) => still_there(&mut listener).await?,
        }
    }
}

async fn still_there(listener: &mut PgListener) -> Result<(), sqlx::Error> {
    let asked = timeout(
        PATIENCE,
        sqlx::query!("select 1 as one").fetch_one(listener),
    )
    .await;
    asked.map_or(Err(sqlx::Error::PoolTimedOut), |answer| answer.map(drop))
}
