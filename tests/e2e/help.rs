//! The reference of commands that the program itself is.

use crate::process::{cadastre, succeed};

fn help(command: &str) -> String {
    succeed(
        cadastre()
            .args(command.split_whitespace())
            .arg("--help")
            .env("COLUMNS", "100"),
    )
}

const DATABASE: &[&str] = &["--database-url", "DATABASE_URL", "--home", "CADASTRE_HOME"];
const LOGGING: &[&str] = &[
    "--log",
    "CADASTRE_LOG",
    "--log-format",
    "CADASTRE_LOG_FORMAT",
];

/// Commands and what their help names.
const TABLE: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "serve",
            "import",
            "load",
            "revision",
            "audit",
            "db",
            "--version",
        ],
    ),
    ("revision list", &["--layer", "--limit"]),
    (
        "revision undo",
        &[
            "<REVISION>",
            "--comment",
            "--source",
            "--author",
            "CADASTRE_AUTHOR",
        ],
    ),
    ("audit verify", &["--noted", "REVISION:HASH", "Exit status"]),
    (
        "serve",
        &[
            "--listen",
            "CADASTRE_LISTEN",
            "127.0.0.1:8080",
            "--public-url",
            "CADASTRE_PUBLIC_URL",
            "--lang",
            "CADASTRE_LANG",
            "--load",
            "CADASTRE_LOAD",
            "--trusted-proxy",
            "CADASTRE_TRUSTED_PROXIES",
            "--oidc-issuer",
            "CADASTRE_OIDC_ISSUER",
            "--oidc-client-id",
            "CADASTRE_OIDC_CLIENT_SECRET",
            "--oidc-claim",
            "--oidc-default-role",
            "--connections",
            "CADASTRE_CONNECTIONS",
        ],
    ),
    (
        "user",
        &[
            "add", "change", "password", "disable", "enable", "list", "history",
        ],
    ),
    (
        "user add",
        &["<NAME>", "--role", "--region", "--password-stdin"],
    ),
    ("token", &["create", "revoke", "list"]),
    ("token create", &["<NAME>", "--label", "--days"]),
    (
        "import",
        &[
            "<FILE>",
            "--layer",
            "without it `facilities`",
            "--source-layer",
            "--mapping",
            "--write-mapping",
            "--force",
            "--crs",
            "--encoding",
            "--dry-run",
            "--choice",
            "Exit status",
            "--source",
            "--comment",
            "--author",
            "CADASTRE_AUTHOR",
            "--report",
            "--facility",
            "--kind",
            "--surveyed",
            "--vertical-datum",
            "--vertical-accuracy-m",
            "--height-unit",
            "--method",
            "--code",
            "CADASTRE_RASTERS",
        ],
    ),
    (
        "volume",
        &[
            "--from",
            "--to",
            "--facility",
            "--co-register",
            "--level-of-detection",
            "--exclude",
            "--exclude-crs",
            "--exclude-flat",
            "--stable-buffer",
            "--difference",
            "--picture",
            "--report",
            "--code",
            "--dry-run",
        ],
    ),
    ("load", &["<FOLDER>"]),
    (
        "db",
        &[
            "start", "stop", "status", "migrate", "psql", "backup", "restore",
        ],
    ),
    ("db start", &[]),
    ("db stop", &["--force"]),
    ("db status", &[]),
    ("db migrate", &[]),
    ("db psql", &["[ARGUMENTS]"]),
    ("db backup", &["<FILE>"]),
    ("db restore", &["<FILE>"]),
];

#[test]
fn the_help_of_each_command_names_every_flag_and_its_variable() {
    for (command, words) in TABLE {
        let text = help(command);
        for word in [DATABASE, LOGGING, words].concat() {
            assert!(
                text.contains(word),
                "`cadastre {command} --help` does not name {word}:\n{text}"
            );
        }
    }
}

#[test]
fn the_password_of_the_database_is_not_in_the_help() {
    let mut command = cadastre();
    command.env(
        "DATABASE_URL",
        "postgres://somebody:geheim@localhost/nowhere",
    );
    let text = succeed(command.args(["serve", "--help"]));
    assert!(
        text.contains("DATABASE_URL") && !text.contains("geheim"),
        "{text}"
    );
}

#[test]
fn the_worker_is_not_a_command_for_people() {
    assert!(!help("").contains("worker"));
}
