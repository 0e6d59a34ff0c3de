//! The pages about accounts, as a browser uses them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::account::{Password, Rights, Role, Secret};
use server::account::secrets::hash_password;
use sqlx::postgres::PgPool;
use store::account::NewAccount;
use store::account::change::Act;

use crate::common::{Answer, Service, moment};

pub const OWN: &str = "https://example.org";
const FORM: &str = "application/x-www-form-urlencoded";

async fn with_ana(pool: PgPool) -> Service {
    let service = Service::with_data(pool).await;
    let password = Password::try_from(Secret::new("one long password")).unwrap();
    let account = NewAccount {
        name: "ana".parse().unwrap(),
        rights: Rights {
            role: Role::Surveyor,
            regions: vec!["RS-14".parse().unwrap()],
        },
        password_hash: Some(hash_password(&password).unwrap()),
        identity: None,
    };
    let made = moment("2026-01-01T00:00:00Z");
    service
        .store
        .create_account(&account, Act::command("test", made))
        .await
        .unwrap();
    service
}

pub async fn send(
    service: &Service,
    path: &str,
    headers: &[(&str, &str)],
    form: Option<&str>,
) -> Answer {
    let mut request = Request::builder()
        .method(if form.is_some() { "POST" } else { "GET" })
        .uri(path)
        .header("content-type", FORM)
        .header("accept", "text/html");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Body::from(form.unwrap_or_default().to_owned());
    service.send(request.body(body).unwrap()).await
}

const RIGHT: &str = "name=Ana&password=one+long+password&to=%2Fcollections";

/// Signs in; the cookie of the session and the secret of its forms.
async fn signed_in(service: &Service) -> (String, String) {
    session_of(service, RIGHT).await
}

