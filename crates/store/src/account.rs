//! Accounts: who signs in, and with which rights. Tokens of programs in [`token`], sessions of
//! browsers in [`session`].

pub mod change;
pub mod session;
pub mod token;

use chrono::{DateTime, Utc};
use domain::account::{Rights, Secret, UserName};

use self::change::Act;
use crate::Store;
use crate::error::StoreError;

/// A SHA-256: what is kept of a token or of a session's identifier.
pub type Digest = [u8; 32];

/// An account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// The name by which it signs in.
    pub name: UserName,
    /// What it may do.
    pub rights: Rights,
    /// The argon2id hash of its password in the PHC text form; `None`: it has no password.
    pub password_hash: Option<Secret>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it can no longer sign in.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// An account about to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The name by which it signs in.
    pub name: UserName,
    /// What it may do.
    pub rights: Rights,
    /// The argon2id hash of its password in the PHC text form.
    pub password_hash: Option<Secret>,
    /// Who this is at the identity provider.
    pub identity: Option<String>,
}

/// A row of the table, with texts as they are stored.
pub(crate) struct AccountRow {
    pub id: i64,
    pub name: String,
    pub role: String,
    pub regions: Vec<String>,
    pub password_hash: Option<String>,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
}

impl AccountRow {
    pub(crate) fn read(self) -> Result<Account, StoreError> {
        let unreadable = |field: &str| StoreError::BadAccount {
            id: self.id,
            field: field.to_owned(),
        };
        let rights = read_rights(self.id, &self.role, &self.regions)?;
        Ok(Account {
            id: self.id,
            name: self.name.parse().map_err(|_| unreadable("name"))?,
            rights,
            password_hash: self.password_hash.map(Secret::new),
            created_at: self.created_at,
            disabled_at: self.disabled_at,
        })
    }
}

/// Rights as they are stored.
fn read_rights(id: i64, role: &str, regions: &[String]) -> Result<Rights, StoreError> {
    let unreadable = |field: &str| StoreError::BadAccount {
        id,
        field: field.to_owned(),
    };
    let regions = regions.iter().map(|code| code.parse());
    Ok(Rights {
        role: role.parse().map_err(|_| unreadable("role"))?,
        regions: regions
            .collect::<Result<_, _>>()
            .map_err(|_| unreadable("regions"))?,
    })
}

impl Store {
    /// Makes an account; answers its number, or `None` when the name is taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn create_account(
        &self,
        account: &NewAccount,
        act: Act<'_>,
    ) -> Result<Option<i64>, StoreError> {
        let regions: Vec<String> = account
            .rights
            .regions
            .iter()
            .map(ToString::to_string)
            .collect();
        let id = sqlx::query_scalar!(
            "with made as (\
                insert into account (name, role, regions, password_hash, identity, created_at) \
                values ($1, $2, $3, $4, $5, $6) on conflict (name) do nothing \
                returning id, name, role, regions\
             ), told as (\
                insert into account_change (made_at, made_by, means, account, kind, role, regions) \
                select $6, $7, $8, name, 'made', role, regions from made\
             ) select id from made",
            account.name.as_str(),
            account.rights.role.to_string(),
            &regions,
            account.password_hash.as_ref().map(Secret::reveal),
            account.identity,
            act.at,
            act.by,
            act.means.code(),
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(id)
    }

    /// The account of this name, also when it is disabled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account(&self, name: &UserName) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query_as!(
            AccountRow,
            "select id, name, role, regions, password_hash, created_at, disabled_at \
             from account where name = $1",
            name.as_str(),
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(AccountRow::read).transpose()
    }

    /// The account of somebody at the identity provider, also when it is disabled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_of_identity(&self, identity: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query_as!(
            AccountRow,
            "select id, name, role, regions, password_hash, created_at, disabled_at \
             from account where identity = $1",
            identity,
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(AccountRow::read).transpose()
    }

    /// Binds an account to somebody at the identity provider, unless it is bound already; answers
    /// whether it was bound now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn bind_identity(
        &self,
        name: &UserName,
        identity: &str,
        act: Act<'_>,
    ) -> Result<bool, StoreError> {
        let bound = sqlx::query_scalar!(
            "with bound as (\
                update account set identity = $2 where name = $1 and identity is null returning name\
             ), told as (\
                insert into account_change (made_at, made_by, means, account, kind) \
                select $3, $4, $5, name, 'identity' from bound\
             ) select name from bound",
            name.as_str(),
            identity,
            act.at,
            act.by,
            act.means.code(),
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(bound.is_some())
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query_as!(
            AccountRow,
            "select id, name, role, regions, password_hash, created_at, disabled_at \
             from account order by name",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(AccountRow::read).collect()
    }

    /// Keeps an account from signing in, by whatever means, from now on; answers whether there is one
    /// of this name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_account(&self, name: &UserName, act: Act<'_>) -> Result<bool, StoreError> {
        let found = sqlx::query_scalar!(
            r#"with changed as (
                update account set disabled_at = $2 where name = $1 and disabled_at is null returning name
             ), told as (
                insert into account_change (made_at, made_by, means, account, kind)
                select $2, $3, $4, name, 'disabled' from changed
             ) select exists (select from account where name = $1) as "found!""#,
            name.as_str(),
            act.at,
            act.by,
            act.means.code(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(found)
    }

    /// Lets a disabled account sign in again; answers whether there is one of this name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enable_account(&self, name: &UserName, act: Act<'_>) -> Result<bool, StoreError> {
        let found = sqlx::query_scalar!(
            r#"with changed as (
                update account set disabled_at = null
                where name = $1 and disabled_at is not null returning name
             ), told as (
                insert into account_change (made_at, made_by, means, account, kind)
                select $2, $3, $4, name, 'enabled' from changed
             ) select exists (select from account where name = $1) as "found!""#,
            name.as_str(),
            act.at,
            act.by,
            act.means.code(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(found)
    }

    /// Gives an account another password and ends its sessions; answers whether there is one of this
    /// name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_password(
        &self,
        name: &UserName,
        password_hash: &Secret,
        act: Act<'_>,
    ) -> Result<bool, StoreError> {
        let account = sqlx::query_scalar!(
            "with changed as (\
                update account set password_hash = $2 where name = $1 returning id, name\
             ), ended as (delete from session where account in (select id from changed)), \
             told as (\
                insert into account_change (made_at, made_by, means, account, kind) \
                select $3, $4, $5, name, 'password' from changed\
             ) select id from changed",
            name.as_str(),
            password_hash.reveal(),
            act.at,
            act.by,
            act.means.code(),
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(account.is_some())
    }

    /// Gives an account other rights; answers whether there is one of this name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_rights(
        &self,
        name: &UserName,
        rights: &Rights,
        act: Act<'_>,
    ) -> Result<bool, StoreError> {
        let regions: Vec<String> = rights.regions.iter().map(ToString::to_string).collect();
        let found = sqlx::query_scalar!(
            r#"with changed as (
                update account set role = $2, regions = $3
                where name = $1 and (role, regions) is distinct from ($2, $3)
                returning name, role, regions
             ), told as (
                insert into account_change (made_at, made_by, means, account, kind, role, regions)
                select $4, $5, $6, name, 'rights', role, regions from changed
             ) select exists (select from account where name = $1) as "found!""#,
            name.as_str(),
            rights.role.to_string(),
            &regions,
            act.at,
            act.by,
            act.means.code(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(found)
    }
}
