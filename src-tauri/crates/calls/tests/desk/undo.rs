//! What the agent corrects: undoing a decision, editing a user, several missed-call cases, the green handset.

use crate::bench::{Bench, CLIENT, OTHER, attach, create, kind, leg, lines, recorded, refused, type_in};
use calls::{
    AgentAction, CaseFacts, CaseId, CaseStatus, CaseTarget, Disposition, DutyKey, DutyKind, DutyResult, Effect, Found, Handset, Input,
    Refusal, UserEdit, UserId,
};

fn status(effects: &[Effect], what: &str) -> (CaseTarget, CaseStatus, Option<Handset>) {
    match kind(effects, what) {
        DutyKind::SetStatus {
            case,
            status: Some(status),
            handset,
            ..
        } => (case, status, handset),
        other => panic!("{other:?}"),
    }
}

fn named(name: &str) -> AgentAction {
    AgentAction::EditUser {
        changes: UserEdit {
            name: Some(name.into()),
            ..UserEdit::default()
        },
    }
}

/// The name that an edit gives, and to whom.
fn edited(effects: &[Effect], what: &str) -> (UserId, Option<String>) {
    match kind(effects, what) {
        DutyKind::EditUser { user, changes } => (user, changes.name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn s17_s34_a_case_closed_by_itself_is_opened_again_once() {
    let mut bench = Bench::new();
    bench.call_out("a", CLIENT, &[7]);
    assert_eq!(
        refused(&bench.act("a", AgentAction::Undo)),
        Some(Refusal::NothingToUndo),
        "nothing is decided yet"
    );
    bench.end("a", Disposition::Answered);
    assert_eq!(bench.call("a").undo_status(), Some(CaseStatus::Open));
    let effects = bench.act("a", AgentAction::Undo);
    assert_eq!(lines(&effects), ["a/undo <- a/case"]);
    let own = CaseTarget::OpenedBy(DutyKey::new(&leg("a"), "case"));
    assert_eq!(status(&effects, "/undo"), (own, CaseStatus::Open, None));
    assert_eq!(bench.call("a").undo_status(), None);
    assert_eq!(refused(&bench.act("a", AgentAction::Undo)), Some(Refusal::NothingToUndo));
}

#[test]
fn s33a_undoing_opens_the_missed_cases_again_that_the_call_closed() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.answer("a", CLIENT, &[7]);
    bench.act("a", create("Тема", ""));
    bench.end("a", Disposition::Answered);
    let effects = bench.act("a", AgentAction::Undo);
    assert_eq!(lines(&effects), ["a/undo <- a/case", "a/undo-missed-0"]);
    assert_eq!(
        status(&effects, "/undo-missed-0"),
        (CaseTarget::Existing(CaseId(40)), CaseStatus::Open, None)
    );
    assert_eq!(
        lines(&bench.miss("n", CLIENT, &[7])),
        ["n/case", "n/status <- n/case"],
        "S27: they talked all the same"
    );
}

#[test]
fn s33a_undoing_before_the_missed_case_is_there_waits_for_it() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.answer("a", CLIENT, &[7]);
    bench.end("a", Disposition::Answered);
    assert_eq!(
        lines(&bench.act("a", AgentAction::Undo)),
        ["a/undo <- a/case", "a/undo-missed-0 <- m/case"]
    );
}

#[test]
fn s30_undoing_an_attached_call_gives_the_case_the_status_it_had() {
    for (before, expected) in [
        (Some(CaseStatus::Closed), Some(CaseStatus::Closed)),
        (Some(CaseStatus::Waiting), None),
        (None, Some(CaseStatus::Open)),
    ] {
        let mut bench = Bench::answered("a");
        let case = CaseFacts {
            status: before,
            ..crate::bench::case(5)
        };
        bench.act(
            "a",
            AgentAction::Attach {
                case, gist: "Суть".into()
            },
        );
        bench.end("a", Disposition::Answered);
        let effects = bench.act("a", AgentAction::Undo);
        match expected {
            Some(back) => assert_eq!(status(&effects, "/undo"), (CaseTarget::Existing(CaseId(5)), back, None)),
            None => assert_eq!(refused(&effects), Some(Refusal::NothingToUndo), "it waited before"),
        }
    }
}

#[test]
fn s33a_undoing_opens_the_missed_case_alone_where_the_chosen_case_keeps_its_status() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.answer("a", CLIENT, &[7]);
    let case = CaseFacts {
        status: Some(CaseStatus::Waiting),
        ..crate::bench::case(5)
    };
    bench.act(
        "a",
        AgentAction::Attach {
            case, gist: "Суть".into()
        },
    );
    bench.end("a", Disposition::Answered);
    assert_eq!(bench.call("a").undo_status(), Some(CaseStatus::Waiting));
    let effects = bench.act("a", AgentAction::Undo);
    assert_eq!(lines(&effects), ["a/undo-missed-0"]);
    assert_eq!(
        status(&effects, "/undo-missed-0"),
        (CaseTarget::Existing(CaseId(40)), CaseStatus::Open, None)
    );
    assert_eq!(refused(&bench.act("a", AgentAction::Undo)), Some(Refusal::NothingToUndo));
}

