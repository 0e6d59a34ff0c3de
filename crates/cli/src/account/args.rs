//! The commands for accounts and tokens.

use clap::Subcommand;
use domain::account::{Role, Secret, UserName};
use domain::region::Region;
use server::account::provider::{Claim, Provider};

use crate::args::coded;

/// A command about accounts, and whose it is.
#[derive(Debug, clap::Args)]
pub struct UserArgs {
    #[command(subcommand)]
    pub command: UserCommand,
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// A command about tokens, and whose it is.
#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    pub command: TokenCommand,
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// Who gives a command.
#[derive(Debug, clap::Args)]
pub struct AuthorArgs {
    /// Who, kept with the change
    #[arg(
        long,
        env = "CADASTRE_AUTHOR",
        default_value = "operator",
        global = true
    )]
    pub author: String,
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account; its password is asked for at the terminal
    Add {
        /// The name to sign in by
        name: UserName,
        #[command(flatten)]
        rights: RightsArgs,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Give an account another role and other regions
    Change {
        /// The name of the account
        name: UserName,
        #[command(flatten)]
        rights: RightsArgs,
    },
    /// Give an account another password, which ends its sessions
    Password {
        /// The name of the account
        name: UserName,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Keep an account from signing in, by password, token or session, from now on
    Disable {
        /// The name of the account
        name: UserName,
    },
    /// Let a disabled account sign in again
    Enable {
        /// The name of the account
        name: UserName,
    },
    /// List the accounts
    List,
    /// List what was done to accounts and their tokens, by whom and when, the latest first
    History {
        /// The name of an account; without it all
        name: Option<UserName>,
    },
}

/// What an account may do.
#[derive(Debug, clap::Args)]
pub struct RightsArgs {
    /// What it is there for: public, analyst (reads restricted fields), surveyor (uploads, proposes
    /// edits), editor (edits), reviewer (publishes) or admin; each may also do what those before it may
    #[arg(long, value_parser = coded::<Role>)]
    pub role: Role,
    /// A district such as RS-14 or a municipality such as 70327 outside which the role counts for
    /// nothing; may be given several times
    #[arg(long = "region", value_name = "CODE")]
    pub regions: Vec<Region>,
}

/// Where a password comes from.
#[derive(Debug, clap::Args)]
pub struct PasswordArgs {
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
}

/// An identity provider (`OpenID` Connect).
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options for an identity provider (OpenID Connect)")]
pub struct ProviderArgs {
    /// Its address, such as <https://login.example.org/realms/mining>; it sends browsers back to
    /// `/sign-in/return` under the address of the service
    #[arg(
        long = "oidc-issuer",
        env = "CADASTRE_OIDC_ISSUER",
        value_name = "URL",
        requires = "client_id"
    )]
    pub issuer: Option<String>,
    /// The name under which it knows this service
    #[arg(
        long = "oidc-client-id",
        env = "CADASTRE_OIDC_CLIENT_ID",
        value_name = "ID"
    )]
    pub client_id: Option<String>,
    /// The secret that it shares with this service; set the variable, not the flag, which other users
    /// of the machine can see
    #[arg(
        long = "oidc-client-secret",
        env = "CADASTRE_OIDC_CLIENT_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub client_secret: Option<Secret>,
    /// What names the account: `preferred_username`, or email when the provider has verified it
    #[arg(
        long = "oidc-claim",
        env = "CADASTRE_OIDC_CLAIM",
        default_value = "preferred_username",
        value_name = "CLAIM"
    )]
    pub claim: Claim,
    /// The role of a new account for somebody without one; without it only those get in who have one
    #[arg(
        long = "oidc-default-role",
        env = "CADASTRE_OIDC_DEFAULT_ROLE",
        value_name = "ROLE",
        value_parser = coded::<Role>
    )]
    pub default_role: Option<Role>,
}

impl ProviderArgs {
    /// The provider, when one is named.
    pub fn provider(self) -> Option<Provider> {
        Some(Provider {
            issuer: self.issuer?,
            client_id: self.client_id?,
            client_secret: self.client_secret,
            claim: self.claim,
            default_role: self.default_role,
        })
    }
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token for an account, and print it this once
    Create {
        /// The name of the account
        name: UserName,
        /// What the token is for
        #[arg(long, default_value = "", value_parser = label)]
        label: String,
        /// After how many days it counts no longer; without it, it counts until it is revoked
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..=3650))]
        days: Option<u16>,
    },
    /// End a token
    Revoke {
        /// Its number, as `token list` says it
        id: i64,
    },
    /// List the tokens, the newest first
    List {
        /// The name of an account; without it the tokens of all
        name: Option<UserName>,
    },
}

fn label(text: &str) -> Result<String, String> {
    server::account::label(text).ok_or_else(|| "it has more than 100 characters".to_owned())
}
