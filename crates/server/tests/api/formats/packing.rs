//! How formats travel: headers alone, and packed for those who ask.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use sqlx::postgres::PgPool;

use super::FORMATS;
use crate::common::Service;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_package_is_not_made_to_be_told_of(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (name, content_type, _) in FORMATS {
        let path = format!("/collections/facilities/download/{name}");
        let head = Request::head(&path).body(Body::empty()).unwrap();
        let answer = service.send(head).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
        assert_eq!(answer.header("content-type"), *content_type);
        assert!(!answer.header("content-disposition").is_empty());
        assert_ne!(answer.header("content-length"), "0", "{name}");
        assert!(answer.header("etag").starts_with("W/"), "{name}");
    }
}

/// Who does not ask gets plain bytes; who asks gets the same in fewer.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn texts_are_packed_for_those_who_ask(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (name, ..) in FORMATS {
        let path = format!("/collections/facilities/download/{name}");
        let plain = service.get(&path).await;
        assert_eq!(plain.header("content-encoding"), "", "{name}");
        let packed_already = ["gpkg", "xlsx", "shp"].contains(name);
        for coding in ["gzip", "br", "zstd"] {
            let packed = service.get_with(&path, "accept-encoding", coding).await;
            if packed_already {
                assert_eq!(packed.header("content-encoding"), "", "{name}");
                continue;
            }
            assert_eq!(packed.header("content-encoding"), coding, "{name}");
            assert!(packed.body.len() < plain.body.len(), "{name}");
            let vary: Vec<_> = packed.headers.get_all("vary").iter().collect();
            let vary = format!("{vary:?}").to_lowercase();
            assert!(
                vary.contains("accept-encoding") && vary.contains("accept-language"),
                "{vary}"
            );
            assert!(packed.header("etag").starts_with("W/"));
        }
    }
    let path = "/collections/facilities/items/1";
    let strong = service.get(path).await.header("etag").to_owned();
    let packed = service.get_with(path, "accept-encoding", "gzip").await;
    assert_eq!(packed.header("etag"), format!("W/{strong}"));
    let again = service
        .get_with(path, "if-none-match", packed.header("etag"))
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}
