//! The register in `PostGIS`: every SQL statement of the program, its migrations and its history.
//!
//! Stored coordinates are longitude, latitude, WGS 84 (EPSG:4326, x = east). No other crate
//! contains SQL; text built at run time stands in [`text`] alone, and values are always bound.

pub mod account;
pub mod audit;
pub mod changes;
mod class_counts;
pub mod columns;
pub mod copy;
pub mod edit;
pub mod error;
pub mod feature;
pub mod geometry;
pub mod geopackage;
pub mod history;
pub mod items;
pub mod layer_state;
pub mod listen;
pub mod matching;
pub mod neighbours;
pub mod paging;
pub mod record;
pub mod region;
pub mod report;
pub mod revision;
pub mod serials;
mod service;
pub mod staging;
pub mod submission;
pub mod surroundings;
mod text;
pub mod tiles;
mod together;
pub mod undo;
pub mod writings;

use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};

pub use error::StoreError;

/// The register's database.
#[derive(Clone, Debug)]
pub struct Store {
    /// Plans are made for each query.
    pool: PgPool,
    heard: Arc<OnceLock<tokio::sync::watch::Receiver<listen::Heard>>>,
    /// Plans are made once, without looking at values: for questions that have one right plan, and are
    /// answered faster than they are planned.
    quick: PgPool,
    /// Connections that are closed after use, for long work: what slowed them down cannot always be undone.
    apart: PgPool,
    states: Arc<layer_state::Asked>,
    /// Edits that may be under way at a time: one that holds the lock of revisions, one that waits for it.
    turns: Arc<tokio::sync::Semaphore>,
}

/// With fewer connections than this, all are of one kind: a command needs no quick ones.
const LEAST_TO_DIVIDE: u32 = 8;
/// As revisions take effect one after the other, more would only wait for the lock.
const EDITS_AT_ONCE: usize = 2;

impl Store {
    /// Connects to `postgres://…`, with at most `connections` at a time.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when the database does not answer.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(StoreError::BadUrl)?
            .application_name("cadastre")
            // Errors are logged where they are answered; a line for each statement costs more than
            // the short ones themselves.
            .disable_statement_logging()
            // Compiling plans costs more than our short queries.
            .options([
                ("jit", "off"),
                ("TimeZone", "UTC"),
                ("client_min_messages", "warning"),
            ]);
        let place = format!("{}:{}", options.get_host(), options.get_port());
        Self::dividing(&options, connections, pool_options)
            .await
            .map_err(|source| StoreError::Unreachable { place, source })
    }

    /// A store over `connections`, half of which keep the plans they made.
    async fn dividing(
        options: &PgConnectOptions,
        connections: u32,
        pool_of: impl Fn(u32) -> PgPoolOptions,
    ) -> Result<Self, sqlx::Error> {
        let planned = |mode| options.clone().options([("plan_cache_mode", mode)]);
        let quick = if connections < LEAST_TO_DIVIDE {
            0
        } else {
            connections / 2
        };
        // A filter selects ten rows or a million: a plan made without looking at it is wrong for one
        // of them.
        let pool = pool_of(connections - quick)
            .connect_with(planned("force_custom_plan"))
            .await?;
        if quick == 0 {
            return Ok(Self::over(pool));
        }
        Ok(Self {
            quick: pool_of(quick).connect_lazy_with(planned("force_generic_plan")),
            ..Self::over(pool)
        })
    }

    /// A store over connections that somebody else opened.
    pub fn over(pool: PgPool) -> Self {
        Self {
            quick: pool.clone(),
            apart: closed_after_use(&pool),
            pool,
            heard: Arc::default(),
            states: Arc::default(),
            turns: Arc::new(tokio::sync::Semaphore::new(EDITS_AT_ONCE)),
        }
    }

    /// Brings the tables to the state that this program needs.
    ///
    /// # Errors
    /// [`StoreError::Migration`] when the database was made by a newer program, or a step fails.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        if self.is_migrated().await? {
            return Ok(());
        }
        MIGRATIONS
            .run(&self.pool)
            .await
            .map_err(StoreError::Migration)
    }

    /// Whether exactly the migrations of this program were made. Asking needs no more than the right to
    /// read, which a login has that may not make tables.
    async fn is_migrated(&self) -> Result<bool, StoreError> {
        let known = sqlx::query_scalar!(
            r#"select to_regclass('_sqlx_migrations') is not null as "known!""#
        );
        if !known.fetch_one(&self.pool).await? {
            return Ok(false);
        }
        let made = sqlx::query_as(text::migrations_made());
        let made: Vec<(i64, Vec<u8>)> = made.fetch_all(&self.pool).await?;
        let known = MIGRATIONS.iter();
        let known = known.map(|one| (one.version, one.checksum.to_vec()));
        Ok(made.into_iter().eq(known))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query!("select 1 as one")
            .fetch_one(&self.pool)
            .await?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.quick.close().await;
        self.apart.close().await;
        self.pool.close().await;
    }
}

/// Connections as every command wants them.
fn pool_options(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        // Asking "are you there" before every query doubles the short ones; a connection that
        // was used a moment ago is there.
        .test_before_acquire(false)
        .before_acquire(|connection, usage| {
            Box::pin(async move {
                if usage.idle_for > Duration::from_secs(1) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .acquire_timeout(Duration::from_secs(5))
}

/// Connections like those of `pool`, opened when they are asked for.
fn closed_after_use(pool: &PgPool) -> PgPool {
    let options = pool.options().clone().min_connections(0);
    options
        .after_release(|_, _| Box::pin(async { Ok(false) }))
        .connect_lazy_with((*pool.connect_options()).clone())
}

/// The migrations, for tests that make databases of their own.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");
