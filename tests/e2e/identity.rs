//! Signing in by an identity provider: one in Python, which shares no code with the service, and curl
//! as the browser.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::database::Database;
use crate::process::{Running, project, succeed};
use crate::service::Service;

/// A service that asks a provider, and whom that provider signs in.
struct Parties {
    service: Service,
    folder: TempDir,
    _provider: Running,
}

impl Parties {
    /// With the accounts `ana`, and `petar`, who is disabled.
    fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let person = folder.path().join("person.json");
        std::fs::write(&person, "{}").unwrap();
        let mut provider = Running::start(
            Command::new("python3")
                .arg(project().join("tests/e2e/identity_provider.py"))
                .arg(&person),
        );
        let issuer = provider.wait_for("its address", |output| {
            output.split_once('\n').map(|(line, _)| line.to_owned())
        });
        let database = Database::migrated();
        database.query(
            "insert into account (name, role, created_at, disabled_at) values \
             ('ana', 'editor', now(), null), ('petar', 'editor', now(), now())",
        );
        let mut command = database.cadastre();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--oidc-issuer", &issuer])
            .args(["--oidc-client-id", "cadastre"])
            .args(options)
            .env("CADASTRE_OIDC_CLIENT_SECRET", "a secret of two");
        Self {
            service: Service::start_over(&mut command, database),
            folder,
            _provider: provider,
        }
    }

    /// Somebody begins to sign in with a new browser; what the browser shows at the end.
    fn sign_in(&self, person: &Value) -> String {
        let file = self.folder.path().join("person.json");
        std::fs::write(file, person.to_string()).unwrap();
        let cookies = tempfile::NamedTempFile::new_in(self.folder.path()).unwrap();
        self.browse(cookies.path(), "sign-in/provider?to=/account")
    }

    fn browse(&self, cookies: &Path, path: &str) -> String {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--location", "--header", "Accept: text/html"]);
        curl.arg("--cookie")
            .arg(cookies)
            .arg("--cookie-jar")
            .arg(cookies);
        succeed(curl.arg(format!("{}{path}", self.service.url)))
    }
}

const SIGNED_IN: &str = "<h1>ana</h1>";

#[test]
fn a_person_of_the_provider_signs_in_to_the_account_of_that_name() {
    let parties = Parties::with(&[]);
    let page = parties.sign_in(&json!({ "sub": "1", "preferred_username": "Ana" }));
    assert!(page.contains(SIGNED_IN), "{page}");
    // Bound from now on: another name is the same person, another person of the name is not.
    let page = parties.sign_in(&json!({ "sub": "1", "preferred_username": "ana.ilic" }));
    assert!(page.contains(SIGNED_IN), "{page}");
    let page = parties.sign_in(&json!({ "sub": "2", "preferred_username": "ana" }));
    assert!(
        page.contains("There is no account here for `ana`"),
        "{page}"
    );
    for (name, told) in [
        ("petar", "There is no account here for `petar`"),
        ("jovan", "There is no account here for `jovan`"),
        ("Јован", "does not say by which name"),
    ] {
        let page = parties.sign_in(&json!({ "sub": name, "preferred_username": name }));
        assert!(page.contains(told), "{name}: {page}");
    }
    // What the ID token does not say, the provider tells when it is asked.
    let person = json!({ "sub": "1", "told": { "preferred_username": "ana" } });
    assert!(parties.sign_in(&person).contains(SIGNED_IN));
    let logged = parties.service.running().output();
    assert!(!logged.contains("a secret of two"), "{logged}");
}

#[test]
fn what_the_provider_did_not_say_is_not_believed() {
    let parties = Parties::with(&[]);
    for (wrong, told) in [
        ("nonce", "Signing in with the identity provider failed"),
        ("audience", "Signing in with the identity provider failed"),
        ("expired", "Signing in with the identity provider failed"),
        ("key", "Signing in with the identity provider failed"),
        ("state", "The sign-in is out of date"),
        ("refuses", "did not confirm the sign-in"),
    ] {
        let person = json!({ "sub": "1", "preferred_username": "ana", "wrong": wrong });
        let page = parties.sign_in(&person);
        assert!(
            page.contains(told) && !page.contains(SIGNED_IN),
            "{wrong}: {page}"
        );
    }
    let sessions = parties
        .service
        .database()
        .query("select count(*) from session");
    assert_eq!(sessions, "0");
    // The same person, when nothing is wrong.
    let page = parties.sign_in(&json!({ "sub": "1", "preferred_username": "ana" }));
    assert!(page.contains(SIGNED_IN), "{page}");
}

#[test]
fn addresses_count_when_they_are_verified_and_new_people_get_the_default_role() {
    let options = ["--oidc-claim", "email", "--oidc-default-role", "analyst"];
    let parties = Parties::with(&options);
    let mut jelena = json!({ "sub": "9", "email": "jelena@example.org", "email_verified": false });
    let page = parties.sign_in(&jelena);
    assert!(page.contains("does not say by which name"), "{page}");
    jelena["email_verified"] = true.into();
    let page = parties.sign_in(&jelena);
    assert!(page.contains("<h1>jelena@example.org</h1>"), "{page}");
    assert!(page.contains("<dd>Analyst</dd>"), "{page}");
}
