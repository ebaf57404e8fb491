//! Calls the agent makes (SPEC F and G).

use crate::bench::{Bench, CLIENT, attach, case, create, dial, key_of, kind, leg, lines, recorded, type_in};
use calls::{CallEventKind, CaseStatus, CaseTarget, Disposition, DutyKind, Effect, Handset, Origin, Owner, Phase, Policy, Subject, UserId};

fn status(effects: &[Effect], what: &str) -> (CaseTarget, CaseStatus, Option<Handset>, bool) {
    match kind(effects, what) {
        DutyKind::SetStatus {
            case,
            status: Some(status),
            handset,
            responsible,
            ..
        } => (case, status, handset, responsible),
        other => panic!("{other:?}"),
    }
}

/// A bench whose client was missed; the missed-call case is number 40.
fn missed_before() -> Bench {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench
}

#[test]
fn s18_s19_a_click_rings_the_agent_first_then_the_client() {
    let mut bench = Bench::new();
    let asks = Effect::LookUp {
        leg: leg("a"),
        key: key_of(CLIENT),
    };
    assert_eq!(bench.pbx("a", dial(CLIENT, Some("order-1"))), [asks]);
    assert_eq!(
        (bench.call("a").detail.phase, bench.call("a").detail.origin),
        (Phase::CallingAgent, Origin::ClickToCall)
    );
    bench.pbx("a", CallEventKind::AgentAnswered);
    assert_eq!(bench.call("a").detail.phase, Phase::Dialing);
    bench.pbx("a", CallEventKind::Answered);
    assert_eq!(bench.call("a").detail.phase, Phase::Talking);
    bench.pbx("a", CallEventKind::AgentAnswered);
    assert_eq!(bench.call("a").detail.phase, Phase::Talking, "late news changes nothing");
}

#[test]
fn s18_when_the_agent_does_not_pick_up_the_client_was_not_called_and_nothing_is_owed() {
    let mut bench = missed_before();
    bench.pbx("a", dial(CLIENT, Some("order-1")));
    bench.act("a", attach(40, ""));
    assert_eq!(bench.end("a", Disposition::Cancelled), []);
    assert_eq!(bench.rule("a"), "S18");
}

#[test]
fn s21_a_call_from_a_case_is_noted_there_with_gist_and_recording() {
    let mut bench = Bench::new();
    bench.pbx("a", dial(CLIENT, Some("order-1")));
    bench.act("a", attach(5, ""));
    bench.pbx("a", CallEventKind::AgentAnswered);
    bench.pbx("a", CallEventKind::Answered);
    bench.pbx("a", recorded("r1"));
    bench.act("a", attach(5, "Договорились"));
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects), ["a/status", "a/note"]);
    let DutyKind::AddNote { case, summary, recording } = kind(&effects, "/note") else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (case, summary.gist.as_str()),
        (CaseTarget::Existing(crate::bench::case(5).id), "Договорились")
    );
    assert_eq!(recording.unwrap().as_str(), "r1");
}

#[test]
fn s22_an_attempt_from_a_case_is_noted_and_changes_no_status() {
    for disposition in [Disposition::Cancelled, Disposition::Busy, Disposition::Failed] {
        let mut bench = Bench::new();
        bench.pbx("a", dial(CLIENT, Some("order-1")));
        bench.act("a", attach(5, ""));
        bench.pbx("a", CallEventKind::AgentAnswered);
        bench.pbx("a", recorded("r1"));
        let effects = bench.end("a", disposition);
        assert_eq!(lines(&effects), ["a/note"], "{disposition:?}");
        let DutyKind::AddNote { summary, recording, .. } = kind(&effects, "/note") else {
            panic!("{effects:?}")
        };
        assert_eq!((summary.disposition, summary.talk_ms, recording), (Some(disposition), None, None));
        assert_eq!(bench.rule("a"), "S22");
    }
}

#[test]
fn s24_s34_a_softphone_call_left_untouched_is_a_closed_case_of_the_agent() {
    let mut bench = Bench::new();
    bench.call_out("a", CLIENT, &[7]);
    assert_eq!(bench.call("a").detail.origin, Origin::Softphone);
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects), ["a/case", "a/status <- a/case"]);
    let DutyKind::OpenCase {
        owner,
        subject,
        handset,
        responsible,
        ..
    } = kind(&effects, "/case")
    else {
        panic!("{effects:?}")
    };
    let user = Owner::User {
        id: UserId(7),
        phone: Some(key_of(CLIENT)),
    };
    assert_eq!(
        (owner, subject, handset, responsible),
        (user, Subject::Outgoing, Handset::Outgoing, true)
    );
    let (_, state, _, responsible) = status(&effects, "/status");
    assert_eq!((state, responsible, bench.rule("a")), (CaseStatus::Closed, true, "S34"));
}

#[test]
fn s23_a_softphone_call_offers_the_same_as_an_incoming_one() {
    for (action, last) in [(create("Тема", ""), "a/recording <- a/case"), (attach(5, ""), "a/note")] {
        let mut bench = Bench::new();
        bench.call_out("a", CLIENT, &[]);
        bench.act("a", action);
        let effects = bench.end("a", Disposition::Answered);
        assert_eq!(lines(&effects).last().unwrap(), last);
        assert_eq!(status(&effects, "/status").1, CaseStatus::Waiting);
    }
}

