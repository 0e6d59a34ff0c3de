//! The database folds texts as the program does.

use domain::text::Folding;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sqlx::Row;
use sqlx::postgres::PgPool;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn both_fold_alike(pool: PgPool) {
    let mut texts: Vec<String> = [
        "",
        "Жагубица",
        "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШабвгдђежзијклљмнњопрстћуфхцчџш",
        "ABCČĆDDŽĐEFGHIJKLLJMNNJOPRSŠTUVZŽ",
        "Straße ΟΔΟΣ ﬁ Œuvre İstanbul",
        "C\u{30C}a\u{301} \u{1C4}\u{1C5}\u{1C6} \u{1C8} \u{1CB}",
        "сѐло Ѝ й Ќ ѓ",
        "50%_\\ \t\n\"'",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut runner = TestRunner::deterministic();
    let strategy = "[ -~À-ɏЀ-џͰ-Ͽ\u{300}-\u{36F}Ḁ-ẟ]{0,12}";
    for _ in 0..2_000 {
        texts.push(strategy.new_tree(&mut runner).unwrap().current());
    }
    let sql = "select fold_case(one), fold_accents(one) from unnest($1) with ordinality as t(one, at) \
               order by at";
    let rows = sqlx::query(sql)
        .bind(&texts)
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(rows.len(), texts.len());
    for (row, text) in rows.iter().zip(&texts) {
        let folded = (row.get::<String, _>(0), row.get::<String, _>(1));
        let expected = (Folding::Case.fold(text), Folding::Accents.fold(text));
        assert_eq!(folded, expected, "{text:?}");
    }
}

/// Names are found by an index, by equality and by their beginning.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn folded_names_have_indexes(pool: PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    sqlx::query("set enable_seqscan = off")
        .execute(&mut *connection)
        .await
        .unwrap();
    for (condition, index) in [
        (
            "facility where fold_accents(name) = 'bor'",
            "facility_name_folded",
        ),
        (
            "facility where fold_accents(name) like 'bor%'",
            "facility_name_folded",
        ),
        (
            "settlement where fold_accents(name) = 'bor'",
            "settlement_name_folded",
        ),
    ] {
        let sql = sqlx::AssertSqlSafe(format!("explain select id from {condition}"));
        let plan = sqlx::query(sql).fetch_all(&mut *connection).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|line| line.get(0)).collect();
        assert!(plan.concat().contains(index), "{condition}: {plan:?}");
    }
}
