//! Whoever is limited to regions decides only about uploads that keep to them.

use super::limits::with_one_elsewhere;
use super::proposals::Reviewing;
use super::*;

/// A service with reviewers of one district, of another, and of both.
async fn reviewing(pool: PgPool) -> Reviewing {
    let reviewing = Reviewing::over(pool).await;
    for (name, regions) in [
        ("mira", &["RS-14"][..]),
        ("nina", &["RS-20"]),
        ("olga", &["RS-14", "RS-20"]),
    ] {
        sign_up(&reviewing.editing.service, name, Role::Reviewer, regions).await;
    }
    reviewing
}

/// Who decides so; status and kind of the answer.
async fn decide(reviewing: &Reviewing, who: &str, place: &str, what: &str) -> String {
    let path = format!("{place}/{what}");
    let answer = reviewing.editing.ask((who, "POST", &path), &[], "{}").await;
    told(&answer)
}

const OUTSIDE: &str = "403 outside-regions";

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_moves_a_record_is_decided_by_who_covers_both_regions(pool: PgPool) {
    let reviewing = reviewing(pool).await;
    let moved = json!({ "properties": { "municipality": "71323" } });
    let place = reviewing.propose("PATCH", FIRST, &moved).await;
    let upload = reviewing.settled(&place).await;
    assert_json_snapshot!(upload["regions"], @r#"
    [
      {
        "municipality": "70327",
        "district": "RS-14",
        "outside_senders_regions": false
      },
      {
        "municipality": "71323",
        "district": "RS-20",
        "outside_senders_regions": false
      }
    ]
    "#);
    for who in ["mira", "nina"] {
        for what in ["publish", "reject"] {
            assert_eq!(
                decide(&reviewing, who, &place, what).await,
                OUTSIDE,
                "{who} {what}"
            );
        }
    }
    assert_eq!(reviewing.settled(&place).await["state"], "ready");
    let before = reviewing.editing.service.get(FIRST).await.json();
    assert_eq!(before["properties"]["municipality"], "70327");
    assert_eq!(decide(&reviewing, "olga", &place, "publish").await, "202 ");
    assert_eq!(reviewing.settled(&place).await["state"], "published");
    let after = reviewing.editing.service.get(FIRST).await.json();
    assert_eq!(after["properties"]["district"], "RS-20");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_reviewer_rejects_only_what_they_may_publish(pool: PgPool) {
    let reviewing = reviewing(pool).await;
    let elsewhere = with_one_elsewhere(&reviewing.editing).await;
    let change = json!({ "properties": { "height_m": 50 } });
    let here = reviewing.propose("PATCH", FIRST, &change).await;
    let there = reviewing.propose("PATCH", &elsewhere, &change).await;
    let overtaken = reviewing.propose("PATCH", FIRST, &change).await;
    for place in [&here, &there, &overtaken] {
        assert_eq!(reviewing.settled(place).await["outcome"], "dry_run");
    }
    reviewing
        .editing
        .patch(FIRST, json!({ "height_m": 60 }))
        .await;
    decide(&reviewing, "mira", &overtaken, "publish").await;
    assert_eq!(reviewing.settled(&overtaken).await["outcome"], "refused");
    // No worker reads files here.
    let sent = reviewing.editing.ask(
        ("ana", "POST", "/uploads?file=a.csv&layer=dams"),
        &[],
        "code\n1\n",
    );
    let unread = format!("/uploads/{}", sent.await.json()["id"]);
    assert_eq!(reviewing.settled(&unread).await["state"], "failed");
    // To read it in another way would be to choose what of it counts.
    for (who, kind) in [("mira", OUTSIDE), ("rada", "202 ")] {
        let patch = r#"{"encoding":"CP1250"}"#;
        let answer = reviewing.editing.ask((who, "PATCH", &unread), &[], patch);
        let answer = told(&answer.await);
        assert_eq!(answer, kind, "{who}");
    }
    assert_eq!(reviewing.settled(&unread).await["state"], "failed");
    for (who, place, said) in [
        ("mira", &there, OUTSIDE),
        ("mira", &overtaken, OUTSIDE),
        ("mira", &unread, OUTSIDE),
        ("mira", &here, "200 "),
        ("rada", &there, "200 "),
        ("rada", &overtaken, "200 "),
        ("ana", &unread, "200 "),
    ] {
        assert_eq!(
            decide(&reviewing, who, place, "reject").await,
            said,
            "{who} {place}"
        );
    }
}

/// The page offers a decision only to who may take it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_upload_says_which_regions_it_touches(pool: PgPool) {
    let reviewing = reviewing(pool).await;
    let elsewhere = with_one_elsewhere(&reviewing.editing).await;
    let change = json!({ "properties": { "height_m": 50 } });
    let place = reviewing.propose("PATCH", &elsewhere, &change).await;
    reviewing.settled(&place).await;
    // Since then the sender's role counts in one district alone.
    let rights = Rights {
        role: Role::Surveyor,
        regions: vec!["RS-14".parse().unwrap()],
    };
    let store = &reviewing.editing.service.store;
    store
        .change_rights(
            &"ana".parse().unwrap(),
            &rights,
            Act::command("test", moment("2026-01-02T00:00:00Z")),
        )
        .await
        .unwrap();
    let upload = reviewing.settled(&place).await;
    assert_json_snapshot!(upload["regions"], @r#"
    [
      {
        "municipality": "70017",
        "district": "RS-08",
        "outside_senders_regions": true
      }
    ]
    "#);
    let page = format!("{place}?f=html&lang=en");
    for (who, offered) in [("rada", true), ("mira", false)] {
        let answer = reviewing.editing.ask((who, "GET", &page), &[], "").await;
        let html = String::from_utf8(answer.body).unwrap();
        assert!(
            html.contains("70017, RS-08 <strong>(outside the sender&#39;s regions)"),
            "{html}"
        );
        assert_eq!(html.contains("/publish"), offered, "{who}");
    }
}
