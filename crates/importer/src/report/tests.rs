use domain::lang::{Lang, Message};
use domain::layers::FACILITIES;

use super::*;
use crate::coordinates::OperationUsed;
use crate::mapping::How;

fn report(records: Vec<RecordReport>, outcome: Outcome) -> Report {
    let counted = |verdict| records.iter().filter(|one| one.verdict == verdict).count() as u64;
    let counts = Counts {
        new: counted(RecordVerdict::New),
        changed: counted(RecordVerdict::Changed),
        unchanged: counted(RecordVerdict::Unchanged),
        refused: counted(RecordVerdict::Refused),
        ambiguous: counted(RecordVerdict::Ambiguous),
        conflicting: counted(RecordVerdict::Conflicting),
        left_out: 0,
    };
    let matched = |source: &str, target: &str, how| Matched {
        source: source.to_owned(),
        at: 0,
        target: FACILITIES.field(target).unwrap(),
        how,
        reading: crate::mapping::Reading::default(),
    };
    Report {
        file: "jalovista.zip".to_owned(),
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned(),
        size_bytes: 48_213,
        format: "ESRI Shapefile (zipped)".to_owned(),
        source_layer: "jalovista".to_owned(),
        layer: "facilities",
        encoding: Some(EncodingDecision {
            name: "CP1250".to_owned(),
            evidence: Message::verbatim("the .cpg file says so"),
            samples: vec!["Veliki Krivelj – površina".to_owned()],
        }),
        crs: Some(CrsDecision {
            crs: "EPSG:6316".to_owned(),
            name: "MGI 1901 / Balkans zone 7".to_owned(),
            evidence: Message::verbatim(
                "the file says EPSG:31277 (MGI / Balkans zone 7), read as EPSG:6316",
            ),
            operation: OperationUsed {
                name: "MGI 1901 to WGS 84 (15)".to_owned(),
                epsg: Some(9486),
                accuracy_m: 1.0,
            },
            notes: vec![Message::verbatim("EPSG:31277 is deprecated.")],
        }),
        fields: vec![
            matched("SIFRA", "code", How::Synonym),
            matched("POVRSINA_M", "area_m2", How::Cut),
        ],
        ignored: vec![Ignored {
            source: "SHAPE_LEN".to_owned(),
            reason: Message::verbatim("no field of the layer has this name"),
        }],
        notes: vec![Message::verbatim("layer `brane` was not imported")],
        readings: Vec::new(),
        counts,
        records_left_out: 0,
        districts: Vec::new(),
        outcome,
        summary: outcome.in_words(&counts),
        records,
    }
}

fn compared(row: u64, verdict: Verdict) -> RecordReport {
    let key = format!("RS-70327-{row:03}");
    let compared = Compared {
        row: i64::try_from(row).unwrap(),
        key,
        external_id: None,
        verdict,
        note: None,
        findings: Vec::new(),
        shape: None,
        geometry: None,
    };
    RecordReport::compared(row, compared, Vec::new())
}

fn records() -> Vec<RecordReport> {
    let changed = Verdict::Changed(vec![Difference {
        field: "height_m".to_owned(),
        before: None,
        after: Some("12.5".to_owned()),
    }]);
    let mut looked_at = compared(4, Verdict::New);
    looked_at.add([Finding::of(
        Severity::Warning,
        "district",
        Message::verbatim("lies in RS-15 Zaječarski"),
    )]);
    let wrong = Finding::of(
        Severity::Error,
        "code",
        Message::verbatim("`70328` has a wrong control digit"),
    );
    vec![
        compared(1, Verdict::New),
        compared(2, changed),
        compared(3, Verdict::Unchanged),
        looked_at,
        RecordReport::refused(5, None, vec![wrong]),
    ]
}

#[test]
fn the_report_in_words() {
    insta::assert_snapshot!(report(records(), Outcome::Refused).to_text(Lang::En));
}

#[test]
fn the_report_as_json() {
    insta::assert_snapshot!(report(records(), Outcome::Refused).to_json().unwrap());
}

