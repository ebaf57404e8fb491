//! Missed calls and their grouping (SPEC H).

use crate::bench::{Bench, CLIENT, OTHER, attach, case, create, dial, key_of, kind, leg, lines};
use calls::{
    AgentAction, CallEventKind, CaseStatus, CaseTarget, Disposition, DutyKey, DutyKind, DutyResult, Handset, Input, Subject, UserId,
};

#[test]
fn s25_s31_an_unanswered_call_opens_a_red_open_case_nobody_is_responsible_for() {
    for disposition in [Disposition::Missed, Disposition::Declined, Disposition::Busy, Disposition::Failed] {
        let mut bench = Bench::new();
        bench.ring("m", CLIENT);
        let effects = bench.end("m", disposition);
        assert_eq!(lines(&effects), ["m/case", "m/status <- m/case"], "{disposition:?}");
        let DutyKind::OpenCase {
            subject,
            handset,
            responsible,
            summary,
            ..
        } = kind(&effects, "/case")
        else {
            panic!("{effects:?}")
        };
        assert_eq!((subject, handset, responsible), (Subject::Missed, Handset::Missed, false));
        assert_eq!((summary.disposition, summary.talk_ms), (Some(disposition), None));
        let DutyKind::SetStatus {
            status: Some(status),
            responsible,
            ..
        } = kind(&effects, "/status")
        else {
            panic!("{effects:?}")
        };
        assert_eq!((status, responsible, bench.rule("m")), (CaseStatus::Open, false, "S31"));
    }
}

#[test]
fn s25_a_call_a_colleague_took_is_not_missed() {
    let mut bench = Bench::new();
    bench.ring("m", CLIENT);
    assert_eq!(bench.end("m", Disposition::AnsweredElsewhere), []);
    assert_eq!((bench.rule("m"), bench.desk.notes().missed.len()), ("S25", 0));
}

#[test]
fn s25_a_hidden_number_missed_leaves_no_case() {
    let mut bench = Bench::new();
    bench.ring("m", "anonymous");
    assert_eq!(bench.end("m", Disposition::Missed), []);
    assert_eq!(bench.desk.notes().missed, []);
}

#[test]
fn s27_the_next_missed_calls_are_notes_in_the_first_ones_case() {
    let mut bench = Bench::new();
    assert_eq!(lines(&bench.miss("m", CLIENT, &[7])), ["m/case", "m/status <- m/case"]);
    let before = bench.miss("n", CLIENT, &[7]);
    assert_eq!(lines(&before), ["n/status <- m/case m/status", "n/note <- m/case"]);
    assert_eq!(bench.call("n").case, None);
    let DutyKind::AddNote { case: target, .. } = kind(&before, "/note") else {
        panic!("{before:?}")
    };
    assert_eq!(
        target,
        CaseTarget::OpenedBy(DutyKey::new(&leg("m"), "case")),
        "the case is not there yet"
    );
    bench.done("m", "case", 40, false);
    assert_eq!(bench.call("n").case, Some(case(40)), "the call that was noted in it learns it");
    let after = bench.miss("o", CLIENT, &[7]);
    assert_eq!(lines(&after), ["o/status <- m/case n/status", "o/note <- m/case"]);
    assert_eq!(bench.call("o").case, Some(case(40)));
    let DutyKind::AddNote { case: target, .. } = kind(&after, "/note") else {
        panic!("{after:?}")
    };
    assert_eq!((target, bench.rule("o")), (CaseTarget::Existing(case(40).id), "S27"));
}

#[test]
fn s27_missed_calls_of_one_user_are_grouped_whatever_number_they_come_from() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    assert_eq!(
        lines(&bench.miss("n", OTHER, &[7])),
        ["n/status <- m/case m/status", "n/note <- m/case"]
    );
}

#[test]
fn s27_the_user_made_from_the_missed_number_is_recognised_under_another_number() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[]);
    bench.feed(Input::Done {
        key: DutyKey::new(&leg("m"), "case"),
        leg: leg("m"),
        result: DutyResult {
            case: Some(case(40)),
            user: Some(UserId(9)),
            ..DutyResult::default()
        },
    });
    assert_eq!(bench.call("m").user(), Some(UserId(9)), "S14: the help desk made a user");
    assert_eq!(
        lines(&bench.miss("n", OTHER, &[9])),
        ["n/status <- m/case m/status", "n/note <- m/case"]
    );
}

#[test]
fn s27_missed_calls_of_one_number_are_grouped_though_nobody_is_known() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[]);
    bench.ring("n", "8 (916) 123-45-67");
    assert_eq!(
        lines(&bench.end("n", Disposition::Missed)),
        ["n/status <- m/case m/status", "n/note <- m/case"],
        "even before the look-up's answer"
    );
}

