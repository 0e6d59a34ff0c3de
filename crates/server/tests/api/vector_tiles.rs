//! Vector tiles over HTTP. What stands in them is tested in the store, and by QGIS and GDAL.

use std::io::Read as _;
use std::time::Duration;

use axum::http::StatusCode;
use domain::layers::FACILITIES;
use flate2::read::GzDecoder;
use serde_json::Value;
use sqlx::PgPool;
use store::items::Selection;
use store::tiles::TileAddress;

use crate::common::{Answer, Service, record};

/// The tile of zoom 7 with the facilities of [`Service::with_data`].
const OGC: &str = "/collections/facilities/tiles/WebMercatorQuad/7/46/71";
const XYZ: &str = "/collections/facilities/tiles/xyz/7/71/46";
const TILE: TileAddress = TileAddress {
    zoom: 7,
    row: 46,
    column: 71,
};

fn pretty(json: &Value) -> String {
    serde_json::to_string_pretty(json).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn both_addresses_are_the_same_tile_of_the_store(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let everything = Selection::default();
    let tile = service.store.tile(&FACILITIES, TILE, &everything, 500_000);
    let tile = tile.await.unwrap();
    assert!(!tile.is_empty());
    for path in [OGC, XYZ, &format!("{XYZ}.mvt"), &format!("{XYZ}.pbf")] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.body, tile, "{path}");
        let media_type = answer.header("content-type");
        assert_eq!(media_type, "application/vnd.mapbox-vector-tile");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_tile_of_the_dataset_is_those_of_its_layers(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let whole = service.get("/tiles/xyz/7/71/46").await.body;
    assert_eq!(
        service.get("/tiles/WebMercatorQuad/7/46/71").await.body,
        whole
    );
    let facilities = service.get(XYZ).await.body;
    let districts = service
        .get("/collections/districts/tiles/xyz/7/71/46")
        .await
        .body;
    assert_eq!(whole, [facilities.clone(), districts].concat());
    let chosen = service
        .get("/tiles/xyz/7/71/46?collections=facilities")
        .await;
    assert_eq!(chosen.body, facilities);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tiles_outside_and_empty_ones(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (path, status) in [
        ("/collections/facilities/tiles/xyz/7/0/0", 204),
        ("/tiles/xyz/7/0/0", 204),
        ("/collections/dams/tiles/xyz/0/0/0", 204),
        ("/collections/facilities/tiles/WebMercatorQuad/7/0/0", 404),
        ("/collections/facilities/tiles/WebMercatorQuad/30/0/0", 404),
        ("/collections/facilities/tiles/WebMercatorQuad/7/46/x", 400),
        ("/collections/facilities/tiles/xyz/7/128/0", 400),
        ("/collections/facilities/tiles/xyz/7/0/-1", 400),
        ("/collections/nothing/tiles/xyz/0/0/0", 404),
        ("/collections/facilities/tiles/xyz/0/0/0?limit=3", 400),
        ("/collections/facilities/tiles/xyz/0/0/0?contact=Petar", 400),
        ("/tiles/xyz/0/0/0?collections=facilities,nothing", 400),
        ("/tiles/xyz/0/0/0?status=operating", 400),
    ] {
        assert_eq!(service.get(path).await.status.as_u16(), status, "{path}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn parameters_select_as_they_do_for_items(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let whole = service.get(XYZ).await.body.len();
    for query in [
        "facility_type=tailings_pond",
        "filter=height_m%3D45",
        "datetime=2020-05-01",
        "datetime=2019-01-01",
        "region=RS-14&filter=facility_type%3D%27tailings_pond%27",
    ] {
        let answer = service.get(&format!("{XYZ}?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        let is_all = query == "datetime=2020-05-01";
        assert_eq!(answer.body.len() == whole, is_all, "{query}");
    }
    for nobody in ["region=RS-11", "status=abandoned", "as-of=2025-01-01"] {
        let answer = service.get(&format!("{XYZ}?{nobody}")).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{nobody}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tiles_are_packed_for_clients_that_ask(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let path = "/collections/facilities/tiles/xyz/12/2301/1490";
    let path = if service.get(path).await.body.is_empty() {
        XYZ
    } else {
        path
    };
    let plain = service.get(path).await;
    let packed = service.get_with(path, "accept-encoding", "br, gzip").await;
    let (plain_tag, packed_tag) = (plain.header("etag"), packed.header("etag"));
    assert_eq!(
        packed_tag,
        format!("W/{plain_tag}"),
        "the same in other bytes"
    );
    let mut unpacked = Vec::new();
    let mut decoder = GzDecoder::new(packed.body.as_slice());
    decoder.read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let refused = service.get_with(path, "accept-encoding", "gzip;q=0").await;
    assert_eq!(refused.header("content-encoding"), "");
    assert_eq!(refused.body, plain.body);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_edit_by_another_process_shows_in_the_next_tile(pool: PgPool) {
    let here = Service::with_data(pool.clone()).await;
    let there = Service::empty(pool);
    let heard = async |service: &Service| {
        let mut heard = service.store.heard();
        let listening = heard.wait_for(store::listen::Heard::is_listening);
        tokio::time::timeout(Duration::from_secs(30), listening)
            .await
            .unwrap()
            .unwrap();
    };
    heard(&here).await;
    for path in [XYZ, "/tiles/xyz/7/71/46"] {
        let mut before = here.get(path).await;
        for at in 1..=3 {
            let same = here
                .get_with(path, "if-none-match", before.header("etag"))
                .await;
            assert_eq!(same.status, StatusCode::NOT_MODIFIED);
            let code = format!("RS-70327-{}{at}", if path == XYZ { 50 } else { 60 });
            let texts = [("code", code.as_str()), ("name", "Ново")];
            let place = geo_types::Point::new(21.7, 44.2).into();
            let mut heard = here.store.heard();
            heard.mark_unchanged();
            there
                .publish(vec![record(&FACILITIES, &texts, Some(place))])
                .await;
            heard.changed().await.unwrap();
            let after = here
                .get_with(path, "if-none-match", before.header("etag"))
                .await;
            assert_eq!(after.status, StatusCode::OK, "{path} {at}");
            assert!(
                has(&after, "Ново") && after.body != before.body,
                "{path} {at}"
            );
            before = after;
        }
    }
}

fn has(answer: &Answer, text: &str) -> bool {
    let bytes = text.as_bytes();
    answer.body.windows(bytes.len()).any(|part| part == bytes)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_tile_says_what_is_restricted(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for zoom in 5..=16_u32 {
        let scale = f64::from(1_u32 << zoom);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive"
        )]
        let column = ((21.6 / 360.0 + 0.5) * scale) as u32;
        let latitude = 44.074_88_f64.to_radians();
        let y =
            0.5 - (std::f64::consts::FRAC_PI_4 + latitude / 2.0).tan().ln() / std::f64::consts::TAU;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive"
        )]
        let row = (y * scale) as u32;
        let tile = service
            .get(&format!("/tiles/xyz/{zoom}/{column}/{row}"))
            .await;
        assert!(has(&tile, "RS-70327-001"), "zoom {zoom}");
        assert!(!has(&tile, "Petrović"), "zoom {zoom}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tilesets_are_described_for_ogc_clients(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let landing = service.get("/").await;
    let rel = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    assert_eq!(
        landing.link(rel).unwrap(),
        "https://example.org/cadastre/tiles"
    );
    let collection = service.get("/collections/facilities").await;
    let list = service.follow(&collection.link(rel).unwrap()).await.json();
    insta::assert_snapshot!(pretty(&list), @r#"
    {
      "links": [
        {
          "href": "https://example.org/cadastre/collections/facilities/tiles",
          "rel": "self",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/tiles",
          "rel": "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
          "type": "application/json"
        }
      ],
      "tilesets": [
        {
          "title": "Mining waste facilities",
          "dataType": "vector",
          "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
          "tileMatrixSetURI": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
          "links": [
            {
              "href": "https://example.org/cadastre/collections/facilities/tiles/WebMercatorQuad",
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
      ],
      "extent": {
        "spatial": {
          "bbox": [
            [
              21.6,
              44.07488,
              22.6,
              44.07488
            ]
          ],
          "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        }
      }
    }
    "#);
    let tileset = list["tilesets"][0]["links"][0]["href"].as_str().unwrap();
    let mut tileset = service.follow(tileset).await.json();
    let limits = tileset["tileMatrixSetLimits"].take();
    assert_eq!(limits.as_array().unwrap().len(), 17);
    insta::assert_snapshot!(limits[7], @r#"{"tileMatrix":"7","minTileRow":46,"maxTileRow":46,"minTileCol":71,"maxTileCol":72}"#);
    let properties = tileset["layers"][0]["propertiesSchema"].take();
    assert_eq!(properties["properties"]["height_m"]["title"], "Height (m)");
    insta::assert_snapshot!(pretty(&tileset), @r#"
    {
      "title": "Mining waste facilities",
      "dataType": "vector",
      "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
      "tileMatrixSetURI": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
      "tileMatrixSetLimits": null,
      "boundingBox": {
        "lowerLeft": [
          21.6,
          44.07488
        ],
        "upperRight": [
          22.6,
          44.07488
        ],
        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
      },
      "layers": [
        {
          "id": "facilities",
          "title": "Mining waste facilities",
          "dataType": "vector",
          "geometryDimension": 0,
          "minTileMatrix": "0",
          "maxTileMatrix": "16",
          "propertiesSchema": null
        }
      ],
      "links": [
        {
          "href": "https://example.org/cadastre/collections/facilities/tiles/WebMercatorQuad",
          "rel": "self",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/tileMatrixSets/WebMercatorQuad",
          "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
          "type": "application/json"
        },
        {
          "href": "https://example.org/cadastre/collections/facilities/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
          "rel": "item",
          "type": "application/vnd.mapbox-vector-tile",
          "templated": true
        }
      ]
    }
    "#);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tilejson_tells_where_the_tiles_are_and_keeps_the_selection(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let path = "/collections/facilities/tiles/tilejson.json?status=operating&lang=en";
    let mut tilejson = service.get(path).await.json();
    let fields = tilejson["vector_layers"][0]["fields"].take();
    assert_eq!(fields["name_latin"], "Name in Latin script");
    assert_eq!(fields["contact"], Value::Null, "restricted");
    insta::assert_snapshot!(pretty(&tilejson), @r#"
    {
      "tilejson": "3.0.0",
      "name": "Mining waste facilities",
      "scheme": "xyz",
      "tiles": [
        "https://example.org/cadastre/collections/facilities/tiles/xyz/{z}/{x}/{y}?status=operating"
      ],
      "minzoom": 0,
      "maxzoom": 16,
      "vector_layers": [
        {
          "id": "facilities",
          "description": "Mining waste facilities",
          "minzoom": 0,
          "maxzoom": 16,
          "fields": null
        }
      ],
      "bounds": [
        21.6,
        44.07488,
        22.6,
        44.07488
      ]
    }
    "#);
    let whole = service.get("/tiles/tilejson.json").await.json();
    let layers = whole["vector_layers"].as_array().unwrap().iter();
    let layers: Vec<_> = layers.map(|layer| layer["id"].as_str().unwrap()).collect();
    assert_eq!(layers, ["facilities", "districts"]);
    assert_eq!(
        whole["tiles"][0],
        "https://example.org/cadastre/tiles/xyz/{z}/{x}/{y}"
    );
}