#[test]
fn s34_undoing_names_the_status_that_it_takes_back() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.call_out("a", CLIENT, &[7]);
    let ended = bench.end("a", Disposition::Answered);
    let ended_at = bench.call("a").detail.ended_at.unwrap();
    let expected = |effects: &[Effect], what: &str| match kind(effects, what) {
        DutyKind::SetStatus { since, expects, .. } => (since, expects),
        other => panic!("{other:?}"),
    };
    assert_eq!(expected(&ended, "/status"), (ended_at, None));
    let undone = bench.act("a", AgentAction::Undo);
    assert_eq!(expected(&undone, "/undo"), (ended_at, Some(CaseStatus::Closed)));
    assert_eq!(expected(&undone, "/undo-missed-0"), (ended_at, Some(CaseStatus::Closed)));
}

/// The help desk's answer to a duty of undoing.
fn answered(bench: &mut Bench, what: &str, overruled: bool) {
    bench.feed(Input::Done {
        key: DutyKey::new(&leg("a"), what),
        leg: leg("a"),
        duty: None,
        result: DutyResult {
            overruled,
            ..DutyResult::default()
        },
    });
}

#[test]
fn s34_what_a_colleague_decided_stands_against_the_undoing() {
    for overruled in [true, false] {
        let mut bench = Bench::new();
        bench.call_out("a", CLIENT, &[7]);
        bench.end("a", Disposition::Answered);
        bench.act("a", AgentAction::Undo);
        assert!(!bench.call("a").is_overruled(), "not known yet");
        answered(&mut bench, "case", true);
        assert!(!bench.call("a").is_overruled(), "another duty's answer");
        answered(&mut bench, "undo", overruled);
        assert_eq!(bench.call("a").is_overruled(), overruled);
        assert_eq!(bench.call("a").undo_status(), None, "asked for once");
    }
}

#[test]
fn s33a_each_case_that_is_to_be_opened_again_tells_for_itself() {
    let mut bench = two_missed_cases();
    bench.answer("a", CLIENT, &[7]);
    bench.end("a", Disposition::Answered);
    bench.act("a", AgentAction::Undo);
    answered(&mut bench, "undo", false);
    answered(&mut bench, "undo-missed-1", true);
    let call = bench.call("a");
    assert!(!call.is_overruled(), "the call's own case is open again");
    let of = |id| call.undoing_of(&CaseTarget::Existing(CaseId(id))).map(|undoing| undoing.overruled);
    assert_eq!((of(40), of(41), of(42)), (Some(false), Some(true), None));
}

#[test]
fn s33a_where_only_missed_cases_were_to_be_opened_again_they_decide() {
    let mut bench = two_missed_cases();
    bench.answer("a", CLIENT, &[7]);
    let case = CaseFacts {
        status: Some(CaseStatus::Waiting),
        ..crate::bench::case(5)
    };
    let gist = "Суть".into();
    bench.act("a", AgentAction::Attach { case, gist });
    bench.end("a", Disposition::Answered);
    assert_eq!(lines(&bench.act("a", AgentAction::Undo)), ["a/undo-missed-0", "a/undo-missed-1"]);
    answered(&mut bench, "undo-missed-0", true);
    assert!(!bench.call("a").is_overruled());
    answered(&mut bench, "undo-missed-1", true);
    assert!(bench.call("a").is_overruled());
}

