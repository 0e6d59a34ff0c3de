//! Parameters that are not what they should be, and attempts to say something to the database.

use axum::http::StatusCode;
use sqlx::postgres::PgPool;

use super::ITEMS;
use crate::common::Service;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_cannot_be_is_refused_with_the_way_out(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let other_order = "%7B%22sort%22:%22name%22,%22after%22:%5B%22a%22%5D,%22id%22:1%7D";
    let nul = "%7B%22sort%22:%22name%22,%22after%22:%5B%22%5Cu0000%22%5D,%22id%22:1%7D";
    let too_few = "%7B%22sort%22:%22name%22,%22after%22:%5B%5D,%22id%22:1%7D";
    let both = "%7B%22sort%22:%22%22,%22after%22:%5B%5D,%22before%22:%5B%5D,%22id%22:1%7D";
    let no_number = "%7B%22sort%22:%22height_m%22,%22after%22:%5B%22NaN%22%5D,%22id%22:1%7D";
    let long = "x".repeat(201);
    for (query, says) in [
        ("sortby=colour".to_owned(), "`sortables`"),
        ("sortby=".to_owned(), "`sortables`"),
        ("sortby=name,name".to_owned(), "each once"),
        ("sortby=commodities".to_owned(), "`sortables`"),
        ("sortby=contact".to_owned(), "`sortables`"),
        ("sortby=name;drop table facility".to_owned(), "`sortables`"),
        ("sortby=name desc--".to_owned(), "`sortables`"),
        (format!("cursor={other_order}"), "without `cursor`"),
        (
            format!("cursor={other_order}&sortby=-name"),
            "without `cursor`",
        ),
        (format!("cursor={nul}&sortby=name"), "`next` or `prev`"),
        (format!("cursor={too_few}&sortby=name"), "`next` or `prev`"),
        (
            format!("cursor={no_number}&sortby=height_m"),
            "`next` or `prev`",
        ),
        (format!("cursor={both}"), "`next` or `prev`"),
        ("cursor=1 or 1=1".to_owned(), "`next` or `prev`"),
        ("cursor=7&sortby=name".to_owned(), "without `cursor`"),
        ("cursor=%7B%7D".to_owned(), "`next` or `prev`"),
        ("properties=".to_owned(), "`schema`"),
        ("properties=name,colour".to_owned(), "`schema`"),
        ("properties=contact".to_owned(), "`schema`"),
        ("properties=name,(select 1)".to_owned(), "`schema`"),
        ("properties=name&f=erml".to_owned(), "columns of its own"),
        (
            "properties=name&f=global-registry".to_owned(),
            "columns of its own",
        ),
        ("skipGeometry=yes".to_owned(), "true or false"),
        ("zoom-level=25".to_owned(), "from 0 to 24"),
        ("zoom-level=-1".to_owned(), "from 0 to 24"),
        ("zoom-level=NaN".to_owned(), "from 0 to 24"),
        ("zoom-level=7&skipGeometry=true".to_owned(), "leave out"),
        ("q=".to_owned(), "give words"),
        ("q=,;%27--".to_owned(), "give words"),
        (format!("q={long}"), "give words"),
        ("resultType=index".to_owned(), "results or hits"),
        ("resultType=hits&f=gpkg".to_owned(), "`numberMatched`"),
        ("datetime=2014-01-01/P1H".to_owned(), "P2D"),
    ] {
        let path = format!("{ITEMS}?{}&lang=en", query.replace(' ', "%20"));
        let answer = service.get(&path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        let problem = answer.json();
        assert_eq!(
            problem["type"],
            "https://example.org/cadastre/problems/bad-parameter"
        );
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{query}: {detail}");
        let serbian = service.get(&path.replace("lang=en", "lang=sr-Cyrl")).await;
        assert_ne!(serbian.json()["detail"], detail, "{query}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_search_says_nothing_to_the_database(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for q in [
        "a'); drop table facility; --",
        "a:*&!b|(c",
        "\\' <-> 1",
        "$1",
        "%00x",
        "Ω é 字 ٣",
    ] {
        let q: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
        let answer = service.get(&format!("{ITEMS}?q={q}")).await;
        assert!(
            [200, 400].contains(&answer.status.as_u16()),
            "{q}: {}",
            answer.status
        );
    }
    assert_eq!(service.get(ITEMS).await.ids().len(), 12);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_whole_layer_has_no_pages_and_one_feature_no_order(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [
        "/collections/facilities/download/csv?resultType=hits",
        "/collections/facilities/download/csv?cursor=7",
        "/collections/facilities/items/1?sortby=name",
        "/collections/facilities/items/1?q=bor",
        "/collections/facilities/items/1?resultType=hits",
    ] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        let kind = "https://example.org/cadastre/problems/unknown-parameter";
        assert_eq!(answer.json()["type"], kind, "{path}");
    }
}
