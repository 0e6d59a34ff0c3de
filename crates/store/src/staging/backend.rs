//! Which process of the database does the work.

use super::Staging;
use crate::error::StoreError;

/// The process that PostgreSQL made for a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    /// Its number on the machine of the database, which need not be this one.
    pub pid: i32,
    /// What it calls itself for as long as the connection lasts: login, database, and where the client is,
    /// with its port unless it came by a Unix socket. `ps` shows that between `postgres: ` and what it does.
    pub title: String,
}

impl Staging {
    /// The process that works for these records.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn backend(&mut self) -> Result<Backend, StoreError> {
        let found = sqlx::query_as!(
            Backend,
            r#"select pg_backend_pid() as "pid!", session_user || ' ' || current_database() || ' ' ||
               coalesce(host(inet_client_addr()) || '(' || inet_client_port() || ')', '[local]') as "title!""#
        );
        Ok(found.fetch_one(self.connection()).await?)
    }
}