#[test]
fn every_report_keeps_to_the_published_schema() {
    let schema = serde_json::from_str(&Report::json_schema().unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let outcomes = [
        Outcome::Refused,
        Outcome::DryRun,
        Outcome::NothingToChange,
        Outcome::Published { revision: 7 },
    ];
    for outcome in outcomes {
        let json = report(records(), outcome).to_json().unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert!(schema.is_valid(&json), "{outcome:?}");
        json["records"][0]["verdict"] = "perhaps".into();
        assert!(!schema.is_valid(&json));
    }
}

#[test]
fn the_records_as_csv() {
    let mut records = records();
    records[0].add([Finding::whole(
        Severity::Note,
        Message::verbatim("=HYPERLINK(\"http://x\",\"a\")"),
    )]);
    insta::assert_snapshot!(report(records, Outcome::DryRun).to_csv(Lang::En).unwrap());
}

#[test]
fn the_table_tells_candidates_in_the_readers_language() {
    let candidate = Candidate {
        code: "RS-71048-001".to_owned(),
        name: Some("Столице".to_owned()),
        same_external_id: true,
        same_name: false,
        shared_outline: None,
        distance_m: Some(38_040.0),
        is_at_place: false,
        place: None,
    };
    let record = RecordReport {
        fid: Some(17),
        external_id: Some("M-17".to_owned()),
        ..RecordReport::ambiguous(4, vec![candidate])
    };
    let csv = report(vec![record], Outcome::Refused).to_csv(Lang::SrLatn);
    assert_eq!(
        csv.unwrap(),
        "red,fid,oznaka u izvoru,šifra,ishod,težina,polje,poruka,bilo,biće,mogući objekti\n\
         4,17,M-17,,dvosmislen,greška,code,\"nema šifru, a mogao bi da bude: RS-71048-001 „Столице“, isti spoljni \
         broj, udaljenost 38.0 km; unesite šifru\",,,\"RS-71048-001 „Столице“, isti spoljni broj, udaljenost 38.0 km\"\n"
    );
}

#[test]
fn outcomes_are_sentences() {
    let counts = Counts {
        new: 12,
        changed: 2,
        unchanged: 71,
        ..Counts::default()
    };
    let refused = |refused, new| Counts {
        new,
        refused,
        ..Counts::default()
    };
    for (outcome, counts, sentence) in [
        (
            Outcome::Published { revision: 7 },
            counts,
            "Revision 7: 12 new, 2 changed, 71 unchanged.",
        ),
        (
            Outcome::DryRun,
            counts,
            "Dry run, nothing was changed: 12 new, 2 changed, 71 unchanged.",
        ),
        (
            Outcome::Refused,
            refused(2, 12),
            "Nothing was changed: 2 of 14 records are refused.",
        ),
        (
            Outcome::Refused,
            refused(1, 0),
            "Nothing was changed: 1 of 1 record is refused.",
        ),
        (
            Outcome::NothingToChange,
            Counts {
                unchanged: 3,
                ..Counts::default()
            },
            "Nothing to change: the register says the same (3 unchanged).",
        ),
    ] {
        assert_eq!(outcome.in_words(&counts).en, sentence);
    }
}

#[test]
fn an_error_refuses_a_compared_record() {
    let mut record = compared(2, Verdict::Unchanged);
    record.add([Finding::whole(Severity::Warning, Message::verbatim("look"))]);
    assert_eq!(record.verdict, RecordVerdict::Unchanged);
    record.add([Finding::whole(Severity::Error, Message::verbatim("no"))]);
    assert_eq!(record.verdict, RecordVerdict::Refused);
}

#[test]
fn a_long_report_is_cut_after_the_refused_and_changed() {
    let bad = || vec![Finding::whole(Severity::Error, Message::verbatim("bad"))];
    let refused = (1..=60)
        .map(|row| RecordReport::refused(row, None, bad()))
        .collect();
    let text = report(refused, Outcome::Refused).to_text(Lang::En);
    assert!(
        text.contains("Row 50: refused") && !text.contains("Row 51: refused"),
        "{text}"
    );
    assert!(
        text.contains("… and 10 more; the report as CSV or JSON lists them"),
        "{text}"
    );
}
