//! Missed calls and their grouping (SPEC H).

use crate::bench::{Bench, CLIENT, OTHER, attach, case, create, dial, key_of, kind, leg, lines};
use calls::{
    AgentAction, CallEventKind, CaseFacts, CaseId, CaseStatus, CaseTarget, ConversationId, Disposition, DutyKey, DutyKind, DutyResult,
    Effect, Extension, Handset, Input, Phase, Subject, UserId,
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
    assert_eq!(lines(&before), ["n/case <- m/case m/status", "n/status <- n/case"]);
    assert_eq!(bench.call("n").filing.case, None);
    assert_eq!(
        into(&before),
        Some(CaseTarget::OpenedBy(DutyKey::new(&leg("m"), "case"))),
        "the case is not there yet"
    );
    bench.done("m", "case", 40, false);
    assert_eq!(
        bench.call("n").filing.case,
        Some(case(40)),
        "the call that was noted in it learns it"
    );
    let after = bench.miss("o", CLIENT, &[7]);
    assert_eq!(lines(&after), ["o/case <- m/case n/status", "o/status <- o/case"]);
    assert_eq!(bench.call("o").filing.case, Some(case(40)));
    assert_eq!((into(&after), bench.rule("o")), (Some(CaseTarget::Existing(case(40).id)), "S27"));
}

/// The missed-call case that a missed call is noted in, as far as the desk knows.
fn into(effects: &[Effect]) -> Option<CaseTarget> {
    let DutyKind::OpenCase { joins: Some(joins), .. } = kind(effects, "/case") else {
        panic!("{effects:?}")
    };
    joins.into
}

/// What the help desk made of a missed call.
fn told(bench: &mut Bench, call: &str, id: u64, joined: bool) {
    bench.feed(Input::Done {
        key: DutyKey::new(&leg(call), "case"),
        leg: leg(call),
        duty: None,
        result: DutyResult {
            case: Some(case(id)),
            joined,
            ..DutyResult::default()
        },
    });
}

#[test]
fn s27_a_missed_call_that_another_desk_has_told_is_no_case_of_its_own() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    assert_eq!(bench.rule("m"), "S31");
    told(&mut bench, "m", 40, true);
    assert_eq!((bench.rule("m"), bench.call("m").filing.case.clone()), ("S27", Some(case(40))));
    assert_eq!(into(&bench.miss("n", CLIENT, &[7])), Some(CaseTarget::Existing(case(40).id)));
    bench.answer("a", CLIENT, &[7]);
    let effects = bench.end("a", Disposition::Answered);
    assert!(lines(&effects).last().unwrap().starts_with("a/missed-closed"), "S33a");
}

#[test]
fn s27_a_missed_case_that_a_colleague_has_dealt_with_is_followed_by_a_new_one() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    told(&mut bench, "m", 40, false);
    bench.miss("n", CLIENT, &[7]);
    bench.miss("o", CLIENT, &[7]);
    assert_eq!((bench.rule("n"), bench.call("n").filing.case.clone()), ("S27", Some(case(40))));
    told(&mut bench, "n", 41, false);
    assert_eq!((bench.rule("n"), bench.call("n").filing.case.clone()), ("S31", Some(case(41))));
    told(&mut bench, "o", 41, true);
    assert_eq!((bench.rule("o"), bench.call("o").filing.case.clone()), ("S27", Some(case(41))));
    assert_eq!(into(&bench.miss("p", CLIENT, &[7])), Some(CaseTarget::Existing(case(41).id)));
    assert_eq!(bench.desk.notes().missed.len(), 1);
}

#[test]
fn s27_a_missed_call_told_after_a_conversation_waits_for_nothing() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.answer("a", CLIENT, &[7]);
    bench.end("a", Disposition::Answered);
    told(&mut bench, "m", 40, true);
    assert_eq!(bench.desk.notes().missed, []);
    assert_eq!(into(&bench.miss("n", CLIENT, &[7])), None);
}

#[test]
fn s25_a_caller_whom_a_colleague_answers_after_all_was_not_missed() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.pbx("m", CallEventKind::TakenElsewhere);
    assert_eq!((bench.rule("m"), bench.desk.notes().missed.len()), ("S25", 0));
    assert_eq!(bench.call("m").detail.disposition, Some(Disposition::AnsweredElsewhere));
    // Told already: it stays, and the colleague's conversation closes it.
    bench.miss("n", CLIENT, &[7]);
    told(&mut bench, "n", 40, false);
    bench.pbx("n", CallEventKind::TakenElsewhere);
    assert_eq!((bench.rule("n"), bench.desk.notes().missed.len()), ("S31", 1));
    // A conversation of this agent is what it is.
    bench.answer("a", OTHER, &[8]);
    bench.end("a", Disposition::Answered);
    bench.pbx("a", CallEventKind::TakenElsewhere);
    assert_eq!(bench.rule("a"), "S15");
}

