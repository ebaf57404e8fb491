//! Text typed over the end of a call and after it: it reaches the case, once (S07, S15, D5).

use crate::bench::{Bench, CLIENT, attach, create, dial, duties, kind, leg, lines, type_in};
use calls::{AgentAction, CallEventKind, CaseStatus, CaseTarget, Disposition, Duty, DutyKind, HungUpBy, Input, Reason, Subject};

fn reason(bench: &Bench, name: &str) -> Reason {
    bench.call(name).filing.outcome.unwrap().reason
}

/// The note of an addition: its case and text.
fn added(effects: &[calls::Effect]) -> (CaseTarget, String) {
    let DutyKind::AddNote { case, summary, .. } = kind(effects, "/added-1") else {
        panic!("{effects:?}")
    };
    assert_eq!((summary.disposition, summary.talk_ms), (None, None), "only the text");
    (case, summary.gist)
}

fn opening(effects: &[calls::Effect]) -> Duty {
    duties(effects)
        .into_iter()
        .find(|duty| matches!(duty.kind, DutyKind::OpenCase { .. }))
        .unwrap()
}

#[test]
fn s07_a_page_that_gets_its_text_a_moment_after_the_end_was_not_left_empty() {
    let mut bench = Bench::answered("a");
    bench.act("a", AgentAction::OpenCompose);
    let ended = bench.end("a", Disposition::Answered);
    assert_eq!(reason(&bench, "a"), Reason::ComposeLeftEmpty);
    let effects = bench.act("a", type_in("", "Просит счёт"));
    assert_eq!((reason(&bench, "a"), bench.rule("a")), (Reason::AnsweredOnlyTyped, "S15"));
    assert_eq!(lines(&effects), ["a/status-typed <- a/case"]);
    let DutyKind::SetStatus { status, .. } = kind(&effects, "/status-typed") else {
        panic!("{effects:?}")
    };
    assert_eq!(status, Some(CaseStatus::Waiting));
    // The case was not opened yet: it takes the text along.
    let kind = bench.call("a").reworded(&opening(&ended)).expect("newer text");
    let DutyKind::OpenCase { summary, .. } = kind else {
        panic!("{kind:?}")
    };
    assert_eq!(summary.gist, "Просит счёт");
    bench.feed(Input::TookText { leg: leg("a") });
    assert_eq!(lines(&bench.act("a", AgentAction::SendDraft)), [""; 0], "it is on its way");
    assert_eq!(lines(&bench.act("a", type_in("", "Просит счёт, срочно"))), [""; 0], "decided once");
}

#[test]
fn s15_what_is_typed_after_the_case_was_written_goes_as_an_addition_once() {
    let mut bench = Bench::answered("a");
    bench.act("a", type_in("Счёт", "Просит счёт"));
    bench.end("a", Disposition::Answered);
    bench.done("a", "case", 9, false);
    bench.act("a", type_in("Счёт", "Просит счёт\nПере"));
    bench.act("a", type_in("Счёт", "Просит счёт\nПерезвонить завтра"));
    assert!(bench.call("a").has_unsent_text());
    let effects = bench.act("a", AgentAction::SendDraft);
    assert_eq!(lines(&effects), ["a/added-1 <- a/case"]);
    assert_eq!(added(&effects).1, "Перезвонить завтра");
    assert_eq!(lines(&bench.act("a", AgentAction::SendDraft)), [""; 0]);
    assert!(!bench.call("a").has_unsent_text());
    bench.act("a", type_in("Счёт", "Просит счёт\nПерезвонить завтра\nВ десять"));
    assert_eq!(lines(&bench.act("a", AgentAction::SendDraft)), ["a/added-2 <- a/case"]);
}

