//! Who may do what: roles, their limits to regions, and the names of accounts.

use std::fmt;
use std::str::FromStr;

use crate::code_list;
use crate::lang::Text;
use crate::layer::Access;
use crate::region::{DistrictCode, MunicipalityCode, Region, covers};
use crate::text_value;
use crate::value::{FieldType, ValueError};

code_list! {
    /// What an account is there for. Each role may do what those before it may.
    pub enum Role in "role", "Улога", "Role";

    Public = "public", "Јавност", "Public";
    Analyst = "analyst", "Аналитичар", "Analyst";
    Surveyor = "surveyor", "Геометар", "Surveyor";
    Editor = "editor", "Уредник", "Editor";
    Reviewer = "reviewer", "Рецензент", "Reviewer";
    Admin = "admin", "Администратор", "Administrator";
}

impl Role {
    /// Whether it reads the fields that are not for everybody.
    pub fn may_read_restricted(self) -> bool {
        self >= Self::Analyst
    }

    /// Whether it uploads surveys and proposes changes, which wait for a review.
    pub fn may_propose(self) -> bool {
        self >= Self::Surveyor
    }

    /// Whether its changes enter the register at once.
    pub fn may_edit(self) -> bool {
        self >= Self::Editor
    }

    /// Whether it publishes what others propose.
    pub fn may_publish(self) -> bool {
        self >= Self::Reviewer
    }

    /// Whether it manages accounts and the service.
    pub fn may_administer(self) -> bool {
        self >= Self::Admin
    }
}

code_list! {
    /// What was done to an account.
    pub enum AccountChangeKind in "account_change", "Промена налога", "Change of an account";

    Made = "made", "налог отворен", "account made";
    Rights = "rights", "права промењена", "rights changed";
    Password = "password", "лозинка промењена", "password changed";
    Identity = "identity", "везан за даваоца идентитета", "bound to the identity provider";
    Disabled = "disabled", "налог искључен", "account disabled";
    Enabled = "enabled", "налог укључен", "account enabled";
    TokenMade = "token_made", "токен направљен", "token made";
    TokenRevoked = "token_revoked", "токен опозван", "token revoked";
}

/// A role, and the regions that it is limited to. The default is everybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The role.
    pub role: Role,
    /// Districts and municipalities outside which the role counts for nothing; none: no limit.
    pub regions: Vec<Region>,
}

impl Default for Rights {
    fn default() -> Self {
        Self {
            role: Role::Public,
            regions: Vec::new(),
        }
    }
}

/// A region that is no limit of a role: it is neither a district nor a municipality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} is a statistical region; name districts such as RS-14 or municipalities such as 70327"
)]
pub struct NoLimit(pub Region);

impl Rights {
    /// A role that counts in these districts and municipalities; everywhere when there are none.
    ///
    /// # Errors
    /// [`NoLimit`] for a statistical region.
    pub fn limited(role: Role, regions: Vec<Region>) -> Result<Self, NoLimit> {
        let statistical = |region: &&Region| matches!(region, Region::Statistical(_));
        match regions.iter().find(statistical) {
            Some(region) => Err(NoLimit(*region)),
            None => Ok(Self { role, regions }),
        }
    }

    /// Whether the role counts everywhere.
    pub const fn are_unlimited(&self) -> bool {
        self.regions.is_empty()
    }

    /// Whether the role counts for a record with these regions. A record that says neither is outside
    /// every limit.
    pub fn cover(
        &self,
        municipality: Option<MunicipalityCode>,
        district: Option<DistrictCode>,
    ) -> bool {
        self.are_unlimited() || covers(&self.regions, municipality, district)
    }
}

impl Rights {
    /// What they read of every record. A role that is limited to regions reads restricted fields of
    /// their records alone ([`Self::access_in`]).
    pub fn access(&self) -> Access {
        self.access_if(self.are_unlimited())
    }

    /// What they read of the records of a region.
    pub fn access_in(&self, region: Region) -> Access {
        let covered = match region {
            Region::Municipality(one) => self.cover(Some(one), None),
            Region::District(one) => self.cover(None, Some(one)),
            Region::Statistical(_) => {
                let mut districts = region.districts().into_iter();
                self.regions.contains(&region) || districts.all(|one| self.cover(None, Some(one)))
            }
        };
        self.access_if(covered)
    }

    fn access_if(&self, covered: bool) -> Access {
        if covered && self.role.may_read_restricted() {
            Access::Restricted
        } else {
            Access::Public
        }
    }
}

/// The name by which a person or program signs in: small letters, digits and `.`, `_`, `-`, `@`,
/// beginning with a letter or digit, at most 64 in all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName(String);

impl UserName {
    /// The most characters of a name.
    pub const MAXIMUM_LENGTH: usize = 64;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for UserName {
    type Err = ValueError;

    /// Reads a name; capitals are read as small letters, so that no two names differ by them alone.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &Text = &Text::new(
            "корисничко име: до 64 латинична слова, цифре и знакове . _ - @, са словом или цифром на \
             почетку",
            "a user name: up to 64 Latin letters, digits and . _ - @, beginning with a letter or digit",
        );
        let name = text.trim().to_ascii_lowercase();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let known = |byte: u8| plain(byte) || b"._-@".contains(&byte);
        let begins_well = name.bytes().next().is_some_and(plain);
        if begins_well && name.len() <= Self::MAXIMUM_LENGTH && name.bytes().all(known) {
            Ok(Self(name))
        } else {
            Err(ValueError::not_a(text, WANTED))
        }
    }
}

text_value!(UserName, FieldType::Text);

/// A text that must not be shown: a password, a token, a key. Its debug form has nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// A password long enough to be one: 12 to 256 characters of any kind.
#[derive(Clone, Debug)]
pub struct Password(Secret);

impl Password {
    /// The fewest characters.
    pub const MINIMUM_LENGTH: usize = 12;
    /// The most characters.
    pub const MAXIMUM_LENGTH: usize = 256;

    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// A text that is no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a password has {} to {} characters; take several words",
    Password::MINIMUM_LENGTH,
    Password::MAXIMUM_LENGTH
)]
pub struct BadPassword;

impl TryFrom<Secret> for Password {
    type Error = BadPassword;

    fn try_from(text: Secret) -> Result<Self, Self::Error> {
        let length = text.reveal().chars().count();
        if (Self::MINIMUM_LENGTH..=Self::MAXIMUM_LENGTH).contains(&length) {
            Ok(Self(text))
        } else {
            Err(BadPassword)
        }
    }
}

#[cfg(test)]
mod tests;
