//! `q`: words of names, in any script.

use domain::layers::FACILITIES;
use sqlx::postgres::PgPool;

use super::ITEMS;
use crate::common::{Service, record};

async fn named(pool: PgPool) -> Service {
    let service = Service::empty(pool);
    let records = [
        ("RS-70327-001", "Велики Кривељ, Поље 1", "РТБ Бор"),
        ("RS-70327-002", "Veliki Krivelj 2", ""),
        ("RS-70327-003", "Кривељ велики", ""),
        (
            "RS-70327-004",
            "Žagubica",
            "Рудник Велики Кривељ у околини Бора",
        ),
        ("RS-70327-005", "Ђердап", ""),
        ("RS-80438-006", "Borova glava", ""),
    ];
    let records = records.map(|(code, name, mine)| {
        record(
            &FACILITIES,
            &[("code", code), ("name", name), ("mine", mine)],
            None,
        )
    });
    service.publish(records.to_vec()).await;
    service
}

async fn found(service: &Service, query: &str) -> Vec<i64> {
    let (q, rest) = query.split_once('&').unwrap_or((query, ""));
    let q: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
    service.get(&format!("{ITEMS}?q={q}&{rest}")).await.ids()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn words_are_found_in_any_script_and_case(pool: PgPool) {
    let service = named(pool).await;
    for (q, expected) in [
        ("кривељ", &[1, 2, 3, 4][..]),
        ("KRIVELJ", &[1, 2, 3, 4]),
        ("veliki krivelj", &[1, 2, 4]),
        ("Велики   КРИВЕЉ", &[1, 2, 4]),
        ("krivelj veliki", &[3]),
        ("zagubica", &[4]),
        ("Жагубица", &[4]),
        ("đerdap", &[5]),
        ("djerdap", &[5]),
        ("bor", &[1, 4, 6]),
        ("ђердап,жагубица", &[4, 5]),
        ("RS-80438-006", &[6]),
        (" rs-80438-006 ", &[6]),
        ("80438", &[]),
        ("рудник у околини", &[]),
        ("rivelj", &[]),
    ] {
        let mut ids = found(&service, q).await;
        ids.sort_unstable();
        assert_eq!(ids, expected, "{q}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_best_comes_first_and_pages_follow_the_rank(pool: PgPool) {
    let service = named(pool).await;
    // The fewer other words, the better; of the fourth they are the smallest part.
    let ranked = found(&service, "krivelj").await;
    assert_eq!(*ranked.last().unwrap(), 4);
    let path = format!("{ITEMS}?q=krivelj&limit=3");
    let first = service.get(&path).await;
    let second = service.follow(&first.link("next").unwrap()).await;
    assert_eq!([first.ids(), second.ids()].concat(), ranked);
    let back = service.follow(&second.link("prev").unwrap()).await;
    assert_eq!(back.ids(), first.ids());
    assert_eq!(first.json()["numberMatched"], 4);
    assert_eq!(found(&service, "krivelj&sortby=-code").await, [4, 3, 2, 1]);
    let names = found(&service, "krivelj&status=closed").await;
    assert_eq!(names, [0; 0]);
    let path = "/collections/facilities/download/csv?q=krivelj";
    let table = String::from_utf8(service.get(path).await.body).unwrap();
    assert_eq!(table.lines().count(), 5);
}