#[test]
fn s09_s22_s27_an_addition_goes_where_the_call_was_noted() {
    let mut attached = Bench::answered("a");
    attached.act("a", attach(5, "Просит счёт"));
    attached.end("a", Disposition::Answered);
    attached.act("a", type_in("", "Просит счёт\nСрочно"));
    let effects = attached.act("a", AgentAction::SendDraft);
    assert_eq!(lines(&effects), ["a/added-1 <- a/note"]);
    assert_eq!(added(&effects), (CaseTarget::Existing(crate::bench::case(5).id), "Срочно".into()));

    let mut missed = Bench::new();
    missed.miss("a", CLIENT, &[7]);
    missed.act("a", type_in("", "Перезвонить"));
    assert_eq!(lines(&missed.act("a", AgentAction::SendDraft)), ["a/added-1 <- a/case"]);
    missed.miss("b", CLIENT, &[7]);
    missed.act("b", type_in("", "Второй раз"));
    assert_eq!(lines(&missed.act("b", AgentAction::SendDraft)), ["b/added-1 <- b/case"]);
}

#[test]
fn s06_text_typed_after_a_case_created_during_the_call_is_added_too() {
    let mut bench = Bench::answered("a");
    bench.act("a", create("Счёт", "Просит счёт"));
    bench.end("a", Disposition::Answered);
    bench.act("a", type_in("Счёт", "Просит счёт\nСрочно"));
    let effects = bench.act("a", AgentAction::SendDraft);
    assert_eq!(
        (lines(&effects), added(&effects).1.as_str()),
        (vec!["a/added-1 <- a/case".into()], "Срочно")
    );
}

#[test]
fn s05_pressing_save_after_the_end_sends_the_text_and_nothing_is_added_beside() {
    let mut bench = Bench::answered("a");
    bench.act("a", type_in("Счёт", "Просит счёт"));
    bench.end("a", Disposition::Answered);
    bench.act("a", type_in("Счёт", "Просит счёт срочно"));
    assert_eq!(lines(&bench.act("a", create("Счёт", "Просит счёт срочно"))), ["a/text-1 <- a/case"]);
    assert_eq!(lines(&bench.act("a", AgentAction::SendDraft)), [""; 0]);
}

#[test]
fn s15_a_subject_typed_after_the_end_becomes_the_cases_subject() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    bench.done("a", "case", 9, false);
    bench.act("a", type_in("Счёт", ""));
    let effects = bench.act("a", AgentAction::SendDraft);
    let DutyKind::FinishText { subject, was, .. } = kind(&effects, "/text-1") else {
        panic!("{effects:?}")
    };
    assert_eq!((subject.as_deref(), was), (Some("Счёт"), Some(Subject::Incoming)));
}

#[test]
fn s15_text_about_a_call_that_left_nothing_makes_the_case_when_the_agent_is_done() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, None);
    bench.pbx("a", dial(CLIENT, Some("order-1")));
    bench.pbx("a", CallEventKind::AgentAnswered);
    let refused = CallEventKind::Ended {
        disposition: Disposition::Failed,
        cause: Some(3),
        by: HungUpBy::System,
    };
    assert_eq!(lines(&bench.pbx("a", refused)), [""; 0]);
    assert_eq!(
        lines(&bench.act("a", type_in("", "Перезвонить"))),
        [""; 0],
        "not with the first letter"
    );
    assert!(bench.call("a").has_unsent_text());
    assert_eq!(lines(&bench.act("a", AgentAction::SendDraft)), ["a/case", "a/status <- a/case"]);
    assert_eq!(reason(&bench, "a"), Reason::AnsweredOnlyTyped);
}

#[test]
fn d5_text_that_is_only_looked_at_or_taken_away_owes_nothing() {
    let mut bench = Bench::answered("a");
    bench.act("a", type_in("Счёт", "Просит счёт"));
    bench.end("a", Disposition::Answered);
    for gist in ["Просит счёт", " Просит счёт \n"] {
        assert_eq!(lines(&bench.act("a", type_in("Счёт", gist))), [""; 0]);
        assert!(!bench.call("a").has_unsent_text(), "{gist}");
    }
    bench.act("a", type_in("Счёт", ""));
    assert_eq!(lines(&bench.act("a", AgentAction::SendDraft)), [""; 0]);
    let live = &mut Bench::answered("b");
    live.act("b", type_in("", "Текст"));
    assert_eq!(lines(&live.act("b", AgentAction::SendDraft)), [""; 0], "the end owes it");
}