#[test]
fn s27_a_call_noted_in_a_missed_case_and_taken_elsewhere_leaves_that_case_waiting() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    told(&mut bench, "m", 40, false);
    bench.miss("n", CLIENT, &[7]);
    bench.pbx("n", CallEventKind::TakenElsewhere);
    assert_eq!((bench.rule("n"), bench.call("n").filing.case.clone()), ("S25", None));
    assert_eq!(bench.desk.notes().missed.len(), 1);
}

#[test]
fn s25_a_call_that_rings_here_again_and_is_answered_was_not_missed() {
    let conversation = || CallEventKind::Identified {
        conversation: ConversationId::new("c"),
    };
    for told in [false, true] {
        let mut bench = Bench::new();
        bench.ring("m", CLIENT);
        bench.pbx("m", conversation());
        bench.end("m", Disposition::Missed);
        if told {
            self::told(&mut bench, "m", 40, false);
        }
        bench.ring("a", CLIENT);
        bench.pbx("a", conversation());
        bench.found("a", CLIENT, &[7]);
        bench.pbx("a", CallEventKind::Answered);
        let effects = bench.end("a", Disposition::Answered);
        assert_eq!(
            bench.desk.calls().count(),
            if told { 2 } else { 1 },
            "until it is told, it is the same call"
        );
        assert_eq!(bench.rule("m"), if told { "S31" } else { "S15" });
        let closes = lines(&effects).iter().any(|line| line.contains("missed-closed"));
        assert_eq!(closes, told, "what was written already is closed");
    }
}

#[test]
fn s25_which_conversation_it_was_may_become_known_only_after_the_answer() {
    let conversation = || CallEventKind::Identified {
        conversation: ConversationId::new("c"),
    };
    for missed_first in [true, false] {
        let mut bench = Bench::new();
        if missed_first {
            bench.ring("m", CLIENT);
            bench.end("m", Disposition::Missed);
        }
        bench.answer("a", CLIENT, &[7]);
        bench.pbx("a", conversation());
        if !missed_first {
            // Passed on, came back, and nobody took it: that is missed.
            bench.ring("m", CLIENT);
            bench.end("m", Disposition::Missed);
        }
        bench.pbx("m", conversation());
        if missed_first {
            assert_eq!(bench.desk.calls().count(), 1, "the phone was rung twice");
            assert_eq!(bench.call("m").detail.phase, Phase::Talking);
        } else {
            assert_eq!(bench.rule("m"), "S31");
        }
    }
}

#[test]
fn s15_a_case_created_after_a_colleague_took_the_call_is_owed_anew() {
    let mut bench = Bench::new();
    bench.ring("m", CLIENT);
    bench.found("m", CLIENT, &[7]);
    bench.end("m", Disposition::Missed);
    bench.pbx("m", CallEventKind::TakenElsewhere);
    let effects = bench.act("m", create("Тема", "Суть"));
    assert_eq!(lines(&effects)[0], "m/case-2", "another key than what was taken back");
}

#[test]
fn s33a_a_remembered_missed_case_is_looked_at_first_unless_it_was_seen_during_the_call() {
    for seen in [false, true] {
        let mut bench = Bench::new();
        bench.miss("m", CLIENT, &[7]);
        told(&mut bench, "m", 40, false);
        bench.answer("a", CLIENT, &[7]);
        if seen {
            bench.feed(Input::MissedCasesRead {
                user: UserId(7),
                open: vec![case(40)],
                over: Vec::new(),
            });
        }
        let DutyKind::SetStatus { guards, .. } = kind(&bench.end("a", Disposition::Answered), "/missed-closed") else {
            panic!("closed")
        };
        assert_eq!(guards, !seen);
    }
}

#[test]
fn s27_two_numbers_of_one_client_that_were_noted_in_one_case_are_answered_by_one_conversation() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    told(&mut bench, "m", 40, false);
    // The other number's profile is linked: the help desk notes the call in the same case.
    bench.miss("n", OTHER, &[8]);
    told(&mut bench, "n", 40, true);
    bench.answer("a", OTHER, &[8]);
    bench.end("a", Disposition::Answered);
    assert_eq!(bench.desk.notes().missed, []);
    assert_eq!(into(&bench.miss("o", CLIENT, &[7])), None);
}

