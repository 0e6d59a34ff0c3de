//! Accounts and tokens, made on the command line and used over HTTP.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::database::Database;
use crate::process::{run, succeed};
use crate::service::Service;

/// Runs the program with a line on its standard input; what it printed.
fn with_input(command: &mut Command, line: &str) -> String {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    let output = child.wait_with_output().unwrap();
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn curl(arguments: &[&str]) -> String {
    succeed(Command::new("curl").arg("--silent").args(arguments))
}

#[test]
fn accounts_and_tokens_are_made_on_the_command_line_and_used_over_http() {
    let database = Database::migrated();
    let cadastre = |words: &str| {
        let mut command = database.cadastre();
        command.args(words.split(' '));
        command
    };
    let add = "user add Ana --role editor --region RS-14 --region 70327 --password-stdin";
    assert!(with_input(&mut cadastre(add), "too short").contains("12 to 256 characters"));
    assert_eq!(
        with_input(&mut cadastre(add), "one long password"),
        "ana may sign in\n"
    );
    assert!(with_input(&mut cadastre(add), "one long password").contains("already"));
    let listed = succeed(&mut cadastre("user list"));
    assert!(
        listed.contains("ana") && listed.contains("RS-14, 70327"),
        "{listed}"
    );

    let created = succeed(&mut cadastre("token create ana --label QGIS --days 30"));
    let token = created
        .split_whitespace()
        .find(|word| word.starts_with("cadastre_"));
    let token = token.unwrap_or_else(|| panic!("{created}")).to_owned();
    let kept = database.query("select token_hash::text || label from access_token");
    assert!(!kept.contains(&token) && kept.ends_with("QGIS"), "{kept}");
    let hash = database.query("select password_hash from account");
    assert!(hash.starts_with("$argon2id$"), "{hash}");

    let service = Service::on(database.copy());
    let url = format!("{}account", service.url);
    let status = ["--output", "/dev/null", "--write-out", "%{http_code}"];
    let bearer = format!("Authorization: Bearer {token}");
    let by_password = curl(&["--user", "ana:one long password", &url]);
    assert!(
        by_password.contains(r#""signedInBy":"password""#),
        "{by_password}"
    );
    let by_token = curl(&["--header", &bearer, &url]);
    assert!(by_token.contains(r#""signedInBy":"token""#), "{by_token}");
    assert_eq!(
        curl(&[&status[..], &["--user", "ana:wrong", &url]].concat()),
        "401"
    );
    let logged = service.running().output();
    for secret in ["one long password", &token, "wrong"] {
        assert!(!logged.contains(secret), "{secret} is in the log: {logged}");
    }
    let used = service
        .database()
        .query("select last_used_at is not null from access_token");
    assert_eq!(used, "t");

    let mut on_service = service.database().cadastre();
    succeed(on_service.args(["token", "revoke", "1"]));
    assert_eq!(
        curl(&[&status[..], &["--header", &bearer, &url]].concat()),
        "401"
    );
    let mut on_service = service.database().cadastre();
    succeed(on_service.args(["user", "disable", "ana"]));
    assert_eq!(
        curl(&[&status[..], &["--user", "ana:one long password", &url]].concat()),
        "401"
    );
    let mut on_service = service.database().cadastre();
    let history = succeed(on_service.args(["user", "history", "ana"]));
    let acts: Vec<_> = history
        .lines()
        .map(|line| line.split("  ").last().unwrap().trim())
        .collect();
    assert_eq!(
        acts,
        [
            "account disabled, by operator (command)",
            "token revoked: 1 QGIS, by operator (command)",
            "token made: 1 QGIS, by operator (command)",
            "account made: editor RS-14, 70327, by operator (command)",
        ]
    );
    let finished = service.stop();
    assert!(finished.status.success(), "{}", finished.output);
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let database = Database::migrated();
    for (words, expected) in [
        ("user add ana --role king", "it is none of public, analyst"),
        (
            "user add ана --role editor",
            "a user name: up to 64 Latin letters",
        ),
        ("user change ana --role editor", "there is no account ana"),
        (
            "user change ana --role editor --region RS22",
            "is a statistical region",
        ),
        ("user disable ana", "there is no account ana"),
        ("token create ana", "there is no account ana"),
        ("token revoke 7", "there is no token 7"),
    ] {
        let finished = run(database.cadastre().args(words.split(' ')));
        assert!(!finished.status.success(), "{words}");
        assert!(
            finished.output.contains(expected),
            "{words}: {}",
            finished.output
        );
    }
}
