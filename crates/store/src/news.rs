//! Who waits for the next revision: one connection listens for all of them.

use std::sync::OnceLock;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};
use tokio::sync::watch;

use crate::Store;

/// The channel on which the database tells of a sealed revision.
const CHANNEL: &str = "cadastre_revision";
/// How long to wait before listening again to a database that went away.
const PAUSE: Duration = Duration::from_secs(1);

/// Counts the times at which there may be something new.
#[derive(Debug, Default)]
pub struct News {
    count: OnceLock<watch::Sender<u64>>,
}

impl Store {
    /// Changes whenever there may be a new revision; also when the database is heard again after a
    /// silence, in which some may have been missed. Whoever waits reads the register after taking this
    /// and again after every change. Must be called inside the runtime.
    pub fn news(&self) -> watch::Receiver<u64> {
        let count = self.news.count.get_or_init(|| {
            let count = watch::Sender::new(0);
            tokio::spawn(listen(self.pool.clone(), count.clone()));
            count
        });
        count.subscribe()
    }
}

/// Listens until the store is closed.
async fn listen(pool: PgPool, count: watch::Sender<u64>) {
    let closed = pool.close_event();
    // A connection of its own: a listener must not take one from those who answer requests.
    let own = PgPoolOptions::new().max_connections(1);
    let own = own.connect_lazy_with((*pool.connect_options()).clone());
    drop(pool);
    let mut closed = std::pin::pin!(closed);
    loop {
        tokio::select! {
            () = &mut closed => return,
            failed = hear(&own, &count) => {
                tracing::warn!(error = %failed, "the database is not heard; listening again soon");
            }
        }
        tokio::select! {
            () = &mut closed => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Tells of every revision until the connection breaks.
async fn hear(own: &PgPool, count: &watch::Sender<u64>) -> sqlx::Error {
    let tell = || count.send_modify(|count| *count += 1);
    let begun = async {
        let mut listener = PgListener::connect_with(own).await?;
        listener.listen(CHANNEL).await?;
        Ok(listener)
    };
    let mut listener = match begun.await {
        Ok(listener) => listener,
        Err(error) => return error,
    };
    tell();
    loop {
        match listener.try_recv().await {
            Ok(Some(_)) => tell(),
            Ok(None) => return sqlx::Error::WorkerCrashed,
            Err(error) => return error,
        }
    }
}
