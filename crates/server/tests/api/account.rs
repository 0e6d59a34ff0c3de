//! Who asks, and what is said to whom.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use domain::account::{Password, Rights, Role, Secret};
use insta::assert_json_snapshot;
use server::account::secrets::{digest, hash_password};
use sqlx::postgres::PgPool;
use store::account::NewAccount;
use store::account::change::Act;
use store::account::session::NewSession;
use store::account::token::NewToken;

use crate::common::{Answer, Service, moment};

const PASSWORD: &str = "тачна лозинка";
/// `ana:тачна лозинка`.
const ANA: &str = "Basic YW5hOtGC0LDRh9C90LAg0LvQvtC30LjQvdC60LA=";
/// `ana:wrong`.
const WRONG: &str = "Basic YW5hOndyb25n";
/// `nobody:wrong`.
const NOBODY: &str = "Basic bm9ib2R5Ondyb25n";
const TOKEN: &str = "Bearer cadastre_token-of-ana";
const COOKIE: &str = "__Host-cadastre-session=session-of-ana";

/// A service with an account, an editor of the district of Bor, its token and its session.
async fn with_ana(pool: PgPool) -> Service {
    let service = Service::with_data(pool).await;
    let password = Password::try_from(Secret::new(PASSWORD)).unwrap();
    let account = NewAccount {
        name: "ana".parse().unwrap(),
        rights: Rights {
            role: Role::Editor,
            regions: vec!["RS-14".parse().unwrap()],
        },
        password_hash: Some(hash_password(&password).unwrap()),
        identity: None,
    };
    let made = moment("2026-01-01T00:00:00Z");
    let account = service
        .store
        .create_account(&account, Act::command("test", made))
        .await;
    let account = account.unwrap().unwrap();
    let token = NewToken {
        account,
        digest: digest(&Secret::new("cadastre_token-of-ana")),
        label: String::new(),
        expires_at: None,
    };
    service
        .store
        .create_token(&token, Act::command("test", made))
        .await
        .unwrap();
    let session = NewSession {
        digest: digest(&Secret::new("session-of-ana")),
        account,
        csrf_secret: Secret::new("csrf-of-ana"),
        expires_at: made + TimeDelta::days(365_000),
    };
    service.store.open_session(&session, made).await.unwrap();
    service
}

async fn with(service: &Service, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    service.send(request.body(Body::empty()).unwrap()).await
}

