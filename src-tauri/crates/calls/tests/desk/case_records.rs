//! What the desk keeps of a case: what was carried out about it, for which call, and what the help desk answered.

use crate::bench::{Bench, CLIENT, case, create, duties, kind, leg, recorded};
use calls::{
    CallEventKind, CaseDeed, CaseFacts, CaseId, CaseStatus, CaseTarget, Desk, Disposition, Duty, DutyKey, DutyKind, DutyResult, Input,
    Moment, Policy,
};

/// Status duty `what` of a call about the case with this id.
fn status(name: &str, what: &str, about: u64, status: CaseStatus) -> Duty {
    Duty {
        key: DutyKey::new(&leg(name), what),
        leg: leg(name),
        after: Vec::new(),
        kind: DutyKind::SetStatus {
            case: CaseTarget::Existing(CaseId(about)),
            status: Some(status),
            handset: None,
            responsible: false,
            since: Moment(0),
            expects: None,
            guards: false,
        },
    }
}

fn deliver(bench: &mut Bench, duty: &Duty, result: DutyResult) {
    bench.feed(Input::Done {
        key: duty.key.clone(),
        leg: duty.leg.clone(),
        duty: Some(Box::new(duty.kind.clone())),
        result,
    });
}

fn opened(id: u64, status: Option<CaseStatus>) -> DutyResult {
    DutyResult {
        case: Some(CaseFacts { status, ..case(id) }),
        text: Some("Суть".into()),
        ..DutyResult::default()
    }
}

/// A call whose case was created while it lasted, ended; what it owes in the end.
fn told() -> (Bench, Vec<Duty>) {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7]);
    bench.pbx("a", CallEventKind::Answered);
    bench.pbx("a", recorded("r"));
    let mut owed = duties(&bench.act("a", create("Счёт", "Суть")));
    owed.extend(duties(&bench.end("a", Disposition::Answered)));
    (bench, owed)
}

#[test]
fn a_case_knows_how_it_was_opened_its_statuses_and_the_messages_written_there() {
    let (mut bench, owed) = told();
    for duty in &owed {
        let result = match duty.kind {
            DutyKind::OpenCase { .. } => opened(50, Some(CaseStatus::Open)),
            DutyKind::AddRecording { .. } => DutyResult {
                message: Some(900),
                recording: true,
                ..DutyResult::default()
            },
            _ => DutyResult::default(),
        };
        deliver(&mut bench, duty, result);
    }
    let record = bench.desk.case(CaseId(50)).unwrap();
    let deeds: Vec<CaseDeed> = record.done.iter().map(|entry| entry.what).collect();
    assert!(
        matches!(deeds[..], [CaseDeed::Open { .. }, CaseDeed::Status { .. }, CaseDeed::Note]),
        "{deeds:?}"
    );
    assert_eq!(record.given().collect::<Vec<_>>(), [CaseStatus::Waiting]);
    assert_eq!(record.messages_for(&leg("a")).collect::<Vec<_>>(), [900]);
    assert_eq!(record.messages_for(&leg("b")).count(), 0);
    assert_eq!((record.first_text(&leg("a")), record.first_text(&leg("b"))), (Some("Суть"), None));
    assert!(record.is_in_place(&leg("a")) && !record.is_in_place(&leg("b")));
    let key = DutyKey::new(&leg("a"), "case");
    assert_eq!((bench.desk.case_opened_by(&key), bench.desk.cases().count()), (Some(CaseId(50)), 1));
}

#[test]
fn s28_a_merge_counts_for_the_case_that_was_merged_and_for_no_other_and_for_the_call_that_found_it() {
    let mut bench = Bench::new();
    for (name, what, about, into) in [("a", "status", 5, 50), ("a", "missed-closed", 40, 41), ("b", "status", 6, 60)] {
        let moved = DutyResult {
            moved: Some(case(into)),
            ..DutyResult::default()
        };
        deliver(&mut bench, &status(name, what, about, CaseStatus::Closed), moved);
    }
    let merged = |name: &str, about: u64| bench.desk.case(CaseId(about))?.merged_into(&leg(name)).map(|case| case.0);
    assert_eq!((merged("a", 5), merged("a", 40), merged("b", 6)), (Some(50), Some(41), Some(60)));
    assert_eq!(
        (merged("a", 6), merged("b", 5), merged("a", 7)),
        (None, None, None),
        "another call's, another case's"
    );
    let known: Vec<u64> = bench.desk.cases().flat_map(calls::CaseRecord::known).map(|case| case.0).collect();
    assert_eq!(known, [50, 60, 41], "where they went");
}

