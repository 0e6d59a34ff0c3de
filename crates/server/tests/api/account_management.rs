//! Passwords and accounts changed on pages, as a browser uses them.

use axum::http::StatusCode;
use domain::account::{Password, Rights, Role, Secret};
use server::account::secrets::hash_password;
use sqlx::postgres::PgPool;
use store::account::NewAccount;
use store::account::change::Act;

use crate::account_pages::{OWN, send, session_of, text};
use crate::common::{Answer, Service, moment};

const RIGHT: &str = "one long password";

async fn with_accounts(pool: PgPool) -> Service {
    let service = Service::with_data(pool).await;
    let password = Password::try_from(Secret::new(RIGHT)).unwrap();
    for (name, role, regions) in [
        ("ana", Role::Surveyor, &["RS-14"][..]),
        ("boss", Role::Admin, &[]),
        ("deputy", Role::Admin, &["RS-14"]),
    ] {
        let regions = regions.iter().map(|code| code.parse().unwrap()).collect();
        let account = NewAccount {
            name: name.parse().unwrap(),
            rights: Rights::limited(role, regions).unwrap(),
            password_hash: Some(hash_password(&password).unwrap()),
            identity: None,
        };
        let made = moment("2026-01-01T00:00:00Z");
        service
            .store
            .create_account(&account, Act::command("test", made))
            .await
            .unwrap();
    }
    service
}

/// Somebody's browser.
struct Browser<'s> {
    service: &'s Service,
    cookie: String,
    csrf: String,
}

impl<'s> Browser<'s> {
    async fn of(service: &'s Service, name: &str) -> Self {
        let form = format!("name={name}&password=one+long+password");
        let (cookie, csrf) = session_of(service, &form).await;
        Self {
            service,
            cookie,
            csrf,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        send(self.service, path, &[("cookie", &self.cookie)], None).await
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        let form = format!("csrf={}&{form}", self.csrf);
        let headers = [("cookie", &*self.cookie), ("origin", OWN)];
        send(self.service, path, &headers, Some(&form)).await
    }

    async fn is_signed_in(&self) -> bool {
        self.get("/account").await.status == StatusCode::OK
    }
}

async fn signs_in(service: &Service, name: &str, password: &str) -> bool {
    let form = format!("name={name}&password={}", password.replace(' ', "+"));
    let answer = send(service, "/sign-in", &[("origin", OWN)], Some(&form)).await;
    answer.status == StatusCode::SEE_OTHER
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_password_is_changed_by_who_knows_it(pool: PgPool) {
    let service = with_accounts(pool).await;
    let (ana, elsewhere) = (
        Browser::of(&service, "ana").await,
        Browser::of(&service, "ana").await,
    );
    for (form, status, said) in [
        (
            "current=wrong&password=another+long+password",
            StatusCode::FORBIDDEN,
            "The present password is not right.",
        ),
        (
            "current=one+long+password&password=short",
            StatusCode::BAD_REQUEST,
            "A password has 12 to 256 characters.",
        ),
    ] {
        let answer = ana.post("/account/password?lang=en", form).await;
        assert_eq!(answer.status, status, "{form}");
        assert!(text(&answer).contains(said), "{}", text(&answer));
    }
    let form = "current=one+long+password&password=another+long+password";
    let changed = ana.post("/account/password?lang=en", form).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    let cookie = changed.header("set-cookie").split(';').next().unwrap();
    let ana = Browser {
        cookie: cookie.to_owned(),
        ..ana
    };
    let path = changed.header("location").strip_prefix(OWN).unwrap();
    let page = ana.get(path.strip_prefix("/cadastre").unwrap()).await;
    assert!(text(&page).contains("The password is changed."));
    assert!(!elsewhere.is_signed_in().await);
    assert!(!signs_in(&service, "ana", RIGHT).await);
    assert!(signs_in(&service, "ana", "another long password").await);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_administrator_manages_accounts(pool: PgPool) {
    let service = with_accounts(pool).await;
    let boss = Browser::of(&service, "boss").await;
    let page = text(&boss.get("/accounts?lang=en").await);
    assert!(page.contains("ana") && page.contains("RS-14"), "{page}");
    let form = "name=Mika&role=analyst&regions=RS-14%2C+70327&password=a+password+of+mika";
    let made = boss.post("/accounts", form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    assert!(signs_in(&service, "mika", "a password of mika").await);
    let rights = |name: &'static str| {
        let service = &service;
        async move {
            let found = service.store.account(&name.parse().unwrap()).await;
            found.unwrap().unwrap().rights
        }
    };
    let regions = ["RS-14", "70327"]
        .map(|code| code.parse().unwrap())
        .to_vec();
    assert_eq!(
        rights("mika").await,
        Rights::limited(Role::Analyst, regions).unwrap()
    );
    boss.post("/accounts/mika/rights", "role=editor&regions=")
        .await;
    assert_eq!(
        rights("mika").await,
        Rights::limited(Role::Editor, vec![]).unwrap()
    );
    let mika = {
        let form = "name=mika&password=a+password+of+mika";
        let (cookie, csrf) = session_of(&service, form).await;
        Browser {
            service: &service,
            cookie,
            csrf,
        }
    };
    boss.post("/accounts/mika/disable", "").await;
    let page = text(&boss.get("/accounts?lang=en").await);
    for done in [
        "<td>mika</td><td>account made: Analyst, RS-14, 70327</td><td>boss</td>",
        "<td>mika</td><td>rights changed: Editor</td><td>boss</td>",
        "<td>mika</td><td>account disabled</td><td>boss</td>",
        "<td>ana</td><td>account made: Surveyor, RS-14</td><td>test, on the command line</td>",
    ] {
        assert!(page.contains(done), "{done}: {page}");
    }
    assert!(!mika.is_signed_in().await);
    assert!(!signs_in(&service, "mika", "a password of mika").await);
    boss.post("/accounts/mika/enable", "").await;
    boss.post("/accounts/mika/password", "password=one+more+password")
        .await;
    assert!(signs_in(&service, "mika", "one more password").await);
    // What does not come from the session's own page changes nothing.
    let forged = Browser {
        csrf: "x".to_owned(),
        ..boss
    };
    let answer = forged.post("/accounts/mika/disable", "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(signs_in(&service, "mika", "one more password").await);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nobody_manages_accounts_who_is_limited_and_nobody_locks_themselves_out(pool: PgPool) {
    let service = with_accounts(pool).await;
    let deputy = Browser::of(&service, "deputy").await;
    let form = "name=mika&role=admin&regions=&password=a+password+of+mika";
    let answer = deputy.post("/accounts", form).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!text(&deputy.get("/account").await).contains("/accounts?"));
    let boss = Browser::of(&service, "boss").await;
    for (path, form) in [
        ("/accounts/boss/disable", ""),
        ("/accounts/boss/rights", "role=public&regions="),
        ("/accounts/boss/password", "password=another+long+password"),
    ] {
        let answer = boss.post(path, form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert!(boss.is_signed_in().await && signs_in(&service, "boss", RIGHT).await);
}