#[test]
fn s27_the_first_of_the_desks_where_it_rings_writes_first() {
    let mut bench = Bench::new();
    bench.ring("m", CLIENT);
    let with = vec![Extension::new("101"), Extension::new("103")];
    bench.pbx(
        "m",
        CallEventKind::Shared {
            with: with.clone(),
            turn: 1,
        },
    );
    assert_eq!(bench.call("m").detail.shared_with, with);
    let effects = bench.end("m", Disposition::Missed);
    let DutyKind::OpenCase { joins: Some(joins), .. } = kind(&effects, "/case") else {
        panic!("{effects:?}")
    };
    assert_eq!(joins.turn, 1);
}

#[test]
fn s33a_a_missed_case_of_another_desk_that_the_profile_shows_is_closed_by_the_conversation() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[7]);
    let seen = |open: Vec<CaseFacts>, over: Vec<CaseId>| Input::MissedCasesRead {
        user: UserId(7),
        open,
        over,
    };
    bench.feed(seen(vec![case(40)], Vec::new()));
    bench.feed(seen(vec![case(40)], Vec::new()));
    assert_eq!(bench.desk.notes().missed.len(), 1, "once");
    let effects = bench.end("a", Disposition::Answered);
    let DutyKind::SetStatus { case: target, .. } = kind(&effects, "/missed-closed") else {
        panic!("{effects:?}")
    };
    assert_eq!(target, CaseTarget::Existing(case(40).id));
    bench.feed(seen(vec![case(40)], Vec::new()));
    assert_eq!(bench.desk.notes().missed, [], "a list that was read before the status was written");
}

#[test]
fn s33a_a_missed_case_that_a_colleague_has_dealt_with_is_left_to_them() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    told(&mut bench, "m", 40, false);
    bench.answer("a", CLIENT, &[7]);
    bench.feed(Input::MissedCasesRead {
        user: UserId(7),
        open: Vec::new(),
        over: vec![case(40).id],
    });
    let effects = bench.end("a", Disposition::Answered);
    assert!(lines(&effects).iter().all(|line| !line.contains("missed-closed")), "{effects:?}");
}

#[test]
fn s27_missed_calls_of_one_user_are_grouped_whatever_number_they_come_from() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    assert_eq!(
        lines(&bench.miss("n", OTHER, &[7])),
        ["n/case <- m/case m/status", "n/status <- n/case"]
    );
}

#[test]
fn s27_the_user_made_from_the_missed_number_is_recognised_under_another_number() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[]);
    bench.feed(Input::Done {
        key: DutyKey::new(&leg("m"), "case"),
        leg: leg("m"),
        duty: None,
        result: DutyResult {
            case: Some(case(40)),
            user: Some(UserId(9)),
            ..DutyResult::default()
        },
    });
    assert_eq!(bench.call("m").user(), Some(UserId(9)), "S14: the help desk made a user");
    assert_eq!(
        lines(&bench.miss("n", OTHER, &[9])),
        ["n/case <- m/case m/status", "n/status <- n/case"]
    );
}

#[test]
fn s27_missed_calls_of_one_number_are_grouped_though_nobody_is_known() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[]);
    bench.ring("n", "8 (916) 123-45-67");
    assert_eq!(
        lines(&bench.end("n", Disposition::Missed)),
        ["n/case <- m/case m/status", "n/status <- n/case"],
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
        ["o/case <- m/case m/status", "o/status <- o/case"]
    );
    assert_eq!(
        lines(&bench.miss("p", OTHER, &[8])),
        ["p/case <- n/case n/status", "p/status <- p/case"]
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
        ["n/case <- m/case t/status", "n/status <- n/case"]
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
    assert_eq!((&missed.phone, missed.user), (&Some(key_of(CLIENT)), Some(UserId(7))));
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
        ("Перезвонить", "Просил после шести", ("Перезвонить", "Просил после шести")),
        ("Перезвонить", " ", ("Перезвонить", "")),
        ("", "Просил после шести", ("", "Просил после шести")),
    ] {
        let mut bench = Bench::new();
        bench.miss("m", CLIENT, &[7]);
        bench.ring("n", CLIENT);
        let (subject, gist) = (subject.into(), gist.into());
        bench.act("n", AgentAction::SaveDraft { subject, gist });
        let effects = bench.end("n", Disposition::Missed);
        assert_eq!(into(&effects), Some(CaseTarget::OpenedBy(DutyKey::new(&leg("m"), "case"))));
        let DutyKind::OpenCase { subject, summary, .. } = kind(&effects, "/case") else {
            panic!("{effects:?}")
        };
        let typed = if let Subject::Typed(typed) = subject {
            typed
        } else {
            String::new()
        };
        assert_eq!((typed.as_str(), summary.gist.as_str()), expected);
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
