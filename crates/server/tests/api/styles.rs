//! Styles, legends, symbols and letters. That map programs and QGIS take them is tried with those.

use axum::http::StatusCode;
use serde_json::Value;
use sqlx::PgPool;

use crate::common::Service;

const THEMES: [&str; 5] = ["type", "status", "category", "volume", "completeness"];

fn texts(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(members) => members.values().for_each(|one| texts(one, found)),
        Value::Array(members) => members.iter().for_each(|one| texts(one, found)),
        Value::String(text) => found.push(text.clone()),
        _ => {}
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_style_needs_nothing_from_elsewhere_and_all_it_needs_is_there(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (theme, scheme) in THEMES
        .iter()
        .flat_map(|theme| [(theme, "light"), (theme, "dark")])
    {
        let path = format!("/styles/{theme}?scheme={scheme}&lang=sr-Latn");
        // As MapLibre asks.
        let style = service.get_with(&path, "accept", "application/json").await;
        assert_eq!(
            style.header("content-type"),
            "application/vnd.mapbox.style+json"
        );
        let style = style.json();
        let mut all = Vec::new();
        texts(&style, &mut all);
        let outside = all.iter().find(|text| {
            text.starts_with("http") && !text.starts_with("https://example.org/cadastre/")
        });
        assert_eq!(outside, None);
        let tiles = service
            .follow(style["sources"]["cadastre"]["url"].as_str().unwrap())
            .await;
        let sources: Vec<_> = tiles.json()["vector_layers"].as_array().unwrap().clone();
        for layer in style["layers"].as_array().unwrap().iter().skip(1) {
            assert!(
                sources
                    .iter()
                    .any(|source| source["id"] == layer["source-layer"]),
                "{layer}"
            );
        }
        let sprite = style["sprite"].as_str().unwrap();
        let list = service.follow(&format!("{sprite}.json")).await.json();
        let icons = all
            .iter()
            .filter(|text| list.get(text.as_str()).is_some())
            .count();
        assert!(icons >= 8, "{theme}: {icons} icons");
        let named = |text: &&String| {
            let mut parts = text.rsplitn(3, '-');
            let size = parts.next().is_some_and(|size| size.parse::<u8>().is_ok());
            size && parts.next().is_some_and(|colour| colour.len() == 6)
        };
        let missing = all
            .iter()
            .filter(named)
            .find(|name| list.get(name.as_str()).is_none());
        assert_eq!(missing, None, "{theme}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn sprites_stand_where_their_list_says(pool: PgPool) {
    let service = Service::empty(pool);
    for (name, scale) in [("light", 1), ("light@2x", 2), ("dark", 1), ("dark@2x", 2)] {
        let list = service.get(&format!("/sprites/{name}.json")).await.json();
        let image = service.get(&format!("/sprites/{name}.png")).await;
        assert_eq!(image.header("content-type"), "image/png");
        let mut reader = png::Decoder::new(std::io::Cursor::new(&image.body))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        for (icon, place) in list.as_object().unwrap() {
            let number = |name: &str| u32::try_from(place[name].as_u64().unwrap()).unwrap();
            let [x, y, width, height] = ["x", "y", "width", "height"].map(number);
            assert!(
                x + width <= info.width && y + height <= info.height,
                "{icon}"
            );
            assert_eq!(number("pixelRatio"), scale);
            let at = |x: u32, y: u32| &pixels[((y * info.width + x) * 4) as usize..][..4];
            assert_eq!(at(x, y)[3], 0, "{icon}: the corner is clear");
            let middle = at(x + width / 2, y + height / 2);
            let Some(colour) = icon.split('-').nth(1).filter(|part| part.len() == 6) else {
                continue;
            };
            if icon.starts_with("ring") {
                assert_eq!(middle[3], 0, "{icon}: a ring is hollow");
            } else {
                let [red, green, blue] = [middle[0], middle[1], middle[2]];
                let hex = format!("{red:02x}{green:02x}{blue:02x}");
                assert_eq!(hex, colour, "{icon}");
            }
        }
    }
    let none = service.get("/sprites/light@3x.png").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn labels_can_be_written_in_both_scripts(pool: PgPool) {
    let service = Service::empty(pool);
    // How many letters a range has: fields 1 (the stack) and in it fields 3 (a glyph).
    let font = "/glyphs/Noto%20Sans%20Regular";
    for (range, letters) in [
        ("0-255", "Az"),
        ("256-511", "ČčĆćŠšĐđŽž"),
        ("1024-1279", "ЂђЈјЉљЊњЋћЏџ"),
    ] {
        let answer = service.get(&format!("{font}/{range}.pbf")).await;
        assert_eq!(answer.header("content-type"), "application/x-protobuf");
        for letter in letters.chars() {
            let code = u32::from(letter);
            // Field 1 of a glyph, its code, as a variable-length number.
            let [low, high, ..] = (code & 0x7f | code << 1 & 0x7f00).to_le_bytes();
            let key = if high == 0 {
                vec![8, low]
            } else {
                vec![8, low | 0x80, high]
            };
            let found = answer.body.windows(key.len()).any(|part| part == key);
            assert!(found, "{letter}");
        }
    }
    for (path, status) in [
        (format!("{font},Arial/512-767.pbf"), 200),
        (format!("{font}/1-256.pbf"), 404),
        (format!("{font}/0-255.txt"), 404),
        ("/glyphs/Arial/0-255.pbf".to_owned(), 404),
    ] {
        assert_eq!(service.get(&path).await.status.as_u16(), status, "{path}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn legends_say_what_the_symbols_mean_in_each_language(pool: PgPool) {
    let service = Service::empty(pool);
    for (lang, label) in [
        ("en", "less than 10,000 m³"),
        ("sr-Cyrl", "мање од 10.000 m³"),
        ("sr-Latn", "manje od 10.000 m³"),
    ] {
        let path = format!("/styles/volume/legend?lang={lang}");
        let json = service.get(&path).await.json();
        assert_eq!(json["classes"][0]["label"], label);
        assert_eq!(
            json["classes"].as_array().unwrap().len(),
            6,
            "five ranges and unknown"
        );
        for format in ["svg", "html"] {
            let answer = service.get(&format!("{path}&f={format}")).await;
            let text = String::from_utf8(answer.body).unwrap();
            assert!(
                text.contains(label) && text.contains("<svg"),
                "{format}: {text}"
            );
        }
    }
    let category = service.get("/styles/category/legend?lang=en&f=html").await;
    let page = String::from_utf8(category.body).unwrap();
    assert!(
        page.contains("rule version 1") && page.contains("awaits confirmation"),
        "{page}"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_no_style_is_refused(pool: PgPool) {
    let service = Service::empty(pool);
    for (path, status) in [
        ("/styles/colour", 404),
        ("/styles/colour/legend", 404),
        ("/styles/type?scheme=pink", 400),
        ("/styles/type?f=sld&collection=districts", 400),
        ("/styles/completeness?f=sld", 400),
        ("/styles/type?colour=red", 400),
    ] {
        assert_eq!(service.get(path).await.status.as_u16(), status, "{path}");
    }
}