fn kind(answer: &Answer) -> String {
    let kind = answer.json()["type"].as_str().unwrap().to_owned();
    kind.rsplit('/').next().unwrap().to_owned()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_reader_is_known_by_password_token_and_session(pool: PgPool) {
    let service = with_ana(pool).await;
    for (header, value, by) in [
        ("authorization", ANA, "password"),
        ("authorization", TOKEN, "token"),
        ("cookie", COOKIE, "session"),
    ] {
        let answer = service.get_with("/account", header, value).await;
        assert_eq!(answer.status, StatusCode::OK, "{by}");
        assert_eq!(answer.json()["signedInBy"], by);
        assert_eq!(answer.header("cache-control"), "private, no-store");
        let tile = service.get_with("/tiles/xyz/6/35/23", header, value).await;
        assert_eq!(tile.header("cache-control"), "private, no-cache");
        let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
        assert!(
            format!("{vary:?}").contains("Authorization, Cookie"),
            "{vary:?}"
        );
    }
    let answer = with(
        &service,
        "GET",
        "/account?lang=sr-Cyrl",
        &[("authorization", ANA)],
    );
    assert_json_snapshot!(answer.await.json(), @r#"
    {
      "name": "ana",
      "role": "editor",
      "roleTitle": "Уредник",
      "regions": [
        "RS-14"
      ],
      "signedInBy": "password",
      "rights": {
        "readRestricted": true,
        "propose": true,
        "edit": true,
        "publish": false,
        "administer": false
      }
    }
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn without_credentials_everybody_reads_what_is_public(pool: PgPool) {
    let service = with_ana(pool).await;
    let path = "/collections/facilities/items/1";
    let anonymous = service.get(path).await;
    assert_eq!(anonymous.status, StatusCode::OK);
    assert_eq!(anonymous.header("cache-control"), "no-cache");
    // The cookie of a session that is over, and of other programs of the host.
    for cookie in [
        "__Host-cadastre-session=other",
        "cadastre-session=session-of-ana",
    ] {
        let answer = service.get_with(path, "cookie", cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{cookie}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{cookie}");
    }
    let signed_in = service.get_with(path, "authorization", ANA).await;
    assert_eq!(signed_in.status, StatusCode::OK);
    assert_ne!(
        signed_in.header("etag"),
        anonymous.header("etag"),
        "what one reader has is not what another one asks for"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn wrong_credentials_are_refused_alike_everywhere(pool: PgPool) {
    let service = with_ana(pool).await;
    let mut told = Vec::new();
    for value in [
        WRONG,
        NOBODY,
        "Basic OndpdGhvdXQgYSBuYW1l",
        "Basic ???",
        "Bearer cadastre_other",
        "Digest x",
    ] {
        for path in ["/account", "/collections/facilities/items", "/"] {
            let answer = service.get_with(path, "authorization", value).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{value} {path}");
            let ways: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
            told.push(format!(
                "{ways:?} {}",
                String::from_utf8_lossy(&answer.body)
            ));
        }
    }
    told.dedup();
    insta::assert_snapshot!(told.join("\n"), @r#"["Basic realm=\"Mining Waste Cadastre\", charset=\"UTF-8\"", "Bearer realm=\"Mining Waste Cadastre\", error=\"invalid_token\""] {"type":"https://example.org/cadastre/problems/wrong-credentials","title":"Sign-in not accepted","status":401,"detail":"The name, password or token is not right, or counts no longer. Correct it, or leave it out to read what is public."}"#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_is_not_signed_in_is_told_how(pool: PgPool) {
    let service = with_ana(pool).await;
    let answer = service.get("/account").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(kind(&answer), "sign-in-needed");
    let ways: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(
        ways,
        [
            r#"Basic realm="Mining Waste Cadastre", charset="UTF-8""#,
            r#"Bearer realm="Mining Waste Cadastre""#
        ]
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_disabled_account_and_a_changed_password_count_at_once(pool: PgPool) {
    let service = with_ana(pool).await;
    let ana = "ana".parse().unwrap();
    let ask = async |value| {
        let answer = service.get_with("/account", "authorization", value).await;
        answer.status
    };
    // The second time from memory.
    assert_eq!([ask(ANA).await, ask(ANA).await], [StatusCode::OK; 2]);
    let other = Password::try_from(Secret::new("another password")).unwrap();
    let other = hash_password(&other).unwrap();
    service
        .store
        .change_password(
            &ana,
            &other,
            Act::command("test", moment("2026-01-01T00:00:00Z")),
        )
        .await
        .unwrap();
    assert_eq!(ask(ANA).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(TOKEN).await, StatusCode::OK);
    let now = moment("2026-01-02T00:00:00Z");
    service
        .store
        .disable_account(&ana, Act::command("test", now))
        .await
        .unwrap();
    assert_eq!(ask(TOKEN).await, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_page_of_another_site_changes_nothing(pool: PgPool) {
    let service = with_ana(pool).await;
    let (own, foreign) = ("https://example.org", "https://evil.example");
    let csrf = ("x-csrf-token", "csrf-of-ana");
    let (basic, token) = (("authorization", ANA), ("authorization", TOKEN));
    let session = ("cookie", COOKIE);
    let form = ("content-type", "application/x-www-form-urlencoded");
    for (headers, forged) in [
        (&[basic][..], false),
        (&[basic, ("origin", own)], false),
        (&[basic, ("origin", foreign)], true),
        (&[basic, ("sec-fetch-site", "cross-site")], true),
        (&[token, ("origin", foreign)], false),
        (&[session, ("origin", own)], true),
        (&[session, ("origin", own), form], true),
        (&[session, ("origin", own), csrf], false),
        (&[session, ("origin", foreign), csrf], true),
        (&[session, ("origin", own), ("x-csrf-token", "other")], true),
    ] {
        // No page takes this method: who gets as far as being told so passed the gate.
        let answer = with(&service, "DELETE", "/account", headers).await;
        let expected = if forged {
            (StatusCode::FORBIDDEN, "foreign-form")
        } else {
            (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
        };
        assert_eq!(
            (answer.status, kind(&answer).as_str()),
            expected,
            "{headers:?}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn guessing_is_slowed_down_for_the_guesser_alone(pool: PgPool) {
    let service = with_ana(pool).await;
    // Known before: QGIS goes on although somebody behind the same address guesses.
    let known = service.get_with("/account", "authorization", ANA).await;
    assert_eq!(known.status, StatusCode::OK);
    let mut statuses = Vec::new();
    for _ in 0..11 {
        let answer = service.get_with("/account", "authorization", NOBODY).await;
        statuses.push(answer.status);
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            let seconds: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=60).contains(&seconds), "{seconds}");
            assert_eq!(kind(&answer), "too-many-attempts");
        }
    }
    let (refused, slowed) = statuses.split_at(10);
    assert_eq!(refused, [StatusCode::UNAUTHORIZED; 10]);
    assert_eq!(slowed, [StatusCode::TOO_MANY_REQUESTS]);
    for value in [ANA, TOKEN] {
        let known = service.get_with("/account", "authorization", value).await;
        assert_eq!(known.status, StatusCode::OK);
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn scripts_of_other_sites_get_no_answer_with_cookies(pool: PgPool) {
    let service = with_ana(pool).await;
    let headers = [("cookie", COOKIE), ("origin", "https://evil.example")];
    let answer = with(&service, "GET", "/account", &headers).await;
    // Browsers hand an answer to a request with cookies over only when both say otherwise
    // (Fetch, 3.3.5).
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}