#[test]
fn s28_undoing_turns_the_green_handset_red_again() {
    for (into, with_recording, what, mark) in [
        (None, true, "/undo-missed-0", Some(Handset::Missed)),
        (None, false, "/undo-missed-0", None),
        (Some(40), true, "/undo", Some(Handset::Missed)),
        (Some(40), false, "/undo", None),
    ] {
        let mut bench = Bench::new();
        bench.miss("m", CLIENT, &[7]);
        bench.done("m", "case", 40, false);
        bench.call_out("a", CLIENT, &[7]);
        if with_recording {
            bench.pbx("a", recorded("r1"));
        }
        if let Some(case) = into {
            bench.act("a", attach(case, ""));
        }
        bench.end("a", Disposition::Answered);
        let effects = bench.act("a", AgentAction::Undo);
        assert_eq!(
            status(&effects, what),
            (CaseTarget::Existing(CaseId(40)), CaseStatus::Open, mark),
            "{into:?}"
        );
        if into.is_none() {
            assert_eq!(status(&effects, "/undo").2, None, "the call's own case was never missed");
        }
    }
}

#[test]
fn s09_what_is_attached_after_the_end_counts_from_then() {
    let mut bench = Bench::new();
    bench.ring("a", "anonymous");
    bench.pbx("a", calls::CallEventKind::Answered);
    bench.end("a", Disposition::Answered);
    for _ in 0..9 {
        bench.gap(&[], &calls::Traces::default());
    }
    let effects = bench.act("a", attach(5, "Суть"));
    let DutyKind::SetStatus { since, .. } = kind(&effects, "/status") else {
        panic!("{effects:?}")
    };
    assert!(since.since(bench.call("a").detail.ended_at.unwrap()) > 9_000);
}

#[test]
fn nothing_can_be_undone_where_nothing_was_decided_about_a_status() {
    let mut noted = Bench::new();
    noted.miss("m", CLIENT, &[7]);
    noted.miss("a", CLIENT, &[7]);
    let mut left = Bench::new();
    left.ring("a", CLIENT);
    left.end("a", Disposition::AnsweredElsewhere);
    let mut open = Bench::new();
    open.miss("a", CLIENT, &[7]);
    for mut bench in [noted, left, open] {
        assert_eq!(bench.call("a").undo_status(), None);
        assert_eq!(refused(&bench.act("a", AgentAction::Undo)), Some(Refusal::NothingToUndo));
    }
}

#[test]
fn s05_a_known_user_is_edited_at_once_each_time_under_a_key_of_its_own() {
    let mut bench = Bench::answered("a");
    let (first, second) = (bench.act("a", named("Раз")), bench.act("a", named("Два")));
    assert_eq!((lines(&first), lines(&second)), (vec!["a/edit-1".into()], vec!["a/edit-2".into()]));
    assert_eq!(edited(&second, "/edit-2"), (UserId(7), Some("Два".into())));
}

#[test]
fn s14_an_edit_waits_for_the_user_that_the_case_brings() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[]);
    assert_eq!(bench.act("a", named("Пётр")), []);
    let company = UserEdit {
        company: Some("Ромашка".into()),
        ..UserEdit::default()
    };
    assert_eq!(bench.act("a", AgentAction::EditUser { changes: company }), []);
    bench.act("a", create("Тема", ""));
    let effects = bench.feed(Input::Done {
        key: DutyKey::new(&leg("a"), "case"),
        leg: leg("a"),
        duty: None,
        result: DutyResult {
            case: Some(crate::bench::case(50)),
            user: Some(UserId(9)),
            ..DutyResult::default()
        },
    });
    assert_eq!(lines(&effects), ["a/edit-1"]);
    let DutyKind::EditUser { user, changes } = kind(&effects, "/edit-1") else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (user, changes.name.as_deref(), changes.company.as_deref()),
        (UserId(9), Some("Пётр"), Some("Ромашка"))
    );
    assert_eq!(bench.call("a").handling.edit, None);
    assert_eq!(bench.done("a", "case", 50, false), [], "sent once");
}

