//! What can go wrong with the database.

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL is not one of a `PostgreSQL` database.
    #[error(
        "DATABASE_URL is not a PostgreSQL address; it looks like postgres://user@host/database"
    )]
    BadUrl(#[source] sqlx::Error),
    /// Nothing answers at the address.
    #[error("the database at {place} does not answer; start it, or correct DATABASE_URL")]
    Unreachable {
        /// Host and port, or the socket's folder.
        place: String,
        /// What the driver says.
        #[source]
        source: sqlx::Error,
    },
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("the database did not answer a query")]
    Query(#[from] sqlx::Error),
    /// An upload is published that nobody decided to publish, or that was published before.
    #[error("the upload {0} does not wait to be published; look at its state")]
    NotApproved(i64),
    /// An upload changes records where whoever approved it publishes nothing.
    #[error(
        "the upload {0} changes records outside the regions of who approved it; somebody else has to"
    )]
    OutsideLimits(i64),
    /// A decision about an upload is limited to what is no region.
    #[error(
        "the upload {0} was decided within a region that this program does not know; use a newer one"
    )]
    StrangeLimit(i64),
    /// A row holds what the register never writes.
    #[error("the row {id} of layer `{layer}` holds a `{field}` that cannot be read")]
    Inconsistent {
        /// The layer.
        layer: &'static str,
        /// The feature id.
        id: i64,
        /// The field or geometry.
        field: String,
    },
    /// An account holds what this program never writes.
    #[error(
        "the account {id} holds a `{field}` that this program cannot read; was it made by a newer one?"
    )]
    BadAccount {
        /// Its number.
        id: i64,
        /// The column.
        field: String,
    },
    /// A revision was made by a program that knows more than this one.
    #[error("the revision {id} names `{what}`, which this program does not know; use a newer one")]
    StrangeRevision {
        /// The revision.
        id: i64,
        /// The layer or means.
        what: String,
    },
}

impl StoreError {
    /// Whether the database cannot be reached now, so that trying later makes sense.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Query(error) => matches!(
                error,
                sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::Io(_)
                    | sqlx::Error::WorkerCrashed
            ),
            _ => false,
        }
    }

    /// Whether a calculation of the question has too large or too small a number for its result
    /// (SQLSTATE 22003, numeric value out of range): the question's fault, not the database's.
    pub fn is_of_calculation(&self) -> bool {
        self.has_state("22003")
    }

    /// Whether a statement took longer than it may (SQLSTATE 57014, query canceled).
    pub fn is_timeout(&self) -> bool {
        self.has_state("57014")
    }

    fn has_state(&self, state: &str) -> bool {
        let Self::Query(sqlx::Error::Database(error)) = self else {
            return false;
        };
        error.code().is_some_and(|code| code == state)
    }
}
