//! Files of surveys: whole, in parts, and not again.

use axum::body::Body;
use axum::http::Request;
use sqlx::postgres::PgPool;

use crate::common::Answer;
use crate::surveyed::{Surveyed, digest};

impl Surveyed {
    async fn asked(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.service
            .send(request.body(Body::empty()).unwrap())
            .await
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_image_comes_whole_and_in_parts(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let path = format!("{}/image.tif", surveyed.terrain);
    let file = surveyed
        .folder
        .path()
        .join(format!("images/{}.tif", digest('d')));
    let bytes = std::fs::read(file).unwrap();
    let whole = surveyed.asked("GET", &path, &[]).await;
    assert_eq!((whole.status.as_u16(), &whole.body), (200, &bytes));
    for (name, wanted) in [
        (
            "content-type",
            "image/tiff; application=geotiff; profile=cloud-optimized",
        ),
        ("accept-ranges", "bytes"),
        ("etag", &format!("\"{}\"", digest('d'))),
        ("content-length", &bytes.len().to_string()),
        (
            "content-disposition",
            "attachment; filename=\"pond-dtm.tif\"",
        ),
        ("cache-control", "public, no-cache"),
    ] {
        assert_eq!(whole.header(name), wanted, "{name}");
    }
    let head = surveyed
        .asked("HEAD", &path, &[("range", "bytes=0-9")])
        .await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), bytes.len().to_string());
    let size = bytes.len();
    for (range, start, end) in [
        ("bytes=0-15", 0, 16),
        ("bytes=100-", 100, size),
        ("bytes=-7", size - 7, size),
        ("bytes=50-99999999", 50, size),
    ] {
        let part = surveyed.asked("GET", &path, &[("range", range)]).await;
        assert_eq!(
            (part.status.as_u16(), &part.body[..]),
            (206, &bytes[start..end]),
            "{range}"
        );
        let place = format!("bytes {start}-{}/{size}", end - 1);
        assert_eq!(part.header("content-range"), place);
        assert_eq!(part.header("content-length"), (end - start).to_string());
        assert_eq!(part.header("etag"), whole.header("etag"));
    }
    let beyond = surveyed
        .asked("GET", &path, &[("range", "bytes=99999999-")])
        .await;
    assert_eq!((beyond.status.as_u16(), beyond.body.len()), (416, 0));
    assert_eq!(beyond.header("content-range"), format!("bytes */{size}"));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn several_parts_come_as_one_answer(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let path = format!("{}/original.tif", surveyed.terrain);
    let answer = surveyed
        .asked("GET", &path, &[("range", "bytes=0-2, -5")])
        .await;
    assert_eq!(answer.status.as_u16(), 206);
    let boundary = digest('a');
    assert_eq!(
        answer.header("content-type"),
        format!("multipart/byteranges; boundary={boundary}")
    );
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
    let head = |place: &str| {
        format!(
            "\r\n--{boundary}\r\nContent-Type: image/tiff; application=geotiff\r\n\
             Content-Range: bytes {place}/18\r\n\r\n"
        )
    };
    let wanted = format!(
        "{}the{}bytes\r\n--{boundary}--\r\n",
        head("0-2"),
        head("13-17")
    );
    assert_eq!(String::from_utf8(answer.body).unwrap(), wanted);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn conditions_save_the_transfer(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let path = format!("{}/original.tif", surveyed.terrain);
    let tag = format!("\"{}\"", digest('a'));
    let part = ("range", "bytes=4-11");
    for (condition, value, status, body) in [
        ("if-none-match", tag.as_str(), 304, ""),
        ("if-none-match", "\"other\"", 206, "original"),
        ("if-range", &tag, 206, "original"),
        ("if-range", "\"other\"", 200, "the original bytes"),
        (
            "if-range",
            "Sat, 29 Oct 1994 19:43:31 GMT",
            200,
            "the original bytes",
        ),
        ("if-match", "\"other\"", 412, ""),
    ] {
        let answer = surveyed
            .asked("GET", &path, &[part, (condition, value)])
            .await;
        assert_eq!(answer.status.as_u16(), status, "{condition}: {value}");
        assert_eq!(answer.body, body.as_bytes(), "{condition}: {value}");
        assert_eq!(answer.header("etag"), tag, "{condition}: {value}");
    }
    let original = surveyed.asked("GET", &path, &[]).await;
    assert_eq!(
        original.header("content-disposition"),
        "attachment; filename=\"_______1.tif\"; \
         filename*=UTF-8''%D1%81%D0%BD%D0%B8%D0%BC%D0%B0%D0%BA%201.tif"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn surveys_that_are_not_there_are_problems(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    for (path, status) in [
        ("/collections/surveys/items/999999/image.tif", 404),
        ("/collections/surveys/items/x/original.tif", 404),
        (&format!("{}/image.tif?width=3", surveyed.terrain), 400),
    ] {
        let answer = surveyed.asked("GET", path, &[]).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

/// Every link that is no template answers.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_survey_links_to_what_is_read_out_of_it(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let item = surveyed.asked("GET", &surveyed.terrain, &[]).await.json();
    let links = item["links"].as_array().unwrap();
    let ends = |end: &str| {
        links
            .iter()
            .any(|link| link["href"].as_str().unwrap().ends_with(end))
    };
    for end in [
        "/image.tif",
        "/original.tif",
        "/height?lon={lon}&lat={lat}",
        "/profile?line={line}&step_m={step_m}",
        "/statistics?facility={facility}",
    ] {
        assert!(ends(end), "no {end} in {links:?}");
    }
    for link in links.iter().filter(|link| link["templated"] != true) {
        let answer = surveyed
            .service
            .follow(link["href"].as_str().unwrap())
            .await;
        assert!(answer.status.is_success(), "{link}: {}", answer.status);
    }
    let item = surveyed
        .asked("GET", &surveyed.orthophoto, &[])
        .await
        .json();
    assert!(!item["links"].to_string().contains("/height"));
}
