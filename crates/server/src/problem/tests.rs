use super::kinds::KINDS;
use super::{Problem, Wanted, kinds};
use domain::account::Role;
use domain::record::{Finding, Severity};
use domain::upload::UploadState;
use domain::{Lang, ValueError, message};
use importer::edit::Obstacle;

use crate::account::Refusal;
use crate::editing::EditProblem;
use crate::uploads::UploadProblem;

/// One of each variant; a new one does not compile until it stands here.
fn one_of_each() -> Vec<Problem> {
    let text = || "x".to_owned();
    let all = vec![
        Problem::NoSuchPage { path: text() },
        Problem::NoSuchLayer { id: text() },
        Problem::NoSuchRevision { id: text() },
        Problem::NoSuchFeature {
            layer: "dams",
            id: text(),
        },
        Problem::NoSuchTile {
            tile: text(),
            limits: text(),
        },
        Problem::UnknownParameter {
            name: text(),
            known: text(),
        },
        Problem::BadParameter {
            name: text(),
            value: text(),
            wanted: Wanted::Value(ValueError::Required),
        },
        Problem::RepeatedParameter { name: text() },
        Problem::NotAcceptable { offered: text() },
        Problem::TooMuch { format: "shp" },
        Problem::MethodNotAllowed,
        Problem::Unavailable,
        Problem::NoResult,
        Problem::TooLongToCount,
        Problem::Internal,
    ];
    let refusals = [
        Refusal::SignInNeeded,
        Refusal::WrongCredentials,
        Refusal::NotAllowed {
            role: Role::Analyst,
        },
        Refusal::OutsideRegions { regions: text() },
        Refusal::Forged,
        Refusal::TooManyAttempts { seconds: 3 },
        Refusal::Busy,
    ];
    let refusals = refusals.map(Problem::Account);
    let uploads = [
        UploadProblem::NoSuchUpload { id: text() },
        UploadProblem::BadUpload {
            detail: message!("Нема.", "There is none."),
        },
        UploadProblem::TooLarge { limit_bytes: 1 },
        UploadProblem::OverQuota,
        UploadProblem::Elsewhere { here: 1 },
        UploadProblem::Busy,
        UploadProblem::WrongState {
            state: UploadState::Ready,
        },
        UploadProblem::Hindered,
    ];
    let uploads = uploads.map(Problem::Upload);
    let answers = [
        &kinds::NO_SUCH_FACILITY,
        &kinds::REMOVED_FACILITY,
        &kinds::OUTSIDE_SURVEY,
        &kinds::NO_OUTLINE,
        &kinds::NO_VALUES,
        &kinds::NOT_COMPARABLE,
        &kinds::TOO_MANY_TOKENS,
    ];
    let detail = || message!("Нема.", "There is none.");
    let answers = answers.map(|kind| Problem::NoAnswer {
        kind,
        detail: detail(),
    });
    all.into_iter()
        .chain(refusals)
        .chain(uploads)
        .chain(edits())
        .chain(answers)
        .inspect(known)
        .collect()
}

/// Of those about edits.
fn edits() -> Vec<Problem> {
    let text = || "x".to_owned();
    let dams = domain::layers::find("dams").unwrap();
    let said = Finding::of(Severity::Error, "name", message!("нема", "none"));
    let edits = [
        EditProblem::Malformed {
            detail: message!("Нема.", "There is none."),
        },
        EditProblem::OtherType { taken: "text/x" },
        EditProblem::NotTaken { allowed: text() },
        EditProblem::TooLarge,
        EditProblem::ConditionNeeded { layer: "dams" },
        EditProblem::Refused {
            layer: dams,
            findings: vec![(None, said.clone()), (Some(3), said)],
        },
        EditProblem::Hindered {
            at: None,
            obstacle: Obstacle::Stale { id: 1, revision: 2 },
        },
        EditProblem::Hindered {
            at: Some(1),
            obstacle: Obstacle::CodeTaken { code: text() },
        },
        EditProblem::Hindered {
            at: None,
            obstacle: Obstacle::Named {
                code: text(),
                layer: text(),
                by: text(),
            },
        },
    ];
    edits.map(Problem::Edit).into()
}

const fn known(problem: &Problem) {
    match problem {
        Problem::NoSuchPage { .. }
        | Problem::NoSuchLayer { .. }
        | Problem::NoSuchRevision { .. }
        | Problem::NoSuchFeature { .. }
        | Problem::NoSuchTile { .. }
        | Problem::UnknownParameter { .. }
        | Problem::BadParameter { .. }
        | Problem::RepeatedParameter { .. }
        | Problem::NoAnswer { .. }
        | Problem::NotAcceptable { .. }
        | Problem::TooMuch { .. }
        | Problem::Account(_)
        | Problem::Upload(_)
        | Problem::Edit(_)
        | Problem::MethodNotAllowed
        | Problem::Unavailable
        | Problem::NoResult
        | Problem::TooLongToCount
        | Problem::Internal => {}
    }
}

#[test]
fn every_problem_is_of_a_listed_kind_and_every_kind_occurs() {
    let problems = one_of_each();
    for problem in &problems {
        let name = problem.kind().name;
        assert_eq!(kinds::find(name), Some(problem.kind()));
        for lang in Lang::ALL {
            let detail = problem.detail(lang);
            assert!(!detail.contains('{'), "{name}: {detail}");
        }
    }
    for kind in KINDS {
        let occurs = problems.iter().any(|problem| problem.kind() == *kind);
        assert!(occurs, "{} is listed, but nothing is of it", kind.name);
        assert!(kind.status.is_client_error() || kind.status.is_server_error());
    }
}

#[test]
fn what_is_wrong_with_a_value_is_told_in_the_language_of_the_request() {
    let problem = |error| Problem::BadParameter {
        name: "height_m".to_owned(),
        value: "tall".to_owned(),
        wanted: Wanted::Value(error),
    };
    let error = "висок".parse::<domain::region::FacilityCode>().unwrap_err();
    let told = Lang::ALL.map(|lang| problem(ValueError::Required).detail(lang));
    assert_eq!(
        told,
        [
            "Parametar `height_m` ne može biti `tall`: vrednost je obavezna.",
            "Параметар `height_m` не може бити `tall`: вредност је обавезна.",
            "The parameter `height_m` cannot be `tall`: a value is required.",
        ]
    );
    let serbian = problem(error).detail(Lang::SrCyrl);
    assert!(serbian.contains("није катастарска шифра"), "{serbian}");
}