#[test]
fn s13_s14_an_edit_goes_to_the_user_who_is_linked_chosen_or_found() {
    for how in ["linked", "chosen", "found"] {
        let mut bench = Bench::new();
        bench.ring("a", CLIENT);
        bench.act("a", named("Пётр"));
        let user = UserId(8);
        let effects = match how {
            "linked" => bench.act("a", AgentAction::LinkUser { user }),
            "chosen" => bench.act("a", AgentAction::ChooseUser { user, remember: false }),
            _ => bench.found("a", CLIENT, &[8]),
        };
        let what = if how == "linked" { "/edit-2" } else { "/edit-1" };
        assert_eq!(edited(&effects, what), (user, Some("Пётр".into())), "{how}");
    }
}

#[test]
fn s14_an_edit_typed_in_a_call_that_left_no_case_waits_for_the_user_who_comes_later() {
    for how in ["linked", "chosen"] {
        let mut bench = Bench::new();
        bench.ring("a", CLIENT);
        bench.found("a", CLIENT, &[]);
        bench.act("a", named("Пётр"));
        assert_eq!(bench.end("a", Disposition::AnsweredElsewhere), []);
        assert_eq!(bench.rule("a"), "S25");
        assert!(bench.call("a").handling.edit.is_some());
        let user = UserId(8);
        let effects = match how {
            "linked" => bench.act("a", AgentAction::LinkUser { user }),
            _ => bench.act("a", AgentAction::ChooseUser { user, remember: false }),
        };
        let what = if how == "linked" { "/edit-2" } else { "/edit-1" };
        assert_eq!(edited(&effects, what), (user, Some("Пётр".into())), "{how}");
        assert_eq!(bench.call("a").handling.edit, None);
    }
}

#[test]
fn s14_an_edit_is_not_sent_on_a_guess_among_several_users() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[7, 8]);
    assert_eq!(bench.act("a", named("Пётр")), []);
    bench.act("a", create("Тема", ""));
    assert_eq!(bench.done("a", "case", 50, false), []);
    assert!(bench.call("a").handling.edit.is_some());
}

#[test]
fn s14_nobody_is_made_up_to_be_edited_for_a_hidden_number() {
    let mut bench = Bench::new();
    bench.ring("a", "anonymous");
    assert_eq!(refused(&bench.act("a", named("Пётр"))), Some(Refusal::NobodyToWriteFor));
    assert_eq!(bench.call("a").handling.edit, None);
}

#[test]
fn s05_a_user_is_edited_without_a_call_too() {
    let mut bench = Bench::new();
    let effects = bench.feed(Input::EditUser {
        key: DutyKey::from_text("user-7/edit-1"),
        user: UserId(7),
        changes: UserEdit::default(),
    });
    assert_eq!(lines(&effects), ["user-7/edit-1"]);
}

/// Two missed calls from two numbers whose owner, one user, becomes known only afterwards; their cases are 40 and 41.
fn two_missed_cases() -> Bench {
    let mut bench = Bench::new();
    for (name, number, id) in [("m", CLIENT, 40), ("n", OTHER, 41)] {
        bench.miss(name, number, &[]);
        bench.feed(Input::Done {
            key: DutyKey::new(&leg(name), "case"),
            leg: leg(name),
            duty: None,
            result: DutyResult {
                case: Some(crate::bench::case(id)),
                user: Some(UserId(7)),
                ..DutyResult::default()
            },
        });
    }
    bench
}

#[test]
fn s33a_a_conversation_closes_all_missed_cases_of_the_user() {
    let mut bench = two_missed_cases();
    bench.answer("a", CLIENT, &[7]);
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(
        lines(&effects)[2..],
        ["a/missed-closed <- m/case m/status", "a/missed-closed-1 <- n/case n/status"]
    );
    assert_eq!(
        (bench.desk.notes().missed.len(), bench.call("a").filing.closed_missed.len()),
        (0, 2)
    );
    assert_eq!(
        lines(&bench.act("a", AgentAction::Undo)),
        ["a/undo <- a/case", "a/undo-missed-0", "a/undo-missed-1"]
    );
}

#[test]
fn s33b_the_missed_case_that_the_call_is_attached_to_waits_and_the_other_is_closed() {
    let mut bench = two_missed_cases();
    bench.answer("a", CLIENT, &[7]);
    bench.act("a", attach(40, "Суть"));
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(
        lines(&effects),
        [
            "a/status <- m/case m/status",
            "a/note <- m/case",
            "a/missed-closed <- n/case n/status"
        ]
    );
    assert_eq!(status(&effects, "/status").1, CaseStatus::Waiting);
    assert_eq!(
        (status(&effects, "/missed-closed").0, status(&effects, "/missed-closed").1),
        (CaseTarget::Existing(CaseId(41)), CaseStatus::Closed)
    );
    let outcome = bench.call("a").filing.outcome.unwrap();
    assert_eq!((outcome.rule.as_str(), outcome.closes_missed), ("S33b", true));
}