#[test]
fn s27_missed_calls_of_different_users_have_cases_of_their_own() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    assert_eq!(lines(&bench.miss("n", OTHER, &[8])), ["n/case", "n/status <- n/case"]);
    assert_eq!(
        lines(&bench.miss("o", CLIENT, &[7])),
        ["o/status <- m/case m/status", "o/note <- m/case"]
    );
    assert_eq!(
        lines(&bench.miss("p", OTHER, &[8])),
        ["p/status <- n/case n/status", "p/note <- n/case"]
    );
}

#[test]
fn s27_after_any_conversation_the_next_missed_call_has_a_case_of_its_own() {
    for what in [
        "untouched",
        "created",
        "attached to it",
        "attached elsewhere",
        "called back",
        "passed by user",
    ] {
        let mut bench = Bench::new();
        bench.miss("m", CLIENT, &[7]);
        bench.done("m", "case", 40, false);
        match what {
            "called back" => bench.call_out("t", CLIENT, &[7]),
            "passed by user" => bench.answer("t", OTHER, &[7]),
            _ => bench.answer("t", CLIENT, &[7]),
        }
        match what {
            "created" => drop(bench.act("t", create("Тема", ""))),
            "attached to it" => drop(bench.act("t", attach(40, ""))),
            "attached elsewhere" => drop(bench.act("t", attach(5, ""))),
            _ => {}
        }
        bench.end("t", Disposition::Answered);
        assert_eq!(lines(&bench.miss("n", CLIENT, &[7])), ["n/case", "n/status <- n/case"], "{what}");
    }
}

#[test]
fn s27_an_attempt_that_reached_nobody_is_no_conversation() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.pbx("t", dial(CLIENT, None));
    bench.end("t", Disposition::Cancelled);
    bench.ring("u", CLIENT);
    bench.end("u", Disposition::AnsweredElsewhere);
    assert_eq!(
        lines(&bench.miss("n", CLIENT, &[7])),
        ["n/status <- m/case t/status", "n/note <- m/case"]
    );
}

#[test]
fn s33_a_missed_case_that_is_not_there_yet_is_closed_once_it_is() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.answer("a", CLIENT, &[7]);
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects).last().unwrap(), "a/missed-closed <- m/case m/status");
    let DutyKind::SetStatus {
        case,
        status: Some(status),
        ..
    } = kind(&effects, "/missed-closed")
    else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (case, status),
        (CaseTarget::OpenedBy(DutyKey::new(&leg("m"), "case")), CaseStatus::Closed)
    );
}

#[test]
fn s27_the_missed_call_is_remembered_with_its_number_and_user() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    let [missed] = &bench.desk.notes().missed[..] else {
        panic!("{:?}", bench.desk.notes())
    };
    assert_eq!((&missed.phone, missed.user), (&key_of(CLIENT), Some(UserId(7))));
    assert_eq!((missed.opened_by.as_str(), &missed.case), ("m/case", &None));
}

#[test]
fn s25_what_was_typed_while_it_rang_is_the_subject_of_the_missed_case() {
    let mut bench = Bench::new();
    bench.ring("m", CLIENT);
    bench.act(
        "m",
        AgentAction::SaveDraft {
            subject: "Перезвонить".into(),
            gist: String::new(),
        },
    );
    let DutyKind::OpenCase { subject, handset, .. } = kind(&bench.end("m", Disposition::Missed), "/case") else {
        panic!("no case")
    };
    assert_eq!((subject, handset), (Subject::Typed("Перезвонить".into()), Handset::Missed));
}

#[test]
fn s15_s27_what_was_typed_for_a_call_noted_in_the_missed_case_goes_there_with_its_subject() {
    for (subject, gist, expected) in [
        ("Перезвонить", "Просил после шести", "Перезвонить\nПросил после шести"),
        ("Перезвонить", " ", "Перезвонить"),
        ("", "Просил после шести", "Просил после шести"),
    ] {
        let mut bench = Bench::new();
        bench.miss("m", CLIENT, &[7]);
        bench.ring("n", CLIENT);
        let (subject, gist) = (subject.into(), gist.into());
        bench.act("n", AgentAction::SaveDraft { subject, gist });
        let DutyKind::AddNote { summary, .. } = kind(&bench.end("n", Disposition::Missed), "/note") else {
            panic!("no note")
        };
        assert_eq!(summary.gist, expected);
    }
}

#[test]
fn s27_a_conversation_known_only_from_its_end_counts() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.ring("a", CLIENT);
    bench.pbx("a", CallEventKind::AgentAnswered);
    bench.end("a", Disposition::Answered);
    assert_eq!(bench.desk.notes().missed, []);
}
