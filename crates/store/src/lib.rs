//! The register in `PostGIS`: every SQL statement of the program, its migrations and its history.
//!
//! Stored coordinates are longitude, latitude, WGS 84 (EPSG:4326, x = east). No other crate
//! contains SQL; text built at run time stands in [`text`] alone, and values are always bound.

pub mod account;
pub mod audit;
pub mod changes;
pub mod columns;
pub mod copy;
pub mod error;
pub mod feature;
pub mod geometry;
pub mod geopackage;
pub mod history;
pub mod items;
pub mod layer_state;
pub mod matching;
pub mod neighbours;
mod news;
pub mod paging;
pub mod record;
pub mod region;
pub mod report;
pub mod revision;
mod service;
pub mod staging;
pub mod submission;
pub mod surroundings;
mod text;
pub mod undo;
pub mod writings;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};

pub use error::StoreError;

/// The register's database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
    news: Arc<news::News>,
}

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
            // A bounding box selects ten rows or a million: a plan made without looking at it is
            // wrong for one of them. Compiling plans costs more than our short queries.
            .options([
                ("plan_cache_mode", "force_custom_plan"),
                ("jit", "off"),
                ("TimeZone", "UTC"),
                ("client_min_messages", "warning"),
            ]);
        let place = format!("{}:{}", options.get_host(), options.get_port());
        let pool = pool_options(connections)
            .connect_with(options)
            .await
            .map_err(|source| StoreError::Unreachable { place, source })?;
        Ok(Self::over(pool))
    }

    /// A store over connections that somebody else opened.
    pub fn over(pool: PgPool) -> Self {
        Self {
            pool,
            news: Arc::default(),
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

/// The migrations, for tests that make databases of their own.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");