#[test]
fn s34_the_office_decides_whether_unanswered_outgoing_calls_become_cases() {
    for (wanted, expected) in [(true, vec!["a/case", "a/status <- a/case"]), (false, vec![])] {
        let mut bench = Bench::with(Policy {
            unanswered_outgoing_cases: wanted,
            ..Policy::default()
        });
        bench.pbx("a", dial(CLIENT, None));
        assert_eq!(lines(&bench.end("a", Disposition::Cancelled)), expected);
        assert_eq!(bench.rule("a"), "S34");
    }
}

#[test]
fn s34_what_was_typed_for_an_unanswered_call_is_kept_whatever_the_office_decides() {
    let mut bench = Bench::new();
    bench.desk.set_policy(Policy {
        unanswered_outgoing_cases: false,
        ..Policy::default()
    });
    bench.pbx("a", dial(CLIENT, None));
    bench.act("a", type_in("Перезвонить", ""));
    let DutyKind::OpenCase { subject, .. } = kind(&bench.end("a", Disposition::Busy), "/case") else {
        panic!("no case")
    };
    assert_eq!(subject, Subject::Typed("Перезвонить".into()));
}

#[test]
fn s32_an_unanswered_call_back_is_noted_in_the_missed_case_which_stays_open() {
    // The switch is about calls that would get a case of their own.
    for unanswered_outgoing_cases in [true, false] {
        let mut bench = missed_before();
        bench.desk.set_policy(Policy {
            unanswered_outgoing_cases,
            ..Policy::default()
        });
        bench.pbx("a", dial(CLIENT, None));
        let effects = bench.end("a", Disposition::Cancelled);
        assert_eq!(lines(&effects), ["a/status <- m/case m/status", "a/note <- m/case"]);
        assert_eq!(status(&effects, "/status").1, CaseStatus::Open);
        assert_eq!(bench.call("a").filing.case, Some(case(40)), "the call shows where it was noted");
        let DutyKind::AddNote { case: target, .. } = kind(&effects, "/note") else {
            panic!("{effects:?}")
        };
        assert_eq!((target, bench.rule("a")), (CaseTarget::Existing(case(40).id), "S32"));
        assert_eq!(bench.desk.notes().missed.len(), 1, "it still waits for a conversation");
    }
}

#[test]
fn s33a_s33d_a_conversation_with_a_case_of_its_own_closes_the_missed_case() {
    for (outgoing, rule) in [(false, "S33a"), (true, "S33d")] {
        let mut bench = missed_before();
        if outgoing {
            bench.call_out("a", CLIENT, &[7]);
        } else {
            bench.answer("a", CLIENT, &[7]);
        }
        bench.act("a", create("Тема", ""));
        let effects = bench.end("a", Disposition::Answered);
        assert_eq!(lines(&effects).last().unwrap(), "a/missed-closed <- m/case m/status");
        assert_eq!(status(&effects, "/status").1, CaseStatus::Waiting);
        let (target, state, mark, responsible) = status(&effects, "/missed-closed");
        assert_eq!((target, state), (CaseTarget::Existing(case(40).id), CaseStatus::Closed));
        assert_eq!((mark, responsible, bench.rule("a")), (None, true, rule));
        assert_eq!(bench.desk.notes().missed, []);
    }
}

#[test]
fn s28_s33b_s33c_s33e_a_conversation_attached_to_the_missed_case_makes_it_wait() {
    for (how, recording, rule, mark) in [
        ("in", true, "S33b", None),
        ("softphone", true, "S33e", Some(Handset::CalledBack)),
        ("softphone", false, "S33e", None),
        ("click", true, "S33c", Some(Handset::CalledBack)),
        ("click", false, "S33c", None),
    ] {
        let mut bench = missed_before();
        match how {
            "in" => drop(bench.ring("a", CLIENT)),
            "softphone" => drop(bench.pbx("a", dial(CLIENT, None))),
            _ => drop(bench.click("a", CLIENT, Some(40))),
        }
        bench.act("a", attach(40, "Поговорили"));
        bench.pbx("a", CallEventKind::Answered);
        if recording {
            bench.pbx("a", recorded("r1"));
        }
        let effects = bench.end("a", Disposition::Answered);
        assert_eq!(lines(&effects), ["a/status <- m/case m/status", "a/note <- m/case"]);
        let (target, state, handset, _) = status(&effects, "/status");
        assert_eq!(
            (target, state, handset),
            (CaseTarget::Existing(case(40).id), CaseStatus::Waiting, mark)
        );
        assert_eq!((bench.rule("a"), bench.desk.notes().missed.len()), (rule, 0));
    }
}

#[test]
fn s33_a_conversation_attached_to_another_case_closes_the_missed_one_and_leaves_that_one_its_colour() {
    let mut bench = missed_before();
    bench.call_out("a", CLIENT, &[7]);
    bench.act("a", attach(5, ""));
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects), ["a/status", "a/note", "a/missed-closed <- m/case m/status"]);
    let (target, state, mark, _) = status(&effects, "/missed-closed");
    assert_eq!((target, state, mark), (CaseTarget::Existing(case(40).id), CaseStatus::Closed, None));
    assert_eq!(status(&effects, "/status").0, CaseTarget::Existing(case(5).id));
    assert_eq!(status(&effects, "/status").2, None, "S28 is about the missed case");
}
