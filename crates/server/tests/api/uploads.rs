//! Files that people send: who may, how they arrive, what is answered. What the queue makes of them is
//! tried with the built program.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::account::{Rights, Role, Secret};
use serde_json::json;
use server::account::secrets::digest;
use server::uploads::Uploads;
use sqlx::postgres::PgPool;
use store::Store;
use store::account::NewAccount;
use store::account::change::Act;
use store::account::token::NewToken;

use crate::common::{Answer, Service, moment, no_rasters};

/// A service that takes files, and somebody of each role, whose token is the role's name.
struct Taking {
    service: Service,
    _folder: tempfile::TempDir,
}

impl Taking {
    async fn over(pool: PgPool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::over(pool);
        for (name, role) in [
            ("ana", Role::Surveyor),
            ("bora", Role::Surveyor),
            ("rada", Role::Reviewer),
            ("vera", Role::Analyst),
        ] {
            sign_up(&store, name, role).await;
        }
        let app = server::App {
            store: store.clone(),
            rasters: no_rasters(),
            uploads: Uploads::new(folder.path().to_owned()),
            config: server::Config::default(),
        };
        Self {
            service: Service {
                router: server::router(app),
                store,
            },
            _folder: folder,
        }
    }

    async fn ask(
        &self,
        who: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &'static str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !who.is_empty() {
            request = request.header("authorization", format!("Bearer cadastre_{who}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.service
            .send(request.body(Body::from(body)).unwrap())
            .await
    }
}

async fn sign_up(store: &Store, name: &str, role: Role) {
    let made = moment("2026-01-01T00:00:00Z");
    let account = NewAccount {
        name: name.parse().unwrap(),
        rights: Rights {
            role,
            regions: Vec::new(),
        },
        password_hash: None,
        identity: None,
    };
    let account = store
        .create_account(&account, Act::command("test", made))
        .await
        .unwrap()
        .unwrap();
    let token = NewToken {
        account,
        digest: digest(&Secret::new(format!("cadastre_{name}"))),
        label: String::new(),
        expires_at: None,
    };
    store
        .create_token(&token, Act::command("test", made))
        .await
        .unwrap();
}

impl Answer {
    fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn kind(answer: &Answer) -> String {
    let kind = answer.json()["type"].as_str().unwrap().to_owned();
    kind.rsplit('/').next().unwrap().to_owned()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_file_is_taken_from_those_who_may_send(pool: PgPool) {
    let taking = Taking::over(pool).await;
    for (who, status) in [
        ("", StatusCode::UNAUTHORIZED),
        ("vera", StatusCode::FORBIDDEN),
        ("ana", StatusCode::CREATED),
    ] {
        let path = "/uploads?file=a.csv&layer=dams&comment=first";
        let answer = taking.ask(who, "POST", path, &[], "code\n1\n").await;
        assert_eq!(answer.status, status, "{who}");
    }
    let seen = taking.ask("ana", "GET", "/uploads/1", &[], "").await.json();
    assert_eq!(
        [
            &seen["state"],
            &seen["file_name"],
            &seen["size_bytes"],
            &seen["reading"],
            &seen["comment"]
        ],
        [
            &json!("received"),
            &json!("a.csv"),
            &json!(7),
            &json!({"layer": "dams"}),
            &json!("first")
        ]
    );
    let original = taking.ask("ana", "GET", "/uploads/1/original", &[], "");
    assert_eq!(original.await.body_text(), "code\n1\n");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_upload_is_seen_by_its_sender_and_by_reviewers(pool: PgPool) {
    let taking = Taking::over(pool).await;
    taking
        .ask("ana", "POST", "/uploads?file=a.csv", &[], "x")
        .await;
    for path in ["", "/original", "/report", "/preview", "/events"] {
        let path = format!("/uploads/1{path}");
        let other = taking.ask("bora", "GET", &path, &[], "").await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(kind(&other), "no-such-upload");
        let nobody = taking.ask("", "GET", &path, &[], "").await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for (who, seen) in [("ana", 1), ("bora", 0), ("rada", 1)] {
        let list = taking.ask(who, "GET", "/uploads", &[], "").await.json();
        assert_eq!(list["uploads"].as_array().unwrap().len(), seen, "{who}");
    }
    for action in ["publish", "reject"] {
        let path = format!("/uploads/1/{action}");
        let other = taking.ask("bora", "POST", &path, &[], "").await;
        assert!(other.status.is_client_error(), "{action}");
    }
    let own = taking
        .ask("ana", "POST", "/uploads/1/publish", &[], "")
        .await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let withdrawn = taking
        .ask("ana", "POST", "/uploads/1/reject", &[], "")
        .await;
    assert_eq!(withdrawn.json()["state"], "rejected");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_form_of_a_browser_sends_a_file_and_goes_on_to_its_page(pool: PgPool) {
    let taking = Taking::over(pool).await;
    let form = "--x\r\ncontent-disposition: form-data; name=\"layer\"\r\n\r\ndams\r\n\
        --x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"brane.csv\"\r\n\r\n\
        code\n1\n\r\n--x--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=x")];
    let sent = taking.ask("ana", "POST", "/uploads", &headers, form).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = [("accept", "text/html")];
    let page = taking.ask("ana", "GET", "/uploads/1?lang=sr-Cyrl", &page, "");
    let page = page.await.body_text();
    assert!(
        page.contains("brane.csv") && page.contains("Слање 1"),
        "{page}"
    );
    let original = taking.ask("ana", "GET", "/uploads/1/original", &[], "");
    assert_eq!(original.await.body_text(), "code\n1\n");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_file_arrives_in_parts(pool: PgPool) {
    let taking = Taking::over(pool).await;
    let begin = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", "6"),
        // `part.csv` and `dams`.
        ("upload-metadata", "filename cGFydC5jc3Y=,layer ZGFtcw=="),
    ];
    let begun = taking.ask("ana", "POST", "/uploads", &begin, "").await;
    assert_eq!(begun.status, StatusCode::CREATED);
    assert!(begun.header("location").ends_with("/uploads/1/content"));
    let part = |from: &'static str| {
        [
            ("upload-offset", from),
            ("content-type", "application/offset+octet-stream"),
        ]
    };
    let content = "/uploads/1/content";
    let first = taking.ask("ana", "PATCH", content, &part("0"), "abc").await;
    assert_eq!(
        (first.status, first.header("upload-offset")),
        (StatusCode::NO_CONTENT, "3")
    );
    let elsewhere = taking.ask("ana", "PATCH", content, &part("1"), "x").await;
    assert_eq!(elsewhere.status, StatusCode::CONFLICT);
    let here = taking.ask("ana", "HEAD", content, &[], "").await;
    assert_eq!(
        [here.header("upload-offset"), here.header("upload-length")],
        ["3", "6"]
    );
    let too_long = taking.ask("bora", "PATCH", content, &part("3"), "x").await;
    assert_eq!(too_long.status, StatusCode::NOT_FOUND);
    taking.ask("ana", "PATCH", content, &part("3"), "def").await;
    let seen = taking.ask("ana", "GET", "/uploads/1", &[], "").await.json();
    // What sha256sum says of the six letters.
    assert_eq!(
        [&seen["state"], &seen["sha256"]],
        [
            &json!("received"),
            &json!("bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721")
        ]
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_same_key_is_the_same_upload(pool: PgPool) {
    let taking = Taking::over(pool).await;
    let key = [("idempotency-key", "survey-17")];
    for status in [StatusCode::CREATED, StatusCode::OK] {
        let sent = taking
            .ask("ana", "POST", "/uploads?file=a.csv", &key, "x")
            .await;
        assert_eq!((sent.status, sent.json()["id"].as_i64()), (status, Some(1)));
    }
    // What another calls so is another's.
    let other = taking
        .ask("bora", "POST", "/uploads?file=a.csv", &key, "x")
        .await;
    assert_eq!(other.status, StatusCode::CREATED);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_cannot_be_taken_is_said(pool: PgPool) {
    let taking = Taking::over(pool).await;
    for (path, body, status, named) in [
        ("/uploads", "x", StatusCode::BAD_REQUEST, "bad-upload"),
        (
            "/uploads?file=..",
            "x",
            StatusCode::BAD_REQUEST,
            "bad-upload",
        ),
        (
            "/uploads?file=a.csv&layer=nonsense",
            "x",
            StatusCode::BAD_REQUEST,
            "bad-upload",
        ),
        (
            "/uploads?file=a.tif&layer=dams",
            "x",
            StatusCode::BAD_REQUEST,
            "bad-upload",
        ),
        (
            "/uploads?file=a.tif&surveyed=yesterday",
            "x",
            StatusCode::BAD_REQUEST,
            "bad-upload",
        ),
    ] {
        let answer = taking.ask("ana", "POST", path, &[], body).await;
        assert_eq!((answer.status, &*kind(&answer)), (status, named), "{path}");
    }
    let none = taking.ask("rada", "GET", "/uploads/1", &[], "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_under_way_is_not_decided(pool: PgPool) {
    let taking = Taking::over(pool).await;
    taking
        .ask("ana", "POST", "/uploads?file=a.csv", &[], "x")
        .await;
    for (method, path) in [
        ("POST", "/uploads/1/publish"),
        ("PATCH", "/uploads/1"),
        ("GET", "/uploads/1/report"),
        ("GET", "/uploads/1/preview"),
    ] {
        let answer = taking.ask("rada", method, path, &[], "{}").await;
        assert_eq!(kind(&answer), "wrong-upload-state", "{method} {path}");
    }
}

/// Browsers ask for packed answers: a packer keeps events back, and asked for more after the last one.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_events_of_an_upload_are_not_packed_and_end(pool: PgPool) {
    let taking = Taking::over(pool).await;
    taking
        .ask("ana", "POST", "/uploads?file=a.csv", &[], "x")
        .await;
    taking
        .ask("ana", "POST", "/uploads/1/reject", &[], "")
        .await;
    let packed = [("accept-encoding", "gzip, br, zstd")];
    let answer = taking
        .ask("ana", "GET", "/uploads/1/events", &packed, "")
        .await;
    assert_eq!(answer.header("content-encoding"), "");
    let text = answer.body_text();
    assert!(
        text.starts_with("data: ") && text.contains("rejected"),
        "{text}"
    );
}
