//! Who asks.

use domain::account::{Rights, Role, Secret};
use server::account::secrets::digest;
use store::Store;
use store::account::NewAccount;
use store::account::change::Act;
use store::account::token::NewToken;

use crate::common::moment;

/// Somebody.
pub struct Reader {
    pub name: &'static str,
    role: Option<Role>,
    region: Option<&'static str>,
}

/// Where somebody reads restricted fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    Nowhere,
    InRegion,
    Everywhere,
}

const fn reader(name: &'static str, role: Role, region: Option<&'static str>) -> Reader {
    Reader {
        name,
        role: Some(role),
        region,
    }
}

/// In the order of the columns of the table.
pub const READERS: &[Reader] = &[
    Reader {
        name: "nobody",
        role: None,
        region: None,
    },
    reader("public", Role::Public, None),
    reader("analyst", Role::Analyst, None),
    reader("surveyor", Role::Surveyor, None),
    reader("editor", Role::Editor, None),
    reader("reviewer", Role::Reviewer, None),
    reader("admin", Role::Admin, None),
    reader("analyst-of-14", Role::Analyst, Some("RS-14")),
    reader("surveyor-of-14", Role::Surveyor, Some("RS-14")),
];

impl Reader {
    pub fn token(&self) -> Option<String> {
        self.role.map(|_| format!("cadastre_{}", self.name))
    }

    pub fn right(&self) -> Right {
        match (self.role, self.region) {
            (None | Some(Role::Public), _) => Right::Nowhere,
            (_, Some(_)) => Right::InRegion,
            (_, None) => Right::Everywhere,
        }
    }

    pub async fn sign_up(&self, store: &Store) {
        let Some((role, token)) = self.role.zip(self.token()) else {
            return;
        };
        let regions = self.region.iter().map(|code| code.parse().unwrap());
        let account = NewAccount {
            name: self.name.parse().unwrap(),
            rights: Rights {
                role,
                regions: regions.collect(),
            },
            password_hash: None,
            identity: None,
        };
        let made = moment("2026-01-01T00:00:00Z");
        let account = store
            .create_account(&account, Act::command("test", made))
            .await
            .unwrap()
            .unwrap();
        let token = NewToken {
            account,
            digest: digest(&Secret::new(token)),
            label: String::new(),
            expires_at: None,
        };
        store
            .create_token(&token, Act::command("test", made))
            .await
            .unwrap();
    }
}
