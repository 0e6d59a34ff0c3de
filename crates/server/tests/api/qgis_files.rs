//! What QGIS opens and imports.

use std::io::{Cursor, Read};

use sqlx::postgres::PgPool;
use zip::ZipArchive;

use crate::common::{Answer, Service};

fn project(answer: &Answer) -> String {
    let mut archive = ZipArchive::new(Cursor::new(answer.body.clone())).unwrap();
    let mut text = String::new();
    archive
        .by_name("cadastre.qgs")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The names of elements in the order in which they begin; every one that begins has to end.
fn elements(document: &str) -> Vec<String> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    for part in document.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap();
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/', '\n'])
            .next()
            .unwrap();
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        if let Some(ended) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(ended));
        } else if !tag.starts_with(['!', '?']) {
            all.push(name.to_owned());
            if !tag.ends_with('/') {
                open.push(name.to_owned());
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    all
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_project_has_the_layers_with_data_under_the_public_address(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (lang, title, label) in [
        (
            "sr-Cyrl",
            "Објекти рударског отпада",
            "Флотацијско јаловиште",
        ),
        (
            "sr-Latn",
            "Objekti rudarskog otpada",
            "Flotacijsko jalovište",
        ),
        ("en", "Mining waste facilities", "Tailings pond"),
    ] {
        let path = format!("/qgis/cadastre.qgz?lang={lang}");
        let answer = service.get(&path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "application/x-qgis-project");
        let text = project(&answer);
        let layers = elements(&text)
            .iter()
            .filter(|name| *name == "maplayer")
            .count();
        assert_eq!(layers, 3, "facilities, districts and the tiles");
        assert!(
            text.contains(&format!("<layername>{title}</layername>")),
            "{lang}"
        );
        assert!(
            text.contains(&format!("name=\"{label}\" value=\"tailings_pond\"")),
            "{lang}"
        );
        assert!(text.contains("url='https://example.org/cadastre/' typename='facilities'"));
        assert!(!text.contains("\"contact\""), "a restricted field");
        let again = service.get_with(&path, "if-none-match", answer.header("etag"));
        assert_eq!(again.await.status, 304);
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn connections_are_documents(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in ["connections.xml", "vector-tiles.xml", "surveys.xml"] {
        let answer = service.get(&format!("/qgis/{path}?lang=en")).await;
        assert_eq!(answer.status, 200, "{path}");
        let text = String::from_utf8(answer.body.clone()).unwrap();
        assert!(!elements(&text).is_empty(), "{path}");
        assert_eq!(
            service.get(&format!("/qgis/{path}?x=1")).await.status,
            400,
            "{path}"
        );
    }
    let answer = service.get("/qgis/connections.xml?lang=en").await;
    insta::assert_snapshot!(String::from_utf8(answer.body).unwrap(), @r#"
    <!DOCTYPE connections>
    <qgsWFSConnections version="1.1">
    <wfs name="Mining Waste Cadastre" url="https://example.org/cadastre/" version="OGC_API_FEATURES" maxnumfeatures="" pagesize="" pagingenabled="true" ignoreAxisOrientation="false" invertAxisOrientation="false" username="" password=""/>
    </qgsWFSConnections>
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_guide_shows_its_pictures(pool: PgPool) {
    let service = Service::empty(pool);
    let page = service.get("/qgis?f=html&lang=sr-Cyrl").await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("img-src 'self'"), "{policy}");
    let page = String::from_utf8(page.body).unwrap();
    let pictures = page.split("<img src=\"").skip(1);
    let pictures: Vec<_> = pictures
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(pictures.len(), 4);
    for picture in pictures {
        let answer = service.follow(picture).await;
        assert_eq!(answer.header("content-type"), "image/png");
        assert!(answer.body.starts_with(b"\x89PNG"), "{picture}");
    }
    assert_eq!(service.get("/qgis/pictures/other.png").await.status, 404);
}
