//! The commands for accounts and tokens.

use clap::Subcommand;
use domain::account::{Role, UserName};
use domain::region::Region;

use crate::args::coded;

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
