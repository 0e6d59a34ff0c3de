//! The database of a command: the one of `DATABASE_URL`, else the private cluster.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use store::Store;

use crate::args::DatabaseArgs;
use crate::cluster::Lease;

/// An open database, and the use of the private cluster where it is that.
pub struct Database {
    /// The register, its tables up to date.
    pub store: Store,
    lease: Option<Lease>,
}

impl Database {
    /// Opens it, making and starting the private cluster when that is needed.
    pub async fn open(args: &DatabaseArgs, home: &Path, connections: u32) -> anyhow::Result<Self> {
        let lease = match args.database_url {
            Some(_) => None,
            None => Some(lease(home.to_owned()).await?),
        };
        let url = lease
            .as_ref()
            .map(Lease::url)
            .or_else(|| args.database_url.clone());
        let opened = connect(&url.unwrap_or_default(), connections).await;
        match opened {
            Ok(store) => Ok(Self { store, lease }),
            Err(error) => {
                release(lease).await;
                Err(error)
            }
        }
    }

    /// The same with the rights of the service alone, where the database has its role.
    pub async fn into_service(mut self, connections: u32) -> anyhow::Result<Self> {
        if let Some(service) = self.store.as_service(connections).await? {
            self.store.close().await;
            self.store = service;
        }
        Ok(self)
    }

    /// Closes it; the last user of the private cluster stops it.
    pub async fn close(self) {
        self.store.close().await;
        release(self.lease).await;
    }

    /// Starts the private cluster again after it died under us.
    pub async fn revive(mut self) -> Self {
        let Some(mut lease) = self.lease.take() else {
            return self;
        };
        let revived = tokio::task::spawn_blocking(move || {
            let outcome = lease.revive(say);
            (lease, outcome)
        });
        match revived.await {
            Ok((lease, outcome)) => {
                if let Err(error) = outcome {
                    tracing::error!(%error, "the private PostgreSQL does not start again");
                }
                self.lease = Some(lease);
            }
            Err(error) => tracing::error!(%error, "starting the private PostgreSQL panicked"),
        }
        self
    }

    /// Whether the database is the private cluster.
    pub const fn is_private(&self) -> bool {
        self.lease.is_some()
    }
}

async fn connect(url: &str, connections: u32) -> anyhow::Result<Store> {
    let store = Store::connect(url, connections).await?;
    store.migrate().await?;
    Ok(store)
}

async fn lease(home: PathBuf) -> anyhow::Result<Lease> {
    let acquired = tokio::task::spawn_blocking(move || Lease::acquire(&home, say)).await;
    Ok(acquired.context("starting the private PostgreSQL panicked")??)
}

/// Stopping a server waits for it, so it happens outside the runtime's own threads.
async fn release(lease: Option<Lease>) {
    let Some(lease) = lease else { return };
    match tokio::task::spawn_blocking(move || lease.release()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the private PostgreSQL was not stopped"),
        Err(error) => tracing::warn!(%error, "stopping the private PostgreSQL panicked"),
    }
}

/// Tells the terminal of a long step.
pub fn say(step: &str) {
    eprintln!("{step}");
}
