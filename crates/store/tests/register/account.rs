//! Accounts, tokens and sessions.

use chrono::TimeDelta;
use domain::account::{AccountChangeKind as Kind, Rights, Role, Secret, UserName};
use sqlx::postgres::PgPool;
use store::Store;
use store::account::NewAccount;
use store::account::change::Act;
use store::account::session::NewSession;
use store::account::token::NewToken;

use crate::common::moment;

const MADE: &str = "2026-01-01T00:00:00Z";

/// Of somebody at a moment.
fn act(at: &str) -> Act<'static> {
    Act::command("test", moment(at))
}

fn name(text: &str) -> UserName {
    text.parse().unwrap()
}

fn hash(text: &str) -> Secret {
    Secret::new(format!("$argon2id$v=19$m=19456,t=2,p=1${text}"))
}

fn editor(of: &str) -> NewAccount {
    NewAccount {
        name: name(of),
        rights: Rights {
            role: Role::Editor,
            regions: vec!["RS-14".parse().unwrap(), "70327".parse().unwrap()],
        },
        password_hash: Some(hash("one")),
        identity: None,
    }
}

async fn with_ana(pool: PgPool) -> (Store, i64) {
    let store = Store::over(pool);
    let id = store.create_account(&editor("ana"), act(MADE)).await;
    (store, id.unwrap().unwrap())
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_account_reads_back_and_its_name_is_its_own(pool: PgPool) {
    let (store, id) = with_ana(pool).await;
    let ana = store.account(&name("Ana")).await.unwrap().unwrap();
    assert_eq!((ana.id, &ana.name), (id, &name("ana")));
    assert_eq!(ana.rights, editor("ana").rights);
    assert_eq!(ana.password_hash, Some(hash("one")));
    assert_eq!((ana.created_at, ana.disabled_at), (moment(MADE), None));
    let again = store.create_account(&editor("ana"), act(MADE)).await;
    assert_eq!(again.unwrap(), None);
    assert!(store.account(&name("petar")).await.unwrap().is_none());
    assert!(!format!("{ana:?}").contains("argon2"));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_role_fits_its_column(pool: PgPool) {
    use domain::code_list::Coded;
    let store = Store::over(pool);
    for role in Role::ALL {
        let mut account = editor(role.code());
        account.rights.role = *role;
        let made = store.create_account(&account, act(MADE)).await;
        assert!(made.unwrap().is_some(), "{role}");
    }
    assert_eq!(store.accounts().await.unwrap().len(), Role::ALL.len());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn rights_and_passwords_change_and_accounts_are_closed(pool: PgPool) {
    let (store, _) = with_ana(pool).await;
    let (ana, nobody) = (name("ana"), name("nobody"));
    let now = moment("2026-02-01T00:00:00Z");
    let by = Act::command("test", now);
    assert!(
        store
            .change_rights(&ana, &Rights::default(), by)
            .await
            .unwrap()
    );
    assert!(store.change_password(&ana, &hash("two"), by).await.unwrap());
    assert!(store.disable_account(&ana, by).await.unwrap());
    let later = now + TimeDelta::days(1);
    assert!(
        store
            .disable_account(&ana, Act::command("test", later))
            .await
            .unwrap()
    );
    let found = store.account(&ana).await.unwrap().unwrap();
    assert_eq!(found.rights, Rights::default());
    assert_eq!(found.password_hash, Some(hash("two")));
    assert_eq!(found.disabled_at, Some(now), "the first time counts");
    assert!(store.enable_account(&ana, by).await.unwrap());
    assert_eq!(
        store.account(&ana).await.unwrap().unwrap().disabled_at,
        None
    );
    assert!(
        !store
            .change_rights(&nobody, &Rights::default(), by)
            .await
            .unwrap()
    );
    assert!(
        !store
            .change_password(&nobody, &hash("two"), by)
            .await
            .unwrap()
    );
    assert!(!store.disable_account(&nobody, by).await.unwrap());
    assert!(!store.enable_account(&nobody, by).await.unwrap());
}

fn token(account: i64, byte: u8, expires_at: Option<&str>) -> NewToken {
    NewToken {
        account,
        digest: [byte; 32],
        label: "QGIS".to_owned(),
        expires_at: expires_at.map(moment),
    }
}

/// Whether a token counts at a moment.
async fn counts(store: &Store, byte: u8, at: &str) -> bool {
    let found = store.account_of_token(&[byte; 32], moment(at)).await;
    found
        .unwrap()
        .is_some_and(|account| account.name == name("ana"))
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_token_counts_until_it_ends(pool: PgPool) {
    let (store, ana) = with_ana(pool).await;
    let [forever, short] = [
        token(ana, 1, None),
        token(ana, 2, Some("2026-01-02T00:00:00Z")),
    ];
    let forever = store.create_token(&forever, act(MADE)).await.unwrap();
    store.create_token(&short, act(MADE)).await.unwrap();
    for (byte, at, expected) in [
        (1, "2026-01-01T23:59:59Z", true),
        (1, "2036-01-01T00:00:00Z", true),
        (2, "2026-01-01T23:59:59Z", true),
        (2, "2026-01-02T00:00:00Z", false),
        (3, "2026-01-01T23:59:59Z", false),
    ] {
        assert_eq!(counts(&store, byte, at).await, expected, "{byte} {at}");
    }
    let by = act("2026-01-03T00:00:00Z");
    assert!(
        !store
            .revoke_token(forever, Some(ana + 1), by)
            .await
            .unwrap()
    );
    assert!(counts(&store, 1, "2026-01-03T00:00:00Z").await);
    assert!(store.revoke_token(forever, Some(ana), by).await.unwrap());
    assert!(!counts(&store, 1, "2026-01-03T00:00:00Z").await);
    assert!(!store.revoke_token(999, None, by).await.unwrap());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_last_use_of_a_token_is_noted_to_the_minute(pool: PgPool) {
    let (store, ana) = with_ana(pool).await;
    let made = store.create_token(&token(ana, 1, None), act(MADE)).await;
    assert!(made.is_ok());
    for (used, noted) in [
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("2026-01-01T10:00:59Z", "2026-01-01T10:00:00Z"),
        ("2026-01-01T10:01:00Z", "2026-01-01T10:01:00Z"),
    ] {
        assert!(counts(&store, 1, used).await);
        let tokens = store.tokens(Some(ana)).await.unwrap();
        assert_eq!(tokens[0].last_used_at, Some(moment(noted)), "{used}");
    }
    let [all, none] = [None, Some(ana + 1)].map(|of| store.tokens(of));
    let all = all.await.unwrap();
    assert_eq!(
        (all[0].account.as_str(), all[0].label.as_str()),
        ("ana", "QGIS")
    );
    assert_eq!(none.await.unwrap(), []);
}

fn session(account: i64, byte: u8, expires_at: &str) -> NewSession {
    NewSession {
        digest: [byte; 32],
        account,
        csrf_secret: Secret::new(format!("secret {byte}")),
        expires_at: moment(expires_at),
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_session_counts_until_it_ends(pool: PgPool) {
    let (store, ana) = with_ana(pool.clone()).await;
    let now = moment("2026-01-01T06:00:00Z");
    for (byte, end) in [(1, "2026-01-01T12:00:00Z"), (2, "2026-01-01T05:00:00Z")] {
        let session = session(ana, byte, end);
        store.open_session(&session, moment(MADE)).await.unwrap();
    }
    let of = async |byte: u8, at: &str| {
        let found = store.account_of_session(&[byte; 32], moment(at)).await;
        found.unwrap().map(|(account, csrf)| (account.name, csrf))
    };
    let known = Some((name("ana"), Secret::new("secret 1")));
    assert_eq!(of(1, "2026-01-01T11:59:59Z").await, known);
    assert_eq!(of(1, "2026-01-01T12:00:00Z").await, None);
    assert_eq!(of(2, "2026-01-01T06:00:00Z").await, None);
    // What has ended goes when the next one begins.
    let third = session(ana, 3, "2026-01-01T12:00:00Z");
    store.open_session(&third, now).await.unwrap();
    let kept: i64 = sqlx::query_scalar("select count(*) from session")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept, 2);
    store.close_session(&[1; 32]).await.unwrap();
    assert_eq!(of(1, "2026-01-01T06:00:00Z").await, None);
    // Another password ends the others.
    assert!(of(3, "2026-01-01T06:00:00Z").await.is_some());
    store
        .change_password(&name("ana"), &hash("two"), act(MADE))
        .await
        .unwrap();
    assert_eq!(of(3, "2026-01-01T06:00:00Z").await, None);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_disabled_account_has_no_way_in(pool: PgPool) {
    let (store, ana) = with_ana(pool).await;
    let at = "2026-01-01T06:00:00Z";
    store
        .create_token(&token(ana, 1, None), act(MADE))
        .await
        .unwrap();
    let session = session(ana, 2, "2026-01-01T12:00:00Z");
    store.open_session(&session, moment(MADE)).await.unwrap();
    assert!(counts(&store, 1, at).await);
    store.disable_account(&name("ana"), act(at)).await.unwrap();
    assert!(!counts(&store, 1, at).await);
    let found = store.account_of_session(&[2; 32], moment(at)).await;
    assert!(found.unwrap().is_none());
}

/// Each act is kept once, with what it was about; what changed nothing is none.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_was_done_to_accounts_is_kept(pool: PgPool) {
    let (store, ana) = with_ana(pool.clone()).await;
    let (of, by) = (name("ana"), act("2026-02-01T00:00:00Z"));
    let boss = Act::signed_in("boss", moment("2026-02-02T00:00:00Z"));
    for _ in 0..2 {
        store
            .change_rights(&of, &Rights::default(), boss)
            .await
            .unwrap();
        store
            .bind_identity(&of, "https://id.example.org 17", by)
            .await
            .unwrap();
        store.disable_account(&of, boss).await.unwrap();
    }
    for _ in 0..2 {
        store.enable_account(&of, by).await.unwrap();
    }
    store
        .change_password(&of, &hash("two"), boss)
        .await
        .unwrap();
    let labelled = NewToken {
        label: "QGIS".to_owned(),
        ..token(ana, 7, None)
    };
    let made = store.create_token(&labelled, by).await.unwrap();
    for of in [Some(ana + 1), Some(ana), None] {
        store.revoke_token(made, of, boss).await.unwrap();
    }
    store.create_account(&editor("petar"), by).await.unwrap();
    store.create_account(&editor("petar"), by).await.unwrap();
    let kept = store.account_changes(Some(&of), 100).await.unwrap();
    let told: Vec<_> = kept
        .iter()
        .rev()
        .map(|one| (one.kind, &*one.made_by))
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Made, "test"),
            (Kind::Rights, "boss"),
            (Kind::Identity, "test"),
            (Kind::Disabled, "boss"),
            (Kind::Enabled, "test"),
            (Kind::Password, "boss"),
            (Kind::TokenMade, "test"),
            (Kind::TokenRevoked, "boss"),
        ]
    );
    assert_eq!(kept[7].rights, Some(editor("ana").rights));
    assert_eq!(kept[6].rights, Some(Rights::default()));
    assert_eq!((kept[6].means, kept[6].made_at), (boss.means, boss.at));
    assert_eq!(kept[0].token, Some((made, "QGIS".to_owned())));
    let all = store.account_changes(None, 1).await.unwrap();
    assert_eq!((all.len(), &*all[0].account), (1, "petar"));
    let secrets = "select count(*) from account_change c where c::text ~ 'argon2|id.example.org' \
                   or c::text like '%' || repeat('07', 32) || '%'";
    let secrets: i64 = sqlx::query_scalar(secrets).fetch_one(&pool).await.unwrap();
    assert_eq!(secrets, 0);
}
