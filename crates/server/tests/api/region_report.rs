//! `/reports/regions`.

use domain::layers::FACILITIES;
use insta::assert_snapshot;
use sqlx::postgres::PgPool;

use crate::common::{Service, record};

/// Bor with two ponds and a dump, of which one has a volume; a facility without a region.
async fn four_facilities(pool: PgPool) -> Service {
    let service = Service::empty(pool);
    let facility = |code: &str, kind: &str, status: &str, district: &str, volume: &str| {
        let texts = [
            ("code", code),
            ("name", "Поље, \"А\" <1>"),
            ("facility_type", kind),
            ("status", status),
            ("district", district),
            ("volume_m3", volume),
        ];
        record(&FACILITIES, &texts, None)
    };
    let district = [("code", "RS-14"), ("name", "Борски <>")];
    service
        .publish(vec![record(&domain::layers::DISTRICTS, &district, None)])
        .await;
    service
        .publish(vec![
            facility(
                "RS-KM-001",
                "tailings_pond",
                "abandoned",
                "RS-14",
                "1200000",
            ),
            facility("RS-KM-002", "tailings_pond", "operating", "RS-14", ""),
            facility("RS-KM-003", "waste_rock_dump", "abandoned", "RS-14", "0"),
            facility("RS-KM-004", "", "", "", ""),
        ])
        .await;
    service
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn figures_say_how_much_is_unknown(pool: PgPool) {
    let service = four_facilities(pool).await;
    let report = service
        .get("/reports/regions?f=json&lang=sr-Latn")
        .await
        .json();
    let bor = &report["regions"][0];
    assert_eq!(bor["name"], "Borski <>");
    assert_eq!(bor["facilities"], 3);
    assert_eq!(bor["volume_m3"]["total"], 1.2e6);
    assert_eq!(bor["volume_m3"]["known"], 2);
    assert_eq!(bor["volume_m3"]["unknown"], 1);
    assert!(bor["mass_t"]["total"].is_null(), "unknown is not zero");
    assert_eq!(
        bor["by_status"][0]["facilities"].as_i64().unwrap()
            + bor["by_status"][1]["facilities"].as_i64().unwrap(),
        3
    );
    let nowhere = &report["regions"][1];
    assert!(nowhere["code"].is_null());
    assert_eq!(nowhere["by_type"][0]["label"], "nepoznato");
    assert_eq!(report["total"]["facilities"], 4);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn figures_come_as_a_table(pool: PgPool) {
    let service = four_facilities(pool).await;
    let answer = service
        .get("/reports/regions?f=csv&level=statistical_regions")
        .await;
    assert_eq!(
        answer.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let text = String::from_utf8(answer.body).unwrap();
    let heads: Vec<_> = text.lines().next().unwrap().split(',').collect();
    let south_east: Vec<_> = text.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(heads.len(), south_east.len());
    let cell = |head: &str| south_east[heads.iter().position(|one| *one == head).unwrap()];
    assert_snapshot!(
        [
            cell("code"),
            cell("facilities"),
            cell("facility_type:tailings_pond"),
            cell("volume_m3"),
            cell("volume_m3:unknown"),
            cell("mass_t"),
        ]
        .join(" | "),
        @"RS22 | 3 | 2 | 1200000 | 1 | "
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn people_get_a_page_that_escapes_names(pool: PgPool) {
    let service = four_facilities(pool).await;
    for (lang, title) in [
        ("en", "Facilities by region"),
        ("sr-Latn", "Objekti po regionima"),
        ("sr-Cyrl", "Објекти по регионима"),
    ] {
        let answer = service
            .get(&format!("/reports/regions?f=html&lang={lang}"))
            .await;
        let page = String::from_utf8(answer.body).unwrap();
        assert!(page.contains(&format!("<h1>{title}</h1>")), "{page}");
        assert!(page.contains("1\u{202f}200\u{202f}000"));
        assert!(page.contains("role=\"img\""));
        assert!(!page.contains("<>"), "{page}");
    }
    let wrong = service.get("/reports/regions?level=villages").await;
    assert_eq!(wrong.status, 400);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_workbook_has_numbers_as_numbers_and_leaves_unknown_empty(pool: PgPool) {
    let service = four_facilities(pool).await;
    let answer = service.get("/reports/regions?f=xlsx&lang=sr-Cyrl").await;
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"facilities-by-districts.xlsx\""
    );
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(answer.body)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(book.by_name(name).unwrap()).unwrap();
    let texts = part("xl/sharedStrings.xml");
    assert!(
        texts.contains("<t>Запремина (m³)</t>") && texts.contains("<t>RS-14</t>"),
        "{texts}"
    );
    assert!(texts.contains("<t>Борски &lt;&gt;</t>"), "{texts}");
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<v>1200000</v>"), "{sheet}");
    // Bor, and what records no region, whose volume is unknown.
    assert_eq!(sheet.matches("<row ").count(), 3, "{sheet}");
    assert_eq!(sheet.matches("<v>1200000</v>").count(), 1, "{sheet}");
}
