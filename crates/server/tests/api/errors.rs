//! Every wrong request is told what is wrong and what to do.

use axum::http::StatusCode;
use insta::assert_json_snapshot;
use sqlx::postgres::PgPool;
use store::Store;

use crate::common::Service;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn bad_parameters_are_named_with_their_value(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (query, kind, names) in [
        ("limit=0", "bad-parameter", ["limit", "`0`"]),
        ("limit=-5", "bad-parameter", ["limit", "-5"]),
        ("limit=unlimited", "bad-parameter", ["limit", "unlimited"]),
        ("bbox=1,2,3", "bad-parameter", ["bbox", "1,2,3"]),
        ("bbox=1,2,3,91", "bad-parameter", ["bbox", "1,2,3,91"]),
        (
            "datetime=yesterday",
            "bad-parameter",
            ["datetime", "yesterday"],
        ),
        (
            "datetime=2021-01-01/2020-01-01",
            "bad-parameter",
            ["datetime", "2021-01-01/2020-01-01"],
        ),
        ("offset=-1", "bad-parameter", ["offset", "-1"]),
        (
            "offset=99999999999999999999",
            "bad-parameter",
            ["offset", "99999999999999999999"],
        ),
        ("cursor=x", "bad-parameter", ["cursor", "`x`"]),
        ("as-of=then", "bad-parameter", ["as-of", "then"]),
        ("status=opened", "bad-parameter", ["status", "opened"]),
        (
            "municipality=70328",
            "bad-parameter",
            ["municipality", "end in 7"],
        ),
        ("district=RS-99", "bad-parameter", ["district", "RS-99"]),
        ("height_m=tall", "bad-parameter", ["height_m", "tall"]),
        ("f=xml", "bad-parameter", ["`f`", "xml"]),
        ("lang=de", "bad-parameter", ["lang", "de"]),
        ("colour=red", "unknown-parameter", ["colour", "bbox"]),
        ("remarks=x", "unknown-parameter", ["remarks", "limit"]),
        ("limit=1&limit=2", "repeated-parameter", ["limit", "once"]),
    ] {
        let answer = service
            .get(&format!("/collections/facilities/items?{query}"))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{query}"
        );
        let problem = answer.json();
        assert_eq!(
            problem["type"],
            format!("https://example.org/cadastre/problems/{kind}"),
            "{query}"
        );
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            names.iter().all(|name| detail.contains(name)),
            "{query}: {detail}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_resource_refuses_unknown_parameters(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [
        "/",
        "/api",
        "/conformance",
        "/collections",
        "/collections/facilities",
        "/collections/facilities/schema",
        "/collections/facilities/queryables",
        "/collections/facilities/sortables",
        "/collections/facilities/items/1",
    ] {
        let answer = service.get(&format!("{path}?colour=red")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_does_not_exist_is_not_found(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [
        "/nowhere",
        "/collections/ponds",
        "/collections/ponds/items",
        "/collections/facilities/items/13",
        "/collections/facilities/items/one",
        "/collections/facilities/items/99999999999999999999",
        "/collections/revision/items",
    ] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_format_not_offered_is_not_acceptable(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let answer = service
        .get_with("/collections", "accept", "image/png")
        .await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_method_not_offered_is_not_allowed(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let request = axum::http::Request::post("/collections")
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = service.send(request).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn errors_speak_the_language_of_the_request(pool: PgPool) {
    let service = Service::empty(pool);
    let path = "/collections/ponds";
    let cyrillic = service
        .get_with(path, "accept-language", "de;q=0.9, sr;q=0.8")
        .await;
    assert_json_snapshot!(cyrillic.json(), @r#"
    {
      "type": "https://example.org/cadastre/problems/no-such-layer",
      "title": "Слој не постоји",
      "status": 404,
      "detail": "Слој `ponds` не постоји. Списак слојева је на `/collections`."
    }
    "#);
    let latin = service.get(&format!("{path}?lang=sr-Latn")).await;
    assert_json_snapshot!(latin.json()["detail"], @r#""Sloj `ponds` ne postoji. Spisak slojeva je na `/collections`.""#);
}

#[tokio::test]
async fn a_database_that_is_down_is_a_503_without_inner_words() {
    let nowhere = sqlx::postgres::PgPoolOptions::new()
        .acquire_timeout(std::time::Duration::from_millis(200))
        .connect_lazy("postgres://nobody@127.0.0.1:1/nothing")
        .unwrap();
    let service = Service::empty(nowhere);
    for path in [
        "/collections",
        "/collections/facilities/items",
        "/collections/facilities/items/1",
    ] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.header("retry-after"), "5");
        let text = String::from_utf8(answer.body).unwrap();
        assert!(
            !text.contains("127.0.0.1") && !text.contains("sqlx"),
            "{text}"
        );
    }
    assert_eq!(service.get("/health/live").await.status, StatusCode::OK);
    assert_eq!(
        service.get("/health/ready").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    let _: Store = service.store;
}