#[test]
fn s33_a_deleted_case_is_gone_for_the_call_that_found_it_so() {
    let mut bench = Bench::new();
    let gone = DutyResult {
        gone: true,
        ..DutyResult::default()
    };
    deliver(&mut bench, &status("a", "status", 5, CaseStatus::Waiting), gone);
    let record = bench.desk.case(CaseId(5)).unwrap();
    assert!(record.is_gone(&leg("a")) && !record.is_gone(&leg("b")) && !record.is_in_place(&leg("a")));
}

#[test]
fn the_status_of_the_opening_holds_until_another_is_given() {
    let (mut bench, mut owed) = told();
    let mut opening = owed.remove(0);
    let DutyKind::OpenCase { status: asked, .. } = &mut opening.kind else {
        panic!("the opening stands first")
    };
    *asked = Some(CaseStatus::Open);
    deliver(&mut bench, &opening, opened(50, Some(CaseStatus::Open)));
    let holds = |bench: &Bench| bench.desk.case(CaseId(50)).unwrap().opened_with(&opening.key, &leg("a"));
    assert_eq!(holds(&bench), Some(CaseStatus::Open));
    deliver(&mut bench, &status("b", "status", 50, CaseStatus::Closed), DutyResult::default());
    assert_eq!(holds(&bench), None, "whoever gave it");
}

#[test]
fn d5_the_records_are_built_anew_from_what_was_delivered() {
    let (mut bench, owed) = told();
    let mut delivered = Vec::new();
    for duty in &owed {
        let result = match duty.kind {
            DutyKind::OpenCase { .. } => opened(50, None),
            _ => DutyResult {
                message: Some(900),
                ..DutyResult::default()
            },
        };
        deliver(&mut bench, duty, result.clone());
        delivered.push((
            duty,
            result,
            bench
                .desk
                .cases()
                .flat_map(|record| &record.done)
                .map(|entry| entry.at)
                .max()
                .unwrap(),
        ));
    }
    let kept: Vec<_> = bench.desk.cases().cloned().collect();
    let mut anew = Desk::restore(Policy::default(), bench.desk.calls().cloned().collect(), bench.desk.notes().clone());
    anew.record_delivered(delivered.iter().map(|(duty, result, at)| (*duty, result, *at)));
    assert_eq!(anew.cases().cloned().collect::<Vec<_>>(), kept);
    let changes = anew.take_changes();
    assert_eq!(changes.cases, kept, "they are to be stored");
    let text = serde_json::to_string(&changes.cases).unwrap();
    let restored = Desk::default().with_cases(serde_json::from_str(&text).unwrap());
    assert_eq!(restored.case_opened_by(&DutyKey::new(&leg("a"), "case")), Some(CaseId(50)));
}

#[test]
fn what_is_told_twice_stands_once_and_changes_name_what_is_to_be_stored() {
    let mut bench = Bench::new();
    bench.desk.take_changes();
    let duty = status("a", "status", 5, CaseStatus::Closed);
    for _ in 0..2 {
        deliver(&mut bench, &duty, DutyResult::default());
    }
    let changes = bench.desk.take_changes();
    assert_eq!((changes.cases.len(), changes.cases[0].done.len()), (1, 1));
    assert_eq!(bench.desk.take_changes().cases, []);
    bench.desk.forget_account();
    let changes = bench.desk.take_changes();
    assert_eq!(
        (changes.forgotten_cases, bench.desk.cases().count()),
        (vec![CaseId(5)], 0),
        "another account's"
    );
}

#[test]
fn the_cases_written_to_longest_ago_are_forgotten() {
    let mut bench = Bench::new();
    for about in 1..=1_000 {
        deliver(
            &mut bench,
            &status("a", &format!("status-{about}"), about, CaseStatus::Closed),
            DutyResult::default(),
        );
    }
    deliver(&mut bench, &status("a", "again", 1, CaseStatus::Open), DutyResult::default());
    deliver(
        &mut bench,
        &status("a", "status-1001", 1_001, CaseStatus::Closed),
        DutyResult::default(),
    );
    assert_eq!(bench.desk.take_changes().forgotten_cases, [CaseId(2)]);
    assert!(bench.desk.case(CaseId(1)).is_some() && bench.desk.cases().count() == 1_000);
}

#[test]
fn a_duty_is_about_the_case_that_its_opening_brought() {
    let (mut bench, owed) = told();
    let note = kind_of(&owed, "recording");
    assert_eq!(bench.desk.case_of(&note), None, "not opened yet");
    deliver(&mut bench, &owed[0], opened(50, None));
    assert_eq!(bench.desk.case_of(&note), Some(CaseId(50)));
}

fn kind_of(owed: &[Duty], what: &str) -> DutyKind {
    let effects: Vec<calls::Effect> = owed.iter().cloned().map(calls::Effect::Owe).collect();
    kind(&effects, what)
}
