//! The lesser database role that the service works as: it adds to the history and cannot change it.

use sqlx::Executor;
use sqlx::postgres::PgPool;

use crate::error::StoreError;
use crate::{Store, pool_options};

/// What every connection of the service begins with. A login that is given only this role cannot leave
/// it; one that owns the tables works with its rights until it asks for others.
const TAKE_ON_ROLE: &str = "set role cadastre_service";

impl Store {
    /// The same register with the service's own rights: no change and no removal of revisions, seals
    /// and history. `None` where the role cannot be made or taken on, which is logged; the triggers of
    /// the tables refuse all the same.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn as_service(&self, connections: u32) -> Result<Option<Self>, StoreError> {
        let prepared = sqlx::query_scalar!(r#"select prepare_service_role() as "prepared!""#);
        if !prepared.fetch_one(&self.pool).await? {
            tracing::warn!(
                "the database role `cadastre_service` cannot be taken on; make it as a superuser \
                 (create role cadastre_service; grant cadastre_service to …)"
            );
            return Ok(None);
        }
        Ok(Some(Self::over(self.pool_as_service(connections).await?)))
    }

    async fn pool_as_service(&self, connections: u32) -> Result<PgPool, StoreError> {
        let options = (*self.pool.connect_options()).clone();
        let pool = pool_options(connections).after_connect(|connection, _| {
            Box::pin(async move { connection.execute(TAKE_ON_ROLE).await.map(drop) })
        });
        Ok(pool.connect_with(options).await?)
    }
}