#[test]
fn s27_the_next_missed_call_joins_the_latest_of_several_missed_cases() {
    let mut bench = two_missed_cases();
    assert_eq!(
        lines(&bench.miss("o", CLIENT, &[7])),
        ["o/case <- n/case n/status", "o/status <- o/case"]
    );
}

#[test]
fn s28_a_missed_case_closed_by_calling_back_turns_green_only_with_a_recording() {
    for (with_recording, mark) in [(true, Some(Handset::CalledBack)), (false, None)] {
        let mut bench = Bench::new();
        bench.miss("m", CLIENT, &[7]);
        bench.done("m", "case", 40, false);
        bench.call_out("a", CLIENT, &[7]);
        if with_recording {
            bench.pbx("a", recorded("r1"));
        }
        bench.act("a", create("Тема", ""));
        let effects = bench.end("a", Disposition::Answered);
        assert_eq!(status(&effects, "/missed-closed").2, mark);
        assert_eq!(status(&effects, "/status").2, None, "the new case was never missed");
    }
}

#[test]
fn s28_a_recording_named_after_the_end_turns_the_missed_cases_green() {
    let mut attached = Bench::new();
    attached.miss("m", CLIENT, &[7]);
    attached.done("m", "case", 40, false);
    let mut elsewhere = Bench::new();
    elsewhere.miss("m", CLIENT, &[7]);
    elsewhere.done("m", "case", 40, false);
    for (mut bench, into) in [(attached, 40), (elsewhere, 5)] {
        bench.call_out("a", CLIENT, &[7]);
        bench.act("a", attach(into, ""));
        bench.end("a", Disposition::Answered);
        let effects = bench.pbx("a", recorded("r1"));
        assert_eq!(lines(&effects), ["a/recording-late <- a/note", "a/green-0"]);
        let DutyKind::SetStatus {
            case,
            status,
            handset,
            responsible,
            ..
        } = kind(&effects, "/green-0")
        else {
            panic!("{effects:?}")
        };
        assert_eq!(case, CaseTarget::Existing(CaseId(40)));
        assert_eq!(
            (status, handset, responsible),
            (None, Some(Handset::CalledBack), false),
            "the mark alone: nobody's status is overruled"
        );
    }
}

#[test]
fn s28_no_other_call_turns_anything_green() {
    let mut incoming = Bench::new();
    incoming.miss("m", CLIENT, &[7]);
    incoming.done("m", "case", 40, false);
    incoming.answer("a", CLIENT, &[7]);
    incoming.act("a", attach(40, ""));
    incoming.end("a", Disposition::Answered);
    let mut never_missed = Bench::new();
    never_missed.call_out("a", CLIENT, &[7]);
    never_missed.act("a", attach(5, ""));
    never_missed.end("a", Disposition::Answered);
    for mut bench in [incoming, never_missed] {
        assert_eq!(lines(&bench.pbx("a", recorded("r1"))), ["a/recording-late <- a/note"]);
    }
    let mut unanswered = Bench::new();
    unanswered.miss("m", CLIENT, &[7]);
    unanswered.done("m", "case", 40, false);
    unanswered.click("a", CLIENT, Some(40));
    unanswered.pbx("a", calls::CallEventKind::AgentAnswered);
    unanswered.pbx("a", recorded("r1"));
    let effects = unanswered.end("a", Disposition::Cancelled);
    assert_eq!(
        status(&effects, "/status"),
        (CaseTarget::Existing(CaseId(40)), CaseStatus::Open, None)
    );
}

#[test]
fn s15_a_look_up_that_failed_keeps_what_was_typed_about_the_user() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.act("a", named("Пётр"));
    bench.act("a", type_in("Тема", ""));
    let key = crate::bench::key_of(CLIENT);
    let found = Found::Nothing;
    assert_eq!(bench.feed(Input::Found { leg: leg("a"), key, found }), []);
    assert!(bench.call("a").handling.edit.is_some());
}
