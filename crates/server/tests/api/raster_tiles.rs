//! Tiles of raster surveys, and the documents that lead to them.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::layers::SURVEYS;
use raster::Library;
use serde_json::Value as Json;
use sqlx::postgres::PgPool;
use tempfile::TempDir;

use crate::common::{Service, record};

const DIGEST: &str = "5f0c";
const OGC_TILE: &str = "WebMercatorQuad/18/95244/147161";
const XYZ_TILE: &str = "xyz/18/147161/95244";
const TILES: &str = "/collections/surveys/items/1/tiles";

/// A service with one survey, whose image is 12 × 8 cells of half a metre.
async fn with_survey(pool: PgPool, kind: &str) -> (Service, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    std::fs::create_dir(&images).unwrap();
    let fixture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/a-raster.tif"
    );
    std::fs::copy(fixture, images.join(format!("{DIGEST}.tif"))).unwrap();
    let library = Arc::new(Library::new(folder.path().to_owned()));
    let service = Service::over(pool, library);
    let survey = [
        ("code", "RS-70327-001-dtm-20240501"),
        ("facility", "RS-70327-001"),
        ("kind", kind),
        ("surveyed_on", "2024-05-01"),
        ("horizontal_crs", "EPSG:6316"),
        ("image_sha256", DIGEST),
    ];
    service.publish(vec![record(&SURVEYS, &survey, None)]).await;
    (service, folder)
}