/// The same of whom the form names.
pub async fn session_of(service: &Service, form: &str) -> (String, String) {
    let answer = send(service, "/sign-in", &[("origin", OWN)], Some(form)).await;
    let cookie = answer.header("set-cookie");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = send(service, "/account", &[("cookie", &cookie)], None).await;
    let page = text(&page);
    let (_, rest) = page.split_once(r#"name="csrf" value=""#).unwrap();
    (cookie, rest.split('"').next().unwrap().to_owned())
}

pub fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_signs_in_is_led_on_with_a_cookie_that_scripts_do_not_see(pool: PgPool) {
    let service = with_ana(pool).await;
    let answer = send(&service, "/sign-in", &[("origin", OWN)], Some(RIGHT)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer.header("location"),
        "https://example.org/cadastre/collections"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let cookie = answer.header("set-cookie");
    let (value, attributes) = cookie.split_once("; ").unwrap();
    let id = value.strip_prefix("__Host-cadastre-session=").unwrap();
    assert_eq!(id.len(), 43);
    assert_eq!(
        attributes,
        "Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"
    );
    let again = send(&service, "/sign-in", &[("origin", OWN)], Some(RIGHT)).await;
    assert_ne!(
        again.header("set-cookie"),
        cookie,
        "every session is a new one"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_does_not_is_told_why_on_the_page(pool: PgPool) {
    let service = with_ana(pool).await;
    for form in [
        "name=ana&password=another+password",
        "name=petar&password=one+long+password",
        "name=&password=",
        "name=a%00na&password=%00",
        "",
    ] {
        let path = "/sign-in?lang=sr-Cyrl";
        let answer = send(&service, path, &[("origin", OWN)], Some(form)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
        assert_eq!(answer.header("set-cookie"), "", "{form}");
        let page = text(&answer);
        assert!(page.contains("Име или лозинка нису исправни"), "{page}");
        assert!(!page.contains("another password"), "{page}");
    }
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
    ] {
        let answer = send(&service, "/sign-in", headers, Some(RIGHT)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn guessing_on_the_page_is_slowed_down_too(pool: PgPool) {
    let service = with_ana(pool).await;
    let guess = async || {
        let form = Some("name=ana&password=guess");
        send(&service, "/sign-in", &[("origin", OWN)], form).await
    };
    for _ in 0..10 {
        assert_eq!(guess().await.status, StatusCode::FORBIDDEN);
    }
    let answer = guess().await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!answer.header("retry-after").is_empty());
    assert!(text(&answer).contains("Too many sign-ins failed"));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tokens_are_made_shown_once_used_and_revoked(pool: PgPool) {
    let service = with_ana(pool).await;
    let (cookie, csrf) = signed_in(&service).await;
    let headers = [("origin", OWN), ("cookie", cookie.as_str())];
    let form = format!("csrf={csrf}&label=QGIS+%3Cb%3E&days=30");
    let shown = send(&service, "/account/tokens", &headers, Some(&form)).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.header("cache-control"), "no-store");
    let shown = text(&shown);
    let (_, token) = shown.split_once("<code>cadastre_").unwrap();
    let token = format!("Bearer cadastre_{}", token.split('<').next().unwrap());
    let known = service.get_with("/account", "authorization", &token).await;
    assert_eq!(known.json()["signedInBy"], "token");

    let page = text(&send(&service, "/account", &headers, None).await);
    assert!(
        page.contains("QGIS &#60;b&#62;") && !page.contains("cadastre_"),
        "{page}"
    );
    let revoke = "/account/tokens/1/revoke";
    let form = format!("csrf={csrf}");
    let without = send(&service, revoke, &headers, Some("")).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    let revoked = send(&service, revoke, &headers, Some(&form)).await;
    assert_eq!(revoked.status, StatusCode::SEE_OTHER);
    let refused = service.get_with("/account", "authorization", &token).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    for (path, form, status) in [
        (
            "/account/tokens/2/revoke",
            form.clone(),
            StatusCode::NOT_FOUND,
        ),
        (
            "/account/tokens/x/revoke",
            form.clone(),
            StatusCode::NOT_FOUND,
        ),
        (
            "/account/tokens",
            format!("{form}&days=0"),
            StatusCode::BAD_REQUEST,
        ),
        (
            "/account/tokens",
            format!("{form}&label={:0101}", 0),
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let answer = send(&service, path, &headers, Some(&form)).await;
        assert_eq!(answer.status, status, "{path} {form}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_signs_out_is_out(pool: PgPool) {
    let service = with_ana(pool).await;
    let (cookie, csrf) = signed_in(&service).await;
    let headers = [("origin", OWN), ("cookie", cookie.as_str())];
    let form = format!("csrf={csrf}");
    let answer = send(&service, "/sign-out", &headers, Some(&form)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer.header("set-cookie"),
        "__Host-cadastre-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    );
    let page = send(&service, "/account", &headers, None).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(
        page.header("location"),
        "https://example.org/cadastre/sign-in?f=html&lang=en&to=/account"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_pages_are_in_three_languages_and_in_no_frame(pool: PgPool) {
    let service = with_ana(pool).await;
    let (cookie, _) = signed_in(&service).await;
    for (path, titles) in [
        ("/sign-in", ["Prijava", "Пријава", "Sign in"]),
        ("/account", ["Nalog ana", "Налог ana", "Account ana"]),
    ] {
        for (lang, title) in ["sr-Latn", "sr-Cyrl", "en"].into_iter().zip(titles) {
            let path = format!("{path}?lang={lang}");
            let answer = send(&service, &path, &[("cookie", &cookie)], None).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let page = text(&answer);
            assert!(page.contains(&format!("<html lang=\"{lang}\">")), "{path}");
            assert!(page.contains(&format!("<title>{title}</title>")), "{path}");
            assert!(!page.contains("<script"), "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        }
    }
    let path = "/sign-in?to=https%3A%2F%2Fevil.example%2F";
    let page = text(&send(&service, path, &[], None).await);
    assert!(page.contains(r#"name="to" value="/account""#), "{page}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn without_a_provider_there_is_no_way_to_one(pool: PgPool) {
    let service = with_ana(pool).await;
    for path in ["/sign-in/provider", "/sign-in/return?code=a&state=b"] {
        assert_eq!(
            service.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let page = text(&send(&service, "/sign-in", &[], None).await);
    assert!(!page.contains("/sign-in/provider"), "{page}");
}
