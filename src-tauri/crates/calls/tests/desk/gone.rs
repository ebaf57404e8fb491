//! Cases that a person deleted or merged in the help desk while a call went on.

use crate::bench::{Bench, CLIENT, OTHER, attach, case, create, kind, leg, lines, recorded};
use calls::{
    AgentAction, CallEventKind, CaseStatus, CaseTarget, Disposition, DutyKey, DutyKind, DutyResult, Effect, Handset, Input, Recording,
    Subject,
};

fn report(bench: &mut Bench, name: &str, what: &str, result: DutyResult) -> Vec<Effect> {
    bench.feed(Input::Done {
        key: DutyKey::new(&leg(name), what),
        leg: leg(name),
        duty: None,
        result,
    })
}

fn gone(bench: &mut Bench, name: &str, what: &str) -> Vec<Effect> {
    let result = DutyResult {
        gone: true,
        ..DutyResult::default()
    };
    report(bench, name, what, result)
}

fn merged(bench: &mut Bench, name: &str, what: &str, into: u64) -> Vec<Effect> {
    let result = DutyResult {
        moved: Some(case(into)),
        ..DutyResult::default()
    };
    report(bench, name, what, result)
}

fn status(effects: &[Effect], what: &str) -> CaseStatus {
    match kind(effects, what) {
        DutyKind::SetStatus { status: Some(status), .. } => status,
        other => panic!("{other:?}"),
    }
}

#[test]
fn s09_a_deleted_case_that_a_call_was_attached_to_is_replaced_with_gist_and_recording() {
    let mut bench = Bench::answered("a");
    bench.pbx("a", recorded("r1"));
    bench.act("a", attach(5, "Суть"));
    bench.end("a", Disposition::Answered);
    let effects = gone(&mut bench, "a", "status");
    assert_eq!(lines(&effects), ["a/case-2", "a/status-2 <- a/case-2"]);
    let DutyKind::OpenCase { summary, recording, .. } = kind(&effects, "/case-2") else {
        panic!("{effects:?}")
    };
    assert_eq!((summary.gist.as_str(), recording.unwrap().as_str()), ("Суть", "r1"));
    assert_eq!(
        (status(&effects, "/status-2"), bench.call("a").filing.replaced),
        (CaseStatus::Waiting, 1)
    );
    assert_eq!(gone(&mut bench, "a", "note"), [], "the note to the deleted case says the same");
    assert_eq!(gone(&mut bench, "a", "status"), [], "reported twice, replaced once");
    bench.done("a", "case-2", 60, true);
    assert_eq!(
        (&bench.call("a").filing.case, &bench.call("a").filing.recording),
        (&Some(case(60)), &Recording::Attached)
    );
}

#[test]
fn s30_an_attached_conversation_waits_in_its_new_case_though_nothing_was_typed() {
    for outgoing in [false, true] {
        let mut bench = Bench::new();
        if outgoing {
            bench.call_out("a", CLIENT, &[7]);
        } else {
            bench.answer("a", CLIENT, &[7]);
        }
        bench.act("a", attach(5, ""));
        bench.end("a", Disposition::Answered);
        assert_eq!(status(&gone(&mut bench, "a", "status"), "/status-2"), CaseStatus::Waiting);
    }
}

#[test]
fn s22_an_attempt_from_a_deleted_case_becomes_one_of_its_own_kind() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, Some(5));
    bench.pbx("a", CallEventKind::AgentAnswered);
    bench.end("a", Disposition::Cancelled);
    let effects = gone(&mut bench, "a", "note");
    assert_eq!(lines(&effects)[1..], ["a/status-2 <- a/case-2"]);
    assert_eq!((status(&effects, "/status-2"), bench.rule("a")), (CaseStatus::Closed, "S34"));
}

#[test]
fn s06_a_case_deleted_while_its_call_lasted_is_opened_anew_as_a_whole() {
    let mut bench = Bench::answered("a");
    bench.pbx("a", recorded("r1"));
    bench.act("a", create("Тема", "Суть"));
    bench.done("a", "case", 50, false);
    assert_eq!(gone(&mut bench, "a", "text-1"), [], "while it lasts, nothing is decided");
    bench.end("a", Disposition::Answered);
    let effects = gone(&mut bench, "a", "status");
    assert_eq!(lines(&effects), ["a/case-2", "a/status-2 <- a/case-2"]);
    let DutyKind::OpenCase {
        subject,
        summary,
        recording,
        ..
    } = kind(&effects, "/case-2")
    else {
        panic!("{effects:?}")
    };
    assert_eq!((subject, summary.gist.as_str()), (Subject::Typed("Тема".into()), "Суть"));
    assert!(recording.is_some() && summary.disposition == Some(Disposition::Answered));
    assert_eq!(bench.call("a").filing.case, None, "the new one has no number yet");
    assert_eq!(gone(&mut bench, "a", "recording"), []);
    let text = bench.act("a", create("Тема", "Исправлено"));
    assert_eq!(lines(&text), ["a/text-1-2 <- a/case-2"], "a correction goes to the new case");
}

#[test]
fn s27_a_missed_case_that_was_deleted_is_replaced_by_the_next_missed_call() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.miss("n", CLIENT, &[7]);
    bench.miss("o", CLIENT, &[7]);
    let effects = gone(&mut bench, "n", "status");
    assert_eq!(lines(&effects), ["n/case-2", "n/status-2 <- n/case-2"]);
    let DutyKind::OpenCase { subject, handset, .. } = kind(&effects, "/case-2") else {
        panic!("{effects:?}")
    };
    assert_eq!((subject, handset, bench.rule("n")), (Subject::Missed, Handset::Missed, "S31"));
    let effects = gone(&mut bench, "o", "status");
    assert_eq!(lines(&effects), ["o/case-2 <- n/case-2 n/status-2", "o/status-2 <- o/case-2"]);
    bench.done("n", "case-2", 41, false);
    assert_eq!(bench.call("o").filing.case, Some(case(41)));
    assert_eq!(
        lines(&bench.miss("p", CLIENT, &[7])),
        ["p/case <- n/case-2 o/status-2", "p/status <- p/case"]
    );
}