fn pretty(json: &Json) -> String {
    serde_json::to_string_pretty(json).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_survey_links_to_its_tiles(pool: PgPool) {
    let (service, _folder) = with_survey(pool, "dtm").await;
    let feature = service.get("/collections/surveys/items/1?lang=en").await;
    let mut links = feature.json()["links"].as_array().unwrap().clone();
    links.retain(|link| link["rel"] != "alternate");
    let links = links[4..7].to_vec();
    insta::assert_snapshot!(pretty(&links.into()), @r#"
    [
      {
        "href": "https://example.org/cadastre/collections/surveys/items/1/tiles",
        "rel": "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map",
        "type": "application/json",
        "title": "Tiles"
      },
      {
        "href": "https://example.org/cadastre/collections/surveys/items/1/tiles/hillshade/tilejson.json",
        "rel": "related",
        "type": "application/json",
        "title": "TileJSON: hillshade"
      },
      {
        "href": "https://example.org/cadastre/collections/surveys/items/1/tiles/hillshade/xyz/{z}/{x}/{y}.png",
        "rel": "related",
        "type": "image/png",
        "title": "XYZ: hillshade",
        "templated": true
      }
    ]
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tilejson_tells_where_and_how_fine_the_tiles_are(pool: PgPool) {
    let (service, _folder) = with_survey(pool, "dtm").await;
    let path = format!("{TILES}/terrain-rgb/tilejson.json?lang=en");
    insta::assert_snapshot!(pretty(&service.get(&path).await.json()), @r#"
    {
      "tilejson": "3.0.0",
      "name": "RS-70327-001-dtm-20240501: heights (Terrain-RGB)",
      "scheme": "xyz",
      "tiles": [
        "https://example.org/cadastre/collections/surveys/items/1/tiles/terrain-rgb/xyz/{z}/{x}/{y}.png"
      ],
      "bounds": [
        22.095739170521725,
        44.07480313704222,
        22.095814731427097,
        44.07483985316517
      ],
      "center": [
        22.09577695097441,
        44.07482149510369,
        18
      ],
      "minzoom": 18,
      "maxzoom": 18,
      "encoding": "mapbox"
    }
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_tileset_is_described_for_ogc_clients(pool: PgPool) {
    let (service, _folder) = with_survey(pool, "dtm").await;
    let list = service.get(&format!("{TILES}?lang=en")).await.json();
    insta::assert_snapshot!(pretty(&list["tilesets"][0]), @r#"
    {
      "title": "RS-70327-001-dtm-20240501: hillshade",
      "dataType": "map",
      "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
      "tileMatrixSetURI": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
      "links": [
        {
          "href": "https://example.org/cadastre/collections/surveys/items/1/tiles/hillshade/WebMercatorQuad",
          "rel": "self",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/tileMatrixSets/WebMercatorQuad",
          "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
          "type": "application/json"
        }
      ]
    }
    "#);
    let mut tileset = service
        .get(&format!("{TILES}/hillshade/WebMercatorQuad?lang=en"))
        .await
        .json();
    let limits = tileset["tileMatrixSetLimits"].take();
    assert_eq!(
        limits.as_array().unwrap().len(),
        1,
        "six metres show at zoom 18"
    );
    insta::assert_snapshot!(limits[0], @r#"{"tileMatrix":"18","minTileRow":95244,"maxTileRow":95244,"minTileCol":147161,"maxTileCol":147161}"#);
    insta::assert_snapshot!(pretty(&tileset), @r#"
    {
      "title": "RS-70327-001-dtm-20240501: hillshade",
      "dataType": "map",
      "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
      "tileMatrixSetURI": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
      "tileMatrixSetLimits": null,
      "boundingBox": {
        "lowerLeft": [
          22.095739170521725,
          44.07480313704222
        ],
        "upperRight": [
          22.095814731427097,
          44.07483985316517
        ],
        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
      },
      "links": [
        {
          "href": "https://example.org/cadastre/collections/surveys/items/1/tiles/hillshade/WebMercatorQuad?lang=en",
          "rel": "self",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/tileMatrixSets/WebMercatorQuad",
          "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/collections/surveys/items/1/tiles/hillshade/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}?f=png",
          "rel": "item",
          "type": "image/png",
          "templated": true
        },
        {
          "href": "https://example.org/cadastre/collections/surveys/items/1/tiles/hillshade/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}?f=webp",
          "rel": "item",
          "type": "image/webp",
          "templated": true
        }
      ]
    }
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_tiling_is_that_of_the_standard(pool: PgPool) {
    let (service, _folder) = with_survey(pool, "dtm").await;
    let list = service.get("/tileMatrixSets?lang=en").await.json();
    assert_eq!(list["tileMatrixSets"][0]["id"], "WebMercatorQuad");
    let tiling = service.get("/tileMatrixSets/WebMercatorQuad").await.json();
    // OGC 17-083r4, annex D.1: zooms 0 and 16.
    for (zoom, scale, cell) in [
        (0, 559_082_264.028_717_7, 156_543.033_928_041_02),
        (16, 8_530.918_335_399_433, 2.388_657_133_911_758),
    ] {
        let matrix = &tiling["tileMatrices"][zoom];
        let near = |name: &str, wanted: f64| {
            let value = matrix[name].as_f64().unwrap();
            assert!(
                (value / wanted - 1.0).abs() < 1e-12,
                "{name} of {zoom}: {value}"
            );
        };
        near("scaleDenominator", scale);
        near("cellSize", cell);
    }
    insta::assert_snapshot!(tiling["tileMatrices"][1], @r#"{"id":"1","scaleDenominator":279541132.0143589,"cellSize":78271.51696402048,"cornerOfOrigin":"topLeft","pointOfOrigin":[-20037508.342789244,20037508.342789244],"tileWidth":256,"tileHeight":256,"matrixWidth":2,"matrixHeight":2}"#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn both_addresses_give_the_same_picture(pool: PgPool) {
    let (service, _folder) = with_survey(pool, "dtm").await;
    for style in ["hillshade", "ramp", "terrain-rgb"] {
        for (format, media_type, start) in [
            ("png", "image/png", &b"\x89PNG"[..]),
            ("webp", "image/webp", b"RIFF"),
        ] {
            let quad = format!("{TILES}/{style}/{OGC_TILE}?f={format}");
            let xyz = format!("{TILES}/{style}/{XYZ_TILE}.{format}");
            let (quad, xyz) = (service.get(&quad).await, service.get(&xyz).await);
            assert_eq!(quad.status, StatusCode::OK, "{style} {format}");
            assert_eq!(quad.header("content-type"), media_type);
            assert_eq!(quad.header("cache-control"), "public, max-age=3600");
            assert_eq!(quad.header("access-control-allow-origin"), "*");
            assert_eq!(xyz.body, quad.body, "{style} {format}");
            assert!(quad.body.starts_with(start), "{style} {format}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_tile_that_the_client_has_is_not_drawn_again(pool: PgPool) {
    let (service, folder) = with_survey(pool, "dtm").await;
    let path = format!("{TILES}/ramp/{XYZ_TILE}.png");
    let first = service.get(&path).await;
    let tag = first.header("etag").to_owned();
    let other = service.get(&format!("{path}?min=0&max=900")).await;
    assert_ne!(other.header("etag"), tag, "other colours, another picture");
    assert_ne!(other.body, first.body);
    // Without the file nothing can be drawn any more.
    std::fs::remove_dir_all(folder.path().join("images")).unwrap();
    let again = service.get_with(&path, "if-none-match", &tag).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(again.header("etag"), tag);
    assert_eq!(again.header("cache-control"), "public, max-age=3600");
    assert!(again.body.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn outside_the_survey_ogc_has_no_tile_and_xyz_a_transparent_one(pool: PgPool) {
    let (service, _folder) = with_survey(pool, "dtm").await;
    for tile in ["18/95244/147162", "18/0/0", "19/190488/294322", "25/0/0"] {
        let path = format!("{TILES}/hillshade/WebMercatorQuad/{tile}");
        let answer = service.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{tile}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(tile), "{detail}");
    }
    for tile in ["18/0/0", "19/294322/190488", "0/0/0"] {
        let answer = service
            .get(&format!("{TILES}/hillshade/xyz/{tile}.png"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{tile}");
        assert!(answer.body.starts_with(b"\x89PNG"), "{tile}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn bad_tiles_styles_and_parameters_are_named(pool: PgPool) {
    let (service, _folder) = with_survey(pool, "dtm").await;
    for (path, status, names) in [
        ("hillshade/xyz/x/0/0.png", 400, "`z`"),
        ("hillshade/xyz/1/-1/0.png", 400, "-1"),
        ("hillshade/xyz/1/2/0.png", 400, "1/2/0.png"),
        ("hillshade/xyz/1/99999999999/0.png", 400, "99999999999"),
        ("hillshade/xyz/1/0/0.gif", 400, "0.gif"),
        ("hillshade/xyz/1/0/0", 400, "`y`"),
        ("colour/xyz/1/0/0.png", 400, "colour"),
        ("nothing/tilejson.json", 400, "nothing"),
        ("nothing/WebMercatorQuad", 400, "nothing"),
        ("hillshade/xyz/1/0/0.png?min=3", 400, "`min`"),
        ("hillshade/xyz/1/0/0.png?altitude=91", 400, "91"),
        ("hillshade/xyz/1/0/0.png?azimuth=north", 400, "north"),
        (
            "hillshade/xyz/1/0/0.png?exaggeration=0",
            400,
            "exaggeration",
        ),
        ("ramp/xyz/1/0/0.png?min=5&max=5", 400, "`min`"),
        ("ramp/xyz/1/0/0.png?max=NaN", 400, "NaN"),
        ("hillshade/WebMercatorQuad/18/95244/one", 400, "tileCol"),
        (
            "hillshade/WebMercatorQuad/18/95244/147161?f=gif",
            400,
            "gif",
        ),
        ("hillshade/OtherQuad", 404, "OtherQuad"),
    ] {
        let answer = service.get(&format!("{TILES}/{path}")).await;
        assert_eq!(answer.status, status, "{path}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(names), "{path}: {detail}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_survey_that_is_not_there_has_no_tiles(pool: PgPool) {
    let (service, _folder) = with_survey(pool, "orthophoto").await;
    for id in ["2", "x", "99999999999999999999"] {
        for rest in ["", "/colour/WebMercatorQuad", "/colour/xyz/1/0/0.png"] {
            let path = format!("/collections/surveys/items/{id}/tiles{rest}");
            let answer = service.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(
                answer.json()["type"]
                    .as_str()
                    .unwrap()
                    .ends_with("no-such-feature")
            );
        }
    }
    let other = service.get("/collections/facilities/items/1/tiles").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let colour = service.get(&format!("{TILES}/colour/{XYZ_TILE}.png")).await;
    assert_eq!(colour.status, StatusCode::OK, "the survey itself has");
}