#[test]
fn s33b_a_deleted_missed_case_that_a_conversation_was_attached_to_is_no_missed_case_any_more() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.answer("a", CLIENT, &[7]);
    bench.act("a", attach(40, "Суть"));
    bench.end("a", Disposition::Answered);
    assert_eq!(lines(&gone(&mut bench, "a", "status")), ["a/case-2", "a/status-2 <- a/case-2"]);
    assert_eq!(bench.desk.notes().missed, []);
}

#[test]
fn a_case_that_appeared_by_itself_and_was_deleted_stays_deleted() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    bench.done("a", "case", 50, false);
    bench.pbx("a", recorded("r1"));
    assert_eq!(gone(&mut bench, "a", "status"), []);
    assert_eq!(gone(&mut bench, "a", "recording-late"), []);
    assert_eq!(
        bench.call("a").filing.recording,
        Recording::Missing,
        "there is nothing it could be put into"
    );
    let mut missed = Bench::new();
    missed.miss("m", CLIENT, &[7]);
    missed.done("m", "case", 40, false);
    missed.answer("a", CLIENT, &[7]);
    missed.end("a", Disposition::Answered);
    assert_eq!(gone(&mut missed, "a", "missed-closed"), [], "what was to be closed is gone: good");
    assert_eq!(missed.call("a").filing.replaced, 0);
}

#[test]
fn what_was_closed_and_undone_before_the_replacement_can_be_undone_again() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.answer("a", CLIENT, &[7]);
    bench.act("a", attach(5, ""));
    bench.end("a", Disposition::Answered);
    bench.act("a", AgentAction::Undo);
    gone(&mut bench, "a", "status");
    let again = bench.act("a", AgentAction::Undo);
    assert_eq!(lines(&again), ["a/undo-2 <- a/case-2", "a/undo-missed-0-2"]);
    assert!(
        bench.call("a").filing.outcome.unwrap().closes_missed,
        "that it closed is not forgotten"
    );
}

#[test]
fn s09_a_merged_case_is_followed_to_where_it_is_now() {
    let mut bench = Bench::answered("a");
    bench.act("a", attach(5, "Суть"));
    bench.end("a", Disposition::Answered);
    assert_eq!(merged(&mut bench, "a", "status", 6), []);
    assert_eq!(bench.call("a").filing.case, Some(case(6)));
    assert_eq!(bench.done("a", "note", 5, false), []);
    assert_eq!(
        bench.call("a").filing.case,
        Some(case(6)),
        "the note's own answer does not lead back"
    );
}

#[test]
fn s33a_the_merge_of_the_closed_missed_case_does_not_move_the_call() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.answer("a", CLIENT, &[7]);
    bench.act("a", create("Тема", ""));
    bench.done("a", "case", 50, false);
    bench.end("a", Disposition::Answered);
    merged(&mut bench, "a", "missed-closed", 41);
    assert_eq!(bench.call("a").filing.case, Some(case(50)));
}

#[test]
fn s33b_a_merged_missed_case_is_recognised_where_it_is_now() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.miss("n", CLIENT, &[7]);
    merged(&mut bench, "n", "status", 60);
    bench.answer("a", CLIENT, &[7]);
    bench.act("a", attach(60, "Суть"));
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(
        lines(&effects),
        ["a/status <- m/case n/status", "a/note <- m/case"],
        "it waits and is not closed"
    );
    assert_eq!(bench.rule("a"), "S33b");
}

#[test]
fn s33b_a_missed_case_whose_number_came_only_after_the_conversation_waits_all_the_same() {
    for outgoing in [false, true] {
        let mut bench = Bench::new();
        bench.miss("m", CLIENT, &[7]);
        bench.miss("x", OTHER, &[8]);
        if outgoing {
            bench.call_out("a", CLIENT, &[7]);
            bench.pbx("a", recorded("r1"));
        } else {
            bench.answer("a", CLIENT, &[7]);
        }
        bench.act("a", attach(40, "Суть"));
        assert_eq!(lines(&bench.end("a", Disposition::Answered)).len(), 3, "it looks like another case");
        assert_eq!(bench.done("x", "case", 41, false), []);
        let effects = bench.done("m", "case", 40, false);
        assert_eq!(lines(&effects), ["a/status-named"]);
        let DutyKind::SetStatus {
            case: target,
            status: Some(status),
            handset,
            ..
        } = kind(&effects, "/status-named")
        else {
            panic!("{effects:?}")
        };
        assert_eq!((target, status), (CaseTarget::Existing(case(40).id), CaseStatus::Waiting));
        assert_eq!(handset, outgoing.then_some(Handset::CalledBack));
        assert_eq!(bench.rule("a"), if outgoing { "S33e" } else { "S33b" });
        assert_eq!(
            (bench.call("a").filing.closed_missed.len(), bench.done("m", "case", 40, false)),
            (0, vec![])
        );
    }
}

#[test]
fn s27_a_call_noted_in_a_missed_case_learns_it_though_a_conversation_came_between() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.miss("n", CLIENT, &[7]);
    bench.answer("a", CLIENT, &[7]);
    bench.end("a", Disposition::Answered);
    bench.done("m", "case", 40, false);
    assert_eq!(bench.call("n").filing.case, Some(case(40)));
}
